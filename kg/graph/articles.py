"""Articles in a store: those of a number or of a contractor, in force on a day, and all that they list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from pyoxigraph import Literal, NamedNode

from kg.graph.rdf.coverage import read_group, read_place, read_policy
from kg.graph.rdf.vocabulary import BKG, REFERENCE, concept_of
from kg.graph.store import GraphStore
from kg.model import Code, Coverage, Group, Policy, PolicyKind

Articles = dict[NamedNode, Policy]
"""Articles by their nodes."""

_LISTINGS = """SELECT ?policy ?listing ?group ?diagnosis ?row ?starred {
    ?group bkg:inPolicy ?policy ; a bkg:DiagnosisGroup .
    ?listing bkg:inGroup ?group ; bkg:lists ?diagnosis ; bkg:row ?row
    OPTIONAL { ?listing bkg:starred ?starred } }"""
_GROUPS = "SELECT ?policy ?group { ?group bkg:inPolicy ?policy ; a bkg:DiagnosisGroup }"
_NUMBERED = "SELECT ?number ?policy { ?policy bkg:policyNumber ?number }"
_OF_CONTRACTOR = "SELECT ?contractor ?policy { ?policy bkg:contractor ?contractor }"
_CONTRACTORS = "SELECT DISTINCT ?contractor { ?policy a bkg:Article ; bkg:contractor ?contractor }"


def articles_numbered(store: GraphStore, number: str) -> Articles:
    """All versions of an article, the newest first; none where there is no article of that number."""
    return _read(store, [row[-1] for row in store.select(_NUMBERED, number=Literal(number))])


def contractors(store: GraphStore) -> list[str]:
    """The contractors of all articles."""
    return sorted(row[-1].value for row in store.select(_CONTRACTORS))


def articles_of(store: GraphStore, contractor: str) -> Articles:
    """All versions of all articles of a contractor."""
    return _read(store, [row[-1] for row in store.select(_OF_CONTRACTOR, contractor=Literal(contractor))])


def in_force(articles: Articles, day: date | None) -> Articles:
    """Those in force on a day; of an article of which several versions are, the newest."""
    newest: dict[str, NamedNode] = {}
    for name, policy in articles.items():
        if policy.holds_on(day):
            newest.setdefault(policy.identifier, name)
    return {name: articles[name] for name in newest.values()}


def _read(store: GraphStore, names: Iterable[NamedNode]) -> Articles:
    policies = {name: read_policy(about) for name, about in store.about_each(names, REFERENCE).items()}
    articles = [(name, policy) for name, policy in policies.items() if policy.kind is PolicyKind.ARTICLE]
    return dict(sorted(articles, key=lambda pair: (pair[1].identifier, -pair[1].version)))


def coverage_of(store: GraphStore, articles: Articles) -> Coverage:
    """All that articles list: their groups of diagnoses, and where each diagnosis and each billing code stands."""
    numbers = {name: number for number, name in enumerate(articles)}
    groups: dict[int, Group] = {}
    group_numbers: dict[NamedNode, int] = {}
    services: defaultdict[Code, list[int]] = defaultdict(list)
    for name, policy in _groups(store, articles).items():
        group_numbers[name] = len(groups)
        groups[len(groups)] = read_group(store.about(name, REFERENCE), numbers[policy])
    for number, group in groups.items():
        for code, _ in group.services:
            services[code].append(number)
    listings = _listings(store, articles, group_numbers)
    return Coverage({numbers[name]: policy for name, policy in articles.items()}, groups, listings, dict(services))


def _groups(store: GraphStore, articles: Articles) -> dict[NamedNode, NamedNode]:
    """The policy of each group, in order."""
    rows = (row for name in articles for row in store.select(_GROUPS, policy=name))
    return {row[-1]: row[-2] for row in sorted(rows, key=lambda row: row[-1].value)}


def _listings(store: GraphStore, articles: Articles, numbers: Mapping[NamedNode, int]) -> dict[Code, list[int]]:
    """Where each diagnosis is listed: pairs of the group and the place in its table, in the order of the rows."""
    places: defaultdict[NamedNode, list[tuple[int, int]]] = defaultdict(list)
    for article in articles:
        for *_, group, diagnosis, row, starred in store.select(_LISTINGS, policy=article):
            about = {BKG.row: [row], **({BKG.starred: [starred]} if starred else {})}
            places[diagnosis].append((numbers[group], read_place(about)))
    return {
        concept_of(diagnosis).code: [number for pair in sorted(pairs) for number in pair]
        for diagnosis, pairs in places.items()
    }
