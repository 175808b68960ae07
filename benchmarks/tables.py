"""Measures how long exports of a large graph take, and how much memory: each in a process of its own.

    python -m benchmarks.tables [--store FOLDER] [--assertions 100000 1000000] [--formats parquet csv neo4j] [--runs 3]

Without a store, graphs of so many assertions are made, which takes half an hour for a million and ten GB of disk. Wall
time is that of a whole command, and processor time what it took on all processors. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

import kg
from benchmarks import graphs
from benchmarks.processes import run
from kg.exports.folders import NOTE
from kg.graph.kept_readings import Reading
from kg.graph.store import new_build
from kg.graph.writing import write_graph


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", type=Path, help="a graph that is there already")
    parser.add_argument("--assertions", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--formats", nargs="+", default=["parquet", "csv", "neo4j"])
    parser.add_argument("--runs", type=int, default=3, help="how many runs medians are taken of")
    given = parser.parse_args()
    print("| assertions | format | wall | processor | memory |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as work:
        for count in [0] if given.store else given.assertions:
            store = given.store or make(Path(work, str(count)), count)
            for format in given.formats:
                print(line(store, format, Path(work), given.runs), flush=True)


def make(store: Path, assertions: int) -> Path:
    """A graph of about so many assertions, of as many documents as they take."""
    material = graphs.Material.of(10 * assertions)
    gc.freeze()
    with new_build(store) as build:
        write_graph(build, readings(material, assertions), material.reference, lambda *_: None, graphs.DAY)
    return store


def readings(material: graphs.Material, assertions: int) -> Iterator[Reading]:
    """Documents until they state so much."""
    left = assertions
    for reading in material.documents(assertions):
        if left <= 0:
            return
        left -= len(reading.distinct)
        yield reading


def line(store: Path, format: str, out: Path, runs: int) -> str:
    """What was measured of a format, as a line of the table."""
    with kg.open(store) as graph:
        count = graph.query("SELECT (COUNT(*) AS ?count) { ?assertion a bkg:Assertion }").rows[0][0]
    measured = [command(store, format, out / f"{format}{number}") for number in range(runs)]
    read_back(out / f"{format}0", format)
    wall, processor = (statistics.median(one[place] for one in measured) for place in (0, 1))
    memory = max(one[2] for one in measured)
    return f"| {count:,} | {format} | {wall:.1f} s | {processor:.1f} s | {memory:,.0f} MB |"


def read_back(folder: Path, format: str) -> None:
    """Make sure that Parquet files hold as many rows as the note in their folder says."""
    if format != "parquet":
        return
    from pyarrow.parquet import read_metadata

    expected = json.loads((folder / NOTE).read_text("utf-8"))["rows"]
    found = {file.stem: read_metadata(file).num_rows for file in folder.glob("*.parquet")}
    if found != expected:
        raise SystemExit(f"{folder}: {found} rows were read, and {expected} were written")


def command(store: Path, format: str, out: Path) -> tuple[float, float, float]:
    """Seconds of wall and processor, and the largest memory in MB, of one export."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall, memory = run(("export", "--store", str(store), "--format", format, "--output", str(out)))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory


if __name__ == "__main__":
    main()
