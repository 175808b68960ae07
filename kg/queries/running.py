"""Runs a query on a store: refuses what must not run, binds values, and gives the answer as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Store, Variable

from kg.errors import QueryRefused, StoreError
from kg.graph.manifest import AGAIN
from kg.graph.rdf.vocabulary import PREFIXES
from kg.queries.binding import Bound, bind
from kg.queries.catalogue import CatalogueQuery
from kg.queries.guard import check
from kg.queries.shape import undeclared
from kg.queries.table import Table, cell, cells
from kg.queries.values import Term, free_term, terms_for

_NOTHING: Mapping[str, object] = MappingProxyType({})
_UNBOUND: Mapping[str, Term] = MappingProxyType({})
_REMEMBERED = 256
_PLACE = re.compile(r"error at (\d+):(\d+): ?")
# The engine has one error for what a query cannot have and for what it cannot read.
_OF_THE_QUERY = re.compile(r"custom function|service name|SELECT projection")


def run(
    store: Store,
    query: str | CatalogueQuery,
    values: Mapping[str, object] = _NOTHING,
    graphs: Iterable[str] = (),
) -> Table:
    """The answer of a store to a query, over the graphs that are named.

    `values` binds variables: for a question of the catalogue its parameters, all of them; for other SPARQL
    any of its variables (see `free_term`). `graphs` are merged as the default graph and are the only ones
    that GRAPH finds; a query that names a dataset itself is refused. ASK gives one row with one boolean,
    CONSTRUCT and DESCRIBE rows of subject, predicate and object.

    Raises `QueryRefused` for a query that does not parse, that would leave the store, or that cannot be
    evaluated; `UnknownName`, `UsageError` or `MalformedCode` for its values; `StoreError` where the store is damaged.

    >>> run(Store(), "SELECT (1 + 1 AS ?two) { }").rows
    ((2,),)
    """
    if isinstance(query, CatalogueQuery):
        text, given = query.text, terms_for(query, values)
    else:
        text, given = query, {name: free_term(name, value) for name, value in values.items()}
    _checked(text)
    bound = _bound(text, frozenset(given))
    with translated(text):
        return _table(evaluate(store, bound.text, graphs, given), bound.added)


def evaluate(
    store: Store,
    text: str,
    graphs: Iterable[str],
    given: Mapping[str, Term] = _UNBOUND,
    *,
    named: Iterable[str] | None = None,
) -> Any:
    """What pyoxigraph answers over these graphs and no others; to be called within `translated`.

    They are the default graph together, and GRAPH finds each of them, or those that are `named`.
    """
    dataset = [NamedNode(graph) for graph in graphs]
    return store.query(
        text,
        prefixes=PREFIXES,
        default_graph=[*dataset],
        # Left out, it would mean all graphs of the store, refuted edges and all.
        named_graphs=[*dataset] if named is None else [NamedNode(graph) for graph in named],
        substitutions={Variable(name): term for name, term in given.items()},
    )


# What is asked again, as questions of the catalogue are, is looked through once; what is refused is refused anew.
_checked = lru_cache(maxsize=_REMEMBERED)(check)


@lru_cache(maxsize=_REMEMBERED)
def _bound(text: str, given: frozenset[str]) -> Bound:
    """The query with its values bindable; where that changed it, both are parsed before they are run."""
    bound = bind(text, given)
    if bound.added:
        with translated(text):  # As it was written first, so that an error names the right place.
            Store().query(text, prefixes=PREFIXES)
        try:
            Store().query(bound.text, prefixes=PREFIXES)
        except SyntaxError as exc:
            names = " ".join(f"?{name}" for name in bound.added)
            raise QueryRefused(f"{names} has a value, but the query counts without it: GROUP BY {names}") from exc
    return bound


def _table(answer: Any, hidden: Sequence[str]) -> Table:
    if isinstance(answer, QueryBoolean):
        return Table(("answer",), ((bool(answer),),))
    if not isinstance(answer, QuerySolutions):
        triples = {(cell(row.subject), cell(row.predicate), cell(row.object)) for row in answer}
        return Table(("subject", "predicate", "object"), tuple(sorted(triples, key=_sortable)))
    columns = [variable.value for variable in answer.variables]
    shown = [index for index, name in enumerate(columns) if name not in hidden]
    rows = tuple(cells((row[index] for index in shown) if hidden else row) for row in answer)
    return Table(tuple(columns[index] for index in shown), rows)


def _sortable(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, row))


@contextmanager
def translated(text: str) -> Iterator[None]:
    """The errors of pyoxigraph as ours, in one line."""
    try:
        yield
    except SyntaxError as exc:
        raise QueryRefused(_syntax(text, " ".join(str(exc).split()))) from exc
    except (RuntimeError, ValueError) as exc:
        message = " ".join(str(exc).split())
        if isinstance(exc, RuntimeError) and not _OF_THE_QUERY.search(message):
            raise StoreError(f"the graph is damaged ({message[:200]}); {AGAIN}") from exc
        if "SELECT projection" in message:
            message = "a value is given for a variable that is in no triple pattern, template or selection"
        raise QueryRefused(f"the query cannot be evaluated: {message}") from exc
    except OSError as exc:
        raise StoreError(f"the store cannot be read: {' '.join(str(exc).split())}") from exc


def _syntax(text: str, message: str) -> str:
    """What is wrong with a query; of a prefix that nobody declared, the parser does not say so."""
    name = undeclared(text, PREFIXES)
    if name is not None:
        return f"line {text.count(chr(10), 0, name.start) + 1}: not SPARQL: no such prefix: {name.text!r}"
    place = _PLACE.match(message)
    where = f"line {place[1]}, column {place[2]}: " if place else ""
    return f"{where}not SPARQL: {_PLACE.sub('', message)}"
