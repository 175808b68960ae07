"""Addresses of SPARQL engines: which are taken, and what an engine is asked at."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from kg.config import default
from kg.errors import UsageError

_PLAIN = "KG_PLAIN_HTTP"
_WITHOUT_PATH = ("", "/")
# Where engines take graphs, by where they take queries: Oxigraph, and Virtuoso.
_GRAPH_STORES = {"/query": "/store", "/sparql": "/sparql-graph-crud-auth", "/sparql-auth": "/sparql-graph-crud-auth"}
_REPOSITORIES = "/repositories/"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine answers: what people gave, where it is asked, and where it takes graphs, if that is known.

    `stands` is the file and line that say so, where nobody named that file: who wrote it may be anybody.
    """

    text: str
    query: str
    graph_store: str = ""
    stands: str = ""

    def __str__(self) -> str:
        return self.text

    @property
    def is_loopback(self) -> bool:
        """Whether the engine runs on this machine."""
        return _is_loopback(urlsplit(self.query).hostname or "")


Place = str | os.PathLike[str] | Address | None
"""Where a graph is, as people say it: a folder, or an address; None for what `KG_STORE` or `kg.toml` says."""


def address_of(place: Place = None, graph_store: str = "") -> Address | None:
    """The address that a place is; None where it is a folder. Raises `UsageError` for one that is not to be used.

    An address without a path is laid out as Oxigraph has it: queries go to `/query`, graphs to `/store`.

    >>> address_of("http://127.0.0.1:7878").query
    'http://127.0.0.1:7878/query'
    >>> address_of("/home/me/graph") is None
    True
    """
    if isinstance(place, Address):
        return place
    if isinstance(place, Path):
        return None
    text, stands = (os.fspath(place), "") if place else default("store")
    if "://" not in text:
        return None
    try:
        parts = _checked(text)
    except UsageError as exc:
        raise UsageError(f"{stands}: store: {exc}" if stands else str(exc)) from exc
    query = text.rstrip("/") + "/query" if parts.path in _WITHOUT_PATH else text
    if graph_store:
        _checked(graph_store)
    return Address(text, query, graph_store or _graph_store(urlsplit(query)), stands)


def _checked(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as exc:
        raise UsageError(f"not an address: {text!r} ({exc})") from exc
    if "@" in parts.netloc:
        raise UsageError("an address has no password in it, which others would see: set KG_ENGINE_TOKEN instead")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise UsageError(f"not the address of a SPARQL engine, such as https://kg.example.org/sparql: {text!r}")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(f"not an address: {text!r} (write other letters as %XX)")
    if parts.scheme == "http" and not _is_loopback(host) and not os.environ.get(_PLAIN):
        raise UsageError(
            f"{text}: what goes over http can be read and changed on the way: use https, or set {_PLAIN}=1"
        )
    return parts


def _graph_store(parts: SplitResult) -> str:
    """Where an engine takes graphs that is asked there; empty where that is not known."""
    if _REPOSITORIES in parts.path:  # GraphDB, and what else is made of RDF4J.
        return parts._replace(path=f"{parts.path.rstrip('/')}/rdf-graphs/service").geturl()
    for query, graphs in _GRAPH_STORES.items():
        if parts.path.endswith(query):
            return parts._replace(path=parts.path.removesuffix(query) + graphs).geturl()
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
