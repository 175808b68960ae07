"""Measures how names are told apart: names of all kinds against all codes of the official releases.

    python -m benchmarks.names [FOLDER] [--sample 2000] [--seed 2] [--show 0]

FOLDER holds the publishers' files, else `shared/reference` beside the repository. A name that belongs to its code
should be agreed with, one of another code disputed. `--show` prints some of those that were not. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from kg.model import Code, CodeSystem
from kg.reference import Entry, Reference, icd10cm
from kg.reference.formats import read_release
from kg.verification.naming import Naming
from tests.verification.scoring import official

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT.parent / "shared" / "reference"
_CODES = (CodeSystem.ICD10CM, CodeSystem.HCPCS, CodeSystem.MODIFIER, CodeSystem.NUCC)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Pairs = list[tuple[Code, str]]
Thing = TypeVar("Thing")


@dataclass
class Kind:
    """Names of one kind with codes, and whether they ought to agree."""

    title: str
    pairs: Pairs
    agree: bool
    naming: Naming


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--sample", type=int, default=2000, help="how many names of each kind")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--show", type=int, default=0, help="how many exceptions of each kind to print")
    arguments = parser.parse_args()
    releases = official(arguments.folder)
    naming, since = Naming(releases), time.perf_counter()
    for system in _CODES:
        naming.opinion(next(e.code for e in releases.entries if e.code.system is system), "a name that no code has")
    print(f"indexes of all names: {time.perf_counter() - since:.1f} s\n")
    print("| names | wanted | as wanted | mean | slowest |\n|---|---|---|---|---|")
    dice = random.Random(arguments.seed)
    for kind in kinds(releases, naming, arguments.folder, dice, arguments.sample):
        exceptions = measured(kind)
        for code, name, better in dice.sample(exceptions, min(arguments.show, len(exceptions))):
            print(f"    {code.value} {name!r} is {_in_words(releases, code)!r}, better {_in_words(releases, better)!r}")


def measured(kind: Kind) -> list[tuple[Code, str, Code | None]]:
    """Print a line of the table; the exceptions are returned."""
    slowest, total, exceptions = 0.0, 0.0, []
    for code, name in kind.pairs:
        since = time.perf_counter()
        opinion = kind.naming.opinion(code, name)
        seconds = time.perf_counter() - since
        slowest, total = max(slowest, seconds), total + seconds
        if opinion.agrees is not kind.agree:
            exceptions.append((code, name, opinion.better))
    count, expected = len(kind.pairs), "agrees" if kind.agree else "disputed"
    rate, mean = 1 - len(exceptions) / count, total / count * 1000
    print(f"| {kind.title} | {expected} | {count - len(exceptions)}/{count} = {rate:.1%} | {mean:.2f} ms "
          f"| {slowest * 1000:.0f} ms |", flush=True)  # fmt: skip
    return exceptions


def kinds(releases: Reference, naming: Naming, folder: Path, dice: random.Random, size: int) -> Iterator[Kind]:
    """All kinds of names."""
    yield from of_diagnoses(releases, naming, folder, dice, size)
    yield from of_terms(dice, size)
    for title, system in (("HCPCS", CodeSystem.HCPCS), ("modifiers", CodeSystem.MODIFIER), ("NUCC", CodeSystem.NUCC)):
        entries = sorted(official_of(releases, system), key=lambda entry: entry.code)
        other_names = [(entry.code, name) for entry in entries for name in entry.names]
        yield Kind(f"{title}: other names of the code", sampled(other_names, dice, size), True, naming)
        neighbours = [(entry.code, other.name) for entry, other in pairwise(entries) if entry.name != other.name]
        yield Kind(f"{title}: name of the next code", sampled(neighbours, dice, size), False, naming)
        swapped = [(entry.code, other.name) for entry in entries if (other := dice.choice(entries)).name != entry.name]
        yield Kind(f"{title}: name of any other code", sampled(swapped, dice, size), False, naming)


def of_diagnoses(releases: Reference, naming: Naming, folder: Path, dice: random.Random, size: int) -> Iterator[Kind]:
    """Names of the order file of January 2021 against the codes of today."""
    (edition,) = read_release(folder / "icd10cm" / "icd10cm-order-Jan-2021.zip")
    older = {entry.code: entry for entry in edition.entries if releases.entry(entry.code)}
    short = {code: entry.names[0] if entry.names else entry.name for code, entry in older.items()}
    codes = sampled(sorted(older), dice, size)
    yield Kind("ICD-10-CM: short names of 2021", [(code, short[code]) for code in codes], True, naming)
    yield Kind("ICD-10-CM: long names of 2021", [(code, older[code].name) for code in codes], True, naming)
    slips = [(code, _misspelt(older[code].name, dice)) for code in codes]
    yield Kind("ICD-10-CM: long names, misspelt", slips, True, naming)
    siblings: defaultdict[str, list[Code]] = defaultdict(list)
    for code in older:
        siblings[code.value[:-1]].append(code)
    pairs = [(c, o) for c in codes for o in siblings[c.value[:-1]] if older[o].name != older[c].name]
    pairs = sampled(pairs, dice, size)
    yield Kind("ICD-10-CM: name of a sibling", [(c, older[o].name) for c, o in pairs], False, naming)
    slips = [(c, _misspelt(older[o].name, dice)) for c, o in pairs]
    yield Kind("ICD-10-CM: name of a sibling, misspelt", slips, False, naming)
    brief = [(c, short[o]) for c, o in pairs if short[o] != short[c]]
    yield Kind("ICD-10-CM: short name of a sibling", brief, False, naming)
    anything = [(code, older[dice.choice(codes)].name) for code in codes]
    yield Kind("ICD-10-CM: name of any code", [(c, n) for c, n in anything if n != older[c].name], False, naming)


def of_terms(dice: random.Random, size: int) -> Iterator[Kind]:
    """Inclusion terms, which are other words for a code, against an index that was made without them."""
    (edition,) = icd10cm.read()
    plain = replace(edition, entries=tuple(replace(entry, names=()) for entry in edition.entries))
    terms = [(entry.code, name) for entry in edition.entries for name in entry.names]
    naming = Naming(Reference.of([plain]))
    naming.opinion(*terms[0])
    yield Kind("ICD-10-CM: inclusion terms, not in the index", sampled(terms, dice, size), True, naming)


def official_of(releases: Reference, system: CodeSystem) -> Iterator[Entry]:
    """The codes of a system that bear a name of their publisher; those of the ADA have none in HCPCS."""
    for entry, release in releases.described:
        if entry.code.system is system and release.official and entry.owner != "ama":
            yield entry


def sampled(things: list[Thing], dice: random.Random, size: int) -> list[Thing]:
    """Some of many."""
    return dice.sample(things, min(size, len(things)))


def _misspelt(name: str, dice: random.Random) -> str:
    """A name with another letter in one of its longer words."""
    words = name.split()
    long = [number for number, word in enumerate(words) if len(word) > 7]
    if long:
        number = dice.choice(long)
        place = dice.randrange(2, len(words[number]) - 1)
        words[number] = words[number][:place] + dice.choice(_LETTERS) + words[number][place + 1 :]
    return " ".join(words)


def _in_words(releases: Reference, code: Code | None) -> str:
    entry = releases.entry(code) if code else None
    return f"{entry.code.value} {entry.name}" if entry else "none"


if __name__ == "__main__":
    main()
