"""A layout is saved to a file and loaded from it; what is no layout is refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.drawing import draw, read_layout

from ..samples import J3262, neighbourhood
from .opened import Opened, OpenFile

CURIE = "icd10cm:M06.9"


@pytest.fixture
def saved(opened: Opened, tmp_path: Path) -> tuple[Path, list[float]]:
    """A layout in which one concept was dragged, and where it was dragged to."""
    number = opened.number(CURIE)
    opened.drag(number, (-120, 60))
    name, content = opened.download(lambda: opened.menu("save-layout"))
    assert name == "layout.json"
    file = tmp_path / name
    file.write_bytes(content)
    return file, opened.place(number)


def load(opened: Opened, content: bytes, name: str = "layout.json") -> str:
    """What the page says after loading a file."""
    opened.page.set_input_files("#layout-file", {"name": name, "mimeType": "application/json", "buffer": content})
    opened.wait_for("document.getElementById('caption').textContent !== ''")
    return opened.text("#caption")


def test_a_saved_layout_holds_all_that_is_drawn_in_both_plans(saved: tuple[Path, list[float]]) -> None:
    content = json.loads(saved[0].read_text("utf-8"))
    assert content["billing-kg layout"] == 1
    for plan in ("panels", "projector"):
        assert len(content[plan]) == 40
    assert content["panels"][CURIE] == pytest.approx(saved[1], abs=1)


def test_a_page_that_loads_it_has_everything_in_the_same_place(
    saved: tuple[Path, list[float]], sample: Path, open_file: OpenFile
) -> None:
    fresh = open_file(sample)
    before = fresh.evaluate("billingKg.network.getPositions()")
    assert load(fresh, saved[0].read_bytes()) == "Layout loaded: 40 places."
    after = fresh.evaluate("billingKg.network.getPositions()")
    number = str(fresh.number(CURIE))
    assert list(after.pop(number).values()) == pytest.approx(saved[1], abs=1)
    before.pop(number)
    assert after == before
    fresh.press("p", "p")
    assert fresh.place(int(number)) == pytest.approx(saved[1], abs=1)


def test_a_page_that_was_drawn_with_it_opens_so_and_resets_to_it(
    saved: tuple[Path, list[float]], tmp_path: Path, open_file: OpenFile
) -> None:
    drawing = draw(neighbourhood(), [J3262], layout=read_layout(saved[0]))
    fresh = open_file(drawing.save(tmp_path / "page.html"))
    number = fresh.number(CURIE)
    assert fresh.place(number) == pytest.approx(saved[1], abs=1)
    fresh.drag(number, (30, 30))
    fresh.click("#reset-all")
    assert fresh.place(number) == pytest.approx(saved[1], abs=1)


REFUSED = {
    "not JSON": b"{",
    "not UTF-8": b"\xff\xfe{}",
    "not a table": b"[]",
    "nothing": b"null",
    "another file": b'{"panels": {}, "projector": {}}',
    "another version": b'{"billing-kg layout": 2, "panels": {}, "projector": {}}',
    "no plan": b'{"billing-kg layout": 1, "panels": {}}',
    "a plan that is none": b'{"billing-kg layout": 1, "panels": {}, "projector": null}',
    "too few numbers": b'{"billing-kg layout": 1, "panels": {"icd10cm:M06.9": [1]}, "projector": {}}',
    "a word": b'{"billing-kg layout": 1, "panels": {"icd10cm:M06.9": [1, "2"]}, "projector": {}}',
    "too far": b'{"billing-kg layout": 1, "panels": {"icd10cm:M06.9": [1, 1e9]}, "projector": {}}',
    "not finite": b'{"billing-kg layout": 1, "panels": {"icd10cm:M06.9": [1, 1e999]}, "projector": {}}',
    "nested": b"[" * 100_000 + b"]" * 100_000,
}


def test_what_is_no_layout_is_refused_and_changes_nothing(opened: Opened) -> None:
    before = opened.evaluate("billingKg.network.getPositions()")
    for case, content in REFUSED.items():
        name = f"{case}.json"
        assert load(opened, content, name) == f"Not a layout saved by such a page: {name}", case
        assert opened.evaluate("billingKg.network.getPositions()") == before, case
        opened.evaluate("document.getElementById('caption').replaceChildren()")
    assert opened.complaints == []


def test_places_of_concepts_that_a_page_does_not_have_are_passed_over(opened: Opened) -> None:
    layout = {"billing-kg layout": 1, "panels": {"icd10cm:Z00": [5, 5], CURIE: [7, 8]}, "projector": {}}
    load(opened, json.dumps(layout).encode())
    assert opened.place(opened.number(CURIE)) == [7, 8]
    assert len(opened.seen().concepts) == 39
