"""Addendum B of OPPS: how each code is paid to outpatient hospitals, as a status of a quarter. Prices are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kg.errors import MalformedCode
from kg.model import CodeSystem, Concept, Relation, Statement
from kg.reference.formats import listing
from kg.reference.formats.columns import text_of_row
from kg.reference.formats.statuses import status
from kg.reference.left_out import LeftOutRows
from kg.reference.release import Edition, Format, Release, ReleaseFile, month_key, month_words
from kg.reference.release_files import month_in
from kg.reference.service_codes import service_code

_LICENCE = "published by CMS; CPT is copyright of the American Medical Association, whose descriptors are not read"
_SOURCE = (
    "https://www.cms.gov/medicare/payment/prospective-payment-systems/hospital-outpatient-pps/quarterly-addenda-updates"
)

# Short descriptors are not read: those of CPT codes are the AMA's.
_COLUMNS = listing.Columns(
    {
        "code": r"(?:cpt)?hcpcs(?:code)?",
        "status": r"si|statusindicator",
        "APC": r"apc",
        "payment rate": r"paymentrate",
    },
    marks=("code", "status", "APC", "payment rate"),
    words=("HCPCS Code", "APC"),
)
_YEAR = re.compile(r"\bCY ?(?P<year>20\d\d)\b")


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read the status of each code in the quarter of the file."""
    table = listing.read(file, _COLUMNS)
    release = _release(file, table.notice)
    statements: dict[Concept, Statement] = {}
    left_out = LeftOutRows()
    rows = 0
    for row, cells in table.rows():
        rows += 1
        text = text_of_row({name: cells[name] for name in ("code", "status", "APC")})
        try:
            code, code_status = Concept.of(service_code(cells["code"])), status("opps", cells["status"])
        except MalformedCode as exc:
            left_out.add(row, str(exc), text)
            continue
        if code_status is None:
            left_out.add(row, f"not a status that is known: {cells['status']!r}", text)
        elif code in statements:
            left_out.add(row, f"the code stands in row {statements[code].row} already", text)
        else:
            statements[code] = Statement(code, Relation.HAS_STATUS, code_status, row, text, release.issued)
    yield Edition(release, (), tuple(statements.values()), rows, left_out.all())


def _release(file: ReleaseFile, notice: str) -> Release:
    """The release of a quarter, which names tell; the notice has no more than the year."""
    year = _YEAR.search(notice)
    issued = file.since or month_in(file.hints) or (date(int(year["year"]), 1, 1) if year else None)
    return Release(
        identifier=f"opps-{month_key(issued)}",
        system=CodeSystem.HCPCS,
        title=f"OPPS Addendum B, {month_words(issued)}",
        issued=issued,
        complete=False,
        licence=_LICENCE,
        source=_SOURCE,
        series="opps",
    )


def _recognises(file: ReleaseFile) -> bool:
    return listing.recognises(file, _COLUMNS)


FORMAT = Format("opps-addendum-b", "OPPS Addendum B (xlsx, csv, text)", _recognises, read)
"""`January 2026 Web Addendum B.12.29.25.xlsx`."""
