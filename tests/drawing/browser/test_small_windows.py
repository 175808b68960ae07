"""On a phone, enlarged, in a frame and without a script: nothing is lost, and the page scrolls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.drawing import draw

from ..samples import J3262, neighbourhood
from .opened import Opened, OpenFile
from .test_access import violations

PHONE, DOUBLED, FOURFOLD, LOW = (390, 844), (640, 400), (320, 200), (1024, 768)


@pytest.mark.parametrize("size", [PHONE, DOUBLED, FOURFOLD], ids=str)
def test_a_narrow_page_starts_with_the_list_by_relation_and_its_signs(
    size: tuple[int, int], sample: Path, open_file: OpenFile
) -> None:
    opened = open_file(sample, size)
    assert opened.is_shown("#list") and not opened.is_shown("#graph")
    shown = opened.evaluate("billingKg.seen().connections.length")
    assert opened.count("#list ul button") == shown
    assert opened.texts("#list h3")[0] == "supported by diagnosis · 6"
    assert opened.texts("#list ul button")[0] == "✗M35.3 Polymyalgia rheumatica"
    assert "✗ refuted" in opened.text("#list .signs")
    opened.click("#show-graph")
    assert opened.is_shown("#graph") and not opened.is_shown("#list")
    assert violations(opened) == []


@pytest.mark.parametrize("size", [PHONE, DOUBLED, FOURFOLD, LOW], ids=str)
def test_everything_can_be_reached_and_no_part_is_cut_off(
    size: tuple[int, int], sample: Path, open_file: OpenFile
) -> None:
    opened = open_file(sample, size)
    assert opened.evaluate("document.documentElement.scrollWidth") <= size[0]
    for opener, sheet, inside in (
        ("#show-drawer", "#drawer", "#legend input >> nth=0"),
        ("#show-tools", "#tools", "#projector"),
    ):
        assert not opened.is_shown(inside)
        opened.click(opener)
        assert opened.page.get_attribute(opener, "aria-expanded") == "true"
        opened.page.locator(inside).scroll_into_view_if_needed()
        assert opened.is_shown(inside)
        box = opened.page.locator(sheet).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
        assert violations(opened) == []
        opened.press("Escape")
        assert not opened.is_shown(inside)
    opened.page.locator("footer").scroll_into_view_if_needed()
    assert opened.is_shown("footer")


def test_a_tap_on_a_line_opens_its_evidence_over_the_page(sample: Path, open_file: OpenFile) -> None:
    opened = open_file(sample, PHONE)
    assert not opened.is_shown("#panel")
    opened.click("#list ul button >> nth=0")
    assert "M35.3 | M35.3 Polymyalgia rheumatica |" in opened.panel() and opened.is_shown("#panel blockquote")
    assert violations(opened) == []
    opened.click("#sheet .close")
    assert not opened.is_shown("#panel")
    opened.click("#show-graph")
    opened.click_marker(opened.focus())
    assert opened.is_shown("#panel") and opened.texts("#panel h2") == ["J3262"]
    opened.press("Escape")
    assert not opened.is_shown("#panel")


def test_letters_of_the_picture_stay_readable_where_it_does_not_fit(real: Path, open_file: OpenFile) -> None:
    for size, mode, least in ((PHONE, "panels", 12), (LOW, "panels", 12), (LOW, "projector", 18)):
        opened = open_file(real, size)
        opened.click("#show-graph")
        if mode == "projector":
            opened.press("p")
        opened.settle()
        text = opened.data["plans"][mode]["text"]
        assert text * opened.evaluate("billingKg.network.getScale()") >= least - 0.01
        assert opened.is_within_view(opened.place(opened.focus()))
        opened.press("0")
        boxes = opened.evaluate("billingKg.boxes()")
        assert opened.is_within_view(*(box[n : n + 2] for box in boxes for n in (0, 2)))


def test_panels_come_back_where_there_is_room(sample: Path, open_file: OpenFile) -> None:
    opened = open_file(sample, PHONE)
    opened.click("#show-drawer")
    opened.page.set_viewport_size({"width": 1280, "height": 800})
    opened.wait_for("!document.documentElement.classList.contains('compact')")
    assert opened.is_shown("#legend") and opened.is_shown("#panel") and not opened.is_shown("#show-drawer")
    opened.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


@pytest.fixture
def framed(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A page in the frame of a page that is longer than the window, as in a notebook."""
    shown = draw(neighbourhood(), [J3262])._repr_html_()
    file = tmp_path / "notebook.html"
    file.write_text(f"<!doctype html><title>notebook</title>{shown}<p style='height: 3000px'>After</p>", "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    while len(page.frames) < 2 or not page.frames[1].evaluate("document.documentElement.dataset.ready === 'true'"):
        page.wait_for_timeout(20)
    yield page
    page.close()


def test_in_a_frame_panels_fold_and_the_wheel_scrolls_unless_ctrl_is_held(framed: Any) -> None:
    frame = framed.frames[1]
    assert not frame.locator("#legend").is_visible() and frame.locator("#show-drawer").is_visible()
    scale = "billingKg.network.getScale()"
    before = frame.evaluate(scale)
    framed.mouse.move(500, 300)
    framed.mouse.wheel(0, 2000)
    framed.wait_for_timeout(300)
    assert frame.evaluate(scale) == before
    assert framed.evaluate("scrollY") > 0
    assert "Hold Ctrl" in frame.text_content("#caption")
    framed.evaluate("scrollTo(0, 0)")
    framed.wait_for_timeout(100)
    framed.keyboard.down("Control")
    framed.mouse.wheel(0, -200)
    framed.wait_for_timeout(300)
    framed.keyboard.up("Control")
    assert frame.evaluate(scale) > before


def test_without_a_script_there_are_the_picture_and_the_table(browser: Any, sample: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(sample.as_uri())
    for part in ("main", ".bar"):
        assert not page.locator(part).is_visible()
    assert page.locator("#still svg").is_visible()
    assert page.locator("#still tbody tr").count() == 39
    assert page.locator("#still svg text", has_text="tocilizumab").count() >= 1
    assert "✗ refuted" in page.locator("#still tr", has_text="M35.3").inner_text()
    assert complaints == []
    context.close()


def test_where_the_script_runs_the_still_picture_is_gone(opened: Opened) -> None:
    assert opened.count("#still") == 0
