"""Quads in short, for the tests of the border to RDF."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.graph.rdf.iris import curie
from kg.graph.rdf.values import Properties


def shown(found: list[Quad] | object) -> set[tuple[str, str, str, str]]:
    """Quads in short: subject, property, object, graph."""

    def short(term: object) -> str:
        return curie(term.value) if type(term).__name__ == "NamedNode" else str(term)  # type: ignore[attr-defined]

    return {(short(q.subject), short(q.predicate), short(q.object), short(q.graph_name)) for q in found}  # type: ignore[attr-defined]


def said(found: object) -> set[tuple[str, str]]:
    """The properties and values among quads."""
    return {(property, value) for _, property, value, _ in shown(found)}


def parsed(lines: str | Iterable[str]) -> list[Quad]:
    """Lines of N-Quads as quads."""
    return list(parse("".join(lines).encode(), RdfFormat.N_QUADS))


def properties(quads: Iterable[Quad]) -> dict[NamedNode, Properties]:
    """What quads say of each node, as a store gives it."""
    found: dict[NamedNode, Properties] = {}
    for quad in quads:
        found.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)  # type: ignore[arg-type]
    return found
