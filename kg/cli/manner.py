"""How commands speak: what goes to standard error, and in which colours; the same options for every command."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import IO


class Color(StrEnum):
    """Whether what is printed has colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(slots=True)
class Manner:
    """How this process speaks; the options of a command set it once, before the command runs."""

    quiet: bool = False
    verbose: bool = False
    color: Color = Color.AUTO

    def colours(self, stream: IO[str]) -> bool:
        """Whether what goes to a stream is to have colours.

        Without `--color` it has them on a terminal, unless `NO_COLOR` is set to anything (https://no-color.org) or the
        terminal says that it has none.
        """
        if self.color is not Color.AUTO:
            return self.color is Color.ALWAYS
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


MANNER = Manner()


def begin() -> None:
    """Speak as if no option had been given."""
    MANNER.quiet, MANNER.verbose, MANNER.color = False, False, Color.AUTO


_NARROWEST, _WIDEST = 20, 200


def width(stream: IO[str] | None = None) -> int:
    """How wide a stream is, standard output unless another is given.

    As `COLUMNS` says, else as the terminal is, else as tables need, up to 200 letters.
    """
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns[:6]) > 0:
        return max(_NARROWEST, min(int(columns[:6]), 10_000))
    try:
        out = stream or sys.stdout
        return max(_NARROWEST, os.get_terminal_size(out.fileno()).columns) if out.isatty() else _WIDEST
    except (OSError, ValueError):  # Standard output is no file.
        return _WIDEST
