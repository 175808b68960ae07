from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.graph.store import GraphStore
from kg.graph.validate import INVARIANTS, check_invariants, validate
from kg.graph.vocabulary import (
    ASSERTIONS,
    BKG,
    CLASSES,
    DCTERMS,
    OA,
    QUALIFIERS,
    RDF,
    REFERENCE,
    RELATION_GRAPHS,
    RELATIONS,
    SKOS,
    VERDICTS,
    node,
    thing,
)
from kg.model import Concept, Kind, Qualifier, Relation, Verdict

from .making import assertion, evidence, write

# rdflib warns of its own code.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl")

STATED = assertion("icd10cm:M05.79", at=evidence("Supported: M05.79", 10))
ITS = thing("assertion", STATED.identifier)
J3262, M0579 = node(STATED.subject), node(STATED.object)
EDGE = RELATIONS[Relation.SUPPORTED_BY_DIAGNOSIS]
UNCHECKED = RELATION_GRAPHS[Verdict.UNCHECKED]


def test_a_built_graph_is_in_order(small: GraphStore) -> None:
    assert validate(small) == []


def test_an_empty_graph_is_in_order(tmp_path: Path) -> None:
    with GraphStore.open(write(tmp_path, [])) as store:
        assert validate(store) == []


def broken(path: Path, add: list[Quad], remove: list[Quad] = []) -> list[str]:  # noqa: B006
    """What validation says of a good graph after such a change."""
    write(path, [STATED])
    writable = Store(str(path / "builds" / "1" / "quads"))
    for quad in remove:
        assert quad in writable
        writable.remove(quad)
    writable.extend(add)
    writable.flush()
    del writable
    (path / "builds" / "1" / "manifest.json").write_text('{"format": 1}')
    with GraphStore.open(path) as store:
        return validate(store)


def selector(store_path: Path) -> NamedNode:
    write(store_path, [STATED])
    with GraphStore.open(store_path) as store:
        (name,) = store.subjects(RDF.type, OA.TextQuoteSelector, ASSERTIONS)
    return name


AFFIRMED = Quad(J3262, EDGE, M0579, UNCHECKED)
BREAKS: dict[str, tuple[list[Quad], list[Quad]]] = {
    "affirmed, but no graph of relations has its edge": ([], [AFFIRMED]),
    "its edge stands in a graph of relations weaker": (
        [Quad(J3262, EDGE, M0579, RELATION_GRAPHS[Verdict.REFUTED])],
        [AFFIRMED],
    ),
    "no affirmed assertion of its verdict": (
        [Quad(J3262, EDGE, node(Concept.parse("M06.9")), UNCHECKED)],
        [],
    ),
    "stands in two graphs": ([Quad(J3262, SKOS.notation, Literal("J3262"), ASSERTIONS)], []),
    "two classes": ([Quad(J3262, RDF.type, CLASSES[Kind.DRUG], REFERENCE)], []),
    "without a class": (
        [Quad(ITS, QUALIFIERS[Qualifier.FOR_ROUTE], node(Concept.parse("route:oral")), ASSERTIONS)],
        [],
    ),
    "not of a kind that its relation takes": (
        [Quad(ITS, RDF.predicate, RELATIONS[Relation.IDENTIFIES_DRUG], ASSERTIONS)],
        [],
    ),
    "is from another document": (
        [Quad(ITS, NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom"), thing("document", "x"), ASSERTIONS)],
        [],
    ),
    "without a reason": (
        [Quad(ITS, BKG.verdict, VERDICTS[Verdict.REFUTED], ASSERTIONS)],
        [Quad(ITS, BKG.verdict, VERDICTS[Verdict.UNCHECKED], ASSERTIONS)],
    ),
    "a name without a language": ([Quad(J3262, SKOS.altLabel, Literal("x"), REFERENCE)], []),
    "not the code in its IRI": ([Quad(J3262, SKOS.notation, Literal("J9999"), REFERENCE)], []),
    "that the graph does not have": (
        [Quad(node(Concept.parse("drug:tocilizumab")), SKOS.broader, NamedNode("x:y"), REFERENCE)],
        [],
    ),
    "without a name": ([Quad(node(Concept.parse("M99.9")), BKG.billable, Literal(True), REFERENCE)], []),
}


@pytest.mark.parametrize("problem", BREAKS)
def test_each_invariant_finds_what_breaks_it(tmp_path: Path, problem: str) -> None:
    assert any(problem in said for said in broken(tmp_path, *BREAKS[problem]))


def test_a_quote_of_another_length(tmp_path: Path) -> None:
    name = selector(tmp_path / "one")
    quads = [Quad(name, OA.exact, Literal("😀"), ASSERTIONS)]
    gone = [Quad(name, OA.exact, Literal("Supported: M05.79"), ASSERTIONS)]
    assert any("not as long as its offsets say" in said for said in broken(tmp_path / "two", quads, gone))


def test_every_invariant_is_tested() -> None:
    tested = [*BREAKS, "not as long as its offsets say"]
    assert all(any(problem in invariant.problem for problem in tested) for invariant in INVARIANTS)


SHAPES: dict[str, list[Quad]] = {
    "a code has one notation": [Quad(M0579, SKOS.notation, Literal("M05.790"), REFERENCE)],
    "at most one name": [Quad(M0579, SKOS.prefLabel, Literal("Other", language="en"), REFERENCE)],
    "not a HCPCS Level II code": [Quad(J3262, SKOS.notation, Literal("X3262"), REFERENCE)],
    "one billing code": [Quad(ITS, RDF.subject, M0579, ASSERTIONS)],
    "one of our relations": [Quad(ITS, RDF.predicate, RDF.type, ASSERTIONS)],
    "one evidence": [Quad(ITS, BKG.evidence, ITS, ASSERTIONS)],
    "bkg:polarity": [Quad(ITS, BKG.polarity, BKG.Polarity, ASSERTIONS)],
    "bkg:forRoute": [Quad(ITS, QUALIFIERS[Qualifier.FOR_ROUTE], M0579, ASSERTIONS)],
    "bkg:sha256": [Quad(thing("document", "guide"), BKG.sha256, Literal("xyz"), ASSERTIONS)],
    "dcterms:title": [Quad(thing("release", "icd10cm-2026-04"), DCTERMS.title, Literal("B"), REFERENCE)],
}


@pytest.mark.parametrize("problem", SHAPES)
def test_shapes_find_what_breaks_them(tmp_path: Path, problem: str) -> None:
    assert any(problem in said for said in broken(tmp_path, SHAPES[problem]))


def test_many_problems_of_one_kind_are_counted(tmp_path: Path) -> None:
    write(tmp_path, [])
    writable = Store(str(tmp_path / "builds" / "1" / "quads"))
    writable.extend(Quad(node(Concept(Kind.DRUG, f"d{n}")), SKOS.altLabel, Literal("x"), REFERENCE) for n in range(9))
    del writable
    (tmp_path / "builds" / "1" / "manifest.json").write_text('{"format": 1}')
    with GraphStore.open(tmp_path) as store:
        found = check_invariants(store)
    assert found == [
        *(f"drug:d{n}: a name without a language" for n in range(5)),
        "4 more: a name without a language",
    ]
