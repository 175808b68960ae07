"""In a notebook a drawing shows itself, in a frame of its own, and asks for nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from kg.drawing import draw

from ..samples import J3262, neighbourhood

READY = "document.documentElement.dataset.ready === 'true'"


@pytest.fixture
def notebook(browser: Any, tmp_path: Path) -> Any:
    """A page that shows the output of a cell as Jupyter does, and what it asked for."""
    shown = draw(neighbourhood(), [J3262], title='A "title" & <more>')._repr_html_()
    file = tmp_path / "notebook.html"
    file.write_text(f"<!doctype html><title>notebook</title><h1>Before</h1><div>{shown}</div><p>After</p>", "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.context.set_offline(True)
    page.requested, page.complaints = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(file.as_uri())
    page.set_default_timeout(3000)
    end = time.monotonic() + 10
    while len(page.frames) < 2 or not page.frames[1].evaluate(READY):
        assert time.monotonic() < end
        time.sleep(0.02)
    yield page
    page.close()


def test_it_shows_the_graph_in_a_frame_and_asks_for_nothing(notebook: Any, tmp_path: Path) -> None:
    frame = notebook.frames[1]
    assert len(frame.evaluate("billingKg.seen().concepts")) == 39
    assert frame.evaluate("document.querySelector('h1').textContent") == 'A "title" & <more>'
    assert notebook.get_attribute("iframe", "title") == 'A "title" & <more>'
    assert notebook.requested == [(tmp_path / "notebook.html").as_uri()]
    assert notebook.complaints == []
    assert notebook.evaluate("document.querySelector('body > p').textContent") == "After"


def test_it_can_be_clicked_and_saved_there_and_reaches_nothing_around_it(notebook: Any) -> None:
    frame = notebook.frames[1]
    frame.click("#show-tools")
    frame.fill("#find", "M06.9")
    frame.press("#find", "Enter")
    assert frame.text_content("#panel h2") == "M06.9"
    with notebook.expect_download() as offered:
        frame.click("#show-tools")
        frame.click("#menu summary")
        frame.click("#save-svg")
    assert offered.value.suggested_filename == "A-title-more.svg"
    assert (
        frame.evaluate("(() => { try { return parent.document.title; } catch { return 'refused'; } })()") == "refused"
    )
