from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from kg.documents import read

from .running import installed, kg, rows

KEYS = [
    "subject",
    "relation",
    "object",
    "object_label",
    "polarity",
    "strength",
    "condition",
    "qualifiers",
    "rule",
    "evidence",
]
EVIDENCE = ["start", "end", "quote", "line", "section"]
ESCAPE, OVERRIDE, ISOLATE = "\x1b", "\u202e", "\u2067"


def test_jsonl_has_the_keys_of_the_contract_and_quotes_the_text(guides: Path) -> None:
    for name in ("tocilizumab.md", "sheet.html"):
        ran, text = kg("extract", guides / name, "--format", "jsonl"), kg("extract", guides / name, "--text").out
        assert (ran.code, ran.err) == (0, "")
        stated = rows(ran.out, "jsonl")
        assert stated
        for one in stated:
            assert list(one) == KEYS
            assert list(one["evidence"]) == EVIDENCE
            assert text[one["evidence"]["start"] : one["evidence"]["end"]] == one["evidence"]["quote"] != ""
        assert text == read(guides / name).text


def test_offsets_count_code_points() -> None:
    given = "# HCPCS Code J3262\n\n💉 Ärzte: append modifier JW.\n"
    (one,) = rows(kg("extract", "-", "--format", "jsonl", given=given).out, "jsonl")
    assert given[one["evidence"]["start"] : one["evidence"]["end"]] == one["evidence"]["quote"]
    assert kg("extract", "-", "--text", given=given).out == given


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "tsv"])
def test_every_format_tells_the_same(guides: Path, format: str) -> None:
    stated = rows(kg("extract", guides / "tocilizumab.md", "--format", format).out, format)
    assert [(one["subject"], one["relation"], one["object"], one["polarity"], one["strength"]) for one in stated] == [
        ("hcpcs:J3262", "identifiesDrug", "drug:tocilizumab", "affirmed", "stated"),
        ("hcpcs:J3262", "billingUnit", "quantity:1-mg", "affirmed", "stated"),
        ("hcpcs:J3262", "indicatedFor", "condition:rheumatoid-arthritis", "affirmed", "stated"),
        ("hcpcs:J3262", "acceptsModifier", "modifier:JW", "affirmed", "stated"),
        ("hcpcs:J3262", "acceptsModifier", "modifier:LT", "excluded", "stated"),
        ("hcpcs:J3262", "supportedByDiagnosis", "icd10cm:M06.9", "affirmed", "stated"),
        ("hcpcs:J3262", "supportedByDiagnosis", "icd10cm:M31.6", "affirmed", "offLabel"),
        ("cpt:96413", "routeOfAdministration", "route:intravenous", "affirmed", "stated"),
        ("hcpcs:J3262", "administeredWith", "cpt:96413", "affirmed", "stated"),
    ]


def test_the_table_is_for_people(guides: Path) -> None:
    ran = kg("extract", guides / "tocilizumab.md")
    assert ran.code == 0
    head, *body = ran.out.splitlines()
    assert head.split()[:4] == ["line", "subject", "relation", "object"]
    assert len(body) == 10
    assert ESCAPE not in ran.out


def test_several_documents_are_named_in_each_row(guides: Path) -> None:
    stated = rows(kg("extract", guides, "--format", "csv").out, "csv")
    assert sorted({one["document"] for one in stated}) == ["abatacept.txt", "sheet.html", "tocilizumab.md"]
    alone = kg("extract", guides, "--format", "csv").out
    assert installed("extract", guides, "--format", "csv", "--jobs", "2").out == alone


def test_the_report_accounts_for_rows_and_codes(guides: Path) -> None:
    ran = kg("extract", guides / "tocilizumab.md", "--report", "--format", "jsonl")
    left = rows(ran.out, "jsonl")
    assert [(one["what"], one["reason"], one["text"]) for one in left] == [
        ("token", "duplicate", "J3262"),
        ("row", "header", "Modifier | Name | When to use"),
        ("token", "not a code here", "90210"),
    ]
    assert ran.err.splitlines() == [
        "tocilizumab.md: 3 rows = 2 in evidence + 1 left over",
        "tocilizumab.md: 6 code-like tokens = 4 in evidence + 2 left over",
        "tocilizumab.md: 9 assertions",
    ]


@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv", "tsv"])
def test_the_report_comes_in_every_format(guides: Path, format: str) -> None:
    ran = kg("extract", guides / "tocilizumab.md", "--report", "--format", format)
    assert ran.code == 0
    assert "not a code here" in ran.out
    if format != "table":
        assert len(rows(ran.out, format)) == 3


def test_one_bad_document_among_many_is_reported_and_the_rest_is_read(guides: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"# HCPCS\nit\x00s")
    ran = kg("extract", guides / "abatacept.txt", tmp_path / "bad.md", "--format", "jsonl")
    assert ran.code == 1
    assert {json.loads(line)["document"] for line in ran.out.splitlines()} == {"abatacept.txt"}
    assert ran.err == f"kg: left out: {tmp_path}/bad.md:2: not text: character U+0000 at offset 10\n"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "the document is empty"),
        (b"one\ntwo \x00", "2: not text: character U+0000 at offset 8"),
        ("Sj\u00f6gren\nit".encode() + b"\x92s \xc3\xa9", "2: not UTF-8: byte 0x92 at offset 11"),
        ("\u00e9\u00e9\u00e9 caf\u00e9".encode()[:-1], "1: not UTF-8: byte 0xc3 at offset 10"),
        (b"x" * (4 * 1024 * 1024 + 1), "4,194,305 bytes, more than the 4,194,304 of the largest document"),
    ],
    ids=["empty", "binary", "another encoding", "truncated", "too large"],
)
def test_a_document_that_cannot_be_read_is_one_line(content: bytes, error: str, tmp_path: Path) -> None:
    file = tmp_path / "guide.md"
    file.write_bytes(content)
    ran = kg("extract", file)
    assert ran.code == 3
    assert ran.error.startswith(f"kg: {file}:")
    assert ran.error.endswith(error)


