"""The raw graph, quad by quad."""

from __future__ import annotations

from kg.exports.content import Content, File
from kg.whole_files import opened


def nquads(content: Content, file: File) -> None:
    """Sorted N-Quads: all of the graph, or where a trust is asked for, what a query at that trust runs over."""
    from kg.graph.doorway import export_nquads
    from kg.graph.rdf.vocabulary import dataset

    graphs, store = dataset(content.asked.trust) if content.asked.trust else None, content.store
    with opened(file) as out:
        export_nquads(store, out, graphs)
