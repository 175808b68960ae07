"""Connections → `networkx.MultiDiGraph`, and the attributes that nodes and edges have in every export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kg.model import Concept, Connection, Evidence, Polarity, Relation

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def to_networkx(connections: Iterable[Connection], alone: Iterable[Concept] = ()) -> MultiDiGraph:
    """The connections as a network of its own, which the caller may change at will.

    Nodes are CURIEs with `type`, `name` (empty where none is known) and, for codes, `code`. Edges are keyed
    by their relation, with `:excluded` behind it where the document says no, and carry `relation`, `verdict`,
    `polarity`, `strength`, `condition` and `evidence`, a list of dictionaries. Nodes and edges come in the
    order of their CURIEs, however the connections were ordered. Where one edge is given several times, the
    strongest verdict holds and the evidence adds up. Concepts that stand `alone` are nodes as well.

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
    ends = (concept for connection in ordered for concept in (connection.subject, connection.object))
    for concept in (*ends, *alone):
        first = concepts.setdefault(concept.curie, concept)
        if first.name is None and concept.name is not None:
            concepts[concept.curie] = concept
    for curie in sorted(concepts):
        network.add_node(curie, **node_attributes(concepts[curie]))
    for connection in ordered:
        _add_edge(network, connection)
    return network


def node_attributes(concept: Concept) -> dict[str, str]:
    """What a node carries: `type`, `name` and, for codes, `code`."""
    if concept.kind.is_code:
        return {"type": concept.kind.value, "name": concept.name or "", "code": concept.key}
    return {"type": concept.kind.value, "name": concept.label}


def edge_attributes(connection: Connection) -> dict[str, Any]:
    """What an edge carries, each piece of evidence as a dictionary."""
    return {
        "relation": connection.relation.value,
        "verdict": connection.verdict.value,
        "polarity": connection.polarity.value,
        "strength": connection.strength.value,
        "condition": connection.condition,
        "evidence": [_evidence(evidence) for evidence in connection.evidence],
    }


def node_label(attributes: Mapping[str, Any]) -> str:
    """What programs that show networks write beside a node: the code with its name, or the name."""
    return " ".join(str(attributes[name]) for name in ("code", "name") if attributes.get(name))


def with_labels(network: MultiDiGraph) -> MultiDiGraph:
    """A copy for programs that show networks, whose nodes and edges have a `label`, and edges a `weight`.

    Gephi and Cytoscape read these names. The weight is the number of pieces of evidence.
    """
    copy = network.copy()
    for node, data in copy.nodes(data=True):
        data["label"] = node_label(data) or str(node)
    for *_, data in copy.edges(data=True):
        data.update(edge_shown(data))
    return copy


def edge_shown(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The label and the weight of an edge with these attributes."""
    relation = str(attributes.get("relation", ""))
    label = Relation(relation).label if relation in _RELATIONS else relation
    return {"label": label, "weight": len(attributes.get("evidence") or ())}


_RELATIONS = frozenset(relation.value for relation in Relation)


def edge_key(connection: Connection) -> str:
    """What tells the edges between two nodes apart: the relation, and whether the document says no."""
    excluded = connection.polarity is Polarity.EXCLUDED
    return connection.relation.value + (":excluded" if excluded else "")


def _order(connection: Connection) -> tuple[Any, ...]:
    return (
        connection.subject.curie, connection.object.curie, connection.relation.value,
        connection.polarity.value, connection.verdict.rank, connection.evidence,
        connection.subject.name or "", connection.object.name or "",
    )  # fmt: skip


def _add_edge(network: MultiDiGraph, connection: Connection) -> None:
    ends, key = (connection.subject.curie, connection.object.curie), edge_key(connection)
    attributes = edge_attributes(connection)
    if network.has_edge(*ends, key):
        evidence = network.edges[(*ends, key)]["evidence"]
        evidence.extend(piece for piece in attributes["evidence"] if piece not in evidence)
        return
    network.add_edge(*ends, key, **attributes)


def _evidence(evidence: Evidence) -> dict[str, str | int]:
    return {"document": evidence.document, **evidence.to_json()}
