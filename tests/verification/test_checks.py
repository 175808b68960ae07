from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg.model import Assertion, Code, CodeSystem, Concept, Finding, Kind, Polarity, Relation, Statement, Verdict
from kg.reference import Edition, Entry, Reference
from kg.verification import Bench, Check
from kg.verification.agreeing import corroborated
from kg.verification.checks import (
    codes_of,
    heading,
    no_such_code,
    not_in_force,
    other_code,
    other_drug,
    other_name,
    other_unit,
)
from tests.verification.making import TODAY, drug, entry, reference, release, says, says_drug, says_unit

REFERENCE = reference(
    entry("hcpcs:J3262", "Injection, tocilizumab, 1 mg"),
    entry("hcpcs:Q5133", "Injection, tocilizumab-bavi (tofidence), biosimilar, 1 mg"),
    entry("hcpcs:Q5135", "Injection, tocilizumab-aazg (tyenne), biosimilar, 1 mg"),
    entry("hcpcs:J1300", "Injection, eculizumab, 10 mg", ended="2025-03-31"),
    entry("hcpcs:J1299", "Injection, eculizumab, 2 mg", begins="2025-04-01"),
    entry("hcpcs:J3032", "Injection, eptinezumab-jjmr, 1 mg"),
    entry("hcpcs:J3420", "Injection, vitamin b-12 cyanocobalamin, up to 1000 mcg"),
    entry("hcpcs:J3490", "Unclassified drugs"),
    entry("hcpcs:A4450", "Tape, non-waterproof, per 18 square inches"),
    entry("hcpcs:A4452", "Tape, waterproof, per 18 square inches"),
    entry("hcpcs:J0885", "Injection, epoetin alfa, (for non-esrd use), 1000 units"),
    entry("icd10cm:M17.1", "Unilateral primary osteoarthritis of knee", billable=False),
    entry("icd10cm:M17.11", "Unilateral primary osteoarthritis, right knee", billable=True, above="icd10cm:M17.1"),
    entry("icd10cm:M17.12", "Unilateral primary osteoarthritis, left knee", billable=True, above="icd10cm:M17.1"),
    entry("modifier:LT", "Left side (used to identify procedures performed on the left side of the body)"),
    entry("modifier:RT", "Right side (used to identify procedures performed on the right side of the body)"),
    entry("modifier:JG", "Drug acquired with discount", ended="2024-12-31"),
    drugs=(drug("tocilizumab", "Actemra"), drug("tocilizumab-bavi", "Tofidence", broader="tocilizumab")),
    outside="[0-9].|D[0-9]{4}",
)
DIAGNOSIS = Relation.SUPPORTED_BY_DIAGNOSIS
MODIFIER = Relation.ACCEPTS_MODIFIER
SIMILAR = Relation.SIMILAR_TO


def found(
    check: Check, assertion: Assertion, known: Reference = REFERENCE, as_of: date | None = TODAY
) -> list[Finding]:
    return list(check(assertion, Bench(known, as_of)))


def told(check: Check, assertion: Assertion, **where: object) -> tuple[str, str, str] | None:
    """Concept, verdict and suggestion of the only finding."""
    findings = found(check, assertion, **where)  # type: ignore[arg-type]
    if not findings:
        return None
    (one,) = findings
    return one.concept.key, one.verdict.value, one.suggestion.key if one.suggestion else "-"


@pytest.mark.parametrize(
    ("assertion", "expected"),
    [
        (says("J3262", DIAGNOSIS, "icd10cm:M17.11"), None),
        (says("J3262", DIAGNOSIS, "icd10cm:M17.19", "Osteoarthritis of left knee"), ("M17.19", "refuted", "M17.12")),
        (says("J3262", DIAGNOSIS, "icd10cm:M17.19"), ("M17.19", "refuted", "-")),
        (says("J3262", MODIFIER, "modifier:RX", "Right side"), ("RX", "refuted", "RT")),
        (says("J3262", MODIFIER, "modifier:59", "anything"), None),
        (says("J3262", SIMILAR, "hcpcs:D0120"), None),
        (says("J3262", Relation.ADMINISTERED_WITH, "cpt:00001"), None),
        (says_drug("J9999", "tocilizumab-bavi"), ("J9999", "refuted", "Q5133")),
        (says_drug("J9999", "hairy feet"), ("J9999", "refuted", "-")),
    ],
)
def test_no_such_code(assertion: Assertion, expected: tuple[str, str, str] | None) -> None:
    assert told(no_such_code, assertion) == expected


