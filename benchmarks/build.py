"""Measures what a person waits for: `kg build`, a first `kg codes-for`, `kg --help`.

    python -m benchmarks.build [--runs 5]

Each run is a process of its own; the table in Markdown gives medians of wall time, and the largest memory.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.processes import repeated


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--runs", type=int, default=5, help="how many runs the median is taken of")
    runs = arguments.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        store = ("--store", str(Path(folder, "graph")))
        rows = [
            measured("`kg build`: bundled guides, all of ICD-10-CM", ("build", *store), runs),
            measured("`kg codes-for M06.9`, from a cold process", ("codes-for", "M06.9", *store), runs),
            measured("`kg --help`", ("--help",), runs),
        ]
        size = sum(file.stat().st_size for file in (Path(folder) / "graph" / "builds").glob("*/**/*")) / 1e6
        builds = len(list((Path(folder) / "graph" / "builds").iterdir()))
    print(f"| what | median of {runs} | memory |\n|---|---|---|")
    print("\n".join(rows))
    print(f"| store on disk, one build | {size / builds:.0f} MB | |")


def measured(what: str, arguments: tuple[str, ...], runs: int) -> str:
    """One line of the table."""
    seconds, memory = repeated(arguments, runs)
    return f"| {what} | {seconds:.2f} s | {memory:.0f} MB |"


if __name__ == "__main__":
    main()
