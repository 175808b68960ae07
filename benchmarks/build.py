"""Measures what a person waits for: `kg build`, a first `kg codes-for`, `kg --help`.

    python -m benchmarks.build [--runs 5]

Each run is a process of its own, and each build makes a new graph: the first with nothing kept, the others with what it
kept of the releases. The table in Markdown gives medians of wall time, and the largest memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.processes import repeated, run
from kg import resources

_GUIDES = resources.path("data", "guides")


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--runs", type=int, default=5, help="how many runs the median is taken of")
    runs = arguments.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["KG_CACHE"] = str(folder / "cache")
        rows = [
            built("`kg build`, the first with these releases: bundled guides", folder / "first", _GUIDES, 1),
            built("`kg build`: bundled guides", folder / "guides", _GUIDES, runs),
            built("`kg build`: one guide", folder / "guide", _GUIDES / "tocilizumab.md", runs),
        ]
        store = ("--store", str(folder / "guides0"))
        rows += [
            measured("`kg codes-for M06.9`, from a cold process", ("codes-for", "M06.9", *store), runs),
            measured("`kg --help`", ("--help",), runs),
        ]
        size = sum(file.stat().st_size for file in (folder / "guides0" / "builds").glob("*/**/*")) / 1e6
    print(f"| what | median of {runs} | memory |\n|---|---|---|")
    print("\n".join(rows))
    print(f"| store on disk, one build | {size:.0f} MB | |")


def built(what: str, store: Path, documents: Path, runs: int) -> str:
    """The line of builds, each into a store of its own."""
    measures = [run(("build", str(documents), "--store", f"{store}{number}")) for number in range(runs)]
    return line(what, statistics.median(seconds for seconds, _ in measures), max(memory for _, memory in measures))


def measured(what: str, arguments: tuple[str, ...], runs: int) -> str:
    """The line of a command."""
    return line(what, *repeated(arguments, runs))


def line(what: str, seconds: float, memory: float) -> str:
    """One line of the table."""
    return f"| {what} | {seconds:.2f} s | {memory:.0f} MB |"


if __name__ == "__main__":
    main()
