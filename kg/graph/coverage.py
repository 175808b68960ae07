"""Coverage in a store: the policies that list some diagnoses, read as far as a question needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain

from pyoxigraph import NamedNode

from kg.graph.rdf.coverage import read_group, read_place, read_policy
from kg.graph.rdf.values import Properties, Value
from kg.graph.rdf.vocabulary import BKG, REFERENCE, concept_of, node
from kg.graph.store import GraphStore
from kg.model import Code, Concept, Coverage, Policy, Ruling


def has_coverage(store: GraphStore) -> bool:
    """Whether any policy lists anything in a store."""
    return bool(store.manifest.counts.get("listings"))


def times_listed(store: GraphStore, concept: Concept) -> int:
    """How often policies list a diagnosis, all days and states together."""
    return store.counts(BKG.lists, [node(concept)], REFERENCE).get(node(concept), 0) if has_coverage(store) else 0


def rulings(
    store: GraphStore,
    diagnoses: Iterable[Concept],
    holds: Callable[[Policy], bool],
    service: Concept | None = None,
    exactly: Callable[[Concept], bool] = lambda _: True,
) -> list[Ruling]:
    """What policies that hold rule of diagnoses, and of one billing code where one is asked for.

    Without one, what is not listed is left out: articles that call their lists complete say no to all else, of
    hundreds of codes. `exactly` tells the diagnoses that are no headings.
    """
    if not has_coverage(store):
        return []
    asked = list(diagnoses)
    coverage = _coverage(store, asked, holds, service)
    return [
        ruling
        for diagnosis in asked
        for code in ([service.code] if service else _services(coverage, diagnosis.code))
        for ruling in coverage.rulings(code, diagnosis.code, exactly=service is not None and exactly(diagnosis))
    ]


def _services(coverage: Coverage, diagnosis: Code) -> list[Code]:
    """The billing codes that groups are for which list a diagnosis."""
    groups = (coverage.groups[number] for number in coverage.listings.get(diagnosis, ())[::2])
    return sorted({code for group in groups for code, _ in group.services})


def _coverage(
    store: GraphStore, diagnoses: Iterable[Concept], holds: Callable[[Policy], bool], service: Concept | None
) -> Coverage:
    """The part of the coverage that these questions need."""
    listings = store.about_each(store.subjects_of_each(BKG.lists, map(node, diagnoses), REFERENCE), REFERENCE)
    by_group: defaultdict[NamedNode, list[Properties]] = defaultdict(list)
    for properties in listings.values():
        for group in _nodes(properties.get(BKG.inGroup, ())):
            by_group[group].append(properties)
    of_service = store.subjects(BKG.forService, node(service), REFERENCE) if service else []
    names = list(dict.fromkeys(chain(by_group, of_service)))
    policy_of = {group: policies[0] for group, policies in store.objects_of(names, BKG.inPolicy, REFERENCE).items()}
    about_policies = store.about_each(dict.fromkeys(_nodes(policy_of.values())), REFERENCE)
    policies = {name: policy for name, about in about_policies.items() if holds(policy := read_policy(about))}
    numbers = {name: number for number, name in enumerate(policies)}
    about_groups = store.about_each([name for name in names if policy_of.get(name) in policies], REFERENCE)
    groups = {
        name: (number, read_group(about, numbers[_node(policy_of[name])]))
        for number, (name, about) in enumerate(about_groups.items())
    }
    places: defaultdict[Code, list[int]] = defaultdict(list)
    services: defaultdict[Code, list[int]] = defaultdict(list)
    for name, (number, group) in groups.items():
        for code, _ in group.services:
            services[code].append(number)
        for properties in by_group.get(name, ()):
            places[concept_of(properties[BKG.lists][0]).code] += number, read_place(properties)
    return Coverage(
        {numbers[name]: policy for name, policy in policies.items()},
        dict(groups.values()),
        dict(places),
        dict(services),
    )


def _nodes(values: Iterable[Value]) -> list[NamedNode]:
    return [value for value in values if isinstance(value, NamedNode)]


def _node(value: Value) -> NamedNode:
    assert isinstance(value, NamedNode)
    return value
