from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Assertion, Code, CodeSystem, Concept, Evidence, Finding, Polarity, Qualifier, Relation, Verdict
from kg.reference import Edition, Entry, Reference, Release
from kg.verification import judge
from tests.steps import steps
from tests.verification.making import TODAY, reference, says, says_drug, says_unit
from tests.verification.making import entry as named_entry

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


def test_a_finding_stands_where_the_code_is_seen() -> None:
    implied = stated("J9999", Relation.PLACE_OF_SERVICE, "place:infusion-center")
    seen = replace(
        stated("J9999", SUPPORTED, "icd10cm:M05.79"), evidence=Evidence("guide", 9, 25, "J9999 for M05.79", 2)
    )
    (finding,) = judge([implied, seen], ALL).findings
    assert (finding.assertion, finding.hangs) == (seen, 1)


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


def test_ten_times_the_assertions_take_about_ten_times_the_steps() -> None:
    def cost(count: int) -> int:
        many = [stated("J3262", SUPPORTED, "icd10cm:M05.79", start=number) for number in range(count)]
        return steps(lambda: judge(many, ALL))

    assert cost(2_000) < 12 * cost(200)


# --- what depends on a mistake, and what is one finding ---------------------------------------------------------------

DRUGS = reference(
    named_entry("hcpcs:J3032", "Injection, eptinezumab-jjmr, 1 mg"),
    named_entry("hcpcs:J2356", "Injection, tezepelumab-ekko, 1 mg"),
    named_entry("hcpcs:J1300", "Injection, eculizumab, 10 mg", ended="2025-03-31"),
    named_entry("icd10cm:J45.50", "Severe persistent asthma, uncomplicated", billable=True),
    named_entry("icd10cm:J45.51", "Severe persistent asthma with (acute) exacerbation", billable=True),
    named_entry("modifier:JW", "Drug amount discarded/not administered to any patient"),
)
ASTHMA = says("J3032", SUPPORTED, "icd10cm:J45.50", "Severe persistent asthma, uncomplicated", line=2)
MISTAKEN = says_drug("J3032", "tezepelumab-ekko")


def test_what_is_said_of_a_code_that_a_document_takes_for_something_else_is_disputed() -> None:
    judgement = judge([ASTHMA, MISTAKEN], DRUGS)
    assert judgement.verdicts == {ASTHMA.identifier: Verdict.DISPUTED, MISTAKEN.identifier: Verdict.REFUTED}
    (finding,) = judgement.findings
    assert (finding.suggestion, finding.hangs, finding.check) == (Concept.parse("hcpcs:J2356"), 1, "other_drug")
    assert judgement.hanging == {ASTHMA.identifier: [0]}


def test_other_documents_and_other_codes_are_not_touched() -> None:
    elsewhere = says("J3032", SUPPORTED, "icd10cm:J45.50", document="another guide")
    other = says("J2356", SUPPORTED, "icd10cm:J45.50", line=3)
    judgement = judge([MISTAKEN, elsewhere, other], DRUGS)
    assert judgement.verdicts[elsewhere.identifier] is Verdict.CONSISTENT
    assert judgement.verdicts[other.identifier] is Verdict.CONSISTENT


def test_a_document_that_also_says_what_the_code_is_has_only_slipped() -> None:
    judgement = judge([ASTHMA, MISTAKEN, says_drug("J3032", "eptinezumab-jjmr", "elsewhere")], DRUGS)
    assert judgement.verdicts[ASTHMA.identifier] is Verdict.CONSISTENT
    assert judgement.verdicts[MISTAKEN.identifier] is Verdict.REFUTED


def test_a_mistake_about_the_subject_is_one_finding_however_often_it_is_made() -> None:
    again = [replace(MISTAKEN, evidence=replace(MISTAKEN.evidence, start=n, end=n + 1)) for n in range(10, 20)]
    (finding,) = judge([MISTAKEN, *again], DRUGS).findings
    assert finding.hangs == 10


def test_a_wrong_name_is_a_finding_for_each_place() -> None:
    wrong = [
        says(code, SUPPORTED, "icd10cm:J45.50", "Severe persistent asthma with exacerbation", line=line)
        for code, line in (("J2356", 1), ("J3032", 1), ("J2356", 2))
    ]
    assert [finding.hangs for finding in judge(wrong, DRUGS).findings] == [1, 0]


