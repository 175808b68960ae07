"""Measures a graph on SPARQL engines: the push, the files for bulk loaders, and the questions of the catalogue.

    python -m benchmarks.engines FOLDER [--runs 3]

FOLDER is the store of a graph. The servers are those of the tests: an Oxigraph (`pip install oxigraph`) and a Virtuoso
(Debian's `virtuoso-opensource`); one that is not there is left out. The table in Markdown gives medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from kg.billing_graph import BillingGraph
from kg.graph.days import Days
from kg.graph.engines import files
from kg.graph.engines.address import address_of
from kg.graph.engines.push import push
from kg.graph.opening import open_store
from kg.graph.store import GraphStore
from kg.queries import catalogue
from tests.graph.engines import servers

Row = tuple[str, str]
Result = TypeVar("Result")


def main() -> None:
    """Measure, and print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", type=Path, help="the store of a graph")
    arguments.add_argument("--runs", type=int, default=3, help="how many runs medians are taken of")
    given = arguments.parse_args()
    os.environ |= {"KG_ENGINE_USER": "dba", "KG_ENGINE_PASSWORD": "dba"}
    with GraphStore.open(given.folder) as store, tempfile.TemporaryDirectory() as work:
        os.environ["KG_CACHE"] = f"{work}/cache"
        _print("in a folder", _questions(store, given.runs))
        _print("files for bulk loaders", _files(store, Path(work, "files")))
        if servers.oxigraph_program():
            Path(work, "oxigraph").mkdir()
            with servers.oxigraph(Path(work, "oxigraph")) as at:
                _print("Oxigraph server", _on_server(store, at, given.runs))
        if servers.virtuoso_program():
            Path(work, "virtuoso").mkdir()
            with servers.virtuoso(Path(work, "virtuoso"), rows=1_000_000) as at:
                _print("Virtuoso", _on_server(store, at, given.runs))


def _on_server(store: GraphStore, at: str, runs: int) -> Iterator[Row]:
    address = address_of(at)
    assert address is not None
    seconds, pushed = _timed(lambda: push(store, address, _quiet))
    yield "push", f"{seconds:.0f} s, {pushed.sent / seconds:,.0f} quads a second"
    with open_store(at) as there:
        yield from _questions(there, runs)
    os.environ["KG_CACHE"] += "-elsewhere"
    with open_store(at) as there:
        yield "names made of the graph", f"{_timed(lambda: there.names)[0]:.1f} s"
        yield "adjacency made of the graph", f"{_timed(lambda: there.adjacency)[0]:.1f} s"


def _questions(store: GraphStore, runs: int) -> Iterator[Row]:
    graph = BillingGraph(Days(store))
    times: dict[str, float] = {}
    for question in catalogue():
        values = {parameter.name: parameter.example for parameter in question.parameters}
        times[question.name] = _median(partial(graph.query, question, **values), runs)
    ordered = sorted(times.values())
    slowest = sorted(times, key=times.__getitem__)[-3:][::-1]
    yield "questions: median, 90 %", f"{_ms(statistics.median(ordered))}, {_ms(ordered[int(0.9 * len(ordered))])}"
    yield "the slowest", ", ".join(f"`{name}` {_ms(times[name])}" for name in slowest)
    for name, ask in _EVERYDAY.items():
        yield name, _ms(_median(partial(ask, graph), runs))


_EVERYDAY: dict[str, Callable[[BillingGraph], object]] = {
    "`show J3262`": lambda graph: graph.show("J3262"),
    "`codes_for M05`": lambda graph: graph.codes_for("M05"),
    "`paths J3262 J0129`": lambda graph: graph.paths("J3262", "J0129"),
}


def _files(store: GraphStore, folder: Path) -> Iterator[Row]:
    seconds, written = _timed(lambda: files.write(store, folder, _quiet))
    yield "written in", f"{seconds:.0f} s"
    yield "size", f"{sum(file.stat().st_size for file in written) / 1e6:,.0f} MB"


def _median(work: Callable[[], object], runs: int) -> float:
    return statistics.median(_timed(work)[0] for _ in range(runs))


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _print(title: str, rows: Iterator[Row]) -> None:
    print(f"\n| {title} | |\n|---|---|", flush=True)
    for name, value in rows:
        print(f"| {name} | {value} |", flush=True)


if __name__ == "__main__":
    main()
