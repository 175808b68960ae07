"""What a page is told: everything it shows, as data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from kg.drawing import pyvis_adapter
from kg.drawing.layout import plans
from kg.drawing.lesson import Lesson
from kg.drawing.looks import EXCLUDED_SIGN, KIND_LOOKS, VERDICT_LOOKS, kind_rank
from kg.drawing.saved import Layout
from kg.drawing.selection import Selection
from kg.drawing.texts import kind_words, meaning, relation_words, strength_words, texts
from kg.model import (
    Assertion,
    Concept,
    Evidence,
    Finding,
    Kind,
    Mention,
    Path,
    Polarity,
    Relation,
    Strength,
    Verdict,
)
from kg.network import PathFinder

# With so many connections, drawing them while the picture is dragged or zoomed makes it stutter.
_MANY = 300
_SHORT_QUOTE = 80


@dataclass(frozen=True, slots=True)
class Background:
    """What a page tells beside the connections themselves.

    `titles` name documents and releases by their identifiers, `validity` says of a concept since when and how it
    holds, `findings` speak against assertions; `trust` and `as_of` say what was asked for. For the page of a server,
    `live` says of each concept how many connections there are of it, and at which addresses it is and they are.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    validity: Mapping[Concept, Sequence[str]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    trust: str = Verdict.DISPUTED.value
    as_of: str = ""
    live: Mapping[Concept, Mapping[str, Any]] = field(default_factory=dict)


def payload(
    selection: Selection,
    *,
    title: str,
    notes: Sequence[str] = (),
    paths: Sequence[Path] = (),
    quotes: str = "full",
    lesson: Lesson | None = None,
    layout: Layout | None = None,
    background: Background | None = None,
) -> dict[str, Any]:
    """The JSON data of a page; it is the same for the same graph.

    `graph` is what vis-network moves, `concepts` and `connections` what the page says about it, in the same order;
    text that occurs often stands in `evidence` and `documents` once.
    """
    context = background or Background()
    pool = _Pool(quotes, context.titles)
    connections = _connections(selection, pool, context.findings)
    return {
        "title": title,
        "notes": list(notes),
        "facts": {"trust": context.trust, "asOf": context.as_of, "releases": _releases(context)},
        "texts": texts()["page"],
        "kinds": _kinds(selection),
        "relations": _relations(selection),
        "verdicts": _verdicts(),
        "strengths": _strengths(selection),
        "excludedSign": EXCLUDED_SIGN,
        "drawn": selection.drawn,
        "concepts": _concepts(selection, context, lesson),
        "connections": connections,
        "evidence": pool.evidence,
        "documents": pool.documents,
        "plans": {name: plan.to_json() for name, plan in plans(selection, paths).items()},
        "paths": [_path(path, selection) for path in paths],
        "leftOut": [{"kind": kind.value, "count": number} for kind, number in selection.left_out],
        "lesson": lesson.to_json(selection) if lesson else None,
        "layout": _places(layout, selection) if layout else None,
        "graph": _graph(selection),
        **_filled(live=bool(context.live)),
    }


def more(selection: Selection, background: Background) -> dict[str, Any]:
    """What an open page takes in of another selection: concepts, connections, and the words that they need."""
    pool = _Pool("full", background.titles)
    return {
        "concepts": _concepts(selection, background, None),
        "connections": _connections(selection, pool, background.findings),
        "evidence": pool.evidence,
        "documents": pool.documents,
        "kinds": _kinds(selection),
        "relations": _relations(selection),
        "strengths": _strengths(selection),
    }


class _Pool:
    """Evidence and titles of documents, each kept once."""

    def __init__(self, quotes: str, titles: Mapping[str, str]) -> None:
        self.evidence: list[dict[str, Any]] = []
        self.documents: list[str] = []
        self._quotes = quotes
        self._titles = titles
        self._numbers: dict[Evidence, int] = {}
        self._places: dict[str, int] = {}

    def number(self, evidence: Evidence) -> int:
        if evidence not in self._numbers:
            self._numbers[evidence] = len(self.evidence)
            self.evidence.append(self._data(evidence))
        return self._numbers[evidence]

    def title(self, document: str) -> str:
        return self._titles.get(document, document)

    def words(self, text: str) -> str:
        """As much of a text that is not ours as the file may hold."""
        if self._quotes == "full" or (self._quotes == "short" and len(text) <= _SHORT_QUOTE):
            return text
        return text[:_SHORT_QUOTE].rstrip() + " …" if self._quotes == "short" else ""

    def _data(self, evidence: Evidence) -> dict[str, Any]:
        if evidence.document not in self._places:
            self._places[evidence.document] = len(self.documents)
            self.documents.append(self.title(evidence.document))
        line = f"{evidence.line}{evidence.place}" if evidence.place else evidence.line
        data: dict[str, Any] = {"document": self._places[evidence.document], "line": line}
        return data | _filled(section=evidence.section, quote=self.words(evidence.quote))


def _filled(**values: Any) -> dict[str, Any]:
    """What is not empty: empty texts would only make a file larger."""
    return {key: value for key, value in values.items() if value}


def _concepts(selection: Selection, background: Background, lesson: Lesson | None) -> list[dict[str, Any]]:
    notes = lesson.notes if lesson else {}
    return [
        {
            "curie": concept.curie,
            "kind": concept.kind.value,
            "code": concept.key if concept.kind.is_code else "",
            "name": concept.name or ("" if concept.kind.is_code else concept.label),
            **_filled(
                focus=number in selection.focus,
                validity=list(background.validity.get(concept, ())),
                note=notes.get(concept, ""),
            ),
            **background.live.get(concept, {}),
        }
        for number, concept in enumerate(selection.concepts)
    ]


def _connections(selection: Selection, pool: _Pool, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    against: defaultdict[Assertion | Mention, list[Finding]] = defaultdict(list)
    for finding in findings:
        against[finding.assertion].append(finding)
    numbers, fees, waiting = selection.numbers, PathFinder(selection.connections).fees(), selection.waiting
    return [
        {
            "subject": numbers[connection.subject],
            "relation": connection.relation.value,
            "object": numbers[connection.object],
            "verdict": connection.verdict.value,
            "fees": fees.get(connection, (0, 0)),
            "assertions": [_assertion(assertion, pool) for assertion in connection.assertions],
            **_filled(
                excluded=connection.polarity is Polarity.EXCLUDED,
                waits=number in waiting,
                findings=_unique(
                    _finding(finding, pool) for assertion in connection.assertions for finding in against[assertion]
                ),
            ),
        }
        for number, connection in enumerate(selection.connections)
    ]


def _assertion(assertion: Assertion, pool: _Pool) -> dict[str, Any]:
    data = {"strength": assertion.strength.value, "evidence": pool.number(assertion.evidence)}
    return data | _filled(condition=pool.words(assertion.condition))


def _finding(finding: Finding, pool: _Pool) -> dict[str, Any]:
    return {
        "verdict": finding.verdict.value,
        "reason": f"{finding.concept.key} {finding.reason}",
        "release": pool.title(finding.release),
        **_filled(
            stated=pool.words(finding.stated),
            official=pool.words(finding.official),
            row=finding.row,
            suggestion=finding.suggestion.label if finding.suggestion else "",
        ),
        **({"opposed": pool.number(finding.opposed_by)} if finding.opposed_by else {}),
    }


def _unique(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each once: several sentences of a document may suffer from one mistake."""
    distinct: list[dict[str, Any]] = []
    distinct.extend(entry for entry in entries if entry not in distinct)
    return distinct


def _releases(background: Background) -> list[str]:
    """The releases that findings cite; those that state something themselves are among the documents."""
    cited = dict.fromkeys(finding.release for finding in background.findings if finding.release)
    return sorted(background.titles.get(release, release) for release in cited)


def _kinds(selection: Selection) -> dict[str, dict[str, str]]:
    present: set[Kind] = {concept.kind for concept in selection.concepts}
    present |= {kind for kind, _ in selection.left_out}
    looks = ((kind, KIND_LOOKS[kind]) for kind in sorted(present, key=kind_rank))
    return {kind.value: {**kind_words(kind), "shape": look.shape, "fill": look.fill} for kind, look in looks}


def _relations(selection: Selection) -> dict[str, dict[str, str]]:
    present = {connection.relation for connection in selection.connections}
    return {
        relation.value: {"label": relation.label, **relation_words(relation)}
        for relation in Relation
        if relation in present
    }


def _verdicts() -> dict[str, dict[str, Any]]:
    return {
        verdict.value: {**VERDICT_LOOKS[verdict]._asdict(), "meaning": meaning(verdict)}
        for verdict in sorted(Verdict, key=lambda verdict: verdict.rank)
    }


def _strengths(selection: Selection) -> dict[str, str]:
    present = {assertion.strength for connection in selection.connections for assertion in connection.assertions}
    return {strength.value: strength_words(strength) for strength in Strength if strength in present}


def _path(path: Path, selection: Selection) -> dict[str, Any]:
    places = {connection: number for number, connection in enumerate(selection.connections)}
    hops = [{"connection": places[hop.connection], "forward": hop.forward} for hop in path.hops]
    return {"cost": path.cost, "hops": hops}


def _places(layout: Layout, selection: Selection) -> Layout:
    """The places of a layout that the file has concepts for."""
    curies = {concept.curie for concept in selection.concepts}
    return {
        plan: {curie: place for curie, place in places.items() if curie in curies} for plan, places in layout.items()
    }


def _graph(selection: Selection) -> dict[str, Any]:
    # A number for an id and a CURIE for a label: no text of a document goes through pyvis.
    nodes = [
        {"id": number, "label": concept.curie, "shape": "custom", "group": concept.kind.value}
        for number, concept in enumerate(selection.concepts)
    ]
    return pyvis_adapter.container(nodes, _edges(selection), _options(selection))


def _edges(selection: Selection) -> list[dict[str, Any]]:
    numbers = selection.numbers
    between: defaultdict[frozenset[int], count[int]] = defaultdict(count)
    edges = []
    for number, connection in enumerate(selection.connections):
        ends = numbers[connection.subject], numbers[connection.object]
        edge: dict[str, Any] = {"id": number, "from": ends[0], "to": ends[1]}
        nth = next(between[frozenset(ends)])
        if nth:
            # Connections between the same two would hide each other; the direction keeps them apart.
            bend = 0.12 * ((nth + 1) // 2)
            turn = "curvedCW" if (nth % 2 == 1) == (ends[0] < ends[1]) else "curvedCCW"
            edge["smooth"] = {"enabled": True, "type": turn, "roundness": round(bend, 2)}
        edges.append(edge)
    return edges


def _options(selection: Selection) -> dict[str, Any]:
    return {
        "autoResize": True,
        "physics": {"enabled": False},
        "layout": {"randomSeed": 1, "improvedLayout": False},
        "interaction": {
            "hover": True,
            "keyboard": False,
            "selectable": False,
            "hideEdgesOnDrag": len(selection.drawn_connections) > _MANY,
            "hideEdgesOnZoom": len(selection.drawn_connections) > _MANY,
        },
        "edges": {"smooth": False, "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}}},
    }
