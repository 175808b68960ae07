"""From an opened store back to the model: assertions, evidence, statements, findings and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import NamedNode

from kg.errors import NotFound, StoreError
from kg.graph.rdf.assertions import read_assertion, read_evidence, read_verdict
from kg.graph.rdf.findings import read_finding
from kg.graph.rdf.iris import concept_of, curie, identifier_of, is_concept, node, thing
from kg.graph.rdf.statements import BESIDES, read_condition, read_release, read_statement
from kg.graph.rdf.values import Properties, Value
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, DCTERMS, OA, RDF, REFERENCE, RELATIONS, SKOS, VERDICT_OF
from kg.graph.store import GraphStore
from kg.model import Assertion, Concept, Evidence, Finding, Relation, Verdict, worst_first

# Where so much of all assertions is needed, one pass over them is faster than to ask for each.
_MOST = 0.8
_AT_ONCE = 500


def assertions(store: GraphStore, names: Iterable[NamedNode]) -> list[tuple[Assertion, Verdict]]:
    """Assertions by their nodes, each with its verdict."""
    return list(Reader(store).assertions(names))


def all_statements(store: GraphStore, relations: Collection[Relation]) -> Iterator[tuple[Assertion, Verdict]]:
    """All that releases state in these relations, in two passes: what the rows say, and what else they say of it."""
    concepts: dict[str, Concept] = {}
    for relation in relations:
        besides: defaultdict[str, Properties] = defaultdict(dict)
        for _, statement, predicate, value in store.select(_BESIDES, relation=RELATIONS[relation]):
            besides[statement.value][predicate] = [value]
        rows = store.select(_STATEMENTS, relation=RELATIONS[relation])
        for _, statement, subject, object, verdict, release, text, row, subject_name, object_name in rows:
            ends = [
                concepts.setdefault(end.value, replace(concept_of(end), name=name.value if name else None))
                for end, name in ((subject, subject_name), (object, object_name))
            ]
            evidence = _row_evidence(identifier_of(release.value), text.value, int(row.value) if row else 0)
            condition = read_condition(besides.get(statement.value, {}))
            assertion = Assertion(ends[0], relation, ends[1], evidence, condition=condition, rule=RELEASE_RULE)
            yield assertion, VERDICT_OF[verdict.value]


RELEASE_RULE = "release"
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
    results = []
    for name in store.subjects(RDF.type, BKG.Finding, ASSERTIONS) if nodes is None else nodes:
        (owner,) = store.subjects(BKG.finding, name, ASSERTIONS)
        results.append(_finding(reader, owner, store.about(name, ASSERTIONS)))
    return sorted(results, key=worst_first)


def findings_of(store: GraphStore, assertions: Iterable[Assertion]) -> list[Finding]:
    """What speaks against these assertions, in the order of `findings`.

    A finding about another assertion, on which the verdict of one of these depends, comes as a finding about that one.
    """
    return sorted([finding for both in findings_by_link(store, assertions) for finding in both], key=worst_first)


def findings_by_link(store: GraphStore, assertions: Iterable[Assertion]) -> tuple[list[Finding], list[Finding]]:
    """The same in two: what speaks against the assertions themselves, and against that on which they depend."""
    reader = Reader(store)
    owners = [thing("assertion", assertion.identifier) for assertion in assertions]
    own, others = (
        [
            _finding(reader, owner, store.about(name, ASSERTIONS))
            for owner, names in store.objects_of(owners, link, ASSERTIONS).items()
            for name in names
            if isinstance(name, NamedNode) and isinstance(owner, NamedNode)
        ]
        for link in (BKG.finding, BKG.hangsOn)
    )
    return sorted(own, key=worst_first), sorted(others, key=worst_first)


def _finding(reader: Reader, owner: NamedNode, properties: Properties) -> Finding:
    other = next(iter(properties.get(BKG.opposedBy, ())), None)
    opposed_by = reader.assertion(other)[0].evidence if isinstance(other, NamedNode) else None
    return read_finding(properties, reader.assertion(owner)[0], opposed_by, reader.named)


def documents(store: GraphStore, predicate: NamedNode = DCTERMS.title) -> dict[str, str]:
    """The title of each document, or what else is said of it once, by its identifier."""
    return _values_of(store, BKG.Document, predicate, ASSERTIONS)


def named_document(store: GraphStore, name: str) -> str | None:
    """The identifier of the document that is named so or bears that file name; None where there is none."""
    by_file = {file: identifier for identifier, file in documents(store, BKG.fileName).items()}
    return name if name in by_file.values() else by_file.get(Path(name).name)


def require_documents(store: GraphStore, names: Iterable[str]) -> frozenset[str]:
    """The identifiers of documents that are named so or bear that file name; raises `NotFound` for others."""
    by_file = {name: identifier for identifier, name in documents(store, BKG.fileName).items()}
    identifiers = {*by_file.values()}
    by_name = {name: name if name in identifiers else by_file.get(Path(name).name) for name in names}
    for name, identifier in by_name.items():
        if identifier is None:
            raise NotFound(f"no document in the graph is called {name!r} ({len(identifiers)} documents searched)")
    return frozenset(filter(None, by_name.values()))


def titles(store: GraphStore, identifiers: Iterable[str]) -> dict[str, str]:
    """The titles of some documents, by their identifiers; what is not a document is left out."""
    nodes = {thing("document", identifier): identifier for identifier in identifiers}
    by_node = store.objects_of(nodes, DCTERMS.title, ASSERTIONS)
    return {nodes[name]: values[0].value for name, values in by_node.items()}


def brands(store: GraphStore, drugs: Iterable[Concept]) -> dict[Concept, tuple[str, ...]]:
    """The brands of drugs, as the releases have them; drugs without a brand are left out."""
    nodes = {node(drug): drug for drug in drugs}
    by_node = store.objects_of(nodes, SKOS.altLabel, REFERENCE)
    return {nodes[name]: tuple(sorted(value.value for value in values)) for name, values in by_node.items() if values}


def speaking_of(store: GraphStore, concept: Concept) -> list[Assertion]:
    """The assertions that have a concept as subject or object, in the order of documents."""
    reader = Reader(store)
    by_end = (store.subjects(end, node(concept), ASSERTIONS) for end in (RDF.subject, RDF.object))
    about = [assertion for assertion, _ in reader.assertions(dict.fromkeys(chain.from_iterable(by_end)))]
    return sorted(about, key=lambda assertion: assertion.evidence)


def mentions(store: GraphStore, concepts: Iterable[Concept]) -> dict[Concept, int]:
    """In how many statements of documents and releases each concept is subject or object."""
    nodes = {concept: node(concept) for concept in concepts}
    ends = RDF.subject, RDF.object
    counts_by_end = [store.counts(end, nodes.values(), graph) for end in ends for graph in (ASSERTIONS, REFERENCE)]
    return {concept: sum(counts.get(name, 0) for counts in counts_by_end) for concept, name in nodes.items()}


def releases(store: GraphStore) -> dict[str, str]:
    """The title of each release, by its identifier."""
    return _values_of(store, BKG.Release, DCTERMS.title, REFERENCE)


def _values_of(store: GraphStore, kind: NamedNode, predicate: NamedNode, graph: NamedNode) -> dict[str, str]:
    """What is said once of each thing of a kind, by its identifier."""
    by_node = store.objects_of(store.subjects(RDF.type, kind, graph), predicate, graph)
    pairs = sorted((name.value, values[0].value) for name, values in by_node.items())
    return {identifier_of(name): value for name, value in pairs}


def name_of(store: GraphStore, concept: Concept) -> Concept:
    """The concept under the name that the graph gives it."""
    names = store.objects(node(concept), SKOS.prefLabel)
    return Concept(concept.kind, concept.key, _of_several(names))


def _of_several(names: Iterable[Value]) -> str | None:
    """The one of several names that every engine takes, as each has an order of its own."""
    return min((name.value for name in names), default=None)


class Reader:
    """Reads assertions, `needed` of them; evidence and names that several of them share are read once."""

    def __init__(self, store: GraphStore, needed: int = 0) -> None:
        self._store = store
        most = needed > _MOST * store.manifest.counts.get("assertions", 0)
        self._all = store.everything(ASSERTIONS) if most else {}
        self._ahead: dict[NamedNode, Properties] = {}
        self._evidence: dict[str, Evidence] = {}
        self._names: dict[Concept, Concept] = {}

    def assertions(self, names: Iterable[NamedNode]) -> Iterator[tuple[Assertion, Verdict]]:
        """Many assertions, each with its verdict: what they need is read some at a time."""
        rest = iter(names)
        while some := list(islice(rest, _AT_ONCE)):
            if not self._all:
                self._read_ahead(some)
            yield from map(self.assertion, some)

    def statements(self, names: Iterable[NamedNode]) -> Iterator[tuple[Assertion, Verdict]]:
        """What releases state in many statements, likewise."""
        rest = iter(names)
        while some := list(islice(rest, _AT_ONCE)):
            about = self._store.about_each(some, REFERENCE)
            self._name_ahead(about.values())
            for name in some:
                with self._whole(name):
                    yield self._statement(about[name])

    def _read_ahead(self, names: Iterable[NamedNode]) -> None:
        """Read assertions, with their evidence and the names of what they speak of."""
        self._ahead = about = self._store.about_each(names, ASSERTIONS)
        for link in (BKG.evidence, OA.hasSelector):
            linked = (value for properties in about.values() for value in properties.get(link, ()))
            about = self._store.about_each(
                dict.fromkeys(value for value in linked if isinstance(value, NamedNode)), ASSERTIONS
            )
            self._ahead |= about
        self._name_ahead(self._ahead.values())

    def _name_ahead(self, every: Iterable[Properties]) -> None:
        """Read the names of the concepts among some values."""
        values = dict.fromkeys(value for properties in every for some in properties.values() for value in some)
        concepts = {value: concept_of(value) for value in values if isinstance(value, NamedNode) and is_concept(value)}
        new = [name for name, concept in concepts.items() if concept not in self._names]
        called: defaultdict[NamedNode, list[Value]] = defaultdict(list)
        for graph in (ASSERTIONS, REFERENCE):
            for name, names in self._store.objects_of(new, SKOS.prefLabel, graph).items():
                called[name] += names
        for name in new:
            concept = concepts[name]
            self._names[concept] = Concept(concept.kind, concept.key, _of_several(called[name]))

    def assertion(self, name: NamedNode) -> tuple[Assertion, Verdict]:
        """One assertion with its verdict; raises `StoreError` where it is not whole."""
        with self._whole(name):
            properties = self._of(name)
            place = self._evidence_of(properties[BKG.evidence][0])
            return read_assertion(properties, place, self.named), read_verdict(properties)

    def statement(self, name: NamedNode) -> tuple[Assertion, Verdict]:
        """What a release states, as an assertion whose evidence is a row of it; raises `StoreError` likewise."""
        with self._whole(name):
            return self._statement(self._store.about(name, REFERENCE))

    @contextmanager
    def _whole(self, name: NamedNode) -> Iterator[None]:
        try:
            yield
        except (KeyError, ValueError) as exc:
            where = f"{self._store.place}: the graph is damaged ({curie(name.value)} is not whole: {exc})"
            raise StoreError(f"{where}; build it again with 'kg build'") from exc

    def _statement(self, properties: Properties) -> tuple[Assertion, Verdict]:
        statement = read_statement(properties)
        assertion = Assertion(
            statement.subject,
            statement.relation,
            self.named(statement.object),
            _row_evidence(read_release(properties), statement.text, statement.row),
            condition=read_condition(properties),
            rule=RELEASE_RULE,
        )
        return assertion, read_verdict(properties)

    def named(self, concept: Concept) -> Concept:
        """The concept under the name that the graph gives it."""
        if concept not in self._names:
            self._names[concept] = name_of(self._store, concept)
        return self._names[concept]

    def _evidence_of(self, name: Value) -> Evidence:
        if name.value not in self._evidence:
            properties = self._of(name)
            self._evidence[name.value] = read_evidence(properties, self._of(properties[OA.hasSelector][0]))
        return self._evidence[name.value]

    def _of(self, name: Value) -> Properties:
        assert isinstance(name, NamedNode)
        if self._all:
            return self._all[name]
        return self._ahead.get(name) or self._store.about(name, ASSERTIONS)
