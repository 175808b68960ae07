"""The raw graph, quad by quad: all of it, or where a trust is asked for, what a query at that trust runs over."""

from __future__ import annotations

from kg.exports.content import Content, File
from kg.model import DEFAULT_TRUST, Verdict
from kg.whole_files import opened


def nquads(content: Content, file: File) -> None:
    """Sorted N-Quads."""
    from kg.graph.rdf.vocabulary import dataset
    from kg.graph.rdf_files import export_nquads

    graphs, store = dataset(content.asked.trust) if content.asked.trust else None, content.store
    with opened(file) as out:
        export_nquads(store, out, graphs)


def rdf12(content: Content, file: File) -> None:
    """Sorted N-Quads of RDF 1.2, in which assertions and statements reify the edges that they state."""
    from kg.graph.rdf.vocabulary import dataset
    from kg.graph.rdf_files import export_reified

    graphs, store = dataset(content.asked.trust) if content.asked.trust else None, content.store
    with opened(file) as out:
        export_reified(store, out, graphs)


def trig(content: Content, file: File) -> None:
    """TriG, graph by graph."""
    from kg.graph.rdf.vocabulary import dataset
    from kg.graph.rdf_files import export_trig

    graphs, store = dataset(content.asked.trust or Verdict.REFUTED), content.store
    with opened(file) as out:
        export_trig(store, out, graphs)


def jsonld(content: Content, file: File) -> None:
    """JSON-LD, graph by graph, a line for each node."""
    from kg.graph.jsonld import export_jsonld
    from kg.graph.rdf.vocabulary import dataset

    graphs, store = dataset(content.asked.trust or Verdict.REFUTED), content.store
    with opened(file) as out:
        export_jsonld(store, out, graphs)


def turtle(content: Content, file: File) -> None:
    """Turtle, which has no named graphs: what a query at the trust runs over, as one graph."""
    from kg.graph.rdf.vocabulary import dataset
    from kg.graph.rdf_files import export_turtle

    graphs, store = dataset(content.asked.trust or DEFAULT_TRUST), content.store
    with opened(file) as out:
        export_turtle(store, out, graphs)
