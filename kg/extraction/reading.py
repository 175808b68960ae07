"""What is known of a document while it is read: its words, its codes, its subjects, and what was found so far."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.documents import Block, Document, Span
from kg.extraction.gazetteer import Mention, gazetteer
from kg.extraction.letters import fold
from kg.extraction.tokens import Token, find_tokens
from kg.extraction.topics import Topic
from kg.extraction.triggers import Triggers
from kg.model import Assertion, Concept, Evidence, Kind, Polarity, Qualifier, Relation, Strength

# Marks that say nothing, each replaced by one character, so that every offset stays what it is.
_PLAIN = {
    "\u00a0": " ", "\u202f": " ", "\t": " ", "\n": " ", "*": " ", "`": " ", "\ufeff": " ", "\u00ad": " ",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-",
}  # fmt: skip
# Bounded, and each run looked at once, so that no document can make them slow.
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\((\S{0,2000})\)")
_UNDERSCORE = re.compile(r"(?<!\w)_++|(?<!_)_++(?!\w)")
_WITH_MODIFIER = re.compile(r"\bmodifiers?\s+\"?([A-Z][A-Z0-9]|\d{2})\b")
_QUALIFIERS = {qualifier.object_kind: qualifier for qualifier in Qualifier}


class Scope(NamedTuple):
    """What holds for a block: its subjects, and what the headings and lead-ins above it say."""

    subjects: tuple[Concept, ...] = ()
    topic: Topic = Topic.NONE
    polarity: Polarity = Polarity.AFFIRMED
    section: str = ""
    line: int = 0
    """The line of the document that the block begins on."""
    start: int = 0
    """The offset that the block begins at."""


# How well things are said in such a place: 0 best. What is said twice is taken from the best place.
_STANDING = {"table": 0, "list": 1, "label": 1, "note": 1, "prose": 2, "heading": 3}


class Citation(NamedTuple):
    """What to cite for what is read there: a stretch of text, the scope in which it speaks, and what kind it is."""

    start: int
    end: int
    scope: Scope
    kind: str
    """`table`, `list`, `label`, `note` (prose in a cell), `prose` or `heading`: the first half of a rule's name."""


class Draft(NamedTuple):
    """An assertion with the standing of the place that it was found in."""

    assertion: Assertion
    standing: int


