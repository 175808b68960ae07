"""Holds assertions against the releases, and against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from kg.model import Assertion, Code, Concept, Evidence, Finding, Mention, Polarity, Relation, Statement, Verdict
from kg.reference import Entry, Reference
from kg.verification.agreeing import consistent, corroborated
from kg.verification.checks import (
    CHECKS,
    OF_CODES,
    OF_MENTIONS,
    RELATIONS_OF,
    Bench,
    other_drug,
    other_name,
    when_not_in_force,
)
from kg.verification.drug_beside import drug_named

ABOUT_NAMES = frozenset({other_name.__name__, other_drug.__name__})
"""The checks that find something about a code under one name; all else holds of the code under any."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on each assertion by its identifier, and what a person should look at.

    `settled` are those that a release states or refutes, whether their codes are in force or not. `hanging` has, for
    each assertion whose verdict depends on a finding about another one, those findings by their position.
    """

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    settled: frozenset[str] = frozenset()
    hanging: dict[str, list[int]] = field(default_factory=dict)


def judge(assertions: Iterable[Assertion], reference: Reference, as_of: date | None = None) -> Judgement:
    """Hold assertions against the releases, as they held on a date; without one, no code has ended."""
    return Judge(reference, as_of).judge(assertions)


class Judge:
    """Judges document by document; its indexes of names serve all of them."""

    def __init__(self, reference: Reference, as_of: date | None = None) -> None:
        self._bench = Bench(reference, as_of)
        self._checks = {
            relation: tuple(check for check in CHECKS if relation in RELATIONS_OF.get(check, (relation,)))
            for relation in Relation
        }
        self._beyond_codes = {
            relation: tuple(check for check in checks if check not in OF_CODES)
            for relation, checks in self._checks.items()
        }

    def judge(self, assertions: Iterable[Assertion]) -> Judgement:
        """Judge assertions, of one document or of many.

        The weakest finding decides. Where there is none, an assertion is `corroborated` if a release states the
        same, `consistent` if complete releases have all of its codes, else `unchecked`. What a document says of
        a code that it takes for something else is at best `disputed`.
        """
        # Of those that one finding is about, it stands at the first of the document that shows the code.
        ordered_assertions = sorted(assertions, key=_in_order)
        findings = {assertion.identifier: self._findings(assertion) for assertion in ordered_assertions}
        mistaken: list[tuple[list[Assertion], Finding]] = []
        covered_by: dict[str, Finding] = {}
        for about in _by_subject(ordered_assertions).values():
            self._spare_second_names(about, findings)
            if (mistake := _mistaken(about, findings)) is not None:
                mistaken.append((about, mistake))
            covered_by |= _units_of_other_drugs(about, findings, mistake)
        results = _Results()
        for assertion in ordered_assertions:
            is_reported = assertion.identifier not in covered_by
            results.take(
                assertion, findings[assertion.identifier], self._without_findings(assertion), is_reported=is_reported
            )
        for about, mistake in mistaken:
            results.taint(about, mistake)
        for name, finding in covered_by.items():
            results.hang(name, finding)
        return results.judgement()

    def mentioned(self, mentions: Iterable[Mention]) -> list[Finding]:
        """What is to be said of codes that are only mentioned: each once, where it stands first."""
        findings: dict[tuple[Concept, str, str], Finding] = {}
        for mention in mentions:
            for finding in self._of_mention(mention):
                # What is found of the code itself holds under every name.
                name = finding.stated if finding.check in ABOUT_NAMES else ""
                findings.setdefault((finding.concept, finding.reason, name), finding)
        return list(findings.values())

    def _of_mention(self, mention: Mention) -> Iterator[Finding]:
        """What the checks of single codes find, and whether the name beside a drug's code is another drug's."""
        for check in OF_MENTIONS:
            for finding in check(mention, self._bench):
                yield replace(finding, check=check.__name__)
        if assertion := drug_named(mention, self._bench.identities):
            for finding in other_drug(assertion, self._bench):
                yield replace(finding, assertion=mention, check=other_drug.__name__)

    def unchecked(self, code: Code, since: date | None = None) -> str:
        """Why the releases can neither confirm a code nor refute it, or nothing where they can."""
        return self._bench.unchecked(code, since)

    def standing(self, statement: Statement) -> Verdict:
        """The verdict on what a release states: corroborated, unless it or a code in it is not in force."""
        bench = self._bench
        codes = [c.code for c in (statement.subject, statement.object) if c.kind.is_code]
        parts: list[Statement | Entry] = [statement, *filter(None, map(bench.reference.entry, codes))]
        intervals = [(part.valid_from, part.valid_through) for part in parts]
        if bench.as_of and any(when_not_in_force(*interval, bench.as_of) for interval in intervals):
            return Verdict.DISPUTED
        return Verdict.CORROBORATED

    def _findings(self, assertion: Assertion) -> list[Finding]:
        """What the checks find, in their order; of codes that are sound only what the relation is asked about."""
        sound = all(self._bench.sound(concept) for concept, _ in self._bench.codes(assertion))
        checks = self._beyond_codes if sound else self._checks
        return [
            replace(finding, check=check.__name__)
            for check in checks[assertion.relation]
            for finding in check(assertion, self._bench)
        ]

    def _without_findings(self, assertion: Assertion) -> Verdict:
        if corroborated(assertion, self._bench):
            return Verdict.CORROBORATED
        return Verdict.CONSISTENT if consistent(assertion, self._bench) else Verdict.UNCHECKED

    def _spare_second_names(self, about: list[Assertion], findings: dict[str, list[Finding]]) -> None:
        """Drop what is found about a name that nobody knows beside the right one: a brand, in a column of its own."""
        identities = [assertion for assertion in about if assertion.relation is Relation.IDENTIFIES_DRUG]
        affirmed = [assertion for assertion in identities if assertion.polarity is Polarity.AFFIRMED]
        right = {_place(assertion) for assertion in affirmed if not findings[assertion.identifier]}
        for assertion in identities:
            if _place(assertion) in right and not self._bench.identities.knows(assertion.object):
                findings[assertion.identifier] = [
                    f for f in findings[assertion.identifier] if f.check != other_drug.__name__
                ]


def _mistaken(about: list[Assertion], findings: dict[str, list[Finding]]) -> Finding | None:
    """Where a document takes a code for something else, the most telling finding that says so.

    A document that also says what the code is has only slipped, and its other words may be right.
    """
    check = other_drug.__name__
    identities = [
        assertion
        for assertion in about
        if assertion.relation is Relation.IDENTIFIES_DRUG and assertion.polarity is Polarity.AFFIRMED
    ]
    if not identities:
        check = other_name.__name__
        identities = [assertion for assertion in about if assertion.subject.name]
    of_check = (
        (assertion, finding)
        for assertion in identities
        for finding in findings[assertion.identifier]
        if finding.check == check
    )
    wrong = [finding for assertion, finding in of_check if finding.concept == assertion.subject]
    return min(wrong, key=_rank) if wrong and len(wrong) == len(identities) else None


def _by_subject(assertions: Iterable[Assertion]) -> dict[tuple[str, Concept], list[Assertion]]:
    """Assertions by document and subject, so that what depends on a mistake about a subject is found at once."""
    groups: defaultdict[tuple[str, Concept], list[Assertion]] = defaultdict(list)
    for assertion in assertions:
        groups[assertion.evidence.document, assertion.subject].append(assertion)
    return dict(groups)


def _units_of_other_drugs(
    about: list[Assertion], findings: dict[str, list[Finding]], mistaken: Finding | None
) -> dict[str, Finding]:
    """Of wrong units of a code that is taken for another drug, the finding about the drug, which covers both."""
    drugs = {
        _place(assertion): finding
        for assertion in about
        for finding in findings[assertion.identifier]
        if finding.check == other_drug.__name__
    }
    return {
        assertion.identifier: drug
        for assertion in about
        if assertion.relation is Relation.BILLING_UNIT and findings[assertion.identifier]
        if (drug := drugs.get(_place(assertion), mistaken)) is not None and drug.check != other_name.__name__
    }


def _place(assertion: Assertion) -> tuple[int, int]:
    return assertion.evidence.start, assertion.evidence.end


class _Results:
    """Verdicts and findings as they come in; findings that say the same of one place are one."""

    def __init__(self) -> None:
        self._verdicts: dict[str, Verdict] = {}
        self._settled: set[str] = set()
        self._findings: dict[tuple[object, ...], Finding] = {}
        self._hanging: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)

    def take(
        self, assertion: Assertion, findings: list[Finding], otherwise: Verdict, *, is_reported: bool = True
    ) -> None:
        name = assertion.identifier
        self._verdicts[name] = Verdict.weakest([otherwise, *(finding.verdict for finding in findings)])
        if otherwise is Verdict.CORROBORATED or self._verdicts[name] is Verdict.REFUTED:
            self._settled.add(name)
        for finding in _without_doubles(findings) if is_reported else ():
            self._put(finding)

    def _put(self, finding: Finding) -> None:
        """Keep a finding; of those that say the same, the first by `_rank` stands for all."""
        key = _key(finding)
        earlier = self._findings.get(key)
        if earlier is None:
            self._findings[key] = finding
        elif finding.assertion.identifier == earlier.assertion.identifier:
            return
        elif _rank(finding) < _rank(earlier):
            self._findings[key] = replace(finding, hangs=earlier.hangs)
            self._hang(earlier.assertion.identifier, key)
        else:
            self._hang(finding.assertion.identifier, key)

    def taint(self, assertions: Iterable[Assertion], mistaken: Finding) -> None:
        """What a document says of a code that it takes for something else is at best disputed."""
        key = _key(mistaken)
        for assertion in assertions:
            name = assertion.identifier
            self._verdicts[name] = Verdict.weakest([self._verdicts[name], Verdict.DISPUTED])
            self._hang(name, key)

    def hang(self, name: str, finding: Finding) -> None:
        """An assertion depends on a finding about another one."""
        self._hang(name, _key(finding))

    def _hang(self, name: str, key: tuple[object, ...]) -> None:
        """An assertion depends on a finding once, and on its own never, though it may speak of one code twice."""
        if name == self._findings[key].assertion.identifier or key in self._hanging[name]:
            return
        self._hanging[name].append(key)
        self._findings[key] = replace(self._findings[key], hangs=self._findings[key].hangs + 1)

    def judgement(self) -> Judgement:
        positions = {key: number for number, key in enumerate(self._findings)}
        hanging = {name: [positions[key] for key in keys] for name, keys in self._hanging.items() if keys}
        return Judgement(self._verdicts, tuple(self._findings.values()), frozenset(self._settled), hanging)


def _in_order(assertion: Assertion) -> tuple[object, ...]:
    """By evidence, as tuples: to compare evidences themselves takes longer."""
    at = assertion.evidence
    return at.document, at.start, at.end, at.quote, at.line, at.section, assertion.identifier


def _key(finding: Finding) -> tuple[object, ...]:
    """What makes findings one: of the subject of a document they are about the document, else about a place."""
    evidence = finding.assertion.evidence
    if finding.concept == finding.assertion.subject:
        return evidence.document, finding.concept, finding.reason
    return evidence.document, finding.concept, finding.reason, evidence.start, evidence.end


def _rank(finding: Finding) -> tuple[bool, bool, Evidence, str]:
    """The order of findings: one with a suggestion first, then where the code is seen, then the earlier one."""
    evidence = finding.assertion.evidence
    is_unseen = finding.concept.key not in evidence.quote
    return finding.suggestion is None, is_unseen, evidence, finding.assertion.identifier


def _without_doubles(findings: list[Finding]) -> Iterator[Finding]:
    """Of a heading whose name fits a code below it, one finding is enough."""
    disputed_names = {finding.concept for finding in findings if finding.stated and finding.suggestion}
    for finding in findings:
        if finding.suggestion is None and finding.concept in disputed_names and finding.verdict is Verdict.DISPUTED:
            continue
        yield finding
