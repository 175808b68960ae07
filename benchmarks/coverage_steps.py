"""One step of the measurement of exports of the Medicare Coverage Database, in a process of its own.

    python -m benchmarks.coverage_steps STEP FOLDER [NUMBER…]

FOLDER holds the exports, the releases and the graph.
"""

from __future__ import annotations

import csv
import gc
import io
import os
import shutil
import statistics
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import kg
from benchmarks import steps
from benchmarks.exports import EXPORTS, MadeUpExport
from benchmarks.steps import Measured, raw_load
from kg import resources
from kg.documents import intake
from kg.graph.build import Reading, read_one
from kg.graph.inventory.kept import KeptRows
from kg.graph.judged import Judged
from kg.graph.ledger import Ledger
from kg.graph.store import new_build
from kg.graph.writing import graph_lines, write_graph
from kg.model import Code, Concept, Kind
from kg.queries import CatalogueQuery, Table, catalogue
from kg.reference import Reference, index
from kg.reference.coverage.editions import editions_in
from kg.verification import Judge

DAY = date(2026, 7, 1)
_GUIDES = resources.path("data", "guides")
_NARROW = {Kind.HCPCS.value, Kind.ICD10CM.value, "concept"}
_SLOW = 2
"""A question that takes so many seconds is asked once more, and no oftener."""
_HEADERLESS = 1
"""In the export of local determinations one table has no header, so that its first row is taken for one."""


def exports(folder: Path, scale: int) -> Measured:
    """Make the exports, as published or so many times smaller."""
    rows = {name: MadeUpExport(name, scale).write(folder / f"{name}.zip") for name in EXPORTS}
    return {"rows": sum(rows.values())}


def plain(folder: Path) -> Measured:
    """The same tables read by Python's csv, and nothing done with them."""
    begun, rows = time.process_time(), 0
    csv.field_size_limit(2**24)
    for name in EXPORTS:
        with zipfile.ZipFile(folder / f"{name}.zip") as outer:
            inner = io.BytesIO(outer.read(f"{name}_csv.zip"))
        with zipfile.ZipFile(inner) as packed:
            for member in packed.namelist():
                with io.TextIOWrapper(packed.open(member), "cp1252", newline="") as table:
                    rows += sum(1 for _ in csv.reader(table)) - 1
    return {"rows": rows, "cpu": time.process_time() - begun}


def read(folder: Path, rows: int) -> Measured:
    """The exports read; the account must come to the last row that was made."""
    begun = time.process_time()
    editions = [edition for name in EXPORTS for edition in editions_in(folder / f"{name}.zip")]
    cpu = time.process_time() - begun
    left_out = sum(one.count for edition in editions for one in edition.left_out if one.row or one.count > 0)
    seen = sum(edition.rows for edition in editions)
    if seen + _HEADERLESS != rows:
        raise SystemExit(f"{seen:,} rows were read, and {rows:,} were made")
    return {"rows": seen, "left out": left_out, "codes": sum(len(one.export or ()) for one in editions), "cpu": cpu}


def lines(folder: Path) -> Measured:
    """All quads of the graph, in the order in which a build loads them."""
    reference, count = _reference(folder), 0
    ledger = Ledger(reference, Judged(Judge(reference, DAY)))
    with (folder / "quads.nq").open("w", encoding="utf-8", newline="") as out, KeptRows() as rows:
        for piece in graph_lines(ledger, _readings(), rows):
            out.write(piece)
            count += piece.count("\n")
    return {"quads": count}


def write(folder: Path) -> Measured:
    """The graph written, out of guides that are read and releases that are indexed."""
    shutil.rmtree(folder / "written", ignore_errors=True)
    reference, readings = _reference(folder), _readings()
    gc.freeze()
    begun, cpu = time.perf_counter(), time.process_time()
    with new_build(folder / "written") as build:
        counts = write_graph(build, readings, reference, lambda *_: None, DAY)
    return {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu, "counts": dict(counts)}


def questions(folder: Path, runs: int) -> Measured:
    """Narrow questions, warm: of codes that are listed as often as most, and of those that are listed most often."""
    coverage = _reference(folder).coverage
    listings = {code: len(places) // 2 for code, places in coverage.listings.items()}
    services = {code: len(groups) for code, groups in coverage.services.items()}
    measured: Measured = {}
    with kg.open(folder / "graph") as graph:
        for which, pick in (("usual", _usual), ("most", _most)):
            diagnosis, service = pick(listings), pick(services)
            asked = {name: _timed(ask, runs) for name, ask in _asked(graph, diagnosis, service)}
            measured[which] = {"diagnosis": diagnosis.curie, "code": service.curie, "questions": asked}
    return measured


def _asked(graph: kg.BillingGraph, diagnosis: Code, service: Code) -> Iterator[tuple[str, Callable[[], Any]]]:
    yield "`codes_for`", partial(graph.codes_for, diagnosis.curie)
    yield "`codes_for`, Medicare", partial(graph.codes_for, diagnosis.curie, payer="medicare")
    yield "`codes_for`, Florida", partial(graph.codes_for, diagnosis.curie, state="FL")
    yield "`codes_for`, one code", partial(graph.codes_for, diagnosis.curie, code=service.curie, payer="medicare")
    yield "`show`, the diagnosis", partial(graph.show, diagnosis.curie)
    yield "`show`, the code", partial(graph.show, service.curie)
    yield "`search`", partial(graph.search, diagnosis.value[:3])
    for query in catalogue():
        kinds = {parameter.kind for parameter in query.parameters}
        if kinds & _NARROW:
            yield f"`{query.name}`", partial(graph.query, query, **_values(query, diagnosis, service))


def _values(query: CatalogueQuery, diagnosis: Code, service: Code) -> dict[str, object]:
    """The values of a question: these codes where it asks for some, else those of its example."""
    given = {Kind.HCPCS.value: service, "concept": service, Kind.ICD10CM.value: diagnosis}
    return {
        parameter.name: (
            Concept.of(given[parameter.kind])
            if parameter.kind in given and parameter.name != "object"
            else parameter.example
        )
        for parameter in query.parameters
    }


def _timed(ask: Callable[[], Any], runs: int) -> Measured:
    """How long a question takes once it is warm; its CPU tells more than the wall on a machine that others use."""
    begun = time.perf_counter()
    ask()
    walls, cpus = list[float](), list[float]()
    while len(walls) < (1 if time.perf_counter() - begun > _SLOW else runs):
        since, cpu = time.perf_counter(), time.process_time()
        answer = ask()
        walls.append(time.perf_counter() - since)
        cpus.append(time.process_time() - cpu)
    median = statistics.median(walls)
    return {"median": median, "slowest": max(walls), "cpu": statistics.median(cpus), "rows": _size(answer)}


def _size(answer: Any) -> int:
    return len(answer.rows if isinstance(answer, Table) else list(answer))


def _usual(counts: dict[Code, int]) -> Code:
    ordered = sorted(counts, key=lambda code: (counts[code], code))
    return ordered[len(ordered) // 2]


def _most(counts: dict[Code, int]) -> Code:
    return max(counts, key=counts.__getitem__)


def _reference(folder: Path) -> Reference:
    return index.indexed(os.environ.get("KG_RELEASES", folder / "releases"))


def _readings() -> list[Reading]:
    readings = map(read_one, intake([_GUIDES]).sources)
    return [reading for reading in readings if isinstance(reading, Reading)]


if __name__ == "__main__":
    steps.main({step.__name__: step for step in (exports, plain, read, lines, write, raw_load, questions)})
