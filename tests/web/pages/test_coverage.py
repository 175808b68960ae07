"""The page of coverage: what articles rule in a state, each with its article, its row and where to read it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.graph.covered import covered

from ..conftest import started
from .conftest import BROWSER, Show, links, parsed, words


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    store = covered(tmp_path_factory.mktemp("covered"))
    with started(store) as (_, address), httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture
def told(site: httpx.Client) -> Show:
    def ask(status: int = 200, **asked: str) -> object:
        response = site.get("/coverage", params=asked, headers={"Accept": BROWSER})
        return parsed(response, status)

    return ask


def test_a_state_is_answered_with_article_row_and_address(told: Show) -> None:
    page = told(diagnosis="M81.0", state="FL", code="J0897")
    (status,) = page.xpath("//*[@role='status']")
    assert words(status).startswith("Yes: 1 connection supports and 0 do not: M81.0")
    assert "for Medicare in FL, as of 2026-01-01" in words(status)
    (said,) = page.find_class("said")
    assert "version 1, since 2024-01-01; article_x_icd10_covered.csv, group 1, row 2" in words(said)
    address = links(said)["A57001 Billing and Coding: Denosumab"]
    assert address == "https://www.cms.gov/medicare-coverage-database/view/article.aspx?articleid=57001&ver=1"
    assert [words(cell) for cell in page.xpath("//tbody/tr/*")] == ["First Coast", "1", "1", "0"]


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        (
            {"diagnosis": "M05.79", "state": "FL", "code": "J0897", "trust": "corroborated"},
            "No: 0 connections support and 1 does",
        ),
        (
            {"diagnosis": "M05.79", "state": "TX", "code": "J0897", "trust": "corroborated"},
            "Not known: no document connects",
        ),
    ],
)
def test_no_and_not_known(told: Show, asked: dict[str, str], begins: str) -> None:
    (status,) = told(**asked).xpath("//*[@role='status']")
    assert words(status).startswith(begins)


def test_without_a_diagnosis_there_is_the_form(told: Show) -> None:
    page = told()
    assert page.xpath("//*[@role='status']") == []
    assert set(page.forms[1].fields) == {"diagnosis", "code", "state", "trust", "as_of"}


@pytest.mark.parametrize(
    ("asked", "status", "words_of_error"),
    [
        ({"diagnosis": "M81.0", "state": "Florida"}, 400, "not a state: 'Florida'"),
        ({"diagnosis": "nosuch"}, 404, "nothing in the graph is called 'nosuch'"),
        ({"diagnosis": "<script>alert(1)</script>"}, 404, "<script>alert(1)</script>"),
    ],
)
def test_what_is_wrong_is_told(told: Show, asked: dict[str, str], status: int, words_of_error: str) -> None:
    assert words_of_error in words(told(status, **asked).find_class("told")[0])


def test_the_same_over_the_api(site: httpx.Client) -> None:
    answer = site.get("/codes-for/M85.80", params={"code": "J0897", "state": "FL", "polarity": "excluded"}).json()
    assert [row["document"] for row in answer["rows"]] == ["A57001-1"]
    assert [policy["identifier"] for policy in answer["policies"]] == ["A57001"]
