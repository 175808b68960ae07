"""What releases say, as quads: releases, codes, drugs, and how they go together.

A release has a hundred thousand codes: those and its statements are written as lines of N-Quads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.graph import nquads
from kg.graph.quads import concept_quads, day
from kg.graph.vocabulary import (
    BKG,
    CLASSES,
    DCTERMS,
    DETAILS,
    MODIFIER_OWNERS,
    PROV,
    RDF,
    REFERENCE,
    RELATIONS,
    SCHEMES,
    SKOS,
    VERDICTS,
    code_node,
    node,
    thing,
)
from kg.model import CodeSystem, Kind, Verdict

if TYPE_CHECKING:  # A graph that is only read needs none of them.
    from kg.reference import Drug, Entry, Release, Statement
    from kg.reference.meanings import Meaning

# Where BioPortal publishes the same codes.
_BIOPORTAL = {
    CodeSystem.ICD10CM: "http://purl.bioontology.org/ontology/ICD10CM/",
    CodeSystem.HCPCS: "http://purl.bioontology.org/ontology/HCPCS/",
    CodeSystem.CPT: "http://purl.bioontology.org/ontology/CPT/",
}
_BOOLEANS = {value: Literal(value) for value in (False, True)}


def drug_quads(drug: Drug) -> Iterator[Quad]:
    """A drug known by name, with its brands."""
    yield from concept_quads(drug.concept, REFERENCE)
    subject = node(drug.concept)
    for brand in drug.brands:
        yield Quad(subject, SKOS.altLabel, Literal(brand, language="en"), REFERENCE)
    if drug.broader is not None:
        yield Quad(subject, SKOS.broader, node(drug.broader), REFERENCE)


def release_quads(release: Release) -> Iterator[Quad]:
    """A release, without its entries."""
    subject = thing("release", release.identifier)
    yield Quad(subject, RDF.type, BKG.Release, REFERENCE)
    yield Quad(subject, RDF.type, PROV.Entity, REFERENCE)
    yield Quad(subject, DCTERMS.title, Literal(release.title), REFERENCE)
    yield Quad(subject, BKG.ofSystem, SCHEMES[release.system], REFERENCE)
    yield Quad(subject, BKG.complete, _BOOLEANS[release.complete], REFERENCE)
    yield Quad(subject, DCTERMS.license, Literal(release.licence), REFERENCE)
    yield Quad(subject, DCTERMS.source, Literal(release.source), REFERENCE)
    if release.outside:
        yield Quad(subject, BKG.outside, Literal(release.outside), REFERENCE)
    if release.issued is not None:
        yield Quad(subject, DCTERMS.issued, day(release.issued), REFERENCE)
    if release.since is not None:
        yield Quad(subject, BKG.coversFrom, day(release.since), REFERENCE)
    yield Quad(subject, BKG.statesDays, _BOOLEANS[release.dated], REFERENCE)


def entry_lines(described: Iterable[Sequence[Meaning]]) -> Iterator[str]:
    """What releases say of codes, each code as lines of N-Quads: its newest meaning, and those before it as nodes."""
    for newest, *earlier in described:
        entry = newest.entry
        nodes = [(meaning_node(meaning.entry), meaning) for meaning in earlier]
        said = chain(_of_code(entry), _of_meaning(newest), (f"{_EARLIER} {name}" for name, _ in nodes))
        yield nquads.lines(str(code_node(entry.code)), said, REFERENCE)
        for name, meaning in nodes:
            yield nquads.lines(str(name), chain([f"{_TYPE} {BKG.Meaning}"], _of_meaning(meaning)), REFERENCE)


def meaning_node(entry: Entry) -> NamedNode:
    """The node of a meaning that a code had before."""
    return thing("meaning", f"{entry.code.system}-{entry.code.value}-{entry.valid_through or 'undated'}")


def _of_code(entry: Entry) -> Iterator[str]:
    system = entry.code.system
    yield f"{_TYPE} {_CLASS[system]}"
    yield f"{_NOTATION} {nquads.text(entry.code.value)}"
    yield f"{_IN_SCHEME} {MODIFIER_OWNERS.get(entry.owner, SCHEMES[system])}"
    if system in _BIOPORTAL:
        yield f"{_SAME_AS} {NamedNode(_BIOPORTAL[system] + entry.code.value)}"


def _of_meaning(meaning: Meaning) -> Iterator[str]:
    entry, release = meaning.entry, meaning.release
    if release.quotable:
        yield from _names(entry)
    yield f"{_DESCRIBED_BY} {thing('release', release.identifier)}"
    if entry.broader is not None:
        yield f"{_BROADER} {code_node(entry.broader)}"
    if entry.billable is not None:
        yield f"{_BILLABLE} {_BOOLEANS[entry.billable]}"
    if entry.row:
        yield f"{_ROW} {Literal(entry.row)}"
    for said, when in ((BKG.validFrom, entry.valid_from), (BKG.validThrough, entry.valid_through)):
        if when is not None:
            yield f"{said} {day(when)}"
    for number, turn in enumerate(entry.turned):
        became_billable = entry.billable is (number % 2 == 0)
        yield f"{BKG.billableFrom if became_billable else BKG.headingFrom} {day(turn)}"
    for kind, words in entry.notes:
        yield f"{_NOTE} {nquads.text(f'{kind}: {words}')}@en"


def _names(entry: Entry) -> Iterator[str]:
    """The everyday name, the descriptor where that is another, and the other names."""
    called = entry.called or entry.name
    if called:
        yield f"{_LABEL} {nquads.text(called)}@en"
    if entry.name != called:
        yield f"{BKG.descriptor} {nquads.text(entry.name)}@en"
    for name in entry.names:
        if name != called:
            yield f"{_ALSO} {nquads.text(name)}@en"


def statement_lines(release: Release, statement: Statement, verdict: Verdict) -> str:
    """How a release says that two concepts go together, as lines of N-Quads."""
    said = _of_statement(release, statement, verdict)
    return nquads.lines(str(statement_node(release, statement)), said, REFERENCE)


def statement_node(release: Release, statement: Statement) -> NamedNode:
    """The node of a statement, told apart by its content."""
    ends = f"{statement.subject.curie}\0{statement.relation}\0{statement.object.curie}"
    content = f"{release.identifier}\0{ends}\0{statement.row}\0{statement.text}"
    return thing("statement", hashlib.sha256(content.encode()).hexdigest()[:32])


def _of_statement(release: Release, statement: Statement, verdict: Verdict) -> Iterator[str]:
    yield f"{_TYPE} {BKG.Statement}"
    yield f"{RDF.subject} {node(statement.subject)}"
    yield f"{RDF.predicate} {RELATIONS[statement.relation]}"
    yield f"{RDF.object} {node(statement.object)}"
    yield f"{BKG.verdict} {VERDICTS[verdict]}"
    yield f"{BKG.accordingTo} {thing('release', release.identifier)}"
    yield f"{BKG.releaseText} {nquads.text(statement.text)}"
    if statement.row:
        yield f"{_ROW} {Literal(statement.row)}"
    for name, when in ((BKG.validFrom, statement.valid_from), (BKG.validThrough, statement.valid_through)):
        if when is not None:
            yield f"{name} {day(when)}"
    for detail, value in statement.details:
        yield f"{DETAILS[detail]} {nquads.text(value)}"


_CLASS = {system: str(CLASSES[Kind(system.value)]) for system in CodeSystem}
_TYPE, _NOTATION, _LABEL, _ALSO = map(str, (RDF.type, SKOS.notation, SKOS.prefLabel, SKOS.altLabel))
_IN_SCHEME, _BROADER, _SAME_AS, _NOTE = map(str, (SKOS.inScheme, SKOS.broader, SKOS.exactMatch, SKOS.note))
_DESCRIBED_BY, _BILLABLE, _ROW = map(str, (BKG.describedBy, BKG.billable, BKG.row))
_EARLIER = str(BKG.earlierMeaning)
