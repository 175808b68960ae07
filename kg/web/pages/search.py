"""The page of searches."""

from __future__ import annotations

from datetime import date

from kg.graph.against import counts_against
from kg.service.answers import Current, kinds_named
from kg.service.replies import Reply
from kg.web.pages.rendering import page, rendered

EXAMPLES = ("J3262", "M06.9", "Actemra", "giant cell arteritis", "prior authorization", "Medicare")


@rendered
def search(current: Current, *, text: str, kind: str, limit: int, as_of: date | None) -> Reply:
    """What is called so, with the number of findings against each; without a text, only the form."""
    graph = current.graph()
    matches = graph.search(text, kinds=kinds_named(kind), limit=limit) if text else None
    against = counts_against(current.store(as_of), [match.concept for match in matches or ()])
    return page(
        "search.html",
        text=text,
        kind=kind,
        limit=limit,
        matches=matches,
        against=against,
        examples=EXAMPLES,
        as_of=as_of,
    )
