"""The questions that the workbench answers; each runs in a worker, on the store that the worker has open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from kg.billing_graph import BillingGraph
from kg.errors import UsageError
from kg.graph.as_of import at
from kg.graph.store import GraphStore, current_build
from kg.graph.vocabulary import dataset
from kg.model import Concept
from kg.queries import catalogue, find
from kg.queries.serving import MOST_ROWS, answer, media_types
from kg.rows import connection_rows, finding_row, path_rows
from kg.web.negotiation import choose
from kg.web.replies import Reply, error, json_reply

_DAYS = 4
"""So many days besides that of the build stay open; those asked for first go first."""


class Current:
    """The current build of a store, opened again when there is a new one, and as it stood on the days asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._build: Path | None = None
        self._open: GraphStore | None = None
        self._days: dict[date, GraphStore] = {}

    def store(self, day: date | None = None) -> GraphStore:
        """The store as it is now, with the verdicts of a day; raises `StoreError`."""
        now = self._now()
        if day is None or day.isoformat() == now.manifest.as_of:
            return now
        if day not in self._days:
            asked = at(now, day)
            self._forget(list(self._days)[: max(0, len(self._days) + 1 - _DAYS)])
            self._days[day] = asked
        return self._days[day]

    def _now(self) -> GraphStore:
        build = current_build(self._path)
        if self._open is None or build != self._build:
            opened = GraphStore.open(self._path)
            if self._open is not None:
                self._open.close()
            self._forget(list(self._days))
            self._open, self._build = opened, build
        return self._open

    def graph(self, day: date | None = None) -> BillingGraph:
        """The graph as it is now, with the verdicts of a day; raises `StoreError`."""
        return BillingGraph(self.store(day))

    def _forget(self, days: Iterable[date]) -> None:
        for day in days:
            self._days.pop(day).close()


def sparql(current: Current, query: str, *, trust: str, as_of: date | None = None, accept: str) -> Reply:
    """The answer to SPARQL, in the media type that the client likes best."""
    offered = media_types(query)
    media_type = choose(accept, offered)
    if media_type is None:
        return error(406, f"this answer can be had as {', '.join(offered)}, but not as {accept!r}")
    graphs = [graph.value for graph in dataset(trust)]
    return Reply(200, media_type, answer(current.store(as_of).quads, query, graphs, media_type))


def questions() -> Reply:
    """The catalogue, for which no worker is needed."""
    return json_reply({"queries": [{**asdict(one), "sparql": one.text} for one in catalogue()]})


def question(current: Current, name: str, values: Mapping[str, str], *, trust: str, as_of: date | None = None) -> Reply:
    """The answer to a question of the catalogue."""
    graph = current.graph(as_of)
    table = graph.query(find(name), trust=trust, **values)
    if len(table) > MOST_ROWS:
        raise UsageError(f"{name}: the answer has more than {MOST_ROWS:,} rows; ask in SPARQL, with LIMIT")
    asked = {"query": name, **_heard(graph, trust)}
    return json_reply({**asked, "columns": table.columns, "rows": list(table)})


def codes_for(current: Current, diagnosis: str, *, trust: str, as_of: date | None = None, narrower: bool) -> Reply:
    """The billing codes that connect to a diagnosis; raises `NotFound` where nothing is known."""
    graph = current.graph(as_of)
    concept = graph.resolve(diagnosis)
    searched = len(graph.searched_for(concept, narrower=narrower))
    found = graph.codes_for(concept, trust=trust, narrower=narrower, polarity=None)
    also = f" and {searched - 1} narrower codes" if searched > 1 else ""
    graph.require(found, f"no document connects a code to {concept.label}{also} at trust {trust}")
    asked = {**_named(concept), **_heard(graph, trust), "searched": searched}
    return json_reply({**asked, "rows": list(connection_rows(found, graph.titles()))})


def show(current: Current, code: str, *, trust: str, as_of: date | None = None) -> Reply:
    """What the graph holds on one concept; without rows where no document speaks of it."""
    graph = current.graph(as_of)
    view = graph.show(code, trust=trust)
    told = asdict(view.description)
    told.update(
        concept=view.concept.curie,
        name=view.concept.name,
        kind=view.concept.kind.noun,
        broader=view.description.broader and view.description.broader.curie,
    )
    return json_reply({**told, **_heard(graph, trust), "rows": list(connection_rows(view.connections, graph.titles()))})


def paths(current: Current, start: str, end: str, *, k: int, trust: str, as_of: date | None = None) -> Reply:
    """The best paths between two concepts; raises `NotFound` where there is none."""
    graph = current.graph(as_of)
    first, last = graph.resolve(start), graph.resolve(end)
    found = graph.paths(first, last, k, trust=trust, as_of=as_of)
    graph.require(found, f"no path from {start} to {end} at trust {trust}")
    asked = {"from": first.curie, "to": last.curie, **_heard(graph, trust)}
    return json_reply({**asked, "rows": list(path_rows(found))})


def findings(current: Current, *, as_of: date | None = None) -> Reply:
    """What a person should look at, worst first; without rows where there is nothing."""
    graph = current.graph(as_of)
    return json_reply({"as_of": graph.as_of, "rows": [finding_row(finding) for finding in graph.findings()]})


def units(current: Current, code: str, dose: str, *, packages: str, ndc: str, as_of: date | None = None) -> Reply:
    """The plan of a dose; raises `NotFound` where the billing unit is not known."""
    graph = current.graph()
    return json_reply(graph.units(code, dose, packages=packages or None, ndc=ndc or None, as_of=as_of).to_json())


def search(current: Current, text: str, *, limit: int) -> Reply:
    """Concepts by name; raises `NotFound` where nothing is called so."""
    graph = current.graph()
    found = graph.search(text, limit=limit)
    graph.require(found, f"nothing is called {text!r}")
    rows = [{**_named(m.concept), "kind": m.concept.kind.noun, "connections": m.connections} for m in found]
    return json_reply({"rows": rows})


def _named(concept: Concept) -> dict[str, str]:
    return {"concept": concept.curie, "name": concept.name or ""}


def _heard(graph: BillingGraph, trust: str) -> dict[str, Any]:
    """The weakest verdict that was heard, and the day whose verdicts they are."""
    return {"trust": trust, "as_of": graph.as_of}
