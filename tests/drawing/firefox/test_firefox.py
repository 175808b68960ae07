"""What a class needs works in Firefox as well: the picture, the mistake, the card, a lesson, a small window."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from kg.drawing import Drawing, draw

from ..browser.lessons import lesson_drawing
from ..samples import J3262, mistake_drawing, neighbourhood
from .marionette import Firefox

Open = Callable[..., Firefox]

SIZES = [(1280, 800), (1920, 1080), (1024, 768), (640, 400), (500, 844)]
SEEN = "return [billingKg.seen().concepts.length, billingKg.seen().connections.length]"
# A point of the window where a line is hit, and no label.
LINE = """const [number] = arguments, { network, data, boxes } = billingKg, { from, to } = data.graph.edges[number];
const [a, b] = [from, to].map((id) => network.canvasToDOM(network.getPosition(id)));
const { left, top } = document.getElementById("canvas").getBoundingClientRect();
for (let share = 0.2; share < 0.9; share += 0.02) {
  const at = { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
  const { x, y } = network.DOMtoCanvas(at);
  if (boxes().some((box) => x > box[0] - 2 && x < box[2] + 2 && y > box[1] - 2 && y < box[3] + 2)) continue;
  if (network.getEdgeAt(at) === number) return [at.x + left, at.y + top];
}"""


@pytest.fixture
def open_page(firefox: Firefox, tmp_path: Path) -> Open:
    def open_one(drawing: Drawing, size: tuple[int, int] = SIZES[0]) -> Firefox:
        firefox.resize(*size)
        firefox.open(drawing.save(tmp_path / "page.html").as_uri())
        return firefox

    return open_one


def text(firefox: Firefox, selector: str) -> str:
    return str(firefox.evaluate("return document.querySelector(arguments[0]).textContent", selector))


def test_all_is_drawn_and_no_label_runs_into_another(open_page: Open) -> None:
    firefox = open_page(draw(neighbourhood(), [J3262]))
    assert firefox.evaluate(SEEN) == [39, 39]
    boxes = firefox.evaluate("return billingKg.boxes()")
    meeting = [
        pair
        for pair in combinations(boxes, 2)
        if all(pair[0][n] < pair[1][n + 2] - 0.5 and pair[1][n] < pair[0][n + 2] - 0.5 for n in (0, 1))
    ]
    assert meeting == []
    # What was drawn is no empty canvas.
    assert len(firefox.screenshot()) > 50_000


@pytest.mark.parametrize("size", SIZES)
def test_a_mistake_is_read_at_once_in_every_window(size: tuple[int, int], open_page: Open) -> None:
    firefox = open_page(mistake_drawing(), size)
    assert firefox.evaluate("return [innerWidth, innerHeight]") == list(size)
    for words in ("J3032 identifies the drug tezepelumab-ekko.", "Inj. eptinezumab-jjmr 1 mg", "J2356"):
        assert words in text(firefox, "#findings")
    assert firefox.evaluate("return document.documentElement.scrollWidth <= innerWidth")


def test_a_line_opens_its_card_before_a_class_and_the_keyboard_closes_it(open_page: Open) -> None:
    firefox = open_page(mistake_drawing())
    firefox.evaluate("document.getElementById('show-graph').click()")
    firefox.press("p")
    firefox.settle()
    refuted = firefox.evaluate("return billingKg.data.connections.findIndex(({ verdict }) => verdict === 'refuted')")
    firefox.click(*firefox.evaluate(LINE, refuted))
    assert "Inj. eptinezumab-jjmr 1 mg" in text(firefox, "#card")
    size = "return parseFloat(getComputedStyle(document.querySelector('#card .claim')).fontSize)"
    assert firefox.evaluate(size) >= 24
    firefox.press("\ue00c")
    assert firefox.evaluate("return document.getElementById('card').hidden")


def test_a_lesson_goes_on_and_its_address_leads_back(open_page: Open) -> None:
    firefox = open_page(lesson_drawing())
    assert firefox.evaluate(SEEN) == [2, 1]
    firefox.press("\ue00f")
    assert firefox.evaluate(SEEN) == [4, 3]
    assert "2" in text(firefox, "#lesson .number")


def test_what_is_saved_is_what_is_shown(open_page: Open) -> None:
    firefox = open_page(draw(neighbourhood(), [J3262]))
    svg = firefox.evaluate("return billingKg.svg()")
    assert svg.startswith("<svg") and "JW" in svg and "written" in svg
