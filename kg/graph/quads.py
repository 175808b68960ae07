"""What documents say, as quads or lines of N-Quads: pure functions, in the shape that `docs/graph.md` fixes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.graph import nquads
from kg.graph.vocabulary import (
    ASSERTIONS,
    BASE,
    BKG,
    CLASSES,
    DCTERMS,
    OA,
    POLARITIES,
    PREFIXES,
    PROV,
    QUALIFIERS,
    RDF,
    RELATION_GRAPHS,
    RELATIONS,
    SCHEMES,
    SKOS,
    STRENGTHS,
    VERDICTS,
    XSD,
    node,
    thing,
)
from kg.model import Assertion, CodeSystem, Concept, Evidence, Finding, Kind, Quantity, Relation, Verdict
from kg.places import numbers_of

if TYPE_CHECKING:  # A graph that is only read needs none of them.
    from kg.documents import Document
    from kg.verification import Disagreement

type_, notation, prefLabel, inScheme = RDF.type, SKOS.notation, SKOS.prefLabel, SKOS.inScheme


def concept_quads(concept: Concept, graph: NamedNode = ASSERTIONS) -> Iterator[Quad]:
    """A concept by itself; the name of a code is left out, as only a release can give one."""
    subject = node(concept)
    yield Quad(subject, type_, CLASSES[concept.kind], graph)
    if concept.kind.is_code:
        yield Quad(subject, notation, Literal(concept.key), graph)
        yield Quad(subject, inScheme, SCHEMES[CodeSystem(concept.kind.value)], graph)
        return
    yield Quad(subject, prefLabel, Literal(concept.label, language="en"), graph)
    for code in numbers_of(concept):
        yield Quad(subject, BKG.placeOfServiceCode, Literal(code), graph)
    if concept.kind is Kind.QUANTITY and (quantity := Quantity.parse(concept.label)):
        number = Literal(f"{quantity.number:f}", datatype=XSD.decimal)
        yield Quad(subject, BKG.numericValue, number, graph)
        yield Quad(subject, BKG.ucumCode, Literal(quantity.ucum), graph)


def document_quads(document: Document) -> Iterator[Quad]:
    """A document, without what it states."""
    subject = thing("document", document.identifier)
    yield Quad(subject, type_, BKG.Document, ASSERTIONS)
    yield Quad(subject, type_, PROV.Entity, ASSERTIONS)
    yield Quad(subject, DCTERMS.title, Literal(document.title), ASSERTIONS)
    yield Quad(subject, BKG.fileName, Literal(document.name), ASSERTIONS)
    yield Quad(subject, BKG.sha256, Literal(document.checksum), ASSERTIONS)


def assertion_lines(assertion: Assertion, place: str) -> str:
    """What a document states, as lines of N-Quads, without where it stands and what the releases say about it.

    `place` is the IRI of its evidence.
    """
    return nquads.lines(_assertion(assertion.identifier), _of_assertion(assertion, place), ASSERTIONS)


def verdict_line(identifier: str, verdict: Verdict) -> str:
    """The same as `verdict_quad` gives, as a line of N-Quads."""
    return nquads.lines(_assertion(identifier), [f"{_VERDICT} {VERDICTS[verdict]}"], ASSERTIONS)


def verdict_quad(identifier: str, verdict: Verdict) -> Quad:
    """The verdict on an assertion."""
    return Quad(thing("assertion", identifier), BKG.verdict, VERDICTS[verdict], ASSERTIONS)


def finding_node(identifier: str, concept: Concept, reason: str) -> NamedNode:
    """The node of a finding about an assertion."""
    content = f"{thing('assertion', identifier).value}\0{concept.curie}\0{reason}"
    return thing("finding", hashlib.sha256(content.encode()).hexdigest()[:32])


def finding_quads(finding: Finding) -> Iterator[Quad]:
    """A finding as a node of its own, and the gist of it on the assertion, where most queries want it."""
    identifier = finding.assertion.identifier
    assertion, subject = thing("assertion", identifier), finding_node(identifier, finding.concept, finding.reason)
    yield Quad(assertion, BKG.verdictReason, Literal(finding.reason), ASSERTIONS)
    yield Quad(assertion, BKG.finding, subject, ASSERTIONS)
    for predicate, value in _of_finding(finding):
        yield Quad(subject, predicate, value, ASSERTIONS)
    if finding.suggestion is not None:
        yield Quad(assertion, BKG.suggestion, node(finding.suggestion), ASSERTIONS)


def _of_finding(finding: Finding) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    yield type_, BKG.Finding
    yield BKG.about, node(finding.concept)
    yield BKG.leadsTo, VERDICTS[finding.verdict]
    yield BKG.reason, Literal(finding.reason)
    yield BKG.accordingTo, thing("release", finding.release)
    yield BKG.hanging, Literal(finding.hangs)
    if finding.check:
        yield BKG.check, Literal(finding.check)
    if finding.stated:
        yield BKG.statedName, Literal(finding.stated)
    if finding.official:
        yield BKG.releaseText, Literal(finding.official)
    if finding.row:
        yield BKG.row, Literal(finding.row)
    if finding.suggestion is not None:
        yield BKG.betterCode, node(finding.suggestion)


def hanging_quads(identifier: str, finding: Finding) -> Iterator[Quad]:
    """That the verdict on an assertion hangs on a finding about another one."""
    about = finding_node(finding.assertion.identifier, finding.concept, finding.reason)
    subject = thing("assertion", identifier)
    yield Quad(subject, BKG.hangsOn, about, ASSERTIONS)
    yield Quad(subject, BKG.verdictReason, Literal(f"{finding.concept.key} {finding.reason}"), ASSERTIONS)


def disagreement_quads(found: Disagreement) -> Iterator[Quad]:
    """A finding about an assertion that another document speaks against."""
    identifier, concept = found.stand.identifier, found.stand.object
    assertion, subject = thing("assertion", identifier), finding_node(identifier, concept, found.reason)
    yield Quad(assertion, BKG.verdictReason, Literal(found.reason), ASSERTIONS)
    yield Quad(assertion, BKG.finding, subject, ASSERTIONS)
    yield Quad(subject, type_, BKG.Finding, ASSERTIONS)
    yield Quad(subject, BKG.about, node(concept), ASSERTIONS)
    yield Quad(subject, BKG.leadsTo, VERDICTS[Verdict.DISPUTED], ASSERTIONS)
    yield Quad(subject, BKG.reason, Literal(found.reason), ASSERTIONS)
    yield Quad(subject, BKG.hanging, Literal(0), ASSERTIONS)
    yield Quad(subject, BKG.check, Literal("disagreement"), ASSERTIONS)
    yield Quad(subject, BKG.opposedBy, thing("assertion", found.other.identifier), ASSERTIONS)


def _of_assertion(assertion: Assertion, place: str) -> Iterator[str]:
    yield _IS_ASSERTION
    yield _IS_STATEMENT
    yield f"{_SUBJECT} {_node(assertion.subject)}"
    yield f"{_PREDICATE} {_RELATION[assertion.relation]}"
    yield f"{_OBJECT} {_node(assertion.object)}"
    yield _SAID_POLARITY[assertion.polarity]
    yield _SAID_STRENGTH[assertion.strength]
    yield f"{_DERIVED_FROM} {_document(assertion.evidence.document)}"
    yield f"{_EVIDENCE} <{place}>"
    if assertion.condition:
        yield f"{_CONDITION} {nquads.text(assertion.condition)}"
    for qualifier, concept in assertion.qualifiers:
        yield f"{QUALIFIERS[qualifier]} {_node(concept)}"
    if assertion.object.kind.is_code and assertion.object.name:
        yield f"{_STATED_NAME} {nquads.text(assertion.object.name)}"
    if assertion.since:
        yield f"{BKG.statedFrom} {day(assertion.since)}"
    if assertion.rule:
        yield f"{_RULE} {nquads.text(assertion.rule)}"


def evidence_iri(evidence: Evidence) -> str:
    """The IRI of an evidence: assertions from one place share it."""
    place = f"{evidence.document}\0{evidence.start}\0{evidence.end}\0{evidence.quote}"
    return _EVIDENCE_BASE + hashlib.sha256(place.encode()).hexdigest()[:32]


def evidence_lines(evidence: Evidence, name: str) -> str:
    """Where an assertion stands, as lines of N-Quads, under an IRI."""
    place, selector = f"<{name}>", f"<{name}/selector>"
    said = [
        _IS_EVIDENCE, _IS_RESOURCE, f"{_SOURCE} {_document(evidence.document)}", f"{_SELECTOR} {selector}",
        f"{_LINE} {nquads.integer(evidence.line)}",
    ]  # fmt: skip
    if evidence.section:
        said.append(f"{_SECTION} {nquads.text(evidence.section)}")
    if evidence.page:
        said.append(f"{_PAGE} {nquads.integer(evidence.page)}")
    if evidence.sheet:
        said.append(f"{_SHEET} {nquads.text(evidence.sheet)}")
    if evidence.row:
        said.append(f"{_ROW} {nquads.integer(evidence.row)}")
    selected = (
        _IS_POSITION, _IS_QUOTE, f"{_START} {nquads.integer(evidence.start)}", f"{_END} {nquads.integer(evidence.end)}",
        f"{_EXACT} {nquads.text(evidence.quote)}",
    )  # fmt: skip
    return nquads.lines(place, said, ASSERTIONS) + nquads.lines(selector, selected, ASSERTIONS)


def edge_line(subject: Concept, relation: Relation, object: Concept, verdict: Verdict) -> str:
    """A plain edge, in the graph of its verdict, as a line of N-Quads."""
    return nquads.lines(_node(subject), [f"{_RELATION[relation]} {_node(object)}"], RELATION_GRAPHS[verdict])


def day(date: date) -> Literal:
    """A date as a literal."""
    return Literal(date.isoformat(), datatype=XSD.date)


def _assertion(identifier: str) -> str:
    return f"<{BASE}assertion/{identifier}>"


@lru_cache(maxsize=2**16)
def _node(concept: Concept) -> str:
    return str(node(concept))


@lru_cache(maxsize=2**10)
def _document(identifier: str) -> str:
    return str(thing("document", identifier))


_TYPE, _SUBJECT, _PREDICATE, _OBJECT = map(str, (RDF.type, RDF.subject, RDF.predicate, RDF.object))
_IS_ASSERTION, _IS_STATEMENT = f"{_TYPE} {BKG.Assertion}", f"{_TYPE} {RDF.Statement}"
_IS_EVIDENCE, _IS_RESOURCE = f"{_TYPE} {BKG.Evidence}", f"{_TYPE} {OA.SpecificResource}"
_IS_POSITION, _IS_QUOTE = f"{_TYPE} {OA.TextPositionSelector}", f"{_TYPE} {OA.TextQuoteSelector}"
_EVIDENCE_BASE = PREFIXES["evidence"]
_DERIVED_FROM, _EVIDENCE, _CONDITION = map(str, (PROV.wasDerivedFrom, BKG.evidence, BKG.condition))
_STATED_NAME, _RULE, _LINE, _SECTION = map(str, (BKG.statedName, BKG.rule, BKG.line, BKG.section))
_PAGE, _SHEET, _ROW = map(str, (BKG.page, BKG.sheet, BKG.row))
_VERDICT = str(BKG.verdict)
_SOURCE, _SELECTOR, _START, _END, _EXACT = map(str, (OA.hasSource, OA.hasSelector, OA.start, OA.end, OA.exact))
_RELATION = {relation: str(name) for relation, name in RELATIONS.items()}
_SAID_POLARITY = {polarity: f"{BKG.polarity} {name}" for polarity, name in POLARITIES.items()}
_SAID_STRENGTH = {strength: f"{BKG.strength} {name}" for strength, name in STRENGTHS.items()}
