"""The tables of facts that extraction reads are those that their script makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import resources
from kg.reference import tables
from kg.reference.descriptors import KnownDrugs
from kg.reference.formats import read_release
from tests.data.official import REFERENCE, needs_reference


@pytest.mark.slow
def test_the_committed_table_of_diagnoses_is_what_the_script_makes(tmp_path: Path) -> None:
    tables.write_codes_of_diagnoses(tmp_path)
    made = (tmp_path / tables.ICD10CM_CODES).read_text("utf-8")
    assert made == (resources.path("data", "reference") / tables.ICD10CM_CODES).read_text("utf-8")


@needs_reference
def test_the_committed_table_of_substances_is_what_the_script_makes(tmp_path: Path) -> None:
    tables.write_substances(tmp_path, read_release(REFERENCE / "hcpcs" / "HCPC2025_OCT_ANWEB.xlsx"))
    made = (tmp_path / tables.SUBSTANCES).read_text("utf-8")
    assert made == (resources.path("data", "names") / tables.SUBSTANCES).read_text("utf-8")


def test_a_substance_is_named_without_its_salt_and_with_brands_that_are_its_own() -> None:
    descriptors = [
        "Injection, hydralazine hcl, up to 20 mg",
        "Injection, coagulase (twobrand), 1 mg",
        "Injection, prothrombase (twobrand), 1 mg",
        "Injection, tocilizumab, 1 mg",
        "Affinity, per square centimeter",
        "Unclassified drugs",
    ]
    lines = tables.substance_lines(descriptors, KnownDrugs.of(()), frozenset({"tocilizumab"}))
    assert list(lines) == ["coagulase\t-", "hydralazine\t-", "prothrombase\t-"]


def test_each_category_is_a_line_with_what_stands_behind_its_dot() -> None:
    headings = frozenset({"M06", "M06.0"})
    assert list(tables.icd10cm_lines(["C19", "M06", "M06.0", "M06.00", "M06.9"], headings)) == [
        "C19\t",
        "M06-\t0- 00 9",
    ]
