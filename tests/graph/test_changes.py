"""What is other in one build than in the one before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import NotFound
from kg.graph.changes import changes, last_changes
from kg.graph.store import GraphStore
from kg.model import Concept, Verdict

from .making import assertion, evidence, guide, write

MISSING = assertion("icd10cm:M99.999", at=evidence("M99.999 😀", 180))


def stated(path: Path, *others: str) -> GraphStore:
    return GraphStore.open(write(path, [assertion(code, at=evidence(code, 500)) for code in others]))


def test_what_came_and_went(tmp_path: Path) -> None:
    stated(tmp_path, "icd10cm:M05.79", "icd10cm:M99.999")
    with stated(tmp_path, "icd10cm:M05.79", "icd10cm:M06.9"):
        found = last_changes(tmp_path)
    ((came,), (went,)) = found.assertions
    assert (came.object.key, went.object.key) == ("M06.9", "M99.999")
    ((came_edge,), (went_edge,)) = found.connections
    assert (came_edge.object.key, came_edge.verdict) == ("M06.9", Verdict.UNCHECKED)
    assert (went_edge.object.key, went_edge.verdict) == ("M99.999", Verdict.REFUTED)
    ((), (gone,)) = found.findings
    assert (gone.concept, gone.check) == (Concept.parse("icd10cm:M99.999"), "no_such_code")
    assert str(found) == "assertions +1 −1, connections +1 −1, findings +0 −1"


def test_what_stands_elsewhere_has_not_changed(tmp_path: Path) -> None:
    write(tmp_path)
    moved = [replace(one, evidence=replace(one.evidence, start=7, end=7 + len(one.evidence.quote))) for one in guide()]
    write(tmp_path, moved)
    assert str(last_changes(tmp_path)) == "nothing changed"


def test_what_is_said_twice_and_then_once(tmp_path: Path) -> None:
    first, again = MISSING, replace(MISSING, evidence=evidence("M99.999 again", 300))
    with (
        GraphStore.open(write(tmp_path / "one", [first, again])) as one,
        GraphStore.open(write(tmp_path / "other", [again])) as other,
    ):
        found = changes(one, other)
    assert [(len(came), len(went)) for came, went in (found.assertions, found.connections)] == [(0, 1), (0, 0)]


def test_the_first_build_has_changed_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(NotFound, match="no build before this one"):
        last_changes(tmp_path)
