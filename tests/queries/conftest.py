"""The small graph: reference and names from `small.trig`, what two guides state from `statements.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, Store

from kg.graph.quads import assertion_quads, edge_quad
from kg.graph.vocabulary import ASSERTIONS, BKG, dataset, node, thing
from kg.model import Assertion, Concept, Evidence, Polarity, Qualifier, Relation, Strength, Verdict

FOLDER = Path(__file__).parent
REASONS = {
    "hcpcs:J9999": ("no such code in HCPCS codes that the guides need", "hcpcs:J3262"),
    "icd10cm:M05": ("a heading that cannot be billed in ICD-10-CM April 2026", None),
}


@pytest.fixture(scope="session")
def store() -> Store:
    store = Store()
    store.load(path=FOLDER / "small.trig", format=RdfFormat.TRIG)
    edges: dict[tuple[Concept, Relation, Concept], Verdict] = {}
    for assertion, verdict in statements():
        store.extend(_quads(assertion, verdict))
        if assertion.polarity is Polarity.AFFIRMED:
            edge = (assertion.subject, assertion.relation, assertion.object)
            edges[edge] = min(verdict, edges.get(edge, verdict), key=lambda verdict: verdict.rank)
    store.extend(edge_quad(*edge, verdict) for edge, verdict in edges.items())
    return store


@pytest.fixture(scope="session")
def graphs() -> list[str]:
    """The dataset of the default trust."""
    return [graph.value for graph in dataset()]


def statements() -> Iterator[tuple[Assertion, Verdict]]:
    for row in (FOLDER / "statements.txt").read_text("utf-8").splitlines():
        if not row.startswith("#"):
            yield _statement([cell.strip() for cell in row.split("|")])


def _statement(cells: list[str]) -> tuple[Assertion, Verdict]:
    document, line, subject, relation, object, polarity, strength, verdict, *rest = cells
    condition, qualifier, name = (*rest, "", "", "")[:3]
    qualifiers = [qualifier.split()] if qualifier else []
    assertion = Assertion(
        Concept.parse(subject),
        Relation(relation),
        Concept.parse(object, name or None),
        Evidence(document, int(line) * 100, int(line) * 100 + 9, f"The text of line {line}.", int(line), "Coding"),
        Polarity(polarity),
        Strength(strength),
        condition,
        tuple((Qualifier(key), Concept.parse(value)) for key, value in qualifiers),
        "table.row",
    )
    return assertion, Verdict(verdict)


def _quads(assertion: Assertion, verdict: Verdict) -> Iterator[Quad]:
    yield from assertion_quads(assertion, verdict)
    reason, suggestion = REASONS.get(assertion.object.curie, ("", None))
    subject = thing("assertion", assertion.identifier)
    if reason:
        yield Quad(subject, BKG.verdictReason, Literal(reason), ASSERTIONS)
    if suggestion:
        yield Quad(subject, BKG.suggestion, node(Concept.parse(suggestion)), ASSERTIONS)
