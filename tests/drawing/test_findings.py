"""What speaks against a page's connections: in the file whatever is trusted, each mistake once, with what was meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg.drawing import draw
from kg.drawing.gathering import Excerpt, in_file
from kg.drawing.layout import plans
from kg.drawing.selection import select
from kg.errors import NotFound
from kg.graph.lookup import findings
from kg.graph.store import GraphStore
from kg.model import Code, Concept, Relation, Verdict
from kg.network import find_paths
from kg.reference import Edition, Entry, Reference
from tests.graph.making import HCPCS, assertion, evidence, guide, write

from .samples import J2356, J3032, J3262, TEZEPELUMAB, connect, mistake_drawing, mistaken, star
from .test_writing import data_of


def test_what_is_refuted_is_in_the_file_whatever_is_trusted() -> None:
    assert in_file("corroborated") == (Verdict.CORROBORATED, Verdict.REFUTED)
    assert in_file("refuted") == tuple(Verdict)


def test_a_mistake_is_told_once_with_its_sentences_and_what_depends_on_it() -> None:
    data = data_of(mistake_drawing().html())
    [finding] = data["findings"]
    quotes = [data["evidence"][number]["quote"] for number in finding["evidence"]]
    assert quotes == ["It is given every four weeks.", "J3032 is used for Tezspire (tezepelumab-ekko)."]
    assert finding["hangs"] == 2 and data["concepts"][finding["suggested"]]["curie"] == "hcpcs:J2356"
    own, hanging = (
        {data["concepts"][each["object"]]["curie"] for each in data["connections"] if each.get(what)}
        for what in ("findings", "doubts")
    )
    assert own == {"drug:tezepelumab"} and hanging == {"modifier:LT", "modifier:RT"}


def test_the_code_that_was_meant_stands_beside_what_it_is_taken_for() -> None:
    drawing = mistake_drawing()
    assert J2356 in drawing.concepts
    assert (J2356, TEZEPELUMAB) in {(each.subject, each.object) for each in drawing.connections}
    titles = [each.text for each in plans(drawing.selection, ())["panels"].headings]
    assert titles[:3] == ["identifies drug", "✗ identifies drug", "✓✓ probably meant"]


def test_a_code_that_was_meant_and_connects_to_nothing_waits_in_the_file() -> None:
    drawing = mistake_drawing(meant=False)
    assert J2356 not in drawing.concepts and J2356 in drawing.waiting


def test_what_is_refuted_is_drawn_before_what_is_not_but_does_not_fill_the_picture() -> None:
    claims = [
        connect(J3262, Relation.SIMILAR_TO, Concept.parse(f"hcpcs:Q{number:04d}"), verdict=Verdict.REFUTED)
        for number in range(50)
    ]
    drawn = select([*star(160), *claims], [J3262], [], 30).concepts[:30]
    assert sum(concept.key.startswith("Q") for concept in drawn) == 10


def test_refuted_connections_change_no_fees_of_paths() -> None:
    connections, background = mistaken()
    trusted = [each for each in connections if each.verdict is not Verdict.REFUTED]

    def fees(drawn: list[Any]) -> dict[Any, Any]:
        data = data_of(draw(drawn, [J3032], background=background).html())
        curies = [each["curie"] for each in data["concepts"]]
        return {(curies[each["subject"]], curies[each["object"]]): each["fees"] for each in data["connections"]}

    with_claims = fees(connections)
    assert {edge: with_claims[edge] for edge in fees(trusted)} == fees(trusted)
    assert find_paths(trusted, J3032, J2356, 1) == []


def test_a_drawing_of_findings_has_what_is_wrong_and_what_depends_on_it(tmp_path: Path) -> None:
    ended = Entry(Code.parse("J3262"), "Tocilizumab", valid_from=date(2011, 1, 1), valid_through=date(2020, 12, 31))
    known = Reference.of([Edition(HCPCS, (ended,))])
    other = assertion("modifier:JW", Relation.ACCEPTS_MODIFIER, subject="hcpcs:J1745", at=evidence("JW", 300))
    with GraphStore.open(write(tmp_path, [*guide(), other], known=known, as_of=date(2026, 1, 1))) as store:
        excerpt, found = Excerpt(store, tuple(Verdict), (), "disputed"), findings(store)
        drawing = excerpt.draw_findings(found, title=None, max_nodes=150)
        with pytest.raises(NotFound, match="no findings"):
            excerpt.draw_findings([], title=None, max_nodes=150)
    data = data_of(drawing.html())
    assert data["opens"] == "findings" and len(data["findings"]) == len(found) == 1
    assert drawing.concepts[0].key == "J3262"
    # What nothing speaks against is not in it.
    assert "J1745" not in {concept.key for concept in drawing.selection.concepts}
    assert all(each.get("findings") or each.get("doubts") for each in data["connections"])
