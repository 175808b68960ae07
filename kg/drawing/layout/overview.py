"""More than can be read: a layout library places everything, and labels appear as one zooms in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from math import hypot, sqrt

from kg.drawing.layout.plan import Plan, Spot, View
from kg.drawing.looks import kind_rank
from kg.drawing.selection import Selection
from kg.errors import MissingExtra

_SEED = 1
# As the spring layout takes the square of the number of concepts for each round, large ones get fewer.
_WORK = 30_000_000
_MOST_ROUNDS, _LEAST_ROUNDS = 60, 12
# In sizes of the letters: the cell that each concept has to itself, with the room of its label, and that of a focus.
_CELL = (5.4, 2.8)
_ROOM, _FOCUS_ROOM, _FOCUS_LINES = 5, 9, 3
# How much of the view is covered, whose width is so many times its height.
_COVERED, _ASPECT = 0.55, 1.5
# A focus stands in a box of three by three cells.
_AROUND = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]

Cell = tuple[int, int]


def overview(selection: Selection, views: Mapping[str, View]) -> dict[str, Plan]:
    """The plans of a large drawing: the same places in each view, in letters of its own."""
    cells = _cells(_places(selection), selection.focus)
    by_view = {}
    for name, view in views.items():
        spots = {}
        for number, (column, row) in enumerate(cells):
            x, y = round(column * _CELL[0] * view.text), round(row * _CELL[1] * view.text)
            if number in selection.focus:
                spots[number] = Spot(x, y, "inside", _FOCUS_ROOM * view.text, _FOCUS_LINES)
            else:
                spots[number] = Spot(x, y, "below", _ROOM * view.text)
        by_view[name] = Plan("overview", view, spots)
    return by_view


def _cells(places: Sequence[tuple[float, float]], focus: Collection[int]) -> list[Cell]:
    """The nearest free cell for each place, so that no two labels meet: first for the focus, then from the middle."""
    area = len(places) / _COVERED * _CELL[0] * _CELL[1]
    half = sqrt(area * _ASPECT) / 2 / _CELL[0], sqrt(area / _ASPECT) / 2 / _CELL[1]
    farthest = max(max(abs(x), abs(y)) for x, y in places) or 1
    targets = [(x / farthest * half[0], y / farthest * half[1]) for x, y in places]
    order = sorted(range(len(places)), key=lambda number: (number not in focus, hypot(*places[number]), number))
    occupied: set[Cell] = set()
    cells: dict[int, Cell] = {}
    for number in order:
        shape = _AROUND if number in focus else [(0, 0)]
        column, row = next(
            (x, y) for x, y in _nearest(*targets[number]) if occupied.isdisjoint((x + dx, y + dy) for dx, dy in shape)
        )
        occupied.update((column + dx, row + dy) for dx, dy in shape)
        cells[number] = column, row
    return [cells[number] for number in range(len(places))]


def _nearest(x: float, y: float) -> Iterator[Cell]:
    """All cells around a place, in rings; within a ring the nearest first."""
    column, row = round(x), round(y)
    yield column, row
    for ring in count(1):
        sides = range(-ring, ring + 1)
        edge = {(dx, dy) for dx in sides for dy in (-ring, ring)} | {(dx, dy) for dy in sides for dx in (-ring, ring)}
        cells = ((column + dx, row + dy) for dx, dy in edge)
        yield from sorted(cells, key=lambda cell: ((cell[0] - x) ** 2 + (cell[1] - y) ** 2, cell))


def _places(selection: Selection) -> list[tuple[float, float]]:
    """Where the concepts lie, by springs; hubs that are not drawn hold each kind together."""
    try:
        import rustworkx
    except ModuleNotFoundError as error:
        raise MissingExtra("drawing", "viz") from error
    size, numbers = selection.drawn, selection.numbers
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(list(range(size)))
    edges = ((numbers[connection.subject], numbers[connection.object]) for connection in selection.drawn_connections)
    graph.add_edges_from([(first, second, 0.6) for first, second in edges if first != second])
    kinds = sorted({concept.kind for concept in selection.concepts[:size]}, key=kind_rank)
    hubs = {kind: graph.add_node(kind.value) for kind in kinds}
    graph.add_edges_from([(hubs[selection.concepts[number].kind], number, 1.0) for number in range(size)])
    rounds = min(max(_WORK // (size * size), _LEAST_ROUNDS), _MOST_ROUNDS)
    positions = rustworkx.spring_layout(graph, seed=_SEED, num_iter=rounds, weight_fn=float)
    return [(positions[number][0], positions[number][1]) for number in range(size)]
