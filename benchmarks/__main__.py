"""Measures speed and size: this project, the raw engine under it, rdflib and networkx, at three sizes.

    python -m benchmarks [FOLDER] [--sizes 100000 1000000 10000000] [--runs 5] [--only STEP ...]

Every step is a process of its own (`benchmarks.steps`). What is measured is kept in FOLDER, so that a run that was
cut off goes on where it ended; remove FOLDER to measure anew. All sizes take some two hours and 12 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import graphs, results
from benchmarks.processes import step

_IN_MEMORY = 1_000_000
"""Beyond this size, rdflib does not fit in memory."""
_GUIDES = (1_000, 10_000, 100_000)


@dataclass(frozen=True)
class Work:
    """A step of one size, how often it is done, and the numbers that it is given."""

    size: int
    name: str
    times: int = 1
    numbers: tuple[int, ...] = ()


def plan(sizes: list[int], runs: int) -> Iterator[Work]:
    """What is done, in order: what is compared alternates, so that both see the same moods of the machine."""
    for size in sizes:
        yield Work(size, "prepare", numbers=(size,))
        for times in range(1, runs + 1):
            yield Work(size, "build", times, (size,))
            yield Work(size, "dump", numbers=(size,))
            yield Work(size, "raw_load", times)
        yield Work(size, "questions", numbers=(runs, size))
        yield Work(size, "paths", runs)
        yield Work(size, "cold", numbers=(runs,))
        yield Work(size, "networkx_paths")
        if size <= _IN_MEMORY:
            yield Work(size, "rdflib_questions")
    yield Work(max(sizes), "hub", numbers=(runs,))
    yield Work(0, "edits", numbers=(runs,))
    yield Work(min(_GUIDES), "seeds", runs, (min(_GUIDES),))
    for count in _GUIDES:
        yield Work(count, "extraction", runs if count <= min(_GUIDES) else 1, (count,))


def main() -> None:
    """Do what has not been done yet, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(tempfile.gettempdir(), "billing-kg-benchmarks")
    parser.add_argument("folder", type=Path, nargs="?", default=default, help="where graphs and figures are kept")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(graphs.SIZES), help="how many quads")
    parser.add_argument("--runs", type=int, default=5, help="how many runs medians are taken of")
    parser.add_argument("--only", nargs="+", metavar="STEP", help="these steps alone")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    arguments = parser.parse_args()
    measurements = Measurements(arguments.folder)
    for work in plan(arguments.sizes, arguments.runs):
        if not arguments.only or work.name in arguments.only:
            measurements.do(work)
    text = results.report(measurements.measured, arguments.sizes)
    arguments.output.write_text(text + _handwritten_part(arguments.output), "utf-8")
    print(text)


def _handwritten_part(file: Path) -> str:
    """What stands in the file from elsewhere: the scores of `benchmarks.mutations` are written by hand."""
    _, title, text = file.read_text("utf-8").partition("\n## Faults noticed") if file.exists() else ("", "", "")
    return title + text


class Measurements:
    """What was measured, by size and step, as a file in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "measured.json"
        folder.mkdir(parents=True, exist_ok=True)
        measured = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        self.measured: results.Measured = measured

    def do(self, work: Work) -> None:
        """Do a step until it was done as often as wanted."""
        runs: list[dict[str, Any]] = self.measured.setdefault(str(work.size), {}).setdefault(work.name, [])
        folder = self._folder / str(work.size)
        folder.mkdir(exist_ok=True)
        while len(runs) < work.times:
            print(f"{work.size:>10,}  {work.name}", flush=True)
            runs.append(step(work.name, folder, *work.numbers))
            self._file.write_text(json.dumps(self.measured), "utf-8")


if __name__ == "__main__":
    main()
