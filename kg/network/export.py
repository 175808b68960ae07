"""Connections → `networkx.MultiDiGraph`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kg.model import Concept, Connection, Evidence, Polarity

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def to_networkx(connections: Iterable[Connection]) -> MultiDiGraph:
    """The connections as a network of its own, which the caller may change at will.

    Nodes are CURIEs with `type`, `name` (empty where none is known) and, for codes, `code`. Edges are keyed
    by their relation, with `:excluded` behind it where the document says no, and carry `relation`, `verdict`,
    `polarity`, `strength`, `condition` and `evidence`, a list of dictionaries. Nodes and edges come in the
    order of their CURIEs, however the connections were ordered. Where one edge is given several times, the
    strongest verdict holds and the evidence adds up.

    >>> from kg.model import Assertion, Concept, Connection, Evidence, Relation, Verdict
    >>> code, modifier = Concept.parse("J3262"), Concept.parse("modifier:JW", "Drug discarded")
    >>> said = Assertion(code, Relation.ACCEPTS_MODIFIER, modifier, Evidence("tocilizumab", 0, 2, "JW", 1))
    >>> network = to_networkx([Connection(code, said.relation, modifier, Verdict.UNCHECKED, (said,))])
    >>> network.edges["hcpcs:J3262", "modifier:JW", "acceptsModifier"]["verdict"]
    'unchecked'
    >>> network.nodes["modifier:JW"]
    {'type': 'modifier', 'name': 'Drug discarded', 'code': 'JW'}
    """
    import networkx

    ordered = sorted(connections, key=_order)
    network = networkx.MultiDiGraph()
    concepts: dict[str, Concept] = {}
    for connection in ordered:
        for concept in (connection.subject, connection.object):
            known = concepts.setdefault(concept.curie, concept)
            if known.name is None and concept.name is not None:
                concepts[concept.curie] = concept
    for curie in sorted(concepts):
        network.add_node(curie, **_node(concepts[curie]))
    for connection in ordered:
        _add_edge(network, connection)
    return network


def _order(connection: Connection) -> tuple[Any, ...]:
    return (
        connection.subject.curie, connection.object.curie, connection.relation.value,
        connection.polarity.value, connection.verdict.rank, connection.evidence,
        connection.subject.name or "", connection.object.name or "",
    )  # fmt: skip


def _node(concept: Concept) -> dict[str, str]:
    if concept.kind.is_code:
        return {"type": concept.kind.value, "name": concept.name or "", "code": concept.key}
    return {"type": concept.kind.value, "name": concept.label}


def _add_edge(network: MultiDiGraph, connection: Connection) -> None:
    ends = connection.subject.curie, connection.object.curie
    excluded = connection.polarity is Polarity.EXCLUDED
    key = connection.relation.value + (":excluded" if excluded else "")
    evidence = [_evidence(found) for found in connection.evidence]
    if network.has_edge(*ends, key):
        known = network.edges[(*ends, key)]["evidence"]
        known.extend(found for found in evidence if found not in known)
        return
    network.add_edge(
        *ends,
        key,
        relation=connection.relation.value,
        verdict=connection.verdict.value,
        polarity=connection.polarity.value,
        strength=connection.strength.value,
        condition=connection.condition,
        evidence=evidence,
    )


def _evidence(found: Evidence) -> dict[str, str | int]:
    return {
        "document": found.document,
        "start": found.start,
        "end": found.end,
        "quote": found.quote,
        "line": found.line,
        "section": found.section,
    }
