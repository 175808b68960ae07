"""Measures how well documents are read: what was extracted against tables that people wrote.

    python benchmarks/scores.py [--each]

Reads `tests/corpus` and `tests/held`, and the folder `shared` beside the repository where there is one.
Prints a table in Markdown; with --each, one line for each document as well.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from scoring import Score, read_table

from kg.documents import read
from kg.extraction import extract

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
SHARED = ROOT.parent / "shared"
SETS = (
    ("two seed guides", SHARED / "seeds", SHARED / "gold"),
    ("five other documents", SHARED / "documents", SHARED / "documents"),
    (
        "`tests/corpus`, used while the rules were written",
        TESTS / "corpus",
        TESTS / "corpus",
    ),
    ("`tests/held`, held back from it", TESTS / "held", TESTS / "held"),
)
HEAD = ("documents", "read", "assertions expected", "codes P", "codes R", "names R", "strength", "quotes")


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--each", action="store_true", help="a line for each document as well")
    each = arguments.parse_args().each
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for title, documents, tables in SETS:
        if not documents.is_dir():
            print(f"| {title} | not measured: no folder {documents} |" + " |" * (len(HEAD) - 2))
            continue
        total = Score()
        for path, table in _pairs(documents, tables):
            score = Score.of(extract(read(path)), read_table(table))
            total += score
            if each:
                print(_line(f"— {path.name}", score))
        print(_line(title, total))


def _pairs(documents: Path, tables: Path) -> Iterator[tuple[Path, Path]]:
    for path in sorted(documents.iterdir()):
        table = tables / f"{path.stem}.tsv"
        if path.suffix != ".tsv" and table.exists():
            yield path, table


def _line(title: str, score: Score) -> str:
    figures = " | ".join(f"{figure:.3f}" for figure in score.figures)
    return f"| {title} | {score.documents} | {score.expected} | {figures} |"


if __name__ == "__main__":
    main()