def test_many_assertions_with_one_wrong_code_are_one_finding_a_place() -> None:
    many = [says("J2356", SUPPORTED, "icd10cm:J45.59", "Severe persistent asthma", line=n) for n in range(1, 2_000)]
    judgement = judge(many, DRUGS)
    assert len(judgement.findings) == len(many)
    assert {finding.suggestion for finding in judgement.findings} == {Concept.parse("icd10cm:J45.50")}
    assert steps(lambda: judge(many[:1_000], DRUGS)) < 12 * steps(lambda: judge(many[:100], DRUGS))


@pytest.mark.slow
def test_many_codes_each_taken_for_another() -> None:
    every = reference(*(named_entry(f"hcpcs:J{n}", f"Injection, drug{n}abcd, 1 mg") for n in range(4000, 5000)))
    named = [says_drug(f"J{n}", f"drug{8999 - n}abcd") for n in range(4000, 5000)]
    units = [says_unit(f"J{n}", "1 mg") for n in range(4000, 5000)]
    judgement = judge([*named, *units], every)
    assert len(judgement.findings) == 1000
    assert all(judgement.verdicts[unit.identifier] is Verdict.DISPUTED for unit in units)

    def cost(count: int) -> int:
        return steps(lambda: judge([*named[:count], *units[:count]], every))

    assert cost(500) < 15 * cost(50)


def test_a_release_settles_what_it_states_or_refutes_whatever_codes_are_in_force() -> None:
    ended, supported = says_drug("J1300", "eculizumab"), says("J1300", SUPPORTED, "icd10cm:J45.50")
    judgement = judge([ended, supported, MISTAKEN], DRUGS, TODAY)
    assert judgement.verdicts[ended.identifier] is judgement.verdicts[supported.identifier] is Verdict.DISPUTED
    assert judgement.settled == {ended.identifier, MISTAKEN.identifier}


# --- laws -----------------------------------------------------------------------------------------------------------

_CODES = ("hcpcs:J3032", "hcpcs:J2356", "hcpcs:J1300", "hcpcs:J0001")
_OBJECTS = (
    ("icd10cm:J45.50", "Severe persistent asthma, uncomplicated", SUPPORTED),
    ("icd10cm:J45.50", "Severe persistent asthma with exacerbation", SUPPORTED),
    ("icd10cm:J45.59", None, SUPPORTED),
    ("modifier:JW", "Nothing discarded", Relation.ACCEPTS_MODIFIER),
    ("modifier:QQ", None, Relation.ACCEPTS_MODIFIER),
    ("drug:eptinezumab-jjmr", None, Relation.IDENTIFIES_DRUG),
    ("drug:tezepelumab-ekko", None, Relation.IDENTIFIES_DRUG),
    ("drug:hairy-feet", None, Relation.IDENTIFIES_DRUG),
    ("payer:medicare", None, Relation.HAS_PAYER),
)
ASSERTIONS = st.lists(
    st.builds(
        lambda code, thing, no, line, document: says(
            code, thing[2], thing[0], thing[1], line=line, document=document,
            polarity=Polarity.EXCLUDED if no else Polarity.AFFIRMED,
        ),
        st.sampled_from(_CODES), st.sampled_from(_OBJECTS), st.booleans(), st.integers(1, 4), st.sampled_from("ab"),
    ),
    max_size=12,
    unique_by=lambda assertion: assertion.identifier,
)  # fmt: skip


@given(ASSERTIONS, st.randoms())
def test_the_order_of_assertions_does_not_matter(assertions: list[Assertion], random: Random) -> None:
    shuffled = random.sample(assertions, len(assertions))
    one, other = judge(assertions, DRUGS, TODAY), judge(shuffled, DRUGS, TODAY)
    assert one.verdicts == other.verdicts
    assert one.settled == other.settled
    assert {about(finding) for finding in one.findings} == {about(finding) for finding in other.findings}


def about(finding: Finding) -> tuple[object, ...]:
    return finding.concept, finding.verdict, finding.reason, finding.suggestion, finding.assertion.evidence.document


@given(ASSERTIONS)
def test_laws_of_one_judgement(assertions: list[Assertion]) -> None:
    judgement = judge(assertions, DRUGS, TODAY)
    assert judgement == judge(assertions, DRUGS, TODAY)
    assert judgement.verdicts.keys() == {assertion.identifier for assertion in assertions}
    for finding in judgement.findings:
        assert judgement.verdicts[finding.assertion.identifier].rank >= finding.verdict.rank
    with_findings = {finding.assertion.identifier for finding in judgement.findings} | judgement.hanging.keys()
    weak = {name for name, verdict in judgement.verdicts.items() if verdict.rank > Verdict.UNCHECKED.rank}
    assert weak == with_findings
    assert sum(finding.hangs for finding in judgement.findings) == sum(map(len, judgement.hanging.values()))


