"""Whether official descriptors, fed back as a document, are found fault with: `python -m benchmarks.descriptors`.

What a release says of its own codes is right, so each finding is a fault of reading or of judging. A table and
sentences are tried, for each HCPCS file, on a day on which it was the newest.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kg.documents import parse
from kg.model import CodeSystem, Finding, Relation
from kg.reference import Entry, Reference
from kg.reference.bundled import drugs
from kg.reference.descriptors import read_descriptor
from kg.reference.formats import read_release
from kg.verification import Judge, check

FOLDER = Path(__file__).parents[2] / "shared" / "reference" / "hcpcs"
FILES = {
    "2017-Alpha-Numeric-HCPCS-File.zip": date(2017, 3, 1),
    "2018-Alpha-Numeric-HCPCS-File.zip": date(2018, 3, 1),
    "2019-Alpha-Numeric-HCPCS-File.zip": date(2019, 3, 1),
    "anweb-2020-10.xlsx": date(2020, 10, 15),
    "HCPC2025_OCT_ANWEB.xlsx": date(2025, 10, 15),
}
# A document of so many rows; a longer one is judged no differently, and takes longer for each row.
_ROWS = 40


class Fed(NamedTuple):
    """What came of the descriptors of a release in one shape of document."""

    shape: str
    descriptors: int
    drugs: int
    units: int
    findings: tuple[Finding, ...]


def described(reference: Reference, day: date) -> list[Entry]:
    """The codes of drugs that are in force on a day."""
    of_day = reference.on(day)
    hcpcs = (entry for entry in of_day.entries if entry.code.system is CodeSystem.HCPCS)
    return [entry for entry in hcpcs if entry.holds_on(day) and read_descriptor(entry.name)]


def feed(reference: Reference, entries: Sequence[Entry], day: date) -> Iterator[Fed]:
    """Check descriptors as the rows of a table, and as sentences."""
    judge = Judge(reference, day)
    for shape, head, line in (
        ("table", "| code | descriptor |\n|---|---|\n", "| {code} | {name} |\n"),
        ("prose", "", "{code} is {name}.\n\n"),
    ):
        findings: list[Finding] = []
        counts = {Relation.IDENTIFIES_DRUG: 0, Relation.BILLING_UNIT: 0}
        for start in range(0, len(entries), _ROWS):
            rows = (
                line.format(code=entry.code.value, name=entry.name.replace("|", "/"))
                for entry in entries[start : start + _ROWS]
            )
            checked = check(parse((head + "".join(rows)).encode(), f"{shape}-{start}.md"), judge, reference)
            findings += checked.findings
            for relation in counts:
                counts[relation] += len(
                    {assertion.subject for assertion in checked.assertions if assertion.relation is relation}
                )
        yield Fed(shape, len(entries), *counts.values(), tuple(findings))


def main() -> int:
    """Print what was found; the answer is how many findings there are."""
    if not FOLDER.is_dir():
        print(f"no official releases at {FOLDER}", file=sys.stderr)
        return 0
    total = 0
    for name, day in FILES.items():
        reference = Reference.of(read_release(FOLDER / name), drugs())
        for fed in feed(reference, described(reference, day), day):
            print(f"{name} as {fed.shape}: {len(fed.findings)} findings in {fed.descriptors} descriptors", end="")
            print(f" ({fed.drugs} read as drugs, {fed.units} with a unit)")
            total += len(fed.findings)
            for finding in fed.findings:
                print(f"  {finding.verdict} {finding.concept.key} “{finding.stated}”: {finding.reason}")
    return total


if __name__ == "__main__":
    sys.exit(min(main(), 1))
