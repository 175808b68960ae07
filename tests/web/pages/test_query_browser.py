"""The page that asks in SPARQL, in a real browser: the editor, and what is made of answers."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from ..conftest import HOSTILE
from .test_browser import OPTIONS

pytestmark = pytest.mark.browser

CODES = "VALUES ?code { hcpcs:J3262 hcpcs:J0129 hcpcs:J0517 }"
COUNTS = (
    f"SELECT ?code (COUNT(?o) AS ?n) {{ {CODES} ?code bkg:identifiesDrug|bkg:supportedByDiagnosis ?o }} GROUP BY ?code"
)
TRIPLES = f"CONSTRUCT {{ ?code bkg:identifiesDrug ?drug }} {{ {CODES} ?code bkg:identifiesDrug ?drug }}"


class Query:
    """The page, opened, with all that it asked for and complained of."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.open("/query")

    def open(self, path: str) -> None:
        self.page.goto(self.address.rstrip("/") + path)

    def told(self, beginning: str) -> None:
        """Wait until the page says something that begins so."""
        self.wait(lambda: self.text("told").startswith(beginning), lambda: self.text("told"))

    def text(self, part: str) -> str:
        return str(self.page.evaluate(f"document.getElementById('{part}')?.textContent ?? ''"))

    def wait(self, is_so: Callable[[], Any], explain: Callable[[], Any] = lambda: None) -> None:
        """The policy of the page refuses Playwright's own waiting, so ask again and again."""
        end = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < end, explain()
            time.sleep(0.02)

    def ask(self, query: str) -> None:
        self.page.fill("#query", query)
        self.page.click("#ask")

    def write(self, text: str) -> None:
        self.page.fill("#query", "")
        self.page.click("#query")
        self.page.keyboard.type(text)

    def suggestions(self) -> list[str]:
        """The suggestions, once there are some."""
        self.wait(lambda: self.page.locator("#suggestions:not([hidden]) li").count())
        return [str(words) for words in self.page.locator("#suggestions li b").all_inner_texts()]

    @property
    def written(self) -> str:
        return str(self.page.input_value("#query"))

    def column(self, number: int) -> list[str]:
        return [str(text) for text in self.page.locator(f"#answer td:nth-child({number})").all_inner_texts()]


@pytest.fixture
def query(browser: Any, address: str) -> Iterator[Query]:
    opened = Query(browser.new_context(accept_downloads=True).new_page(), address)
    yield opened
    assert all(url.startswith((address, "blob:")) for url in opened.requests), opened.requests
    # That a query was refused, the browser says itself.
    assert [text for text in opened.complaints if "400 (Bad Request)" not in text] == []
    opened.page.context.close()


def test_words_of_documents_are_shown_as_words(query: Query) -> None:
    query.ask("SELECT (SAMPLE(?exact) AS ?quote) { ?selector oa:exact ?exact FILTER CONTAINS(?exact, 'onerror') }")
    query.told("1 row")
    assert HOSTILE in query.text("answer")
    assert query.page.evaluate("document.querySelectorAll('#answers img, #answers script').length") == 0


def test_words_of_a_query_are_coloured_as_words(query: Query) -> None:
    query.page.fill("#query", f"SELECT * {{ ?a ?b '{HOSTILE}' }} # {HOSTILE}")
    assert query.text("colours").strip() == query.written
    assert query.page.evaluate("document.querySelectorAll('.editor img, .editor script').length") == 0
    assert query.page.locator("#colours .keyword").all_inner_texts() == ["SELECT"]
    assert query.page.locator("#colours .comment").count() == query.page.locator("#colours .string").count() == 1


def test_letters_and_colours_stand_at_the_same_place(query: Query) -> None:
    """The text area and the layer behind it break their lines alike, also long ones."""
    for size in ((1280, 800), (320, 640)):
        query.page.set_viewport_size({"width": size[0], "height": size[1]})
        query.page.fill("#query", "SELECT *\n{ ?a ?b ?c }\n" + "?long bkg:identifiesDrug ?drug . " * 60 + "x" * 500)
        heights = query.page.evaluate(
            "(() => { const one = document.getElementById('query'), layer = document.getElementById('colours');"
            " return [one.scrollHeight, one.clientHeight, layer.scrollHeight, one.clientWidth, layer.clientWidth] })()"
        )
        assert heights[0] == heights[1] == heights[2]
        assert heights[3] == heights[4]


