"""The page as it opens, for whoever runs no script: a picture in SVG, and its connections as a table.

A mail program, a notebook that is not trusted and a browser without scripts show this; where the page's own script
runs, it takes it away. It holds no style, which the policy of a page would refuse, and its letters are only weighed,
so that they may stand a little otherwise than in the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from kg.drawing.layout.wording import SPACE, Word, flow, wording

Attributes = dict[str, Any]

_INK, _QUIET, _GROUND, _FOCUS = "#1b1f24", "#4f5864", "#ffffff", "#12263f"
_LINE = 1.25
_MARGIN = 14
_MOST_ROWS = 200
_MOST_QUOTED = 240
# A picture of more cannot be read without zooming in.
_MOST_DRAWN = 220


@dataclass(frozen=True, slots=True)
class Still:
    """What is shown without a script: elements of the picture by their attributes, words with theirs, and rows."""

    view: str
    lines: list[Attributes]
    boxes: list[Attributes]
    markers: list[Attributes]
    words: list[tuple[str, Attributes]]
    rows: list[list[str]]
    left: int


def still(data: Attributes) -> Still:
    """The picture and the table of the data of a page; beyond what can be read there is no picture."""
    shown = [each for each in data["connections"] if _is_shown(each, data["drawn"])]
    rows = [_row(connection, data) for connection in shown[:_MOST_ROWS]]
    left = max(len(shown) - _MOST_ROWS, 0)
    picture = Still("", [], [], [], [], rows, left)
    if data["drawn"] <= _MOST_DRAWN:
        _draw(picture, shown, data)
        return replace(picture, view=_view(data["plans"]["panels"]))
    return picture


def _draw(picture: Still, shown: list[Attributes], data: Attributes) -> None:
    """Put lines, markers and words of what is shown into a picture."""
    plan, told = data["plans"]["panels"], _told(shown, data)
    text, spots = plan["text"], plan["spots"]
    picture.lines.extend(_line(each, spots, data) for each in shown)
    for number in sorted(told):
        concept, spot = data["concepts"][number], spots[number]
        label = list(_words(_name(concept), spot, text, fill=_colour(concept, spot)))
        fill, x = data["kinds"][concept["kind"]]["fill"], spot["x"]
        if spot["side"] == "inside":
            box = _box(spot, len(label), text, _FOCUS if concept.get("focus") else _GROUND, fill)
            picture.boxes.append(box)
            x = box["x"]
        picture.markers.append({"cx": x, "cy": spot["y"], "r": text / 2, "fill": fill, "stroke": _INK})
        picture.words.extend(label)
    bundles = [each for each in plan["more"] if "bundle" in each]
    for bundle in bundles:
        foci = (number for number in sorted(told) if data["concepts"][number].get("focus"))
        centre = spots[next(iter(bundle["bundle"] or foci), 0)]
        x, y = centre["x"], centre["y"]
        line = {"x1": x, "y1": y, "x2": bundle["x"], "y2": bundle["y"], "stroke": _QUIET, "stroke-width": 5}
        picture.lines.insert(0, line)
        picture.words.extend(_words(bundle["text"], bundle, text, fill=_INK))
    counted = {number for bundle in bundles for number in bundle["concepts"]}
    for heading in plan["headings"]:
        if not (told | counted).intersection((*heading["concepts"], *heading.get("waiting", ()))):
            continue
        picture.words.extend(_words(heading["text"], heading, text, **{"fill": _QUIET, "font-weight": 600}))


def _is_shown(connection: Attributes, drawn: int) -> bool:
    """Whether the page shows a connection when it opens."""
    hidden = connection.get("waits") or connection.get("excluded")
    return not hidden and connection["subject"] < drawn and connection["object"] < drawn


def _told(shown: list[Attributes], data: Attributes) -> set[int]:
    """The concepts of the picture: what is connected in it, and what the page is about."""
    focus = {number for number, concept in enumerate(data["concepts"]) if concept.get("focus")}
    return focus.union(*({each["subject"], each["object"]} for each in shown))


def _name(concept: Attributes) -> str:
    return " ".join(part for part in (concept["code"], concept["name"]) if part)


def _row(connection: Attributes, data: Attributes) -> list[str]:
    subject, object_ = (_name(data["concepts"][connection[end]]) for end in ("subject", "object"))
    verdict = f"{data['verdicts'][connection['verdict']]['sign']} {connection['verdict']}"
    evidence = data["evidence"][connection["assertions"][0]["evidence"]]
    where = f"{data['documents'][evidence['document']]}, {evidence['line']}"
    relation = data["relations"][connection["relation"]]["label"]
    quote = evidence.get("quote", "")
    short = quote if len(quote) <= _MOST_QUOTED else f"{quote[:_MOST_QUOTED].rstrip()} …"
    return [subject, relation, object_, verdict, where, short]


# ---- The picture -------------------------------------------------------------------------------------------------


def _view(plan: Attributes) -> str:
    """The `viewBox` around all labels, as far as they may reach."""
    text, places = plan["text"], [*plan["spots"], *plan["headings"]]
    reach = {"left": (1, 0), "right": (0, 1)}
    left, top, right, bottom = [], [], [], []
    for place in places:
        before, after = reach.get(place["side"], (0.6, 0.6))
        half = (place["lines"] + 1) * text * _LINE / 2 + text
        left.append(place["x"] - before * place["room"] - text)
        right.append(place["x"] + after * place["room"] + text)
        top.append(place["y"] - half)
        bottom.append(place["y"] + (half if place["side"] != "below" else 2 * half))
    x, y = round(min(left)) - _MARGIN, round(min(top)) - _MARGIN
    return f"{x} {y} {round(max(right)) + _MARGIN - x} {round(max(bottom)) + _MARGIN - y}"


def _line(connection: Attributes, spots: list[Attributes], data: Attributes) -> Attributes:
    start, end = spots[connection["subject"]], spots[connection["object"]]
    look = data["verdicts"][connection["verdict"]]
    dashes = {"stroke-dasharray": " ".join(map(str, look["dashes"]))} if look["dashes"] else {}
    ends = {"x1": start["x"], "y1": start["y"], "x2": end["x"], "y2": end["y"]}
    return {**ends, "stroke": look["light"], "stroke-width": look["width"], **dashes}


def _box(spot: Attributes, lines: int, text: int, fill: str, stroke: str) -> Attributes:
    width, height = spot["room"] + 2 * text, lines * text * _LINE + text
    place = {"x": spot["x"] - width / 2, "y": spot["y"] - height / 2, "width": width, "height": height}
    return {**place, "rx": 8, "fill": fill, "stroke": stroke, "stroke-width": 3}


def _colour(concept: Attributes, spot: Attributes) -> str:
    return _GROUND if spot["side"] == "inside" and concept.get("focus") else _INK


def _words(text: str, place: Attributes, size: int, **look: Any) -> Iterator[tuple[str, Attributes]]:
    """The lines of a label beside, below or inside its marker."""
    side, inside = place["side"], place["side"] == "inside"
    lines = flow(wording(text).words, place["room"] / size, place["lines"] + inside)
    anchor, gap = {"left": ("end", -size), "right": ("start", size)}.get(side, ("middle", 0))
    step = size * _LINE
    top = place["y"] + (size if side == "below" else -len(lines) * step / 2) + step * 0.75
    for nth, line in enumerate(lines):
        where = {"x": place["x"] + gap, "y": round(top + nth * step, 1), "text-anchor": anchor, "font-size": size}
        # Lines go under the words, and stop at them.
        plate = {} if inside else {"stroke": _GROUND, "stroke-width": 4, "paint-order": "stroke"}
        yield _cut(line, place["room"] / size), {**where, **plate, **look}


def _cut(line: list[Word], room: float) -> str:
    """The words of a line as far as there is room, then "…"."""
    used = 0.0
    kept: list[str] = []
    for word in line:
        used += word.width + (SPACE if kept else 0)
        if used > room and kept:
            return " ".join([*kept, "…"])
        kept.append(word.text)
    return " ".join(kept)
