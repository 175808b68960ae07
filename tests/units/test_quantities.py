"""Quantities that people type, and conversion between units."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.model import Quantity
from kg.units import read_quantity
from kg.units.quantities import convert, said


@pytest.mark.parametrize(
    ("text", "number", "ucum"),
    [
        ("480mg", "480", "mg"),
        ("480 mg", "480", "mg"),
        (" 12.5mg ", "12.5", "mg"),
        ("0.5 g", "0.5", "g"),
        ("1,000 units", "1000", "[U]"),
        ("100 IU", "100", "[iU]"),
        ("1 dose", "1", "{dose}"),
    ],
)
def test_a_quantity_is_a_number_with_its_unit(text: str, number: str, ucum: str) -> None:
    found = read_quantity(text)
    assert (found.number, found.ucum) == (Decimal(number), ucum)


@pytest.mark.parametrize(
    "text", ["", "480", "mg", "-5 mg", "0 mg", "0.0 mg", "1e3 mg", "5 parsecs", "10 mg/mL", "two mg", "NaN mg"]
)
def test_anything_else_is_refused_with_its_value(text: str) -> None:
    with pytest.raises(UsageError, match=r"not (?:a number|more)") as caught:
        read_quantity(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize("text", ["1000000001 mg", "9" * 50 + " mg", "0.0000000001 mg", "1" * 100_000 + " mg"])
def test_what_is_out_of_all_reason_is_refused_in_a_short_line(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_quantity(text)
    assert len(str(caught.value)) < 160


@pytest.mark.parametrize(
    ("text", "ucum", "number"),
    [
        ("0.5 g", "mg", "500"),
        ("1 mg", "g", "0.001"),
        ("0.1 mcg", "ng", "100"),
        ("70 kg", "g", "70000"),
        ("1 L", "mL", "1000"),
        ("0.25 mL", "mL", "0.25"),
        ("1 cc", "mL", "1"),
        ("0.5 mCi", "uCi", "500"),
        ("3 million units", "[U]", "3000000"),
        ("2 vials", "{vial}", "2"),
    ],
)
def test_units_of_one_kind_convert_exactly(text: str, ucum: str, number: str) -> None:
    assert convert(read_quantity(text), ucum) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "ucum"),
    [
        ("1 mL", "mg"),
        ("1 unit", "mg"),
        ("1 unit", "[iU]"),
        ("1 IU", "[U]"),
        ("1 usp unit", "[iU]"),
        ("1 meq", "mmol"),
        ("1 vial", "{dose}"),
        ("1 mg", "[sft_i]"),
    ],
)
def test_units_that_measure_different_things_do_not_convert(text: str, ucum: str) -> None:
    assert convert(read_quantity(text), ucum) is None


@given(
    st.decimals(min_value="0.000001", max_value="1000000", places=6),
    st.sampled_from(["kg", "g", "mg", "ug", "ng"]),
    st.sampled_from(["kg", "g", "mg", "ug", "ng"]),
)
def test_there_and_back_is_the_same_number(number: Decimal, source: str, target: str) -> None:
    there = convert(Quantity(number, source, f"{number} {source}"), target)
    assert there is not None
    assert convert(Quantity(there, target, f"{there} {target}"), source) == number


def test_a_number_is_said_in_the_words_of_the_unit() -> None:
    assert said(Decimal("3"), read_quantity("1 unit")).text == "3 units"
    assert said(Decimal("1.0"), read_quantity("1,000 units")).text == "1 unit"
    assert said(Decimal("1E+3"), read_quantity("5 mg")).text == "1,000 mg"


def test_pint_is_imported_only_where_units_differ() -> None:
    code = (
        "import sys; from kg.units import plan, read_quantity as q, read_packages as p;"
        "plan(q('480 mg'), q('1 mg'), p('400 mg')); print('pint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
