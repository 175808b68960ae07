"""What drug or brand was meant by a name that is called nothing: only offered, never taken for the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from kg.graph.names import fold
from kg.graph.rdf.iris import node
from kg.graph.rdf.statements import read_statement
from kg.graph.rdf.values import text_of
from kg.graph.rdf.vocabulary import BKG, RDF, REFERENCE, RELATIONS, SKOS
from kg.graph.store import GraphStore
from kg.model import Concept, Kind, Relation

_NAME = re.compile(r"[^\W\d_][^\W\d_ -]{3,39}(?:[ -][^\W\d_]{1,20}){0,2}")
"""Letters alone, and not too few: what has a digit is a code, and short words come near to too many others."""
_LEAST = 0.7
_AS_NEAR = 0.05
"""Names whose likeness is so much less than that of the likeliest are meant just as well."""
_READ = 20_000
_MOST_CODES = 3


def offers(store: GraphStore, text: str, limit: int = 3) -> tuple[str, ...]:
    """Drugs and brands that a name comes near to, each with its codes: `Actemra (tocilizumab, J3262)`.

    Empty where nothing comes near. The first letter is taken as it was typed, as people mistype others.
    """
    from rapidfuzz import process  # Which takes time to import, and only what is called nothing needs it.
    from rapidfuzz.distance import OSA

    asked = fold(text)
    if not _NAME.fullmatch(asked):
        return ()
    called: dict[str, Concept] = {}
    for concept, name in store.names.beginning(asked[0], {Kind.DRUG}, _READ):
        called.setdefault(name, concept)
    near = process.extract(
        asked, [*called], scorer=OSA.normalized_similarity, processor=None, score_cutoff=_LEAST, limit=2 * limit
    )
    likely = dict.fromkeys(called[name] for name, likeness, _ in near if likeness >= near[0][1] - _AS_NEAR)
    names = {concept: next(name for name, _, _ in near if called[name] == concept) for concept in likely}
    return tuple(_in_words(store, concept, name) for concept, name in list(names.items())[:limit])


def _in_words(store: GraphStore, drug: Concept, called: str) -> str:
    """A drug under the name that comes near, with its own name and the codes that it is billed as."""
    labels = (text_of({SKOS.altLabel: [value]}, SKOS.altLabel) for value in store.objects(node(drug), SKOS.altLabel))
    own = drug.name or drug.key
    name = own if fold(own) == called else next((label for label in labels if fold(label) == called), called)
    codes = [code.key for code in _in_force(store, sorted(identified_by(store, drug)))]
    listed = codes[:_MOST_CODES] + ([f"and {len(codes) - _MOST_CODES} more"] if len(codes) > _MOST_CODES else [])
    besides = ", ".join(listed if name == own else [own, *listed])
    return f"{name} ({besides})" if besides else name


def _in_force(store: GraphStore, codes: Iterable[Concept]) -> list[Concept]:
    """Those that have not ended by the day of the store, or all where all have."""
    every, day = list(codes), store.manifest.day
    ended = store.objects_of(map(node, every), BKG.validThrough, REFERENCE)
    return [
        code
        for code in every
        if not (day and any(value.value < day.isoformat() for value in ended.get(node(code), ())))
    ] or every


def identified_by(store: GraphStore, drug: Concept) -> set[Concept]:
    """The codes that releases say identify a drug."""
    return {code for code, _ in stated(store, RDF.object, drug, Relation.IDENTIFIES_DRUG)}


def stated(store: GraphStore, end: NamedNode, of: Concept, relation: Relation) -> Iterator[tuple[Concept, Concept]]:
    """The subject and the object of what releases state of a concept in a relation."""
    for name in store.subjects(end, node(of), REFERENCE):
        properties = store.about(name, REFERENCE)
        if properties.get(RDF.predicate) == [RELATIONS[relation]]:
            statement = read_statement(properties)
            yield statement.subject, statement.object
