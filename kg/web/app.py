"""The workbench as an app: its routes, and how a request becomes a question to a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import KgError, NotFound, UnknownName
from kg.model import DEFAULT_TRUST
from kg.web import answers
from kg.web.guard import LOOPBACK, Guard
from kg.web.page import page, policy
from kg.web.parameters import Parameters
from kg.web.pool import Pool
from kg.web.protocol import accepted, read_request
from kg.web.replies import Reply, error, refusal
from kg.web.responses import respond


def create_app(store: Path, *, timeout: float = 30.0, hosts: Collection[str] | None = LOOPBACK) -> Starlette:
    """The workbench over the graph in a folder; it changes nothing and asks nobody.

    A question is stopped after `timeout` seconds. Requests under other names than `hosts` are refused; None
    takes any. `app.state.pool` is the pool of workers, for who wants to end them before the app ends.
    """
    pool = Pool(store, timeout)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        pool.start()
        try:
            yield
        finally:
            pool.close()

    app = Starlette(
        routes=_Workbench(pool).routes(),
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={
            KgError: _refused,
            HTTPException: _refused_by_http,
            ClientDisconnect: _left,
            Exception: _failed,
        },
        lifespan=lifespan,
    )
    app.state.pool = pool
    return app


class _Workbench:
    """What each route does: read the request, put the question to a worker."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def routes(self) -> list[Route]:
        return [
            Route("/", self.page),
            Route("/sparql", self.sparql, methods=["GET", "POST"]),
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
        ]

    async def page(self, request: Request) -> Response:
        _asked(request).done()
        return respond(Reply(200, "text/html", page().encode()), policy())

    async def sparql(self, request: Request) -> Response:
        asked = await read_request(request)
        if asked is None:
            return respond(answers.description_of(str(request.url.replace(query="")), accepted(request)))
        return await self._ask(request, answers.sparql, asked.query, **asked.options)

    async def questions(self, request: Request) -> Response:
        _asked(request).done()
        return respond(answers.questions())

    async def question(self, request: Request) -> Response:
        asked = _asked(request)
        scope = _scope(asked)
        name = _known(request.path_params["name"])
        return await self._ask(request, answers.question, name, asked.rest(), **scope)

    async def text_of_question(self, request: Request) -> Response:
        asked = _asked(request)
        trust = asked.text("trust", DEFAULT_TRUST)
        return respond(answers.text_of(_known(request.path_params["name"]), asked.rest(), trust=trust))

    async def schema(self, request: Request) -> Response:
        _asked(request).done()
        return respond(answers.terms())

    async def codes_for(self, request: Request) -> Response:
        asked = _asked(request)
        options = {**_scope(asked), "narrower": asked.flag("narrower", True), "polarity": asked.polarity("polarity")}
        asked.done()
        return await self._ask(request, answers.codes_for, request.path_params["diagnosis"], **options)

    async def show(self, request: Request) -> Response:
        asked = _asked(request)
        scope = _scope(asked)
        asked.done()
        return await self._ask(request, answers.show, request.path_params["code"], **scope)

    async def paths(self, request: Request) -> Response:
        asked = _asked(request)
        start, end = asked.text("from"), asked.text("to")
        options = {"k": asked.number("k", 1, most=50), **_scope(asked)}
        asked.done()
        return await self._ask(request, answers.paths, start, end, **options)

    async def findings(self, request: Request) -> Response:
        asked = _asked(request)
        day = asked.day("as_of")
        asked.done()
        return await self._ask(request, answers.findings, as_of=day)

    async def units(self, request: Request) -> Response:
        asked = _asked(request)
        dose, options = asked.text("dose"), {name: asked.text(name, "") for name in ("packages", "ndc")}
        day = asked.day("as_of")
        asked.done()
        return await self._ask(request, answers.units, request.path_params["code"], dose, **options, as_of=day)

    async def search(self, request: Request) -> Response:
        asked = _asked(request)
        text, limit = asked.text("q"), asked.number("limit", 20, most=1000)
        asked.done()
        return await self._ask(request, answers.search, text, limit=limit)

    async def _ask(self, request: Request, function: Callable[..., Reply], *words: Any, **options: Any) -> Response:
        return respond(await self._pool.ask(_gone(request), function, *words, **options))


def _asked(request: Request) -> Parameters:
    return Parameters(request.scope["query_string"])


def _scope(asked: Parameters) -> dict[str, Any]:
    """The weakest verdict that an answer is made of, and the day whose verdicts they are."""
    return {"trust": asked.text("trust", DEFAULT_TRUST), "as_of": asked.day("as_of")}


def _known(name: str) -> str:
    """The name of a question of the catalogue; here it stands in the address, where none such is not found."""
    from kg.queries import find

    try:
        return find(name).name
    except UnknownName as exc:
        raise NotFound(str(exc)) from exc


async def _gone(request: Request) -> None:
    """Returns when the client leaves."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _refused(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, KgError)
    return respond(refusal(exc))


def _refused_by_http(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    said = {404: f"no such page: {request.url.path!r}", 405: f"{request.method} is not for this page"}
    return respond(error(exc.status_code, said.get(exc.status_code, exc.detail)), headers=exc.headers or {})


def _left(_request: Request, _exc: Exception) -> Response:
    return respond(error(400, "the request was not finished"))


def _failed(_request: Request, _exc: Exception) -> Response:
    # The server writes the traceback to its log.
    return respond(error(500, "this is a bug of billing-kg; the server's log says where"))
