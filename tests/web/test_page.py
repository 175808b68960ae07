"""The page in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .conftest import HOSTILE

pytestmark = pytest.mark.browser


class Page:
    """The page, opened, with all that it asked for and complained of."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.goto(address)

    def told(self, beginning: str) -> None:
        """Wait until the page says something that begins so."""
        self._wait("told", lambda text: text.startswith(beginning))

    def shown(self, words: str) -> None:
        """Wait until these words stand in the answer."""
        self._wait("answer", lambda text: words in text)

    def _wait(self, part: str, is_there: Callable[[str], bool]) -> None:
        """The policy of the page refuses Playwright's own waiting, so ask again and again."""
        end = time.monotonic() + 20
        while not is_there(text := str(self.page.evaluate(f"document.getElementById('{part}').textContent"))):
            assert time.monotonic() < end, text
            time.sleep(0.02)

    def ask(self, query: str) -> None:
        self.page.fill("#query", query)
        self.page.click("#sparql button")


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Page]:
    opened = Page(browser.new_page(), address)
    yield opened
    assert all(url.startswith(address) for url in opened.requests), opened.requests
    opened.page.close()


def test_words_of_documents_are_shown_as_words(page: Page) -> None:
    page.ask("SELECT (SAMPLE(?exact) AS ?quote) { ?selector oa:exact ?exact FILTER CONTAINS(?exact, 'onerror') }")
    page.told("1 row")
    page.shown(HOSTILE)
    assert page.page.evaluate("document.querySelectorAll('#answers img, #answers script').length") == 0
    assert page.complaints == []


def test_concepts_of_an_answer_lead_to_their_pages(page: Page) -> None:
    page.ask("SELECT ?code ?drug { ?code bkg:identifiesDrug ?drug FILTER (?code = hcpcs:J3262) }")
    page.told("1 row")
    drug = page.page.locator("#answer td a", has_text="drug:tocilizumab")
    assert drug.get_attribute("href") == "/drug/tocilizumab?trust=disputed"
    page.page.click("#answer td a:text('hcpcs:J3262')")
    assert page.page.title() == "J3262 tocilizumab, 1 mg · billing-kg"
    assert page.complaints == []


def test_every_kind_of_answer_is_shown(page: Page) -> None:
    page.ask("SELECT ?code { ?code bkg:hasPayer payer:medicare }")
    page.told("1 row")
    page.shown("codehcpcs:J0129")
    page.ask("ASK { }")
    page.told("yes")
    page.ask("DESCRIBE hcpcs:J3262")
    page.told("Triples")
    page.shown("bkg:identifiesDrug drug:tocilizumab")
    assert page.complaints == []
    page.ask("SELECT")
    page.told("line 1, column ")
    page.page.click("details:has(form[action='/queries/codes-for-diagnosis']) summary")
    page.page.click("form[action='/queries/codes-for-diagnosis'] button")
    page.told("2 rows")


def test_a_day_goes_with_every_question(page: Page) -> None:
    page.page.fill("#as_of", "2000-01-01")
    page.page.click("details:has(form[action='/queries/verdicts']) summary")
    page.page.click("form[action='/queries/verdicts'] button")
    page.shown("bkg:disputed")
    assert any("/queries/verdicts?" in url and "as_of=2000-01-01" in url for url in page.requests)
    assert page.complaints == []


def test_a_question_can_be_stopped(page: Page) -> None:
    page.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    page.told("Asking")
    page.page.click("#stop")
    page.told("Stopped.")
    page.ask("ASK { }")
    page.told("yes")
    assert page.complaints == []


def test_the_forms_work_without_script(browser: Any, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    page.fill("#query", "ASK { }")
    page.click("#sparql button")
    assert '"boolean":true' in page.content()
    page.goto(address)
    page.fill("#search input", "tocil")
    page.click("#search button")
    assert page.title() == "tocil · Search · billing-kg"
