"""All that a graph holds and answers.

`python -m tests.graph.whole_graph` writes the files of `whole/` anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.graph.kept_readings import kept
from kg.graph.store import GraphStore
from kg.graph.validate import check_invariants

from . import rich
from .whole_graph import FILES, WHOLE


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    with rich.build(tmp_path_factory.mktemp("rich"), [rich.first(), rich.second()]) as store:
        yield store


@pytest.mark.parametrize("name", FILES)
def test_the_graph_holds_and_answers_what_somebody_read(store: GraphStore, name: str) -> None:
    said = "".join(f"{line}\n" for line in FILES[name](store))
    assert said == (WHOLE / f"{name}.txt").read_text("utf-8")


def test_the_graph_is_valid(store: GraphStore) -> None:
    assert check_invariants(store) == []


def test_what_was_read_is_kept(store: GraphStore) -> None:
    assert [one.assertions for one in kept(store.build)] == [rich.first().assertions, rich.second().assertions]
    assert [one.leftovers for one in kept(store.build, {"policy"})] == [1]
