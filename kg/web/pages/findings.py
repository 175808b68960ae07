"""The page of findings: the worst first, of all documents or of one, about all concepts or about one."""

from __future__ import annotations

from collections import Counter
from datetime import date

from kg.graph.against import against, read
from kg.graph.lookup import require_documents
from kg.model import Verdict
from kg.web.answers import Current
from kg.web.pages.concept import evidence_of, titles_of
from kg.web.pages.rendering import page, rendered
from kg.web.replies import Reply

MOST = 50
"""So many are on a page."""


@rendered
def findings(current: Current, *, verdict: str, code: str, document: str, as_of: date | None, first: int) -> Reply:
    """The findings that are asked for, from the `first` on."""
    graph, store = current.graph(as_of=as_of), current.store(as_of)
    wanted = Verdict.floor(verdict)[-1] if verdict else None
    concept = graph.resolve(code) if code else None
    identifiers = require_documents(store, [document] if document else [])
    every = against(store, concept, next(iter(identifiers), ""))
    counts = Counter(place.verdict for place in every)
    places = [place for place in every if wanted in (None, place.verdict)]
    shown = read(store, places[first - 1 : first - 1 + MOST])
    return page(
        "findings.html",
        findings=shown,
        total=len(places),
        counts=counts,
        first=first,
        most=MOST,
        verdict=verdict,
        code=code,
        concept=concept,
        document=document,
        as_of=as_of,
        documents=store.manifest.documents,
        titles=titles_of(store, evidence_of((), shown)),
    )
