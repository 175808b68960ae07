"""Assertions and their evidence: lines of N-Quads, and assertions again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache

from pyoxigraph import Quad

from kg.graph.rdf import nquads
from kg.graph.rdf.iris import BASE, PREFIXES, concept_of, identifier_of, node_text, thing
from kg.graph.rdf.values import Properties, day, day_of, number_of, text_of
from kg.graph.rdf.vocabulary import (
    ASSERTIONS,
    BKG,
    OA,
    POLARITIES,
    POLARITY_OF,
    PROV,
    QUALIFIERS,
    RDF,
    RELATION_OF,
    RELATIONS,
    STRENGTH_OF,
    STRENGTHS,
    VERDICT_OF,
    VERDICTS,
)
from kg.model import Assertion, Concept, Evidence, Verdict


def assertion_lines(assertion: Assertion, place: str) -> str:
    """What a document states, as lines of N-Quads, without where it stands and what the releases say about it.

    `place` is the IRI of its evidence.
    """
    return nquads.lines(_assertion(assertion.identifier), _properties(assertion, place), ASSERTIONS)


def read_assertion(properties: Properties, evidence: Evidence, with_name: Callable[[Concept], Concept]) -> Assertion:
    """An assertion again; `with_name` gives a concept the name that it has in the graph."""
    object = concept_of(properties[RDF.object][0])
    object_name = text_of(properties, BKG.statedName) or (None if object.kind.is_code else with_name(object).name)
    return Assertion(
        subject=concept_of(properties[RDF.subject][0]),
        relation=RELATION_OF[properties[RDF.predicate][0].value],
        object=Concept(object.kind, object.key, object_name),
        evidence=evidence,
        polarity=POLARITY_OF[properties[BKG.polarity][0].value],
        strength=STRENGTH_OF[properties[BKG.strength][0].value],
        condition=text_of(properties, BKG.condition),
        qualifiers=tuple(
            (qualifier, with_name(concept))
            for qualifier, name in QUALIFIERS.items()
            for concept in sorted(map(concept_of, properties.get(name, ())))
        ),
        rule=text_of(properties, BKG.rule),
        since=day_of(properties, BKG.statedFrom),
    )


def _properties(assertion: Assertion, place: str) -> Iterator[str]:
    yield _IS_ASSERTION
    yield _IS_STATEMENT
    yield f"{_SUBJECT} {node_text(assertion.subject)}"
    yield f"{_PREDICATE} {_RELATION[assertion.relation]}"
    yield f"{_OBJECT} {node_text(assertion.object)}"
    yield _HAS_POLARITY[assertion.polarity]
    yield _HAS_STRENGTH[assertion.strength]
    yield f"{_DERIVED_FROM} {_document(assertion.evidence.document)}"
    yield f"{_EVIDENCE} <{place}>"
    if assertion.condition:
        yield f"{_CONDITION} {nquads.text(assertion.condition)}"
    for qualifier, concept in assertion.qualifiers:
        yield f"{QUALIFIERS[qualifier]} {node_text(concept)}"
    if assertion.object.kind.is_code and assertion.object.name:
        yield f"{_STATED_NAME} {nquads.text(assertion.object.name)}"
    if assertion.since:
        yield f"{BKG.statedFrom} {day(assertion.since)}"
    if assertion.rule:
        yield f"{_RULE} {nquads.text(assertion.rule)}"


def verdict_line(identifier: str, verdict: Verdict) -> str:
    """The verdict on an assertion, as a line of N-Quads."""
    return nquads.lines(_assertion(identifier), [f"{_VERDICT} {VERDICTS[verdict]}"], ASSERTIONS)


def verdict_quad(identifier: str, verdict: Verdict) -> Quad:
    """The same as a quad."""
    return Quad(thing("assertion", identifier), BKG.verdict, VERDICTS[verdict], ASSERTIONS)


def read_verdict(properties: Properties) -> Verdict:
    """The verdict on an assertion, or on a statement."""
    return VERDICT_OF[properties[BKG.verdict][0].value]


def evidence_iri(evidence: Evidence) -> str:
    """The IRI of an evidence: assertions from one place share it."""
    place = f"{evidence.document}\0{evidence.start}\0{evidence.end}\0{evidence.quote}"
    return _EVIDENCE_BASE + hashlib.sha256(place.encode()).hexdigest()[:32]


def evidence_lines(evidence: Evidence, name: str) -> str:
    """Where an assertion stands, as lines of N-Quads, under an IRI."""
    place, selector = f"<{name}>", f"<{name}/selector>"
    location_pairs = [
        _IS_EVIDENCE, _IS_RESOURCE, f"{_SOURCE} {_document(evidence.document)}", f"{_SELECTOR} {selector}",
        f"{_LINE} {nquads.integer(evidence.line)}",
    ]  # fmt: skip
    if evidence.section:
        location_pairs.append(f"{_SECTION} {nquads.text(evidence.section)}")
    if evidence.page:
        location_pairs.append(f"{_PAGE} {nquads.integer(evidence.page)}")
    if evidence.sheet:
        location_pairs.append(f"{_SHEET} {nquads.text(evidence.sheet)}")
    if evidence.row:
        location_pairs.append(f"{_ROW} {nquads.integer(evidence.row)}")
    selector_pairs = (
        _IS_POSITION, _IS_QUOTE, f"{_START} {nquads.integer(evidence.start)}", f"{_END} {nquads.integer(evidence.end)}",
        f"{_EXACT} {nquads.text(evidence.quote)}",
    )  # fmt: skip
    return nquads.lines(place, location_pairs, ASSERTIONS) + nquads.lines(selector, selector_pairs, ASSERTIONS)


def read_evidence(properties: Properties, selector: Properties) -> Evidence:
    """An evidence again, of what is said of it and of its selector."""
    return Evidence(
        document=identifier_of(properties[OA.hasSource][0].value),
        start=int(text_of(selector, OA.start)),
        end=int(text_of(selector, OA.end)),
        quote=text_of(selector, OA.exact),
        line=int(text_of(properties, BKG.line)),
        section=text_of(properties, BKG.section),
        page=number_of(properties, BKG.page),
        sheet=text_of(properties, BKG.sheet),
        row=number_of(properties, BKG.row),
    )


def _assertion(identifier: str) -> str:
    return f"<{BASE}assertion/{identifier}>"


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
_HAS_POLARITY = {polarity: f"{BKG.polarity} {name}" for polarity, name in POLARITIES.items()}
_HAS_STRENGTH = {strength: f"{BKG.strength} {name}" for strength, name in STRENGTHS.items()}
