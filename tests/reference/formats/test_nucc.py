"""The NUCC taxonomy as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.reference import Edition, Entry, ReleaseFile
from kg.reference.formats import nucc
from kg.reference.release_files import open_release
from tests.data.official import REFERENCE, needs_reference
from tests.data.official import nucc as official_names

COLUMNS = (
    "Code", "Grouping", "Classification", "Specialization", "Definition", "Notes", "Display Name", "Section",
)  # fmt: skip
PHYSICIANS = "Allopathic & Osteopathic Physicians"


def table(*rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS, name: str = "nucc.csv") -> ReleaseFile:
    buffer = io.StringIO()
    csv.writer(buffer).writerows((columns, *rows))
    return ReleaseFile(name, buffer.getvalue().encode("cp1252"), f"in.zip/{name}", (name,))


def row(
    code: str, classification: str, specialization: str, name: str, notes: str = "", grouping: str = PHYSICIANS
) -> tuple[str, ...]:
    return (code, grouping, classification, specialization, "A long definition.", notes, name, "Individual")


def read(file: ReleaseFile) -> Edition:
    assert nucc.FORMAT.recognises(file)
    (edition,) = nucc.FORMAT.read(file)
    return edition


def entries(*rows: tuple[str, ...]) -> dict[str, Entry]:
    return {entry.code.value: entry for entry in read(table(*rows)).entries}


def test_names() -> None:
    found = entries(
        row("207R00000X", "Internal Medicine", "", "Internal Medicine Physician"),
        row("207RA0401X", "Internal Medicine", "Addiction\r\nMedicine", "Addiction Medicine (IM) Physician "),
        row("163W00000X", "Registered Nurse", "", "Registered Nurse", grouping="Nursing Service Providers"),
        row("363A00000X", "Physician Assistant", "", "An Extra Physician", grouping="Physician Assistants"),
    )
    assert (found["207R00000X"].name, found["207R00000X"].names) == (
        "Internal Medicine Physician",
        ("Internal Medicine",),
    )
    assert found["207RA0401X"].name == "Addiction Medicine (IM) Physician"
    assert found["207RA0401X"].names == ("Addiction Medicine", "Addiction Medicine (IM)")
    assert found["207RA0401X"].broader == found["207R00000X"].code
    assert found["163W00000X"].names == ()
    assert found["363A00000X"].names == ("Physician Assistant",)
    assert not any("definition" in repr(entry) for entry in found.values())
    assert [entry.row for entry in found.values()] == [2, 3, 5, 6], "a cell may go over several lines"


def test_before_there_were_display_names_classification_and_specialization_are_the_name() -> None:
    rows = (
        ("207R00000X", PHYSICIANS, "Internal Medicine", "", "A definition.", "[7/1/2003: new]"),
        ("207RR0500X", PHYSICIANS, "Internal Medicine", "Rheumatology", "", ""),
        ("103GC0700X", "Others", "Neuropsychologist", "Clinical", "", "[1/1/2007: marked inactive, use 103G00000X]"),
        ("bad", "Others", "Neuropsychologist", "Clinical", "", ""),
    )
    edition = read(table(*rows, columns=COLUMNS[:6], name="nucc_taxonomy_160.csv"))
    assert edition.release.identifier == "nucc-16.0-excerpt"
    whole, part, ended = edition.entries
    assert (whole.name, whole.names) == ("Internal Medicine", ())
    assert (part.name, part.names) == ("Internal Medicine, Rheumatology", ("Rheumatology",))
    assert part.broader == whole.code
    assert (ended.valid_through, ended.notes) == (
        date(2007, 1, 1), (("deactivated", "1/1/2007: marked inactive, use 103G00000X"),)
    )  # fmt: skip
    assert [left.text for left in edition.left_out] == ["bad Neuropsychologist, Clinical"]


def test_deactivated_codes() -> None:
    edition = read(
        table(
            row(
                "1835G0000X",
                "Pharmacist",
                "",
                "Deactivated - Pharmacist",
                "[1/1/2006: marked inactive, use 183500000X]",
            ),
            row("183500000X", "Pharmacist", "", "Pharmacist", "[7/1/2003: new]"),
            row("246YC3301X", "Coder", "", "Coder", "[1/1/2023: marked inactive]<br/>Deactivation Date: 3/31/2023"),
            row("103TE1000X", "Psychologist", "", "Deactivated - Psychologist", "Source: somebody"),
            row("103TM1700X", "Psychologist", "", "Psychologist M", "[13/45/2007: marked inactive]"),
        )
    )
    pharmacist, _, coder, undated, baddate = edition.entries
    assert (pharmacist.name, pharmacist.valid_through) == ("Pharmacist", date(2006, 1, 1))
    assert pharmacist.notes == (("deactivated", "1/1/2006: marked inactive, use 183500000X"),)
    assert coder.valid_through == date(2023, 3, 31)
    assert (undated.name, undated.valid_through) == ("Psychologist", None)
    assert undated.notes == (("deactivated", "Deactivated - Psychologist"),)
    assert (baddate.valid_through, baddate.notes) == (None, ())
    (successor,) = edition.statements
    assert (successor.subject.label, successor.object.label) == ("1835G0000X Pharmacist", "183500000X Pharmacist")
    assert (successor.valid_from, successor.row) == (date(2006, 1, 2), 2)


@pytest.mark.parametrize(
    ("name", "number", "issued"),
    [
        ("nucc_taxonomy_251.csv", "25.1", date(2025, 7, 1)),
        ("nucc_taxonomy_090 (1).csv", "9.0", date(2009, 1, 1)),
        ("NUCC Taxonomy version 26.0.csv", "26.0", date(2026, 1, 1)),
        ("specialties.csv", "undated", None),
    ],
)
def test_the_name_tells_the_edition(name: str, number: str, issued: date | None) -> None:
    release = read(table(row("207R00000X", "Internal Medicine", "", "Internist"), name=name)).release
    assert (release.identifier, release.issued) == (f"nucc-{number}-excerpt", issued)
    assert (release.complete, release.quotable) == (False, True)


def test_rows_that_cannot_be_used_are_left_out() -> None:
    edition = read(
        table(
            row("207R00000X", "Internal Medicine", "", "Internist"),
            row("207R00000X", "Internal Medicine", "", "Internist again"),
            row("207R", "Internal Medicine", "", "Too short"),
        )
    )
    assert [(left.row, left.reason) for left in edition.left_out] == [
        (3, "207R00000X stands in line 2 already"),
        (4, "not a NUCC taxonomy code: '207R'"),
    ]
    assert edition.rows == 3


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"in\.zip/nucc\.csv:1: no column Notes"):
        read(table(columns=COLUMNS[:5]))
    with pytest.raises(ReleaseError, match=r"in\.zip/nucc\.csv: no code"):
        read(table())
    file = table(row("207R00000X", "Internal Medicine", "", "Internist"))
    open_quote = ReleaseFile(file.name, file.data + b'207RA0401X,"x\r\n' * 3, file.path)
    with pytest.raises(ReleaseError, match=r"in\.zip/nucc\.csv:\d+: not CSV"):
        read(open_quote)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"Code,Description\r\n207R00000X,x", b'"', b"\0" * 100])
def test_what_is_not_the_taxonomy(data: bytes) -> None:
    assert not nucc.FORMAT.recognises(ReleaseFile("nucc_taxonomy_251.csv", data))


@settings(max_examples=200)
@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 20))
def test_any_bytes_are_read_or_refused(piece: bytes, at: int, cut: int) -> None:
    data = table(row("207R00000X", "Internal\nMedicine", "", "Internist"), row("207RA0401X", "a", "b", "c")).data
    file = ReleaseFile("a", data[:at] + piece + data[at + cut :], "a")
    if nucc.FORMAT.recognises(file):
        try:
            read(file)
        except ReleaseError as exc:
            assert str(exc).startswith("a:")


@needs_reference
@pytest.mark.parametrize(
    ("version", "codes", "issued"), [("251", 883, date(2025, 7, 1)), ("250", 879, date(2025, 1, 1))]
)
def test_official_editions(version: str, codes: int, issued: date) -> None:
    (file,) = open_release(REFERENCE / "nucc" / f"nucc_taxonomy_{version}.csv")
    edition = read(file)
    assert edition.release.title == f"NUCC taxonomy {version[:2]}.{version[2]}"
    assert (len(edition.entries), edition.rows, edition.left_out) == (codes, codes, ())
    assert (edition.release.complete, edition.release.issued) == (True, issued)
    unnamed = read(ReleaseFile("a.csv", file.data, "a.csv", ("a.csv",)))
    assert unnamed.release.identifier == edition.release.identifier, "the notes tell it as well"


@needs_reference
def test_official_names_of_25_1() -> None:
    (file,) = open_release(REFERENCE / "nucc" / "nucc_taxonomy_251.csv")
    for entry in read(file).entries:
        name = " ".join(official_names()[entry.code.value].split())
        assert entry.name == name.removeprefix("Deactivated - ")
        assert not entry.name.startswith("Deactivated")
        assert name == entry.name or entry.valid_through is not None
