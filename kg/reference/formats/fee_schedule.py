"""The physician fee schedule's relative value file: what its indicators say of each code. What it pays is not read.

Where an indicator means that a code takes a modifier, that is stated; the others stand beside the status of the code.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from kg.errors import MalformedCode
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference.formats import listing
from kg.reference.formats.columns import text_of_row
from kg.reference.formats.statuses import status
from kg.reference.left_out import LeftOutRows
from kg.reference.release import Edition, Format, LeftOut, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import begins_with_lines, decoded, month_in
from kg.reference.service_codes import service_code

_LICENCE = "published by CMS; CPT is copyright of the American Medical Association, whose descriptors are not read"
_SOURCE = "https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files"

# The description of a code is not read: that of a CPT code is the AMA's.
_COLUMNS = listing.Columns(
    {
        "code": r"hcpcs(?:code)?",
        "modifier": r"mod(?:ifier)?",
        "status": r"statuscode",
        "components": r"pctcind(?:icator)?",
        "globalDays": r"globdays|globalsurgery|globaldays",
        "multipleProcedures": r"multproc",
        "bilateralSurgery": r"bilatsurg",
        "assistantAtSurgery": r"asstsurg",
        "coSurgeons": r"cosurg",
        "teamSurgery": r"teamsurg",
    },
    marks=("code", "modifier", "status", "globalDays"),
    words=("HCPCS", "MOD"),
)
# The same as a line of fixed width, by the record layout that comes with the file.
_LINE = re.compile(
    r"(?P<code>[0-9A-Z]{5})(?P<modifier>.{2}).{50}(?P<status>[A-Z]).{44}(?P<components>[0-9])"
    r"(?P<globalDays>[0-9]{3}|[A-Z]{3}).{9}(?P<multipleProcedures>[0-9])(?P<bilateralSurgery>[0-9])"
    r"(?P<assistantAtSurgery>[0-9])(?P<coSurgeons>[0-9])(?P<teamSurgery>[0-9])"
)

_VALUES: Mapping[str, frozenset[str]] = {
    "components": frozenset("0123456789"),
    "globalDays": frozenset({"000", "010", "090", "MMM", "XXX", "YYY", "ZZZ"}),
    "multipleProcedures": frozenset("012345679"),
    "bilateralSurgery": frozenset("01239"),
    "assistantAtSurgery": frozenset("0129"),
    "coSurgeons": frozenset("0129"),
    "teamSurgery": frozenset("0129"),
}
_DOES_NOT_APPLY = "9"
_BOTH_COMPONENTS = "1"
_COMPONENTS = ("26", "TC")
# A row of its own has what is paid for a component, and for a procedure that was broken off.
_MODIFIERS = frozenset({*_COMPONENTS, "53"})
# What the indicators mean, as the record layout has it. An assistant with indicator 0, and both sides with 0, 2 or 3,
# are paid otherwise or with documentation alone: that a claim may carry the modifier is not said.
_MEANING: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("bilateralSurgery", "1"): ("50",),
    ("assistantAtSurgery", "2"): ("80", "81", "82", "AS"),
    ("coSurgeons", "1"): ("62",),
    ("coSurgeons", "2"): ("62",),
    ("teamSurgery", "1"): ("66",),
    ("teamSurgery", "2"): ("66",),
}
_DELETED_MODIFIER = "H"

_TITLE = re.compile(
    r"(?P<year>20\d\d) national physician fee schedule relative value file\W+(?P<month>[a-z]+) release", re.IGNORECASE
)
_MONTHS = ("january", "april", "july", "october")
# `RVU25D.zip`, `rvu26b-updated-03-10-2026.zip`: A is the release of January, D that of October.
_QUARTER = re.compile(r"rvu(?P<year>\d\d)(?P<letter>[a-d])", re.IGNORECASE)


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read a table: of each code its status with its indicators, and the modifiers that these mean."""
    table = listing.read(file, _COLUMNS)
    yield _edition(_release(file, _titled(table.notice)), table.rows())


def read_lines(file: ReleaseFile) -> Iterator[Edition]:
    """Read the same from lines of fixed width."""
    yield _edition(_release(file, None), _lines(file))


