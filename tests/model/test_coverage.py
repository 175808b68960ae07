"""What policies rule of a billing code and a diagnosis."""

from __future__ import annotations

from datetime import date

import pytest

from kg.model import Code, CodeSystem, Coverage, Group, Pairing, Polarity, Policy, PolicyKind, Ruling, Share, shares

DRUG, GIVEN = Code.parse("J0897"), Code.parse("96372")
FOR = ((DRUG, 2), (GIVEN, 3))
YES, NO = Polarity.AFFIRMED, Polarity.EXCLUDED
WORDS = "All others do not support."


def dx(text: str) -> Code:
    return Code.parse(text, CodeSystem.ICD10CM)


def coverage(*groups: tuple[Group, str]) -> Coverage:
    """One article with these groups, each of which lists the diagnoses behind it."""
    listings: dict[Code, list[int]] = {}
    for number, (_, diagnoses) in enumerate(groups):
        for row, text in enumerate(diagnoses.split(), 2):
            listings.setdefault(dx(text.rstrip("*")), []).extend((number, 2 * row + ("*" in text)))
    services: dict[Code, list[int]] = {}
    for number, (group, _) in enumerate(groups):
        for code, _ in group.services:
            services.setdefault(code, []).append(number)
    policy = Policy(PolicyKind.ARTICLE, "A1", 1, "", date(2025, 1, 1), date(2025, 12, 31), ("C",), ("FL",))
    return Coverage({0: policy}, dict(enumerate(group for group, _ in groups)), listings, services)


def group(polarity: Polarity, services: tuple[tuple[Code, int], ...] = FOR, **more: str) -> Group:
    return Group(0, polarity, 1, services, Pairing.ONLY_GROUP, **more)


def ruled(known: Coverage, diagnosis: str, code: Code = DRUG, *, exactly: bool = True) -> list[tuple[Polarity, int]]:
    return [(one.polarity, one.row) for one in known.rulings(code, dx(diagnosis), exactly=exactly)]


def test_what_is_listed() -> None:
    known = coverage((group(YES), "M81.0 C79.51"), (group(NO), "M85.80"))
    assert ruled(known, "C79.51") == [(YES, 3)]
    assert ruled(known, "M85.80") == [(NO, 2)]
    assert ruled(known, "M05.79") == []
    assert ruled(known, "M81.0", Code.parse("J3489")) == []
    (ruling,) = known.rulings(GIVEN, dx("M81.0"))
    assert (ruling.service_row, ruling.row_text) == (3, "1 | 1 | M81.0 | 1")
    assert ruling.table == "article_x_icd10_covered.csv"


def test_what_is_not_listed_is_refused_where_the_article_says_so() -> None:
    known = coverage((group(YES), "M81.0"), (group(NO, complete=WORDS), ""))
    assert ruled(known, "M05.79") == [(NO, 0)]
    (ruling,) = known.rulings(DRUG, dx("M05.79"))
    assert (ruling.condition, ruling.table) == (WORDS, "article_x_icd10_noncovered_group.csv")
    assert ruled(known, "M05", exactly=False) == []  # It may list the codes below.


def test_a_procedure_beside_a_drug_is_not_refused_by_silence() -> None:
    """It goes with other drugs as well, of which the article says nothing."""
    known = coverage((group(YES), "M81.0"), (group(NO, complete=WORDS), ""))
    assert ruled(known, "M05.79", GIVEN) == []
    alone = ((GIVEN, 2),)
    known = coverage((group(YES, alone), "M81.0"), (group(NO, alone, complete=WORDS), ""))
    assert ruled(known, "M05.79", GIVEN) == [(NO, 0)]


def test_silence_refutes_nothing_where_the_lists_are_of_nobody_knows_what() -> None:
    known = coverage((group(YES, ()), "M05.79"), (group(YES), "M81.0"), (group(NO, complete=WORDS), ""))
    assert ruled(known, "M05.79") == []  # Listed as supporting, for some other code or for this one.
    known = coverage((group(NO, complete=WORDS), ""))
    assert ruled(known, "M81.0") == []


def test_an_asterisk() -> None:
    known = coverage((group(YES, words="With care.", star="Only twice."), "M81.0 C79.51*"))
    assert [one.condition for text in ("M81.0", "C79.51") for one in known.rulings(DRUG, dx(text))] == [
        "With care.", "With care. Only twice.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "holds"), [("2024-12-31", False), ("2025-01-01", True), ("2025-12-31", True), ("2026-01-01", False)]
)
def test_policies_that_do_not_hold_are_not_asked(day: str, holds: bool) -> None:
    known = coverage((group(YES), "M81.0"))
    found: list[Ruling] = known.rulings(DRUG, dx("M81.0"), lambda policy: policy.holds_on(date.fromisoformat(day)))
    assert bool(found) == holds


def test_a_national_determination_holds_everywhere() -> None:
    national = Policy(PolicyKind.NCD, "NCD-1", 1, "")
    assert (national.holds_in("FL"), national.holds_on(None), national.whose) == (True, True, "")
    assert national.address.endswith("ncd.aspx?ncdid=1&ncdver=1")


def test_many_codes_are_ruled_as_each_of_them_is() -> None:
    known = coverage(
        (group(YES, ((DRUG, 2),)), "M81.0"), (group(NO, FOR), "M85.80 M81.0"), (group(YES, complete=WORDS), "C79.51")
    )
    for diagnosis in ("M81.0", "M85.80", "C79.51", "M05.79"):
        every = known.rulings_of_each((DRUG, GIVEN), dx(diagnosis), lambda _: True)
        assert every == [*known.rulings(DRUG, dx(diagnosis)), *known.rulings(GIVEN, dx(diagnosis))]
    assert known.rulings_of_each((DRUG, GIVEN), dx("M81.0"), lambda _: False) == []


def test_of_a_code_that_a_group_has_twice_the_first_row_counts() -> None:
    (ruling,) = coverage((group(YES, ((DRUG, 2), (GIVEN, 3), (DRUG, 9))), "M81.0")).rulings(DRUG, dx("M81.0"))
    assert ruling.service_row == 2


def test_what_goes_with_another_diagnosis_is_under_a_condition() -> None:
    words = "A diagnosis from Group 1 and one from Group 2 must be billed."
    (alone,) = coverage((group(YES, words="Alone."), "M81.0")).rulings(DRUG, dx("M81.0"))
    (beside,) = coverage((group(YES, words="Osteopenia.", beside=words), "M81.0")).rulings(DRUG, dx("M81.0"))
    assert (alone.is_conditional, beside.is_conditional) == (False, True)
    assert beside.condition == f"Osteopenia. {words}"
    (own,) = coverage((group(YES, words=f"Note. {words}", beside=words), "M81.0")).rulings(DRUG, dx("M81.0"))
    assert own.condition == f"Note. {words}"


def test_rulings_are_summed_up_by_contractor() -> None:
    policy = Policy(PolicyKind.ARTICLE, "A1", 1, "", contractors=("B", "A"))
    group = Group(0, Polarity.AFFIRMED, 1, (), Pairing.NAMED)
    diagnosis = Code.parse("M81.0", CodeSystem.ICD10CM)
    rulings = [
        Ruling(policy, group, polarity, Code.parse(code), diagnosis, 2, 2)
        for code, polarity in (("J0897", Polarity.AFFIRMED), ("J3489", Polarity.AFFIRMED), ("J0897", Polarity.EXCLUDED))
    ]
    assert shares(rulings) == [Share("A", 1, 2, 1), Share("B", 1, 2, 1)]
