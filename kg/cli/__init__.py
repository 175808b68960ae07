"""The command line: each command reads its arguments, calls one function, and prints."""

from __future__ import annotations

import os
import signal
import sys
from copy import copy

import typer
from typer.main import get_command_name

from kg.cli import (
    asking,
    assisting,
    building,
    comparing,
    completion,
    diagnoses,
    doctoring,
    drawing,
    exporting,
    extracting,
    findings,
    manual,
    pushing,
    querying,
    reference,
    release_diff,
    serving,
    units,
    upkeep,
)
from kg.cli.commands import SHARED, Group, dress
from kg.cli.manner import begin
from kg.cli.misuse import Misuse, is_help, told
from kg.cli.output import say
from kg.cli.streams import standard_streams
from kg.cli.watching import take_process
from kg.errors import KgError, UsageError

COMPLETES = "_KG_COMPLETE"
"""Set by the scripts of `kg completion`, to the name of the shell: asks what may follow, and runs nothing."""

app = typer.Typer(
    name="kg",
    help="A knowledge graph of US healthcare billing: every edge says who stated it, in which words. "
    "Reference and training material, not billing or medical advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    cls=Group,
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
    assisting,
    units,
    upkeep,
    doctoring,
    completion,
    manual,
):
    topic.add_to(app)
dress(app)


def main() -> None:
    """Run a command; ends with 0 done, 1 findings or no such thing, 2 usage, 3 what went wrong otherwise, 4 only no."""
    # A query that runs inside the store sees no KeyboardInterrupt; this ends the process at once.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    take_process()
    begin()
    try:
        with standard_streams():
            if shell := os.environ.get(COMPLETES):
                from kg.cli.completing import answer

                answer(shell, sys.argv[1:], named_alone, app)
                return
            _run(sys.argv[1:])
    except KgError as exc:
        say(f"kg: {' '.join(str(exc).split())}")
        for line in getattr(exc, "excerpt", "").splitlines():
            say(f"  {line}")
        sys.exit(exc.exit_code)


def _run(words: list[str]) -> None:
    """Run the command that the first word names, without making the options of all others first."""
    before, words = _leading(words)
    if alone := named_alone(words[0] if words else ""):
        _call(alone, [*before, *words[1:]], f"kg {words[0]}")
    else:
        _call(app, [*before, *words], "kg")


def _call(called: typer.Typer, words: list[str], name: str) -> None:
    """Run an app and end with its exit code; words that it does not take are one line."""
    try:
        code = called(words, prog_name=name, standalone_mode=False)
    except Misuse as exc:
        if is_help(exc):
            sys.stderr.write(f"{exc.format_message()}\n")
            sys.exit(UsageError.exit_code)
        raise UsageError(told(exc, name)) from exc
    except typer.Abort:
        sys.exit(1)  # Whoever was asked ended the input.
    sys.exit(code if isinstance(code, int) else 0)


def _leading(words: list[str]) -> tuple[list[str], list[str]]:
    """The options of all commands that stand before the name of one, and the rest."""
    at = 0
    while at < len(words) and words[at].partition("=")[0] in SHARED:
        at += 2 if words[at] == "--color" else 1
    return words[:at], words[at:]


def named_alone(name: str) -> typer.Typer | None:
    """An app of one command or group alone; None where there is none of this name."""
    alone = copy(app)
    alone.registered_commands = [
        info
        for info in app.registered_commands
        if info.callback and name == (info.name or get_command_name(info.callback.__name__))
    ]
    alone.registered_groups = []
    return alone if alone.registered_commands else None
