"""The server itself: who may ask, how long a question may take, how it starts and ends."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from kg.service import answers
from kg.service.pool import Pool, Room
from kg.service.replies import Reply

from .conftest import SELECT, codes, refused, run, started

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def test_every_response_carries_the_headers(client: httpx.Client) -> None:
    for path in ("/", "/queries", "/show/J3262", "/show/J9998", "/nosuchpage"):
        sent = client.get(path, headers={"Origin": "http://evil.example"}).headers
        kept = {"cache-control": "private, no-cache"} if "etag" in sent else {}
        assert {name: sent[name] for name in HEADERS} == HEADERS | kept
        assert "frame-ancestors 'none'" in sent["content-security-policy"]
        assert not [name for name in sent if name.startswith("access-control")]
        assert "server" not in sent


@pytest.mark.parametrize("path", ["/", "/query"])
def test_pages_ask_nobody_else(path: str, client: httpx.Client) -> None:
    page = client.get(path)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert not re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//""", page.text)
    assert "unsafe" not in page.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::2]"])
def test_a_name_that_is_not_this_machine_is_refused(host: str, client: httpx.Client) -> None:
    assert "not a name of this server" in refused(client.get("/show/J3262", headers={"Host": host}), 400)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "LOCALHOST:8000", "[::1]:8000"])
def test_the_names_of_this_machine_are_taken(host: str, client: httpx.Client) -> None:
    assert client.get("/show/J3262", headers={"Host": host}).status_code == 200


def test_a_page_of_another_site_cannot_ask(client: httpx.Client) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert "another site" in refused(client.get("/show/J3262", headers=foreign), 403)
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/show/J3262", headers=followed).status_code == 200
    assert "another site" in refused(client.post("/sparql", data={"query": SELECT}, headers=followed), 403)


EDITOR = "https://editor.example"


