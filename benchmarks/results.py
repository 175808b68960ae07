"""Tables in Markdown of what was measured."""

from __future__ import annotations

import os
import platform
import statistics
import timeit
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyoxigraph

Measured = dict[str, dict[str, list[dict[str, Any]]]]
"""By size and step, what each run of the step measured."""
Row = Sequence[str]

_LEAST = 0.05
"""Of what is smaller, growth says nothing."""


def report(measured: Measured, sizes: Sequence[int]) -> str:
    """All tables, for sizes from small to large."""
    tables = (
        ("Build", _build(measured, sizes)),
        ("Questions of the catalogue", _questions(measured, sizes)),
        ("From a cold process", _cold(measured, sizes)),
        ("Paths", _paths(measured, sizes)),
        ("A page of a hub", _hub(measured, sizes)),
        ("All edits of the NCCI", _edits(measured)),
        ("Extraction", _extraction(measured)),
    )
    sections = ((title, list(rows)) for title, rows in tables)
    parts = (f"## {title}\n\n{_table(rows)}" for title, rows in sections if len(rows) > 1)
    return "\n\n".join([_head(), *parts]) + "\n"


def _head() -> str:
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return (
        f"# Results\n\nWritten by `python -m benchmarks` on {day}: {machine}, pyoxigraph {pyoxigraph.__version__}; "
        f"a step of an empty loop takes Python {_loop():.0f} ns. Medians; ratios compare what ran in turn on one "
        "machine. “Raw” is pyoxigraph given the same N-Quads by its own bulk load, and the same SPARQL."
    )


def _loop() -> float:
    """How fast the machine is, in nanoseconds: what a step of an empty loop takes."""
    return min(timeit.repeat("for _ in range(1_000_000): pass", number=1, repeat=5)) * 1000


