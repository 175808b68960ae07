"""What the API can be asked and what it answers, as OpenAPI 3.1; made of the operations and of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from kg import __version__
from kg.queries import CatalogueQuery, catalogue
from kg.service.limits import Limits
from kg.service.operations import BASE, CHECK, OPERATIONS, Operation
from kg.service.options import AS_OF, TRUST, described, flag
from kg.service.replies import JSON
from kg.service.results import CSV
from kg.service.shapes import shapes

_LIMITS = Limits()
_TEXT = {"type": "string"}
_FORMAT = described(
    "format", "What `Accept` says otherwise.", {"type": "string", "enum": ["json", "csv"]}, required=False
)
_SCHEMAS = {"integer": {"type": "integer"}, "date": {"type": "string", "format": "date"}}
"""What OpenAPI calls kinds of values; all others are text."""


@cache
def description(largest_document: int = _LIMITS.document) -> dict[str, Any]:
    """The whole description; its parts are shared, so that nobody may change it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "billing-kg",
            "version": __version__,
            "summary": "Billing relationships of US healthcare, every one with the sentence that states it",
            "description": "Reference and training material: what documents state, not billing or medical advice.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": BASE}],
        "security": [{}, {"bearer": []}, {"basic": []}],
        "paths": dict(_paths(largest_document)),
        "components": {
            "schemas": shapes(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic", "description": "The token is the password."},
            },
        },
    }


def _paths(largest_document: int) -> Iterator[tuple[str, Any]]:
    for operation in OPERATIONS:
        if operation.takes_values:
            yield from _questions(operation)
        else:
            yield operation.address, {"get": _operation(operation)}
    yield CHECK, {"post": _check(largest_document)}


def _operation(operation: Operation) -> dict[str, Any]:
    parameters = [option.described() for option in operation.options]
    if subject := operation.subject:
        parameters.insert(0, described(*subject_of(subject), required=True, place="path"))
    return _entry(operation.name, operation.summary, [*parameters, _FORMAT], operation.answer)


def subject_of(subject: Any) -> tuple[str, str, dict[str, Any], str]:
    """What stands in an address, as `described` takes it."""
    return subject.name, subject.words, _TEXT, subject.example


def _questions(operation: Operation) -> Iterator[tuple[str, Any]]:
    """A path for each question of the catalogue, with its own parameters, and one for its SPARQL."""
    scope = [option.described() for option in operation.options]
    for question in catalogue():
        values = [
            described(p.name, p.words, _SCHEMAS.get(p.kind, _TEXT), p.example, required=True)
            for p in question.parameters
        ]
        address = operation.address.replace("{name}", question.name)
        name = _camel(question.name)
        entry = _entry(f"query{name}", question.summary, [*values, *scope, _FORMAT], operation.answer, _table(question))
        yield address, {"get": entry}
        sparql = {"application/sparql-query": {"schema": _TEXT}}
        entry = _entry(f"sparql{name}", "The same as SPARQL for any engine", [*values, TRUST.described()], "", sparql)
        yield f"{address}.rq", {"get": entry}


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _table(question: CatalogueQuery) -> dict[str, Any]:
    """The answer to a question: rows with its own columns."""
    columns = {column.name: {"description": column.words} for column in question.columns}
    rows = {"type": "array", "items": {"type": "object", "properties": columns}}
    whole = {"allOf": [_named("QueryAnswer"), {"type": "object", "properties": {"rows": rows}}]}
    return {JSON: {"schema": whole}, CSV: {"schema": _TEXT}}


def _check(largest: int) -> dict[str, Any]:
    parameters = [
        AS_OF.described() | {"description": "The day on which codes have to hold; else today."},
        flag("codes", "Whether to list each code of the document, too, in `named`.", False).described(),
        _FORMAT,
    ]
    entry = _entry("check", "What the releases say against a document; it is kept nowhere", parameters, "CheckAnswer")
    words = f"The document, in any format that `kg check` reads: at most {largest:,} bytes."
    body = {"application/octet-stream": {}, "text/plain": {"schema": _TEXT}}
    entry["requestBody"] = {"required": True, "description": words, "content": body}
    entry["responses"] |= _errors({413: "It is too large.", 422: "It cannot be read."})
    return entry


def _entry(
    name: str,
    summary: str,
    parameters: Iterable[dict[str, Any]],
    answer: str,
    content: dict[str, Any] | None = None,
) -> dict[str, Any]:
    whole = content or {JSON: {"schema": _named(answer)}, CSV: {"schema": _TEXT}}
    errors = {
        400: "The question is malformed.",
        401: "The token is missing or wrong.",
        404: "Nothing is known.",
        406: "It cannot be had in this media type.",
        429: "Too many questions of this client wait; `Retry-After` says for how many seconds to wait.",
        503: "The time ran out, or too many ask at once: then `Retry-After` says for how many seconds to wait.",
    }
    answered = {"200": {"description": "The answer.", "content": whole}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": answered | _errors(errors),
    }


def _errors(errors: dict[int, str]) -> dict[str, Any]:
    content = {JSON: {"schema": _named("Error")}}
    return {str(status): {"description": words, "content": content} for status, words in errors.items()}


def _named(shape: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape}"}
