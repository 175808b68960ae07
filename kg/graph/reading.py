"""From an opened store back to the model: assertions, evidence and connections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode

from kg.errors import StoreError
from kg.graph.store import GraphStore, Properties, Value
from kg.graph.vocabulary import (
    ASSERTIONS,
    BKG,
    DCTERMS,
    OA,
    POLARITIES,
    QUALIFIERS,
    RDF,
    RELATIONS,
    SKOS,
    STRENGTHS,
    VERDICTS,
    concept_of,
    curie,
    node,
)
from kg.model import Assertion, Concept, Connection, Evidence, Finding, Polarity, Relation, Strength, Verdict

_RELATION = {name.value: relation for relation, name in RELATIONS.items()}
_POLARITY = {name.value: polarity for polarity, name in POLARITIES.items()}
_STRENGTH = {name.value: strength for strength, name in STRENGTHS.items()}
_VERDICT = {name.value: verdict for verdict, name in VERDICTS.items()}
_STRENGTHS = list(Strength)
_RELATIONS = list(Relation)

# Beyond so many nodes, one pass over all assertions is faster than to ask for each.
_FEW = 2000


def connections(
    store: GraphStore,
    *,
    subject: Concept | None = None,
    object: Concept | Collection[Concept] | None = None,
    concepts: Collection[Concept] | None = None,
    relations: Collection[Relation] | None = None,
    polarity: Polarity | None = Polarity.AFFIRMED,
    verdicts: Collection[Verdict] = tuple(Verdict),
) -> list[Connection]:
    """The connections between concepts, sorted, each with all assertions that these verdicts let through.

    `subject` and `object` fix an end, `object` also to any of several; `concepts` asks for those that touch
    any of them at either end. Excluded assertions come as connections of their own, and only where `polarity`
    asks for them, or is None for both.
    """
    objects = [object] if isinstance(object, Concept) else object
    asked = _Asked(subject, _set(objects), _set(concepts), relations, polarity, verdicts)
    reader = _Reader(store)
    grouped: defaultdict[_Edge, list[tuple[Verdict, Assertion]]] = defaultdict(list)
    for name in asked.candidates(store):
        assertion, verdict = reader.assertion(name)
        if asked.takes(assertion, verdict):
            edge = (assertion.subject, assertion.relation, assertion.object, assertion.polarity)
            grouped[edge].append((verdict, assertion))
    return [_connection(reader, edge, grouped[edge]) for edge in sorted(grouped, key=_position)]


def _set(concepts: Iterable[Concept] | None) -> frozenset[Concept] | None:
    return None if concepts is None else frozenset(concepts)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What connections are asked for; None asks for any."""

    subject: Concept | None
    objects: frozenset[Concept] | None
    concepts: frozenset[Concept] | None
    relations: Collection[Relation] | None
    polarity: Polarity | None
    verdicts: Collection[Verdict]

    def candidates(self, store: GraphStore) -> list[NamedNode]:
        """The assertions to look at: all that touch the narrowest of what was asked for."""
        if self.subject is not None:
            patterns = [(RDF.subject, self.subject)]
        elif self.objects is not None:
            patterns = [(RDF.object, concept) for concept in self.objects]
        elif self.concepts is not None:
            patterns = [(end, concept) for concept in self.concepts for end in (RDF.subject, RDF.object)]
        else:
            return store.subjects(RDF.type, BKG.Assertion, ASSERTIONS)
        found = (store.subjects(end, node(concept), ASSERTIONS) for end, concept in patterns)
        return list(dict.fromkeys(chain.from_iterable(found)))

    def takes(self, assertion: Assertion, verdict: Verdict) -> bool:
        """Whether an assertion is asked for."""
        return (
            verdict in self.verdicts
            and (self.subject is None or assertion.subject == self.subject)
            and (self.objects is None or assertion.object in self.objects)
            and (self.concepts is None or not self.concepts.isdisjoint((assertion.subject, assertion.object)))
            and (self.relations is None or assertion.relation in self.relations)
            and (self.polarity is None or assertion.polarity is self.polarity)
        )


def assertions(store: GraphStore, names: Iterable[NamedNode]) -> list[tuple[Assertion, Verdict]]:
    """Assertions by their nodes, each with its verdict."""
    reader = _Reader(store)
    return [reader.assertion(name) for name in names]


def findings(store: GraphStore) -> list[Finding]:
    """What a person should look at, worst first, then in the order of documents."""
    reader = _Reader(store)
    found = []
    for name in store.subjects(RDF.type, BKG.Finding, ASSERTIONS):
        (owner,) = store.subjects(BKG.finding, name, ASSERTIONS)
        found.append(_finding(reader.assertion(owner)[0], store.about(name, ASSERTIONS)))
    return sorted(found, key=lambda f: (-f.verdict.rank, f.assertion.evidence, f.concept, f.reason))


