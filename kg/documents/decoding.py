"""From bytes to text: marks, declarations, UTF-8, and what else people's programs write."""

from __future__ import annotations

import codecs
from itertools import islice
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents.document import Unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,20})""", re.IGNORECASE)
# Controls that no guide holds; those from 0x80 on are what is left of cp1252 that was read as something else.
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# All but the escape, which begins commands to a terminal.
_STRAY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# UTF-8 that somebody read as Latin-1 and wrote once more: "memberâ\x80\x99s". Nothing else has such controls.
_CONTROL_OF_LATIN = re.compile(r"[\x80-\x9f]")
_TWICE = re.compile(r"[\xc2-\xf4][\x80-\xbf]{1,3}")
_ONE_IN = 200
"""So many characters at least stand beside each control in what is text."""
# What browsers understand by these names, and what pages that bear them mean.
_AS_BROWSERS = {
    **dict.fromkeys(("iso8859-1", "ascii", "iso8859-15", "latin-1"), "cp1252"),
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-8"),
    "iso8859-9": "cp1254", "iso8859-11": "cp874", "gb2312": "gbk", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
# What is not ASCII in English text of one byte a character: quotes, dashes, marks, and letters of names.
_WESTERN = re.compile(r"[‘’“”‚„–—…•·™®©§°±²³µ¼½¾×÷€£¢†‡‹›«» ­¹º¶À-ÖØ-öø-ÿŠšŽžŒœŸ]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_SAMPLE = 64 * 1024
_FEW = 40
"""Of fewer bytes nobody can tell the encoding."""


class Decoded(NamedTuple):
    """A text with newlines as line ends, and the encoding that its bytes were in."""

    text: str
    encoding: str


def decode(data: bytes, *, page: bool = False) -> Decoded:
    """Text by its mark, by what a page declares, as UTF-8, or in the encoding that fits best.

    >>> decode("Sjögren’s".encode("cp1252"))
    Decoded(text='Sjögren’s', encoding='cp1252')
    """
    encoding = _encoding_of(data, page)
    text = data.decode(encoding).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL_OF_LATIN.search(text):
        text = _TWICE.sub(_once, text)
    strays = sum(1 for _ in islice(_STRAY.finditer(text), len(text) // _ONE_IN + 2))
    if strays <= max(1, len(text) // _ONE_IN):
        text = _STRAY.sub(" ", text)  # Converters leave a bell or a form feed behind: offsets stay.
    if control := _BINARY.search(text):
        raise _no_text(ord(control[0]), control.start(), text.count("\n", 0, control.start()) + 1)
    return Decoded(text, encoding)


def _once(match: re.Match[str]) -> str:
    """The character whose bytes stand as letters and controls."""
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _no_text(character: int, offset: int, line: int) -> Unreadable:
    return Unreadable(f"not text: character U+{character:04X} at offset {offset}", line)


def _encoding_of(data: bytes, page: bool) -> str:
    of_mark = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "")
    if of_mark:
        _try(data, of_mark)
        return of_mark
    of_declaration = _declared(data) if page else ""
    if of_declaration and _fits(data, of_declaration):
        return of_declaration
    if wide := _without_mark(data):
        return wide
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        return _other_than_utf8(data, exc)
    return "utf-8"


def _try(data: bytes, encoding: str) -> None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise _broken(data, exc, encoding) from exc


def _broken(data: bytes, exc: UnicodeDecodeError, encoding: str) -> Unreadable:
    byte, line = data[exc.start : exc.start + 1].hex(), data[: exc.start].count(b"\n") + 1
    return Unreadable(f"not {encoding.upper()}: byte 0x{byte} at offset {exc.start}", line)


def _declared(data: bytes) -> str:
    """The encoding that a page declares, as browsers take it; empty where it is none that is known."""
    if not (match := _DECLARED.search(data[:4096])):
        return ""
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except LookupError:
        return ""
    return _AS_BROWSERS.get(name, name)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):  # Some codecs of Python's turn bytes into bytes.
        return False
    return True


def _without_mark(data: bytes) -> str:
    """UTF-16 without its mark, which is told by zeros in every second place of western text."""
    sample = data[:_SAMPLE]
    if len(data) % 2 or b"\0" not in sample:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for zeros, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if others == 0 and zeros * 5 >= len(sample) * 2 and _fits(data, encoding):
            return encoding
    return ""


def _other_than_utf8(data: bytes, exc: UnicodeDecodeError) -> str:
    """The encoding of bytes that are not UTF-8; what is UTF-8 but for a few of them is damaged."""
    broken = data.decode("utf-8", "replace").count("\ufffd")
    whole = sum(1 for character in data.decode("utf-8", "ignore") if character > "\x7f")
    if control := _CONTROL.search(data):
        raise _no_text(control[0][0], control.start(), data.count(b"\n", 0, control.start()) + 1)
    if whole >= broken:
        raise _broken(data, exc, "utf-8") from exc
    if _fits(data, "cp1252") and _is_western(data.decode("cp1252")):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 4 * _SAMPLE]).best() if len(data) >= _FEW else None
    if best is None or not _fits(data, best.encoding):
        raise _broken(data, exc, "utf-8") from exc
    return best.encoding


def _is_western(text: str) -> bool:
    """Whether what is not ASCII is little, and of the kind that stands in English text."""
    beyond = [character for character in text if character > "\x7f"]
    usual = sum(1 for character in beyond if _WESTERN.match(character))
    return usual == len(beyond) and len(beyond) * 4 <= len(text)
