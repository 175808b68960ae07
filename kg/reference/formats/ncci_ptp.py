"""Procedure-to-procedure edits of the NCCI: pairs of codes that are not paid together."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from operator import itemgetter

from kg.errors import MalformedCode, ReleaseError
from kg.model import Concept, Relation, Statement
from kg.reference.formats.ncci import release
from kg.reference.left_out import LeftOutRows
from kg.reference.release import Edition, Format, ManyStatements, ReleaseFile
from kg.reference.service_codes import service_code

_HEAD_LINES = 30
_HEAD = 16 * 1024
_COLUMNS = {
    "Column 1": r"column1",
    "Column 2": r"column2",
    "Effective": r"effective(?:date)?",
    "Deletion": r"deletion(?:date)?",
    "Modifier": r"modifier(?:indicator)?",
    "PTP Edit Rationale": r"(?:ptpedit)?rationale",
}
_WIDTH = len(_COLUMNS)


@dataclass(frozen=True)
class PtpEdits(ManyStatements):
    """The statements of a file of procedure-to-procedure edits, read anew each time that they are gone through."""

    file: ReleaseFile
    _concepts: dict[str, Concept] = field(default_factory=dict, repr=False, compare=False)
    _days: dict[str, date | None] = field(default_factory=dict, repr=False, compare=False)

    def __iter__(self) -> Iterator[Statement]:
        """The edits that are or were in force."""
        return (edit for _, edit, _ in self.rows() if isinstance(edit, Statement))

    def speaking_of(self, wanted: Callable[[Concept], bool]) -> Iterator[Statement | None]:
        """The edits of which a code is wanted; for each of the others None, as most are not worth the making."""
        places, lines = self._table()
        first, second, *others = (places[name] for name in _COLUMNS)
        own, kept = itemgetter(first, second, *others), itemgetter(*others[:-1])
        # By the cells as they stand: each code, and each choice of days and indicator, comes thousands of times.
        unwanted: dict[str, bool] = {}
        problems: dict[tuple[str, ...], str] = {}
        for row, raw in lines:
            for text in (raw[first], raw[second]):
                if text not in unwanted:
                    unwanted[text] = self._is_code(text.strip()) and not wanted(self._concept(text.strip()))
            if unwanted[raw[first]] and unwanted[raw[second]]:
                key = kept(raw)
                if key not in problems:
                    problems[key] = self._problem([cell.strip() for cell in own(raw)])
                if not problems[key]:
                    yield None
                continue
            cells = list(map(str.strip, raw))
            edit = self._edit(row, [*own(cells), *cells], " | ".join(filter(None, cells)))
            if isinstance(edit, Statement):
                yield edit

    def rows(self) -> Iterator[tuple[int, Statement | str, str]]:
        """Each row of data: its line, what it states or why it states nothing, and its text."""
        for row, cells in self._rows():
            text = _text_of(cells)
            yield row, self._edit(row, cells, text), text

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """The cells of each row of data in the order of `_COLUMNS`, and behind them those of no column."""
        places, lines = self._table()
        own = itemgetter(*(places[name] for name in _COLUMNS))
        for row, raw in lines:
            cells = list(map(str.strip, raw))
            if any(cells):
                yield row, [*own(cells), *cells]

    def _table(self) -> tuple[dict[str, int], Iterator[tuple[int, list[str]]]]:
        """Where columns stand, and the lines below the header with their cells, which reach to the last column."""
        lines = enumerate(_lines(self.file), 1)
        head, places = _header(self.file, lines)
        missing = [name for name in _COLUMNS if name not in places]
        if missing:
            raise ReleaseError(f"{self.file.path}:{head}: no column {missing[0]!r} in the header")
        return places, _below(lines, places)

    def _edit(self, row: int, cells: list[str], text: str) -> Statement | str:
        if problem := self._problem(cells):
            return problem
        first, second, since, through, modifier, rationale = cells[:_WIDTH]
        details = (("modifierIndicator", modifier), *((("rationale", rationale),) if rationale else ()))
        return Statement(
            self._concept(first), Relation.BUNDLED_WITH, self._concept(second), row, text, self._day(since),
            self._day(through), details,
        )  # fmt: skip

    def _problem(self, cells: list[str]) -> str:
        """Why a row states nothing; empty where it does."""
        first, second, begins, ends, modifier, _ = cells[:_WIDTH]
        if not self._is_code(first) or not self._is_code(second):
            return "neither a HCPCS nor a CPT code"
        try:
            since, through = self._day(begins), self._day(ends)
        except ValueError:
            return "not a date"
        if since is None:
            return "no effective date"
        if through and through <= since:
            return "never in force"
        return "" if modifier in ("0", "1", "9") else "not a modifier indicator"

    def _is_code(self, text: str) -> bool:
        try:
            self._concept(text)
        except MalformedCode:
            return False
        return True

    def _concept(self, text: str) -> Concept:
        if text not in self._concepts:
            self._concepts[text] = Concept.of(service_code(text))
        return self._concepts[text]

    def _day(self, text: str) -> date | None:
        """A day as eight digits; an asterisk stands for none."""
        if text not in self._days:
            if text and text != "*" and not re.fullmatch("[0-9]{8}", text):
                raise ValueError(text)
            self._days[text] = date.fromisoformat(text) if text.isdigit() else None
        return self._days[text]


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read procedure-to-procedure edits: column 2 is not paid beside column 1, but where a modifier allows it."""
    edits = PtpEdits(file)
    left_out = LeftOutRows()
    rows = 0
    for row, edit, text in edits.rows():
        rows += 1
        if isinstance(edit, str):
            left_out.add(row, edit, text)
    yield Edition(release(file, "ptp", "NCCI PTP edits"), (), edits, rows, left_out.all())


