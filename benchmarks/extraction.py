"""Measures extraction: documents a second, on one core and with --jobs, and memory over many documents.

    python -m benchmarks.extraction [--documents 10000] [--jobs 2]

Prints a table in Markdown. Nothing is asserted: a machine that is busy is slow.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus
from kg.documents import intake, parse
from kg.extraction import extract
from kg.extraction.parallel import extract_all


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000, help="how many for the measure of memory")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes for the second measure")
    arguments = parser.parse_args()
    rows = [
        *one_core(arguments.documents),
        again(min(arguments.documents, 300)),
        several(min(arguments.documents, 2_000), arguments.jobs),
    ]
    print("| what | measured |\n|---|---|")
    print("\n".join(f"| {what} | {measured} |" for what, measured in rows))


@dataclass(frozen=True)
class Reading:
    """One made-up document, what it took to read it, and how many assertions it gave."""

    data: bytes
    wall: float
    cpu: float
    assertions: int


def read_all(guides: Iterable[tuple[str, bytes]]) -> Iterator[Reading]:
    """Read documents, one after another in this process; making them is not timed."""
    extract(parse(*reversed(corpus.make(0))))  # Loads the tables of names.
    for name, data in guides:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        result = extract(parse(data, name))
        wall, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
        yield Reading(data, wall, cpu, len(result.assertions))


def one_core(count: int) -> list[tuple[str, str]]:
    """One document after another in this process."""
    wall = cpu = 0.0
    size = assertions = 0
    marks = sorted({min(1_000, count), count})
    memory: dict[int, float] = {}
    different: set[int] = set()
    for number, reading in enumerate(read_all(corpus.documents(count)), 1):
        wall, cpu = wall + reading.wall, cpu + reading.cpu
        size, assertions = size + len(reading.data), assertions + reading.assertions
        different.add(hash(reading.data))
        if number in marks:
            memory[number] = resident()
    return [
        (
            "documents",
            f"{count:,}, of which {len(different):,} different; {size / count / 1000:.1f} kB on average",
        ),
        ("assertions a document", f"{assertions / count:.0f}"),
        ("one core, documents a second", f"{count / wall:.0f} ({count / cpu:.0f} by CPU time)"),
        *((f"memory after {number:,} documents", f"{used:.0f} MB") for number, used in memory.items()),
    ]


def again(count: int) -> tuple[str, str]:
    """Documents that were read a moment ago: what is remembered of texts is of most use then, and of no more."""
    documents = list(corpus.documents(count))
    for name, data in documents:
        extract(parse(data, name))
    begun = time.process_time()
    for name, data in documents:
        extract(parse(data, name))
    return "the same documents again, a second of CPU time", f"{count / (time.process_time() - begun):.0f}"


def several(count: int, jobs: int) -> tuple[str, str]:
    """Files read in several processes, the time it takes to start them included."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, data in corpus.documents(count):
            paths.append(Path(folder, name))
            paths[-1].write_bytes(data)
        begun = time.perf_counter()
        number = sum(1 for _ in extract_all(intake(paths).sources, jobs))
        wall = time.perf_counter() - begun
    return f"`--jobs {jobs}`, documents a second", f"{number / wall:.0f} ({number:,} files, from a cold start)"


def resident() -> float:
    """The memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
