from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Code, CodeSystem
from kg.reference import Edition, Reference
from kg.verification.naming import Naming, Opinion
from tests.steps import steps
from tests.verification.making import entry, named, reference, release

DIAGNOSES = reference(
    entry("icd10cm:M17.1", "Unilateral primary osteoarthritis of knee", billable=False),
    entry("icd10cm:M17.11", "Unilateral primary osteoarthritis, right knee", billable=True, above="icd10cm:M17.1"),
    entry("icd10cm:M17.12", "Unilateral primary osteoarthritis, left knee", billable=True, above="icd10cm:M17.1"),
    entry("icd10cm:E11", "Type 2 diabetes mellitus", billable=False),
    entry("icd10cm:E11.52", "Type 2 diabetes mellitus with gangrene", billable=True, above="icd10cm:E11"),
    entry("icd10cm:E11.9", "Type 2 diabetes mellitus without complications", billable=True, above="icd10cm:E11"),
    entry("icd10cm:E10.9", "Type 1 diabetes mellitus without complications", billable=True),
    entry("icd10cm:M31.5", "Giant cell arteritis with polymyalgia rheumatica", billable=True),
    entry("icd10cm:M31.6", "Other giant cell arteritis", billable=True),
    entry("icd10cm:I10", "Essential (primary) hypertension", "high blood pressure", billable=True),
    entry("icd10cm:I15.9", "Secondary hypertension, unspecified", billable=True),
    entry("icd10cm:Z37.1", "Single stillbirth", billable=True),
    entry("icd10cm:B02.9", "Zoster without complications", billable=True),
    entry("icd10cm:C90.00", "Multiple myeloma not having achieved remission", billable=True),
    entry("icd10cm:C90.01", "Multiple myeloma in remission", billable=True),
)
SPECIALTIES = reference(
    entry("nucc:207RC0000X", "Cardiovascular Disease Physician", "Cardiovascular Disease"),
    entry("nucc:1835C0206X", "Cardiology Pharmacist", "Cardiology"),
    entry("nucc:207RN0300X", "Nephrology Physician", "Nephrology"),
    entry("nucc:2084N0400X", "Neurology Physician", "Neurology"),
    entry("nucc:111NN0400X", "Neurology Chiropractor", "Neurology"),
    entry("nucc:207K00000X", "Allergy & Immunology Physician", "Allergy & Immunology"),
    entry(
        "nucc:207RA0201X", "Allergy & Immunology (Internal Medicine) Physician", "Allergy & Immunology",
        "Allergy & Immunology (Internal Medicine)",
    ),
)  # fmt: skip


def opinion(found: Reference, curie: str, name: str) -> tuple[bool, str | None]:
    said = Naming(found).opinion(Code.parse(curie), name)
    return said.agrees, said.better.value if said.better else None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("M17.11", "Unilateral primary osteoarthritis, right knee"),
        ("M17.11", "Osteoarthritis of the right knee"),
        ("M17.11", "Primary OA, R knee"),
        ("M17.11", "Unilateral primary osteoarthritis of knee"),
        ("E11.9", "T2DM w/o complications"),
        ("E11.9", "Type 2 diabetes mellitus"),
        ("I10", "High blood pressure"),
        ("B02.9", "Shingles"),
        ("M31.6", "Temporal arteritis"),
        ("M31.6", "something else altogether"),
        ("M31.6", ""),
        ("M31.6", "of the"),
        ("C90.00", "Multiple myeloma, not in remission"),
    ],
)
def test_names_that_agree(code: str, name: str) -> None:
    assert opinion(DIAGNOSES, f"icd10cm:{code}", name) == (True, None)


