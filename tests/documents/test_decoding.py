from __future__ import annotations

import pytest

from kg.documents import Document, parse
from kg.documents.decoding import decode
from kg.documents.document import Unreadable

TEXT = "Code J3262 – Sjögren’s syndrome costs 5 €; see “Modifiers”.\n"


def guide(data: bytes) -> Document:
    return parse(data, "guide.md")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found_and_recorded(data: bytes, encoding: str) -> None:
    document = guide(data)
    assert (document.text, document.encoding) == (TEXT, encoding)


def test_other_scripts_are_detected() -> None:
    text = "Ревматоидный артрит, код M06.9: введение тоцилизумаба один раз в месяц. " * 5
    document = guide(text.encode("cp1251"))
    assert (document.text, document.encoding) == (text, "cp1251")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("iso-8859-1", "cp1252"), ("us-ascii", "cp1252"), ("windows-1252", "cp1252"), ("utf-16", "utf-8")],
)
def test_a_page_is_read_as_browsers_read_it(declared: str, encoding: str) -> None:
    page = f'<html><meta charset="{declared}"><p>it’s – ok'.encode(encoding)
    assert parse(page, "guide.html").text == "it’s – ok"


@pytest.mark.parametrize("declared", ["klingon", "hex", "undefined", "utf-8"])
def test_a_declaration_that_cannot_be_true_is_passed_over(declared: str) -> None:
    document = parse(f"<html><meta charset={declared}><p>it’s".encode("cp1252"), "guide.html")
    assert (document.text, document.encoding) == ("it’s", "cp1252")


def test_utf_8_that_is_damaged_is_told_by_line_and_byte() -> None:
    with pytest.raises(Unreadable, match="not UTF-8: byte 0x92 at offset 9") as error:
        decode("Sjögren\n".encode() + b"\x92s " + "é".encode())
    assert error.value.line == 2
    with pytest.raises(Unreadable, match="not UTF-16: byte 0x"):
        decode("J3262".encode("utf-16")[:-1])


def test_letters_without_width_and_wide_ones_are_text() -> None:
    text = "J\u200b3262 M06\u00ad.9 Ｊ３２６２ \u200d\u2060\ufeff"
    assert guide(text.encode()).text == text


def test_a_picture_is_no_text() -> None:
    with pytest.raises(Unreadable, match="not text: character U\\+001A"):
        decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


def test_a_stray_control_is_read_as_a_blank() -> None:
    assert decode(b"J3262 \x07 needs JW.").text == "J3262   needs JW."


def test_utf_8_that_was_written_twice_is_read_as_what_it_was() -> None:
    twice = "the member’s J3262 – Sjögren".encode().decode("latin-1").encode()
    assert decode(twice).text == "the member’s J3262 – Sjögren"
    with pytest.raises(Unreadable, match="not text: character U\\+0080"):
        decode("J3262 \x80 x".encode())
