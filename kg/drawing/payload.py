"""What a page is told: everything it shows, as data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from kg.drawing import pyvis_adapter
from kg.drawing.findings import Findings
from kg.drawing.layout import plans, step_plans
from kg.drawing.lesson import Lesson
from kg.drawing.looks import EXCLUDED_SIGN, KIND_LOOKS, VERDICT_LOOKS, kind_rank
from kg.drawing.pool import Pool, filled
from kg.drawing.saved import Layout
from kg.drawing.selection import Selection
from kg.drawing.texts import kind_words, meaning, relation_words, strength_words, texts
from kg.graph.lookup import RELEASE_RULE
from kg.model import (
    Assertion,
    Concept,
    Connection,
    Finding,
    Kind,
    Path,
    Polarity,
    Relation,
    Strength,
    Verdict,
)
from kg.network import PathFinder

# With so many connections, drawing them while the picture is dragged or zoomed makes it stutter.
_MANY = 300


@dataclass(frozen=True, slots=True)
class Background:
    """What a page tells beside the connections themselves.

    `titles` name documents and releases by their identifiers, `validity` says of a concept since when and how it
    holds, `brands` are those of drugs, `findings` speak against assertions, and `hanging` against those on which
    assertions depend; `trust` and `as_of` say what was asked for. For the page of a server, `live` says of each
    concept how many connections there are of it, and at which addresses it is and they are.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    validity: Mapping[Concept, Sequence[str]] = field(default_factory=dict)
    brands: Mapping[Concept, Sequence[str]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    hanging: Sequence[Finding] = ()
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
    opens: str = "",
) -> dict[str, Any]:
    """The JSON data of a page; it is the same for the same graph.

    `graph` is what vis-network moves, `concepts` and `connections` what the page says about it, in the same order;
    text that occurs often stands in `evidence` and `documents` once.
    """
    context = background or Background()
    pool = Pool(quotes, context.titles)
    findings = Findings(selection.numbers, pool, context.findings, context.hanging)
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
        "connections": _connections(selection, pool, findings, _trusted(context)),
        "findings": findings.causes,
        "evidence": pool.evidence,
        "documents": pool.documents,
        "plans": {name: plan.to_json() for name, plan in plans(selection, paths).items()},
        "paths": [_path(path, selection) for path in paths],
        "leftOut": [{"kind": kind.value, "count": number} for kind, number in selection.left_out],
        "lesson": _lesson(lesson, selection, laid_out=bool(paths or layout)) if lesson else None,
        "layout": _places(layout, selection) if layout else None,
        "graph": _graph(selection),
        **filled(live=bool(context.live), opens=opens),
    }


def more(selection: Selection, background: Background) -> dict[str, Any]:
    """What an open page takes in of another selection: concepts, connections, and the words that they need."""
    pool = Pool("full", background.titles)
    findings = Findings(selection.numbers, pool, background.findings, background.hanging)
    return {
        "concepts": _concepts(selection, background, None),
        "connections": _connections(selection, pool, findings, _trusted(background)),
        "findings": findings.causes,
        "evidence": pool.evidence,
        "documents": pool.documents,
        "kinds": _kinds(selection),
        "relations": _relations(selection),
        "strengths": _strengths(selection),
    }


def _concepts(selection: Selection, background: Background, lesson: Lesson | None) -> list[dict[str, Any]]:
    notes = lesson.notes if lesson else {}
    return [
        {
            "curie": concept.curie,
            "kind": concept.kind.value,
            "code": concept.key if concept.kind.is_code else "",
            "name": concept.name or ("" if concept.kind.is_code else concept.label),
            **filled(
                focus=number in selection.focus,
                validity=list(background.validity.get(concept, ())),
                brands=list(background.brands.get(concept, ())),
                note=notes.get(concept, ""),
            ),
            **background.live.get(concept, {}),
        }
        for number, concept in enumerate(selection.concepts)
    ]


def _trusted(background: Background) -> frozenset[Verdict]:
    return frozenset(Verdict.floor(background.trust))


def _connections(
    selection: Selection, pool: Pool, findings: Findings, trusted: Collection[Verdict]
) -> list[dict[str, Any]]:
    numbers, waiting = selection.numbers, selection.waiting
    among_all, fees = _fees(selection.connections, trusted)
    return [
        {
            "subject": numbers[connection.subject],
            "relation": connection.relation.value,
            "object": numbers[connection.object],
            "verdict": connection.verdict.value,
            "fees": fees[connection],
            "assertions": [_assertion(assertion, pool) for assertion in connection.assertions],
            **filled(
                feesBelow=among_all[connection] if among_all[connection] != fees[connection] else (),
                excluded=connection.polarity is Polarity.EXCLUDED,
                waits=number in waiting,
                **findings.of(connection),
            ),
        }
        for number, connection in enumerate(selection.connections)
    ]


def _fees(
    connections: Sequence[Connection], trusted: Collection[Verdict]
) -> tuple[dict[Connection, tuple[int, int]], dict[Connection, tuple[int, int]]]:
    """What a path pays for passing through the ends of each connection: among all, and among those that are trusted."""
    among_all = dict.fromkeys(connections, (0, 0)) | PathFinder(connections).fees()
    among_trusted = PathFinder([each for each in connections if each.verdict in trusted]).fees()
    return among_all, among_all | among_trusted


def _assertion(assertion: Assertion, pool: Pool) -> dict[str, Any]:
    data = {"strength": assertion.strength.value, "evidence": pool.number(assertion.evidence)}
    return data | filled(condition=pool.words(assertion.condition), released=assertion.rule == RELEASE_RULE)


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


def _lesson(lesson: Lesson, selection: Selection, *, laid_out: bool) -> dict[str, Any]:
    """A lesson with the plans of its steps, which keep to that of the page where it is `laid_out` otherwise."""
    data = lesson.to_json(selection)
    if laid_out:
        return data
    for step, of_step in zip(data["steps"], step_plans(selection, lesson.in_sight(selection.connections)), strict=True):
        if of_step:
            step["plans"] = {name: plan.part_to_json() for name, plan in of_step.items()}
    return data


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
        # Arrowheads are drawn by the page, over the plates of labels.
        "edges": {"smooth": False, "arrows": {"to": {"enabled": False}}},
    }
