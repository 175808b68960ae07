"""From an opened store back to the model: assertions, evidence and connections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from pyoxigraph import Literal, NamedNode

from kg.errors import StoreError
from kg.graph.store import GraphStore
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
from kg.model import Assertion, Concept, Connection, Evidence, Polarity, Relation, Strength, Verdict

Properties = dict[str, list[NamedNode | Literal]]
"""What the graph says of one node, by the IRI of the property."""

_RELATION = {name.value: relation for relation, name in RELATIONS.items()}
_POLARITY = {name.value: polarity for polarity, name in POLARITIES.items()}
_STRENGTH = {name.value: strength for strength, name in STRENGTHS.items()}
_VERDICT = {name.value: verdict for verdict, name in VERDICTS.items()}
_STRENGTHS = list(Strength)

# Beyond so many nodes, one pass over all assertions is faster than to ask for each.
_FEW = 2000


def connections(
    store: GraphStore,
    *,
    subject: Concept | None = None,
    object: Concept | None = None,
    concepts: Collection[Concept] | None = None,
    relations: Collection[Relation] | None = None,
    polarity: Polarity | None = Polarity.AFFIRMED,
    verdicts: Collection[Verdict] = tuple(Verdict),
) -> list[Connection]:
    """The connections between concepts, sorted, each with all assertions that these verdicts let through.

    `subject` and `object` fix an end; `concepts` asks for those that touch any of them at either end. Excluded
    assertions come as connections of their own, and only where `polarity` is `Polarity.EXCLUDED`, or None for both.
    """
    reader = _Reader(store)
    grouped: defaultdict[tuple[Concept, Relation, Concept, Polarity], list[tuple[Verdict, Assertion]]]
    grouped = defaultdict(list)
    for name in _asked_for(store, subject, object, concepts):
        assertion, verdict = reader.assertion(name)
        if verdict not in verdicts or (relations is not None and assertion.relation not in relations):
            continue
        if (subject is not None and assertion.subject != subject) or polarity not in (None, assertion.polarity):
            continue
        if object is None or assertion.object == object:
            edge = (assertion.subject, assertion.relation, assertion.object, assertion.polarity)
            grouped[edge].append((verdict, assertion))
    order = list(Relation)
    keys = sorted(grouped, key=lambda edge: (edge[0], order.index(edge[1]), edge[3], edge[2]))
    return [_connection(reader, key, grouped[key]) for key in keys]


def assertions(store: GraphStore, names: Iterable[NamedNode]) -> list[tuple[Assertion, Verdict]]:
    """Assertions by their nodes, each with its verdict."""
    reader = _Reader(store)
    return [reader.assertion(name) for name in names]


def name_of(store: GraphStore, concept: Concept) -> Concept:
    """The concept under the name that the graph gives it."""
    for quad in store.match(node(concept), SKOS.prefLabel, None):
        return Concept(concept.kind, concept.key, quad.object.value)
    return Concept(concept.kind, concept.key)


def _connection(
    reader: _Reader, key: tuple[Concept, Relation, Concept, Polarity], found: list[tuple[Verdict, Assertion]]
) -> Connection:
    subject, relation, object, _ = key
    found.sort(key=lambda pair: (_STRENGTHS.index(pair[1].strength), pair[1].evidence, pair[1].condition))
    strongest = min((verdict for verdict, _ in found), key=lambda verdict: verdict.rank)
    stated = tuple(assertion for _, assertion in found)
    return Connection(reader.named(subject), relation, reader.named(object), strongest, stated)


def _asked_for(
    store: GraphStore, subject: Concept | None, object: Concept | None, concepts: Collection[Concept] | None
) -> Iterator[NamedNode]:
    """The assertions to look at: all that touch the narrowest of what was asked for."""
    if subject is not None:
        patterns = [(RDF.subject, subject)]
    elif object is not None:
        patterns = [(RDF.object, object)]
    elif concepts is not None:
        patterns = [(end, concept) for concept in concepts for end in (RDF.subject, RDF.object)]
    else:
        yield from (quad.subject for quad in store.match(None, RDF.type, BKG.Assertion, ASSERTIONS))
        return
    seen: set[str] = set()
    for end, concept in patterns:
        for quad in store.match(None, end, node(concept), ASSERTIONS):
            if quad.subject.value not in seen:
                seen.add(quad.subject.value)
                yield quad.subject


class _Reader:
    """Reads assertions; evidence and names that several of them share are read once."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._properties: Callable[[NamedNode], Properties] = partial(_ask, store)
        self._evidence: dict[str, Evidence] = {}
        self._named: dict[Concept, Concept] = {}
        self._asked = 0

    def assertion(self, name: NamedNode) -> tuple[Assertion, Verdict]:
        """One assertion with its verdict; raises `StoreError` where it is not whole."""
        found = self._of(name)
        try:
            return self._assertion(found), _VERDICT[found[BKG.verdict.value][0].value]
        except (KeyError, ValueError) as exc:
            raise StoreError(
                f"{self._store.path}: {curie(name.value)} is not whole ({exc}); build it again with 'kg build'"
            ) from exc

    def named(self, concept: Concept) -> Concept:
        """The concept under the name that the graph gives it."""
        if concept not in self._named:
            self._named[concept] = name_of(self._store, concept)
        return self._named[concept]

    def _assertion(self, found: Properties) -> Assertion:
        object = concept_of(found[RDF.object.value][0])
        stated = _text(found, BKG.statedName) or (None if object.kind.is_code else self.named(object).name)
        return Assertion(
            subject=concept_of(found[RDF.subject.value][0]),
            relation=_RELATION[found[RDF.predicate.value][0].value],
            object=Concept(object.kind, object.key, stated),
            evidence=self._evidence_of(found[BKG.evidence.value][0]),
            polarity=_POLARITY[found[BKG.polarity.value][0].value],
            strength=_STRENGTH[found[BKG.strength.value][0].value],
            condition=_text(found, BKG.condition),
            qualifiers=tuple(
                (qualifier, self.named(concept))
                for qualifier, name in QUALIFIERS.items()
                for concept in sorted(map(concept_of, found.get(name.value, ())))
            ),
            rule=_text(found, BKG.rule),
        )

    def _evidence_of(self, name: NamedNode | Literal) -> Evidence:
        if name.value not in self._evidence:
            found = self._of(name)
            place = self._of(found[OA.hasSelector.value][0])
            self._evidence[name.value] = Evidence(
                document=curie(found[OA.hasSource.value][0].value).removeprefix("document:"),
                start=int(_text(place, OA.start)),
                end=int(_text(place, OA.end)),
                quote=_text(place, OA.exact),
                line=int(_text(found, BKG.line)),
                section=_text(found, BKG.section),
            )
        return self._evidence[name.value]

    def _of(self, name: NamedNode | Literal) -> Properties:
        self._asked += 1
        if self._asked == _FEW:
            self._properties = partial(dict.__getitem__, _all(self._store))
        return self._properties(name)  # type: ignore[arg-type]


def _ask(store: GraphStore, name: NamedNode) -> Properties:
    found: Properties = {}
    for quad in store.match(name, None, None, ASSERTIONS):
        found.setdefault(quad.predicate.value, []).append(quad.object)
    return found


def _all(store: GraphStore) -> dict[NamedNode, Properties]:
    found: dict[NamedNode, Properties] = {}
    for quad in store.match(None, None, None, ASSERTIONS):
        found.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    return found


def _text(found: Properties, name: NamedNode) -> str:
    values = found.get(name.value)
    return values[0].value if values else ""


def documents(store: GraphStore) -> dict[str, str]:
    """The title of each document, by its identifier."""
    nodes = (quad.subject for quad in store.match(None, RDF.type, BKG.Document, ASSERTIONS))
    return {
        curie(name.value).removeprefix("document:"): _text(_ask(store, name), DCTERMS.title)
        for name in sorted(nodes, key=lambda name: name.value)
    }
