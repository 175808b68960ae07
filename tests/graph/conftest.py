from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.graph.store import GraphStore

from .making import write


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The store of a small guide, opened; read-only, so all tests share it."""
    with GraphStore.open(write(tmp_path_factory.mktemp("small"))) as store:
        yield store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The path of a store of the small guide that a test may break."""
    return write(tmp_path / "store")
