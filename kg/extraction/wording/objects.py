"""What has to be documented, what claims are denied for and what coverage requires, as a text words it.

An object is a concept of a kept list (`data/names`) where one fits the words, so that the same thing in other words
counts as the same; else it keeps its own words, where they are a noun phrase that can stand alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from kg import lazy_re as re
from kg.extraction.wording.kept_lists import entry_for, is_outright
from kg.extraction.wording.phrases import Phrase, phrases_in
from kg.extraction.wording.positions import positions_in
from kg.extraction.wording.things import is_clean, is_name
from kg.extraction.wording.vocabulary import group, length_at, words_of
from kg.model import Concept, Kind, slug

# Nothing longer is a sentence, a list item or a cell.
_LONGEST = 4000
_LONGEST_ITEM = 400
_LABEL = re.compile(r"(?P<label>[^:—–]{2,80}?)\s*(?::\s|\s[—–-]\s|—)")
_NEXT_ITEM = re.compile(r"\([^()]*\)|(?P<next>[;•]|\s·\s|\.\s+(?=[A-Z]))")


class Worded(NamedTuple):
    """Something that a text names in words: its concept, where the words stand, and whether a kept list has it."""

    concept: Concept
    start: int
    end: int
    listed: bool


@lru_cache(maxsize=2048)
def documentation_in(text: str, *, about: bool, item: bool) -> tuple[Worded, ...]:
    """What a sentence, list item or cell wants documented; `about` if its section is about documentation.

    >>> text = "Records must show the patient's weight, IgE level and brand."
    >>> [worded.concept.curie for worded in documentation_in(text, about=True, item=False)]
    ['documentation:body-weight', 'documentation:ige-level', 'documentation:drug-name']
    """
    return _objects(Kind.DOCUMENTATION, text, about=about, item=item)


@lru_cache(maxsize=2048)
def denials_in(text: str, *, about: bool, item: bool) -> tuple[Worded, ...]:
    """What a sentence, list item or cell says that claims are denied for.

    >>> text = "Claims are denied when the NDC is not on the claim, or when units exceed the MUE."
    >>> [worded.concept.curie for worded in denials_in(text, about=False, item=False)]
    ['denial:missing-ndc', 'denial:quantity-limit-exceeded']
    """
    return _objects(Kind.DENIAL, text, about=about, item=item)


@lru_cache(maxsize=2048)
def requirements_in(text: str, *, about: bool, item: bool) -> tuple[Worded, ...]:
    """What a sentence, list item or cell names that coverage requires, or does not require.

    >>> text = "Humana does not require step therapy through iron sucrose."
    >>> [worded.concept.curie for worded in requirements_in(text, about=False, item=False)]
    ['requirement:step-therapy']
    """
    return _objects(Kind.REQUIREMENT, text, about=about, item=item)


@lru_cache(maxsize=1024)
def outright_requirement(text: str) -> Worded | None:
    """The first requirement of the kept list that a heading, a header or a label names outright.

    >>> outright_requirement("Step therapy needed").concept.curie
    'requirement:step-therapy'
    """
    for worded in requirements_in(text, about=True, item=True):
        if worded.listed and is_outright(Kind.REQUIREMENT, text[worded.start : worded.end], worded.concept.key):
            return worded
    return None


def _objects(kind: Kind, text: str, *, about: bool, item: bool) -> tuple[Worded, ...]:
    """The objects of one kind, each once, in the order of the text."""
    if len(text) > _LONGEST or not text.strip() or text.rstrip().endswith("?"):
        return ()
    text = _without_numbers(text)
    objects = list(_in_sentence(kind, text, about=about))
    if about and item and not objects and len(text) <= _LONGEST_ITEM:
        objects = list(_in_item(kind, text))
    if about and item and kind is Kind.DOCUMENTATION and (head := _head_of_item(text)):
        by_whom = _BY_WHOM.search(text, head.end)
        until = by_whom.start() if by_whom else len(text)
        objects = [head, *(worded for worded in objects if worded.listed and worded.start < until)]
    return tuple(_once(objects))


# "(a) the time of the bite, (b) the platelet count", "1) …; 2) …": what numbers the parts of a sentence.
_NUMBER_OF_PART = re.compile(r"(?<!\w)(?:\((?:[a-h]|[1-9]|i{1,3}|iv|v)\)|(?:[a-h]|[1-9])\))(?=\s)")
_FEWEST_PARTS = 2
# "2.0 Hepatitis B screening is required."
_OUTLINE = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2}){1,3}\.?(?=\s+[A-Z])")


def _without_numbers(text: str) -> str:
    """The text with blanks for its own number and for those of the parts of a sentence, at the same offsets."""
    text = _OUTLINE.sub(lambda match: " " * len(match[0]), text, count=1)
    if ")" not in text or len(_NUMBER_OF_PART.findall(text)) < _FEWEST_PARTS:
        return text
    return _NUMBER_OF_PART.sub(lambda match: " " * len(match[0]), text)


# "Office notes from the clinic that show a weight": what an item names first, before it says what that has to hold.
_HEAD = re.compile(
    r"\W*(?:\d+[.)]\s+)?(?P<head>[A-Za-z][\w /'-]{3,60}?)\s*(?:\([^()]*\)\s*)?,?\s*"
    r"(?=\b(?:including|documenting|confirming|showing|demonstrating|supporting|indicating|stating|from|with|that|which|required|dated|signed|performed|obtained|completed|interpreted|within|mandatory|needed)\b)"
)
_LONGEST_HEAD = 6
# "… documented by the radiologist or the ordering physician": who wrote it is no part of what is to be kept.
_BY_WHOM = re.compile(r"\b(?:documented|signed|interpreted|performed|completed|written|read|reviewed) by\b")


def _head_of_item(text: str) -> Worded | None:
    """What a list item about the record names first: an entry of the kept list, or a kind of record in its own words."""
    match = _HEAD.match(text)
    if match is None:
        return None
    start, end = match.span("head")
    head = _OPENING.sub("", text[start:end], count=1)
    start = end - len(head)
    words = words_of(head)
    is_record = 1 < len(words) <= _LONGEST_HEAD and words[-1].small in group("record item")
    if "," in text[end : match.end()] and not is_record:
        return None  # What "including" goes on with is asked for as well.
    if key := entry_for(Kind.DOCUMENTATION, head):
        return Worded(Concept(Kind.DOCUMENTATION, key, head), start, end, listed=True)
    if not is_record or not is_clean(Kind.DOCUMENTATION, head) or _NAMES_TWO.search(head):
        return None
    return Worded(Concept(Kind.DOCUMENTATION, slug(head), head), start, end, listed=False)


_OPENING = re.compile(r"^(?:(?:the|a|an|full|complete)\s+)+", re.IGNORECASE)
_NAMES_TWO = re.compile(r"\b(?:or|and)\b|/")


def _once(objects: list[Worded]) -> list[Worded]:
    """Each concept once, in its fewest words, in the order of the text; own words only apart from listed ones."""
    shortest: dict[str, Worded] = {}
    for worded in sorted(objects, key=lambda worded: (worded.end - worded.start, worded.start)):
        shortest.setdefault(worded.concept.key, worded)
    result: list[Worded] = []
    for worded in sorted(shortest.values(), key=lambda worded: (not worded.listed, worded.end - worded.start)):
        if worded.listed or all(worded.end <= other.start or other.end <= worded.start for other in result):
            result.append(worded)
    return sorted(result, key=lambda worded: (worded.start, worded.end))


def _in_sentence(kind: Kind, text: str, *, about: bool) -> Iterator[Worded]:
    for position in positions_in(kind, text, about=about):
        phrases = phrases_in(kind, text, position.start, position.end)
        for phrase in islice(phrases, 1) if position.takes == "from" else phrases:
            if _may_stand(kind, text, phrase, position.takes):
                yield _worded(kind, text, phrase)


def _may_stand(kind: Kind, text: str, phrase: Phrase, takes: str) -> bool:
    """Whether a phrase counts at a position that takes only some."""
    if takes == "from":
        words = words_of(text, phrase.start, phrase.end)
        return phrase.key is not None or length_at(words, 0, "head") < len(words)
    if takes == "any":
        return True
    if phrase.key is None:
        return _opens_criterion(text, phrase, takes)
    return takes != "listed" or is_outright(kind, text[phrase.start : phrase.end], phrase.key)


def _opens_criterion(text: str, phrase: Phrase, takes: str = "criterion") -> bool:
    """Whether a phrase begins as criteria do: "trial of …", "confirmed diagnosis of …"."""
    return takes == "criterion" and length_at(words_of(text, phrase.start, phrase.end), 0, "requirement opening") > 0


def _in_item(kind: Kind, text: str) -> Iterator[Worded]:
    """The objects of a list item or a cell: its label where it has one, else all that it lists."""
    begin = 0
    for end in [*(match.start() for match in _NEXT_ITEM.finditer(text) if match["next"]), len(text)]:
        yield from _in_part(kind, text, begin, end)
        begin = end


def _in_part(kind: Kind, text: str, start: int, end: int) -> Iterator[Worded]:
    label = _LABEL.match(text, start, end)
    if label is not None:
        phrases = [*phrases_in(kind, text, *label.span("label"))]
        if phrases or not _is_heading(text, *label.span("label")):
            yield from (_worded(kind, text, phrase) for phrase in phrases if _fits_item(kind, text, phrase))
            return
        start = label.end()
    yield from (
        _worded(kind, text, phrase) for phrase in phrases_in(kind, text, start, end) if _fits_item(kind, text, phrase)
    )


def _fits_item(kind: Kind, text: str, phrase: Phrase) -> bool:
    """Whether a phrase that no verb asks for may count: what is not listed has to be of a usual form."""
    if phrase.key is not None or kind is Kind.DENIAL:
        return True
    if kind is Kind.REQUIREMENT:
        return _opens_criterion(text, phrase)
    return any(word.small in group("documentation head") for word in words_of(text, phrase.start, phrase.end))


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether a label only says that things follow, as in "Required documentation: …", or names a payer or a code."""
    words = words_of(text, start, end)
    telling = [w for w in words if w.small not in group("generic") and w.small not in group("small")]
    return all(word.small in group("person") or is_name(word.small) for word in telling)


def _worded(kind: Kind, text: str, phrase: Phrase) -> Worded:
    name = " ".join(text[phrase.start : phrase.end].split())
    key = phrase.key or slug(name)
    return Worded(Concept(kind, key, name), phrase.start, phrase.end, phrase.key is not None)
