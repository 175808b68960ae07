"""The drawing around a concept, live."""

from __future__ import annotations

import re

import httpx
import pytest

from ..conftest import HOSTILE
from .conftest import BROWSER, Show, links, words

pytest.importorskip("pyvis")


def test_it_is_the_page_of_kg_draw_below_its_own_policy(client: httpx.Client) -> None:
    response = client.get("/graph/hcpcs/J3262", headers={"Accept": BROWSER})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', response.text)
    assert response.headers["content-security-policy"] == f"{policy.replace('&#39;', chr(39))}; frame-ancestors 'none'"
    assert "unsafe" not in policy and "'self'" not in policy
    assert "J3262" in response.text and HOSTILE not in response.text
    again = client.get("/graph/hcpcs/J3262", headers={"Accept": BROWSER, "If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


def test_a_concept_leads_to_it(show: Show) -> None:
    assert links(show("/code/hcpcs/J3262"))["Picture of them"] == "/graph/hcpcs/J3262"
    page = show("/drug/tocilizumab", trust="refuted", as_of="2026-01-01")
    assert links(page)["Picture of them"] == "/graph/drug/tocilizumab?trust=refuted&as_of=2026-01-01"


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/graph/drug/nosuch", 404, "nosuch"),
        ("/graph/nosuch/J3262", 404, "nosuch"),
        ("/graph/hcpcs/J3262?depth=5", 400, "depth: not a number from 1 to 4"),
        ("/graph/hcpcs/J3262?trust=much", 400, "no such verdict: 'much'"),
    ],
)
def test_what_is_wrong_is_told(show: Show, path: str, status: int, told: str) -> None:
    assert told in words(show(path, status).find_class("told")[0])
