"""Concepts as rows, in the order of kinds and keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from kg.graph.inventory.rows import NodeRow
from kg.graph.rdf.iris import identifier_of, node
from kg.graph.rdf.meanings import read_meaning
from kg.graph.rdf.values import Properties, texts_of
from kg.graph.rdf.vocabulary import BKG, REFERENCE, SKOS
from kg.graph.store import GraphStore
from kg.model import Concept

_AT_ONCE = 5_000
_SAID = (
    BKG.billable, BKG.headingFrom, BKG.billableFrom, BKG.validFrom, BKG.validThrough, BKG.describedBy, BKG.descriptor,
    SKOS.broader, SKOS.exactMatch,
)  # fmt: skip
_BETWEEN = " | "


def node_rows(store: GraphStore) -> Iterator[NodeRow]:
    """All concepts of a graph, some at a time; of a code that had several meanings, the newest."""
    day, rest = store.manifest.day, store.names.concepts()
    while some := list(islice(rest, _AT_ONCE)):
        nodes = {concept: node(concept) for concept in some}
        said = store.said_of_each(nodes.values(), _SAID, REFERENCE)
        for concept, name in nodes.items():
            yield _row(concept, said.get(name, {}), day)


def _row(concept: Concept, said: Properties, day: date | None) -> NodeRow:
    meaning, is_code = read_meaning(said), concept.kind.is_code
    return NodeRow(
        curie=concept.curie,
        type=concept.kind.value,
        code=concept.key if is_code else "",
        name=(concept.name or "") if is_code else concept.label,
        descriptor=meaning.descriptor,
        billable=meaning.billable_on(day),
        valid_from=meaning.valid_from,
        valid_through=meaning.valid_through,
        broader=meaning.broader.curie if meaning.broader else "",
        release=identifier_of(meaning.release.value) if meaning.release else "",
        same_as=_BETWEEN.join(texts_of(said, SKOS.exactMatch)),
    )
