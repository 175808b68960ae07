"""The words and cells of a PDF's pages, found in a process of its own.

`python -m kg.documents.pdf_pages SECONDS < FILE`

A PDF may be made to loop, or to fill the memory, and no library says beforehand whether it will. So each page has its
time and the process its memory; when it ends early, its reader says so. It writes a line of JSON a page.
"""

from __future__ import annotations

import io
import itertools
import json
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pdfplumber.page import Page

MAXIMUM_PAGES = 1_000
_MAXIMUM_MEMORY = 3 * 1024**3
_MOST_EDGES = 3_000
"""Every line of a page is held against every other one to find its tables."""
_BOLD = ("bold", "black", "heavy", "demi")


def main() -> None:
    """Write the pages of the PDF on standard input, or one line with the reason why it cannot be read."""
    _limit_memory()
    seconds = int(sys.argv[1])
    for line in _lines(sys.stdin.buffer.read(), seconds):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def _lines(data: bytes, seconds: int) -> Iterator[dict[str, Any]]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfpage import PDFPage
    from pdfplumber.utils.exceptions import PdfminerException

    _give_time(seconds)
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
        _give_time(seconds)
        yield _page(page)
        page.close()
    yield {"pages": count}


def _page(page: Page) -> dict[str, Any]:
    """The words of a page with their boxes, the cells of its tables, and what does not stand upright."""
    page = page.filter(_Once().keeps)
    words = page.extract_words(x_tolerance_ratio=0.2, return_chars=True)
    tables = page.find_tables() if len(page.edges) <= _MOST_EDGES else []
    return {
        "width": float(page.width),
        "height": float(page.height),
        "words": [_word(word) for word in words if word["upright"]],
        "turned": [word["text"] for word in words if not word["upright"]],
        "tables": [[list(map(float, cell)) for cell in table.cells] for table in tables],
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


def _word(word: dict[str, Any]) -> list[Any]:
    chars = word["chars"]
    bold = all(any(mark in char["fontname"].lower() for mark in _BOLD) for char in chars)
    size = max(float(char["size"]) for char in chars)
    return [
        word["text"],
        *(round(float(word[edge]), 2) for edge in ("x0", "top", "x1", "bottom")),
        round(size, 1),
        bold,
    ]


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MAXIMUM_MEMORY, _MAXIMUM_MEMORY))


def _give_time(seconds: int) -> None:
    """Let the system end this process when the next page takes too long."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
