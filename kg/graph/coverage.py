"""Coverage in a store: the policies that list some diagnoses, read as far as a question needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from pyoxigraph import NamedNode

from kg.graph.rdf.coverage import read_group, read_place, read_policy
from kg.graph.rdf.vocabulary import BKG, REFERENCE, concept_of, identifier_of, node
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
    listed = _listed(store, diagnoses)
    of_service = store.subjects(BKG.forService, node(service), REFERENCE) if service else []
    policies = _policies(store, dict.fromkeys([*listed, *of_service]), holds)
    groups: dict[int, Group] = {}
    places: defaultdict[Code, list[int]] = defaultdict(list)
    services: defaultdict[Code, list[int]] = defaultdict(list)
    for number, (name, about) in enumerate(store.about_each(policies, REFERENCE).items()):
        groups[number] = read_group(about, policies[name][0])
        for code, _ in groups[number].services:
            services[code].append(number)
        for code, place in listed.get(name, ()):
            places[code] += number, place
    return Coverage(dict(policies.values()), groups, dict(places), dict(services))


def _listed(store: GraphStore, diagnoses: Iterable[Concept]) -> dict[NamedNode, list[tuple[Code, int]]]:
    """The diagnoses that each group lists, and where."""
    by_group: defaultdict[NamedNode, list[tuple[Code, int]]] = defaultdict(list)
    listings = store.subjects_of_each(BKG.lists, [node(diagnosis) for diagnosis in diagnoses], REFERENCE)
    for about in store.about_each(listings, REFERENCE).values():
        for group in about.get(BKG.inGroup, ()):
            if isinstance(group, NamedNode):
                by_group[group].append((concept_of(about[BKG.lists][0]).code, read_place(about)))
    return dict(by_group)


def _policies(
    store: GraphStore, groups: Iterable[NamedNode], holds: Callable[[Policy], bool]
) -> dict[NamedNode, tuple[int, Policy]]:
    """The policy of each group, with a number, where it holds."""
    of_groups = {
        group: policy
        for group, (policy, *_) in store.objects_of(groups, BKG.inPolicy, REFERENCE).items()
        if isinstance(policy, NamedNode)
    }
    about = store.about_each(dict.fromkeys(of_groups.values()), REFERENCE)
    policies = {name: read_policy(properties) for name, properties in about.items()}
    numbered = {name: (number, policies[name]) for number, name in enumerate(policies) if holds(policies[name])}
    return {group: numbered[policy] for group, policy in of_groups.items() if policy in numbered}
