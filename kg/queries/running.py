"""Runs a query on a store: refuses what must not run, binds values, and gives the answer as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Store, Variable

from kg.errors import QueryRefused, StoreError, UnknownName
from kg.graph.vocabulary import PREFIXES
from kg.queries.catalogue import CatalogueQuery
from kg.queries.guard import check
from kg.queries.shape import Shape
from kg.queries.table import Table, cell, cells
from kg.queries.tokens import tokens
from kg.queries.values import Term, free_term, terms_for

_NOTHING: Mapping[str, object] = MappingProxyType({})
_PLACE = re.compile(r"error at (\d+):(\d+): ?")


def run(
    store: Store,
    query: str | CatalogueQuery,
    values: Mapping[str, object] = _NOTHING,
    graphs: Iterable[str] = (),
) -> Table:
    """The answer of a store to a query, over the graphs that are named.

    `values` binds variables: for a question of the catalogue its parameters, all of them; for other SPARQL any
    of its variables (see `free_term`). `graphs` are merged as the default graph and are the only ones that
    GRAPH finds; what the query says itself about its dataset is refused. ASK gives one row with one boolean,
    CONSTRUCT and DESCRIBE rows of subject, predicate and object.

    Raises `QueryRefused` for a query that does not parse, that would leave the store, or that cannot be
    evaluated; `UnknownName`, `UsageError` or `MalformedCode` for its values.
    """
    if isinstance(query, CatalogueQuery):
        text, given = query.text, terms_for(query, values)
    else:
        text, given = query, {name: free_term(name, value) for name, value in values.items()}
    check(text)
    asked, added = _with_values(text, given)
    dataset = [NamedNode(graph) for graph in graphs]
    with _translated():
        answer = store.query(
            asked,
            prefixes=PREFIXES,
            default_graph=dataset,
            # Left out, it would mean all graphs of the store, refuted edges and all.
            named_graphs=dataset,
            substitutions={Variable(name): term for name, term in given.items()},
        )
        return _table(answer, added)


def _table(answer: Any, added: Sequence[str]) -> Table:
    if isinstance(answer, QueryBoolean):
        return Table(("answer",), ((bool(answer),),))
    if not isinstance(answer, QuerySolutions):
        rows = ((cell(row.subject), cell(row.predicate), cell(row.object)) for row in answer)
        return Table(("subject", "predicate", "object"), tuple(sorted(rows, key=_sortable)))
    columns = [variable.value for variable in answer.variables]
    shown = [index for index, name in enumerate(columns) if name not in added]
    rows = tuple(cells(row[index] for index in shown) for row in answer)
    return Table(tuple(columns[index] for index in shown), rows)


def _sortable(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, row))


def _with_values(text: str, given: Mapping[str, Term]) -> tuple[str, list[str]]:
    """The query with its given variables selected, as pyoxigraph binds no others; and which were added for it."""
    if not given:
        return text, []
    shape = Shape.of(text)
    for name in given:
        _refuse_unbindable(text, shape, name)
    if shape.form != "SELECT" or shape.selections[0].everything:
        return text, []
    outermost = shape.selections[0]
    added = [name for name in given if name not in outermost.variables]
    if not added:
        return text, []
    _parse(text)
    names = "".join(f" ?{name}" for name in added)
    places = sorted({outermost.end, outermost.group_by or outermost.end}, reverse=True)
    asked = text
    for place in places:
        asked = f"{asked[:place]}{names} {asked[place:]}"
    _refuse_unselectable(asked, added)
    return asked, added


def _parse(text: str) -> None:
    """Parse the query as it was written, so that an error names the right place."""
    with _translated():
        Store().query(text, prefixes=PREFIXES)


def _refuse_unselectable(asked: str, added: Sequence[str]) -> None:
    try:
        Store().query(asked, prefixes=PREFIXES)
    except SyntaxError as exc:
        names = " ".join(f"?{name}" for name in added)
        raise QueryRefused(
            f"a value is given for {names}, but the query counts without it: add GROUP BY {names}"
        ) from exc


def _refuse_unbindable(text: str, shape: Shape, name: str) -> None:
    """Refuse what pyoxigraph would silently leave unbound, or bind to anything."""
    if name not in shape.variables:
        listed = ", ".join(f"?{variable}" for variable in sorted(shape.variables)) or "none"
        raise UnknownName(
            f"a value is given for {name!r}, but the query has no such variable (it has {listed})"
        )
    if any(
        name in inner.inside and not _selected(name, inner.variables, inner.everything)
        for inner in shape.selections[1:]
    ):
        raise QueryRefused(
            f"?{name} has a value, but a SELECT within the query uses it and does not select it"
        )
    found = [token.text.upper() if token.kind == "word" else token.text for token in tokens(text)]
    for before, variable, after in zip(found, found[1:], found[2:], strict=False):
        if variable[1:] == name and variable[0] in "?$" and before == "(" and after == "AS":
            raise QueryRefused(
                f"?{name} has a value, and a plain copy of it stays unbound: COALESCE({variable}, rdf:nil)"
            )
    if any(found[i : i + 2] == ["BOUND", "("] and found[i + 2][1:] == name for i in range(len(found) - 2)):
        raise QueryRefused(f"?{name} has a value, which BOUND does not see")


def _selected(name: str, variables: Sequence[str], everything: bool) -> bool:
    return everything or name in variables


@contextmanager
def _translated() -> Iterator[None]:
    """The errors of pyoxigraph as ours, in one line."""
    try:
        yield
    except SyntaxError as exc:
        message = " ".join(str(exc).split())
        place = _PLACE.match(message)
        where = f"line {place[1]}, column {place[2]}: " if place else ""
        raise QueryRefused(f"{where}not SPARQL: {_PLACE.sub('', message)}") from exc
    except (RuntimeError, ValueError) as exc:
        message = " ".join(str(exc).split())
        if "SELECT projection" in message:
            message = "a value is given for a variable that the query does not use in a triple pattern"
        raise QueryRefused(f"the query cannot be evaluated: {message}") from exc
    except OSError as exc:
        raise StoreError(f"the store cannot be read: {' '.join(str(exc).split())}") from exc
