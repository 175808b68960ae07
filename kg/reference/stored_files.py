"""The files of releases as the user stores them: names that are safe, and checksums."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from kg.errors import ReleaseError

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
