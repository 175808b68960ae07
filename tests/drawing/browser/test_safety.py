"""Criteria 2 and 3: text of documents runs nothing and asks for nothing, with the page's policy and without."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kg.drawing import draw

from ..samples import J3262, neighbourhood
from .hostile import ALL, PAYLOADS, hostile_page, shown, without_policy
from .opened import Opened, OpenFile
from .server import Server

_INTRUDERS = """
<img src="http://{host}/image"><iframe src="http://{host}/frame"></iframe>
<link rel="stylesheet" href="http://{host}/link">
<style>body {{ background: url(http://{host}/style) }}</style>
<script src="http://{host}/script"></script><object data="http://{host}/object"></object>
<script>fetch("http://{host}/fetch", {{mode: "no-cors"}}); new WebSocket("ws://{host}/socket");</script>
<video src="http://{host}/video"></video>
<div style="background: url(http://{host}/inline)">x</div>
"""
_EXPECTED = {f"/{name}" for name in ("image", "frame", "link", "style", "script", "fetch", "socket", "video", "inline")}


def write(file: Path, html: str) -> Path:
    file.write_bytes(html.encode("utf-8"))
    return file


def test_the_policy_stops_every_request_that_a_page_without_it_makes(
    server: Server, tmp_path: Path, open_file: OpenFile
) -> None:
    html = draw(neighbourhood(), [J3262]).html()
    html = html.replace("</header>", "</header>" + _INTRUDERS.format(host=server.address))
    open_file(write(tmp_path / "guarded.html", html), offline=False)
    time.sleep(0.5)
    assert server.hits == []
    control = open_file(write(tmp_path / "control.html", without_policy(html)), offline=False)
    end = time.monotonic() + 5
    while not set(server.hits) >= _EXPECTED and time.monotonic() < end:
        control.page.wait_for_timeout(20)
    assert set(server.hits) >= _EXPECTED


@pytest.fixture(scope="module", params=[True, False], ids=["guarded", "unguarded"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with hostile text in every field, with its policy and without."""
    return write(tmp_path_factory.mktemp("hostile") / "page.html", hostile_page(guarded=request.param))


@pytest.fixture
def hostile(file: Path, open_file: OpenFile) -> Iterator[Opened]:
    """That page, opened. Whatever a test does: nothing runs, nothing is asked for, no markup comes to be."""
    opened = open_file(file)
    yield opened
    assert opened.page.title() != "ran"
    assert opened.requests == [opened.file.as_uri()]
    assert opened.complaints == []
    assert opened.count("img, iframe, object, a") == 0 and opened.count("script") == 3
    assert opened.evaluate(_HANDLERS) == []


_HANDLERS = """[...document.querySelectorAll("*")].flatMap((each) => [...each.attributes])
  .map(({ name }) => name).filter((name) => name.startsWith("on"))"""


def test_text_of_the_payloads_would_run_if_it_were_markup(tmp_path: Path, open_file: OpenFile) -> None:
    opened = open_file(write(tmp_path / "control.html", hostile_page(guarded=False)))
    opened.evaluate("(text) => { document.getElementById('left-out').innerHTML = text; }", PAYLOADS[0])
    opened.wait_for("document.title === 'ran'")


def test_the_frame_and_the_lesson_show_text_as_it_is(hostile: Opened) -> None:
    assert hostile.text("h1") == shown(ALL).replace("\x00", "\ufffd")
    for text in map(shown, PAYLOADS):
        assert text in hostile.text("#left-out")
    hostile.press("n")
    for selector in ("#lesson", "#panel h2", "#panel .note p"):
        assert shown(ALL) in hostile.text(selector)
    hostile.press("p")
    assert hostile.text("#caption") == shown(ALL)
    hostile.press("n", "p")
    hostile.click("#lesson-leave")
    assert shown(ALL) in hostile.text("#lesson")


def test_the_panel_and_the_table_show_text_as_it_is(hostile: Opened) -> None:
    for text in PAYLOADS:
        number = hostile.number(f"denial:{shown(text)}")
        hostile.click_marker(number)
        # Its heading, its validity and the note of the presenter.
        assert hostile.panel().count(shown(text)) >= 3
        hostile.page.locator("#panel ul button").first.click()
        # Its name, its sentence, the quote, condition, document, section, and the five parts of the finding.
        assert hostile.panel().count(shown(text)) >= 11
    hostile.press("t")
    cells = hostile.texts("#table td")
    for text in map(shown, PAYLOADS):
        # Name, condition, document and quote, of a reason and of a code.
        assert sum(text in cell for cell in cells) >= 8


def test_what_documents_and_releases_say_is_shown_as_text(hostile: Opened) -> None:
    hostile.press("w")
    shown_text = hostile.text("#findings")
    for text in map(shown, PAYLOADS):
        # The claim, the words of the release, the release, and the code that was meant.
        assert shown_text.count(text) >= 4
    hostile.page.locator("#findings button.meant").first.click()
    assert shown(PAYLOADS[0]) in hostile.panel()


def test_search_and_paths_show_text_as_it_is(hostile: Opened) -> None:
    for text in (PAYLOADS[0], PAYLOADS[5], PAYLOADS[8]):
        hostile.page.fill("#find", text)
        found = hostile.texts("#found li")
        assert found and all(text in each for each in found)
        hostile.press("Enter")
        assert text in hostile.panel()
    hostile.click("#path-form summary")
    hostile.page.select_option("#floor", "refuted")
    for pair in ((PAYLOADS[0], PAYLOADS[1]), (PAYLOADS[5], PAYLOADS[8])):
        for end, text in zip(("from", "to"), pair, strict=True):
            hostile.page.fill(f"#{end}", f"denial:{text}")
        hostile.click("#find-path")
        for place, text in enumerate(pair):
            assert text in hostile.texts("#panel ol button")[place]
            assert text in hostile.texts("#panel ol .kind")[place]
            assert text in hostile.text("#path-said")


@pytest.mark.parametrize("view", ["graph", "findings"])
def test_an_exported_svg_holds_text_and_nothing_that_acts(view: str, hostile: Opened) -> None:
    if view == "findings":
        hostile.press("w")
    _, content = hostile.download(lambda: hostile.menu("save-svg"))
    elements = list(ElementTree.fromstring(content).iter())
    assert {each.tag.rpartition("}")[2] for each in elements} <= {
        "svg", "title", "g", "rect", "path", "polygon", "text",
    }  # fmt: skip
    names = {name.rpartition("}")[2] for each in elements for name in each.attrib}
    assert not {name for name in names if name.startswith("on") or name in ("href", "style", "src")}
    words = " ".join("".join(each.itertext()) for each in elements if each.tag.endswith("text"))
    assert "<img" in words and "\u202e" not in words


def test_a_layout_file_with_a_hostile_name_is_named_as_it_is(hostile: Opened) -> None:
    name = "<img src=x onerror=document.title='ran'>.json"
    hostile.page.set_input_files("#layout-file", {"name": name, "mimeType": "", "buffer": b"[]"})
    hostile.wait_for("document.getElementById('caption').textContent !== ''")
    assert name in hostile.text("#caption")
