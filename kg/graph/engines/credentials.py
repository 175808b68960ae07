"""Who asks an engine: of the environment, since others see the options of a command, and files are shared."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import suppress

import httpx

from kg.errors import UsageError
from kg.graph.engines.address import Address

HOW = "set KG_ENGINE_TOKEN, or KG_ENGINE_USER and KG_ENGINE_PASSWORD"


def credentials(address: Address) -> httpx.Auth | None:
    """A token as Bearer, or a name and a password; None where the environment has neither.

    Raises `UsageError` where they would go to an engine that a file named, which came along with the folder maybe.
    """
    token, user = os.environ.get("KG_ENGINE_TOKEN"), os.environ.get("KG_ENGINE_USER")
    if (token or user) and address.stands:
        raise UsageError(
            f"{address.stands}: KG_ENGINE_TOKEN and KG_ENGINE_PASSWORD are sent only where you say it yourself: "
            f"set KG_STORE={address}, or KG_CONFIG to this file"
        )
    if token:
        return Token(token)
    return Password(user, os.environ.get("KG_ENGINE_PASSWORD", "")) if user else None


class Token(httpx.Auth):
    """A token, sent with each request."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request with the token."""
        request.headers["Authorization"] = self._header
        yield request


class Password(httpx.Auth):
    """A name and a password, by Digest or Basic, as the engine asks for them."""

    def __init__(self, user: str, password: str) -> None:
        self._digest = httpx.DigestAuth(user, password)
        self._basic = httpx.BasicAuth(user, password)
        self._is_basic = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request, and again with what the engine asks for."""
        if self._is_basic:
            yield from self._basic.auth_flow(request)
            return
        flow = self._digest.auth_flow(request)
        response = yield next(flow)
        if response.status_code == 401 and response.headers.get("www-authenticate", "").lower().startswith("basic"):
            self._is_basic = True
            yield from self._basic.auth_flow(request)
            return
        with suppress(StopIteration):
            yield flow.send(response)
