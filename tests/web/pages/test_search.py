"""The page of searches."""

from __future__ import annotations

import httpx
import pytest

from kg.drawing.looks import VERDICT_LOOKS
from kg.web.pages.assets import assets
from kg.web.pages.rendering import _SIGNS

from ..conftest import HOSTILE
from .conftest import BROWSER, Show, links, words


def test_results_lead_to_their_concepts(show: Show) -> None:
    found = show("/search", q="TOCI LIZUMAB")
    first, *_ = found.find_class("matches")[0]
    assert words(first) == "tocilizumab drug 1 connection"
    assert links(first) == {"tocilizumab": "/drug/tocilizumab"}
    assert links(found)["J3262 tocilizumab, 1 mg"] == "/code/hcpcs/J3262"


def test_typos_are_forgiven_and_told(show: Show) -> None:
    found = show("/search", q="tociluzimab")
    assert words(found.find_class("told")[0]).startswith("Nothing is called tociluzimab. What is spelt nearly so: ")
    assert links(found)["tocilizumab"] == "/drug/tocilizumab"
    nothing = show("/search", q="nosuchthing")
    assert "Nothing is called nosuchthing, nor spelt nearly so" in words(nothing.find_class("told")[0])
    assert "of 3 documents" in words(nothing.find_class("told")[0])


def test_findings_are_told_beside_the_code(show: Show) -> None:
    (first,) = show("/search", q="j-3032").find_class("matches")[0]
    assert links(first) == {
        "J3032 eptinezumab-jjmr, 1 mg": "/code/hcpcs/J3032",
        "1 finding": "/code/hcpcs/J3032#findings",
    }


def test_kinds_and_more(show: Show) -> None:
    found = show("/search", q="tocilizumab", kind="drug", limit="2")
    assert {words(kind) for kind in found.find_class("kind")} == {"drug"}
    assert links(found)["More of them"] == "/search?q=tocilizumab&kind=drug&limit=10"
    assert "no such kind: 'medicine'" in words(show("/search", 400, q="a", kind="medicine"))
    assert "no such parameter: 'x'" in words(show("/search", 400, q="a", x="1"))


def test_without_words_there_is_the_form_alone(show: Show) -> None:
    page = show("/search")
    assert page.find_class("matches") == []
    assert links(page)["giant cell arteritis"] == "/search?q=giant+cell+arteritis"


@pytest.mark.parametrize("text", [HOSTILE, '"><svg onload=alert(1)>', "\u202eevil\u202c", "{{7*7}}", "x" * 200])
def test_what_is_searched_stays_text(show: Show, text: str) -> None:
    page = show("/search", q=text)
    assert page.xpath("//form[@class='search']//input[@name='q']/@value") == [text]
    assert text in page.text_content() or page.find_class("matches")


def test_programs_still_get_json(client: httpx.Client) -> None:
    for accept in ("*/*", "application/json", ""):
        assert client.get("/search?q=tocil", headers={"Accept": accept}).json()["rows"]
    assert client.get("/search?q=tocil&format=json", headers={"Accept": BROWSER}).json()["rows"]
    assert client.get("/api/v1/search?q=tocil&kind=drug", headers={"Accept": BROWSER}).status_code == 200
    assert {row["kind"] for row in client.get("/search?q=tocil&kind=drug").json()["rows"]} == {"drug"}


def test_a_page_that_the_browser_has_is_not_sent_again(client: httpx.Client) -> None:
    page = client.get("/search?q=tocil", headers={"Accept": BROWSER})
    again = client.get("/search?q=tocil", headers={"Accept": BROWSER, "If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    json = client.get("/search?q=tocil", headers={"If-None-Match": page.headers["etag"]})
    assert json.status_code == 200


def test_the_style_sheet_has_the_looks_of_the_drawings(client: httpx.Client) -> None:
    sheet = client.get("/pages.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert sheet.content == assets()["/pages.css"].content
    assert {verdict: look.sign for verdict, look in VERDICT_LOOKS.items()} == _SIGNS
    for verdict, look in VERDICT_LOOKS.items():
        assert f"--{verdict}: {look.light};" in sheet.text
        assert f"--{verdict}: {look.dark};" in sheet.text
