"""Writes golden files, outlines, small documents and the tables of `lexicon/` anew.

`python -m tests.extraction.regenerate` does it.

Read the difference line by line before you keep it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kg.documents import read
from kg.extraction import Extraction, extract

from . import outlines, small
from .lexicon import entries

GOLDEN = Path(__file__).parent / "golden"


def documents() -> list[Path]:
    """The documents that have a golden file, or are to get one."""
    return sorted(file for file in GOLDEN.iterdir() if file.suffix != ".jsonl")


def lines(document: Path) -> list[str]:
    """What is written for a document: its assertions, its leftovers, and the counts, each on a line."""
    found = extract(read(document))
    stated = [json.dumps(assertion.to_json(), ensure_ascii=False) for assertion in found.assertions]
    left = [
        json.dumps({"left": item.what, "line": item.line, "reason": item.reason, "text": item.text}, ensure_ascii=False)
        for item in found.leftovers
    ]
    return [*stated, *left, json.dumps(_counts(found))]


def _counts(found: Extraction) -> dict[str, list[int]]:
    tallies = {"rows": found.rows, "tokens": found.tokens}
    return {name: [tally.total, tally.evidence, tally.leftover] for name, tally in tallies.items()}


def main() -> None:
    """Write all golden files, outlines, small documents and tables."""
    entries.write()
    outlines.write()
    small.write()
    for document in documents():
        golden = document.with_suffix(".jsonl")
        golden.write_text("\n".join(lines(document)) + "\n", "utf-8")
        sys.stdout.write(f"wrote {golden}\n")


if __name__ == "__main__":
    main()
