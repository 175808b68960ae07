"""Files of users, written while their content is made, and there as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kg.errors import Failure


def write_pieces(file: str | Path | BinaryIO, pieces: Iterable[str]) -> Path | None:
    """Write pieces of text as UTF-8 to a file, or to something open for bytes; gives back the path of a file."""
    with opened(file) as out:
        out.writelines(piece.encode() for piece in pieces)
    return Path(file) if isinstance(file, str | Path) else None


@contextmanager
def opened(file: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """A file to write to, which takes its place when the block has ended well; what is open already is used as it is.

    Until then what was there stays. Raises `Failure` where a file cannot be written.
    """
    if not isinstance(file, str | Path):
        yield file
        return
    try:
        with _beside(Path(file)) as out:
            yield out
    except OSError as exc:
        raise Failure(f"cannot write {file}: {exc.strerror or exc}") from exc


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    """A file beside the one wanted, which takes its place in the end."""
    if path.exists() and not path.is_file():
        # A pipe or a device takes what comes.
        with path.open("wb") as out:
            yield out
        return
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".kg-")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
