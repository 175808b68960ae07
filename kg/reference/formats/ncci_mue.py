"""Medically unlikely edits of the NCCI: how many units of a code are paid at most."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kg.errors import MalformedCode
from kg.model import Concept, Kind, Relation, Statement, slug
from kg.reference.formats import listing
from kg.reference.formats.ncci import AUDIENCES, audience_in, release
from kg.reference.left_out import LeftOutRows
from kg.reference.release import Edition, Format, ReleaseFile
from kg.reference.service_codes import service_code

_COLUMNS = listing.Columns(
    {
        "HCPCS/CPT Code": r"(?:hcpcs)?(?:cpt)?code",
        "MUE Values": r".*muevalues?",
        "MUE Adjudication Indicator": r"mueadjudicationindicator",
        "MUE Rationale": r"muerationale",
    },
    marks=("HCPCS/CPT Code", "MUE Values"),
)


def read(file: ReleaseFile) -> Iterator[Edition]:
    """Read medically unlikely edits: how many units of a code are paid at most for one patient on one day."""
    table = listing.read(file, _COLUMNS)
    audience = audience_in([table.title("MUE Values"), *file.hints])
    edits_release = release(file, "mue", "NCCI medically unlikely edits", audience)
    statements: list[Statement] = []
    left_out = LeftOutRows()
    rows = 0
    for row, cells in table.rows():
        rows += 1
        outcome = _limit(row, cells, edits_release.issued, audience)
        if isinstance(outcome, Statement):
            statements.append(outcome)
        else:
            left_out.add(row, outcome, " | ".join(filter(None, cells.values())))
    yield Edition(edits_release, (), tuple(statements), rows, left_out.all())


def _limit(row: int, cells: dict[str, str], since: date | None, audience: str) -> Statement | str:
    try:
        code = Concept.of(service_code(cells["HCPCS/CPT Code"]))
    except MalformedCode:
        return "neither a HCPCS nor a CPT code"
    if not re.fullmatch(r"[0-9]{1,9}", cells["MUE Values"]):
        return "not a number of units"
    number = int(cells["MUE Values"])
    units = f"{number} {'unit' if number == 1 else 'units'} of service"
    details = (
        ("limitFor", f"{AUDIENCES[audience]} services" if audience else ""),
        ("adjudicationIndicator", cells["MUE Adjudication Indicator"]), ("rationale", cells["MUE Rationale"])
    )  # fmt: skip
    return Statement(
        code, Relation.UNITS_LIMIT, Concept(Kind.QUANTITY, slug(units), units), row,
        " | ".join(filter(None, cells.values())), since, None, tuple(detail for detail in details if detail[1]),
    )  # fmt: skip


def _recognises(file: ReleaseFile) -> bool:
    return listing.recognises(file, _COLUMNS)


FORMAT = Format("ncci-mue", "NCCI medically unlikely edits (csv)", _recognises, read)
"""`MCR_MUE_PractitionerServices_Eff_07-01-2026.csv`."""
