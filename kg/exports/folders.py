"""Exports of several files: a folder that takes its place as a whole, with a note of what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kg.errors import UsageError
from kg.exports.content import Content, File
from kg.whole_files import new_folder

NOTE = "_export.json"
"""What is in the folder, and of which day; Spark and its like pass over names that begin so."""


@contextmanager
def export_folder(content: Content, file: File, format: str, **noted: object) -> Iterator[tuple[Path, dict[str, int]]]:
    """A new folder, and the counts to fill in: rows by the names of files. Raises `UsageError` for what is no path.

    What else is `noted` stands in its note as well.
    """
    if not isinstance(file, str | Path):
        raise UsageError(f"{format} is a folder of files: name it with --output")
    with new_folder(Path(file), NOTE) as folder:
        counts: dict[str, int] = {}
        yield folder, counts
        (folder / NOTE).write_text(_note(content, format, counts, noted), "utf-8")


def _note(content: Content, format: str, counts: Mapping[str, int], noted: Mapping[str, object]) -> str:
    asked = content.asked
    note = {
        "made_by": "billing-kg",
        "format": format,
        "as_of": content.store.manifest.as_of,
        "trust": asked.trust or "",
        "rows": dict(counts),
        **noted,
    }
    return json.dumps(note, indent=1) + "\n"
