"""`kg validate`: whether the graph is as it should be."""

from __future__ import annotations

import typer

from kg.cli.options import StoreOption
from kg.cli.output import counted, say
from kg.cli.watching import LONG, limited


def add_to(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command()(limited(validate, LONG))


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
