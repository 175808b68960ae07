"""Files of users: small ones read with a limit, pages written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from kg.errors import Failure, UsageError


def read_small(path: Path, most: int, what: str) -> bytes:
    """The bytes of a file; raises `Failure` where it cannot be read, `UsageError` where it has more than `most`."""
    try:
        with path.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError as error:
        raise Failure(f"cannot read {path}: {error.strerror or error}") from error
    if len(content) > most:
        raise UsageError(f"{path}: a {what} has at most {most:,} bytes")
    return content


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there; raises `Failure` where it cannot be written."""
    try:
        _replace(path, content)
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror or error}") from error


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():
        # A pipe or a device takes the page as it comes.
        path.write_bytes(content)
        return
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=".kg-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path.resolve())
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
