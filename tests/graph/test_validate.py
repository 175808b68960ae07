from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.graph.rdf.iris import node, thing
from kg.graph.rdf.statements import statement_node
from kg.graph.rdf.values import day
from kg.graph.rdf.vocabulary import (
    ASSERTIONS,
    BKG,
    CLASSES,
    DCTERMS,
    OA,
    POLARITIES,
    PROV,
    QUALIFIERS,
    RDF,
    REFERENCE,
    RELATION_GRAPHS,
    RELATIONS,
    SKOS,
    VERDICTS,
)
from kg.graph.store import GraphStore
from kg.graph.validate import INVARIANTS, check_invariants, check_shapes, validate
from kg.model import Code, Concept, Kind, Polarity, Qualifier, Relation, Verdict
from kg.reference import Edition, Entry, Reference

from .making import HCPCS, assertion, evidence, forget_sizes, reference, write

# rdflib warns of its own code.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl")

STATED = assertion("icd10cm:M05.79", at=evidence("Supported: M05.79", 10))
ITS = thing("assertion", STATED.identifier)
J3262, M0579 = node(STATED.subject), node(STATED.object)
EDGE = RELATIONS[Relation.SUPPORTED_BY_DIAGNOSIS]
UNCHECKED = RELATION_GRAPHS[Verdict.UNCHECKED]
# What the descriptor of J3262 states: its drug.
(RELEASED,) = (
    statement_node(release.identifier, statement)
    for release, statement in reference().statements
    if statement.relation is Relation.IDENTIFIES_DRUG
)
TOCILIZUMAB = node(Concept.parse("drug:tocilizumab"))
IDENTITY = Quad(J3262, RELATIONS[Relation.IDENTIFIES_DRUG], TOCILIZUMAB, RELATION_GRAPHS[Verdict.CORROBORATED])
FINDING = thing("finding", "x")


def reference_entry(code: str) -> Entry:
    entry = reference().entry(Code.parse(code))
    assert entry
    return entry


def test_a_built_graph_is_in_order(small: GraphStore) -> None:
    assert validate(small) == []


def test_an_empty_graph_is_in_order(tmp_path: Path) -> None:
    with GraphStore.open(write(tmp_path, [])) as store:
        assert validate(store) == []


def broken(path: Path, add: list[Quad], remove: list[Quad] = []) -> list[str]:  # noqa: B006
    """What validation says of a good graph after such a change."""
    write(path, [STATED])
    change(path, add, remove)
    with GraphStore.open(path) as store:
        return validate(store)


def change(path: Path, add: list[Quad], remove: list[Quad]) -> None:
    """Change the quads of a store."""
    writable = Store(str(path / "builds" / "1" / "quads"))
    for quad in remove:
        assert quad in writable
        writable.remove(quad)
    writable.extend(add)
    writable.flush()
    del writable
    forget_sizes(path)


def selector(store_path: Path) -> NamedNode:
    write(store_path, [STATED])
    with GraphStore.open(store_path) as store:
        (name,) = store.subjects(RDF.type, OA.TextQuoteSelector, ASSERTIONS)
    return name


AFFIRMED = Quad(J3262, EDGE, M0579, UNCHECKED)


def of_its(said: NamedNode, value: NamedNode | Literal) -> Quad:
    """That this is said of the assertion."""
    return Quad(ITS, said, value, ASSERTIONS)


def is_finding(*said: tuple[NamedNode, NamedNode | Literal]) -> list[Quad]:
    """A finding of which this is said."""
    return [Quad(FINDING, name, value, ASSERTIONS) for name, value in ((RDF.type, BKG.Finding), *said)]


