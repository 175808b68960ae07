"""Answers as the SPARQL 1.1 Protocol wants them: bytes in a media type, where `run` gives a table."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
    serialize,
)

from kg.errors import QueryRefused, UsageError
from kg.graph.rdf.vocabulary import PREFIXES
from kg.queries.graphs import Graphs
from kg.queries.guard import check
from kg.queries.running import NO_VALUES, evaluate, translated
from kg.queries.schema import unknown_terms
from kg.queries.shape import Shape
from kg.queries.standalone import with_values

RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
"""What rows, and yes or no, can be written in."""

GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
"""What triples can be written in."""

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Served:
    """An answer as bytes; where it is empty, `notes` say what the query names and the graph does not have."""

    body: bytes
    notes: tuple[str, ...] = ()


def media_types(query: str) -> tuple[str, ...]:
    """The media types that the answer to a query can be written in, the usual one first.

    >>> media_types("DESCRIBE hcpcs:J3262")[:3]
    ('text/turtle', 'application/n-triples', 'application/rdf+xml')
    """
    form = Shape.of(query).form
    if form in ("CONSTRUCT", "DESCRIBE"):
        return tuple(GRAPHS)
    # Without a form it is no query, which `answer` says better than a complaint about media types.
    return tuple(RESULTS) if form else (*RESULTS, *GRAPHS)


def answer(
    store: Store,
    query: str,
    graphs: Graphs,
    media_type: str,
    most: int = MOST_ROWS,
    values: Mapping[str, object] = NO_VALUES,
) -> Served:
    """The answer of a store to a query over these graphs, in one of its media types, with values as in `run`.

    Raises `QueryRefused` as `run` does, and where there are more than `most` rows or triples; `UsageError`
    for a media type that this answer cannot be written in.

    >>> answer(Store(), "SELECT (1 + 1 AS ?two) { }", Graphs((), ()), "text/csv").body
    b'two\\r\\n2\\r\\n'
    """
    check(query)
    if media_type not in media_types(query):
        raise UsageError(f"no such media type for this answer: {media_type!r} (one of {', '.join(media_types(query))})")
    bound = with_values(query, values)
    with translated(query, bound):
        body, size = _written(evaluate(store, bound, graphs), media_type, most)
    return Served(body, () if size else unknown_terms(bound, store))


def _written(result: Any, media_type: str, most: int) -> tuple[bytes, int]:
    """An answer in a media type, and how much there is of it: rows, triples, or one for a yes."""
    if isinstance(result, QueryBoolean):
        return result.serialize(format=RESULTS[media_type]) or b"", int(bool(result))
    if isinstance(result, QuerySolutions):
        return _rows(result, RESULTS[media_type], most)
    return _triples(result, GRAPHS[media_type], most)


def _rows(solutions: QuerySolutions, format: QueryResultsFormat, most: int) -> tuple[bytes, int]:
    """Rows are counted as TSV, where each is one line and every term is whole; the other formats are made of it."""
    lines = _Lines(most)
    solutions.serialize(lines, format=QueryResultsFormat.TSV)
    body = lines.getvalue()
    if format != QueryResultsFormat.TSV:
        parsed: Any = parse_query_results(body, format=QueryResultsFormat.TSV)
        body = parsed.serialize(format=format) or b""
    return body, lines.rows


class _Lines(io.BytesIO):
    """Takes a heading and so many lines, and then refuses more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._count = 0

    @property
    def rows(self) -> int:
        """How many lines there are below the heading."""
        return self._count - 1

    def write(self, data: Any, /) -> int:
        self._count += bytes(data).count(b"\n")
        if self.rows > self._most:
            raise _too_many("rows", self._most)
        return super().write(data)


def _triples(triples: Iterable[Any], format: RdfFormat, most: int) -> tuple[bytes, int]:
    once: dict[Any, None] = {}
    for triple in triples:
        once[triple] = None
        if len(once) > most:
            raise _too_many("triples", most)
    return serialize(_sorted(once), format=format, prefixes=PREFIXES) or b"", len(once)


def _sorted(triples: Collection[Any]) -> list[Any]:
    """By subject and property, so that Turtle names each only once."""
    return sorted(triples, key=str)


def _too_many(what: str, most: int) -> QueryRefused:
    return QueryRefused(f"the answer has more than {most:,} {what}; ask for fewer, for example with LIMIT")