def test_names_of_ours_are_completed(query: Query) -> None:
    query.write("SELECT * { ?code bkg:identi")
    assert query.suggestions() == ["bkg:identifiesDrug"]
    query.page.keyboard.press("Enter")
    assert query.written == "SELECT * { ?code bkg:identifiesDrug"
    query.page.keyboard.type(" ?drug . ?c")
    assert query.suggestions() == ["?code"]
    query.page.keyboard.press("Escape")
    assert query.page.locator("#suggestions").is_hidden()
    query.page.keyboard.press("Control+z")
    assert query.written != "SELECT * { ?code bkg:identifiesDrug ?drug . ?c"


def test_codes_are_completed_by_their_names(query: Query) -> None:
    query.write("SELECT * { hcpcs:tociliz")
    assert "hcpcs:J3262" in query.suggestions()
    area = query.page.locator("#query")
    for _ in range(20):
        active = query.page.locator(f"#{area.get_attribute('aria-activedescendant')}")
        assert active.get_attribute("aria-selected") == "true"
        if active.inner_text().startswith("hcpcs:J3262"):
            break
        query.page.keyboard.press("ArrowDown")
    query.page.keyboard.press("Enter")
    assert query.written == "SELECT * { hcpcs:J3262"
    assert area.get_attribute("aria-activedescendant") is None


def test_nothing_is_completed_in_a_comment_and_tab_leaves(query: Query) -> None:
    query.write("# bkg:ident")
    query.page.keyboard.press("Control+Space")
    time.sleep(0.3)
    assert query.page.locator("#suggestions").is_hidden()
    query.page.keyboard.press("Tab")
    assert query.page.evaluate("document.activeElement.id") == "ask"


def test_an_error_is_underlined_at_its_place(query: Query) -> None:
    query.ask("# é𝄞\nSELECT * { ?s nosuch:name ?o }")
    query.told("Not asked")
    assert "no such prefix: 'nosuch:name'" in query.text("problem")
    assert query.page.locator("#colours .wrong").all_inner_texts() == ["nosuch:name"]
    assert query.page.get_attribute("#query", "aria-invalid") == "true"
    query.page.keyboard.type("x")
    assert query.page.locator("#colours .wrong").count() == 0
    query.ask("SELECT")
    query.wait(lambda: query.text("problem").startswith("line 1, column 7"))


def test_every_kind_of_answer_is_shown(query: Query) -> None:
    query.ask("SELECT ?code ?drug { ?code bkg:identifiesDrug ?drug FILTER (?code = hcpcs:J3262) }")
    query.told("1 row")
    query.ask("ASK { }")
    query.told("yes")
    query.ask("ASK { ?a bkg:nosuch ?b }")
    query.told("no: no such class, property or value: bkg:nosuch")
    query.ask(TRIPLES)
    query.told("3 triples")
    assert query.column(1)[0] == "hcpcs:J0129"
    assert query.page.locator("#picture circle").count() == 6
    query.ask("DESCRIBE hcpcs:J3262")
    query.wait(lambda: "triples" in query.text("told"))
    assert "tocilizumab, 1 mg" in query.column(3)


def test_concepts_and_documents_of_an_answer_lead_to_their_pages(query: Query) -> None:
    query.page.fill("#as_of", "2026-02-01")
    query.ask(
        "SELECT ?code ?doc { ?a rdf:subject ?code ; prov:wasDerivedFrom ?doc FILTER (?code = hcpcs:J3262) } LIMIT 1"
    )
    query.told("1 row")
    links = [link.get_attribute("href") for link in query.page.locator("#answer td a").all()]
    assert links == ["/code/hcpcs/J3262?as_of=2026-02-01&trust=disputed", "/document/tocilizumab?as_of=2026-02-01"]


def test_rows_are_sorted_and_filtered_and_turned_over(query: Query) -> None:
    numbers = " ".join(str(number) for number in range(150))
    query.ask(f"SELECT ?n ?word {{ VALUES ?n {{ {numbers} }} BIND (CONCAT('w', STR(?n)) AS ?word) }}")
    query.told("150 rows")
    assert len(query.column(1)) == 100
    query.page.click("th button >> nth=0")
    query.page.click("th button >> nth=0")
    assert query.column(1)[:2] == ["149", "148"]
    assert query.page.get_attribute("th >> nth=0", "aria-sort") == "descending"
    query.page.click("text=The next")
    assert query.column(1)[-1] == "0"
    query.page.fill("#tools input", "W14")
    assert query.column(2) == ["w149", "w148", "w147", "w146", "w145", "w144", "w143", "w142", "w141", "w140", "w14"]
    assert "1 to 11 of 11 of 150 in all" in query.text("answer")


