"""The words of pages: all there, and in one place."""

from __future__ import annotations

import re

import pytest

from kg.drawing.texts import count_of, kind_words, meaning, page_file, relation_words, strength_words, texts
from kg.drawing.writing import script, script_names
from kg.model import Kind, Relation, Strength, Verdict


def test_everything_has_words() -> None:
    assert all(kind_words(kind).keys() == {"one", "many"} for kind in Kind)
    assert all(relation_words(relation).keys() == {"says", "denies"} for relation in Relation)
    assert all(map(meaning, Verdict)) and all(map(strength_words, Strength))
    assert count_of(Kind.ICD10CM, 1) == "1 diagnosis" and count_of(Kind.MODIFIER, 1200) == "1,200 modifiers"


def test_words_of_what_does_not_exist_are_not_kept() -> None:
    assert set(texts()["kinds"]) == set(Kind) and set(texts()["relations"]) == set(Relation)
    assert set(texts()["verdicts"]) == set(Verdict) and set(texts()["strengths"]) == set(Strength)


def _paths(table: object, before: str = "") -> list[str]:
    if not isinstance(table, dict):
        return [before]
    return [path for key, value in table.items() for path in _paths(value, f"{before}.{key}" if before else key)]


@pytest.mark.parametrize("path", _paths(texts()["page"]))
def test_every_text_of_the_page_is_used(path: str) -> None:
    table, _, name = path.rpartition(".")
    used = script() + page_file("page.html") + page_file("still.html")
    names = {path, table, table.rpartition(".")[0]} - {""}
    # As TEXT.panel.from, as `words.from` of TEXT.panel, or as one of a table that is read by a key.
    assert any(re.search(rf"(TEXT|texts)\.{re.escape(each)}\b", used) for each in names)
    assert (
        re.search(rf"\b{re.escape(name)}\b", used) or table in ("panel", "count", "path.hop") or name in ("one", "many")
    )


def test_scripts_hold_no_sentences() -> None:
    for part in script_names():
        for text in re.findall(r"\"([^\"\n]*)\"", page_file(f"scripts/{part}.js")):
            assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text), f"{part}: {text}"
