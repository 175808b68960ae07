"""Plans: which packages make a dose, and what goes on the claim."""

from __future__ import annotations

import itertools
import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.model import Quantity
from kg.units import Package, Plan, plan, read_packages, read_quantity


def made(dose: str, unit: str, packages: str = "") -> Plan:
    return plan(read_quantity(dose), read_quantity(unit), read_packages(packages) if packages else ())


def opened(found: Plan) -> list[tuple[str, int]]:
    return [(package.amount.text, count) for package, count in found.packages]


def lines(found: Plan) -> list[tuple[str, int]]:
    return [(line.modifier, line.units) for line in found.lines]


@pytest.mark.parametrize(
    ("dose", "unit", "packages", "chosen", "claim"),
    [
        # Nothing is left over.
        ("480 mg", "1 mg", "80mg,200mg,400mg", [("400mg", 1), ("80mg", 1)], [("JZ", 480)]),
        ("400 mg", "1 mg", "80mg,200mg,400mg", [("400mg", 1)], [("JZ", 400)]),
        # The least waste comes before the fewest packages.
        ("500 mg", "10 mg", "80mg,200mg,400mg", [("200mg", 1), ("80mg", 4)], [("", 50), ("JW", 2)]),
        ("0.5 g", "10 mg", "400 mg", [("400 mg", 2)], [("", 50), ("JW", 30)]),
        ("1,000 units", "100 units", "300 units", [("300 units", 4)], [("", 10), ("JW", 2)]),
        # What the rounding up pays for is not billed again.
        ("7 mg", "10 mg", "10 mg", [("10 mg", 1)], [("JZ", 1)]),
        ("7 mg", "10 mg", "8 mg", [("8 mg", 1)], [("JZ", 1)]),
        ("7.5 mg", "1 mg", "10 mg", [("10 mg", 1)], [("", 8), ("JW", 2)]),
        ("7.2 mg", "1 mg", "10.5 mg", [("10.5 mg", 1)], [("", 8), ("JW", 2)]),
        ("95 mg", "10 mg", "100 mg", [("100 mg", 1)], [("JZ", 10)]),
        ("1 dose", "1 dose", "1 dose", [("1 dose", 1)], [("JZ", 1)]),
    ],
)
def test_a_dose_is_put_together_and_billed(
    dose: str, unit: str, packages: str, chosen: list[tuple[str, int]], claim: list[tuple[str, int]]
) -> None:
    found = made(dose, unit, packages)
    assert opened(found) == chosen
    assert lines(found) == claim


def test_what_is_left_is_said_in_the_unit() -> None:
    found = made("0.33 g", "1 mg", "400 mg")
    assert found.amount_discarded == Quantity(Decimal(70), "mg", "70 mg")
    assert (found.units_administered, found.units_discarded, found.units_billed) == (330, 70, 400)
    assert [line.words for line in found.lines] == ["330 units administered", "70 units discarded"]


def test_without_packages_nothing_is_known_of_waste() -> None:
    found = made("480 mg", "1 mg")
    assert lines(found) == [("", 480)]
    assert found.amount_discarded is None
    assert any("packages are not known" in note for note in found.notes)


def test_notes_say_what_was_rounded_and_assumed() -> None:
    notes = " ".join(made("7 mg", "10 mg", "10 mg").notes)
    assert "rounded up to 1 unit" in notes
    assert "3 mg left over" in notes and "no JW" in notes
    assert "single-dose" in notes


def test_of_packages_that_hold_the_same_one_is_taken() -> None:
    amount = read_quantity("400 mg")
    packages = [Package(amount, ndc="2"), Package(amount, ndc="1"), Package(read_quantity("0.4 g"), ndc="3")]
    for order in itertools.permutations(packages):
        assert plan(read_quantity("800 mg"), amount, order).packages == ((packages[1], 2),)


