"""The page of a drawing, live: a concept that connects to more is expanded from the server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("pyvis")
pytestmark = pytest.mark.browser

NAMES = "billingKg.seen().concepts.map((number) => billingKg.data.concepts[number].curie)"
LINES = "billingKg.data.connections.map((each) => [each.subject, each.relation, each.object, each.excluded].join())"
DIAGNOSIS, OTHER = "icd10cm:M06.9", "hcpcs:J0129"


class Drawing:
    """The page, opened, with all that it asked for and complained of."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address.rstrip("/")
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url.removeprefix(self.address)))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.wait(lambda: self.page.evaluate("document.documentElement.dataset.ready") == "true")

    def wait(self, is_so: Callable[[], Any]) -> None:
        """The policy of the page refuses Playwright's own waiting, so ask again and again."""
        end = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < end, (self.page.url, self.seen(), self.complaints)
            time.sleep(0.02)

    def seen(self) -> list[str]:
        return list(self.page.evaluate(NAMES))

    def select(self, curie: str) -> None:
        """Find a concept, as with the keyboard."""
        self.page.fill("#find", curie.partition(":")[2])
        self.page.press("#find", "Enter")

    def url(self) -> str:
        """The address as it is now: Playwright's own `url` is that of its last call."""
        return str(self.page.evaluate("location.href"))

    def shows(self, curie: str) -> bool:
        return curie in self.seen()


@pytest.fixture
def drawing(browser: Any, address: str) -> Iterator[Drawing]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    drawing = Drawing(context.new_page(), address)
    yield drawing
    context.close()
    assert drawing.complaints == []
    assert [path for path in drawing.asked if not path.startswith("/graph/")] == []


def test_a_concept_is_expanded_from_the_server(drawing: Drawing) -> None:
    drawing.open("/graph/hcpcs/J3262")
    assert drawing.shows(DIAGNOSIS) and not drawing.shows(OTHER)
    before = {curie: drawing.page.evaluate(place(curie)) for curie in drawing.seen()}
    drawing.select(DIAGNOSIS)
    drawing.page.click(".expand")
    drawing.wait(lambda: drawing.shows(OTHER))
    assert drawing.asked == ["/graph/hcpcs/J3262", "/graph/icd10cm/M06.9"]
    # What was there stays where it was, and what comes stands beside it.
    assert {curie: drawing.page.evaluate(place(curie)) for curie in before} == before
    # The new line can be opened, with its sentence.
    drawing.select(OTHER)
    drawing.page.click("#panel ul.plain button")
    assert "M06.9 - Rheumatoid arthritis" in drawing.page.inner_text("#panel")
    # From there it goes on, and nothing is there twice.
    drawing.page.keyboard.press("Escape")
    drawing.select(OTHER)
    drawing.page.evaluate("document.getElementById('canvas').focus()")
    drawing.page.keyboard.press("e")
    drawing.wait(lambda: drawing.shows("drug:abatacept"))
    assert len(drawing.seen()) == len(set(drawing.seen()))
    lines = drawing.page.evaluate(LINES)
    assert len(lines) == len(set(lines)) > len(before)


def place(curie: str) -> str:
    return f"billingKg.network.getPosition(billingKg.data.concepts.findIndex((each) => each.curie === '{curie}'))"


def test_the_address_says_what_is_expanded(drawing: Drawing) -> None:
    drawing.open("/graph/hcpcs/J3262?trust=refuted")
    drawing.select(DIAGNOSIS)
    drawing.page.click(".expand")
    drawing.wait(lambda: drawing.shows(OTHER))
    # What is selected stands behind it, for the page alone.
    expanded = "/graph/hcpcs/J3262?trust=refuted&open=icd10cm%3AM06.9#"
    drawing.wait(lambda: expanded in drawing.url())
    link = drawing.url()
    drawing.page.go_back()
    drawing.wait(lambda: not drawing.shows(OTHER))
    assert "open=" not in drawing.url()
    drawing.page.go_forward()
    drawing.wait(lambda: drawing.shows(OTHER))
    drawing.page.click(".collapse")
    drawing.wait(lambda: not drawing.shows(OTHER) and "open=" not in drawing.url())
    # A link leads to the same picture.
    drawing.open(link.removeprefix(drawing.address))
    drawing.wait(lambda: drawing.shows(OTHER))
    drawing.wait(lambda: drawing.url() == link)
    # One with several leads there in one step.
    drawing.open("/graph/hcpcs/J3262?open=icd10cm%3AM06.9&open=hcpcs%3AJ0129")
    steps = drawing.page.evaluate("history.length")
    drawing.wait(lambda: drawing.shows("drug:abatacept"))
    assert drawing.page.url.endswith("?open=icd10cm%3AM06.9&open=hcpcs%3AJ0129")
    assert drawing.page.evaluate("history.length") == steps


def test_a_server_that_does_not_answer_is_told(drawing: Drawing) -> None:
    drawing.open("/graph/hcpcs/J3262")
    drawing.select(DIAGNOSIS)
    drawing.page.context.set_offline(True)
    drawing.page.click(".expand")
    drawing.wait(lambda: "The server gives no more" in drawing.page.inner_text("#caption"))
    drawing.page.context.set_offline(False)
    drawing.page.click(".expand")
    drawing.wait(lambda: drawing.shows(OTHER))
    drawing.complaints[:] = [text for text in drawing.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_each_concept_leads_to_its_page(drawing: Drawing) -> None:
    drawing.open("/graph/hcpcs/J3262")
    drawing.select(DIAGNOSIS)
    assert drawing.page.get_attribute("#panel a", "href") == "/code/icd10cm/M06.9"


def test_without_script_there_are_links(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}graph/hcpcs/J3262")
    page.click("noscript a[href='/code/icd10cm/M06.9']")
    assert page.url == f"{address}code/icd10cm/M06.9"
    context.close()
