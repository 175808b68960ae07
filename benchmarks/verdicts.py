"""Measures verdicts: findings against tables that people wrote, and the time that judging takes.

    python -m benchmarks.verdicts [FOLDER] [--assertions 10000] [--each]

FOLDER holds the publishers' files, else `shared/reference` beside the repository. With --each, what was missed or
not expected is printed as well. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kg.documents import read
from kg.extraction import extract
from kg.model import Assertion, Code, CodeSystem, Concept, Evidence, Kind, Relation
from kg.reference import Reference
from kg.verification import Judge
from kg.verification.naming import Naming
from tests.verification.scoring import TODAY, Score, documents, expected, official, score

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT.parent / "shared" / "reference"
GOLD = ROOT.parent / "shared" / "gold" / "verdicts.tsv"
_DOCUMENT = 200
"""So many made-up assertions stand in one document."""


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--assertions", type=int, default=10_000)
    parser.add_argument("--each", action="store_true", help="print what was missed, and what was not expected")
    arguments = parser.parse_args()
    since = time.perf_counter()
    releases = official(arguments.folder)
    print(f"releases read in {time.perf_counter() - since:.1f} s\n")
    print(
        "| findings | expected | found | precision | recall | suggestions | not read |\n|---|---|---|---|---|---|---|"
    )
    judges: dict[date, Judge] = {}
    scores = [score(path, judges, releases) for path in documents()]
    wrong = [result for result in scores if expected(result.document)[1]]
    print(_row(f"corpus: {len(wrong)} documents with mistakes", wrong))
    print(_row(f"corpus: {len(scores) - len(wrong)} documents that are right", [s for s in scores if s not in wrong]))
    if GOLD.is_file():
        print(_gold(releases))
    if arguments.each:
        _print_each(scores)
    _speed(releases, arguments.assertions)


def _row(title: str, scores: list[Score]) -> str:
    met, missed = sum(len(result.met) for result in scores), sum(len(result.missed) for result in scores)
    unexpected, unread = sum(len(result.unexpected) for result in scores), sum(len(result.unread) for result in scores)
    suggested = sum(1 for result in scores for row, _ in result.met if row.suggestion != "?")
    fitting = suggested - sum(len(result.wrong_suggestions) for result in scores)
    total = met + unexpected
    precision = f"{met / total:.1%}" if total else "-"
    recall = f"{met / (met + missed):.1%}" if met + missed else "-"
    return f"| {title} | {met + missed} | {total} | {precision} | {recall} | {fitting}/{suggested} | {unread} |"


def _gold(releases: Reference) -> str:
    """The two guides that the project began with, where each line of the gold is met or not."""
    lines = [line.split("\t") for line in GOLD.read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", "")]
    gold = {(name, concept, verdict, suggestion) for name, concept, _, verdict, _, suggestion in lines}
    gold = {row for row in gold if row[2] != "consistent"}
    actual, judge = set(), Judge(releases, TODAY)
    for name in sorted({line[0] for line in lines}):
        assertions = extract(read(GOLD.parent.parent / "seeds" / f"{name}.txt")).assertions
        for finding in judge.judge(assertions).findings:
            suggestion = finding.suggestion.curie if finding.suggestion else "-"
            actual.add((name, finding.concept.curie, finding.verdict.value, suggestion))
    met = len(actual & gold)
    return (f"| two guides as found, with their suggestions | {len(gold)} | {len(actual)} | {met / len(actual):.1%} "
            f"| {met / len(gold):.1%} | {met}/{len(gold)} | - |")  # fmt: skip


def _print_each(scores: list[Score]) -> None:
    for result in scores:
        for row in result.missed:
            why = "not read" if row in result.unread else "missed"
            print(f"  {result.document.name}:{row.line} {row.concept} {row.verdict}: {why} ({row.what})")
        for finding in result.unexpected:
            line = finding.assertion.evidence.line
            print(f"  {result.document.name}:{line} {finding.concept.curie} {finding.verdict}: {finding.reason}")
        for row, finding in result.wrong_suggestions:
            suggested = f"suggested {finding.suggestion}, not {row.suggestion}"
            print(f"  {result.document.name}:{row.line} {row.concept}: {suggested}")


def _speed(releases: Reference, count: int) -> None:
    naming, since = Naming(releases), time.perf_counter()
    for system in (CodeSystem.ICD10CM, CodeSystem.HCPCS, CodeSystem.MODIFIER, CodeSystem.NUCC):
        naming.opinion(next(e.code for e in releases.entries if e.code.system is system), "a name that no code has")
    print(f"\nindexes of all names: {time.perf_counter() - since:.1f} s")
    many = list(made_up(releases, count))
    judge = Judge(releases, TODAY)
    judge.judge(many[:1])
    since = time.perf_counter()
    judgement = judge.judge(many)
    seconds = time.perf_counter() - since
    verdicts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(Counter(judgement.verdicts.values()).items()))
    print(f"{count:,} assertions judged in {seconds:.1f} s ({verdicts}; {len(judgement.findings)} findings), "
          f"the indexes made meanwhile")  # fmt: skip
    since = time.perf_counter()
    judge.judge(many)
    print(f"the same once more: {time.perf_counter() - since:.1f} s")


def made_up(releases: Reference, count: int) -> Iterator[Assertion]:
    """Assertions with diagnoses, drugs and modifiers: names as they are, paraphrased, misspelt, and of others."""
    dice = random.Random(1)
    entries = sorted(releases.entries, key=lambda entry: entry.code)
    diagnoses = [e for e in entries if e.code.system is CodeSystem.ICD10CM and e.billable]
    drugs = [e for e in entries if e.code.system is CodeSystem.HCPCS and e.code.value[0] in "JQ"]
    modifiers = [e for e in entries if e.code.system is CodeSystem.MODIFIER]
    for number in range(count):
        subject = Concept.of(dice.choice(drugs).code)
        place = Evidence(f"document {number // _DOCUMENT}", number * 10, number * 10 + 1, "x", number % _DOCUMENT + 1)
        kind = dice.random()
        if kind < 0.7:
            relation, thing = Relation.SUPPORTED_BY_DIAGNOSIS, dice.choice(diagnoses)
        elif kind < 0.8:
            relation, thing = Relation.ACCEPTS_MODIFIER, dice.choice(modifiers)
        else:
            about = releases.entry(Code(CodeSystem.HCPCS, subject.key))
            drug = (about.name if about else "").removeprefix("Injection, ").split(",")[0] or "anything"
            yield Assertion(subject, Relation.IDENTIFIES_DRUG, Concept.named(Kind.DRUG, drug), place)
            continue
        alternatives = diagnoses if relation is Relation.SUPPORTED_BY_DIAGNOSIS else modifiers
        name = _varied(thing.name if dice.random() < 0.9 else dice.choice(alternatives).name, dice)
        yield Assertion(subject, relation, Concept.of(thing.code, name), place)


def _varied(name: str, dice: random.Random) -> str:
    """A name as a document might give it: words left out, in another order, shortened or misspelt."""
    words = name.replace(",", " ,").split()
    kind = dice.randrange(5)
    if kind == 1 and len(words) > 3:
        del words[dice.randrange(len(words))]
    elif kind == 2:
        dice.shuffle(words)
    elif kind == 3:
        words = [word[:4] if len(word) > 8 and dice.random() < 0.5 else word for word in words]
    elif kind == 4:
        place = dice.randrange(len(words))
        words[place] = words[place][:-1] + dice.choice("abcdefghijklmnopqrstuvwxyz")
    return " ".join(words)


if __name__ == "__main__":
    main()
