"""Measures long answers of `kg serve`: when the first byte is there, when the last one, and what memory that takes.

    python -m benchmarks.streaming [--store FOLDER] [--rows 1000 100000 1000000] [--runs 3]

Beside the server stands the engine alone, in this process, which writes the same answer and drops it. Shown are
medians, and the largest memory of the server and of its largest worker until then. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from pyoxigraph import Store

from kg.graph.store import location
from kg.queries.graphs import Graphs
from kg.queries.serving import answer

_KG = Path(sys.executable).with_name("kg")
_DIGITS = " ".join(map(str, range(10)))
_TYPES = ("text/csv", "application/sparql-results+json")


class _Nowhere:
    """Takes everything and keeps nothing."""

    def write(self, data: bytes, /) -> int:
        return len(data)

    def flush(self) -> None:
        pass


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", type=Path, help="a graph; else the one that commands use")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3, help="how many runs medians are taken of")
    arguments = parser.parse_args()
    print("| rows | as | bytes | first byte | last byte | engine alone | server | worker |")
    print("|---|---|---|---|---|---|---|---|")
    for media_type in _TYPES:
        for rows in arguments.rows:
            with serving(location(arguments.store), "--timeout", "600") as (process, address):
                print(line(process, address, rows, media_type, arguments.runs), flush=True)


def line(process: int, address: str, rows: int, media_type: str, runs: int) -> str:
    """What was measured of so many rows in a media type, as a line of the table."""
    text = query(rows)
    alone = statistics.median(engine(text, media_type) for _ in range(runs))
    measured = [asked(address, text, media_type) for _ in range(runs)]
    first, last = (statistics.median(run[place] for run in measured) for place in (0, 1))
    worker = max(memory(worker) for child in children(process) for worker in (child, *children(child)))
    kind = media_type.rpartition("/")[2]
    return (
        f"| {rows:,} | {kind} | {measured[0][2]:,} | {first * 1000:.0f} ms | {last:.2f} s | {alone:.2f} s "
        f"| {memory(process)} MB | {worker} MB |"
    )


def query(rows: int) -> str:
    """A query with so many rows of two columns, for which no graph is needed."""
    names = "abcdefgh"[: len(str(rows - 1))]
    values = " ".join(f"VALUES ?{name} {{ {_DIGITS} }}" for name in names)
    number = ", ".join(f"STR(?{name})" for name in names)
    return f"SELECT ?code ?a {{ {values} BIND(CONCAT('J', {number}) AS ?code) }} LIMIT {rows}"


def asked(address: str, text: str, media_type: str) -> tuple[float, float, int]:
    """Seconds until the first byte and until the last one of an answer, and how many bytes it has."""
    headers = {"Accept": media_type, "Accept-Encoding": "identity"}
    with httpx.Client(trust_env=False, timeout=600) as client:
        client.get(f"{address}health")
        begun, first, size = time.perf_counter(), 0.0, 0
        with client.stream("GET", f"{address}sparql", params={"query": text}, headers=headers) as response:
            response.raise_for_status()
            for piece in response.iter_raw():
                first = first or time.perf_counter() - begun
                size += len(piece)
        return first, time.perf_counter() - begun, size


def engine(text: str, media_type: str) -> float:
    """Seconds in which the engine writes the same answer."""
    begun = time.perf_counter()
    answer(Store(), text, Graphs((), ()), media_type, _Nowhere())
    return time.perf_counter() - begun


@contextmanager
def serving(store: Path, *words: str) -> Iterator[tuple[int, str]]:
    """A server over a graph: its process and its address.

    It has a session of its own, as servers do, since that is what Linux shares the processors by.
    """
    command = [_KG, "serve", "--port", "0", "--store", store, *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stderr
            match = re.search(r" at (http://\S+) ", process.stderr.readline())
            assert match, "the server did not start"
            yield process.pid, match[1]
        finally:
            process.terminate()


def children(process: int) -> list[int]:
    """The processes that a process, or any of its threads, has started."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for children in lists for child in children.read_text().split()]


def memory(process: int) -> int:
    """The largest memory that a process has had, in MB."""
    match = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(match[1]) // 1000 if match else 0


if __name__ == "__main__":
    main()
