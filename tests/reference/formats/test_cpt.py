"""A CPT file that the user brings; the words in these tests are made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.model import Code, CodeSystem
from kg.reference import Edition, ReleaseFile
from kg.reference.formats import cpt
from kg.reference.release_files import open_release
from tests.data.official import REFERENCE, needs_reference

ROWS = [("99901", "Polishing of one spoon"), ("99902", "Polishing, two spoons"), ("9903T", "Polishing of a fork")]


def file(text: str, name: str = "codes.txt", since: date | None = None) -> ReleaseFile:
    return ReleaseFile(name, text.encode(), f"in.zip/{name}", (name,), since)


def read(text: str, name: str = "codes.txt", since: date | None = None) -> Edition:
    found = file(text, name, since)
    assert cpt.FORMAT.recognises(found)
    (edition,) = cpt.FORMAT.read(found)
    return edition


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("\t".join(row) for row in ROWS),
        "\r\n".join(f'{code},"{words}"' for code, words in ROWS),
        "\n".join(f"{code},{words}" for code, words in ROWS),
        "CPT Code,Descriptor\n" + "\n".join(f"{code},{words}" for code, words in ROWS),
        "\ufeffWords of others\n\nLong Description\tCode\n" + "\n".join(f"{words}\t{code}" for code, words in ROWS),
        "\n".join(f'{code},"{words}",x{code},' for code, words in ROWS),
    ],
)  # fmt: skip
def test_codes_and_descriptors(text: str) -> None:
    edition = read(text)
    assert [(entry.code.value, entry.name) for entry in edition.entries] == ROWS
    assert (edition.rows, edition.left_out) == (3, ())
    assert edition.release.identifier == "cpt-undated-excerpt"
    assert (edition.release.complete, edition.release.quotable) == (False, False)
    assert edition.release.licence == cpt.LICENCE
    assert edition.entries[0].row == 1 + text.split("99901")[0].count("\n")


def test_a_header_says_which_of_many_columns_are_meant() -> None:
    text = "Concept Id\tCPT Code\tShort\tDescriptor Date\tLong\n" + "\n".join(
        f"{n}\t{code}\tPOLISH\t20250101\t{words}" for n, (code, words) in enumerate(ROWS)
    )
    edition = read(text, "cpt-2026.txt")
    assert [(entry.name, entry.names) for entry in edition.entries] == [(words, ("POLISH",)) for _, words in ROWS]
    assert (edition.release.identifier, edition.release.issued) == ("cpt-2026-01-excerpt", date(2026, 1, 1))


def test_rows_that_cannot_be_used_are_left_out_without_their_words() -> None:
    rows = [(f"{number:05}", "Some polishing") for number in range(100, 140)]
    text = "\n".join("\t".join(row) for row in [*rows, ("00100", "Again"), ("J0135", "Secret")])
    edition = read(text, since=date(2026, 1, 1))
    assert [(left.row, left.reason, left.text) for left in edition.left_out] == [
        (41, "00100 stands in line 1 already", ""),
        (42, "not a CPT code: 'J0135'", ""),
    ]
    assert edition.rows == 42
    assert edition.release.title == "CPT January 2026, an excerpt"


def test_a_row_with_too_many_cells_is_left_out_where_the_descriptor_could_be_cut() -> None:
    rows = [f"{number:05},Some polishing,x" for number in range(100, 140)]
    edition = read("\n".join(["code,description,note", *rows, "00199,Polishing, and more,x"]))
    assert [left.reason for left in edition.left_out] == ["4 cells in 3 columns"]


def test_all_of_it_is_complete_for_the_categories_that_it_has() -> None:
    release = read("\n".join(f"{number:05}\tPolishing" for number in range(100, 9_200))).release
    assert release.complete
    covered = [value for value in ("99999", "0001F", "0002U") if release.covers(Code(CodeSystem.CPT, value))]
    assert covered == ["99999"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PK\x03\x04",
        "99901\tPolishing\n99902\tPolishing",
        "HCPCS/CPT Code,Practitioner Services MUE Values,Rationale\n" + "99901,1,Nature of things\n" * 5,
        "99901,1\n99902,2\n99903,3",
        "99901\t99902\n99903\t9904T\n99905\t99906\n",
        "code,value\n99901,11\n99902,12\n99903,13",
        "_2026_CODE,Short Description,NDC2\n" + "90371,Some words,1\n90375,Some words,1\n90376,Some words,2\n",
        "A4206,Syringe\nA4207,Syringe\n99901,Polishing\n99902,Polishing\n",
        "00001 A00    0 Cholera\n" * 5,
    ],
)
def test_what_is_not_cpt(text: str) -> None:
    assert not cpt.FORMAT.recognises(file(text))


def test_a_quote_that_is_never_closed_is_refused() -> None:
    text = "\n".join(f"{code}\t{words}" for code, words in ROWS) + '\n99904\t"Polishing\n99905\tPolishing'
    assert not cpt.FORMAT.recognises(file(text))
    with pytest.raises(ReleaseError, match=r"in\.zip/codes\.txt:\d+: not a table"):
        list(cpt.FORMAT.read(file(text)))


@settings(max_examples=200)
@given(st.binary(max_size=80), st.integers(0, 200), st.integers(0, 20))
def test_any_bytes_are_read_or_refused(piece: bytes, at: int, cut: int) -> None:
    data = "\n".join(f"{code},{words}" for code, words in ROWS * 4).encode()
    for found in (ReleaseFile("a", piece, "a"), ReleaseFile("a", data[:at] + piece + data[at + cut :], "a")):
        if cpt.FORMAT.recognises(found):
            (edition,) = cpt.FORMAT.read(found)
            assert edition.rows == len(edition.entries) + len(edition.left_out)


@pytest.mark.slow
@needs_reference
def test_no_official_release_passes_for_cpt() -> None:
    paths = [path for path in REFERENCE.rglob("*") if path.is_file()]
    assert paths
    for path in paths:
        for found in open_release(path):
            assert not cpt.FORMAT.recognises(found), found.path
