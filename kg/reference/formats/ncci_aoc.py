"""Add-on codes of the NCCI: beside which primary codes a code for an additional service is paid."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kg.errors import MalformedCode
from kg.model import Concept, Relation, Statement
from kg.reference.formats import listing
from kg.reference.formats.columns import text_of_row
from kg.reference.formats.days import NotADay
from kg.reference.formats.ncci import release
from kg.reference.formats.statuses import status
from kg.reference.left_out import LeftOutRows
from kg.reference.release import Edition, Format, ReleaseFile
from kg.reference.release_files import begins_with_lines, decoded
from kg.reference.service_codes import service_code

_COLUMNS = listing.Columns(
    {
        "type": r"aocedittype|edittype",
        "add-on code": r"addoncode",
        "add-on code deleted": r"aocdeldt(?:julian)?",
        "primary code": r"primarycode",
        "primary code deleted": r"primarycodedeldt(?:julian)?",
        "effective": r"aoceditef+dt(?:julian)?",
        "deleted": r"aoceditdeldt(?:julian)?",
        "notes": r"specialinstructions?(?:notes?)?",
    },
    marks=("type", "add-on code", "primary code"),
    words=("Primary Code",),
    optional=("notes",),
)
# The same without a header, as lines of up to 97 characters.
_LINE = re.compile(
    r"(?P<type>[0-9])(?P<addon>[0-9A-Z]{5})(?P<addon_deleted>[0-9 ]{7})(?P<primary>[0-9A-Z]{5})"
    r"(?P<primary_deleted>[0-9 ]{7})(?P<effective>[0-9]{7})(?P<deleted>[0-9 ]{0,7})(?P<notes>.*)"
)
_GROUPS = dict(zip(_COLUMNS.patterns, _LINE.groupindex, strict=True))
_DAY_OF_YEAR = re.compile(r"([12][0-9]{3})([0-9]{3})")
_BY_CONTRACTOR = "CCCCC"


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read add-on codes: each is paid only beside one of its primary codes.

    Where the contractor says which codes these are (`CCCCC`), it is stated that the code is an add-on code of its type.
    """
    yield _edition(file, listing.read(file, _COLUMNS).rows())


def read_lines(file: ReleaseFile) -> Iterator[Edition]:
    """Read the same from lines without a header, where notes are cut short."""
    yield _edition(file, _lines(file))


def _edition(file: ReleaseFile, rows: Iterable[tuple[int, dict[str, str]]]) -> Edition:
    statements: list[Statement] = []
    left_out = LeftOutRows()
    count = 0
    for row, cells in rows:
        count += 1
        text = text_of_row(cells)
        outcome = _statement(row, cells, text)
        if isinstance(outcome, Statement):
            statements.append(outcome)
        else:
            left_out.add(row, outcome, text)
    return Edition(release(file, "aoc", "NCCI add-on codes", series=True), (), tuple(statements), count, left_out.all())


def _lines(file: ReleaseFile) -> Iterator[tuple[int, dict[str, str]]]:
    in_notice = True
    for row, line in enumerate(io.StringIO(decoded(file)), start=1):
        match = _LINE.match(line)
        in_notice = in_notice and match is None
        if match:
            yield row, {name: match[group].strip() for name, group in _GROUPS.items()}
        elif line.strip() and not in_notice:
            # A line that is cut short is a row all the same, of which nothing can be told.
            yield row, dict.fromkeys(_GROUPS, "") | {"type": line.strip()}


def _statement(row: int, cells: dict[str, str], text: str) -> Statement | str:
    """What a row states, or why it states nothing."""
    type_status = status("ncci-add-on", cells["type"])
    if type_status is None:
        return f"not a type of add-on code: {cells['type']!r}"
    by_contractor = cells["primary code"] == _BY_CONTRACTOR
    try:
        addon = Concept.of(service_code(cells["add-on code"]))
        primary = type_status if by_contractor else Concept.of(service_code(cells["primary code"]))
        since, through = _day(cells["effective"]), _last_day(cells)
    except (MalformedCode, NotADay) as exc:
        return str(exc)
    if since is None:
        return "no effective date"
    if through and through < since:
        return "never in force"
    relation = Relation.HAS_STATUS if by_contractor else Relation.ADD_ON_TO
    details = (("addOnType", cells["type"]), ("specialInstruction", cells["notes"]))
    return Statement(
        addon, relation, primary, row, text, since, through, tuple(detail for detail in details if detail[1])
    )


def _last_day(cells: dict[str, str]) -> date | None:
    """The last day: of the pair, or of one of its codes, whichever comes first."""
    days = (_day(cells[column]) for column in ("deleted", "add-on code deleted", "primary code deleted"))
    return min(filter(None, days), default=None)


def _day(text: str) -> date | None:
    """A day as a year and the number of the day in it: 2026091 is the first of April."""
    if not text:
        return None
    match = _DAY_OF_YEAR.fullmatch(text)
    day = date(int(match[1]), 1, 1) + timedelta(days=int(match[2]) - 1) if match else None
    if match is None or day is None or day.year != int(match[1]):
        raise NotADay(f"not a day: {text!r}")
    return day


def _recognises(file: ReleaseFile) -> bool:
    return listing.recognises(file, _COLUMNS)


def _is_of_lines(file: ReleaseFile) -> bool:
    return begins_with_lines(file, _LINE.match)


FORMAT = Format("ncci-aoc", "NCCI add-on codes (xlsx, text)", _recognises, read)
"""`AOC_V2026Q2-MCR.xlsx`, `AOC_V2026Q2-MCR.txt`."""

LINES = Format("ncci-aoc-lines", "NCCI add-on codes (text of fixed width)", _is_of_lines, read_lines)
"""`AOC_V2026Q2-F-MCR.txt`."""
