from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from kg.documents import Document, parse
from kg.errors import DocumentError

from .reading import blocks, rows, tables
from .test_any_document import hold


def workbook(*sheets: list[list[object]], merged: tuple[str, ...] = (), hidden: int = 0) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, content in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in content:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
        if number == hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheets(*content: list[list[object]], merged: tuple[str, ...] = (), hidden: int = 0) -> Document:
    document = parse(workbook(*content, merged=merged, hidden=hidden), "guide.xlsx")
    hold(document)
    return document


def test_each_sheet_stands_under_its_name() -> None:
    document = sheets([["Code", "Unit"], ["J3262", "1 mg"]], [["Code", "Use"], ["JW", "waste"]])
    assert blocks(document) == [
        ("heading", "Sheet 1"), ("header", "Code | Unit"), ("row", "J3262 | 1 mg"),
        ("heading", "Sheet 2"), ("header", "Code | Use"), ("row", "JW | waste"),
    ]  # fmt: skip
    assert [(block.sheet, block.row, block.line) for block in document.blocks][-1] == ("Sheet 2", 2, 6)
    assert document.blocks[-1].section == ("Sheet 2",)
    assert document.blocks[0].level == 2


def test_blank_rows_and_blank_columns_end_tables() -> None:
    document = sheets([["Code", "Use"], ["JW", "waste"], [None], [None, "Dx", "Name"], [None, "M06.9", "RA"]])
    assert tables(document) == [2, 2]
    assert rows(document)[2:] == [["Dx", "Name"], ["M06.9", "RA"]]
    assert document.blocks[-1].row == 5


def test_values_are_written_as_a_person_sees_them() -> None:
    document = sheets(
        [["Code", "Unit", "From", "Yes"], [96413, 1.0, date(2026, 1, 31), True], [50242013601.0, 0.5, "", ""]]
    )
    assert rows(document)[1:] == [["96413", "1", "2026-01-31", "TRUE"], ["50242013601", "0.5"]]


def test_merged_cells_are_filled_and_groups_of_columns_join_their_names() -> None:
    document = sheets(
        [
            ["Prior authorization 2026", None, None],
            ["HCPCS", "Product", None],
            ["HCPCS", "Brand", "Generic"],
            ["J3262", "Actemra", "tocilizumab"],
            [None, "Tyenne", "tocilizumab"],
        ],
        merged=("A1:C1", "A2:A3", "B2:C2", "A4:A5"),
    )
    assert blocks(document)[1:] == [
        ("heading", "Prior authorization 2026"), ("header", "HCPCS | Product Brand | Product Generic"),
        ("row", "J3262 | Actemra | tocilizumab"), ("row", "J3262 | Tyenne | tocilizumab"),
    ]  # fmt: skip


def test_hidden_sheets_are_left_out_with_the_reason() -> None:
    document = sheets([["Code"], ["J3262"]], [["Secret", "J9999"]], hidden=2)
    assert [(block.kind.value, block.omitted) for block in document.blocks][-1] == ("navigation", "hidden sheet")
    assert "Secret | J9999" in document.text


def test_open_documents_are_read() -> None:
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Codes")
    for cells in (("Code", "Unit"), ("J3262", "1 mg")):
        row = TableRow()
        for text in cells:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            row.addElement(cell)
        sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.write(out)
    assert rows(parse(out.getvalue(), "guide.ods")) == [["Code", "Unit"], ["J3262", "1 mg"]]


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as error:
        parse(data, "guide.xlsx")
    assert "\n" not in str(error.value)
    return str(error.value)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    assert "unpacks to" in refusal(packed({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b" " * 50_000_000}))
    assert "parts, more than" in refusal(packed({"xl/workbook.xml": b""} | {str(n): b"" for n in range(6_000)}))
    book = workbook([["J3262"]])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</row>", b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert "reaches over 17,179,869,184 cells" in refusal(packed(parts))


def test_cells_that_are_repeated_without_end_are_refused() -> None:
    attributes = 'office:value-type="string" table:number-columns-repeated="16384"'
    cell = f"<table:table-cell {attributes}><text:p>x</text:p></table:table-cell>"
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert "reaches over 17,179,869,184 cells" in refusal(packed({"content.xml": row.encode()}))


def test_damaged_workbooks() -> None:
    book = workbook([["J3262"]])
    for cut in (20, 200, len(book) // 2, len(book) - 10):
        assert refusal(book[:cut]).startswith("guide.xlsx: damaged or cut off")
    assert refusal(packed({"xl/workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook>&a;"})).startswith(
        "guide.xlsx: "
    )
    assert refusal(packed({"other.txt": b"x"})) == "guide.xlsx: a zip container of something else: unpack it first"
