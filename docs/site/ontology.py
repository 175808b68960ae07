"""The reference of the ontology: each class, property and value of `ontology/billing.ttl` in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

FILE = Path(__file__).parents[2] / "ontology" / "billing.ttl"
OURS = "https://w3id.org/billing-kg/ns#"
_FIRST_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty)


@cache
def graph() -> Graph:
    """The ontology."""
    return Graph().parse(FILE)


def name(node: Node) -> str:
    """What a class or property is called in queries: `HCPCSCode` of ours, `prov:Entity` of others."""
    iri = str(node)
    return iri.removeprefix(OURS) if iri.startswith(OURS) else str(graph().qname(URIRef(iri)))


def of(kind: Node) -> list[URIRef]:
    """What of ours is of a kind, in the order of the file."""
    text = FILE.read_text("utf-8")
    found = {one for one in graph().subjects(RDF.type, kind) if isinstance(one, URIRef) and one.startswith(OURS)}
    return sorted(found, key=lambda one: text.index(f"\nbkg:{name(one)} a "))


def properties_of() -> dict[URIRef, list[URIRef]]:
    """The properties, those to things before those to values, by the class of their subject."""
    by_class: dict[URIRef, list[URIRef]] = {}
    for kind in _FIRST_KINDS:
        for one in of(kind):
            domain = graph().value(one, RDFS.domain) or RDFS.Resource
            by_class.setdefault(URIRef(domain), []).append(one)
    return by_class


def classes() -> Iterator[str]:
    """A section for each class: its words, what it is a kind of, its properties, and what leads to it."""
    by_class = properties_of()
    for one in of(OWL.Class):
        yield f"### {name(one)}\n"
        yield f"{_words(one)}\n"
        if above := [_link(up) for up in graph().objects(one, RDFS.subClassOf)]:
            yield f"A kind of {', '.join(sorted(above))}.\n"
        yield from _table(by_class.get(one, []))
        if leading := [f"`{name(edge)}`" for edge in graph().subjects(RDFS.range, one)]:
            yield f"What leads to it: {', '.join(sorted(leading))}.\n"


def properties() -> Iterator[str]:
    """The properties whose subject is of no class of ours."""
    own = set(of(OWL.Class))
    for subject, found in properties_of().items():
        if subject not in own:
            yield from (f"Of `{name(subject)}`:\n", *_table(found))


def values() -> Iterator[str]:
    """The values that polarity, strength and verdict can have."""
    for kind in ("Polarity", "Strength", "Verdict"):
        yield f"### Values of {kind}\n"
        yield "| value | means |\n|---|---|"
        for one in of(URIRef(OURS + kind)):
            yield f"| `bkg:{name(one)}` | {_cell(_words(one))} |"
        yield ""


def _words(one: Node) -> str:
    return str(graph().value(one, SKOS.definition) or graph().value(one, RDFS.label))


def _table(found: list[URIRef]) -> Iterator[str]:
    if not found:
        return
    yield "| property | leads to | means |\n|---|---|---|"
    for one in found:
        ranges = ", ".join(_link(end) for end in graph().objects(one, RDFS.range))
        above = "".join(f" A kind of `{name(up)}`." for up in graph().objects(one, RDFS.subPropertyOf))
        yield f"| `bkg:{name(one)}` | {ranges} | {_cell(_words(one))}{above} |"
    yield ""


def _link(one: Node) -> str:
    called = name(one)
    return f"[{called}](#{called.lower()})" if one in set(of(OWL.Class)) else f"`{called}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
