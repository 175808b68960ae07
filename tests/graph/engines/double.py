"""A SPARQL engine for tests, that does what it is told to: answers as it should, or as engines do that fail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
from pyoxigraph import NamedNode

Failing = Callable[["Handler"], bool]
"""Is asked before each request; True where it has answered."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Double

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.requests.append(self)
        if self.server.failing(self):
            return
        place = urlsplit(self.path)
        if place.path == "/query":
            self._query(parse_qs(self.body.decode()))
        else:
            self._change(NamedNode(parse_qs(place.query)["graph"][0]))

    do_PUT = do_DELETE = do_POST

    def _query(self, form: dict[str, list[str]]) -> None:
        graphs = {
            name: [NamedNode(graph) for graph in form.get(f"{name}-graph-uri", [])] for name in ("default", "named")
        }
        answer = self.server.store.query(
            form["query"][0], default_graph=graphs["default"], named_graphs=graphs["named"]
        )
        if isinstance(answer, ox.QueryTriples):
            self.reply("application/n-triples", ox.serialize(answer, format=ox.RdfFormat.N_TRIPLES) or b"")
        else:
            self.reply("application/sparql-results+json", answer.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    def _change(self, graph: NamedNode) -> None:
        if self.command in ("PUT", "DELETE"):
            self.server.store.clear_graph(graph)
        if self.command != "DELETE":
            self.server.store.load(self.body, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
        self.reply("text/plain", b"", 204)

    def reply(self, media_type: str, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Double(ThreadingHTTPServer):
    """The engine: what it holds, what it was asked, and how it fails."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = ox.Store()
        self.requests: list[Handler] = []
        self.pause = threading.Event()
        self.failing: Failing = lambda _: False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no error."""


@contextmanager
def running() -> Iterator[Double]:
    double = Double()
    thread = threading.Thread(target=double.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield double
    finally:
        double.shutdown()
        double.server_close()
        thread.join()
