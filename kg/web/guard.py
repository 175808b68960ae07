"""Refuses requests that another site makes through the browser of whoever uses the workbench.

A name that its owner points at 127.0.0.1 would make this server look like a part of that owner's site (DNS
rebinding); so only names that mean this machine are answered. What other sites ask without being able to read
the answer is refused as well, because it would still keep the workers busy.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.web.replies import Reply, error
from kg.web.responses import respond

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:]+)(?::[0-9]*)?", re.IGNORECASE)


class Guard:
    """Passes on what was asked under one of its hosts and not by another site; `hosts` None passes any host.

    Pages of `origins` may ask as well; "*" is any page.
    """

    def __init__(
        self, app: ASGIApp, hosts: Collection[str] | None = LOOPBACK, origins: Collection[str] = frozenset()
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        refused = self._refused(scope) if scope["type"] == "http" else None
        if refused is None:
            await self._app(scope, receive, send)
        else:
            await respond(refused)(scope, receive, send)

    def _refused(self, scope: Scope) -> Reply | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._hosts is not None and not _is_one_of(host, self._hosts):
            return error(400, f"not a name of this server: {host!r}")
        is_allowed = "*" in self._origins or headers.get("origin") in self._origins
        if not is_allowed and _is_foreign(scope["method"], headers):
            return error(403, "asked by a page of another site")
        return None


def _is_one_of(host: str, hosts: Collection[str]) -> bool:
    match = _HOST.fullmatch(host)
    return match is not None and match[1].lower() in hosts


def _is_foreign(method: str, headers: Headers) -> bool:
    """Whether a page of another site asks, by itself; to follow a link from there is fine."""
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return False
    return method != "GET" or headers.get("sec-fetch-mode") != "navigate"
