"""What the graph says of one concept, and which concept a text means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from kg.errors import MalformedCode, NotFound
from kg.graph.reading import name_of
from kg.graph.store import GraphStore
from kg.graph.vocabulary import BKG, CLASSES, DCTERMS, RDF, REFERENCE, SCHEMES, SKOS, concept_of, node
from kg.model import Code, CodeSystem, Concept, Kind, slug

_PREFIXES = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Description:
    """What the graph says of one concept.

    `exists` is True where a release or bundled table has it, False where a complete release of its system does
    not, and None where that cannot be known. `release` is the title of the complete release that covers it.
    """

    concept: Concept
    system: str = ""
    alternatives: tuple[str, ...] = ()
    billable: bool | None = None
    valid_from: date | None = None
    valid_through: date | None = None
    broader: Concept | None = None
    narrower: int = 0
    same_as: tuple[str, ...] = ()
    exists: bool | None = None
    release: str = ""


def describe(store: GraphStore, concept: Concept) -> Description:
    """What the graph says of a concept; of one that it does not know, that it does not know it."""
    values: dict[str, list[str]] = {}
    nodes: dict[str, list[NamedNode]] = {}
    for quad in store.match(node(concept), None, None):
        if isinstance(quad.object, NamedNode):
            nodes.setdefault(quad.predicate.value, []).append(quad.object)
        else:
            values.setdefault(quad.predicate.value, []).append(quad.object.value)
    exists, release = _standing(store, concept)
    return Description(
        concept=name_of(store, concept),
        system=_system(store, nodes),
        alternatives=tuple(sorted(values.get(SKOS.altLabel.value, ()))),
        billable={"true": True, "false": False}.get(_first(values, BKG.billable)),
        valid_from=_day(_first(values, BKG.validFrom)),
        valid_through=_day(_first(values, BKG.validThrough)),
        broader=next((name_of(store, concept_of(up)) for up in nodes.get(SKOS.broader.value, ())), None),
        narrower=len(store.match(None, SKOS.broader, node(concept))),
        same_as=tuple(sorted(same.value for same in nodes.get(SKOS.exactMatch.value, ()))),
        exists=exists,
        release=release,
    )


def narrower(store: GraphStore, concept: Concept) -> list[Concept]:
    """Everything below a concept, at any depth, without names; the concept itself is not among it."""
    found: dict[str, Concept] = {}
    waiting = [node(concept)]
    while waiting:
        for quad in store.match(None, SKOS.broader, waiting.pop()):
            if quad.subject.value not in found:
                found[quad.subject.value] = concept_of(quad.subject)
                waiting.append(quad.subject)
    return sorted(found.values())


def broader(store: GraphStore, concept: Concept) -> list[Concept]:
    """What a concept stands under, nearest first, with names."""
    found: list[Concept] = []
    here: list[Concept] = [concept]
    while here:
        here = [concept_of(quad.object) for quad in store.match(node(here[0]), SKOS.broader, None)]
        here = [above for above in here if above not in found]
        found.extend(here[:1])
    return [name_of(store, above) for above in found]


def knows(store: GraphStore, concept: Concept) -> bool:
    """Whether any release or document speaks of a concept."""
    return bool(store.match(node(concept), RDF.type, CLASSES[concept.kind]))


def resolve(store: GraphStore, text: str) -> Concept:
    """The concept that a text means: a CURIE, a code as people type it, a name or a brand.

    Of the codes that a text may be, the first that the graph knows is meant. Raises `NotFound`, which says what was
    looked for and what comes close, and `MalformedCode` for a CURIE whose code no code system would accept.
    """
    readings = list(_readings(text))
    for concept in readings:
        if knows(store, concept):
            return name_of(store, concept)
    named = store.names.exact(text)
    if named:
        return named[0].concept
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
    said = f"nothing in the graph is called {text!r}"
    if codes:
        searched = ", ".join(concept.curie for concept in codes)
        said = f"no release or document in the graph has {text!r}"
        for concept in codes[:1]:
            exists, release = _standing(store, concept)
            said = f"no such code in {release}: {text!r}" if exists is False else said
    close = [concept.curie for concept in suggestions(store, text)]
    hint = f"; close to it: {', '.join(close)}" if close else ""
    return f"{said} (searched {searched}){hint}"


def suggestions(store: GraphStore, text: str, limit: int = 3) -> list[Concept]:
    """Concepts that come close to a text: first those with connections, spelt nearly like it."""
    wanted = text.strip().partition(":")[2].lower() or text.strip().lower()
    called: dict[str, Concept] = {}
    for match in store.names.connected():
        for name in (match.concept.key, match.concept.name or ""):
            called.setdefault(name.lower(), match.concept)
    spelt = difflib.get_close_matches(wanted, called, n=limit, cutoff=0.75)
    found = dict.fromkeys(called[name] for name in spelt)
    if len(found) < limit:
        found.update(dict.fromkeys(match.concept for match in store.names.search(wanted, limit=limit)))
    return list(found)[:limit]


def _standing(store: GraphStore, concept: Concept) -> tuple[bool | None, str]:
    """Whether the concept exists as far as releases can tell, and the complete release that covers it."""
    release = complete_release(store, CodeSystem(concept.kind.value)) if concept.kind.is_code else ""
    if store.match(node(concept), RDF.type, None, REFERENCE):
        return True, release
    return (False if release else None), release


def complete_release(store: GraphStore, system: CodeSystem) -> str:
    """The title of the complete release of a code system in the graph, or nothing."""
    for quad in store.match(None, BKG.ofSystem, SCHEMES[system], REFERENCE):
        for complete in store.match(quad.subject, BKG.complete, None, REFERENCE):
            if complete.object.value == "true":
                return str(store.match(quad.subject, DCTERMS.title, None, REFERENCE)[0].object.value)
    return ""


def _system(store: GraphStore, nodes: dict[str, list[NamedNode]]) -> str:
    schemes = nodes.get(SKOS.inScheme.value)
    labels = store.match(schemes[0], SKOS.prefLabel, None) if schemes else []
    return str(labels[0].object.value) if labels else ""


def _first(values: dict[str, list[str]], name: NamedNode) -> str:
    return values.get(name.value, [""])[0]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
