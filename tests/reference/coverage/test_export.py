"""Exports are read to the last row: what they state, and what is left out with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.model import Code, CodeSystem, ListedAs, Pairing, Polarity, Policy
from kg.reference.coverage.editions import editions_in
from kg.reference.coverage.export import Export, read_export
from kg.reference.coverage.tables import exports_in
from kg.reference.records import reasons

from . import (
    DENOSUMAB,
    HEADERS,
    LOOKUPS,
    Tables,
    article,
    covered,
    csv_of,
    joined,
    noncovered,
    of,
    services,
    written,
)


def read(folder: Path, *parts: Tables, **replaced: bytes) -> Export:
    ((_, tables),) = exports_in(written(folder, joined(LOOKUPS, *parts), **replaced))
    return read_export(tables)


def left_out(export: Export) -> dict[str, int]:
    return {f"{omission.reason} ({omission.row})": omission.count for omission in export.left_out}


def listed(export: Export) -> list[tuple[str, int, int]]:
    """Each diagnosis with the number of its group and its row."""
    return [
        (code.value, export.groups[number].number, place // 2)
        for code, places in export.listings.items()
        for number, place in zip(places[::2], places[1::2], strict=True)
    ]


def test_what_an_export_states(tmp_path: Path) -> None:
    (edition,) = editions_in(written(tmp_path, DENOSUMAB))
    assert edition.release.identifier == "mcd-current-articles-2025-10-02"
    assert (edition.release.complete, edition.release.quotable) == (False, False)
    export = edition.export
    assert export is not None
    first, second = export.policies
    assert (first.identifier, first.version, first.title) == ("A57001", 1, "Billing and Coding: Denosumab")
    assert (first.contractors, first.states, first.belongs_to) == (("First Coast",), ("FL",), ("L33394",))
    assert (first.valid_from, first.valid_through, second.states) == (date(2024, 1, 1), None, ("TX",))
    assert [(group.polarity, group.number, group.pairing) for group in export.groups] == [
        (Polarity.AFFIRMED, 1, Pairing.ONLY_GROUP),
        (Polarity.AFFIRMED, 1, Pairing.NAMED),
        (Polarity.AFFIRMED, 2, Pairing.NAMED),
        (Polarity.EXCLUDED, 1, Pairing.ONLY_GROUP),
    ]
    assert {(one.kind, one.value) for one in export.listed if one.kind is not ListedAs.SERVICE} == {
        (ListedAs.MODIFIER, "modifier:JZ"),
        (ListedAs.REVENUE_CODE, "0636"),
        (ListedAs.BILL_TYPE, "013x"),
    }
    assert reasons(edition) == {
        "article_related_documents.csv: names no determination": 1,
        "article_x_revenue_code.csv: not a revenue code": 1,
        "article_x_urls.csv: the table says nothing that is asked of": 1,
    }


def test_an_asterisk_and_the_row_of_each_diagnosis(tmp_path: Path) -> None:
    export = read(tmp_path, article(1), services(1, "J0897"), covered(1, "M81.0", "C79.51*"))
    assert {code.value: list(places) for code, places in export.listings.items()} == {
        "M81.0": [0, 4],
        "C79.51": [0, 7],
    }


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"status": "D"}, "a draft"),
        ({"display_id": "DA57001"}, "a draft"),
        ({"status": "X"}, "not a status: 'x'"),
        ({"article_id": "abc"}, "not a number and a version: 'abc 1'"),
        ({"article_eff_date": "soon"}, "not a date: 'soon'"),
        ({"article_end_date": "2023-12-31"}, "ends on 2023-12-31, before it begins on 2024-01-01"),
    ],
)
def test_an_article_that_is_none(tmp_path: Path, cells: Mapping[str, object], reason: str) -> None:
    wrong = [{**article(2)["article"][0], **cells}]
    export = read(tmp_path, article(1), {"article": wrong})
    assert [policy.identifier for policy in export.policies] == ["A1"]
    assert left_out(export)[f"article.csv: {reason} (3)"] == 1


def test_what_is_no_article_is_said_by_name_and_row(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        article(1),
        article(1),
        services(1, "J0897", "XX000"),
        services(9, "J3489"),
        covered(1, "M81.0", "XX000"),
        covered(1, "M80.0", words="again"),
        {"article_x_icd10_covered": [{**of(1), "icd10_code_id": "C50", "icd10_covered_group": 1, "range": "?"}]},
    )
    assert left_out(export) == {
        "article.csv: the same version stands in a row before (3)": 1,
        "article_x_hcpc_code.csv: neither a HCPCS nor a CPT code (3)": 1,
        "article_x_hcpc_code.csv: of no article in this export (4)": 1,
        "article_x_icd10_covered_group.csv: the same group stands in a row before (3)": 1,
        "article_x_icd10_covered.csv: not an ICD-10-CM code (3)": 1,
        "article_x_icd10_covered.csv: not known for which codes of a range it stands (5)": 1,
    }
    assert listed(export) == [("M81.0", 1, 2), ("M80.0", 1, 4)]


def test_each_code_of_a_range_is_listed_by_its_own_row(tmp_path: Path) -> None:
    """The publisher marks the beginning, the middle and the end of a range, and lists all its codes."""
    rows = [
        {**of(1), "icd10_code_id": code, "icd10_covered_group": 1, "range": mark}
        for code, mark in (("K50.00", "B"), ("K50.011", "M"), ("K50.012", "E"), ("L40.0", "N"))
    ]
    export = read(tmp_path, article(1), services(1, "J1745"), {"article_x_icd10_covered": rows})
    assert [code for code, *_ in listed(export)] == ["K50.00", "K50.011", "K50.012", "L40.0"]
    assert left_out(export) == {}


def test_lists_whose_diagnoses_have_to_stand_beside_one_another(tmp_path: Path) -> None:
    words = "One ICD-10-CM code from Group 2 and one from Group 3 must be billed."
    lists = (
        covered(1, "C79.51", words="Alone."),
        covered(1, "M85.9", group=2, words=words),
        covered(1, "N95.1", group=3),
    )
    export = read(tmp_path, article(1), services(1, "J1740"), *lists)
    assert {group.number: group.beside for group in export.groups} == {1: "", 2: words, 3: words}


def test_codes_that_an_article_does_not_cover_are_for_no_diagnosis(tmp_path: Path) -> None:
    heading = {"article_x_hcpc_code_group": [{**of(1), "hcpc_code_group": 2, "paragraph": "<p>Non-Covered Codes</p>"}]}
    both = (services(1, "J0885"), services(1, "J0890", group=2), heading)
    export = read(tmp_path, article(1), *both, covered(1, "D63.1"), covered(1, "N18.5", group=2))
    assert [[code.value for code, _ in group.services] for group in export.groups] == [["J0885"], []]


def test_lists_are_for_the_codes_of_their_number_only_where_each_has_some(tmp_path: Path) -> None:
    """As in foot care: nails in groups 1 to 4, and calluses in group 5 for the second group of codes."""
    codes = (services(1, "11720"), services(1, "11055", group=2))
    even = read(tmp_path, article(1), *codes, covered(1, "E11.42"), covered(1, "B35.1", group=2))
    assert [group.pairing for group in even.groups] == [Pairing.SAME_NUMBER] * 2
    third = covered(1, "L84", group=3, words="For 11055:")
    uneven = read(tmp_path, article(1), *codes, covered(1, "E11.42"), covered(1, "B35.1", group=2), third)
    assert [[code.value for code, _ in group.services] for group in uneven.groups] == [[], [], ["11055"]]


def test_what_closes_the_lists_of_an_article_closes_all_of_them(tmp_path: Path) -> None:
    words = "All those not listed under the codes that support medical necessity."
    both = (article(1), services(1, "J1561"), services(1, "J1559", group=2), covered(1, "D80.0"))
    export = read(tmp_path, *both, covered(1, "D80.0", group=2), noncovered(1, "XX000", words=words))
    closing = export.groups[-1]
    assert (closing.pairing, [code.value for code, _ in closing.services]) == (
        Pairing.WHOLE_ARTICLE,
        ["J1561", "J1559"],
    )


@pytest.mark.parametrize(
    ("words", "diagnosis"),
    [
        ("All those not listed under the section above.", "M81.0"),
        ("All those not listed in Group 1 above.", "XX000"),
        ("For J1561: All those not listed.", "XX000"),
        ("Codes that are not supported.", "XX000"),
    ],
)
def test_what_closes_some_lists_of_an_article(tmp_path: Path, words: str, diagnosis: str) -> None:
    """It lists diagnoses of its own, names a group or codes, or closes nothing."""
    both = (article(1), services(1, "J1561"), services(1, "J1559", group=2), covered(1, "D80.0"))
    export = read(tmp_path, *both, covered(1, "D80.0", group=2), noncovered(1, diagnosis, words=words))
    assert [code.value for code, _ in export.groups[-1].services] == ["J1561"]


def test_a_table_that_is_cut_loses_its_last_row_alone(tmp_path: Path) -> None:
    rows = covered(1, "M81.0", "M80.0")["article_x_icd10_covered"]
    cut = csv_of("article_x_icd10_covered", rows).removesuffix(b",,,,N\r\n")
    export = read(tmp_path, article(1), services(1, "J0897"), article_x_icd10_covered=cut)
    assert listed(export) == [("M81.0", 1, 2)]
    assert "article_x_icd10_covered.csv: 6 cells where the header has 10 (3)" in left_out(export)


def test_tables_in_another_order_and_with_other_columns(tmp_path: Path) -> None:
    columns = ("icd10_covered_group", "new", *reversed(("article_id", "article_version", "icd10_code_id")))
    rows = [{**of(1), "icd10_covered_group": 1, "icd10_code_id": "M81.0", "new": "x"}]
    table = csv_of("article_x_icd10_covered", rows, columns)
    export = read(tmp_path, article(1), services(1, "J0897"), article_x_icd10_covered=table)
    assert listed(export) == [("M81.0", 1, 2)]


def test_a_table_that_is_missing_is_named(tmp_path: Path) -> None:
    tables = joined(LOOKUPS, article(1), services(1, "J0897"))
    del tables["article_x_icd10_covered"]
    ((_, found),) = exports_in(written(tmp_path, tables))
    assert left_out(read_export(found)) == {"no table article_x_icd10_covered.csv (0)": 1}


def test_tables_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"30 of 31 rows are of no article in article.csv: the tables do not"):
        read(tmp_path, article(1), services(1, "J0897"), *(services(number, "J0897") for number in range(2, 32)))


def test_an_export_without_an_article_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"article.csv: no article that is in force or was"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("cells", "revised", "retires", "days"),
    [
        ({}, "", "", ("2024-01-01", None)),
        ({}, "2025-07-01 00:00:00", "", ("2025-07-01", None)),
        ({"article_eff_date": "01/31/2023"}, "", "", ("2023-01-31", None)),
        ({"article_end_date": "2025-12-31"}, "", "", ("2024-01-01", "2025-12-31")),
        ({"article_end_date": "9999-12-31"}, "", "", ("2024-01-01", None)),
        ({"article_rev_end_date": "2025-12-31"}, "", "2025-06-30", ("2024-01-01", "2025-06-30")),
        ({"date_retired": "2025-05-01"}, "", "", ("2024-01-01", "2025-05-01")),
    ],
)
def test_the_days_of_a_version(
    tmp_path: Path, cells: Mapping[str, object], revised: str, retires: str, days: tuple[str, str | None]
) -> None:
    history = [{**of(1), "rev_hist_num": 1, "rev_hist_date": revised}] if revised else []
    retiring = [{"article_id": 1, "retire_dt": retires}] if retires else []
    more = {"article_x_revision_history": history, "article_future_retire": retiring}
    (policy,) = read(tmp_path, article(1, **cells), more).policies
    assert (str(policy.valid_from), policy.valid_through and str(policy.valid_through)) == days


def jurisdiction(export: Export) -> tuple[str, ...]:
    (policy,) = export.policies
    return policy.states


def test_states_are_those_of_the_contractor_while_the_article_is_in_force(tmp_path: Path) -> None:
    assert jurisdiction(read(tmp_path, article(1, contractor=2))) == ("TX",)
    old = article(1, contractor=2, article_eff_date="2008-01-01")
    assert jurisdiction(read(tmp_path, old)) == ("FL", "TX")


def test_a_part_of_a_state_and_a_primary_jurisdiction(tmp_path: Path) -> None:
    assert jurisdiction(read(tmp_path, article(1, contractor=3))) == ("NY (Upstate)",)
    primary: Tables = {"article_x_primary_jurisdiction": [{**of(1), "state_id": 44}, {**of(1), "state_id": 99}]}
    export = read(tmp_path, article(1, contractor=3), primary)
    assert jurisdiction(export) == ("TX",)
    assert left_out(export) == {"article_x_primary_jurisdiction.csv: names no state (3)": 1}


def test_a_state_has_the_letters_of_the_post(tmp_path: Path) -> None:
    islands: Tables = {
        "state_lookup": [{"state_id": 70, "state_abbrev": "CNMI", "description": "Northern Mariana Islands"}],
        "article_x_primary_jurisdiction": [{**of(1), "state_id": 70}],
    }
    assert jurisdiction(read(tmp_path, article(1), islands)) == ("MP",)


def test_self_administered_drugs(tmp_path: Path) -> None:
    row = {**of(1), "hcpc_code_id": "J3357", "brand_name": "Stelara", "eff_date": "2021-10-31"}
    table: Tables = {"article_x_code_table": [row, {**row, "end_date": "2020-01-01"}, {**row, "hcpc_code_id": "none"}]}
    export = read(tmp_path, article(1), table)
    (one,) = export.listed
    assert (one.kind, one.value, one.words, one.valid_from) == (
        ListedAs.SELF_ADMINISTERED, "hcpcs:J3357", "Stelara", date(2021, 10, 31),
    )  # fmt: skip
    assert len(export.left_out) == 2


def test_determinations(tmp_path: Path) -> None:
    lcd = {"lcd_id": 33394, "lcd_version": 40, "title": "Drugs", "rev_eff_date": "2025-01-01", "status": "A"}
    code = {"lcd_id": 33394, "lcd_version": 40, "hcpc_code_id": "J0897", "hcpc_code_group": 1}
    lcds = {name: [] for name in HEADERS if name.startswith("lcd")} | {"lcd": [lcd], "lcd_x_hcpc_code": [code]}
    (edition,) = editions_in(written(tmp_path, lcds))
    export = edition.export
    assert export is not None
    (policy,) = export.policies
    assert (policy.identifier, policy.valid_from) == ("L33394", date(2025, 1, 1))
    assert policy.address.endswith("lcd.aspx?lcdid=33394&ver=40")
    assert [one.value for one in export.listed] == ["hcpcs:J0897"]
    ncd = {
        "NCD_id": 347, "NCD_vrsn_num": 1, "NCD_mnl_sect": "110.22", "NCD_mnl_sect_title": "Cells",
        "NCD_efctv_dt": "06/30/2011", "last_updt_tmstmp": "2024-01-01",
    }  # fmt: skip
    (edition,) = editions_in(written(tmp_path, {"ncd_trkg": [ncd]}))
    assert edition.export is not None
    (policy,) = edition.export.policies
    assert (policy.identifier, policy.title, policy.holds_in("TX")) == ("NCD-347", "110.22 Cells", True)
    assert edition.release.identifier == "mcd-current-national-determinations-2024-01-01"


def test_hostile_cells_stay_text(tmp_path: Path) -> None:
    words = "<p><img src=x onerror=alert(1)>J0897</p></script>"
    hostile = article(1, title='"><b>&lt;x&gt;'), services(1, "J0897"), covered(1, "M81.0", words=words)
    export = read(tmp_path, *hostile)
    assert (export.policies[0].title, export.groups[0].words) == ('"> <x>', "J0897")


CODES = st.sampled_from(("M81.0", "M80.0", "C79.51", "XX000", "", "Z99.9", "not a code"))
ROWS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 4), CODES, st.sampled_from(("", "N", "B", "?"))), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(rows=ROWS, cells=st.lists(st.integers(0, 12), max_size=4))
def test_every_row_is_used_or_left_out(
    tmp_path_factory: pytest.TempPathFactory, rows: Sequence[tuple[int, int, str, str]], cells: list[int]
) -> None:
    """Whatever its cells are, and however many of them it has."""
    table = csv_of(
        "article_x_icd10_covered",
        [
            {**of(number), "icd10_covered_group": group, "icd10_code_id": code, "range": mark}
            for number, group, code, mark in rows
        ],
    )
    table += b"".join(b",".join([b"1"] * count) + b"\r\n" for count in cells if count)
    parts = (article(1), article(2), services(1, "J0897"), noncovered(2, "M81.0"))
    export = read(tmp_path_factory.mktemp("export"), *parts, article_x_icd10_covered=table)
    ((_, tables),) = exports_in(
        written(tmp_path_factory.mktemp("again"), joined(LOOKUPS, *parts), article_x_icd10_covered=table)
    )
    every = sum(1 for one in tables.values() for _ in one.rows())
    assert export.rows == every
    of_table = [one for one in export.left_out if one.reason.startswith("article_x_icd10_covered.csv")]
    used = sum(len(places) // 2 for places in export.listings.values()) - 1  # One is listed as not supporting.
    assert used + sum(one.count for one in of_table) == sum(1 for _ in tables["article_x_icd10_covered"].rows())


def test_a_policy_says_where_the_public_can_read_it(tmp_path: Path) -> None:
    (policy,) = read(tmp_path, article(57778, version=12)).policies
    assert isinstance(policy, Policy)
    assert policy.address.endswith("article.aspx?articleid=57778&ver=12")
    assert Code(CodeSystem.HCPCS, "J0897") not in read(tmp_path, article(1)).listings
