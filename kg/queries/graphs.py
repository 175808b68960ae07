"""The graphs that a query runs over: those of its trust, or what it chooses among them by FROM."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kg.errors import QueryRefused
from kg.graph.rdf.iris import PREFIXES
from kg.queries.shape import declared_prefixes
from kg.queries.tokens import Token, tokens


class Graphs(NamedTuple):
    """The graphs that are merged as the default graph, and those that GRAPH finds."""

    default: tuple[str, ...]
    named: tuple[str, ...]


def chosen_graphs(text: str, trusted: Collection[str]) -> Graphs:
    """The graphs of a query: by FROM and FROM NAMED where it has them, else all trusted ones, merged and named.

    Raises `QueryRefused` for a graph that is not among the trusted ones.

    >>> chosen_graphs("SELECT * FROM graph:reference { ?s ?p ?o }", ["https://w3id.org/billing-kg/graph/reference"])
    Graphs(default=('https://w3id.org/billing-kg/graph/reference',), named=())
    """
    clauses = _clauses(text)
    if not clauses:
        return Graphs(tuple(trusted), tuple(trusted))
    for _is_named, graph, line in clauses:
        if graph not in trusted:
            raise QueryRefused(f"line {line}: no such graph within the trust: {graph!r} (one of {', '.join(trusted)})")
    default, named = ([graph for is_named, graph, _ in clauses if is_named is kind] for kind in (False, True))
    return Graphs(tuple(default), tuple(named))


@lru_cache(maxsize=256)
def _clauses(text: str) -> tuple[tuple[bool, str, int], ...]:
    """Each FROM of a query: whether it is FROM NAMED, its graph, and its line.

    The engine is told the graphs beside the query and passes over what the query says of them, so that what the
    scanner would not see gets nowhere.
    """
    scanned = list(tokens(text))
    prefixes = prefixes_of(scanned)
    for token in scanned:
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix.upper().startswith("FROM") and prefix not in prefixes:
            line = text.count("\n", 0, token.start) + 1
            raise QueryRefused(f"line {line}: no blank behind FROM: {token.text!r}")
    return tuple(
        (not before.is_word("FROM"), _graph(prefixes, token), text.count("\n", 0, token.start) + 1)
        for before, token in pairwise(scanned)
        if token.kind in ("iri", "name") and before.is_word("FROM", "NAMED", "FROMNAMED")
    )


@lru_cache(maxsize=256)
def without_from(text: str) -> str:
    """A query without its FROM, with blanks in their place: of engines that are told graphs, some add those.

    >>> without_from("ASK FROM <g:1> { ?s ?p ?o }")
    'ASK            { ?s ?p ?o }'
    """
    scanned = list(tokens(text))
    for index, (before, token) in enumerate(pairwise(scanned)):
        if token.kind in ("iri", "name") and before.is_word("FROM", "NAMED", "FROMNAMED"):
            start = (scanned[index - 1] if before.is_word("NAMED") else before).start
            text = text[:start] + re.sub(r"[^\n]", " ", text[start : token.end]) + text[token.end :]
    return text


def _graph(prefixes: Mapping[str, str], token: Token) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def prefixes_of(scanned: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a query knows: all of ours, and those that it declares."""
    return PREFIXES | declared_prefixes(scanned)