@dataclass(slots=True)
class _Schedule:
    """What the rows of a file state of codes and modifiers."""

    since: date | None
    statements: list[Statement] = field(default_factory=list)
    left_out: LeftOutRows = field(default_factory=LeftOutRows)
    rows: int = 0
    _first_rows: dict[tuple[Concept, str], int] = field(default_factory=dict)
    _divided: list[tuple[Concept, int, str]] = field(default_factory=list)

    def take(self, row: int, cells: Mapping[str, str]) -> None:
        """Take what a row says, or leave it out with the reason."""
        self.rows += 1
        text = text_of_row(cells)
        reason = self._unusable(cells) or self._take(row, cells, text)
        if reason:
            self.left_out.add(row, reason, text)

    def close(self) -> None:
        """Once all rows are there: what is divided takes the modifiers of its components, also without their rows."""
        for code, row, text in self._divided:
            for value in _COMPONENTS:
                if (code, value) not in self._first_rows:
                    self._modifier(code, value, row, text, ("components", _BOTH_COMPONENTS))

    def _unusable(self, cells: Mapping[str, str]) -> str:
        """Why a row cannot be used, or nothing where it can."""
        if cells["modifier"] and cells["modifier"] not in _MODIFIERS:
            return f"not a modifier that has rows of its own: {cells['modifier']!r}"
        if status("mpfs", cells["status"]) is None:
            return f"not a status that is known: {cells['status']!r}"
        unknown = next((name for name, values in _VALUES.items() if cells[name] not in values), None)
        return f"{_COLUMNS_IN_WORDS[unknown]} has no indicator {cells[unknown]!r}" if unknown else ""

    def _take(self, row: int, cells: Mapping[str, str], text: str) -> str:
        try:
            code = Concept.of(service_code(cells["code"]))
        except MalformedCode as exc:
            return str(exc)
        first = self._first_rows.setdefault((code, cells["modifier"]), row)
        if first != row:
            return f"the code stands in row {first} already"
        if not cells["modifier"]:
            self._take_code(code, row, cells, text)
        elif cells["status"] == _DELETED_MODIFIER:
            return "a modifier that the code took until the year before"
        else:
            self._modifier(code, cells["modifier"], row, text, ("components", cells["components"]))
        return ""

    def _take_code(self, code: Concept, row: int, cells: Mapping[str, str], text: str) -> None:
        code_status = status("mpfs", cells["status"])
        details = tuple((name, cells[name]) for name in _VALUES if cells[name] != _DOES_NOT_APPLY)
        if code_status is not None:
            self.statements.append(
                Statement(code, Relation.HAS_STATUS, code_status, row, text, self.since, None, details)
            )
        for (name, indicator), modifiers in _MEANING.items():
            for modifier in modifiers if cells[name] == indicator else ():
                self._modifier(code, modifier, row, text, (name, indicator))
        if cells["components"] == _BOTH_COMPONENTS:
            self._divided.append((code, row, text))

    def _modifier(self, code: Concept, modifier: str, row: int, text: str, detail: tuple[str, str]) -> None:
        taken = Concept.of(Code(CodeSystem.MODIFIER, modifier))
        details = () if detail[1] == _DOES_NOT_APPLY else (detail,)
        self.statements.append(Statement(code, Relation.ACCEPTS_MODIFIER, taken, row, text, self.since, None, details))


_COLUMNS_IN_WORDS = {
    "components": "PC/TC", "globalDays": "global days", "multipleProcedures": "multiple procedures",
    "bilateralSurgery": "bilateral surgery", "assistantAtSurgery": "assistant at surgery",
    "coSurgeons": "co-surgeons", "teamSurgery": "team surgery",
}  # fmt: skip


def _edition(release: Release, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Edition:
    schedule = _Schedule(release.issued)
    for row, cells in rows:
        schedule.take(row, cells)
    schedule.close()
    left_out: tuple[LeftOut, ...] = schedule.left_out.all()
    return Edition(release, (), tuple(schedule.statements), schedule.rows, left_out)


def _lines(file: ReleaseFile) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the notice, whose lines begin with `HDR`."""
    for row, line in enumerate(io.StringIO(decoded(file)), start=1):
        if line.strip() and not line.startswith("HDR"):
            match = _LINE.match(line)
            # A line that is cut short is a row all the same, of which nothing can be told.
            cells = match.groupdict() if match else dict.fromkeys(_COLUMNS.patterns, "") | {"code": line[:5]}
            yield row, {name: cells[name].strip() for name in _COLUMNS.patterns}


def _release(file: ReleaseFile, titled: date | None) -> Release:
    issued = file.since or titled or _lettered(file.hints) or month_in(file.hints)
    return Release(
        identifier=f"mpfs-{month_key(issued)}",
        system=CodeSystem.HCPCS,
        title=f"Physician fee schedule, indicators, {month_words(issued)}",
        issued=issued,
        complete=False,
        licence=_LICENCE,
        source=_SOURCE,
        series="mpfs",
    )


def _titled(notice: str) -> date | None:
    match = _TITLE.search(" ".join(notice.split()))
    if match is None or match["month"].lower() not in _MONTHS:
        return None
    return date(int(match["year"]), 3 * _MONTHS.index(match["month"].lower()) + 1, 1)


def _lettered(hints: Iterable[str]) -> date | None:
    match = next(filter(None, map(_QUARTER.search, hints)), None)
    return date(2000 + int(match["year"]), 3 * "abcd".index(match["letter"].lower()) + 1, 1) if match else None


def _recognises(file: ReleaseFile) -> bool:
    return listing.recognises(file, _COLUMNS)


def _is_of_lines(file: ReleaseFile) -> bool:
    return begins_with_lines(file, _LINE.match)


FORMAT = Format("mpfs", "physician fee schedule, relative value file (xlsx, csv)", _recognises, read)
"""`PPRRVU2025_Oct.csv`, `PPRRVU2025_Oct.xlsx`."""

LINES = Format("mpfs-lines", "physician fee schedule, relative value file (text)", _is_of_lines, read_lines)
"""`PPRRVU2025_Oct.txt`."""
