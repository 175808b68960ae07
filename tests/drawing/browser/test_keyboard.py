"""Criterion 10: all of it by keyboard, with the focus always in sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from .opened import Opened, OpenFile
from .pictures import Pictures

_FOCUSED = """(() => {
  const each = document.activeElement, style = getComputedStyle(each);
  const { width, height, left, top } = each.getBoundingClientRect();
  return {
    id: each.id, tag: each.tagName, text: each.textContent, inside: (each.closest("[id]") || {}).id,
    outlined: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2,
    seen: width > 0 && height > 0 && left < innerWidth && top < innerHeight && left + width > 0 && top + height > 0,
  };
})()"""


def tab_to(opened: Opened, selector: str, most: int = 80) -> None:
    """Press Tab until something has the focus; whatever has it on the way is in sight and outlined."""
    for _ in range(most):
        opened.press("Tab")
        focused = opened.evaluate(_FOCUSED)
        if focused["tag"] == "BODY":
            continue
        assert focused["seen"] and focused["outlined"], focused
        if opened.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def require_focus_in_sight(opened: Opened) -> None:
    focused = opened.evaluate(_FOCUSED)
    assert focused["seen"] and focused["outlined"], focused


def test_from_search_to_evidence_to_the_table_and_back(opened: Opened) -> None:
    opened.press("/")
    assert opened.focused() == "find"
    require_focus_in_sight(opened)
    opened.page.keyboard.type("rheumatoid")
    assert opened.count("#found li") == 3
    opened.press("ArrowDown", "ArrowDown", "ArrowUp")
    assert opened.texts("#found li[aria-selected=true]") == opened.texts("#found li")[1:2]
    wanted = opened.texts("#found li > bdi")[1]
    opened.press("Enter")
    require_focus_in_sight(opened)
    assert opened.text("#panel h2") in wanted
    tab_to(opened, "#panel ul button")
    opened.press("Enter")
    assert opened.text("#panel h2") == "supported by diagnosis"
    assert opened.text("#panel blockquote").startswith(wanted.split()[0])
    require_focus_in_sight(opened)
    tab_to(opened, "#panel li:first-child button")
    opened.press("t")
    tab_to(opened, "#table tbody tr:nth-child(2) button")
    opened.press("Enter")
    assert opened.evaluate(_FOCUSED)["inside"] == "panel"
    require_focus_in_sight(opened)
    opened.press("t")
    assert opened.is_shown("#canvas") and not opened.is_shown("#table")
    opened.press("Escape")
    assert opened.texts("#panel h2") == ["J3262"]


def test_tab_goes_through_all_that_can_be_used_and_never_gets_stuck(opened: Opened) -> None:
    usable = """[...document.querySelectorAll("button, input, select, summary, [tabindex='0']")]
      .filter((each) => each.checkVisibility() && !each.disabled && each.id !== "layout-file").length"""
    count = opened.evaluate(usable)
    passed = []
    for _ in range(count):
        opened.press("Tab")
        focused = opened.evaluate(_FOCUSED)
        assert focused["outlined"] and focused["seen"], focused
        opened.evaluate("document.activeElement.dataset.passed = 'true'")
        passed.append(opened.focused())
    assert opened.count("[data-passed]") == count
    assert {"find", "canvas", "show-table", "projector", "legend", "panel"} <= set(passed)
    assert opened.evaluate("[...document.querySelectorAll('[tabindex]')].every((each) => each.tabIndex <= 0)")


def test_arrow_keys_walk_through_the_graph_and_enter_opens(opened: Opened) -> None:
    opened.page.focus("#canvas")
    opened.press("ArrowRight")
    assert opened.evaluate("billingKg.state.selected") == {"concept": opened.focus()}
    places = [opened.place(opened.focus())]
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowDown", 1, 1), ("ArrowUp", 1, -1), ("ArrowLeft", 0, -1)):
        opened.press(key)
        here = opened.place(opened.evaluate("billingKg.state.selected.concept"))
        assert (here[axis] - places[-1][axis]) * sign > 0, key
        places.append(here)
    selected = opened.data["concepts"][opened.evaluate("billingKg.state.selected.concept")]
    assert opened.text("#live").startswith(f"{selected['code']} {selected['name']}".strip())
    opened.press("Enter")
    assert opened.evaluate(_FOCUSED)["inside"] == "panel"


def test_the_focus_of_the_graph_itself_is_seen(opened: Opened, pictures: Pictures) -> None:
    opened.page.focus("#fit")
    before = opened.page.locator("#graph").screenshot()
    opened.press("t", "t")
    opened.page.focus("#canvas")
    opened.press("Shift")
    assert pictures.difference(before, opened.page.locator("#graph").screenshot()) > 0.003


def test_escape_goes_one_step_back_at_a_time(opened: Opened) -> None:
    opened.press("p", "q")
    opened.click_marker(opened.number("icd10cm:M06.9"))
    opened.press("Escape")
    assert (
        opened.evaluate("billingKg.state.selected") is None and opened.evaluate("billingKg.state.plan") == "projector"
    )
    opened.press("Escape")
    assert opened.evaluate("billingKg.state.plan") == "panels" and opened.evaluate("billingKg.state.quiz")
    opened.press("Escape")
    assert not opened.evaluate("billingKg.state.quiz")


@pytest.mark.parametrize("way", ["key", "button"])
def test_the_list_of_keys_opens_and_closes(way: str, opened: Opened) -> None:
    if way == "key":
        opened.press("?")
    else:
        opened.menu("help")
    assert opened.is_shown("#keys") and "find a code or a name" in opened.text("#keys")
    if way == "key":
        require_focus_in_sight(opened)
    opened.press("Escape" if way == "key" else "Enter")
    assert not opened.is_shown("#keys")


def test_keys_are_letters_where_something_is_written(opened: Opened) -> None:
    opened.press("/")
    opened.page.keyboard.type("tpdq")
    assert opened.page.input_value("#find") == "tpdq"
    assert opened.evaluate("billingKg.state.plan") == "panels" and not opened.evaluate("billingKg.state.quiz")
    assert opened.text("#none").startswith("Nothing on this page has these letters. That is not a no")
    opened.press("Escape")
    assert opened.page.input_value("#find") == "" and opened.focused() == "canvas"


def test_after_a_click_in_the_graph_its_keys_work(opened: Opened) -> None:
    number = opened.number("icd10cm:M06.9")
    opened.click_marker(number)
    assert opened.focused() == "canvas"
    opened.press("ArrowUp")
    assert opened.evaluate("billingKg.state.selected.concept") != number
    opened.press("Tab", "Shift+Tab")
    assert opened.focused() == "canvas"


def test_keys_of_a_single_letter_can_be_switched_off(opened: Opened) -> None:
    opened.press("?")
    opened.page.uncheck("#letters")
    opened.click("#keys button")
    opened.page.focus("#canvas")
    opened.press("t", "p")
    assert opened.is_shown("#graph") and opened.is_shown("aside")
    opened.menu("help")
    opened.page.check("#letters")
    opened.click("#keys button")
    opened.press("t")
    assert opened.is_shown("#table")


def test_what_is_pressed_is_seen_where_the_system_chooses_the_colours(sample: Path, open_file: OpenFile) -> None:
    opened = open_file(sample, forced_colors="active")
    width = "parseFloat(getComputedStyle(document.querySelector('{}')).borderTopWidth)"
    assert opened.evaluate(width.format("#show-graph")) > opened.evaluate(width.format("#show-table"))


def test_escape_returns_to_the_picture(opened: Opened) -> None:
    opened.click_marker(opened.number("modifier:JW"))
    opened.page.focus("#panel button")
    opened.press("Escape")
    assert opened.focused() == "canvas" and opened.evaluate("billingKg.state.selected") is None
    opened.press("t")
    assert opened.is_shown("#table")
    opened.press("Escape")
    assert opened.is_shown("#graph") and opened.focused() == "canvas"
