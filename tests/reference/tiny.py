"""Two small formats for tests, which differ in their first line: `#tiny 2025-10` or `#other 2025-10`.

The rows below are codes with a name and maybe a last day of use, or pairs: `J0129,Abatacept,2025-12-31`, `J0129>JW`.
`#tiny dated` takes its date from the name of the file or from the user.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date

from kg.errors import KgError, ReleaseError
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference.release import Edition, Entry, Format, LeftOut, Release, ReleaseFile
from kg.reference.release_files import month_in


def zipped(**members: str) -> bytes:
    """A zip archive; `__` in the names stands for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", ".")), text)
    return out.getvalue()


def _recognises(mark: str) -> Callable[[ReleaseFile], bool]:
    return lambda file: file.data.startswith(f"#{mark} ".encode())


def _read(file: ReleaseFile) -> Iterator[Edition]:
    head, *lines = file.data.decode("utf-8").splitlines()
    issued = file.since or month_in(file.hints) if head.endswith("dated") else date.fromisoformat(f"{head[-7:]}-01")
    entries, pairs, left_out = [], [], []
    for row, line in enumerate(lines, 2):
        cells = line.split(",")
        try:
            if line == "stop":
                raise ReleaseError(f"{file.path}:{row}: not a row: {line!r}")
            if ">" in line:
                pairs.append(_pair(row, line))
                continue
            until = date.fromisoformat(cells[2]) if len(cells) > 2 else None
            entries.append(Entry(Code.parse(cells[0], CodeSystem.HCPCS), cells[1], valid_through=until, row=row))
        except ReleaseError:
            raise
        except KgError:
            left_out.append(LeftOut(row, "not a code", line))
    identifier = f"tiny-{issued:%Y-%m}" if issued else "tiny-undated"
    release = Release(identifier, CodeSystem.HCPCS, f"Tiny {identifier[5:]}", issued, True, "public", file.path)
    yield Edition(release, tuple(entries), tuple(pairs), len(lines), tuple(left_out))


def _pair(row: int, line: str) -> Statement:
    code, modifier = line.split(">")
    return Statement(Concept.parse(code), Relation.ACCEPTS_MODIFIER, Concept.parse(f"modifier:{modifier}"), row, line)


TINY = Format("tiny", "tiny tables", _recognises("tiny"), _read)
OTHER = Format("other", "other tables", _recognises("other"), _read)
