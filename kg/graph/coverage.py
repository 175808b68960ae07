"""Coverage in a store: the policies that list some diagnoses, read as far as a question needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

from pyoxigraph import Literal, NamedNode

from kg.graph.rdf.coverage import is_group, listing_node, read_group, read_place, read_policy
from kg.graph.rdf.iris import identifier_of, node
from kg.graph.rdf.vocabulary import BKG, REFERENCE
from kg.graph.store import GraphStore
from kg.model import Code, Concept, Coverage, Group, Policy, Ruling


def has_coverage(store: GraphStore) -> bool:
    """Whether any policy lists anything in a store."""
    return bool(store.manifest.counts.get("listings"))


def policy_titles(store: GraphStore) -> dict[str, str]:
    """The title of each policy, by its number and version."""
    if not has_coverage(store):
        return {}
    rows = store.select("SELECT ?title ?policy { ?policy bkg:policyNumber ?number ; dcterms:title ?title }")
    return {identifier_of(row[-1].value): row[-2].value for row in rows}


def times_listed(store: GraphStore, concept: Concept) -> int:
    """How often policies list a diagnosis, all days and states together."""
    return store.counts(BKG.lists, [node(concept)], REFERENCE).get(node(concept), 0) if has_coverage(store) else 0


def rulings(
    store: GraphStore,
    diagnoses: Iterable[Concept],
    holds: Callable[[Policy], bool],
    service: Concept | None = None,
    exactly: Callable[[Concept], bool] = lambda _: True,
    state: str = "",
) -> list[Ruling]:
    """What policies that hold rule of diagnoses, and of one billing code where one is asked for.

    Without one, what is not listed is left out: articles that call their lists complete say no to all else, of
    hundreds of codes. `exactly` tells the diagnoses that are no headings. With a `state` only its policies are read.
    """
    if not has_coverage(store):
        return []
    asked = list(diagnoses)
    coverage = (_of_service if service else _of_diagnoses)(store, asked, _Policies(store, holds, state), service)
    return [
        ruling
        for diagnosis in asked
        for ruling in coverage.rulings_of_each(
            [service.code] if service else _services(coverage, diagnosis.code),
            diagnosis.code,
            lambda _: True,
            exactly=service is not None and exactly(diagnosis),
        )
    ]


def _services(coverage: Coverage, diagnosis: Code) -> list[Code]:
    """The billing codes that groups are for which list a diagnosis."""
    groups = (coverage.groups[number] for number in coverage.listings.get(diagnosis, ())[::2])
    return sorted({code for group in groups for code, _ in group.services}, key=lambda code: code.curie)


class _Policies:
    """The policies that hold, each read once, with a number."""

    def __init__(self, store: GraphStore, holds: Callable[[Policy], bool], state: str) -> None:
        self._store, self._holds = store, holds
        self._in_state = set(store.subjects(BKG.state, Literal(state), REFERENCE)) if state else None
        self._numbers: dict[NamedNode, int | None] = {}
        self.by_number: dict[int, Policy] = {}

    def of_groups(self, groups: Iterable[NamedNode]) -> dict[NamedNode, NamedNode]:
        """The policy of each group, where it holds."""
        found = self._store.objects_of(groups, BKG.inPolicy, REFERENCE)
        of_groups = {group: policy for group, (policy, *_) in found.items() if isinstance(policy, NamedNode)}
        return {group: policy for group, policy in of_groups.items() if self.number(policy) is not None}

    def number(self, policy: NamedNode) -> int | None:
        """The number of a policy, None where it does not hold."""
        if policy not in self._numbers:
            self._numbers[policy] = self._number(policy)
        return self._numbers[policy]

    def _number(self, policy: NamedNode) -> int | None:
        if self._in_state is not None and policy not in self._in_state:
            return None
        own = read_policy(self._store.about(policy, REFERENCE))
        if not self._holds(own):
            return None
        number = len(self.by_number)
        self.by_number[number] = own
        return number


def _of_diagnoses(store: GraphStore, diagnoses: Iterable[Concept], policies: _Policies, _: object) -> Coverage:
    """The groups that list diagnoses."""
    listed = _listed(store, diagnoses)
    of_groups = policies.of_groups(listed)
    places = _places(store, {group: listed[group] for group in of_groups})
    return _coverage(store, policies, of_groups, places)


def _of_service(
    store: GraphStore, diagnoses: Sequence[Concept], policies: _Policies, service: Concept | None
) -> Coverage:
    """The groups of the policies that have one for a billing code, whichever diagnoses they list.

    Some diagnoses stand in thousands of lists, so it is the lists of these policies that are looked at.
    """
    assert service is not None
    own = policies.of_groups(store.subjects(BKG.forService, node(service), REFERENCE))
    of_groups = {
        group: policy
        for policy in dict.fromkeys(own.values())
        for group in store.subjects(BKG.inPolicy, policy, REFERENCE)
        if is_group(group)
    }
    if len(of_groups) * len(diagnoses) > _LOOKED_UP:
        listed = _listed(store, diagnoses)
    else:
        listed = {group: [(one, listing_node(group, one.code)) for one in diagnoses] for group in of_groups}
    return _coverage(store, policies, of_groups, _places(store, {group: listed.get(group, []) for group in of_groups}))


_Listings = dict[NamedNode, list[tuple[Concept, NamedNode]]]
"""By group diagnoses, each with the row that lists it, if there is one."""
_LOOKED_UP = 2_000
"""Beyond so many rows that may be there, those that are there are asked for."""


def _listed(store: GraphStore, diagnoses: Iterable[Concept]) -> _Listings:
    """The rows that list diagnoses, by group."""
    listed: defaultdict[NamedNode, list[tuple[Concept, NamedNode]]] = defaultdict(list)
    for diagnosis in diagnoses:
        query = f"SELECT ?listing ?group {{ ?listing bkg:lists {node(diagnosis)} ; bkg:inGroup ?group }}"
        for listing, group in store.select(query):
            listed[group].append((diagnosis, listing))
    return dict(listed)


def _places(store: GraphStore, listed: _Listings) -> dict[NamedNode, list[tuple[Code, int]]]:
    """Where each group lists diagnoses; a row that is not there is left out."""
    return {
        group: [
            (diagnosis.code, read_place(about))
            for diagnosis, listing in listings
            if (about := store.about(listing, REFERENCE))
        ]
        for group, listings in listed.items()
    }


def _coverage(
    store: GraphStore,
    policies: _Policies,
    of_groups: Mapping[NamedNode, NamedNode],
    listed: Mapping[NamedNode, Iterable[tuple[Code, int]]],
) -> Coverage:
    """Groups with what they list, as coverage."""
    groups: dict[int, Group] = {}
    places: defaultdict[Code, list[int]] = defaultdict(list)
    services: defaultdict[Code, list[int]] = defaultdict(list)
    for number, (name, policy) in enumerate(of_groups.items()):
        groups[number] = read_group(store.about(name, REFERENCE), policies.number(policy) or 0)
        for code, _ in groups[number].services:
            services[code].append(number)
        for code, place in sorted(listed[name], key=itemgetter(1)):
            places[code] += number, place
    return Coverage(policies.by_number, groups, dict(places), dict(services))
