"""The drawing around a concept, live."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from ..conftest import HOSTILE, refused
from .conftest import BROWSER, Show, links, words

pytest.importorskip("pyvis")
from kg.drawing.live import MORE


def test_it_is_the_page_of_kg_draw_below_its_own_policy(client: httpx.Client) -> None:
    response = client.get("/graph/hcpcs/J3262", headers={"Accept": BROWSER})
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', response.text)
    assert response.headers["content-security-policy"] == f"{policy.replace('&#39;', chr(39))}; frame-ancestors 'none'"
    assert "unsafe" not in policy and policy.endswith("; form-action &#39;none&#39;; connect-src &#39;self&#39;")
    assert "J3262" in response.text and HOSTILE not in response.text
    again = client.get("/graph/hcpcs/J3262", headers={"Accept": BROWSER, "If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


def test_where_a_concept_is_expanded_the_page_gets_what_it_connects_to(client: httpx.Client) -> None:
    page = client.get("/graph/hcpcs/J3262", headers={"Accept": BROWSER}).text
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)[0])
    assert data["live"] and all(concept["curie"] != "hcpcs:J0129" for concept in data["concepts"])
    (diagnosis,) = (concept for concept in data["concepts"] if concept["curie"] == "icd10cm:M06.9")
    assert (diagnosis["degree"], diagnosis["page"]) == (2, "/code/icd10cm/M06.9")
    response = client.get(diagnosis["more"], headers={"Accept": "application/json"})
    assert response.headers["content-type"] == "application/json" and "etag" in response.headers
    more = response.json()
    assert {concept["curie"] for concept in more["concepts"]} == {"icd10cm:M06.9", "hcpcs:J3262", "hcpcs:J0129"}
    assert not any("focus" in concept for concept in more["concepts"])
    quotes = [
        more["evidence"][each["evidence"]]["quote"] for line in more["connections"] for each in line["assertions"]
    ]
    assert sorted(quotes) == ["M06.9 - Rheumatoid arthritis", f"M06.9 - Rheumatoid arthritis {HOSTILE}"]
    headers = {"Accept": "application/json", "If-None-Match": response.headers["etag"]}
    again = client.get(diagnosis["more"], headers=headers)
    assert again.status_code == 304


def test_of_a_hub_a_part_is_drawn(client: httpx.Client) -> None:
    more = client.get("/graph/quantity/1-mg").json()
    (hub,) = (concept for concept in more["concepts"] if concept["curie"] == "quantity:1-mg")
    assert len(more["concepts"]) == MORE + 1 < hub["degree"]


def test_what_is_not_there_is_told_to_programs(client: httpx.Client) -> None:
    assert "nosuch" in refused(client.get("/graph/drug/nosuch"), 404)


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
        ("/graph/hcpcs/J3262?" + "&".join(["open=drug:x"] * 21), 400, "open: more than 20 concepts"),
        ("/graph/hcpcs/J3262?trust=much", 400, "no such verdict: 'much'"),
    ],
)
def test_what_is_wrong_is_told(show: Show, path: str, status: int, told: str) -> None:
    assert told in words(show(path, status).find_class("told")[0])
