"""Small files of users: lessons and layouts, read with a limit."""

from __future__ import annotations

from pathlib import Path

from kg.errors import Failure, UsageError


def read_small(path: Path, most: int, what: str) -> bytes:
    """The bytes of a file; raises `Failure` where it cannot be read, `UsageError` where it has more than `most`."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise Failure(f"cannot read {path}: {error.strerror or error}") from error
    if len(content) > most:
        raise UsageError(f"{path}: a {what} has at most {most:,} bytes")
    return content
