"""What speaks against a concept, a document or anything: where all findings are, of which some are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.graph.lookup import findings
from kg.graph.rdf.iris import concept_of, identifier_of, node, thing
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, VERDICT_OF
from kg.graph.store import GraphStore
from kg.model import Concept, Finding, Verdict
from kg.model.verdicts import finding_identifier

_WHERE = """?assertion bkg:evidence ?evidence . ?finding bkg:leadsTo ?verdict .
    ?evidence oa:hasSource ?document ; oa:hasSelector ?selector . ?selector oa:start ?start"""
_SELECT = "SELECT DISTINCT %s ?finding ?verdict ?document ?start"
_OF_ALL = f"{_SELECT % ''} {{ ?assertion bkg:finding ?finding . {_WHERE} }}"
_OF_DOCUMENT = f"{_SELECT % '?source'} {{ ?assertion prov:wasDerivedFrom ?source ; bkg:finding ?finding . {_WHERE} }}"
# Three questions: of a UNION before the rest, the engine makes both sides, which takes half a minute in a large graph.
_OF_CONCEPT = tuple(
    f"{_SELECT % '?concept'} {{ {about} . {_WHERE} }}"
    for about in (
        "?finding bkg:about ?concept . ?assertion bkg:finding ?finding",
        "?assertion rdf:subject ?concept ; bkg:finding ?finding",
        "?assertion rdf:object ?concept ; bkg:finding ?finding",
    )
)

_CONTENTS = """SELECT DISTINCT ?finding ?verdict ?document ?quote ?concept ?reason ?better {
    ?assertion bkg:finding ?finding ; bkg:evidence ?evidence .
    ?evidence oa:hasSource ?document ; oa:hasSelector ?selector . ?selector oa:exact ?quote .
    ?finding bkg:leadsTo ?verdict ; bkg:about ?concept ; bkg:reason ?reason
    OPTIONAL { ?finding bkg:betterCode ?better } }"""


class Place(NamedTuple):
    """A finding that was not read yet: what it leads to, and where what it is about stands."""

    verdict: Verdict
    document: str
    start: int
    node: NamedNode


def against(store: GraphStore, concept: Concept | None = None, document: str = "") -> list[Place]:
    """The findings about a concept and about assertions that have it as subject or object, or else all.

    Only those in a document, where one is named; the worst first, then as they stand in the documents.
    """
    if concept is not None:
        rows = [row for question in _OF_CONCEPT for row in store.select(question, ASSERTIONS, concept=node(concept))]
    elif document:
        rows = store.select(_OF_DOCUMENT, ASSERTIONS, source=thing("document", document))
    else:
        rows = store.select(_OF_ALL, ASSERTIONS)
    places = {
        Place(VERDICT_OF[verdict.value], identifier_of(source.value), int(start.value), name)
        for *_, name, verdict, source, start in rows
    }
    return sorted((place for place in places if document in ("", place.document)), key=_worst_first)


def _worst_first(place: Place) -> tuple[int, str, int, str]:
    return -place.verdict.rank, place.document, place.start, place.node.value


def read(store: GraphStore, places: Iterable[Place]) -> list[Finding]:
    """The findings at some places, the worst first."""
    return findings(store, [place.node for place in places])


def identifiers(store: GraphStore) -> dict[NamedNode, str]:
    """What each finding is called by decisions about it, as `Finding.identifier` does, without reading it whole."""
    return {
        name: finding_identifier(
            identifier_of(document.value),
            quote.value,
            concept_of(concept).curie,
            VERDICT_OF[verdict.value],
            reason.value,
            concept_of(better).curie if better else "",
        )
        for name, verdict, document, quote, concept, reason, better in store.select(_CONTENTS, ASSERTIONS)
    }


def counts_against(store: GraphStore, concepts: Iterable[Concept]) -> dict[Concept, int]:
    """How many findings there are about each of some concepts; those without any are left out."""
    nodes = {node(concept): concept for concept in concepts}
    if not nodes:
        return {}
    return {nodes[name]: number for name, number in store.counts(BKG.about, nodes, ASSERTIONS).items()}
