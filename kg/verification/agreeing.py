"""What speaks for an assertion: a release that states the same, and complete releases that have all of its codes."""

from __future__ import annotations

from kg.model import MEDICARE, Assertion, Polarity, Quantity, Relation
from kg.reference.billing_units import same_amount
from kg.verification.checks import Bench, amount_of, when_not_in_force
from kg.verification.rulings import ruled_so

_STATED_BY_RELEASES = frozenset(
    {Relation.IDENTIFIES_DRUG, Relation.BILLING_UNIT, Relation.BILLED_AS, Relation.ACCEPTS_MODIFIER}
)


def corroborated(assertion: Assertion, bench: Bench) -> bool:
    """Whether a release states the same relation."""
    if ruled_so(assertion, bench):
        return True
    if assertion.polarity is not Polarity.AFFIRMED or assertion.relation not in _STATED_BY_RELEASES:
        return False
    if assertion.relation is Relation.ACCEPTS_MODIFIER:
        return _takes_modifier(assertion, bench)
    objects = [statement.statement.object for statement in bench.identities.of(assertion.subject, assertion.relation)]
    if assertion.relation is Relation.IDENTIFIES_DRUG:
        return bench.reference.meant(assertion.object) in objects
    if assertion.object in objects:
        return True
    amount = amount_of(assertion.object.label)
    return amount is not None and any(
        (quantity := Quantity.parse(other.label)) is not None and same_amount(amount, quantity) is True
        for other in objects
    )


def consistent(assertion: Assertion, bench: Bench) -> bool:
    """Whether a complete release has every code of an assertion."""
    return all(bench.reference.complete_with(code) is not None for _, code in bench.codes(assertion))


def _takes_modifier(assertion: Assertion, bench: Bench) -> bool:
    """Whether Medicare's fee schedule says on the day that a code takes a modifier; of other payers it says nothing."""
    if not assertion.payers <= {MEDICARE}:
        return False
    of_code = (stated.statement for stated in bench.identities.of(assertion.subject, Relation.ACCEPTS_MODIFIER))
    alike = [statement for statement in of_code if statement.object == assertion.object]
    day = bench.as_of
    return any(day is None or not when_not_in_force(one.valid_from, one.valid_through, day) for one in alike)