@pytest.mark.parametrize(
    ("dose", "unit", "packages", "message"),
    [
        ("480 mL", "1 mg", "", "cannot turn 480 mL into mg (the unit of J3262 is 1 mg)"),
        ("10 iu", "1 usp unit", "", "cannot turn 10 iu into usp units (the unit of J3262 is 1 usp unit)"),
        ("480 mg", "1 mg", "20 mL", "cannot turn 20 mL into mg (the unit of J3262 is 1 mg)"),
        ("900000000 mg", "1 mg", "1 mg", "more than 10,000 packages would be needed for 900000000 mg"),
        ("999999 mg", "1 mg", "997 mg, 1009 mg", "more than 1,000,000 sums of packages to try for 999999 mg"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_one_line(dose: str, unit: str, packages: str, message: str) -> None:
    found = read_packages(packages) if packages else ()
    with pytest.raises(UsageError) as caught:
        plan(read_quantity(dose), read_quantity(unit), found, code="J3262")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("number", ["0", "-1", "NaN", "Infinity", "1E+30", "1E-30"])
def test_a_quantity_out_of_reason_is_refused(number: str) -> None:
    odd = Quantity(Decimal(number), "mg", f"{number} mg")
    good = read_quantity("1 mg")
    for dose, unit, amount in ((odd, good, good), (good, odd, good), (good, good, odd)):
        with pytest.raises(UsageError):
            plan(dose, unit, [Package(amount)])


def test_the_extremes_of_what_is_allowed_are_exact() -> None:
    found = made("0.000000001 ng", "999999999.123456789 kg", "999999999.123456789 kg")
    assert found.units_billed == 1
    assert found.amount_discarded is not None
    assert found.amount_discarded.text == "999,999,999.123456788999999999999 kg"


# --- laws ---

tenths = st.integers(1, 400).map(lambda number: Decimal(number) / 10)
sizes = st.lists(st.integers(1, 120).map(lambda number: Decimal(number) / 2), min_size=1, max_size=4)


def mg(number: Decimal) -> Quantity:
    return Quantity(number, "mg", f"{number:f} mg")


def packages_of(amounts: list[Decimal]) -> list[Package]:
    return [Package(mg(amount)) for amount in amounts]


def held(found: Plan) -> Decimal:
    return sum((package.amount.number * count for package, count in found.packages), Decimal(0))


@given(tenths, tenths, sizes)
def test_units_cover_the_dose_and_never_exceed_the_packages(
    dose: Decimal, unit: Decimal, amounts: list[Decimal]
) -> None:
    found = plan(mg(dose), mg(unit), packages_of(amounts))
    assert held(found) >= dose
    assert found.units_administered * unit >= dose > (found.units_administered - 1) * unit
    assert found.units_discarded == 0 or found.units_billed * unit <= held(found)
    assert found.units_billed == found.units_administered + found.units_discarded
    assert found.units_billed == sum(line.units for line in found.lines)
    assert found.amount_discarded is not None and found.amount_discarded.number == held(found) - dose
    assert [line.modifier for line in found.lines] in (["JZ"], ["", "JW"])
    assert (len(found.lines) == 2) == (found.units_discarded > 0)


@given(st.integers(1, 30), st.lists(st.integers(1, 20), min_size=1, max_size=3, unique=True))
def test_no_combination_wastes_less_or_is_smaller(dose: int, amounts: list[int]) -> None:
    found = plan(mg(Decimal(dose)), mg(Decimal(1)), packages_of([Decimal(amount) for amount in amounts]))
    counts = itertools.product(*(range(-(-dose // amount) + 1) for amount in amounts))
    every = [
        (total, sum(chosen))
        for chosen in counts
        if (total := sum(count * amount for count, amount in zip(chosen, amounts, strict=True))) >= dose
    ]
    assert (held(found), sum(count for _, count in found.packages)) == min(every)


@given(tenths, sizes, st.randoms(use_true_random=False))
def test_the_order_of_packages_changes_nothing(dose: Decimal, amounts: list[Decimal], chance: random.Random) -> None:
    packages = packages_of(amounts)
    shuffled = chance.sample(packages, len(packages))
    assert plan(mg(dose), mg(Decimal(1)), packages) == plan(mg(dose), mg(Decimal(1)), shuffled)


@pytest.mark.parametrize(
    ("day", "whole", "note"),
    [
        (date(2023, 7, 1), "JZ", ""),
        (date(2023, 6, 30), "", "On 2023-06-30 no JZ was required: it is since 2023-07-01."),
        (date(2015, 1, 1), "", "On 2015-01-01 no JZ was required: it is since 2023-07-01."),
    ],
)
def test_jz_does_not_reach_before_its_start(day: date, whole: str, note: str) -> None:
    found = plan(mg(Decimal(60)), mg(Decimal(1)), packages_of([Decimal(60)]), day=day)
    assert [(line.modifier, line.units) for line in found.lines] == [(whole, 60)]
    assert [text for text in found.notes if text.startswith("On ")] == ([note] if note else [])


@pytest.mark.parametrize(
    ("day", "modifier", "note"),
    [
        (date(2017, 1, 1), "JW", ""),
        (date(2016, 12, 31), "JW", "On 2016-12-31 contractors decided on JW: it is required since 2017-01-01."),
        (date(2003, 1, 1), "JW", "On 2003-01-01 contractors decided on JW: it is required since 2017-01-01."),
        (date(2002, 12, 31), "", "On 2002-12-31 there was no JW: it began on 2003-01-01."),
    ],
)
def test_jw_does_not_reach_before_its_start(day: date, modifier: str, note: str) -> None:
    found = plan(mg(Decimal(50)), mg(Decimal(1)), packages_of([Decimal(60)]), day=day)
    assert [(line.modifier, line.units) for line in found.lines] == [("", 50), (modifier, 10)]
    assert [text for text in found.notes if text.startswith("On ")] == ([note] if note else [])


def test_without_a_day_the_rules_are_those_of_today() -> None:
    found = plan(mg(Decimal(60)), mg(Decimal(1)), packages_of([Decimal(60)]))
    assert [line.modifier for line in found.lines] == ["JZ"]


@pytest.mark.parametrize(
    ("dose", "unit", "units"), [("2000 units", "1 i.u.", 2000), ("3 million units", "1 IU", 3_000_000)]
)
def test_units_of_a_code_that_is_billed_in_international_units_are_such(dose: str, unit: str, units: int) -> None:
    result = made(dose, unit)
    assert result.units_billed == units
    assert f"{dose}: taken as international units, in which the code is billed." in result.notes


def test_packages_in_units_are_taken_alike_and_noted_once() -> None:
    result = made("2000 units", "1 USP unit", "2000 units, 500 units")
    assert (lines(result), opened(result)) == ([("JZ", 2000)], [("2000 units", 1)])
    assert sum("2000 units, 500 units: taken as USP units" in note for note in result.notes) == 1


def test_international_units_are_no_units_of_a_drug_that_has_its_own() -> None:
    with pytest.raises(UsageError, match="cannot turn 200 IU into units"):
        made("200 IU", "1 unit")
