"""How answers come out: rows on standard output in the format asked for, everything else on standard error."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kg.answer_rows import Row
from kg.cells import cell, plain, separated
from kg.cli.options import RAW, SEPARATORS, AnswerFormat, Format
from kg.limits import clock_stopped
from kg.model import Assertion, Hop

if TYPE_CHECKING:
    from kg.answers import Answer

# What would move the cursor, or turn the order of what is read, is shown as a mark.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def say(text: str) -> None:
    """A line for the person, on standard error."""
    sys.stderr.write(f"{safe(text)}\n")


def counted(number: int, what: str) -> str:
    """A number with its noun.

    >>> counted(1, "finding")
    '1 finding'
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def write(text: str) -> None:
    """Text of the answer, on standard output; UTF-8 whatever the machine's default."""
    with clock_stopped():
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()


def safe(text: str) -> str:
    """Text without characters that a terminal would obey."""
    return _UNSAFE.sub("\ufffd", text)


def emit(rows: Iterable[Row], format: Format, columns: Sequence[str]) -> None:
    """Print rows; a table shows the columns named, the other formats all that a row holds."""
    if format is Format.TABLE:
        write(table(rows, columns))
    elif format is Format.JSON:
        write(in_json([dict(row) for row in rows]))
    elif format is Format.JSONL:
        for row in rows:
            write(json.dumps(row, ensure_ascii=False, default=plain) + "\n")
    else:
        write(separated(rows, columns, SEPARATORS[format], raw=format in RAW))


def emit_answer(answer: Answer[Any], format: AnswerFormat) -> None:
    """Print an answer: its rows, or all of it as one object."""
    if format is AnswerFormat.ANSWER:
        write(in_json(answer.to_json()))
    else:
        emit(answer.rows(), Format(format.value), answer.columns)


def in_json(content: Any) -> str:
    """JSON for people and programs, on several lines."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=plain) + "\n"


_BY_NAME: Mapping[str, str] = {}


def table(rows: Iterable[Row], columns: Sequence[str], indent: int = 0, headings: Mapping[str, str] = _BY_NAME) -> str:
    """Rows under their headings, as wide as the terminal, or as they need where it is none.

    The heading of a column is its name, unless `headings` has another.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rich_table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        rich_table.add_column(
            Text(safe(headings.get(column) or column.replace("_", " "))),
            overflow="fold",
            no_wrap=column in ("code", "verdict", "strength"),
        )
    for row in rows:
        rich_table.add_row(*(Text(safe(cell(row.get(column)))) for column in columns))
    terminal = sys.stdout.isatty()
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=None if terminal else 200, highlight=False)
    console.width -= indent
    console.print(rich_table)
    return "".join(f"{' ' * indent}{line}".rstrip() + "\n" for line in out.getvalue().splitlines())


def source(assertion: Assertion) -> str:
    """Where an assertion stands, in short: `tocilizumab:24`, `policy:120 (page 3)`."""
    return str(assertion.evidence)


def read_aloud(hop: Hop) -> str:
    """A hop as a sentence, in the direction in which the document states it."""
    connection = hop.connection
    return f"{connection.subject.in_words} — {connection.relation.label} — {connection.object.in_words}"


def _no_progress(what: str, done: int, total: int) -> None:
    """Progress where nobody watches."""


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error while work goes on, where that is a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield _no_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield tell
