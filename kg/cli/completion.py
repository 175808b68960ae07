"""`kg completion`: the scripts by which shells complete what is typed after `kg`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from kg import resources
from kg.cli.output import write


class Shell(StrEnum):
    """The shells for which there is a script."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def add_to(app: typer.Typer) -> None:
    """Add the command of this topic."""
    app.command()(completion)


def completion(shell: Annotated[Shell, typer.Argument(help="The shell that is to complete.")]) -> None:
    """Print the script by which a shell completes commands, options, codes and names after `kg`.

    Codes, names and documents come from the graph in the folder of --store, KG_STORE or kg.toml, without a sound where
    there is none.
    """
    write(resources.path("data", "completion", f"kg.{shell.value}").read_text("utf-8"))
