"""Concepts as rows, in the order of kinds and keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from sys import intern

from pyoxigraph import NamedNode

from kg.graph.inventory.rows import NodeRow
from kg.graph.rdf.iris import concept_curie, identifier_of, node
from kg.graph.rdf.vocabulary import BKG, REFERENCE, SKOS
from kg.graph.store import GraphStore
from kg.model import Concept, billable_on

_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_BETWEEN = " | "


def node_rows(store: GraphStore) -> Iterator[NodeRow]:
    """All concepts of a graph; of a code that had several meanings, the newest."""
    reader = _Reader(store)
    return map(reader.row, store.names.concepts())


class _Reader:
    """What releases say of codes, by property: to go through all of a property is quicker than to ask for each code."""

    def __init__(self, store: GraphStore) -> None:
        self._day = store.manifest.day
        names = (BKG.billable, BKG.validFrom, BKG.validThrough, BKG.describedBy, BKG.descriptor, SKOS.broader)
        self._billable, self._from, self._through, self._release, self._descriptor, self._broader = (
            dict(_said(store, name)) for name in names
        )
        self._same = _all(store, SKOS.exactMatch)
        self._turned = _all(store, BKG.headingFrom, BKG.billableFrom)

    def row(self, concept: Concept) -> NodeRow:
        """The row of a concept."""
        is_code, name = concept.kind.is_code, node(concept).value
        days = self._turned.get(name)
        turned = tuple(sorted(map(date.fromisoformat, days), reverse=True)) if days else ()
        release, broader, same_as = self._release.get(name), self._broader.get(name), self._same.get(name)
        return NodeRow(
            curie=concept.curie,
            type=concept.kind.value,
            code=concept.key if is_code else "",
            name=(concept.name or "") if is_code else concept.label,
            descriptor=self._descriptor.get(name, ""),
            billable=billable_on(self._day, _FLAGS.get(self._billable.get(name, "")), turned),
            valid_from=_day(self._from.get(name)),
            valid_through=_day(self._through.get(name)),
            broader=concept_curie(broader) if broader else "",
            release=_identifier(release) if release else "",
            same_as=_BETWEEN.join(sorted(same_as)) if same_as else "",
        )


_identifier = lru_cache(identifier_of)


def _said(store: GraphStore, name: NamedNode) -> Iterator[tuple[str, str]]:
    """Pairs of nodes and values; each text is there once, since of a hundred thousand codes all have several."""
    for subject, value in store.select_texts(f"SELECT * {{ ?node {name} ?value }}", REFERENCE):
        yield intern(subject), intern(value)


def _all(store: GraphStore, *names: NamedNode) -> dict[str, list[str]]:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        for subject, value in _said(store, name):
            values[subject].append(value)
    return values


@lru_cache(maxsize=2**12)
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
