"""Messages over standard input and output, one a line, within bounds that a client cannot pass.

The package's own transport reads lines of any length, drops what it cannot read without a word, and takes more requests
than anybody answers. Here what is too long or no message gets an error, and so does a request too many.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from threading import Thread
from typing import Any, NamedTuple, TypeVar

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import ServerMessageMetadata, SessionMessage
from mcp_types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCRequest,
    JSONRPCResponse,
    RequestId,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError

BUSY = -32000
"""The code of the error for a request too many."""

_PIECE = 64 << 10
_ENDING = 1.0
_ENDS = 512
_ID = rb'"id"\s*:\s*(-?[0-9]{1,18}|"[^"\\]{0,100}")'
_HALVES = re.compile("[\ud800-\udfff]")
_VERSION = rb'"jsonrpc"\s*:\s*"2\.0"'
# Where a line is too long to be read, its identifier is, where it stands before or behind all else.
_AT_THE_HEAD = re.compile(rb"\s*\{\s*(?:" + _VERSION + rb"\s*,\s*)?" + _ID + rb"\s*,")
_AT_THE_TAIL = re.compile(rb",\s*(?:" + _VERSION + rb"\s*,\s*)?" + _ID + rb"(?:\s*,\s*" + _VERSION + rb")?\s*\}\s*\Z")

T = TypeVar("T")
_Reading = MemoryObjectReceiveStream[SessionMessage | Exception]
_Writing = MemoryObjectSendStream[SessionMessage]


class Bounds(NamedTuple):
    """How long a line may be, and how many requests, of how many bytes together, may wait for their answers."""

    line: int
    requests: int
    together: int


class TooLong(NamedTuple):
    """What is kept of a line that is longer than it may be: its beginning and its end."""

    head: bytes
    tail: bytes


class Lines:
    """Cuts what arrives into lines, and keeps no more of one than it may have.

    >>> lines = Lines(most=4)
    >>> lines.feed(b"one\\ntwo and"), lines.feed(b" more\\n\\n")
    ([b'one'], [TooLong(head=b'two and', tail=b'two and more'), b''])
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept = bytearray()
        self._head = b""

    def feed(self, piece: bytes) -> list[bytes | TooLong]:
        """The lines that end in a piece."""
        *ended, rest = piece.split(b"\n")
        lines = [self._end(part) for part in ended]
        self._keep(rest)
        return lines

    def last(self) -> list[bytes | TooLong]:
        """What stands behind the last line break."""
        return [self._end(b"")] if self._kept or self._head else []

    def _keep(self, part: bytes) -> None:
        self._kept += part
        if len(self._kept) > self._most:
            self._head = self._head or bytes(self._kept[:_ENDS])
            del self._kept[:-_ENDS]

    def _end(self, part: bytes) -> bytes | TooLong:
        self._keep(part)
        line, head = bytes(self._kept), self._head
        self._kept.clear()
        self._head = b""
        return TooLong(head, line) if head else line


@asynccontextmanager
async def standard_wire(bounds: Bounds) -> AsyncIterator[tuple[_Reading, _Writing]]:
    """The streams of messages over standard input and output.

    As long as they are open, nothing else reads the one or writes to the other: neither a worker nor a stray print.
    """
    wire_in, wire_out = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)
    async with wire(partial(os.read, wire_in, _PIECE), partial(_write_whole, wire_out), bounds) as streams:
        yield streams


@asynccontextmanager
async def wire(
    read: Callable[[], bytes], write: Callable[[bytes], None], bounds: Bounds
) -> AsyncIterator[tuple[_Reading, _Writing]]:
    """The streams of messages over functions that block: one reads a piece, empty at the end, the other writes all."""
    arriving, received = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    sent, leaving = anyio.create_memory_object_stream[SessionMessage](0)
    waiting = _Waiting(bounds)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_read_all, read, arriving, sent.clone(), waiting)
        tasks.start_soon(_write_all, write, leaving, waiting, tasks.cancel_scope)
        try:
            yield received, sent
        finally:
            # A client that left without reading its answers is not waited for.
            received.close()
            sent.close()
            tasks.cancel_scope.deadline = min(tasks.cancel_scope.deadline, anyio.current_time() + _ENDING)


