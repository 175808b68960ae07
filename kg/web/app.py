"""The workbench as an app: its routes, and how a request becomes a question to a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import KgError, NotFound, StoreError, UnknownName
from kg.graph.store import current_build
from kg.model import DEFAULT_TRUST
from kg.web import answers
from kg.web.bodies import Bodies
from kg.web.guard import Guard
from kg.web.observing import MEDIA_TYPE, Metrics, Observed
from kg.web.page import page, policy
from kg.web.parameters import Parameters
from kg.web.pool import Pool
from kg.web.protocol import accepted, read_request
from kg.web.replies import Reply, error, json_reply, refusal
from kg.web.responses import respond
from kg.web.settings import Settings

_DEFAULT = Settings()


def create_app(store: Path, settings: Settings = _DEFAULT) -> Starlette:
    """The workbench over the graph in a folder; it changes nothing and asks nobody.

    `app.state.pool` is the pool of workers, for who wants to end them before the app ends.
    """
    pool = Pool(store, settings.timeout)
    metrics = Metrics(pool)
    routes = _Workbench(store, pool, metrics).routes()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        pool.start()
        try:
            yield
        finally:
            pool.close()

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
    app.state.pool = pool
    return app


def _middleware(settings: Settings, metrics: Metrics, pages: Mapping[Any, str]) -> list[Middleware]:
    """What each request passes through, from the outside in."""
    return [
        Middleware(Observed, metrics=metrics, pages=pages, log_requests=settings.log_requests),
        *_for_pages_of(settings.origins),
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


class _Workbench:
    """What each route does: read the request, put the question to a worker."""

    def __init__(self, store: Path, pool: Pool, metrics: Metrics) -> None:
        self._store = store
        self._pool = pool
        self._metrics = metrics
        self._bodies = Bodies()

    def routes(self) -> list[Route]:
        return [
            Route("/", self.page),
            Route("/sparql", self.sparql, methods=["GET", "POST", "OPTIONS"]),
            Route("/queries", self.questions),
            Route("/queries/{name}.rq", self.text_of_question),
            Route("/queries/{name}", self.question),
            Route("/schema", self.schema),
            # A name may have a stroke in it.
            Route("/codes-for/{diagnosis:path}", self.codes_for),
            Route("/show/{code:path}", self.show),
            Route("/paths", self.paths),
            Route("/findings", self.findings),
            Route("/units/{code:path}", self.units),
            Route("/search", self.search),
            Route("/health", self.health),
            Route("/metrics", self.metrics),
        ]

    async def health(self, _request: Request) -> Response:
        """Whether there is a graph to be asked; what is in it is not looked at."""
        from kg import __version__

        try:
            build = current_build(self._store)
        except StoreError:
            return respond(error(503, "there is no graph"))
        return respond(json_reply({"status": "ok", "version": __version__, "build": int(build.name)}))

    async def metrics(self, _request: Request) -> Response:
        return respond(Reply(200, MEDIA_TYPE, self._metrics.text()))

    async def page(self, request: Request) -> Response:
        _parameters(request).done()
        return respond(Reply(200, "text/html", page().encode()), policy())

    async def sparql(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return respond(Reply(200, "text/plain", b""), headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        sparql_request = await read_request(request, self._bodies)
        if sparql_request is None:
            return respond(answers.description_of(str(request.url.replace(query="")), accepted(request)))
        return await self._ask(request, answers.sparql, sparql_request.query, **sparql_request.options)

    async def questions(self, request: Request) -> Response:
        _parameters(request).done()
        return respond(answers.questions())

    async def question(self, request: Request) -> Response:
        parameters = _parameters(request)
        scope = _scope(parameters)
        name = _question_name(request.path_params["name"])
        return await self._ask(request, answers.question, name, parameters.rest(), **scope)

    async def text_of_question(self, request: Request) -> Response:
        parameters = _parameters(request)
        trust = parameters.text("trust", DEFAULT_TRUST)
        return respond(answers.text_of(_question_name(request.path_params["name"]), parameters.rest(), trust=trust))

    async def schema(self, request: Request) -> Response:
        _parameters(request).done()
        return respond(answers.terms())

    async def codes_for(self, request: Request) -> Response:
        parameters = _parameters(request)
        options = {
            **_scope(parameters),
            "narrower": parameters.flag("narrower", True),
            "polarity": parameters.polarity("polarity"),
        }
        parameters.done()
        return await self._ask(request, answers.codes_for, request.path_params["diagnosis"], **options)

    async def show(self, request: Request) -> Response:
        parameters = _parameters(request)
        scope = _scope(parameters)
        parameters.done()
        return await self._ask(request, answers.show, request.path_params["code"], **scope)

    async def paths(self, request: Request) -> Response:
        parameters = _parameters(request)
        start, end = parameters.text("from"), parameters.text("to")
        options = {"k": parameters.number("k", 1, most=50), **_scope(parameters)}
        parameters.done()
        return await self._ask(request, answers.paths, start, end, **options)

    async def findings(self, request: Request) -> Response:
        parameters = _parameters(request)
        day = parameters.day("as_of")
        parameters.done()
        return await self._ask(request, answers.findings, as_of=day)

    async def units(self, request: Request) -> Response:
        parameters = _parameters(request)
        dose, options = parameters.text("dose"), {name: parameters.text(name, "") for name in ("packages", "ndc")}
        day = parameters.day("as_of")
        parameters.done()
        return await self._ask(request, answers.units, request.path_params["code"], dose, **options, as_of=day)

    async def search(self, request: Request) -> Response:
        parameters = _parameters(request)
        text, limit = parameters.text("q"), parameters.number("limit", 20, most=1000)
        parameters.done()
        return await self._ask(request, answers.search, text, limit=limit)

    async def _ask(self, request: Request, function: Callable[..., Reply], *words: Any, **options: Any) -> Response:
        return respond(await self._pool.ask(_until_disconnect(request), function, *words, **options))


def _parameters(request: Request) -> Parameters:
    return Parameters(request.scope["query_string"])


def _scope(parameters: Parameters) -> dict[str, Any]:
    """The weakest verdict that an answer is made of, and the day whose verdicts they are."""
    return {"trust": parameters.text("trust", DEFAULT_TRUST), "as_of": parameters.day("as_of")}


def _question_name(name: str) -> str:
    """The name of a question of the catalogue; here it stands in the address, where none such is not found."""
    from kg.queries import find

    try:
        return find(name).name
    except UnknownName as exc:
        raise NotFound(str(exc)) from exc


async def _until_disconnect(request: Request) -> None:
    """Returns when the client leaves."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _refused(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, KgError)
    return respond(refusal(exc))


def _refused_by_http(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    messages = {404: f"no such page: {request.scope['path']!r}", 405: f"{request.method} is not for this page"}
    return respond(error(exc.status_code, messages.get(exc.status_code, exc.detail)), headers=exc.headers or {})


def _unfinished(_request: Request, _exc: Exception) -> Response:
    return respond(error(400, "the request was not finished"))


def _failed(_request: Request, _exc: Exception) -> Response:
    # The server writes the traceback to its log.
    return respond(error(500, "this is a bug of billing-kg; the server's log says where"))