def test_only_a_complete_release_lacks_a_code() -> None:
    some = reference(entry("icd10cm:M17.11", "knee"), complete=False)
    assert told(no_such_code, says("J3262", DIAGNOSIS, "icd10cm:M17.19"), known=some) is None
    assert told(no_such_code, says("J3262", DIAGNOSIS, "icd10cm:M17.19"), known=Reference.of([])) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Unilateral primary osteoarthritis, left knee", ("M17.1", "disputed", "M17.12")),
        ("Unilateral primary osteoarthritis of knee", ("M17.1", "disputed", "-")),
        (None, ("M17.1", "disputed", "-")),
    ],
)
def test_heading(name: str | None, expected: tuple[str, str, str]) -> None:
    assert told(heading, says("J3262", DIAGNOSIS, "icd10cm:M17.1", name)) == expected
    assert told(heading, says("J3262", Relation.RELATES_TO_DIAGNOSIS, "icd10cm:M17.1", name)) is None
    assert told(heading, says("J3262", DIAGNOSIS, "icd10cm:M17.1", name, polarity=Polarity.EXCLUDED)) is None


def test_a_heading_is_told_as_the_document_and_the_release_call_it() -> None:
    for name in ("Osteoarthritis of the knee", None):
        (finding,) = found(heading, says("J3262", DIAGNOSIS, "icd10cm:M17.1", name))
        assert finding.stated == (name or "")
        assert (finding.official, finding.row) == ("Unilateral primary osteoarthritis of knee", 7)
        assert finding.reason == "is a heading in ICD-10-CM April 2026, cannot be billed"


def test_a_code_that_became_a_heading() -> None:
    known = reference(replace(entry("icd10cm:G35", "Sclerosis", billable=False), turned=(date(2025, 10, 1),)))
    assertion = says("J3262", DIAGNOSIS, "icd10cm:G35")
    assert found(heading, assertion, known, date(2025, 9, 30)) == []
    assert len(found(heading, assertion, known, date(2025, 10, 1))) == 1
    assert found(heading, assertion, known, None)


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("J1300", "2025-03-31", None),
        ("J1300", "2025-04-01", ("J1300", "disputed", "J1299")),
        ("J1299", "2025-03-31", ("J1299", "disputed", "J1300")),
        ("J1299", "2025-04-01", None),
        ("J3262", "1900-01-01", None),
    ],
)
def test_not_in_force(code: str, day: str, expected: tuple[str, str, str] | None) -> None:
    assertion = says(code, DIAGNOSIS, "icd10cm:M17.11")
    assert told(not_in_force, assertion, as_of=date.fromisoformat(day)) == expected
    assert told(not_in_force, assertion, as_of=None) is None


def test_a_modifier_that_ended() -> None:
    assert told(not_in_force, says("J3262", MODIFIER, "modifier:JG")) == ("JG", "disputed", "-")


@pytest.mark.parametrize(
    ("assertion", "expected"),
    [
        (says("J3262", DIAGNOSIS, "icd10cm:M17.11", "Osteoarthritis of the right knee"), None),
        (says("J3262", DIAGNOSIS, "icd10cm:M17.11", "Osteoarthritis, left knee"), ("M17.11", "disputed", "M17.12")),
        (says("J3262", DIAGNOSIS, "icd10cm:M17.11"), None),
        (says("J3262", MODIFIER, "modifier:LT", "Right side"), ("LT", "disputed", "RT")),
        (says("J3262", SIMILAR, "hcpcs:A4450", "Waterproof tape"), ("A4450", "disputed", "A4452")),
        (says("J3262", SIMILAR, "hcpcs:D0120", "Waterproof tape"), None),
    ],
)
def test_other_name(assertion: Assertion, expected: tuple[str, str, str] | None) -> None:
    assert told(other_name, assertion) == expected


