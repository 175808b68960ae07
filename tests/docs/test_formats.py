"""The folder of docs/formats.md: one document of each format, made from the page, built and asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from fpdf import FPDF
from typer.testing import CliRunner

from kg.cli import app
from kg.documents import intake

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
DOCUMENTS = {
    section.partition("\n")[0]: section.partition("```text\n")[2].partition("```")[0]
    for section in PAGE.partition("\n## Build it")[0].split("\n### ")[1:]
}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("| ").split("|")] if line.startswith("|") else []


def write_workbook(path: Path, content: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Diagnoses"
    for line in content.splitlines():
        sheet.append([cell.strip() or None for cell in line.split("|")])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    book.save(path)


def write_word(path: Path, content: str) -> None:
    document, table = docx.Document(), None
    for line in content.splitlines():
        if row := cells(line):
            table = table or document.add_table(rows=0, cols=len(row))
            for cell, said in zip(table.add_row().cells, row, strict=True):
                cell.text = said
        elif line.startswith("#"):
            document.add_heading(line.lstrip("# "), line.count("#"))
        else:
            document.add_paragraph(line.removeprefix("- "), style="List Bullet")
    document.save(path)


def write_pdf(path: Path, content: str) -> None:
    pdf = FPDF()
    for page in content.split("---\n"):
        pdf.add_page()
        for block in re.findall(r"(?:^\|.*\n)+|^.*\n", page, re.MULTILINE):
            pdf.set_font("Helvetica", "B" if block.startswith("#") else "", 16 if block.startswith("# ") else 11)
            if block.startswith("|"):
                with pdf.table() as table:
                    for line in block.splitlines():
                        table.row(cells(line))
            else:
                pdf.multi_cell(0, 9, block.strip("# \n"), new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))


WRITERS = {".xlsx": write_workbook, ".docx": write_word, ".pdf": write_pdf}


def write_folder(folder: Path) -> None:
    """Make the documents of the page."""
    folder.mkdir()
    for name, content in DOCUMENTS.items():
        write = WRITERS.get(Path(name).suffix)
        if write:
            write(folder / name, content)
        else:
            (folder / name).write_text(content, "utf-8")


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("office")
    write_folder(place / "guides")
    run(place, "kg build guides --store graph --no-icd10cm --as-of 2026-06-30")
    return place


def run(place: Path, command: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        done = CliRunner().invoke(app, command.split()[1:])
    assert done.exit_code == 0, done.output
    return done.stdout


def examples(command: str) -> Iterator[str]:
    """The words of each line that the page shows below a command; what is cut short there ends at its `…`."""
    shown = re.search(rf"^\$ {re.escape(command)}$\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert shown, command
    for line in shown[1].splitlines():
        yield from filter(None, (" ".join(part.split()) for part in line.split("…")))


def test_the_folder_has_one_document_of_each_format(workplace: Path) -> None:
    formats = [source.read().format for source in intake([workplace / "guides"]).sources]
    assert sorted(formats) == ["csv", "docx", "html", "json", "pdf", "spreadsheet", "text", "text"]


@pytest.mark.parametrize(
    "command",
    [
        "kg extract guides/denosumab-policy.pdf --format jsonl",
        "kg extract guides/asthma-diagnoses.xlsx --format jsonl",
        "kg extract guides/abatacept-plan.html --report",
    ],
)
def test_evidence_is_what_the_page_shows(workplace: Path, command: str) -> None:
    printed = " ".join(run(workplace, command).split())
    for words in examples(command):
        assert words in printed or words.startswith("abatacept-plan.html:")


@pytest.mark.parametrize("command", ["kg codes-for M06.9 --store graph", "kg path J45.50 M06.9 --store graph"])
def test_answers_cite_what_the_page_cites(workplace: Path, command: str) -> None:
    printed = run(workplace, command)
    cited = re.findall(r"[\w-]+:\d+(?: \([^)]*\))?(?=\s|$)", "\n".join(examples(command)))
    assert len(cited) >= 3
    for place in cited:
        assert place in printed
