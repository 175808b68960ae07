"""The page of a document: its text, with what it states marked by verdict, and what was left over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kg.errors import NotFound
from kg.graph.against import against, read
from kg.graph.decisions import Decisions
from kg.graph.lookup import assertions
from kg.graph.rdf.iris import thing
from kg.graph.rdf.values import Properties, text_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, DCTERMS, RDF
from kg.graph.stated import stated_in
from kg.graph.store import GraphStore
from kg.graph.texts import KeptText, kept_text
from kg.model import Verdict
from kg.service.answers import Current
from kg.service.replies import Reply
from kg.web.pages.concept import FEW, evidence_of, titles_of
from kg.web.pages.marked import Part, lines_of, part_of, spans_of
from kg.web.pages.rendering import page, rendered

PART = 30_000
"""How many characters of a text a page has, or a little more."""
MOST = 500
"""How many statements are shown of a document without its text."""


@rendered
def document(current: Current, identifier: str, *, at: int, part: int, as_of: date | None) -> Reply:
    """The page of a document: the part of its text with that number, or else the one that has an offset."""
    store = current.store(as_of)
    properties = store.about(thing("document", identifier), ASSERTIONS)
    if BKG.Document not in properties.get(RDF.type, ()):
        raise NotFound(f"no document in the graph is called {identifier!r}")
    # A copy for another day holds no texts, which are the same on every day.
    kept = kept_text(current.store().build, identifier)
    shown = part_of(kept.text, PART, at=at, number=part) if kept else None
    return _shown(store, identifier, properties, kept or KeptText("", ()), shown, as_of)


def _shown(
    store: GraphStore, identifier: str, properties: Properties, kept: KeptText, shown: Part | None, as_of: date | None
) -> Reply:
    places = stated_in(store, identifier)
    if shown:
        inside = [place for place in places if place.start < shown.end and place.end > shown.start]
    else:
        inside = places[:MOST]
    statements = assertions(store, [place.node for place in inside])
    spans = spans_of(sorted(statements, key=lambda pair: pair[0].evidence), kept.leftovers)
    against_it = against(store, document=identifier)
    found = read(store, against_it[:FEW])
    return page(
        "document.html",
        identifier=identifier,
        title=text_of(properties, DCTERMS.title),
        file=text_of(properties, BKG.fileName),
        checksum=text_of(properties, BKG.sha256),
        counts=counts_of(place.verdict for place in places),
        leftovers=len(kept.leftovers),
        findings=found,
        decisions=Decisions(store.place).read(),
        speaking=len(against_it),
        titles=titles_of(store, evidence_of((), found)),
        spans=spans,
        lines=lines_of(kept.text, shown, spans) if shown else [],
        part=shown,
        as_of=as_of,
    )


def counts_of(verdicts: Iterable[Verdict]) -> dict[Verdict, int]:
    """How often each verdict is there, the weakest first."""
    every = list(verdicts)
    return {verdict: number for verdict in reversed(Verdict) if (number := every.count(verdict))}
