"""Checks a built graph: the SHACL shapes, and what shapes cannot say or not fast enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import resources
from kg.errors import MissingExtra
from kg.graph.store import GraphStore, damage
from kg.graph.vocabulary import ASSERTIONS, BKG, ONTOLOGY, PREFIXES, RDF, REFERENCE, RELATION_GRAPHS, curie

if TYPE_CHECKING:
    import rdflib

SAMPLE = 1000
"""How many assertions the shapes look at: pySHACL takes seconds for these, minutes for ten times as many."""

_PREFIXES = {**PREFIXES, "relations": f"{PREFIXES['graph']}relations/"}

# Of one kind of problem, so many are told one by one.
_TOLD = 5


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that holds in every graph: what to say where it does not, and a query for where."""

    problem: str
    query: str


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "the quote is not as long as its offsets say",
        """SELECT ?what { ?what oa:start ?start ; oa:end ?end ; oa:exact ?quote
        FILTER(STRLEN(?quote) != ?end - ?start) }""",
    ),
    Invariant(
        "affirmed, but no graph of relations has its edge",
        """SELECT ?what { ?what bkg:polarity bkg:affirmed ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
        FILTER NOT EXISTS { ?s ?p ?o } }""",
    ),
    Invariant(
        "its edge stands in a graph of relations weaker than its verdict",
        """SELECT ?what { ?what bkg:polarity bkg:affirmed ; bkg:verdict ?verdict ;
            rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . GRAPH ?g { ?s ?p ?o }
        VALUES (?verdict ?rank) {
            (bkg:corroborated 0) (bkg:consistent 1) (bkg:unchecked 2) (bkg:disputed 3) (bkg:refuted 4) }
        VALUES (?g ?level) { (relations:corroborated 0) (relations:consistent 1) (relations:unchecked 2)
            (relations:disputed 3) (relations:refuted 4) }
        FILTER(?level > ?rank) }""",
    ),
    Invariant(
        "an edge that no affirmed assertion of its verdict states",
        """SELECT (?s AS ?what) {
        VALUES (?g ?verdict) { (relations:corroborated bkg:corroborated) (relations:consistent bkg:consistent)
            (relations:unchecked bkg:unchecked) (relations:disputed bkg:disputed)
            (relations:refuted bkg:refuted) }
        GRAPH ?g { ?s ?p ?o }
        MINUS { GRAPH graph:assertions { ?a rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;
            bkg:polarity bkg:affirmed ; bkg:verdict ?verdict } } }""",
    ),
    Invariant(
        "a triple that stands in two graphs",
        """SELECT ?what { GRAPH ?g { ?what ?p ?o } FILTER(?g != graph:reference)
        GRAPH ?h { ?what ?p ?o } FILTER(?g != ?h) }""",
    ),
    Invariant(
        "a concept of two classes",
        """SELECT ?what { ?what a ?class
        FILTER(STRSTARTS(STR(?class), STR(bkg:)) && !STRSTARTS(STR(?what), STR(bkg:))) }
        GROUP BY ?what HAVING (COUNT(DISTINCT ?class) > 1)""",
    ),
    Invariant(
        "a concept without a class",
        """SELECT DISTINCT ?what { ?a rdf:subject|rdf:object|bkg:suggestion|bkg:about|bkg:forRoute|
        bkg:forPlace|bkg:forPayer|bkg:forDiagnosis|bkg:withModifier ?what
        FILTER NOT EXISTS { ?what a ?class } }""",
    ),
    Invariant(
        "its object is not of a kind that its relation takes",
        """SELECT ?what { ?what rdf:predicate ?p ; rdf:object ?o . ?p rdfs:range ?range
        FILTER NOT EXISTS { ?o a ?class . ?class rdfs:subClassOf* ?range } }""",
    ),
    Invariant(
        "its evidence is from another document",
        """SELECT ?what { ?what prov:wasDerivedFrom ?document ; bkg:evidence ?e . ?e oa:hasSource ?source
        FILTER(?document != ?source) }""",
    ),
    Invariant(
        "disputed or refuted without a reason",
        """SELECT ?what { VALUES ?verdict { bkg:disputed bkg:refuted } ?what bkg:verdict ?verdict
        FILTER NOT EXISTS { ?what bkg:verdictReason ?reason } }""",
    ),
    Invariant(
        "a name without a language",
        """SELECT ?what { { ?what skos:prefLabel ?name } UNION { ?what skos:altLabel ?name }
        FILTER(LANG(?name) = "") }""",
    ),
    Invariant(
        "the notation is not the code in its IRI",
        "SELECT ?what { ?what skos:notation ?code FILTER(!STRENDS(STR(?what), CONCAT('/', ?code))) }",
    ),
    Invariant(
        "broader than it is something that the graph does not have",
        """SELECT ?what { GRAPH graph:reference { ?what skos:broader ?above
        FILTER NOT EXISTS { ?above a ?class } } }""",
    ),
    Invariant(
        "a diagnosis code of a release without a name",
        """SELECT ?what { GRAPH graph:reference { ?what bkg:billable ?billable
        FILTER NOT EXISTS { ?what skos:prefLabel ?name } } }""",
    ),
)


