"""The conversion table of ICD-10-CM: for each new code, how the same was coded before, and since when it is new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from kg import resources
from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference.formats import listing
from kg.reference.formats.icd10cm_order import issued_of, release_of
from kg.reference.formats.workbook import named, pattern_of, plain, sheets, text_of
from kg.reference.release import Edition, Format, LeftOut, Release, ReleaseFile
from kg.reference.release_files import is_archive

_NEW, _SINCE, _BEFORE = "CURRENT CODE ASSIGNMENT", "EFFECTIVE", "PREVIOUS CODE(S) ASSIGNMENT"
_HEADING = pattern_of((_NEW, _BEFORE))
# The same columns in a csv; until 2020 the second was "Effective October 1".
_OF_CSV = listing.Columns(
    {_NEW: r"currentcodeassignment", _SINCE: r"effective.*", _BEFORE: r"previouscodes?assignment"}, (_NEW, _BEFORE)
)
_HEADER_WITHIN = 100

# "C50.911, C50.921", "G93.3; R53.82", "H02.201, H02.202 and H02.204", "W18.39XA & W54.8XXA".
_BETWEEN = re.compile(r"\s*(?:[,;&]|\band\b)\s*", re.IGNORECASE)
_RANGE = re.compile(r"(\S+)\s*-\s*(\S+)")
# What no table comes near, so that a file made to do harm ends soon: that of 2026 states some 7,000 things.
_MOST = 200_000


@dataclass(slots=True)
class _Table:
    statements: list[Statement] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    rows: int = 0


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read the table as statements: the code used before is replaced by the new one from its day, in whole or in part.

    A row that names no code, or names codes in words ("Codes in Categories T15-T19"), is left out as a whole.
    """
    table = _Table()
    for row, cells in _rows(file):
        table.rows += 1
        text = " | ".join(filter(None, cells))
        statements = _statements(row, cells, text)
        if isinstance(statements, str):
            table.left_out.append(LeftOut(row, statements, text[:200]))
        else:
            table.statements += statements
        if len(table.statements) > _MOST:
            raise ReleaseError(f"{file.path}:{row}: more codes than any conversion table has")
    yield Edition(_release(file, table), (), tuple(table.statements), table.rows, tuple(table.left_out))


def _rows(file: ReleaseFile) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """The rows below the header that are not empty: the new code, its day and the codes before, as text."""
    if is_archive(file.data):
        yield from _of_workbook(file)
        return
    for row, cells in listing.read(file, _OF_CSV).rows():
        yield row, (cells[_NEW], cells[_SINCE], cells[_BEFORE])


def _of_workbook(file: ReleaseFile) -> Iterator[tuple[int, tuple[str, str, str]]]:
    has_header = False
    for sheet in sheets(file):
        places: tuple[int, int, int] | None = None
        for row, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
            if places:
                new, since, before = (text_of(cells[place]) for place in places)
                if new or since or before:
                    yield row, (new, since, before)
            elif row > _HEADER_WITHIN:
                break
            else:
                places = _places([plain(text_of(cell)) for cell in cells])
                has_header = has_header or places is not None
    if not has_header:
        raise ReleaseError(f"{file.path}: no sheet with the columns {_NEW}, {_SINCE} and {_BEFORE}")


def _places(names: list[str]) -> tuple[int, int, int] | None:
    since = next((place for place, name in enumerate(names) if name.startswith(_SINCE)), None)
    if since is None or _NEW not in names or _BEFORE not in names:
        return None
    return names.index(_NEW), since, names.index(_BEFORE)


def _statements(row: int, cells: tuple[str, str, str], text: str) -> list[Statement] | str:
    """What a row states, or why it states nothing."""
    new, since, before = cells
    day = _day(since)
    if day is None:
        return f"not a year or a day: {since!r}"
    if before.lower() == "none":
        return "no code was used before"
    try:
        code, codes = _code(new), [code for piece in _BETWEEN.split(before) for code in _codes(piece)]
    except MalformedCode as exc:
        return str(exc)
    subjects = (earlier for earlier in dict.fromkeys(codes) if earlier != code)
    return [
        Statement(Concept.of(earlier), Relation.REPLACED_BY, Concept.of(code), row, text, day) for earlier in subjects
    ]


def _code(text: str) -> Code:
    return Code.parse(text, CodeSystem.ICD10CM)


def _codes(text: str) -> list[Code]:
    """The code that a text names, or those of a range ("H02.101-H02.106"); raises `MalformedCode` with the value."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return [_code(text)]
    first, last = _code(match[1]), _code(match[2])
    alike = first.value[:3] == last.value[:3] and len(first.value) == len(last.value)
    # "S06.890D-S06.899D" goes over the sixth characters alone.
    seventh = first.value[7:]
    if not alike or seventh != last.value[7:] or first > last:
        raise MalformedCode(f"not a range of codes of one length in one category: {text!r}")
    return [first, *(code for code in _between(first, last) if code.value[7:] == seventh), last]


def _between(first: Code, last: Code) -> Iterator[Code]:
    """The codes that there are between two of one category: not every number between theirs is a code."""
    for tail in _tails().get(first.value[:3], "").split():
        value = f"{first.value[:4]}{tail.removesuffix('-')}"
        if len(value) == len(first.value) and first.value < value < last.value:
            yield Code(CodeSystem.ICD10CM, value)


@cache
def _tails() -> dict[str, str]:
    rows = resources.table("data", "reference", "icd10cm-codes.tsv")
    return {row["category"].removesuffix("-"): row["codes"] for row in rows}


def _day(text: str) -> date | None:
    """The first day: as it stands there, or the first of October of a year."""
    try:
        if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
            return date(int(match[3]), int(match[1]), int(match[2]))
        return date.fromisoformat(f"{text}-10-01" if re.fullmatch(r"\d{4}", text) else text)
    except ValueError:
        return None


def _release(file: ReleaseFile, table: _Table) -> Release:
    """Tables are cumulative: where no name tells the date, the newest code in it does."""
    days = [statement.valid_from for statement in table.statements if statement.valid_from]
    issued = issued_of(file) or max(days, default=None)
    return release_of(issued, "icd10cm-conversion", "ICD-10-CM conversion table")


def _recognises(file: ReleaseFile) -> bool:
    if is_archive(file.data):
        return named(file, _HEADING) == {_NEW, _BEFORE}
    return listing.recognises(file, _OF_CSV)


FORMAT = Format("icd10cm-conversion", "ICD-10-CM conversion table (xlsx, csv)", _recognises, read)
"""`icd10cm-conversion-table-FY2026.xlsx`."""
