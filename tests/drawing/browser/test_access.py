"""Criterion 10: axe finds nothing, the table says what the picture shows, and wishes of the reader are respected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from kg.drawing import Drawing, draw
from kg.model import Concept, Relation
from kg.network import find_paths

from ..samples import J0129, J3262, connect, mistake_drawing, neighbourhood
from ..test_bundles import hub
from .lessons import framed_drawing, lesson_drawing
from .opened import Opened, OpenFile

_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def violations(opened: Opened) -> list[tuple[str, list[str]]]:
    """The rules that axe finds broken, and where."""
    found: Any = Axe().run(opened.page, options=_OPTIONS).response["violations"]
    return [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found]


def test_axe_can_find_something(opened: Opened) -> None:
    opened.evaluate("document.querySelector('#fit').style.color = 'rgb(200, 200, 200)'")
    opened.evaluate("document.querySelector('#canvas').removeAttribute('aria-label')")
    assert {rule for rule, _ in violations(opened)} >= {"color-contrast"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(theme: str, sample: Path, open_file: OpenFile) -> None:
    opened = open_file(sample, color_scheme=theme)
    assert opened.evaluate("document.documentElement.dataset.theme") == theme

    def selected() -> None:
        opened.page.check("#excluded")
        opened.click_line(opened.connection("icd10cm:M35.3"))

    def path() -> None:
        opened.click("#path-form summary")
        opened.page.fill("#from", "M06.9")
        opened.page.fill("#to", "JW")
        opened.click("#find-path")

    def search() -> None:
        opened.press("/")
        opened.page.keyboard.type("rheum")

    states: dict[str, Callable[[], None]] = {
        "graph": lambda: None,
        "connection": selected,
        "path": path,
        "search": search,
        "menu": lambda: opened.click("#menu summary"),
        "table": lambda: opened.click("#show-table"),
        "projector": lambda: opened.click("#projector"),
        "quiz": lambda: opened.press("p", "q"),
        "dialog": lambda: opened.press("?"),
    }
    for name, reach in states.items():
        reach()
        assert violations(opened) == [], name


def test_axe_finds_nothing_in_a_lesson(save: Callable[[Drawing], Path], open_file: OpenFile) -> None:
    opened = open_file(save(lesson_drawing()))
    assert violations(opened) == []
    opened.press("ArrowRight", "p", "n")
    assert violations(opened) == []
    framed = open_file(save(framed_drawing()))
    framed.press("p")
    assert violations(framed) == []
    framed.press("ArrowRight")
    assert framed.is_shown("#card") and violations(framed) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_documents_and_releases_say(
    theme: str, save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(mistake_drawing()), color_scheme=theme)
    assert opened.evaluate("document.body.dataset.view") == "findings"
    assert violations(opened) == []
    opened.press("p")
    assert violations(opened) == []


@pytest.mark.parametrize("size", [(640, 400), (390, 844), (320, 256)])
def test_axe_finds_nothing_where_the_window_is_small_or_the_page_enlarged(
    size: tuple[int, int], save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(hub()), size)
    states: dict[str, Callable[[], None]] = {
        "list": lambda: None,
        "graph": lambda: opened.click("#show-graph"),
        "legend": lambda: opened.click("#show-drawer"),
        "menu": lambda: opened.press("Escape") or opened.click("#show-tools"),
        "table": lambda: opened.press("Escape") or opened.click("#show-table"),
        "details": lambda: opened.page.locator("#table td button").first.click(),
        "findings": lambda: opened.press("Escape", "w"),
    }
    for name, reach in states.items():
        reach()
        assert violations(opened) == [], name


def test_axe_finds_nothing_on_a_page_of_paths_and_in_questions(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    other = connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("M06.9"))
    opened = open_file(save(draw([], paths=find_paths([*neighbourhood(), other], J3262, J0129))))
    assert opened.is_shown("#lead") and violations(opened) == []
    questions = open_file(save(mistake_drawing()))
    questions.press("q")
    questions.click("#start-questions")
    assert violations(questions) == []
    questions.page.locator(".answers button").first.click()
    assert violations(questions) == []


def test_the_table_has_a_row_for_each_statement_that_is_seen(opened: Opened) -> None:
    opened.click("#show-table")

    def rows() -> list[int]:
        found: list[int] = opened.evaluate(
            "[...document.querySelectorAll('#table tbody tr')].map((row) => Number(row.dataset.connection))"
        )
        return found

    def stated() -> list[int]:
        """A number for each statement of each connection that is seen."""
        return [n for n in sorted(opened.seen().connections) for _ in opened.data["connections"][n]["assertions"]]

    assert rows() == stated() and len(rows()) == 39
    opened.page.check("#excluded")
    assert rows() == stated() and len(rows()) == 40
    opened.page.uncheck('#legend input[data-key="icd10cm"]')
    assert rows() == stated() and len(rows()) == 32
    opened.page.uncheck('#legend input[data-key="disputed"]')
    assert rows() == stated() and len(rows()) == 31


def test_names_of_parts_are_told_to_those_who_do_not_see(looked_at: Opened) -> None:
    page = looked_at.page
    for role, name in (
        ("application", "Graph of the connections"),
        ("combobox", "Find a code or a name"),
        ("region", "Legend"),
        ("region", "Details"),
        ("complementary", "Legend and details"),
        ("checkbox", "modifiers"),
        ("button", "Zoom in"),
    ):
        assert page.get_by_role(role, name=name).count() >= 1, (role, name)
    assert page.get_attribute("html", "lang") == "en"


def test_who_asked_the_system_for_dark_gets_it_and_may_turn_it_off(sample: Path, open_file: OpenFile) -> None:
    opened = open_file(sample, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert opened.evaluate(ground) == "rgb(21, 25, 31)"
    assert opened.page.get_attribute("#dark", "aria-pressed") == "true"
    opened.click("#dark")
    assert opened.evaluate(ground) == "rgb(255, 255, 255)"
    assert opened.page.get_attribute("#dark", "aria-pressed") == "false"


def test_nothing_moves_for_who_asked_for_no_motion(sample: Path, open_file: OpenFile) -> None:
    opened = open_file(sample, reduced_motion="reduce")
    assert opened.evaluate(
        "[...document.querySelectorAll('*')].every((each) => { const style = getComputedStyle(each);"
        " return style.animationName === 'none' && parseFloat(style.transitionDuration) === 0; })"
    )
    opened.press("/")
    opened.page.keyboard.type("Q5133")
    opened.press("Enter", "+")
    views = opened.evaluate(
        """new Promise((done) => {
          const views = [];
          (function look() {
            views.push(JSON.stringify([billingKg.network.getScale(), billingKg.network.getViewPosition()]));
            if (views.length < 5) requestAnimationFrame(look); else done(views);
          })();
        })"""
    )
    assert len(set(views)) == 1
