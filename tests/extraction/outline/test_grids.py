"""Grids of ticks in plain text, whose columns only their places on the line tell."""

from __future__ import annotations

import pytest

from ..stating import objects, read

HEAD = """Botulinum toxins policy

HCPCS codes
J0585             Injection, onabotulinumtoxinA, 1 unit
J0586             Injection, abobotulinumtoxinA, 5 units
J0588             Injection, incobotulinumtoxinA, 1 unit

ICD-10 Code     Description                         {}
"""
WIDE, NARROW = "J0585   J0586   J0588", "J0585 J0586 J0588"


def supported(rows: str, columns: str) -> dict[str, list[str]]:
    found = read(HEAD.format(columns) + rows, "policy.txt")
    codes = ("J0585", "J0586", "J0588")
    return {code: objects(found, "supportedByDiagnosis", subject=f"hcpcs:{code}") for code in codes}


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        (WIDE, "G24.5           Blepharospasm                         X               X\n"),
        (WIDE, "G24.5           Blepharospasm                        ✓                 ✓\n"),
        (NARROW, "G24.5           Blepharospasm                         X           X\n"),
    ],
)
def test_a_row_is_for_the_codes_that_its_ticks_stand_under(columns: str, row: str) -> None:
    assert supported(row, columns) == {"J0585": ["icd10cm:G24.5"], "J0586": [], "J0588": ["icd10cm:G24.5"]}


def test_a_name_may_go_on_below_its_row() -> None:
    rows = (
        "G43.701         Chronic migraine without aura, not    X\n"
        "                intractable, with status migrainosus\n"
        "K11.7           Disturbances of salivation                            X\n"
    )
    assert supported(rows, WIDE) == {"J0585": ["icd10cm:G43.701"], "J0586": [], "J0588": ["icd10cm:K11.7"]}


def test_a_tick_under_no_column_makes_a_row_nobodys() -> None:
    row = "G24.5   Spasm  X\n"
    assert supported(row, WIDE) == {"J0585": [], "J0586": [], "J0588": []}


def test_rows_without_ticks_are_for_all_codes() -> None:
    row = "G24.5           Blepharospasm\n"
    assert supported(row, WIDE) == {code: ["icd10cm:G24.5"] for code in ("J0585", "J0586", "J0588")}
