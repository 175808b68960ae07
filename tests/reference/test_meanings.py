"""What a code means and when, as the releases of several years tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Code, CodeSystem
from kg.reference.meanings import Meaning, meanings, on
from kg.reference.release import Edition, Entry, Release

CODE = Code.parse("M06.9")
OTHER = Code.parse("M05.9")
ENTRY = Entry(CODE, "Rheumatoid arthritis, unspecified", billable=True)
YEARS = [date(year, 10, 1) for year in range(2015, 2021)]


def release(issued: date, system: CodeSystem = CodeSystem.ICD10CM, **more: object) -> Release:
    return Release(f"{system}-{issued}", system, f"{system} {issued}", issued, True, "public", "here", **more)  # type: ignore[arg-type]


def editions(*found: Entry | None) -> list[Edition]:
    """A release a year from 2015 on, each with an entry or without it, and all with another code."""
    made = [
        Edition(release(issued), tuple(entry for entry in (one, Entry(OTHER, "x", billable=True)) if entry))
        for issued, one in zip(YEARS, found, strict=False)
    ]
    return made[::-1]


def days(said: tuple[Meaning, ...]) -> list[tuple[date | None, date | None]]:
    return [(meaning.entry.valid_from, meaning.entry.valid_through) for meaning in said]


def test_a_code_begins_on_the_day_of_the_first_release_that_has_it() -> None:
    assert days(meanings(editions(None, ENTRY, ENTRY))[CODE]) == [(date(2016, 10, 1), None)]


def test_a_code_ends_on_the_day_before_the_first_release_that_lacks_it() -> None:
    assert days(meanings(editions(ENTRY, ENTRY, None, None))[CODE]) == [(None, date(2017, 9, 30))]


def test_a_code_of_the_oldest_release_has_no_first_day() -> None:
    assert days(meanings(editions(ENTRY, ENTRY))[CODE]) == [(None, None)]


def test_a_code_that_was_gone_for_years_has_two_meanings() -> None:
    found = meanings(editions(ENTRY, None, None, ENTRY))[CODE]
    assert days(found) == [(date(2018, 10, 1), None), (None, date(2016, 9, 30))]


def test_a_code_that_became_a_heading_and_back_has_both_days() -> None:
    heading = replace(ENTRY, billable=False)
    (found,) = meanings(editions(ENTRY, heading, heading, ENTRY))[CODE]
    assert found.entry.turned == (date(2018, 10, 1), date(2016, 10, 1))
    assert [found.entry.billable_on(day) for day in YEARS[:5]] == [True, False, False, True, True]


def test_days_that_are_told_before_by_the_newest_are_kept_beside_older_releases() -> None:
    """A release that tells of all days since 2016 is joined by one of 2015 and one of 2017."""
    newest = Edition(
        release(date(2026, 4, 1), since=date(2016, 10, 1)),
        (
            Entry(CODE, "new in 2018", valid_from=date(2018, 10, 1)),
            Entry(OTHER, "always", billable=False, turned=(date(2018, 10, 1),)),
        ),
    )
    others = [Edition(release(day), (Entry(OTHER, "always", billable=True),)) for day in (YEARS[2], YEARS[0])]
    found = meanings([newest, *others])
    assert days(found[CODE]) == [(date(2018, 10, 1), None)]
    assert days(found[OTHER]) == [(None, None)]
    assert found[OTHER][0].entry.turned == (date(2018, 10, 1),)


def test_what_an_older_release_lacks_began_when_the_newest_begins_to_tell() -> None:
    newest = Edition(release(date(2026, 4, 1), since=date(2016, 10, 1)), (ENTRY, Entry(OTHER, "x")))
    found = meanings([newest, Edition(release(YEARS[0]), (Entry(OTHER, "x"),))])
    assert days(found[CODE]) == [(date(2016, 10, 1), None)]


def test_a_code_that_is_given_out_again_means_another_thing() -> None:
    code = Code.parse("J1440")
    older = Entry(code, "filgrastim", valid_from=date(1994, 1, 1), valid_through=date(2013, 12, 31))
    newer = Entry(code, "microbiota", valid_from=date(2023, 7, 1))
    hcpcs = [Edition(release(day, CodeSystem.HCPCS), (entry,)) for day, entry in ((YEARS[5], newer), (YEARS[0], older))]
    found = meanings(hcpcs)[code]
    assert [meaning.entry.name for meaning in found] == ["microbiota", "filgrastim"]
    for day, name in (
        (date(2013, 6, 1), "filgrastim"),
        (date(2016, 1, 1), "filgrastim"),
        (date(2024, 1, 1), "microbiota"),
    ):
        assert on(day, found).entry.name == name
    assert on(date(1990, 1, 1), found).entry.name == "filgrastim"
    assert on(None, found).entry.name == "microbiota"


def test_a_meaning_of_which_no_end_is_told_ends_when_the_next_begins() -> None:
    code = Code.parse("G9890")
    entries = [Entry(code, "bridge", valid_from=date(2018, 4, 1)), Entry(code, "exam", valid_from=date(2018, 1, 1))]
    hcpcs = [
        Edition(release(day, CodeSystem.HCPCS), (entry,))
        for day, entry in zip((YEARS[5], YEARS[2]), entries, strict=True)
    ]
    assert days(meanings(hcpcs)[code]) == [(date(2018, 4, 1), None), (date(2018, 1, 1), date(2018, 3, 31))]


def test_names_of_older_releases_are_kept() -> None:
    (found,) = meanings(editions(replace(ENTRY, name="Old name"), ENTRY))[CODE]
    assert [name for name, _ in found.names] == ["Old name"]


def test_codes_that_a_release_does_not_cover_are_not_missing_from_it() -> None:
    block = Code(CodeSystem.ICD10CM, "M05-M14")
    listed = Edition(release(YEARS[1], outside=".*-.*"), (ENTRY,))
    tabular = [Edition(release(day), (ENTRY, Entry(block, "block"))) for day in (YEARS[2], YEARS[0])]
    found = meanings([tabular[0], listed, tabular[1]])
    assert days(found[block]) == [(None, None)]


@given(st.lists(st.sampled_from([None, True, False]), min_size=2, max_size=6))
def test_on_the_day_of_a_release_a_code_is_what_the_release_says(flags: list[bool | None]) -> None:
    """Whatever the releases say: on its day each is right, on the days before the next one as well."""
    found = meanings(editions(*(None if flag is None else replace(ENTRY, billable=flag) for flag in flags)))
    for flag, issued in zip(flags, YEARS, strict=False):
        for day in (issued, issued + timedelta(days=364)):
            if CODE not in found:
                assert flag is None
                continue
            entry = on(day, found[CODE]).entry
            assert entry.holds_on(day) == (flag is not None)
            assert flag is None or entry.billable_on(day) == flag


@pytest.mark.parametrize("day", [None, date(2016, 1, 1)])
def test_a_code_with_one_meaning_has_it_on_every_day(day: date | None) -> None:
    found = meanings(editions(ENTRY))[CODE]
    assert on(day, found) is found[0]