@dataclass(slots=True)
class Reading:
    """A document with its words, codes and subjects, and the drafts of its assertions."""

    document: Document
    text: str
    small: str
    """The text in small letters, for the patterns that are written in them."""
    tokens: list[Token]
    mentions: list[Mention]
    triggers: Triggers
    primary: tuple[Concept, ...] = ()
    """The codes that the whole document is about."""
    known: set[Concept] = field(default_factory=set)
    """All codes that anything is said about."""
    groups: dict[int, tuple[Concept, ...]] = field(default_factory=dict)
    """The codes of each numbered group of a coverage article."""
    codes_of_drug: dict[Concept, set[Concept]] = field(default_factory=dict)
    names: dict[tuple[int, Concept], str] = field(default_factory=dict)
    """What a row calls the codes that it is about, by the offset at which it begins."""
    drafts: list[Draft] = field(default_factory=list)
    reasons: dict[tuple[int, int], str] = field(default_factory=dict)
    """Why a stretch of text gave no assertion."""
    _cited: dict[tuple[int, int, str], Evidence] = field(default_factory=dict)
    _named_between: dict[tuple[int, int], tuple[tuple[Qualifier, Concept], ...]] = field(default_factory=dict)
    _token_starts: list[int] = field(default_factory=list)
    _mention_starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> Reading:
        """Find the words and codes of a document."""
        text = plain(document.text)
        small = fold(text)
        triggers = Triggers(small)
        tokens, mentions = find_tokens(text), gazetteer().find(text, small, triggers)
        reading = cls(document, text, small, tokens, mentions, triggers)
        reading._token_starts = [token.start for token in tokens]
        reading._mention_starts = [mention.start for mention in mentions]
        return reading

    def tokens_in(self, start: int, end: int) -> list[Token]:
        """The tokens that stand between two offsets."""
        first = bisect_left(self._token_starts, start)
        last = bisect_left(self._token_starts, end, first)
        found = self.tokens[first:last]
        if found and found[-1].end > end:  # No token begins before the last one has ended.
            found.pop()
        return found

    def mentions_in(self, start: int, end: int, kind: Kind | None = None) -> list[Mention]:
        """The names that stand between two offsets."""
        first = bisect_left(self._mention_starts, start)
        last = bisect_left(self._mention_starts, end, first)
        if first == last:
            return []
        found = self.mentions[first:last]
        if kind is None:
            return [mention for mention in found if mention.end <= end]
        return [mention for mention in found if mention.concept.kind is kind and mention.end <= end]

    def as_written(self, mention: Mention) -> Concept:
        """The concept of a mention, under the name that stands in the text."""
        name = " ".join(self.document.text[mention.start : mention.end].split())
        return Concept(mention.concept.kind, mention.concept.key, name)

    def words(self, span: Span | Block) -> str:
        """The text of a span, without marks and doubled blanks."""
        return " ".join(self.text[span.start : span.end].split())

    def learn_drug(self, code: Concept, drug: Concept) -> None:
        """Remember which code bills a drug, so that its name can stand for the code."""
        self.codes_of_drug.setdefault(drug, set()).add(code)

    def state(
        self,
        subjects: Iterable[Concept],
        relation: Relation,
        concept: Concept,
        cite: Citation,
        rule: str,
        *,
        polarity: Polarity = Polarity.AFFIRMED,
        strength: Strength = Strength.STATED,
        condition: str = "",
        qualifiers: Sequence[tuple[Qualifier, Concept]] = (),
    ) -> None:
        """Draft one assertion for each subject, with the cited text as its evidence."""
        evidence, name, standing = self._evidence(cite), f"{cite.kind}.{rule}", _STANDING[cite.kind]
        for subject in subjects:
            if subject != concept:
                assertion = Assertion(
                    subject, relation, concept, evidence, polarity, strength, condition, tuple(qualifiers), name
                )
                self.drafts.append(Draft(assertion, standing))

    def _evidence(self, cite: Citation) -> Evidence:
        found = self._cited.get((cite.start, cite.end, cite.scope.section))
        if found is None:
            text, scope = self.document.text, cite.scope
            line = scope.line + text.count("\n", scope.start, cite.start)
            quote = text[cite.start : cite.end]
            block = self._block_at(cite.start)
            where = (block.page, block.sheet, block.row) if block else ()
            found = Evidence(self.document.identifier, cite.start, cite.end, quote, line, scope.section, *where)
            self._cited[cite.start, cite.end, scope.section] = found
        return found

    def _block_at(self, offset: int) -> Block | None:
        """The block that an offset stands in."""
        at = bisect_right(self.document.blocks, offset, key=lambda block: block.start) - 1
        return self.document.blocks[at] if at >= 0 else None

    def leave(self, span: Span | Block, reason: str) -> None:
        """Say why a block gave no assertion; the first reason stays."""
        self.reasons.setdefault((span.start, span.end), reason)

    def qualifiers(self, start: int, end: int, besides: Concept) -> tuple[tuple[Qualifier, Concept], ...]:
        """What can be named in a condition: routes, places, payers, diagnoses and modifiers.

        What is of the kind of the object itself stands beside it, and is no condition of it.
        """
        found = self._named_between.get((start, end))
        if found is None:
            found = self._named_between[start, end] = self._find_qualifiers(start, end)
        return tuple(pair for pair in found if pair[1].kind is not besides.kind)

    def _find_qualifiers(self, start: int, end: int) -> tuple[tuple[Qualifier, Concept], ...]:
        named = [mention.concept for mention in self.mentions_in(start, end)]
        named += [token.concept for token in self.tokens_in(start, end) if token.concept]
        if self.text.find("modifier", start, end) >= 0:
            named += [Concept(Kind.MODIFIER, match[1]) for match in _WITH_MODIFIER.finditer(self.text, start, end)]
        if not named:
            return ()
        unique = {(_QUALIFIERS[concept.kind], concept): None for concept in named if concept.kind in _QUALIFIERS}
        return tuple(sorted(unique, key=lambda pair: (pair[0], pair[1].curie)))


def plain(text: str) -> str:
    """The same text, character for character, without marks of emphasis, links and curly quotes.

    >>> plain("**Modifier** [JW](https://example.org)")
    '  Modifier    JW                      '
    """
    for mark, said in _PLAIN.items():  # Several times quicker than `translate`, as most marks stand nowhere.
        text = text.replace(mark, said)
    if "](" in text:
        text = _LINK.sub(lambda m: f" {m[1]}{' ' * (len(m[0]) - len(m[1]) - 1)}", text)
    if "_" in text:
        text = _UNDERSCORE.sub(lambda m: " " * len(m[0]), text)
    return text
