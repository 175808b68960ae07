from __future__ import annotations

import time
from datetime import date

import pytest

from kg.model import Assertion, Code, CodeSystem, Concept, Evidence, Polarity, Qualifier, Relation, Verdict
from kg.reference import Edition, Entry, Reference, Release
from kg.verification import judge

ICD = Release("icd", CodeSystem.ICD10CM, "ICD-10-CM April 2026", date(2026, 4, 1), True, "public", "here")
HCPCS = Release("hcpcs", CodeSystem.HCPCS, "HCPCS October 2025", None, True, "public", "here")
BUNDLED = Release("bundled", CodeSystem.HCPCS, "some HCPCS codes", None, False, "public", "here")


def entry(curie: str, billable: bool | None = None) -> Entry:
    return Entry(Code.parse(curie), "name", billable=billable)


DIAGNOSES = Edition(ICD, (entry("icd10cm:M05", False), entry("icd10cm:M05.79", True)))
ALL = Reference.of([DIAGNOSES, Edition(HCPCS, (entry("hcpcs:J3262"),))])
SOME = Reference.of([DIAGNOSES, Edition(BUNDLED, (entry("hcpcs:J3262"),))])


def stated(
    subject: str,
    relation: Relation,
    object: str,
    polarity: Polarity = Polarity.AFFIRMED,
    qualifiers: tuple[tuple[Qualifier, Concept], ...] = (),
    start: int = 0,
) -> Assertion:
    place = Evidence("guide", start, start + 1, "x", 1)
    return Assertion(Concept.parse(subject), relation, Concept.parse(object), place, polarity, qualifiers=qualifiers)


SUPPORTED = Relation.SUPPORTED_BY_DIAGNOSIS


@pytest.mark.parametrize(
    ("assertion", "reference", "verdict", "reason"),
    [
        (stated("J3262", SUPPORTED, "icd10cm:M05.79"), ALL, "consistent", None),
        (stated("J3262", SUPPORTED, "icd10cm:M05.79"), SOME, "unchecked", None),
        (stated("J3262", SUPPORTED, "icd10cm:M05.79"), Reference.of([]), "unchecked", None),
        (stated("J9999", SUPPORTED, "icd10cm:M05.79"), SOME, "unchecked", None),
        (stated("J9999", SUPPORTED, "icd10cm:M05.79"), ALL, "refuted", "no such code in HCPCS October 2025"),
        (
            stated("J3262", SUPPORTED, "icd10cm:M05.99"),
            SOME,
            "refuted",
            "no such code in ICD-10-CM April 2026",
        ),
        (
            stated("J3262", SUPPORTED, "icd10cm:M05.99", Polarity.EXCLUDED),
            SOME,
            "refuted",
            "no such code in ICD-10-CM April 2026",
        ),
        (
            stated("J3262", SUPPORTED, "icd10cm:M05"),
            SOME,
            "disputed",
            "is a heading in ICD-10-CM April 2026, cannot be billed",
        ),
        (stated("J3262", SUPPORTED, "icd10cm:M05", Polarity.EXCLUDED), ALL, "consistent", None),
        (stated("J3262", Relation.RELATES_TO_DIAGNOSIS, "icd10cm:M05"), ALL, "consistent", None),
        (stated("J3262", Relation.IDENTIFIES_DRUG, "drug:tocilizumab"), ALL, "consistent", None),
        (stated("J3262", Relation.IDENTIFIES_DRUG, "drug:tocilizumab"), SOME, "unchecked", None),
        (stated("J3262", Relation.ACCEPTS_MODIFIER, "modifier:JW"), ALL, "unchecked", None),
    ],
)
def test_verdicts(assertion: Assertion, reference: Reference, verdict: str, reason: str | None) -> None:
    judgement = judge([assertion], reference)
    assert judgement.verdicts == {assertion.identifier: Verdict(verdict)}
    assert [finding.reason for finding in judgement.findings] == ([reason] if reason else [])


def test_a_finding_names_all_that_a_person_needs() -> None:
    assertion = stated("J3262", SUPPORTED, "icd10cm:M05.99")
    (finding,) = judge([assertion], SOME).findings
    assert finding.assertion == assertion
    assert (finding.concept.curie, finding.verdict, finding.release) == ("icd10cm:M05.99", "refuted", "icd")


def test_codes_of_the_condition_count() -> None:
    diagnosis = Concept.parse("icd10cm:M05.99")
    assertion = stated(
        "J3262",
        Relation.IDENTIFIES_DRUG,
        "drug:tocilizumab",
        qualifiers=((Qualifier.FOR_DIAGNOSIS, diagnosis),),
    )
    (finding,) = judge([assertion], ALL).findings
    assert finding.concept == diagnosis


def test_the_weakest_finding_decides() -> None:
    assertion = stated("J9999", SUPPORTED, "icd10cm:M05")
    judgement = judge([assertion], ALL)
    assert [finding.verdict for finding in judgement.findings] == [Verdict.REFUTED, Verdict.DISPUTED]
    assert judgement.verdicts[assertion.identifier] is Verdict.REFUTED


def test_a_code_that_any_release_has_exists() -> None:
    newer = Reference.of([Edition(HCPCS, (entry("hcpcs:J3262"),)), Edition(BUNDLED, (entry("hcpcs:J0129"),))])
    assertion = stated("J0129", Relation.IDENTIFIES_DRUG, "drug:abatacept")
    assert judge([assertion], newer).verdicts[assertion.identifier] is Verdict.UNCHECKED


def test_ten_thousand_assertions_take_less_than_a_second() -> None:
    many = [stated("J3262", SUPPORTED, "icd10cm:M05.79", start=number) for number in range(10_000)]
    since = time.process_time()
    judge(many, ALL)
    assert time.process_time() - since < 1
