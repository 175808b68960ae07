"""Measures how well documents are read: what was extracted against tables that people wrote.

    python -m benchmarks.scores [--each]

Reads `tests/corpus` and `tests/held`, and the folder `shared` beside the repository where there is one.
Prints a table in Markdown; with --each, one line for each document as well.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
SHARED = ROOT.parent / "shared"
SETS = (
    ("two guides as found", SHARED / "seeds", SHARED / "gold"),
    ("eleven other documents", SHARED / "documents", SHARED / "documents"),
    ("`tests/corpus`, used while the rules were written", TESTS / "corpus", TESTS / "corpus"),
    ("`tests/held`, held back from that", TESTS / "held", TESTS / "held"),
)
HEAD = ("documents", "read", "codes expected", "codes P", "codes R", "names R", "strength", "quotes")


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--each", action="store_true", help="a line for each document as well")
    by_document = arguments.parse_args().each
    sys.path.insert(0, str(TESTS))
    from extraction.scoring import Score, score  # The tests score in the same way.

    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for title, folder, tables in SETS:
        if not folder.is_dir():
            print(f"| {title} | not measured: no folder {folder} |{' |' * (len(HEAD) - 2)}")
            continue
        scores = {path: score(path, table) for path, table in _pairs(folder, tables)}
        if by_document:
            print("\n".join(_line(f"— {path.name}", 1, document_score) for path, document_score in scores.items()))
        print(_line(title, len(scores), sum(scores.values(), Score())))


def _pairs(folder: Path, tables: Path) -> list[tuple[Path, Path]]:
    pairs = ((path, tables / f"{path.stem}.tsv") for path in sorted(folder.iterdir()) if path.suffix != ".tsv")
    return [(path, table) for path, table in pairs if table.exists()]


def _line(title: str, documents: int, score: Any) -> str:
    shares = (score.precision, score.recall, score.words, score.strength, score.quoted)
    return f"| {title} | {documents} | {score.codes_asked} | {' | '.join(f'{share:.3f}' for share in shares)} |"


if __name__ == "__main__":
    main()
