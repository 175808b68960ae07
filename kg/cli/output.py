"""How answers come out: rows on standard output in the format asked for, everything else on standard error."""

from __future__ import annotations

import io
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kg.answer_rows import Row
from kg.cells import cell, plain, separated
from kg.cli.manner import MANNER, width
from kg.cli.options import RAW, SEPARATORS, AnswerFormat, Format
from kg.limits import clock_stopped
from kg.model import Assertion, Hop

if TYPE_CHECKING:
    from kg.answers import Answer

# What would move the cursor, or turn the order of what is read, is shown as a mark.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def say(text: str) -> None:
    """A line for the person, on standard error.

    What begins with `kg:` went wrong, or is missing in the answer, and is said with `--quiet` as well; so is what
    stands below it, further in.
    """
    if not MANNER.quiet or text.startswith(("kg:", "  ")):
        sys.stderr.write(f"{safe(text)}\n")


def detail(text: str) -> None:
    """A line on standard error that only `--verbose` asks for: a step, or how long it took."""
    if MANNER.verbose:
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


_LINES = 25
_BY_NAME: Mapping[str, str] = {}


def table(rows: Iterable[Row], columns: Sequence[str], indent: int = 0, headings: Mapping[str, str] = _BY_NAME) -> str:
    """Rows under their headings, as wide as the terminal, or as they need where it is none.

    The heading of a column is its name, unless `headings` has another. Names that need more than one line are cut, with
    an ellipsis: other formats have them whole. All other columns are folded.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    room = width() - indent
    cells = [[safe(cell(row.get(column))) for column in columns] for row in rows]
    heads = [safe(headings.get(column) or column.replace("_", " ")) for column in columns]
    texts = dict(zip(columns, zip(heads, *cells, strict=True), strict=True))
    most = cut_to(room, texts)
    room = max(room, _least(texts, most))
    rich_table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column, head in zip(columns, heads, strict=True):
        rich_table.add_column(
            Text(head),
            overflow="ellipsis" if column in most else "fold",
            no_wrap=column in _UNBROKEN or column in most,
            max_width=most.get(column),
        )
    for row in cells:
        named = zip(columns, row, strict=True)
        rich_table.add_row(*(Text(text, _STYLES.get(text, "") if name == "verdict" else "") for name, text in named))
    out = io.StringIO()
    coloured = MANNER.colours(sys.stdout)
    console = Console(
        file=out, force_terminal=coloured, no_color=not coloured, color_system="standard" if coloured else None,
        width=room, height=_LINES, highlight=False,
    )  # fmt: skip
    console.print(rich_table)
    return "".join(f"{' ' * indent}{line}".rstrip() + "\n" for line in out.getvalue().splitlines())


def cut_to(room: int, texts: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How wide each column of names may be, so that a table fits: what short ones leave over the long ones get.

    A code at the head of a name is never cut, nor is a column that holds codes alone.

    >>> cut_to(60, {"from": ["J3262 " + 64 * "a"], "to": ["M06.9 arthritis"], "verdict": ["consistent"]})
    {'to': 15, 'from': 29}
    """
    widths = {column: max(map(len, every)) for column, every in texts.items()}
    names = [column for column in texts if column in NAMES and any(" " in text for text in texts[column])]
    fair = max(_FOLDED, room // len(texts)) if texts else 0
    others = (wide if name in _UNBROKEN else min(wide, fair) for name, wide in widths.items() if name not in names)
    rest = room - _GAP * (len(texts) - 1) - sum(others)
    most = {}
    for left, name in zip(range(len(names), 0, -1), sorted(names, key=widths.__getitem__), strict=True):
        least = max(_SHORTEST, *(len(text.partition(" ")[0]) + 2 for text in texts[name]))
        most[name] = max(min(widths[name], rest // left), least)
        rest -= most[name]
    return most


def _least(texts: Mapping[str, Sequence[str]], most: Mapping[str, int]) -> int:
    """Without so much room columns would be left out, so that a table is rather wider than the terminal."""
    widths = {column: max(map(len, every)) for column, every in texts.items()}
    needed = (most.get(column, wide if column in _UNBROKEN else min(wide, _BROKEN)) for column, wide in widths.items())
    return sum(needed) + _GAP * (len(texts) - 1)


NAMES = frozenset({"code", "from", "to", "name", "object", "object_label", "title", "diagnosis"})
"""The columns that hold what a concept is called, where they hold more than codes."""
_UNBROKEN = frozenset({"code", "verdict", "strength"})
_GAP, _SHORTEST, _FOLDED, _BROKEN = 3, 12, 20, 8
"""Letters between two columns, that a name has at least, that are kept free for a column that can be folded, and that
it has at least.
"""
_STYLES = {"corroborated": "green", "consistent": "", "unchecked": "dim", "disputed": "yellow", "refuted": "bold red"}
"""The colours of verdicts."""


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
    """A bar on standard error while work goes on, where that is a terminal; with `--verbose` a line for each step."""
    if MANNER.verbose:
        with _steps() as tell:
            yield tell
        return
    if MANNER.quiet or not sys.stderr.isatty():
        yield _no_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # Without both, rich takes COLUMNS and LINES for numbers, whatever they hold.
    console = Console(stderr=True, no_color=not MANNER.colours(sys.stderr), width=width(sys.stderr), height=_LINES)
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield tell


@contextmanager
def _steps() -> Iterator[Callable[[str, int, int], None]]:
    """Say of each step, when the next one begins, how long it took."""
    steps: dict[str, int] = {}
    begun = time.perf_counter()

    def ended() -> None:
        for what, done in steps.items():
            detail(f"{what}{f' ({done:,})' if done else ''}: {time.perf_counter() - begun:.2f} s")
        steps.clear()

    def tell(what: str, done: int, total: int) -> None:
        nonlocal begun
        if what not in steps:
            ended()
            begun = time.perf_counter()
        steps[what] = done or total

    yield tell
    ended()
