"""IRIs: the prefixes, the nodes of concepts and of other things, and what an IRI stands for."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

from kg.errors import MalformedCode, UnknownName
from kg.model import Code, CodeSystem, Concept, Kind

BASE = "https://w3id.org/billing-kg/"
NAMESPACE = f"{BASE}ns#"

_THINGS = (
    "document", "assertion", "evidence", "finding", "release", "statement", "meaning", "graph",
    "policy", "group", "listing",
)  # fmt: skip

PREFIXES: dict[str, str] = {
    "bkg": NAMESPACE,
    **{system.value: f"{BASE}code/{system}/" for system in CodeSystem},
    **{kind.value: f"{BASE}{kind}/" for kind in Kind if not kind.is_code},
    **{thing: f"{BASE}{thing}/" for thing in _THINGS},
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
}
"""The prefixes that every query knows."""

_OWN = {prefix for prefix, base in PREFIXES.items() if base.startswith(BASE) and prefix != "bkg"}
_CODES = {system: PREFIXES[system.value] for system in CodeSystem}
_SAFE = re.compile(r"[A-Za-z0-9._~-]*")


def iri(text: str) -> str:
    """The IRI that a CURIE stands for; raises `UnknownName` for a prefix that is not ours.

    >>> iri("icd10cm:M05.79")
    'https://w3id.org/billing-kg/code/icd10cm/M05.79'
    """
    prefix, colon, key = text.partition(":")
    if not colon or prefix not in PREFIXES:
        raise UnknownName(f"no such prefix: {text!r} (one of {', '.join(PREFIXES)})")
    if prefix not in _OWN or _SAFE.fullmatch(key):
        return PREFIXES[prefix] + key
    return PREFIXES[prefix] + quote(key, safe="/")


def curie(text: str) -> str:
    """The CURIE of an IRI, or the IRI itself where no prefix fits.

    >>> curie("https://w3id.org/billing-kg/drug/tocilizumab")
    'drug:tocilizumab'
    """
    end = len(text)
    while end > 0:  # Names of our own may hold slashes, as those of selectors do.
        end = max(text.rfind("/", 0, end), text.rfind("#", 0, end))
        prefix = _PREFIX_OF.get(text[: end + 1])
        if prefix is not None:
            key = text[end + 1 :]
            return f"{prefix}:{unquote(key) if prefix in _OWN else key}"
    return text


_PREFIX_OF = {base: prefix for prefix, base in PREFIXES.items()}
"""The prefix of each base; all of these end with a slash or a hash."""


def node(concept: Concept) -> NamedNode:
    """The node that stands for a concept."""
    base = PREFIXES[concept.kind]
    return NamedNode(base + _quoted(concept.key))


@lru_cache(maxsize=2**16)
def node_text(concept: Concept) -> str:
    """The node that stands for a concept, as N-Quads write it."""
    return str(node(concept))


def code_node(code: Code) -> NamedNode:
    """The node that stands for a code."""
    return NamedNode(_CODES[code.system] + _quoted(code.value))


def concept_of(term: object) -> Concept:
    """The concept that a node stands for, without its name; raises `MalformedCode` for any other node.

    The key is not parsed again: blocks such as `icd10cm:M05-M14` are concepts of the graph, though no codes.
    """
    if isinstance(term, NamedNode) and (parts := _split(term.value)):
        kind, key = parts
        return Concept(kind, unquote(key))
    raise MalformedCode(f"not a concept: {term}")


@lru_cache(maxsize=2**16)
def concept_curie(iri: str) -> str:
    """The CURIE of the concept that an IRI stands for; of a hundred thousand rows many name the same."""
    return concept_of(NamedNode(iri)).curie


def is_concept(term: object) -> bool:
    """Whether a node stands for a concept."""
    return isinstance(term, NamedNode) and _split(term.value) is not None


def thing(kind: str, key: str) -> NamedNode:
    """The node of a document, assertion, evidence or release.

    >>> thing("document", "tocilizumab").value
    'https://w3id.org/billing-kg/document/tocilizumab'
    """
    if kind not in _THINGS:
        raise UnknownName(f"no such kind of thing: {kind!r}")
    return NamedNode(f"{BASE}{kind}/{_quoted(key)}")


def identifier_of(iri: str) -> str:
    """The identifier in the IRI of a document, release or other thing, as `thing` took it.

    >>> identifier_of(thing("document", "a guide").value)
    'a guide'
    """
    return curie(iri).partition(":")[2]


def _quoted(key: str) -> str:
    return key if _SAFE.fullmatch(key) else quote(key, safe="")


_KINDS = {kind.value: kind for kind in Kind}


def _split(text: str) -> tuple[Kind, str] | None:
    if not text.startswith(BASE):
        return None
    rest = text[len(BASE) :].removeprefix("code/")
    prefix, slash, key = rest.partition("/")
    kind = _KINDS.get(prefix)
    if kind is None or not slash or not key or "/" in key or PREFIXES[prefix] + key != text:
        return None
    return kind, key
