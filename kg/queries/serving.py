"""Answers as the SPARQL 1.1 Protocol wants them: written in a media type, where `run` gives a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any, Protocol, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    serialize,
)

from kg.errors import QueryRefused, UsageError
from kg.graph.quads import Quads
from kg.graph.rdf.iris import PREFIXES
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
"""How many triples an answer may have, which are put in order before the first is written; rows are not counted."""

_SMALL = 8 << 10


class Output(Protocol):
    """What an answer is written to: a file, or a part of one."""

    def write(self, data: bytes, /) -> object:
        """Take more of it."""

    def flush(self) -> object:
        """Be done with what was written."""


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
    store: Quads,
    query: str,
    graphs: Graphs,
    media_type: str,
    output: Output,
    most: int = MOST_ROWS,
    values: Mapping[str, object] = NO_VALUES,
) -> tuple[str, ...]:
    """Write the answer of a store to a query over these graphs, in one of its media types, with values as in `run`.

    Rows are written as they are found. Where the answer is empty, the notes that come back say what the query names and
    the graph does not have. Raises `QueryRefused` as `run` does, and where there are more than `most` triples;
    `UsageError` for a media type that this answer cannot be written in.

    >>> import io
    >>> from pyoxigraph import Store
    >>> output = io.BytesIO()
    >>> answer(Store(), "SELECT (1 + 1 AS ?two) { }", Graphs((), ()), "text/csv", output)
    ()
    >>> output.getvalue()
    b'two\\r\\n2\\r\\n'
    """
    check(query)
    if media_type not in media_types(query):
        raise UsageError(f"no such media type for this answer: {media_type!r} (one of {', '.join(media_types(query))})")
    bound = with_values(query, values)
    with translated(query, bound):
        is_empty = _write(evaluate(store, bound, graphs), media_type, output, most)
    return unknown_terms(bound, store) if is_empty else ()


def _write(result: Any, media_type: str, output: Output, most: int) -> bool:
    """Write an answer in a media type; gives whether it is empty, or a no."""
    if isinstance(result, QueryBoolean):
        output.write(result.serialize(format=RESULTS[media_type]) or b"")
        return not result
    if isinstance(result, QuerySolutions):
        beginning = _Beginning(output)
        result.serialize(cast("IO[bytes]", beginning), format=RESULTS[media_type])
        return beginning.has_no_rows(RESULTS[media_type])
    triples = _triples(result, most)
    serialize(triples, cast("IO[bytes]", output), format=GRAPHS[media_type], prefixes=PREFIXES)
    return not triples


class _Beginning:
    """Passes rows on, and keeps them while they may still be none."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._kept = bytearray()

    def write(self, data: Any, /) -> int:
        content = bytes(data)
        if len(self._kept) <= _SMALL:
            self._kept += content
        self._output.write(content)
        return len(content)

    def flush(self) -> None:
        self._output.flush()

    def has_no_rows(self, format: QueryResultsFormat) -> bool:
        """Whether no row was written; a heading longer than what is kept counts as one."""
        if len(self._kept) > _SMALL:
            return False
        if format == QueryResultsFormat.JSON:
            return self._kept.endswith(b'"bindings":[]}}')
        if format == QueryResultsFormat.XML:
            return b"<result>" not in self._kept
        return self._kept.count(b"\n") <= 1


def _triples(triples: Iterable[Any], most: int) -> list[Any]:
    """Triples, each once, by subject and property, so that Turtle names each only once."""
    once: dict[Any, None] = {}
    for triple in triples:
        once[triple] = None
        if len(once) > most:
            raise QueryRefused(f"the answer has more than {most:,} triples; ask for fewer, for example with LIMIT")
    return sorted(once, key=str)
