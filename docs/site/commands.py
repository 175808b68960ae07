"""The reference of the commands: what `--help` of each of them prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from typer.testing import CliRunner

from kg.cli import app

_COLUMNS = "100"


def lines() -> Iterator[str]:
    """A section for each command, those of a group below it."""
    for path in _paths(typer.main.get_command(app), ()):
        yield f"{'#' * (len(path) + 1)} {' '.join(('kg', *path))}\n"
        yield f"```text\n{_help(path)}\n```\n"


def _paths(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if path:
        yield path
    for name, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from _paths(inner, (*path, name))


def _help(path: tuple[str, ...]) -> str:
    environment = {"COLUMNS": _COLUMNS, "NO_COLOR": "1"}
    result = CliRunner().invoke(app, [*path, "--help"], prog_name="kg", env=environment)
    if result.exit_code:
        raise RuntimeError(f"kg {' '.join(path)} --help: ends with {result.exit_code}")
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())
