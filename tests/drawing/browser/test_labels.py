"""Criterion 6: labels can be read, and none runs into another."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.drawings import made_up
from kg.drawing import Drawing, draw
from kg.model import Concept, Relation

from ..samples import J3262, connect
from .opened import Opened, OpenFile
from .sheets import Sheet

Box = list[float]


@pytest.fixture(params=["sample", "real"])
def file(request: pytest.FixtureRequest) -> Path:
    """The page of the sample, and that of J3262 in the graph of the bundled guides."""
    found: Path = request.getfixturevalue(request.param)
    return found


def _meet(first: Box, second: Box) -> bool:
    """Whether two boxes share more than their rims."""
    return all(first[n] < second[n + 2] - 0.5 and second[n] < first[n + 2] - 0.5 for n in (0, 1))


# The boxes of all words that stand in the picture, as the browser sets them.
_WORDS = """() => {
  const svg = new DOMParser().parseFromString(billingKg.svg(), "image/svg+xml").documentElement;
  document.body.append(svg);
  const found = [...svg.querySelectorAll("g text")].map((each) => {
    const { x, y, width, height } = each.getBBox(), trim = height * 0.12;
    return [x, y + trim, x + width, y + height - trim, each.textContent];
  });
  svg.remove();
  return found;
}"""


@pytest.mark.parametrize("mode", ["panels", "projector"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)], ids=["small", "large"])
def test_labels_are_apart_within_view_and_large_enough(
    size: tuple[int, int], mode: str, file: Path, open_file: OpenFile
) -> None:
    opened = open_file(file, size)
    if mode == "projector":
        opened.press("p")
        opened.settle()
    boxes: list[Box] = opened.evaluate("billingKg.boxes()")
    assert len(boxes) > len(opened.seen().concepts) > 35
    assert [pair for pair in combinations(boxes, 2) if _meet(*pair)] == []
    assert opened.is_within_view(*(box[n : n + 2] for box in boxes for n in (0, 2)))
    words = opened.evaluate(_WORDS)
    assert len(words) > len(boxes)
    assert [(first[4], second[4]) for first, second in combinations(words, 2) if _meet(first, second)] == []
    text, least = opened.data["plans"][mode]["text"], {"panels": 12, "projector": 18}[mode]
    assert text * opened.evaluate("billingKg.network.getScale()") >= least
    assert min(each.size for each in Sheet(opened.evaluate("billingKg.svg()")).words) >= text
    if mode == "projector":
        _require_codes_and_names(opened)


def _require_codes_and_names(opened: Opened) -> None:
    """Every label has its code, and as much of its name as there is room for."""
    sheet = Sheet(opened.evaluate("billingKg.svg()"))
    named = 0
    for number, box in opened.boxes().items():
        concept, label = opened.data["concepts"][number], sheet.within(box)
        code, name = concept["code"], " ".join(concept["name"].split())
        assert label.startswith(code)
        told = label.removeprefix(code).strip().removesuffix("…").rstrip()
        assert name.startswith(told), label
        assert len(told) >= min(len(name), 4) or name == code, label
        named += bool(code and name)
    assert named > 20


_HEADS = """() => {
  const svg = new DOMParser().parseFromString(billingKg.svg(), "image/svg+xml").documentElement;
  const points = (each) => each.getAttribute("points").split(" ").map((point) => point.split(",").map(Number));
  const triangles = [...svg.querySelectorAll("g polygon:not([stroke]), g polygon[stroke=none]")].map(points);
  return triangles.filter((each) => each.length === 3);
}"""


def test_arrowheads_stand_at_markers_and_on_no_letters(file: Path, open_file: OpenFile) -> None:
    opened = open_file(file)
    heads = opened.evaluate(_HEADS)
    lines = len(opened.seen().connections)
    # All but a few, which have no room between letters.
    assert 0.9 * lines <= len(heads) <= lines
    words = opened.evaluate(_WORDS)
    for head in heads:
        xs, ys = zip(*head, strict=True)
        box = [min(xs), min(ys), max(xs), max(ys)]
        assert [word[4] for word in words if len(word[4]) > 3 and _meet(box, word)] == []


RIM = """() => {
  const { svg } = billingKg, heads = new DOMParser().parseFromString(svg(), "image/svg+xml");
  const box = heads.querySelector("rect[rx='10']"), [x, y, width, height] =
    ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
  const corners = [...heads.querySelectorAll("polygon")].map((each) => each.getAttribute("points").split(" "));
  return corners
    .filter(({ length }) => length === 3)
    .map(([tip]) => tip.split(",").map(Number))
    .map(([px, py]) => Math.max(Math.abs(px - x - width / 2) - width / 2, Math.abs(py - y - height / 2) - height / 2));
}"""


def test_arrows_end_at_the_rim_of_a_wide_box_however_close_the_concepts_are(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    diagnosis = Concept.parse("icd10cm:M06.9", "Rheumatoid arthritis, unspecified")
    codes = [Concept.parse(f"J000{number}", "abatacept") for number in range(6)]
    drawing = draw([connect(code, Relation.SUPPORTED_BY_DIAGNOSIS, diagnosis) for code in codes], [diagnosis])
    distances = open_file(save(drawing)).evaluate(RIM)
    assert len(distances) == 6 and all(abs(each) < 1 for each in distances)


COVERED = """() => {
  const { network, data, seen } = billingKg, canvas = document.querySelector("#canvas canvas");
  const focus = data.concepts.findIndex((each) => each.focus), ratio = canvas.width / canvas.clientWidth;
  const at = (id) => network.canvasToDOM(network.getPosition(id)), middle = at(focus);
  const isNear = (id) => Math.abs(at(id).x - middle.x) < 50 && Math.abs(at(id).y - middle.y) < 28;
  const near = seen().concepts.filter((id) => id !== focus && isNear(id));
  const hex = (number) => number.toString(16).padStart(2, "0").toUpperCase();
  return near.map((id) => {
    const { x, y } = at(id), [r, g, b] = canvas.getContext("2d").getImageData(x * ratio, y * ratio, 1, 1).data;
    return [`#${hex(r)}${hex(g)}${hex(b)}`, data.kinds[data.concepts[id].kind].fill];
  });
}"""


def test_the_focus_of_an_overview_is_not_hidden_by_markers(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    drawing = draw(made_up(1000, 3), [J3262], max_nodes=1000)
    opened = open_file(save(drawing))
    opened.settle()
    colours = opened.evaluate(COVERED)
    assert colours and not [pair for pair in colours if pair[0] == pair[1].upper()]
