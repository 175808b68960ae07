"""`kg query` and `kg queries`: SPARQL, one's own or from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from kg.answer_rows import QUESTION_COLUMNS, TERM_COLUMNS, question_rows
from kg.cli.options import AsOfOption, Format, FormatOption, StoreOption, Trust, TrustOption
from kg.cli.output import emit, say, write
from kg.cli.streams import text_of
from kg.cli.watching import limited
from kg.errors import NotFound, UsageError


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(limited(query))
    app.command()(queries)
    app.command()(schema)


def query(
    question: Annotated[
        str,
        typer.Argument(help="SPARQL, a file of it ending in .rq, - for standard input, or a name from `kg queries`."),
    ],
    values: Annotated[
        list[str] | None,
        typer.Argument(help="Values of the query's variables, as NAME=VALUE.", show_default=False),
    ] = None,
    trust: TrustOption = Trust.DISPUTED,
    as_of: AsOfOption = None,
    format: FormatOption = Format.TABLE,
    store: StoreOption = None,
) -> None:
    """Ask the graph in SPARQL; it never reaches the network or the disk."""
    import kg

    text = _question(question)
    with kg.open(store).at(trust=trust, as_of=as_of) as graph:
        answer = graph.query(text, **_values(text, values or ()))
        emit(answer, format, answer.columns)
    for note in answer.notes:
        say(f"note: {note}")


def queries(
    name: Annotated[str | None, typer.Argument(help="Show this one whole.", show_default=False)] = None,
    values: Annotated[
        list[str] | None,
        typer.Argument(help="Its values, to show it as SPARQL for any engine.", show_default=False),
    ] = None,
    trust: TrustOption = Trust.DISPUTED,
    format: FormatOption = Format.TABLE,
) -> None:
    """The catalogue of questions: what each answers, its parameters and columns."""
    from kg.graph.rdf.vocabulary import dataset
    from kg.queries import catalogue, find
    from kg.queries.standalone import standalone

    if name is not None and values:
        write(standalone(find(name), _values(name, values), [graph.value for graph in dataset(trust)]))
    elif name is not None:
        write(find(name).text)
    else:
        emit(question_rows(catalogue()), format, QUESTION_COLUMNS)


def schema(
    words: Annotated[
        list[str] | None, typer.Argument(help="Only what has these words in it.", show_default=False)
    ] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """What a query can name: classes, properties, values, graphs and prefixes."""
    from kg.queries.schema import schema as terms

    sought = [word.lower() for word in words or ()]
    rows = [asdict(term) for term in terms()]
    rows = [row for row in rows if all(word in " ".join(row.values()).lower() for word in sought)]
    if not rows:
        raise NotFound(f"nothing in the ontology has these words in it: {' '.join(words or ())!r}")
    emit(rows, format, TERM_COLUMNS)


def _question(text: str) -> str:
    """SPARQL, from where it is; a name of the catalogue is left as it is."""
    is_file = text.endswith(".rq") and not any(c.isspace() for c in text)
    return text_of(text) if is_file or text == "-" else text


def _values(question: str, texts: Sequence[str]) -> dict[str, str]:
    """Values by name: as NAME=VALUE, or alone, in the order of the parameters of a question of the catalogue."""
    from kg.queries.catalogue import parameters_of

    values: dict[str, str] = {}
    for name, value in (_name_and_value(text) for text in texts if "=" in text):
        if name in values:
            raise UsageError(f"given more than once: {name!r}")
        values[name] = value
    free = [parameter.name for parameter in parameters_of(question) if parameter.name not in values]
    for text in texts:
        if "=" not in text:
            if not free:
                raise UsageError(f"not NAME=VALUE: {text!r}")
            values[free.pop(0)] = text
    return values


def _name_and_value(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name:
        raise UsageError(f"not NAME=VALUE: {text!r}")
    return name.lstrip("?$"), value
