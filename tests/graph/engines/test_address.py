"""Which addresses are taken, and where an engine is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.graph.engines.address import address_of


@pytest.mark.parametrize(
    ("text", "query", "graph_store"),
    [
        ("http://127.0.0.1:7878", "http://127.0.0.1:7878/query", "http://127.0.0.1:7878/store"),
        ("http://localhost:7878/", "http://localhost:7878/query", "http://localhost:7878/store"),
        ("https://h/sparql", "https://h/sparql", "https://h/sparql-graph-crud-auth"),
        ("https://h/repositories/kg", "https://h/repositories/kg", "https://h/repositories/kg/rdf-graphs/service"),
        ("https://h/kg/api", "https://h/kg/api", ""),
    ],
)
def test_where_an_engine_is_asked_and_takes_graphs(text: str, query: str, graph_store: str) -> None:
    address = address_of(text)
    assert address is not None
    assert (address.query, address.graph_store, str(address)) == (query, graph_store, text)


def test_where_it_takes_graphs_can_be_said() -> None:
    address = address_of("https://h/kg/api", "https://h/kg/data")
    assert address is not None and address.graph_store == "https://h/kg/data"


@pytest.mark.parametrize("place", ["graph", "/home/me/graph", Path("https:/h"), None])
def test_a_folder_is_no_address(place: str | Path | None) -> None:
    assert address_of(place) is None


def test_the_address_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", "https://h/sparql")
    assert str(address_of()) == "https://h/sparql"
    assert address_of("/home/me/graph") is None


@pytest.mark.parametrize(
    "text",
    [
        "ftp://h/sparql", "file:///etc/passwd", "https://", "https:///sparql", "https://h:x/", "https://h/?query=x",
        "https://h/#x", "https://h/a b", "https://h/ä", "https://h/\n", "https://[::1/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"not (an|the) address"):
        address_of(text)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        address_of("https://me:secret@h/sparql")
    assert "secret" not in str(caught.value)


def test_http_is_for_this_machine_alone_unless_somebody_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("http://kg.example.org/sparql", "http://10.0.0.1/sparql", "http://localhost.example.org/"):
        with pytest.raises(UsageError, match="use https"):
            address_of(text)
    assert address_of("http://[::1]:7878") is not None
    monkeypatch.setenv("KG_PLAIN_HTTP", "1")
    assert address_of("http://10.0.0.1/sparql") is not None
    with pytest.raises(UsageError, match="use https"):
        monkeypatch.delenv("KG_PLAIN_HTTP")
        address_of("https://h/sparql", "http://10.0.0.1/data")
