"""Lines that are too long, lines that are no message, and requests too many get an error each, and no more memory."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCRequest, JSONRPCResponse

from kg.assistants.wire import BUSY, Bounds, Lines, TooLong, wire

BOUNDS = Bounds(line=1000, requests=2, together=5000)


@given(st.binary(max_size=200), st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_lines_are_those_of_the_whole_however_it_arrives(content: bytes, sizes: list[int]) -> None:
    lines = Lines(most=1000)
    found: list[Any] = []
    start = 0
    for size in [*sizes, len(content)]:
        found += lines.feed(content[start : start + size])
        start += size
    found += lines.last()
    assert found == content.removesuffix(b"\n").split(b"\n") if content else found == []


def test_of_a_line_that_is_too_long_only_its_ends_are_kept() -> None:
    lines = Lines(most=1000)
    found: list[Any] = []
    for _ in range(1000):
        found += lines.feed(b"x" * 10_000)
        assert len(lines._kept) <= 1000
    found += lines.feed(b"end\nnext\n")
    (long, following) = found
    assert isinstance(long, TooLong)
    assert (len(long.head), long.tail[-4:], following) == (512, b"xend", b"next")


def play(
    pieces: list[bytes], bounds: Bounds = BOUNDS, *, answers: bool = True, is_patient: bool = False
) -> list[dict[str, Any]]:
    """What a client that sends these pieces reads, from a server that answers each request with its method.

    One that is patient reads the answer to each piece before it sends the next.
    """
    written: list[dict[str, Any]] = []
    left: Iterator[tuple[int, bytes]] = iter(enumerate(pieces))

    def read() -> bytes:
        number, piece = next(left, (0, b""))
        while is_patient and len(written) < number:
            time.sleep(0.001)
        # The last answer has been counted a moment after it was written.
        time.sleep(0.01 if is_patient else 0)
        return piece

    async def whole() -> None:
        async with wire(read, lambda line: written.append(json.loads(line)), bounds) as streams:
            received, sent = streams
            async for each in received:
                assert isinstance(each, SessionMessage)
                if answers and isinstance(each.message, JSONRPCRequest):
                    result = {"method": each.message.method}
                    await sent.send(SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=each.message.id, result=result)))

    asyncio.run(asyncio.wait_for(whole(), 30))
    return written


def request(identifier: Any, **others: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": identifier, "method": "ping", **others}).encode() + b"\n"


def test_a_request_is_answered() -> None:
    assert play([request(1)]) == [{"jsonrpc": "2.0", "id": 1, "result": {"method": "ping"}}]


@pytest.mark.parametrize(
    ("line", "identifier", "code"),
    [
        (b"hello\n", None, -32700),
        (b"\xff\xfe\x00\n", None, -32700),
        (b"[" * 900 + b"\n", None, -32700),
        (b'{"jsonrpc": "2.0", "id": 7, "method": 5}\n', 7, -32600),
        (b'{"jsonrpc": "1.0", "id": "a", "method": "ping"}\n', "a", -32600),
        (b'{"id": true}\n', None, -32600),
        (b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "ping"}\n', None, -32600),
        ('{"jsonrpc": "2.0", "id": "\u00e9\U0001f600", "method": 5}\n'.encode(), "\u00e9\U0001f600", -32600),
        (b"[]\n", None, -32600),
        (b"null\n", None, -32600),
        (b'{"jsonrpc": "2.0", "id": 8, "method": "x", "params": {"t": "' + b"y" * 2000 + b'"}}\n', 8, -32600),
        (b'{"method": "x", "params": {"t": "' + b"y" * 2000 + b'"}, "jsonrpc": "2.0", "id": "b"}\n', "b", -32600),
        # What stands in the text itself is nobody's identifier.
        (b'{"method": "x", "params": {"t": "{\\"id\\": 3,' + b"y" * 2000 + b',\\"id\\": 4}"}}\n', None, -32600),
    ],
)
def test_what_is_no_message_gets_an_error_and_the_next_is_answered(line: bytes, identifier: Any, code: int) -> None:
    wrong, right = play([line, request(1)])
    assert (wrong["id"], wrong["error"]["code"]) == (identifier, code)
    assert right["id"] == 1


def test_empty_lines_and_notifications_need_no_answer() -> None:
    assert play([b"\n \n", b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n']) == []


def test_requests_too_many_are_refused_each() -> None:
    written = play([request(n) for n in range(5)], answers=False)
    assert [(each["id"], each["error"]["code"]) for each in written] == [(2, BUSY), (3, BUSY), (4, BUSY)]


def test_requests_that_are_too_long_together_are_refused_each() -> None:
    bounds = Bounds(line=1000, requests=100, together=1500)
    written = play([request(n, params={"t": "x" * 800}) for n in range(3)], bounds, answers=False)
    assert [each["id"] for each in written] == [1, 2]


def test_who_was_answered_makes_room_for_others() -> None:
    written = play([request(n) for n in range(6)], is_patient=True)
    assert [(each["id"], "result" in each) for each in written] == [(n, True) for n in range(6)]


def test_a_client_that_left_ends_it_all() -> None:
    def write(_content: bytes) -> None:
        raise BrokenPipeError

    def read() -> bytes:
        return request(1)

    async def whole() -> None:
        async with wire(read, write, BOUNDS) as (received, sent):
            async for each in received:
                assert isinstance(each, SessionMessage)
                assert isinstance(each.message, JSONRPCRequest)
                await sent.send(SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=each.message.id, result={})))
            await anyio.sleep(20)

    asyncio.run(asyncio.wait_for(whole(), 10))
