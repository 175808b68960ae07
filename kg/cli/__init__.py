"""The command line: each command reads its arguments, calls one function, and prints."""

from __future__ import annotations

import signal
import sys
from copy import copy

import typer
from typer.main import get_command_name

from kg.cli import (
    asking,
    building,
    comparing,
    diagnoses,
    drawing,
    exporting,
    extracting,
    findings,
    pushing,
    querying,
    reference,
    release_diff,
    serving,
    units,
    upkeep,
)
from kg.cli.output import say
from kg.cli.streams import standard_streams
from kg.cli.watching import take_process
from kg.errors import KgError

app = typer.Typer(
    name="kg",
    help="A knowledge graph of US healthcare billing: every edge says who stated it, in which words. "
    "Reference and training material, not billing or medical advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for topic in (
    building,
    extracting,
    diagnoses,
    asking,
    querying,
    drawing,
    exporting,
    findings,
    comparing,
    pushing,
    release_diff,
    reference,
    serving,
    units,
    upkeep,
):
    topic.add_to(app)


def main() -> None:
    """Run a command; ends with 0 done, 1 findings or no such thing, 2 usage, 3 what went wrong otherwise, 4 only no."""
    # A query that runs inside the store sees no KeyboardInterrupt; this ends the process at once.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    take_process()
    try:
        with standard_streams():
            _run(sys.argv[1:])
    except KgError as exc:
        say(f"kg: {' '.join(str(exc).split())}")
        for line in getattr(exc, "excerpt", "").splitlines():
            say(f"  {line}")
        sys.exit(exc.exit_code)


def _run(words: list[str]) -> None:
    """Run the command that the first word names, without making the options of all others first."""
    if words == ["--version"]:
        from importlib.metadata import version  # Which is slow to import, and wanted by nothing else.

        typer.echo(f"kg {version('billing-kg')}")
        return
    for command in app.registered_commands:
        assert command.callback
        name = command.name or get_command_name(command.callback.__name__)
        if words[:1] == [name]:
            alone = copy(app)
            alone.registered_commands, alone.registered_groups = [command], []
            alone(words[1:], prog_name=f"kg {name}")  # Ends the process.
    app(words, prog_name="kg")
