"""What the tests of pages share."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from lxml import html

Show = Callable[..., html.HtmlElement]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def words(element: html.HtmlElement) -> str:
    """The text of an element, each run of blanks as one."""
    return " ".join(element.text_content().split())


def links(element: html.HtmlElement) -> dict[str, str]:
    """Where the links in an element lead, by their text."""
    return {words(link): link.get("href") for link in element.iter("a")}


def parsed(response: httpx.Response, status: int = 200) -> html.HtmlElement:
    """The page of a response, which has to be one with the policy of pages and without anything that could run."""
    assert (response.status_code, response.headers["content-type"]) == (status, "text/html; charset=utf-8")
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")
    assert "script" not in policy
    page = html.document_fromstring(response.text)
    assert not page.xpath("//script | //style | //@style | //img | //iframe | //@onerror | //@onload | //@onclick")
    assert all(link.startswith(("/", "#", "http")) for link in page.xpath("//a/@href"))
    return page


@pytest.fixture
def show(client: httpx.Client) -> Show:
    """The page at an address, as a browser asks for it."""

    def ask(address: str, status: int = 200, **options: str) -> html.HtmlElement:
        return parsed(client.get(address, params=options or None, headers={"Accept": BROWSER}), status)

    return ask
