from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.graph.store import GraphStore

from ..rich import build, first, second
from .double import Double, running


@pytest.fixture(autouse=True)
def nobody_asks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials of the developer, and a cache of the test's own."""
    for name in ("KG_ENGINE_TOKEN", "KG_ENGINE_USER", "KG_ENGINE_PASSWORD", "KG_PLAIN_HTTP", "KG_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def double() -> Iterator[Double]:
    """A SPARQL engine that holds nothing yet."""
    with running() as engine:
        yield engine


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """A small graph that has something of everything; read-only."""
    with build(tmp_path_factory.mktemp("rich") / "store", [first(), second()]) as store:
        yield store
