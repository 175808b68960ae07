"""The tables of facts that extraction reads are those that their script makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import resources
from kg.reference import tables


@pytest.mark.slow
def test_the_committed_table_of_diagnoses_is_what_the_script_makes(tmp_path: Path) -> None:
    tables.main(tmp_path)
    made = (tmp_path / tables.ICD10CM_CODES).read_text("utf-8")
    assert made == (resources.path("data", "reference") / tables.ICD10CM_CODES).read_text("utf-8")


def test_each_category_is_a_line_with_what_stands_behind_its_dot() -> None:
    headings = frozenset({"M06", "M06.0"})
    assert list(tables.icd10cm_lines(["C19", "M06", "M06.0", "M06.00", "M06.9"], headings)) == [
        "C19\t",
        "M06-\t0- 00 9",
    ]
