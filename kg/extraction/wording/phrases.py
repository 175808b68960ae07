"""Noun phrases of a list in words: where each begins and ends, and whether it can stand for a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from kg import resources
from kg.extraction.text.letters import fold
from kg.extraction.wording.kept_lists import content, entry_for, is_content, names_fault
from kg.extraction.wording.vocabulary import Word, group, length_at, plain_words, stems, words_of
from kg.model import Kind

_LONGEST = 9
_LONGEST_CLAUSE = 13
_LONGEST_PHRASE = 300
_SEPARATOR = re.compile(
    r",(?!\d)|[;•]|\s\+\s|\s[–—]+\s?|—|\b(?:and/or|as well as|along with|together with|and|or|plus|including|such as)\b"
)
_QUOTED = re.compile(r"\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|\([^()\n]{0,200}\)|\[[^\[\]\n]{0,200}\]")
_QUOTES = '"“”()[]'
_CODE = re.compile(r"[a-z]?\d[\w.]*|[a-z]{1,2}\d{2,}[\w.]*|\d+")
_WHOLE_CODE = re.compile(r"\b[a-z]\d{4}\b")
_MODIFIER = re.compile(r"[A-Z][A-Z0-9]|\d{2}")
_DASH = re.compile(r"\s+[-–—]+\s+|—|:(?=\s)|\s[|·=]\s|\*\*|__")
# Signs of programs and of tables, which stand in no name of a thing.
_STRANGE = re.compile(r"[`→_{}=<>\\@~^]|\[[ x]?\]|\.(?:csv|xlsx?|pdf|json|py)\b|https?:|www\.")
_LETTERS = re.compile(r"[a-z]{3}")
_DISEASE = re.compile(r"(?:itis|osis|emia|aemia|pathy|algia|oma|penia|philia)s?")


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
    whole, part = (_listed_key(kind, text[slice(*span)]) for span in ((start, end), trimmed))
    if whole and whole != part:
        return Phrase(start, end, whole)
    if part:
        return Phrase(*trimmed, part)
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
        or len(words) > 2 * _LONGEST_CLAUSE
        or "?" in phrase
        or any(w.small in group("reference") for w in words)
    ):
        return None
    if _STRANGE.search(phrase) or (kind is Kind.REQUIREMENT and words[0].small in group("opening verb")):
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
    whole = [match.span() for match in _QUOTED.finditer(text, start, end)]
    cuts = [m for m in _SEPARATOR.finditer(fold(text), start, end) if not _within(whole, m.start())]
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
    if _is_bare(text, after) or _is_fragment(text[slice(*left)]) or _is_pair(before, after):
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


def _is_bare(text: str, words: list[Word]) -> bool:
    """Whether words are only codes, modifiers, numbers and small words."""
    return all(
        _CODE.fullmatch(word.small) or word.small in group("small") or _MODIFIER.fullmatch(text[word.start : word.end])
        or word.small in ("modifier", "modifiers", "code", "codes")
        for word in words
    )  # fmt: skip


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
    """The end of a phrase without words such as "may" and "often" that belong to the verb behind it."""
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


# What can stand for a thing.


def is_clean(kind: Kind, phrase: str) -> bool:
    """Whether a phrase that no entry fits can stand for a thing in its own words.

    >>> is_clean(Kind.DOCUMENTATION, "toxicity grade"), is_clean(Kind.DOCUMENTATION, "office keeps it in the fridge")
    (True, False)
    """
    words = words_of(phrase)
    longest = _LONGEST_CLAUSE if kind is Kind.DENIAL else _LONGEST
    if not 1 <= len(words) <= longest or "?" in phrase or not _LETTERS.search(fold(phrase)) or _is_bare(phrase, words):
        return False
    if not _begins_well(kind, phrase, words) or words[-1].small in group("trailing adjective"):
        return False
    if _STRANGE.search(phrase) or words[-1].small.endswith("'s") or _is_torn(words):
        return False
    if kind is not Kind.DENIAL and words[_head_at(words)].small in group("no item"):
        return False
    # "Delayed payment" comes of a denial; "deviation from payer guidelines" is a reason for one.
    from_word = len(words) - 1 if kind is Kind.DENIAL else 0
    if any(length_at(words, at, "unfit") for at in range(from_word, len(words))):
        return False
    # "Codes that do not match" is a reason in a clause of its own.
    if any(word.small in group("reference" if kind is Kind.DENIAL else "pronoun") for word in words):
        return False
    return _says_something(kind, phrase, words)


def _is_torn(words: list[Word]) -> bool:
    """Whether a phrase is torn out of its sentence: it begins with the letter of an item, or is about people."""
    modal = any(word.small in ("may", "shall", "must", "should", "will") for word in words)
    marker = len(words[0].small) == 1 and words[0].small != "a"
    people = words[_head_at(words)].small in group("person")
    return modal or marker or people or words[-1].small.endswith("-based")


def _begins_well(kind: Kind, phrase: str, words: list[Word]) -> bool:
    first = words[0].small
    second = words[1].small if len(words) > 1 else ""
    if kind is not Kind.DENIAL and (
        (first.endswith("ed") and second in group("linking preposition"))
        or (first.endswith("ing") and second in group("determiner"))
        or (names_fault(first) and not length_at(words, 0, "failure"))
    ):
        return False
    # "in-person" is one word, and no "in".
    if phrase.startswith("-", words[0].end):
        return True
    if first in group("conjunction") or first in group("finite") or first in group("pronoun"):
        return kind is Kind.DENIAL and names_fault(first) and first not in group("finite")
    if first in group("opening verb") and second != "of":
        return kind is Kind.DENIAL and names_fault(first)
    return True


def _says_something(kind: Kind, phrase: str, words: list[Word]) -> bool:
    """Whether a phrase names a thing of its kind, and not a person, a disease, a drug or a payer."""
    telling = [w for w in words if w.small not in group("small") and w.small not in group("generic")]
    if kind is Kind.DENIAL:
        return names_fault(phrase) and any(not names_fault(word.small) for word in telling)
    if any(word.small in group("finite") for word in words) or not telling:
        return False
    if telling[0].small in group("person") or all(
        is_name(word.small) or _CODE.fullmatch(word.small) for word in telling
    ):
        return False
    if kind is Kind.DOCUMENTATION and (
        len(words) == 1 or words[0].small.isdigit() or words[-1].small.endswith(("able", "ible"))
    ):
        return False
    if kind is Kind.REQUIREMENT:
        return len(words) > 1 and any(word.small in group("requirement head") for word in words)
    return not _is_disease(words)


def _head_at(words: list[Word]) -> int:
    """The place of the word that a phrase is about: the last one before a preposition."""
    links = group("linking preposition") | {"of"}
    return next((at for at, word in enumerate(words) if at and word.small in links), len(words)) - 1


def _is_disease(words: list[Word]) -> bool:
    """Whether a phrase is the name of a disease, and nothing that is noted of one."""
    if any(word.small in group("disease head") for word in words):
        return False
    upto = _head_at(words) + 1
    return any(word.small in group("disease") or _DISEASE.search(word.small) for word in words[:upto])


def is_name(word: str) -> bool:
    """Whether a word is the name of a drug or a payer."""
    return word in _names()


@cache
def _names() -> frozenset[str]:
    """The words of the names of drugs, brands and payers."""
    columns = (("drugs.tsv", "brands"), ("payers.tsv", "aliases"))
    return frozenset(
        word
        for table, column in columns
        for row in resources.table("data", "names", table)
        for name in (row["name"], *row[column].split(";"))
        for word in plain_words(name)
        if len(word) > 2
    )
