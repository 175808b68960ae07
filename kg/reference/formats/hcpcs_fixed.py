"""HCPCS Level II as text of fixed width, by the record layout that is published with it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from kg.reference.formats.hcpcs import CONTINUED, Record, editions
from kg.reference.release import Edition, Format, LeftOut, ReleaseFile
from kg.reference.release_files import LARGEST_TABLE, decoded, is_archive

_HEAD = 2**17
# A line of data, well-formed or not: a code or blanks, the sequence number, the type of record.
_DATA = re.compile(r"[ 0-9A-Za-z]{5}[0-9]{5}.")
_RECORD = re.compile(r"(?:[A-V][0-9]{4}|   [0-9A-Z]{2})[0-9]{5}[3478]\S")
# Blank lines and notices stand before the first record; a page of them is plenty.
_PREAMBLE = 60


def recognises(file: ReleaseFile) -> bool:
    """Whether, after a page of notices at most, nearly all lines are records."""
    if is_archive(file.data):
        return False
    head = decoded(ReleaseFile(file.name, file.data[:_HEAD]))
    lines = [line for line in head.splitlines()[: _PREAMBLE + 200] if line.strip()]
    first = next((number for number, line in enumerate(lines[:_PREAMBLE]) if _RECORD.match(line)), None)
    if first is None:
        return False
    after = lines[first:]
    return sum(bool(_RECORD.match(line)) for line in after) >= 0.8 * len(after)


def read(file: ReleaseFile) -> Iterator[Edition]:
    """The codes and the modifiers of a file."""
    return editions(file, _records(file))


def _records(file: ReleaseFile) -> Iterator[Record | LeftOut]:
    started = False
    for row, line in enumerate(io.StringIO(decoded(file, LARGEST_TABLE), newline=None), start=1):
        if _DATA.match(line):
            started = True
            yield _record(row, line)
        elif started and line.strip():
            yield LeftOut(row, "not a record", line.strip()[:200])


def _record(row: int, line: str) -> Record:
    kind = line[10]
    if kind in CONTINUED:
        return Record(row, kind, line[:5], _field(line, 12, 91))
    return Record(
        row=row,
        kind=kind,
        code=line[:5],
        long=_field(line, 12, 91),
        short=_field(line, 92, 119),
        crossed=tuple(text for start in range(205, 229, 5) if (text := _field(line, start, start + 4))),
        coverage=_field(line, 230, 230),
        pricing=" ".join(text for start in range(120, 127, 2) if (text := _field(line, start, start + 1))),
        added=_field(line, 269, 276),
        acted=_field(line, 277, 284),
        ended=_field(line, 285, 292),
        action=_field(line, 293, 293),
    )


def _field(line: str, first: int, last: int) -> str:
    """The text between two positions of the layout, which counts from 1; a line may end before them."""
    return line[first - 1 : last].strip()


FORMAT = Format("hcpcs-fixed", "HCPCS Level II (fixed width text)", recognises, read)
