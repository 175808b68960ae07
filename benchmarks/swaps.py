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


class Said(NamedTuple):
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
        said = [(entry, facts) for entry in entries if (facts := facts_of(entry)) and facts.drug]
        return beginnings(" ".join(part for e, f in said for part in (e.name, *e.names, f.drug, *f.brands)))

    def refuted(self, rows: Iterable[Said]) -> dict[Code, Finding]:
        """What is refuted of each code, of a table of codes and descriptions."""
        lines = (f"| {each.code.value} | {each.text.replace('|', '/')} |\n" for each in rows)
        table = "| HCPCS | Description |\n|---|---|\n" + "".join(lines)
        found = check(documents.parse(table.encode(), "page.md"), self.judge, self.reference).findings
        of_names = (each for each in reversed(found) if each.check in ("other_drug", "other_name"))
        return {each.concept.code: each for each in of_names if each.verdict is Verdict.REFUTED}


def beginnings(text: str) -> set[str]:
    """The words of a text that tell something, by their first letters."""
    return {word[:6] for word in _WORD.findall(text.lower()) if word not in _COMMON}


def swapped(rows: list[Said], bench: Bench, chance: random.Random | None) -> list[tuple[Said, Code]]:
    """Each code with what the page says of another one of another drug, and that other one."""
    rest, wrong = sorted(rows, key=lambda each: each.text), []
    if chance:
        chance.shuffle(rest)
    for each in rows:
        own = bench.words(each.code)
        other = next((o for o in rest if o.code != each.code and own.isdisjoint(beginnings(o.text))), None)
        if other is not None:
            rest.remove(other)
            wrong.append((Said(each.code, other.text), other.code))
    return wrong


def measure(pages: dict[str, list[Said]], bench: Bench, *, tell: bool) -> Counter[str]:
    """The counts over all pages."""
    counts, chance = Counter[str](), random.Random(7)
    for page, rows in pages.items():
        counts["pages"] += 1
        counts["statements"] += len(rows)
        accused = bench.refuted(rows)
        counts["accused"] += len(accused)
        for code in accused if tell else ():
            print(f"accused: {page}: {code.value}: {dict(rows)[code]}")
        for order in (None, chance, chance):
            wrong = swapped(rows, bench, order)
            found = bench.refuted(said for said, _ in wrong)
            counts["wrong"] += len(wrong)
            counts["refuted"] += len(found)
            for said, meant in wrong:
                if (finding := found.get(said.code)) is None:
                    if tell:
                        print(f"missed: {page}: {said.code.value}: {said.text} (of {meant.value})")
                    continue
                better = finding.suggestion.code if finding.suggestion else None
                # Nobody should be sent to a code that has ended.
                right = better == meant or (better is not None and not bench.reference.in_force(meant))
                counts["meant"] += right
                if tell and not right:
                    told = f"of {meant.value}, not of {better and better.value}"
                    print(f"another: {page}: {said.code.value}: {said.text} ({told})")
    return counts


def read(rows: Path, side: str, bench: Bench) -> dict[str, list[Said]]:
    """The statements of each page, each code once."""
    pages: defaultdict[str, dict[Code, str]] = defaultdict(dict)
    with rows.open(encoding="utf-8", newline="") as file:
        for page, of, value, text in csv.reader(file, delimiter="\t"):
            code = Code.parse(f"hcpcs:{value}")
            known = bench.words(code)
            if (not side or of == side) and not known.isdisjoint(beginnings(text)) and not _ANY.search(text):
                pages[page].setdefault(code, text)
    return {page: [Said(*each) for each in said.items()] for page, said in pages.items()}


def main() -> None:
    """Measure, and print a line."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("rows", type=Path)
    arguments.add_argument("--side", default="", help="only rows of this side")
    arguments.add_argument("--releases", type=Path, help="a folder of the user's releases; by default what is added")
    arguments.add_argument("--each", action="store_true", help="print what was missed, and what was accused")
    given = arguments.parse_args()
    releases = indexed(given.releases)
    bench = Bench(releases.on(DAY))
    n = measure(read(given.rows, given.side, bench), bench, tell=given.each)
    print(
        f"{n['pages']} pages, {n['statements']} statements, {n['accused']} accused; {n['wrong']} made wrong, ", end=""
    )
    print(f"{n['refuted'] / n['wrong']:.3f} refuted, the code first in {n['meant'] / n['refuted']:.3f} of those")


if __name__ == "__main__":
    main()
