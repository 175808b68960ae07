from __future__ import annotations

import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from kg.documents import Document, parse
from kg.documents import pdf as reader
from kg.errors import DocumentError

from .reading import blocks, rows
from .test_any_document import hold

SENTENCE = "Append modifier JW to the claim line when a part of the drug in a vial is discarded after the dose. "


class Guide(FPDF):
    """A PDF with a running head and page numbers where they are asked for."""

    head = ""

    def header(self) -> None:
        if self.head:
            self.set_font("helvetica", size=8)
            self.cell(0, 8, f"{self.head} {self.page_no()}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def footer(self) -> None:
        if self.head:
            self.set_y(-15)
            self.set_font("helvetica", size=8)
            self.cell(0, 8, f"Page {self.page_no()} of {{nb}}", align="C")

    def line_of(self, text: str, size: int = 11, style: str = "") -> None:
        self.set_font("helvetica", style, size)
        self.cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def text_of(self, text: str) -> None:
        self.set_font("helvetica", size=11)
        self.multi_cell(0, 5.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def written(write: Callable[[Guide], object], head: str = "", **options: str) -> bytes:
    guide = Guide(format="letter")
    guide.head = head
    guide.set_font("helvetica", size=11)
    if options:
        guide.set_encryption(**options)  # type: ignore[arg-type]
    guide.add_page()
    write(guide)
    return bytes(guide.output())


def guide(write: Callable[[Guide], object], head: str = "") -> Document:
    document = parse(written(write, head), "guide.pdf")
    hold(document)
    return document


def test_headings_paragraphs_and_items() -> None:
    def write(page: Guide) -> None:
        page.line_of("Billing tocilizumab", 18)
        page.ln(4)
        page.text_of(SENTENCE * 3)
        page.ln(4)
        page.line_of("Modifiers", 11, "B")
        page.ln(2)
        page.text_of("- JW for waste")
        page.text_of("- JZ for no waste")
        page.ln(4)
        page.text_of("A second paragraph.")

    document = guide(write)
    assert blocks(document) == [
        ("heading", "Billing tocilizumab"), ("paragraph", (SENTENCE * 3).strip()), ("heading", "Modifiers"),
        ("item", "JW for waste"), ("item", "JZ for no waste"), ("paragraph", "A second paragraph."),
    ]  # fmt: skip
    assert document.blocks[-1].section == ("Billing tocilizumab", "Modifiers")
    assert {block.page for block in document.blocks} == {1}
    assert [block.line for block in document.blocks] == [1, 2, 3, 4, 5, 6]


def ruled(page: Guide, *cells: tuple[str, ...]) -> None:
    with page.table() as table:
        for texts in cells:
            row = table.row()
            for text in texts:
                row.cell(text)


def test_ruled_tables_keep_their_columns() -> None:
    document = guide(
        lambda page: ruled(
            page, ("HCPCS", "Drug", "Diagnosis"), ("J3262", "tocilizumab", "M06.9, " * 20), ("J0897", "", "M81.0")
        )
    )
    assert rows(document) == [
        ["HCPCS", "Drug", "Diagnosis"], ["J3262", "tocilizumab", ("M06.9, " * 20).strip()], ["J0897", "", "M81.0"],
    ]  # fmt: skip
    assert [block.kind.value for block in document.blocks] == ["header", "row", "row"]


def test_a_header_in_two_rows_and_a_cell_over_rows() -> None:
    def write(page: Guide) -> None:
        with page.table(num_heading_rows=2) as table:
            row = table.row()
            row.cell("HCPCS", rowspan=2)
            row.cell("Product", colspan=2)
            row = table.row()
            row.cell("Brand")
            row.cell("Generic")
            row = table.row()
            row.cell("J3262", rowspan=2)
            row.cell("Actemra")
            row.cell("tocilizumab")
            row = table.row()
            row.cell("Tyenne")
            row.cell("tocilizumab-aazg")

    assert blocks(guide(write)) == [
        ("header", "HCPCS | Product Brand | Product Generic"), ("row", "J3262 | Actemra | tocilizumab"),
        ("row", "J3262 | Tyenne | tocilizumab-aazg"),
    ]  # fmt: skip


def test_tables_without_rules_are_told_by_their_columns() -> None:
    def write(page: Guide) -> None:
        for code, name, unit in (
            ("Code", "Name", "Unit"),
            ("J3262", "tocilizumab", "1 mg"),
            ("J0897", "denosumab", "1 mg"),
        ):
            page.set_font("helvetica", size=11)
            page.cell(40, 6, code)
            page.cell(60, 6, name)
            page.cell(40, 6, unit, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    document = guide(write)
    assert rows(document) == [
        ["Code", "Name", "Unit"],
        ["J3262", "tocilizumab", "1 mg"],
        ["J0897", "denosumab", "1 mg"],
    ]
    assert document.blocks[0].kind.value == "header"


def test_a_table_goes_on_over_pages() -> None:
    cells = [(f"J{number}", f"drug {number}") for number in range(1000, 1100)]
    document = guide(lambda page: ruled(page, ("Code", "Name"), *cells), "Policy")
    assert [row for row in rows(document) if row[0] != "Code"] == [list(row) for row in cells]
    assert all(block.kind.value == "header" for block in document.blocks if document.quote(block) == "Code | Name")


def test_what_runs_along_pages_is_left_out() -> None:
    text = " ".join(f"Sentence {number} says: {SENTENCE}" for number in range(120))
    document = guide(lambda page: page.text_of(text), "Medical policy J9999, page")
    left = {(document.quote(block), block.omitted, block.page) for block in document.blocks if block.omitted}
    assert ("Medical policy J9999, page 2", "running header", 2) in left
    assert any(reason == "page number" and text.startswith("Page 2 of ") for text, reason, _ in left)
    read = [block for block in document.blocks if not block.omitted]
    assert [document.quote(block) for block in read] == [" ".join(text.split())]


def test_columns_are_read_one_after_the_other() -> None:
    def write(page: Guide) -> None:
        page.line_of("Payment policy for drugs that are given in the clinic", 18)
        page.ln(6)
        top = page.get_y()
        page.set_font("helvetica", size=10)
        for x, word in ((15, "left"), (112, "right")):
            page.set_xy(x, top)
            page.multi_cell(85, 5, f"The {word} column says something of some length about the use of drugs. " * 12)

    document = guide(write)
    text = document.text
    assert text.index("The right") > text.rindex("The left")
    assert len(document.blocks) == 3


def test_hyphens_of_parted_words_go_and_those_of_names_and_ranges_stay() -> None:
    def write(page: Guide) -> None:
        for line in (
            "The provider must submit every claim with documen-",
            "tation of infliximab-",
            "dyyb for K50.00-",
            "K51.919 here.",
        ):
            page.line_of(line)

    assert "documentation of infliximab-dyyb for K50.00-K51.919 here." in " ".join(guide(write).text.split("\n"))


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as error:
        parse(data, "guide.pdf")
    assert "\n" not in str(error.value)
    return str(error.value)


def test_scans_and_encrypted_files_are_refused() -> None:
    assert refusal(written(lambda page: page.rect(10, 10, 50, 50))) == (
        "guide.pdf: no text in it, only pictures of pages: run text recognition (OCR) on it first"
    )
    secret = written(lambda page: page.text_of("Use JW."), owner_password="a", user_password="b")
    assert refusal(secret) == "guide.pdf: encrypted: save it without a password"
    assert parse(written(lambda page: page.text_of("Use JW."), owner_password="a"), "guide.pdf").text == "Use JW."


def test_damaged_files_are_one_line() -> None:
    good = written(lambda page: page.text_of(SENTENCE))
    assert refusal(b"%PDF-1.7\n").startswith("guide.pdf: damaged: cannot be read as PDF")
    for cut in (50, len(good) // 3):
        assert refusal(good[:cut]).startswith("guide.pdf: ")


def objects(*bodies: str) -> bytes:
    """A PDF made of these objects, the first of them its catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    count = len(bodies) + 1
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode()


@pytest.fixture
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_SECONDS_A_PAGE", 2)


@pytest.mark.usefixtures("_hurried")
def test_loops_of_references_end() -> None:
    assert refusal(objects("<< /Type /Catalog /Pages 2 0 R >>", "2 0 R")).startswith("guide.pdf: ")
    loop = "<< /Type /Pages /Count 2 /Kids [2 0 R 2 0 R] >>"
    assert refusal(objects("<< /Type /Catalog /Pages 2 0 R >>", loop)).startswith("guide.pdf: ")
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    pages = "<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    assert refusal(objects("<< /Type /Catalog /Pages 2 0 R >>", pages, page, "4 0 R")).startswith("guide.pdf: ")


def test_ten_thousand_pages_are_refused() -> None:
    pages = [f"{number} 0 R" for number in range(3, 10_003)]
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count 10000 /Kids [{' '.join(pages)}] >>"]
    bodies += ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"] * 10_000
    assert refusal(objects(*bodies)) == "guide.pdf: more than 1,000 pages: split it"


@pytest.mark.usefixtures("_hurried")
def test_streams_that_fill_the_memory_end() -> None:
    stream = zlib.compress(b"\0" * 50_000_000, 9)
    bomb = zlib.compress(stream, 9).decode("latin-1")
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    content = f"<< /Filter [/FlateDecode /FlateDecode] /Length {len(bomb)} >>\nstream\n{bomb}\nendstream"
    bodies = ("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", page, content)
    assert refusal(objects(*bodies)).startswith("guide.pdf: ")


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader.importlib.util, "find_spec", lambda _: None)
    assert refusal(b"%PDF-1.7") == "guide.pdf: reading PDF needs an optional library: pip install 'billing-kg[pdf]'"


@pytest.mark.skipif(sys.platform == "win32", reason="nothing tells there that a parent has ended")
def test_pages_are_not_read_on_when_their_reader_was_killed() -> None:
    waiting, open_end = os.pipe()  # The pages never come, so that it waits for them.
    code = (
        "import os, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'kg.documents.pdf_pages', '30', str(os.getpid())])"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=waiting, stdout=subprocess.PIPE) as killed:
        os.close(waiting)
        time.sleep(2)
        killed.kill()
        assert killed.stdout is not None
        before = time.monotonic()
        assert killed.stdout.read() == b""  # Which ends when nobody could write to it any more.
        assert time.monotonic() - before < 20
    os.close(open_end)


def test_a_folder_with_a_damaged_file_is_read_all_the_same(tmp_path: Path) -> None:
    from kg.documents import intake

    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "good.pdf").write_bytes(written(lambda page: page.text_of("Use JW.")))
    bad, good = (source.read_or_error() for source in intake([tmp_path]).sources)
    assert isinstance(bad, DocumentError)
    assert isinstance(good, Document)
