"""What the graph says of one concept, and which concept a text means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from kg.errors import MalformedCode, NotFound
from kg.graph.lookup import name_of
from kg.graph.near import near_codes, suggestions
from kg.graph.offers import offers
from kg.graph.rdf.iris import concept_of, node
from kg.graph.rdf.meanings import MeaningInGraph, meant_on, read_meaning
from kg.graph.rdf.sources import read_release
from kg.graph.rdf.values import Properties, text_of, texts_of
from kg.graph.rdf.vocabulary import BKG, RDF, REFERENCE, SCHEMES, SKOS
from kg.graph.store import GraphStore
from kg.model import Code, Concept, Kind, slug

_PREFIXES = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Description:
    """What the graph says of one concept.

    `exists` is True where a release or bundled table has it, False where a complete release covers it and does not
    have it, and None where that cannot be known. `release` is the title of the release that describes it, in its
    `row` (0 where there is none), or else of the complete one that does not have it; then `near` are codes that come
    close to it. `alternatives` are the other names that releases give it, `descriptor` its long one where it has one.
    Of a code that had several meanings all is that of the day of the store, and `earlier` says what it meant before,
    and until when.
    """

    concept: Concept
    system: str = ""
    descriptor: str = ""
    earlier: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    billable: bool | None = None
    valid_from: date | None = None
    valid_through: date | None = None
    broader: Concept | None = None
    narrower: int = 0
    same_as: tuple[str, ...] = ()
    exists: bool | None = None
    release: str = ""
    row: int = 0
    near: tuple[Concept, ...] = ()


@dataclass(frozen=True, slots=True)
class Validity:
    """Since when and how a code holds; `missing_from` is the title of the complete release that does not have it."""

    missing_from: str = ""
    billable: bool | None = None
    valid_from: date | None = None
    valid_through: date | None = None


def describe(store: GraphStore, concept: Concept) -> Description:
    """What the graph says of a concept; of one that it does not know, that it does not know it."""
    properties, day = store.about(node(concept)), store.manifest.day
    meaning, earlier = _meant_on(store, properties, day)
    exists, release = _standing(store, concept)
    return Description(
        concept=Concept(concept.kind, concept.key, meaning.name or None),
        system=_system(store, properties),
        descriptor=meaning.descriptor,
        earlier=earlier,
        alternatives=meaning.names,
        billable=meaning.billable_on(day),
        valid_from=meaning.valid_from,
        valid_through=meaning.valid_through,
        broader=name_of(store, meaning.broader) if meaning.broader else None,
        narrower=len(store.subjects(SKOS.broader, node(concept))),
        same_as=texts_of(properties, SKOS.exactMatch),
        exists=exists,
        release=_title_of(store, meaning) or release,
        row=meaning.row,
        near=near_codes(store, concept) if exists is False else (),
    )


def _meant_on(store: GraphStore, properties: Properties, day: date | None) -> tuple[MeaningInGraph, tuple[str, ...]]:
    """The meaning that a code has on a day, and in words what it meant before that."""
    earlier = [
        read_meaning(store.about(name, REFERENCE))
        for name in properties.get(BKG.earlierMeaning, ())
        if isinstance(name, NamedNode)
    ]
    earlier.sort(key=lambda meaning: str(meaning.valid_through or ""), reverse=True)
    every = [read_meaning(properties), *earlier]
    chosen = meant_on(day, every)
    before = every[chosen + 1 :]
    return every[chosen], tuple(f"{meaning.name} (until {meaning.valid_through or ''})" for meaning in before)


def validities(store: GraphStore, codes: Iterable[Concept]) -> dict[Concept, Validity]:
    """Since when and how each of many codes holds, as `describe` says of one; all are looked up together."""
    nodes = {code: node(code) for code in codes}
    predicates = (BKG.describedBy, BKG.billable, BKG.headingFrom, BKG.billableFrom, BKG.validFrom, BKG.validThrough)
    by_predicate = {name: store.objects_of(nodes.values(), name, REFERENCE) for name in predicates}
    meanings = {
        code: read_meaning({of: values[name] for of, values in by_predicate.items() if name in values})
        for code, name in nodes.items()
    }
    return {
        code: Validity(
            missing_from="" if meaning.release else complete_release(store, code.code),
            billable=meaning.billable_on(store.manifest.day),
            valid_from=meaning.valid_from,
            valid_through=meaning.valid_through,
        )
        for code, meaning in meanings.items()
    }


def exact(store: GraphStore, concepts: Iterable[Concept]) -> set[Concept]:
    """Those of many concepts that are diagnoses, and no headings, of which an article would list the codes below."""
    nodes = {node(concept): concept for concept in concepts if concept.kind is Kind.ICD10CM}
    properties: dict[NamedNode, Properties] = {name: {} for name in nodes}
    for predicate in (BKG.billable, BKG.headingFrom, BKG.billableFrom):
        for name, values in store.objects_of(nodes, predicate, REFERENCE).items():
            properties[name][predicate] = values
    day = store.manifest.day
    return {nodes[name] for name, about in properties.items() if read_meaning(about).billable_on(day) is not False}


def narrower(store: GraphStore, concept: Concept) -> list[Concept]:
    """Everything below a concept, at any depth, without names; the concept itself is not among it."""
    return sorted(concept_of(below) for below in store.narrower(node(concept)))


def broader(store: GraphStore, concept: Concept) -> list[Concept]:
    """What a concept stands under, nearest first, with names."""
    ancestors: list[Concept] = []
    above = store.objects(node(concept), SKOS.broader)
    while above and (nearest := concept_of(above[0])) not in ancestors:
        ancestors.append(nearest)
        above = store.objects(node(nearest), SKOS.broader)
    return [name_of(store, concept) for concept in ancestors]


def knows(store: GraphStore, concept: Concept) -> bool:
    """Whether any release or document speaks of a concept."""
    return bool(store.objects(node(concept), RDF.type))


def resolve(store: GraphStore, text: str) -> Concept:
    """The concept that a text means: a CURIE, a code as people type it, a name or a brand.

    Of the codes that a text may be, the first that the graph knows is meant. Raises `NotFound`, which says
    what was searched and what comes close, and `MalformedCode` for a CURIE that no code system would accept.
    """
    readings = list(_readings(text))
    for concept in readings:
        if knows(store, concept):
            return name_of(store, concept)
    matches = store.names.exact(text)
    if matches:
        return matches[0].concept
    raise NotFound(_nothing(store, text, readings))


def _readings(text: str) -> Iterator[Concept]:
    """What a text may mean besides a name, the likeliest first."""
    prefix, colon, rest = text.strip().partition(":")
    if colon and prefix.lower() in _PREFIXES:
        try:
            yield Concept.parse(text)
        except MalformedCode:
            # Blocks of ICD-10-CM (icd10cm:M05-M14) are concepts, though no code.
            if prefix.lower() != Kind.ICD10CM or "-" not in rest:
                raise
            yield Concept(Kind.ICD10CM, rest.strip().upper())
        return
    yield from map(Concept.of, Code.readings(text))
    for kind in Kind:
        if not kind.is_code and slug(text):
            yield Concept(kind, slug(text))


def _nothing(store: GraphStore, text: str, readings: Iterable[Concept]) -> str:
    codes = [concept for concept in readings if concept.kind.is_code]
    searched = "codes, names and brands"
    message = f"nothing in the graph is called {text!r}"
    if codes:
        searched = ", ".join(concept.curie for concept in codes)
        message = f"no release or document in the graph has {text!r}"
        for concept in codes[:1]:
            exists, release = _standing(store, concept)
            message = f"no such code in {release}: {text!r}" if exists is False else message
    if not codes and (meant := offers(store, text)):
        return f"{message} (searched {searched}); did you mean {' or '.join(meant)}?"
    close = [concept.curie for concept in suggestions(store, text)]
    hint = f"; close to it: {', '.join(close)}" if close else ""
    return f"{message} (searched {searched}){hint}"


def _standing(store: GraphStore, concept: Concept) -> tuple[bool | None, str]:
    """Whether the concept exists as far as releases can tell, and the release that has it, or should have it."""
    for describing in store.objects(node(concept), BKG.describedBy, REFERENCE):
        if isinstance(describing, NamedNode):
            return True, read_release(store.about(describing, REFERENCE)).title
    if not concept.kind.is_code:
        return (True if store.objects(node(concept), RDF.type, REFERENCE) else None), ""
    release = complete_release(store, concept.code)
    return (False if release else None), release


def _title_of(store: GraphStore, meaning: MeaningInGraph) -> str:
    """The title of the release that describes a meaning; nothing where none does."""
    return read_release(store.about(meaning.release, REFERENCE)).title if meaning.release else ""


def complete_release(store: GraphStore, code: Code) -> str:
    """The title of the newest complete release in the graph that covers a code, whether it has it or not."""
    releases = [
        read_release(store.about(name, REFERENCE))
        for name in store.subjects(BKG.ofSystem, SCHEMES[code.system], REFERENCE)
    ]
    covering = [(str(release.issued or ""), release.title) for release in releases if release.covers(code)]
    return max(covering, default=("", ""))[1]


def _system(store: GraphStore, properties: Properties) -> str:
    for scheme in properties.get(SKOS.inScheme, ()):
        if isinstance(scheme, NamedNode):
            return text_of(store.about(scheme), SKOS.prefLabel)
    return ""
