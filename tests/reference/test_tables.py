"""The tables of facts that extraction reads are those that their script makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import resources
from kg.model import Code, CodeSystem, Relation
from kg.reference import Edition, Release, bundled, facts, tables
from kg.reference.descriptors import KnownDrugs, facts_of, statements
from kg.reference.formats import asp, read_release
from tests.data.official import REFERENCE, needs_reference


@pytest.mark.slow
def test_the_committed_table_of_diagnoses_is_what_the_script_makes(tmp_path: Path) -> None:
    tables.write_codes_of_diagnoses(tmp_path)
    made = (tmp_path / tables.ICD10CM_CODES).read_text("utf-8")
    assert made == (resources.path("data", "reference") / tables.ICD10CM_CODES).read_text("utf-8")


@pytest.mark.slow
@needs_reference
def test_the_committed_table_of_substances_is_what_the_script_makes(tmp_path: Path) -> None:
    tables.write_substances(tmp_path, read_release(REFERENCE / "hcpcs" / "HCPC2025_OCT_ANWEB.xlsx"))
    made = (tmp_path / tables.SUBSTANCES).read_text("utf-8")
    assert made == (resources.path("data", "names") / tables.SUBSTANCES).read_text("utf-8")


@pytest.mark.slow
@needs_reference
def test_the_committed_table_of_packages_is_what_the_script_makes(tmp_path: Path) -> None:
    crosswalks = [edition for path in (REFERENCE / "asp").glob("*Crosswalk*.csv") for edition in read_release(path)]
    tables.write_packages(tmp_path, crosswalks)
    made = (tmp_path / facts.PACKAGES).read_text("utf-8")
    assert made == (resources.path("data", "reference") / facts.PACKAGES).read_text("utf-8")


@pytest.mark.slow
@needs_reference
def test_what_the_table_of_packages_states_is_what_its_crosswalk_states() -> None:
    def stated(edition: Edition) -> set[tuple[object, ...]]:
        billed = (one for one in edition.statements if one.relation is Relation.BILLED_AS)
        return {(one.subject.curie, one.subject.name, one.object.curie, one.details) for one in billed}

    (bundled_one,) = (one for one in bundled.read() if one.release.system is CodeSystem.NDC)
    (path,) = (REFERENCE / "asp").glob("*January 2026 ASP NDC-HCPCS Crosswalk*.csv")
    (official,) = read_release(path)
    assert stated(bundled_one) == stated(official)
    assert {entry.code: entry.notes for entry in bundled_one.entries} == {e.code: e.notes for e in official.entries}
    assert bundled_one.release.issued == official.release.issued


def test_a_row_of_packages_is_a_row_of_a_crosswalk_for_each() -> None:
    row = {"code": "J0001", "drug": "One", "labeler": "-", "unit": "1 MG", "packages": "00001-0001-01 4 1 8 8"}
    two = {**row, "packages": f"{row['packages']}; 00001-0001-02 4 2 8 16"}
    release = Release("r", CodeSystem.NDC, "R", None, False, "public", "here")
    edition = asp.crosswalk(release, ((7, cells) for cells in facts.package_cells(two)))
    assert [entry.code.value for entry in edition.entries] == ["00001-0001-01", "00001-0001-02"]
    assert edition.entries[0].notes == () and edition.rows == 2
    assert list(facts.package_rows(edition)) == [tuple(two.values())]


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


def test_a_code_of_no_drug_has_none_though_its_label_reads_like_one() -> None:
    cells = {"code": "J0001", "label": "No corticostrd 10mg 60 days", "added": "-", "ended": "-", "unit": "-"}
    row = cells | dict.fromkeys(("drug", "brands", "kind", "forms", "makers", "earlier"), "-")
    entry = facts.hcpcs_entry(row, Code.parse("hcpcs:J0001"), 1)
    descriptor = facts_of(entry)
    assert (descriptor is None or not descriptor.drug) and entry.called == ""
    assert list(statements(entry, KnownDrugs.of(()))) == []
