from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.documents import MAXIMUM_BYTES, find, identifier_of, parse, read
from kg.errors import DocumentError


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
    assert refusal(b"PK\x03\x04\x14\x00") == "guide.md:1: not text: character U+0003 at offset 2"
    assert refusal(b"one\ntwo\x00three") == "guide.md:2: not text: character U+0000 at offset 7"


def test_another_encoding_is_told_by_line_and_byte() -> None:
    assert refusal(b"one\nit\x92s") == "guide.md:2: not UTF-8: byte 0x92 at offset 6"
    assert refusal("Sjögren".encode("latin-1")) == "guide.md:1: not UTF-8: byte 0xf6 at offset 2"


def test_a_document_cut_off_within_a_character() -> None:
    assert refusal("one\ncafé".encode()[:-1]) == "guide.md:2: not UTF-8: byte 0xc3 at offset 7"


def test_utf_16_is_read_by_its_mark() -> None:
    assert parse("# Code J3262 é".encode("utf-16"), "guide.md").title == "Code J3262 é"
    assert parse(b"\xfe\xff" + "J3262".encode("utf-16-be"), "guide.md").text == "J3262"
    assert refusal("J3262".encode("utf-16-le")) == "guide.md:1: not text: character U+0000 at offset 1"
    assert refusal("J3262".encode("utf-16")[:-1]).startswith("guide.md:1: not UTF-16: byte 0x")


def test_the_mark_of_utf_8_is_no_part_of_the_first_heading() -> None:
    assert parse(b"\xef\xbb\xbf# Title", "guide.md").title == "Title"


def test_a_page_may_declare_its_encoding() -> None:
    data = b'<html><meta http-equiv="Content-Type" content="charset=windows-1252"><p>it\x92s \x96 ok</p>'
    assert parse(data, "guide.html").text == "it’s – ok"
    assert refusal(b"<html><meta charset='klingon'><p>x", "guide.html") == "guide.html: unknown encoding 'klingon'"
    assert refusal(b"<html><meta charset='hex'><p>x", "guide.html") == "guide.html: unknown encoding 'hex'"


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
    with pytest.raises(DocumentError, match="is a directory"):
        read(tmp_path)


def test_documents_are_found_in_folders_sorted_and_once(tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", "sub/c.html", ".hidden.md", ".git/d.md", "e.csv", "notes.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = find([tmp_path, tmp_path / "b.md", tmp_path / "e.csv"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a.TXT", "b.md", "e.csv", "sub/c.html"]


def test_a_folder_without_documents(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("x")
    with pytest.raises(DocumentError) as error:
        find([tmp_path])
    assert str(error.value).startswith(f"{tmp_path}: no documents in this folder (looked for .htm, .html, ")
    with pytest.raises(DocumentError, match="none: no such file or folder"):
        find([tmp_path / "none"])


def test_the_reader_is_chosen_by_ending_then_by_looks() -> None:
    html = b"<!DOCTYPE html><p>J3262"
    assert parse(html, "guide.html").format == parse(html, "-").format == parse(html, "guide.txt").format == "html"
    assert parse(b"# J3262", "-").format == parse(b"a < b", "guide").format == "text"


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


def test_a_page_that_declares_an_encoding_that_cannot_decode_is_refused() -> None:
    with pytest.raises(DocumentError, match="unknown encoding 'undefined'"):
        parse(b"<html><meta charset=undefined><p>x", "guide.html")


def test_markdown_that_begins_with_a_tag_is_markdown() -> None:
    document = parse(b"<div align=center>\n\n# HCPCS Code J3262\n\n</div>\n\nUse JW.\n", "guide.md")
    assert document.title == "HCPCS Code J3262"
