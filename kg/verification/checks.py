"""The checks: each looks for one kind of disagreement between an assertion and the releases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from kg.model import Assertion, Code, Concept, Finding, Kind, Mention, Polarity, Quantity, Relation, Verdict
from kg.reference import Entry, Reference, Release
from kg.reference.billing_units import after_per, pieces_of, same_amount
from kg.verification.brands import Brands
from kg.verification.hints import names_any
from kg.verification.identities import Identities
from kg.verification.malformed import why_none, written_as_none
from kg.verification.naming import Naming, Opinion, speaks
from kg.verification.orders import tells_to_bill
from kg.verification.rulings import ruled_otherwise

# A claim must carry a code that can be billed. To exclude a whole category is in order.
_ON_CLAIMS = frozenset({Relation.SUPPORTED_BY_DIAGNOSIS, Relation.COMPLICATION_DIAGNOSIS})


@dataclass
class Bench:
    """What the checks look things up in: the releases, with their names and the drugs that codes identify.

    `as_of` is the date on which codes have to hold; None asks for no date.
    """

    reference: Reference
    as_of: date | None = None
    naming: Naming = field(init=False)
    identities: Identities = field(init=False)
    brands: Brands = field(init=False)
    _at_hand: tuple[Assertion | Mention | None, list[tuple[Concept, Code]]] = field(default=(None, []), init=False)
    _sound: dict[tuple[Kind, str, str | None], bool] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.reference = self.reference.on(self.as_of)
        self.naming = Naming(self.reference)
        self.identities = Identities(self.reference)
        self.brands = Brands(self.identities)

    def codes(self, assertion: Assertion | Mention) -> list[tuple[Concept, Code]]:
        """The codes in an assertion; one check after another asks for them."""
        if self._at_hand[0] is not assertion:
            self._at_hand = (assertion, list(codes_of(assertion)))
        return self._at_hand[1]

    def sound(self, concept: Concept) -> bool:
        """Whether no check of single codes finds anything; documents speak of the same codes again and again."""
        key = concept.kind, concept.key, concept.name
        if (is_sound := self._sound.get(key)) is None:
            code = concept.code
            wrong = self.better_named(concept) or self.called_unclassified(concept)
            is_sound = not (self.lacking(code) or self.out_of_force(code) or wrong)
            self._sound[key] = is_sound
        return is_sound

    def lacking(self, code: Code) -> Release | None:
        """The complete release that should have a code that no release has; of the day, where one is asked for."""
        release = self.reference.complete(code) if self.reference.entry(code) is None else None
        return None if release is None or self._began_since(code, release) else release

    def _began_since(self, code: Code, release: Release) -> bool:
        """Whether a later release speaks of a code that a complete one cannot have yet."""
        later = (other.issued for other, _ in self.reference.stated_of(Concept.of(code)))
        return any(issued and release.issued and issued > release.issued for issued in later)

    def out_of_force(self, code: Code) -> str:
        """Why a code does not hold on the date asked for, or nothing where it does."""
        entry = self.reference.entry(code)
        if entry is None or self.as_of is None or not self.reference.speaks_of(code):
            return ""
        return when_not_in_force(entry.valid_from, entry.valid_through, self.as_of)

    def unchecked(self, code: Code, since: date | None = None) -> str:
        """Why the releases can neither confirm a code nor refute it, or nothing where they can."""
        reference, system = self.reference, code.system
        covering = next((release for release in reference.releases if release.covers(code)), None)
        if covering is None:
            description = self.described(code)
            return "" if description and speaks(*description) else f"no complete release of {system.noun} codes is here"
        if not reference.speaks_of(code) or (reference.entry(code) is None and reference.complete(code) is None):
            return f"the day lies before the oldest complete release of {system.noun} here"
        is_newer = since and covering.issued and since > covering.issued
        if reference.entry(code) is None and (is_newer or self._began_since(code, covering)):
            return f"newer than {covering.title}"
        return ""

    def better_named(self, concept: Concept) -> Opinion | None:
        """The opinion on the name of a code, where another code of its system fits clearly better."""
        description = self.described(concept.code)
        if not concept.name or description is None or not speaks(*description):
            return None
        opinion = self.naming.opinion(concept.code, concept.name)
        return None if opinion is None or opinion.agrees else opinion

    def called_unclassified(self, concept: Concept) -> bool:
        """Whether a document calls a code that stands for a drug one for drugs without a code."""
        return (
            bool(concept.name)
            and self.identities.is_of_one(concept.code)
            and self.identities.is_any(concept.name or "")
        )

    def described(self, code: Code) -> tuple[Entry, Release] | None:
        """What a release says of a code, and which."""
        entry, release = self.reference.entry(code), self.reference.release_of(code)
        return (entry, release) if entry and release else None

    def concept(self, code: Code | None) -> Concept | None:
        """The concept of a code, under its name where that may be shown."""
        description = self.described(code) if code else None
        if code is None or description is None:
            return None
        entry, release = description
        return entry.concept if release.quotable else Concept.of(code)


Check = Callable[[Assertion, Bench], Iterator[Finding]]
"""Looks for one kind of disagreement; what it finds is worse than `unchecked`."""

CheckOfCodes = Callable[[Assertion | Mention, Bench], Iterator[Finding]]
"""The same of codes by themselves, so that it can look at those that a document only mentions."""


def no_such_code(assertion: Assertion | Mention, bench: Bench) -> Iterator[Finding]:
    """A code that no release has, though a complete one covers it, or that is written as none is."""
    for concept, code in bench.codes(assertion):
        if written_as_none(code):
            yield Finding(
                assertion, Verdict.REFUTED, concept, why_none(code, bench.reference), "", stated=concept.name or ""
            )
            continue
        release = bench.lacking(code)
        if release is not None and not _is_newer(assertion, release):
            name = concept.name or ""
            yield Finding(
                assertion, Verdict.REFUTED, concept, f"no such code in {release.title}", release.identifier,
                suggestion=bench.concept(_intended_code(assertion, concept, code, bench)), stated=name,
            )  # fmt: skip


def _is_newer(assertion: Assertion | Mention, release: Release) -> bool:
    """Whether a document says that something holds only since after a release was issued."""
    return bool(assertion.since and release.issued and assertion.since > release.issued)


def _intended_code(assertion: Assertion | Mention, concept: Concept, code: Code, bench: Bench) -> Code | None:
    """The code that was probably meant by one that does not exist: by its name, or by the drug it is said to be."""
    if isinstance(assertion, Mention):
        return None
    if concept == assertion.subject and assertion.relation is Relation.IDENTIFIES_DRUG:
        return bench.identities.best_code(assertion.object, code, assertion.evidence.quote)
    return bench.naming.meant(code, concept.name or "")


def heading(assertion: Assertion | Mention, bench: Bench) -> Iterator[Finding]:
    """A heading where a claim needs a code that can be billed: what supports a service, and what one is told to use."""
    if isinstance(assertion, Mention):
        concept, is_on_claims = assertion.subject, tells_to_bill(assertion)
    else:
        concept = assertion.object
        is_affirmed = assertion.polarity is Polarity.AFFIRMED and concept.kind.is_code
        is_on_claims = assertion.relation in _ON_CLAIMS and is_affirmed
    if not is_on_claims:
        return
    code = concept.code
    description = bench.described(code)
    if description is None or description[0].billable_on(bench.as_of) is not False:
        return
    entry, release = description
    better = bench.naming.below(code, concept.name or entry.name)
    yield Finding(
        assertion, Verdict.DISPUTED, concept, f"is a heading in {release.title}, cannot be billed", release.identifier,
        suggestion=bench.concept(better), stated=concept.name or "", official=_quoted(entry, release), row=entry.row,
    )  # fmt: skip


def not_in_force(assertion: Assertion | Mention, bench: Bench) -> Iterator[Finding]:
    """A code that had ended, or had not begun, on the date asked for, unless the document says so itself."""
    if isinstance(assertion, Mention) and assertion.is_over:
        return
    for concept, code in bench.codes(assertion):
        description, reason = bench.described(code), bench.out_of_force(code)
        if description and reason:
            entry, release = description
            yield Finding(
                assertion, Verdict.DISPUTED, concept, f"{reason} ({release.title})", release.identifier,
                suggestion=bench.concept(_successor(code, bench)), stated=concept.name or "",
                official=_quoted(entry, release), row=entry.row,
            )  # fmt: skip


def when_not_in_force(valid_from: date | None, valid_through: date | None, day: date) -> str:
    """Why a code does not hold on a day, or nothing where it does.

    >>> when_not_in_force(None, date(2025, 3, 31), date(2025, 4, 1))
    'ended on 2025-03-31'
    """
    if valid_through is not None and day > valid_through:
        return f"ended on {valid_through}"
    if valid_from is not None and day < valid_from:
        return f"begins on {valid_from}"
    return ""


def _successor(code: Code, bench: Bench) -> Code | None:
    """A code in force for the drug of a code that has ended, else one of the same name."""
    for drug in bench.identities.drugs_of(code):
        if better := bench.identities.successor(drug, code, _words_of(code, bench)):
            return better
    return None


def _words_of(code: Code, bench: Bench) -> str:
    description = bench.described(code)
    return description[0].name if description else ""


def other_name(assertion: Assertion | Mention, bench: Bench) -> Iterator[Finding]:
    """A name that another code of the system fits clearly better."""
    for concept, code in bench.codes(assertion):
        description, opinion = bench.described(code), bench.better_named(concept)
        if description and bench.called_unclassified(concept):
            entry, release = description
            yield Finding(
                assertion, Verdict.REFUTED, concept, _is(entry, release), release.identifier,
                stated=concept.name or "", official=_quoted(entry, release), row=entry.row,
            )  # fmt: skip
            continue
        if description is None or opinion is None or _has_drug_checks(concept, assertion, bench):
            continue
        entry, release = description
        better = bench.concept(opinion.better)
        belongs = f"; the name belongs to {better.key}" if better else ""
        yield Finding(
            assertion, Verdict.DISPUTED, concept, f"{_is(entry, release)}{belongs}", release.identifier,
            suggestion=better, stated=concept.name or "", official=_quoted(entry, release), row=entry.row,
        )  # fmt: skip


def _has_drug_checks(concept: Concept, assertion: Assertion | Mention, bench: Bench) -> bool:
    """Whether a code is a subject whose name says a drug and a unit, which have checks of their own."""
    return concept == assertion.subject and bool(bench.identities.of(concept, Relation.IDENTIFIES_DRUG))


def other_drug(assertion: Assertion, bench: Bench) -> Iterator[Finding]:
    """A code that identifies another drug than the document says."""
    subject, drug = assertion.subject, bench.reference.meant(assertion.object)
    if assertion.relation is not Relation.IDENTIFIES_DRUG or assertion.polarity is not Polarity.AFFIRMED:
        return
    code = subject.code
    description = bench.described(code)
    if description is None or not description[1].official:
        return
    identities, quote = bench.identities, assertion.evidence.quote
    of_brand = bench.brands.other(code, drug, quote)
    right_code = of_brand or identities.originator(code, drug, quote)
    if identities.takes_any(code) and not names_any(drug.label):
        right_code = identities.own_code(drug, code, quote)
    if right_code is None and (_is_of_drug(code, drug, bench) or identities.is_sold_as(code, drug, quote)):
        return
    entry, release = description
    # Of "haloperidol decanoate" the first word is no other drug beside it.
    beside = re.sub(re.escape(drug.label), " ", quote, flags=re.IGNORECASE)
    if right_code is None and not _is_clear(assertion) and identities.names_own(code, beside):
        return
    better = bench.concept(right_code or identities.best_code(drug, code, quote))
    if better is None and not _is_clear(assertion) and not identities.knows(drug) and not names_any(drug.label):
        return  # What nobody knows by its name may be any drug, as a brand in a column of drugs.
    if better is None and drug != assertion.object:
        return  # Of a brand that a release knows, more than that has to be known.
    called = better.name if better and of_brand else assertion.object.label
    elsewhere = f"; {called} is {better.key}" if better else ""
    yield Finding(
        assertion, Verdict.REFUTED, subject, f"{_is(entry, release)}{elsewhere}", release.identifier,
        suggestion=better, stated=assertion.object.label, official=_quoted(entry, release), row=entry.row,
    )  # fmt: skip


def _is_clear(assertion: Assertion) -> bool:
    """Whether a sentence says which drug a code is."""
    return assertion.rule.startswith("prose")


def _is_of_drug(code: Code, drug: Concept, bench: Bench) -> bool:
    """Whether a code may be said to identify a drug, as far as releases speak against it."""
    identities = bench.identities
    drugs = identities.drugs_of(code)
    if names_any(drug.label):
        return not identities.is_of_one(code)
    if drug in drugs or identities.takes_any(code):
        return True
    if identities.other_letters(drug, code):
        return False
    elsewhere = [other for other in identities.codes_for(drug) if other != code and bench.reference.in_force(other)]
    if not elsewhere and code in identities.codes_for(drug):
        return True
    exactly = any(drug in identities.drugs_of(other) for other in elsewhere)
    if any(identities.same(drug, other) for other in drugs):
        # A biosimilar with a code of its own is not meant by the code of the drug that it is one of.
        return not (exactly and drug.key.startswith(tuple(f"{other.key}-" for other in drugs)))
    if identities.named_in(drug, code) or identities.may_be(drug, code):
        return True
    if identities.akin(drug, code):
        return not exactly
    return not drugs and not elsewhere


def other_unit(assertion: Assertion, bench: Bench) -> Iterator[Finding]:
    """A billing unit that is not that of the release."""
    if assertion.relation is not Relation.BILLING_UNIT or assertion.polarity is not Polarity.AFFIRMED:
        return
    statements = bench.identities.of(assertion.subject, Relation.BILLING_UNIT)
    amount = amount_of(assertion.object.label)
    official = [quantity for statement in statements if (quantity := Quantity.parse(statement.statement.object.label))]
    if amount is None or not official or any(same_amount(amount, quantity) is not False for quantity in official):
        return
    first = statements[0]
    yield Finding(
        assertion, Verdict.REFUTED, assertion.subject,
        f"is billed by {first.statement.object.label} in {first.release.title}, not by {assertion.object.label}",
        first.release.identifier, suggestion=first.statement.object, stated=assertion.object.label,
        official=first.statement.text, row=first.statement.row,
    )  # fmt: skip


def other_code(assertion: Assertion, bench: Bench) -> Iterator[Finding]:
    """A package that releases bill as other codes alone; codes of packages change from quarter to quarter."""
    if assertion.relation is not Relation.BILLED_AS or assertion.polarity is not Polarity.AFFIRMED:
        return
    statements = bench.identities.of(assertion.subject, Relation.BILLED_AS)
    if not statements or any(statement.statement.object == assertion.object for statement in statements):
        return
    first = statements[0]
    yield Finding(
        assertion, Verdict.DISPUTED, assertion.subject,
        f"is billed as {first.statement.object.key} in {first.release.title}, not as {assertion.object.key}",
        first.release.identifier, suggestion=bench.concept(first.statement.object.code) or first.statement.object,
        stated=assertion.object.key, official=first.statement.text, row=first.statement.row,
    )  # fmt: skip


def amount_of(text: str) -> Quantity | None:
    """The amount that a document states, where it says no number one: "per gram"."""
    return Quantity.parse(text) or after_per(pieces_of(f"per {text.lower().removeprefix('per ')}"))


CHECKS: tuple[Check, ...] = (
    no_such_code, other_drug, other_unit, other_code, other_name, heading, not_in_force, ruled_otherwise,
)  # fmt: skip
"""All checks, in the order in which their findings are reported."""

OF_CODES: tuple[CheckOfCodes, ...] = (no_such_code, other_name, not_in_force)
"""The checks that look at each code by itself, whatever the relation; of a sound code they find nothing."""

OF_MENTIONS: tuple[CheckOfCodes, ...] = (*OF_CODES, heading)
"""Those of a code that is only named: whether it can be billed is asked where a line tells to bill it."""

RELATIONS_OF: dict[Check, frozenset[Relation]] = {
    other_drug: frozenset({Relation.IDENTIFIES_DRUG}),
    other_unit: frozenset({Relation.BILLING_UNIT}),
    other_code: frozenset({Relation.BILLED_AS}),
    heading: _ON_CLAIMS,
    ruled_otherwise: frozenset({Relation.SUPPORTED_BY_DIAGNOSIS}),
}
"""The checks that look at some relations alone."""


def codes_of(assertion: Assertion | Mention) -> Iterator[tuple[Concept, Code]]:
    """The codes in an assertion: subject, object, and those of its qualifiers; or the one that is mentioned."""
    if isinstance(assertion, Mention):
        yield assertion.subject, assertion.subject.code
        return
    for concept in (assertion.subject, assertion.object, *(concept for _, concept in assertion.qualifiers)):
        if concept.kind.is_code:
            yield concept, concept.code


def _is(entry: Entry, release: Release) -> str:
    if not release.quotable:
        return f"has another name in {release.title}"
    name = entry.name if len(entry.name) <= 160 else f"{entry.name[:159]}…"
    return f"is “{name}” in {release.title}"


def _quoted(entry: Entry, release: Release) -> str:
    return entry.name if release.quotable else ""
