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
    made = ((title, list(rows)) for title, rows in tables)
    parts = (f"## {title}\n\n{_table(rows)}" for title, rows in made if len(rows) > 1)
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

    yield line("quads", lambda found: _median(found, "dump", "quads"), "")
    yield line("documents", lambda found: _median(found, "prepare", "documents"), "")
    yield line("runs", lambda found: float(len(found.get("build", []))), "")
    yield line("this project", lambda found: _median(found, "build", "seconds"), " s")
    yield line("… CPU", lambda found: _median(found, "build", "cpu"), " s")
    yield line("raw bulk load", lambda found: _median(found, "raw_load", "seconds"), " s")
    yield line("… CPU", lambda found: _median(found, "raw_load", "cpu"), " s")
    yield line("**ratio**", lambda found: _ratio(found, "seconds"), "")
    yield line("raw merging, which the build does as well", lambda found: _median(found, "raw_load", "merging"), " s")
    yield line("ratio to both", lambda found: _ratio(found, "seconds", "merging"), "")
    yield line("memory, this project", lambda found: _median(found, "build", "memory"), " MB")
    yield line("memory, raw", lambda found: _median(found, "raw_load", "memory"), " MB")
    yield line("on disk", lambda found: _scaled(_median(found, "dump", "disk"), 1e-6), " MB")
    yield line("rdflib: parsing into memory", lambda found: _median(found, "rdflib_questions", "load"), " s")
    yield line("… memory", lambda found: _median(found, "rdflib_questions", "memory"), " MB")


def _ratio(found: dict[str, list[dict[str, Any]]], *parts: str) -> float | None:
    """How many times the build takes as long as these parts of the raw load together."""
    ours, raw = _median(found, "build", "seconds"), [_median(found, "raw_load", part) for part in parts]
    return ours / sum(filter(None, raw)) if ours and all(raw) else None


def _questions(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    known = {size: measured.get(str(size), {}) for size in sizes}
    asked = {size: found[0]["questions"] for size in sizes if (found := known[size].get("questions"))}
    slow = {size: found[0] for size in sizes if (found := known[size].get("rdflib_questions"))}
    answers = [found["questions"] for found in slow.values()]
    shown = list(asked)[-2:]
    head = [text for size in shown for text in (f"{_size(size)}: ms", "to raw", "rows")]
    yield ("question", *head, *(f"rdflib at {_size(size)}: ms" for size in list(slow)[-1:]))
    for name in dict.fromkeys(name for size in shown for name in asked[size]):
        cells = [cell for size in shown for cell in _question(asked[size].get(name))]
        rdflib = [_milliseconds(answered[name]) if name in answered else "" for answered in answers[-1:]]
        yield (f"`{name}`", *cells, *rdflib)
    totals = list[str]()
    for size in shown:
        ours, raw = (sum(found[key] for found in asked[size].values()) for key in ("ours", "raw"))
        totals += [_milliseconds(ours), f"{ours / raw:.2f}", ""]
    for size, found in list(slow.items())[-1:]:
        # What was given up took at least as long as anybody waited for it.
        total = sum(found["patience"] if seconds is None else seconds for seconds in found["questions"].values())
        least = "at least " * (None in found["questions"].values())
        ours = sum(each["ours"] for each in asked[size].values())
        totals.append(f"{least}{_milliseconds(total)}: {total / ours:.0f} × ours")
    yield ("**all**", *totals)


def _question(found: dict[str, float] | None) -> tuple[str, str, str]:
    if found is None:
        return "", "", ""
    return _milliseconds(found["ours"]), f"{found['ours'] / found['raw']:.2f}", f"{found['rows']:,.0f}"


def _cold(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    found = {size: each[0]["commands"] for size in sizes if (each := measured.get(str(size), {}).get("cold"))}
    yield ("command", *(_size(size) for size in found))
    for what in next(iter(found.values()), ()):
        cells = (f"{seconds:.2f} s, {memory:.0f} MB" for seconds, memory in (found[size][what] for size in found))
        yield (what, *cells)


def _paths(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    yield ("", *(_size(size) for size in sizes))
    known = {size: measured.get(str(size), {}) for size in sizes}
    for key, unit in (("nodes", ""), ("edges", ""), ("open", " ms")):
        values = [_median(known[size], "paths", key) for size in sizes]
        scale = 1000 if unit else 1
        yield (key, *("" if value is None else f"{value * scale:,.{1 if unit else 0}f}{unit}" for value in values))
    for key, what in (
        ("search", "100 pairs, the best path"),
        ("search of 3", "100 pairs, three paths each"),
        ("with evidence", "100 pairs, the best path with the evidence of every hop"),
        ("with evidence again", "… once more"),
    ):
        yield (what, *(_seconds(_median(known[size], "paths", key)) for size in sizes))
    yield (
        "networkx: the export before any path",
        *(_seconds(_median(known[s], "networkx_paths", "export")) for s in sizes),
    )
    key = "20 unweighted pairs"
    yield (f"networkx: {key}", *(_seconds(_median(known[size], "networkx_paths", key)) for size in sizes))
    memory = (_median(known[size], "networkx_paths", "memory") for size in sizes)
    yield ("networkx: memory", *("" if used is None else f"{used:,.0f} MB" for used in memory))


def _hub(measured: Measured, sizes: Sequence[int]) -> Iterator[Row]:
    yield ("quads", "neighbours", "`kg draw`", "memory", "page")
    for size in sizes:
        for found in measured.get(str(size), {}).get("hub", []):
            page = f"{found['page']:.1f} MB"
            memory = f"{found['of the process']:.0f} MB"
            yield (_size(size), f"{found['neighbours']:,}", _seconds(found["seconds"]), memory, page)


def _edits(measured: Measured) -> Iterator[Row]:
    yield ("rows", "files", "`kg reference add`", "`kg build` with them")
    for found in measured.get("0", {}).get("edits", []):
        both = (f"{seconds:.1f} s, {memory:,.0f} MB" for seconds, memory in (found["add"], found["build"]))
        yield (f"{found['rows']:,}", f"{found['files']:.0f} MB", *both)


def _extraction(measured: Measured) -> Iterator[Row]:
    yield ("guides", "a second of CPU time", "assertions a second", "memory", "a guide")
    for step, like in (("extraction", ""), ("seeds", " like the seeds")):
        for size in sorted(measured, key=int):
            count, cpu, read, assertions, memory = (
                _median(measured[size], step, key) or 0 for key in ("count", "cpu", "bytes", "assertions", "memory")
            )
            if count:
                guide = f"{read / count / 1000:.1f} kB, {assertions / count:.0f} assertions"
                rates = f"{count / cpu:.0f}", f"{assertions / cpu:,.0f}"
                yield (f"{count:,.0f}{like}", *rates, f"{memory:.0f} MB", guide)


def _size(quads: int) -> str:
    return f"{quads:.0e}".replace("e+0", "e")


def _median(found: dict[str, list[dict[str, Any]]], step: str, key: str) -> float | None:
    values = [run[key] for run in found.get(step, [])]
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
