"""Graphs on a SPARQL engine at an address: asked like one in a folder, and filled from one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kg.errors import MissingExtra


@contextmanager
def needing_http() -> Iterator[None]:
    """Around imports of what speaks HTTP, which is an extra; raises `MissingExtra` where it is not there."""
    try:
        yield
    except ModuleNotFoundError as exc:
        if exc.name != "httpx":
            raise
        raise MissingExtra("a graph on a SPARQL engine", "engines") from exc
