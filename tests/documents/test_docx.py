from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kg.documents import Document, parse
from kg.errors import DocumentError

from .reading import blocks, rows
from .test_any_document import hold


def written(write: Callable[[Word], object]) -> bytes:
    word = docx.Document()
    write(word)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def guide(write: Callable[[Word], object]) -> Document:
    document = parse(written(write), "guide.docx")
    hold(document)
    return document


def paragraph(word: Word, inside: str) -> None:
    word.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{inside}</w:p>"))


def test_headings_lists_and_paragraphs() -> None:
    def write(word: Word) -> None:
        word.add_heading("Billing J3262", 1)
        word.add_paragraph("Bill per\u00a01 mg.\nAppend JW.")
        word.add_heading("Modifiers", 2)
        word.add_paragraph("JW for waste", "List Bullet")
        word.add_paragraph("first", "List Number")
        word.add_paragraph("deeper", "List Bullet 2")

    document = guide(write)
    assert blocks(document) == [
        ("heading", "Billing J3262"), ("paragraph", "Bill per 1 mg."), ("paragraph", "Append JW."),
        ("heading", "Modifiers"), ("item", "JW for waste"), ("item", "first"), ("item", "deeper"),
    ]  # fmt: skip
    assert document.blocks[-1].section == ("Billing J3262", "Modifiers")
    assert [block.line for block in document.blocks] == [1, 2, 3, 4, 5, 6, 7]
    assert (document.format, document.title, document.encoding) == ("docx", "Billing J3262", "")


def test_depth_of_lists_by_numbering() -> None:
    def write(word: Word) -> None:
        number = word.styles["List Bullet"].element.pPr.numPr.numId.val
        for level in (1, 0):
            mark = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
            paragraph(word, f"{mark}<w:r><w:t>level {level}</w:t></w:r>")

    document = guide(write)
    assert blocks(document) == [("item", "level 0"), ("paragraph", "level 1")]  # The list has one level.
    assert document.blocks[0].level == 1


def fill(word: Word, *texts: tuple[str, ...]) -> docx.table.Table:
    table = word.add_table(len(texts), len(texts[0]))
    for row, cells in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return table


def test_tables_with_merged_and_nested_cells() -> None:
    def write(word: Word) -> None:
        table = fill(word, ("Code", "Drug", "Dx"), ("J3262", "", "M06.9"), ("", "b", "M05.79"))
        table.cell(1, 0).merge(table.cell(2, 0))
        inner = table.cell(1, 1).add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "x", "y"

    assert rows(guide(write)) == [["Code", "Drug", "Dx"], ["J3262", "x, y", "M06.9"], ["J3262", "b", "M05.79"]]


def test_a_header_in_two_rows() -> None:
    def write(word: Word) -> None:
        table = fill(word, ("HCPCS", "Product", ""), ("", "Brand", "Generic"), ("J3262", "Actemra", "tocilizumab"))
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(0, 1).merge(table.cell(0, 2))
        for row in table.rows[:2]:
            row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))

    document = guide(write)
    assert blocks(document) == [
        ("header", "HCPCS | Product Brand | Product Generic"), ("row", "J3262 | Actemra | tocilizumab"),
    ]  # fmt: skip


def test_a_frame_of_one_cell_is_no_table() -> None:
    assert blocks(guide(lambda word: fill(word, ("Use JW.",)))) == [("paragraph", "Use JW.")]


def test_deletions_and_hidden_words_are_left_out_and_insertions_kept() -> None:
    document = guide(
        lambda word: paragraph(
            word,
            "<w:r><w:t xml:space='preserve'>Bill </w:t></w:r><w:del><w:r><w:delText>J1111</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>J3262</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>J2222</w:t></w:r>",
        )
    )
    assert blocks(document) == [("paragraph", "Bill J3262"), ("navigation", "J1111"), ("navigation", "J2222")]
    assert [block.omitted for block in document.blocks] == ["", "deleted text", "hidden"]


def test_text_boxes_are_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Use JZ.</w:t></w:r></w:p></w:txbxContent>"
    document = guide(
        lambda word: paragraph(
            word,
            "<w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
            f"<mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
            "<w:t>before</w:t></w:r>",
        )
    )
    assert blocks(document) == [("paragraph", "before"), ("paragraph", "Use JZ.")]


def test_running_heads_are_left_out_and_footnotes_come_last() -> None:
    def write(word: Word) -> None:
        word.add_paragraph("Use JW.")
        word.sections[0].header.paragraphs[0].text = "Policy J9999"
        word.sections[0].footer.paragraphs[0].text = "Confidential"

    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:type='separator' w:id='0'><w:p><w:r><w:t>---</w:t></w:r></w:p>"
        "</w:footnote><w:footnote w:id='1'><w:p><w:r><w:t>Not for M05.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    document = parse(changed(written(write), {"word/footnotes.xml": notes.encode()}), "guide.docx")
    assert [(document.quote(block), block.omitted) for block in document.blocks] == [
        ("Use JW.", ""), ("Not for M05.", ""), ("Confidential", "running footer"), ("Policy J9999", "running header"),
    ]  # fmt: skip


def changed(data: bytes, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **dict.fromkeys(parts)}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as error:
        parse(data, "guide.docx")
    assert "\n" not in str(error.value)
    return str(error.value)


def test_hostile_and_damaged_documents() -> None:
    good = written(lambda word: word.add_paragraph("Use JW."))
    main = "word/document.xml"
    laughs = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>"
    assert "declares entities" in refusal(changed(good, {main: laughs}))
    assert f"damaged: {main} is no XML" in refusal(changed(good, {main: b"<w:document>"}))
    assert f"damaged: {main} is no XML" in refusal(changed(good, {main: b"<a>" * 5_000 + b"</a>" * 5_000}))
    assert "unpacks to" in refusal(changed(good, {main: b" " * 60_000_000}))
    for cut in (30, len(good) // 2, len(good) - 5):
        assert "damaged or cut off" in refusal(good[:cut])
    # The end of the archive says that all parts lie further back than it is long.
    said = len(good) - 6
    further = int.from_bytes(good[said : said + 4], "little") + len(good)
    assert "damaged or cut off" in refusal(good[:said] + further.to_bytes(4, "little") + good[said + 4 :])
    flipped = bytearray(good)
    flipped[good.index(b"word/document.xml") + 40] ^= 0xFF
    assert refusal(bytes(flipped)).startswith("guide.docx: damaged")
