"""The order file of ICD-10-CM: every code and heading with its names, in fixed columns."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kg.collector import no_collection
from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem
from kg.reference.release import Edition, Entry, Format, LeftOut, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import decoded, month_in, year_in

LICENCE = "work of the US government, in the public domain"
SOURCE = "https://www.cms.gov/medicare/coding-billing/icd-10-codes"

# Number, code without its dot, flag, short name: the head of a line, by its columns.
_LINE = re.compile(rb"[ \d]{4}\d [A-Z][0-9A-Z]{2,6} {1,5}[01] \S")
_NUMBER, _CODE, _FLAG, _SHORT, _LONG = slice(0, 5), slice(6, 13), slice(14, 15), slice(16, 76), slice(77, None)
_HEAD = 8192

# "April-1-2026": the day between a month and its year.
_DAY = re.compile(r"(?<=[A-Za-z])[-_ ]\d{1,2}[-_, ]+(?=20\d\d)")
# A release has had more than 70,000 codes in every year, from A00 to Z99.
_MANY = 50_000
_NOT_A_CODE = "not an ICD-10-CM code"


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read an order file; a code stands under the longest code of the file that it begins with.

    What is incomplete by its content (cut off, an excerpt, lines that cannot be read) is not called complete.
    """
    with no_collection():
        rows, left_out = _rows(file)
        if not rows:
            raise ReleaseError(f"{file.path}: no line of an ICD-10-CM order file can be read")
        entries = tuple(_entries(rows))
    count = len(rows) + len(left_out)
    release = release_of(issued_of(file), complete=_complete(rows, left_out), outside=_BLOCKS)
    yield Edition(release, entries, (), count, tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    code: Code
    billable: bool
    short: str
    name: str


def _recognises(file: ReleaseFile) -> bool:
    lines = [line for line in file.data[:_HEAD].removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()][:10]
    return 2 * sum(_LINE.match(line) is not None for line in lines) > len(lines)


def _rows(file: ReleaseFile) -> tuple[dict[str, _Row], list[LeftOut]]:
    """What the lines say by code without the dot, and the lines that say nothing."""
    rows: dict[str, _Row] = {}
    left_out = []
    for number, line in enumerate(io.StringIO(decoded(file), newline=None), 1):
        if not line.strip():
            continue
        row = _row(number, line)
        if isinstance(row, str):
            left_out.append(LeftOut(number, row, line.strip()[:200]))
        elif (key := line[_CODE].rstrip()) in rows:
            left_out.append(LeftOut(number, f"the code stands in row {rows[key].number} already", line.strip()[:200]))
        else:
            rows[key] = row
    return rows, left_out


def _row(number: int, line: str) -> _Row | str:
    """A line by its columns, or why it cannot be read."""
    short, name, flag = line[_SHORT].strip(), line[_LONG].strip(), line[_FLAG]
    if not line[_NUMBER].strip().isdecimal() or flag not in ("0", "1"):
        return "not a line of an order file"
    if not name:
        return "no name"
    if " " in (text := line[_CODE].rstrip()):
        return _NOT_A_CODE
    try:
        code = Code.parse(text, CodeSystem.ICD10CM)
    except MalformedCode:
        return _NOT_A_CODE
    return _Row(number, code, flag == "1", short, name)


def _entries(rows: dict[str, _Row]) -> Iterator[Entry]:
    for key, row in rows.items():
        lengths = range(len(key) - 1, 2, -1)
        above = next((rows[key[:length]].code for length in lengths if key[:length] in rows), None)
        names = (row.short,) if row.short and row.short != row.name else ()
        yield Entry(row.code, row.name, above, row.billable, names=names, row=row.number)


def _complete(rows: dict[str, _Row], left_out: list[LeftOut]) -> bool:
    """Whether the file can refute: what is no ICD-10-CM code to us cannot be asked for, so it does not count."""
    letters = {key[0] for key in rows}
    whole = all(omission.reason == _NOT_A_CODE for omission in left_out)
    return whole and len(rows) >= _MANY and {"A", "Z"} <= letters


def release_of(
    issued: date | None,
    prefix: str = "icd10cm",
    title: str = "ICD-10-CM",
    *,
    complete: bool = False,
    outside: str = "",
) -> Release:
    """A release of ICD-10-CM, of which an order file is the plain one; its date ends its identifier and its title."""
    return Release(
        identifier=f"{prefix}-{month_key(issued)}",
        system=CodeSystem.ICD10CM,
        title=f"{title} {month_words(issued)}",
        issued=issued,
        complete=complete,
        licence=LICENCE,
        source=SOURCE,
        outside=outside,
    )


# Chapters and blocks ("M05-M14") stand in the tabular list alone.
_BLOCKS = r".*-.*"


def issued_of(file: ReleaseFile, version: int | None = None) -> date | None:
    """The first day of a release of ICD-10-CM: given, named, or that of the fiscal year in which it holds.

    Of the year in a name and the `version` that the content gives, the later counts: a version may be left as it
    was in the year before, as in the list of 2015, but no list has one that is still to come.

    >>> issued_of(ReleaseFile("icd10cm_order_2026.txt", b"", hints=("icd10cm_order_2026.txt",)))
    datetime.date(2025, 10, 1)
    """
    named_day = file.since or month_in(_DAY.sub(" ", hint) for hint in file.hints)
    if named_day:
        return named_day
    year = max(filter(None, (version, year_in(file.hints))), default=None)
    return date(year - 1, 10, 1) if year else None


FORMAT = Format("icd10cm-order", "ICD-10-CM order file", _recognises, read)
"""`icd10cm-order-Jan-2021.txt`, `icd10cm_order_2026.txt`."""
