"""Files of the user's releases: names that are safe, checksums, and writing that outlives a crash."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

from kg.errors import ReleaseError

_PIECE = 2**20
_LONGEST = 120


def file_name(name: str) -> str:
    """A name for a file of ours: letters, digits, `._-`, no dot at its head, and not too long.

    >>> file_name("section 508 version of January 2026.csv")
    'section-508-version-of-January-2026.csv'
    >>> file_name("../../.ssh/config"), file_name("…")
    ('ssh-config', 'file')
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    plain = re.sub(r"^[._-]+|[._-]+$", "", plain)
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST and dot and len(ending) < 10:
        plain = f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"
    return plain[:_LONGEST] or "file"


def checksum(path: Path) -> str:
    """The SHA-256 of a file; raises `ReleaseError` where it is none or cannot be read."""
    try:
        # A pipe or a device would never end.
        if path.exists() and not path.is_file():
            raise ReleaseError(f"{path}: not a file")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise ReleaseError(f"{path}: cannot be read ({(exc.strerror or str(exc)).lower()})") from exc


def copy_durably(source: Path, target: Path) -> str:
    """Copy a file so that it outlives a crash; returns the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as file, target.open("xb") as out:
        while piece := file.read(_PIECE):
            digest.update(piece)
            out.write(piece)
        flush(out)
    return digest.hexdigest()


def write_durably(path: Path, text: str) -> None:
    """Write a file so that, whatever happens, either the old content is there or all of the new."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as out:
        out.write(text.encode("utf-8"))
        flush(out)
    beside.replace(path)
    settle(path.parent)


def flush(file: BinaryIO) -> None:
    """Bring what was written to the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle(path: Path) -> None:
    """Bring to the disk what a file holds, or the names in a folder."""
    if os.name == "posix":  # Elsewhere a folder cannot be opened, nor a file be flushed by who only reads it.
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