@pytest.mark.parametrize(
    ("code", "name", "better"),
    [
        ("M17.11", "Unilateral primary osteoarthritis, left knee", "M17.12"),
        ("M17.11", "Osteoarthritis, left knee", "M17.12"),
        ("E11.9", "Type 1 diabetes mellitus without complications", "E10.9"),
        ("E11.9", "Type 1 diabetes, no complications", "E10.9"),
        ("M31.6", "Giant cell arteritis with polymyalgia rheumatica", "M31.5"),
        ("I15.9", "High blood pressure", "I10"),
        ("C90.00", "Multiple myeloma in remission", "C90.01"),
        ("C90.01", "Myeloma, not in remission", "C90.00"),
    ],
)
def test_names_of_another_code(code: str, name: str, better: str) -> None:
    assert opinion(DIAGNOSES, f"icd10cm:{code}", name) == (False, better)


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("207RC0000X", "Cardiology", (True, None)),
        ("207RN0300X", "Nephrologist", (True, None)),
        ("207RN0300X", "Neurology", (False, "2084N0400X")),
        ("2084N0400X", "Neurology", (True, None)),
        ("207RN0300X", "Allergy & Immunology", (False, "207K00000X")),
    ],
)
def test_a_short_form_belongs_to_no_one_code(code: str, name: str, expected: tuple[bool, str | None]) -> None:
    assert opinion(SPECIALTIES, f"nucc:{code}", name) == expected


def test_an_ended_code_and_a_heading_are_not_what_was_meant() -> None:
    found = reference(
        entry("icd10cm:A01", "Brown fever of the dog", billable=True),
        entry("icd10cm:A02", "Green fever of the cat", billable=True, ended="2020-01-01"),
        entry("icd10cm:A03", "Green fever", billable=False),
    )
    assert opinion(found, "icd10cm:A01", "green fever, furry cat") == (True, None)
    # The very name of a code that has ended is still no name of another, but nobody owns it.
    assert opinion(found, "icd10cm:A01", "Green fever of the cat") == (False, None)


def test_an_ended_code_takes_no_name_from_another() -> None:
    found = reference(
        entry("icd10cm:A01", "Brown fever of the dog", billable=True),
        entry("icd10cm:A02", "Brown fever", billable=True, ended="2020-01-01"),
    )
    assert opinion(found, "icd10cm:A01", "Brown fever") == (True, None)
    (then, now) = (
        Naming(found.on(date(2020, 1, day))).opinion(Code.parse("icd10cm:A01"), "Brown fever") for day in (1, 2)
    )
    assert (then.agrees, then.better) == (False, Code.parse("icd10cm:A02"))
    assert now.agrees


@pytest.mark.parametrize(
    ("code", "name", "meant"),
    [
        ("S67.01A", "", "S67.01XA"),
        ("S67.01A", "Crushing injury of right thumb, initial encounter", "S67.01XA"),
        ("S67.01A", "Crushing injury of right thumb", "S67.01XA"),
        ("S67.01A", "Crushing injury of right thumb, subsequent encounter", "S67.01XD"),
        ("S67.01B", "", None),
        ("S67.09", "", None),
    ],
)
def test_a_diagnosis_without_its_placeholders(code: str, name: str, meant: str | None) -> None:
    found = reference(
        entry("icd10cm:S67.01", "Crushing injury of right thumb", billable=False),
        entry(
            "icd10cm:S67.01XA",
            "Crushing injury of right thumb, initial encounter",
            billable=True,
            above="icd10cm:S67.01",
        ),
        entry(
            "icd10cm:S67.01XD",
            "Crushing injury of right thumb, subsequent encounter",
            billable=True,
            above="icd10cm:S67.01",
        ),
    )
    suggested = Naming(found).meant(Code.parse(f"icd10cm:{code}"), name)
    assert (suggested.value if suggested else None) == meant


def test_of_codes_with_one_name_the_one_in_use_and_near() -> None:
    found = reference(
        entry("icd10cm:A01", "Brown fever", billable=True),
        entry("icd10cm:B02", "Green fever", billable=True),
        entry("icd10cm:A03", "Green fever", billable=True),
        entry("icd10cm:A04", "Green fever", billable=False),
    )
    assert opinion(found, "icd10cm:A01", "Green fever") == (False, "A03")


def test_words_of_our_own_do_not_speak_against_a_name_but_may_be_meant() -> None:
    modifiers = reference(
        entry("modifier:52", "service reduced by choice", owner="ama"),
        entry("modifier:QX", "Crna service: with medical direction by a physician", owner="cms"),
    )
    assert opinion(modifiers, "modifier:52", "Medical direction by a physician") == (True, None)
    assert opinion(modifiers, "modifier:QX", "Reduced services") == (False, "52")
    own = Reference.of([Edition(release(CodeSystem.CPT, official=False), (entry("cpt:99213", "visit"),))])
    assert opinion(own, "cpt:99213", "anything at all") == (True, None)


