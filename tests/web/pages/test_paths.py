"""The page of paths."""

from __future__ import annotations

import pytest

from ..conftest import HOSTILE
from .conftest import Show, links, words


def test_every_step_has_its_sentence_and_its_source(show: Show) -> None:
    page = show("/path", **{"from": "J3262", "to": "J0129", "k": "1"})
    assert words(page.find_class("told")[0]).startswith("1 path from J3262 tocilizumab, 1 mg to J0129")
    (path,) = page.find_class("path")
    steps = path.xpath(".//ol/li")
    assert len(steps) == 2
    for step in steps:
        assert step.xpath(".//blockquote") and step.find_class("verdict")
        assert any(link.startswith(("/document/", "/about#")) for link in step.xpath(".//a/@href"))
    assert HOSTILE in words(path)


def test_without_both_ends_there_is_the_form(show: Show) -> None:
    for asked in ({}, {"from": "J3262"}):
        page = show("/path", **asked)
        assert page.find_class("path") == []
        assert page.forms[1].fields["from"] == asked.get("from", "")


def test_a_concept_leads_to_it(show: Show) -> None:
    address = links(show("/code/hcpcs/J3262", as_of="2026-01-01"))["Paths to others"]
    assert address == "/path?from=hcpcs%3AJ3262&as_of=2026-01-01"
    assert show(address).forms[1].fields["from"] == "hcpcs:J3262"


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"from": "nosuch", "to": "J3262"}, 404, "nothing in the graph is called 'nosuch'"),
        ({"from": "J3262", "to": "J0129", "k": "11"}, 400, "k: not a number from 1 to 10"),
        ({"from": "J3262", "to": "J0129", "trust": "much"}, 400, "no such verdict: 'much'"),
        ({"from": "J3262", "to": "LT", "trust": "corroborated"}, 200, "No path from J3262 to LT at trust corroborated"),
    ],
)
def test_what_is_wrong_or_not_there_is_told(show: Show, asked: dict[str, str], status: int, told: str) -> None:
    assert told in words(show("/path", status, **asked).find_class("told")[0])