def _text_of(cells: list[str]) -> str:
    return " | ".join(filter(None, cells[_WIDTH:]))


def _below(lines: Iterator[tuple[int, str]], places: Mapping[str, int]) -> Iterator[tuple[int, list[str]]]:
    first, second, width = places["Column 1"], places["Column 2"], max(places.values()) + 1
    in_head = True
    for row, line in lines:
        cells = line.split("\t")
        if len(cells) < width:
            cells += [""] * (width - len(cells))
        # The header goes on in the next lines, below all columns but the first two.
        in_head = in_head and not cells[first].strip() and not cells[second].strip()
        if not in_head:
            yield row, cells


def _lines(file: ReleaseFile) -> Iterator[str]:
    """The lines of a file, decoded one by one: a whole file of edits as text would take a hundred MB."""
    utf16 = file.data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return io.TextIOWrapper(io.BytesIO(file.data), "utf-16" if utf16 else "utf-8-sig", errors="replace")


def _header(file: ReleaseFile, lines: Iterator[tuple[int, str]]) -> tuple[int, dict[str, int]]:
    """The line of the header and where its columns stand; raises `ReleaseError` where there is none."""
    for row, line in islice(lines, _HEAD_LINES):
        names = [re.sub(r"[^a-z0-9]+", "", cell.lower()) for cell in line.split("\t")]
        if "column1" in names and "column2" in names:
            places = {
                column: next((place for place, name in enumerate(names) if re.fullmatch(pattern, name)), None)
                for column, pattern in _COLUMNS.items()
            }
            return row, {column: place for column, place in places.items() if place is not None}
    raise ReleaseError(f"{file.path}: no header with 'Column 1' and 'Column 2' in its first lines")


def _recognises(file: ReleaseFile) -> bool:
    try:
        _header(file, enumerate(_lines(replace(file, data=file.data[:_HEAD])), 1))
    except ReleaseError:
        return False
    return True


FORMAT = Format("ncci-ptp", "NCCI procedure-to-procedure edits (text)", _recognises, read)
"""`ccipra-v322r0-f1.TXT`."""
