"""The tables that a graph is exported as, and their rows, read of a store some at a time."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from kg.collector import no_collection
from kg.errors import StoreError
from kg.exports.content import Content

if TYPE_CHECKING:
    from kg.graph.inventory.rows import AssertionRow, ConnectionRow, NodeRow

Row = Sequence[Any]
RowOf = TypeVar("RowOf")
Take = Callable[[Sequence[Row]], object]
"""Takes rows of a table."""

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `type` is `str`, `int`, `bool` or `date`. Where nothing is known, texts are empty and others None."""

    name: str
    type: type


@dataclass(frozen=True)
class Table:
    """A table: its name, and the class of its rows in `kg.graph.inventory.rows`."""

    name: str
    row: str

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, which are the fields of its rows.

        >>> TABLES["connections"].columns[0]
        Column(name='subject', type=<class 'str'>)
        """
        from kg.graph.inventory import rows

        hints = get_type_hints(getattr(rows, self.row), vars(rows))
        return tuple(Column(name, (get_args(type) or (type,))[0]) for name, type in hints.items())

    @property
    def heads(self) -> list[str]:
        """The names of its columns."""
        return [column.name for column in self.columns]


TABLES = {
    table.name: table
    for table in (
        Table("connections", "ConnectionRow"),
        Table("assertions", "AssertionRow"),
        Table("evidence", "EvidenceRow"),
        Table("statements", "StatementRow"),
        Table("findings", "FindingRow"),
        Table("nodes", "NodeRow"),
        Table("documents", "DocumentRow"),
        Table("releases", "ReleaseRow"),
    )
}
"""In the order in which a workbook shows them."""


def write_tables(content: Content, opened: Callable[[Table], AbstractContextManager[Take]]) -> dict[str, int]:
    """Write all tables into what is opened for each; gives how many rows each of them has."""
    counts = Counter[str](dict.fromkeys(TABLES, 0))
    with no_collection(), ExitStack() as stack:
        takes = {name: stack.enter_context(opened(table)) for name, table in TABLES.items()}
        for name, rows in Rows(content).batches():
            takes[name](rows)
            counts[name] += len(rows)
    return dict(counts)


class Rows:
    """The rows of what is asked for: all, or what lies within a slice, of assertions that the trust lets through.

    Connections are gathered while assertions and statements go by; all else is read and given some at a time.
    """

    def __init__(self, content: Content) -> None:
        from kg.graph.inventory.connections import Gathering

        self._content, self._store = content, content.store
        self._verdicts, self._takes = content.verdicts, content.takes
        self._is_all = content.asked.trust is None and not content.asked.is_slice
        self._gathering = Gathering()
        self._assertions, self._statements = Counter[str](), Counter[str]()
        self._keys = set[str]()

    def batches(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Some rows of a table after others, with its name."""
        from kg.graph.inventory.findings import finding_rows
        from kg.graph.inventory.sources import document_rows, release_rows

        yield from self._stated()
        yield from self._released()
        yield from _named("connections", self._gathering.rows())
        yield from _named("findings", finding_rows(self._store, None if self._is_all else self._keys))
        yield from _named("nodes", self.nodes())
        yield from _named("documents", document_rows(self._store, self._assertions))
        yield from _named("releases", release_rows(self._store, self._statements))

    def connections(self) -> Iterator[ConnectionRow]:
        """The connections alone, when all that states them has gone by."""
        deque(chain(self._stated(), self._released()), maxlen=0)
        return self._gathering.rows()

    def every_node(self) -> Iterator[NodeRow]:
        """All concepts of the graph, whatever is asked for."""
        from kg.graph.inventory.nodes import node_rows

        return node_rows(self._store)

    def nodes(self) -> Iterator[NodeRow]:
        """The concepts: all, or those of the slice."""
        near = self._content.near
        if near is None and self._content.asked.is_slice:
            near = frozenset(self._gathering.curies)
        return (row for row in self.every_node() if near is None or row.curie in near)

    def _stated(self) -> Iterator[tuple[str, Sequence[Row]]]:
        from kg.graph.inventory.stated import evidence_rows, stated

        count = 0
        for every in stated(self._store, self._content.build):
            count += len(every)
            rows = self._wanted(every)
            self._gathering.assertions(rows)
            self._assertions.update(row.document for row in rows)
            yield "assertions", rows
            yield "evidence", evidence_rows(rows)
        if count != (expected := self._store.manifest.counts.get("assertions", 0)):
            raise StoreError(
                f"{self._store.place}: the graph is damaged ({count:,} of {expected:,} assertions are there)"
            )

    def _wanted(self, rows: Sequence[AssertionRow]) -> Sequence[AssertionRow]:
        """What of some rows the trust and the slice let through; it is noted whose findings are wanted."""
        if self._is_all:
            return rows
        wanted = [
            row for row in rows if row.verdict in self._verdicts and self._takes(row.subject, row.relation, row.object)
        ]
        self._keys.update(row.key for row in wanted)
        return wanted

    def _released(self) -> Iterator[tuple[str, Sequence[Row]]]:
        from kg.graph.inventory.statements import statement_rows

        rows = (
            row
            for row in statement_rows(self._store, self._verdicts)
            if self._is_all or self._takes(row.subject, row.relation, row.object)
        )
        for some in in_batches(rows):
            self._gathering.statements(some)
            self._statements.update(row.release for row in some)
            yield "statements", some


def _named(name: str, rows: Iterable[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    return ((name, some) for some in in_batches(rows))


def in_batches(rows: Iterable[RowOf]) -> Iterator[list[RowOf]]:
    """Rows, so many at a time that each step is worth its while."""
    rest = iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
