"""`kg man`: the manual page, made of what `--help` says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from typer.main import get_command

from kg.cli.examples import EXAMPLES
from kg.cli.output import write
from kg.config import VARIABLES

EXIT_CODES = {
    0: "done",
    1: "findings, or no such thing, or not known",
    2: "usage: the question itself is malformed",
    3: "anything else that went wrong",
    4: "only no: the documents say no to what was asked for, and nothing else",
}
_ENVIRONMENT = {
    "store": "the folder of the graph, or the address of its engine",
    "releases": "the folder of your releases",
    "decisions": "the file of what was decided about findings",
    "trust": "the weakest verdict to include",
    "format": "how rows come out",
}
_OTHERS = {
    "KG_CONFIG": "a file kg.toml to use instead of those that are found; /dev/null for none",
    "KG_CACHE": "the folder of what is kept between runs",
    "NO_COLOR": "no colours, where --color does not say otherwise",
    "COLUMNS": "how wide tables are",
}
_FILES = {
    "kg.toml": "in the working directory, or above it in a repository: store, releases, decisions, trust and format of "
    "a project",
    "~/.config/kg/kg.toml": "the same for all projects, as far as theirs leave it open",
    "~/.local/share/billing-kg": "the graph and the releases, unless something else is named",
}


def add_to(app: typer.Typer) -> None:
    """Add the command of this topic."""

    def man() -> None:
        """Print the manual page of kg, for man: all commands with their options and examples, as --help has them."""
        from importlib.metadata import version  # Which is slow to import.

        write("\n".join(page(get_command(app), version("billing-kg"))) + "\n")

    app.command()(man)


def page(command: Any, version: str) -> Iterator[str]:
    """The lines of the manual page of a group of commands."""
    yield f'.TH KG 1 "" "billing-kg {version}" "User Commands"'
    yield ".nh"
    yield from (".SH NAME", r"kg \- ask what billing guides state, and whether official code releases agree")
    yield from (".SH SYNOPSIS", ".B kg", r"[\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGUMENTS\fR]")
    yield from (".SH DESCRIPTION", _plain(command.help))
    yield from (
        ".SH OPTIONS",
        r"Every command has \-\-quiet, \-\-verbose and \-\-color as well, before or behind its name.",
    )
    yield from _options(command, command.get_params(command.make_context("kg", [], resilient_parsing=True)))
    yield from _examples("")
    yield ".SH COMMANDS"
    for name, inner in command.commands.items():
        yield from _command(name, inner)
    yield from (".SH EXIT STATUS", *_listed({str(code): words for code, words in EXIT_CODES.items()}))
    variables = {variable: f"{_ENVIRONMENT[key]}; wins over kg.toml" for key, variable in VARIABLES.items()}
    yield from (".SH ENVIRONMENT", *_listed({**variables, **_OTHERS}))
    yield from (".SH FILES", *_listed(_FILES))


def _command(name: str, command: Any) -> Iterator[str]:
    """A command, or a group with all of its commands."""
    usage = " ".join(_usage(param) for param in command.params if param.param_type_name == "argument")
    yield f".SS kg {_plain(name)} {_plain(usage)}".rstrip()
    yield from map(_plain, filter(None, (" ".join(part.split()) for part in (command.help or "").split("\n\n"))))
    yield from _options(command, command.params)
    yield from _examples(name)
    for inner, below in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {inner}", below)


def _usage(param: Any) -> str:
    name = param.name.upper()
    name = f"{name}..." if param.nargs == -1 else name
    return name if param.required else f"[{name}]"


def _options(command: Any, params: list[Any]) -> Iterator[str]:
    """Arguments and options, each with what it means and its default."""
    context = command.make_context("kg", [], resilient_parsing=True)
    for param in params:
        record = param.get_help_record(context)
        if record is not None:
            # A list of many values may be broken behind each of them.
            name = _plain(record[0]).replace("|", r"|\:")
            yield from (".TP", rf"\fB{name}\fR", _plain(" ".join(record[1].split())))


def _examples(name: str) -> Iterator[str]:
    for what, line in EXAMPLES.get(name, ()):
        yield from (".PP", f"{_plain(what)}:", ".RS 4", ".nf", _plain(line), ".fi", ".RE")


def _listed(words: dict[str, str]) -> Iterator[str]:
    for name, meaning in words.items():
        yield from (".TP", rf"\fB{_plain(name)}\fR", _plain(meaning))


def _plain(text: str) -> str:
    """Text as it is to be read, on one line that is no request of roff.

    >>> _plain(".so it's -x")
    "\\\\&.so it's \\\\-x"
    """
    line = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-")
    line = "".join(letter if letter.isascii() else rf"\[u{ord(letter):04X}]" for letter in line)
    return rf"\&{line}" if line.startswith((".", "'")) else line
