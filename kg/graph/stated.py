"""Where all that a document states stands in it, without reading any of it."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.graph.rdf.iris import thing
from kg.graph.rdf.vocabulary import ASSERTIONS, VERDICT_OF
from kg.graph.store import GraphStore
from kg.model import Verdict

_PLACES = """SELECT ?source ?assertion ?verdict ?start ?end {
    ?assertion prov:wasDerivedFrom ?source ; bkg:verdict ?verdict ; bkg:evidence ?evidence .
    ?evidence oa:hasSelector ?selector . ?selector oa:start ?start ; oa:end ?end }"""


class Stated(NamedTuple):
    """The node of an assertion, where its evidence stands, and its verdict."""

    start: int
    end: int
    node: NamedNode
    verdict: Verdict


def stated_in(store: GraphStore, document: str) -> list[Stated]:
    """What a document states, in its order."""
    rows = store.select(_PLACES, ASSERTIONS, source=thing("document", document))
    every = (
        Stated(int(start.value), int(end.value), name, VERDICT_OF[verdict.value])
        for _, name, verdict, start, end in rows
    )
    return sorted(every, key=lambda one: (one.start, one.end, one.node.value))
