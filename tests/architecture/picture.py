"""The picture of the layers: a box for each row of the table in CONTRIBUTING.md, and lines for who imports whom.

Left are the boxes, from the command line down to what all others need. Right of them a line comes down to each box, and
whoever imports it has a dot on that line. The same code gives the same picture, in which nothing changes often.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import chain

from tests.architecture import PACKAGE, ROOT, imports, layer_of, ours

FILE = ROOT / "docs" / "pictures" / "architecture.svg"
COMMAND = "python -m tests.architecture"
BANDS = {
    "cli": "How it is asked",
    "drawing": "What finds and shows",
    "graph": "What is judged and kept",
    "reference": "What is read",
    "units": "What all others speak of and need",
}
"""What the layers have in common, from the one named on down."""

_MARGIN, _BOX, _PITCH = 20, 590, 23
_FIRST_LINE = _MARGIN + _BOX + 34
_HEAD, _BAND, _GAP = 132, 30, 8
_TITLE, _WORDS, _PARTS = 18, 17, 16
_LETTERS = {"title": 62, "words": 88, "parts": 78}
"""So many letters of each kind fit into a line of a box."""

_STYLE = """
  .page { fill: #ffffff } .box { fill: #f5f7fa; stroke: #b8c2cc } .bar { fill: #2f6db5 }
  text { font-family: sans-serif; fill: #1b2733 } .big { font-size: 20px; font-weight: bold }
  .title { font-family: monospace; font-size: 14px; font-weight: bold } .words { font-size: 13px }
  .parts { font-family: monospace; font-size: 11.5px; fill: #55626f } .head { font-size: 12.5px }
  .band { font-size: 13px; font-weight: bold; fill: #2f6db5 }
  .wire { stroke: #d3dae1; fill: none } .rail { stroke: #8797a8; stroke-width: 1.5; fill: none }
  .tip { fill: #8797a8 } .dot { fill: #2f6db5 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #12181f } .box { fill: #1c2530; stroke: #41505f } .bar, .dot { fill: #6fb1f5 }
    text { fill: #e6ebf0 } .parts { fill: #a5b2bf } .band { fill: #8cc3fa }
    .wire { stroke: #2e3944 } .rail { stroke: #75879a } .tip { fill: #75879a }
  }
"""


@dataclass(frozen=True)
class Row:
    """One row of the table: its layers, and what they turn into what."""

    layers: tuple[str, ...]
    words: str

    @property
    def title(self) -> str:
        """Where its code stands: `kg/answers.py, rows.py`."""
        return "kg/" + ", ".join(layer if (PACKAGE / layer).is_dir() else f"{layer}.py" for layer in self.layers)

    @property
    def name(self) -> str:
        """What it is called at the head of its line."""
        others = [layer for layer in self.layers[1:] if not layer.startswith("__")]
        return self.layers[0] + (" …" if others else "")

    @property
    def parts(self) -> list[str]:
        """The packages and modules inside it, packages first."""
        inside = [path for layer in self.layers for path in (PACKAGE / layer).glob("*")]
        packages = sorted(f"{path.name}/" for path in inside if (path / "__init__.py").exists())
        return packages + sorted(path.stem for path in inside if path.suffix == ".py" and path.stem[0] != "_")


@dataclass(frozen=True)
class Box:
    """A row, cut into lines, and where it stands."""

    row: Row
    top: int

    @property
    def lines(self) -> list[tuple[str, str, int]]:
        """Its lines of text from the top: kind, text, height."""
        return [
            *(("title", line, _TITLE) for line in _cut("title", self.row.title)),
            *(("words", line, _WORDS) for line in _cut("words", self.row.words)),
            *(("parts", line, _PARTS) for line in _cut("parts", "  ".join(self.row.parts))),
        ]

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.top + 18 + sum(height for _, _, height in self.lines)


def rows() -> list[Row]:
    """The rows of the table of layers, from the top."""
    section = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Layers")[2].partition("\n## ")[0]
    table = re.findall(r"^\| (`kg/.*?) \|(.*?)\| (.*) \|$", section, re.MULTILINE)
    return [Row(tuple(re.findall(r"`kg/(\w+)", layers)), _said(turns, into)) for layers, turns, into in table]


def _said(turns: str, into: str) -> str:
    return " → ".join(filter(None, (turns.strip(), into))).replace("`", "")


def known(row: Row, every: list[Row]) -> list[int]:
    """The other rows that a row imports, also for types, by their numbers."""
    targets = {layer_of(found.target) for found in imports() if ours(found) and layer_of(found.module) in row.layers}
    return [number for number, other in enumerate(every) if other != row and targets & set(other.layers)]


def picture() -> str:
    """The whole picture as SVG."""
    boxes = list(_placed(rows()))
    width, height = _x(len(boxes)) + _MARGIN, boxes[-1].bottom + _MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="title told">\n'
        '<title id="title">The layers of billing-kg</title>\n'
        f'<desc id="told">{escape(_told(boxes))}</desc>\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect class="page" width="{width}" height="{height}" rx="8"/>'
    )
    drawn = chain([head], _legend(), _lines(boxes), *map(_box, boxes), ["</svg>"])
    return "\n".join(drawn) + "\n"


def _placed(every: list[Row]) -> Iterator[Box]:
    top = _HEAD
    for row in every:
        top += _BAND if row.layers[0] in BANDS else 0
        yield (box := Box(row, top))
        top = box.bottom + _GAP


def _told(boxes: list[Box]) -> str:
    """The lines of the picture in words, for whoever cannot see them."""
    every = [box.row for box in boxes]
    names = ((row.title, ", ".join(every[number].name for number in known(row, every))) for row in every)
    return " ".join(f"{title} imports {named or 'no other'}." for title, named in names)


def _legend() -> Iterator[str]:
    yield _text("big", _MARGIN, 42, "The layers of billing-kg")
    for number, line in enumerate((
        "A box imports only boxes below it. Which ones, its dots say: go right from the box,",
        "and from each dot down the line on which it stands, to the box that is imported.",
    )):  # fmt: skip
        yield _text("words", _MARGIN, 70 + 20 * number, line)


def _box(box: Box) -> Iterator[str]:
    if caption := BANDS.get(box.row.layers[0]):
        yield _text("band", _MARGIN, box.top - 9, caption)
    height = box.bottom - box.top
    yield f'<rect class="box" x="{_MARGIN}" y="{box.top}" width="{_BOX}" height="{height}" rx="4"/>'
    yield f'<rect class="bar" x="{_MARGIN}" y="{box.top}" width="5" height="{height}" rx="2"/>'
    y = box.top + 4
    for kind, line, tall in box.lines:
        y += tall
        yield _text(kind, _MARGIN + 16, y, line)


def _lines(boxes: list[Box]) -> Iterator[str]:
    """The lines that come down to the boxes, each from its head, and the dots of those who import them."""
    every = [box.row for box in boxes]
    edge = _MARGIN + _BOX
    for number, box in enumerate(boxes):
        if to := known(box.row, every):
            yield f'<path class="wire" d="M{edge} {_out(box)}H{_x(to[-1])}"/>'
        if number:
            x, y = _x(number), box.top + 14
            yield f'<path class="rail" d="M{x} {_HEAD}V{y}H{edge + 8}"/>'
            yield f'<path class="tip" d="M{edge + 1} {y}l9 -4.5v9z"/>'
            yield f'<text class="head" transform="translate({x + 4} {_HEAD - 6})rotate(-90)">{box.row.name}</text>'
    for box in boxes:
        yield from (f'<circle class="dot" cx="{_x(to)}" cy="{_out(box)}" r="5"/>' for to in known(box.row, every))


def _out(box: Box) -> int:
    """How far down the line of a box stands on which its dots are."""
    return box.top + 34


def _x(number: int) -> int:
    return _FIRST_LINE + (number - 1) * _PITCH


def _cut(kind: str, text: str) -> list[str]:
    return textwrap.wrap(text, _LETTERS[kind], break_long_words=False, break_on_hyphens=False)


def _text(kind: str, x: int, y: int, text: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" xml:space="preserve">{escape(text)}</text>'