def _finding(assertion: Assertion, found: Properties) -> Finding:
    better = found.get(BKG.betterCode)
    return Finding(
        assertion=assertion,
        verdict=_VERDICT[_text(found, BKG.leadsTo)],
        concept=concept_of(found[BKG.about][0]),
        reason=_text(found, BKG.reason),
        release=curie(_text(found, BKG.accordingTo)).removeprefix("release:"),
        suggestion=concept_of(better[0]) if better else None,
    )


def documents(store: GraphStore) -> dict[str, str]:
    """The title of each document, by its identifier."""
    nodes = sorted(store.subjects(RDF.type, BKG.Document, ASSERTIONS), key=lambda name: name.value)
    return {curie(name.value).removeprefix("document:"): store.objects(name, DCTERMS.title)[0].value for name in nodes}


def name_of(store: GraphStore, concept: Concept) -> Concept:
    """The concept under the name that the graph gives it."""
    names = store.objects(node(concept), SKOS.prefLabel)
    return Concept(concept.kind, concept.key, names[0].value if names else None)


_Edge = tuple[Concept, Relation, Concept, Polarity]


def _position(edge: _Edge) -> tuple[Concept, int, Polarity, Concept]:
    subject, relation, object, polarity = edge
    return subject, _RELATIONS.index(relation), polarity, object


def _connection(reader: _Reader, edge: _Edge, found: list[tuple[Verdict, Assertion]]) -> Connection:
    subject, relation, object, _ = edge
    found.sort(key=lambda pair: _firmness(pair[1]))
    strongest = min((verdict for verdict, _ in found), key=lambda verdict: verdict.rank)
    stated = tuple(assertion for _, assertion in found)
    return Connection(reader.named(subject), relation, reader.named(object), strongest, stated)


def _firmness(assertion: Assertion) -> tuple[int, Evidence, str, tuple[str, ...]]:
    qualifiers = tuple(concept.curie for _, concept in assertion.qualifiers)
    return _STRENGTHS.index(assertion.strength), assertion.evidence, assertion.condition, qualifiers


class _Reader:
    """Reads assertions; evidence and names that several of them share are read once."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._all: dict[NamedNode, Properties] = {}
        self._evidence: dict[str, Evidence] = {}
        self._named: dict[Concept, Concept] = {}
        self._asked = 0

    def assertion(self, name: NamedNode) -> tuple[Assertion, Verdict]:
        """One assertion with its verdict; raises `StoreError` where it is not whole."""
        found = self._of(name)
        try:
            return self._assertion(found), _VERDICT[found[BKG.verdict][0].value]
        except (KeyError, ValueError) as exc:
            where = f"{self._store.path}: the graph is damaged ({curie(name.value)} is not whole: {exc})"
            raise StoreError(f"{where}; build it again with 'kg build'") from exc

    def named(self, concept: Concept) -> Concept:
        """The concept under the name that the graph gives it."""
        if concept not in self._named:
            self._named[concept] = name_of(self._store, concept)
        return self._named[concept]

    def _assertion(self, found: Properties) -> Assertion:
        object = concept_of(found[RDF.object][0])
        stated = _text(found, BKG.statedName) or (None if object.kind.is_code else self.named(object).name)
        return Assertion(
            subject=concept_of(found[RDF.subject][0]),
            relation=_RELATION[found[RDF.predicate][0].value],
            object=Concept(object.kind, object.key, stated),
            evidence=self._evidence_of(found[BKG.evidence][0]),
            polarity=_POLARITY[found[BKG.polarity][0].value],
            strength=_STRENGTH[found[BKG.strength][0].value],
            condition=_text(found, BKG.condition),
            qualifiers=tuple(
                (qualifier, self.named(concept))
                for qualifier, name in QUALIFIERS.items()
                for concept in sorted(map(concept_of, found.get(name, ())))
            ),
            rule=_text(found, BKG.rule),
        )

    def _evidence_of(self, name: Value) -> Evidence:
        if name.value not in self._evidence:
            found = self._of(name)
            place = self._of(found[OA.hasSelector][0])
            self._evidence[name.value] = Evidence(
                document=curie(found[OA.hasSource][0].value).removeprefix("document:"),
                start=int(_text(place, OA.start)),
                end=int(_text(place, OA.end)),
                quote=_text(place, OA.exact),
                line=int(_text(found, BKG.line)),
                section=_text(found, BKG.section),
            )
        return self._evidence[name.value]

    def _of(self, name: Value) -> Properties:
        assert isinstance(name, NamedNode)
        self._asked += 1
        if self._asked == _FEW:
            self._all = self._store.everything(ASSERTIONS)
        return self._all[name] if self._all else self._store.about(name, ASSERTIONS)


def _text(found: Properties, name: NamedNode) -> str:
    values = found.get(name)
    return values[0].value if values else ""
