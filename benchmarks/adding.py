"""Measures how long one changed document takes in a graph of many: `python -m benchmarks.adding [QUADS …]`.

Beside it stands how long the whole build took, and what the time is spent on: so it is a ratio within one run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.graphs import DAY, Material
from kg.graph.changing import Change
from kg.graph.kept_readings import kept
from kg.graph.store import GraphStore, new_build
from kg.graph.updating import update
from kg.graph.writing import write_graph


def main() -> None:
    """Build graphs of these sizes, change one document in each, and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("quads", nargs="*", type=int, default=[1_000_000], help="sizes of graphs")
    print("| quads | documents | the whole build | one changed document | of it |\n|---|---|---|---|---|", flush=True)
    for quads in arguments.parse_args().quads:
        with tempfile.TemporaryDirectory() as folder:
            print(_measured(Path(folder), quads), flush=True)


def _measured(path: Path, quads: int) -> str:
    material = Material.of(quads)
    since = time.perf_counter()
    with new_build(path) as build:
        write_graph(build, material.readings(), material.reference, lambda *_: None, DAY)
    whole = time.perf_counter() - since
    with GraphStore.open(path) as store:
        # One that speaks of common things: its neighbours are many.
        busiest = max(kept(store.build), key=lambda reading: len(reading.assertions))
        changed = replace(busiest, assertions=busiest.assertions[1:])
        since = time.perf_counter()
        with new_build(path) as build:
            result = update(store, build, Change(DAY, {busiest.document.identifier: changed}))
        took = time.perf_counter() - since
        assert result is not None
        documents = store.manifest.documents
    return f"| {quads:,} | {documents:,} | {whole:.1f} s | {took:.2f} s | {took / whole:.3f} |"


if __name__ == "__main__":
    main()
