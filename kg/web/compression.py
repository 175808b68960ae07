"""Compresses answers for clients that accept it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from kg.service.negotiation import choose


class Compression(GZipMiddleware):
    """Compresses with gzip; Starlette would do so for `gzip;q=0` as well, which means: anything but that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            accepted = ", ".join(Headers(scope=scope).getlist("accept-encoding"))
            if choose(accepted, ["gzip"]) is None:
                scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await super().__call__(scope, receive, send)
