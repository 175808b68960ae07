"""HCPCS Level II, as text of fixed width and as a spreadsheet."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.model import Relation
from kg.reference import Edition, Entry, ReleaseFile
from kg.reference.formats import hcpcs_fixed, hcpcs_xlsx, read_contents
from kg.reference.release import Format
from kg.reference.release_files import open_release
from tests.data.official import REFERENCE, needs_reference
from tests.reference.formats.workbooks import Cell, book, sheet

FORMATS = (hcpcs_fixed.FORMAT, hcpcs_xlsx.FORMAT)
COLUMNS = (
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "PRICE1", "XREF1", "XREF2", "COV", "ADD DT",
    "ACT EFF DT", "TERM DT", "ACTION CD",
)  # fmt: skip


def line(
    code: str,
    kind: str,
    long: str,
    short: str = "",
    crossed: str = "",
    dates: Sequence[str] = ("", "", ""),
    **more: str,
) -> str:
    """A record of 320 characters, as the layout has it."""
    text = f"{code:>5}001{'00'}{kind}{long:<80}{short:<28}{more.get('price', ''):<2}"
    text = f"{text:<204}{crossed:<25}{more.get('coverage', ''):<1}"
    added, acted, ended = dates
    return f"{f'{text:<268}{added:<8}{acted:<8}{ended:<8}' + more.get('action', ''):<320}"


def fixed(*lines: str, name: str = "HCPC2025_OCT_ANWEB.txt", since: date | None = None) -> ReleaseFile:
    return ReleaseFile(name, "\r\n".join(lines).encode("cp1252"), f"hcpcs.zip/{name}", (name, "hcpcs.zip"), since)


def spreadsheet(*rows: Sequence[Cell], sheet_name: str = "A", name: str = "codes.xlsx") -> ReleaseFile:
    return ReleaseFile(name, book(sheet(rows), sheet_name), f"hcpcs.zip/{name}", (name,))


def row(code: str, long: str, **cells: Cell) -> list[Cell]:
    values: dict[str, Cell] = {"HCPC": code, "LONG DESCRIPTION": long, "RECID": "7" if len(code.strip()) == 2 else "3"}
    values |= {name.replace("_", " "): value for name, value in cells.items()}
    return [values.get(column, "") for column in COLUMNS]


def read(file: ReleaseFile, format: Format | None = None) -> list[Edition]:
    format = format or next(format for format in FORMATS if format.recognises(file))
    assert format.recognises(file)
    return list(format.read(file))


def only(edition: Edition) -> Entry:
    (entry,) = edition.entries
    return entry


def test_codes_and_modifiers_of_fixed_width() -> None:
    file = fixed(
        "***Disclaimers\t\t", "", "\xa0 In some instances, brand names may appear.\xa0 ",
        line("AT", "7", "Acute treatment (this modifier should be used when reporting service 98940,", "Acute",
             dates=("19840101", "19980101", ""), coverage="C"),
        line("AT", "8", "98941, 98942)")[:91].rstrip(),
        line("J0135", "3", "Injection, adalimumab, 20 mg", "Adalimumab injection", "J0139",
             ("20050101", "20250101", "20241231"), price="51", action="D")[:293],
    )  # fmt: skip
    codes, modifiers = read(file)
    assert codes.release.identifier == "hcpcs-2025-10-excerpt"
    assert codes.release.title == "HCPCS Level II October 2025, an excerpt"
    assert (codes.release.issued, codes.release.complete, codes.release.outside) == (date(2025, 10, 1), False, "D.*")
    assert codes.release.source == "hcpcs.zip/HCPC2025_OCT_ANWEB.txt"
    code = only(codes)
    assert (code.code.curie, code.name, code.row) == ("hcpcs:J0135", "Injection, adalimumab, 20 mg", 6)
    assert code.names == ("Adalimumab injection",)
    assert (code.valid_from, code.valid_through) == (date(2005, 1, 1), date(2024, 12, 31))
    assert code.notes == (("pricing", "51"),)
    (successor,) = codes.statements
    assert (successor.relation, successor.object.curie, successor.row) == (Relation.REPLACED_BY, "hcpcs:J0139", 6)
    assert successor.valid_from == date(2025, 1, 1)
    assert successor.text == "J0135 Injection, adalimumab, 20 mg; XREF J0139; TERM DT 20241231"
    assert modifiers.release.identifier == "hcpcs-modifiers-2025-10-excerpt"
    assert (only(modifiers).code.curie, only(modifiers).owner) == ("modifier:AT", "cms")
    assert only(modifiers).name.endswith("when reporting service 98940, 98941, 98942)")
    assert (codes.rows, modifiers.rows) == (1, 2)


def test_records_that_cannot_be_used_are_left_out_with_their_line() -> None:
    file = fixed(
        line("A4206", "3", "Syringe"),
        line("A4206", "3", "Syringe again"),
        line("A4206", "4", "and again"),
        line("A4207", "9", "An unknown type"),
        line("W1234", "3", "No letter of HCPCS"),
        line("W1234", "4", "which goes on"),
        "This is the end of the file.",
        *(line(f"A43{number}", "3", "More") for number in range(10, 50)),
    )
    (codes,) = read(file)
    assert len(codes.entries) == 41
    assert [(left.row, left.reason) for left in codes.left_out] == [
        (2, "A4206 stands in row 1 already"),
        (3, "goes on with 'A4206', which does not stand before it"),
        (4, "no such type of record: '9'"),
        (5, "not a HCPCS Level II code: 'W1234'"),
        (6, "goes on with 'W1234', which does not stand before it"),
        (7, "not a record"),
    ]
    assert codes.rows == len(codes.entries) + len(codes.left_out)


def test_a_spreadsheet_edited_by_hand() -> None:
    file = spreadsheet(
        ["***Disclaimers"],
        [],
        COLUMNS,
        row("   P3", "Status", ADD_DT="20060101"),
        row("C9088", "Instillation,\n bupivacaine", TERM_DT=20250930.0, ADD_DT=20220101.0, PRICE1=53.0),
        [],
        row("J0570", "Buprenorphine implant", SHORT_DESCRIPTION="Buprenorphine", ACT_EFF_DT=20251001.0, ACTION_CD="R"),
        row("A0021", "Ambulance service", XREF1="A0030", COV="I", ADD_DT="soon", TERM_DT="00000000"),
        row("", "without a code"),
        sheet_name="HCPC2025_OCT_ANWEB",
    )
    codes, modifiers = read(file)
    assert codes.release.identifier == "hcpcs-2025-10-excerpt", "the sheet tells the date"
    assert only(modifiers).owner == "ama"
    instilled, implant, ambulance = codes.entries
    assert (instilled.name, instilled.row) == ("Instillation, bupivacaine", 5)
    assert (instilled.valid_from, instilled.valid_through) == (date(2022, 1, 1), date(2025, 9, 30))
    assert instilled.notes == (("pricing", "53"),)
    assert implant.notes == (("action", "R 2025-10-01"),)
    assert implant.names == ("Buprenorphine",)
    assert ambulance.notes == (("coverage", "I"), ("cross reference", "A0030"))
    assert (ambulance.valid_from, ambulance.valid_through) == (None, None)
    assert [(left.row, left.reason) for left in codes.left_out] == [
        (8, "not a date: ADD DT 'soon'; A0021 is kept without it"),
        (9, "no code"),
    ]


def test_columns_are_found_by_name() -> None:
    columns = ("term_dt", "Long  Description", "hcpc", "Add dt", "New column", "Short Description")
    file = spreadsheet(columns, ["20251231", "Syringe", "A4206", "20020101", "x", "Syr"])
    (codes,) = read(file)
    assert (only(codes).name, only(codes).valid_through) == ("Syringe", date(2025, 12, 31))


def test_a_header_without_a_needed_column_is_refused() -> None:
    file = spreadsheet([], [column for column in COLUMNS if column != "TERM DT"], ["A4206"])
    with pytest.raises(ReleaseError, match=r"hcpcs\.zip/codes\.xlsx:2: no column TERM DT"):
        read(file)


def test_a_continuation_in_a_spreadsheet() -> None:
    file = spreadsheet(COLUMNS, row("G0503", "Care management, with"), row("G0503", "treatment goals", RECID="4"))
    assert only(read(file)[0]).name == "Care management, with treatment goals"


@pytest.mark.parametrize(
    ("crossed", "objects"),
    [
        (("J7331", "77046"), ["hcpcs:J7331", "cpt:77046"]),
        (("CPT", ""), []),
        (("C9088", ""), []),
        (("JW", ""), []),
    ],
)
def test_cross_references_of_a_code_that_has_ended(crossed: tuple[str, str], objects: list[str]) -> None:
    file = spreadsheet(COLUMNS, row("C9088", "Drug", TERM_DT="20250930", XREF1=crossed[0], XREF2=crossed[1]))
    (codes,) = read(file)
    assert [statement.object.curie for statement in codes.statements] == objects
    told = [value for kind, value in only(codes).notes if kind == "cross reference"]
    assert told == ([] if objects else [crossed[0]])


def whole(*more: str, added: str = "20250701") -> list[str]:
    codes = [f"{letter}{number:04}" for letter in "ABCEGHJKLMPQRSTV" for number in range(200)]
    return [*more, *(line(code, "3", f"Thing {code}", dates=(added, added, "")) for code in codes)]


def test_all_of_it_is_complete_and_tells_its_date() -> None:
    (codes,) = read(fixed(*whole(line("B9998", "3", "x", dates=("20990101", "", ""))), name="codes.txt"))
    assert codes.release.identifier == "hcpcs-2025-07"
    assert (codes.release.complete, codes.release.issued) == (True, date(2025, 7, 1))
    (dated,) = read(fixed(*whole(), name="codes.txt", since=date(2025, 10, 2)))
    assert dated.release.issued == date(2025, 10, 2)


def test_a_file_that_ends_early_is_an_excerpt() -> None:
    (codes,) = read(fixed(*whole()[:-200], name="codes.txt"))
    assert codes.release.identifier == "hcpcs-undated-excerpt"
    assert (codes.release.complete, codes.release.issued) == (False, None)


def test_a_file_of_which_nothing_can_be_read_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"codes\.xlsx:2: not a HCPCS Level II code: 'X1234'"):
        read(spreadsheet(COLUMNS, row("X1234", "Nothing")))
    with pytest.raises(ReleaseError, match=r"codes\.xlsx: no code in it"):
        read(spreadsheet(COLUMNS))


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZZZZ99999999999999"><v>1</v></c></row>',
        '<row r="1"><c r="CZ100000"><v>1</v></c></row>',
    ],
)
def test_a_sheet_with_a_cell_far_off_is_refused(xml: str) -> None:
    file = ReleaseFile("a.xlsx", book(sheet([COLUMNS]) + xml), "a.xlsx")
    with pytest.raises(ReleaseError, match=r"a\.xlsx/xl/worksheets/sheet1\.xml: a sheet of .* which no release has"):
        read(file)


def test_a_workbook_that_claims_too_much_is_refused() -> None:
    strings = '<sst count="99999999999" uniqueCount="99999999999"/>'
    file = ReleaseFile("a.xlsx", book(sheet([COLUMNS]), more={"xl/sharedStrings.xml": strings}), "a.xlsx")
    with pytest.raises(ReleaseError, match=r"a\.xlsx/xl/sharedStrings\.xml"):
        read(file)


def test_a_damaged_workbook_is_refused() -> None:
    file = ReleaseFile("a.xlsx", book(sheet([COLUMNS]) + '<row><c t="s"><v>7</v></c></row>'), "b.zip/a.xlsx")
    with pytest.raises(ReleaseError, match=r"b\.zip/a\.xlsx: not a workbook that can be read"):
        read(file)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"00001 A00    0 Cholera                                                      Cholera",
        b" HCPCS/MOD      TYPE OF CHANGE    SHORT DESCRIPTION\n      A1          No Change       Dressing",
        b"0001A\t0591T\t\t20220101\t20231231\t1\tManual",
        b"PK\x03\x04 and no more",
        book(sheet([("HCPCS/MOD", "TYPE OF CHANGE", "SHORT DESCRIPTION", "LONG DESCRIPTION"), ("A4206", "ADD")])),
        book(sheet([("HCPCS Code", "Short Description", "Payment Limit"), ("J0135", "x", "1")])),
    ],
)  # fmt: skip
def test_what_is_not_hcpcs(data: bytes) -> None:
    assert not any(format.recognises(ReleaseFile("HCPC2025.txt", data)) for format in FORMATS)


@settings(max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 900), st.integers(0, 30))
def test_any_bytes_are_read_or_refused(piece: bytes, at: int, cut: int) -> None:
    text = fixed(line("AT", "7", "Acute"), line("AT", "8", "care"), line("A4206", "3", "Syringe", dates=("2", "", "")))
    data = text.data[:at] + piece + text.data[at + cut :]
    for file in (ReleaseFile("a", piece), ReleaseFile("a", data)):
        for format in FORMATS:
            try:
                assert not format.recognises(file) or all(edition.rows for edition in format.read(file))
            except ReleaseError:
                assert format.recognises(file)


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)
cells = (
    texts | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(["A4206", "JW", "3", "4", "20250101"])
)


@settings(max_examples=60)
@given(st.lists(st.lists(cells, max_size=14), max_size=6))
def test_any_cells_are_read_or_refused(rows: list[list[Cell]]) -> None:
    file = spreadsheet(COLUMNS, *rows)
    try:
        editions = read(file)
    except ReleaseError as exc:
        assert str(exc).startswith("hcpcs.zip/codes.xlsx")
    else:
        assert sum(edition.rows for edition in editions) == sum(any(cell != "" for cell in row) for row in rows)


def official(name: str) -> list[ReleaseFile]:
    return open_release(Path(REFERENCE / "hcpcs" / name))


@pytest.mark.slow
@needs_reference
def test_october_2025() -> None:
    (file,) = official("HCPC2025_OCT_ANWEB.xlsx")
    codes, modifiers = read(file)
    assert (codes.release.identifier, modifiers.release.identifier) == ("hcpcs-2025-10", "hcpcs-modifiers-2025-10")
    assert codes.release.complete
    assert modifiers.release.complete
    assert codes.release.issued == date(2025, 10, 1)
    assert (len(codes.entries), len(modifiers.entries)) == (codes.rows, modifiers.rows) == (8_463, 383)
    assert not codes.left_out + modifiers.left_out
    ended = [sum(entry.valid_through is not None for entry in edition.entries) for edition in (codes, modifiers)]
    assert ended == [1_205, 20]
    assert len(list(codes.statements)) == 193
    assert [entry.code.value for entry in modifiers.entries if entry.owner == "ama"] == [f"P{n}" for n in range(1, 7)]


@pytest.mark.slow
@needs_reference
def test_2019_as_text_and_as_a_spreadsheet() -> None:
    files = {file.name: file for file in official("2019-Alpha-Numeric-HCPCS-File.zip")}
    known = {name for name, file in files.items() if any(format.recognises(file) for format in FORMATS)}
    assert known == {"HCPC2019_CONTR_ANWEB.txt", "HCPC2019_CONTR_ANWEB.xlsx"}
    text, table = (read(files[f"HCPC2019_CONTR_ANWEB.{suffix}"]) for suffix in ("txt", "xlsx"))
    assert sum(edition.rows for edition in text) == 11_622
    assert sum(len(edition.entries) for edition in text) == 6_800
    for one, other in zip(text, table, strict=True):
        assert one.release.issued == date(2019, 1, 1)
        assert one.release.complete
        assert one.release.identifier == other.release.identifier
        assert not one.left_out + other.left_out
        assert [(e.code, e.name, e.names, e.valid_from, e.valid_through, e.notes) for e in one.entries] == [
            (e.code, e.name, e.names, e.valid_from, e.valid_through, e.notes) for e in other.entries
        ]


@needs_reference
def test_the_excerpt_of_january_2026_is_not_complete() -> None:
    (file,) = official("HCPC2026_JAN_ANWEB_01122026.excerpt.txt")
    (modifiers,) = read(file)
    assert modifiers.release.title == "HCPCS modifiers January 2026, an excerpt"
    assert modifiers.release.issued == date(2026, 1, 1)
    assert (len(modifiers.entries), modifiers.rows, modifiers.release.complete) == (5, 10, False)


def test_corrections_are_read_whatever_columns_they_have_besides() -> None:
    columns = ("NOTES", *COLUMNS, "Correction")
    rows = [("", *row("J3262", "Injection, tocilizumab, 1 mg", TERM_DT=20251231.0), "TERM DT was wrong")]
    name = "HCPC2025_OCT_CORRECTIONS.xlsx"
    (codes,) = read(ReleaseFile(name, book(sheet([columns, *rows])), name, (name,)))
    assert codes.release.identifier == "hcpcs-2025-10-corrections"
    assert codes.release.title == "HCPCS Level II October 2025, corrections"
    assert not codes.release.complete
    assert (only(codes).name, only(codes).valid_through) == ("Injection, tocilizumab, 1 mg", date(2025, 12, 31))


def test_a_list_of_what_changed_beside_the_release_is_passed_over(tmp_path: Path) -> None:
    changes = ("HCPC", "ACTION CD", "SHORT DESCRIPTION", "LONG DESCRIPTION"), ("J3262", "N", "Tocilizumab", "Injection")
    release = book(sheet([COLUMNS, row("J3262", "Injection, tocilizumab, 1 mg")]))
    path = tmp_path / "hcpcs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("HCPC2025_OCT_ANWEB.xlsx", release)
        archive.writestr("HCPC2025_OCT_Trans_Alpha.xlsx", book(sheet(changes)))
        archive.writestr("notes.txt", "")
    contents = read_contents(path)
    assert [only(edition).name for edition in contents.editions] == ["Injection, tocilizumab, 1 mg"]
    assert contents.passed_over == ("notes.txt", "HCPC2025_OCT_Trans_Alpha.xlsx:1: no column ADD DT, TERM DT")
