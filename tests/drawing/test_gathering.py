"""What of a store a page is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kg.drawing import Drawing, gathering
from kg.drawing.gathering import Excerpt, in_file
from kg.drawing.lesson import Lesson, Step
from kg.graph.connections import connections
from kg.graph.store import GraphStore
from kg.model import Assertion, Code, Concept, Kind, Polarity, Relation, Verdict
from kg.network import find_paths
from kg.reference import Edition, Entry, Reference
from tests.graph.making import HCPCS, assertion, evidence, guide, write

J3262, J1745, MEDICARE = (Concept.parse(each) for each in ("J3262", "J1745", "payer:medicare"))
RARE = Concept.parse("icd10cm:M31.6")


def hub(codes: int) -> Iterator[Assertion]:
    """A payer that many codes have, and a diagnosis that two have."""
    subjects = ["hcpcs:J3262", "hcpcs:J1745", *(f"hcpcs:J{number}" for number in range(1001, 1001 + codes))]
    for place, subject in enumerate(subjects):
        at = evidence("Medicare pays.", 100 * place)
        yield assertion("payer:medicare", Relation.HAS_PAYER, subject=subject, at=at)
    for place, subject in enumerate(subjects[:2]):
        yield assertion("icd10cm:M31.6", subject=subject, at=evidence("M31.6", 100 * place + 50))
    yield assertion("modifier:JW", Relation.ACCEPTS_MODIFIER, subject="hcpcs:J1745", at=evidence("JW", 30))


def drawn(store: GraphStore, *focus: Concept, depth: int = 1, max_nodes: int = 150) -> Drawing:
    return Excerpt(store, tuple(Verdict), (), "refuted").draw(focus, (), depth=depth, max_nodes=max_nodes, lesson=None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    with GraphStore.open(write(tmp_path, list(hub(20)))) as opened:
        yield opened


def test_one_step_more_than_is_drawn_waits_in_the_file(store: GraphStore) -> None:
    drawing = drawn(store, J3262)
    assert set(drawing.concepts) == {J3262, MEDICARE, RARE}
    assert len(drawing.waiting) == 21 and J1745 in drawing.waiting
    assert Concept.parse("modifier:JW") not in drawing.selection.concepts
    assert Concept.parse("modifier:JW") in drawn(store, J3262, depth=2).waiting
    assert drawing.notes == ()


def test_hubs_are_passed_over_where_there_is_no_room_for_them_and_the_page_says_so(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "_MOST_READ", 10)
    drawing = drawn(store, J3262)
    assert set(drawing.concepts) == {J3262, MEDICARE, RARE} and drawing.waiting == (J1745,)
    assert drawing.notes == ("Not all connections of medicare are in this file: they have too many.",)


def test_all_of_the_focus_is_read_whatever_the_room(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_MOST_READ", 0)
    assert len(drawn(store, MEDICARE).connections) == 22


def test_of_a_hub_no_more_is_read_than_a_file_has_room_for_and_the_rest_is_counted(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = drawn(store, MEDICARE, max_nodes=5)
    monkeypatch.setattr(gathering, "IN_FILE", 6)
    drawing = drawn(store, MEDICARE, max_nodes=5)
    assert drawing.concepts == everything.concepts
    assert len(drawing.connections) == 4
    assert [each.object for each in drawing.selection.connections].count(MEDICARE) == 6
    assert drawing.left_out == {Kind.HCPCS: 16}
    # What is asked for is read, whatever the room.
    assert len(drawn(store, MEDICARE, max_nodes=30).connections) == 22


def test_of_many_that_are_passed_over_the_largest_are_named(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_MOST_READ", 0)
    [note] = drawn(store, J1745, Concept.parse("J1001"), Concept.parse("J1002"), MEDICARE).notes
    assert note.startswith("Not all connections of J3262, M31.6, JW and 18 more are in this file")


def test_what_documents_exclude_is_in_the_file(tmp_path: Path) -> None:
    with GraphStore.open(write(tmp_path)) as opened:
        found = [each for each in drawn(opened, J3262).connections if each.polarity is Polarity.EXCLUDED]
    assert [each.object.key for each in found] == ["M06.9"]


def test_the_page_knows_since_when_codes_hold_and_what_speaks_against_a_line(tmp_path: Path) -> None:
    ended = Entry(Code.parse("J3262"), "Tocilizumab", valid_from=date(2011, 1, 1), valid_through=date(2020, 12, 31))
    known = Reference.of([Edition(HCPCS, (ended,))])
    with GraphStore.open(write(tmp_path, known=known, as_of=date(2026, 1, 1))) as opened:
        drawing = drawn(opened, J3262)
    background = drawing.background
    assert background.validity[J3262] == ("valid from 2011-01-01", "valid through 2020-12-31")
    # The finding is one, about the code; it speaks against every line of that code.
    disputed = {said for each in drawing.connections if each.verdict is Verdict.DISPUTED for said in each.assertions}
    told = (*background.findings, *background.hanging)
    assert {finding.assertion for finding in told} == disputed and len(background.findings) == 1
    assert len(disputed) == len(guide())
    assert {
        "guide": "A guide",
        "bundled-hcpcs": "HCPCS codes that the guides need",
    }.items() <= background.titles.items()


def test_what_the_trust_leaves_out_between_the_things_of_a_lesson_is_known_to_it(store: GraphStore) -> None:
    lesson = Lesson("A", (J3262,), {}, (Step("A", concepts=(J3262, MEDICARE, RARE)),))

    def below(trust: str) -> set[tuple[str, str]]:
        excerpt = Excerpt(store, in_file(trust), (), trust)
        drawing = excerpt.draw((), (), depth=1, max_nodes=9, lesson=lesson)
        assert drawing.lesson is not None and drawing.lesson.below is not None
        return {(each.subject.key, each.object.key) for each in drawing.lesson.below}

    # What is refuted is in every file.
    assert below("corroborated") == {("J3262", "medicare")}
    assert below("disputed") == set()


def test_a_page_of_paths_has_what_is_refuted_of_their_ends(store: GraphStore) -> None:
    paths = find_paths([each for each in connections(store) if each.object == MEDICARE], J3262, J1745)
    excerpt = Excerpt(store, tuple(Verdict), (), "disputed")
    drawing = excerpt.draw((), paths, depth=1, max_nodes=150, lesson=None)
    refuted = [each for each in drawing.connections if each.verdict is Verdict.REFUTED]
    assert {(each.subject, each.object) for each in refuted} == {(J3262, RARE), (J1745, RARE)}
    # No path goes that way.
    assert all(RARE not in path.concepts for path in drawing.paths)
    # What is not refuted stays away: nobody asked for it.
    assert Concept.parse("modifier:JW") not in drawing.selection.concepts
