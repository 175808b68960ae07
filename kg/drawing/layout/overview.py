"""More than can be read: a layout library places everything, and labels appear as one zooms in."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from kg.drawing.layout.plan import Plan, Spot, View
from kg.drawing.looks import kind_rank
from kg.drawing.selection import Selection
from kg.errors import MissingExtra

_SEED = 1
# As the spring layout takes the square of the number of concepts for each round, large ones get fewer.
_WORK = 30_000_000
_MOST_ROUNDS, _LEAST_ROUNDS = 60, 12
_ROOM = 8


def overview(selection: Selection, views: Mapping[str, View]) -> dict[str, Plan]:
    """The plans of a large drawing: the same places in each view, in letters of its own."""
    places, size = _places(selection), selection.drawn
    found = {}
    for name, view in views.items():
        # So that markers have about three times their size to themselves.
        scale = sqrt(size) * 2.2 * view.text
        spots = {
            number: Spot(round(x * scale), round(y * scale), "below", _ROOM * view.text)
            for number, (x, y) in enumerate(places)
        }
        found[name] = Plan("overview", view, spots)
    return found


def _places(selection: Selection) -> list[tuple[float, float]]:
    """Where the concepts lie, by springs; hubs that are not drawn hold each kind together."""
    try:
        import rustworkx
    except ModuleNotFoundError as error:
        raise MissingExtra("drawing", "viz") from error
    size, numbers = selection.drawn, selection.numbers
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(list(range(size)))
    edges = ((numbers[each.subject], numbers[each.object]) for each in selection.drawn_connections)
    graph.add_edges_from([(first, second, 0.6) for first, second in edges if first != second])
    kinds = sorted({concept.kind for concept in selection.concepts[:size]}, key=kind_rank)
    hubs = {kind: graph.add_node(kind.value) for kind in kinds}
    graph.add_edges_from([(hubs[selection.concepts[each].kind], each, 1.0) for each in range(size)])
    rounds = min(max(_WORK // (size * size), _LEAST_ROUNDS), _MOST_ROUNDS)
    found = rustworkx.spring_layout(graph, seed=_SEED, num_iter=rounds, weight_fn=float)
    return [(found[number][0], found[number][1]) for number in range(size)]
