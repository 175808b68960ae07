"""The page of coverage: which codes a diagnosis supports for Medicare, in a state, on a day, and who says so."""

from __future__ import annotations

from datetime import date

from kg.answers import Codes
from kg.graph.codes_for import ARTICLE_RULE
from kg.graph.coverage import has_coverage
from kg.model import DEFAULT_TRUST, Connection, Polarity, Verdict, shares
from kg.service.answers import Current
from kg.service.replies import Reply
from kg.web.pages.concept import evidence_of, titles_of
from kg.web.pages.rendering import page, rendered

MOST = 100
"""So many connections are shown of each side."""
MOST_SENTENCES = 5
"""So many sentences are shown of a connection."""


@rendered
def coverage(current: Current, diagnosis: str, code: str, *, state: str, trust: str, as_of: date | None) -> Reply:
    """What articles and documents say of a diagnosis for Medicare; without one, only the form."""
    floor = Verdict.floor(trust or DEFAULT_TRUST)[-1]
    graph, store = current.graph(trust=floor, as_of=as_of), current.store(as_of)
    answer = None
    if diagnosis:
        answer = graph.codes_for(diagnosis, polarity=None, code=code or None, payer="Medicare", state=state or None)
    shown = [*answer.affirmed[:MOST], *answer.excluded[:MOST]] if answer is not None else []
    return page(
        "coverage.html",
        diagnosis=diagnosis,
        code=code,
        state=state,
        answer=answer,
        known=answer.known.value.capitalize() if answer is not None else "",
        sides=_sides(answer) if answer is not None else (),
        shares=shares(answer.rulings) if answer is not None else (),
        policies={policy.key: policy for policy in answer.policies} if answer is not None else {},
        article=ARTICLE_RULE,
        has_articles=has_coverage(store),
        titles=titles_of(store, evidence_of(shown, ())),
        most=MOST,
        most_sentences=MOST_SENTENCES,
        trust=trust,
        floor=floor,
        as_of=as_of,
        day=graph.as_of,
    )


def _sides(answer: Codes) -> list[tuple[Polarity, str, tuple[Connection, ...]]]:
    """What is said, yes first, with a heading for each side."""
    return [
        (Polarity.AFFIRMED, "Supported", answer.affirmed),
        (Polarity.EXCLUDED, "Not supported", answer.excluded),
    ]
