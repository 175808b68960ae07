"""Files of users: small ones read with a limit, pages written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from kg.errors import Failure, UsageError
from kg.whole import opened


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


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there; raises `Failure` where it cannot be written."""
    with opened(path) as out:
        out.write(content)
