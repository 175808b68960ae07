"""CSV and TSV: one line a row, cells between pipes, whatever stands between them in the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from kg import lazy_re as re
from kg.documents.document import Block, Unreadable
from kg.documents.lines import Lines, Where
from kg.documents.sheet import write_sheet

NAME = "csv"

_DELIMITERS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SAMPLE = 64 * 1024
_MOST_LINES = 60
"""A cell of more lines is one whose quote was never closed."""


class _Record(NamedTuple):
    cells: list[str]
    line: int


def read(text: str) -> tuple[str, tuple[Block, ...]]:
    """The rows of a file as tables; `row` counts its records and `line` its lines."""
    lines = Lines()
    records = _records(text, delimiter_of(text) or ",")
    rows = ((record.cells, Where(record.line, row=number)) for number, record in enumerate(records, 1))
    write_sheet(lines, rows)
    return lines.content()


def delimiter_of(text: str) -> str:
    """What stands between the cells: the mark that gives most rows the same number of them; empty where none does.

    >>> delimiter_of('code;name\\nJ2357;"omalizumab, 5 mg"\\n')
    ';'
    """
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    bare = _QUOTED.sub("", sample)
    scores = {delimiter: _consistency(sample, delimiter) for delimiter in _DELIMITERS if delimiter in bare}
    best = max(scores, key=lambda delimiter: scores[delimiter], default="")
    return best if best and scores[best][0] > 0 else ""


def looks_delimited(text: str) -> bool:
    """Whether text of unknown kind is a table throughout: no line of prose, and the same number of cells in each row.

    Tabs and pipes are left to the reader of plain text, which knows tables among prose.
    """
    delimiter = delimiter_of(text)
    if delimiter not in (",", ";"):
        return False
    sample = text if len(text) <= _SAMPLE else text[: text.rfind("\n", 0, _SAMPLE) + 1]
    counts = _widths(sample, delimiter)
    longest = max(map(len, _QUOTED.sub("", sample).replace(delimiter, "\n").splitlines()), default=0)
    return len(counts) == 1 and counts.total() > 1 and longest <= 80 and f"{delimiter} " not in _QUOTED.sub("", sample)


def _consistency(sample: str, delimiter: str) -> tuple[float, int]:
    """How large a share of the rows has the usual number of cells, and how many those are."""
    counts = _widths(sample, delimiter)
    several = [(number, count) for count, number in counts.items() if count > 1]
    if not several:
        return 0.0, 0
    number, count = max(several)
    return number / counts.total(), count


def _widths(sample: str, delimiter: str) -> Counter[int]:
    """How many rows have how many cells."""
    try:
        return Counter(len(record.cells) for record in _records(sample, delimiter) if any(record.cells))
    except Unreadable:
        return Counter()


def _records(text: str, delimiter: str) -> list[_Record]:
    """The records of a file; where a quote is never closed, quotes are marks as any other."""
    try:
        records = list(_parsed(text, delimiter, csv.QUOTE_MINIMAL))
    except csv.Error:
        return _unquoted(text, delimiter)
    longest = max((cell.count("\n") for record in records for cell in record.cells), default=0)
    return _unquoted(text, delimiter) if longest > _MOST_LINES else records


def _unquoted(text: str, delimiter: str) -> list[_Record]:
    try:
        return list(_parsed(text, delimiter, csv.QUOTE_NONE))
    except csv.Error as exc:
        raise Unreadable(f"not CSV: {exc}") from exc


def _parsed(text: str, delimiter: str, quoting: Literal[0, 3]) -> Iterator[_Record]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, skipinitialspace=delimiter != "\t"
    )
    line = 1
    for cells in reader:
        yield _Record(cells, line)
        line = reader.line_num + 1
