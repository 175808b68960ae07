"""What an engine says of the build that it holds, in a graph of its own, which is written last and removed first.

The graph `graph:build` has the manifest of the build, and how many triples each graph has in VoID, so that whoever
pushes and whoever asks can tell whether all of it is there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import StoreError
from kg.graph.engines.address import Address
from kg.graph.engines.engine import Engine
from kg.graph.engines.quads import RemoteQuads
from kg.graph.manifest import FORMAT, Manifest
from kg.graph.quads import Quads
from kg.graph.rdf.iris import BASE, PREFIXES
from kg.graph.rdf.vocabulary import DCTERMS, RDF, XSD, dataset
from kg.model import Verdict

GRAPHS = tuple(graph.value for graph in dataset(Verdict.REFUTED))
"""The graphs that a build has, in the order in which they are pushed."""

BUILD = f"{BASE}graph/build"
_VOID = "http://rdfs.org/ns/void#"
_DATASET, _TRIPLES = NamedNode(f"{_VOID}Dataset"), NamedNode(f"{_VOID}triples")
_STATE = NamedNode(f"{PREFIXES['dcterms']}description")
_AGAIN = "push it there with 'kg push'"


@dataclass(frozen=True, slots=True)
class Held:
    """The build that an engine holds: its manifest, and how many triples each graph has.

    While it is pushed, `pieces` says how many of each graph are there; once all of it is, it is `whole`.
    """

    manifest: Manifest
    triples: Mapping[str, int]
    whole: bool = False
    pieces: Mapping[str, int] = field(default_factory=dict)

    @property
    def build(self) -> str:
        """What tells this build from all others."""
        content = json.dumps([asdict(self.manifest), dict(self.triples)], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def document(self) -> bytes:
        """The graph that says so, as N-Triples."""
        state = {"manifest": asdict(self.manifest), "whole": self.whole, "pieces": dict(self.pieces)}
        graph = NamedNode(BUILD)
        triples = [
            Triple(graph, RDF.type, _DATASET),
            Triple(graph, DCTERMS.title, Literal("billing-kg")),
            Triple(graph, _STATE, Literal(json.dumps(state, sort_keys=True))),
            # Of those that are empty as well: Virtuoso misreads queries with names that it never met.
            *(Triple(NamedNode(name), _TRIPLES, _integer(self.triples.get(name, 0))) for name in GRAPHS),
        ]
        return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def held_by(engine: Engine) -> Held | None:
    """What an engine says that it holds; None where it says nothing, or what no version of ours wrote."""
    rows = list(RemoteQuads(engine).query(_QUESTION, default_graph=NamedNode(BUILD), named_graphs=[]))
    values = {(row["of"].value, row["what"].value): row["value"].value for row in rows}
    text = values.get((BUILD, _STATE.value))
    if text is None:
        return None
    try:
        state = json.loads(text)
        manifest = _manifest(state["manifest"])
        triples = {name: int(values[name, _TRIPLES.value]) for name in GRAPHS}
        return Held(manifest, triples, state["whole"] is True, {str(k): int(v) for k, v in state["pieces"].items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise StoreError(f"{engine.address}: what it says of its graph cannot be read; {_AGAIN}") from exc


def whole_build(engine: Engine) -> Held:
    """What an engine holds, if that is a whole build that this version reads; raises `StoreError` with the reason."""
    held = held_by(engine)
    if held is None:
        raise StoreError(f"{engine.address}: no graph of billing-kg is there; {_AGAIN}")
    check_version(held, engine.address)
    if not held.whole:
        raise StoreError(f"{engine.address}: a build is being pushed there, or its push broke off; 'kg push' goes on")
    return held


def check_version(held: Held, address: Address) -> None:
    """Raise `StoreError` where another version wrote the graph."""
    if held.manifest.format != FORMAT:
        reason = f"written by another version of billing-kg (format {held.manifest.format}, this one reads {FORMAT})"
        raise StoreError(f"{address}: {reason}; {_AGAIN}")


def count_of(quads: Quads, graph: str) -> int:
    """How many triples a graph has, as whoever holds it counts them."""
    rows = quads.query(_COUNT, default_graph=NamedNode(graph), named_graphs=[])
    return int(next(row["count"].value for row in rows))


_QUESTION = "SELECT ?of ?what ?value { ?of ?what ?value }"
_COUNT = "SELECT (COUNT(*) AS ?count) { ?subject ?predicate ?object }"


def _manifest(content: Mapping[str, Any]) -> Manifest:
    """The manifest of another machine: of its files nothing is here."""
    if content["format"] != FORMAT:
        return Manifest(format=content["format"])
    manifest = replace(Manifest(), **content)
    if not all(isinstance(number, int) for number in manifest.counts.values()) or (manifest.as_of and not manifest.day):
        raise ValueError("not a manifest")
    return manifest


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
