"""Words that no command takes, told in one line as all other errors are."""

from __future__ import annotations

from typing import Any

import typer

Misuse: Any = typer.BadParameter.__mro__[1]
"""What typer raises for such words; it gives no name to it that is public, but that of one kind of it."""


def told(exc: Any, name: str) -> str:
    """What is wrong, and where the command says what it takes.

    >>> told(typer.BadParameter("'x' is not a valid int"), "kg path")
    "invalid value: 'x' is not a valid int; see 'kg path --help'"
    """
    message = exc.format_message().strip().removesuffix(".").replace("(Possible options: ", "(near: ")
    called = exc.ctx.command_path if exc.ctx else name
    return f"{message[:1].lower()}{message[1:]}; see '{called} --help'"


def is_help(exc: Any) -> bool:
    """Whether nothing is wrong but that a group was called without any command, which shows its help."""
    return bool(exc.ctx) and exc.message == exc.ctx.get_help()
