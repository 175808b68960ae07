"""Where everything stands on a page: worked out here, so that the same graph gives the same picture.

Around a focus, concepts stand in rows under headings (`rows`), two focuses are compared (`comparing`), paths run from
top to bottom (`ways`), and what is too much to be read becomes an overview (`overview`). Each has two plans: one for
the page with its panels, and one in large letters for the projector.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.drawing.layout.comparing import compare
from kg.drawing.layout.overview import overview
from kg.drawing.layout.plan import VIEWS, Heading, More, Plan, Spot, View
from kg.drawing.layout.rows import around
from kg.drawing.layout.ways import along
from kg.drawing.selection import Selection
from kg.model import Path

__all__ = ["Heading", "More", "Plan", "Spot", "View", "plans"]

# More than this, and no arrangement of rows can be read.
_MOST_ROWS = 220


def plans(selection: Selection, paths: Sequence[Path]) -> dict[str, Plan]:
    """Where everything that is drawn stands, in each of the two views."""
    if selection.drawn > _MOST_ROWS and not paths:
        return overview(selection, VIEWS)
    return {name: _plan(selection, paths, view) for name, view in VIEWS.items()}


def _plan(selection: Selection, paths: Sequence[Path], view: View) -> Plan:
    if paths:
        return along(selection, paths, view)
    if len(selection.focus) == 2:
        return compare(selection, view)
    return around(selection, view)
