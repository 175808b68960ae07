"""Measures how long one changed document takes in a graph of many: `python -m benchmarks.adding [DOCUMENTS …]`.

Beside it stands how long the whole build took, so it is a ratio within one run, and how long `kg add` takes before it
changes anything, to make sure that the files of the build before are as they were written. With `--profile` it tells
what the change spends its time on.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.graphs import DAY, Material
from kg.graph.changing import Change
from kg.graph.kept_readings import kept
from kg.graph.store import GraphStore, new_build
from kg.graph.updating import update
from kg.graph.writing import write_graph
from kg.reference import index
from kg.shelf import key_of

# Releases of the size of those that come along, with as many edits as they have.
_QUADS = 1_000_000
_LISTED = 25


def main() -> None:
    """Build graphs of so many documents, change one document in each, and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("documents", nargs="*", type=int, default=[1_000], help="how many documents")
    arguments.add_argument("--profile", action="store_true", help="print what the change spends its time on")
    chosen = arguments.parse_args()
    print("| documents | the whole build | its files verified | one changed document | of the build |")
    print("|---|---|---|---|---|", flush=True)
    for documents in chosen.documents:
        with tempfile.TemporaryDirectory() as folder:
            print(_measured(Path(folder), documents, profile=chosen.profile), flush=True)


def _measured(path: Path, documents: int, *, profile: bool) -> str:
    material = Material.of(_QUADS)
    # Indexed, as the releases of a real graph are.
    reference = index.of(key_of([f"adding {_QUADS}"]), lambda: material.reference)
    since = time.perf_counter()
    with new_build(path) as build:
        write_graph(build, material.documents(documents), reference, lambda *_: None, DAY)
    whole = time.perf_counter() - since
    with GraphStore.open(path) as store:
        # One that speaks of common things: its neighbours are many.
        busiest = max(kept(store.build), key=lambda reading: len(reading.assertions))
        changed = replace(busiest, assertions=busiest.assertions[1:])
        since = time.perf_counter()
        store.verify()
        verified = time.perf_counter() - since
        since = time.perf_counter()
        with _profiled(enabled=profile), new_build(path) as build:
            result = update(store, build, Change(DAY, {busiest.document.identifier: changed}))
            assert result is not None
            assert result.changes.assertions[1]
        took = time.perf_counter() - since
    return f"| {documents:,} | {whole:.1f} s | {verified:.2f} s | {took:.2f} s | {(verified + took) / whole:.3f} |"


@contextmanager
def _profiled(*, enabled: bool) -> Iterator[None]:
    """Print what takes longest within, where that is wanted; to measure it makes all of it slower."""
    if not enabled:
        yield
        return
    with cProfile.Profile() as profile:
        yield
    pstats.Stats(profile).sort_stats("cumulative").print_stats(_LISTED)


if __name__ == "__main__":
    main()
