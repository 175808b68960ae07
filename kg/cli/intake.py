"""Takes in the documents that a command names, and says what it passes over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.output import say
from kg.cli.streams import read_standard_input
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.documents import DocumentFile


def taken_in(paths: Sequence[Path]) -> tuple[DocumentFile, ...]:
    """The documents among files and folders, or that of standard input; what is passed over goes to standard error."""
    from kg.documents import intake

    intake_result = intake(paths, standard_input(paths))
    for skipped in intake_result.skipped:
        say(f"kg: left out: {skipped}")
    return intake_result.sources


def standard_input(paths: Sequence[Path]) -> bytes | None:
    """The bytes of standard input where `-` asks for them."""
    if not any(str(path) == "-" for path in paths):
        return None
    if len(paths) > 1:
        raise UsageError("'-' is standard input, and stands alone")
    return read_standard_input()
