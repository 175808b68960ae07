"""The addresses of the pages: how a request becomes a question to a worker that answers with a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import wraps
from typing import Any, Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import KgError
from kg.web.negotiation import choose
from kg.web.pages import concept, document, search
from kg.web.pages.addresses import CONCEPT_ROUTES
from kg.web.pages.rendering import HTML, POLICY, STYLE_ADDRESS, error_page, style
from kg.web.parameters import Parameters
from kg.web.protocol import accepted
from kg.web.replies import Reply, error, refusal
from kg.web.responses import respond
from kg.web.results import OFFERED
from kg.web.tags import headers_of, is_had, tag_of

_MOST = 1000
_Handler = Callable[[Request], Awaitable[Response]]


class Ask(Protocol):
    """Puts a question to a worker, and gives its reply, or one that says why there is none."""

    async def __call__(self, request: Request, function: Callable[..., Reply], *words: Any, **options: Any) -> Reply:
        """The reply to a function of the pages."""


class Pages:
    """What each page is asked with."""

    def __init__(self, ask: Ask, tag: Callable[[Request], str]) -> None:
        """`tag` gives the tag that the answer to a request has, as `tag_of` does."""
        self._ask = ask
        self._tag = tag

    def routes(self) -> Iterator[Route]:
        """The routes of all pages but of those at an address of the API."""
        yield Route(STYLE_ADDRESS, self.style)
        yield Route("/document/{identifier:path}", _in_html(self.document))
        for path, kind in CONCEPT_ROUTES:
            yield Route(f"{path}{{key:path}}", _in_html(self._concept(kind.value)))

    def beside(self, address: str, answer: _Handler) -> _Handler:
        """What answers at an address of the API: the page where a browser asks, else the API."""
        page = {"/search": self.search}.get(address)
        if page is None:
            return answer
        show = _in_html(page)

        async def handle(request: Request) -> Response:
            return await (show if _wants_page(request) else answer)(request)

        return handle

    async def style(self, request: Request) -> Response:
        """The style sheet."""
        tag = tag_of(request, None)
        if is_had(request, tag):
            return not_changed(tag)
        return respond(Reply(200, "text/css", style()), headers=headers_of(tag))

    async def search(self, request: Request) -> Response:
        """The page of searches."""
        parameters = _parameters(request)
        options = {
            "text": parameters.text("q", "").strip(),
            "kind": parameters.text("kind", ""),
            "limit": parameters.number("limit", 50, _MOST),
        }
        parameters.done()
        return await self._show(request, search.search, **options)

    async def document(self, request: Request) -> Response:
        """The page of a document."""
        parameters = _parameters(request)
        options = {
            "at": parameters.number("at", 0, 10**9, least=0),
            "part": parameters.number("part", 0, 10**6, least=0),
            "as_of": parameters.day("as_of"),
        }
        parameters.done()
        return await self._show(request, document.document, request.path_params["identifier"], **options)

    def _concept(self, kind: str) -> _Handler:
        async def handle(request: Request) -> Response:
            parameters = _parameters(request)
            options = {
                "trust": parameters.text("trust", ""),
                "as_of": parameters.day("as_of"),
                "relation": parameters.text("relation", ""),
                "first": parameters.number("first", 1, 10**9),
            }
            parameters.done()
            return await self._show(request, concept.concept, f"{kind}:{request.path_params['key']}", **options)

        return handle

    async def _show(self, request: Request, function: Callable[..., Reply], *words: Any, **options: Any) -> Response:
        """The page that a worker makes, unless the browser has it."""
        tag = self._tag(request)
        if is_had(request, tag):
            return not_changed(tag)
        return shown(await self._ask(request, function, *words, **options), tag)


def shown(reply: Reply, tag: str = "") -> Response:
    """The response that shows a reply: a page, or one about what went wrong."""
    if reply.media_type == HTML:
        return respond(reply, POLICY, headers_of(tag) if reply.status == 200 else {})
    return respond(error_page(reply), POLICY)


def not_changed(tag: str) -> Response:
    """The response that says that the client has what it asks for."""
    response = respond(Reply(304, "", b""), headers=headers_of(tag))
    del response.headers["content-length"]
    return response


def _in_html(handle: _Handler) -> _Handler:
    """The same handler, which shows what is wrong with a request as a page."""

    @wraps(handle)
    async def show(request: Request) -> Response:
        try:
            return await handle(request)
        except KgError as exc:
            return shown(refusal(exc))
        except HTTPException as exc:
            return shown(error(exc.status_code, exc.detail))

    return show


def _wants_page(request: Request) -> bool:
    """Whether a page is what the client likes best; programs that say nothing get what the API answers."""
    return "format" not in request.query_params and choose(accepted(request), (*OFFERED, HTML)) == HTML


def _parameters(request: Request) -> Parameters:
    return Parameters(request.scope["query_string"])
