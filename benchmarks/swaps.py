"""Measures how many wrong drug statements of real pages are found: each page with its own drugs swapped.

    python -m benchmarks.swaps ROWS [--side unread] [--each]

ROWS is a table without header, tab between its columns: page, side, code, and what the page says of the code. Rows
whose words have none in common with what releases say of their code are left out, as nobody knows whether they are
right. Each page is checked as a table of codes and descriptions: as it is, where a refuted row is an accusation, and
with the descriptions of its codes swapped, in three ways. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kg import documents
from kg.model import Code, Finding, Verdict
from kg.reference import Reference
from kg.reference.descriptors import facts_of
from kg.reference.index import indexed
from kg.verification import Judge, check

DAY = date(2025, 10, 15)
_COMMON = frozenset(
    "accord acetate acid alfa apotex baxter beta biologics biosimilar calcium chloride citrate complex compounded"
    " derivative dextrose diagnostic drug drugs excludes factor final fresenius globulin gram grams hikma hospira"
    " human hydrochloride immune implant infusion inhalation injection injections intravenous kabi liquid"
    " lyophilized medicare microgram micrograms milligram milligrams mylan otherwise oral pfizer phosphate powder"
    " product protein recombinant sandoz sodium solution specified subcutaneous succinate sulfate suspension"
    " system tartrate through units used vaccine vial".split()
)
_WORD = re.compile(r"[a-z]{4,}")
_ANY = re.compile(r"unclassif|not otherwise|\bnoc\b|unlisted", re.I)


class Description(NamedTuple):
    """A code, and what a page says of it."""

    code: Code
    text: str


class Bench:
    """Releases, with what they say of the drugs' codes."""

    def __init__(self, reference: Reference) -> None:
        self.reference, self.judge = reference, Judge(reference, DAY)

    def words(self, code: Code) -> set[str]:
        """The beginnings of the words that releases say of a drug's code; none of another."""
        entries = [meaning.entry for meaning in self.reference.meanings_of(code)]
        drugs = [(entry, facts) for entry in entries if (facts := facts_of(entry)) and facts.drug]
        return beginnings(
            " ".join(part for entry, facts in drugs for part in (entry.name, *entry.names, facts.drug, *facts.brands))
        )

    def refuted(self, rows: Iterable[Description]) -> dict[Code, Finding]:
        """What is refuted of each code, of a table of codes and descriptions."""
        lines = (f"| {row.code.value} | {row.text.replace('|', '/')} |\n" for row in rows)
        table = "| HCPCS | Description |\n|---|---|\n" + "".join(lines)
        findings = check(documents.parse(table.encode(), "page.md"), self.judge, self.reference).findings
        of_names = (finding for finding in reversed(findings) if finding.check in ("other_drug", "other_name"))
        return {finding.concept.code: finding for finding in of_names if finding.verdict is Verdict.REFUTED}


def beginnings(text: str) -> set[str]:
    """The words of a text that tell something, by their first letters."""
    return {word[:6] for word in _WORD.findall(text.lower()) if word not in _COMMON}


def swapped(rows: list[Description], bench: Bench, chance: random.Random | None) -> list[tuple[Description, Code]]:
    """Each code with what the page says of another one of another drug, and that other one."""
    candidates, wrong = sorted(rows, key=lambda row: row.text), []
    if chance:
        chance.shuffle(candidates)
    for row in rows:
        own = bench.words(row.code)
        others = (c for c in candidates if c.code != row.code and own.isdisjoint(beginnings(c.text)))
        other = next(others, None)
        if other is not None:
            candidates.remove(other)
            wrong.append((Description(row.code, other.text), other.code))
    return wrong


def measure(pages: dict[str, list[Description]], bench: Bench, *, verbose: bool) -> Counter[str]:
    """The counts over all pages."""
    counts, chance = Counter[str](), random.Random(7)
    for page, rows in pages.items():
        counts["pages"] += 1
        counts["statements"] += len(rows)
        accused = bench.refuted(rows)
        counts["accused"] += len(accused)
        for code in accused if verbose else ():
            print(f"accused: {page}: {code.value}: {dict(rows)[code]}")
        for order in (None, chance, chance):
            wrong = swapped(rows, bench, order)
            findings = bench.refuted(statement for statement, _ in wrong)
            counts["wrong"] += len(wrong)
            counts["refuted"] += len(findings)
            for statement, true_code in wrong:
                if (finding := findings.get(statement.code)) is None:
                    if verbose:
                        print(f"missed: {page}: {statement.code.value}: {statement.text} (of {true_code.value})")
                    continue
                better = finding.suggestion.code if finding.suggestion else None
                # Nobody should be sent to a code that has ended, and not every one has a successor.
                right = better == true_code or not bench.reference.in_force(true_code)
                counts["meant"] += right
                if verbose and not right:
                    correction = f"of {true_code.value}, not of {better and better.value}"
                    print(f"another: {page}: {statement.code.value}: {statement.text} ({correction})")
    return counts


def read(rows: Path, side: str, bench: Bench) -> dict[str, list[Description]]:
    """The statements of each page, each code once."""
    pages: defaultdict[str, dict[Code, str]] = defaultdict(dict)
    with rows.open(encoding="utf-8", newline="") as file:
        for page, row_side, value, text in csv.reader(file, delimiter="\t"):
            code = Code.parse(f"hcpcs:{value}")
            words = bench.words(code)
            if (not side or row_side == side) and not words.isdisjoint(beginnings(text)) and not _ANY.search(text):
                pages[page].setdefault(code, text)
    return {
        page: [Description(*statement) for statement in descriptions.items()] for page, descriptions in pages.items()
    }


def main() -> None:
    """Measure, and print a line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rows", type=Path)
    parser.add_argument("--side", default="", help="only rows of this side")
    parser.add_argument("--releases", type=Path, help="a folder of the user's releases; by default what is added")
    parser.add_argument("--each", action="store_true", help="print what was missed, and what was accused")
    arguments = parser.parse_args()
    releases = indexed(arguments.releases)
    bench = Bench(releases.on(DAY))
    counts = measure(read(arguments.rows, arguments.side, bench), bench, verbose=arguments.each)
    refuted, meant = counts["refuted"] / counts["wrong"], counts["meant"] / counts["refuted"]
    print(f"{counts['pages']} pages, {counts['statements']} statements, {counts['accused']} accused; ", end="")
    print(f"{counts['wrong']} made wrong, {refuted:.3f} refuted, the code first in {meant:.3f} of those")


if __name__ == "__main__":
    main()