def validate(store: GraphStore, sample: int = SAMPLE) -> list[str]:
    """What is wrong with a graph, in plain words; an empty list where nothing is.

    The invariants look at everything. The shapes look at up to `sample` assertions, and at the evidence,
    documents, concepts and releases that belong to them.
    """
    return [*check_invariants(store), *check_shapes(store, sample)]


def check_invariants(store: GraphStore) -> list[str]:
    """Where the project's own invariants do not hold."""
    problems: list[str] = []
    graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
    graphs = [ONTOLOGY, REFERENCE, ASSERTIONS, *RELATION_GRAPHS.values()]
    for invariant in INVARIANTS:
        with damage(store.path):
            found = store.quads.query(invariant.query, prefixes=_PREFIXES, default_graph=graphs)
            assert isinstance(found, ox.QuerySolutions)
            wrong = sorted({str(solution["what"]).strip("<>") for solution in found})
        problems += [f"{curie(what)}: {invariant.problem}" for what in wrong[:_TOLD]]
        if len(wrong) > _TOLD:
            problems.append(f"{len(wrong) - _TOLD} more: {invariant.problem}")
    return problems


def check_shapes(store: GraphStore, sample: int = SAMPLE) -> list[str]:
    """Where the shapes of `ontology/shapes.ttl` do not hold."""
    try:
        import pyshacl
        import rdflib
    except ImportError as exc:
        raise MissingExtra("'kg validate'", "validate") from exc
    data = rdflib.Graph().parse(data=_sample(store, sample), format="nt")
    data.parse(resources.path("ontology", "billing.ttl"), format="turtle")
    shapes = rdflib.Graph().parse(resources.path("ontology", "shapes.ttl"), format="turtle")
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, meta_shacl=False)
    return sorted(_told(results))


def _sample(store: GraphStore, sample: int) -> bytes:
    """Some assertions with all that belongs to them, as N-Triples."""
    assertions = sorted(store.subjects(RDF.type, BKG.Assertion, ASSERTIONS), key=lambda name: name.value)
    documents = store.subjects(RDF.type, BKG.Document, ASSERTIONS)
    releases = store.subjects(RDF.type, BKG.Release, REFERENCE)
    triples = _closure(store, [*assertions[:sample], *documents, *releases])
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _closure(store: GraphStore, waiting: list[ox.NamedNode]) -> Iterator[ox.Triple]:
    """What is said of these nodes, and of the nodes that they lead to."""
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        for predicate, values in (
            *store.about(name, ASSERTIONS).items(),
            *store.about(name, REFERENCE).items(),
        ):
            for value in values:
                yield ox.Triple(name, predicate, value)
                if isinstance(value, ox.NamedNode) and value not in seen:
                    seen.add(value)
                    waiting.append(value)


def _told(results: rdflib.Graph) -> Iterator[str]:
    import rdflib

    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for result in results.subjects(rdflib.RDF.type, shacl.ValidationResult):
        focus, path = results.value(result, shacl.focusNode), results.value(result, shacl.resultPath)
        value, message = results.value(result, shacl.value), results.value(result, shacl.resultMessage)
        property = f" {curie(str(path))}" if path is not None else ""
        found = f" (found {str(value)!r})" if value is not None else ""
        yield f"{curie(str(focus))}:{property} {message}{found}"
