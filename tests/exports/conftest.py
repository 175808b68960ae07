from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.graph.days import Days
from kg.model import Verdict
from tests.graph import rich


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.BillingGraph:
    """A small graph with something of everything, refuted and excluded assertions among it."""
    store = rich.build(tmp_path_factory.mktemp("rich") / "graph", [rich.first(), rich.second()])
    return kg.BillingGraph(Days(store))


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A function that exports a graph in a format and gives the path."""

    def export(graph: kg.BillingGraph, format: str, **asked: object) -> Path:
        graph.export(tmp_path / format, format, **asked)  # type: ignore[arg-type]
        return tmp_path / format

    return export


def connections_of(graph: kg.BillingGraph) -> set[tuple[str, str, str, str, str, int]]:
    """What the Python API says of all connections, also those that no path walks."""
    from kg.graph.connections import connections

    every = connections(graph._store, polarity=None, verdicts=Verdict.floor(graph.trust), released=tuple(kg.Relation))
    return {
        (c.subject.curie, c.relation.value, c.object.curie, c.polarity.value, c.verdict.value, len(c.assertions))
        for c in every
    }


DAY = datetime.date(2025, 6, 1)