VERDICT = Quad(RELEASED, BKG.verdict, VERDICTS[Verdict.CORROBORATED], REFERENCE)
BREAKS: dict[str, tuple[str, list[Quad], list[Quad]]] = {
    "no edge": ("its edge stands in no graph of relations", [], [AFFIRMED]),
    "no edge of a statement": ("its edge stands in no graph of relations", [], [IDENTITY]),
    "a weak edge": (
        "its edge stands in no graph of relations of its verdict or a stronger one",
        [Quad(J3262, EDGE, M0579, RELATION_GRAPHS[Verdict.REFUTED])],
        [AFFIRMED],
    ),
    "a weak edge of a statement": (
        "its edge stands in no graph of relations of its verdict or a stronger one",
        [Quad(J3262, IDENTITY.predicate, TOCILIZUMAB, RELATION_GRAPHS[Verdict.CONSISTENT])],
        [IDENTITY],
    ),
    "an edge too many": (
        "an edge that nothing of its verdict states",
        [Quad(J3262, EDGE, node(Concept.parse("M06.9")), UNCHECKED)],
        [],
    ),
    "an edge that a document excludes": (
        "an edge that nothing of its verdict states",
        [of_its(BKG.polarity, POLARITIES[Polarity.EXCLUDED])],
        [of_its(BKG.polarity, POLARITIES[Polarity.AFFIRMED])],
    ),
    "two graphs": (
        "a triple that stands in two graphs",
        [Quad(J3262, SKOS.notation, Literal("J3262"), ASSERTIONS)],
        [],
    ),
    "two classes": ("a concept of two classes", [Quad(J3262, RDF.type, CLASSES[Kind.DRUG], REFERENCE)], []),
    "no class": (
        "a concept without a class",
        [of_its(QUALIFIERS[Qualifier.FOR_ROUTE], node(Concept.parse("route:oral")))],
        [],
    ),
    "another object": (
        "its object is not of a kind that its relation takes",
        [of_its(RDF.predicate, RELATIONS[Relation.IDENTIFIES_DRUG])],
        [],
    ),
    "another object of a statement": (
        "its object is not of a kind that its relation takes",
        [Quad(RELEASED, RDF.object, J3262, REFERENCE)],
        [],
    ),
    "another subject": (
        "its subject is not of a kind that its relation takes",
        [Quad(RELEASED, RDF.subject, M0579, REFERENCE)],
        [],
    ),
    "another document": (
        "its evidence is from another document",
        [of_its(PROV.wasDerivedFrom, thing("document", "x"))],
        [],
    ),
    "no reason": (
        "disputed or refuted without a reason",
        [of_its(BKG.verdict, VERDICTS[Verdict.REFUTED])],
        [of_its(BKG.verdict, VERDICTS[Verdict.UNCHECKED])],
    ),
    "a statement without an interval": (
        "a statement that is disputed, though it and its codes have no end and no beginning",
        [Quad(RELEASED, BKG.verdict, VERDICTS[Verdict.DISPUTED], REFERENCE)],
        [VERDICT, *(Quad(one, BKG.validFrom, day(date(2011, 1, 1)), REFERENCE) for one in (RELEASED, J3262))],
    ),
    "a finding alone": ("a finding that no assertion has", is_finding(), []),
    "hangs on nothing": ("depends on a finding that the graph does not have", [of_its(BKG.hangsOn, FINDING)], []),
    "hangs too much": (
        "not so many verdicts depend on the finding as it says",
        [of_its(BKG.finding, FINDING), *is_finding((BKG.hanging, Literal(1)))],
        [],
    ),
    "hangs too little": (
        "not so many verdicts depend on the finding as it says",
        [of_its(BKG.hangsOn, FINDING), *is_finding((BKG.hanging, Literal(0)))],
        [],
    ),
    "no release": (
        "according to a release that the graph does not have",
        [Quad(RELEASED, BKG.accordingTo, thing("release", "x"), REFERENCE)],
        [],
    ),
    "no release of a code": (
        "according to a release that the graph does not have",
        [Quad(J3262, BKG.describedBy, thing("release", "x"), REFERENCE)],
        [],
    ),
    "no description": (
        "a code with a name, but without the release that describes it",
        [],
        [Quad(J3262, BKG.describedBy, thing("release", HCPCS.identifier), REFERENCE)],
    ),
    "no language": ("a name without a language", [Quad(J3262, SKOS.altLabel, Literal("x"), REFERENCE)], []),
    "another code": (
        "the notation is not the code in its IRI",
        [Quad(J3262, SKOS.notation, Literal("J9999"), REFERENCE)],
        [],
    ),
    "nothing broader": (
        "broader than it is something that the graph does not have",
        [Quad(TOCILIZUMAB, SKOS.broader, NamedNode("x:y"), REFERENCE)],
        [],
    ),
    "no name": (
        "a diagnosis code of a release without a name",
        [Quad(node(Concept.parse("M99.9")), BKG.billable, Literal(True), REFERENCE)],
        [],
    ),
}


@pytest.mark.parametrize("problem", BREAKS)
def test_each_invariant_finds_what_breaks_it(tmp_path: Path, problem: str) -> None:
    message, added, removed = BREAKS[problem]
    write(tmp_path, [STATED])
    change(tmp_path, added, removed)
    with GraphStore.open(tmp_path) as store:
        assert any(message in said for said in check_invariants(store))


def test_a_quote_of_another_length(tmp_path: Path) -> None:
    name = selector(tmp_path / "one")
    quads = [Quad(name, OA.exact, Literal("😀"), ASSERTIONS)]
    gone = [Quad(name, OA.exact, Literal("Supported: M05.79"), ASSERTIONS)]
    assert any("not as long as its offsets say" in said for said in broken(tmp_path / "two", quads, gone))


def test_every_invariant_is_tested() -> None:
    tested = [*(message for message, _, _ in BREAKS.values()), "not as long as its offsets say"]
    assert all(any(message in invariant.problem for message in tested) for invariant in INVARIANTS)


