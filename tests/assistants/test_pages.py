"""Answers come in pages of so many rows and so many bytes, and none of them hides that there is more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from kg.assistants.pages import MOST_BYTES, page, questions, terms
from kg.errors import NotFound, UsageError
from kg.service.answers import Current
from kg.service.results import Result


class Asked(Current):
    def __init__(self) -> None:
        """A graph that nobody asks."""


def content_of(whole: Mapping[str, Any], limit: int, offset: int, parts: Sequence[str] = ("rows",)) -> dict[str, Any]:
    reply = page(Asked(), lambda _: Result(whole, [], ()), parts, limit, offset, {})
    assert reply.status == 200
    assert len(reply.body) <= MOST_BYTES
    content: dict[str, Any] = json.loads(reply.body)
    return content


def test_all_pages_together_are_all_rows() -> None:
    rows = [{"n": n} for n in range(25)]
    read: list[Any] = []
    offset: int | None = 0
    while offset is not None:
        content = content_of({"version": 1, "rows": rows}, 10, offset)
        assert (content["version"], content["total"]) == (1, 25)
        read += content["rows"]
        offset = content["next_offset"]
    assert read == rows


def test_several_lists_have_pages_side_by_side() -> None:
    content = content_of({"a": [1, 2, 3], "b": [4], "c": 5}, 2, 0, ("a", "b"))
    assert content == {"a": [1, 2], "b": [4], "c": 5, "total": 3, "next_offset": 2}
    assert content_of({"a": [1, 2, 3], "b": [4]}, 2, 2, ("a", "b"))["next_offset"] is None


def test_behind_the_last_page_there_is_nothing() -> None:
    assert content_of({"rows": [1, 2]}, 2, 0)["next_offset"] is None
    assert content_of({"rows": [1]}, 10, 5) == {"rows": [], "total": 1, "next_offset": None}


def test_what_is_long_has_fewer_rows_on_a_page() -> None:
    rows = [{"quote": "x" * 10_000, "n": n} for n in range(40)]
    content = content_of({"rows": rows}, 40, 0)
    assert 0 < len(content["rows"]) < 20
    assert content["next_offset"] == len(content["rows"])


def test_a_row_that_no_page_can_hold_is_refused() -> None:
    with pytest.raises(UsageError, match="more than 131,072 bytes; ask for less"):
        content_of({"rows": ["x" * MOST_BYTES]}, 10, 0)


def test_articles_are_told_of_the_rows_that_are_shown() -> None:
    policies = [{"document": "A1-1"}, {"document": "A2-1"}]
    whole = {"rows": [{"document": "A1-1"}, {"document": "A2-1"}], "policies": policies}
    assert content_of(whole, 1, 1)["policies"] == [{"document": "A2-1"}]


def test_what_is_not_known_is_an_answer_and_no_error() -> None:
    def ask(_current: Current) -> Result:
        raise NotFound("not known: no document\nconnects it")

    reply = page(Asked(), ask, ("rows",), 10, 0, {})
    assert (reply.status, json.loads(reply.body)) == (
        200,
        {"version": 1, "known": "not known", "reason": "not known: no document connects it", "rows": []},
    )


def test_questions_and_terms_are_found_by_their_words() -> None:
    assert "codes-for-modifier" in {row["name"] for row in questions(Asked(), words="TAKE modifier").rows}
    assert not list(questions(Asked(), words="unicorn").rows)
    assert "bkg:acceptsModifier" in {row["name"] for row in terms(Asked(), words="modifier").rows}
