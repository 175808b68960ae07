"""Noun phrases of a list in words: where each begins and ends, and which entry fits it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from kg import lazy_re as re
from kg.extraction.text.folding import fold
from kg.extraction.wording.kept_lists import content, entry_for, is_content, names_fault
from kg.extraction.wording.things import LONGEST_CLAUSE, STRANGE, is_bare, is_clean
from kg.extraction.wording.vocabulary import Word, group, length_at, stems, words_of
from kg.model import Kind

_LONGEST_PHRASE = 300
_SEPARATOR = re.compile(
    r",(?!\d|\snot\b)|[;•]|\s\+\s|\s[–—]+\s?|—|\b(?:and/or|as well as|along with|together with|in addition to|and|or|plus|including|such as)\b"
)
_QUOTED = re.compile(r"\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|\([^()\n]{0,200}\)|\[[^\[\]\n]{0,200}\]")
_QUOTES = '"“”()[]'
_WHOLE_CODE = re.compile(r"\b[a-z]\d{4}\b")
_DASH = re.compile(r"\s+[-–—]+\s+|—|:(?=\s)|\s[|·=]\s|\*\*|__")


# "Prior authorization beginning April 1, 2025"
_FROM_DAY = re.compile(
    r"\s+(?:beginning|starting|effective|as of|from|on or after|on)\s+(?:on\s+|with\s+)?(?=(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d|\d{1,2}[/-]\d|20\d\d)",
    re.IGNORECASE,
)


class Phrase(NamedTuple):
    """A phrase between two offsets, and the key of the entry that fits it."""

    start: int
    end: int
    key: str | None


def phrases_in(kind: Kind, text: str, start: int, end: int) -> Iterator[Phrase]:
    """The phrases of a list between two offsets that can stand for a thing, in order.

    >>> text = "weight, the start and stop times, and more"
    >>> [text[p.start : p.end] for p in phrases_in(Kind.DOCUMENTATION, text, 0, len(text))]
    ['weight', 'start and stop times']
    """
    fault: int | None = None
    for begin, until in split(kind, text, start, end):
        phrase = _phrase(kind, text, begin, until)
        if phrase is None and kind is Kind.DENIAL and fault is not None:
            phrase = _sharing_fault(text, fault, begin, until)
        elif phrase is not None:
            fault = phrase.start
        if phrase is not None:
            yield phrase


def _sharing_fault(text: str, fault: int, start: int, end: int) -> Phrase | None:
    """What shares the fault of the phrase before it: "missing modifiers or NDC" is also a missing NDC."""
    begin, until = _trimmed(Kind.DENIAL, text, start, end)
    words = words_of(text, fault, until)
    shared = next((word for word in words if word.stem in stems("shared fault")), None)
    if shared is None or until <= begin or until - fault > 120 or names_fault(text[begin:until]):
        return None
    key = entry_for(Kind.DENIAL, f"{shared.small} {text[begin:until]}")
    return Phrase(fault, until, key) if key else None


def _phrase(kind: Kind, text: str, start: int, end: int) -> Phrase | None:
    """What stands between two offsets, as an entry names it or in its own words."""
    start, end = _without_leads(kind, text, *_edged(text, start, end))
    end = _without_tail(text, start, end)
    trimmed = _trimmed(kind, text, start, end)
    whole_key, part_key = (_listed_key(kind, text[slice(*span)]) for span in ((start, end), trimmed))
    if whole_key and whole_key != part_key:
        return Phrase(start, end, whole_key)
    if part_key:
        return Phrase(*trimmed, part_key)
    start, end = trimmed
    if end <= start or not is_clean(kind, text[start:end]):
        return None
    key = _head_entry(kind, text, start, end)
    if key is None and _WHOLE_CODE.search(fold(text[start:end])):
        return None  # What names a code is torn out of a sentence about it.
    return Phrase(start, end, key) if key or kind is not Kind.REQUIREMENT or _is_criterion(text[start:end]) else None


def _is_criterion(phrase: str) -> bool:
    """Whether coverage can require what no entry names: not what is only to be documented."""
    words = words_of(phrase)
    opening = length_at(words, 0, "requirement opening")
    if opening and all(word.small in group("generic") or word.small in group("small") for word in words[opening:]):
        return False  # "A trial of the following" names nothing.
    return opening > 0 or entry_for(Kind.DOCUMENTATION, phrase) is None


def _listed_key(kind: Kind, phrase: str) -> str | None:
    """The entry that fits a phrase, unless the phrase is a sentence, a question or no language."""
    words = words_of(phrase) if len(phrase) < _LONGEST_PHRASE else []
    if (
        not words
        or len(words) > 2 * LONGEST_CLAUSE
        or "?" in phrase
        or any(w.small in group("reference") for w in words)
    ):
        return None
    if STRANGE.search(phrase) or (kind is Kind.REQUIREMENT and words[0].small in group("opening verb")):
        return None
    if kind is not Kind.DENIAL and any(word.small in group("finite") for word in words):
        return None
    return entry_for(kind, phrase)


def _head_entry(kind: Kind, text: str, start: int, end: int) -> str | None:
    """The entry that fits what stands before a preposition: "step therapy through iron sucrose"."""
    for word in words_of(text, start, end)[1:]:
        # "Justification for the quantity" is not that for the drug.
        if word.small in group("linking preposition") and (kind is not Kind.DOCUMENTATION or word.small != "for"):
            key = entry_for(kind, text[start : word.start])
            if key is not None:
                return key
    return None


# How a list is cut.


def split(kind: Kind, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a list between two offsets; brackets, quotes and pairs of words are kept whole."""
    quoted_spans = [match.span() for match in _QUOTED.finditer(text, start, end)]
    cuts = [m for m in _SEPARATOR.finditer(fold(text), start, end) if not _within(quoted_spans, m.start())]
    parts: list[tuple[int, int]] = []
    begin, soft = start, None
    oxford = _is_oxford(text, cuts)
    for number, cut in enumerate(cuts):
        until = cuts[number + 1].start() if number + 1 < len(cuts) else end
        joins = cut[0] in ("and", "or", "and/or", "plus") and bool(words_of(text, begin, cut.start()))
        if joins and _belongs(kind, text, (begin, cut.start()), (cut.end(), until), oxford):
            continue
        if cut[0] == "," and _is_fragment(text[begin : cut.start()]) and soft is None:
            continue
        parts.append((begin, cut.start()))
        begin = cut.end()
    return [*parts, (begin, end)]


