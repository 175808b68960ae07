"""What speaks against a concept: the findings about it, and about what documents state of it."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from kg.graph.lookup import findings
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF, node
from kg.graph.store import GraphStore
from kg.model import Concept, Finding


def findings_against(store: GraphStore, concept: Concept) -> list[Finding]:
    """The findings about a concept, and about assertions that have it as subject or object; the worst first."""
    stated = [name for end in (RDF.subject, RDF.object) for name in store.subjects(end, node(concept), ASSERTIONS)]
    about_stated = store.objects_of(stated, BKG.finding, ASSERTIONS) if stated else {}
    found = dict.fromkeys(store.subjects(BKG.about, node(concept), ASSERTIONS))
    for names in about_stated.values():
        found.update(dict.fromkeys(name for name in names if isinstance(name, NamedNode)))
    return findings(store, found)


def counts_against(store: GraphStore, concepts: Iterable[Concept]) -> dict[Concept, int]:
    """How many findings there are about each of some concepts; those without any are left out."""
    nodes = {node(concept): concept for concept in concepts}
    if not nodes:
        return {}
    return {nodes[name]: number for name, number in store.counts(BKG.about, nodes, ASSERTIONS).items()}
