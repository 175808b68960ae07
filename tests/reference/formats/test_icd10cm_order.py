from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.model import Code, CodeSystem
from kg.reference.formats import icd10cm_order
from kg.reference.formats.icd10cm_order import FORMAT
from kg.reference.release import Edition, ReleaseFile
from kg.reference.release_files import open_release
from tests.data.official import REFERENCE, needs_reference

ROWS = (
    ("00001", "A00", "0", "Cholera", "Cholera"),
    ("00002", "A000", "1", "Cholera due to one, biovar c", "Cholera due to one, biovar cholerae"),
    ("00003", "A02", "0", "Other salmonella", "Other salmonella"),
    ("00004", "A0223", "1", "Salmonella arthritis", "Salmonella arthritis"),
    ("00005", "S060X0A", "1", "Concussion", "Concussion, initial encounter"),
)


def line(number: str, code: str, flag: str, short: str, name: str) -> str:
    return f"{number} {code:<7} {flag} {short:<60} {name}"


TEXT = "\r\n".join(line(*row) for row in ROWS) + "\r\n"


def file(text: str | bytes = TEXT, name: str = "icd10cm-order-Jan-2021.txt", since: date | None = None) -> ReleaseFile:
    data = text.encode("cp1252") if isinstance(text, str) else text
    return ReleaseFile(name, data, f"here/{name}", (name,), since)


def read(*arguments: object, **named: object) -> Edition:
    (edition,) = FORMAT.read(file(*arguments, **named))  # type: ignore[arg-type]
    return edition


def test_codes_with_their_names_and_what_they_stand_under() -> None:
    edition = read()
    cholera, biovar, _, arthritis, concussion = edition.entries
    assert (cholera.code.value, cholera.name, cholera.names, cholera.billable) == ("A00", "Cholera", (), False)
    assert (biovar.code.value, biovar.broader, biovar.billable) == ("A00.0", cholera.code, True)
    assert (biovar.name, biovar.names) == ("Cholera due to one, biovar cholerae", ("Cholera due to one, biovar c",))
    assert arthritis.broader == Code(CodeSystem.ICD10CM, "A02")
    assert (concussion.code.value, concussion.broader, concussion.row) == ("S06.0X0A", None, 5)
    assert (edition.rows, edition.left_out, edition.statements) == (5, (), ())


def test_few_codes_are_not_complete() -> None:
    assert not read().release.complete


@pytest.mark.parametrize(
    ("name", "since", "issued", "identifier"),
    [
        ("icd10cm-order-Jan-2021.txt", None, date(2021, 1, 1), "icd10cm-2021-01"),
        ("icd10cm_order_2026.txt", None, date(2025, 10, 1), "icd10cm-2025-10"),
        ("icd10cm_order_2026.txt", date(2026, 4, 1), date(2026, 4, 1), "icd10cm-2026-04"),
        ("order.txt", None, None, "icd10cm-undated"),
    ],
)
def test_the_date_is_in_the_name(name: str, since: date | None, issued: date | None, identifier: str) -> None:
    release = read(name=name, since=since).release
    assert (release.issued, release.identifier) == (issued, identifier)
    assert read().release.title == "ICD-10-CM January 2021"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line("00006", "ÄÖÜ", "1", "x", "x"), "not an ICD-10-CM code"),
        (line("00006", "A0 1", "1", "x", "x"), "not an ICD-10-CM code"),
        (line("00006", "A01", "2", "x", "x"), "not a line of an order file"),
        (line("00006", "A01", "1", "x", ""), "no name"),
        (line("00006", "A00", "1", "x", "x"), "the code stands in row 1 already"),
        ("<html>", "not a line of an order file"),
    ],
)
def test_what_cannot_be_read_is_left_out_with_the_reason(bad: str, reason: str) -> None:
    edition = read(TEXT + bad)
    (left,) = edition.left_out
    assert (left.row, left.reason, left.text) == (6, reason, bad.strip())
    assert (len(edition.entries), edition.rows) == (5, 6)


def test_only_a_whole_release_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_order, "_MANY", 6)
    last = line("99999", "Z99", "1", "Dependence", "Dependence") + "\n"
    assert read(TEXT + last).release.complete
    assert read(TEXT + last + line("99999", "ÄÖÜ", "1", "x", "x")).release.complete
    assert not read(TEXT + last + line("99999", "Z98", "1", "x", "")).release.complete
    assert not read(TEXT + last.replace("Z99", "Y99")).release.complete


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"\x00" * 9000,
        b"Code,Grouping,Classification\n207RR0500X,Allopathic,Internal Medicine\n",
        b"A0021000100003Ambulance service, outside state per mile, transport".ljust(320) + b"\n",
        b"<?xml version='1.0'?><ICD10CM.tabular/>",
    ],
)
def test_other_formats_are_not_recognised(other: bytes) -> None:
    assert not FORMAT.recognises(file(other))


def test_lines_in_front_and_other_line_ends_do_no_harm() -> None:
    assert FORMAT.recognises(file("\ufeff".encode() + TEXT.encode()))
    assert FORMAT.recognises(file("a note\n\n" + TEXT))
    assert len(read(TEXT.replace("\r\n", "\r")).entries) == 5


def test_nothing_to_read() -> None:
    with pytest.raises(ReleaseError, match=r"^here/x.txt: no line of an ICD-10-CM order file"):
        read(b"nothing", "x.txt")


@given(st.binary() | st.binary().map(TEXT.encode().__add__) | st.integers(0, 400).map(lambda n: TEXT.encode()[:n]))
def test_any_bytes(data: bytes) -> None:
    if FORMAT.recognises(file(data)):
        try:
            edition = read(data)
        except ReleaseError:
            return
        assert edition.rows == len(edition.entries) + len(edition.left_out)


@pytest.mark.slow
@needs_reference
def test_the_release_of_january_2021() -> None:
    (found,) = open_release(REFERENCE / "icd10cm" / "icd10cm-order-Jan-2021.zip")
    assert FORMAT.recognises(found)
    (edition,) = FORMAT.read(found)
    assert edition.release.complete
    assert edition.release.identifier == "icd10cm-2021-01"
    assert (edition.rows, len(edition.entries), edition.left_out) == (95_358, 95_358, ())
    assert sum(entry.billable is True for entry in edition.entries) == 72_621
    tops = [entry for entry in edition.entries if entry.broader is None]
    assert all(len(entry.code.value) == 3 for entry in tops)
