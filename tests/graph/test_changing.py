"""A graph that changed is the one that is built anew, and what changed is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kg.graph.changes import changes, last_changes
from kg.graph.changing import Change
from kg.graph.kept_readings import Reading, kept
from kg.graph.store import GraphStore, new_build
from kg.graph.updating import update
from kg.model import Kind, Relation

from . import rich
from .making import assertion, evidence
from .whole_graph import graph

EARLIER = date(2026, 3, 31)  # The last one of J1745.


def third() -> Reading:
    """What takes a name from the second, and says yes to a diagnosis to which that says no."""
    said = (
        assertion("payer:aetna", Relation.HAS_PAYER, name="AETNA", at=evidence("AETNA", 5, "third")),
        assertion("payer:aetna", Relation.HAS_PAYER, name="AETNA", at=evidence("AETNA again", 25, "third")),
        assertion("icd10cm:M05.79", at=evidence("M05.79", 50, "third")),
        assertion("condition:hairy-feet", Relation.INDICATED_FOR, name="hairy feet", at=evidence("feet", 80, "third")),
    )
    return Reading(replace(rich.first().document, identifier="third", name="third.md"), said, leftovers=2)


def other() -> Reading:
    """The guide with one thing said otherwise, and without the names that it alone gives."""
    said = [one for one in rich.first().assertions if one.object.kind not in (Kind.PLACE, Kind.CONDITION)]
    return Reading(rich.first().document, (*said[:3], replace(said[3], condition="when seen"), *said[4:]), leftovers=1)


FIRST, SECOND = {"guide": rich.first()}, {"policy": rich.second()}
STEPS = {
    "a document comes": (FIRST, Change(rich.DAY, SECOND)),
    "a document goes": (FIRST | SECOND, Change(rich.DAY, gone={"policy"})),
    "a document is other than before": (FIRST | SECOND, Change(rich.DAY, {"guide": other()})),
    "one comes and one goes": (FIRST | SECOND, Change(rich.DAY, {"third": third()}, {"policy"})),
    "the day is another": (FIRST | SECOND, Change(EARLIER)),
    "the day is another and a document comes": (FIRST | SECOND, Change(EARLIER, {"third": third()})),
    "the day is none and a document goes": (FIRST | SECOND | {"third": third()}, Change(None, gone={"third"})),
    "nothing changes": (FIRST | SECOND, Change(rich.DAY)),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_changed_graph_is_the_one_that_is_built_anew(tmp_path: Path, step: str) -> None:
    there, asked = STEPS[step]
    after = {name: one for name, one in {**there, **asked.come}.items() if name not in asked.gone}
    with rich.build(tmp_path / "store", list(there.values())) as before:
        with new_build(before.path) as folder:
            done = update(before, folder, asked)
        assert done is not None
        with (
            GraphStore.open(before.path) as found,
            rich.build(tmp_path / "anew", list(after.values()), asked.day) as expected,
        ):
            found.verify()
            assert sorted(graph(found)) == sorted(graph(expected))
            assert +done.counts == found.manifest.counts
            assert found.manifest.as_of == expected.manifest.as_of
            assert {one.document.identifier: one.assertions for one in kept(found.build)} == {
                name: one.assertions for name, one in after.items()
            }
            assert done.changes == changes(before, found) == last_changes(before.path)
            assert (str(done.changes) == "nothing changed") == (step == "nothing changes")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Change(rich.DAY, {"third": third()}), "assertions +4 −0, connections +2 −1, findings +1 −0"),
        (Change(rich.DAY, {"guide": other()}), "assertions +1 −3, connections +0 −2"),
        (Change(EARLIER), "connections +2 −2, findings +1 −3"),
    ],
)
def test_what_changed_is_told(tmp_path: Path, asked: Change, told: str) -> None:
    with rich.build(tmp_path / "store", [rich.first(), rich.second()]) as store, new_build(store.path) as folder:
        done = update(store, folder, asked)
        assert done is not None
        assert str(done.changes) == told
