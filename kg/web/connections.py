"""Connections that end: of clients that take too long, and of idle ones where their places are needed."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.service.limits import Limits
from kg.service.replies import error

LEAST = 16 << 10
"""So many bytes more of an answer a client must have taken in the seconds that it has for them."""


class BoundedProtocol(H11Protocol):
    """A connection of HTTP/1.1 that is closed when its client is too slow, or when newer ones need its place.

    uvicorn itself closes a connection that is idle after an answer, but neither one that never asks, nor one that sends
    its request byte by byte, nor one whose client reads nothing.
    """

    limits: ClassVar[Limits]

    _head: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None
    _since = 0.0
    _unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, in the place of the one that can best be spared if there are too many."""
        super().connection_made(transport)
        self._since = self.loop.time()
        if len(self.connections) > self.limits.connections:
            self._make_room()
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._stop_head()
        self._stop_stall()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what the client has sent."""
        super().handle_events()
        self._watch_head()

    def on_response_complete(self) -> None:
        """Be ready for the next request."""
        super().on_response_complete()
        self._since = self.loop.time()
        self._watch_head()

    def pause_writing(self) -> None:
        """Stop sending, since the client does not read fast enough."""
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._stop_stall()
        self._stall = self.loop.call_later(self.limits.reading_seconds, self._check_reader)

    def resume_writing(self) -> None:
        """Send again."""
        super().resume_writing()
        self._stop_stall()

    def send_400_response(self, msg: str) -> None:
        """Tell a client that what it sent is no request, as all other errors are told, and close the connection."""
        reply = error(400, msg)
        headers = {"Content-Type": reply.media_type, "Content-Length": str(len(reply.body)), "Connection": "close"}
        head = h11.Response(status_code=400, headers=list(headers.items()), reason=b"Bad Request")
        for event in (head, h11.Data(data=reply.body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def _is_kept(self) -> bool:
        """Whether it waits for another request after an answer, for which uvicorn watches over the time."""
        return self.timeout_keep_alive_task is not None and self.conn.their_state is h11.IDLE

    @property
    def _rank(self) -> tuple[int, float]:
        """How well this connection can be spared; the lowest goes first."""
        is_sending = not self.is_idle and self.cycle.more_body
        return 0 if self.is_idle else 1 if is_sending else 2, self._since

    def _make_room(self) -> None:
        others: list[Any] = [one for one in self.connections if one is not self and not one.transport.is_closing()]
        spared = min((one for one in others if one._rank[0] < 2), key=lambda one: one._rank, default=self)
        spared.transport.abort()

    def _watch_head(self) -> None:
        if not self.is_idle or self.transport.is_closing() or self._is_kept:
            self._stop_head()
        elif self._head is None:
            self._since = self.loop.time()
            self._head = self.loop.call_later(self.limits.head_seconds, self.timeout_keep_alive_handler)

    def _stop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _stop_stall(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _check_reader(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if self._unread - unread < LEAST:
            self.transport.abort()
        else:
            self._unread = unread
            self._stall = self.loop.call_later(self.limits.reading_seconds, self._check_reader)
