"""Reads a document: `Document` in, assertions out, with every row and every code accounted for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.documents import Block, BlockKind, Document, Span
from kg.extraction import drugs
from kg.extraction.accounts import Leftover, Tally, account, settle
from kg.extraction.columns import Role, roles
from kg.extraction.lines import read_labelled
from kg.extraction.lists import read_entry
from kg.extraction.outline import Outline, Place, named_subjects, outline, scope_of
from kg.extraction.prose import read_prose
from kg.extraction.reading import Citation, Reading, Scope
from kg.extraction.tables import read_table
from kg.extraction.topics import Topic, label_topic
from kg.model import Assertion, CodeSystem, Concept, Polarity

_LABEL = re.compile(r"[^\w\n]{0,4}(?P<label>[A-Za-z][\w /&().'-]{1,60}?)\s*:\s+(?=\S)")
_NO_LABEL = re.compile(r"\bparagraph\b|^note\b")
_NEW_SENTENCE = re.compile(r"[a-z]{3,}[^.]*\.\s+[A-Z]")
_BRACKETS = re.compile(r"\([^()]*\)")
# What is longer is no label with its value and no entry of a list.
_LONGEST_LINE = 20_000
_FINITE = re.compile(r"\b(?:is|are|was|were|may|must|can|should|will|does|do|has|have)\b")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read in a document: its assertions, what was left over and why, and the two counts."""

    document: Document
    assertions: tuple[Assertion, ...]
    leftovers: tuple[Leftover, ...]
    rows: Tally
    tokens: Tally


def extract(document: Document) -> Extraction:
    """All assertions of a document, in its order, and the account of its rows and code-like tokens.

    >>> from kg.documents import parse
    >>> found = extract(parse(b"# HCPCS Code J3262\\n## Common Modifiers\\nAppend modifier JW for waste.", "a.md"))
    >>> found.assertions[0].object.curie
    'modifier:JW'
    """
    reading = Reading.of(document)
    found = outline(reading)
    places = found.places
    position = 0
    while position < len(places):
        position = _take(reading, found, position)
    assertions, repeated = settle(reading)
    assertions = tuple(_with_subject_named(assertion, reading.names) for assertion in assertions)
    leftovers, rows, tokens = account(reading, assertions, repeated)
    return Extraction(document, assertions, leftovers, rows, tokens)


def _with_subject_named(assertion: Assertion, names: Mapping[tuple[int, Concept], str]) -> Assertion:
    """The same assertion, its subject under the name that its own row gives it."""
    subject = assertion.subject
    name = names.get((assertion.evidence.start, subject))
    return replace(assertion, subject=Concept(subject.kind, subject.key, name)) if name else assertion


def _take(reading: Reading, found: Outline, at: int) -> int:
    """Read the block or the table that begins at a place; the answer is the place after it."""
    place = found.places[at]
    block = place.block
    scope = scope_of(reading, found, place)
    if block.table:
        last = at
        while last + 1 < len(found.places) and found.places[last + 1].block.table == block.table:
            last += 1
        rows = [p.block for p in found.places[at : last + 1] if p.block.kind is not BlockKind.NAVIGATION]
        for note, cite in read_table(reading, rows, scope) if rows else ():
            read_prose(reading, note, cite.scope, cite)
        return last + 1
    _read_block(reading, place, scope)
    return at + 1


def _read_block(reading: Reading, place: Place, scope: Scope) -> None:
    block = place.block
    if block.kind is BlockKind.NAVIGATION:
        reading.leave(block, "navigation")
    elif block.kind is BlockKind.HEADING:
        _read_heading(reading, block, scope)
    elif block.end - block.start > _LONGEST_LINE:
        read_prose(reading, block, scope)
    else:
        colon = reading.text.find(":", block.start, block.end)
        label = _LABEL.match(reading.text, block.start, block.end) if colon >= 0 else None
        if not _read_label(reading, block, scope, label) and not read_entry(reading, block, scope):
            _read_behind_label(reading, block, scope, label)


def _read_behind_label(reading: Reading, block: Block, scope: Scope, match: re.Match[str] | None) -> None:
    """Prose, which behind a label such as "Documentation:" is about what the label says."""
    topic = label_topic(match["label"]) if match and len(match["label"].split()) <= 7 else Topic.NONE
    if match is None or topic is Topic.NONE:
        read_prose(reading, block, scope)
        return
    if topic is not scope.topic:
        scope = scope._replace(topic=topic, subjects=_own_subjects(reading, scope), polarity=Polarity.AFFIRMED)
    if topic in (Topic.DOCUMENTATION, Topic.DENIALS):
        value = block._replace(kind=BlockKind.ITEM, start=match.end())
        whole = None if _FINITE.search(reading.words(value)) else Citation(block.start, block.end, scope, "prose")
        read_prose(reading, value, scope, whole)
    else:
        read_prose(reading, block, scope)


def _own_subjects(reading: Reading, scope: Scope) -> tuple[Concept, ...]:
    """A new topic ends the group that a list stood in."""
    return reading.primary if set(scope.subjects) < set(reading.primary) else scope.subjects


def _read_heading(reading: Reading, block: Block, scope: Scope) -> None:
    """A heading may say which drug its code identifies, and in which unit."""
    cite = Citation(block.start, block.end, scope, "heading")
    inside = reading.tokens_in(block.start, block.end)
    tokens = [t for t in inside if t.code and t.code.system is CodeSystem.HCPCS]
    for number, token in enumerate(tokens):
        limit = tokens[number + 1].start if number + 1 < len(tokens) else block.end
        if token.code:
            drugs.identify(reading, Concept.of(token.code), token, cite, limit)
    if len(tokens) == 1 and tokens[0].code:
        drugs.state_unit(reading, (Concept.of(tokens[0].code),), block.start, block.end, cite)
    reading.leave(block, "heading")


def _read_label(reading: Reading, block: Block, scope: Scope, match: re.Match[str] | None) -> bool:
    """A line such as "Route: IV" states a value behind a label."""
    if match is None or _NO_LABEL.search(match["label"].lower()):
        return False
    value = Span(match.end(), block.end)
    role = roles(reading, [match["label"]], [[value]], modifiers=False)[0]
    if role in (Role.OTHER, Role.USAGE, Role.NAME) or len(reading.words(value)) > 220:
        return False
    text = reading.text[match.end() : block.end]
    if _NEW_SENTENCE.search(text) or _FINITE.search(_BRACKETS.sub("", text)):
        return False
    own = named_subjects(reading, block.start, match.end("label"))
    cite = Citation(block.start, block.end, scope._replace(subjects=own or scope.subjects), "label")
    return read_labelled(reading, match["label"], value, cite)
