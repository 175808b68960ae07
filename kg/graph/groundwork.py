"""The groundwork: a build of the releases alone, kept among what is made once, out of which small builds are made.

To write what releases say takes twenty times as long as to take in a guide, and it is the same each time. A build that
is made out of another one is what it would be if written whole (`kg.graph.updating`), so nobody can tell them apart.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date
from pathlib import Path

from kg import shelf
from kg.errors import StoreError
from kg.graph.rules import made_by
from kg.graph.store import GraphStore
from kg.graph.writing import Progress, write_graph
from kg.reference import Reference
from kg.whole_files import folder_beside, remove

_NAME = "graph"
# Each is as large as a graph, unless graphs are made of links to it.
_MOST = 2


def groundwork(reference: Reference, day: date, progress: Progress) -> GraphStore | None:
    """The groundwork of some releases, made for a day where there is none yet, or it is damaged or of other rules.

    None where it cannot be kept, or would be of no use: of edits a graph holds those of the codes that its documents
    speak of, so that with edits every graph is written whole.
    """
    key = reference.tables.key
    if not key or reference.tables.has_edits:
        return None
    folder = shelf.location() / key / _NAME
    store = _opened(folder)
    if store is None:
        with suppress(OSError, StoreError):  # A full disk, or a folder that is not ours.
            _make(folder, reference, day, progress)
            store = _opened(folder)
            _thin_out(folder.parent.parent)
    return store


def _opened(folder: Path) -> GraphStore | None:
    """What is kept, if it is as it was written, and by the rules of now."""
    try:
        store = GraphStore.of_build(folder, folder)
        store.verify()
        os.utime(folder)
    except (OSError, StoreError):
        return None
    return store if store.manifest.made_by == made_by() else None


def _make(folder: Path, reference: Reference, day: date, progress: Progress) -> None:
    """Write it beside its place, and put it there; where somebody else was faster, theirs is as good."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder_beside(folder.parent, f".{_NAME}-") as new:
        write_graph(new, (), reference, progress, day)
        remove(folder)
        with suppress(OSError):
            new.rename(folder)


def _thin_out(cache: Path) -> None:
    """Keep those that were used last."""
    last_use: dict[Path, float] = {}
    for folder in cache.glob(f"*/{_NAME}"):
        with suppress(FileNotFoundError):
            last_use[folder] = folder.stat().st_mtime
    for folder in sorted(last_use, key=last_use.__getitem__, reverse=True)[_MOST:]:
        remove(folder)
