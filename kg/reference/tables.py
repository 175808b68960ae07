"""Writes the tables of facts that extraction needs from releases: `python -m kg.reference.tables`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg import resources
from kg.reference import icd10cm

ICD10CM_CODES = "icd10cm-codes.tsv"
_HEAD = """\
# ICD-10-CM, April 2026: every category, and what its codes have after the dot, in order; a `-` marks a heading.
# Made by `python -m kg.reference.tables` from the package simple-icd-10-cm.
# Licence: work of the US government, in the public domain.
category\tcodes
"""


def icd10cm_lines(codes: Iterable[str], headings: frozenset[str]) -> Iterator[str]:
    """One line a category.

    >>> list(icd10cm_lines(["M06", "M06.0", "M06.00", "M07"], frozenset({"M06", "M06.0"})))
    ['M06-\\t0- 00', 'M07\\t']
    """
    category, rest = "", []
    for code in codes:
        stem, _, tail = code.partition(".")
        mark = "-" if code in headings else ""
        if tail:
            rest.append(tail + mark)
            continue
        if category:
            yield f"{category}\t{' '.join(rest)}"
        category, rest = stem + mark, []
    yield f"{category}\t{' '.join(rest)}"


def main(folder: Path | None = None) -> None:
    """Write all tables into the folder `data/reference`, or another."""
    edition = next(iter(icd10cm.read()))
    headings = frozenset(entry.broader.value for entry in edition.entries if entry.broader)
    codes = sorted(entry.code.value for entry in edition.entries if "-" not in entry.code.value)
    text = _HEAD + "".join(f"{line}\n" for line in icd10cm_lines(codes, headings))
    ((folder or resources.path("data", "reference")) / ICD10CM_CODES).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
