"""Connections: the assertions and statements of a store, brought together by the edge that they state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode

from kg.errors import StoreError
from kg.graph.lookup import Reader, all_statements
from kg.graph.rdf.iris import node
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF, REFERENCE
from kg.graph.store import GraphStore
from kg.model import Assertion, Concept, Connection, Evidence, Polarity, Relation, Strength, Verdict

_STRENGTHS = list(Strength)
_RELATIONS = list(Relation)
Edge = tuple[Concept, Relation, Concept, Polarity]


def connections(
    store: GraphStore,
    *,
    subject: Concept | None = None,
    object: Concept | Collection[Concept] | None = None,
    concepts: Collection[Concept] | None = None,
    relations: Collection[Relation] | None = None,
    polarity: Polarity | None = Polarity.AFFIRMED,
    verdicts: Collection[Verdict] = tuple(Verdict),
    released: Collection[Relation] = (),
    without: Collection[Concept] = (),
) -> list[Connection]:
    """The connections between concepts, sorted, each with all assertions that these verdicts let through.

    `subject` and `object` fix an end, `object` also to any of several; `concepts` asks for those that touch
    any of them at either end. Excluded assertions come as connections of their own, and only where `polarity`
    asks for them, or is None for both. `without` leaves out what touches any of these concepts, which then is not even
    read; it goes with `concepts`. `released` names the relations that releases state as well: what
    they state comes as an assertion whose evidence is a row of the release.
    """
    objects = [object] if isinstance(object, Concept) else object
    criteria = _Criteria(subject, _set(objects), _set(concepts), relations, polarity, verdicts, frozenset(without))
    candidates = criteria.candidates(store, ASSERTIONS)
    reader = Reader(store, needed=len(candidates))
    by_edge: defaultdict[Edge, list[tuple[Verdict, Assertion]]] = defaultdict(list)
    from_documents = reader.assertions(candidates)
    from_releases = criteria.statements(store, reader, frozenset(released)) if released else ()
    for assertion, verdict in chain(from_documents, from_releases):
        if criteria.takes(assertion, verdict):
            edge = (assertion.subject, assertion.relation, assertion.object, assertion.polarity)
            by_edge[edge].append((verdict, assertion))
    return [connection_of(reader, edge, by_edge[edge]) for edge in sorted(by_edge, key=position)]


def connection(
    store: GraphStore,
    edge: tuple[Concept, Relation, Concept],
    *,
    verdicts: Collection[Verdict] = tuple(Verdict),
    released: Collection[Relation] = (),
) -> Connection:
    """The affirmed connection of a plain edge, as `connections` gives it; raises `StoreError` where there is none."""
    subject, relation, object = edge
    reader = Reader(store)
    from_documents = reader.assertions(store.about_both(subject, object, ASSERTIONS))
    from_releases = reader.statements(store.about_both(subject, object, REFERENCE) if relation in released else ())
    pairs = [
        (verdict, assertion)
        for assertion, verdict in chain(from_documents, from_releases)
        if verdict in verdicts and assertion.relation is relation and assertion.polarity is Polarity.AFFIRMED
    ]
    if not pairs:
        raise StoreError(
            f"{store.place}: the graph is damaged (nothing states {subject.curie} {relation} {object.curie})"
        )
    return connection_of(reader, (*edge, Polarity.AFFIRMED), pairs)


def _set(concepts: Iterable[Concept] | None) -> frozenset[Concept] | None:
    return None if concepts is None else frozenset(concepts)


@dataclass(frozen=True, slots=True)
class _Criteria:
    """What connections are asked for; None asks for any."""

    subject: Concept | None
    objects: frozenset[Concept] | None
    concepts: frozenset[Concept] | None
    relations: Collection[Relation] | None
    polarity: Polarity | None
    verdicts: Collection[Verdict]
    without: frozenset[Concept] = frozenset()

    def statements(
        self, store: GraphStore, reader: Reader, released: frozenset[Relation]
    ) -> Iterator[tuple[Assertion, Verdict]]:
        """What releases state in these relations about what was asked for."""
        if self.subject is None and self.objects is None and self.concepts is None:
            yield from all_statements(store, released)
            return
        for assertion, verdict in reader.statements(self.candidates(store, REFERENCE)):
            if assertion.relation in released:
                yield assertion, verdict

    def candidates(self, store: GraphStore, graph: NamedNode) -> list[NamedNode]:
        """What to look at in a graph: all that touches the narrowest of what was asked for."""
        if self.subject is not None:
            patterns = [(RDF.subject, self.subject)]
        elif self.objects is not None:
            patterns = [(RDF.object, concept) for concept in self.objects]
        elif self.concepts is not None:
            patterns = [(end, concept) for concept in self.concepts for end in (RDF.subject, RDF.object)]
        else:
            return store.subjects(RDF.type, BKG.Assertion, graph)
        if self.without:
            unheard = {node(concept) for concept in self.without}
            pairs = (store.with_other_end(end, node(concept), graph) for end, concept in patterns)
            return list(dict.fromkeys(name for name, other in chain.from_iterable(pairs) if other not in unheard))
        by_end: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
        for end, concept in patterns:
            by_end[end].append(node(concept))
        per_end = (store.subjects_of_each(end, nodes, graph) for end, nodes in by_end.items())
        return list(dict.fromkeys(chain.from_iterable(per_end)))

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


def connection_of(reader: Reader, edge: Edge, pairs: list[tuple[Verdict, Assertion]]) -> Connection:
    """The connection that an edge is, of what states it, with the verdicts on that."""
    subject, relation, object, _ = edge
    # Of rows of a release that are equally firm, the one that is in force speaks for the connection.
    pairs.sort(key=lambda pair: (_STRENGTHS.index(pair[1].strength), pair[0].rank, _place(pair[1])))
    strongest = Verdict.strongest(verdict for verdict, _ in pairs)
    assertions = tuple(assertion for _, assertion in pairs)
    return Connection(reader.named(subject), relation, reader.named(object), strongest, assertions)


def position(edge: Edge) -> tuple[Concept, int, Polarity, Concept]:
    """Where an edge stands among others."""
    subject, relation, object, polarity = edge
    return subject, _RELATIONS.index(relation), polarity, object


def _place(assertion: Assertion) -> tuple[Evidence, str, tuple[str, ...]]:
    qualifiers = tuple(concept.curie for _, concept in assertion.qualifiers)
    return assertion.evidence, assertion.condition, qualifiers
