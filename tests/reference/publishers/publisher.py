"""A publisher for tests: a real server on 127.0.0.1 with a page of links, some files, and bad days."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Site:
    """What the server holds by path, what it does instead, once for each in a list, and what was asked of it."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    instead: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    etags: bool = True

    def page(self, *hrefs: str, path: str = "/page") -> None:
        """Put links on the page, or on another one."""
        links = "".join(f'<li><a href="{href}">a file</a>' for href in hrefs)
        self.files[path] = f"<!doctype html><p>Files:<ul>{links}</ul>".encode()
        self.headers[path] = {"Content-Type": "text/html; charset=utf-8"}

    def table(
        self,
        folder: Path,
        link: str,
        terms: str = "-",
        hosts: str = "127.0.0.1",
        megabytes: int = 1,
        through: str = "-",
    ) -> Path:
        """A table of publishers with this one as `tiny`."""
        path = folder / "publishers.tsv"
        row = ("tiny", "Tiny tables", f"{self.address}/page", through, link, hosts, str(megabytes), terms)
        head = "name\ttitle\tpage\tthrough\tlink\thosts\tmegabytes\tterms"
        path.write_text(f"# made by a test\n{head}\n" + "\t".join(row) + "\n")
        return path

    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [path for path, _ in self.asked]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append((self.path, dict(self.headers)))
        todo = self.site.instead.get(self.path)
        act = todo.pop(0) if todo else None
        if isinstance(act, tuple):
            self._send(*act)
        elif self.path not in self.site.files:
            self._send(404, {}, b"")
        else:
            self._file(cut=act)

    def _file(self, cut: int | None) -> None:
        content = self.site.files[self.path]
        tag = f'"{hash(content)}"' if self.site.etags else ""
        headers = {"ETag": tag, **self.site.headers.get(self.path, {})} if tag else self.site.headers.get(self.path, {})
        if tag and self.headers.get("If-None-Match") == tag:
            self._send(304, headers, b"")
            return
        status, start = 200, 0
        asked = self.headers.get("Range", "")
        if asked and self.headers.get("If-Range") == tag:
            status, start = 206, int(asked.removeprefix("bytes=").rstrip("-"))
            headers = {**headers, "Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        self._send(status, headers, content[start:], cut)

    def _send(self, status: int, headers: dict[str, str], content: bytes, cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if status != 304:
            self.wfile.write(content[:cut])
        if cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests ask the site what it was asked."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, as it does where a file is too large, is no news."""


@contextmanager
def serving() -> Iterator[Site]:
    """A site that answers while the block runs."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    with _Server(("127.0.0.1", 0), handler) as server:
        site.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
