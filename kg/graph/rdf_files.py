"""The graph in the notations of RDF: each is written in sorted order, so that the same graph gives the same bytes.

Nothing of this holds the graph in memory: quads are sorted piece by piece, and written as they come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg.graph.manifest import damage
from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.vocabulary import RDF, dataset
from kg.graph.sorted_lines import SortedLines, by_subject
from kg.graph.store import GraphStore
from kg.model import Verdict

Graphs = Sequence[ox.NamedNode]

_AT_ONCE = 4096
_REIFIES = f" <{PREFIXES['rdf']}reifies> ".encode()
_PARTS = {
    f"<{name.value}>".encode(): position for position, name in enumerate((RDF.subject, RDF.predicate, RDF.object))
}


def quad_lines(store: GraphStore, graphs: Graphs | None = None) -> Iterator[bytes]:
    """The quads of all graphs, or of these, as sorted lines of N-Quads."""
    lines: Any
    with SortedLines() as lines:
        with damage(store.place):
            if graphs is None and isinstance(store.quads, ox.Store):
                store.quads.dump(lines, ox.RdfFormat.N_QUADS)
            else:
                every = dataset(Verdict.REFUTED) if graphs is None else graphs
                # Not `match`, which makes lists: of a graph of millions that is the whole memory.
                quads = (quad for graph in every for quad in store.quads.quads_for_pattern(None, None, None, graph))
                ox.serialize(quads, lines, ox.RdfFormat.N_QUADS)
        yield from lines


def export_nquads(store: GraphStore, out: BinaryIO, graphs: Graphs | None = None) -> int:
    """N-Quads: the quads of all graphs, or of these; gives their number."""
    return _write(quad_lines(store, graphs), out)


def export_reified(store: GraphStore, out: BinaryIO, graphs: Graphs | None = None) -> int:
    """N-Quads of RDF 1.2: the same quads, and for each assertion and statement the edge that it reifies.

    `assertion rdf:reifies <<( subject relation object )>>` leads from a plain edge to all that is stated of it. Gives
    the number of quads.
    """
    groups = by_subject(quad_lines(store, graphs))
    return _write((line for group in groups for line in _with_edge(group)), out)


def export_turtle(store: GraphStore, out: BinaryIO, graphs: Graphs) -> int:
    """Turtle: what stands in these graphs as one, without their names; gives the number of triples."""
    triples = (quad.triple for quad in _quads(quad_lines(store, graphs)))
    # A triple of two graphs stands in two lines that follow each other.
    return _serialized((triple for triple, _ in groupby(triples)), out, ox.RdfFormat.TURTLE)


def export_trig(store: GraphStore, out: BinaryIO, graphs: Graphs) -> int:
    """TriG: these graphs under their names, one after the other; gives the number of quads."""
    quads = (quad for graph in graphs for quad in _quads(quad_lines(store, [graph])))
    return _serialized(quads, out, ox.RdfFormat.TRIG)


def nodes(store: GraphStore, graph: ox.NamedNode) -> Iterator[list[ox.Quad]]:
    """The quads of one graph, those of each subject together."""
    for group in by_subject(quad_lines(store, [graph])):
        yield list(_quads(group))


def _with_edge(lines: list[bytes]) -> list[bytes]:
    """The lines of a subject, with the edge that it reifies where it is an assertion or a statement."""
    ends: dict[bytes, list[bytes]] = {}
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if predicate in _PARTS:
            value, graph, _ = rest.rsplit(b" ", 2)
            ends.setdefault(graph, [b""] * len(_PARTS))[_PARTS[predicate]] = value
    edges = [
        subject + _REIFIES + b"<<( " + b" ".join(parts) + b" )>> " + graph + b" .\n"
        for graph, parts in ends.items()
        if all(parts)
    ]
    return sorted([*lines, *edges]) if edges else lines


def _quads(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    rest = iter(lines)
    while some := b"".join(islice(rest, _AT_ONCE)):
        yield from ox.parse(some, ox.RdfFormat.N_QUADS, lenient=True)


def _serialized(items: Iterable[Any], out: BinaryIO, notation: ox.RdfFormat) -> int:
    written = _Counted(items)
    ox.serialize(written, out, notation, prefixes=PREFIXES)
    return written.count


class _Counted:
    """Things that are counted as they go by."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._items, self.count = iter(items), 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        item = next(self._items)
        self.count += 1
        return item


def _write(lines: Iterator[bytes], out: BinaryIO) -> int:
    count = 0
    while some := list(islice(lines, _AT_ONCE)):
        out.write(b"".join(some))
        count += len(some)
    return count
