"""From an opened store back to what releases say of some codes, as the readers gave it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from pyoxigraph import Literal, NamedNode

from kg.graph.store import GraphStore, Properties, Value, text_of
from kg.graph.validity import turned
from kg.graph.vocabulary import (
    BKG,
    CLASSES,
    DCTERMS,
    RDF,
    REFERENCE,
    RELATIONS,
    SCHEMES,
    SKOS,
    concept_of,
    curie,
    node,
)
from kg.model import Concept, Kind, Relation
from kg.reference import Drug, Edition, Entry, Reference, Release, Statement

_IDENTIFIES = RELATIONS[Relation.IDENTIFIES_DRUG]


def known_codes(store: GraphStore, concepts: Iterable[Concept]) -> Reference:
    """What releases say of these codes, of what stands below headings among them, and of all codes of drugs.

    Names that a release does not let be shown are not in the graph, and so neither here.
    """
    codes = {node(concept) for concept in concepts}
    turning = [code for code in codes if store.objects(code, BKG.headingFrom) or store.objects(code, BKG.billableFrom)]
    codes |= {below for code in turning for below in store.narrower(code)}
    stated: defaultdict[NamedNode, list[Statement]] = defaultdict(list)
    drugs: list[Drug] = []
    if any(_identified(store, code) for code in codes):
        drugs = [_drug(store, name) for name in _sorted(store.subjects(RDF.type, CLASSES[Kind.DRUG], REFERENCE))]
        for name in _sorted(store.subjects(RDF.predicate, _IDENTIFIES, REFERENCE)):
            said = store.about(name, REFERENCE)
            stated[_one(said, BKG.accordingTo)].append(_statement(said))
            codes.add(_one(said, RDF.subject))
    entries = _entries(store, codes)
    # A release that describes none of the codes may still cover the day.
    releases = [quad.subject for quad in store.match(None, BKG.complete, Literal(True), REFERENCE)]
    editions = [
        Edition(_release(store, name), tuple(entries[name]), tuple(stated[name]))
        for name in _sorted({*entries, *stated, *releases})
    ]
    return Reference.of(editions, drugs, settled=True)


def _entries(store: GraphStore, codes: Iterable[NamedNode]) -> defaultdict[NamedNode, list[Entry]]:
    """What is said of codes, by the release that says it, in each of their meanings."""
    found: defaultdict[NamedNode, list[Entry]] = defaultdict(list)
    for code in _sorted(codes):
        said = store.about(code, REFERENCE)
        earlier = [
            store.about(name, REFERENCE) for name in said.get(BKG.earlierMeaning, ()) if isinstance(name, NamedNode)
        ]
        for meaning in (said, *earlier):
            for release in meaning.get(BKG.describedBy, ()):
                if isinstance(release, NamedNode):
                    found[release].append(_entry(code, meaning))
    return found


def _identified(store: GraphStore, code: NamedNode) -> bool:
    """Whether a release says which drug a code identifies."""
    statements = store.subjects(RDF.subject, code, REFERENCE)
    return any(_IDENTIFIES in store.objects(name, RDF.predicate, REFERENCE) for name in statements)


def _drug(store: GraphStore, name: NamedNode) -> Drug:
    found, concept = store.about(name, REFERENCE), concept_of(name)
    above = found.get(SKOS.broader)
    return Drug(
        concept=Concept(concept.kind, concept.key, text_of(found, SKOS.prefLabel)),
        brands=tuple(brand.value for brand in found.get(SKOS.altLabel, ())),
        broader=concept_of(above[0]) if above else None,
    )


def _statement(said: Properties) -> Statement:
    """Which drug a release says that a code identifies."""
    subject, drug = (concept_of(said[end][0]) for end in (RDF.subject, RDF.object))
    row, text = int(text_of(said, BKG.row) or 0), text_of(said, BKG.releaseText)
    return Statement(subject, Relation.IDENTIFIES_DRUG, drug, row, text)


def _release(store: GraphStore, name: NamedNode) -> Release:
    found = store.about(name, REFERENCE)
    system = next(system for system, scheme in SCHEMES.items() if scheme in found[BKG.ofSystem])
    return Release(
        identifier=curie(name.value).removeprefix("release:"),
        system=system,
        title=text_of(found, DCTERMS.title),
        issued=_day(found, DCTERMS.issued),
        complete=text_of(found, BKG.complete) == "true",
        licence=text_of(found, DCTERMS.license),
        source=text_of(found, DCTERMS.source),
        outside=text_of(found, BKG.outside),
        since=_day(found, BKG.coversFrom),
        dated=text_of(found, BKG.statesDays) == "true",
    )


def _entry(name: NamedNode, found: Properties) -> Entry:
    concept = concept_of(name)
    above = found.get(SKOS.broader)
    return Entry(
        code=concept.code,
        name=text_of(found, BKG.descriptor) or text_of(found, SKOS.prefLabel),
        called=text_of(found, SKOS.prefLabel) if BKG.descriptor in found else "",
        broader=concept_of(above[0]).code if above else None,
        billable={"true": True, "false": False}.get(text_of(found, BKG.billable)),
        valid_from=_day(found, BKG.validFrom),
        valid_through=_day(found, BKG.validThrough),
        turned=turned(found),
        names=tuple(name.value for name in found.get(SKOS.altLabel, ())),
        row=int(text_of(found, BKG.row) or 0),
    )


def _sorted(names: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(names, key=lambda name: name.value)


def _one(found: Properties, name: NamedNode) -> NamedNode:
    value: Value = found[name][0]
    assert isinstance(value, NamedNode)
    return value


def _day(found: Properties, name: NamedNode) -> date | None:
    text = text_of(found, name)
    return date.fromisoformat(text) if text else None
