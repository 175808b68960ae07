"""Makes a new build out of another one, where only some documents or the day are other than they were."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph import adjacency, kept_readings, names, texts
from kg.graph.changes import Changes, changes_of_quads
from kg.graph.changing import Change, Changed, change
from kg.graph.manifest import ADJACENCY, NAMES, QUADS, RELEASES
from kg.graph.rdf.vocabulary import RDF, REFERENCE, RELATIONS
from kg.graph.store import GraphStore, plain_edges
from kg.model import Concept


@dataclass(frozen=True)
class Updated:
    """A build that was made out of another one: what is in it, and what is other than there."""

    counts: Counter[str]
    _before: GraphStore
    _build: Path
    _request: Change
    _changed: Changed

    @cached_property
    def changes(self) -> Changes:
        """What came and went; to be asked for once the build is written."""
        after = GraphStore.of_build(self._before.path, self._build)
        documents = {*self._request.come, *self._request.gone}
        return changes_of_quads(self._before, after, documents, self._changed.edges, self._changed.findings)


def update(store: GraphStore, build: Path, request: Change) -> Updated | None:
    """Write the build that a store with these changes is, manifest last.

    Of edits a graph keeps those of codes that a document speaks of. Where the documents bring a code in or take it out,
    edits have to be read anew, and so all is to be built anew: then the folder is left empty, and None is given.
    """
    try:
        link_quads(store.build, build)
        changed = change(store, ox.Store(str(build / QUADS)), request)  # Let go, the engine closes its files.
        if _changes_edits(store, changed.degree):
            shutil.rmtree(build / QUADS)
            return None
        shutil.copyfile(store.build / NAMES, build / NAMES)
        names.change(build / NAMES, changed.degree, changed.unnamed, changed.named)
        (build / ADJACENCY).write_bytes(adjacency.changed(store.adjacency, *map(plain_edges, changed.edges)))
        link(store.build / RELEASES, build / RELEASES)
        changed.spoken.write(build)
        kept_readings.change(store.build, build, request.come, request.gone)
        texts.change(store.build, build, request.come, request.gone)
        counts = Counter(store.manifest.counts)
        counts.update(changed.counts)
        store.manifest.write(build, counts, request.day, store.build)
    except OSError as exc:
        raise StoreError(f"{build}: cannot be written ({' '.join(str(exc).split())})") from exc
    return Updated(+counts, store, build, request, changed)


def _changes_edits(store: GraphStore, degree: Mapping[Concept, int]) -> bool:
    bulk = (name for relation, name in RELATIONS.items() if relation.in_bulk)
    edits = (next(store.quads.quads_for_pattern(None, RDF.predicate, name, REFERENCE), None) for name in bulk)
    if not store.manifest.counts.get("edits left out") and not any(edits):
        return False
    codes = (concept for concept in degree if concept.kind.is_code)
    return any(not (had := store.names.connections(code)) or had + degree[code] == 0 for code in codes)


def link_quads(build: Path, other: Path) -> None:
    """Give another build the quads of this one: tables never change, so a link will do; the rest is small."""
    (other / QUADS).mkdir()
    for file in (build / QUADS).iterdir():
        copy = other / QUADS / file.name
        if file.name != "LOCK":
            link(file, copy) if file.suffix == ".sst" else shutil.copyfile(file, copy)


def link(file: Path, copy: Path) -> None:
    """Link a file that never changes, or copy it."""
    try:
        os.link(file, copy)
    except OSError:  # Another file system, or one without links.
        shutil.copyfile(file, copy)
