"""Makes a new build out of the one before, where only some documents or the day are other than they were."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph import kept_readings, names, texts
from kg.graph.adjacency import Edge, packed
from kg.graph.changes import Changes, changes_of_quads
from kg.graph.changing import Change, change
from kg.graph.manifest import ADJACENCY, NAMES, QUADS, RELEASES
from kg.graph.rdf.vocabulary import RDF, REFERENCE, RELATIONS
from kg.graph.store import GraphStore, plain_edges
from kg.model import Concept, Relation


@dataclass(frozen=True, slots=True)
class Updated:
    """A build that was made out of the one before: what is in it, and what is other than there."""

    counts: Counter[str]
    changes: Changes


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
        (build / ADJACENCY).write_bytes(packed(_joined(store, *changed.edges)))
        link(store.build / RELEASES, build / RELEASES)
        changed.spoken.write(build)
        kept_readings.change(store.build, build, request.come, request.gone)
        texts.change(store.build, build, request.come, request.gone)
        counts = Counter(store.manifest.counts)
        counts.update(changed.counts)
        store.manifest.write(build, counts, request.day, store.build)
    except OSError as exc:
        raise StoreError(f"{build}: cannot be written ({' '.join(str(exc).split())})") from exc
    return Updated(
        +counts, changes_of_quads(store, GraphStore.of_build(store.path, build), changed.edges, changed.findings)
    )


def _joined(store: GraphStore, gone: Iterable[ox.Quad], come: Iterable[ox.Quad]) -> Iterator[Edge]:
    """The plain edges that join concepts, as they are now."""
    out = {*plain_edges(gone)}
    yield from (edge for edge in store.adjacency.edges() if edge not in out)
    yield from plain_edges(come)


def _changes_edits(store: GraphStore, degree: Mapping[Concept, int]) -> bool:
    edits = RELATIONS[Relation.BUNDLED_WITH]
    if not (store.manifest.counts.get("edits left out") or store.match(None, RDF.predicate, edits, REFERENCE)):
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
