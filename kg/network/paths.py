"""Paths between two concepts: the shortest and the k best, where a way through a hub is a long way.

Any two codes meet at Medicare, and that says nothing; two codes that meet at one diagnosis say something. So
a path pays for every hop, and for every concept that it passes *through*, the more the less that concept
tells apart:

- A hop costs 1, and 0.1 more for each step that its verdict is below `corroborated`.
- Passing through a concept costs ½·(log₂ fan + log₂ crowd) for the hop that enters it, and the same for the
  hop that leaves it.

**fan** is how many concepts the one passed through has on that side of that relation: for Medicare, entered
by `hasPayer`, the codes that have it as payer. It is the degree, taken relation by relation, so that a code
does not look like a hub merely because its guide is thorough. **crowd** is the fan to be expected of any
concept in that role (Σ fan² / Σ fan): it tells the kinds that say little, payers, places and general
modifiers, from those that say much, by the structure alone and even in a graph of three guides, where no
single concept looks like a hub. The two ends cost nothing: they were asked for. A billing unit costs 10 more, since
two codes that are both billed by 1 mg have nothing in common.

Connections are walked both ways; excluded ones are not walked at all, and neither is one from a concept to
itself. A package (`billedAs`) leads to its code and is no way from one code to another, so that connection is
walked only where the package is an end. Between two neighbours a path takes their cheapest connection. Costs
are whole thousandths while they are compared, so that equal means equal: of equal costs the path with fewer
hops comes first, then the one whose CURIEs come first, and of equal connections the one with the stronger
verdict, then the relation that comes first.

The paths of a built graph are searched in its adjacency; those of any other connections in one that is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from kg.errors import UsageError
from kg.graph.adjacency import Adjacency, concept_called, role
from kg.model import Concept, Connection, Evidence, Hop, Path, Polarity, Relation, Verdict
from kg.network.search import Search, Way

Edge = tuple[Concept, Relation, Concept]
Fetch = Callable[[Edge], Connection]
"""Gives the connection of an edge, with all that states it."""


def find_paths(connections: Iterable[Connection], start: Concept, end: Concept, k: int = 3) -> list[Path]:
    """The `k` best paths from `start` to `end`, cheapest first; none where the two are not connected.

    No path visits a concept twice, and no two visit the same concepts in the same order. Raises `UsageError`
    where both ends are the same concept or `k` is below 1.

    >>> from kg.model import Assertion, Concept, Connection, Evidence, Relation, Verdict
    >>> def connect(code, diagnosis):
    ...     ends = Concept.parse(code), Relation.SUPPORTED_BY_DIAGNOSIS, Concept.parse(diagnosis)
    ...     said = Assertion(*ends, Evidence("guide", 0, 5, diagnosis, 1))
    ...     return Connection(*ends, Verdict.CONSISTENT, (said,))
    >>> connections = [connect("J3262", "M06.9"), connect("J1745", "M06.9")]
    >>> [path] = find_paths(connections, Concept.parse("J3262"), Concept.parse("J1745"))
    >>> [concept.key for concept in path.concepts], path.cost
    (['J3262', 'M06.9', 'J1745'], 4.2)
    """
    return PathFinder(connections).find(start, end, k)


class PathFinder:
    """Finds paths in one set of connections; make one to ask many times.

    The connections are read, never changed.
    """

    def __init__(self, connections: Iterable[Connection]) -> None:
        affirmed = (connection for connection in connections if connection.polarity is Polarity.AFFIRMED)
        self._connections = tuple(connection for connection in affirmed if connection.subject != connection.object)
        edges = ((c.subject.curie, c.relation, c.object.curie, c.verdict) for c in self._connections)
        self._adjacency = Adjacency.of(edges)

    def find(self, start: Concept, end: Concept, k: int = 3) -> list[Path]:
        """The `k` best paths from `start` to `end`, as `find_paths` gives them."""
        return paths_in(self._adjacency, Verdict.REFUTED, start, end, k, self._strongest.__getitem__)

    def fees(self) -> dict[Connection, tuple[int, int]]:
        """What a path pays, in thousandths, for passing through the subject and the object of each connection."""
        adjacency, rows = self._adjacency, self._adjacency.down_to(Verdict.REFUTED)
        fees = {
            (adjacency.curie(node), rows.role[group]): int(rows.fee[group])
            for node in range(len(adjacency))
            for group in rows.groups(node)
        }
        return {
            connection: (
                fees[connection.subject.curie, role(connection.relation, as_subject=True)],
                fees[connection.object.curie, role(connection.relation, as_subject=False)],
            )
            for connection in self._connections
        }

    @cached_property
    def _strongest(self) -> dict[Edge, Connection]:
        """The connection of each edge; where one edge is given several times, the strongest of them."""
        strongest: dict[Edge, Connection] = {}
        for connection in self._connections:
            edge = (connection.subject, connection.relation, connection.object)
            strongest[edge] = min(connection, strongest.get(edge, connection), key=_weakness)
        return strongest


def paths_in(
    adjacency: Adjacency, floor: Verdict, start: Concept, end: Concept, k: int, connection: Fetch
) -> list[Path]:
    """The `k` best paths in an adjacency, down to a trust floor; only the connections on them are asked for.

    Raises `UsageError` as `find_paths` does.
    """
    if start == end:
        raise UsageError(f"a path needs two different concepts, not {start.curie} twice")
    if k < 1:
        raise UsageError(f"not a number of paths: {k}")
    first, last = adjacency.node(start.curie), adjacency.node(end.curie)
    if first is None or last is None:
        return []
    search = Search(adjacency.down_to(floor), first, last)
    return [Path(_hops(adjacency, search, way, connection), way.cost / 1000) for way in search.best(k)]


def _hops(adjacency: Adjacency, search: Search, way: Way, connection: Fetch) -> tuple[Hop, ...]:
    """The connections that a way takes."""
    concepts = [concept_called(adjacency.curie(node)) for node in way.nodes]
    hops: list[Hop] = []
    for number, (here, there) in enumerate(zip(way.nodes, way.nodes[1:], strict=False)):
        relation, forward = search.relation(here, there)
        ends = concepts[number : number + 2]
        subject, object = ends if forward else ends[::-1]
        hops.append(Hop(connection((subject, relation, object)), forward))
    return tuple(hops)


def _weakness(connection: Connection) -> tuple[int, tuple[Evidence, ...]]:
    return connection.verdict.rank, connection.evidence
