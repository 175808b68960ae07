"""What speaks against a concept or a document: the findings about it, and about what is stated of it or in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import NamedNode

from kg.graph.lookup import findings
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, PROV, RDF, node, thing
from kg.graph.store import GraphStore
from kg.model import Concept, Finding


def findings_against(store: GraphStore, concept: Concept) -> list[Finding]:
    """The findings about a concept, and about assertions that have it as subject or object; the worst first."""
    stated = [name for end in (RDF.subject, RDF.object) for name in store.subjects(end, node(concept), ASSERTIONS)]
    about = store.subjects(BKG.about, node(concept), ASSERTIONS)
    return findings(store, dict.fromkeys((*about, *_against(store, stated))))


def findings_in(store: GraphStore, document: str) -> list[Finding]:
    """The findings about what a document states; the worst first."""
    stated = store.subjects(PROV.wasDerivedFrom, thing("document", document), ASSERTIONS)
    return findings(store, dict.fromkeys(_against(store, stated)))


def _against(store: GraphStore, assertions: Collection[NamedNode]) -> Iterator[NamedNode]:
    """The nodes of the findings about assertions."""
    by_assertion = store.objects_of(assertions, BKG.finding, ASSERTIONS) if assertions else {}
    yield from (name for names in by_assertion.values() for name in names if isinstance(name, NamedNode))


def counts_against(store: GraphStore, concepts: Iterable[Concept]) -> dict[Concept, int]:
    """How many findings there are about each of some concepts; those without any are left out."""
    nodes = {node(concept): concept for concept in concepts}
    if not nodes:
        return {}
    return {nodes[name]: number for name, number in store.counts(BKG.about, nodes, ASSERTIONS).items()}
