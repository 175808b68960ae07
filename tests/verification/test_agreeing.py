"""What speaks for an assertion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg.model import CodeSystem, Concept, Polarity, Qualifier, Relation, Statement, Verdict
from kg.reference import Drug, Edition, Reference
from kg.verification import Bench, judge
from kg.verification.agreeing import consistent, corroborated
from tests.verification.making import TODAY, entry, reference, release, says, says_drug, says_unit

DIAGNOSIS, MODIFIER = Relation.SUPPORTED_BY_DIAGNOSIS, Relation.ACCEPTS_MODIFIER
REFERENCE = reference(
    entry("hcpcs:J3262", "Injection, tocilizumab, 1 mg"),
    entry("icd10cm:M17.11", "Unilateral primary osteoarthritis, right knee", billable=True),
    entry("modifier:62", "Two surgeons"),
    entry("modifier:66", "Surgical team"),
)
SCHEDULE = release(CodeSystem.HCPCS, complete=False)


def schedule(since: date | None = None, through: date | None = None) -> Reference:
    """The same with a fee schedule, by which two surgeons may be paid for a code."""
    row = Statement(Concept.parse("cpt:27447"), MODIFIER, Concept.parse("modifier:62"), 5, "27447 | A", since, through)
    return Reference.of([*REFERENCE.tables.editions, Edition(SCHEDULE, statements=(row,))])


TWO_SURGEONS = says("27447", MODIFIER, "modifier:62")


def test_what_a_release_corroborates() -> None:
    bench = Bench(REFERENCE)
    assert corroborated(says_drug("J3262", "tocilizumab"), bench)
    assert not corroborated(says_drug("J3262", "tocilizumab", polarity=Polarity.EXCLUDED), bench)
    assert not corroborated(says_drug("J3262", "Actemra"), bench)
    assert corroborated(says_unit("J3262", "1,000 mcg"), bench)
    assert not corroborated(says_unit("J3262", "10 mg"), bench)
    assert not corroborated(says("J3262", DIAGNOSIS, "icd10cm:M17.11"), bench)


def test_a_modifier_of_the_fee_schedule_is_corroborated_and_no_other_one_is_opposed() -> None:
    other = says("27447", MODIFIER, "modifier:66")
    judgement = judge([TWO_SURGEONS, other, replace(TWO_SURGEONS, polarity=Polarity.EXCLUDED)], schedule(), TODAY)
    assert [judgement.verdicts[one.identifier] for one in (TWO_SURGEONS, other)] == [
        Verdict.CORROBORATED, Verdict.UNCHECKED,
    ]  # fmt: skip
    assert judgement.findings == ()
    assert not corroborated(replace(TWO_SURGEONS, polarity=Polarity.EXCLUDED), Bench(schedule(), TODAY))
    assert not corroborated(TWO_SURGEONS, Bench(REFERENCE, TODAY))


@pytest.mark.parametrize(
    ("since", "through", "day", "corroborates"),
    [
        (date(2026, 1, 1), None, TODAY, True),
        (date(2026, 1, 1), date(2026, 3, 31), TODAY, False),
        (date(2026, 1, 1), date(2026, 3, 31), date(2026, 3, 31), True),
        (date(2027, 1, 1), None, TODAY, False),
        (date(2027, 1, 1), None, None, True),
    ],
)
def test_a_modifier_is_corroborated_in_the_days_of_its_quarter(
    since: date, through: date | None, day: date | None, corroborates: bool
) -> None:
    assert corroborated(TWO_SURGEONS, Bench(schedule(since, through), day)) is corroborates


@pytest.mark.parametrize(
    ("payers", "corroborates"), [(("medicare",), True), (("aetna",), False), (("medicare", "aetna"), False)]
)
def test_medicare_says_nothing_of_what_other_payers_take(payers: tuple[str, ...], corroborates: bool) -> None:
    qualifiers = tuple((Qualifier.FOR_PAYER, Concept.parse(f"payer:{payer}")) for payer in payers)
    said = replace(TWO_SURGEONS, qualifiers=qualifiers)
    assert corroborated(said, Bench(schedule(), TODAY)) is corroborates


def with_directory(*drugs: Drug) -> Reference:
    """Two codes of drugs, and a directory with brands."""
    codes = (
        entry("hcpcs:J3262", "Injection, tocilizumab, 1 mg"), entry("hcpcs:J0129", "Injection, abatacept, 10 mg"),
    )  # fmt: skip
    directory = Edition(release(CodeSystem.NDC, complete=False), drugs=drugs)
    return Reference.of([Edition(release(CodeSystem.HCPCS), codes), directory])


NOVAXAR = Drug(Concept.parse("drug:tocilizumab"), ("Novaxar",))


def test_a_brand_that_a_release_knows_is_its_drug() -> None:
    said = says_drug("J3262", "Novaxar")
    judgement = judge([said], with_directory(NOVAXAR), TODAY)
    assert (judgement.verdicts[said.identifier], judgement.findings) == (Verdict.CORROBORATED, ())


def test_a_brand_that_a_release_knows_beside_the_code_of_another_drug_is_refuted() -> None:
    said = says_drug("J0129", "Novaxar")
    (finding,) = judge([said], with_directory(NOVAXAR), TODAY).findings
    assert (finding.verdict, finding.stated) == (Verdict.REFUTED, "Novaxar")
    assert finding.suggestion == Concept.parse("hcpcs:J3262")
    assert finding.reason.endswith("; Novaxar is J3262")


def test_a_brand_of_a_drug_without_a_code_accuses_nobody() -> None:
    biosimilar = Drug(Concept.parse("drug:etanercept"), ("Novaxar",))
    without = judge([says_drug("J0129", "Novaxar")], with_directory(), TODAY)
    assert judge([says_drug("J0129", "Novaxar")], with_directory(biosimilar), TODAY) == without


def test_what_is_consistent() -> None:
    assert consistent(says("J3262", DIAGNOSIS, "icd10cm:M17.11"), Bench(REFERENCE))
    assert not consistent(says("J3262", Relation.ADMINISTERED_WITH, "cpt:96365"), Bench(REFERENCE))