def test_pages_of_a_site_that_is_named_may_ask_and_read(store: Path) -> None:
    asked = {"Origin": EDITOR, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    with started(store, "--allow-origin", EDITOR) as (_, address), httpx.Client(base_url=address, timeout=60) as client:
        preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        allowed = client.options("/sparql", headers=asked | preflight)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == EDITOR
        answer = client.post("/sparql", data={"query": SELECT}, headers=asked)
        assert codes(answer)
        assert answer.headers["access-control-allow-origin"] == EDITOR
        assert answer.headers["access-control-expose-headers"] == "Kg-Note"
        other = asked | {"Origin": "https://evil.example"}
        assert client.options("/sparql", headers=other | preflight).status_code == 400
        assert "another site" in refused(client.post("/sparql", data={"query": SELECT}, headers=other), 403)


@pytest.mark.parametrize("site", ["editor.example", "https://editor.example/", "ftp://x", "null", ""])
def test_what_is_no_site_is_refused(site: str, store: Path) -> None:
    ran = run("serve", "--port", "0", "--store", store, "--allow-origin", site)
    assert ran.returncode == 2
    assert f"not a site such as https://example.org: {site!r}" in ran.stderr


def test_the_endpoint_says_what_it_takes(client: httpx.Client) -> None:
    response = client.options("/sparql")
    assert (response.status_code, response.headers["allow"]) == (200, "GET, HEAD, POST, OPTIONS")
    assert client.options("/show/J3262").status_code == 405


@pytest.mark.slow
def test_a_question_that_takes_too_long_is_stopped(store: Path) -> None:
    with started(store, "--timeout", "2") as (_, address), httpx.Client(base_url=address, timeout=30) as client:
        begun = time.monotonic()
        assert "no answer within 2 s" in refused(client.get("/sparql", params={"query": ENDLESS}), 503)
        assert time.monotonic() - begun >= 2
        for _ in range(3):
            assert codes(client.get("/sparql", params={"query": SELECT}))


def ask(store: Path, *queries: str, stay: float = 100, timeout: float = 30, **options: int) -> list[Reply]:
    """The replies to queries that one worker is asked at once, and then to one that is easily answered."""

    async def asked(pool: Pool, query: str) -> Reply:
        delivery = await pool.ask(
            "a client", asyncio.sleep(stay), answers.sparql, query, trust="disputed", accept="*/*"
        )
        delivery.close()
        return delivery.reply

    async def all_asked() -> list[Reply]:
        pool = Pool(store, Room(timeout, **({"memory": 2 << 30} | options)))
        pool.start()
        try:
            replies = await asyncio.gather(*(asked(pool, query) for query in queries))
            return [*replies, await asked(pool, "ASK { }")]
        finally:
            pool.close()

    # In a thread of its own, as the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(all_asked())).result()


def test_when_all_wait_the_next_is_refused(store: Path) -> None:
    stopped, waited, refused, answered = ask(store, ENDLESS, ENDLESS, ENDLESS, timeout=1, waiting=1)
    assert b"no answer within 1 s" in stopped.body
    assert b"busy" in refused.body
    assert (stopped.status, waited.status, refused.status, answered.status) == (503, 503, 503, 200)


def test_where_files_are_damaged_it_is_not_the_question_that_is_too_big(store: Path, tmp_path: Path) -> None:
    damaged = shutil.copytree(store, tmp_path / "damaged")
    (names,) = damaged.glob("builds/*/names.sqlite")
    content = bytearray(names.read_bytes())
    content[-1] ^= 1
    names.write_bytes(content)
    stopped, answered = ask(damaged, ENDLESS, timeout=1)
    assert (stopped.status, answered.status) == (500, 200)
    assert b"the graph cannot be read" in stopped.body


def test_a_question_that_nobody_waits_for_is_stopped(store: Path) -> None:
    begun = time.monotonic()
    stopped, _ = ask(store, ENDLESS, timeout=60, stay=1)
    assert stopped.status == 503
    assert time.monotonic() - begun < 30


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory can be limited only on Linux")
def test_a_question_that_takes_too_much_memory_is_stopped(store: Path, capfd: pytest.CaptureFixture[str]) -> None:
    numbers = " ".join(map(str, range(1500)))
    values = " ".join(f"VALUES ?{name} {{ {numbers} }}" for name in "abc")
    stopped, answered = ask(store, f"SELECT * {{ {values} }} ORDER BY ?a", memory=300 << 20)
    assert b"too much memory" in stopped.body
    assert (stopped.status, answered.status) == (503, 200)
    assert capfd.readouterr().err == ""


def test_ctrl_c_ends_it_while_a_question_runs(store: Path) -> None:
    with ThreadPoolExecutor() as executor, started(store, "--timeout", "60") as (process, address):
        asking = executor.submit(httpx.get, f"{address}sparql", params={"query": ENDLESS}, timeout=90, trust_env=False)
        time.sleep(1)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        # The workers write to the same pipe, so that it ends only when the last of them has.
        assert process.stderr
        assert process.stderr.read() == ""
        assert time.monotonic() - begun < 30
        assert "the server is ending" in refused(asking.result(), 503)


def test_a_new_build_is_taken_up(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "graph")
    (tmp_path / "new.txt").write_text("HCPCS Code J1745\n\nJ1745 identifies infliximab, billed per 10 mg.\n")
    with started(tmp_path / "graph") as (_, address), httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/show/drug:tocilizumab").status_code == 200
        built = run("add", tmp_path / "new.txt", "--no-icd10cm", "--store", tmp_path / "graph")
        assert built.returncode == 0, built.stderr
        assert client.get("/show/drug:infliximab").json()["rows"]


def test_a_graph_that_is_gone_is_told_without_its_folder(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "graph")
    with started(tmp_path / "graph") as (process, address), httpx.Client(base_url=address, timeout=60) as client:
        shutil.rmtree(tmp_path / "graph")
        said = refused(client.get("/show/J3262"), 500)
        assert str(tmp_path) not in said
        assert client.get("/health").status_code == 503
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert f"{tmp_path / 'graph'}: no graph here" in process.stderr.read()


def test_a_port_in_use_is_one_line(store: Path, address: str) -> None:
    port = urlsplit(address).port
    ran = run("serve", "--port", str(port), "--store", store)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == f"kg: port {port} of 127.0.0.1 is in use; choose another with --port\n"


def test_a_graph_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    ran = run("serve", "--port", "0", "--store", tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
    assert "no graph here" in ran.stderr


def test_without_its_libraries_it_says_which_extra_is_missing(store: Path) -> None:
    script = "import sys; sys.modules['uvicorn'] = None; sys.argv = ['kg', 'serve']; from kg.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "KG_STORE": str(store)},
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr == "kg: the workbench needs an optional library: pip install 'billing-kg[web]'\n"


def test_a_request_that_is_cut_short_harms_nobody(client: httpx.Client, address: str) -> None:
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port)) as connection:
        head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        connection.sendall(f"{head}Content-Type: application/sparql-query\r\n\r\nASK {{".encode())
    assert json.loads(client.get("/search?q=tocil").text)["rows"]
