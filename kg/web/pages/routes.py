"""The addresses of the pages: how a request becomes a question to a worker that answers with a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import KgError, UsageError
from kg.model.days import read_day
from kg.service.negotiation import choose
from kg.service.operations import CHECK
from kg.service.parameters import Parameters
from kg.service.replies import Reply, error, refusal
from kg.service.results import OFFERED
from kg.web.guard import may_change
from kg.web.pages import (
    check,
    compare,
    concept,
    coverage,
    document,
    findings,
    graph,
    paths,
    query,
    search,
    sources,
    start,
)
from kg.web.pages.addresses import CONCEPT_ROUTES, with_options
from kg.web.pages.assets import Asset, assets
from kg.web.pages.forms import MORE, fields_of
from kg.web.pages.rendering import HTML, POLICY, error_page
from kg.web.protocol import accepted
from kg.web.responses import respond
from kg.web.tags import headers_of, is_had, tag_of

_MOST = 1000
_Handler = Callable[[Request], Awaitable[Response]]


class Ask(Protocol):
    """Puts a question to a worker, and gives its reply, or one that says why there is none."""

    async def __call__(self, request: Request, function: Callable[..., Reply], *words: Any, **options: Any) -> Reply:
        """The reply to a function of the pages."""


class Read(Protocol):
    """Reads the body of a request that sends a document."""

    async def __call__(self, request: Request, more: int = 0) -> bytes:
        """The body, which may have so many bytes more than a document."""


class Pages:
    """What each page is asked with."""

    def __init__(
        self,
        ask: Ask,
        check: Ask,
        read: Read,
        read_form: Callable[[Request], Awaitable[bytes]],
        tag: Callable[[Request], str],
        releases: Path | None = None,
        token: str = "",
    ) -> None:
        """`check` puts a document to a worker, and `read` reads one with the form around it, `read_form` a small form.

        `tag` gives the tag that the answer to a request has, as `tag_of` does. Whoever has the `token` may decide.
        """
        self._ask = ask
        self._check = check
        self._read = read
        self._read_form = read_form
        self._tag = tag
        self._releases = releases
        self._token = token

    def routes(self) -> Iterator[Route]:
        """The routes of all pages but of those at an address of the API."""
        yield Route("/", _in_html(self.start))
        yield Route("/query", _in_html(self.query))
        for address, asset in assets().items():
            yield Route(address, _sent(asset))
        yield Route(CHECK, _in_html(self.check), methods=["GET", "POST"])
        yield Route("/findings", self.decide, methods=["POST"])
        yield Route("/about", _in_html(self.sources))
        yield Route("/document/{identifier:path}", _in_html(self.document))
        yield Route("/path", _in_html(self.paths))
        yield Route("/coverage", _in_html(self.coverage))
        yield Route("/graph/{kind}/{key:path}", self.graph)
        for path, kind in CONCEPT_ROUTES:
            yield Route(f"{path}{{key:path}}", _in_html(self._concept(kind.value)))

    def beside(self, address: str, answer: _Handler) -> _Handler:
        """What answers at an address of the API: the page where a browser asks, else the API."""
        page = {"/search": self.search, "/findings": self.findings, "/compare": self.compare}.get(address)
        if page is None:
            return answer
        show = _in_html(page)

        async def handle(request: Request) -> Response:
            return await (show if wants_page(request) else answer)(request)

        return handle

    async def start(self, request: Request) -> Response:
        """The start page."""
        parameters = _parameters(request)
        as_of = parameters.day("as_of")
        parameters.done()
        return await self._show(request, start.start, as_of=as_of)

    async def query(self, request: Request) -> Response:
        """The page that asks in SPARQL; what is in its editor comes from the address."""
        parameters = _parameters(request)
        text, question = parameters.text("query", ""), parameters.text("question", "")
        trust, as_of = parameters.text("trust", ""), parameters.day("as_of")
        values = parameters.rest() if question else {}
        parameters.done()
        tag = tag_of(request, None)
        if is_had(request, tag):
            return not_changed(tag)
        return shown(query.query(text, question, values, trust=trust, as_of=as_of), tag)

    async def search(self, request: Request) -> Response:
        """The page of searches."""
        parameters = _parameters(request)
        options = {
            "text": parameters.text("q", "").strip(),
            "kind": parameters.text("kind", ""),
            "limit": parameters.number("limit", 50, _MOST),
            "as_of": parameters.day("as_of"),
        }
        parameters.done()
        return await self._show(request, search.search, **options)

    async def findings(self, request: Request) -> Response:
        """The page of findings."""
        parameters = _parameters(request)
        wanted, first = _wanted(parameters), parameters.number("first", 1, 10**9)
        parameters.done()
        may_decide = may_change(request, self._token)
        return await self._show(request, findings.findings, wanted, first=first, may_decide=may_decide)

    async def decide(self, request: Request) -> Response:
        """Keeps what was decided about a finding, and leads back to the page of findings."""
        is_page = wants_page(request)
        return await (_in_html(self._decide) if is_page else self._decide)(request)

    async def _decide(self, request: Request) -> Response:
        if not may_change(request, self._token):
            raise HTTPException(403, "only from this machine, or with the token of a server that has one")
        parameters, fields = _parameters(request), Parameters(await self._read_form(request))
        wanted, _ = _wanted(parameters), parameters.number("first", 1, 10**9)
        parameters.done()
        words = fields.text("finding"), fields.text("decision"), fields.text("note", ""), wanted.as_of
        fields.done()
        reply = await self._ask(request, findings.decide, *words)
        if reply.status != 200 or not wants_page(request):
            return shown(reply) if wants_page(request) else respond(reply)
        back = with_options("/findings", **wanted._asdict())
        return respond(Reply(303, "text/plain", b""), headers={"Location": f"{back}#finding-{words[0]}"})

    async def sources(self, request: Request) -> Response:
        """The page of releases and documents."""
        parameters = _parameters(request)
        options = {
            "words": parameters.text("q", "").strip(),
            "first": parameters.number("first", 1, 10**9),
            "as_of": parameters.day("as_of"),
        }
        parameters.done()
        return await self._show(request, sources.sources, **options)

    async def check(self, request: Request) -> Response:
        """The page that checks a document: the form, and what comes of it."""
        parameters = _parameters(request)
        as_of = parameters.day("as_of")
        parameters.done()
        if request.method != "POST":
            return shown(check.form(as_of))
        fields = fields_of(request.headers.get("content-type", ""), await self._read(request, MORE))
        day = fields.get("as_of", b"").decode("utf-8", "replace")
        sent = fields.get("document") or fields.get("text")
        if not sent:
            raise UsageError("no document was sent, and no text")
        options = {"releases": self._releases, "as_of": read_day(day) if day else None}
        return shown(await self._check(request, check.check, sent, **options))

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

    async def paths(self, request: Request) -> Response:
        """The page of paths."""
        parameters = _parameters(request)
        ends = parameters.text("from", "").strip(), parameters.text("to", "").strip()
        options = {
            "k": parameters.number("k", 3, paths.MOST),
            "trust": parameters.text("trust", ""),
            "as_of": parameters.day("as_of"),
        }
        parameters.done()
        return await self._show(request, paths.paths, *ends, **options)

    async def coverage(self, request: Request) -> Response:
        """The page of coverage."""
        parameters = _parameters(request)
        asked = parameters.text("diagnosis", "").strip(), parameters.text("code", "").strip()
        options = {
            "state": parameters.text("state", "").strip(),
            "trust": parameters.text("trust", ""),
            "as_of": parameters.day("as_of"),
        }
        parameters.done()
        return await self._show(request, coverage.coverage, *asked, **options)

    async def compare(self, request: Request) -> Response:
        """The page of comparisons."""
        parameters = _parameters(request)
        wanted = compare.Wanted(
            first=parameters.text("first", "").strip(),
            second=parameters.text("second", "").strip(),
            code=parameters.text("code", "").strip(),
            since=parameters.day("since"),
            until=parameters.day("until"),
            only=parameters.text("only", ""),
            trust=parameters.text("trust", ""),
            as_of=parameters.day("as_of"),
        )
        offset = parameters.number("offset", 0, 10**9, least=0)
        parameters.done()
        return await self._show(request, compare.compare, wanted, offset=offset)

    async def graph(self, request: Request) -> Response:
        """The drawing around a concept; programs, and the page where a concept is expanded, get what is to be drawn."""
        return await (_in_html(self._graph) if wants_page(request) else self._more)(request)

    async def _graph(self, request: Request) -> Response:
        parameters = _parameters(request)
        options = {
            "trust": parameters.text("trust", ""),
            "as_of": parameters.day("as_of"),
            "depth": parameters.number("depth", 1, graph.MOST_STEPS),
        }
        # Which concepts are expanded is for the script of the page.
        if len(parameters.every("open")) > graph.MOST_OPEN:
            raise UsageError(f"open: more than {graph.MOST_OPEN} concepts")
        parameters.done()
        return await self._show(request, graph.graph, _curie(request), **options)

    async def _more(self, request: Request) -> Response:
        parameters = _parameters(request)
        options = {"trust": parameters.text("trust", ""), "as_of": parameters.day("as_of")}
        parameters.done()
        tag = self._tag(request)
        if is_had(request, tag):
            return not_changed(tag)
        reply = await self._ask(request, graph.more, _curie(request), **options)
        # At the same address is a page, which no browser is to take this for.
        headers = headers_of(tag) if reply.status == 200 else {}
        return respond(reply, headers=headers or {"Cache-Control": "no-store", "Vary": "Accept"})

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


def _curie(request: Request) -> str:
    """The CURIE of a concept in an address."""
    return f"{request.path_params['kind']}:{request.path_params['key']}"


def _wanted(parameters: Parameters) -> findings.Wanted:
    """Which findings a request asks for."""
    return findings.Wanted(
        verdict=parameters.text("verdict", ""),
        code=parameters.text("code", "").strip(),
        document=parameters.text("document", "").strip(),
        decision=parameters.text("decision", ""),
        as_of=parameters.day("as_of"),
    )


def shown(reply: Reply, tag: str = "") -> Response:
    """The response that shows a reply: a page, or one about what went wrong."""
    if reply.media_type == HTML:
        return respond(reply, reply.policy or POLICY, headers_of(tag) if reply.status == 200 else {})
    return respond(error_page(reply), POLICY)


def not_changed(tag: str) -> Response:
    """The response that says that the client has what it asks for."""
    response = respond(Reply(304, "", b""), headers=headers_of(tag))
    del response.headers["content-length"]
    # The headers of this response take the place of those that the client has: a page would lose its style.
    del response.headers["content-security-policy"]
    return response


def _sent(asset: Asset) -> _Handler:
    """What sends a style sheet or a script."""

    async def handle(request: Request) -> Response:
        if is_had(request, asset.tag):
            return not_changed(asset.tag)
        return respond(Reply(200, asset.media_type, asset.content), headers=headers_of(asset.tag))

    return handle


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


def wants_page(request: Request) -> bool:
    """Whether a page is what the client likes best; programs that say nothing get what the API answers."""
    return "format" not in request.query_params and choose(accepted(request), (*OFFERED, HTML)) == HTML


def _parameters(request: Request) -> Parameters:
    return Parameters(request.scope["query_string"])
