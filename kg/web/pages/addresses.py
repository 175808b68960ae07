"""Where things have their pages: the addresses are the paths of their IRIs."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from kg.graph.rdf.vocabulary import BASE, node, thing
from kg.model import Concept, Evidence, Kind

PAGES = (
    ("/search", "Search", "Find a code, name, brand or word, also one that is misspelt."),
    ("/findings", "Findings", "What documents say and releases or other documents speak against, the worst first."),
    ("/check", "Check a document", "Hold a document of your own against the releases; nothing of it is kept."),
    ("/query", "Query", "Ask in SPARQL, or choose one of the questions of the catalogue."),
    ("/coverage", "Coverage", "Which codes a diagnosis supports for Medicare, in a state, on a day, and who says so."),
    ("/path", "Paths", "How two codes or names are connected, each step with the sentence that states it."),
    ("/compare", "Compare", "How far two documents, articles or contractors agree, and where they contradict."),
    ("/about", "Releases and documents", "What the graph is made of."),
)
"""The pages to which each page leads, what they are called there, and what they are for."""

CONCEPT_ROUTES = tuple((f"/code/{kind}/" if kind.is_code else f"/{kind}/", kind) for kind in Kind)
"""What the addresses of concepts begin with, by kind."""


def of_concept(concept: Concept, **options: object) -> str:
    """The address of the page of a concept; options that are empty are left out.

    >>> of_concept(Concept.parse("hcpcs:J3262"), trust="", relation="hasPayer")
    '/code/hcpcs/J3262?relation=hasPayer'
    """
    return with_options("/" + node(concept).value.removeprefix(BASE), **options)


def of_graph(concept: Concept, **options: object) -> str:
    """The address of the drawing around a concept.

    >>> of_graph(Concept.parse("hcpcs:J3262"))
    '/graph/hcpcs/J3262'
    """
    path = node(concept).value.removeprefix(BASE).removeprefix("code/")
    return with_options(f"/graph/{path}", **options)


def of_document(identifier: str, **options: object) -> str:
    """The address of the page of a document."""
    return with_options("/" + thing("document", identifier).value.removeprefix(BASE), **options)


def of_evidence(evidence: Evidence, **options: object) -> str:
    """The address of a place in a document: the part of it that has the place, and the place in it."""
    place = place_of(evidence.start, evidence.end)
    return f"{of_document(evidence.document, at=evidence.start, **options)}#{place}"


def of_release(identifier: str, **options: object) -> str:
    """The address of what is said of a release."""
    return f"{with_options('/about', **options)}#{quote(anchor_of_release(identifier))}"


def anchor_of_release(identifier: str) -> str:
    """The name of the place of a release in its page."""
    return f"release-{identifier}"


def place_of(start: int, end: int) -> str:
    """The name of a span in the page of its document."""
    return f"at-{start}-{end}"


def with_options(path: str, **options: object) -> str:
    """An address with what it is asked with; options that are empty are left out.

    >>> with_options("/search", q="giant cell", kind="")
    '/search?q=giant+cell'
    """
    given = {name: str(value) for name, value in options.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path
