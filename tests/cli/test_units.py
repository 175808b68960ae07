"""`kg units`: what it prints, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .running import kg, rows


def test_a_plan_for_people(store: Path) -> None:
    ran = kg("units", "J3262", "--dose", "500mg", "--package", "80mg,200mg,400mg", store=store)
    assert (ran.code, ran.err) == (0, "")
    said = " ".join(ran.out.split())
    assert "dose 500mg, billed per 1 mg" in said
    assert "bill 520 units discarded 20 mg: 20 units" in said
    assert "J3262 500 500 units administered" in said
    assert "J3262 JW 20 20 units discarded" in said
    assert "1 200mg 4 80mg" in said
    assert "notes Each package is taken as single-dose" in said
    assert "HCPCS Level II October 2025, row " in said.partition("sources")[2]
    assert " Tocilizumab injection" in said.partition("sources")[2]


def test_without_packages_what_is_discarded_is_not_known(store: Path) -> None:
    ran = kg("units", "J0120", "--dose", "500 mg", store=store)
    assert ran.code == 0
    assert "discarded   not known\n" in ran.out
    assert "JW or JZ is not decided" in ran.out


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_one_object_holds_everything(format: str, store: Path) -> None:
    ran = kg("units", "J3262", "--dose", "480mg", "--package", "80mg,400mg", "--format", format, store=store)
    (plan,) = rows(ran.out, format)
    assert (ran.code, ran.err) == (0, "")
    assert plan["lines"] == [
        {"code": "J3262", "modifier": "JZ", "units": 480, "words": "480 units administered, none discarded"}
    ]
    assert [(package["count"], package["amount"]) for package in plan["packages"]] == [(1, "400mg"), (1, "80mg")]
    assert (plan["code"], plan["dose"], plan["unit"]) == ("hcpcs:J3262", "480mg", "1 mg")
    assert (plan["units_administered"], plan["units_discarded"], plan["units_billed"]) == (480, 0, 480)
    assert plan["sources"][0]["title"]
    assert plan["notes"]
    assert json.dumps(plan)


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_a_row_is_a_line_of_the_claim(format: str, store: Path) -> None:
    ran = kg("units", "J3262", "--dose", "500mg", "--package", "200mg", "--format", format, store=store)
    found = rows(ran.out, format)
    assert [(row["modifier"], row["units"], row["packages"]) for row in found] == [
        ("", "500", "3 × 200mg"),
        ("JW", "100", "3 × 200mg"),
    ]
    assert "kg: Each package is taken as single-dose" in ran.err


def test_the_day_can_be_asked_for(store: Path) -> None:
    assert (
        "had not begun on 1990-01-01" in kg("units", "J3262", "--dose", "1mg", "--as-of", "1990-01-01", store=store).out
    )


def test_the_rules_are_those_of_the_day(store: Path) -> None:
    words = ("units", "J3262", "--dose", "400mg", "--package", "400mg", "--format", "csv")
    ran = kg(*words, "--as-of", "2015-01-01", store=store)
    assert [row["modifier"] for row in rows(ran.out, "csv")] == [""]
    assert "On 2015-01-01 no JZ was required" in ran.err
    assert [row["modifier"] for row in rows(kg(*words, store=store).out, "csv")] == ["JZ"]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["J3262", "--dose", "480"], 2, "'480'"),
        (["J3262", "--dose", "480 mL"], 2, "480 mL"),
        (["J3262", "--dose", "480mg", "--package", "80"], 2, "'80'"),
        (["J3262", "--dose", "480mg", "--ndc", "1-2-3"], 2, "'1-2-3'"),
        (["J3262", "--dose", "480mg", "--as-of", "soon"], 2, "'soon'"),
        (["J3262", "--dose", "480mg", "--ndc", "00023-1145-01"], 1, "not known: 00023-1145-01 as a package of J3262"),
        (["J9998", "--dose", "480mg"], 1, "'J9998'"),
        (["96413", "--dose", "480mg"], 1, "not known: the billing unit of 96413"),
    ],
)
def test_an_error_is_one_line_with_the_value(words: list[str], code: int, error: str, store: Path) -> None:
    ran = kg("units", *words, store=store)
    assert ran.code == code
    assert error in ran.error


def test_a_brand_stands_for_its_code(store: Path) -> None:
    by_brand = kg("units", "Actemra", "--dose", "500mg", "--package", "80mg,400mg", store=store)
    by_code = kg("units", "J3262", "--dose", "500mg", "--package", "80mg,400mg", store=store)
    assert (by_brand.code, by_brand.out) == (0, by_code.out)


def test_a_drug_of_several_codes_is_refused_with_their_names(store: Path) -> None:
    ran = kg("units", "methotrexate", "--dose", "20mg", store=store)
    assert ran.code == 2
    assert "is billed as several codes, give one of them: J8610 methotrexate, oral, 2.5 mg; " in ran.err
