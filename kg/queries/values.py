"""From the values that people and scripts give to the terms that a query is asked with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import MalformedCode, UnknownName, UsageError
from kg.graph.rdf.iris import PREFIXES, iri, node, thing
from kg.graph.rdf.vocabulary import RELATIONS, VERDICTS
from kg.model import Code, CodeSystem, Concept, Kind, Relation, Verdict
from kg.queries.binding import Term
from kg.queries.catalogue import Parameter

Name = TypeVar("Name", Relation, Verdict)


def terms_for(question: str, parameters: Sequence[Parameter], values: Mapping[str, object]) -> dict[str, Term]:
    """The terms for the parameters of a question, which is called so.

    Raises `UnknownName` for a value that it does not ask for, `UsageError` for one that is missing, and the
    error of the model's parser, with the parameter's name, for one that is malformed.
    """
    by_name = {parameter.name: parameter for parameter in parameters}
    for name in values:
        if name not in by_name:
            listed = f"it has {', '.join(by_name)}" if by_name else "it has none"
            raise UnknownName(f"{question}: no such parameter: {name!r} ({listed})")
    for parameter in parameters:
        if parameter.name not in values:
            example = f"{parameter.name}={parameter.example!r}"
            raise UsageError(f"{question}: {parameter.name!r} is missing: {parameter.words}, such as {example}")
    return {name: term_for(by_name[name], value) for name, value in values.items()}


def term_for(parameter: Parameter, value: object) -> Term:
    """The term for one parameter.

    >>> term_for(Parameter("diagnosis", "icd10cm", "M06.9", "the diagnosis"), "m069").value
    'https://w3id.org/billing-kg/code/icd10cm/M06.9'
    """
    if isinstance(value, str):
        _encodable(parameter.name, value)
    try:
        return _READERS[parameter.kind](value)
    except UsageError as exc:
        raise type(exc)(f"{parameter.name}: {exc}") from exc


def free_term(name: str, value: object) -> Term:
    """The term for a variable of a query that somebody wrote, of which no kind is known.

    Terms, and things of the model, are taken as they are. A string that is a code, a CURIE with a known
    prefix or an IRI is that thing, one in quotes the literal that SPARQL writes so; any other string is text.

    >>> free_term("code", "J3262").value, free_term("word", "lung cancer").value
    ('https://w3id.org/billing-kg/code/hcpcs/J3262', 'lung cancer')
    """
    if isinstance(value, (NamedNode, BlankNode, Literal)):
        return value
    if isinstance(value, (Concept, Code, Relation, Verdict)):
        return _of_model(value)
    if isinstance(value, str):
        return _of_string(name, _encodable(name, value))
    if isinstance(value, Decimal) and value.is_finite():
        return Literal(f"{value:f}", datatype=NamedNode(PREFIXES["xsd"] + "decimal"))
    if isinstance(value, datetime):
        return Literal(value.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
    if isinstance(value, date):
        return _date(value)
    if isinstance(value, (bool, int, float)):
        return Literal(value)
    raise UsageError(f"{name}: a value of a kind that no query can use: {value!r}")


def _encodable(name: str, text: str) -> str:
    """The text, if every character of it is one."""
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise UsageError(f"{name}: not text in UTF-8: {text!r}") from exc
    return text


def _of_model(value: Concept | Code | Relation | Verdict) -> NamedNode:
    if isinstance(value, Relation):
        return RELATIONS[value]
    if isinstance(value, Verdict):
        return VERDICTS[value]
    return node(Concept.of(value) if isinstance(value, Code) else value)


_ABSOLUTE = re.compile(r"(?:https?://|urn:)[^\s<>\"{}|\\^`]+")
_CURIE = re.compile(r"([a-z0-9]+):(\S+)")
_TYPED = re.compile(
    r'"(?P<text>.*)"(?:\^\^(?P<type>[a-z]+:\w+)|@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*))?', re.DOTALL
)


def _of_string(name: str, text: str) -> Term:
    if match := _TYPED.fullmatch(text):
        return _typed(name, match)
    if _ABSOLUTE.fullmatch(text):
        return _named_node(name, text)
    match = _CURIE.fullmatch(text)
    if match and match[1] in PREFIXES and match[1] not in _KINDS_BY_VALUE:
        return _named_node(name, iri(text))
    try:
        return node(Concept.parse(text))
    except MalformedCode:
        return Literal(text)


def _typed(name: str, match: re.Match[str]) -> Literal:
    """A literal as SPARQL writes it: `"5"^^xsd:integer`, `"J3262"`, `"Fieber"@de`."""
    if match["language"]:
        return Literal(match["text"], language=match["language"])
    if match["type"] is None:
        return Literal(match["text"])
    return Literal(match["text"], datatype=_named_node(name, iri(match["type"])))


def _named_node(name: str, iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as exc:
        raise UsageError(f"{name}: not an IRI: {iri!r}") from exc


_KINDS_BY_VALUE = {kind.value: kind for kind in Kind}


def _concept(value: object) -> NamedNode:
    if isinstance(value, (Concept, Code)):
        return _of_model(value)
    return node(Concept.parse(_string(value)))


def _of_kind(kind: Kind) -> Callable[[object], NamedNode]:
    def read(value: object) -> NamedNode:
        concept = _parsed(kind, value)
        if concept.kind is not kind:
            raise MalformedCode(f"of another kind than {kind.noun}: {concept.curie!r}")
        return node(concept)

    return read


def _parsed(kind: Kind, value: object) -> Concept:
    if isinstance(value, Concept):
        return value
    if isinstance(value, Code):
        return Concept.of(value)
    text = _string(value)
    prefix = text.partition(":")[0].strip().lower()
    if ":" in text and prefix in _KINDS_BY_VALUE:
        return Concept.parse(text)
    if kind.is_code:
        return Concept.of(Code.parse(text, CodeSystem(kind.value)))
    return Concept.named(kind, text)


def _document(value: object) -> NamedNode:
    identifier = _string(value).strip().removeprefix("document:")
    if not identifier:
        raise UsageError(f"not a document: {value!r}")
    return thing("document", identifier)


def _text(value: object) -> Literal:
    return Literal(_string(value))


def _integer(value: object) -> Literal:
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value):
        return Literal(int(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Literal(value)
    raise UsageError(f"not a whole number: {value!r}")


def _date(value: object) -> Literal:
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        try:
            value = date.fromisoformat(_string(value).strip())
        except ValueError as exc:
            raise UsageError(f"not a date: {value!r} (write it as 2024-06-30)") from exc
    return Literal(value.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))


def _relation(value: object) -> NamedNode:
    return RELATIONS[_one_of(Relation, "relation", value)]


def _verdict(value: object) -> NamedNode:
    return VERDICTS[_one_of(Verdict, "verdict", value)]


def _one_of(names: type[Name], what: str, value: object) -> Name:
    text = _string(value).strip().removeprefix("bkg:")
    try:
        return names(text)
    except ValueError:
        raise UnknownName(f"no such {what}: {text!r} (one of {', '.join(names)})") from None


def _string(value: object) -> str:
    if isinstance(value, str):
        return value
    raise UsageError(f"not a text: {value!r}")


_READERS: dict[str, Callable[[object], Term]] = {
    **{kind.value: _of_kind(kind) for kind in Kind},
    "concept": _concept,
    "document": _document,
    "text": _text,
    "integer": _integer,
    "date": _date,
    "relation": _relation,
    "verdict": _verdict,
}
