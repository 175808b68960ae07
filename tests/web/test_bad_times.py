"""What a server lives through: crowds that ask nothing, bodies without end, a graph that goes away beneath it."""

from __future__ import annotations

import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from .conftest import SELECT, codes, started
from .test_connections import ENDLESS_BODY, wait_until
from .test_server import ENDLESS

pytestmark = pytest.mark.slow


def test_a_crowd_that_asks_nothing_keeps_nobody_out(store: Path) -> None:
    with started(store) as (process, address), ExitStack() as stack:
        place = urlsplit(address)
        for _ in range(1500):
            stack.enter_context(socket.create_connection((place.hostname, place.port)))
        for _ in range(20):
            assert codes(httpx.get(f"{address}sparql", params={"query": SELECT}, timeout=60, trust_env=False))
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert (process.wait(30), process.stderr.read()) == (0, "")


def test_bodies_without_end_keep_nobody_out(store: Path) -> None:
    words = ("--limit", "body-seconds=3")
    with started(store, *words) as (process, address), ExitStack() as stack:
        place = urlsplit(address)
        head = f"POST /sparql {ENDLESS_BODY}Content-Type: application/sparql-query\r\n\r\n".encode()
        crowd = [stack.enter_context(socket.create_connection((place.hostname, place.port))) for _ in range(300)]
        for one in crowd:
            one.sendall(head + b"5\r\nASK {\r\n")
        for _ in range(20):
            assert codes(httpx.post(f"{address}sparql", data={"query": SELECT}, timeout=60, trust_env=False))
        for one in crowd:
            one.settimeout(60)
            assert one.recv(12) == b"HTTP/1.1 408"
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert (process.wait(30), process.stderr.read()) == (0, "")


def damage(graph: Path) -> None:
    for file in graph.glob("builds/*/*.*"):
        file.write_bytes(b"\0" * 100)
    for file in graph.glob("builds/*/quads/*.sst"):
        file.write_bytes(b"\0" * file.stat().st_size)


@pytest.mark.parametrize("harm", [shutil.rmtree, damage])
def test_a_graph_that_goes_wrong_under_load_is_told_and_may_come_back(
    harm: Callable[[Path], None], store: Path, tmp_path: Path
) -> None:
    graph = shutil.copytree(store, tmp_path / "graph")
    seen: Counter[int] = Counter()
    is_over = False

    def ask_on(number: int) -> None:
        query = ENDLESS if number == 0 else f"{SELECT} # {number}"
        while not is_over:
            response = httpx.get(f"{address}sparql", params={"query": query}, timeout=60, trust_env=False)
            assert response.status_code == 200 or set(response.json()) == {"error"}, response.text
            assert str(tmp_path) not in response.text
            seen[response.status_code] += 1

    with started(graph, "--timeout", "3") as (process, address), ThreadPoolExecutor() as executor:
        asking = [executor.submit(ask_on, number) for number in range(4)]
        wait_until(lambda: seen[200] > 20)
        harm(graph)
        time.sleep(4)
        shutil.rmtree(graph, ignore_errors=True)
        shutil.copytree(store, graph)
        before = seen[200]
        wait_until(lambda: seen[200] > before + 20)
        is_over = True
        for asked in asking:
            asked.result()
        assert set(seen) <= {200, 500, 503}
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_questions_that_pause_end_with_a_server_that_is_killed(store: Path) -> None:
    words = ("--limit", "quick=0.01", "--limit", "slow=20")
    with started(store, *words) as (process, address), ThreadPoolExecutor(20) as executor:
        for _ in range(20):
            executor.submit(httpx.get, f"{address}sparql", params={"query": ENDLESS}, timeout=60, trust_env=False)
        wait_until(lambda: "T" in states(process.pid).values())
        pausing = [one for one, state in states(process.pid).items() if state == "T"]
        process.kill()
        process.wait(30)
        wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in pausing))


def states(process: int) -> dict[int, str]:
    """In which state each descendant of a process is, as ps(1) has it: T is one that pauses."""
    found = {}
    with suppress(OSError):
        for threads in Path(f"/proc/{process}/task").glob("*/children"):
            for child in map(int, threads.read_text().split()):
                found |= states(child)
                found[child] = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
    return found
