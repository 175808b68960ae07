"""What a page is told: everything it shows, as data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import Any

from kg.drawing import pyvis_adapter
from kg.drawing.layout import Heading, Layout, arrange
from kg.drawing.looks import EXCLUDED_SIGN, KIND_LOOKS, VERDICT_LOOKS, kind_rank
from kg.drawing.selection import Selection
from kg.model import Assertion, Concept, Connection, Evidence, Kind, Path, Polarity, Relation, Verdict

# With so many connections, drawing them while the picture is dragged makes it stutter.
_MANY = 300
# Below this width, a code's label is the code alone.
_ROOM_FOR_NAME = 140
_SHORT_QUOTE = 80
# What turns the direction of a label, or does not show: harmless in the panel, which sets text apart.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def payload(
    selection: Selection, *, title: str, notes: Sequence[str], paths: Sequence[Path], quotes: str
) -> dict[str, Any]:
    """The JSON data of a page; it is the same for the same graph.

    `graph` is what vis-network draws, `concepts` and `connections` what the panel and the table say about it,
    in the same order; text that occurs often stands in `evidence` and `documents` once.
    """
    layout = arrange(selection, paths)
    pool = _Pool(quotes)
    numbers = selection.numbers
    connections = [_connection(each, numbers, pool) for each in selection.connections]
    return {
        "title": title,
        "notes": list(notes),
        "leftOut": [{"kind": kind.noun, "count": number} for kind, number in selection.left_out],
        "kinds": _kinds(selection),
        "relations": {each.value: each.label for each in Relation if _occurs(each, selection)},
        "verdicts": _verdicts(selection),
        "excludedSign": EXCLUDED_SIGN,
        "concepts": [_concept(number, selection, layout) for number in range(len(selection.concepts))],
        "connections": connections,
        "evidence": pool.evidence,
        "documents": pool.documents,
        "headings": [_heading(each) for each in layout.headings],
        "paths": [_path(path, selection) for path in paths],
        "graph": _graph(selection, layout, with_labels=bool(paths)),
    }


class _Pool:
    """Evidence and names of documents, each kept once."""

    def __init__(self, quotes: str) -> None:
        self.evidence: list[dict[str, Any]] = []
        self.documents: list[str] = []
        self._quotes = quotes
        self._numbers: dict[Evidence, int] = {}

    def number(self, evidence: Evidence) -> int:
        if evidence not in self._numbers:
            self._numbers[evidence] = len(self.evidence)
            self.evidence.append(self._data(evidence))
        return self._numbers[evidence]

    def _data(self, evidence: Evidence) -> dict[str, Any]:
        if evidence.document not in self.documents:
            self.documents.append(evidence.document)
        data: dict[str, Any] = {"document": self.documents.index(evidence.document), "line": evidence.line}
        if evidence.section:
            data["section"] = evidence.section
        if self._quotes == "full" or (self._quotes == "short" and len(evidence.quote) <= _SHORT_QUOTE):
            data["quote"] = evidence.quote
        elif self._quotes == "short":
            data["quote"] = evidence.quote[:_SHORT_QUOTE].rstrip() + " …"
        return data


def _concept(number: int, selection: Selection, layout: Layout) -> dict[str, Any]:
    concept, spot = selection.concepts[number], layout.spots[number]
    code_only = concept.kind.is_code and spot.side in ("left", "right") and spot.room < _ROOM_FOR_NAME
    label = concept.key if code_only else concept.label
    data = {
        "curie": concept.curie,
        "kind": concept.kind.value,
        "code": concept.key if concept.kind.is_code else "",
        "name": concept.name or ("" if concept.kind.is_code else concept.label),
        "label": _UNPRINTABLE.sub(" ", label),
        "side": spot.side,
        "room": spot.room,
    }
    return data | {"focus": True} if number in selection.focus else data


def _connection(connection: Connection, numbers: dict[Concept, int], pool: _Pool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "subject": numbers[connection.subject],
        "relation": connection.relation.value,
        "object": numbers[connection.object],
        "verdict": connection.verdict.value,
        "assertions": [_assertion(each, pool) for each in connection.assertions],
    }
    return data | {"excluded": True} if connection.polarity is Polarity.EXCLUDED else data


def _assertion(assertion: Assertion, pool: _Pool) -> dict[str, Any]:
    data: dict[str, Any] = {"strength": assertion.strength.value, "evidence": pool.number(assertion.evidence)}
    return data | {"condition": assertion.condition} if assertion.condition else data


def _kinds(selection: Selection) -> dict[str, dict[str, str]]:
    present: list[Kind] = sorted({concept.kind for concept in selection.concepts}, key=kind_rank)
    looks = ((kind, KIND_LOOKS[kind]) for kind in present)
    return {kind.value: {"title": kind.noun, "shape": look.shape, "fill": look.fill} for kind, look in looks}


def _verdicts(selection: Selection) -> dict[str, dict[str, Any]]:
    present = {each.verdict for each in selection.connections}
    looks = ((verdict, VERDICT_LOOKS[verdict]) for verdict in Verdict if verdict in present)
    return {verdict.value: {**look._asdict(), "dashes": list(look.dashes)} for verdict, look in looks}


def _occurs(relation: Relation, selection: Selection) -> bool:
    return any(each.relation is relation for each in selection.connections)


def _heading(heading: Heading) -> dict[str, Any]:
    spot = heading.spot
    where = {"x": spot.x, "y": spot.y, "side": spot.side, "room": spot.room}
    return {"text": heading.text, "concepts": heading.numbers, **where}


def _path(path: Path, selection: Selection) -> dict[str, Any]:
    places = {each: number for number, each in enumerate(selection.connections)}
    hops = [{"connection": places[hop.connection], "forward": hop.forward} for hop in path.hops]
    return {"cost": path.cost, "hops": hops}


def _graph(selection: Selection, layout: Layout, *, with_labels: bool) -> dict[str, Any]:
    nodes = []
    for number, concept in enumerate(selection.concepts):
        spot = layout.spots[number]
        # A number for an id and a code for a label: no text of a document goes through pyvis.
        nodes.append(
            {"id": number, "label": concept.curie, "shape": "custom", "group": concept.kind.value,
             "x": spot.x, "y": spot.y}
        )  # fmt: skip
    return pyvis_adapter.container(nodes, _edges(selection, with_labels=with_labels), _options(selection))


def _edges(selection: Selection, *, with_labels: bool) -> list[dict[str, Any]]:
    numbers = selection.numbers
    between: defaultdict[frozenset[int], count[int]] = defaultdict(count)
    edges = []
    for number, each in enumerate(selection.connections):
        ends = numbers[each.subject], numbers[each.object]
        edge: dict[str, Any] = {"id": number, "from": ends[0], "to": ends[1], **_line(each)}
        signs = _signs(each)
        if with_labels:
            edge["label"] = f"{each.relation.label} {signs}".strip()
        elif signs:
            edge["label"] = signs
        nth = next(between[frozenset(ends)])
        if nth:
            # Connections between the same two would hide each other; the direction keeps them apart.
            bend = 0.12 * ((nth + 1) // 2)
            turn = "curvedCW" if (nth % 2 == 1) == (ends[0] < ends[1]) else "curvedCCW"
            edge["smooth"] = {"enabled": True, "type": turn, "roundness": round(bend, 2)}
        edges.append(edge)
    return edges


def _line(connection: Connection) -> dict[str, Any]:
    look = VERDICT_LOOKS[connection.verdict]
    return {"color": look.colour, "width": look.width, "dashes": list(look.dashes) or False}


def _signs(connection: Connection) -> str:
    """What a line says by itself: that a document says no, or that a release does."""
    signs = [EXCLUDED_SIGN] if connection.polarity is Polarity.EXCLUDED else []
    if connection.verdict in (Verdict.DISPUTED, Verdict.REFUTED):
        signs.append(VERDICT_LOOKS[connection.verdict].sign)
    return " ".join(signs)


def _options(selection: Selection) -> dict[str, Any]:
    return {
        "autoResize": True,
        "physics": {"enabled": False},
        "layout": {"randomSeed": 1, "improvedLayout": False},
        "interaction": {
            "hover": True,
            "keyboard": False,
            "selectConnectedEdges": True,
            "hideEdgesOnDrag": len(selection.connections) > _MANY,
        },
        "edges": {
            "smooth": False,
            "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}},
            "selectionWidth": 2,
            "hoverWidth": 1,
            "font": {"size": 14, "color": "#1B1F24", "strokeWidth": 5, "strokeColor": "#FFFFFF"},
        },
    }