@given(ASSERTIONS)
def test_without_releases_everything_is_unchecked(assertions: list[Assertion]) -> None:
    judgement = judge(assertions, Reference.of([]), TODAY)
    assert set(judgement.verdicts.values()) <= {Verdict.UNCHECKED, Verdict.CONSISTENT}
    assert judgement.findings == ()


@given(ASSERTIONS)
def test_a_complete_release_refutes_more_than_its_part(assertions: list[Assertion]) -> None:
    """What a part of a release refutes, the whole does as well; only the whole says that there is no such code."""
    part = reference(*(each for each in DRUGS.entries if each.code.value != "J45.51"), complete=False)
    some, every = judge(assertions, part, TODAY), judge(assertions, DRUGS, TODAY)
    assert not any(finding.reason.startswith("no such code") for finding in some.findings)
    for name, verdict in some.verdicts.items():
        assert verdict is not Verdict.REFUTED or every.verdicts[name] is Verdict.REFUTED


def test_a_code_that_is_called_something_else_taints_what_is_said_of_it() -> None:
    known = reference(
        named_entry("hcpcs:E0601", "Continuous positive airway pressure (cpap) device"),
        named_entry("hcpcs:E1390", "Oxygen concentrator, single delivery port"),
        named_entry("modifier:RR", "Rental"),
        named_entry("modifier:KX", "Requirements specified in the medical policy have been met"),
    )
    called = Concept.parse("hcpcs:E0601", "Oxygen concentrator, single delivery port")
    row = replace(says("hcpcs:E0601", Relation.ACCEPTS_MODIFIER, "modifier:RR"), subject=called)
    elsewhere = says("hcpcs:E0601", Relation.ACCEPTS_MODIFIER, "modifier:KX", quote="y")
    judgement = judge([row, elsewhere], known)
    (finding,) = judgement.findings
    assert (finding.verdict, finding.suggestion, finding.hangs) == (Verdict.DISPUTED, Concept.parse("hcpcs:E1390"), 1)
    assert judgement.verdicts[elsewhere.identifier] is Verdict.DISPUTED
    rightly = replace(row, subject=Concept.parse("hcpcs:E0601", "CPAP device"))
    assert judge([rightly, elsewhere], known).findings == ()


SWAPPED = reference(
    named_entry("hcpcs:J0517", "Injection, benralizumab, 1 mg"),
    named_entry("hcpcs:J2182", "Injection, mepolizumab, 1 mg"),
)


def test_a_wrong_drug_and_its_wrong_unit_are_one_finding() -> None:
    drug, unit = says_drug("J0517", "mepolizumab"), says_unit("J0517", "100 mg")
    judgement = judge([drug, unit], SWAPPED)
    (finding,) = judgement.findings
    assert (finding.check, finding.stated, finding.hangs) == ("other_drug", "mepolizumab", 1)
    assert judgement.verdicts == {drug.identifier: Verdict.REFUTED, unit.identifier: Verdict.REFUTED}
    assert judgement.hanging == {unit.identifier: [0]}


def test_a_wrong_unit_beside_the_right_drug_is_told() -> None:
    """The document has slipped in another place, which says nothing of this unit."""
    slip = replace(says_drug("J0517", "mepolizumab"), evidence=Evidence("guide", 9000, 9001, "x", 9))
    judgement = judge([says_drug("J0517", "benralizumab"), says_unit("J0517", "100 mg"), slip], SWAPPED)
    assert sorted(finding.check for finding in judgement.findings) == ["other_drug", "other_unit"]


@pytest.mark.parametrize(
    ("first", "second", "refuted"),
    [
        ("benralizumab", "Nosuchbrand", []),
        ("benralizumab", "mepolizumab", ["mepolizumab"]),
        ("mepolizumab", "Nosuchbrand", ["mepolizumab"]),
    ],
)
def test_a_second_name_that_nobody_knows_is_a_brand(first: str, second: str, refuted: list[str]) -> None:
    judgement = judge([says_drug("J0517", first), says_drug("J0517", second)], SWAPPED)
    assert sorted(finding.stated for finding in judgement.findings) == refuted