def test_a_code_that_no_release_has_is_agreed_with() -> None:
    assert opinion(DIAGNOSES, "icd10cm:Z99.99", "Single stillbirth") == (True, None)
    assert opinion(Reference.of([]), "icd10cm:M17.11", "left knee") == (True, None)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Giant cell arteritis with polymyalgia rheumatica", "M31.5"),
        ("Giant cell arteritis and polymyalgia", "M31.5"),
        ("Osteoarthritis of left knee", "M17.12"),
        ("Unilateral primary osteoarthritis of knee", "M17.1"),
        ("hairy feet", None),
        ("", None),
        ("of the", None),
    ],
)
def test_what_was_meant_by_a_code_that_does_not_exist(name: str, meant: str | None) -> None:
    found = Naming(DIAGNOSES).meant(Code.parse("icd10cm:M31.99"), name)
    assert (found.value if found else None) == meant


@pytest.mark.parametrize(
    ("heading", "name", "below"),
    [
        ("M17.1", "Unilateral primary osteoarthritis, right knee", "M17.11"),
        ("M17.1", "Osteoarthritis of left knee", "M17.12"),
        ("M17.1", "Unilateral primary osteoarthritis of knee", None),
        ("E11", "Type 2 diabetes mellitus", "E11.9"),
        ("E11", "Type 2 diabetes", "E11.9"),
        ("E11", "Type 2 diabetes mellitus with gangrene", "E11.52"),
        ("E11", "Type 2 diabetes mellitus with hairy feet", None),
        ("M31.6", "Other giant cell arteritis", None),
    ],
)
def test_the_code_below_a_heading(heading: str, name: str, below: str | None) -> None:
    found = Naming(DIAGNOSES).below(Code.parse(f"icd10cm:{heading}"), name)
    assert (found.value if found else None) == below


def test_a_code_without_a_name_is_told_by_none() -> None:
    found = reference(
        entry("icd10cm:A01", "Fever", billable=False),
        entry("icd10cm:A01.1", "", billable=True, above="icd10cm:A01"),
        entry("icd10cm:A01.2", "Fever of the green dog", billable=True, above="icd10cm:A01"),
    )
    below = Naming(found).below(Code.parse("icd10cm:A01"), "Fever of the green dog")
    assert below == Code.parse("icd10cm:A01.2")


def test_a_code_that_has_ended_is_not_meant_by_its_name() -> None:
    found = reference(
        entry("icd10cm:A01", "Green fever of the cat", billable=True, ended="2020-01-01"),
        entry("icd10cm:A02", "Green fever of the furry cat", billable=True),
    )
    assert Naming(found).meant(Code.parse("icd10cm:A09"), "Green fever of the cat") == Code.parse("icd10cm:A02")


def test_headings_in_a_circle() -> None:
    circle = reference(
        entry("icd10cm:A01", "Brown fever", billable=False, above="icd10cm:A02"),
        entry("icd10cm:A02", "Green fever", billable=False, above="icd10cm:A01"),
    )
    assert Naming(circle).below(Code.parse("icd10cm:A01"), "Green fever") is None
    assert opinion(circle, "icd10cm:A01", "Green fever") == (True, None)


def test_an_opinion_is_kept() -> None:
    naming = Naming(DIAGNOSES)
    code = Code.parse("icd10cm:M17.11")
    assert naming.opinion(code, "left knee") is naming.opinion(code, "left knee")


def test_ten_times_the_misspelt_names_take_about_ten_times_the_steps() -> None:
    naming = Naming(named(**{f"A{n:02}": f"Fever of the {n} kind with spots and trembling" for n in range(10, 100)}))

    def cost(numbers: range) -> int:
        names = [f"feevr with spotz x{number}y trembbling q{number}" for number in numbers]
        return steps(lambda: [naming.opinion(Code.parse("icd10cm:A10"), name) for name in names])

    cost(range(10))  # What is made once.
    assert cost(range(100, 200)) < 15 * cost(range(20, 30))


@given(st.sampled_from([e.code for e in DIAGNOSES.entries]), st.sampled_from([e.name for e in DIAGNOSES.entries]))
def test_what_is_better_bears_the_name_better(code: Code, name: str) -> None:
    said = Naming(DIAGNOSES).opinion(code, name)
    assert said.agrees or said.better != code
    if said.better:
        assert said == Opinion(False, said.better)
        assert Naming(DIAGNOSES).opinion(said.better, name).agrees
