"""Connections to draw: a made-up neighbourhood with labels as long as real ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.drawing import Background, Drawing, draw
from kg.model import Assertion, Concept, Connection, Evidence, Finding, Polarity, Relation, Strength, Verdict


def connect(
    subject: Concept,
    relation: Relation,
    object_: Concept,
    *quotes: str,
    verdict: Verdict = Verdict.CONSISTENT,
    polarity: Polarity = Polarity.AFFIRMED,
    condition: str = "",
    document: str = "tocilizumab",
) -> Connection:
    """One connection, with one assertion for each quote."""
    said = tuple(
        Assertion(
            subject,
            relation,
            object_,
            Evidence(document, 100 * line, 100 * line + len(quote), quote, line, "Coding"),
            polarity,
            Strength.STATED,
            condition,
        )
        for line, quote in enumerate(quotes or (f"{object_.key} | {object_.label} |",), 10)
    )
    return Connection(subject, relation, object_, verdict, said)


J3262 = Concept.parse("J3262", "Injection, tocilizumab, 1 mg")
J0129 = Concept.parse("J0129", "Injection, abatacept, 10 mg")

_TABLE = {
    Relation.IDENTIFIES_DRUG: {"drug:tocilizumab": "Tocilizumab"},
    Relation.BILLING_UNIT: {"quantity:1-mg": "1 mg"},
    Relation.ACCEPTS_MODIFIER: {
        "modifier:JW": "Drug amount discarded, not administered to any patient",
        "modifier:JZ": "Zero drug amount discarded",
        "modifier:59": "Distinct procedural service",
        "modifier:76": "Repeat procedure by the same physician",
        "modifier:52": "Reduced services",
        "modifier:53": "Discontinued procedure",
        "modifier:KX": "Requirements in the medical policy are met",
    },
    Relation.BILLED_BY_SPECIALTY: {
        "nucc:207RR0500X": "Rheumatology",
        "nucc:207RH0003X": "Hematology and oncology",
        "nucc:363L00000X": "Nurse practitioner",
    },
    Relation.SUPPORTED_BY_DIAGNOSIS: {
        "icd10cm:M05.79": "Rheumatoid arthritis with rheumatoid factor of multiple sites",
        "icd10cm:M06.9": "Rheumatoid arthritis, unspecified",
        "icd10cm:M31.6": "Other giant cell arteritis",
        "icd10cm:M35.3": "Polymyalgia rheumatica",
        "icd10cm:M08.20": "Juvenile rheumatoid arthritis with systemic onset, unspecified site",
        "icd10cm:D89.831": "Cytokine release syndrome, grade 1",
    },
    Relation.COMPLICATION_DIAGNOSIS: {"icd10cm:T80.29XA": "Infection following other infusion"},
    Relation.ADMINISTERED_WITH: {
        "cpt:96413": "Infusion of a highly complex drug, first hour",
        "cpt:96415": "Infusion of a highly complex drug, each further hour",
        "cpt:96372": "Injection under the skin or into muscle",
    },
    Relation.EVALUATED_WITH: {"cpt:99213": "Office visit, established patient"},
    Relation.SIMILAR_TO: {
        "hcpcs:Q5133": "Injection, tocilizumab-bavi, 1 mg",
        "hcpcs:J3590": "Unclassified biologics",
    },
    Relation.HAS_PAYER: {"payer:medicare": "Medicare", "payer:aetna": "Aetna", "payer:cigna": "Cigna Health"},
    Relation.PLACE_OF_SERVICE: {
        "place:physician-office": "Physician office",
        "place:hospital-outpatient": "Hospital outpatient department",
        "place:infusion-center": "Infusion center",
    },
    Relation.ROUTE_OF_ADMINISTRATION: {
        "route:intravenous": "Intravenous",
        "route:subcutaneous": "Subcutaneous",
    },
    Relation.REQUIRES_DOCUMENTATION: {
        "documentation:lot-number": "Lot number",
        "documentation:dose": "Dose administered and amount discarded, with the time",
        "documentation:tb": "Tuberculosis screening before the first dose",
    },
    Relation.DENIED_FOR: {"denial:no-auth": "No prior authorization on file"},
    Relation.COVERAGE_REQUIRES: {"requirement:dmard": "Inadequate response to at least one DMARD"},
}  # fmt: skip

_VERDICTS = {
    "modifier:59": Verdict.DISPUTED,
    "icd10cm:M35.3": Verdict.REFUTED,
    "drug:tocilizumab": Verdict.CORROBORATED,
    "quantity:1-mg": Verdict.CORROBORATED,
    "cpt:96413": Verdict.UNCHECKED,
    "cpt:96415": Verdict.UNCHECKED,
    "cpt:96372": Verdict.UNCHECKED,
    "cpt:99213": Verdict.UNCHECKED,
}


def neighbourhood() -> list[Connection]:
    """About forty concepts around J3262, with every verdict, an exclusion, and two ties to one diagnosis."""
    found = []
    for relation, objects in _TABLE.items():
        for curie, name in objects.items():
            verdict = _VERDICTS.get(curie, Verdict.CONSISTENT)
            found.append(connect(J3262, relation, Concept.parse(curie, name), verdict=verdict))
    surgeons = Concept.parse("modifier:62", "Two surgeons")
    said_no = "Modifier 62 is not typically applicable to infusion."
    found.append(connect(J3262, Relation.ACCEPTS_MODIFIER, surgeons, said_no, polarity=Polarity.EXCLUDED))
    cytokine = Concept.parse("icd10cm:D89.831", "Cytokine release syndrome, grade 1")
    found.append(connect(J3262, Relation.COMPLICATION_DIAGNOSIS, cytokine, "D89.831 after CAR-T therapy"))
    return found


def star(size: int) -> list[Connection]:
    """A focus with many diagnoses and codes around it, `size` concepts in all."""
    found = []
    for number in range(size - 1):
        relation, prefix = [
            (Relation.SUPPORTED_BY_DIAGNOSIS, f"icd10cm:M{number % 90 + 10}.{number // 90:02d}"),
            (Relation.SIMILAR_TO, f"hcpcs:J{number:04d}"),
            (Relation.ADMINISTERED_WITH, f"cpt:9{number:04d}"),
            (Relation.DENIED_FOR, f"denial:reason-{number}"),
        ][number % 4]
        name = f"Name of number {number}, as long as names are"
        found.append(connect(J3262, relation, Concept.parse(prefix, name), f"The guide says {prefix} is right."))
    return found


# Text that would run, break out or turn around where it is not shown as text.
PAYLOADS = [
    "<img src=x onerror=\"document.title='ran'\">",
    "</script><script>document.title='ran'</script>",
    '"><svg onload="document.title=\'ran\'">',
    "<!--<script>",
    "line\u2028and\u2029paragraph",
    "{{7*7}} {code} ${policy} $data {{ title }}",
    "a word like href",
    "javascript:document.title='ran'",
    "\u202eright-to-left\u202c\u200f",
    "\ud800 alone, \x00 and \x1b and \uffff",
]


# A guide that takes one code for another: what the releases say against it, and the code that was meant.
J3032 = Concept.parse("J3032", "eptinezumab-jjmr, 1 mg")
J2356 = Concept.parse("J2356", "tezepelumab-ekko, 1 mg")
TEZEPELUMAB = Concept.parse("drug:tezepelumab", "tezepelumab-ekko")


def mistaken(*, meant: bool = True) -> tuple[list[Connection], Background]:
    """The connections around J3032, which a guide takes for J2356, and what speaks against that."""
    quotes = ("It is given every four weeks.", "J3032 is used for Tezspire (tezepelumab-ekko).")
    claim = connect(J3032, Relation.IDENTIFIES_DRUG, TEZEPELUMAB, *quotes, verdict=Verdict.REFUTED, document="guide")
    hanging = [
        connect(
            J3032,
            Relation.ACCEPTS_MODIFIER,
            Concept.parse(f"modifier:{key}"),
            verdict=Verdict.DISPUTED,
            document="guide",
        )
        for key in ("LT", "RT")
    ]
    eptinezumab, migraine = Concept.parse("drug:eptinezumab", "eptinezumab-jjmr"), Concept.parse("icd10cm:G43.709")
    stated: dict[str, Any] = {"verdict": Verdict.CORROBORATED, "document": "hcpcs"}
    right = [
        connect(J3032, Relation.IDENTIFIES_DRUG, eptinezumab, "Inj. eptinezumab-jjmr 1 mg", **stated),
        connect(J2356, Relation.IDENTIFIES_DRUG, TEZEPELUMAB, "Inj tezepelumab-ekko, 1mg", **stated),
        connect(J3032, Relation.SUPPORTED_BY_DIAGNOSIS, migraine, document="other"),
    ]
    finding = Finding(
        claim.assertions[0], Verdict.REFUTED, J3032,
        "is “Inj. eptinezumab-jjmr 1 mg” in HCPCS Level II; tezepelumab-ekko, 1 mg is J2356", "hcpcs", J2356,
        "tezepelumab-ekko", "Inj. eptinezumab-jjmr 1 mg", 4976, hangs=2,
    )  # fmt: skip
    background = Background(
        titles={"guide": "A guide to Tezspire", "hcpcs": "HCPCS Level II"},
        findings=[finding, replace(finding, assertion=claim.assertions[1])],
        hanging=[replace(finding, assertion=each.assertions[0]) for each in hanging],
    )
    return [claim, *hanging, *(right if meant else right[::2])], background


def mistake_drawing(*, meant: bool = True, **options: Any) -> Drawing:
    """The page of J3032, with the claim that is refuted."""
    connections, background = mistaken(meant=meant)
    return draw(connections, [J3032], depth=1, meant=[J2356], background=background, **options)
