"""The small graph: reference and names from `small.trig`, what two guides state from `statements.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store

from kg.graph.rdf.assertions import assertion_lines, evidence_iri, evidence_lines, verdict_quad
from kg.graph.rdf.edges import edge_line
from kg.graph.rdf.findings import dependence_quads, finding_quads
from kg.graph.rdf.vocabulary import dataset
from kg.model import Assertion, Concept, Evidence, Finding, PlainEdge, Polarity, Qualifier, Relation, Strength, Verdict

FOLDER = Path(__file__).parent
# What is found about each object, and the object of another assertion that hangs on it.
FINDINGS = {
    "hcpcs:J9999": ("no such code in HCPCS codes that the guides need", "hcpcs-small", "", 0, "hcpcs:J3262"),
    "icd10cm:M05": ("a heading that cannot be billed in ICD-10-CM April 2026", "icd10cm-2026-04", "RA", 5, None),
}
HANGING = {"cpt:82784": "hcpcs:J9999"}


@pytest.fixture(scope="session")
def store() -> Store:
    return small_graph()


def small_graph() -> Store:
    store = Store()
    store.load(path=FOLDER / "small.trig", format=RdfFormat.TRIG)
    edges: dict[PlainEdge, Verdict] = {}
    for assertion, verdict in statements():
        place = evidence_iri(assertion.evidence)
        _load(store, assertion_lines(assertion, place) + evidence_lines(assertion.evidence, place))
        store.extend(_quads(assertion, verdict))
        if assertion.polarity is Polarity.AFFIRMED:
            edge = PlainEdge(assertion.subject, assertion.relation, assertion.object)
            edges[edge] = min(verdict, edges.get(edge, verdict), key=lambda verdict: verdict.rank)
    _load(store, "".join(edge_line(edge, verdict) for edge, verdict in edges.items()))
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


def _load(store: Store, lines: str) -> None:
    store.load(lines, format=RdfFormat.N_QUADS)


def _quads(assertion: Assertion, verdict: Verdict) -> Iterator[Quad]:
    yield verdict_quad(assertion.identifier, verdict)
    if assertion.object.curie in FINDINGS:
        yield from finding_quads(_finding(assertion, verdict))
    if assertion.object.curie in HANGING:
        (on,) = (pair for pair in statements() if pair[0].object.curie == HANGING[assertion.object.curie])
        yield from dependence_quads(assertion.identifier, _finding(*on))


def _finding(assertion: Assertion, verdict: Verdict) -> Finding:
    concept = assertion.object
    reason, release, official, row, better = FINDINGS[concept.curie]
    return Finding(
        assertion,
        verdict,
        concept,
        reason,
        release,
        Concept.parse(better) if better else None,
        concept.name or "",
        official,
        row,
        hangs=list(HANGING.values()).count(concept.curie),
        check="existence" if better else "",
    )
