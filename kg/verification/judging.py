"""Holds assertions against the releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kg.model import Assertion, Code, CodeSystem, Concept, Finding, Kind, Polarity, Relation, Verdict
from kg.reference import Reference

Check = Callable[[Assertion, Reference], Iterator[Finding]]
"""Looks for one kind of disagreement; what it finds is worse than `unchecked`."""

# A claim must carry a code that can be billed. To exclude a whole category is in order.
_ON_CLAIMS = frozenset({Relation.SUPPORTED_BY_DIAGNOSIS, Relation.COMPLICATION_DIAGNOSIS})


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on each assertion, by its identifier, and what a person should look at."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def judge(assertions: Iterable[Assertion], reference: Reference) -> Judgement:
    """Hold assertions against the releases.

    The weakest finding decides. Where there is none, an assertion is `consistent` if complete releases have
    all of its codes, else `unchecked`.
    """
    verdicts: dict[str, Verdict] = {}
    findings: list[Finding] = []
    for assertion in assertions:
        found = [finding for check in CHECKS for finding in check(assertion, reference)]
        findings.extend(found)
        worst = max((finding.verdict for finding in found), key=lambda verdict: verdict.rank, default=None)
        verdicts[assertion.identifier] = worst or _without_findings(assertion, reference)
    return Judgement(verdicts, tuple(findings))


def no_such_code(assertion: Assertion, reference: Reference) -> Iterator[Finding]:
    """A code that no release has, though a complete one covers its system."""
    for concept, code in _codes(assertion):
        release = reference.complete(code.system)
        if release is not None and reference.entry(code) is None:
            reason = f"no such code in {release.title}"
            yield Finding(assertion, Verdict.REFUTED, concept, reason, release.identifier)


def heading(assertion: Assertion, reference: Reference) -> Iterator[Finding]:
    """A heading where a claim needs a code that can be billed."""
    if assertion.relation not in _ON_CLAIMS or assertion.polarity is not Polarity.AFFIRMED:
        return
    concept = assertion.object
    if concept.kind is not Kind.ICD10CM:
        return
    code = Code(CodeSystem.ICD10CM, concept.key)
    entry, release = reference.entry(code), reference.release_of(code)
    if entry is not None and release is not None and entry.billable is False:
        reason = f"is a heading in {release.title}, cannot be billed"
        yield Finding(assertion, Verdict.DISPUTED, concept, reason, release.identifier)


CHECKS: tuple[Check, ...] = (no_such_code, heading)
"""All checks, in the order in which their findings are reported. The comparison of names comes here."""


def _without_findings(assertion: Assertion, reference: Reference) -> Verdict:
    for _, code in _codes(assertion):
        release = reference.release_of(code)
        if release is None or not release.complete:
            return Verdict.UNCHECKED
    return Verdict.CONSISTENT


def _codes(assertion: Assertion) -> Iterator[tuple[Concept, Code]]:
    """The codes in an assertion: subject, object, and those of its qualifiers."""
    for concept in (assertion.subject, assertion.object, *(concept for _, concept in assertion.qualifiers)):
        if concept.kind.is_code:
            yield concept, Code(CodeSystem(concept.kind.value), concept.key)