def test_a_wrong_name_is_wrong_where_the_code_is_excluded_too() -> None:
    assertion = says("J3262", MODIFIER, "modifier:LT", "Right side", polarity=Polarity.EXCLUDED)
    assert told(other_name, assertion) == ("LT", "disputed", "RT")


def test_the_name_of_a_subject_counts_unless_it_is_that_of_a_drug() -> None:
    tape = Concept.parse("hcpcs:A4450", "Tape, waterproof")
    vial = Concept.parse("hcpcs:J3262", "Injection, eculizumab, 2 mg")
    about = says("A4450", MODIFIER, "modifier:RT")
    assert told(other_name, replace(about, subject=tape)) == ("A4450", "disputed", "A4452")
    assert told(other_name, replace(about, subject=vial)) is None


@pytest.mark.parametrize(
    ("code", "name", "quote", "expected"),
    [
        ("J3262", "tocilizumab", "", None),
        ("J3262", "Actemra", "", None),
        ("J3262", "Actemra (tocilizumab)", "", None),
        ("Q5133", "tocilizumab", "", None),
        ("Q5133", "tocilizumab-bavi", "", None),
        ("Q5133", "tocilizumab-aazg", "", ("Q5133", "refuted", "Q5135")),
        ("Q5133", "tocilizumab-bvai", "", None),
        ("J3262", "tocilizumab-bavi", "", ("J3262", "refuted", "Q5133")),
        ("J3262", "eculizumab", "", ("J3262", "refuted", "J1299")),
        ("J3032", "tezepelumab-ekko", "", ("J3032", "refuted", "-")),
        ("J3490", "tezepelumab-ekko", "", None),
        ("J3490", "tocilizumab", "", ("J3490", "refuted", "J3262")),
        ("J3490", "tocilizumab", "J3490 tocilizumab, subcutaneous", None),
        ("J3490", "tocilizumab", "J3490 until tocilizumab had J3262", None),
        ("J3490", "Unclassified drugs", "", None),
        ("J3262", "Unclassified drugs", "", ("J3262", "refuted", "-")),
        ("J3262", "miscellaneous biologic", "", ("J3262", "refuted", "-")),
        ("A4450", "miscellaneous supply", "", None),
        ("A4450", "tocilizumab", "", ("A4450", "refuted", "J3262")),
        ("A4450", "hairy feet", "", None),
        ("J9999", "tocilizumab", "", None),
    ],
)
def test_other_drug(code: str, name: str, quote: str, expected: tuple[str, str, str] | None) -> None:
    assert told(other_drug, replace(says_drug(code, name, quote), rule="prose.drug")) == expected
    assert told(other_drug, says_drug(code, name, quote, polarity=Polarity.EXCLUDED)) is None


def test_the_brand_of_another_code_of_the_same_drug() -> None:
    known = reference(
        entry("hcpcs:J7313", "Injection, fluocinolone acetonide, intravitreal implant (iluvien), 0.01 mg"),
        entry("hcpcs:J7314", "Injection, fluocinolone acetonide, intravitreal implant (yutiq), 0.01 mg"),
    )
    wrong = says_drug("J7314", "fluocinolone acetonide", "J7314 | Iluvien | 0.01 mg")
    right = says_drug("J7313", "fluocinolone acetonide", "J7313 | Iluvien | 0.01 mg")
    assert told(other_drug, wrong, known=known) == ("J7314", "refuted", "J7313")
    assert told(other_drug, right, known=known) is None


@pytest.mark.parametrize(("name", "verdict"), [("Not otherwise classified biologic", "refuted"), ("Tocilizumab", None)])
def test_a_code_of_one_drug_is_not_unclassified_by_any_name(name: str, verdict: str | None) -> None:
    about = replace(says("J3262", MODIFIER, "modifier:RT"), subject=Concept.parse("hcpcs:J3262", name))
    expected = ("J3262", verdict, "-") if verdict else None
    assert told(other_name, about) == expected
    assert Bench(REFERENCE).sound(about.subject) is (verdict is None)


