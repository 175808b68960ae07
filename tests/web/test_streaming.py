"""Long answers come in pieces; what a client has is not sent again; what is sent is compressed."""

from __future__ import annotations

import asyncio
import gzip
import json
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import httpx
import pytest

from kg.service import answers
from kg.service.delivery import Delivery
from kg.service.replies import FIRST_PIECE, Pieces, Reply
from kg.service.work import Question
from kg.service.workers import Stop, Worker
from kg.web import responses, routes
from kg.web.settings import Settings

from .conftest import SELECT, codes, refused, run, started
from .test_connections import DIGITS, LONG, Running, running, wait_until

PLAIN = {"Accept-Encoding": "identity"}
FORMATS = {
    "text/csv": b"\r\n",
    "text/tab-separated-values": b"\n",
    "application/sparql-results+json": b'"e":{',
    "application/sparql-results+xml": b"<result>",
}
WITHOUT_END = f"SELECT * {{ {' '.join(f'VALUES ?{name} {{ {DIGITS} }}' for name in 'abcdefghijkl')} }}"
"""It would take days to read."""


@pytest.mark.parametrize("media_type", FORMATS)
def test_more_rows_than_were_allowed_before_come_whole(media_type: str, client: httpx.Client) -> None:
    query = LONG.replace("SELECT *", "SELECT ?a ?e").replace("VALUES ?a", "VALUES ?x { 1 2 } VALUES ?a")
    response = client.get("/sparql", params={"query": query}, headers={"Accept": media_type})
    assert response.status_code == 200
    assert "content-length" not in response.headers
    headings = 1 if media_type.startswith("text/") else 0
    assert response.content.count(FORMATS[media_type]) == 200_000 + headings


def test_the_first_rows_are_there_before_the_last(store: Path) -> None:
    with (
        running(store, timeout=600) as made,
        httpx.stream(
            "GET", f"{made.address}sparql", params={"query": WITHOUT_END}, headers=PLAIN, timeout=60
        ) as response,
    ):
        assert response.status_code == 200
        assert next(response.iter_bytes()).startswith(b'{"head":')