def test_a_path_that_leads_to_no_document(tmp_path: Path) -> None:
    empty, none = kg("extract", tmp_path), kg("extract", tmp_path / "none.md")
    assert (empty.code, none.code) == (3, 3)
    assert empty.error.startswith(f"kg: {tmp_path}: no documents in this folder")
    assert none.error == f"kg: {tmp_path}/none.md: no such file or folder"
    assert kg("extract", "-").error == "kg: -: the document is empty"


def test_marks_that_turn_the_order_of_text_never_reach_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "guide.md"
    file.write_text(
        f"# HCPCS Code J3262\n\n## Modifiers\nModifier | Name | Use\n---|---|---\n"
        f"JW | dis{OVERRIDE}carded | use {ISOLATE}it\n\nCall 90{OVERRIDE}, or 90210{OVERRIDE}.\n",
        "utf-8",
    )
    for words in ([], ["--report"]):
        ran = kg("extract", file, *words)
        assert ran.code == 0
        assert not {ESCAPE, OVERRIDE, ISOLATE} & set(ran.out + ran.err)
    assert OVERRIDE in kg("extract", file, "--format", "jsonl").out


def test_a_document_with_an_escape_is_refused_without_showing_it(tmp_path: Path) -> None:
    file = tmp_path / "guide.md"
    file.write_text(f"# HCPCS Code J3262\n\nAppend {ESCAPE}[31mJW.\n", "utf-8")
    ran = kg("extract", file)
    assert ran.code == 3
    assert ran.error == f"kg: {file}:3: not text: character U+001B at offset 27"


def test_a_file_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "ev\x1b[31mil"
    folder.mkdir()
    assert "\x1b" not in kg("extract", folder).err


def test_marks_of_direction_never_reach_the_terminal(tmp_path: Path) -> None:
    table = "Modifier | Name | Use\n---|---|---\nJW | a\u200fb\u200e | c\u061c\n"
    (tmp_path / "g.md").write_text(f"# HCPCS Code J3262\n\n## Modifiers\n{table}", "utf-8")
    assert not {"\u200e", "\u200f", "\u061c"} & set(kg("extract", tmp_path / "g.md").out)


def test_the_text_of_many_documents_skips_the_bad_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff")
    (tmp_path / "b.md").write_text("# J3262\n\nUse JW.\n", "utf-8")
    ran = kg("extract", tmp_path, "--text")
    assert ran.code == 1
    assert "Use JW." in ran.out


def test_standard_input_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# J3262", "utf-8")
    ran = kg("extract", "-", tmp_path / "a.md")
    assert (ran.code, ran.error) == (2, "kg: '-' is standard input, and stands alone")


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Drugs"
    for row in (["HCPCS", "Drug", "ICD-10-CM"], ["J3262", "tocilizumab", "M06.9"]):
        book.active.append(row)
    book.save(path)
    return path


def test_answers_say_sheet_and_row(tmp_path: Path) -> None:
    file = workbook(tmp_path / "drugs.xlsx")
    ran = kg("extract", file, "--format", "jsonl")
    evidence = [json.loads(line)["evidence"] for line in ran.out.splitlines()]
    assert evidence
    assert {(one["sheet"], one["row"]) for one in evidence} == {("Drugs", 2)}
    assert "page" not in evidence[0]
    assert "3 (sheet Drugs, row 2)" in kg("extract", file, "--format", "csv").out


def test_standard_input_may_be_of_any_format(tmp_path: Path) -> None:
    file = workbook(tmp_path / "drugs.xlsx")
    ran = kg("extract", "-", "--text", given=file.read_bytes())
    assert ran.out.splitlines() == ["Drugs", "HCPCS | Drug | ICD-10-CM", "J3262 | tocilizumab | M06.9"]


def test_what_is_passed_over_in_a_folder_is_named(guides: Path, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        shutil.copy(guides / "abatacept.txt", tmp_path / name)
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    ran = kg("extract", tmp_path, "--format", "jsonl")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        f"kg: left out: {tmp_path}/b.txt: holds the same bytes as {tmp_path}/a.txt",
        f"kg: left out: {tmp_path}/logo.png: no reader for .png",
    ]


@pytest.mark.parametrize(("format", "separator"), [("csv", ","), ("tsv", "\t")])
def test_no_cell_from_a_document_runs_in_a_spreadsheet(format: str, separator: str, tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    lines = ["| HCPCS | Modifier | Notes |", "|---|---|---|", "| J3262 | JZ | =1+1 |", "| J3262 | JW | -cmd |"]
    guide.write_text("\n".join(lines))
    safe = kg("extract", guide, "--format", format).out
    assert f"{separator}'=1+1{separator}" in safe and f"{separator}'-cmd{separator}" in safe
    raw = kg("extract", guide, "--format", f"raw-{format}").out
    assert f"{separator}=1+1{separator}" in raw and raw == safe.replace("'", "")
