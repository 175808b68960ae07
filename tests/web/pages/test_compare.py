"""The page of comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from lxml import html

from kg.service.answers import Current
from kg.web.pages import compare
from tests.graph import compared

from ..conftest import HOSTILE
from .conftest import Show, links, words


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Current]:
    """A worker over a graph that has articles."""
    current = Current(compared.build(tmp_path_factory.mktemp("compared")), lambda _: None)
    yield current
    current.store().close()


def page(current: Current, status: int = 200, offset: int = 0, **asked: Any) -> html.HtmlElement:
    """The page of what is asked."""
    nothing = {
        "first": "",
        "second": "",
        "code": "",
        "since": None,
        "until": None,
        "only": "",
        "trust": "",
        "as_of": None,
    }
    reply = compare.compare(current, compare.Wanted(**{**nothing, **asked}), offset=offset)
    assert reply.status == status
    return html.document_fromstring(reply.body.decode())


def sections(element: html.HtmlElement) -> dict[str, int]:
    """The sections of edges, each with how many it shows."""
    return {one.get("id"): len(one.xpath("./ol/li")) for one in element.find_class("group")}


def test_without_two_sides_there_is_the_form(show: Show) -> None:
    for asked in ({}, {"first": "tocilizumab"}):
        page = show("/compare", **asked)
        assert page.find_class("group") == []
        assert page.forms[1].fields["first"] == asked.get("first", "")


def test_two_documents_with_their_sentences(show: Show) -> None:
    page = show("/compare", first="tocilizumab", second="tocilizumab.txt", code="J3262")
    assert words(page.find_class("told")[0]).startswith("both 4 · only tocilizumab (first) 0")
    assert list(sections(page)) == ["both"]
    for edge in page.xpath("//section[@id='both']/ol/li"):
        assert [link.split("?")[0] for link in edge.xpath(".//figcaption//a/@href")] == ["/document/tocilizumab"] * 2
        assert len(edge.xpath(".//blockquote")) == 2
    assert HOSTILE in words(page)


def test_a_document_and_an_article_each_with_its_place(current: Current) -> None:
    found = page(current, first="guide", second="A57001")
    assert words(found.find_class("told")[0]) == "both 1 · only guide 2 · only A57001-1 2 · contradict 2"
    assert sections(found) == {"contradict": 2, "first": 2, "second": 2, "both": 1}
    said = [words(one) for one in found.xpath("//section[@id='contradict']//figcaption")]
    assert said[2:] == [
        "guide says yes: A guide, line 5",
        "A57001-1 says no: A57001-1, row 2 of article_x_icd10_noncovered_group.csv, group 1",
    ]
    assert links(found)["A57001-1"].startswith("https://www.cms.gov/medicare-coverage-database/view/article.aspx")
    assert compared.COMPLETE in words(found)
    assert "Codes of which only A57001-1 speaks 1" in words(found)
    assert links(found)["96372"] == "/code/cpt/96372"


def test_many_edges_are_paged_by_kind(current: Current, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "FEW", 1)
    monkeypatch.setattr(compare, "MANY", 2)
    found = page(current, first="NGS", second="First Coast")
    assert set(sections(found).values()) == {1}
    address = links(found)["All 3"]
    assert address == "/compare?first=NGS&second=First+Coast&only=contradict"
    one_kind = page(current, first="NGS", second="First Coast", only="contradict")
    assert sections(one_kind) == {"contradict": 2}
    assert links(one_kind)["The next of 3"] == f"{address}&offset=2"
    last = page(current, first="NGS", second="First Coast", only="contradict", offset=2)
    assert sections(last) == {"contradict": 1}
    assert last.xpath("//section[@id='contradict']/ol/@start") == ["3"]
    assert links(last)["Those before"] == address


def test_one_article_on_two_days(current: Current) -> None:
    found = page(current, first="A57004", since=date(2024, 6, 30), until=date(2025, 6, 30))
    assert words(found.find_class("told")[0]) == "both 1 · only A57004-1 0 · only A57004-2 1 · contradict 1"
    told = page(current, 400, first="A57004", since=date(2024, 6, 30)).find_class("told")
    assert "one day alone" in words(told[0])


def test_sides_that_share_no_code_are_told_as_not_known(current: Current) -> None:
    found = page(current, first="A57001", second="A57004")
    assert "Not known whether A57001-1 and A57004-2 agree" in words(found)
    assert sections(found) == {}
    assert "Codes of which only A57004-2 speaks 2" in words(found)


def test_a_hostile_title_or_name_becomes_no_markup(current: Current) -> None:
    found = page(current, first="A57003", second="A57001")
    assert not found.xpath("//script")
    told = page(current, 404, first="<script>alert(1)</script>", second="guide")
    assert not told.xpath("//script")
    assert "<script>alert(1)</script>" in words(told)


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"first": "nosuch", "second": "tocilizumab"}, 404, "is called 'nosuch'"),
        ({"first": "A57001", "second": "tocilizumab"}, 404, "no article in the graph has the number A57001"),
        ({"first": "tocilizumab", "second": "abatacept", "only": "some"}, 400, "no such agreement: 'some'"),
        ({"first": "tocilizumab", "second": "abatacept", "trust": "much"}, 400, "no such verdict: 'much'"),
        ({"first": "tocilizumab", "second": "abatacept", "code": "nosuch"}, 404, "'nosuch'"),
        ({"first": "tocilizumab", "since": "soon"}, 400, "not a date: 'soon'"),
    ],
)
def test_what_is_wrong_or_not_there_is_told(show: Show, asked: dict[str, str], status: int, told: str) -> None:
    assert told in words(show("/compare", status, **asked).find_class("told")[0])
