"""The questions that the workbench answers; each runs in a worker, on the store that the worker has open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from kg.billing_graph import BillingGraph, connection_rows, path_rows
from kg.errors import UsageError
from kg.graph.store import GraphStore, current_build
from kg.graph.vocabulary import dataset
from kg.model import Concept, Connection
from kg.network import find_paths
from kg.queries import catalogue, find
from kg.queries.serving import MOST_ROWS, answer, media_types
from kg.web.negotiation import choose
from kg.web.replies import Reply, error, json_reply


class Current:
    """The current build of a store, opened again when there is a new one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._build: Path | None = None
        self._open: GraphStore | None = None
        self._connections: dict[str, list[Connection]] = {}

    @property
    def store(self) -> GraphStore:
        """The store as it is now; raises `StoreError`."""
        build = current_build(self._path)
        if self._open is None or build != self._build:
            opened = GraphStore.open(self._path)
            if self._open is not None:
                self._open.close()
            self._open, self._build = opened, build
            self._connections.clear()
        return self._open

    @property
    def graph(self) -> BillingGraph:
        """The graph as it is now; raises `StoreError`."""
        return BillingGraph(self.store)

    def connections(self, trust: str) -> list[Connection]:
        """All connections, which take seconds to read and are needed for every path."""
        graph = self.graph
        if trust not in self._connections:
            self._connections[trust] = graph.connections(trust=trust)
        return self._connections[trust]


def sparql(current: Current, query: str, *, trust: str, accept: str) -> Reply:
    """The answer to SPARQL, in the media type that the client likes best."""
    offered = media_types(query)
    media_type = choose(accept, offered)
    if media_type is None:
        return error(406, f"this answer can be had as {', '.join(offered)}, but not as {accept!r}")
    graphs = [graph.value for graph in dataset(trust)]
    return Reply(200, media_type, answer(current.store.quads, query, graphs, media_type))


def questions() -> Reply:
    """The catalogue, for which no worker is needed."""
    return json_reply({"queries": [{**asdict(one), "sparql": one.text} for one in catalogue()]})


def question(current: Current, name: str, values: Mapping[str, str], *, trust: str) -> Reply:
    """The answer to a question of the catalogue."""
    table = current.graph.query(find(name), trust=trust, **values)
    if len(table) > MOST_ROWS:
        raise UsageError(f"{name}: the answer has more than {MOST_ROWS:,} rows; ask in SPARQL, with LIMIT")
    return json_reply({"query": name, "trust": trust, "columns": table.columns, "rows": list(table)})


def codes_for(current: Current, diagnosis: str, *, trust: str, narrower: bool) -> Reply:
    """The billing codes that connect to a diagnosis; raises `NotFound` where nothing is known."""
    graph = current.graph
    concept = graph.resolve(diagnosis)
    searched = len(graph.searched_for(concept, narrower=narrower))
    found = graph.codes_for(concept, trust=trust, narrower=narrower, polarity=None)
    also = f" and {searched - 1} narrower codes" if searched > 1 else ""
    graph.require(found, f"no document connects a code to {concept.label}{also} at trust {trust}")
    asked = {**_named(concept), "trust": trust, "searched": searched}
    return json_reply({**asked, "rows": list(connection_rows(found, graph.documents()))})


def show(current: Current, code: str, *, trust: str) -> Reply:
    """What the graph holds on one concept; without rows where no document speaks of it."""
    graph = current.graph
    view = graph.show(code, trust=trust)
    told = asdict(view.description)
    told.update(
        concept=view.concept.curie,
        name=view.concept.name,
        kind=view.concept.kind.noun,
        broader=view.description.broader and view.description.broader.curie,
    )
    return json_reply({**told, "trust": trust, "rows": list(connection_rows(view.connections, graph.documents()))})


def paths(current: Current, start: str, end: str, *, k: int, trust: str) -> Reply:
    """The best paths between two concepts; raises `NotFound` where there is none."""
    graph = current.graph
    first, last = graph.resolve(start), graph.resolve(end)
    found = find_paths(current.connections(trust), first, last, k)
    graph.require(found, f"no path from {start} to {end} at trust {trust}")
    return json_reply({"from": first.curie, "to": last.curie, "trust": trust, "rows": list(path_rows(found))})


def search(current: Current, text: str, *, limit: int) -> Reply:
    """Concepts by name; raises `NotFound` where nothing is called so."""
    graph = current.graph
    found = graph.search(text, limit=limit)
    graph.require(found, f"nothing is called {text!r}")
    rows = [{**_named(m.concept), "kind": m.concept.kind.noun, "connections": m.connections} for m in found]
    return json_reply({"rows": rows})


def _named(concept: Concept) -> dict[str, str]:
    return {"concept": concept.curie, "name": concept.name or ""}
