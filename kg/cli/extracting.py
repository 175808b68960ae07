"""`kg extract`: what documents state, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from kg.cli.intake import taken_in
from kg.cli.options import SEPARATORS, Format, FormatOption, JobsOption
from kg.cli.output import emit, say, write
from kg.cli.watching import watched
from kg.errors import DocumentError

if TYPE_CHECKING:
    from kg.extraction import Extraction

Result = TypeVar("Result")

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
    app.command()(watched(extract))


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
    problems: list[str] = []
    if text:
        sources = taken_in(documents)
        for document in _good(_alone_or_all((source.read_or_error() for source in sources), documents), problems):
            write(document.text)
    elif report:
        _report(_extractions(documents, jobs, problems), format)
    else:
        extractions = _extractions(documents, jobs, problems)
        many = len(documents) > 1 or documents[0].is_dir()
        flat = format is Format.TABLE or format in SEPARATORS
        emit(_rows(extractions, with_document=many, flat=flat), format, ("document", *_COLUMNS) if many else _COLUMNS)
    for problem in problems:
        say(f"kg: left out: {problem}")
    if problems:
        raise typer.Exit(1)


def _alone_or_all(results: Iterable[Result | DocumentError], paths: list[Path]) -> Iterator[Result | DocumentError]:
    """One document that was named and cannot be read is an error; among several it is left out."""
    for result in results:
        if isinstance(result, DocumentError) and len(paths) == 1 and not paths[0].is_dir():
            raise result
        yield result


def _good(results: Iterable[Result | DocumentError], problems: list[str]) -> Iterator[Result]:
    for result in results:
        if isinstance(result, DocumentError):
            problems.append(str(result))
        else:
            yield result


def _extractions(paths: list[Path], jobs: int, problems: list[str]) -> Iterator[Extraction]:
    from kg.extraction.parallel import extract_all

    yield from _good(_alone_or_all(extract_all(taken_in(paths), jobs), paths), problems)


def _rows(extractions: Iterator[Extraction], *, with_document: bool, flat: bool) -> Iterator[dict[str, Any]]:
    for extraction in extractions:
        for assertion in extraction.assertions:
            row = assertion.to_json()
            if flat:
                row["line"] = f"{assertion.evidence.line}{assertion.evidence.place}"
            yield {"document": extraction.document.name, **row} if with_document else row


def _report(extractions: Iterator[Extraction], format: Format) -> None:
    for extraction in extractions:
        rows = [
            {
                "line": leftover.line,
                "what": leftover.what,
                "reason": leftover.reason,
                "text": leftover.text,
                "start": leftover.start,
                "end": leftover.end,
            }
            for leftover in extraction.leftovers
        ]
        emit(rows, format, _LEFTOVERS)
        for what, tally in (("rows", extraction.rows), ("code-like tokens", extraction.tokens)):
            say(
                f"{extraction.document.name}: {tally.total} {what} = {tally.evidence} in evidence "
                f"+ {tally.leftover} left over"
            )
        say(f"{extraction.document.name}: {len(extraction.assertions)} assertions")
