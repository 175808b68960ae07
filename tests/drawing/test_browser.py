"""What a browser makes of a page: Debian's Chromium, without a network."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from kg.drawing import Drawing, draw
from kg.model import Concept, Relation
from kg.network import find_paths

from .conftest import Opened, Server
from .samples import J0129, J3262, connect, neighbourhood, star
from .test_page import PAYLOADS, hostile_page

pytestmark = pytest.mark.browser

OpenFile = Callable[..., Opened]
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return draw(neighbourhood(), [J3262])


@pytest.fixture
def opened(drawing: Drawing, tmp_path: Path, open_file: OpenFile) -> Opened:
    return open_file(drawing.save(tmp_path / "a.html"))


def write(file: Path, html: str) -> Path:
    file.write_bytes(html.encode("utf-8"))
    return file


def test_it_draws_asks_for_nothing_and_complains_of_nothing(
    drawing: Drawing, tmp_path: Path, open_file: OpenFile
) -> None:
    folder = tmp_path / "für die Klasse №1 & mehr"
    folder.mkdir()
    file = drawing.save(folder / "J3262 Übersicht #2.html")
    opened = open_file(file)
    drawn = opened.page.evaluate(
        """() => {
            const canvas = document.querySelector('canvas');
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let n = 3; n < pixels.length; n += 4) count += pixels[n] > 0;
            return count / (pixels.length / 4);
        }"""
    )
    assert 0.02 < drawn < 0.9
    assert opened.requests == [file.as_uri()]
    assert opened.complaints == []
    assert opened.page.title() == "J3262 Injection, tocilizumab, 1 mg"


_INTRUDERS = """
<img src="http://{host}/image"><iframe src="http://{host}/frame"></iframe>
<link rel="stylesheet" href="http://{host}/link">
<style>body {{ background: url(http://{host}/style) }}</style>
<script src="http://{host}/script"></script><object data="http://{host}/object"></object>
<script>fetch("http://{host}/fetch", {{mode: "no-cors"}}); new WebSocket("ws://{host}/socket");</script>
<video src="http://{host}/video"></video>
<div style="background: url(http://{host}/inline)">x</div>
"""


def test_the_policy_stops_what_would_reach_out(
    drawing: Drawing, tmp_path: Path, open_file: OpenFile, server: Server
) -> None:
    html = drawing.html().replace("</footer>", "</footer>" + _INTRUDERS.format(host=server.address))
    open_file(write(tmp_path / "guarded.html", html))
    time.sleep(0.7)
    assert server.hits == []
    open_file(write(tmp_path / "control.html", _POLICY.sub("", html)))
    time.sleep(0.7)
    assert {"/image", "/frame", "/link", "/style", "/script", "/fetch", "/socket"} <= set(server.hits)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "unguarded"])
def test_hostile_text_runs_nothing_and_is_shown_as_it_is(
    payload: str, guarded: bool, tmp_path: Path, open_file: OpenFile
) -> None:
    html = hostile_page(payload)
    opened = open_file(write(tmp_path / "a.html", html if guarded else _POLICY.sub("", html)))
    page = opened.page
    shown = payload.replace("\ud800", "\ufffd")
    node = page.evaluate("billingKg.data.graph.nodes.find((each) => each.group === 'denial')")
    opened.click_at(node["x"], node["y"])
    assert shown in opened.panel()
    page.locator("#panel li button").first.click()
    assert opened.panel().count(shown) >= 5
    page.click("#show-table")
    assert page.evaluate("document.querySelector('#table tbody').textContent").count(shown) >= 5
    assert shown in page.evaluate("document.getElementById('left-out').textContent")
    assert page.evaluate("document.querySelector('h1').textContent") == shown.replace("\x00", "\ufffd")
    assert page.title() != "ran"
    assert page.evaluate("document.querySelectorAll('img, script, iframe, a').length") == 3
    assert len(opened.requests) == 1 and opened.complaints == []


def _click_edge(opened: Opened, curie: str) -> None:
    data = opened.page.evaluate("billingKg.data")
    number = next(n for n, each in enumerate(data["concepts"]) if each["curie"] == curie)
    focus = next(n for n, each in enumerate(data["concepts"]) if each.get("focus"))
    start, end = data["graph"]["nodes"][focus], data["graph"]["nodes"][number]
    opened.click_at(*(0.2 * start[axis] + 0.8 * end[axis] for axis in "xy"))


def test_a_click_on_a_line_shows_who_says_it(opened: Opened) -> None:
    _click_edge(opened, "modifier:62")
    panel = opened.panel()
    assert "Modifier 62 is not typically applicable to infusion." in panel
    for words in (
        "accepts modifier",
        "excluded by the document",
        "consistent",
        "tocilizumab",
        "stated",
        "10",
    ):
        assert words in panel
    _click_edge(opened, "icd10cm:M35.3")
    assert "M35.3 | M35.3 Polymyalgia rheumatica |" in opened.panel()
    assert "✗ refuted" in opened.panel()


def test_a_click_on_a_marker_or_on_its_label_shows_the_concept(opened: Opened) -> None:
    nodes = opened.page.evaluate("billingKg.data.graph.nodes")
    node = next(each for each in nodes if each["label"] == "icd10cm:M06.9")
    for shift in (0, 60):
        opened.page.keyboard.press("Escape")
        assert opened.panel().startswith("J3262")
        opened.click_at(node["x"] + shift, node["y"])
        assert opened.panel().startswith("M06.9Rheumatoid arthritis, unspecified")


def _meet(first: list[float], second: list[float]) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] - 3 and second[1] < first[3] - 3


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_labels_are_apart_within_view_and_large_enough(
    size: tuple[int, int], drawing: Drawing, tmp_path: Path, open_file: OpenFile
) -> None:
    opened = open_file(drawing.save(tmp_path / "a.html"), size)
    boxes = opened.page.evaluate("billingKg.boxes()")
    assert len(boxes) > 50
    assert [pair for pair in combinations(boxes, 2) if _meet(*pair)] == []
    scale = opened.page.evaluate("billingKg.network.getScale()")
    assert 13 * scale >= 12
    canvas = opened.page.evaluate(
        "[document.querySelector('#canvas').clientWidth, document.querySelector('#canvas').clientHeight]"
    )
    for corner in (0, 2):
        for x, y in (box[corner : corner + 2] for box in boxes):
            point = opened.page.evaluate("([x, y]) => billingKg.network.canvasToDOM({x, y})", [x, y])
            assert 0 <= point["x"] <= canvas[0] and 0 <= point["y"] <= canvas[1]


def test_every_load_looks_the_same(drawing: Drawing, tmp_path: Path, open_file: OpenFile) -> None:
    file = drawing.save(tmp_path / "a.html")
    shots = []
    for _ in range(3):
        opened = open_file(file)
        time.sleep(0.3)
        shots.append(opened.page.screenshot())
    assert shots[0] == shots[1] == shots[2]


def _visible(opened: Opened) -> tuple[int, int]:
    return tuple(  # type: ignore[return-value]
        opened.page.evaluate(
            "[billingKg.network.body.data.nodes, billingKg.network.body.data.edges]"
            ".map((each) => each.get({filter: (item) => !item.hidden}).length)"
        )
    )


def test_the_legend_counts_and_switches_exactly(opened: Opened, drawing: Drawing) -> None:
    page = opened.page
    assert _visible(opened) == (40, 40)
    counted = {
        (box["group"], box["key"]): int(box["count"])
        for box in page.evaluate(
            "[...document.querySelectorAll('#legend input')].map((box) => ({...box.dataset,"
            " count: box.parentElement.querySelector('.count').textContent}))"
        )
    }
    assert sum(n for (group, _), n in counted.items() if group == "kinds") == 40
    assert sum(n for (group, _), n in counted.items() if group == "relations") == 40
    assert counted["verdicts", "unchecked"] == 4
    page.click('input[data-key="modifier"]')
    assert _visible(opened) == (32, 32)
    page.click('input[data-key="unchecked"]')
    assert _visible(opened) == (28, 28)
    page.click("#show-table")
    rows = page.evaluate("[...document.querySelectorAll('#table tbody tr')].length")
    assert rows == 28
    page.click("#reset")
    assert _visible(opened) == (40, 40)
    assert page.evaluate("document.querySelectorAll('#table tbody tr').length") == 40
    assert page.evaluate("[...document.querySelectorAll('#legend input')].every((box) => box.checked)")


def test_the_table_is_within_reach_of_the_keyboard(opened: Opened) -> None:
    page = opened.page
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "show-table":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('tr') !== null"):
            break
    page.keyboard.press("Enter")
    assert "52 | 52 Reduced services |" in opened.panel()
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].every((each) => each.tabIndex <= 0)")


def test_paths_are_told_hop_by_hop(tmp_path: Path, open_file: OpenFile) -> None:
    arthritis = "M06.9 Rheumatoid arthritis, unspecified"
    shared = connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("M06.9"), "Abatacept is for M06.9.")
    connections = [*neighbourhood(), shared]
    opened = open_file(draw([], paths=find_paths(connections, J3262, J0129)).save(tmp_path / "a.html"))
    assert "Path 1 (cost" in opened.panel()
    told: list[Any] = opened.page.evaluate(
        "[...document.querySelectorAll('#panel li')].map((each) => each.textContent)"
    )
    assert told == [
        f"✓ {J3262.label} — supported by diagnosis → {arthritis}",
        f"✓ {arthritis} ← supported by diagnosis — {J0129.label}",
    ]
    opened.page.locator("#panel li button").nth(1).click()
    assert "Abatacept is for M06.9." in opened.panel()


@pytest.mark.parametrize("size", [40, 150, 1000])
def test_it_gets_ready_at_every_size(size: int, tmp_path: Path, open_file: OpenFile) -> None:
    file = draw(star(size), [J3262], max_nodes=size).save(tmp_path / "a.html")
    assert open_file(file).complaints == []