def test_a_number_for_each_name_is_a_chart(query: Query) -> None:
    query.ask(COUNTS + " ORDER BY DESC(?n)")
    query.told("3 rows")
    widths = [bar.get_attribute("width") for bar in query.page.locator("#picture rect").all()]
    assert widths[0] == "100%" and len(widths) == 3
    query.page.fill("#tools input", "J3262")
    assert query.page.locator("#picture rect").count() == 0


def test_answers_are_saved(query: Query) -> None:
    query.ask("SELECT ?a ?n { VALUES (?a ?n) { ('=1+1' -5) ('say \"x\", y' 2) } }")
    query.told("2 rows")
    with query.page.expect_download() as saved:
        query.page.click("text=Save CSV")
    assert Path(saved.value.path()).read_text("utf-8") == 'a,n\n\'=1+1,-5\n"say ""x"", y",2\n'
    with query.page.expect_download() as saved:
        query.page.click("text=Save JSON")
    assert len(json.loads(Path(saved.value.path()).read_text("utf-8"))["results"]["bindings"]) == 2


def test_the_address_holds_the_query_and_back_leads_to_the_one_before(query: Query) -> None:
    query.page.select_option("#trust", "consistent")
    query.ask("ASK { }")
    query.told("yes")
    assert query.page.url.endswith("/query?query=ASK+%7B+%7D&trust=consistent")
    query.ask("SELECT (1 AS ?one) { }")
    query.told("1 row")
    query.page.go_back()
    query.told("yes")
    assert (query.written, query.page.input_value("#trust")) == ("ASK { }", "consistent")
    query.open(f"/query?query={quote('SELECT (2 AS ?two) { }')}")
    query.told("1 row")
    assert query.column(1) == ["2"]


def test_what_was_asked_is_kept_until_it_is_forgotten(query: Query) -> None:
    assert query.page.locator("#past").is_hidden()
    query.ask("ASK { }")
    query.told("yes")
    query.open("/query")
    query.page.click("#past-list a")
    query.told("yes")
    query.page.click("#forget")
    assert query.page.locator("#past").is_hidden()
    assert query.page.evaluate("localStorage.getItem('billing-kg asked')") == "[]"


def test_a_history_that_somebody_else_wrote_does_no_harm(query: Query) -> None:
    for content in ('{"a": 1}', "[null, 1, {}]", "nonsense"):
        query.page.evaluate("(content) => localStorage.setItem('billing-kg asked', content)", content)
        query.open("/query")
        query.ask("ASK { }")
        query.told("yes")


def test_a_question_of_the_catalogue_is_asked_at_the_trust_and_on_the_day(query: Query) -> None:
    query.page.fill("#as_of", "2000-01-01")
    query.page.click("summary:text('How many assertions have which verdict?')")
    query.page.click("details[open] button")
    query.wait(lambda: "row" in query.text("told"))
    assert query.written.startswith("# How many assertions have which verdict?\nSELECT")
    assert "as_of=2000-01-01" in query.page.url and "trust=disputed" in query.page.url
    assert "bkg:disputed" in query.column(1)


def test_a_question_can_be_stopped(query: Query) -> None:
    query.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    query.told("Asking")
    query.page.click("#stop")
    query.told("Stopped.")
    query.ask("ASK { }")
    query.told("yes")


def test_an_answer_that_is_too_long_for_a_page_is_not_read_to_its_end(query: Query) -> None:
    query.ask("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    query.told("The answer is too long to be shown")
    link = query.page.locator("#tools a")
    assert re.match(r"/sparql\?query=.*&format=csv$", link.get_attribute("href"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, address: str, theme: str) -> None:
    opened = Query(browser.new_context(color_scheme=theme).new_page(), address)
    opened.ask("SELECT ?s nosuch")
    opened.told("Not asked")
    for then in (lambda: opened.write("SELECT * { ?code bkg:iden"), lambda: opened.ask(COUNTS)):
        found = Axe().run(opened.page, options=OPTIONS).response["violations"]
        assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []
        then()
        time.sleep(0.5)
    found = Axe().run(opened.page, options=OPTIONS).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []


def test_answers_need_no_scrolling_of_the_page_sideways(query: Query) -> None:
    query.page.set_viewport_size({"width": 320, "height": 640})
    for text in (COUNTS, TRIPLES, "SELECT * { ?a ?b ?c } LIMIT 20"):
        query.ask(text)
        query.wait(lambda: re.match("[0-9]+ (rows|triples)", query.text("told")))
        assert query.page.evaluate("document.documentElement.scrollWidth") <= 320, text


def test_the_form_works_without_script(browser: Any, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address.rstrip("/") + "/query")
    page.click("summary:text('Which codes connect to a diagnosis?')")
    page.click("details[open] button")
    page.click("#ask")
    assert '"head":{"vars":["code","name"' in page.content()
