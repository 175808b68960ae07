"""What becomes of the answers of an engine that is down, slow or broken, or that sends only a part."""

from __future__ import annotations

import gzip
import socket

import pytest

from kg.errors import EngineError
from kg.graph.engines import engine as engine_module
from kg.graph.engines.address import Address, address_of
from kg.graph.engines.engine import Engine
from kg.graph.engines.quads import RemoteQuads

from .double import Double, Failing, Handler

JSON = "application/sparql-results+json"
ROWS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}'


def place(double: Double) -> Address:
    address = address_of(double.address)
    assert address is not None
    return address


def rows(double: Double, seconds: float = 10) -> list[object]:
    engine = Engine(place(double), seconds)
    try:
        return list(RemoteQuads(engine).query("SELECT ?x { ?x ?p ?o }"))
    finally:
        engine.close()


def always(media_type: str, content: bytes, status: int = 200, **headers: str) -> Failing:
    def fail(handler: Handler) -> bool:
        handler.reply(media_type, content, status, **headers)
        return True

    return fail


def test_an_answer_is_what_the_engine_sends(double: Double) -> None:
    double.failing = always(f"{JSON}; charset=utf-8", ROWS)
    assert len(rows(double)) == 1


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        (always("text/html", b"<html>Sign in</html>"), "answers with text/html and not with"),
        (always("", ROWS), "no media type"),
        (always("text/html", b"<html>Oops</html>", 500), r"it cannot answer \(status 500\)"),
        (always("text/plain", b"no such\x1b[2J function\nline 2", 400), r"answer: no such \[2J function line 2"),
        (always("text/plain", b"x" * 10_000, 400), "x…"),
        (always("text/plain", b"", 401), "KG_ENGINE_TOKEN"),
        (always("text/plain", b"", 404), "nothing is there"),
        (always("text/plain", b"", 503), "try again later"),
        (always("text/plain", b"", 302, Location="http://evil.example/"), "it moved to http://evil.example/"),
        (always(JSON, ROWS[:-20]), "breaks off"),
        (always(JSON, b""), "breaks off"),
        (always(JSON, b"[]"), "breaks off"),
        (always(JSON, b"\xff\xfe"), "breaks off"),
        (always(JSON, ROWS, 206), "only a part"),
        (always(JSON, ROWS, X_SQL_State="S1TAT"), "only a part"),
        (always(JSON, ROWS, X_SPARQL_MaxRows="10000"), "only the first 10000 rows"),
        (always(JSON, b"no gzip", Content_Encoding="gzip"), "is no HTTP"),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_an_error_in_one_line(double: Double, failing: Failing, words: str) -> None:
    double.failing = failing
    with pytest.raises(EngineError, match=words) as caught:
        rows(double)
    message = str(caught.value)
    assert message.startswith(f"{double.address}: ") and message.isprintable() and len(message) < 500


def test_nobody_is_followed_to_another_place(double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENGINE_TOKEN", "a-secret-token")
    double.failing = always("text/plain", b"", 307, Location=f"{double.address}/elsewhere")
    with pytest.raises(EngineError) as caught:
        rows(double)
    assert len(double.requests) == 1 and double.requests[0].headers["Authorization"] == "Bearer a-secret-token"
    assert "a-secret-token" not in str(caught.value)


def test_nobody_who_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = address_of(f"http://127.0.0.1:{port}")
    assert address is not None
    with pytest.raises(EngineError, match="no connection"):
        list(RemoteQuads(Engine(address)).query("SELECT ?x { ?x ?p ?o }"))


def test_an_answer_that_does_not_come(double: Double) -> None:
    double.failing = lambda handler: handler.rfile.read(1) is not None  # Waits until the client leaves.
    with pytest.raises(EngineError, match=r"no answer within 0\.3 s"):
        rows(double, 0.3)


def test_an_answer_that_trickles(double: Double) -> None:
    def trickle(handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b" ")
                handler.server.pause.wait(0.02)
        except OSError:
            return True

    double.failing = trickle
    with pytest.raises(EngineError, match=r"no answer within 0\.3 s"):
        rows(double, 0.3)


def test_a_connection_that_breaks_off_in_the_middle(double: Double) -> None:
    def half(handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(ROWS), ROWS))  # All rows, but not the end.
        handler.close_connection = True
        return True

    double.failing = half
    with pytest.raises(EngineError, match="broke off"):
        rows(double)


def test_an_answer_that_is_too_large_also_when_it_is_packed(double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "MOST_BYTES", 1 << 20)
    double.failing = always(JSON, gzip.compress(b" " * (8 << 20)), Content_Encoding="gzip")
    with pytest.raises(EngineError, match="more than 1 MiB"):
        rows(double)


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_a_password_is_sent_as_the_engine_asks_for_it(
    double: Double, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("KG_ENGINE_USER", "me")
    monkeypatch.setenv("KG_ENGINE_PASSWORD", "secret")

    def ask(handler: Handler) -> bool:
        if handler.headers.get("Authorization", "").startswith(scheme):
            handler.reply(JSON, ROWS)
        else:
            handler.reply("text/plain", b"", 401, WWW_Authenticate=f'{scheme} realm="kg", nonce="n", qop="auth"')
        return True

    double.failing = ask
    assert len(rows(double)) == 1
