"""The words and cells of a PDF's pages, found in a process of its own.

`python -m kg.documents.pdf_pages SECONDS READER < FILE`, where READER is the process that wants them

A PDF may be made to loop, or to fill the memory, and no library says beforehand whether it will. So each page has its
time and the process its memory; when it ends early, its reader says so. It writes a line of JSON a page.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kg.limits import end_after, limit_memory, limit_time

if TYPE_CHECKING:
    from pdfplumber.page import Page

MAXIMUM_PAGES = 1_000
_MAXIMUM_MEMORY = 3 * 1024**3
_GRACE = 1
_MOST_EDGES = 3_000
"""Every line of a page is held against every other one to find its tables."""
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_THINNEST = 3
_SMALL = 0.75
_BOLD = ("bold", "black", "heavy", "demi")


def main() -> None:
    """Write the pages of the PDF on standard input, or one line with the reason why it cannot be read."""
    end_after(_end_with_reader)  # Before anything else, as the reader may be killed at any time.
    limit_memory(_MAXIMUM_MEMORY)
    seconds = int(sys.argv[1])
    for line in _lines(sys.stdin.buffer.read(), seconds):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def _lines(data: bytes, seconds: int) -> Iterator[dict[str, Any]]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfpage import PDFPage
    from pdfplumber.utils.exceptions import PdfminerException

    limit_time(seconds)
    try:
        pdf = pdfplumber.open(io.BytesIO(data))
    except PdfminerException as exc:
        if not isinstance(exc.args[0], PDFPasswordIncorrect):
            raise
        yield {"refused": "encrypted: save it without a password"}
        return
    count = sum(1 for _ in itertools.islice(PDFPage.create_pages(pdf.doc), MAXIMUM_PAGES + 1))
    if count > MAXIMUM_PAGES:
        yield {"refused": f"more than {MAXIMUM_PAGES:,} pages: split it"}
        return
    for page in pdf.pages:
        limit_time(seconds)
        yield _page(page)
        page.close()
    yield {"pages": count}


def _page(page: Page) -> dict[str, Any]:
    """The words of a page with their boxes, the cells of its tables, and what does not stand upright."""
    page = page.filter(_Once().keeps)
    words = page.extract_words(x_tolerance_ratio=0.2, return_chars=True)
    return {
        "width": float(page.width),
        "height": float(page.height),
        "words": [part for word in words if word["upright"] for part in _parts(word["chars"])],
        "turned": [word["text"] for word in words if not word["upright"]],
        "tables": list(_tables(page)),
    }


class _Once:
    """Keeps one of the letters that are printed over each other to look bold."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, int, int]] = set()

    def keeps(self, thing: dict[str, Any]) -> bool:
        if thing["object_type"] != "char":
            return True
        # Two grids, so that no edge of a field lies between the two letters in both.
        text, x, y = thing["text"], thing["x0"], thing["top"]
        places = {(text, 2 * int(x), 2 * int(y)), (text, 2 * int(x + 0.5) + 1, 2 * int(y + 0.5) + 1)}
        new = self._seen.isdisjoint(places)
        self._seen |= places
        return new


def _tables(page: Page) -> Iterator[list[list[float]]]:
    """The cells of each table, by the lines between them; where there are none, by the grounds of cells."""
    for shown in (page.filter(_is_no_ground), page):
        tables = shown.find_tables() if len(shown.edges) <= _MOST_EDGES else []
        yield from ([list(map(float, cell)) for cell in table.cells] for table in tables)
        if tables:
            return


def _is_no_ground(thing: dict[str, Any]) -> bool:
    """Whether something is no coloured ground behind text; lines may well be thin boxes that are filled."""
    drawn = thing["object_type"] != "rect" or thing.get("stroke") or not thing.get("fill")
    return bool(drawn) or min(thing["width"], thing["height"]) < _THINNEST


def _parts(chars: list[dict[str, Any]]) -> Iterator[list[Any]]:
    """A word; a small raised mark at its end, as of a footnote, is a word of its own."""
    size = max(float(char["size"]) for char in chars)
    last = len(chars)
    while last > 1 and float(chars[last - 1]["size"]) < _SMALL * size and chars[last - 1]["text"].isalnum():
        last -= 1
    yield _word(chars[:last])
    if last < len(chars):
        yield _word(chars[last:])


def _word(chars: list[dict[str, Any]]) -> list[Any]:
    bold = all(any(mark in char["fontname"].lower() for mark in _BOLD) for char in chars)
    box = (
        min(char["x0"] for char in chars), min(char["top"] for char in chars),
        max(char["x1"] for char in chars), max(char["bottom"] for char in chars),
    )  # fmt: skip
    size = round(max(float(char["size"]) for char in chars), 1)
    return [
        "".join(char["text"] for char in chars).translate(_LIGATURES),
        *(round(float(edge), 2) for edge in box),
        size,
        bold,
    ]


def _end_with_reader() -> None:
    """Wait until the process that wants the pages is no more; whatever ended it had no time to end this one."""
    # A launcher may stand between the two on Windows; elsewhere the reader may have ended before this began.
    reader = os.getppid() if sys.platform == "win32" else int(sys.argv[2])
    while os.getppid() == reader:
        time.sleep(_GRACE)


if __name__ == "__main__":
    main()
