"""The picture of the model, drawn from the ontology: which classes are joined, by which properties.

Each row is a pair of classes: on the left the class of the subject, on the right that of the object, and between them
the properties that lead from one to the other. Rows of one subject share its box.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from rdflib import OWL, RDFS, SKOS, URIRef
from rdflib.term import Node

from docs.site.ontology import OURS, graph, name, of

_BOX, _MIDDLE, _ROW, _PITCH, _GAP = 230, 270, 36, 18, 8
_WIDTH = 2 * _BOX + _MIDDLE
_STYLE = """
.model { max-width: 100%; height: auto; font-family: sans-serif; font-size: 14px }
.model text { fill: currentColor } .model .box { fill: none; stroke: currentColor; stroke-opacity: .45 }
.model .subject { font-weight: bold } .model .property { font-family: monospace; font-size: 12.5px }
.model .line { stroke: currentColor; stroke-opacity: .45 } .model .tip { fill: currentColor; fill-opacity: .6 }
"""


def picture(of_concepts: bool) -> str:
    """The concepts and what joins them, or all else: assertions, evidence, findings, releases, articles."""
    rows = [row for row in _rows() if _is_concept(row[0]) == of_concepts]
    words = "codes and other concepts" if of_concepts else "assertions, evidence, findings, releases and articles"
    drawn, top = [], 0
    for subject, found in groupby(rows, key=lambda row: row[0]):
        begin = top
        for _, target, properties in found:
            height = max(_ROW, _PITCH * len(properties) + 16)
            drawn += _row(top, height, target, properties)
            top += height + _GAP
        drawn += _box(0, begin, top - _GAP - begin, subject, "subject")
    return (
        f'<figure><svg class="model" role="img" aria-label="How {words} are joined" width="{_WIDTH + 2}" '
        f'height="{top}" viewBox="-1 -1 {_WIDTH + 2} {top}"><style>{_STYLE}</style>{"".join(drawn)}</svg></figure>'
    )


def _rows() -> Iterator[tuple[Node, Node, list[URIRef]]]:
    """Each subject's objects, with the properties between them, in the order of the file."""
    pairs: dict[Node, dict[Node, list[URIRef]]] = {}
    for one in of(OWL.ObjectProperty):
        subject, target = graph().value(one, RDFS.domain), graph().value(one, RDFS.range)
        if subject is not None and target is not None:
            pairs.setdefault(subject, {}).setdefault(target, []).append(one)
    return ((subject, target, found) for subject, by_target in pairs.items() for target, found in by_target.items())


def _is_concept(one: Node) -> bool:
    return URIRef(OURS + "Concept") in graph().transitive_objects(one, RDFS.subClassOf)


def _row(top: int, height: int, target: Node, properties: list[URIRef]) -> Iterator[str]:
    middle, right = top + height / 2, _BOX + _MIDDLE
    yield f'<path class="line" d="M{_BOX} {middle}H{right - 8}"/>'
    yield f'<path class="tip" d="M{right} {middle}l-9 -4.5v9z"/>'
    first = middle - _PITCH * (len(properties) - 1) / 2
    for at, one in enumerate(properties):
        width = 7.6 * len(name(one)) + 14
        y = first + _PITCH * at
        yield (
            f'<rect x="{_BOX + (_MIDDLE - width) / 2}" y="{y - 9}" width="{width}" height="18" '
            f'style="fill: var(--color-background-primary, #fff)"/>'
            f'<text class="property" x="{_BOX + _MIDDLE / 2}" y="{y + 4}" text-anchor="middle">{escape(name(one))}'
            f"<title>{escape(str(graph().value(one, SKOS.definition)))}</title></text>"
        )
    yield from _box(right, top, height, target, "object")


def _box(left: int, top: int, height: int, one: Node, style: str) -> Iterator[str]:
    called = graph().value(one, RDFS.label) or name(one)
    yield (
        f'<rect class="box" x="{left}" y="{top}" width="{_BOX}" height="{height}" rx="4"/>'
        f'<text class="{style}" x="{left + _BOX / 2}" y="{top + height / 2 + 5}" text-anchor="middle">'
        f"{escape(str(called))}</text>"
    )
