from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from kg.drawing import draw
from kg.drawing.layout import Layout, arrange
from kg.model import Concept, Relation
from kg.network import find_paths

from .samples import J0129, J3262, connect, neighbourhood, star


def layout_of(size: int) -> Layout:
    return arrange(draw(star(size), [J3262], max_nodes=size).selection, ())


@pytest.mark.parametrize("size", [1, 2, 10, 40, 150, 400])
def test_everything_has_a_place_of_its_own(size: int) -> None:
    spots = layout_of(size).spots
    assert sorted(spots) == list(range(size))
    assert len({(spot.x, spot.y) for spot in spots.values()}) == size


@pytest.mark.parametrize("size", [10, 40, 150])
def test_labels_of_one_side_do_not_meet(size: int) -> None:
    layout = layout_of(size)
    placed = [*layout.spots.values(), *(heading.spot for heading in layout.headings)]
    for side, sign in (("right", 1), ("left", -1)):
        rows = [(sign * spot.x, spot.y, spot.room) for spot in placed if spot.side == side]
        for (x, y, room), (other_x, other_y, other_room) in combinations(rows, 2):
            if abs(y - other_y) < 18:
                near, far, width = (x, other_x, room) if x < other_x else (other_x, x, other_room)
                assert far - near > width + 20


def test_groups_stand_together_under_their_heading() -> None:
    drawing = draw(neighbourhood(), [J3262])
    layout = arrange(drawing.selection, ())
    headings = {heading.text: heading for heading in layout.headings}
    modifiers = headings["accepts modifier · 8"]
    assert [drawing.concepts[n].kind.value for n in modifiers.numbers] == ["modifier"] * 8
    rows = [modifiers.spot.y, *(layout.spots[n].y for n in modifiers.numbers)]
    assert all(0 < lower - upper < 30 for upper, lower in pairwise(rows))
    assert {spot.side for spot in layout.spots.values()} == {"inside", "left", "right"}


def test_one_large_group_stands_on_both_sides() -> None:
    diagnosis = Concept.parse("M06.9")
    codes = [connect(Concept.parse(f"J{n:04d}"), Relation.SUPPORTED_BY_DIAGNOSIS, diagnosis) for n in range(30)]
    layout = arrange(draw(codes, [diagnosis]).selection, ())
    assert [len(heading.numbers) for heading in layout.headings] == [15, 15]
    assert layout.headings[0].text == "← supported by diagnosis · 15"


def test_paths_run_from_top_to_bottom_side_by_side() -> None:
    diagnosis, shared = Concept.parse("M06.9"), Concept.parse("payer:medicare")
    connections = [
        *neighbourhood(),
        connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, diagnosis),
        connect(J0129, Relation.HAS_PAYER, shared),
    ]
    drawing = draw(connections, paths=find_paths(connections, J3262, J0129))
    layout = arrange(drawing.selection, drawing.paths)
    spots = {concept: layout.spots[number] for concept, number in drawing.selection.numbers.items()}
    assert spots[J3262].y < spots[diagnosis].y == spots[shared].y < spots[J0129].y
    assert spots[J3262].x == spots[J0129].x
    assert abs(spots[diagnosis].x - spots[shared].x) > 200
    assert sorted(layout.spots) == list(range(len(drawing.concepts)))
    assert len({(spot.x, spot.y) for spot in layout.spots.values()}) == len(drawing.concepts)
