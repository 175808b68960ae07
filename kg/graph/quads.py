"""From the model to quads: pure functions, in the shape that `docs/graph.md` fixes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg.documents import Document
from kg.graph.vocabulary import (
    ASSERTIONS,
    BKG,
    CLASSES,
    DCTERMS,
    MODIFIER_OWNERS,
    OA,
    POLARITIES,
    PROV,
    QUALIFIERS,
    RDF,
    REFERENCE,
    RELATION_GRAPHS,
    RELATIONS,
    SCHEMES,
    SKOS,
    STRENGTHS,
    VERDICTS,
    XSD,
    code_node,
    node,
    thing,
)
from kg.model import Assertion, Code, CodeSystem, Concept, Evidence, Finding, Kind, Quantity, Relation, Verdict
from kg.reference import Drug, Entry, Release

# Where BioPortal publishes the same codes.
_BIOPORTAL = {
    CodeSystem.ICD10CM: "http://purl.bioontology.org/ontology/ICD10CM/",
    CodeSystem.HCPCS: "http://purl.bioontology.org/ontology/HCPCS/",
    CodeSystem.CPT: "http://purl.bioontology.org/ontology/CPT/",
}
_OF_SYSTEM = {
    system: (CLASSES[Kind(system.value)], SCHEMES[system], _BIOPORTAL.get(system, "")) for system in CodeSystem
}
_BOOLEANS = {value: Literal(value) for value in (False, True)}

# A hundred thousand entries are written in one go: these are looked up once.
type_, notation, prefLabel, inScheme = RDF.type, SKOS.notation, SKOS.prefLabel, SKOS.inScheme
broader, exactMatch, billable = SKOS.broader, SKOS.exactMatch, BKG.billable


def entry_quads(entry: Entry) -> Iterator[Quad]:
    """What a release says of a code."""
    code, graph = entry.code, REFERENCE
    class_, scheme, bioportal = _OF_SYSTEM[code.system]
    subject = code_node(code)
    yield Quad(subject, type_, class_, graph)
    yield Quad(subject, notation, Literal(code.value), graph)
    yield Quad(subject, prefLabel, Literal(entry.name, language="en"), graph)
    yield Quad(subject, inScheme, MODIFIER_OWNERS.get(entry.owner, scheme), graph)
    if entry.broader is not None:
        yield Quad(subject, broader, code_node(entry.broader), graph)
    if entry.billable is not None:
        yield Quad(subject, billable, _BOOLEANS[entry.billable], graph)
    if entry.valid_from is not None:
        yield Quad(subject, BKG.validFrom, _date(entry.valid_from), graph)
    if entry.valid_through is not None:
        yield Quad(subject, BKG.validThrough, _date(entry.valid_through), graph)
    if bioportal:
        yield Quad(subject, exactMatch, NamedNode(bioportal + code.value), graph)


def entry_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """What releases say of codes, as N-Quads: the same as `entry_quads`, at a third of the cost.

    Entries of one release differ in code, name and broader code; the rest of their lines is made once.
    """
    templates: dict[tuple[CodeSystem, bool | None, bool], str] = {}
    for entry in entries:
        if entry.owner or entry.valid_from or entry.valid_through:
            yield _lines(entry)
            continue
        shape = (entry.code.system, entry.billable, entry.broader is None)
        if shape not in templates:
            above = entry.broader and Code(entry.code.system, _ABOVE)
            templates[shape] = _lines(Entry(Code(entry.code.system, _CODE), _NAME, above, entry.billable))
        text = templates[shape].replace(_CODE, entry.code.value)
        if entry.broader:
            text = text.replace(_ABOVE, entry.broader.value)
        yield text.replace(_NAME, entry.name.translate(_ESCAPES))


# What stands in a template for the parts in which entries differ; no code and no IRI of ours holds these.
_CODE, _NAME, _ABOVE = "ZZCODEZZ", "ZZNAMEZZ", "ZZABOVEZZ"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def _lines(entry: Entry) -> str:
    return (serialize(entry_quads(entry), format=RdfFormat.N_QUADS) or b"").decode()


def drug_quads(drug: Drug) -> Iterator[Quad]:
    """A drug known by name, with its brands."""
    yield from concept_quads(drug.concept, REFERENCE)
    subject = node(drug.concept)
    for brand in drug.brands:
        yield Quad(subject, SKOS.altLabel, Literal(brand, language="en"), REFERENCE)
    if drug.broader is not None:
        yield Quad(subject, broader, node(drug.broader), REFERENCE)


def release_quads(release: Release) -> Iterator[Quad]:
    """A release, without its entries."""
    subject = thing("release", release.identifier)
    yield Quad(subject, type_, BKG.Release, REFERENCE)
    yield Quad(subject, type_, PROV.Entity, REFERENCE)
    yield Quad(subject, DCTERMS.title, Literal(release.title), REFERENCE)
    yield Quad(subject, BKG.ofSystem, SCHEMES[release.system], REFERENCE)
    yield Quad(subject, BKG.complete, _BOOLEANS[release.complete], REFERENCE)
    yield Quad(subject, DCTERMS.license, Literal(release.licence), REFERENCE)
    yield Quad(subject, DCTERMS.source, Literal(release.source), REFERENCE)
    if release.issued is not None:
        yield Quad(subject, DCTERMS.issued, _date(release.issued), REFERENCE)


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


def assertion_quads(assertion: Assertion, verdict: Verdict, findings: Iterable[Finding] = ()) -> Iterator[Quad]:
    """What a document states, what the releases say about it, and where it stands."""
    subject = thing("assertion", assertion.identifier)
    for predicate, value in _of_assertion(assertion, verdict):
        yield Quad(subject, predicate, value, ASSERTIONS)
    yield Quad(subject, BKG.evidence, evidence_node(assertion.evidence), ASSERTIONS)
    yield from evidence_quads(assertion.evidence)
    for finding in findings:
        yield from _finding_quads(subject, finding)


def _finding_quads(assertion: NamedNode, finding: Finding) -> Iterator[Quad]:
    """One finding as a node of its own, and the gist of it on the assertion, where most queries want it."""
    content = f"{assertion.value}\0{finding.concept.curie}\0{finding.reason}"
    subject = thing("finding", hashlib.sha256(content.encode()).hexdigest()[:32])
    yield Quad(assertion, BKG.verdictReason, Literal(finding.reason), ASSERTIONS)
    yield Quad(assertion, BKG.finding, subject, ASSERTIONS)
    yield Quad(subject, type_, BKG.Finding, ASSERTIONS)
    yield Quad(subject, BKG.about, node(finding.concept), ASSERTIONS)
    yield Quad(subject, BKG.leadsTo, VERDICTS[finding.verdict], ASSERTIONS)
    yield Quad(subject, BKG.reason, Literal(finding.reason), ASSERTIONS)
    yield Quad(subject, BKG.accordingTo, thing("release", finding.release), ASSERTIONS)
    if finding.suggestion is not None:
        yield Quad(assertion, BKG.suggestion, node(finding.suggestion), ASSERTIONS)
        yield Quad(subject, BKG.betterCode, node(finding.suggestion), ASSERTIONS)


def _of_assertion(assertion: Assertion, verdict: Verdict) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    yield type_, BKG.Assertion
    yield type_, RDF.Statement
    yield RDF.subject, node(assertion.subject)
    yield RDF.predicate, RELATIONS[assertion.relation]
    yield RDF.object, node(assertion.object)
    yield BKG.polarity, POLARITIES[assertion.polarity]
    yield BKG.strength, STRENGTHS[assertion.strength]
    yield BKG.verdict, VERDICTS[verdict]
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


def _date(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=XSD.date)
