"""The pages in a real browser: for everybody, on any screen, and without any script."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from ..conftest import HOSTILE, started

SAID = "J3032 identifies tezepelumab-ekko (Tezspire), billed per 1 mg."
pytestmark = pytest.mark.browser

PATHS = (
    "/", "/query", "/query?question=codes-for-diagnosis",
    "/search", "/search?q=tociluzimab", "/code/hcpcs/J3262", "/code/hcpcs/J3032", "/drug/nosuch",
    "/document/tocilizumab", "/document/tezepelumab", "/check", "/findings", "/about",
    "/path", "/path?from=J3262&to=J0129", "/coverage", "/coverage?diagnosis=M06.9",
    "/compare", "/compare?first=tocilizumab&second=abatacept", "/compare?first=tocilizumab&second=tocilizumab",
)  # fmt: skip
MISTAKEN = "J0517 identifies mepolizumab (Nucala)."
WIDE, PHONE, SMALL, ZOOMED = (1280, 800), (375, 800), (320, 640), (640, 400)
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
Open = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Open]:
    """Open a page; at the end, nothing may have been asked of others, and no page may have complained."""
    contexts: list[Any] = []
    asked: list[str] = []
    complaints: list[str] = []

    def open_one(path: str, size: tuple[int, int] = WIDE, **settings: Any) -> Any:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(address.rstrip("/") + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(address)] == []
    assert [text for text in complaints if "404 (Not Found)" not in text] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(path: str, theme: str, open_page: Open) -> None:
    page = open_page(path, color_scheme=theme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 25, 31)"}[theme]
    found = Axe().run(page, options=OPTIONS).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("size", [WIDE, ZOOMED, PHONE, SMALL], ids=str)
def test_nothing_has_to_be_scrolled_sideways(size: tuple[int, int], open_page: Open) -> None:
    for path in PATHS:
        page = open_page(path, size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


def test_headings_and_landmarks(open_page: Open) -> None:
    for path in PATHS:
        page = open_page(path)
        assert page.locator("h1").count() == 1, path
        headings = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map((one) => one.tagName)")
        assert all(int(after[1]) <= int(before[1]) + 1 for before, after in pairwise(headings)), path
        for role in ("banner", "main", "contentinfo", "search"):
            assert page.get_by_role(role).count() == 1, (path, role)


def test_the_keyboard_alone(open_page: Open) -> None:
    page = open_page("/code/hcpcs/J3032")

    def focused(what: str) -> Any:
        return page.evaluate(f"document.activeElement.{what}")

    page.keyboard.press("Tab")
    assert focused("textContent") == "To the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert focused("id") == "main"
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(focused("textContent").strip())
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert "J2356 tezepelumab-ekko, 1 mg" in seen


def test_the_sentence_the_verdict_and_the_source_are_seen_at_once(open_page: Open) -> None:
    page = open_page("/code/hcpcs/J3032")
    for what in (".finding .verdict", ".finding blockquote", ".finding figcaption a", ".finding .meant a"):
        box = page.locator(what).first.bounding_box()
        assert box["y"] + box["height"] <= WIDE[1], what
        assert box["x"] + box["width"] <= WIDE[0], what


@pytest.mark.parametrize("is_dropped", [True, False])
def test_a_document_is_checked(is_dropped: bool, open_page: Open) -> None:
    page = open_page("/check", java_script_enabled=False)
    if is_dropped:
        guide = {"name": "guide.txt", "mimeType": "text/plain", "buffer": MISTAKEN.encode()}
        page.set_input_files("input[type=file]", guide)
    else:
        page.fill("textarea", MISTAKEN)
    page.click("form.check button")
    assert "Probably meant: J2182 mepolizumab, 1 mg" in page.inner_text(".finding")
    assert page.inner_text("mark.refuted >> nth=1") == MISTAKEN
    assert Axe().run(open_page("/check"), options=OPTIONS).response["violations"] == []


def test_what_is_hostile_stays_text_and_in_its_place(open_page: Open) -> None:
    page = open_page("/check", SMALL)
    page.fill("textarea", f"{MISTAKEN} {HOSTILE}\n\u202e{HOSTILE}\u2066\n{'x' * 3000}")
    page.click("form.check button")
    assert page.inner_text(".line >> nth=1").count("<script>") == 1
    assert page.evaluate("document.querySelectorAll('img, script, iframe').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL[0]
    assert Axe().run(page, options=OPTIONS).response["violations"] == []


def test_what_is_wrong_with_a_code_is_two_clicks_away(open_page: Open) -> None:
    """What is wrong with J3032, in which document, and what was meant; without script as well."""
    for is_with_script in (True, False):
        page = open_page("/", java_script_enabled=is_with_script)
        page.fill("input[name=q]", "J3032")
        page.click("button:text('Search')")
        page.click(".matches a.concept")
        finding = page.inner_text(".finding")
        assert "J3032 is “Inj. eptinezumab-jjmr 1 mg” in HCPCS Level II" in finding
        assert "Probably meant: J2356 tezepelumab-ekko, 1 mg" in finding
        page.click(".finding figcaption a")
        assert page.inner_text("h1") == "HCPCS Code J3032"
        line = page.locator(".line:has(:target)")
        assert line.locator("mark.refuted").inner_text() == SAID
        box = line.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= WIDE[1]
        page.go_back()
        page.go_back()
        assert page.title() == "J3032 · Search · billing-kg"


def test_a_finding_is_decided_about(browser: Any, store: Path, tmp_path: Path) -> None:
    with started(Path(shutil.copytree(store, tmp_path / "graph"))) as (_, address):
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{address}findings?verdict=refuted")
        page.click(".deciding summary")
        page.fill("input[name=note]", f"known {HOSTILE}")
        found = Axe().run(browser_page_of(browser, f"{address}findings"), options=OPTIONS).response["violations"]
        assert [one["id"] for one in found] == []
        page.click("text=Set aside: nothing is to be done")
        assert page.url.startswith(f"{address}findings?verdict=refuted#finding-")
        assert page.locator(".finding").count() == 0
        page.click("text=show all")
        assert f"known {HOSTILE}" in page.inner_text(".decision")
        page.click(".deciding summary")
        page.click("button:text('Reopen')")
        assert page.locator(".finding").count() == 1 and page.locator(".decision").count() == 0


def browser_page_of(browser: Any, address: str) -> Any:
    """The page at an address, with all that is folded unfolded."""
    page = browser.new_context().new_page()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    return page
