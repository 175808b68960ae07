"""Tables as a workbook for people, a sheet each, written row by row."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import Failure, MissingExtra
from kg.exports.content import Content, File
from kg.exports.tables import Column, Row, Table, Take, write_tables
from kg.whole_files import folder_beside, opened, room_to

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 2**20 - 1
"""So many rows a sheet holds besides its heading; what is more goes on in another sheet."""

_MOST_LETTERS = 32_767
_CUT = " … (cut)"
_WIDTHS = {int: 10, bool: 9, date: 12, str: 18}
_WIDE = {"quote": 70, "name": 45, "descriptor": 45, "title": 45, "condition": 45, "reason": 45, "section": 30}
# What XML cannot hold, and what a workbook would take for a character written by its number.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST_DAY = datetime(2000, 1, 1)


def xlsx(content: Content, file: File) -> dict[str, int]:
    """A sheet for each table, with a fixed heading and filters; all text is text, and nothing in it a formula."""
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import XlsxWriterException
    except ImportError as exc:
        raise MissingExtra("XLSX", "xlsx") from exc
    with opened(file) as out, _aside() as folder:
        target = _Target(out)
        book = Workbook(target, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "tmpdir": str(folder)})
        # The same graph gives the same bytes, whenever it is written.
        day = content.store.manifest.day
        book.set_properties({"created": datetime.combine(day, time()) if day else _FIRST_DAY, "author": "billing-kg"})
        try:
            with room_to("make sheets"):
                counts = write_tables(content, lambda table: _sheets(book, table))
            book.close()
        except XlsxWriterException as exc:
            raise Failure(f"cannot write {file}: {exc}") from exc
        finally:
            target.give_up()
            for sheet in book.worksheets():
                with suppress(OSError):  # What could not be written is no loss.
                    sheet._opt_close()
    return counts


@contextmanager
def _aside() -> Iterator[Path]:
    """A folder for what a workbook lays by until it is whole, so that nothing of it is left over."""
    with room_to("make sheets"), folder_beside(Path(tempfile.gettempdir()), "billing-kg-sheets-") as folder:
        yield folder


class _Target:
    """What a workbook is written to, until that is over: a ZIP file that failed writes its end when it is let go."""

    def __init__(self, out: Any) -> None:
        self._out = out

    def give_up(self) -> None:
        """From now on, let what is written go nowhere."""
        self._out = BytesIO()

    def write(self, content: bytes) -> int:
        """Take some bytes."""
        return int(self._out.write(content))

    def flush(self) -> None:
        """Bring them on their way."""
        self._out.flush()

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place, where that can be done."""
        return int(self._out.seek(place, whence))

    def tell(self) -> int:
        """The place."""
        return int(self._out.tell())


@contextmanager
def _sheets(book: Workbook, table: Table) -> Iterator[Take]:
    """The sheets of a table: one, and others where it has more rows than one holds."""
    sheets = _Sheets(book, table)
    yield sheets.take
    sheets.end()


class _Sheets:
    def __init__(self, book: Workbook, table: Table) -> None:
        self._book, self._table = book, table
        self._number = self._rows = 0
        self._sheet = self._next()

    def take(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if self._rows == MOST_ROWS:
                self.end()
                self._sheet = self._next()
            self._rows += 1
            for place, value in enumerate(row):
                _write(self._sheet, self._rows, place, value)

    def end(self) -> None:
        """Put filters over all that is there."""
        self._sheet.autofilter(0, 0, self._rows, len(self._table.columns) - 1)

    def _next(self) -> Worksheet:
        self._number, self._rows = self._number + 1, 0
        sheet = self._book.add_worksheet(self._table.name + (f" {self._number}" if self._number > 1 else ""))
        bold = self._book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._table.columns):
            sheet.set_column(place, place, _width(column))
            sheet.write_string(0, place, column.name.replace("_", " "), bold)
        return sheet


def _width(column: Column) -> int:
    return _WIDE.get(column.name, _WIDTHS[column.type])


def _length(text: str) -> int:
    """How long a text is to a workbook, which counts signs beyond the first 65,536 twice."""
    return len(text) if 2 * len(text) <= _MOST_LETTERS or text.isascii() else len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    fits = text[:_MOST_LETTERS].encode("utf-16-le")[: 2 * (_MOST_LETTERS - len(_CUT))]
    return fits.decode("utf-16-le", "ignore") + _CUT


def _write(sheet: Any, row: int, place: int, value: Any) -> None:
    """A value as what it is: a text is never looked at for a formula, a number or an address."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        text = _NOT_XML.sub("\ufffd", value)
        sheet.write_string(row, place, text if _length(text) <= _MOST_LETTERS else _cut(text))
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int):
        sheet.write_number(row, place, value)
    else:
        sheet.write_datetime(row, place, datetime.combine(value, time()))
