"""Checks a built graph: the SHACL shapes, and what shapes cannot say or not fast enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import resources
from kg.errors import MissingExtra
from kg.graph.manifest import damage
from kg.graph.rdf.iris import PREFIXES, curie
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, ONTOLOGY, RDF, REFERENCE, RELATION_GRAPHS, RELATIONS
from kg.graph.store import GraphStore
from kg.model import Verdict

if TYPE_CHECKING:
    import rdflib

SAMPLE = 1000
"""How many assertions the shapes look at: pySHACL takes seconds for these, minutes for ten times as many."""
_STATEMENTS = 20
"""Of each relation so many times fewer statements: those of one relation are all made alike."""

_PREFIXES = {**PREFIXES, "relations": f"{PREFIXES['graph']}relations/"}

# Of one kind of problem, so many are told one by one.
_MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that holds in every graph: what to say where it does not, and a query for where."""

    problem: str
    query: str


# Patterns over one named graph are many times faster than over all of them together. Verdicts are written out, since
# Virtuoso cannot compile one MINUS with VALUES in it, and runs out of rows at another.
_STATED = {
    "reference": "?what a bkg:Statement ; bkg:verdict bkg:{} ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o",
    "assertions": """?what bkg:polarity bkg:affirmed ; bkg:verdict bkg:{} ;
        rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o""",
}
_WITHOUT_EDGE = " UNION ".join(
    f"{{ GRAPH graph:{graph} {{ {stated.format(verdict)} }} "
    + " ".join(f"MINUS {{ GRAPH relations:{strong} {{ ?s ?p ?o }} }}" for strong in Verdict.floor(verdict))
    + " }"
    for verdict in Verdict
    for graph, stated in _STATED.items()
)
_UNSTATED = " UNION ".join(
    f"{{ GRAPH relations:{verdict} {{ ?s ?p ?o }} "
    + " ".join(f"MINUS {{ GRAPH graph:{graph} {{ {stated.format(verdict)} }} }}" for graph, stated in _STATED.items())
    + " }"
    for verdict in Verdict
)

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "the quote is not as long as its offsets say",
        """SELECT ?what { ?what oa:start ?start ; oa:end ?end ; oa:exact ?quote
        FILTER(STRLEN(?quote) != ?end - ?start) }""",
    ),
    Invariant(
        "its edge stands in no graph of relations of its verdict or a stronger one",
        f"SELECT ?what {{ {_WITHOUT_EDGE} }}",
    ),
    Invariant(
        "an edge that nothing of its verdict states",
        f"SELECT (?s AS ?what) {{ {_UNSTATED} }}",
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
        """SELECT DISTINCT ?what { { SELECT DISTINCT ?what { VALUES ?said { rdf:subject rdf:object bkg:suggestion
            bkg:about bkg:betterCode bkg:forRoute bkg:forPlace bkg:forPayer bkg:forDiagnosis bkg:withModifier }
            ?a ?said ?what } }
        MINUS { ?what a ?class } }""",
    ),
    Invariant(
        "its object is not of a kind that its relation takes",
        # Of each kind that does not fit, one is told.
        """SELECT ?what { { SELECT ?p ?class (IRI(MIN(STR(?a))) AS ?what) {
            { GRAPH graph:reference { ?a rdf:predicate ?p ; rdf:object ?o . ?o a ?class } }
            UNION { GRAPH graph:assertions { ?a rdf:predicate ?p ; rdf:object ?o } ?o a ?class } }
            GROUP BY ?p ?class }
        ?p rdfs:range ?range FILTER NOT EXISTS { ?class rdfs:subClassOf* ?range } }""",
    ),
    Invariant(
        "its subject is not of a kind that its relation takes",
        # Of each kind that does not fit, one is told.
        """SELECT ?what { { SELECT ?p ?class (IRI(MIN(STR(?a))) AS ?what) {
            { GRAPH graph:reference { ?a rdf:predicate ?p ; rdf:subject ?s . ?s a ?class } }
            UNION { GRAPH graph:assertions { ?a rdf:predicate ?p ; rdf:subject ?s } ?s a ?class } }
            GROUP BY ?p ?class }
        ?p rdfs:domain ?domain FILTER NOT EXISTS { ?class rdfs:subClassOf* ?domain } }""",
    ),
    Invariant(
        "its evidence is from another document",
        """SELECT ?what { ?what prov:wasDerivedFrom ?document ; bkg:evidence ?e . ?e oa:hasSource ?source
        FILTER(?document != ?source) }""",
    ),
    Invariant(
        "disputed or refuted without a reason",
        """SELECT ?what { VALUES ?verdict { bkg:disputed bkg:refuted } ?what bkg:verdict ?verdict ; bkg:polarity ?is
        FILTER NOT EXISTS { ?what bkg:verdictReason ?reason } }""",
    ),
    Invariant(
        "a statement that is disputed, though it and its codes have no end and no beginning",
        """SELECT ?what { ?what a bkg:Statement ; bkg:verdict bkg:disputed ; rdf:subject ?s ; rdf:object ?o
        FILTER NOT EXISTS { ?what bkg:validFrom|bkg:validThrough ?day }
        FILTER NOT EXISTS { ?s bkg:validFrom|bkg:validThrough ?day }
        FILTER NOT EXISTS { ?o bkg:validFrom|bkg:validThrough ?day } }""",
    ),
    Invariant(
        "a finding that no assertion has",
        "SELECT ?what { ?what a bkg:Finding FILTER NOT EXISTS { ?assertion bkg:finding ?what } }",
    ),
    Invariant(
        "depends on a finding that the graph does not have",
        "SELECT ?what { ?what bkg:hangsOn ?finding FILTER NOT EXISTS { ?finding a bkg:Finding } }",
    ),
    Invariant(
        "not so many verdicts depend on the finding as it says",
        """SELECT ?what { ?what bkg:hanging ?said
        OPTIONAL { SELECT ?what (COUNT(?assertion) AS ?found) { ?assertion bkg:hangsOn ?what } GROUP BY ?what }
        FILTER(?said != COALESCE(?found, 0)) }""",
    ),
    Invariant(
        "according to a release that the graph does not have",
        """SELECT ?what { { ?what bkg:accordingTo ?release } UNION { ?what bkg:describedBy ?release }
        MINUS { ?release a bkg:Release } }""",
    ),
    Invariant(
        "a code with a name, but without the release that describes it",
        """SELECT ?what { GRAPH graph:reference { ?what skos:notation ?code ; skos:prefLabel ?name }
        MINUS { GRAPH graph:reference { ?what bkg:describedBy ?release } } }""",
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

    The invariants look at everything. The shapes look at up to `sample` assertions, at some statements of each
    relation, and at the evidence, findings, documents, concepts and releases that belong to them. Raises `StoreError`
    where a file is not as it was written.
    """
    store.verify()
    return [*check_invariants(store), *check_shapes(store, sample)]


def check_invariants(store: GraphStore) -> list[str]:
    """Where the project's own invariants do not hold."""
    problems: list[str] = []
    graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
    graphs = [ONTOLOGY, REFERENCE, ASSERTIONS, *RELATION_GRAPHS.values()]
    for invariant in INVARIANTS:
        with damage(store.place):
            solutions = store.quads.query(invariant.query, prefixes=_PREFIXES, default_graph=graphs)
            assert isinstance(solutions, ox.QuerySolutions)
            wrong = sorted({str(solution["what"]).strip("<>") for solution in solutions})
        problems += [f"{curie(what)}: {invariant.problem}" for what in wrong[:_MOST_LISTED]]
        if len(wrong) > _MOST_LISTED:
            problems.append(f"{len(wrong) - _MOST_LISTED} more: {invariant.problem}")
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
    return sorted(_messages(results))


def _sample(store: GraphStore, sample: int) -> bytes:
    """Some assertions and statements with all that belongs to them, as N-Triples."""
    assertions = _first(store.subjects(RDF.type, BKG.Assertion, ASSERTIONS), sample)
    documents = store.subjects(RDF.type, BKG.Document, ASSERTIONS)
    releases = store.subjects(RDF.type, BKG.Release, REFERENCE)
    statements = [
        name
        for relation in RELATIONS.values()
        for name in _first(store.subjects(RDF.predicate, relation, REFERENCE), max(1, sample // _STATEMENTS))
    ]
    triples = _closure(store, [*assertions, *statements, *documents, *releases])
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def _first(names: list[ox.NamedNode], number: int) -> list[ox.NamedNode]:
    return sorted(names, key=lambda name: name.value)[:number]


def _closure(store: GraphStore, waiting: list[ox.NamedNode]) -> Iterator[ox.Triple]:
    """What is said of these nodes, of the nodes that they lead to, and of the assertions that have their findings."""
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        for predicate, values in (
            *store.about(name, ASSERTIONS).items(),
            *store.about(name, REFERENCE).items(),
        ):
            for value in values:
                yield ox.Triple(name, predicate, value)
                if isinstance(value, ox.NamedNode):
                    owners = store.subjects(BKG.finding, value, ASSERTIONS) if predicate == BKG.hangsOn else []
                    new = {value, *owners} - seen
                    seen |= new
                    waiting += new


def _messages(results: rdflib.Graph) -> Iterator[str]:
    import rdflib

    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for result in results.subjects(rdflib.RDF.type, shacl.ValidationResult):
        focus, path = results.value(result, shacl.focusNode), results.value(result, shacl.resultPath)
        value, message = results.value(result, shacl.value), results.value(result, shacl.resultMessage)
        property = f" {curie(str(path))}" if path is not None else ""
        shown = f" (found {str(value)!r})" if value is not None else ""
        yield f"{curie(str(focus))}:{property} {message}{shown}"
