"""Runs a query on a store: refuses what must not run, writes its values in, and gives the answer as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Store

from kg.errors import QueryRefused, StoreError
from kg.graph.manifest import AGAIN
from kg.graph.quads import Quads
from kg.graph.rdf.iris import PREFIXES
from kg.queries.catalogue import CatalogueQuery
from kg.queries.excerpts import refused
from kg.queries.graphs import Graphs, chosen_graphs, without_from
from kg.queries.guard import check
from kg.queries.schema import unknown_terms
from kg.queries.shape import undeclared
from kg.queries.standalone import with_values
from kg.queries.table import Table, cell, cells
from kg.queries.tokens import tokens

NO_VALUES: Mapping[str, object] = MappingProxyType({})
_REMEMBERED = 256
_MOST_WANTED = 5
_PLACE = re.compile(r"error at (\d+):(\d+): ?")
# The engine has one error for what a query cannot have and for what it cannot read.
_OF_THE_QUERY = re.compile(r"custom function|service name")


def run(
    store: Quads,
    query: str | CatalogueQuery,
    values: Mapping[str, object] = NO_VALUES,
    graphs: Iterable[str] = (),
) -> Table:
    """The answer of a store to a query, over the graphs that are named.

    `values` are for its parameters, all of them, or for any variables of a query that names none (see `free_term`).
    `graphs` are merged as the default graph and are the only ones that GRAPH finds; FROM chooses among them. ASK gives
    one row with one boolean, CONSTRUCT and DESCRIBE rows of subject, predicate and object.

    Raises `QueryRefused` for a query that does not parse, that would leave the store, or that cannot be
    evaluated; `UnknownName`, `UsageError` or `MalformedCode` for its values; `StoreError` where the store is damaged.

    >>> run(Store(), "SELECT (1 + 1 AS ?two) { }").rows
    ((2,),)
    """
    text = query.text if isinstance(query, CatalogueQuery) else query
    _checked(text)
    bound = with_values(query, values)
    with translated(text, bound):
        answer = evaluate(store, bound, chosen_graphs(text, tuple(graphs)))
        table = _table(answer)
    is_empty = not table.rows or (isinstance(answer, QueryBoolean) and not answer)
    return replace(table, notes=unknown_terms(bound, store)) if is_empty else table


def evaluate(store: Quads, text: str, graphs: Graphs) -> Any:
    """What pyoxigraph answers over these graphs and no others; to be called within `translated`."""
    return store.query(
        without_from(text),
        prefixes=PREFIXES,
        default_graph=[NamedNode(graph) for graph in graphs.default],
        # Left out, it would mean all graphs of the store, refuted edges and all.
        named_graphs=[NamedNode(graph) for graph in graphs.named],
    )


# What is asked again, as questions of the catalogue are, is looked through once; what is refused is refused anew.
_checked = lru_cache(maxsize=_REMEMBERED)(check)


def _table(answer: Any) -> Table:
    if isinstance(answer, QueryBoolean):
        return Table(("answer",), ((bool(answer),),))
    if not isinstance(answer, QuerySolutions):
        triples = {(cell(row.subject), cell(row.predicate), cell(row.object)) for row in answer}
        return Table(("subject", "predicate", "object"), tuple(sorted(triples, key=_sortable)))
    return Table(tuple(variable.value for variable in answer.variables), tuple(map(cells, answer)))


def _sortable(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, row))


@contextmanager
def translated(text: str, bound: str | None = None) -> Iterator[None]:
    """The errors of pyoxigraph as ours, in one line; `bound` is what runs, where that is the text with values in it."""
    try:
        yield
    except SyntaxError as exc:
        if bound is not None and bound != text:
            raise _syntax(text, _without_values(text)) from exc
        raise _syntax(text, str(exc)) from exc
    except (RuntimeError, ValueError) as exc:
        message = " ".join(str(exc).split())
        if isinstance(exc, RuntimeError) and not _OF_THE_QUERY.search(message):
            raise StoreError(f"the graph is damaged ({message[:200]}); {AGAIN}") from exc
        raise QueryRefused(f"the query cannot be evaluated: {message}") from exc
    except OSError as exc:
        raise StoreError(f"the store cannot be read: {' '.join(str(exc).split())}") from exc


def _without_values(text: str) -> str:
    """What is wrong with a query as it was written; of its values, where that is nothing."""
    try:
        Store().query(text, prefixes=PREFIXES)
    except SyntaxError as exc:
        return str(exc)
    return "a value cannot stand where its variable does, such as a text as the subject of a triple"


def _syntax(text: str, message: str) -> QueryRefused:
    """What is wrong with a query; of a prefix that nobody declared, the parser does not say so."""
    message = " ".join(message.split())
    name = undeclared(text, PREFIXES)
    if name is not None:
        return refused(text, name.start, name.end, f"not SPARQL: no such prefix: {name.text!r}")
    match = _PLACE.match(message)
    if match is None:
        return QueryRefused(f"not SPARQL: {message}")
    lines = text.split("\n")[: int(match[1])]
    start = sum(len(line) + 1 for line in lines[:-1]) + int(match[2]) - 1
    end = next((token.end for token in tokens(text) if token.start <= start < token.end), start + 1)
    problem = _expected(message[match.end() :], at_end=not text[start:].strip(), is_open=_is_open(text))
    return refused(text, start, end, f"not SPARQL: {problem}", column=True)


def _is_open(text: str) -> bool:
    """Whether a query lacks its body, or the end of it."""
    marks = [token.text for token in tokens(text) if token.kind == "mark"]
    return "{" not in marks or any(marks.count(left) > marks.count(right) for left, right in ("{}", "()"))


def _expected(message: str, *, at_end: bool, is_open: bool) -> str:
    """What the parser would take, without its own names for characters and for what it takes anywhere."""
    wanted = [part for part in re.sub(r"^expected (?:one of )?", "", message).split(", ") if not part.startswith("[")]
    # A reason is a sentence, and stands among what could have come.
    reasons = [part[0].lower() + part[1:] for part in wanted if " " in part.strip('"')]
    if reasons:
        return "; ".join(reasons)
    if at_end:
        return "it ends too early" if is_open else "all of it was read, and something is missing in it, or there twice"
    return f"expected {' or '.join(wanted)}" if 0 < len(wanted) <= _MOST_WANTED else "this cannot stand here"
