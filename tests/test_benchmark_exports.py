"""Made-up exports of the coverage database: the reader finds in them what was made, to the last row."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("benchmarks.exports")

from benchmarks.exports import EXPORTS, MadeUpExport, tables_of
from benchmarks.policies import NO_DIAGNOSIS, DiagnosisList, MadeUpPolicy
from kg.model import CodeSystem, Group, Pairing, Polarity
from kg.reference.coverage.editions import editions_in
from kg.reference.release import Edition

SCALE = 500
Place = tuple[str, bool, int, str, int]
"""A policy with its version, whether its list supports, its number, a diagnosis, and where `listings` has it."""


def read(folder: Path, export: MadeUpExport) -> tuple[int, Edition]:
    """How many rows an export was made with, and what is read of it."""
    file = folder / f"{export.name}.zip"
    rows = export.write(file)
    (edition,) = editions_in(file)
    return rows, edition


@pytest.mark.parametrize("name", EXPORTS)
def test_as_many_rows_are_made_as_were_published(name: str) -> None:
    assert sum(table.rows for table in tables_of(name)) == {
        "current_article": 575_139, "current_lcd": 35_910, "ncd": 1_076,
    }[name]  # fmt: skip
    small = MadeUpExport(name, SCALE)
    for table in tables_of(name):
        wanted = max(1, table.rows // SCALE) if table.name.startswith((small.kind, "update")) else table.rows
        assert sum(1 for _ in small.rows(table)) == wanted, table.name


@pytest.mark.parametrize("export", [MadeUpExport("current_article", SCALE), MadeUpExport("all_article", SCALE, 3)])
def test_every_row_is_used_or_left_out_with_a_reason(tmp_path: Path, export: MadeUpExport) -> None:
    rows, edition = read(tmp_path, export)
    assert edition.rows == rows
    left_out = Counter[str]()
    for one in edition.left_out:
        left_out[one.reason.partition(": ")[0].rpartition(" ")[2]] += one.count
    made = {f"{table.name}.csv": sum(1 for _ in export.rows(table)) for table in tables_of(export.name)}
    used = {name: count - left_out[name] for name, count in made.items()}
    assert edition.export is not None
    listed = Counter(one.kind for one in edition.export.listed)
    sides = Counter(place[1] for place in places(edition))
    assert used["article.csv"] == len(edition.export.policies)
    assert used["article_x_icd10_covered.csv"] == sides[True]
    assert used["article_x_icd10_noncovered.csv"] == sides[False]
    assert used["article_x_hcpc_code.csv"] == listed["service"]
    assert used["article_x_revenue_code.csv"] == listed["revenue code"]
    assert used["article_x_urls.csv"] == used["update_period.csv"] == 0


@pytest.mark.parametrize("export", [MadeUpExport("current_article", SCALE), MadeUpExport("all_article", SCALE, 3)])
def test_the_lists_that_are_read_are_those_that_were_made(tmp_path: Path, export: MadeUpExport) -> None:
    _, edition = read(tmp_path, export)
    facts = {table.name: table for table in tables_of(export.name)}
    made = [
        (
            f"A{row['article_id']}-{row['article_version']}",
            word == "covered",
            row[f"icd10_{word}_group"],
            row["icd10_code_id"],
            2 * number + (word == "covered" and row["asterisk"] == "Y"),
        )
        for word in ("covered", "noncovered")
        for number, row in enumerate(export.rows(facts[f"article_x_icd10_{word}"]), 2)
        if row["icd10_code_id"] != NO_DIAGNOSIS
    ]
    assert {place[-1] % 2 for place in made} == {0, 1}
    assert len(made) > 500
    assert sorted(places(edition)) == sorted(made)
    assert len(made) < sum(len(one.diagnoses) for policy in export.policies for one in policy.lists)


def test_a_list_is_for_the_codes_that_its_paragraph_names(tmp_path: Path) -> None:
    export = MadeUpExport("current_article", 150)
    _, edition = read(tmp_path, export)
    assert edition.export is not None
    groups = {key_of(edition, group): group for group in edition.export.groups}
    kinds = Counter[str]()
    for policy in export.policies:
        for one in policy.lists:
            group = groups[f"A{policy.number}-1", one.supports, one.number]
            kinds[one.kind] += 1
            assert {code.value for code, _ in group.services} == wanted(policy, one), (policy.number, one)
            assert bool(group.complete) is one.closes
            assert (group.pairing is Pairing.NAMED) is bool(one.kind in ("codes", "group", "range") and one.named)
    assert set(kinds) == {"empty", "plain", "codes", "group", "range", "others"}


def wanted(policy: MadeUpPolicy, one: DiagnosisList) -> set[str]:
    """The billing codes that a list is for, by how its paragraph was made."""
    every = {code for codes in policy.services.values() for code in codes}
    closing = [other for other in policy.lists if other.closes]
    if closing == [one] and not one.supports and not one.named and set(one.diagnoses) == {NO_DIAGNOSIS}:
        return every
    if one.kind == "others" and one.named:
        return set()
    if one.kind == "range" and one.named:
        first, last = one.named[0], one.named[-1]
        return {code for code in every if first <= code <= last and first[0].isdigit() == code[0].isdigit()}
    if one.named:
        return set(one.named)
    if len(policy.services) == 1:
        return every
    same_side = (other for other in policy.lists if other.supports is one.supports)
    is_even = all(policy.services.get(other.number) for other in same_side)
    return set(policy.services[one.number]) if is_even else set()


def test_the_same_numbers_give_the_same_file(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("first.zip", "second.zip")]
    for file in files:
        MadeUpExport("ncd").write(file)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_tables_have_the_columns_of_the_publisher_and_what_is_odd_in_its_cells(tmp_path: Path) -> None:
    file = tmp_path / "current_article.zip"
    MadeUpExport("current_article", SCALE).write(file)
    with zipfile.ZipFile(file) as outer, zipfile.ZipFile(io.BytesIO(outer.read("current_article_csv.zip"))) as packed:
        headers = {name.removesuffix(".csv"): header(packed.read(name)) for name in packed.namelist()}
        heads = packed.read("article.csv")
        listed = packed.read("article_x_icd10_noncovered.csv")
    assert headers == {table.name: table.columns for table in tables_of("current_article")}
    assert len(headers) == 37
    assert b"\xae" in heads  # A letter of Windows-1252.
    assert heads.count(b"\n") > 2 * heads.count(b'"A",')  # Lines that break within a cell.
    assert b'""' in heads
    assert NO_DIAGNOSIS.encode() in listed


def header(table: bytes) -> tuple[str, ...]:
    return tuple(next(csv.reader(io.StringIO(table.decode("cp1252")))))


def test_a_local_determination_has_its_contractors_and_its_codes(tmp_path: Path) -> None:
    export = MadeUpExport("current_lcd", 100)
    rows, edition = read(tmp_path, export)
    assert edition.rows == rows - 1  # A table of this export has no header, so that its first row is taken for one.
    assert edition.export is not None
    facts = {table.name: table for table in tables_of("current_lcd")}
    names = {row["contractor_id"]: row["contractor_bus_name"] for row in export.rows(facts["contractor"])}
    made = {(f"L{row['lcd_id']}", names[row["contractor_id"]]) for row in export.rows(facts["lcd_x_contractor"])}
    assert made == {(policy.identifier, name) for policy in edition.export.policies for name in policy.contractors}
    assert len(edition.export.listed) == sum(1 for _ in export.rows(facts["lcd_x_hcpc_code"]))


def places(edition: Edition) -> list[Place]:
    """Where the diagnoses of an edition are listed."""
    assert edition.export is not None
    keys = [key_of(edition, group) for group in edition.export.groups]
    return [
        (*keys[number], code.value, place)
        for code, numbers in edition.export.listings.items()
        for number, place in zip(numbers[::2], numbers[1::2], strict=True)
        if code.system is CodeSystem.ICD10CM
    ]


def key_of(edition: Edition, group: Group) -> tuple[str, bool, int]:
    assert edition.export is not None
    return edition.export.policies[group.policy].key, group.polarity is Polarity.AFFIRMED, group.number
