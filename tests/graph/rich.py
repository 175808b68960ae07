"""A small graph that has something of everything that a graph may hold: what the tests of whole graphs are about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kg.graph.kept_readings import Reading
from kg.graph.store import GraphStore, new_build
from kg.graph.writing import write_graph
from kg.model import (
    Assertion,
    Code,
    CodeSystem,
    Concept,
    Kind,
    Polarity,
    Qualifier,
    Relation,
    Statement,
    Strength,
)
from kg.reference import Drug, Edition, Entry, Reference, Release

from .making import assertion, document, evidence, icd

DAY = date(2026, 5, 1)
ICD = Release(
    "icd-2026", CodeSystem.ICD10CM, "ICD-10-CM 2026", date(2025, 10, 1), True, "public", "cdc", since=date(2024, 1, 1)
)
HCPCS = Release(
    "hcpcs-2026", CodeSystem.HCPCS, "HCPCS 2026", date(2026, 4, 1), True, "public", "cms", outside="D.*", dated=True
)
FORMER_HCPCS = Release("hcpcs-2013", CodeSystem.HCPCS, "HCPCS 2013", date(2013, 1, 1), False, "public", "cms")
CPT = Release("cpt", CodeSystem.CPT, "CPT", None, False, "AMA", "ama", quotable=False)
MODIFIERS = Release("modifiers", CodeSystem.MODIFIER, "Modifiers", None, False, "public", "cms")
OLDER = Release("asp-2025", CodeSystem.NDC, "Crosswalk 2025", date(2025, 10, 1), False, "public", "cms")
NEWER = Release("asp-2026", CodeSystem.NDC, "Crosswalk 2026", date(2026, 4, 1), False, "public", "cms")
EDITS = Release("ncci", CodeSystem.CPT, "NCCI", date(2026, 4, 1), False, "public", "cms")


def code(text: str) -> Code:
    return Code.parse(text)


def named(kind: Kind, name: str) -> Concept:
    return Concept.named(kind, name)


TOCILIZUMAB, TYENNE = named(Kind.DRUG, "tocilizumab"), named(Kind.DRUG, "tocilizumab-aazg")
MEDICARE, AETNA = named(Kind.PAYER, "Medicare"), named(Kind.PAYER, "Aetna")
IV, OFFICE = named(Kind.ROUTE, "intravenous"), named(Kind.PLACE, "physician office")
J3262, J1440, J1745, Q5133 = (Concept.parse(f"hcpcs:{value}") for value in ("J3262", "J1440", "J1745", "Q5133"))
INFUSION, VISIT = Concept.parse("cpt:96413"), Concept.parse("cpt:99213")
VIAL, LARGE, OLD_VIAL = (Concept.parse(f"ndc:50242-013{n}-01") for n in (5, 6, 7))

DIAGNOSES = (
    icd("M05-M14", "Inflammatory polyarthropathies", None, False),
    icd("M05", "Rheumatoid arthritis with rheumatoid factor", "M05-M14", False),
    icd("M05.7", "Rheumatoid arthritis without organ involvement", "M05", False),
    Entry(
        code("M05.79"),
        "Rheumatoid arthritis of multiple sites",
        Code(CodeSystem.ICD10CM, "M05.7"),
        True,
        names=("RA of many joints", "Polyarthritis"),
        notes=(("includes", 'the "seropositive" kind'),),
        row=12,
        called="Seropositive arthritis",
    ),
    Entry(
        code("M06.9"),
        "Rheumatoid arthritis, unspecified",
        None,
        True,
        turned=(date(2020, 10, 1), date(2018, 10, 1)),
        row=13,
    ),
    Entry(code("M06.8"), "Other rheumatoid arthritis", None, False, turned=(date(2026, 1, 1),), row=14),
)
DRUG_CODES = (
    Entry(J3262.code, "Injection, tocilizumab, 1 mg", valid_from=date(2011, 1, 1), row=1),
    Entry(J1440.code, "Fecal microbiota, per study dose", valid_from=date(2023, 1, 1), row=2),
    Entry(J1745.code, "Injection, infliximab, 10 mg", valid_through=date(2026, 3, 31), row=4),
    Entry(Q5133.code, "Injection, tocilizumab-bavi, biosimilar, 1 mg", valid_from=date(2026, 7, 1), row=5),
)
FORMER = (Entry(J1440.code, "Injection, filgrastim, 300 mcg", None, None, date(2009, 1, 1), date(2013, 12, 31), row=3),)
SERVICES = (Entry(INFUSION.code, "Infusion, first hour"), Entry(VISIT.code, "Office visit"))
OWNED = (
    Entry(Code(CodeSystem.MODIFIER, "JW"), "Drug amount discarded", owner="cms"),
    Entry(Code(CodeSystem.MODIFIER, "59"), "Distinct service", owner="ama"),
)


def package(ndc: Concept, name: str, row: int) -> Entry:
    return Entry(ndc.code, name, notes=(("labeler", "Genentech"), ("size", "one vial")), row=row)


def billed(ndc: Concept, row: int, counts: tuple[str, str, str], as_code: Concept = J3262) -> Statement:
    told = zip(("packageQuantity", "billingUnits", "billingUnitsPerPackage"), counts, strict=True)
    details = (*told, ("dosage", "1 MG"))
    return Statement(ndc, Relation.BILLED_AS, as_code, row, f"{ndc.key} | {as_code.key}", details=details)


def editions() -> list[Edition]:
    unit, other_unit = (named(Kind.QUANTITY, amount) for amount in ("1 mg", "10 mg"))
    older = (
        billed(OLD_VIAL, 1, ("1", "20", "20")),
        Statement(J1745, Relation.BILLING_UNIT, other_unit, 9, "J1745 10 mg", date(2025, 10, 1), date(2025, 12, 31)),
    )
    newer = (
        billed(VIAL, 1, ("1", "80", "80")),
        billed(LARGE, 2, ("4", "200", "800")),
        billed(VIAL, 3, ("1", "0", "0"), J1745),
        Statement(J3262, Relation.BILLING_UNIT, unit, 7, "J3262 1 mg"),
    )
    edits = (
        Statement(INFUSION, Relation.BUNDLED_WITH, VISIT, 1, "96413 99213", details=(("modifierIndicator", "1"),)),
        Statement(Concept.parse("cpt:10060"), Relation.BUNDLED_WITH, Concept.parse("cpt:10061"), 2, "10060 10061"),
        Statement(Concept.parse("cpt:96415"), Relation.BUNDLED_WITH, INFUSION, 3, "96415 96413"),
    )
    after = (Statement(J1745, Relation.REPLACED_BY, Q5133, 4, "See Q5133"),)
    return [
        Edition(ICD, DIAGNOSES),
        Edition(HCPCS, DRUG_CODES, after),
        Edition(FORMER_HCPCS, FORMER),
        Edition(CPT, SERVICES),
        Edition(MODIFIERS, OWNED),
        Edition(OLDER, (package(OLD_VIAL, "Actemra", 1),), older),
        Edition(NEWER, (package(VIAL, "Actemra", 1), package(LARGE, "Actemra", 2)), newer),
        Edition(EDITS, (), edits),
    ]


def known() -> Reference:
    return Reference.of(
        editions(), (Drug(TOCILIZUMAB, ("Actemra", "RoActemra")), Drug(TYENNE, ("Tyenne",), TOCILIZUMAB))
    )


def first() -> Reading:
    """A guide on tocilizumab."""
    table = evidence("JW | discarded | Medicare, when intravenous", 300)
    for_both = ((Qualifier.FOR_PAYER, MEDICARE), (Qualifier.FOR_ROUTE, IV))
    said = (
        Assertion(J3262, Relation.IDENTIFIES_DRUG, TOCILIZUMAB, evidence("J3262 is tocilizumab.", 10), rule="title"),
        Assertion(J3262, Relation.BILLING_UNIT, named(Kind.QUANTITY, "1 mg"), evidence("per 1 mg", 40), rule="unit"),
        Assertion(
            J3262,
            Relation.INDICATED_FOR,
            named(Kind.CONDITION, "gout"),
            evidence("for gout", 60),
            strength=Strength.OFF_LABEL,
        ),
        assertion("icd10cm:M05.79", at=evidence("M05.79 and M06.9", 100)),
        assertion("icd10cm:M06.9", at=evidence("M05.79 and M06.9", 100), strength=Strength.REQUIRED),
        assertion("icd10cm:M06.9", at=evidence("M06.9 again", 120), strength=Strength.PERMITTED),
        assertion("icd10cm:M05", at=evidence("M05 as a whole", 150)),
        assertion("icd10cm:M99.999", at=evidence('M99.999 "😀"\nhere', 180)),
        assertion(
            "modifier:JW",
            Relation.ACCEPTS_MODIFIER,
            name="discarded",
            at=table,
            condition="when intravenous",
            qualifiers=for_both,
        ),
        assertion("cpt:96413", Relation.ADMINISTERED_WITH, at=evidence("with 96413", 400)),
        assertion("payer:medicare", Relation.HAS_PAYER, name="Medicare", at=evidence("Medicare pays", 450)),
        assertion(
            "place:physician-office", Relation.PLACE_OF_SERVICE, name="physician office", at=evidence("office", 480)
        ),
        Assertion(
            J1745, Relation.IDENTIFIES_DRUG, named(Kind.DRUG, "infliximab"), evidence("J1745 is infliximab", 500)
        ),
    )
    return Reading(document(), said, leftovers=3)


def second() -> Reading:
    """A policy that says otherwise in places."""

    def at(quote: str, start: int) -> dict[str, object]:
        return {"at": evidence(quote, start, "policy")}

    said = (
        assertion("icd10cm:M05.79", **at("never M05.79", 10), polarity=Polarity.EXCLUDED),  # type: ignore[arg-type]
        assertion("icd10cm:M06.9", **at("M06.9", 30)),  # type: ignore[arg-type]
        assertion("payer:medicare", Relation.HAS_PAYER, name="MEDICARE", **at("MEDICARE pays", 50)),  # type: ignore[arg-type]
        assertion("payer:aetna", Relation.HAS_PAYER, name="Aetna", **at("Aetna pays", 70)),  # type: ignore[arg-type]
        assertion("drug:infliximab", Relation.IDENTIFIES_DRUG, subject="hcpcs:J3262", **at("J3262 infliximab", 90)),  # type: ignore[arg-type]
        assertion("icd10cm:M06.9", subject="hcpcs:J1745", **at("J1745 for M06.9", 120)),  # type: ignore[arg-type]
    )
    return Reading(document("policy"), said, leftovers=1)


def build(path: Path, readings: list[Reading], day: date | None = DAY) -> GraphStore:
    """A store of these readings, opened."""
    with new_build(path) as folder:
        write_graph(folder, readings, known(), lambda *_: None, day)
    return GraphStore.open(path)
