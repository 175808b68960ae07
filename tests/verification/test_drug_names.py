"""Which drug's code a name fits, by label or nearly by name."""

from __future__ import annotations

import pytest

from kg.model import Code
from kg.reference import load
from kg.reference.bundled import read
from kg.verification.drug_names import DrugNames
from tests.verification.making import entry, reference

NAMES = DrugNames(load([read]))


@pytest.mark.parametrize(
    ("name", "near", "meant"),
    [
        ("Inj aval alfa-nqpt 4mg", "J0256", "J0219"),  # CMS's label, in all its words.
        ("INJ, SOD THIOSULFATE (HOPE)", "J0256", "J0209"),
        ("Tetracyclin injection", "J0130", "J0120"),
        ("incobotulinumtoxin", "J0256", "J0588"),  # Nearly the name of the drug.
        ("Succinycholine chloride", "J0256", "J0330"),
        ("Factor VIII", "J7200", "J7190"),
        ("Factor VIII", "J7205", None),  # May be the code's own.
        ("Alpha 1 proteinase inhibitor", "J0257", None),
        ("Depot form, intramuscular (long-acting)", "J2353", None),
        ("Drug", "J1951", None),  # Says too little.
        ("", "J1951", None),
    ],
)
def test_the_code_of_a_name(name: str, near: str, meant: str | None) -> None:
    found = NAMES.code(name, Code.parse(near))
    assert (found.value if found else None) == meant


def test_of_codes_that_fit_alike_one_in_force_is_meant() -> None:
    label = "Inj ferric carboxymaltos 1mg"
    assert {code.value for code in NAMES.labelled(label)} == {"J1439", "Q9970"}  # Of which one has ended.
    found = NAMES.code(label, Code.parse("Q5101"))
    assert found is not None and found.value == "J1439"


@pytest.mark.parametrize(("name", "fits"), [("incobotulinumtoxin a", True), ("botulinum toxin", False)])
def test_a_name_that_is_spelt_nearly_so_fits(name: str, fits: bool) -> None:
    assert NAMES.fits(name, Code.parse("J0588")) is fits


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Actemra for infusion", {"actemra": {"J3262"}}),
        ("Dolaset", {}),  # Which is a drug as well.
        ("Abc", {}),  # Too short to be told from other words.
        ("Tocilizumab Plus", {}),  # Has the name of its own drug in it.
        ("Nova Star, given after Actemra", {"nova star": {"J1111"}, "actemra": {"J3262"}}),
        ("Nova", {"nova": {"J2222"}}),
    ],
)
def test_brands_that_are_no_names_of_drugs(text: str, codes: dict[str, set[str]]) -> None:
    names = DrugNames(
        reference(
            entry("hcpcs:J3262", "Injection, tocilizumab, (actemra/abc/tocilizumab plus), 1 mg"),
            entry("hcpcs:J1111", "Injection, abacept, (dolaset/nova star), 1 mg"),
            entry("hcpcs:J2222", "Injection, obicept, (nova), 1 mg"),
            entry("hcpcs:J1260", "Injection, dolaset, 10 mg"),
        )
    )
    assert {brand: {code.value for code in found} for brand, found in names.sold(text).items()} == codes
