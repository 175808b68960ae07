"""Replies as Starlette sends them, each with the headers that keep browsers from making more of it than it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.service.delivery import Delivery, Unfinished
from kg.service.replies import Reply, error

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of what is no page."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_LONGEST_NOTE = 1000
_NONE: Mapping[str, str] = MappingProxyType({})


def respond(reply: Reply, policy: str = NOTHING, headers: Mapping[str, str] = _NONE) -> Response:
    """The response that sends a reply."""
    sent = {**_HEADERS, "Content-Security-Policy": policy, **headers}
    if reply.notes:
        # What a query names is anybody's text, and a header is printable ASCII.
        sent["Kg-Note"] = re.sub(r"[^ -~]", "?", "; ".join(reply.notes))[:_LONGEST_NOTE]
    if reply.retry_after:
        sent["Retry-After"] = str(reply.retry_after)
    return Response(reply.body, reply.status, sent, reply.media_type)


class Delivered(Response):
    """The response that sends an answer while it comes from a worker."""

    def __init__(self, delivery: Delivery, headers: Mapping[str, str] = _NONE) -> None:
        self._delivery = delivery
        self._extra = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; raises `Unfinished` where it breaks off, upon which the server breaks the connection off."""
        try:
            reply = self._delivery.reply
            if not reply.is_last and scope["http_version"] == "1.0":
                reply = await self._whole()
            response = respond(reply, headers=self._extra if reply.status == 200 else _NONE)
            if reply.is_last or scope["method"] == "HEAD":
                await response(scope, receive, send)
                return
            del response.headers["content-length"]
            await send({"type": "http.response.start", "status": reply.status, "headers": response.raw_headers})
            await send({"type": "http.response.body", "body": reply.body, "more_body": True})
            async for piece in self._delivery.rest():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._delivery.close()

    async def _whole(self) -> Reply:
        """All of it: a client of HTTP/1.0 could not tell an end from a break."""
        first, body = self._delivery.reply, bytearray(self._delivery.reply.body)
        try:
            async for piece in self._delivery.rest():
                body += piece
                if len(body) > _MOST_WHOLE:
                    return error(503, f"the answer has more than {_MOST_WHOLE:,} bytes, for which HTTP/1.1 is needed")
        except Unfinished as exc:
            return exc.reply
        return Reply(first.status, first.media_type, bytes(body))


_MOST_WHOLE = 64 << 20
