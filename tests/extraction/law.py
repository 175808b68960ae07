"""The law of extraction: what must hold for every document, whatever stands in it."""

from __future__ import annotations

from kg.documents import Document
from kg.extraction import Extraction, extract
from kg.extraction.text.text import plain
from kg.extraction.text.tokens import find_tokens
from kg.model import Qualifier


def hold(document: Document) -> Extraction:
    """Read a document and check the law; the answer is what was read."""
    found = extract(document)
    evidence_is_in_the_text(found)
    nothing_is_lost(found)
    objects_fit_their_relations(found)
    assert extract(document) == found, "reading again gives something else"
    return found


def evidence_is_in_the_text(found: Extraction) -> None:
    """Every quote is the text between its offsets, and on a line of the document."""
    document = found.document
    for assertion in found.assertions:
        evidence = assertion.evidence
        assert document.text[evidence.start : evidence.end] == evidence.quote != ""
        assert evidence.document == document.identifier
        if document.format == "text":
            assert evidence.line == document.text.count("\n", 0, evidence.start) + 1
    starts = [assertion.evidence.start for assertion in found.assertions]
    assert starts == sorted(starts), "not in document order"


def nothing_is_lost(found: Extraction) -> None:
    """Every row and every code-like token is in evidence, or left over with a reason."""
    document = found.document
    rows = {(block.start, block.end) for block in document.blocks if block.cells}
    tokens = {(token.start, token.end) for token in find_tokens(plain(document.text))}
    evidence = {(a.evidence.start, a.evidence.end) for a in found.assertions}
    for what, spans, tally in (("row", rows, found.rows), ("token", tokens, found.tokens)):
        left = {(item.start, item.end) for item in found.leftovers if item.what == what}
        covered = {
            (start, end) for start, end in spans if any(first <= start and end <= last for first, last in evidence)
        }
        assert left == spans - covered, f"a {what} is lost, or counted twice"
        assert (tally.total, tally.evidence, tally.leftover) == (len(spans), len(covered), len(left))
    for item in found.leftovers:
        assert item.reason
        assert item.text == document.text[item.start : item.end] != ""
        assert item.line >= 1


def objects_fit_their_relations(found: Extraction) -> None:
    """Every object is of a kind that its relation takes, and so is every qualifier; no two say the same."""
    said = set()
    for assertion in found.assertions:
        assert assertion.object.kind in assertion.relation.object_kinds
        assert assertion.subject.kind.is_code
        assert assertion.subject != assertion.object
        assert assertion.rule
        assert all(concept.kind is qualifier.object_kind for qualifier, concept in assertion.qualifiers)
        payers = tuple(concept for qualifier, concept in assertion.qualifiers if qualifier is Qualifier.FOR_PAYER)
        said.add((assertion.subject, assertion.relation, assertion.object, assertion.polarity, payers))
    assert len(said) == len(found.assertions), "something is said twice"
    assert len({assertion.identifier for assertion in found.assertions}) == len(found.assertions)
