"""Replies: what a worker hands back, and what the server sends."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kg.errors import DocumentError, EngineError, KgError, MissingExtra, NotFound, QueryRefused, UsageError

JSON = "application/json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: the status of HTTP, the media type, the bytes, and what may explain that there is nothing in them.

    `policy` is the Content-Security-Policy of a page that has one of its own.
    A long one comes in pieces, each a reply by itself; `is_last` is true of the last of them. After `retry_after`
    seconds, if it is not 0, it makes sense to ask again.
    """

    status: int
    media_type: str
    body: bytes
    notes: tuple[str, ...] = ()
    is_last: bool = True
    retry_after: int = 0
    policy: str = ""


FIRST_PIECE = 16 << 10
PIECE = 64 << 10
"""How many bytes a piece has, but for the last. The first is smaller, so that it is there sooner."""


class Pieces:
    """Takes an answer while it is written, and sends it in pieces, if it is long, before it is whole."""

    def __init__(self, media_type: str, send: Callable[[Reply], object]) -> None:
        self._media_type = media_type
        self._send = send
        self._buffer = bytearray()
        self._most = FIRST_PIECE

    def write(self, data: bytes, /) -> int:
        """Take more of it."""
        self._buffer += data
        if len(self._buffer) >= self._most:
            self._most = PIECE
            self._send(Reply(200, self._media_type, bytes(self._buffer), is_last=False))
            self._buffer.clear()
        return len(data)

    def flush(self) -> None:
        """Wait for more."""

    def last(self, notes: tuple[str, ...]) -> Reply:
        """What was not sent yet: all of it, where it is short."""
        return Reply(200, self._media_type, bytes(self._buffer), notes)


def json_reply(content: Any, status: int = 200) -> Reply:
    """A reply of one line of JSON.

    >>> json_reply({"rows": []}).body
    b'{"rows": []}\\n'
    """
    # What no JSON parser would read, such as NaN, is to fail here and not at the client.
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, default=_plain)
    return Reply(status, JSON, f"{text}\n".encode())


def error(status: int, message: str, *, retry_after: int = 0) -> Reply:
    """A reply that says in one line what is wrong.

    >>> error(404, "no such page: '/x'").body
    b'{"error": "no such page: \\'/x\\'"}\\n'
    """
    return replace(json_reply({"error": " ".join(message.split())}, status), retry_after=retry_after)


def refusal(exc: KgError) -> Reply:
    """The reply that one of our errors makes."""
    if isinstance(exc, QueryRefused) and exc.place:
        excerpt = {"excerpt": exc.excerpt} if exc.excerpt else {}
        return json_reply({"error": " ".join(str(exc).split()), **excerpt, "place": exc.place}, 400)
    if isinstance(exc, UsageError):
        return error(400, str(exc))
    if isinstance(exc, MissingExtra):
        return error(501, str(exc))
    if isinstance(exc, NotFound):
        return error(404, str(exc))
    if isinstance(exc, DocumentError):
        # It was sent, and has no name.
        return error(422, f"the document: {str(exc).removeprefix('-: ')}")
    if isinstance(exc, EngineError):
        _log.error("kg: %s", exc)
        return error(503, "the engine that holds the graph does not answer as it should; the server's log says why")
    # What it says names folders of this machine, which are nobody's business elsewhere.
    _log.error("kg: %s", exc)
    return error(500, "the graph cannot be read; the server's log says why")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
