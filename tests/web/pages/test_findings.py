"""The page of findings."""

from __future__ import annotations

import httpx
import pytest

from .conftest import BROWSER, Show, links, words


def test_each_has_both_sentences_and_what_was_meant(show: Show) -> None:
    page = show("/findings")
    (finding,) = page.find_class("finding")
    assert "J3032 identifies tezepelumab-ekko (Tezspire), billed per 1 mg." in words(finding)
    assert "Inj. eptinezumab-jjmr 1 mg" in [words(quote) for quote in finding.iter("blockquote")]
    assert links(finding)["J2356 tezepelumab-ekko, 1 mg"] == "/code/hcpcs/J2356"


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"code": "J3032"}, 1),
        ({"code": "J3262"}, 0),
        ({"document": "tezepelumab.txt"}, 1),
        ({"document": "tezepelumab", "code": "tezepelumab-ekko"}, 1),
        ({"document": "abatacept"}, 0),
        ({"document": "tezepelumab", "code": "J3262"}, 0),
        ({"verdict": "refuted"}, 1),
        ({"verdict": "disputed"}, 0),
        ({"first": "2"}, 0),
    ],
)
def test_filters(show: Show, asked: dict[str, str], number: int) -> None:
    assert len(show("/findings", **asked).find_class("finding")) == number


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"code": "nosuchthing"}, 404, "nothing in the graph is called 'nosuchthing'"),
        ({"document": "nosuch"}, 404, "no document in the graph is called 'nosuch'"),
        ({"verdict": "much"}, 400, "no such verdict: 'much'"),
        ({"first": "0"}, 400, "not a number from 1"),
    ],
)
def test_what_is_wrong_is_told(show: Show, asked: dict[str, str], status: int, told: str) -> None:
    assert told in words(show("/findings", status, **asked).find_class("told")[0])


def test_that_nothing_was_found_is_no_clean_bill(show: Show) -> None:
    told = words(show("/findings", code="J3262").find_class("told")[0])
    assert told.startswith("Nothing was found to speak against J3262 tocilizumab, 1 mg (3 documents searched).")
    assert "could not be checked" in told


def test_programs_still_get_json(client: httpx.Client) -> None:
    assert len(client.get("/findings").json()["rows"]) == 1
    assert client.get("/findings?format=csv", headers={"Accept": BROWSER}).text.startswith("verdict,")
