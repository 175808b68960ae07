"""Where everything stands: nothing meets, nothing is missing, and it is the same every time."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.drawing.layout import Plan, plans
from kg.drawing.selection import Selection, select
from kg.model import Concept, Connection, Relation
from kg.network import find_paths

from .samples import J0129, J3262, connect, neighbourhood, star

M069 = Concept.parse("M06.9")

Box = tuple[float, float, float, float]


def boxes(plan: Plan) -> list[Box]:
    """The slots of all labels with their markers, of headings, and of the rows that stand for more."""
    text, line = plan.view.text, plan.view.line
    found = []
    for spot in (*plan.spots.values(), *(each.spot for each in (*plan.headings, *plan.more))):
        half = max(spot.lines * line, text) / 2 - 1
        left, right = {"right": (-0.6 * text, text + spot.room), "left": (-text - spot.room, 0.6 * text)}.get(
            spot.side, (-spot.room / 2 - text, spot.room / 2 + text)
        )
        found.append((spot.x + left, spot.y - half, spot.x + right, spot.y + half))
    return found


def meet(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def around(connections: list[Connection], *focus: Concept, most: int = 150) -> Selection:
    return select(connections, focus or [J3262], [], most)


NAMES = st.text("abcdefghij MW,.-", min_size=1, max_size=60).filter(str.strip)
RELATIONS = st.sampled_from(
    [
        (Relation.SUPPORTED_BY_DIAGNOSIS, "icd10cm:M10.{:02d}"),
        (Relation.ACCEPTS_MODIFIER, "modifier:{:02d}"),
        (Relation.DENIED_FOR, "denial:reason-{}"),
        (Relation.SIMILAR_TO, "hcpcs:J11{:02d}"),
    ]
)


@st.composite
def neighbourhoods(draw: st.DrawFn) -> list[Connection]:
    found = []
    for number in range(draw(st.integers(1, 60))):
        relation, form = draw(RELATIONS)
        start = draw(st.sampled_from([J3262, J3262, J0129]))
        found.append(connect(start, relation, Concept.parse(form.format(number), draw(NAMES))))
    return found


@pytest.mark.slow
@given(neighbourhoods(), st.integers(5, 60), st.booleans())
@settings(max_examples=40)
def test_no_slot_meets_another_and_everything_has_one(connections: list[Connection], most: int, both: bool) -> None:
    selection = around(connections, *([J3262, J0129] if both else [J3262]), most=most)
    for plan in plans(selection, ()).values():
        assert sorted(plan.spots) == list(range(selection.drawn))
        assert [pair for pair in combinations(boxes(plan), 2) if meet(*pair)] == []
        headed = Counter(number for each in plan.headings if not each.continued for number in each.concepts)
        assert set(headed) <= set(plan.spots) - selection.focus and set(headed.values()) <= {1}


@pytest.mark.parametrize("size", [2, 40, 150, 1000])
def test_order_of_the_connections_changes_nothing(size: int) -> None:
    shuffled = star(size)
    random.Random(size).shuffle(shuffled)
    one, other = (plans(around(each, most=size), ()) for each in (star(size), shuffled))
    assert {name: plan.to_json() for name, plan in one.items()} == {name: p.to_json() for name, p in other.items()}


def test_what_waits_stands_in_a_row_of_its_group() -> None:
    selection = around(star(160), most=40)
    plan = plans(selection, ())["panels"]
    waiting = sorted(number for each in plan.more for number in each.concepts)
    assert waiting == list(range(40, 160))
    assert {each.text.split(" ", 2)[2] for each in plan.more} == {
        "diagnoses",
        "HCPCS codes",
        "CPT codes",
        "denial reasons",
    }
    counted = sum(len(each.concepts) + len(each.waiting) for each in plan.headings)
    assert counted == 159


def test_two_codes_are_compared_in_three_zones() -> None:
    shared = Concept.parse("M06.9", "Rheumatoid arthritis")
    own = [Concept.parse("modifier:JW"), Concept.parse("modifier:JZ")]
    connections = [connect(code, Relation.SUPPORTED_BY_DIAGNOSIS, shared) for code in (J3262, J0129)]
    pairs = zip((J3262, J0129), own, strict=True)
    connections += [connect(code, Relation.ACCEPTS_MODIFIER, each) for code, each in pairs]
    selection = around(connections, J3262, J0129)
    for plan in plans(selection, ()).values():
        x = {selection.concepts[number].key: spot.x for number, spot in plan.spots.items()}
        assert x["JW"] < x["J3262"] < x["M06.9"] < x["J0129"] < x["JZ"]


def test_the_neighbourhood_of_forty_can_be_read_at_full_size() -> None:
    for name, least in (("panels", 12), ("projector", 18)):
        plan = plans(around(neighbourhood()), ())[name]
        found = boxes(plan)
        width = max(each[2] for each in found) - min(each[0] for each in found)
        height = max(each[3] for each in found) - min(each[1] for each in found)
        assert plan.view.text * min(plan.view.width / width, plan.view.height / height) >= least


def test_paths_run_from_top_to_bottom() -> None:
    shared = connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse("M06.9"))
    ways = find_paths([*neighbourhood(), shared], J3262, J0129)
    selection = select([], [J3262, J0129], ways, 150)
    for plan in plans(selection, ways).values():
        y = [plan.spots[selection.numbers[concept]].y for concept in ways[0].concepts]
        assert plan.style == "paths" and y == sorted(y) and len(set(y)) == 3


def test_what_cannot_be_read_becomes_an_overview_that_keeps_kinds_together() -> None:
    selection = around(star(400), most=400)
    plan = plans(selection, ())["panels"]
    assert plan.style == "overview" and sorted(plan.spots) == list(range(400))
    assert len({(spot.x, spot.y) for spot in plan.spots.values()}) == 400
    near = 0
    for number in range(1, 400, 7):
        others = sorted(
            (each for each in range(1, 400) if each != number),
            key=lambda each: (
                (plan.spots[each].x - plan.spots[number].x) ** 2 + (plan.spots[each].y - plan.spots[number].y) ** 2
            ),
        )
        near += selection.concepts[others[0]].kind is selection.concepts[number].kind
    assert near > 0.8 * len(range(1, 400, 7))


def test_what_hangs_on_the_ends_of_paths_stands_beside_these_and_meets_nothing() -> None:
    ways = find_paths([*neighbourhood(), connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, M069)], J3262, J0129)
    ends = (J3262, J0129)
    hanging = [
        connect(end, Relation.ACCEPTS_MODIFIER, Concept.parse(f"modifier:{place}{number}"))
        for place, end in enumerate(ends, 2)
        for number in range(9)
    ]
    selection = select(hanging, [], ways, 150)
    for plan in plans(selection, ways).values():
        assert len(plan.spots) == selection.drawn == 21
        assert not [pair for pair in combinations(boxes(plan), 2) if meet(*pair)]
        y = {selection.concepts[number].key: spot.y for number, spot in plan.spots.items()}
        assert y["22"] < y["J3262"] == y["20"] < y["J0129"] == y["30"] < y["32"]
