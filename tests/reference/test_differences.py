"""What changed between two editions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg.errors import NotFound, UsageError
from kg.model import Code, CodeSystem
from kg.reference import Edition, Entry, Release
from kg.reference.differences import Change, Difference, Differences, compare, differences, editions
from tests.data.official import REFERENCE, needs_reference

JANUARY, OCTOBER = date(2025, 1, 1), date(2025, 10, 1)
A, B = (Code.parse(code, CodeSystem.HCPCS) for code in ("J0001", "J0002"))


def edition(*entries: Entry, complete: bool = True, issued: date | None = OCTOBER, quotable: bool = True) -> Edition:
    release = Release(
        "r", CodeSystem.HCPCS, "R", issued, complete, "public", "here", outside="D.*", quotable=quotable
    )  # fmt: skip
    return Edition(release, entries)


def told(found: Differences) -> list[tuple[str, str, date | None]]:
    return [(change.change.value, change.code.value, change.on) for change in found.changes]


def test_a_code_that_is_new() -> None:
    new = Entry(B, "Two", valid_from=date(2025, 4, 1))
    found = compare(edition(Entry(A, "One")), edition(Entry(A, "One"), new))
    assert found == Differences((Difference(Change.ADDED, B, None, new, date(2025, 4, 1)),))
    undated = compare(edition(), edition(Entry(B, "Two")))
    assert told(undated) == [("added", "J0002", OCTOBER)], "since the release holds, where the code does not say"


def test_a_code_that_is_gone() -> None:
    found = compare(edition(Entry(A, "One")), edition(Entry(B, "Two")))
    assert told(found) == [("ended", "J0001", OCTOBER), ("added", "J0002", OCTOBER)]
    had_ended = Entry(A, "One", valid_through=date(2020, 12, 31))
    assert told(compare(edition(had_ended), edition())) == []


def test_a_code_that_got_a_last_day_and_one_that_lost_it() -> None:
    held, ended = Entry(A, "One"), Entry(A, "One", valid_through=date(2025, 3, 31))
    assert told(compare(edition(held), edition(ended))) == [("ended", "J0001", date(2025, 3, 31))]
    assert told(compare(edition(ended), edition(held))) == [("reactivated", "J0001", OCTOBER)]
    anew = Entry(A, "One", valid_from=date(2025, 7, 1))
    assert told(compare(edition(ended), edition(anew))) == [("reactivated", "J0001", date(2025, 7, 1))]


def test_a_name_is_another_by_more_than_how_it_is_written() -> None:
    assert told(compare(edition(Entry(A, "One  drug é")), edition(Entry(A, "ONE DRUG E")))) == []
    found = compare(edition(Entry(A, "One")), edition(Entry(A, "Another")))
    assert told(found) == [("renamed", "J0001", OCTOBER)]
    (change,) = found.changes
    assert (change.before, change.after) == (Entry(A, "One"), Entry(A, "Another"))


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (True, False, "became a heading"),
        (False, True, "became billable"),
        (None, True, None),
        (False, None, None),
        (True, True, None),
    ],
)
def test_headings(old: bool | None, new: bool | None, change: str | None) -> None:
    found = compare(edition(Entry(A, "One", billable=old)), edition(Entry(A, "One", billable=new)))
    assert [one.change.value for one in found.changes] == ([change] if change else [])


def test_one_code_may_change_in_several_ways() -> None:
    ended = Entry(A, "Another", valid_through=date(2025, 3, 31))
    assert [one[0] for one in told(compare(edition(Entry(A, "One")), edition(ended)))] == ["ended", "renamed"]


def test_what_an_excerpt_lacks_is_neither_new_nor_gone() -> None:
    found = compare(edition(Entry(A, "One")), edition(Entry(B, "Two"), complete=False))
    assert found == Differences((Difference(Change.ADDED, B, None, Entry(B, "Two"), OCTOBER),), (A,))
    found = compare(edition(Entry(A, "One"), complete=False), edition(Entry(B, "Two")))
    assert (told(found), found.untold) == ([("ended", "J0001", OCTOBER)], (B,))


def test_what_began_after_an_excerpt_is_new() -> None:
    old = edition(complete=False, issued=JANUARY)
    found = compare(old, edition(Entry(A, "One", valid_from=date(2025, 1, 2)), Entry(B, "Two", valid_from=JANUARY)))
    assert (told(found), found.untold) == ([("added", "J0001", date(2025, 1, 2))], (B,))
    found = compare(edition(complete=False, issued=None), edition(Entry(A, "One", valid_from=JANUARY)))
    assert found.untold == (A,)


def test_what_a_release_does_not_cover_is_not_told() -> None:
    dental = Code.parse("D0120", CodeSystem.HCPCS)
    assert compare(edition(Entry(dental, "Dental")), edition()) == Differences((), (dental,))


def test_blocks_are_compared_where_both_have_them() -> None:
    release = Release("icd", CodeSystem.ICD10CM, "ICD", OCTOBER, True, "public", "here")
    block, other, code = (Entry(Code(CodeSystem.ICD10CM, name), name) for name in ("A00-A09", "B00-B09", "A00"))
    with_blocks, without = Edition(release, (block, code)), Edition(release, (code,))
    assert compare(without, with_blocks) == compare(with_blocks, without) == Differences(())
    assert told(compare(with_blocks, Edition(release, (other, code)))) == [
        ("ended", "A00-A09", OCTOBER),
        ("added", "B00-B09", OCTOBER),
    ]


def test_names_that_may_not_be_shown_are_not() -> None:
    found = compare(edition(Entry(A, "One")), edition(Entry(A, "Another", names=("Other",)), quotable=False))
    assert [(one.change, one.after) for one in found.changes] == [(Change.RENAMED, Entry(A, ""))]


def test_what_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such file: 'none'"):
        editions("none", tmp_path)
    with pytest.raises(UsageError, match="releases of CPT and HCPCS"):
        differences("bundled-cpt", "bundled-hcpcs", tmp_path)


def limits(folder: Path, quarter: str, *rows: str) -> str:
    """A file of payment limits of a quarter."""
    path = folder / f"limits {quarter}.csv"
    head = "HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Coinsurance Percentage,Notes"
    path.write_text(
        "\n".join((head, *(f"{code},x,{dosage},{limit},20," for code, dosage, limit in map(str.split, rows))))
    )
    return str(path)


@pytest.mark.slow
def test_payment_limits_of_two_quarters(tmp_path: Path) -> None:
    old = limits(tmp_path, "October 2025", "J0129 10MG 41.10", "J3262 1MG 5.000", "J1745 10MG 30.1", "90371 1MG 7")
    new = limits(tmp_path, "January 2026", "J0129 10MG 42.00", "J3262 1MG 5", "J0135 20MG 800", "90371 2MG 7.0")
    found = differences(old, new, tmp_path)
    assert [(one.change.value, one.code.curie, one.on) for one in found.changes] == [
        ("limit added", "hcpcs:J0135", date(2026, 1, 1)),
        ("limit changed", "cpt:90371", date(2026, 1, 1)),
        ("limit changed", "hcpcs:J0129", date(2026, 1, 1)),
        ("limit ended", "hcpcs:J1745", date(2026, 1, 1)),
    ]
    changed = found.changes[2]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.name, changed.after.name) == ("41.10 USD per 10MG", "42.00 USD per 10MG")
    assert (changed.before.row, found.untold) == (2, ())


@pytest.mark.slow
def test_limits_are_compared_with_limits_of_their_kind(tmp_path: Path) -> None:
    paths = []
    for whose in ("Practitioner", "DME Supplier"):
        path = tmp_path / f"{whose} 2026-07-01.csv"
        head = f"HCPCS/CPT Code,{whose} Services MUE Values,MUE Adjudication Indicator,MUE Rationale"
        path.write_text(f"{head}\nJ1745,100,3 Date,Data\n")
        paths.append(str(path))
    assert differences(paths[0], paths[0], tmp_path) == Differences(())
    with pytest.raises(UsageError, match="releases of units limits for practitioner services and units limits for DME"):
        differences(*paths, tmp_path)
    with pytest.raises(UsageError, match="releases of payment limits and HCPCS Level II"):
        differences(limits(tmp_path, "January 2026", "J0129 10MG 42"), "bundled-hcpcs", tmp_path)


@pytest.mark.slow
@needs_reference
def test_two_editions_of_nucc(tmp_path: Path) -> None:
    old, new = (str(REFERENCE / "nucc" / f"nucc_taxonomy_{number}.csv") for number in ("250", "251"))
    found = differences(old, new, tmp_path)
    assert {one.change for one in found.changes} >= {Change.ADDED}
    assert sum(one.change is Change.ADDED for one in found.changes) == 883 - 879
    assert found.untold == ()


@needs_reference
@pytest.mark.slow
def test_six_years_of_hcpcs(tmp_path: Path) -> None:
    old = str(REFERENCE / "hcpcs" / "2019-Alpha-Numeric-HCPCS-File.zip")
    new = str(REFERENCE / "hcpcs" / "HCPC2025_OCT_ANWEB.xlsx")
    found = differences(old, new, tmp_path)
    changed = {(one.code.value, one.change) for one in found.changes}
    assert {("J1299", Change.ADDED), ("J1300", Change.ENDED)} <= changed
    assert [list(Change).index(one.change) for one in found.changes] == sorted(
        list(Change).index(one.change) for one in found.changes
    )
