"""What the mouse does: click, drag, zoom; and expanding, putting away, focusing and starting again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from kg.drawing import Drawing, draw
from kg.model import Concept, Relation

from ..samples import J0129, J3262, connect, neighbourhood, star
from .opened import Opened, OpenFile

SHARED = Concept.parse("M06.9", "Rheumatoid arthritis, unspecified")


def test_a_click_on_a_marker_or_on_its_label_shows_the_concept(opened: Opened) -> None:
    for click in (opened.click_marker, opened.click_label):
        for curie in ("icd10cm:M06.9", "modifier:JW", "hcpcs:Q5133"):
            opened.press("Escape")
            assert opened.texts("#panel h2") == ["J3262"]
            click(opened.number(curie))
            assert opened.texts("#panel h2") == [curie.partition(":")[2]]


def test_a_click_on_a_line_shows_the_connection(opened: Opened) -> None:
    for curie in ("icd10cm:M06.9", "modifier:JW", "payer:aetna", "drug:tocilizumab"):
        number = opened.connection(curie)
        opened.click_line(number)
        relation = opened.data["connections"][number]["relation"]
        assert opened.text("#panel h2") == opened.data["relations"][relation]["label"]
        assert opened.data["concepts"][opened.number(curie)]["name"] in opened.panel()
        assert opened.evaluate("billingKg.state.selected") == {"connection": number}


def test_two_lines_between_the_same_two_can_both_be_clicked(opened: Opened) -> None:
    for relation in ("supportedByDiagnosis", "complicationDiagnosis"):
        opened.click_line(opened.connection("icd10cm:D89.831", relation))
        assert opened.text("#panel h2") == opened.data["relations"][relation]["label"]


def test_a_click_on_nothing_lets_go_of_what_was_selected(opened: Opened) -> None:
    opened.click_marker(opened.number("icd10cm:M06.9"))
    box = opened.page.locator("#canvas").bounding_box()
    opened.page.mouse.click(box["x"] + 3, box["y"] + 3)
    assert opened.evaluate("billingKg.state.selected") is None
    assert opened.texts("#panel h2") == ["J3262"]


def test_a_drag_selects_nothing_and_moves_the_concept_alone(opened: Opened) -> None:
    moved, other = opened.number("icd10cm:M06.9"), opened.number("modifier:JW")
    before = opened.place(moved), opened.place(other)
    opened.drag(moved, (-90, 40))
    assert opened.evaluate("billingKg.state.selected") is None
    scale = opened.evaluate("billingKg.network.getScale()")
    for axis, by in enumerate((-90, 40)):
        assert opened.place(moved)[axis] - before[0][axis] == pytest.approx(by / scale, abs=3)
    assert opened.place(other) == before[1]
    # It is still hit where it now stands, by marker and by label.
    opened.click_label(moved)
    assert opened.texts("#panel h2") == ["M06.9"]


def test_zoom_and_fit(opened: Opened) -> None:
    scale = "billingKg.network.getScale()"
    start = opened.evaluate(scale)
    ways: list[tuple[Callable[[str], None], str, str]] = [
        (opened.click, "#zoom-in", "#zoom-out"),
        (opened.press, "+", "-"),
    ]
    for act, larger, smaller in ways:
        act(larger)
        assert opened.evaluate(scale) == pytest.approx(start * 1.25)
        act(smaller)
        assert opened.evaluate(scale) == pytest.approx(start)
    opened.press("+", "+")
    opened.press("0")
    assert opened.evaluate(scale) == pytest.approx(start)


@pytest.fixture
def crowded(save: Callable[[Drawing], object], open_file: OpenFile) -> Opened:
    """A page with forty concepts, of which twenty wait in the file."""
    return open_file(save(draw(star(40), [J3262], max_nodes=20)))


def test_what_waits_is_told_and_comes_with_expanding_and_goes_with_collapsing(crowded: Opened) -> None:
    before = crowded.seen()
    assert len(before.concepts) == 20 and len(crowded.data["concepts"]) == 40
    assert "20 concepts more wait in this file" in crowded.text("#left-out")
    crowded.click_marker(crowded.focus())
    assert crowded.text("#panel .expand") == "Expand +20"
    crowded.click("#panel .expand")
    assert len(crowded.seen().concepts) == 40 and len(crowded.seen().connections) == 39
    assert crowded.evaluate("document.querySelectorAll('#panel ul li').length") == 39
    boxes = crowded.evaluate("billingKg.boxes()")
    assert len(boxes) >= 40
    assert [
        pair
        for pair in combinations(boxes, 2)
        if all(pair[0][n] < pair[1][n + 2] - 0.5 and pair[1][n] < pair[0][n + 2] - 0.5 for n in (0, 1))
    ] == []
    crowded.click("#panel .collapse")
    assert crowded.seen() == before


def test_a_click_on_how_many_more_there_are_brings_them(crowded: Opened) -> None:
    more = crowded.data["plans"]["panels"]["more"]
    assert more and all(each["text"].startswith("+ ") for each in more)
    before, boxes = crowded.seen().concepts, crowded.evaluate("billingKg.boxes()")
    left, top, right, bottom = boxes[len(boxes) - len(more)]
    crowded.click_point([(left + right) / 2, (top + bottom) / 2])
    assert crowded.seen().concepts - before == set(more[0]["concepts"])
    assert crowded.evaluate("billingKg.boxes()") != boxes


def test_what_is_found_by_search_is_brought_into_the_picture(crowded: Opened) -> None:
    waiting = len(crowded.data["concepts"]) - 1
    concept = crowded.data["concepts"][waiting]
    crowded.press("/")
    crowded.page.keyboard.type(concept["name"])
    assert crowded.texts("#found li")[0].endswith("not drawn yet")
    crowded.press("Enter")
    assert waiting in crowded.seen().concepts and len(crowded.seen().concepts) == 21
    assert concept["name"] in crowded.panel()
    assert crowded.is_within_view(crowded.place(waiting))


@pytest.fixture
def far(save: Callable[[Drawing], object], open_file: OpenFile) -> Opened:
    """A page of one step around a code; what is two steps away waits in the file."""
    connections = [
        *neighbourhood(),
        connect(J0129, Relation.SUPPORTED_BY_DIAGNOSIS, SHARED),
        connect(J0129, Relation.ACCEPTS_MODIFIER, Concept.parse("modifier:JW", "Drug amount discarded")),
        connect(J0129, Relation.IDENTIFIES_DRUG, Concept.parse("drug:abatacept", "abatacept")),
    ]
    return open_file(save(draw(connections, [J3262], depth=1)))


def test_a_concept_is_expanded_by_key_and_by_button_and_put_away_with_all_that_came_by_it(far: Opened) -> None:
    before = far.seen()
    assert far.number("hcpcs:J0129") not in before.concepts
    far.click_marker(far.number(SHARED.curie))
    assert far.text("#panel .expand") == "Expand +1"
    far.press("e")
    assert far.seen_curies() - {far.data["concepts"][n]["curie"] for n in before.concepts} == {"hcpcs:J0129"}
    far.click_marker(far.number("hcpcs:J0129"))
    far.click("#panel .expand")
    assert "drug:abatacept" in far.seen_curies()
    far.click_marker(far.number(SHARED.curie))
    far.press("e")
    assert far.seen() == before


def test_what_hangs_on_one_concept_alone_can_be_put_away(opened: Opened) -> None:
    before = opened.seen()
    opened.click_marker(opened.focus())
    opened.click("#panel .collapse")
    assert opened.seen().concepts == {opened.focus()}
    opened.click("#panel .unfold")
    assert opened.seen() == before


def test_focus_shows_a_concept_and_its_neighbours_alone(far: Opened) -> None:
    before = far.seen()
    far.click_marker(far.number(SHARED.curie))
    far.click("#panel .focus")
    assert far.seen_curies() == {"hcpcs:J3262", SHARED.curie}
    far.click("#panel .unfocus")
    assert far.seen() == before
    far.press("f")
    assert far.seen_curies() == {"hcpcs:J3262", SHARED.curie}
    far.press("Escape", "Escape")
    assert far.seen() == before


def test_reset_is_the_page_as_it_opened(crowded: Opened) -> None:
    def look() -> object:
        places = crowded.evaluate("billingKg.network.getPositions()")
        view = crowded.evaluate("[billingKg.network.getScale(), billingKg.network.getViewPosition()]")
        frame = [crowded.text(part) for part in ("#legend", "#panel", "#left-out", "#path")]
        return crowded.seen(), places, view, frame

    before = look()
    crowded.drag(5, (60, 50))
    crowded.page.uncheck('#legend input[data-key="icd10cm"]')
    crowded.click_marker(crowded.focus())
    crowded.click("#panel .expand")
    crowded.press("q", "p", "+", "t")
    assert look() != before
    crowded.press("p", "t")
    crowded.click("#reset-all")
    crowded.settle()
    assert look() == before
    for button in ("projector", "quiz", "show-table"):
        assert crowded.page.get_attribute(f"#{button}", "aria-pressed") == "false"
