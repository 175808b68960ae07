"""The page of a concept: what it is, what speaks against it, and its connections, each with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

from kg.errors import UnknownName
from kg.graph.against import against, read
from kg.graph.decisions import Decisions
from kg.graph.describing import broader, describe
from kg.graph.lookup import name_of, releases, titles
from kg.graph.rdf.iris import concept_of, node
from kg.graph.rdf.vocabulary import REFERENCE, SKOS
from kg.graph.store import GraphStore
from kg.graph.touching import Touching, touching
from kg.graph.touching import read as read_edges
from kg.model import DEFAULT_TRUST, Concept, Connection, Evidence, Finding, Polarity, Relation, Verdict
from kg.service.answers import Current
from kg.service.replies import Reply
from kg.web.pages.rendering import page, rendered

FEW = 25
"""So many connections of a group are shown where all groups are."""
MANY = 200
"""So many of one group that is asked for alone."""
_MOST_NARROWER = 60


class Group(NamedTuple):
    """Edges of one relation, all of which have the concept at the same end, and agree in their polarity.

    `connections` are those of them that are shown.
    """

    relation: Relation
    is_subject: bool
    polarity: Polarity
    edges: list[Touching]
    connections: Sequence[Connection] = ()

    @property
    def name(self) -> str:
        """What tells the group from the others of its concept, as its address has it.

        >>> Group(Relation.HAS_PAYER, False, Polarity.EXCLUDED, []).name
        'excluded-hasPayer-of'
        """
        before = "excluded-" if self.polarity is Polarity.EXCLUDED else ""
        return f"{before}{self.relation.value}{'' if self.is_subject else '-of'}"


@rendered
def concept(current: Current, name: str, *, trust: str, as_of: date | None, relation: str, first: int) -> Reply:
    """The page of what a CURIE names; `relation` is the name of the one group that is wanted, from its `first` on."""
    verdicts = Verdict.floor(trust or DEFAULT_TRUST)
    graph, store = current.graph(as_of=as_of), current.store(as_of)
    description = describe(store, graph.resolve(name))
    of = description.concept
    every = touching(store, of)
    shown = [edge for edge in every if edge.verdict in verdicts]
    groups = groups_of(of, shown)
    wanted = [group for group in groups if group.name == relation] if relation else groups
    if relation and not wanted:
        raise UnknownName(f"no connections of {of.label} are called so: {relation!r}")
    most = MANY if relation else FEW
    window = slice(first - 1, first - 1 + most)
    parts = [group._replace(connections=read_edges(store, group.edges[window])) for group in wanted]
    places = against(store, of)
    found = read(store, places[:most])
    return page(
        "concept.html",
        concept=of,
        description=description,
        above=list(reversed(broader(store, of))),
        below=_directly_below(store, of),
        findings=found,
        decisions=Decisions(store.place).read(),
        speaking=len(places),
        groups=groups,
        wanted=parts,
        relation=relation,
        first=first,
        most=most,
        hidden=len(every) - len(shown),
        titles=titles_of(store, evidence_of(chain.from_iterable(part.connections for part in parts), found)),
        trust=trust,
        floor=verdicts[-1],
        as_of=as_of,
        day=graph.as_of,
    )


def groups_of(of: Concept, edges: Iterable[Touching]) -> list[Group]:
    """The edges of a concept by relation: what documents affirm, then what they say no to."""
    by_name: dict[str, Group] = {}
    for edge in edges:
        group = Group(edge.relation, edge.edge[0] == of, edge.polarity, [])
        by_name.setdefault(group.name, group).edges.append(edge)
    return sorted(by_name.values(), key=_position)


def _position(group: Group) -> tuple[bool, bool, int]:
    return group.polarity is Polarity.EXCLUDED, not group.is_subject, list(Relation).index(group.relation)


def _directly_below(store: GraphStore, of: Concept) -> list[Concept]:
    below = sorted(concept_of(name) for name in store.subjects(SKOS.broader, node(of), REFERENCE))
    return [name_of(store, one) for one in below[:_MOST_NARROWER]]


def titles_of(store: GraphStore, evidence: Iterable[Evidence]) -> dict[str, str]:
    """The titles of all releases, and of the documents that evidence names, by identifier."""
    return {**releases(store), **titles(store, {one.document for one in evidence})}


def evidence_of(connections: Iterable[Connection], findings: Iterable[Finding]) -> Iterator[Evidence]:
    """All evidence of connections and of findings."""
    for connection in connections:
        yield from connection.evidence
    for finding in findings:
        yield finding.assertion.evidence
        if finding.opposed_by:
            yield finding.opposed_by
