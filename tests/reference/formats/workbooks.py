"""The smallest workbooks that there are, for tests of formats that come as spreadsheets."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

Cell = str | float


def sheet(rows: Iterable[Sequence[Cell]]) -> str:
    def cell(value: Cell) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>' if value else "<c/>"
        return f"<c><v>{value}</v></c>"

    return "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)


def book(xml: str, name: str = "HCPC2025_OCT_ANWEB", more: dict[str, str] | None = None) -> bytes:
    """The smallest workbook that there is: one sheet of inline strings."""
    main, office = "http://schemas.openxmlformats.org", "officeDocument/2006/relationships"
    sheets = f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
    relation = '<Relationship Id="rId1" Type="{}/{}/{}" Target="{}"/>'
    relations = f'<Relationships xmlns="{main}/package/2006/relationships">{{}}</Relationships>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{main}/package/2006/content-types"/>',
        "_rels/.rels": relations.format(relation.format(main, office, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{main}/{office}">'
        f"{sheets}</workbook>",
        "xl/_rels/workbook.xml.rels": relations.format(
            relation.format(main, office, "worksheet", "worksheets/sheet1.xml")
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}/spreadsheetml/2006/main">'
        f"<sheetData>{xml}</sheetData></worksheet>",
        **(more or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return buffer.getvalue()
