"""The place-of-service code set of CMS, as a table of your own: CMS publishes it as a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kg.model import Code, CodeSystem, Concept, Kind, Relation, Statement
from kg.places import numbered_places
from kg.reference.formats import listing
from kg.reference.formats.columns import text_of_row
from kg.reference.formats.days import day_in
from kg.reference.release import Edition, Entry, Format, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import issued_from_names

_LICENCE = "work of the US government, in the public domain"
_SOURCE = "https://www.cms.gov/medicare/coding-billing/place-of-service-codes/code-sets"

_COLUMNS = listing.Columns(
    {
        "code": r"(?:placeofservice|pos)codes?",
        "name": r"(?:placeofservice|pos)?name|description",
        "description": r"(?:placeofservice|pos)description",
        "first day": r"effectived(?:ate|ay)|firstd(?:ate|ay)",
    },
    marks=("code", "name"),
    words=("Place of Service Name",),
    optional=("description", "first day"),
)
_SINCE = re.compile(r"(?<!revised, )\beffective (?P<day>[a-z]+ \d{1,2}, ?\d{4}|\d{1,2}/\d{1,2}/\d{2,4})", re.IGNORECASE)
_NOBODYS = re.compile(r"unassigned|n/a|not assigned", re.IGNORECASE)
# The set has some fifty.
_COMPLETE = 45
_SHOWN = 200


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read the numbers: what CMS calls each, since when it is there, and for which place it stands."""
    entries, rows, left_out = listing.entries_of(
        listing.read(file, _COLUMNS), _entry, lambda cells: text_of_row(cells)[:_SHOWN]
    )
    release = _release(file, complete=len(entries) >= _COMPLETE)
    yield Edition(release, tuple(entries.values()), tuple(map(_place, entries.values())), rows, tuple(left_out))


def _entry(row: int, cells: dict[str, str]) -> Entry:
    value = cells["code"]
    # A spreadsheet has 1 where the claim has 01.
    code = Code.parse(value.zfill(2) if value.isdecimal() else value, CodeSystem.POS)
    if not cells["name"] or _NOBODYS.fullmatch(cells["name"]):
        raise listing.NotUsed("a number that stands for no place")
    notes = (("description", cells["description"]),) if cells["description"] else ()
    return Entry(code, cells["name"], valid_from=_first_day(cells), notes=notes, row=row)


def _first_day(cells: dict[str, str]) -> date | None:
    if cells["first day"]:
        return day_in(cells["first day"])
    match = _SINCE.search(cells["description"])
    return day_in(match["day"]) if match else None


def _place(entry: Entry) -> Statement:
    """For which place a number stands: one that guides name in words, else that of its own name."""
    place = numbered_places().get(entry.code.value) or Concept.named(Kind.PLACE, entry.name.lower())
    text = f"{entry.code.value} | {entry.name}"
    return Statement(entry.concept, Relation.STANDS_FOR_PLACE, place, entry.row, text, entry.valid_from)


def _release(file: ReleaseFile, *, complete: bool) -> Release:
    issued = file.since or issued_from_names(file.hints)
    return Release(
        identifier=f"pos-{month_key(issued)}",
        system=CodeSystem.POS,
        title=f"CMS place-of-service codes, {month_words(issued)}{'' if complete else ', an excerpt'}",
        issued=issued,
        complete=complete,
        licence=_LICENCE,
        source=_SOURCE,
    )


def _recognises(file: ReleaseFile) -> bool:
    return listing.recognises(file, _COLUMNS)


FORMAT = Format("pos", "CMS place-of-service codes (csv, xlsx)", _recognises, read)
