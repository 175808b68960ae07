"""Claim adjustment reason codes and remittance advice remark codes of X12, from your own copy of a list.

Numbers and days are facts; the words are X12's, so that none of them comes along.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from operator import itemgetter

from kg import resources
from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem, Concept, Kind, Relation, Statement
from kg.reference.formats import listing
from kg.reference.formats.days import day_in
from kg.reference.release import Edition, Entry, Format, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import issued_from_names

_LICENCE = "numbers and days; the words are copyright of X12, read from your own copy, which is not to be passed on"
_SOURCE = "https://x12.org/codes"

_COLUMNS = listing.Columns(
    {
        "code": r"(?:ca|ra)rc(?:code)?|(?:claimadjustment)?reasoncode|(?:remittanceadvice)?remarkcode|code",
        "description": r"(?:code)?description|definition|reason|remark",
        "start": r"start(?:date)?|effective(?:date)?",
        "stop": r"(?:stop|end|deactivation)(?:date)?",
        "modified": r"(?:last)?modified(?:date)?",
        "notes": r"notes?",
    },
    marks=("code", "description"),
    words=("Description",),
    optional=("start", "stop", "modified", "notes"),
)
# What X12 writes below the words: "Start: 01/01/1995 | Last Modified: 09/30/2007 | Stop: 01/01/2008 | Notes: …".
_START = re.compile(r"\s*\|?\s*\bStart:\s*(?P<start>\S+)(?P<rest>.*)", re.IGNORECASE)
_STOP = re.compile(r"\bStop:\s*(?P<stop>\S+)", re.IGNORECASE)
_NOTES = re.compile(r"\bNotes?:\s*(?P<notes>.*)", re.IGNORECASE)
_SYSTEMS = (CodeSystem.CARC, CodeSystem.RARC)
_LOOKED_AT, _SHARE = 50, 0.9
# CARC has some 300 numbers in use and out of it, RARC more than 1,000.
_COMPLETE = {CodeSystem.CARC: 250, CodeSystem.RARC: 800}


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row says: the words without what stands below them, and the days."""

    words: str
    start: date | None
    stop: date | None
    notes: str


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read the codes of a list with their days; each CARC gives the reasons for denial that bear its number."""
    system = _system(file)
    if system is None:
        raise ReleaseError(f"{file.path}: neither a list of CARC nor one of RARC")
    found = listing.read(file, _COLUMNS)
    # Of a row that is left out only the code is shown, as the words are not ours to pass on.
    entries, rows, left_out = listing.entries_of(found, partial(_entry, system), itemgetter("code"))
    statements = tuple(statement for entry in entries.values() for statement in _reasons(entry))
    yield Edition(_release(file, system, len(entries)), tuple(entries.values()), statements, rows, tuple(left_out))


def _row(cells: dict[str, str]) -> _Row:
    match = _START.search(cells["description"])
    below = match["rest"] if match else ""
    start, stop, notes = match["start"] if match else "", _STOP.search(below), _NOTES.search(below)
    return _Row(
        words=cells["description"][: match.start()] if match else cells["description"],
        start=day_in(cells["start"] or start),
        stop=day_in(cells["stop"] or (stop["stop"] if stop else "")),
        notes=cells["notes"] or (notes["notes"] if notes else ""),
    )


def _entry(system: CodeSystem, row: int, cells: dict[str, str]) -> Entry:
    code, content = Code.parse(cells["code"], system), _row(cells)
    if content.start and content.stop and content.stop < content.start:
        raise listing.NotUsed(f"ends on {content.stop}, before it begins")
    notes = (("notes", content.notes),) if content.notes else ()
    return Entry(code, content.words, valid_from=content.start, valid_through=content.stop, notes=notes, row=row)


def _reasons(entry: Entry) -> Iterator[Statement]:
    """The reasons for denial of `denials.tsv` that a number gives."""
    if entry.code.system is not CodeSystem.CARC:
        return
    for row in resources.table("data", "names", "denials.tsv"):
        if row["carc"] == entry.code.value:
            reason = Concept.named(Kind.DENIAL, row["name"])
            yield Statement(
                entry.concept, Relation.GIVES_REASON, reason, entry.row, entry.code.value, entry.valid_from,
                entry.valid_through,
            )  # fmt: skip


def _system(file: ReleaseFile) -> CodeSystem | None:
    """Whether nearly all codes of a list are of one of the two systems, with days as X12 gives them."""
    rows = list(islice(listing.read(file, _COLUMNS).rows(), _LOOKED_AT))
    if not any(cells["start"] or _START.search(cells["description"]) for _, cells in rows):
        return None
    counts = Counter(system for _, cells in rows for system in _SYSTEMS if _is_of(system, cells["code"]))
    system, count = max(counts.items(), key=lambda item: item[1], default=(None, 0))
    return system if count >= _SHARE * len(rows) else None


def _is_of(system: CodeSystem, text: str) -> bool:
    try:
        Code.parse(text, system)
    except MalformedCode:
        return False
    return True


def _release(file: ReleaseFile, system: CodeSystem, count: int) -> Release:
    issued = file.since or issued_from_names(file.hints)
    complete = count >= _COMPLETE[system]
    return Release(
        identifier=f"{system}-{month_key(issued)}",
        system=system,
        title=f"{system.noun}, {month_words(issued)}{'' if complete else ', an excerpt'}",
        issued=issued,
        complete=complete,
        licence=_LICENCE,
        source=_SOURCE,
    )


def _recognises(file: ReleaseFile) -> bool:
    if not listing.recognises(file, _COLUMNS):
        return False
    try:
        return _system(file) is not None
    except ReleaseError:  # Its end is no table.
        return False


FORMAT = Format("reason-codes", "CARC or RARC, your own copy (csv, xlsx)", _recognises, read)
