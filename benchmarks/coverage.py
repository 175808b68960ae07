"""Measures exports of the Medicare Coverage Database of their true size: read, added, built, and asked.

    python -m benchmarks.coverage [FOLDER] [--runs 3] [--scale 1] [--only STEP ...]

The exports are made up (`benchmarks.exports`). The graph holds all of ICD-10-CM and HCPCS, the exports and the bundled
guides; “raw” is pyoxigraph given the same quads by its own bulk load, and the merging of its files. Each step is a
process of its own, what is compared runs in turn, and tables in Markdown are printed. It takes some twenty minutes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.exports import EXPORTS
from benchmarks.processes import repeated, run, step

Steps = Callable[..., dict[str, Any]]


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    default = Path(tempfile.gettempdir(), "billing-kg-coverage")
    parser.add_argument("folder", type=Path, nargs="?", default=default, help="where exports and graphs are kept")
    parser.add_argument("--runs", type=int, default=3, help="how many runs medians are taken of")
    parser.add_argument("--scale", type=int, default=1, help="how many times smaller than published exports are")
    parser.add_argument("--only", nargs="+", choices=_PARTS, default=_PARTS, help="these parts alone")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"KG_CACHE": str(given.folder / "cache"), "KG_RELEASES": str(given.folder / "releases")}

    def do(name: str, *numbers: int) -> dict[str, Any]:
        return step(name, given.folder, *numbers, module="benchmarks.coverage_steps")

    rows = do("exports", given.scale)["rows"]
    for part in given.only:
        print(*_PARTS[part](do, given.folder, rows, given.runs), sep="\n", end="\n\n", flush=True)


def _reading(do: Steps, folder: Path, rows: int, runs: int) -> Iterator[str]:
    yield "| what | rows | CPU | memory |\n|---|---|---|---|"
    plain, ours = _in_turn(runs, lambda: do("plain"), lambda: do("read", rows))
    yield f"| csv alone | {plain['rows']:,.0f} | {plain['cpu']:.2f} s | {plain['memory']:.0f} MB |"
    account = f"{ours['rows']:,.0f}: {ours['rows'] - ours['left out']:,.0f} used, {ours['left out']:,.0f} left out"
    yield f"| read | {account} | {ours['cpu']:.2f} s, {ours['cpu'] / plain['cpu']:.1f} × | {ours['memory']:.0f} MB |"
    shutil.rmtree(folder / "releases", ignore_errors=True)
    seconds, memory = run(("reference", "add", *(str(folder / f"{name}.zip") for name in EXPORTS)))
    yield f"| `kg reference add` | | {seconds:.1f} s (wall) | {memory:.0f} MB |"


def _building(do: Steps, folder: Path, _: int, runs: int) -> Iterator[str]:
    yield "| what | wall | CPU | memory |\n|---|---|---|---|"
    shutil.rmtree(folder / "cache", ignore_errors=True)
    for what in ("the first with these releases", "another graph of the same releases"):
        shutil.rmtree(folder / "graph", ignore_errors=True)
        seconds, memory = run(("build", "--store", str(folder / "graph")))
        yield f"| `kg build`, {what} | {seconds:.1f} s | | {memory:.0f} MB |"
    quads = do("lines")["quads"]
    raw, ours = _in_turn(runs, lambda: do("raw_load"), lambda: do("write"))
    merged = raw["seconds"] + raw["merging"]
    both = f"{merged:.1f} s ({raw['seconds']:.1f} s, and merging {raw['merging']:.1f} s)"
    raw_cpu = raw["cpu"] + raw["merging cpu"]
    yield f"| raw load and merging of {quads:,} quads | {both} | {raw_cpu:.1f} s | {raw['memory']:.0f} MB |"
    wall = f"{ours['seconds']:.1f} s, {ours['seconds'] / merged:.2f} ×"
    cpu = f"{ours['cpu']:.1f} s, {ours['cpu'] / raw_cpu:.2f} ×"
    yield f"| the graph written | {wall} | {cpu} | {ours['memory']:.0f} MB |"


def _asking(do: Steps, folder: Path, _: int, runs: int) -> Iterator[str]:
    measured = do("questions", 5 * runs)
    usual, most = measured["usual"], measured["most"]
    yield f"| question, warm | {usual['diagnosis']}, {usual['code']} | {most['diagnosis']}, {most['code']} |"
    yield "|---|---|---|"
    for name in usual["questions"]:
        yield f"| {name} | {' | '.join(_cell(one['questions'][name]) for one in (usual, most))} |"
    for which in (usual, most):
        arguments = ("codes-for", which["diagnosis"], "--store", str(folder / "graph"))
        for more in ((), ("--payer", "medicare", "--state", "FL")):
            seconds, memory = repeated((*arguments, *more), runs, _ANSWERED)
            command = " ".join((which["diagnosis"], *more))
            yield f"| `kg codes-for {command}`, cold | {seconds:.2f} s, {memory:.0f} MB | |"


_ANSWERED = (0, 1, 4)
"""A yes, not known, and a no."""


def _cell(asked: dict[str, Any]) -> str:
    wall, slowest, cpu = (1000 * asked[name] for name in ("median", "slowest", "cpu"))
    return f"{wall:.1f} ms, slowest {slowest:.1f} ms, CPU {cpu:.1f} ms, {asked['rows']:,} rows"


def _in_turn(runs: int, *steps: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
    """What each step measured: medians of runs that take turns, of memory the largest."""
    measured = [[do() for do in steps] for _ in range(runs)]
    return [_median(list(of_step)) for of_step in zip(*measured, strict=True)]


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    numbers = {name for name, value in runs[0].items() if isinstance(value, int | float)}
    medians = {name: statistics.median(run[name] for run in runs) for name in numbers}
    return {**runs[0], **medians, "memory": max(run["memory"] for run in runs)}


_PARTS = {"reading": _reading, "building": _building, "asking": _asking}


if __name__ == "__main__":
    main()
