"""The pages of the workbench: how a request becomes a question to a worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import __version__
from kg.errors import StoreError
from kg.graph.engines.address import Address
from kg.graph.opening import current_name
from kg.model import DEFAULT_TRUST
from kg.service import answers
from kg.service.negotiation import choose
from kg.service.operations import BASE, CHECK, OPERATIONS, Operation, arguments
from kg.service.parameters import Parameters
from kg.service.pool import Pool
from kg.service.replies import Reply, error, json_reply
from kg.service.results import OFFERED
from kg.web.bodies import Bodies
from kg.web.clients import client_of
from kg.web.observing import MEDIA_TYPE, Metrics
from kg.web.openapi import description
from kg.web.pages.routes import Pages, not_changed
from kg.web.protocol import accepted, read_request
from kg.web.responses import Delivered, respond
from kg.web.settings import Settings
from kg.web.tags import headers_of, is_had, is_whatever_there_is, tag_of

_Handler = Callable[[Request], Awaitable[Response]]


class Workbench:
    """What each route does: read the request, put the question to a worker."""

    def __init__(self, store: Path | Address, settings: Settings, pool: Pool, checks: Pool, metrics: Metrics) -> None:
        self._store = store
        self._settings = settings
        self._pool = pool
        self._checks = checks
        self._metrics = metrics
        limits = settings.limits
        self._bodies = Bodies(limits.body, limits.bodies, limits.body_seconds)
        self._pages = Pages(
            partial(self._reply, pool),
            partial(self._reply, checks),
            self._document,
            self._bodies.read,
            lambda request: tag_of(request, store),
            settings.releases,
            settings.token,
        )

    def routes(self) -> list[Route]:
        """All routes. What the API answers can be had without its prefix, too."""
        return [
            Route("/sparql", self.sparql, methods=["GET", "POST", "OPTIONS"]),
            Route("/health", self.health),
            Route("/metrics", self.metrics),
            *(Route(f"{base}/queries/{{name}}.rq", self.text_of_question) for base in ("", BASE)),
            *(
                route
                for operation in OPERATIONS
                for handler in (self._handler(operation),)
                for route in (
                    Route(operation.route, self._pages.beside(operation.route, handler)),
                    Route(f"{BASE}{operation.route}", handler),
                )
            ),
            *self._pages.routes(),
            Route(f"{BASE}{CHECK}", self.check, methods=["POST"]),
            Route(f"{BASE}/openapi.json", self.openapi),
        ]

    async def health(self, _request: Request) -> Response:
        """Whether there is a graph to be asked; what is in it is not looked at."""
        try:
            build = await run_in_threadpool(current_name, self._store)
        except StoreError:
            return respond(error(503, "there is no graph"))
        return respond(json_reply({"status": "ok", "version": __version__, "build": build}))

    async def metrics(self, _request: Request) -> Response:
        """The counts for Prometheus."""
        return respond(Reply(200, MEDIA_TYPE, self._metrics.text()))

    async def sparql(self, request: Request) -> Response:
        """The SPARQL endpoint."""
        if request.method == "OPTIONS":
            return respond(Reply(200, "text/plain", b""), headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        sparql_request = await read_request(request, self._bodies)
        if sparql_request is None:
            return respond(answers.description_of(str(request.url.replace(query="")), accepted(request)))
        return await self._ask(request, answers.sparql, sparql_request.query, **sparql_request.options)

    async def text_of_question(self, request: Request) -> Response:
        """A question of the catalogue as SPARQL for any engine."""
        parameters = _parameters(request)
        trust = parameters.text("trust", DEFAULT_TRUST)
        name, values = request.path_params["name"], parameters.rest()
        return _fixed(request, lambda: answers.text_of(name, values, trust=trust))

    async def check(self, request: Request) -> Response:
        """What the releases say against a document that is the body of the request."""
        parameters = _parameters(request)
        media_type = _media_type(parameters, request)
        as_of, names_codes = parameters.day("as_of"), parameters.flag("codes", False)
        parameters.done()
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            raise HTTPException(415, "the body is to be the document itself, not a form with parts")
        document = await self._document(request)
        words = (answers.asked, answers.check, media_type, document)
        options: dict[str, Any] = {"releases": self._settings.releases, "as_of": as_of, "names_codes": names_codes}
        return Delivered(await self._checks.ask(client_of(request), _until_disconnect(request), *words, **options))

    async def openapi(self, request: Request) -> Response:
        """What the API can be asked."""
        _parameters(request).done()
        return _fixed(request, lambda: json_reply(description(self._settings.limits.document)))

    def _handler(self, operation: Operation) -> _Handler:
        async def handle(request: Request) -> Response:
            parameters = _parameters(request)
            media_type = _media_type(parameters, request)
            options = arguments(operation, parameters)
            if operation.is_fixed:
                return _fixed(request, lambda: operation.ask(**options).reply(media_type))
            subject = tuple(request.path_params.values())
            return await self._ask(request, answers.asked, operation.ask, media_type, *subject, **options)

        return handle

    async def _ask(self, request: Request, function: Callable[..., Reply], *words: Any, **options: Any) -> Response:
        """The answer of a worker, unless the client says that it has it."""
        tag = tag_of(request, self._store)
        if is_had(request, tag):
            return not_changed(tag)
        delivery = await self._pool.ask(client_of(request), _until_disconnect(request), function, *words, **options)
        if tag and is_whatever_there_is(request) and delivery.reply.status == 200:
            delivery.close()
            return not_changed(tag)
        return Delivered(delivery, headers_of(tag))

    async def _document(self, request: Request, more: int = 0) -> bytes:
        """A document that is the body of a request, or all of it but so many bytes."""
        return await self._bodies.read(request, self._settings.limits.document + more)

    async def _reply(
        self, pool: Pool, request: Request, function: Callable[..., Reply], *words: Any, **options: Any
    ) -> Reply:
        """The reply of a worker, whole: what answers with a page sends no pieces."""
        delivery = await pool.ask(client_of(request), _until_disconnect(request), function, *words, **options)
        delivery.close()
        return delivery.reply


def _fixed(request: Request, make: Callable[[], Reply]) -> Response:
    """An answer that depends on no graph, unless the client says that it has it."""
    tag = tag_of(request, None)
    if is_had(request, tag):
        return not_changed(tag)
    reply = make()
    return not_changed(tag) if is_whatever_there_is(request) else respond(reply, headers=headers_of(tag))


def _parameters(request: Request) -> Parameters:
    return Parameters(request.scope["query_string"])


_FORMATS = dict(zip(("json", "csv"), OFFERED, strict=True))


def _media_type(parameters: Parameters, request: Request) -> str:
    """The media type that a client likes best, or names by `format`; raises `HTTPException` 406 for others."""
    name = parameters.text("format", "")
    wanted = _FORMATS.get(name, name) or accepted(request)
    media_type = choose(wanted, OFFERED) if not name or name in _FORMATS or "/" in name else None
    if media_type is None:
        raise HTTPException(406, f"this answer can be had as {', '.join(OFFERED)}, but not as {wanted!r}")
    return media_type


async def _until_disconnect(request: Request) -> None:
    """Returns when the client leaves."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
