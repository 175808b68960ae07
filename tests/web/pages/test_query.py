"""The page that asks in SPARQL, as the server sends it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html

import kg.web.pages
from kg.queries import catalogue

from ..conftest import HOSTILE
from .conftest import BROWSER, links, words


def page_of(client: httpx.Client, status: int = 200, **options: str) -> Any:
    response = client.get("/query", params=options, headers={"Accept": BROWSER})
    assert response.status_code == status
    return html.document_fromstring(response.text)


def editor(page: Any) -> str:
    return str(page.get_element_by_id("query").text)


def test_only_scripts_of_this_server_may_run(client: httpx.Client) -> None:
    response = client.get("/query")
    policy = dict(rule.split(" ", 1) for rule in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    page = html.document_fromstring(response.text)
    assert [script.text_content() for script in page.iter("script")] == [""]
    assert not page.xpath("//style | //@style | //@onclick | //@onload")


def test_scripts_and_styles_are_sent_and_kept_by_browsers(client: httpx.Client) -> None:
    page = page_of(client)
    addresses = [*page.xpath("//script/@src"), *page.xpath("//link/@href")]
    for address in addresses:
        sent = client.get(address)
        kind = "text/javascript" if ".js" in address else "text/css"
        assert (sent.status_code, sent.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
        assert client.get(address, headers={"If-None-Match": sent.headers["etag"]}).status_code == 304


def test_a_page_that_did_not_change_keeps_its_policy(client: httpx.Client) -> None:
    """The headers of a 304 take the place of those that the browser has."""
    for address in ("/query", "/search"):
        page = client.get(address, headers={"Accept": BROWSER})
        again = client.get(address, headers={"Accept": BROWSER, "If-None-Match": page.headers["etag"]})
        assert (again.status_code, again.headers.get("content-security-policy")) == (304, None)


def test_what_scripts_import_is_there(client: httpx.Client) -> None:
    folder = Path(kg.web.pages.__file__).parent / "scripts"
    for script in folder.glob("*.js"):
        for name in re.findall(r'from "\./([a-z]+\.js)"', script.read_text("utf-8")):
            assert client.get(f"/scripts/{name}").status_code == 200, (script.name, name)
    assert client.get("/scripts/jsconfig.json").status_code == 404
    assert client.get("/scripts/../query.py").status_code == 404


def test_a_link_holds_the_query(client: httpx.Client) -> None:
    page = page_of(client, query="ASK { ?a ?b 'x\n<&' }", trust="consistent", as_of="2026-01-31")
    assert editor(page) == "\nASK { ?a ?b 'x\n<&' }"
    assert page.get_element_by_id("trust").value == "consistent"
    assert page.get_element_by_id("as_of").value == "2026-01-31"
    assert page.get_element_by_id("sparql").get("data-asked") is not None
    assert page_of(client).get_element_by_id("sparql").get("data-asked") is None


def test_words_of_a_link_stay_words(client: httpx.Client) -> None:
    page = page_of(client, query=f"</textarea>{HOSTILE}")
    assert editor(page) == f"\n</textarea>{HOSTILE}"
    assert page.xpath("//img") == []


def test_a_question_of_the_catalogue_is_loaded_as_text_with_its_values(client: httpx.Client) -> None:
    page = page_of(client, question="codes-for-diagnosis", diagnosis="M05.9")
    text = editor(page).strip()
    assert text.startswith("# Which codes connect to a diagnosis?\nSELECT")
    assert "/icd10cm/M05.9>" in text and "#+" not in text and "$" not in text
    (chosen,) = page.xpath("//details[@open]")
    assert chosen.xpath(".//input[@name='diagnosis']/@value") == ["M05.9"]
    assert "/icd10cm/M06.9>" in editor(page_of(client, question="codes-for-diagnosis"))


def test_every_question_is_there_and_can_be_asked_as_it_stands(client: httpx.Client) -> None:
    forms = [form for form in page_of(client).forms if "question" in form.get("class", "")]
    assert [form.fields["question"] for form in forms] == [question.name for question in catalogue()]
    for form in forms:
        text = editor(page_of(client, **dict(form.fields)))
        assert client.post("/sparql", data={"query": text}).status_code == 200, text


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"question": "nosuch"}, 400, "no such query: 'nosuch'"),
        ({"question": "codes-for-diagnosis", "diagnosis": "?"}, 400, "?"),
        ({"question": "codes-for-diagnosis", "code": "J3262"}, 400, "code"),
        ({"trust": "much"}, 400, "no such verdict: 'much'"),
        ({"nosuch": "1"}, 400, "no such parameter: 'nosuch'"),
    ],
)
def test_what_is_wrong_is_told(client: httpx.Client, asked: dict[str, str], status: int, told: str) -> None:
    page = page_of(client, status, **asked)
    assert told in words(page.find_class("told")[0])
    assert links(page)["Query"] == "/query"


def test_an_error_of_a_query_says_its_place(client: httpx.Client) -> None:
    text = "SELECT ?é {\n  ?é nosuch:name ?o }"
    answer = client.post("/sparql", content=text.encode(), headers={"Content-Type": "application/sparql-query"}).json()
    start, end = answer["place"]
    assert text[start:end] == "nosuch:name"
