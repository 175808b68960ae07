"""The drawing of a server: it has what is near, and asks for more where a concept is expanded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kg.drawing.drawing import Drawing
from kg.drawing.gathering import Excerpt, in_file
from kg.drawing.payload import Background, more
from kg.drawing.selection import Selection, select
from kg.graph.adjacency import relation_of
from kg.graph.store import GraphStore
from kg.model import Concept, Kind, Relation
from kg.model.relations import RELEASED, WITHOUT_PACKAGES

MORE = 60
"""So many neighbours of a concept are drawn where it is expanded: more would be no picture."""
_DRAWN = 150

Links = Callable[[Concept], Mapping[str, str]]
"""Gives the addresses of a concept: of its `page`, and of what it connects to, `more`."""


def drawn_around(store: GraphStore, concept: Concept, links: Links, *, trust: str, as_of: str, depth: int) -> Drawing:
    """The drawing of what is within so many steps of a concept; what is beyond is asked for when it is wanted."""
    excerpt = _excerpt(store, concept, trust, as_of)
    drawing = excerpt.draw([concept], (), depth=depth, max_nodes=_DRAWN, lesson=None, ahead=0)
    return replace(drawing, background=_live(excerpt, drawing.selection, drawing.background, links))


def more_around(store: GraphStore, concept: Concept, links: Links, *, trust: str, as_of: str) -> dict[str, Any]:
    """What a concept connects to, those with the best verdicts first, as an open page takes it in."""
    excerpt = _excerpt(store, concept, trust, as_of)
    beyond = excerpt.beyond([concept], MORE)
    near, _ = excerpt.around([concept], 1, beyond)
    selection = select(near, [concept], (), MORE + 1, depth=1, unread=Counter(one.kind for one in beyond))
    background = _live(excerpt, selection, excerpt.background(selection), links)
    # The page has a focus of its own.
    return more(replace(selection, focus=frozenset()), background)


def _excerpt(store: GraphStore, concept: Concept, trust: str, as_of: str) -> Excerpt:
    released = RELEASED if concept.kind is Kind.NDC else WITHOUT_PACKAGES
    return Excerpt(store, in_file(trust), released, trust, as_of)


def _live(excerpt: Excerpt, selection: Selection, background: Background, links: Links) -> Background:
    """The same background, with how many connections there are of each concept, and where."""
    live = {one: {"degree": _degree(excerpt, one), **links(one)} for one in selection.concepts}
    return replace(background, live=live)


def _degree(excerpt: Excerpt, concept: Concept) -> int:
    """How many connections of a concept could be drawn."""
    node = excerpt.store.adjacency.node(concept.curie)
    if node is None:
        return 0
    rows, counted = excerpt.store.adjacency.down_to(excerpt.verdicts[-1]), {each.rank for each in excerpt.verdicts}
    return sum(
        sum(rows.rank[step] in counted for step in rows.steps(group))
        for group in rows.groups(node)
        if concept.kind is Kind.NDC or relation_of(rows.role[group])[0] is not Relation.BILLED_AS
    )
