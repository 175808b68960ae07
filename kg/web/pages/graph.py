"""The page of drawings, live: what `kg draw` writes for one concept."""

from __future__ import annotations

from datetime import date

from kg.web.answers import Current
from kg.web.pages.rendering import HTML, rendered
from kg.web.replies import Reply

MOST_STEPS = 4
"""So many steps away from a concept may be drawn, as in `kg draw`."""


@rendered
def graph(current: Current, name: str, *, trust: str, as_of: date | None, depth: int) -> Reply:
    """The drawing around what a CURIE names, with the policy that lets its own scripts run and nothing else."""
    from kg.drawing.writing import own_policy

    drawing = current.graph(trust=trust or None, as_of=as_of).draw(name, depth=depth)
    return Reply(200, HTML, drawing.html().encode(), policy=f"{own_policy()}; frame-ancestors 'none'")
