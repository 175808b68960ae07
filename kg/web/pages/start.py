"""The start page: a search, what the graph holds, what of it is refuted, and where everything else is."""

from __future__ import annotations

from collections import Counter
from datetime import date

from kg.graph.against import against
from kg.graph.decisions import Decisions
from kg.service.answers import Current
from kg.service.replies import Reply
from kg.web.pages.findings import with_decision
from kg.web.pages.rendering import page, rendered
from kg.web.pages.search import EXAMPLES


@rendered
def start(current: Current, *, as_of: date | None) -> Reply:
    """The start page."""
    store = current.store(as_of)
    places, aside = with_decision(store, against(store), Decisions(store.place).read())
    return page(
        "start.html",
        counts=store.manifest.counts,
        documents=store.manifest.documents,
        day=current.graph(as_of=as_of).as_of,
        as_of=as_of,
        findings=Counter(place.verdict for place in places),
        aside=aside,
        examples=EXAMPLES,
    )
