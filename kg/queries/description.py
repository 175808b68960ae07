"""What the endpoint says of itself: the SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.vocabulary import RDF, dataset
from kg.queries.serving import GRAPHS, RESULTS

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
# The W3C's names of the formats that have one.
_FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
    "application/trig": "TriG",
    "application/n-quads": "N-Quads",
}


def description(address: str, media_type: str) -> bytes:
    """The description of the endpoint at an address, in a media type for triples."""
    return serialize(_triples(NamedNode(address)), format=GRAPHS[media_type], prefixes={**PREFIXES, "sd": _SD}) or b""


def _triples(endpoint: NamedNode) -> Iterable[Triple]:
    service, described = endpoint, BlankNode("dataset")
    yield Triple(service, RDF.type, _sd("Service"))
    yield Triple(service, _sd("endpoint"), endpoint)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for media_type in (*RESULTS, *GRAPHS):
        if media_type in _FORMAT_NAMES:
            yield Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + _FORMAT_NAMES[media_type]))
    yield Triple(service, _sd("defaultDataset"), described)
    yield Triple(described, RDF.type, _sd("Dataset"))
    for number, graph in enumerate(dataset()):
        named_graph = BlankNode(f"graph{number}")
        yield Triple(described, _sd("namedGraph"), named_graph)
        yield Triple(named_graph, RDF.type, _sd("NamedGraph"))
        yield Triple(named_graph, _sd("name"), graph)
        yield Triple(named_graph, NamedNode(PREFIXES["rdfs"] + "label"), Literal(graph.value.rpartition("graph/")[2]))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
