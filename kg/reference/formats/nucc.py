"""The NUCC taxonomy of provider specialties as CSV; its definitions are not taken over."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference.release import Edition, Entry, Format, LeftOut, Release, ReleaseFile
from kg.reference.release_files import LARGEST_TABLE, decoded, is_archive

LICENCE = "copyright of the American Medical Association on behalf of NUCC"

# Display names came in 2020; the files before lack the column.
_COLUMNS = ("Code", "Grouping", "Classification", "Specialization", "Notes")
# What tells the format; a file of it that lacks another column is refused.
_TELLING = ("Code", "Classification", "Specialization")
_HEAD = 2**14
# Editions since 2007 have more than 800 codes in some 29 groupings.
_CODES, _GROUPINGS = 600, 20

_NUMBER = re.compile(r"taxonomy[-_ .]*v?(?:ersion)?[-_ .]*(?P<year>[0-2][0-9])[-_.]?(?P<half>[01])(?![0-9])", re.I)
_DATE = r"(?P<month>1[0-2]|0?[1-9])/(?P<day>[0-3]?[0-9])/(?P<year>[12][0-9]{3})"
_NOTED = re.compile(rf"(?<![0-9/]){_DATE}(?![0-9/])")
_INACTIVE = re.compile(rf"{_DATE}:\s*marked inactive[^\]<\n]*", re.I)
_ENDS = re.compile(rf"Deactivation Date:\s*{_DATE}", re.I)
_INSTEAD = re.compile(r"\buse\s+(?:value\s+)?([0-9]{3}[0-9A-Z]{6}X)")
_DEACTIVATED = re.compile(r"^\s*Deactivated\s*[-–]\s*", re.I)
_PHYSICIAN = " Physician"


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its line in the file, and its cells by column, without runs of white space."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def recognises(file: ReleaseFile) -> bool:
    """Whether the first lines hold the header of the taxonomy."""
    if is_archive(file.data):
        return False
    head = decoded(ReleaseFile(file.name, file.data[:_HEAD]))
    return any(_is_header(next(csv.reader([line]), [])) for line in head.splitlines()[:20] if len(line) < 1_000)


def read(file: ReleaseFile) -> Iterator[Edition]:
    """The one edition that a file holds."""
    rows: dict[Code, _Row] = {}
    left_out: list[LeftOut] = []
    for row in _rows(file):
        code = _code(row, left_out)
        if code in rows:
            left_out.append(_unused(row, f"{row['Code']} stands in line {rows[code].line} already"))
        elif code:
            rows[code] = row
    if not rows:
        raise ReleaseError(f"{file.path}: no code of the NUCC taxonomy can be read")
    heads = _heads(rows)
    yield Edition(
        release=_release(file, rows),
        entries=tuple(_entry(code, row, heads) for code, row in rows.items()),
        statements=tuple(statement for code, row in rows.items() for statement in _successors(code, row, rows)),
        rows=len(rows) + len(left_out),
        left_out=tuple(left_out),
    )


def _is_header(cells: Iterable[str]) -> bool:
    names = {cell.strip() for cell in cells}
    return names.issuperset(_TELLING)


def _rows(file: ReleaseFile) -> Iterator[_Row]:
    # `strict`: a quote that is never closed would swallow the rest of the file.
    reader = csv.reader(io.StringIO(decoded(file, LARGEST_TABLE), newline=""), strict=True)
    header: list[str] = []
    line = 0
    try:
        for cells in reader:
            line, start = reader.line_num, line + 1
            if header and any(cell.strip() for cell in cells):
                yield _Row(start, {name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=False)})
            elif not header and _is_header(cells):
                header = [cell.strip() for cell in cells]
                _refuse_without_columns(file, header, start)
    except csv.Error as exc:
        raise ReleaseError(f"{file.path}:{reader.line_num}: not CSV: {exc}") from exc


def _refuse_without_columns(file: ReleaseFile, header: list[str], line: int) -> None:
    missing = [column for column in _COLUMNS if column not in header]
    if missing:
        raise ReleaseError(f"{file.path}:{line}: no column {', '.join(missing)}")


def _code(row: _Row, left_out: list[LeftOut]) -> Code | None:
    try:
        return Code.parse(row["Code"], CodeSystem.NUCC)
    except MalformedCode as exc:
        left_out.append(_unused(row, str(exc)))
        return None


def _unused(row: _Row, reason: str) -> LeftOut:
    return LeftOut(row.line, reason, f"{row['Code']} {_name(row)}".strip()[:200])


def _release(file: ReleaseFile, rows: dict[Code, _Row]) -> Release:
    groupings = {row["Grouping"] for row in rows.values()}
    complete = len(rows) >= _CODES and len(groupings) >= _GROUPINGS
    start = _date_named(file.hints) or file.since or (_newest(rows.values()) if complete else None)
    number = f"{start:%y}.{int(start.month >= 7)}".removeprefix("0") if start else ""
    return Release(
        # An excerpt must not pass for the edition that it was taken from.
        identifier=f"nucc-{number or 'undated'}{'' if complete else '-excerpt'}",
        system=CodeSystem.NUCC,
        title=f"NUCC taxonomy {number or 'of unknown date'}{'' if complete else ', an excerpt'}",
        issued=file.since or start,
        complete=complete,
        licence=LICENCE,
        source=file.path,
    )


def _date_named(hints: Iterable[str]) -> date | None:
    """Since when an edition holds, by its number in a name: 25.0 since January 2025, 25.1 since July."""
    matches = (_NUMBER.search(hint) for hint in hints)
    return next((date(2000 + int(m["year"]), 7 if m["half"] == "1" else 1, 1) for m in matches if m), None)


def _newest(rows: Iterable[_Row]) -> date | None:
    """Since when an edition holds, by the last change that its notes tell."""
    dates = Counter(day for row in rows for match in _NOTED.finditer(row["Notes"]) if (day := _day(match)))
    days = [day for day in dates if (day.month, day.day) in ((1, 1), (7, 1))]
    return max(days, default=None)


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _heads(rows: dict[Code, _Row]) -> dict[tuple[str, str], Code]:
    """The code of each classification as a whole: that without a specialization, where there is one only."""
    wholes = [(_classified(row), code) for code, row in rows.items() if not row["Specialization"]]
    several = Counter(classified for classified, _ in wholes)
    return {classified: code for classified, code in wholes if several[classified] == 1}


def _classified(row: _Row) -> tuple[str, str]:
    return row["Grouping"], row["Classification"]


def _entry(code: Code, row: _Row, heads: dict[tuple[str, str], Code]) -> Entry:
    name = _name(row)
    ended, words = _deactivation(row)
    return Entry(
        code=code,
        name=name,
        broader=heads.get(_classified(row)) if row["Specialization"] else None,
        valid_through=ended,
        names=tuple(dict.fromkeys(other for other in _other_names(row, name) if other and other != name)),
        notes=(("deactivated", words),) if words else (),
        row=row.line,
    )


def _name(row: _Row) -> str:
    """The display name, else what NUCC called a code before it had one: "Internal Medicine, Rheumatology"."""
    composed = ", ".join(filter(None, (row["Classification"], row["Specialization"])))
    return _DEACTIVATED.sub("", row["Display Name"], count=1) or composed


def _other_names(row: _Row, name: str) -> Iterator[str]:
    yield row["Specialization"] or row["Classification"]
    # Display names end with the noun of their grouping; people leave it out.
    if "Physicians" in row["Grouping"].split():
        yield name.removesuffix(_PHYSICIAN)


def _deactivation(row: _Row) -> tuple[date | None, str]:
    """The last day of use of a code that was deactivated, and the words that say so.

    Notes mark a code inactive on the day of an edition, and since 2023 tell the day that it ends beside it.
    """
    inactive_note, end_note = _INACTIVE.search(row["Notes"]), _ENDS.search(row["Notes"])
    words = "; ".join(match[0].strip() for match in (inactive_note, end_note) if match)
    last = end_note or inactive_note
    if not words and _DEACTIVATED.match(row["Display Name"]):
        words = row["Display Name"]
    return _day(last) if last else None, words


def _successors(code: Code, row: _Row, rows: dict[Code, _Row]) -> Iterator[Statement]:
    """The code to use instead of a deactivated one, where the notes name it."""
    ended, words = _deactivation(row)
    match = _INSTEAD.search(words)
    if match is None or match[1] == code.value:
        return
    successor = Code(CodeSystem.NUCC, match[1])
    yield Statement(
        subject=Concept.of(code, _name(row)),
        relation=Relation.REPLACED_BY,
        object=Concept.of(successor, _name(rows[successor]) if successor in rows else None),
        row=row.line,
        text=words,
        valid_from=ended + timedelta(days=1) if ended and ended < date.max else None,
    )


FORMAT = Format("nucc-csv", "NUCC taxonomy (csv)", recognises, read)
