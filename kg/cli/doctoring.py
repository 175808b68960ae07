"""`kg doctor`: what is missing or wrong here, and how it is mended."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import Format, ReleasesOption, StoreOption
from kg.cli.output import counted, emit, say
from kg.cli.watching import watched

_COLUMNS = ("what", "state", "found", "mend")


def add_to(app: typer.Typer) -> None:
    """Add the command of this topic."""
    app.command()(watched(doctor))


def doctor(
    documents: Annotated[
        list[Path] | None,
        typer.Argument(help="Documents that the graph should hold as they are now.", show_default=False),
    ] = None,
    format: Annotated[
        Format | None, typer.Option("--format", help="How rows come out; else as a table.", show_default=False)
    ] = None,
    releases: ReleasesOption = None,
    store: StoreOption = None,
) -> None:
    """What is missing or wrong here, and how to mend it; ends with 1 where something is to be mended.

    It looks at Python, the libraries, the defaults in force, the releases, the graph, what is kept between runs, and
    the room for all of that. It writes nothing, and never touches the network.
    """
    from kg.doctor import State, examine

    # Without a default, which `kg.toml` would name: what is wrong with that file is to be told below.
    symptoms = list(examine(store, releases, documents or ()))
    emit((symptom._asdict() for symptom in symptoms), format or Format.TABLE, _COLUMNS)
    to_mend = sum(symptom.state is State.MEND for symptom in symptoms)
    say(f"{counted(to_mend, 'thing')} to mend" if to_mend else "all is well")
    if to_mend:
        raise typer.Exit(1)
