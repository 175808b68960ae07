"""Every phrase of a header or heading gives its kind alone; the tables beside this file name each once more."""

from __future__ import annotations

import pytest

from kg import resources
from kg.extraction.lexicon import Column, Topic, column_of, topic_of

from . import entries
from .expanding import texts_of

# "Admin" alone heads a column of routes; beside other words it means codes of administration.
ANOTHER = {"admin": Column.ROUTE}


def named_here(table: str) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in entries.named_here(table)]


@pytest.mark.parametrize("table", ["columns.tsv", "topics.tsv", "words.tsv"])
def test_every_line_is_named_in_the_table_of_this_test_and_no_other(table: str) -> None:
    lines = [tuple(row.values()) for row in resources.table("data", "cues", table)]
    assert lines == named_here(table)


@pytest.mark.parametrize("table", ["columns.tsv", "topics.tsv"])
def test_no_phrase_stands_in_a_table_twice(table: str) -> None:
    phrases = [phrase for _, phrase in named_here(table)]
    assert [phrase for phrase in phrases if phrases.count(phrase) > 1] == []


@pytest.mark.parametrize(("kind", "phrase"), named_here("columns.tsv"))
def test_a_phrase_alone_tells_what_its_column_holds(kind: str, phrase: str) -> None:
    for text in texts_of(phrase):
        assert column_of(text) is column_of(f"{text.upper()}:") is ANOTHER.get(phrase, Column[kind])


def test_the_phrases_that_mean_something_else_alone_keep_their_meaning_beside_other_words() -> None:
    assert column_of("Drug admin") is Column.PROCEDURE


@pytest.mark.parametrize(("kind", "phrase"), named_here("topics.tsv"))
def test_a_phrase_alone_tells_the_topic_of_its_section(kind: str, phrase: str) -> None:
    for text in texts_of(phrase):
        assert topic_of(text) is topic_of(f"3. {text.upper()}" if phrase[0] != "^" else text) is Topic[kind]


def test_every_kind_has_phrases() -> None:
    assert {kind for kind, _ in named_here("columns.tsv")} == set(Column.__members__) - {"OTHER"}
    assert {kind for kind, _ in named_here("topics.tsv")} == set(Topic.__members__) - {"NONE"}


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("", Column.OTHER),
        ("Zzz", Column.OTHER),
        ("Coverages", Column.OTHER),
        ("HCPCS billing unit", Column.UNIT),
        ("HCPCS code", Column.CODE),
        ("HCPCS code description", Column.NAME),
        ("Drug name", Column.DRUG),
        ("Preferred drug", Column.PREFERRED),
        ("Drug that replaces it", Column.PREFERRED),
        ("Payment limit per unit", Column.PRICE),
        ("Fee of the billing unit", Column.PRICE),
        ("When to use the modifier", Column.USAGE),
        ("Administration", Column.ROUTE),
        ("Administration CPT", Column.PROCEDURE),
        ("Covered?", Column.VERDICT),
        ("Prior-Authorization", Column.REQUIREMENT),
        ("Max units per vial", Column.QUANTITY),
    ],
)
def test_of_several_phrases_the_longest_holds_and_a_beginning_counts_more(header: str, column: Column) -> None:
    assert column_of(header) is column


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("", Topic.NONE),
        ("Zzz", Topic.NONE),
        ("Denial reasons of modifiers", Topic.DENIALS),
        ("Modifiers and diagnosis codes", Topic.MODIFIERS),
        ("Similar HCPCS codes", Topic.SIMILAR),
        ("Documentation requirements", Topic.DOCUMENTATION),
        ("Coverage requirements", Topic.REQUIREMENTS),
        ("Requirements of Medicare", Topic.REQUIREMENTS),
        ("References", Topic.ASIDE),
        ("Reference product", Topic.NONE),
        ("Procedure and HCPCS codes", Topic.CODES),
        ("CPT codes for administration", Topic.PROCEDURES),
    ],
)
def test_of_several_topics_the_first_of_the_table_holds(heading: str, topic: Topic) -> None:
    assert topic_of(heading) is topic
