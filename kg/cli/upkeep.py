"""`kg findings` and `kg validate`: how far the graph can be trusted."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.options import Format, FormatOption, StoreOption
from kg.cli.output import counted, emit, say, source


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(findings)
    app.command()(validate)


def findings(
    documents: Annotated[
        list[str] | None, typer.Argument(help="Only these documents, by identifier.", show_default=False)
    ] = None,
    format: FormatOption = Format.TABLE,
    store: StoreOption = None,
) -> None:
    """What a person should look at, worst first; ends with 1 when there is any."""
    import kg

    with kg.open(store) as graph:
        wanted = set(documents or ())
        found = [f for f in graph.findings() if not wanted or f.assertion.evidence.document in wanted]
    rows = [
        {
            "verdict": f.verdict.value,
            "concept": f.concept.curie,
            "reason": f.reason,
            "suggestion": f.suggestion.curie if f.suggestion else "",
            "source": source(f.assertion),
            "document": f.assertion.evidence.document,
            "line": f.assertion.evidence.line,
            "quote": f.assertion.evidence.quote,
            "release": f.release,
        }
        for f in found
    ]
    if rows or format is not Format.TABLE:
        emit(rows, format, ("verdict", "concept", "reason", "suggestion", "source", "quote"))
    say(counted(len(rows), "finding"))
    if rows:
        raise typer.Exit(1)


def validate(store: StoreOption = None) -> None:
    """Hold the built graph against its shapes and invariants; ends with 1 when something is wrong."""
    import kg

    with kg.open(store) as graph:
        problems = graph.validate()
    for problem in problems:
        say(f"kg: {problem}")
    say(counted(len(problems), "problem"))
    if problems:
        raise typer.Exit(1)
