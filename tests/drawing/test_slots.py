"""What is hard to place: many focuses, long names in little room, large groups, and what is too much for rows."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from kg.drawing.layout import Plan, plans
from kg.drawing.selection import select
from kg.model import Concept, Relation

from .samples import J3262, connect, neighbourhood, star
from .test_plans import around, boxes, meet


def labels_below(plan: Plan) -> list[tuple[float, float, float, float]]:
    """In an overview: the cells of markers with the labels below them, those of the focus left out."""
    text = plan.view.text
    cells = []
    for spot in plan.spots.values():
        if spot.side == "below":
            half = spot.room / 2
            cells.append((spot.x - half, spot.y - 0.54 * text, spot.x + half, spot.y + 2.02 * text))
        else:
            half = spot.room / 2 + text
            cells.append((spot.x - half, spot.y - 3.3 * text, spot.x + half, spot.y + 3.3 * text))
    return cells


@pytest.mark.parametrize("size", [230, 700])
def test_in_an_overview_no_label_meets_another_and_the_focus_has_its_box(size: int) -> None:
    for plan in plans(around(star(size), most=size), ()).values():
        assert plan.style == "overview"
        assert [pair for pair in combinations(labels_below(plan), 2) if meet(*pair)] == []
        assert plan.spots[0].side == "inside"


@pytest.mark.parametrize("count", [1, 3, 7, 30])
def test_focuses_stand_below_one_another_as_long_as_there_is_height(count: int) -> None:
    codes = [Concept.parse(f"J{1000 + number}", "Injection, of something, 1 mg") for number in range(count)]
    shared = Concept.parse("M06.9", "Rheumatoid arthritis")
    selection = select([connect(code, Relation.SUPPORTED_BY_DIAGNOSIS, shared) for code in codes], codes, [], 150)
    for plan in plans(selection, ()).values():
        inside = [spot for spot in plan.spots.values() if spot.side == "inside"]
        assert len(inside) == count
        assert plan.style == ("overview" if count == 30 else "rows")
        if plan.style == "rows":
            assert [pair for pair in combinations(boxes(plan), 2) if meet(*pair)] == []
            assert all(upper.x == lower.x and upper.y < lower.y for upper, lower in pairwise(inside))


def test_one_large_group_stands_on_both_sides_and_is_counted_once() -> None:
    diagnosis = Concept.parse("M06.9")
    codes = [connect(Concept.parse(f"J{n:04d}"), Relation.SUPPORTED_BY_DIAGNOSIS, diagnosis) for n in range(30)]
    plan = plans(around(codes, diagnosis), ())["panels"]
    first, second = plan.headings
    assert (first.text, second.text) == ("← supported by diagnosis", "… ← supported by diagnosis")
    assert (first.continued, second.continued) == (False, True)
    assert len(first.concepts) == 30 and len(second.concepts) == 15
    assert {spot.side for spot in plan.spots.values()} == {"inside", "left", "right"}


def test_parts_of_a_group_in_one_column_have_one_heading() -> None:
    plan = plans(around(star(150), most=150), ())["projector"]
    stacks: dict[tuple[str, str], list[int]] = {}
    for heading in plan.headings:
        stacks.setdefault((heading.spot.side, heading.text), []).append(heading.spot.x)
    # As many columns a side as hold 38 rows each, and no heading twice in one of them.
    assert all(len(xs) <= 2 for xs in stacks.values())


def test_letters_are_larger_where_there_is_little_to_show() -> None:
    def height(size: int) -> int:
        spots = plans(around(star(size)), ())["panels"].spots.values()
        return max(spot.y for spot in spots) - min(spot.y for spot in spots)

    # The page shows all of it as large as the window allows.
    assert height(12) < height(40) < height(100)


def test_a_name_takes_more_lines_where_there_is_height_for_it() -> None:
    name = "Rheumatoid arthritis with rheumatoid factor of multiple sites without organ or systems involvement"
    few, many = (
        [
            connect(J3262, Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse(f"icd10cm:M{number}.00", name))
            for number in range(10, 10 + size)
        ]
        for size in (6, 80)
    )
    lines = [{spot.lines for spot in plans(around(each), ())["projector"].spots.values()} for each in (few, many)]
    assert max(lines[0]) >= 2 and 1 in lines[1]


def test_labels_turn_away_from_the_focus() -> None:
    plan = plans(around(neighbourhood()), ())["panels"]
    for spot in plan.spots.values():
        assert (spot.side == "right") == (spot.x > 0) and (spot.side == "left") == (spot.x < 0)
