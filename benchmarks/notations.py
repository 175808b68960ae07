"""Measures how long `kg export` takes for the raw graph in each notation of RDF, and how much memory.

    python -m benchmarks.notations STORE [--formats nquads trig]

STORE is the store of a graph, such as one that `python -m benchmarks` leaves in its folder. What is written goes to the
folder that TMPDIR names, and is removed. Memory is the largest of the process, in which the engine's own is included.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import kg
from benchmarks.processes import run
from kg.exports import FORMATS, Holds

_NAMES = [format.name for format in FORMATS if format.holds is Holds.QUADS]


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("store", type=Path, help="the store of a graph")
    parser.add_argument("--formats", nargs="+", choices=_NAMES, default=_NAMES, help="these formats alone")
    given = parser.parse_args()
    print(f"{'format':8} {'seconds':>8} {'MB of memory':>13} {'MB of file':>11}")
    for name in given.formats:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "graph")
            limits = ("--timeout", "86400")
            seconds, memory = run(
                ("export", "--format", name, "--output", str(file), "--store", str(given.store), *limits)
            )
            if name == "nquads":
                _read_back(file, given.store)
            print(f"{name:8} {seconds:8.1f} {memory:13,.0f} {file.stat().st_size / 1e6:11,.0f}", flush=True)


def _read_back(file: Path, store: Path) -> None:
    """Make sure that N-Quads have a line for each quad, in order, each once."""
    with kg.open(store) as graph, file.open("rb") as lines:
        expected, count, before = len(graph._store.quads), 0, b""
        for line in lines:
            if line <= before:
                raise SystemExit(f"{file}: line {count + 1:,} is not behind the one before it")
            count, before = count + 1, line
    if count != expected:
        raise SystemExit(f"{file}: {count:,} lines were read, and there are {expected:,} quads")


if __name__ == "__main__":
    main()
