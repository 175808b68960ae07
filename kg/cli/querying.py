"""`kg query` and `kg queries`: SPARQL, one's own or from the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import AsOfOption, Format, FormatOption, StoreOption, Trust, TrustOption
from kg.cli.output import emit, write
from kg.cli.streams import text_of_standard_input
from kg.cli.watching import limited
from kg.errors import Failure, UsageError


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(limited(query))
    app.command()(queries)


def query(
    question: Annotated[
        str,
        typer.Argument(help="SPARQL, a file of it ending in .rq, - for standard input, or a name from `kg queries`."),
    ],
    values: Annotated[
        list[str] | None,
        typer.Argument(help="Values as NAME=VALUE, bound to the query's variables.", show_default=False),
    ] = None,
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    format: FormatOption = Format.TABLE,
    store: StoreOption = None,
) -> None:
    """Ask the graph in SPARQL; it never reaches the network or the disk."""
    import kg

    asked = _question(question)
    bound = dict(map(_value, values or ()))
    with kg.open(store).at(trust=trust, as_of=as_of) as graph:
        answer = graph.query(asked, **bound)
        emit(answer, format, answer.columns)


def queries(
    name: Annotated[str | None, typer.Argument(help="Show this one whole.", show_default=False)] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """The catalogue of questions: what each answers, its parameters and columns."""
    from kg.queries import catalogue, find

    if name is not None:
        write(find(name).text)
        return
    rows = [
        {
            "name": one.name,
            "answers": one.summary,
            "audience": one.audience,
            "values": " ".join(f"{p.name}={p.example}" for p in one.parameters),
            "columns": ", ".join(column.name for column in one.columns),
        }
        for one in catalogue()
    ]
    emit(rows, format, ("name", "answers", "values", "audience"))


def _question(text: str) -> str:
    """SPARQL, from where it is; a name of the catalogue is left as it is."""
    if text != "-" and (not text.endswith(".rq") or any(c.isspace() for c in text)):
        return text
    if text == "-":
        return text_of_standard_input()
    try:
        return Path(text).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else f"not UTF-8 (byte {exc.start})"
        raise Failure(f"{text}: {why}") from exc


def _value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"not NAME=VALUE: {text!r}")
    return name.lstrip("?$"), value
