"""The page of drawings, live: what is near a concept, and more of it where one is expanded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kg.model import DEFAULT_TRUST, Concept
from kg.service.answers import Current
from kg.service.replies import Reply, json_reply
from kg.web.pages.addresses import of_concept, of_graph
from kg.web.pages.rendering import HTML, rendered

MOST_STEPS = 4
"""So many steps away from a concept may be drawn, as in `kg draw`."""
MOST_OPEN = 20
"""So many concepts may be expanded in the address of a page."""


@rendered
def graph(current: Current, name: str, *, trust: str, as_of: date | None, depth: int) -> Reply:
    """The drawing around what a CURIE names, with the policy that lets its own scripts run and ask this server."""
    from kg.drawing.live import drawn_around
    from kg.drawing.writing import own_policy

    asked = current.graph(as_of=as_of)
    links = _Links(trust, as_of)
    drawing = drawn_around(
        current.store(as_of), asked.resolve(name), links, trust=links.floor, as_of=str(asked.as_of or ""), depth=depth
    )
    policy = f"{own_policy(is_live=True)}; frame-ancestors 'none'"
    return Reply(200, HTML, drawing.html().encode(), policy=policy)


def more(current: Current, name: str, *, trust: str, as_of: date | None) -> Reply:
    """What a concept connects to, as the page of a drawing takes it in; raises `NotFound`."""
    from kg.drawing.live import more_around

    asked = current.graph(as_of=as_of)
    links = _Links(trust, as_of)
    concept = asked.resolve(name)
    return json_reply(
        more_around(current.store(as_of), concept, links, trust=links.floor, as_of=str(asked.as_of or ""))
    )


class _Links:
    """The addresses of concepts, with the trust and the day that were asked for."""

    def __init__(self, trust: str, as_of: date | None) -> None:
        self.floor = trust or DEFAULT_TRUST
        self._options = {"trust": trust, "as_of": as_of}

    def __call__(self, concept: Concept) -> Mapping[str, str]:
        return {"page": of_concept(concept, **self._options), "more": of_graph(concept, **self._options)}