def test_an_ended_code_is_no_drugs_own() -> None:
    """A biosimilar under the code of the drug it is one of, while and before it has a code of its own."""
    known = reference(
        entry("hcpcs:J1745", "Injection, infliximab, excludes biosimilar, 10 mg"),
        entry("hcpcs:Q5103", "Injection, infliximab-dyyb, biosimilar, (inflectra), 10 mg", begins="2018-04-01"),
        drugs=(drug("infliximab"), drug("infliximab-dyyb", "Inflectra", broader="infliximab")),
    )
    wrong = says_drug("J1745", "infliximab-dyyb")
    assert told(other_drug, wrong, known=known, as_of=date(2018, 4, 1)) == ("J1745", "refuted", "Q5103")
    assert told(other_drug, wrong, known=known, as_of=date(2018, 3, 31)) is None


def test_words_of_our_own_refute_no_drug() -> None:
    own = Reference.of(
        [Edition(release(CodeSystem.HCPCS, official=False), (entry("hcpcs:J3262", "Injection, tocilizumab, 1 mg"),))]
    )
    assert told(other_drug, says_drug("J3262", "eculizumab"), known=own) is None


@pytest.mark.parametrize(
    ("code", "amount", "refuted"),
    [
        ("J3262", "1 mg", False),
        ("J3262", "1,000 mcg", False),
        ("J3262", "0.001 g", False),
        ("J3262", "10 mg", True),
        ("J3262", "1 mcg", True),
        ("J3420", "1 mg", False),
        ("J3420", "1000 mcg", False),
        ("J0885", "1,000 units", False),
        ("J0885", "100 units", True),
        ("J0885", "1,000 iu", False),
        # Units of activity and of weight cannot be compared.
        ("J0885", "1 mg", False),
        ("J3490", "1 mg", False),
        ("J9999", "1 mg", False),
    ],
)
def test_other_unit(code: str, amount: str, refuted: bool) -> None:
    assert (told(other_unit, says_unit(code, amount)) is not None) is refuted


@pytest.mark.parametrize(("words", "refuted"), [("per gram", True), ("milligram", False), ("10 grams", True)])
def test_a_unit_in_words(words: str, refuted: bool) -> None:
    stated = replace(says_unit("J3262", "1 mg"), object=Concept.named(Kind.QUANTITY, words))
    assert [finding.suggestion for finding in found(other_unit, stated)] == (
        [Concept.parse("quantity:1-mg", "1 mg")] if refuted else []
    )
    assert corroborated(stated, Bench(REFERENCE)) is not refuted


def test_a_quantity_that_cannot_be_read_is_not_refuted() -> None:
    unread = Concept(Kind.QUANTITY, "a-handful", "a handful")
    assert found(other_unit, replace(says_unit("J3262", "1 mg"), object=unread)) == []


def test_a_package_that_is_billed_as_another_code() -> None:
    ndc, other = Concept.parse("ndc:50242-0135-01", "Actemra"), Concept.parse("ndc:00001-0001-01")
    row = Statement(ndc, Relation.BILLED_AS, Concept.parse("hcpcs:J3262"), 12, "J3262 | 50242-0135-01 | Actemra")
    crosswalk = release(CodeSystem.NDC, complete=False)
    known = Reference.of([Edition(crosswalk, (Entry(ndc.code, "Actemra"),), (row,)), *REFERENCE.tables.editions])

    def billed(package: Concept, code: str) -> Assertion:
        return replace(says(code, DIAGNOSIS, "icd10cm:M17.11"), subject=package, relation=Relation.BILLED_AS,
                       object=Concept.parse(code))  # fmt: skip

    (finding,) = found(other_code, billed(ndc, "hcpcs:J3032"), known)
    assert (finding.verdict, finding.concept, finding.stated) == (Verdict.DISPUTED, ndc, "J3032")
    assert finding.suggestion is not None and finding.suggestion.key == "J3262"
    assert (finding.official, finding.row) == ("J3262 | 50242-0135-01 | Actemra", 12)
    assert found(other_code, billed(ndc, "hcpcs:J3262"), known) == []
    assert found(other_code, billed(other, "hcpcs:J3032"), known) == []  # Nobody knows.
    bench = Bench(known, TODAY)
    assert corroborated(billed(ndc, "hcpcs:J3262"), bench) and not corroborated(billed(other, "hcpcs:J3262"), bench)
    assert bench.unchecked(ndc.code) == ""  # A crosswalk that has it confirms it, complete or not.
    assert bench.unchecked(other.code) == "no complete release of NDC codes is here"


