"""Refuses requests that nobody meant for this server, or that bring no token where one is needed.

A name that its owner points at this machine would make this server look like a part of that owner's site (DNS
rebinding); so only names that mean this machine are answered. An address is no name, so that the one on which a request
came in is always right. What other sites ask without being able to read the answer is refused as well, because it
would still keep the workers busy.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.service.replies import Reply, error
from kg.web.responses import respond
from kg.web.token import CHALLENGES, is_brought

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

OPEN = frozenset({"/health"})
"""What needs no token: that the server works is told to whoever watches over it."""

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:]+)(?::[0-9]*)?", re.IGNORECASE)
_ADDRESS = re.compile(rb"https?://([^/]*)(/.*)?", re.IGNORECASE)
_READING = frozenset({"GET", "HEAD"})
_OF_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-real-ip")


class Guard:
    """Passes on what was asked under one of its hosts, not by another site, and with the token if there is one.

    Pages of `origins` may ask as well; "*" is any page.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str] = LOOPBACK,
        origins: Collection[str] = frozenset(),
        token: str = "",
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = origins
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _take_address_apart(scope)
        headers = Headers(scope=scope)
        if refused := self._refused(scope, headers):
            await respond(refused)(scope, receive, send)
        elif self._token and not self._may_enter(scope["path"], headers):
            response = respond(error(401, "this server needs a token: send Authorization: Bearer TOKEN"))
            for challenge in CHALLENGES:
                response.headers.append("WWW-Authenticate", challenge)
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refused(self, scope: Scope, headers: Headers) -> Reply | None:
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""
        if not self._is_ours(host, scope):
            return error(400, f"not a name of this server: {host!r}; kg serve --allow-host gives it one")
        is_allowed = "*" in self._origins or headers.get("origin") in self._origins
        if not is_allowed and is_foreign(scope["method"], host, headers):
            return error(403, "asked by a page of another site")
        return None

    def _is_ours(self, host: str, scope: Scope) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match[1].lower()
        return name in self._hosts or _is_address(name, (scope.get("server") or ("",))[0])

    def _may_enter(self, path: str, headers: Headers) -> bool:
        brought = headers.getlist("authorization")
        return path in OPEN or (len(brought) == 1 and is_brought(brought[0], self._token))


def may_change(request: Request, token: str) -> bool:
    """Whether whoever asks may change what is kept beside the graph.

    That is who has brought the token, of which the guard has made sure, or asks from this machine by one of its names,
    and not through a proxy. Pages of other sites may not, also where they may read.
    """
    headers = request.headers
    if is_foreign(request.method, headers.get("host", ""), headers):
        return False
    return bool(token) or (_is_here(request) and not any(name in headers for name in _OF_PROXIES))


def _is_here(request: Request) -> bool:
    match = _HOST.fullmatch(request.headers.get("host", ""))
    with suppress(ValueError):
        is_near = request.client is not None and ip_address(request.client.host).is_loopback
        return is_near and match is not None and match[1].lower() in LOOPBACK
    return False


def _take_address_apart(scope: Scope) -> None:
    """Where a client asks for a whole address, as it would ask a proxy, what counts is its host, and not the header."""
    match = _ADDRESS.fullmatch(scope["raw_path"])
    if match is not None:
        path = match[2] or b"/"
        scope["headers"] = [(b"host", match[1]), *(pair for pair in scope["headers"] if pair[0] != b"host")]
        scope["raw_path"], scope["path"] = path, unquote(path.decode("ascii"))


def _is_address(name: str, address: str) -> bool:
    """Whether a host is an IP address, and that one."""
    with suppress(ValueError):
        return ip_address(name.strip("[]")) == ip_address(address)
    return False


def is_foreign(method: str, host: str, headers: Headers) -> bool:
    """Whether a page of another site asks, by itself; to follow a link from there is fine."""
    if headers.get("sec-fetch-site") == "same-origin":
        return False  # The form of a page without referrer says `Origin: null`, but this as well.
    # Browsers say with all that is no mere reading which page it comes from, also old ones that say nothing else.
    origin = headers.get("origin")
    if method not in _READING and origin is not None and origin.partition("://")[2].lower() != host.lower():
        return True
    if headers.get("sec-fetch-site", "none") == "none":
        return False
    return method != "GET" or headers.get("sec-fetch-mode") != "navigate"
