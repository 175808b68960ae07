"""The notation of the tables of `data/cues`: what each sign of a phrase finds, and what it does not."""

from __future__ import annotations

import re

import pytest

from kg import resources
from kg.errors import ResourceError
from kg.extraction.lexicon.phrases import first_words, pattern_of, second_words, words_of


def finds(phrase: str, text: str) -> str | None:
    """What a phrase finds in a text."""
    match = re.search(pattern_of(phrase), text)
    return match[0] if match else None


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("not covered", "it is not covered here", "not covered"),
        ("not covered", "not-covered", "not-covered"),
        ("not covered", "not / covered", "not / covered"),
        ("not covered", "not, covered", None),
        ("not covered", "not covered1", None),
        ("not covered", "knot covered", None),
        ("not covered", "notcovered", None),
        ("label*", "labelling of it", "labelling"),
        ("label*", "unlabel", None),
        ("an? fda? use", "an fda use", "an fda use"),
        ("an? fda? use", "fda use", "fda use"),
        ("an? fda? use", "use", "use"),
        ("use it?", "use it", "use it"),
        ("use it?", "use", None),
        ("be .. needed", "be needed", "be needed"),
        ("be .. needed", "be most of all times needed", "be most of all times needed"),
        ("be .. needed", "be most of all other times needed", None),
        ("be .. needed", "be most, needed", None),
        ("neither .. paid", "neither m06.9 nor m31.6 is paid", "neither m06.9 nor m31.6 is paid"),
        ("be .. needed", "be most. needed", None),
        ("be .. needed", "be not needed", None),
        ("be .. needed", "be rarely ever needed", None),
        ("{often} used", "normally used", "normally used"),
        ("{often} used", "seldom used", None),
        ("{often}? used", "used", "used"),
        ("{pay}", "on the list", "on the list"),
        ("{pay}", "on-the list", "on-the list"),
        ("{not} paid", "isn't paid", "isn't paid"),
        ("^ no", "no", "no"),
        ("^ no", "(no", "(no"),
        ("^ no", "say no", None),
        ("no $", "no.", "no."),
        ("no $", "no one", None),
        ("^ no $", "- no -", "- no -"),
        ("^ no (", "no (see)", "no ("),
        ("^ no;", "no; see", "no;"),
        ("12/31", "on 12/31,", "12/31"),
        ("✗", "a✗b", "✗"),
        ("e.g", "e.g.", "e.g"),
        ("e.g", "eag", None),
    ],
)
def test_what_a_phrase_finds(phrase: str, text: str, found: str | None) -> None:
    assert finds(phrase, text) == found


@pytest.mark.parametrize(
    ("phrase", "first", "second"),
    [
        ("never", ("never",), None),
        ("not covered", ("not",), ("covered",)),
        ("cover*", ("cover*",), None),
        ("not support*", ("not",), ("support*",)),
        ("an? fda? use it", ("an", "fda", "use"), ("fda", "use", "it")),
        ("deny .. for", ("deny",), None),
        ("deny it? .. for", ("deny",), None),
        ("^ no $", ("no",), None),
        ("look alike it?", ("look",), ("alike",)),
        ("non {label}", ("non",), ("label", "labeled", "labelled", "approved", "indicated")),
    ],
)
def test_the_words_that_a_phrase_may_begin_with(
    phrase: str, first: tuple[str, ...], second: tuple[str, ...] | None
) -> None:
    assert first_words(phrase) == first
    assert second_words(phrase) == second


def test_a_class_of_several_words_begins_with_the_first_of_each() -> None:
    assert {"medically", "on", "included", "a", "separately", "covered"} <= set(first_words("{pay}"))
    assert {"necessary", "the list", "benefit", "here"} <= set(second_words("{pay} here") or ())


def test_the_words_of_a_class() -> None:
    assert words_of("label") == ("label", "labeled", "labelled", "approved", "indicated")


@pytest.mark.parametrize("use", [words_of, lambda name: pattern_of(f"not {{{name}}}")])
def test_a_class_that_nobody_has_is_an_error(use: object) -> None:
    assert callable(use)
    with pytest.raises(ResourceError, match=r"data/cues/words\.tsv: no class 'nobody'"):
        use("nobody")


def test_every_class_is_used() -> None:
    tables = ("cues.tsv", "columns.tsv", "topics.tsv")
    phrases = [text for table in tables for row in resources.table("data", "cues", table) for text in row.values()]
    used = set(re.findall(r"\{(\w+)\}", " ".join(phrases)))
    classes = {row["class"] for row in resources.table("data", "cues", "words.tsv")}
    assert used <= classes
    assert classes - used == UNUSED


UNUSED = {"number"}
"""Classes that no phrase has."""
