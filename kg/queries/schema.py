"""What there is to ask: the classes, properties and values of the ontology, the graphs and the prefixes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pyoxigraph as ox

from kg import resources
from kg.graph.quads import Quads
from kg.graph.rdf.iris import BASE, NAMESPACE, PREFIXES, curie
from kg.graph.rdf.vocabulary import dataset
from kg.model import Verdict
from kg.queries.graphs import prefixes_of
from kg.queries.tokens import Token, tokens

_KINDS = {
    "http://www.w3.org/2002/07/owl#Class": "class",
    "http://www.w3.org/2002/07/owl#ObjectProperty": "property",
    "http://www.w3.org/2002/07/owl#DatatypeProperty": "property",
    "http://www.w3.org/2002/07/owl#NamedIndividual": "value",
}
_LABEL, _MEANING = ox.NamedNode(f"{PREFIXES['rdfs']}label"), ox.NamedNode(f"{PREFIXES['skos']}definition")
_DOMAIN, _RANGE = ox.NamedNode(f"{PREFIXES['rdfs']}domain"), ox.NamedNode(f"{PREFIXES['rdfs']}range")
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")

_GRAPHS = {
    "graph:ontology": "the classes and properties of this list",
    "graph:reference": "releases, what they state, and the concepts that they describe",
    "graph:assertions": "documents, what they assert, where, and the verdicts",
}
_EXAMPLES = {
    "hcpcs": "J3262",
    "cpt": "96413",
    "icd10cm": "M06.9",
    "nucc": "207RR0500X",
    "modifier": "JW",
    "ndc": "50242013601",
    "drug": "tocilizumab",
    "payer": "medicare",
    "place": "physician-office",
    "route": "intravenous",
    "condition": "rheumatoid-arthritis",
    "document": "tocilizumab",
    "graph": "assertions",
    "bkg": "acceptsModifier",
    "skos": "prefLabel",
    "prov": "wasDerivedFrom",
}
_ANYWHERE = """ASK { { GRAPH ?graph { ?term ?predicate ?object } }
    UNION { GRAPH ?graph { ?subject ?predicate ?term } } UNION { GRAPH ?term { ?subject ?predicate ?object } } }"""
_MOST_HINTS = 3
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Term:
    """Something that a query can name: what kind of thing it is, what it means, and how it is used."""

    name: str
    kind: str
    meaning: str
    example: str = ""


@cache
def schema() -> tuple[Term, ...]:
    """All classes, properties, values, graphs and prefixes that a query can name.

    >>> next(term for term in schema() if term.name == "bkg:acceptsModifier").example
    '?billingCode bkg:acceptsModifier ?modifier'
    """
    return (*sorted(_of_ontology(), key=lambda term: (term.kind, term.name)), *_graphs(), *_prefixes())


def _of_ontology() -> Iterator[Term]:
    ontology = ox.Store()
    ontology.load(path=str(resources.path("ontology", "billing.ttl")), format=ox.RdfFormat.TURTLE)
    for name in {quad.subject for quad in ontology if str(quad.subject.value).startswith(NAMESPACE)}:
        kinds = [_KINDS[kind] for kind in _objects(ontology, name, _TYPE) if kind in _KINDS]
        meaning = next(iter(_objects(ontology, name, _MEANING) or _objects(ontology, name, _LABEL)), "")
        yield Term(curie(name.value), kinds[0], meaning, _example(ontology, name, kinds[0]))


def _objects(ontology: ox.Store, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[str]:
    objects = (quad.object for quad in ontology.quads_for_pattern(subject, predicate, None))
    return sorted(term.value for term in objects if not isinstance(term, ox.Triple))


def _example(ontology: ox.Store, name: ox.NamedNode, kind: str) -> str:
    if kind == "class":
        return f"?{_variable(name.value)} a {curie(name.value)}"
    if kind == "property":
        subject, value = (_variable(next(iter(_objects(ontology, name, end)), "")) for end in (_DOMAIN, _RANGE))
        return f"?{subject or 'thing'} {curie(name.value)} ?{(value if value != subject else 'other') or 'value'}"
    return ""


def _variable(iri: str) -> str:
    """A name for a variable, after a class: `billingCode` of `bkg:BillingCode`, `hcpcsCode` of `bkg:HCPCSCode`."""
    if not iri.startswith(NAMESPACE):
        return ""
    name = iri.removeprefix(NAMESPACE)
    capitals = next((index for index, letter in enumerate(name) if not letter.isupper()), len(name))
    first = max(capitals - 1, 1) if capitals < len(name) else capitals
    return name[:first].lower() + name[first:]


def _graphs() -> Iterator[Term]:
    for name, meaning in _GRAPHS.items():
        yield Term(name, "graph", meaning, f"GRAPH {name} {{ … }}")
    for graph, verdict in zip(dataset(Verdict.REFUTED)[len(_GRAPHS) :], Verdict, strict=True):
        meaning = f"plain edges whose strongest verdict is {verdict}"
        yield Term(curie(graph.value), "graph", meaning, f"GRAPH <{graph.value}> {{ … }}")


def _prefixes() -> Iterator[Term]:
    for prefix, iri in PREFIXES.items():
        yield Term(f"{prefix}:", "prefix", iri, f"{prefix}:{_EXAMPLES[prefix]}" if prefix in _EXAMPLES else "")


def unknown_terms(text: str, quads: Quads) -> tuple[str, ...]:
    """What of ours a query names and this graph does not have, each in one line, with what is called nearly so.

    Such a name is no error in SPARQL, and gives an empty answer.
    """
    hints = []
    for name, iri in dict(_names(text)).items():
        if name.startswith("bkg:") and name not in _by_name():
            close = difflib.get_close_matches(name, _by_name(), n=2)
            hint = f"; did you mean {' or '.join(close)}?" if close else " (kg schema lists what there is)"
            hints.append(f"no such class, property or value: {name}{hint}")
        elif not name.startswith("bkg:") and not _is_in(quads, iri):
            hints.append(f"nothing in this graph is called {name}")
    return tuple(hints[:_MOST_HINTS])


@cache
def _by_name() -> dict[str, Term]:
    return {term.name: term for term in schema() if term.kind != "prefix"}


def _names(text: str) -> Iterator[tuple[str, str]]:
    """The names of ours in a query, by prefix or whole: each as a CURIE, and its IRI; declarations name nothing."""
    scanned = list(tokens(text))
    prefixes = prefixes_of(scanned)
    for before, token in pairwise([Token("mark", "", 0), *scanned]):
        prefix, _, local = token.text.partition(":")
        if token.kind == "iri":
            is_declaration = before.is_word("BASE") or (before.kind == "name" and before.text.endswith(":"))
            name = "" if is_declaration else token.text[1:-1]
        else:
            is_name = token.kind == "name" and bool(local)
            name = prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local) if is_name else ""
        if name.startswith(BASE):
            yield curie(name)[:_LONGEST_NAME], name


def _is_in(quads: Quads, iri: str) -> bool:
    try:
        term = ox.NamedNode(iri)
    except ValueError:
        return True  # With escapes in it, which the engine reads.
    return bool(quads.query(_ANYWHERE.replace("?term", str(term))))