def test_an_answer_that_breaks_off_is_not_taken_for_the_whole(store: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for headers in (PLAIN, {}):
        with running(store, timeout=1) as made, pytest.raises(httpx.RemoteProtocolError):
            address = f"{made.address}sparql"
            with httpx.stream("GET", address, params={"query": WITHOUT_END}, headers=headers, timeout=60) as response:
                assert response.status_code == 200
                for _ in response.iter_raw():
                    pass
    assert capfd.readouterr().err == ""


def test_without_pieces_a_long_answer_comes_whole_or_not_at_all(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP/1.0 has no way to say that an answer breaks off."""
    with running(store) as made:
        answer = ask_in_the_old_way(made, LONG.replace("SELECT *", "SELECT ?e"))
        assert answer.startswith(b"HTTP/1.1 200 OK")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert len(json.loads(body)["results"]["bindings"]) == 100_000
        assert f"content-length: {len(body)}".encode() in head
    monkeypatch.setattr(responses, "_MOST_WHOLE", 1 << 20)
    with running(store) as made:
        assert b"HTTP/1.1 is needed" in ask_in_the_old_way(made, WITHOUT_END)
    monkeypatch.setattr(responses, "_MOST_WHOLE", 1 << 40)
    with running(store, timeout=1) as made:
        broken = ask_in_the_old_way(made, WITHOUT_END)
        assert broken.startswith(b"HTTP/1.1 503 ")
        assert b"no answer within 1 s" in broken
        assert b"etag" not in broken


def ask_in_the_old_way(made: Running, query: str) -> bytes:
    address = urlsplit(str(httpx.URL("http://x/sparql", params={"query": query})))
    with socket.create_connection(made.place) as connection:
        connection.settimeout(60)
        connection.sendall(f"GET /sparql?{address.query} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        content = bytearray()
        while piece := connection.recv(1 << 20):
            content += piece
    return bytes(content)


def test_a_client_that_leaves_in_the_middle_stops_the_question(store: Path) -> None:
    with running(store, timeout=600) as made:
        for _ in range(3):
            with httpx.stream("GET", f"{made.address}sparql", params={"query": WITHOUT_END}, timeout=60) as response:
                next(response.iter_raw())
        left = 'kg_workers_ended_total{lane="quick",reason="left"} 3.0'
        wait_until(lambda: left in made.metrics())
        wait_until(lambda: not made.is_busy())
        assert len(active_children()) <= 6


def test_head_needs_no_more_than_the_first_piece(store: Path) -> None:
    with running(store, timeout=600) as made:
        response = httpx.head(f"{made.address}sparql", params={"query": WITHOUT_END}, timeout=60, trust_env=False)
        assert (response.status_code, response.content) == (200, b"")
        wait_until(lambda: not made.is_busy())


def test_pieces_are_sent_while_there_are_more() -> None:
    sent: list[Reply] = []
    pieces = Pieces("text/csv", sent.append)
    assert (pieces.write(b"x" * (FIRST_PIECE - 1)), sent) == (FIRST_PIECE - 1, [])
    assert pieces.last(("note",)).notes == ("note",)
    pieces.write(b"y")
    assert [(reply.status, reply.is_last, len(reply.body)) for reply in sent] == [(200, False, FIRST_PIECE)]
    pieces.write(b"z" * FIRST_PIECE)
    assert len(sent) == 1
    assert pieces.last(()) == Reply(200, "text/csv", b"z" * FIRST_PIECE)


TAGGED = ("/show/J3262", "/api/v1/codes-for/M06.9?format=csv", "/queries", "/schema", "/api/v1/openapi.json",
          "/queries/verdicts", "/queries/diagnoses-for-code.rq?code=J0129")  # fmt: skip


@pytest.mark.parametrize("path", TAGGED)
def test_what_a_client_has_is_not_sent_again(path: str, client: httpx.Client) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert first.headers["cache-control"] == "private, no-cache"
    assert "accept" in first.headers["vary"].lower()
    for given in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
        again = client.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "private, no-cache"
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == 304
    for given in ('"other"', tag.strip('W/"')):
        assert client.get(path, headers={"If-None-Match": given}).status_code == 200


def test_a_tag_is_that_of_the_question_and_of_how_it_is_answered(client: httpx.Client) -> None:
    asked = [
        client.get("/sparql", params={"query": SELECT}),
        client.get("/sparql", params={"query": f"{SELECT} "}),
        client.get("/sparql", params={"query": SELECT}, headers={"Accept": "text/csv"}),
        client.get("/sparql", params={"query": SELECT, "trust": "consistent"}),
    ]
    assert len({response.headers["etag"] for response in asked}) == 4
    assert client.get("/sparql", params={"query": SELECT}).headers["etag"] == asked[0].headers["etag"]


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "STRUUID()", "UUID()", "BNODE()", "'\\u0041'"])
def test_what_is_another_each_time_has_no_tag(function: str, client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": f"SELECT ({function} AS ?x) {{ }}"})
    assert (response.status_code, "etag" in response.headers) == (200, False)
    assert response.headers["cache-control"] == "no-store"


def test_errors_and_what_is_posted_have_no_tag(client: httpx.Client) -> None:
    for response in (
        client.get("/show/J9998"),
        client.get("/show/hcpcs:XYZ"),
        client.post("/sparql", data={"query": SELECT}),
    ):
        assert "etag" not in response.headers
        assert response.headers["cache-control"] == "no-store"


def test_a_new_build_has_other_tags(store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "graph")
    (tmp_path / "new.txt").write_text("HCPCS Code J3262\n\nDiagnoses\nM05.9 - Rheumatoid arthritis\n")
    with started(tmp_path / "graph") as (_, address), httpx.Client(base_url=address, timeout=60) as client:
        before, fixed = client.get("/show/J3262").headers["etag"], client.get("/schema").headers["etag"]
        built = run("add", tmp_path / "new.txt", "--no-icd10cm", "--store", tmp_path / "graph")
        assert built.returncode == 0, built.stderr
        after = client.get("/show/J3262", headers={"If-None-Match": before})
        assert (after.status_code, after.headers["etag"] != before) == (200, True)
        assert "M05.9" in after.text
        assert client.get("/schema").headers["etag"] == fixed


def test_answers_are_compressed_for_who_takes_it(client: httpx.Client) -> None:
    for path in ("/api/v1/openapi.json", f"/sparql?{httpx.QueryParams({'query': LONG})}"):
        with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as response:
            packed = b"".join(response.iter_raw())
        plain = client.get(path, headers=PLAIN)
        assert (response.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
        assert "accept-encoding" in plain.headers["vary"].lower()
        assert gzip.decompress(packed) == plain.content
        assert len(packed) < len(plain.content) / 3


@pytest.mark.parametrize("accepted", ["gzip;q=0", "gzip;q=0, identity", "br"])
def test_nobody_is_sent_what_it_does_not_accept(accepted: str, client: httpx.Client) -> None:
    response = client.get("/api/v1/openapi.json", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in response.headers
    assert "accept-encoding" in response.headers["vary"].lower()


def test_an_error_is_an_error_also_for_who_has_whatever_there_is(client: httpx.Client) -> None:
    assert client.get("/show/J9998", headers={"If-None-Match": "*"}).status_code == 404


def test_a_bug_is_in_the_log_and_one_line_for_the_client(
    store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_largest: int) -> str:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(routes, "description", broken)
    with running(store) as made:
        response = httpx.get(f"{made.address}api/v1/openapi.json", trust_env=False)
        assert "this is a bug of billing-kg" in refused(response, 500)
    assert caplog.text.count("ZeroDivisionError: of ours") == 1
    assert capfd.readouterr().err == ""


def test_settings_hide_the_token() -> None:
    assert "0123456789abcdef" not in repr(Settings(token="0123456789abcdef"))


def test_many_long_answers_at_once(store: Path) -> None:
    """Each in its own pieces, and none in those of another."""
    with running(store) as made, ThreadPoolExecutor() as executor:

        def asked(number: int) -> int:
            query = LONG.replace("SELECT *", f"SELECT (CONCAT('x{number}', STR(?e)) AS ?y)")
            response = httpx.get(f"{made.address}sparql", params={"query": query}, timeout=120, trust_env=False)
            assert response.status_code == 200
            return response.text.count(f'"x{number}')

        assert list(executor.map(asked, range(6))) == [100_000] * 6
        assert codes(httpx.get(f"{made.address}sparql", params={"query": SELECT}, trust_env=False))


def test_a_worker_that_was_stopped_between_two_pieces_answers_the_next_question(store: Path) -> None:
    worker = Worker(store, timeout=60, memory=2 << 30)
    try:
        for _ in range(5):
            first = worker.ask(sparql(WITHOUT_END))
            assert (first.status, first.is_last) == (200, False)
            worker.stop()
            assert worker.ask(sparql("ASK { }")).body == b'{"head":{},"boolean":true}'
        assert worker.endings == {"left": 5}
    finally:
        worker.close()


def sparql(query: str) -> Question:
    return Question(answers.sparql, (query,), {"trust": "disputed", "accept": "*/*"})


class SlowWorker:
    """A worker whose answer comes when the test says so."""

    def __init__(self) -> None:
        self.may_answer, self.is_asked = Event(), Event()

    def ask(self, _question: Question) -> Reply:
        self.is_asked.set()
        self.may_answer.wait(30)
        return Reply(200, "text/csv", b"")

    def stop(self, _stop: Stop) -> None:
        """It takes its time."""


def test_a_worker_is_free_for_others_when_its_thread_is_and_not_before() -> None:
    worker, released = SlowWorker(), []

    async def asked_and_cancelled() -> None:
        delivery = Delivery(asyncio.ensure_future(asyncio.sleep(30)), threads)
        let_go = partial(released.append, worker)
        asking = asyncio.ensure_future(delivery.begin(worker, sparql("ASK { }"), let_go))  # type: ignore[arg-type]
        await asyncio.to_thread(worker.is_asked.wait, 30)
        asking.cancel()
        await asyncio.wait([asking])
        delivery.close()
        assert released == []
        worker.may_answer.set()
        while not released:
            await asyncio.sleep(0.01)

    with ThreadPoolExecutor(1) as thread, ThreadPoolExecutor(1) as threads:
        thread.submit(lambda: asyncio.run(asyncio.wait_for(asked_and_cancelled(), 30))).result()
    assert released == [worker]
