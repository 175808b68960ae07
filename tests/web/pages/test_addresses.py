"""Addresses of pages: those that nobody has, and the day that goes with all links."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from .conftest import BROWSER, Show, links, parsed, words

DAY = "2026-02-01"


def test_an_unknown_address_is_a_page_for_people_and_json_for_programs(client: httpx.Client) -> None:
    page = parsed(client.get("/nosuch", headers={"Accept": BROWSER}), 404)
    assert words(page.find_class("told")[0]) == "no such page: '/nosuch'"
    assert links(page)["Search"] == "/search"
    assert client.get("/nosuch").json() == {"error": "no such page: '/nosuch'"}
    assert client.get("/api/v1/nosuch", headers={"Accept": BROWSER}).json() == {
        "error": "no such page: '/api/v1/nosuch'"
    }
    assert parsed(client.post("/about", headers={"Accept": BROWSER}), 405).find_class("told")


@pytest.mark.parametrize(
    "path",
    ["/", "/search?q=J3032", "/code/hcpcs/J3032", "/document/tezepelumab", "/findings", "/about", "/check",
     "/path?from=J3262&to=J0129", "/compare?first=tocilizumab&second=tocilizumab"],
)  # fmt: skip
def test_a_day_goes_with_all_links_and_forms(show: Show, path: str) -> None:
    page = show(f"{path}{'&' if '?' in path else '?'}as_of={DAY}")
    for link in page.xpath("//a/@href"):
        parts = urlsplit(link)
        if parts.path and not parts.path.startswith(("/api", "http")):
            assert parse_qs(parts.query).get("as_of") == [DAY], link
    for form in page.forms:
        if "deciding" not in (form.getparent().get("class") or ""):
            assert form.fields.get("as_of") == DAY, form.action
