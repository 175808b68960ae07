"""The list of billable codes of ICD-10-CM: code and long name, without headings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from kg.errors import MalformedCode, ReleaseError
from kg.model import Code, CodeSystem
from kg.reference.formats.icd10cm_order import issued_of, release_of
from kg.reference.release import Edition, Entry, Format, LeftOut, ReleaseFile
from kg.reference.release_files import decoded

# "A000    Cholera due to …": the code without its dot in seven columns, the name from the ninth on.
_LINE = re.compile(rb"(?=.{7} [^ ])[A-Z][0-9A-Z]{2,6} {1,5}[^ ]")
_NAME_FROM = 8
_HEAD = 8192


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read a list of billable codes; it confirms codes and names, and refutes none, since it has no headings."""
    entries: dict[Code, Entry] = {}
    left_out: list[LeftOut] = []
    for row, line in enumerate(io.StringIO(decoded(file), newline=None), 1):
        if not line.strip():
            continue
        entry = _entry(row, line)
        if isinstance(entry, str):
            left_out.append(LeftOut(row, entry, line.strip()[:200]))
        elif entry.code in entries:
            left_out.append(
                LeftOut(row, f"the code stands in row {entries[entry.code].row} already", line.strip()[:200])
            )
        else:
            entries[entry.code] = entry
    if not entries:
        raise ReleaseError(f"{file.path}: no line of a list of ICD-10-CM codes can be read")
    release = release_of(issued_of(file), "icd10cm-codes", "ICD-10-CM billable codes")
    yield Edition(release, tuple(entries.values()), (), len(entries) + len(left_out), tuple(left_out))


def _entry(row: int, line: str) -> Entry | str:
    """What a line says, or why it cannot be read."""
    name = " ".join(line[_NAME_FROM:].split())
    if not name or line[_NAME_FROM - 1] != " ":
        return "not a line of a list of codes"
    try:
        return Entry(Code.parse(line[:_NAME_FROM], CodeSystem.ICD10CM), name, billable=True, row=row)
    except MalformedCode as exc:
        return str(exc)


def _recognises(file: ReleaseFile) -> bool:
    lines = [line for line in file.data[:_HEAD].removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()][:10]
    return 2 * sum(_LINE.match(line) is not None for line in lines) > len(lines)


FORMAT = Format("icd10cm-codes", "ICD-10-CM list of billable codes", _recognises, read)
"""`icd10cm_codes_2026.txt`."""
