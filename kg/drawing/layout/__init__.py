"""Where everything stands on a page: worked out here, so that the same graph gives the same picture.

Around a focus, concepts stand in rows under headings (`rows`), two focuses are compared (`comparing`), paths run from
top to bottom (`ways`), and what is too much to be read becomes an overview (`overview`). Each has two plans: one for
the page with its panels, and one in large letters for the projector. The steps of a lesson have their own (`steps`).
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.drawing.layout.label_rows import around
from kg.drawing.layout.overview import overview
from kg.drawing.layout.paths import along
from kg.drawing.layout.plan import VIEWS, Heading, More, Plan, Spot, View
from kg.drawing.layout.side_by_side import compare
from kg.drawing.layout.steps import step_plans
from kg.drawing.selection import READABLE, Selection
from kg.model import Path

__all__ = ["Heading", "More", "Plan", "Spot", "View", "plans", "step_plans"]


def plans(selection: Selection, paths: Sequence[Path]) -> dict[str, Plan]:
    """Where everything that is drawn stands, in each of the two views."""
    if paths:
        return {name: along(selection, paths, view) for name, view in VIEWS.items()}
    if selection.drawn > READABLE:
        return overview(selection, VIEWS)
    arrange = compare if len(selection.focus) == 2 else around
    by_view = {name: plan for name, view in VIEWS.items() if (plan := arrange(selection, view))}
    return by_view if len(by_view) == len(VIEWS) else overview(selection, VIEWS)
