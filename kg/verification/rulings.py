"""Articles of Medicare's contractors: what they rule of a billing code and a diagnosis that a document connects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.model import MEDICARE, Assertion, Finding, Polarity, Relation, Ruling, Verdict

if TYPE_CHECKING:
    from kg.verification.checks import Bench

_MOST_NAMED = 3


def ruled_otherwise(assertion: Assertion, bench: Bench) -> Iterator[Finding]:
    """A diagnosis of which a document says for Medicare what no article in force says that speaks of both.

    What a document says of no payer, or of another one, no article speaks against.
    """
    if assertion.payers != {MEDICARE}:
        return
    against = _rulings(assertion, bench)
    if not against or any(ruling.polarity is assertion.polarity for ruling in against):
        return
    first, diagnosis = against[0], assertion.object
    listed = "listed so in" if first.row else "not listed in what calls itself complete,"
    says = "does not support" if first.polarity is Polarity.EXCLUDED else "supports"
    yield Finding(
        assertion, Verdict.DISPUTED, diagnosis,
        f"{says} {assertion.subject.key} for Medicare: {listed} {_named(against)}", first.policy.release,
        stated=diagnosis.name or "", official=first.condition or first.row_text, row=first.row or first.group.row,
    )  # fmt: skip


def ruled_so(assertion: Assertion, bench: Bench) -> bool:
    """Whether an article in force rules what a document says, of Medicare or of no payer by name.

    That a diagnosis does not support a code is ruled so only where no article rules that it does. What stands at an
    asterisk, or has to stand beside another diagnosis, holds under a condition, and rules nothing by itself.
    """
    if not assertion.payers <= {MEDICARE}:
        return False
    polarities = {ruling.polarity for ruling in _rulings(assertion, bench) if ruling.row and not ruling.is_conditional}
    if assertion.polarity is Polarity.AFFIRMED:
        return Polarity.AFFIRMED in polarities
    return polarities == {Polarity.EXCLUDED}


def _rulings(assertion: Assertion, bench: Bench) -> list[Ruling]:
    coverage = bench.reference.coverage
    if assertion.relation is not Relation.SUPPORTED_BY_DIAGNOSIS or not coverage:
        return []
    diagnosis = assertion.object.code
    entry = bench.reference.entry(diagnosis)
    exactly = entry is not None and entry.billable_on(bench.as_of) is not False
    day = bench.as_of
    return coverage.rulings(assertion.subject.code, diagnosis, lambda policy: policy.holds_on(day), exactly=exactly)


def _named(rulings: list[Ruling]) -> str:
    """The articles, each with its contractor and its states; of many some."""
    articles = list(dict.fromkeys(f"{ruling.policy.identifier} ({ruling.policy.whose})" for ruling in rulings))
    more = f" and {len(articles) - _MOST_NAMED} more" if len(articles) > _MOST_NAMED else ""
    return f"{', '.join(articles[:_MOST_NAMED])}{more}"