def _within(spans: list[tuple[int, int]], at: int) -> bool:
    return any(begin <= at < until for begin, until in spans)


def _is_oxford(text: str, cuts: list[re.Match[str]]) -> bool:
    """Whether a comma stands before the last "and", so that an "and" without one joins words of one item."""
    pairs = pairwise(cuts)
    return any(a[0] in ",;" and b[0] in ("and", "or") and not text[a.end() : b.start()].strip() for a, b in pairs)


def _is_fragment(part: str) -> bool:
    """Whether a part only describes what follows it: "missing, incomplete or unsigned order"."""
    words = words_of(part)
    return (
        bool(words)
        and len(words) <= 3
        and all(w.small in group("fragment") or w.small in group("small") for w in words)
    )


def _belongs(kind: Kind, text: str, left: tuple[int, int], right: tuple[int, int], oxford: bool) -> bool:
    """Whether an "and" or "or" joins words of one item."""
    before, after = words_of(text, *left), words_of(text, *right)
    if not before or not after:
        return False
    if kind is Kind.DENIAL and not any(
        is_content(stem) for stem in content(kind, text[slice(*_trimmed(kind, text, *right))])
    ):
        return True
    if is_bare(text, after) or _is_fragment(text[slice(*left)]) or _is_pair(before, after):
        return True
    if oxford and any(word.small == "with" for word in before):
        return True
    first, second = (entry_for(kind, text[slice(*_trimmed(kind, text, *span))]) for span in (left, right))
    if first and second and first != second:
        return False
    if entry_for(kind, text[left[0] : right[1]]) or (
        not (first or second or oxford) and _shares_complement(before, after)
    ):
        return True
    if first and second:
        return False
    if kind is Kind.DENIAL:
        return not _begins_fault(text, after) and not _sharing_fault(text, before[0].start, *right)
    return not second and (
        oxford or (before[0].small in group("determiner") and after[0].small not in group("determiner"))
    )