def test_a_code_that_is_there_is_not_newer_than_its_release_whenever_it_is_named() -> None:
    hcpcs = Edition(replace(release(CodeSystem.HCPCS), issued=date(2026, 1, 1)), (Entry(Code.parse("J3262"), "x"),))
    bench, later = Bench(Reference.of([hcpcs]), None), date(2026, 4, 1)
    assert bench.unchecked(Code.parse("J3262"), later) == ""
    assert bench.unchecked(Code.parse("J9999"), later) == "newer than HCPCS Level II October 2025"
    assert bench.unchecked(Code.parse("J9999"), date(2025, 12, 1)) == bench.unchecked(Code.parse("J9999")) == ""


def test_a_code_that_a_newer_release_speaks_of_is_not_lacking() -> None:
    code, unit = Concept.parse("hcpcs:J9999"), Concept.named(Kind.QUANTITY, "5 mg")
    known = {}
    for year in (2025, 2027):
        crosswalk = replace(release(CodeSystem.NDC, complete=False), issued=date(year, 1, 1))
        stated = Edition(crosswalk, (), (Statement(code, Relation.BILLING_UNIT, unit, 1, "J9999 | 5 MG"),))
        hcpcs = Edition(replace(release(CodeSystem.HCPCS), issued=date(2026, 1, 1)), (Entry(Code.parse("J3262"), "x"),))
        known[year] = Reference.of([stated, hcpcs])
    assertion = says_drug("J9999", "tocilizumab")
    assert told(no_such_code, assertion, known=known[2025]) is not None
    assert told(no_such_code, assertion, known=known[2027]) is None
    assert Bench(known[2027], date(2027, 2, 1)).unchecked(code.code).startswith("newer than ")


@pytest.mark.parametrize(
    ("rule", "name", "refuted"),
    [
        ("table.drug", "Nobodysdrug", False),  # As a brand that nobody knows, in a column of drugs.
        ("prose.drug", "Nobodysdrug", True),  # "J3262 stands for an injection of nobodysdrug."
        ("table.drug", "tocilizumab-bavi", True),
        ("table.drug", "Unclassified drugs", True),
    ],
)
def test_what_nobody_knows_by_its_name_accuses_in_a_sentence_alone(rule: str, name: str, refuted: bool) -> None:
    assert bool(found(other_drug, replace(says_drug("J3262", name), rule=rule))) is refuted


def test_a_finding_quotes_the_release() -> None:
    (finding,) = found(other_drug, says_drug("J3262", "eculizumab"))
    assert (finding.official, finding.row, finding.release) == ("Injection, tocilizumab, 1 mg", 7, "hcpcs-complete")
    assert finding.stated == "eculizumab"
    assert finding.reason == "is “Injection, tocilizumab, 1 mg” in HCPCS Level II October 2025; eculizumab is J1299"


def test_names_that_may_not_be_shown_are_not() -> None:
    licensed = replace(release(CodeSystem.MODIFIER), quotable=False)
    entries = (entry("modifier:LT", "Left side"), entry("modifier:RT", "Right side"))
    known = Reference.of([Edition(licensed, entries)])
    (finding,) = found(other_name, says("J3262", MODIFIER, "modifier:LT", "Right side"), known)
    assert "Left" not in finding.reason
    assert finding.official == ""
    assert finding.suggestion == Concept.parse("modifier:RT")
    assert finding.suggestion.name is None


def test_the_codes_of_an_assertion() -> None:
    assertion = says("J3262", Relation.HAS_PAYER, "payer:medicare")
    assert [code for _, code in codes_of(assertion)] == [Code.parse("J3262")]
    assert Verdict.REFUTED.rank > Verdict.DISPUTED.rank
