"""The workbench as an app: what each request passes through, and what becomes of errors."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kg.errors import KgError
from kg.graph.engines.address import Address
from kg.service.delivery import Unfinished
from kg.service.operations import BASE
from kg.service.pool import Pool
from kg.service.replies import error, refusal
from kg.service.rooms import room_for_checks, room_for_questions
from kg.web.compression import Compression
from kg.web.guard import Guard
from kg.web.observing import Metrics, Observed
from kg.web.pages.routes import shown, wants_page
from kg.web.responses import respond
from kg.web.routes import Workbench
from kg.web.settings import Settings

_COMPRESSION = 4
"""Higher levels take several times as long for a few per cent."""

_DEFAULT = Settings()
_log = logging.getLogger(__name__)


def create_app(store: Path | Address, settings: Settings = _DEFAULT) -> Starlette:
    """The workbench over the graph in a folder; it asks nobody, and changes nothing but decisions about findings.

    `app.state.close()` ends its workers, for who wants to do that before the app ends.
    """
    pool = Pool(store, room_for_questions(settings.timeout, settings.limits))
    # A document may take longer to read than a question to answer, and must not keep questions waiting.
    checks = Pool(store, room_for_checks(settings.limits), "checks")
    metrics = Metrics((pool, checks))
    routes = Workbench(store, settings, pool, checks, metrics).routes()

    def close() -> None:
        pool.close()
        checks.close()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        pool.start()
        checks.start()
        try:
            yield
        finally:
            close()

    app = Starlette(
        routes=routes,
        middleware=_middleware(settings, metrics, {route.endpoint: route.path for route in routes}),
        exception_handlers={
            KgError: _refused,
            HTTPException: _refused_by_http,
            ClientDisconnect: _unfinished,
            Exception: _failed,
        },
        lifespan=lifespan,
    )
    app.state.close = close
    return app


def _middleware(settings: Settings, metrics: Metrics, pages: Mapping[Any, str]) -> list[Middleware]:
    """What each request passes through, from the outside in."""
    return [
        *([Middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.proxies))] if settings.proxies else []),
        Middleware(Observed, metrics=metrics, pages=pages, log_requests=settings.log_requests),
        *_for_pages_of(settings.origins),
        Middleware(Compression, minimum_size=1000, compresslevel=_COMPRESSION),
        Middleware(Guard, hosts=settings.hosts, origins=settings.origins, token=settings.token),
    ]


def _for_pages_of(origins: Collection[str]) -> list[Middleware]:
    """What tells browsers that pages of these origins may read the answers; without any, nothing."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=sorted(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Accept", "Authorization", "Content-Type"],
            expose_headers=["Kg-Note"],
        )
    ]


def _refused(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, KgError)
    return respond(refusal(exc))


def _refused_by_http(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    messages = {404: f"no such page: {request.scope['path']!r}", 405: f"{request.method} is not for this page"}
    reply = error(exc.status_code, messages.get(exc.status_code, exc.detail))
    # Who types an address wrong is a person; what has an address of the API is asked by programs.
    if exc.status_code in messages and wants_page(request) and not request.scope["path"].startswith((BASE, "/sparql")):
        return shown(reply)
    return respond(reply, headers=exc.headers or {})


def _unfinished(_request: Request, _exc: Exception) -> Response:
    return respond(error(400, "the request was not finished"))


def _failed(_request: Request, exc: Exception) -> Response:
    if not isinstance(exc, Unfinished):
        _log.error("kg: a bug of billing-kg", exc_info=exc)
    return respond(error(500, "this is a bug of billing-kg; the server's log says where"))
