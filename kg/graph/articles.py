"""Articles in a store: those of a number or of a contractor, in force on a day, and all that they list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pyoxigraph import Literal, NamedNode

from kg.graph.rdf.coverage import read_group, read_place, read_policy
from kg.graph.rdf.iris import curie, node
from kg.graph.rdf.vocabulary import BKG, REFERENCE
from kg.graph.store import GraphStore
from kg.model import Code, Concept, Coverage, Group, Policy, PolicyKind, Ruling

Articles = dict[NamedNode, Policy]
"""Articles by their nodes."""

_DIAGNOSES = "SELECT ?group ?diagnosis { ?listing bkg:inGroup ?group ; bkg:lists ?diagnosis }"
_PLACES = """SELECT ?group ?diagnosis ?row ?starred {
    ?listing bkg:inGroup ?group ; bkg:lists ?diagnosis ; bkg:row ?row OPTIONAL { ?listing bkg:starred ?starred } }"""
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


class ArticleLists:
    """What articles list: their groups of diagnoses as sets of CURIEs, and the rows of a group when they are needed.

    A contractor has tens of thousands of rows. To compare them only the diagnoses are read; rows are for what is shown.
    """

    def __init__(self, store: GraphStore, articles: Articles, service: Concept | None = None) -> None:
        """Read them; where a billing code is named, those of articles that have lists for it."""
        if service is not None:
            articles = _with_lists_for(store, articles, service)
        numbers = {name: number for number, name in enumerate(articles)}
        self.policies = dict(enumerate(articles.values()))
        self.groups: dict[int, Group] = {}
        self.services: dict[Code, list[int]] = {}
        self.diagnoses: dict[int, frozenset[str]] = {}
        self._store = store
        self._nodes: list[NamedNode] = []
        self._places: dict[int, dict[str, int]] = {}
        by_policy = {name: policy for policy in articles for *_, name in store.select(_GROUPS, policy=policy)}
        about = store.about_each(sorted(by_policy, key=lambda name: name.value), REFERENCE)
        curies = _Curies()
        for number, (name, properties) in enumerate(about.items()):
            self._nodes.append(name)
            self.groups[number] = read_group(properties, numbers[by_policy[name]])
            for code, _ in self.groups[number].services:
                self.services.setdefault(code, []).append(number)
            rows = store.select(_DIAGNOSES, group=name)
            self.diagnoses[number] = frozenset(curies[diagnosis.value] for *_, diagnosis in rows)

    def rulings(self, service: Code, diagnosis: Concept) -> list[Ruling]:
        """What the articles rule of a billing code and a diagnosis."""
        policies = {self.groups[number].policy for number in self.services.get(service, ())}
        listing = [
            number
            for number, listed in self.diagnoses.items()
            if diagnosis.curie in listed and self.groups[number].policy in policies
        ]
        places = [place for number in listing for place in (number, self._place(number, diagnosis.curie))]
        coverage = Coverage(self.policies, self.groups, {diagnosis.code: places}, self.services)
        return coverage.rulings(service, diagnosis.code)

    def _place(self, group: int, diagnosis: str) -> int:
        """Where a group lists a diagnosis; of several rows the first."""
        if group not in self._places:
            places = self._places[group] = dict[str, int]()
            for *_, listed, row, starred in self._store.select(_PLACES, group=self._nodes[group]):
                place = read_place({BKG.row: [row], **({BKG.starred: [starred]} if starred else {})})
                name = curie(listed.value)
                places[name] = min(place, places.get(name, place))
        return self._places[group][diagnosis]


def _with_lists_for(store: GraphStore, articles: Articles, service: Concept) -> Articles:
    groups = store.subjects(BKG.forService, node(service), REFERENCE)
    own = {policy for policies in store.objects_of(groups, BKG.inPolicy, REFERENCE).values() for policy in policies}
    return {name: policy for name, policy in articles.items() if name in own}


class _Curies(dict[str, str]):
    """The CURIE of each node, worked out once."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, curie(name))