class _Waiting:
    """The requests that wait for their answers."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._sizes: dict[RequestId, list[int]] = {}
        self._number = self._together = 0

    def join(self, identifier: RequestId, size: int) -> bool:
        """Let one wait, if it may."""
        is_full = self._number >= self.bounds.requests or self._together + size > self.bounds.together
        if is_full and self._number:
            return False
        self._sizes.setdefault(identifier, []).append(size)
        self._number += 1
        self._together += size
        return True

    def leave(self, identifier: RequestId | None) -> None:
        """Let one wait no more, which is answered or will never be."""
        sizes = self._sizes.get(identifier) if identifier is not None else None
        if sizes:
            self._number -= 1
            self._together -= sizes.pop()
            if not sizes:
                del self._sizes[identifier]  # type: ignore[arg-type]


async def _read_all(
    read: Callable[[], bytes],
    arriving: MemoryObjectSendStream[SessionMessage | Exception],
    errors: _Writing,
    waiting: _Waiting,
) -> None:
    """Pass on each message that arrives, and answer with an error what is none."""
    lines = Lines(waiting.bounds.line)
    async with arriving, errors:
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            while piece := await _in_a_thread(read):
                for line in lines.feed(piece):
                    await _pass_on(line, arriving, errors, waiting)
            for line in lines.last():
                await _pass_on(line, arriving, errors, waiting)


async def _pass_on(
    line: bytes | TooLong,
    arriving: MemoryObjectSendStream[SessionMessage | Exception],
    errors: _Writing,
    waiting: _Waiting,
) -> None:
    if isinstance(line, TooLong):
        why = f"the message is longer than {waiting.bounds.line:,} bytes"
        await errors.send(_error(_identifier_of(line), INVALID_REQUEST, why))
        return
    if not line.strip():
        return
    try:
        message = jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValidationError:
        await errors.send(_no_message(line))
        return
    if not isinstance(message, JSONRPCRequest):
        await arriving.send(SessionMessage(message))
    elif waiting.join(message.id, len(line)):
        metadata = ServerMessageMetadata(on_request_unanswered=partial(_left, waiting, message.id))
        await arriving.send(SessionMessage(message, metadata))
    else:
        await errors.send(_error(message.id, BUSY, "busy: too many requests of yours at once; ask again later"))


async def _left(waiting: _Waiting, identifier: RequestId) -> None:
    waiting.leave(identifier)


async def _write_all(
    write: Callable[[bytes], None],
    leaving: MemoryObjectReceiveStream[SessionMessage],
    waiting: _Waiting,
    everything: anyio.CancelScope,
) -> None:
    """Write each message; a client that does not read keeps those who answer it waiting, one that left ends it all."""
    async with leaving:
        async for sent in leaving:
            message = sent.message
            text = message.model_dump_json(by_alias=True, exclude_unset=True)
            try:
                await _in_a_thread(partial(write, f"{text}\n".encode()))
            except OSError:
                everything.cancel()
                return
            # An error of this module answers a request that was never let in.
            if isinstance(message, JSONRPCResponse | JSONRPCError) and sent.metadata is not _OWN:
                waiting.leave(message.id)


_OWN = ServerMessageMetadata()


def _error(identifier: RequestId | None, code: int, message: str) -> SessionMessage:
    error = JSONRPCError(jsonrpc="2.0", id=identifier, error=ErrorData(code=code, message=message))
    return SessionMessage(error, _OWN)


def _no_message(line: bytes) -> SessionMessage:
    """The error for a line that is no message of the protocol, with its identifier where it has one."""
    try:
        content: Any = json.loads(line)
    except (ValueError, RecursionError):
        return _error(None, PARSE_ERROR, "not JSON")
    identifier = content.get("id") if isinstance(content, dict) else None
    return _error(identifier if _can_be_said(identifier) else None, INVALID_REQUEST, "no message of JSON-RPC 2.0")


def _can_be_said(identifier: object) -> bool:
    """Whether an answer can bear an identifier: half a character, which JSON lets through, is nothing to be written."""
    if isinstance(identifier, str):
        return identifier.isascii() or not _HALVES.search(identifier)
    return isinstance(identifier, int) and not isinstance(identifier, bool)


def _identifier_of(line: TooLong) -> RequestId | None:
    """The identifier of a request that is too long, where it stands at one of its ends."""
    match = _AT_THE_HEAD.match(line.head) or _AT_THE_TAIL.search(line.tail)
    identifier: RequestId | None = json.loads(match[1]) if match else None
    return identifier


def _write_whole(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


async def _in_a_thread(function: Callable[[], T]) -> T:
    """What a function that may block for ever gives, in a thread that does not keep this process from ending."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(settled: Callable[[], None]) -> None:
        if not future.done():
            settled()

    def run() -> None:
        try:
            result = function()
        except OSError as exc:
            settled = partial(future.set_exception, exc)
        else:
            settled = partial(future.set_result, result)
        with suppress(RuntimeError):  # Nobody waits any more.
            loop.call_soon_threadsafe(settle, settled)

    Thread(target=run, daemon=True).start()
    return await future
