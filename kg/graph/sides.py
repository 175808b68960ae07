"""The sides of a comparison: what a document, an article or a contractor says, billing code by billing code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import Protocol

from kg.graph.articles import ArticleLists
from kg.graph.codes_for import assertion_of
from kg.graph.lookup import Reader
from kg.graph.rdf.iris import thing
from kg.graph.rdf.vocabulary import ASSERTIONS, PROV
from kg.graph.store import GraphStore
from kg.model import MEDICARE, Assertion, Code, Concept, Polarity, Policy, Qualifier, Relation, Side, Stance, Verdict
from kg.model.comparison import NO_QUALIFIERS, Qualifiers
from kg.model.coverage import closing_group

_NOTHING = Stance()


class Speaker(Protocol):
    """What is compared: all that one side says."""

    side: Side
    policies: Mapping[str, Policy]
    """The articles that it may cite, by what evidence calls them."""

    def services(self) -> Collection[Concept]:
        """The billing codes that it speaks of."""

    def relations(self, service: Concept) -> Collection[Relation]:
        """In which relations it speaks of a billing code."""

    def stance(self, service: Concept, relation: Relation) -> Stance:
        """What it says of a billing code in a relation; the same object where it says the same of several codes."""

    def assertions(
        self, service: Concept, relation: Relation, object: Concept, polarity: Polarity
    ) -> tuple[Assertion, ...]:
        """How it says so, with the evidence."""


class DocumentSpeaker:
    """What some assertions of a document state; `understood` are the qualifiers that go without saying."""

    def __init__(self, side: Side, assertions: Iterable[Assertion], understood: Qualifiers = frozenset()) -> None:
        self.side = side
        self.policies: Mapping[str, Policy] = {}
        self._by_edge: defaultdict[tuple[Concept, Relation, Concept, Polarity], list[Assertion]] = defaultdict(list)
        self._relations: defaultdict[Concept, dict[Relation, None]] = defaultdict(dict)
        for one in assertions:
            self._by_edge[one.subject, one.relation, one.object, one.polarity].append(one)
            self._relations[one.subject].setdefault(one.relation)
        self._stances = _stances(self._by_edge, understood)

    def services(self) -> Collection[Concept]:
        """The billing codes that it speaks of."""
        return self._relations.keys()

    def relations(self, service: Concept) -> Collection[Relation]:
        """In which relations it speaks of a billing code."""
        return self._relations.get(service, {}).keys()

    def stance(self, service: Concept, relation: Relation) -> Stance:
        """What it says of a billing code in a relation."""
        return self._stances.get((service, relation), _NOTHING)

    def assertions(
        self, service: Concept, relation: Relation, object: Concept, polarity: Polarity
    ) -> tuple[Assertion, ...]:
        """How it says so, the first in the document first."""
        stated = self._by_edge.get((service, relation, object, polarity), ())
        return tuple(sorted(stated, key=lambda one: one.evidence))


def _stances(
    by_edge: Mapping[tuple[Concept, Relation, Concept, Polarity], Sequence[Assertion]], understood: Qualifiers
) -> dict[tuple[Concept, Relation], Stance]:
    sides: defaultdict[tuple[Concept, Relation], dict[Polarity, set[str]]] = defaultdict(
        lambda: {polarity: set() for polarity in Polarity}
    )
    qualifiers: defaultdict[tuple[Concept, Relation], dict[tuple[str, Polarity], frozenset[Qualifiers]]]
    qualifiers = defaultdict(dict)
    for (subject, relation, object, polarity), stated in by_edge.items():
        sides[subject, relation][polarity].add(object.curie)
        under = frozenset(frozenset(one.qualifiers) - understood for one in stated)
        if under != NO_QUALIFIERS:
            qualifiers[subject, relation][object.curie, polarity] = under
    return {
        about: Stance(
            frozenset(by_polarity[Polarity.AFFIRMED]),
            frozenset(by_polarity[Polarity.EXCLUDED]),
            qualifiers=qualifiers[about],
        )
        for about, by_polarity in sides.items()
    }


def document_speaker(
    store: GraphStore, side: Side, identifier: str, verdicts: Collection[Verdict], *, of_medicare: bool
) -> DocumentSpeaker:
    """What a document of a store states; `of_medicare` takes of it what articles of Medicare may speak of as well.

    Those are the diagnoses that support a code, stated of no payer or of Medicare: for others they do not speak.
    """
    names = store.subjects(PROV.wasDerivedFrom, thing("document", identifier), ASSERTIONS)
    reader = Reader(store, needed=len(names))
    stated = (assertion for assertion, verdict in reader.assertions(names) if verdict in verdicts)
    if not of_medicare:
        return DocumentSpeaker(side, stated)
    return DocumentSpeaker(side, filter(_is_of_medicare, stated), frozenset({(Qualifier.FOR_PAYER, MEDICARE)}))


def _is_of_medicare(assertion: Assertion) -> bool:
    return assertion.relation is Relation.SUPPORTED_BY_DIAGNOSIS and assertion.payers <= {MEDICARE}


class ArticleSpeaker:
    """What articles rule: those of one contractor, or one alone.

    Their lists are compared as they are, group by group; what they rule of single pairs is worked out when it is asked.
    """

    def __init__(self, side: Side, lists: ArticleLists) -> None:
        self.side = side
        self.policies: Mapping[str, Policy] = {policy.key: policy for policy in lists.policies.values()}
        self._lists = lists
        self._affirmed = _affirmed(lists)
        self._stances: dict[tuple[tuple[int, ...], tuple[int, ...]], Stance] = {}

    def services(self) -> Collection[Concept]:
        """The billing codes for which there are lists of diagnoses."""
        return [Concept.of(code) for code in self._lists.services]

    def relations(self, service: Concept) -> Collection[Relation]:
        """The one relation that articles state."""
        return (Relation.SUPPORTED_BY_DIAGNOSIS,) if self._groups_for(service) else ()

    def stance(self, service: Concept, relation: Relation) -> Stance:
        """What the lists for a billing code say; the same object for all codes that have the same lists."""
        numbers = self._groups_for(service) if relation is Relation.SUPPORTED_BY_DIAGNOSIS else ()
        if not numbers:
            return _NOTHING
        key = numbers, self._closing(service.code, numbers)
        if key not in self._stances:
            self._stances[key] = self._stance(*key)
        return self._stances[key]

    def assertions(
        self, service: Concept, relation: Relation, object: Concept, polarity: Polarity
    ) -> tuple[Assertion, ...]:
        """What the articles rule of a billing code and a diagnosis, each with its row."""
        if relation is not Relation.SUPPORTED_BY_DIAGNOSIS or not (service.kind.is_code and object.kind.is_code):
            return ()
        ruled = self._lists.rulings(service.code, object)
        return tuple(assertion_of(service, object, ruling) for ruling in ruled if ruling.polarity is polarity)

    def _groups_for(self, service: Concept) -> tuple[int, ...]:
        return tuple(self._lists.services.get(service.code, ())) if service.kind.is_code else ()

    def _closing(self, service: Code, numbers: Iterable[int]) -> tuple[int, ...]:
        """The articles that say no of a billing code to what they do not list."""
        by_policy: defaultdict[int, list[int]] = defaultdict(list)
        for number in numbers:
            by_policy[self._lists.groups[number].policy].append(number)
        return tuple(
            policy
            for policy, own in by_policy.items()
            if closing_group([self._lists.groups[number] for number in own], service)
        )

    def _stance(self, numbers: Iterable[int], closing: Sequence[int]) -> Stance:
        listed: dict[Polarity, set[str]] = {polarity: set() for polarity in Polarity}
        for number in numbers:
            listed[self._lists.groups[number].polarity] |= self._lists.diagnoses[number]
        open = reduce(frozenset.intersection, (self._affirmed[policy] for policy in closing)) if closing else None
        return Stance(frozenset(listed[Polarity.AFFIRMED]), frozenset(listed[Polarity.EXCLUDED]), open)


def _affirmed(lists: ArticleLists) -> dict[int, frozenset[str]]:
    """What each article lists as supporting any code: to that, it says no for no other code."""
    by_policy: dict[int, set[str]] = {number: set() for number in lists.policies}
    for number, group in lists.groups.items():
        if group.polarity is Polarity.AFFIRMED:
            by_policy[group.policy] |= lists.diagnoses[number]
    return {number: frozenset(diagnoses) for number, diagnoses in by_policy.items()}
