"""PDF: the text layer in the order in which a person reads it, tables with their columns, running heads told apart."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from typing import Any

from kg.documents.document import Block, Unreadable
from kg.documents.layout import Page, write_pages
from kg.documents.lines import MAXIMUM_TEXT, Lines
from kg.documents.words import Box, Word

NAME = "pdf"

_SECONDS_A_PAGE = 30
_SECONDS = 1_800
"""For all pages together."""


def read(data: bytes) -> tuple[str, tuple[Block, ...]]:
    """The text of a PDF, and its blocks with their pages; lines are those of this text."""
    if importlib.util.find_spec("pdfplumber") is None:
        raise Unreadable("reading PDF needs an optional library: pip install 'billing-kg[pdf]'")
    pages = _pages(data)
    if not any(page.words for page in pages):
        raise Unreadable("no text in it, only pictures of pages: run text recognition (OCR) on it first")
    lines = Lines()
    write_pages(lines, pages)
    return lines.content()


def _pages(data: bytes) -> list[Page]:
    command = [sys.executable, "-m", "kg.documents.pdf_pages", str(_SECONDS_A_PAGE), str(os.getpid())]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as exc:
        raise Unreadable(f"takes more than {_SECONDS // 60} minutes to read") from exc
    records: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines() if line.endswith(b"}")]
    if records and "refused" in records[-1]:
        raise Unreadable(records[-1]["refused"])
    if not records or "pages" not in records[-1]:
        where = f"page {len(records) + 1} " if records else ""
        raise Unreadable(f"damaged: {where}cannot be read as PDF{_why(done.returncode, done.stderr)}")
    return [_page(number, content) for number, content in enumerate(records[:-1], 1)]


def _why(code: int, errors: bytes) -> str:
    if sys.platform != "win32" and code == -signal.SIGALRM:
        return " (it took too long)"
    return " (it took too much memory)" if b"MemoryError" in errors[-2000:] else ""


def _page(number: int, content: dict[str, Any]) -> Page:
    if sum(len(word[0]) for word in content["words"]) > MAXIMUM_TEXT:
        raise Unreadable(f"page {number} holds more than {MAXIMUM_TEXT:,} characters of text, the most of a document")
    return Page(
        number=number,
        height=content["height"],
        words=[Word(*word) for word in content["words"]],
        tables=[[Box(*cell) for cell in cells] for cells in content["tables"]],
        turned=content["turned"],
    )
