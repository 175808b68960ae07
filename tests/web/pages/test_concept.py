"""The page of a concept."""

from __future__ import annotations

import httpx
import pytest

from ..conftest import HOSTILE
from .conftest import BROWSER, Show, links, words


def test_what_it_is_and_when_it_holds(show: Show) -> None:
    page = show("/code/hcpcs/J3262")
    assert words(page.find(".//h1")) == "J3262 tocilizumab, 1 mg"
    about = {words(one.find("dt")): words(one.find("dd")) for one in page.find_class("about")[0]}
    assert about["Kind"] == "HCPCS Level II"
    assert about["Holds"].startswith("from 2011-01-01")
    assert about["Release"].startswith("HCPCS Level II ")


def test_a_connection_has_its_sentence_its_verdict_and_its_source(show: Show) -> None:
    page = show("/code/hcpcs/J3262")
    group = page.get_element_by_id("supportedByDiagnosis")
    (one,) = group.find_class("connections")[0]
    assert words(one.find_class("verdict")[0]).endswith("unchecked")
    assert one.find(".//blockquote").text == f"M06.9 - Rheumatoid arthritis {HOSTILE}"
    assert links(one)["M06.9"] == "/code/icd10cm/M06.9"
    assert [target for target in links(one).values() if target.startswith("/document/tocilizumab?at=")]


def test_what_documents_say_no_to_stands_apart(show: Show) -> None:
    page = show("/code/hcpcs/J3032")
    heading = page.get_element_by_id("excluded-acceptsModifier-heading")
    assert words(heading) == "J3032 accepts modifier — the documents say no 1"


def test_the_other_end_is_told(show: Show) -> None:
    page = show("/code/icd10cm/M06.9")
    assert words(page.get_element_by_id("supportedByDiagnosis-of-heading")) == "… supported by diagnosis M06.9 2"
    assert {"J0129 abatacept, 10 mg", "J3262 tocilizumab, 1 mg"} <= links(page).keys()


def test_what_the_releases_contradict_stands_on_top(show: Show) -> None:
    page = show("/code/hcpcs/J3032")
    (finding,) = page.find_class("finding")
    assert words(finding.find("h3")).startswith("✗ refuted J3032 is “Inj. eptinezumab-jjmr 1 mg”")
    assert links(finding)["J2356 tezepelumab-ekko, 1 mg"] == "/code/hcpcs/J2356"
    document, release = (words(quote) for quote in finding.iter("blockquote"))
    assert document == "J3032 identifies tezepelumab-ekko (Tezspire), billed per 1 mg."
    assert release == "Inj. eptinezumab-jjmr 1 mg"
    assert [link for link in links(finding).values() if link.startswith("/document/tezepelumab?at=")]
    drugs = page.get_element_by_id("identifiesDrug")
    assert "tezepelumab" not in words(drugs)
    assert "not shown: show all" in words(page)
    assert "tezepelumab-ekko" in words(show("/code/hcpcs/J3032", trust="refuted").get_element_by_id("identifiesDrug"))


def test_one_relation_alone_in_parts(show: Show) -> None:
    page = show("/code/hcpcs/J3262", relation="supportedByDiagnosis")
    assert [group.get("id") for group in page.find_class("group")] == ["supportedByDiagnosis"]
    assert "no connections of J3262" in words(show("/code/hcpcs/J3262", 400, relation="nosuch"))


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/code/hcpcs/J9998", 404, "no such code in HCPCS Level II"),
        ("/code/hcpcs/XYZ", 400, "not a HCPCS Level II code"),
        (f"/drug/{HOSTILE}", 404, "nothing in the graph is called"),
        ("/code/hcpcs/J3262?trust=much", 400, "no such verdict: 'much'"),
        ("/code/hcpcs/J3262?as_of=now", 400, "not a date: 'now'"),
    ],
)
def test_what_is_wrong_is_told_on_a_page(show: Show, path: str, status: int, told: str) -> None:
    assert told in words(show(path, status).find_class("told")[0])


def test_every_kind_has_its_address(show: Show, client: httpx.Client) -> None:
    for curie, address in {
        "payer:medicare": "/payer/medicare",
        "modifier:LT": "/code/modifier/LT",
        "quantity:1-mg": "/quantity/1-mg",
    }.items():
        assert words(show(address).find(".//h1"))
        assert client.get(f"/show/{curie}").status_code == 200
    assert client.get("/code/nosuch/J3262", headers={"Accept": BROWSER}).status_code == 404
