"""A real browser, and a server on loopback that writes down who asks it for anything."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


class Opened:
    """A page that was opened, with all that it asked for and complained of."""

    def __init__(self, page: Any, file: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        started = time.perf_counter()
        page.goto(file.as_uri())
        self.wait_for("document.documentElement.dataset.ready === 'true'")
        self.seconds = time.perf_counter() - started

    def wait_for(self, condition: str, seconds: float = 10) -> None:
        """Under the page's policy Playwright's own waiting is refused, so ask again and again."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            assert time.monotonic() < end, f"never came true: {condition}"
            time.sleep(0.02)

    def panel(self) -> str:
        return str(self.page.evaluate("document.getElementById('panel').textContent"))

    def click_at(self, x: float, y: float) -> None:
        """Click on a point of the graph."""
        point = self.page.evaluate(
            "([x, y]) => { const p = billingKg.network.canvasToDOM({x, y});"
            " const box = document.getElementById('canvas').getBoundingClientRect();"
            " return [p.x + box.left, p.y + box.top]; }",
            [x, y],
        )
        self.page.mouse.click(*point)
        time.sleep(0.4)  # vis-network waits for a second click before it believes in the first


@pytest.fixture
def open_file(browser: Any) -> Iterator[Callable[..., Opened]]:
    pages = []

    def open_one(file: Path, size: tuple[int, int] = (1280, 800)) -> Opened:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        pages.append(page)
        return Opened(page, file)

    yield open_one
    for page in pages:
        page.close()


class Server:
    """Its address, and the paths that were asked for."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        hits = self.hits

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hits.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing; the hits are kept."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()
