"""Clients that are slow, silent, broken or too many."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
import pytest

from kg.service.limits import Limits
from kg.web import server
from kg.web.settings import Settings

from .conftest import SELECT, codes, refused, started
from .test_server import ENDLESS

SOON = 0.4
DIGITS = " ".join(map(str, range(10)))
LONG = f"SELECT * {{ {' '.join(f'VALUES ?{name} {{ {DIGITS} }}' for name in 'abcde')} }}"
"""Its answer is larger than what the system keeps on the way."""


FEW = Limits(workers=2, slow=0)
"""As few workers as most tests need."""


def few(**others: float) -> Limits:
    return replace(FEW, **others)  # type: ignore[arg-type]


class Running:
    """A server in a thread of this process, so that tests can set its limits."""

    def __init__(self, store: Path, settings: Settings) -> None:
        self._listener = server._listening("127.0.0.1", 0, socket.AF_INET)
        self._server = server._Server(store, settings)
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [self._listener]})
        self.place = ("127.0.0.1", self._listener.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.place[1]}/"

    @property
    def protocol(self) -> object:
        return self._server.config.http

    @property
    def connections(self) -> int:
        return len(self._server.server_state.connections)

    def metrics(self) -> str:
        return httpx.get(f"{self.address}metrics", trust_env=False).text

    def is_busy(self) -> bool:
        return '\nkg_workers_busy{lane="quick"} 1.0\n' in self.metrics()

    def __enter__(self) -> Running:
        self._thread.start()
        wait_until(lambda: self._server.started)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()


@contextmanager
def running(store: Path, limits: Limits = FEW, **settings: object) -> Iterator[Running]:
    """Such a server, with a client for ordinary questions that finds it in order afterwards as well."""
    with (
        Running(store, Settings(limits=limits, **settings)) as made,
        httpx.Client(trust_env=False, timeout=30) as client,
    ):  # type: ignore[arg-type]
        yield made
        assert codes(client.get(f"{made.address}sparql", params={"query": SELECT}))


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def rest(connection: socket.socket) -> bytes:
    """All that a server still sends before it closes a connection."""
    connection.settimeout(30)
    content = bytearray()
    try:
        while piece := connection.recv(1 << 16):
            content += piece
    except ConnectionResetError:
        pass
    return bytes(content)


def test_a_connection_that_asks_nothing_is_closed(store: Path) -> None:
    with running(store, few(head_seconds=SOON)) as made, socket.create_connection(made.place) as connection:
        assert rest(connection) == b""


def test_a_head_that_trickles_in_is_cut_off(store: Path) -> None:
    with running(store, few(head_seconds=SOON)) as made, socket.create_connection(made.place) as connection:
        connection.settimeout(0.05)
        connection.sendall(b"GET /schema HTTP/1.1\r\nHost: localhost\r\n")
        is_open, sent = True, 0
        while is_open:
            sent += 1
            assert sent < 600
            try:
                connection.sendall(b"X: 1\r\n")
                is_open = connection.recv(100) != b""
            except TimeoutError:
                pass
            except ConnectionError:
                is_open = False
        assert sent > 1


@pytest.mark.slow
def test_a_question_may_take_longer_than_a_head(store: Path) -> None:
    with running(store, few(head_seconds=SOON), timeout=3 * SOON) as made:
        stopped = httpx.get(f"{made.address}sparql", params={"query": ENDLESS}, trust_env=False, timeout=30)
        assert "no answer within" in refused(stopped, 503)


ENDLESS_BODY = "HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"


def test_a_body_without_end_is_cut_off(store: Path) -> None:
    with (
        running(store, few(body_seconds=SOON, head_seconds=SOON)) as made,
        socket.create_connection(made.place) as connection,
    ):
        head = f"POST /sparql {ENDLESS_BODY}Content-Type: application/sparql-query\r\n\r\n"
        connection.sendall(head.encode() + b"3\r\nASK\r\n")
        answer = rest(connection)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"the body took more than 0.4 s to arrive" in answer


def test_a_body_that_nobody_reads_is_cut_off_as_well(store: Path) -> None:
    with running(store, few(head_seconds=SOON)) as made, socket.create_connection(made.place) as connection:
        connection.sendall(f"GET /schema {ENDLESS_BODY}\r\n".encode())
        connection.settimeout(0.05)
        received, is_open, sent = b"", True, 0
        while is_open:
            sent += 1
            assert sent < 600
            try:
                connection.sendall(b"1\r\nx\r\n")
                piece = connection.recv(1 << 16)
                received, is_open = received + piece, piece != b""
            except TimeoutError:
                pass
            except ConnectionError:
                is_open = False
        assert received.startswith(b"HTTP/1.1 200 ")


def test_bodies_have_so_much_memory_together_and_no_more(store: Path) -> None:
    with running(store, few(bodies=1000)) as made, socket.create_connection(made.place) as connection:
        head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        connection.sendall(f"{head}Content-Length: 2000\r\n\r\n{' ' * 900}".encode())
        query = {"query": f"ASK {{ {' ' * 900} }}"}
        wait_until(lambda: made.connections == 1)
        busy = httpx.post(f"{made.address}sparql", data=query, trust_env=False)
        assert "too many bodies at once" in refused(busy, 503)
        connection.close()
        wait_until(lambda: httpx.post(f"{made.address}sparql", data=query, trust_env=False).status_code == 200)


def test_idle_connections_leave_their_places_to_others(store: Path) -> None:
    with running(store, few(connections=5)) as made, ExitStack() as stack:
        idle = [stack.enter_context(socket.create_connection(made.place)) for _ in range(20)]
        for _ in range(3):
            assert httpx.get(f"{made.address}schema", trust_env=False).status_code == 200
        assert made.connections <= 5
        assert rest(idle[0]) == b""


@pytest.mark.slow
def test_more_connections_than_open_files_are_no_outage(store: Path) -> None:
    with started(store, files=620) as (process, address), ExitStack() as stack:
        place = urlsplit(address)
        for _ in range(700):
            stack.enter_context(socket.create_connection((place.hostname, place.port)))
        assert httpx.get(f"{address}schema", trust_env=False, timeout=30).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert (process.wait(30), process.stderr.read()) == (0, "")


@pytest.mark.slow
def test_one_that_is_being_answered_keeps_its_place(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(store, timeout=3) as made, ThreadPoolExecutor() as executor, ExitStack() as stack:
        asking = executor.submit(
            httpx.get, f"{made.address}sparql", params={"query": ENDLESS}, timeout=60, trust_env=False
        )
        wait_until(made.is_busy)
        wait_until(lambda: made.connections == 1)
        monkeypatch.setattr(made.protocol, "limits", few(connections=1))
        for _ in range(3):
            assert rest(stack.enter_context(socket.create_connection(made.place))) == b""
        assert "no answer within 3 s" in refused(asking.result(), 503)


def test_a_client_that_reads_nothing_is_cut_off(store: Path) -> None:
    with running(store, few(reading_seconds=SOON)) as made, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(made.place)
        query = urlsplit(str(httpx.URL("http://x/", params={"query": LONG}))).query
        connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert connection.recv(15) == b"HTTP/1.1 200 OK"
        wait_until(lambda: made.connections == 0)


@pytest.mark.slow
def test_a_client_that_reads_slowly_gets_all_of_it(store: Path) -> None:
    whole = 0
    plain = {"Accept-Encoding": "identity"}
    with (
        running(store, few(reading_seconds=4 * SOON)) as made,
        httpx.stream("GET", f"{made.address}sparql", params={"query": LONG}, headers=plain, timeout=60) as response,
    ):
        for piece in response.iter_raw(1 << 18):
            whole += len(piece)
            time.sleep(SOON / 20)
        assert response.status_code == 200
        assert whole > 10_000_000


def test_a_worker_that_was_killed_did_not_take_too_much_memory(store: Path) -> None:
    with running(store) as made, ThreadPoolExecutor() as executor:
        asking = executor.submit(
            httpx.get, f"{made.address}sparql", params={"query": ENDLESS}, timeout=60, trust_env=False
        )
        wait_until(made.is_busy)
        for child in active_children():
            assert child.pid
            os.kill(child.pid, signal.SIGKILL)
        killed = refused(asking.result(), 503)
        assert "was killed by another program" in killed
        assert "needs too much" not in killed
        assert '\nkg_workers_ended_total{lane="quick",reason="killed"} 1.0\n' in made.metrics()


@pytest.mark.parametrize(
    "request_text",
    [
        b"\x00\xff\xfe\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /schema HTTP/9.9\r\n\r\n",
        b"GET /schema HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET /schema HTTP/1.1\r\nHost: [::1\r\n\r\n",
        b"GET /show/%FF%00%0A HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET //evil.example/show HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://evil.example/schema HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /show/\xc3\xa4 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /schema HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    ],
)
def test_what_is_no_request_leaves_nothing_in_the_log(request_text: bytes, address: str, client: httpx.Client) -> None:
    """That the log is empty is looked at when the server of `address` ends."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port)) as connection:
        with suppress(OSError):
            connection.sendall(request_text)
            connection.shutdown(socket.SHUT_WR)
        rest(connection)
    assert client.get("/schema").status_code == 200


def answered(address: str, request_text: str) -> tuple[bytes, bytes]:
    """The head and the body of the answer to a request as it is written."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port)) as connection:
        connection.sendall(request_text.encode())
        head, _, body = rest(connection).partition(b"\r\n\r\n")
    return head, body


def test_what_is_no_request_is_told_as_all_errors_are(address: str) -> None:
    head, body = answered(address, "GET\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/json" in head.lower()
    assert json.loads(body) == {"error": "Invalid HTTP request received."}


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://127.0.0.1/schema?x", "evil.example", 400),
        ("http://localhost/show/J3262", "evil.example", 200),
        ("HTTP://localhost", "localhost", 200),
        ("http://evil.example/show/J3262", "localhost", 400),
    ],
)
def test_of_a_whole_address_the_host_counts_and_not_the_header(
    target: str, host: str, status: int, address: str
) -> None:
    head, body = answered(address, f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), (head, body)


def test_a_body_that_is_declared_much_too_large_is_not_waited_for(store: Path) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    with running(store) as made, socket.create_connection(made.place) as connection:
        connection.sendall(head + b"Content-Length: 999999999999\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 413"
