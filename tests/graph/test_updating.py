"""A build made out of the one before is what a build of the same documents would have been."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph.changes import Changes
from kg.graph.changing import Change
from kg.graph.kept_readings import Reading, kept
from kg.graph.store import GraphStore, new_build
from kg.graph.updating import Updated, update
from kg.graph.validate import check_invariants
from kg.graph.writing import write_graph
from kg.model import Assertion, Concept, Kind, Polarity, Qualifier, Relation, Statement, Verdict
from kg.reference import Reference

from . import rich
from .making import document, evidence
from .test_as_of import BIOSIMILAR, CURIES, DAYS, INFLIXIMAB, J1745, J3262, TOCILIZUMAB, dump, known

UNKNOWN = [Concept.named(Kind.DRUG, name) for name in ("Hairy  feet", "hairy feet")]
DRUGS = (TOCILIZUMAB, BIOSIMILAR, INFLIXIMAB, *UNKNOWN)
PAYERS = [Concept.named(Kind.PAYER, name) for name in ("Medicare", "MEDICARE", "Aetna")]
SUBJECTS = [Concept.parse(f"hcpcs:{code}") for code in ("J3262", "Q5135", "J1745", "J9999")]
NAMES = (None, "Rheumatoid arthritis of multiple sites", "Gout")


def says(
    document: str,
    object: Concept,
    relation: Relation = Relation.SUPPORTED_BY_DIAGNOSIS,
    *,
    subject: Concept = SUBJECTS[0],
    place: int = 0,
    polarity: Polarity = Polarity.AFFIRMED,
    qualifiers: tuple[tuple[Qualifier, Concept], ...] = (),
) -> Assertion:
    at = evidence(f"Words {place}.", place * 20, document)
    return Assertion(subject, relation, object, at, polarity, qualifiers=qualifiers)


def reading(name: str, *assertions: Assertion, leftovers: int = 0) -> Reading:
    return Reading(document(name), assertions, leftovers)


def fresh(path: Path, readings: list[Reading], reference: Reference, day: date | None) -> GraphStore:
    with new_build(path) as folder:
        write_graph(folder, readings, reference, lambda *_: None, day)
    return GraphStore.open(path)


def changed(store: GraphStore, asked: Change) -> Updated | None:
    """The update, put in place of the build that is there."""
    with new_build(store.path) as folder:
        done = update(store, folder, asked)
        if done is None:
            raise LookupError
    return done


def rows(store: GraphStore) -> list[list[str]]:
    """What the index of names holds, without its own numbers."""
    with closing(sqlite3.connect(store.build / "names.sqlite")) as names:
        queries = (
            "SELECT kind, key, label, connections FROM concept",
            "SELECT text, kind, key, alternative FROM name JOIN concept ON concept.id = name.concept",
        )
        return [sorted(map(repr, names.execute(query))) for query in queries]


# --- the law ---------------------------------------------------------------------------------------------------------


@st.composite
def readings(draw: st.DrawFn, name: str) -> Reading:
    stated = []
    for _ in range(draw(st.integers(0, 4))):
        relation, objects = draw(
            st.sampled_from(
                [
                    (Relation.IDENTIFIES_DRUG, st.sampled_from(DRUGS)),
                    (Relation.HAS_PAYER, st.sampled_from(PAYERS)),
                    (Relation.SUPPORTED_BY_DIAGNOSIS, st.builds(Concept.parse, *map(st.sampled_from, (CURIES, NAMES)))),
                ]
            )
        )
        stated.append(
            says(
                name, draw(objects), relation, subject=draw(st.sampled_from(SUBJECTS)), place=draw(st.integers(0, 2)),
                polarity=draw(st.sampled_from([Polarity.AFFIRMED, Polarity.AFFIRMED, Polarity.EXCLUDED])),
                qualifiers=draw(st.sampled_from([(), ((Qualifier.FOR_PAYER, PAYERS[2]),)])),
            )
        )  # fmt: skip
    return reading(name, *stated, leftovers=draw(st.integers(0, 2)))


@pytest.mark.slow
@settings(max_examples=15)
@given(st.data())
def test_after_any_changes_the_graph_is_that_of_a_fresh_build(data: st.DataObject) -> None:
    def drawn(names: list[str]) -> dict[str, Reading]:
        return {name: data.draw(readings(name)) for name in names}

    days = st.sampled_from([None, *DAYS])
    some = st.lists(st.sampled_from("abcd"), unique=True, max_size=2)
    ndc = Concept.parse("ndc:50242-0136-01")
    package = Statement(ndc, Relation.BILLED_AS, Concept.of(J3262), 1, "", data.draw(days))
    reference = known(*[(data.draw(days), data.draw(days)) for _ in range(3)], stated=[package])
    there, day = drawn(data.draw(some)), data.draw(days)  # Of no document: what small builds are made of.
    with tempfile.TemporaryDirectory() as folder:
        store = fresh(Path(folder, "changed"), list(there.values()), reference, day)
        for step in range(2):
            come, gone = drawn(data.draw(some)), set(data.draw(some))
            day = data.draw(st.one_of(st.just(day), days))
            there = {name: one for name, one in {**there, **come}.items() if name not in gone - come.keys()}
            changed(store, Change(day, come, gone - come.keys()))
            with (
                GraphStore.open(store.path) as found,
                fresh(Path(folder, str(step)), list(there.values())[::-1], reference, day) as expected,
            ):
                assert dump(found) == dump(expected)
                assert rows(found) == rows(expected)
                found.verify()
                assert found.manifest.checksums.keys() == found.manifest.files.keys()
                assert (found.build / "adjacency.bin").read_bytes() == (expected.build / "adjacency.bin").read_bytes()
                assert (found.manifest.counts, found.manifest.as_of) == (
                    expected.manifest.counts,
                    expected.manifest.as_of,
                )
                assert check_invariants(found) == []
            store = GraphStore.open(store.path)


# --- one at a time ---------------------------------------------------------------------------------------------------

DIAGNOSIS = Concept.parse("icd10cm:M06.9")
YES, NO = says("yes", DIAGNOSIS), says("no", DIAGNOSIS, polarity=Polarity.EXCLUDED)


@pytest.fixture
def store(tmp_path: Path) -> GraphStore:
    other = says("other", PAYERS[0], Relation.HAS_PAYER)
    return fresh(tmp_path / "store", [reading("yes", YES), reading("other", other)], known(), None)


def counted(changes: Changes) -> list[tuple[int, int]]:
    return [(len(came), len(went)) for came, went in (changes.assertions, changes.connections, changes.findings)]


def test_what_another_document_says_is_judged_again(store: GraphStore) -> None:
    done = changed(store, Change(None, {"no": reading("no", NO)}))
    assert done is not None
    assert counted(done.changes) == [(1, 0), (1, 1), (2, 0)]
    ((came,), (went,)) = done.changes.connections
    assert (went.verdict, came) == (Verdict.CONSISTENT, replace(went, verdict=Verdict.DISPUTED))
    with GraphStore.open(store.path) as found:
        assert [one.document.identifier for one in kept(found.build)] == ["yes", "other", "no"]
        back = changed(found, Change(None, gone={"no"}))
    assert back is not None
    assert str(back.changes) == "assertions +0 −1, connections +1 −1, findings +0 −2"
    with GraphStore.open(store.path) as again:
        assert dump(again) == dump(store)


def test_the_build_before_is_left_as_it_was(store: GraphStore) -> None:
    before, names = dump(store), rows(store)
    changed(store, Change(date(2026, 4, 1), {"no": reading("no", NO)}, {"other"}))
    assert (dump(store), rows(store)) == (before, names)
    assert [one.document.identifier for one in kept(store.build)] == ["yes", "other"]


def test_where_the_codes_of_edits_come_or_go_all_is_to_be_built_anew(tmp_path: Path) -> None:
    pair = Statement(Concept.of(J1745), Relation.BUNDLED_WITH, Concept.of(J3262), 2, "a pair")
    store = fresh(tmp_path / "store", [reading("yes", YES)], known(stated=[pair]), None)
    more = says("more", Concept.parse("icd10cm:M05.79"), subject=Concept.of(J1745))
    with pytest.raises(LookupError):
        changed(store, Change(None, {"more": reading("more", more)}))
    # The documents speak of the same codes as before.
    assert changed(store, Change(None, {"no": reading("no", NO)}))


def test_a_name_that_documents_give_most_often(store: GraphStore) -> None:
    shouted = says("loud", PAYERS[1], Relation.HAS_PAYER)
    again = says("loud", PAYERS[1], Relation.HAS_PAYER, place=1)
    changed(store, Change(None, {"loud": reading("loud", shouted, again)}))
    with GraphStore.open(store.path) as found:
        assert [match.concept.name for match in found.names.exact("medicare")] == ["MEDICARE"]


def test_where_the_codes_of_edits_go_the_folder_is_left_empty(tmp_path: Path) -> None:
    said = (one for one in rich.first().assertions if one.object != rich.INFUSION)
    with rich.build(tmp_path / "store", [rich.first(), rich.second()]) as store:
        folder = tmp_path / "new"
        folder.mkdir()
        assert update(store, folder, Change(rich.DAY, {"guide": Reading(rich.first().document, tuple(said))})) is None
        assert list(folder.iterdir()) == []