SHAPES: dict[str, list[Quad]] = {
    "a code has one notation": [Quad(M0579, SKOS.notation, Literal("M05.790"), REFERENCE)],
    "at most one name": [Quad(M0579, SKOS.prefLabel, Literal("Other", language="en"), REFERENCE)],
    "not a HCPCS Level II code": [Quad(J3262, SKOS.notation, Literal("X3262"), REFERENCE)],
    "one billing code": [Quad(ITS, RDF.subject, M0579, ASSERTIONS)],
    "one of the relations that documents state": [of_its(RDF.predicate, RELATIONS[Relation.BUNDLED_WITH])],
    "bkg:hangsOn": [of_its(BKG.hangsOn, M0579)],
    "according to a release, or opposed by": [of_its(BKG.finding, FINDING), *is_finding()],
    "bkg:opposedBy": [of_its(BKG.finding, FINDING), *is_finding((BKG.opposedBy, M0579))],
    "a row is a number from 1": [Quad(RELEASED, BKG.row, Literal(0), REFERENCE)],
    "the subject of a statement is one code": [Quad(RELEASED, RDF.subject, TOCILIZUMAB, REFERENCE)],
    "the predicate of a statement is one of our relations": [Quad(RELEASED, RDF.predicate, RDF.type, REFERENCE)],
    "the object of a statement is one concept": [Quad(RELEASED, RDF.object, BKG.Code, REFERENCE)],
    "a statement holds, or a code in it is not": [Quad(RELEASED, BKG.verdict, VERDICTS[Verdict.REFUTED], REFERENCE)],
    "a statement is according to one release": [
        Quad(RELEASED, BKG.accordingTo, thing("release", "icd10cm-2026-04"), REFERENCE)
    ],
    "valid from a date that is not after": [Quad(RELEASED, BKG.validThrough, day(date(2000, 1, 1)), REFERENCE)],
    "bkg:addOnType": [Quad(RELEASED, BKG.addOnType, Literal("4"), REFERENCE)],
    "bkg:globalDays": [Quad(RELEASED, BKG.globalDays, Literal("11"), REFERENCE)],
    "bkg:modifierIndicator": [Quad(RELEASED, BKG.modifierIndicator, Literal("2"), REFERENCE)],
    "a code is described by at most one release": [
        Quad(J3262, BKG.describedBy, thing("release", "icd10cm-2026-04"), REFERENCE)
    ],
    "bkg:headingFrom": [Quad(M0579, BKG.headingFrom, Literal("now"), REFERENCE)],
    "bkg:outside": [Quad(thing("release", "icd10cm-2026-04"), BKG.outside, Literal(1), REFERENCE)],
    "one evidence": [Quad(ITS, BKG.evidence, ITS, ASSERTIONS)],
    "bkg:polarity": [Quad(ITS, BKG.polarity, BKG.Polarity, ASSERTIONS)],
    "bkg:forRoute": [Quad(ITS, QUALIFIERS[Qualifier.FOR_ROUTE], M0579, ASSERTIONS)],
    "bkg:sha256": [Quad(thing("document", "guide"), BKG.sha256, Literal("xyz"), ASSERTIONS)],
    "dcterms:title": [Quad(thing("release", "icd10cm-2026-04"), DCTERMS.title, Literal("B"), REFERENCE)],
}


def test_findings_of_assertions_outside_the_sample_are_whole(tmp_path: Path) -> None:
    """Of a finding that several assertions share, the one that has it must be looked at too."""
    ended = replace(reference_entry("J3262"), valid_through=date(2020, 12, 31))
    known = Reference.of([Edition(HCPCS, (ended,))])
    stated = [assertion("icd10cm:M05.79", at=evidence(f"M05.79 {n}", n * 10)) for n in range(4)]
    with GraphStore.open(write(tmp_path, stated, known, date(2026, 1, 1))) as store:
        assert all(check_shapes(store, sample) == [] for sample in range(1, 5))


@pytest.mark.parametrize("problem", SHAPES)
def test_shapes_find_what_breaks_them(tmp_path: Path, problem: str) -> None:
    assert any(problem in said for said in broken(tmp_path, SHAPES[problem]))


def test_many_problems_of_one_kind_are_counted(tmp_path: Path) -> None:
    write(tmp_path, [])
    writable = Store(str(tmp_path / "builds" / "1" / "quads"))
    writable.extend(Quad(node(Concept(Kind.DRUG, f"d{n}")), SKOS.altLabel, Literal("x"), REFERENCE) for n in range(9))
    del writable
    forget_sizes(tmp_path)
    with GraphStore.open(tmp_path) as store:
        found = check_invariants(store)
    assert found == [
        *(f"drug:d{n}: a name without a language" for n in range(5)),
        "4 more: a name without a language",
    ]


def test_a_problem_of_a_shape_is_told_with_its_node_its_property_and_what_was_found(tmp_path: Path) -> None:
    said = broken(tmp_path, [Quad(M0579, SKOS.notation, Literal("M05.790"), REFERENCE)])
    assert any(one.startswith("icd10cm:M05.79: skos:notation ") for one in said), said
    said = broken(tmp_path / "other", [Quad(RELEASED, BKG.row, Literal(0), REFERENCE)])
    assert any("bkg:row" in one and one.endswith("(found '0')") for one in said), said