def _shares_complement(before: list[Word], after: list[Word]) -> bool:
    """Whether what follows an "of" belongs to both sides: "size and location of the defect"."""
    smalls = [word.small for word in after]
    return len(before) <= 2 and "of" in smalls[1:3] and smalls[0] not in group("determiner")


def _begins_fault(text: str, words: list[Word]) -> bool:
    """Whether the words after "or" tell of a fault of their own, and not only what a verb goes on with."""
    return names_fault(text[words[0].start : words[-1].end]) and words[0].small not in group("finite")


def _is_pair(before: list[Word], after: list[Word]) -> bool:
    follows = next((word.small for word in after if word.small not in group("small")), "")
    return f"{before[-1].small} {follows}" in group("pair")


# How an item is trimmed.


def _trimmed(kind: Kind, text: str, start: int, end: int) -> tuple[int, int]:
    """A part without the words before and behind the thing that it names."""
    start, end = _without_leads(kind, text, *_edged(text, start, end))
    if dash := _DASH.search(text, start, end):
        start, end = _edged(text, start, dash.start())
    words = words_of(text, start, end)
    for at in range(1, len(words)):
        if length_at(words, at, "ending") and words[at - 1].small not in ("not", "no"):
            end = words[at].start
            break
    end = _without_tail(text, start, end)
    return _without_leads(kind, text, *_without_bracket(text, *_edged(text, start, end)))


def _without_tail(text: str, start: int, end: int) -> int:
    """The end of a phrase without words such as "may" and "often" that belong to the verb behind it, and without a day."""
    if day := _FROM_DAY.search(text, start, end):
        end = day.start()
    words = words_of(text, start, end)
    while len(words) > 1 and (words[-1].small in group("tail") or _is_adverb(words[-1].small)):
        words.pop()
        end = words[-1].end
    return end


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and word not in group("noun in -ly")


def _edged(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without blanks, marks, signs and lone quotes at its ends."""
    while start < end and _is_edge(text, start, start, end):
        start += 1
    while start < end and _is_edge(text, end - 1, start, end):
        end -= 1
    return start, end


def _is_edge(text: str, at: int, start: int, end: int) -> bool:
    """Whether the character at an end of a stretch does not belong to its words."""
    if text[at] in _QUOTES:
        return _is_lone(text, start, end)
    return not text[at].isalnum() and text[at] not in "$%+"


def _is_lone(text: str, start: int, end: int) -> bool:
    """Whether quotes within a stretch do not pair, or a bracket has no other side."""
    inside = text[start:end]
    return (
        inside.count('"') % 2 == 1 or inside.count("“") != inside.count("”") or inside[0] in ")]" or inside[-1] in "(["
    )


def _without_bracket(text: str, start: int, end: int) -> tuple[int, int]:
    """A phrase without the bracket at its end, or one that is never closed."""
    opening = max(text.rfind("(", start, end), text.rfind("[", start, end))
    closing = max(text.rfind(")", start, end), text.rfind("]", start, end))
    if opening > start and (closing < opening or closing == end - 1):
        return _edged(text, start, opening)
    return start, end


def _without_leads(kind: Kind, text: str, start: int, end: int) -> tuple[int, int]:
    """A phrase without articles and words such as "documentation of" before it."""
    words, at = words_of(text, start, end), 0
    while at < len(words) - 1:
        length = max(length_at(words, at, "lead"), length_at(words, at, f"{kind.value} lead"))
        if (
            not length
            or at + length >= len(words)
            or (kind is not Kind.REQUIREMENT and _is_listed_from(kind, text, words[at].start, end))
        ):
            break
        at += length
    return _edged(text, _opened(text, start, words[at].start), end) if at else (start, end)


def _opened(text: str, start: int, at: int) -> int:
    """The offset of a quote or bracket that opens right before a word."""
    return at - 1 if at > start and text[at - 1] in '"“([' else at


def _is_listed_from(kind: Kind, text: str, start: int, end: int) -> bool:
    first = words_of(text, start, end)[0]
    return first.small not in group("small") and entry_for(kind, text[start:end]) is not None
