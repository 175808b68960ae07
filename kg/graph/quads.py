"""What documents say, as quads: pure functions, in the shape that `docs/graph.md` fixes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.graph.vocabulary import (
    ASSERTIONS,
    BKG,
    CLASSES,
    DCTERMS,
    OA,
    POLARITIES,
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


def assertion_quads(assertion: Assertion) -> Iterator[Quad]:
    """What a document states and where it stands, without what the releases say about it."""
    subject = thing("assertion", assertion.identifier)
    for predicate, value in _of_assertion(assertion):
        yield Quad(subject, predicate, value, ASSERTIONS)
    yield Quad(subject, BKG.evidence, evidence_node(assertion.evidence), ASSERTIONS)
    yield from evidence_quads(assertion.evidence)


def verdict_quads(identifier: str, verdict: Verdict, timeless: Verdict | None = None) -> Iterator[Quad]:
    """The verdict on an assertion and, where it differs, the one that holds aside from the date."""
    subject = thing("assertion", identifier)
    yield Quad(subject, BKG.verdict, VERDICTS[verdict], ASSERTIONS)
    if timeless is not None:
        yield Quad(subject, BKG.timelessVerdict, VERDICTS[timeless], ASSERTIONS)


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
    # Only the name that a document gives to an object is in the graph, from which this may have to be told again.
    if finding.stated and (not finding.dated or finding.concept == finding.assertion.object):
        yield BKG.statedName, Literal(finding.stated)
    if finding.official:
        yield BKG.releaseText, Literal(finding.official)
    if finding.row:
        yield BKG.row, Literal(finding.row)
    if finding.dated:
        yield BKG.dated, Literal(True)
    if finding.suggestion is not None:
        yield BKG.betterCode, node(finding.suggestion)


def hanging_quads(identifier: str, finding: Finding) -> Iterator[Quad]:
    """That the verdict on an assertion hangs on a finding about another one."""
    about = finding_node(finding.assertion.identifier, finding.concept, finding.reason)
    subject = thing("assertion", identifier)
    yield Quad(subject, BKG.hangsOn, about, ASSERTIONS)
    yield Quad(subject, BKG.verdictReason, Literal(hanging_reason(finding.concept, finding.reason)), ASSERTIONS)


def hanging_reason(concept: Concept, reason: str) -> str:
    """Why the verdict on an assertion hangs on a finding, in words."""
    return f"{concept.key} {reason}"


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


def _of_assertion(assertion: Assertion) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    yield type_, BKG.Assertion
    yield type_, RDF.Statement
    yield RDF.subject, node(assertion.subject)
    yield RDF.predicate, RELATIONS[assertion.relation]
    yield RDF.object, node(assertion.object)
    yield BKG.polarity, POLARITIES[assertion.polarity]
    yield BKG.strength, STRENGTHS[assertion.strength]
    yield PROV.wasDerivedFrom, thing("document", assertion.evidence.document)
    if assertion.condition:
        yield BKG.condition, Literal(assertion.condition)
    for qualifier, concept in assertion.qualifiers:
        yield QUALIFIERS[qualifier], node(concept)
    if assertion.object.kind.is_code and assertion.object.name:
        yield BKG.statedName, Literal(assertion.object.name)
    if assertion.rule:
        yield BKG.rule, Literal(assertion.rule)


def evidence_node(evidence: Evidence) -> NamedNode:
    """The node of an evidence: assertions from one place share it."""
    place = f"{evidence.document}\0{evidence.start}\0{evidence.end}\0{evidence.quote}"
    return thing("evidence", hashlib.sha256(place.encode()).hexdigest()[:32])


def evidence_quads(evidence: Evidence) -> Iterator[Quad]:
    """Where an assertion stands."""
    subject = evidence_node(evidence)
    selector = NamedNode(f"{subject.value}/selector")
    yield Quad(subject, type_, BKG.Evidence, ASSERTIONS)
    yield Quad(subject, type_, OA.SpecificResource, ASSERTIONS)
    yield Quad(subject, OA.hasSource, thing("document", evidence.document), ASSERTIONS)
    yield Quad(subject, OA.hasSelector, selector, ASSERTIONS)
    yield Quad(subject, BKG.line, Literal(evidence.line), ASSERTIONS)
    if evidence.section:
        yield Quad(subject, BKG.section, Literal(evidence.section), ASSERTIONS)
    yield Quad(selector, type_, OA.TextPositionSelector, ASSERTIONS)
    yield Quad(selector, type_, OA.TextQuoteSelector, ASSERTIONS)
    yield Quad(selector, OA.start, Literal(evidence.start), ASSERTIONS)
    yield Quad(selector, OA.end, Literal(evidence.end), ASSERTIONS)
    yield Quad(selector, OA.exact, Literal(evidence.quote), ASSERTIONS)


def edge_quad(subject: Concept, relation: Relation, object: Concept, verdict: Verdict) -> Quad:
    """A plain edge, in the graph of its verdict."""
    return Quad(node(subject), RELATIONS[relation], node(object), RELATION_GRAPHS[verdict])


def day(date: date) -> Literal:
    """A date as a literal."""
    return Literal(date.isoformat(), datatype=XSD.date)
