from __future__ import annotations

import re

import pytest

from kg.drawing import draw
from kg.drawing.writing import still_part

from .samples import J3262, PAYLOADS, neighbourhood, star
from .test_writing import data_of, hostile_page, read


def rows_of(html: str) -> int:
    return html.count("<tr>") - 1


def test_it_has_a_line_a_row_and_a_marker_for_all_that_the_page_opens_with() -> None:
    data = data_of(draw(neighbourhood(), [J3262]).html())
    part = still_part(data)
    assert rows_of(part) == part.count("<line") == part.count("<circle") == 39
    # Not what documents exclude.
    assert "62 Two surgeons" not in part and "Two surgeons" not in part


def test_words_keep_to_their_room() -> None:
    data = data_of(draw(neighbourhood(), [J3262]).html())
    words = re.findall(r"<text[^>]*>(.*?)</text>", still_part(data))
    assert any(text.endswith("…") for text in words)
    assert max(map(len, words)) < 60


def test_what_cannot_be_read_has_a_table_alone_which_says_what_it_leaves_out() -> None:
    part = still_part(data_of(draw(star(300), [J3262], max_nodes=300).html()))
    assert "<svg" not in part
    assert rows_of(part) == 200 and "99 more connections" in part


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_of_documents_is_no_markup(payload: str) -> None:
    part = still_part(data_of(hostile_page(payload)))
    plain = still_part(data_of(hostile_page("plain")))
    assert {tag for tag, _ in read(part).elements} == {tag for tag, _ in read(plain).elements}
    assert "style=" not in part
    part.encode("utf-8")


def test_a_notebook_has_the_table_outside_of_the_frame() -> None:
    outside = draw(neighbourhood(), [J3262])._repr_html_().partition("</iframe>")[2]
    assert outside.startswith("<details>") and rows_of(outside) == 39
    assert "<script" not in outside and "<style" not in outside
