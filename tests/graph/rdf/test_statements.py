"""Statements of releases, as lines of N-Quads and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.statements import read_condition, read_release, read_statement, statement_lines, statement_node
from kg.graph.rdf.vocabulary import DETAILS, RELATIONS
from kg.model import Concept, Relation, Statement, Verdict

from .short import parsed, properties, said, shown

EDITS = "ncci-ptp"


def stated(**changes: object) -> Statement:
    """That 96413 and 96372 are not paid together, unless told otherwise."""
    both = Concept.parse("96413"), Concept.parse("96372")
    plain = Statement(both[0], Relation.BUNDLED_WITH, both[1], 7, "96413 | 96372 | 1")
    return replace(plain, **changes)  # type: ignore[arg-type]


def of_statement(statement: Statement, verdict: Verdict = Verdict.CORROBORATED) -> set[tuple[str, str]]:
    return said(parsed([statement_lines(EDITS, statement, verdict)]))


def test_a_statement() -> None:
    statement = stated(
        valid_from=date(2020, 1, 1),
        valid_through=date(2026, 3, 31),
        details=(("modifierIndicator", "1"), ("rationale", "Standards of practice")),
    )
    found = parsed([statement_lines(EDITS, statement, Verdict.DISPUTED)])
    assert {graph for *_, graph in shown(found)} == {"graph:reference"}
    assert {subject for subject, *_ in shown(found)} == {
        statement_node(EDITS, statement).value.replace(PREFIXES["statement"], "statement:")
    }
    assert said(found) == {
        ("rdf:type", "bkg:Statement"),
        ("rdf:subject", "cpt:96413"),
        ("rdf:predicate", "bkg:bundledWith"),
        ("rdf:object", "cpt:96372"),
        ("bkg:verdict", "bkg:disputed"),
        ("bkg:accordingTo", "release:ncci-ptp"),
        ("bkg:releaseText", '"96413 | 96372 | 1"'),
        ("bkg:row", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("bkg:validFrom", '"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("bkg:validThrough", '"2026-03-31"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("bkg:modifierIndicator", '"1"'),
        ("bkg:rationale", '"Standards of practice"'),
    }


def test_a_statement_without_a_row() -> None:
    assert not [name for name, _ in of_statement(stated(row=0)) if name == "bkg:row"]


def test_every_detail_that_readers_give_has_a_name() -> None:
    found = of_statement(stated(details=tuple((name, "x") for name in DETAILS)))
    assert {(f"bkg:{name}", '"x"') for name in DETAILS} <= found


@pytest.mark.parametrize("relation", Relation)
def test_every_relation_can_be_stated(relation: Relation) -> None:
    assert ("rdf:predicate", f"bkg:{relation}") in of_statement(stated(relation=relation))
    assert RELATIONS[relation].value.endswith(relation)


def test_the_node_of_a_statement_is_that_of_its_content() -> None:
    one = statement_node(EDITS, stated())
    # Names, dates and details may be told better by a later reader, and the statement is the same.
    assert one == statement_node(EDITS, stated(subject=Concept.parse("96413", "a name"), valid_from=date(2020, 1, 1)))
    others = [
        stated(row=8), stated(text="other"), stated(relation=Relation.RELATED_PROCEDURE),
        stated(subject=Concept.parse("96372"), object=Concept.parse("96413")),
    ]  # fmt: skip
    assert len({one, statement_node("other", stated()), *(statement_node(EDITS, other) for other in others)}) == 6


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.builds(
        stated,
        row=st.integers(0, 99),
        text=TEXTS,
        valid_from=st.none() | st.dates(),
        valid_through=st.none() | st.dates(),
        details=st.sets(st.sampled_from(list(DETAILS))).flatmap(
            lambda names: st.tuples(*(st.tuples(st.just(name), TEXTS) for name in DETAILS if name in names))
        ),
    )
)
def test_what_is_written_is_read_back(statement: Statement) -> None:
    found = properties(parsed(statement_lines(EDITS, statement, Verdict.DISPUTED)))
    own = found[statement_node(EDITS, statement)]
    assert read_statement(own) == statement
    assert read_release(own) == EDITS


def test_what_else_a_row_says_is_told_in_words() -> None:
    statement = stated(valid_from=date(2020, 1, 1), details=(("billingUnitsPerPackage", "4"), ("rationale", "Why")))
    (own,) = properties(parsed(statement_lines(EDITS, statement, Verdict.DISPUTED))).values()
    assert read_condition(own) == "billing units per package 4; rationale Why; from 2020-01-01"
