"""Where the user's releases are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from kg.config import at_home, default

DOWNLOADS = "downloads"
"""The folder among the releases in which files are fetched."""


def location(path: str | os.PathLike[str] | None = None) -> Path:
    """Where the releases are: what was given, else `KG_RELEASES` or `kg.toml`, else among the user's data."""
    if folder := path or default("releases").value:
        return at_home(folder)
    import platformdirs  # Costs a fifth of a cold start, and is needed only here.

    return Path(platformdirs.user_data_dir("billing-kg", appauthor=False)) / "releases"


def folders(releases: Path) -> Iterator[Path]:
    """The folders of stored files among the releases, in their order."""
    if releases.is_dir():
        for folder in sorted(releases.iterdir()):
            if folder.is_dir() and not folder.name.startswith(".") and folder.name != DOWNLOADS:
                yield folder