def _build(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    yield ("", *(_size(size) for size in sizes), "growth, the last two")

    def line(what: str, value: Callable[[dict[str, list[dict[str, Any]]]], float | None], unit: str) -> Row:
        values = [value(measured.get(str(size), {})) for size in sizes]
        last = [value for value in values[-2:] if value and value > _LEAST]
        growth = f"{last[1] / last[0]:.1f} ×" if len(last) == 2 else ""
        return (what, *("" if value is None else f"{value:,.{_places(value)}f}{unit}" for value in values), growth)

    yield line("quads", lambda steps: _median(steps, "dump", "quads"), "")
    yield line("documents", lambda steps: _median(steps, "prepare", "documents"), "")
    yield line("runs", lambda steps: float(len(steps.get("build", []))), "")
    yield line("this project", lambda steps: _median(steps, "build", "seconds"), " s")
    yield line("… CPU", lambda steps: _median(steps, "build", "cpu"), " s")
    yield line("raw bulk load", lambda steps: _median(steps, "raw_load", "seconds"), " s")
    yield line("… CPU", lambda steps: _median(steps, "raw_load", "cpu"), " s")
    yield line("**ratio**", lambda steps: _ratio(steps, "seconds"), "")
    yield line("raw merging, which the build does as well", lambda steps: _median(steps, "raw_load", "merging"), " s")
    yield line("ratio to both", lambda steps: _ratio(steps, "seconds", "merging"), "")
    yield line("memory, this project", lambda steps: _median(steps, "build", "memory"), " MB")
    yield line("memory, raw", lambda steps: _median(steps, "raw_load", "memory"), " MB")
    yield line("on disk", lambda steps: _scaled(_median(steps, "dump", "disk"), 1e-6), " MB")
    yield line("rdflib: parsing into memory", lambda steps: _median(steps, "rdflib_questions", "load"), " s")
    yield line("… memory", lambda steps: _median(steps, "rdflib_questions", "memory"), " MB")


def _ratio(steps: dict[str, list[dict[str, Any]]], *parts: str) -> float | None:
    """How many times the build takes as long as these parts of the raw load together."""
    ours, raw = _median(steps, "build", "seconds"), [_median(steps, "raw_load", part) for part in parts]
    return ours / sum(filter(None, raw)) if ours and all(raw) else None


def _questions(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    by_size = {size: measured.get(str(size), {}) for size in sizes}
    questions = {size: runs[0]["questions"] for size in sizes if (runs := by_size[size].get("questions"))}
    rdflib = {size: runs[0] for size in sizes if (runs := by_size[size].get("rdflib_questions"))}
    largest = list(questions)[-2:]
    head = [text for size in largest for text in (f"{_size(size)}: ms", "to raw", "rows")]
    yield ("question", *head, *(f"rdflib at {_size(size)}: ms" for size in list(rdflib)[-1:]))
    for name in dict.fromkeys(name for size in largest for name in questions[size]):
        cells = [cell for size in largest for cell in _question(questions[size].get(name))]
        of_rdflib = [run["questions"] for run in list(rdflib.values())[-1:]]
        yield (f"`{name}`", *cells, *(_milliseconds(run[name]) if name in run else "" for run in of_rdflib))
    totals = list[str]()
    for size in largest:
        ours, raw = (sum(figures[key] for figures in questions[size].values()) for key in ("ours", "raw"))
        totals += [_milliseconds(ours), f"{ours / raw:.2f}", ""]
    for size, run in list(rdflib.items())[-1:]:
        # What was given up took at least as long as anybody waited for it.
        total = sum(run["patience"] if seconds is None else seconds for seconds in run["questions"].values())
        least = "at least " * (None in run["questions"].values())
        ours = sum(figures["ours"] for figures in questions[size].values())
        totals.append(f"{least}{_milliseconds(total)}: {total / ours:.0f} × ours")
    yield ("**all**", *totals)


def _question(figures: dict[str, float] | None) -> tuple[str, str, str]:
    if figures is None:
        return "", "", ""
    return _milliseconds(figures["ours"]), f"{figures['ours'] / figures['raw']:.2f}", f"{figures['rows']:,.0f}"


def _cold(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    commands = {size: runs[0]["commands"] for size in sizes if (runs := measured.get(str(size), {}).get("cold"))}
    yield ("command", *(_size(size) for size in commands))
    for what in next(iter(commands.values()), ()):
        cells = (f"{seconds:.2f} s, {memory:.0f} MB" for seconds, memory in (commands[size][what] for size in commands))
        yield (what, *cells)


def _paths(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    yield ("", *(_size(size) for size in sizes))
    by_size = {size: measured.get(str(size), {}) for size in sizes}
    for key, unit in (("nodes", ""), ("edges", ""), ("open", " ms")):
        values = [_median(by_size[size], "paths", key) for size in sizes]
        scale = 1000 if unit else 1
        yield (key, *("" if value is None else f"{value * scale:,.{1 if unit else 0}f}{unit}" for value in values))
    for key, what in (
        ("search", "100 pairs, the best path"),
        ("search of 3", "100 pairs, three paths each"),
        ("with evidence", "100 pairs, the best path with the evidence of every hop"),
        ("with evidence again", "… once more"),
    ):
        yield (what, *(_seconds(_median(by_size[size], "paths", key)) for size in sizes))
    yield (
        "networkx: the export before any path",
        *(_seconds(_median(by_size[s], "networkx_paths", "export")) for s in sizes),
    )
    key = "20 unweighted pairs"
    yield (f"networkx: {key}", *(_seconds(_median(by_size[size], "networkx_paths", key)) for size in sizes))
    memory = (_median(by_size[size], "networkx_paths", "memory") for size in sizes)
    yield ("networkx: memory", *("" if used is None else f"{used:,.0f} MB" for used in memory))


def _hub(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    yield ("quads", "neighbours", "`kg draw`", "memory", "page")
    for size in sizes:
        for run in measured.get(str(size), {}).get("hub", []):
            page = f"{run['page']:.1f} MB"
            memory = f"{run['of the process']:.0f} MB"
            yield (_size(size), f"{run['neighbours']:,}", _seconds(run["seconds"]), memory, page)


def _edits(measured: Measured) -> Iterator[Row]:
    yield ("rows", "files", "`kg reference add`", "`kg build` with them")
    for run in measured.get("0", {}).get("edits", []):
        both = (f"{seconds:.1f} s, {memory:,.0f} MB" for seconds, memory in (run["add"], run["build"]))
        yield (f"{run['rows']:,}", f"{run['files']:.0f} MB", *both)


def _extraction(measured: Measured) -> Iterator[Row]:
    yield ("guides", "a second of CPU time", "assertions a second", "memory", "a guide")
    for step, like in (("extraction", ""), ("seeds", " like the seeds")):
        for size in sorted(measured, key=int):
            count, cpu, size_read, assertions, memory = (
                _median(measured[size], step, key) or 0 for key in ("count", "cpu", "bytes", "assertions", "memory")
            )
            if count:
                guide = f"{size_read / count / 1000:.1f} kB, {assertions / count:.0f} assertions"
                rates = f"{count / cpu:.0f}", f"{assertions / cpu:,.0f}"
                yield (f"{count:,.0f}{like}", *rates, f"{memory:.0f} MB", guide)


def _size(quads: int) -> str:
    return f"{quads:.0e}".replace("e+0", "e")


def _median(steps: dict[str, list[dict[str, Any]]], step: str, key: str) -> float | None:
    values = [run[key] for run in steps.get(step, [])]
    return statistics.median(values) if values else None


def _scaled(value: float | None, by: float) -> float | None:
    return None if value is None else value * by


def _places(value: float) -> int:
    return 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.{2 if value < 10 else 1}f} s"


def _milliseconds(seconds: float | None) -> str:
    return "given up" if seconds is None else f"{1000 * seconds:,.{1 if seconds < 0.1 else 0}f}"


def _table(rows: list[Row]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, f"|{'---|' * len(rows[0])}", *body])
