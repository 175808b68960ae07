"""The steps of a lesson: each is laid out by what it shows, around what the lesson is about."""

from __future__ import annotations

from itertools import combinations

import pytest

from kg.drawing import draw
from kg.drawing.layout import Plan, plans, step_plans, steps
from kg.drawing.layout.wording import label
from kg.drawing.lesson import Lesson, Step
from kg.drawing.payload import payload
from kg.drawing.selection import Selection
from kg.model import Concept, Relation

from .samples import J0129, J3262, connect, neighbourhood
from .test_plans import boxes, meet

JW, JZ = Concept.parse("modifier:JW"), Concept.parse("modifier:JZ")
LESSON = Lesson(
    "Billing tocilizumab",
    (J3262,),
    {},
    (
        Step("Modifiers", concepts=(J3262, JW, JZ)),
        Step("One is put away", hide=(JZ,), relations=(Relation.SUPPORTED_BY_DIAGNOSIS,)),
        Step("Alone", concepts=(JZ,), only=(JZ, JW)),
    ),
)


def laid_out(lesson: Lesson) -> tuple[Selection, list[dict[str, Plan]]]:
    selection = draw(neighbourhood(), lesson=lesson).selection
    return selection, step_plans(selection, lesson.in_sight(selection.connections))


def keys(selection: Selection, plan: Plan) -> set[str]:
    return {selection.concepts[number].key for number in plan.spots}


def test_a_step_has_spots_for_what_it_shows_and_for_nothing_else() -> None:
    selection, (first, second, third) = laid_out(LESSON)
    for view in ("panels", "projector"):
        assert keys(selection, first[view]) == {"J3262", "JW", "JZ"}
        assert "JZ" not in keys(selection, second[view]) and "M05.79" in keys(selection, second[view])
        assert keys(selection, third[view]) == {"JW", "JZ"}


def test_the_focus_stands_in_the_middle_of_every_step_that_shows_it() -> None:
    selection, (first, second, _) = laid_out(LESSON)
    number = selection.numbers[J3262]
    for plan in (*first.values(), *second.values()):
        assert (plan.spots[number].x, plan.spots[number].y, plan.spots[number].side) == (0, 0, "inside")


def test_headings_count_what_the_step_shows_by_the_numbers_of_the_page() -> None:
    selection, (first, second, _) = laid_out(LESSON)
    [heading] = first["panels"].headings
    assert {selection.concepts[number].key for number in heading.concepts} == {"JW", "JZ"}
    counted = {selection.concepts[number].key for each in second["panels"].headings for number in each.concepts}
    assert counted == keys(selection, second["panels"]) - {"J3262"}


def lost(selection: Selection, plan: Plan) -> int:
    """How many letters of labels beside markers are cut."""
    return sum(
        label(selection.concepts[number]).lost(spot.room / plan.view.text, spot.lines)
        for number, spot in plan.spots.items()
        if spot.side != "inside"
    )


def test_labels_that_the_whole_page_cuts_are_whole_and_do_not_meet() -> None:
    selection, (first, second, _) = laid_out(LESSON)
    assert lost(selection, plans(selection, [])["projector"]) > 0
    for plan in (*first.values(), *second.values()):
        assert lost(selection, plan) == 0
        assert not [pair for pair in combinations(boxes(plan), 2) if meet(*pair)]


def test_where_the_focus_is_not_shown_what_most_is_connected_to_is_in_the_middle() -> None:
    other = [connect(J0129, Relation.ACCEPTS_MODIFIER, each) for each in (JW, JZ)]
    lesson = Lesson("Another", (J3262,), {}, (Step("Another", concepts=(JW, JZ, J0129)),))
    selection = draw([*neighbourhood(), *other], lesson=lesson).selection
    [step] = step_plans(selection, lesson.in_sight(selection.connections))
    assert step["panels"].spots[selection.numbers[J0129]].side == "inside"


def test_a_step_that_cannot_be_read_in_rows_stands_as_the_page_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_MOST_CONCEPTS", 5)
    assert [bool(each) for each in laid_out(LESSON)[1]] == [True, False, True]
    monkeypatch.setattr(steps, "_MOST_PLACED", 4)
    assert [bool(each) for each in laid_out(LESSON)[1]] == [True, False, False]


def test_a_lesson_of_many_steps_keeps_to_the_size_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, many = neighbourhood(), 30
    shown = [connection.object for connection in lines]
    every = tuple(Step(f"Step {number}", concepts=(J3262, *shown[: number + 1])) for number in range(many))
    monkeypatch.setattr(steps, "_MOST_PLACED", 100)
    lesson = Lesson("Long", (J3262,), {}, every)
    selection = draw(lines, lesson=lesson).selection
    placed = step_plans(selection, lesson.in_sight(selection.connections))
    assert sum(len(plan["panels"].spots) for plan in placed if plan) <= 100
    assert placed[0] and not placed[-1] and len(placed) == many


def test_a_layout_made_by_hand_is_that_of_all_steps() -> None:
    drawing = draw(neighbourhood(), lesson=LESSON)
    told = payload(drawing.selection, title="", lesson=LESSON)["lesson"]["steps"]
    assert [number for number, *_ in told[0]["plans"]["panels"]["spots"]] == sorted(
        drawing.selection.numbers[each] for each in (J3262, JW, JZ)
    )
    by_hand = payload(drawing.selection, title="", lesson=LESSON, layout={"panels": {}, "projector": {}})
    assert not any("plans" in step for step in by_hand["lesson"]["steps"])
