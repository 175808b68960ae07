"""Findings: quads, and findings again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.graph.rdf.iris import concept_of, identifier_of, node, thing
from kg.graph.rdf.values import Properties, number_of, text_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF, VERDICT_OF, VERDICTS
from kg.model import Assertion, Concept, Evidence, Finding, Verdict

if TYPE_CHECKING:  # A graph that is only read needs none of them.
    from kg.verification import Disagreement, Judgement

DISAGREEMENT = "disagreement"
"""The check that finds where documents disagree."""


def judgement_quads(judgement: Judgement) -> Iterator[Quad]:
    """All findings of a document, and which verdicts depend on them."""
    for finding in judgement.findings:
        yield from finding_quads(finding)
    for identifier, positions in judgement.hanging.items():
        for position in positions:
            yield from dependence_quads(identifier, judgement.findings[position])


def finding_quads(finding: Finding) -> Iterator[Quad]:
    """A finding as a node of its own, and the gist of it on the assertion, where most queries want it."""
    identifier = finding.assertion.identifier
    assertion, subject = thing("assertion", identifier), finding_node(identifier, finding.concept, finding.reason)
    yield Quad(assertion, BKG.verdictReason, Literal(finding.reason), ASSERTIONS)
    yield Quad(assertion, BKG.finding, subject, ASSERTIONS)
    for predicate, value in _properties(finding):
        yield Quad(subject, predicate, value, ASSERTIONS)
    if finding.suggestion is not None:
        yield Quad(assertion, BKG.suggestion, node(finding.suggestion), ASSERTIONS)


def read_finding(
    properties: Properties, assertion: Assertion, opposed_by: Evidence | None, with_name: Callable[[Concept], Concept]
) -> Finding:
    """A finding again; `assertion` is what it is about, `opposed_by` the evidence of what speaks against it."""
    better = properties.get(BKG.betterCode)
    return Finding(
        assertion=assertion,
        verdict=VERDICT_OF[text_of(properties, BKG.leadsTo)],
        concept=with_name(concept_of(properties[BKG.about][0])),
        reason=text_of(properties, BKG.reason),
        release=identifier_of(text_of(properties, BKG.accordingTo)),
        suggestion=with_name(concept_of(better[0])) if better else None,
        stated=text_of(properties, BKG.statedName),
        official=text_of(properties, BKG.releaseText),
        row=number_of(properties, BKG.row),
        opposed_by=opposed_by,
        hangs=number_of(properties, BKG.hanging),
        check=text_of(properties, BKG.check),
    )


def finding_node(identifier: str, concept: Concept, reason: str) -> NamedNode:
    """The node of a finding about an assertion."""
    content = f"{thing('assertion', identifier).value}\0{concept.curie}\0{reason}"
    return thing("finding", hashlib.sha256(content.encode()).hexdigest()[:32])


def _properties(finding: Finding) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    yield RDF.type, BKG.Finding
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


def dependence_quads(identifier: str, finding: Finding) -> Iterator[Quad]:
    """That the verdict on an assertion depends on a finding about another one."""
    about = finding_node(finding.assertion.identifier, finding.concept, finding.reason)
    subject = thing("assertion", identifier)
    yield Quad(subject, BKG.hangsOn, about, ASSERTIONS)
    yield Quad(subject, BKG.verdictReason, Literal(f"{finding.concept.key} {finding.reason}"), ASSERTIONS)


def disagreement_quads(disagreement: Disagreement) -> Iterator[Quad]:
    """A finding about an assertion that another document speaks against."""
    identifier, concept = disagreement.stand.identifier, disagreement.stand.object
    reason = Literal(disagreement.reason)
    assertion, subject = thing("assertion", identifier), finding_node(identifier, concept, disagreement.reason)
    yield Quad(assertion, BKG.verdictReason, reason, ASSERTIONS)
    yield Quad(assertion, BKG.finding, subject, ASSERTIONS)
    yield Quad(subject, RDF.type, BKG.Finding, ASSERTIONS)
    yield Quad(subject, BKG.about, node(concept), ASSERTIONS)
    yield Quad(subject, BKG.leadsTo, VERDICTS[Verdict.DISPUTED], ASSERTIONS)
    yield Quad(subject, BKG.reason, reason, ASSERTIONS)
    yield Quad(subject, BKG.hanging, Literal(0), ASSERTIONS)
    yield Quad(subject, BKG.check, Literal(DISAGREEMENT), ASSERTIONS)
    yield Quad(subject, BKG.opposedBy, thing("assertion", disagreement.other.identifier), ASSERTIONS)
