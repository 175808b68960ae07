"""A graph as it stood on another day: the same build, with the verdicts of that day.

Only verdicts and findings depend on the day. A build is large and those that change are few, so a copy of it is made
whose files are links to those of the build, and in the copy they are judged anew. Copies stay beside the build, and the
next question for the same day finds its own. What comes out is, quad for quad, what a build for that day would be.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError, UsageError
from kg.graph.changing import Change, change
from kg.graph.engines.address import Address
from kg.graph.manifest import MANIFEST, NAMES, QUADS
from kg.graph.rules import made_by
from kg.graph.store import GraphStore
from kg.graph.updating import link, link_quads
from kg.whole_files import folder_beside

_MOST_DAYS = 4
"""So many days are kept beside a build; those asked for longest ago go first."""


def at(store: GraphStore, day: date) -> GraphStore:
    """The graph with the verdicts of a day; the same store where it holds them already."""
    if store.manifest.as_of == day.isoformat():
        return store
    if isinstance(store.place, Address):
        return _of_engine(store, day)
    return _copied(store, day)


def _of_engine(store: GraphStore, day: date) -> GraphStore:
    """What an engine holds is judged anew where it came from: what it was made of is there and nowhere else."""
    build = store.local_build()
    if build is None:
        built_for = f"the verdicts of {store.manifest.as_of}" if store.manifest.as_of else "verdicts of no day"
        raise UsageError(
            f"the engine has {built_for}; another day can be asked for on the machine that it was pushed from, while "
            "the build is there, or of a build for that day"
        )
    with GraphStore.of_build(build.parents[1], build) as built:
        copy = _copied(built, day)
    copy.place = store.place
    return copy


def _copied(store: GraphStore, day: date) -> GraphStore:
    try:
        return _beside(store, day) if os.access(store.build, os.W_OK) else _for_once(store, day)
    except OSError as exc:
        raise StoreError(f"{store.path}: cannot be shown as of {day} ({(exc.strerror or str(exc)).lower()})") from exc


def _beside(store: GraphStore, day: date) -> GraphStore:
    """The copy for a day beside the build, made where there is none yet."""
    folder = store.build / "days" / day.isoformat()
    if not (folder / MANIFEST).exists():
        _make(store, day, folder)
        _forget(folder)
    with suppress(OSError):
        os.utime(folder)
    try:
        return GraphStore.of_build(store.path, folder)
    except StoreError:
        if folder.exists():
            raise
        return _for_once(store, day)  # Somebody else asked for many days, and so it was forgotten meanwhile.


def _for_once(store: GraphStore, day: date) -> GraphStore:
    """Where nobody may write beside the build: a copy that is gone once it has been opened."""
    with folder_beside(Path(tempfile.gettempdir()), "billing-kg-days-") as private:
        folder = private / day.isoformat()
        _make(store, day, folder)
        return GraphStore.of_build(store.path, folder)


def _make(store: GraphStore, day: date, folder: Path) -> None:
    """Make the copy for a day; it is there as a whole or not at all."""
    if store.manifest.made_by != made_by():
        raise StoreError(f"{store.path}: built by another version of billing-kg; build it again for other days")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder_beside(folder.parent, ".new-") as copy:
        link_quads(store.build, copy)
        link(store.build / NAMES, copy / NAMES)
        changed = change(store, ox.Store(str(copy / QUADS)), Change(day))
        counts = Counter(store.manifest.counts)
        counts.update(changed.counts)
        store.manifest.write(copy, counts, day, store.build)
        with suppress(OSError):  # Somebody else was faster.
            copy.rename(folder)


def _forget(newest: Path) -> None:
    """Remove the days that were asked for longest ago; others may be doing the same."""
    last_use: dict[Path, float] = {}
    for day in newest.parent.iterdir():
        with suppress(FileNotFoundError):
            if day != newest and not day.name.startswith("."):
                last_use[day] = day.stat().st_mtime
    for day in sorted(last_use, key=last_use.__getitem__, reverse=True)[_MOST_DAYS - 1 :]:
        shutil.rmtree(day, ignore_errors=True)
