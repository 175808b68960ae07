from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.documents import MAXIMUM_BYTES, identifier_of, parse, read
from kg.errors import DocumentError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(data: bytes, name: str = "guide.md") -> str:
    with pytest.raises(DocumentError) as error:
        parse(data, name)
    message = str(error.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf", "\u00a0\n".encode()])
def test_an_empty_document(data: bytes) -> None:
    assert refusal(data) == "guide.md: the document is empty"


@pytest.mark.parametrize("data", [b"<html></html>", b"<p> </p>", b"<html><!-- all of it a comment --></html>"])
def test_a_page_that_shows_nothing(data: bytes) -> None:
    assert refusal(data, "guide.html") == "guide.html: the document is empty"


def test_binary_data() -> None:
    assert refusal(b"GIF89a\x03\x04") == "guide.md:1: not text: character U+0003 at offset 6"
    assert refusal(b"one\ntwo\x00three") == "guide.md:2: not text: character U+0000 at offset 7"


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"PK\x03\x04\x14\x00", "guide.md", "damaged or cut off: no zip container that can be unpacked"),
        (b"# Title", "guide.pdf", "no PDF file: it does not begin as one"),
        (b"# Title", "guide.docx", "no DOCX file: it does not begin as one"),
        (b"{\\rtf1 J3262}", "-", "in Rich Text Format: save it as .docx or PDF"),
        (
            OLE + "WordDocument".encode("utf-16-le"),
            "guide.doc",
            "in the old .doc format of Word: save it as .docx or PDF",
        ),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "guide.xlsx", "encrypted: save it without a password"),
        (b"", "guide.pdf", "the document is empty"),
    ],
)
def test_what_is_another_format_than_it_says(data: bytes, name: str, reason: str) -> None:
    assert refusal(data, name) == f"{name}: {reason}"


def test_a_name_with_a_line_break_stays_one_line() -> None:
    assert refusal(b"", "two\nlines.md") == "two\\nlines.md: the document is empty"


@pytest.mark.parametrize("make", [lambda path: os.mkfifo(path), lambda path: path.mkdir()], ids=["pipe", "folder"])
def test_what_is_no_file_is_refused_without_reading_it(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "guide.md")
    with pytest.raises(DocumentError, match=r"guide\.md: a (pipe|folder), not a file"):
        read(tmp_path / "guide.md")
    with pytest.raises(DocumentError, match="/dev/zero: a device, not a file"):
        read(Path("/dev/zero"))


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "guide.md"
    with file.open("wb") as out:
        out.truncate(100_000_000)
    with pytest.raises(DocumentError) as error:
        read(file)
    assert str(error.value) == f"{file}: 100,000,000 bytes, more than the {MAXIMUM_BYTES:,} of the largest document"
    assert refusal(b"x" * (MAXIMUM_BYTES + 1)).startswith(f"guide.md: {MAXIMUM_BYTES + 1:,} bytes, more than")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as error:
        read(tmp_path / "none.md")
    assert str(error.value) == f"{tmp_path}/none.md: no such file or directory"


def test_the_reader_is_chosen_by_ending_then_by_looks() -> None:
    html = b"<!DOCTYPE html><p>J3262"
    assert parse(html, "guide.html").format == parse(html, "-").format == parse(html, "guide.txt").format == "html"
    assert parse(b"# J3262", "-").format == parse(b"a < b", "guide").format == "text"
    assert parse(b"code,drug\nJ3262,x\n", "-").format == parse(b"code | drug", "guide.csv").format == "csv"
    assert parse(b"First, second,\nthird, fourth.\n", "-").format == "text"


def test_a_document_knows_its_file_and_checksum() -> None:
    document = parse(b"No heading here, only a sentence.", "some/folder/Guide One.md")
    assert (document.name, document.identifier, document.title) == ("Guide One.md", "guide-one", "Guide One")
    assert document.checksum == hashlib.sha256(b"No heading here, only a sentence.").hexdigest()
    assert parse(b"x", "guide.md", identifier="other").identifier == "other"


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Tocilizumab (2025).md", "tocilizumab-2025"),
        ("guides/J3262.txt", "j3262"),
        ("000_af7a.txt", "000_af7a"),
        ("a.b.c.md", "a.b.c"),
        ("日本.md", "document"),
        ("-", "document"),
        ("___.md", "document"),
    ],
)
def test_the_identifier_comes_from_the_name_of_the_file(name: str, identifier: str) -> None:
    assert identifier_of(name) == identifier


@pytest.mark.parametrize("data", [b"", b"<!-- x -->", b"<!doctype html>"])
def test_a_page_without_any_element_is_empty(data: bytes) -> None:
    with pytest.raises(DocumentError, match="the document is empty"):
        parse(data, "guide.html")


def test_markdown_that_begins_with_a_tag_is_markdown() -> None:
    document = parse(b"<div align=center>\n\n# HCPCS Code J3262\n\n</div>\n\nUse JW.\n", "guide.md")
    assert document.title == "HCPCS Code J3262"
