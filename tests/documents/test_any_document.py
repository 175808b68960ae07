"""What holds for every document, however odd."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Document, parse
from kg.errors import DocumentError

PIECES = [
    "# ", "Title", "J3262", " | ", "|", "---|---", "\n", "\n\n", "\t", "- ", "1. ", "**", "===",
    "Use JW.", "Modifiers", "<table>", "<tr>",
    "<td rowspan=3>", "<td>", "</td>", "</table>", "<li>", "<dl><dt>", "<dd>", "<br>", "<p>",
    "<nav>", "<script>", "</script>", "<h2>", "&nbsp;", "&#0;", "\u00a0",
    "\u2028", "\x0b", "\x85", "\x1c", "\ufeff", "İ", "💉",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=25).map("".join)
NAMES = st.sampled_from(["guide.md", "guide.html", "guide"])


def hold(document: Document) -> None:
    """Blocks come in order, inside the text, and do not overlap; so do the cells of each."""
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        assert document.quote(block) == document.text[block.start : block.end] != ""
        assert block.line >= 1
        assert bool(block.cells) == bool(block.table)
        end = block.start
        for cell in block.cells:
            assert end <= cell.start <= cell.end <= block.end
            end = cell.end
        end = block.end


@settings(max_examples=150)
@given(TEXTS, NAMES)
def test_any_text_gives_blocks_in_order_that_do_not_overlap(content: str, name: str) -> None:
    try:
        # The words around it keep the page from being empty.
        document = parse(f"Guide\n\n{content}\n\nEnd of it.".encode("utf-8", "replace"), name)
    except DocumentError as error:
        assert name in str(error)
    else:
        hold(document)


@settings(max_examples=150)
@given(st.sampled_from([b"x", b"<div>x</div>"]), st.binary(max_size=200), st.sampled_from(["guide.md", "guide"]))
def test_any_bytes_are_a_document_or_an_error_in_one_line(first: bytes, data: bytes, name: str) -> None:
    try:
        document = parse(first + data, name)
    except DocumentError as error:
        assert str(error).startswith(name)
        assert "\n" not in str(error)
    else:
        hold(document)


@pytest.mark.parametrize("name", ["guide.md", "guide.html"])
def test_a_document_of_a_megabyte_is_read(name: str) -> None:
    document = parse(b"J3262 | tocilizumab | 1 mg\n" * 40_000, name)
    hold(document)
    assert document.text.count("J3262") == 40_000


@settings(max_examples=50)
@given(TEXTS)
def test_lines_of_plain_text_are_where_their_blocks_begin(content: str) -> None:
    try:
        document = parse(f"Guide\n{content}".encode("utf-8", "replace"), "guide.md")
    except DocumentError:
        return
    if document.format == "text":
        for block in document.blocks:
            assert block.line == document.text.count("\n", 0, block.start) + 1
