"""Makes a new build out of the one before, where only some documents or the day are other than they were."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.graph import names, readings
from kg.graph.adjacency import packed
from kg.graph.changing import Change, Changed, change
from kg.graph.store import ADJACENCY, RELEASES, GraphStore, Manifest, damage, plain_edges
from kg.graph.vocabulary import RDF, REFERENCE, RELATIONS
from kg.model import Concept, Relation

_NAMES = "names.sqlite"


def update(store: GraphStore, build: Path, asked: Change) -> Counter[str] | None:
    """Write the build that a store with these changes is, manifest last; gives the counts of what is in it.

    Of edits a graph keeps those of codes that a document speaks of. Where the documents bring a code in or take it out,
    edits have to be read anew, and so all is to be built anew: then the folder is left empty, and None is given.
    """
    link_quads(store.build, build)
    changed = _change_quads(store, build, asked)
    if _changes_edits(store, changed.degree):
        shutil.rmtree(build / "quads")
        (build / ADJACENCY).unlink()
        return None
    shutil.copyfile(store.build / _NAMES, build / _NAMES)
    names.change(build / _NAMES, changed.degree, changed.unnamed, changed.named)
    link(store.build / RELEASES, build / RELEASES)
    changed.spoken.write(build)
    readings.change(store.build, build, asked.come, asked.gone)
    counts = Counter(store.manifest.counts)
    counts.update(changed.counts)
    Manifest.of(build, counts, asked.day).write(build)
    return counts


def _change_quads(store: GraphStore, build: Path, asked: Change) -> Changed:
    """Change the quads, and the arrays that are made of them; the engine has closed its files when it returns."""
    with damage(store.path):
        copy = ox.Store(str(build / "quads"))
        changed = change(store, copy, asked)
        (build / ADJACENCY).write_bytes(packed(plain_edges(copy)))
    return changed


def _changes_edits(store: GraphStore, degree: Mapping[Concept, int]) -> bool:
    edits = RELATIONS[Relation.BUNDLED_WITH]
    if not (store.manifest.counts.get("edits left out") or store.match(None, RDF.predicate, edits, REFERENCE)):
        return False
    codes = (concept for concept in degree if concept.kind.is_code)
    return any(not (had := store.names.connections(code)) or had + degree[code] == 0 for code in codes)


def link_quads(build: Path, other: Path) -> None:
    """Give another build the quads of this one: tables never change, so a link will do; the rest is small."""
    (other / "quads").mkdir()
    for file in (build / "quads").iterdir():
        copy = other / "quads" / file.name
        if file.name != "LOCK":
            link(file, copy) if file.suffix == ".sst" else shutil.copyfile(file, copy)


def link(file: Path, copy: Path) -> None:
    """Link a file that never changes, or copy it."""
    try:
        os.link(file, copy)
    except OSError:  # Another file system, or one without links.
        shutil.copyfile(file, copy)
