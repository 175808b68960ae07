"""From an opened store back to the model: assertions, evidence, statements, findings and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode

from kg.errors import NotFound, StoreError
from kg.graph.rdf.assertions import read_assertion, read_evidence, read_verdict
from kg.graph.rdf.findings import read_finding
from kg.graph.rdf.statements import BESIDES, read_condition, read_release, read_statement
from kg.graph.rdf.values import Properties, Value
from kg.graph.rdf.vocabulary import (
    ASSERTIONS,
    BKG,
    DCTERMS,
    OA,
    RDF,
    REFERENCE,
    RELATIONS,
    SKOS,
    VERDICT_OF,
    concept_of,
    curie,
    identifier_of,
    node,
    thing,
)
from kg.graph.store import GraphStore
from kg.model import Assertion, Concept, Evidence, Finding, Relation, Verdict, worst_first

# Where so much of all assertions is needed, one pass over them is faster than to ask for each.
_MOST = 0.8


def assertions(store: GraphStore, names: Iterable[NamedNode]) -> list[tuple[Assertion, Verdict]]:
    """Assertions by their nodes, each with its verdict."""
    reader = Reader(store)
    return [reader.assertion(name) for name in names]


def all_statements(store: GraphStore, relations: Collection[Relation]) -> Iterator[tuple[Assertion, Verdict]]:
    """All that releases state in these relations, in two passes: what the rows say, and what else they say of it."""
    named: dict[str, Concept] = {}
    for relation in relations:
        besides: defaultdict[str, Properties] = defaultdict(dict)
        for _, statement, said, value in store.select(_BESIDES, relation=RELATIONS[relation]):
            besides[statement.value][said] = [value]
        rows = store.select(_STATEMENTS, relation=RELATIONS[relation])
        for _, statement, subject, object, verdict, release, text, row, subject_name, object_name in rows:
            ends = [
                named.setdefault(end.value, replace(concept_of(end), name=name.value if name else None))
                for end, name in ((subject, subject_name), (object, object_name))
            ]
            evidence = _row_evidence(identifier_of(release.value), text.value, int(row.value) if row else 0)
            condition = read_condition(besides.get(statement.value, {}))
            stated = Assertion(ends[0], relation, ends[1], evidence, condition=condition, rule=_RELEASE_RULE)
            yield stated, VERDICT_OF[verdict.value]


_RELEASE_RULE = "release"
_STATEMENTS = """SELECT ?relation ?statement ?subject ?object ?verdict ?release ?text ?row ?subjectName ?objectName {
    ?statement rdf:predicate ?relation ; a bkg:Statement ; rdf:subject ?subject ; rdf:object ?object ;
        bkg:verdict ?verdict ; bkg:accordingTo ?release ; bkg:releaseText ?text .
    OPTIONAL { ?statement bkg:row ?row } OPTIONAL { ?subject skos:prefLabel ?subjectName }
    OPTIONAL { ?object skos:prefLabel ?objectName } }"""
_BESIDES = f"""SELECT ?relation ?statement ?said ?value {{
    ?statement rdf:predicate ?relation ; a bkg:Statement ; ?said ?value .
    FILTER (?said IN ({", ".join(map(str, BESIDES))})) }}"""


def _row_evidence(release: str, text: str, row: int) -> Evidence:
    """A row of a release as evidence: its offsets count in the words of the row."""
    return Evidence(release, 0, len(text), text, row)


def findings(store: GraphStore, nodes: Iterable[NamedNode] | None = None) -> list[Finding]:
    """What a person should look at, worst first, then in the order of documents; of some nodes, or all."""
    reader = Reader(store)
    found = []
    for name in store.subjects(RDF.type, BKG.Finding, ASSERTIONS) if nodes is None else nodes:
        (owner,) = store.subjects(BKG.finding, name, ASSERTIONS)
        found.append(_finding(reader, owner, store.about(name, ASSERTIONS)))
    return sorted(found, key=worst_first)


def findings_of(store: GraphStore, assertions: Iterable[Assertion]) -> list[Finding]:
    """What speaks against these assertions, in the order of `findings`.

    A finding about another assertion, on which the verdict of one of these depends, comes as a finding about that one.
    """
    reader = Reader(store)
    owners = [thing("assertion", assertion.identifier) for assertion in assertions]
    links = [store.objects_of(owners, link, ASSERTIONS) for link in (BKG.finding, BKG.hangsOn)]
    found = [
        _finding(reader, owner, store.about(name, ASSERTIONS))
        for owner in owners
        for link in links
        for name in link.get(owner, ())
        if isinstance(name, NamedNode)
    ]
    return sorted(found, key=worst_first)


def _finding(reader: Reader, owner: NamedNode, found: Properties) -> Finding:
    other = next(iter(found.get(BKG.opposedBy, ())), None)
    opposed_by = reader.assertion(other)[0].evidence if isinstance(other, NamedNode) else None
    return read_finding(found, reader.assertion(owner)[0], opposed_by, reader.named)


def documents(store: GraphStore, said: NamedNode = DCTERMS.title) -> dict[str, str]:
    """The title of each document, or what else is said of it once, by its identifier."""
    return _said_of(store, BKG.Document, said, ASSERTIONS)


def require_documents(store: GraphStore, names: Iterable[str]) -> frozenset[str]:
    """The identifiers of documents that are named so or bear that file name; raises `NotFound` for others."""
    by_file = {name: identifier for identifier, name in documents(store, BKG.fileName).items()}
    known = {*by_file.values()}
    found = {name: name if name in known else by_file.get(Path(name).name) for name in names}
    for name, identifier in found.items():
        if identifier is None:
            raise NotFound(f"no document in the graph is called {name!r} ({len(known)} documents searched)")
    return frozenset(filter(None, found.values()))


def titles(store: GraphStore, identifiers: Iterable[str]) -> dict[str, str]:
    """The titles of some documents, by their identifiers; what is not a document is left out."""
    nodes = {thing("document", identifier): identifier for identifier in identifiers}
    found = store.objects_of(nodes, DCTERMS.title, ASSERTIONS)
    return {nodes[name]: values[0].value for name, values in found.items()}


def speaking_of(store: GraphStore, concept: Concept) -> list[Assertion]:
    """The assertions that have a concept as subject or object, in the order of documents."""
    reader = Reader(store)
    found = (store.subjects(end, node(concept), ASSERTIONS) for end in (RDF.subject, RDF.object))
    said = [reader.assertion(name)[0] for name in dict.fromkeys(chain.from_iterable(found))]
    return sorted(said, key=lambda assertion: assertion.evidence)


def mentions(store: GraphStore, concepts: Iterable[Concept]) -> dict[Concept, int]:
    """In how many statements of documents and releases each concept is subject or object."""
    nodes = {concept: node(concept) for concept in concepts}
    ends = RDF.subject, RDF.object
    found = [store.counts(end, nodes.values(), graph) for end in ends for graph in (ASSERTIONS, REFERENCE)]
    return {concept: sum(counts.get(name, 0) for counts in found) for concept, name in nodes.items()}


def releases(store: GraphStore) -> dict[str, str]:
    """The title of each release, by its identifier."""
    return _said_of(store, BKG.Release, DCTERMS.title, REFERENCE)


def _said_of(store: GraphStore, kind: NamedNode, said: NamedNode, graph: NamedNode) -> dict[str, str]:
    """What is said once of each thing of a kind, by its identifier."""
    found = store.objects_of(store.subjects(RDF.type, kind, graph), said, graph)
    named = sorted((name.value, values[0].value) for name, values in found.items())
    return {identifier_of(name): value for name, value in named}


def name_of(store: GraphStore, concept: Concept) -> Concept:
    """The concept under the name that the graph gives it."""
    names = store.objects(node(concept), SKOS.prefLabel)
    return Concept(concept.kind, concept.key, names[0].value if names else None)


class Reader:
    """Reads assertions, `needed` of them; evidence and names that several of them share are read once."""

    def __init__(self, store: GraphStore, needed: int = 0) -> None:
        self._store = store
        most = needed > _MOST * store.manifest.counts.get("assertions", 0)
        self._all = store.everything(ASSERTIONS) if most else {}
        self._evidence: dict[str, Evidence] = {}
        self._named: dict[Concept, Concept] = {}

    def assertion(self, name: NamedNode) -> tuple[Assertion, Verdict]:
        """One assertion with its verdict; raises `StoreError` where it is not whole."""
        with self._whole(name):
            found = self._of(name)
            place = self._evidence_of(found[BKG.evidence][0])
            return read_assertion(found, place, self.named), read_verdict(found)

    def statement(self, name: NamedNode) -> tuple[Assertion, Verdict]:
        """What a release states, as an assertion whose evidence is a row of it; raises `StoreError` likewise."""
        with self._whole(name):
            return self._statement(self._store.about(name, REFERENCE))

    @contextmanager
    def _whole(self, name: NamedNode) -> Iterator[None]:
        try:
            yield
        except (KeyError, ValueError) as exc:
            where = f"{self._store.path}: the graph is damaged ({curie(name.value)} is not whole: {exc})"
            raise StoreError(f"{where}; build it again with 'kg build'") from exc

    def _statement(self, found: Properties) -> tuple[Assertion, Verdict]:
        stated = read_statement(found)
        assertion = Assertion(
            stated.subject,
            stated.relation,
            self.named(stated.object),
            _row_evidence(read_release(found), stated.text, stated.row),
            condition=read_condition(found),
            rule=_RELEASE_RULE,
        )
        return assertion, read_verdict(found)

    def named(self, concept: Concept) -> Concept:
        """The concept under the name that the graph gives it."""
        if concept not in self._named:
            self._named[concept] = name_of(self._store, concept)
        return self._named[concept]

    def _evidence_of(self, name: Value) -> Evidence:
        if name.value not in self._evidence:
            found = self._of(name)
            self._evidence[name.value] = read_evidence(found, self._of(found[OA.hasSelector][0]))
        return self._evidence[name.value]

    def _of(self, name: Value) -> Properties:
        assert isinstance(name, NamedNode)
        return self._all[name] if self._all else self._store.about(name, ASSERTIONS)
