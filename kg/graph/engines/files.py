"""A build as files for the bulk loader of an engine: N-Quads, compressed, in pieces that can be loaded side by side."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from kg.errors import StoreError
from kg.graph.engines.held import BUILD
from kg.graph.engines.pieces import write_pieces
from kg.graph.engines.push import build_of
from kg.graph.store import GraphStore
from kg.whole_files import opened

PIECE = 1_000_000
"""So many quads are in a file."""

_LEVEL = 3


def write(store: GraphStore, folder: Path, progress: Callable[[str, int, int], None]) -> list[Path]:
    """Write `quads-00001.nq.gz` and so on, and `build.nq.gz`, which says what all of it is; gives their names.

    Raises `StoreError` where the folder has other files in it, which a loader would load as well.
    """
    build = build_of(store)
    total, done, files = sum(build.triples.values()), 0, list[Path]()
    _make_empty(folder)

    def take(quads: bytes, lines: int) -> None:
        files.append(folder / f"quads-{len(files) + 1:05}.nq.gz")
        _write(files[-1], quads)
        nonlocal done
        done += lines
        progress("writing files", done, total)

    write_pieces(store, None, PIECE, take)
    files.append(folder / "build.nq.gz")
    document = ox.parse(replace(build, whole=True).document(), ox.RdfFormat.N_TRIPLES)
    quads = (Quad(quad.subject, quad.predicate, quad.object, NamedNode(BUILD)) for quad in document)
    _write(files[-1], ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    return files


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StoreError(f"{folder}: there is something in it already; name a new folder")
    except OSError as exc:
        raise StoreError(f"{folder}: cannot be written ({(exc.strerror or str(exc)).lower()})") from exc


def _write(file: Path, quads: bytes) -> None:
    """Write a file, whole or not at all."""
    with opened(file) as out, gzip.GzipFile("", "wb", _LEVEL, out, mtime=0) as packed:
        packed.write(quads)
