"""A lesson shows its steps in order, with the presenter's notes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.drawing import Drawing

from .lessons import LESSON, UNITS, framed_drawing, lesson_drawing
from .opened import Opened, OpenFile

FIRST = {"hcpcs:J3262", "drug:tocilizumab"}
SECOND = FIRST | {"route:intravenous", "route:subcutaneous"}
THIRD = SECOND | {"modifier:JW", "hcpcs:Q5133"}


@pytest.fixture
def lesson(save: Callable[[Drawing], Path], open_file: OpenFile) -> Opened:
    return open_file(save(lesson_drawing()))


def relations(opened: Opened) -> list[str]:
    return sorted(opened.data["connections"][number]["relation"] for number in opened.seen().connections)


def test_it_opens_at_the_first_step(lesson: Opened) -> None:
    assert lesson.page.title() == "Billing tocilizumab"
    assert lesson.text("#lesson .step") == "Step 1 of 4The code and its drug"
    assert lesson.seen_curies() == FIRST
    assert relations(lesson) == ["identifiesDrug"]
    assert lesson.is_shown("#lesson-back") and lesson.page.is_disabled("#lesson-back")


def test_each_step_shows_what_it_says_and_what_came_before(lesson: Opened) -> None:
    expected = [(FIRST, ["identifiesDrug"])]
    expected.append((SECOND, sorted([*expected[0][1], "routeOfAdministration", "routeOfAdministration"])))
    expected.append((THIRD, sorted([*expected[1][1], "acceptsModifier"])))
    # The connection that the last step names waits for it, though both its ends are shown before.
    expected.append((THIRD, sorted([*expected[2][1], "similarTo"])))
    ways = (("ArrowRight", "ArrowLeft"), ("PageDown", "PageUp"), ("#lesson-next", "#lesson-back"))
    for forth, back in ways:
        for number, step in enumerate(expected):
            assert lesson.text("#lesson .step") == f"Step {number + 1} of 4{LESSON.steps[number].title}"
            assert (lesson.seen_curies(), relations(lesson)) == step
            _go(lesson, forth if number < 3 else "PageDown")
        assert lesson.page.is_disabled("#lesson-next")
        for number in (2, 1, 0):
            _go(lesson, back)
            assert (lesson.seen_curies(), relations(lesson)) == expected[number]


def _go(lesson: Opened, way: str) -> None:
    if way.startswith("#"):
        lesson.click(way)
    else:
        lesson.press(way)


def test_a_step_fits_the_window_and_is_told_in_the_panel(lesson: Opened) -> None:
    assert "What does the J stand for?" in lesson.text("#panel .note")
    assert lesson.texts("#panel ul button") == ["J3262 Injection, tocilizumab, 1 mg", "Tocilizumab"]
    lesson.press("PageDown")
    assert lesson.texts("#panel ul button") == ["Intravenous", "Subcutaneous"]
    assert lesson.texts("#panel ol button") == [
        "✓ J3262 (Injection, tocilizumab, 1 mg) is given by the route Intravenous.",
        "✓ J3262 (Injection, tocilizumab, 1 mg) is given by the route Subcutaneous.",
    ]
    assert lesson.count("#panel .note") == 0
    assert lesson.text("#live") == "Step 2 of 4: How it is given"
    assert lesson.is_within_view(*(lesson.place(number) for number in lesson.seen().concepts))


def test_the_legend_and_the_table_are_those_of_the_step(lesson: Opened) -> None:
    assert lesson.texts("#legend fieldset:nth-child(2) .name") == ["drugs", "HCPCS codes"]
    lesson.press("PageDown", "t")
    assert lesson.count("#table tbody tr") == 3


def test_the_keyboard_stays_on_the_buttons_of_the_lesson(lesson: Opened) -> None:
    lesson.page.focus("#lesson-next")
    lesson.press("Enter", "Enter", "Enter")
    assert lesson.text("#lesson .step").startswith("Step 4 of 4")
    assert lesson.focused() == "lesson-back"


def test_a_lesson_can_be_left_and_started_again(lesson: Opened) -> None:
    lesson.press("PageDown")
    lesson.click("#lesson-leave")
    assert len(lesson.seen().concepts) == 39
    assert "Billing tocilizumab" in lesson.text("#lesson")
    lesson.click("#start-lesson")
    assert lesson.seen_curies() == FIRST
    lesson.press("PageDown")
    lesson.click("#reset-all")
    assert lesson.seen_curies() == FIRST


def test_notes_of_the_presenter_stand_in_the_panel(lesson: Opened) -> None:
    lesson.click_marker(lesson.focus())
    assert lesson.text("#panel .note") == f"Presenter's notes{UNITS}"
    lesson.press("Escape")
    assert "What does the J stand for?" in lesson.panel()


def test_notes_stand_over_the_picture_in_projector_mode_when_asked_for(lesson: Opened) -> None:
    lesson.press("p")
    assert not lesson.is_shown("#caption") and not lesson.is_shown("aside")
    lesson.press("n")
    assert lesson.text("#caption") == "What does the J stand for?"
    lesson.press("PageDown")
    assert not lesson.is_shown("#caption")
    lesson.press("PageDown")
    assert lesson.text("#caption") == "One of the two."
    lesson.settle()
    lesson.click_marker(lesson.number("modifier:JW"))
    assert lesson.text("#caption") == "Due where part of a vial is thrown away."
    lesson.press("n")
    assert not lesson.is_shown("#caption")


def test_a_lesson_shows_its_step_in_projector_mode(lesson: Opened) -> None:
    lesson.press("p", "PageDown")
    assert lesson.text("#lesson .step").startswith("Step 2 of 4")
    assert lesson.is_shown("#lesson") and not lesson.is_shown("h1")
    # The line of legend stays.
    assert lesson.is_shown("#signs") and lesson.texts("#signs .sign") == ["✓ consistent", "✓✓ corroborated"]
    assert lesson.seen_curies() == SECOND


def test_arrow_keys_in_a_field_do_not_turn_the_page(lesson: Opened) -> None:
    lesson.page.focus("#find")
    lesson.page.keyboard.type("J32")
    lesson.press("ArrowLeft", "ArrowRight")
    assert lesson.text("#lesson .step").startswith("Step 1 of 4")


@pytest.fixture
def framed(save: Callable[[Drawing], Path], open_file: OpenFile) -> Opened:
    return open_file(save(framed_drawing()))


def test_a_step_says_something_to_the_class_in_big_words(framed: Opened) -> None:
    assert framed.text("#lesson .say") == "One unit is one milligram."
    framed.press("p")
    assert framed.evaluate("parseFloat(getComputedStyle(document.querySelector('#lesson .say')).fontSize)") >= 24
    framed.press("ArrowRight")
    assert framed.count("#lesson .say") == 0


def test_a_step_puts_away_marks_and_opens_a_card(framed: Opened) -> None:
    assert "modifier:JW" in framed.seen_curies()
    framed.press("p", "ArrowRight")
    assert framed.seen_curies() == {"hcpcs:J3262", "drug:tocilizumab", "hcpcs:Q5133"}
    assert framed.is_shown("#card") and "tocilizumab" in framed.text("#card")
    opacity = "(id) => billingKg.network.body.data.edges.get(id).color.opacity"
    framed.press("Escape")
    assert framed.evaluate(opacity, framed.connection("drug:tocilizumab")) == 1
    assert framed.evaluate(opacity, framed.connection("hcpcs:Q5133")) < 1


def test_a_step_can_show_some_of_it_alone(framed: Opened) -> None:
    framed.press("ArrowRight", "ArrowRight")
    assert framed.seen_curies() == {"hcpcs:J3262", "modifier:JW"}
    framed.press("ArrowLeft")
    assert "hcpcs:Q5133" in framed.seen_curies() and "modifier:JW" not in framed.seen_curies()


PLACES = """() => {
  const { seen, network } = billingKg;
  const place = (id) => Object.values(network.canvasToDOM(network.getPosition(id)));
  return Object.fromEntries(seen().concepts.map((id) => [id, place(id)]));
}"""


def test_the_focus_stays_where_it_is_on_the_screen_and_labels_are_whole(lesson: Opened) -> None:
    focus = lesson.focus()
    [first] = lesson.to_window(lesson.place(focus))
    for _ in range(3):
        lesson.press("PageDown")
        lesson.settle()
        [now] = lesson.to_window(lesson.place(focus))
        assert now == pytest.approx(first, abs=1)
        assert "…" not in lesson.evaluate("billingKg.svg()").partition("Sources")[0]


def test_what_stays_glides_to_its_place_and_stands_there_at_the_end(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    file = save(lesson_drawing())
    moving, still = open_file(file, reduced_motion="no-preference"), open_file(file)
    for opened in (moving, still):
        opened.press("PageDown")
    number = moving.number("route:subcutaneous")
    # Where it is in the same turn of the script, before any frame.
    click = """(id) => {
      document.getElementById("lesson-next").click();
      return Object.values(billingKg.network.getPosition(id));
    }"""
    before, at_once = still.place(number), still.evaluate(click, number)
    moving.wait_for(f"Object.values(billingKg.network.getPosition({number})).join() === '{before[0]},{before[1]}'", 5)
    assert moving.evaluate(click, number) == pytest.approx(before, abs=1) and at_once != pytest.approx(before, abs=1)
    moving.wait_for(f"Object.values(billingKg.network.getPosition({number})).join() === '{at_once[0]},{at_once[1]}'", 5)
    moving.settle()
    for each, place in still.evaluate(PLACES).items():
        assert moving.evaluate(PLACES)[each] == pytest.approx(place, abs=1)


def test_a_step_stays_as_it_was_laid_out_by_hand(lesson: Opened) -> None:
    places = {each["curie"]: [40 * number, 30 * number] for number, each in enumerate(lesson.data["concepts"])}
    layout = {"billing-kg layout": 1, "panels": places, "projector": places}
    lesson.page.set_input_files(
        "#layout-file", {"name": "layout.json", "mimeType": "application/json", "buffer": json.dumps(layout).encode()}
    )
    lesson.wait_for("document.getElementById('caption').textContent.includes('Layout loaded')")
    lesson.press("PageDown")
    number = lesson.number("route:intravenous")
    assert lesson.place(number) == [40 * number, 30 * number]


def test_an_opened_line_is_in_sight_above_its_card(framed: Opened) -> None:
    framed.press("p", "ArrowRight")
    framed.settle()
    top = framed.page.locator("#card").bounding_box()["y"]
    ends = [framed.focus(), framed.number("drug:tocilizumab")]
    assert all(y < top for _, y in framed.to_window(*(framed.place(each) for each in ends)))
