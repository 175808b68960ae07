"""From an opened store back to what releases say of some codes, as the readers gave it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from pyoxigraph import NamedNode

from kg.graph.store import GraphStore, Properties
from kg.graph.vocabulary import BKG, DCTERMS, RDF, REFERENCE, RELATIONS, SCHEMES, SKOS, concept_of, curie, node
from kg.model import Code, CodeSystem, Concept, Relation
from kg.reference import Drug, Edition, Entry, Reference, Release


def known_codes(store: GraphStore, concepts: Iterable[Concept]) -> Reference:
    """What releases say of these codes, of what stands under headings among them, and of codes for the same drugs."""
    codes = {node(concept) for concept in concepts}
    drugs = {drug for code in codes for drug in _stated(store, RDF.subject, code, RDF.object)}
    codes |= {code for drug in drugs for code in _stated(store, RDF.object, drug, RDF.subject)}
    codes |= {below for code in codes if store.objects(code, BKG.headingFrom) for below in store.narrower(code)}
    by_release: defaultdict[NamedNode, list[Entry]] = defaultdict(list)
    for code in sorted(codes, key=str):
        found = store.about(code, REFERENCE)
        for release in found.get(BKG.describedBy, ()):
            if isinstance(release, NamedNode):
                by_release[release].append(_entry(code, found))
    editions = [Edition(_release(store, release), tuple(entries)) for release, entries in by_release.items()]
    named = [Drug(concept_of(drug)) for drug in sorted(drugs, key=str)]
    return Reference.of(editions, named)


def _stated(store: GraphStore, end: NamedNode, of: NamedNode, other: NamedNode) -> set[NamedNode]:
    """What statements of releases join to a node by `identifiesDrug`."""
    found = set[NamedNode]()
    for name in store.subjects(end, of, REFERENCE):
        said = store.about(name, REFERENCE)
        if said.get(RDF.predicate, [None])[0] == RELATIONS[Relation.IDENTIFIES_DRUG]:
            found.update(value for value in said[other] if isinstance(value, NamedNode))
    return found


def _release(store: GraphStore, name: NamedNode) -> Release:
    found = store.about(name, REFERENCE)
    system = next(system for system, scheme in SCHEMES.items() if scheme in found[BKG.ofSystem])
    return Release(
        identifier=curie(name.value).removeprefix("release:"),
        system=system,
        title=_text(found, DCTERMS.title),
        issued=_day(found, DCTERMS.issued),
        complete=_text(found, BKG.complete) == "true",
        licence=_text(found, DCTERMS.license),
        source=_text(found, DCTERMS.source),
        outside=_text(found, BKG.outside),
    )


def _entry(name: NamedNode, found: Properties) -> Entry:
    concept = concept_of(name)
    return Entry(
        code=Code(CodeSystem(concept.kind.value), concept.key),
        name=_text(found, SKOS.prefLabel),
        broader=None,
        billable={"true": True, "false": False}.get(_text(found, BKG.billable)),
        valid_from=_day(found, BKG.validFrom),
        valid_through=_day(found, BKG.validThrough),
        heading_from=_day(found, BKG.headingFrom),
        row=int(_text(found, BKG.row) or 0),
    )


def _text(found: Properties, name: NamedNode) -> str:
    values = found.get(name)
    return values[0].value if values else ""


def _day(found: Properties, name: NamedNode) -> date | None:
    text = _text(found, name)
    return date.fromisoformat(text) if text else None
