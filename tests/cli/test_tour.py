"""`kg tour`: a note with mistakes, a graph, a question, a path and a page."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg import resources

from .running import kg as run

NOTE = resources.path("data", "tour", "note-with-mistakes.md")
MISTAKES = {
    ("other_drug", "hcpcs:J0517", "hcpcs:J2182"),
    ("other_drug", "hcpcs:J2182", "hcpcs:J0517"),
    ("other_unit", "hcpcs:J3262", "quantity:1-mg"),
    ("no_such_code", "nucc:207RX9999X", "nucc:207RR0500X"),
    ("heading", "icd10cm:M05.7", "icd10cm:M05.70"),
}


@pytest.mark.slow
def test_the_note_is_wrong_in_what_it_is_made_for_and_in_nothing_else() -> None:
    (checked,) = kg.check(NOTE)
    found = {(one.check, one.concept.curie, one.suggestion.curie if one.suggestion else "") for one in checked.findings}
    assert found == MISTAKES


@pytest.mark.slow
def test_the_tour_tells_the_story_and_leaves_the_graph_of_others_alone(tmp_path: Path) -> None:
    page, store = tmp_path / "tour.html", tmp_path / "own"
    ran = run("tour", "--output", page, "--store", store)
    assert ran.code == 0, ran.err
    for told in (
        "J0517 “mepolizumab”",
        "meant     J2182 mepolizumab, 1 mg",
        "checked 6 of 6 codes, 5 findings",
        "M06.9",
        f"kg check {NOTE.relative_to(Path.cwd()) if NOTE.is_relative_to(Path.cwd()) else NOTE}\n",
        "Next, with a document of yours:   kg check YOUR-FILE",
    ):
        assert told in ran.out
    assert "unchecked" not in ran.out
    shown = page.read_text("utf-8")
    assert "mepolizumab" in shown
    assert "Inj., benralizumab, 1 mg" in shown
    with kg.open(store) as graph:
        assert graph.findings()
