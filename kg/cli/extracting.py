"""`kg extract`: what documents state, line by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.options import Format, FormatOption, JobsOption
from kg.cli.output import emit, say, write

if TYPE_CHECKING:
    from kg.extraction import Extraction

_COLUMNS = (
    "line",
    "subject",
    "relation",
    "object",
    "object_label",
    "polarity",
    "strength",
    "condition",
    "rule",
)
_LEFTOVERS = ("line", "what", "reason", "text")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(extract)


def extract(
    documents: Annotated[list[Path], typer.Argument(help="Guides, or folders of them; - for standard input.")],
    format: FormatOption = Format.TABLE,
    text: Annotated[
        bool, typer.Option("--text", help="Print the text that offsets count in, and nothing else.")
    ] = False,
    report: Annotated[
        bool,
        typer.Option("--report", help="Print what was left over and why, with the counts of rows and codes."),
    ] = False,
    jobs: JobsOption = 1,
) -> None:
    """Read documents and print what they state, with the sentence that says so."""
    if text:
        for document in _documents(documents):
            write(document.text)
        return
    problems: list[str] = []
    found = _extractions(documents, jobs, problems)
    if report:
        _report(found, format)
    else:
        columns = _COLUMNS if len(documents) == 1 and not documents[0].is_dir() else ("document", *_COLUMNS)
        emit(
            _rows(found, named=columns is not _COLUMNS, flat=format in (Format.TABLE, Format.CSV, Format.TSV)),
            format,
            columns,
        )
    for problem in problems:
        say(f"kg: left out: {problem}")
    if problems:
        raise typer.Exit(1)


def _documents(paths: list[Path]) -> Iterator[Any]:
    from kg.documents import find, parse, read

    if [str(path) for path in paths] == ["-"]:
        yield parse(sys.stdin.buffer.read(), "-")
        return
    yield from map(read, find(paths))


def _extractions(paths: list[Path], jobs: int, problems: list[str]) -> Iterator[Extraction]:
    from kg.documents import find
    from kg.errors import DocumentError
    from kg.extraction import extract as extract_one
    from kg.extraction.many import extract_all

    if [str(path) for path in paths] == ["-"] or (len(paths) == 1 and not paths[0].is_dir()):
        yield from map(extract_one, _documents(paths))
        return
    for result in extract_all(find(paths), jobs):
        if isinstance(result, DocumentError):
            problems.append(str(result))
        else:
            yield result


def _rows(extractions: Iterator[Extraction], *, named: bool, flat: bool) -> Iterator[dict[str, Any]]:
    for extraction in extractions:
        for assertion in extraction.assertions:
            row = assertion.to_json()
            if flat:
                row["line"] = assertion.evidence.line
            yield {"document": extraction.document.name, **row} if named else row


def _report(extractions: Iterator[Extraction], format: Format) -> None:
    for extraction in extractions:
        rows = [
            {
                "line": left.line,
                "what": left.what,
                "reason": left.reason,
                "text": left.text,
                "start": left.start,
                "end": left.end,
            }
            for left in extraction.leftovers
        ]
        emit(rows, format, _LEFTOVERS)
        for what, tally in (("rows", extraction.rows), ("code-like tokens", extraction.tokens)):
            say(
                f"{extraction.document.name}: {tally.total} {what} = {tally.evidence} in evidence + {tally.leftover} left over"
            )
        say(f"{extraction.document.name}: {len(extraction.assertions)} assertions")
