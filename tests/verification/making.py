"""Small references and assertions, made in place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kg.model import Assertion, Code, CodeSystem, Concept, Evidence, Kind, Polarity, Quantity, Relation
from kg.reference import Drug, Edition, Entry, Reference, Release

TODAY = date(2026, 11, 24)
_NAMES = {
    CodeSystem.HCPCS: "HCPCS Level II October 2025",
    CodeSystem.ICD10CM: "ICD-10-CM April 2026",
    CodeSystem.NUCC: "NUCC taxonomy 25.1",
    CodeSystem.MODIFIER: "HCPCS modifiers October 2025",
}


def release(system: CodeSystem, *, complete: bool = True, official: bool = True, outside: str = "") -> Release:
    title = _NAMES.get(system, f"some {system.noun}")
    kind = "complete" if complete else "some"
    return Release(f"{system}-{kind}", system, title, None, complete, "", "", outside=outside, official=official)


def entry(
    curie: str,
    name: str = "",
    *names: str,
    billable: bool | None = None,
    above: str = "",
    begins: str = "",
    ended: str = "",
    owner: str = "",
) -> Entry:
    return Entry(
        Code.parse(curie),
        name,
        broader=Code.parse(above) if above else None,
        billable=billable,
        valid_from=date.fromisoformat(begins) if begins else None,
        valid_through=date.fromisoformat(ended) if ended else None,
        owner=owner,
        names=names,
        row=7,
    )


def reference(*entries: Entry, drugs: Iterable[Drug] = (), complete: bool = True, outside: str = "") -> Reference:
    """One release for each system of which there are entries."""
    systems = dict.fromkeys(found.code.system for found in entries)
    return Reference.of(
        (
            Edition(
                release(system, complete=complete, outside=outside),
                tuple(e for e in entries if e.code.system is system),
            )
            for system in systems
        ),
        drugs,
    )


def named(**names: str) -> Reference:
    """Diagnoses by their names, the dot left out: `M315="Giant cell arteritis with …"`."""
    return reference(*(entry(f"icd10cm:{code}", name, billable=True) for code, name in names.items()))


def drug(name: str, *brands: str, broader: str = "") -> Drug:
    return Drug(Concept.named(Kind.DRUG, name), brands, Concept.named(Kind.DRUG, broader) if broader else None)


def says(
    subject: str,
    relation: Relation,
    thing: str,
    name: str | None = None,
    *,
    polarity: Polarity = Polarity.AFFIRMED,
    quote: str = "x",
    line: int = 1,
    document: str = "guide",
) -> Assertion:
    """An assertion; the name of a code is that which the document gives it."""
    place = Evidence(document, line * 1000, line * 1000 + len(quote), quote, line)
    return Assertion(Concept.parse(subject), relation, Concept.parse(thing, name), place, polarity)


def says_drug(subject: str, name: str, quote: str = "x", *, polarity: Polarity = Polarity.AFFIRMED) -> Assertion:
    place = Evidence("guide", 0, len(quote), quote, 1)
    return Assertion(Concept.parse(subject), Relation.IDENTIFIES_DRUG, Concept.named(Kind.DRUG, name), place, polarity)


def says_unit(subject: str, amount: str) -> Assertion:
    quantity = Quantity.parse(amount)
    assert quantity is not None
    place = Evidence("guide", 5000, 5000 + len(amount), amount, 5)
    return Assertion(Concept.parse(subject), Relation.BILLING_UNIT, quantity.concept, place)
