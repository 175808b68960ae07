"""How far two sides agree: their lists compared as sets, and only the edges of a page read whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import NamedTuple

from kg.errors import UnknownName, UsageError
from kg.graph.describing import exact
from kg.graph.lookup import Reader
from kg.graph.side_names import named_side
from kg.graph.sides import Speaker
from kg.graph.store import GraphStore
from kg.model import Agreement, Compared, Concept, Kind, Polarity, Policy, Qualifier, Relation, Stance, Verdict
from kg.model.comparison import Qualifiers
from kg.model.relations import OF_A_PAYER

Shares = Mapping[Agreement, frozenset[str]]
"""The objects of two stances, as CURIEs, by how the two stand to them."""
_RELATIONS = list(Relation)
_YES, _NO = Polarity.AFFIRMED, Polarity.EXCLUDED


class Block(NamedTuple):
    """The edges of one billing code in one relation, by how the sides stand to them."""

    service: Concept
    relation: Relation
    shares: Shares


@dataclass(frozen=True, slots=True)
class Compare:
    """Two sides compared: the billing codes of both block by block, and those of which only one speaks, with counts."""

    first: Speaker
    second: Speaker
    blocks: tuple[Block, ...]
    only_first: Mapping[Concept, int]
    only_second: Mapping[Concept, int]
    counts: Mapping[Agreement, int] = field(default_factory=Counter)

    @property
    def services(self) -> int:
        """Of how many billing codes both speak."""
        return len({block.service for block in self.blocks})

    def page(self, store: GraphStore, kinds: Iterable[Agreement], limit: int, offset: int) -> list[Compared]:
        """So many edges of each of these kinds from an offset on, in order, with what states them."""
        reader = Reader(store)
        return [
            self._read(reader, block, object, kind)
            for kind in kinds
            for block, object in islice(self._edges(kind, offset), limit)
        ]

    def policies_of(self, edges: Iterable[Compared]) -> dict[str, Policy]:
        """The articles that the evidence of some edges names, by what it calls them."""
        cited = {one.evidence.document for edge in edges for one in (*edge.first, *edge.second)}
        policies = {**self.first.policies, **self.second.policies}
        return {name: policies[name] for name in sorted(cited & policies.keys())}

    def _edges(self, kind: Agreement, offset: int) -> Iterator[tuple[Block, str]]:
        """The edges of a kind; of blocks that lie before the offset nothing is sorted."""
        for block in self.blocks:
            share = block.shares.get(kind, frozenset())
            if offset >= len(share):
                offset -= len(share)
                continue
            for object in sorted(share)[offset:]:
                yield block, object
            offset = 0

    def _read(self, reader: Reader, block: Block, object: str, kind: Agreement) -> Compared:
        subject, other = reader.named(block.service), reader.named(concept_called(object))
        stances = [side.stance(block.service, block.relation) for side in (self.first, self.second)]
        polarities = _polarities(object, kind, *stances)
        first, second = (
            tuple(
                assertion for polarity in own for assertion in side.assertions(subject, block.relation, other, polarity)
            )
            for side, own in zip((self.first, self.second), polarities, strict=True)
        )
        return Compared(subject, block.relation, other, kind, first, second)


def named_codes(
    store: GraphStore, codes: Mapping[Concept, int], limit: int, offset: int
) -> Iterator[tuple[Concept, int]]:
    """Some of the billing codes of one side alone, under their names, each with the number of its edges."""
    reader = Reader(store)
    for code, number in islice(codes.items(), offset, offset + limit):
        yield reader.named(code), number


def concept_called(curie: str) -> Concept:
    """The concept of a CURIE of the graph, which may be a block of codes as well."""
    kind, _, key = curie.partition(":")
    return Concept(Kind(kind), key)


def _polarities(
    object: str, kind: Agreement, first: Stance, second: Stance
) -> tuple[Collection[Polarity], Collection[Polarity]]:
    """What each side says of an edge that is cited for it: where both say the same, only that."""
    own = _said(object, first, second), _said(object, second, first)
    if kind is Agreement.BOTH:
        shared = [polarity for polarity in Polarity if polarity in own[0] and polarity in own[1]]
        return shared, shared
    if kind is Agreement.FIRST:
        return own[0], ()
    if kind is Agreement.SECOND:
        return (), own[1]
    return own


def _said(object: str, stance: Stance, other: Stance) -> list[Polarity]:
    said = [polarity for polarity, some in ((_YES, stance.affirmed), (_NO, stance.excluded)) if object in some]
    return said or ([_NO] if object in stance.unlisted(frozenset({object}) & other.listed) else [])


def agreements(name: str | Agreement | None) -> tuple[Agreement, ...]:
    """The kind of agreement of a name, all of them without one; raises `UnknownName`."""
    if name is None:
        return tuple(Agreement)
    if name not in list(Agreement):
        raise UnknownName(f"no such agreement: {str(name)!r} (one of {', '.join(Agreement)})")
    return (Agreement(name),)


def compare_named(
    store: GraphStore,
    on: Callable[[date | None], GraphStore],
    named: tuple[tuple[str, date | None], tuple[str, date | None]],
    verdicts: Collection[Verdict],
    service: Concept | None = None,
    relation: str | Relation | None = None,
) -> Compare:
    """Compare two sides by what people call them, each on a day; `on` gives the store with the verdicts of a day.

    Raises `UnknownName` for what is no relation, `UsageError` for one that articles do not state, and what `named_side`
    raises.
    """
    wanted = None if relation is None else _relation_named(relation)
    sides = [named_side(store, text, day) for text, day in named]
    of_medicare = any(one.side.kind.has_articles for one in sides)
    if of_medicare and wanted not in (None, Relation.SUPPORTED_BY_DIAGNOSIS):
        raise UsageError(f"articles state {Relation.SUPPORTED_BY_DIAGNOSIS} alone, and not {wanted}")
    first, second = (one.speaker(on, verdicts, service, of_medicare=of_medicare) for one in sides)
    return compare(first, second, store, service, wanted)


def _relation_named(name: str | Relation) -> Relation:
    if name not in list(Relation):
        raise UnknownName(f"no such relation: {str(name)!r} (one of {', '.join(Relation)})")
    return Relation(name)


def compare(
    first: Speaker,
    second: Speaker,
    store: GraphStore,
    service: Concept | None = None,
    relation: Relation | None = None,
) -> Compare:
    """Compare two sides, in one billing code and one relation where these are named."""
    sides = [_services(side, service, relation) for side in (first, second)]
    both = sides[0].keys() & sides[1].keys()
    sharing = _Sharing(_Exact(store))
    blocks = tuple(
        block
        for code in sorted(both)
        for block in _blocks(code, first, second, {*sides[0][code], *sides[1][code]}, sharing)
    )
    counts = Counter({kind: sum(len(block.shares[kind]) for block in blocks) for kind in Agreement})
    only_first, only_second = (
        {
            code: sum(len(side.stance(code, of).listed) for of in relations)
            for code, relations in sorted(own.items())
            if code not in both
        }
        for side, own in zip((first, second), sides, strict=True)
    )
    return Compare(first, second, blocks, only_first, only_second, counts)


def _services(side: Speaker, service: Concept | None, relation: Relation | None) -> dict[Concept, list[Relation]]:
    """The billing codes of a side that are asked for, each with its relations."""
    codes = [code for code in side.services() if service in (None, code)]
    by_code = {code: [one for one in side.relations(code) if relation in (None, one)] for code in codes}
    return {code: relations for code, relations in by_code.items() if relations}


def _blocks(
    code: Concept, first: Speaker, second: Speaker, relations: Iterable[Relation], sharing: _Sharing
) -> Iterator[Block]:
    for relation in sorted(relations, key=_RELATIONS.index):
        yield Block(code, relation, sharing.of(first.stance(code, relation), second.stance(code, relation), relation))


class _Sharing:
    """Compares stances; many codes have the same lists, which are compared once."""

    def __init__(self, exact: Callable[[frozenset[str]], frozenset[str]]) -> None:
        self._exact = exact
        self._made: dict[tuple[Stance, Stance, Relation], Shares] = {}

    def of(self, first: Stance, second: Stance, relation: Relation) -> Shares:
        key = first, second, relation
        if key not in self._made:
            self._made[key] = shares(first, second, relation, self._exact)
        return self._made[key]


def shares(
    first: Stance, second: Stance, relation: Relation, exact: Callable[[frozenset[str]], frozenset[str]]
) -> Shares:
    """How two stances stand to each object that one of them lists.

    They agree where both say yes or both no, whatever else they say. They contradict where one says yes and the other
    no under the same qualifiers; else each is alone with what it says. `exact` gives of some objects those that an
    article would list by themselves, not by the codes below them.
    """
    unlisted = [
        exact(one.unlisted(other.listed)) if one.open is not None else frozenset[str]()
        for one, other in ((first, second), (second, first))
    ]
    no_first, no_second = first.excluded | unlisted[0], second.excluded | unlisted[1]
    agreed = (first.affirmed & second.affirmed) | (no_first & no_second)
    opposed = frozenset(
        object
        for objects, polarity, opposite in (
            (first.affirmed & no_second, _YES, _NO),
            (no_first & second.affirmed, _NO, _YES),
        )
        for object in objects - agreed
        if _are_opposed(relation, first.qualified(object, polarity) & second.qualified(object, opposite))
    )
    return {
        Agreement.CONTRADICT: opposed,
        Agreement.FIRST: first.listed - agreed - opposed,
        Agreement.SECOND: second.listed - agreed - opposed,
        Agreement.BOTH: agreed,
    }


def _are_opposed(relation: Relation, shared: Iterable[Qualifiers]) -> bool:
    """Whether a yes and a no are of the same, by the qualifiers under which both are said.

    What differs between payers has to be said of one payer by both.
    """
    return any(
        relation not in OF_A_PAYER or any(qualifier is Qualifier.FOR_PAYER for qualifier, _ in qualifiers)
        for qualifiers in shared
    )


class _Exact:
    """Tells headings from other diagnoses; each is looked up once."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._is_exact: dict[str, bool] = {}

    def __call__(self, objects: frozenset[str]) -> frozenset[str]:
        """Those that are exact."""
        new = {curie: concept_called(curie) for curie in sorted(objects) if curie not in self._is_exact}
        found = exact(self._store, new.values())
        self._is_exact |= {curie: concept in found for curie, concept in new.items()}
        return frozenset(curie for curie in objects if self._is_exact[curie])
