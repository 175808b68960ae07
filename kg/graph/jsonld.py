"""The graph as JSON-LD, a line for each node, and the context that its names are read by.

`python -m kg.graph.jsonld` prints the context, which is published as `ontology/context.jsonld`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg import resources
from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.vocabulary import DCTERMS, OA, PROV, RDF, SKOS
from kg.graph.rdf_files import Graphs, nodes
from kg.graph.store import GraphStore

_RDFS_RANGE = ox.NamedNode(f"{PREFIXES['rdfs']}range")
_OBJECT, _DATA = (ox.NamedNode(f"{PREFIXES['owl']}{name}") for name in ("ObjectProperty", "DatatypeProperty"))
# What we use of other vocabularies, and whether it leads to a node.
_OTHERS: Mapping[ox.NamedNode, bool] = {
    RDF.subject: True, RDF.predicate: True, RDF.object: True, SKOS.inScheme: True, SKOS.broader: True,
    SKOS.exactMatch: True, PROV.wasDerivedFrom: True, OA.hasSource: True, OA.hasSelector: True, DCTERMS.license: False,
    SKOS.notation: False, OA.exact: False,
    DCTERMS.title: False, DCTERMS.source: False,
}  # fmt: skip
_ENGLISH = "@en"
_TYPED = {
    **dict.fromkeys((SKOS.prefLabel, SKOS.altLabel, SKOS.note), _ENGLISH),
    OA.start: "xsd:integer", OA.end: "xsd:integer", DCTERMS.issued: "xsd:date",
}  # fmt: skip
_NODE = "@id"
_KINDS = {"xsd:string": "", "rdf:langString": _ENGLISH}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@cache
def context() -> dict[str, Any]:
    """The prefixes and the properties of the graph, each with the type of its values.

    A property goes by its own name, as `line`; where a prefix is called so, by its CURIE, as `bkg:condition`.

    >>> context()["acceptsModifier"]
    {'@id': 'bkg:acceptsModifier', '@type': '@id'}
    """
    terms: dict[str, Any] = {"@version": 1.1, **PREFIXES}
    for name, kind in sorted(_types().items()):
        curie = _compact(name)
        term = curie if (local := curie.partition(":")[2]) in PREFIXES else local
        typed = {"@language": "en"} if kind == _ENGLISH else {"@type": kind}
        terms[term] = {"@id": curie, **(typed if kind else {})}
    return terms


def export_jsonld(store: GraphStore, out: BinaryIO, graphs: Graphs) -> int:
    """JSON-LD: these graphs under their names, with the context in the file; gives the number of quads."""
    out.write(b'{"@context":' + _encode(context()).encode() + b',\n"@graph":[\n')
    count = 0
    for number, graph in enumerate(graphs):
        out.write(b",\n" * bool(number) + b'{"@id":' + _encode(_compact(graph.value)).encode() + b',"@graph":[\n')
        for position, quads in enumerate(nodes(store, graph)):
            out.write(b",\n" * bool(position) + _encode(_node(quads)).encode())
            count += len(quads)
        out.write(b"\n]}")
    out.write(b"\n]}\n")
    return count


def _types() -> dict[str, str]:
    """The properties by IRI, each with the type of its values as a context has it; empty where it has none."""
    types = {name.value: _NODE if leads else "" for name, leads in _OTHERS.items()}
    types |= {name.value: kind for name, kind in _TYPED.items()}
    ontology = ox.Store()
    ontology.load(path=str(resources.path("ontology", "billing.ttl")))
    for quad in ontology.quads_for_pattern(None, RDF.type, _OBJECT):
        types[_name(quad.subject)] = _NODE
    for quad in ontology.quads_for_pattern(None, RDF.type, _DATA):
        ranges = [_compact(_name(one.object)) for one in ontology.quads_for_pattern(quad.subject, _RDFS_RANGE, None)]
        types[_name(quad.subject)] = next((_KINDS.get(kind, kind) for kind in ranges), "")
    return {name: kind for name, kind in types.items() if name.startswith(tuple(PREFIXES.values()))}


def _compact(iri: str) -> str:
    """An IRI with its prefix, letter for letter; an IRI without one stays as it is."""
    for end in (iri.rfind("#"), iri.rfind("/")):
        prefix = _PREFIX_OF.get(iri[: end + 1])
        if prefix is not None:
            return f"{prefix}:{iri[end + 1 :]}"
    return iri


_PREFIX_OF = {base: prefix for prefix, base in PREFIXES.items()}


@cache
def _term_of(iri: str) -> tuple[str, str]:
    """What a property is called, and the type that the context gives its values."""
    curie = _compact(iri)
    term = curie.partition(":")[2]
    for name in (term, curie):
        entry = context().get(name)
        if isinstance(entry, dict) and entry["@id"] == curie:
            return name, entry.get("@type", _ENGLISH if "@language" in entry else "")
    return curie, ""


def _node(quads: list[ox.Quad]) -> dict[str, Any]:
    node: dict[str, Any] = {_NODE: _compact(_name(quads[0].subject))}
    for quad in quads:
        if quad.predicate == RDF.type:
            term, value = "@type", _compact(_name(quad.object))
        else:
            term, kind = _term_of(quad.predicate.value)
            value = _value(quad.object, kind)
        if term not in node:
            node[term] = value
        elif isinstance(node[term], list):
            node[term].append(value)
        else:
            node[term] = [node[term], value]
    return node


def _name(term: Any) -> str:
    return str(term if isinstance(term, ox.BlankNode) else term.value)


def _value(term: Any, kind: str) -> Any:
    """A value, in short where the context says of which type it is."""
    if not isinstance(term, ox.Literal):
        return _compact(_name(term)) if kind == _NODE else {_NODE: _compact(_name(term))}
    if term.language and (term.language, kind) != ("en", _ENGLISH):
        return {"@value": term.value, "@language": term.language}
    datatype = _compact(term.datatype.value)
    if term.language or datatype == (kind or "xsd:string"):
        return term.value
    return {"@value": term.value, "@type": datatype}


def _lines(terms: Mapping[str, Any]) -> Iterator[str]:
    for number, (name, term) in enumerate(terms.items()):
        yield f"{',' * bool(number)}\n  {json.dumps(name)}: {json.dumps(term)}"


if __name__ == "__main__":
    sys.stdout.write(f'{{"@context": {{{"".join(_lines(context()))}\n}}}}\n')
