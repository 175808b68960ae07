"""Rows of what is judged, kept by a build in the order of the tables: findings, statements, and verdicts.

To read them of the quads again takes most of the time of an export. A build that was changed, or is shown as of another
day, keeps none, and its quads are read instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import pyoxigraph as ox

from kg.graph.inventory.rows import FindingRow, StatementRow
from kg.graph.inventory.verdicts import VERDICTS, packed_verdicts
from kg.graph.sorted_lines import SortedLines
from kg.graph.store import GraphStore
from kg.model import Relation, Verdict

FINDINGS, STATEMENTS = "findings.jsonl", "statements.jsonl"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
_RANK = {relation.value: f"{rank:03}" for rank, relation in enumerate(Relation)}


def finding_order(row: FindingRow) -> tuple[str, str]:
    """Findings are in the order of the assertions that they are about."""
    return row.assertion, row.key


def statement_order(row: StatementRow) -> tuple[str, ...]:
    """Statements are in the order of relations, then of subjects and objects."""
    return _RANK[row.relation], row.subject, row.object, row.release, f"{row.row or 0:012}", row.key


class KeptRows:
    """Takes rows while a graph is written, in any order, and writes them beside it at the end."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._findings, self._statements = (self._open.enter_context(SortedLines()) for _ in range(2))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._open.__exit__(*error)

    def findings(self, rows: Iterable[FindingRow]) -> None:
        """Take findings."""
        for row in rows:
            self._findings.write(_line(finding_order(row), row))

    def statement(self, row: StatementRow) -> None:
        """Take a statement."""
        self._statements.write(_line(statement_order(row), row))

    def write(self, build: Path, verdicts: Mapping[str, Verdict]) -> None:
        """Write them to the folder of a build, each once as among quads, and the verdicts on all assertions."""
        for name, lines in ((FINDINGS, self._findings), (STATEMENTS, self._statements)):
            with (build / name).open("wb") as out:
                out.writelines(line for line, _ in groupby(lines))
        (build / VERDICTS).write_bytes(packed_verdicts(verdicts))


def _line(order: Sequence[str], row: Sequence[object]) -> bytes:
    """By identifiers and keys, which have no blanks: so lines are in the order of the rows."""
    return "\t".join(("\0".join(order), _encode(row) + "\n")).encode()


def kept_rows(store: GraphStore, name: str) -> Iterator[list[Any]] | None:
    """The rows of a file as they were kept of a store, days as texts; None where there is none.

    Raises `StoreError` where it is damaged.
    """
    if not isinstance(store.quads, ox.Store) or name not in store.manifest.files:
        return None
    store.verify(name)
    return _read(store, name)


def _read(store: GraphStore, name: str) -> Iterator[list[Any]]:
    with (store.build / name).open(encoding="utf-8", newline="\n") as lines:
        yield from (json.loads(line[line.index("\t") :]) for line in lines)
