"""Criterion 13: what a shared file holds of the documents' words is the trainer's choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.drawing import draw
from kg.model import Concept, Relation

from ..samples import J3262, connect
from .opened import OpenFile

START = "Tocilizumab is supported for M06.9 where two others"
QUOTE = f"{START} {'have failed or were not tolerated, ' * 4}as the last words say."
CONDITION = f"Use when {'it is so and so, ' * 8}and the end of the condition is reached"


@pytest.mark.parametrize(
    ("quotes", "first", "last"), [("full", True, True), ("short", True, False), ("none", False, False)]
)
def test_the_file_holds_as_many_words_of_the_documents_as_was_said(
    quotes: str, first: bool, last: bool, tmp_path: Path, open_file: OpenFile
) -> None:
    diagnosis = Concept.parse("M06.9", "Rheumatoid arthritis, unspecified")
    connection = connect(J3262, Relation.SUPPORTED_BY_DIAGNOSIS, diagnosis, QUOTE, condition=CONDITION)
    file = draw([connection], [J3262], quotes=quotes).save(tmp_path / "page.html")
    content = file.read_text("utf-8")
    assert (START in content, "the last words say" in content) == (first, last)
    assert ("Use when it is so" in content, "the end of the condition" in content) == (first, last)
    opened = open_file(file)
    opened.click_line(0)
    assert (START in opened.panel(), "the last words say" in opened.panel()) == (first, last)
    assert ("The quoted words were left out of this file." in opened.panel()) == (quotes == "none")
    # Where it stands is always told.
    assert opened.texts("#panel dd")[-3:] == ["tocilizumab", "10", "Coding"]
    opened.press("t")
    assert (START in opened.text("#table"), "the last words say" in opened.text("#table")) == (first, last)
