"""The SPARQL 1.1 Protocol: what a request asks of the endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from kg.errors import UsageError
from kg.model import DEFAULT_TRUST
from kg.service.parameters import Parameters
from kg.web.bodies import Bodies

# Clients say in these, beside or instead of the header Accept, what they would like.
_FORMATS = ("format", "output", "results")
# By these names for rows, and for triples.
_NAMES = {
    "json": "application/sparql-results+json, application/ld+json;q=0.9",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.9",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ttl": "text/turtle",
    "n3": "text/turtle",
    "nt": "application/n-triples",
    "ntriples": "application/n-triples",
    "n-triples": "application/n-triples",
    "rdf": "application/rdf+xml",
    "rdf+xml": "application/rdf+xml",
    "rdfxml": "application/rdf+xml",
    "json-ld": "application/ld+json",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nquads": "application/n-quads",
    "n-quads": "application/n-quads",
}
_QUERY, _FORM = "application/sparql-query", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A query, the values of its variables, and how it is to be answered.

    `default_graphs` and `named_graphs` are the graphs that the client chose, both empty where it chose none; `accept`
    says what media types it likes, as the header of that name does.
    """

    query: str
    values: Mapping[str, str]
    trust: str
    as_of: date | None
    accept: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        """All but the query, by name."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "query"}


async def read_request(request: Request, bodies: Bodies) -> SparqlRequest | None:
    """What a request asks; None where it comes by GET without a query, which asks what the endpoint is.

    Parameters that the protocol and we do not know are left out of account, as other endpoints do. Raises `UsageError`
    for what is malformed, `HTTPException` for a body of another media type.
    """
    parameters, query = await _parameters(request, bodies)
    if parameters.is_given("update"):
        raise UsageError("an update is not a query: the graph is read-only")
    if request.method != "POST" and not parameters.is_given("query"):
        return None
    return SparqlRequest(
        query or parameters.text("query"),
        values=parameters.beginning_with("$"),
        trust=parameters.text("trust", DEFAULT_TRUST),
        as_of=parameters.day("as_of"),
        accept=_format(parameters) or accepted(request),
        default_graphs=parameters.every("default-graph-uri"),
        named_graphs=parameters.every("named-graph-uri"),
    )


def accepted(request: Request) -> str:
    """What media types a client likes, of all its headers `Accept`."""
    return ", ".join(request.headers.getlist("accept"))


def _format(parameters: Parameters) -> str:
    """The media types that a client asks for by a parameter; raises `HTTPException` 406 for a name that is none.

    SPARQLWrapper asks for the same by all three names, and twice by each: by a short name and by the media type.
    """
    for name in _FORMATS:
        choices = [choice.strip().lower() for choice in parameters.every(name)]
        for choice in filter(None, choices):
            if choice not in _NAMES and "/" not in choice:
                raise HTTPException(
                    406, f"{name}: no such format: {choice!r} (one of {', '.join(_NAMES)}, or a media type)"
                )
        if choices:
            return _NAMES.get(choices[0], choices[0])
    return ""


async def _parameters(request: Request, bodies: Bodies) -> tuple[Parameters, str]:
    """The parameters of a request, and the query where it is the whole body."""
    in_address = request.scope["query_string"]
    if request.method != "POST":
        return Parameters(in_address), ""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == _FORM:
        return Parameters(in_address, await bodies.read(request)), ""
    if media_type != _QUERY:
        raise HTTPException(415, f"a query comes as {_QUERY} or {_FORM}, not as {media_type!r}")
    try:
        return Parameters(in_address), (await bodies.read(request)).decode()
    except UnicodeDecodeError as exc:
        raise UsageError("the query is not UTF-8") from exc
