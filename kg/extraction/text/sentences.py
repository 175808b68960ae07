"""Sentences and clauses, as offsets into the text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kg import lazy_re as re
from kg.extraction.text.folding import fold

_END = re.compile(r"[.!?](?:[\"')\]]{0,2})(?=\s+[\"'(\[]?[A-Z0-9])|\?(?=\s+[-–—:]\s*[A-Z])|[.!?][\"')\]]*\s*$")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|vs|dr|mr|mrs|ms|no|nos|approx|incl|inc|etc|st|cf|resp|fig|sec|max|min|u\.s|i\.v|s\.c|i\.m|pt|inj|"
    r"dept|ext|tel|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[a-z])\.$"
)
# Each alternative begins with a plain character, so that the search passes over letters quickly.
_LONGEST = 2000
_CLAUSE = re.compile(
    r";\s*|—\s*| - |,?(?<!\ball)(?<!\bevery one)(?<!anything)(?<!payers)(?<!payer)(?<!plans)(?<!plan)(?<!insurers)(?<!insurer)\sbut\s+|"
    r"\s(?=(?:whereas|while)\b)|"
    r",?\s(?=or\s+(?:the |your )?claims?\s+(?:is |are |will be |may be |gets? )?(?:denied|rejected|returned|unpaid)\b)|"
    r",\s*(?:and\s+)?(?=(?:so|thus|hence|therefore)\s+(?:it|they|this|these|we|you|the|report|bill|use|code|append)\b)|"
    r",\s*(?:(?:and|or)\s+)?(?=(?:never|not|do not|don't|without|however|whereas|while|though|although)\b)|"
    r",\s+(?:and\s+|which\s+(?:is|are)\s+)?(?=(?:billed|reported|coded|paid|charged|given|administered)\s+(?:with|under|by|using|as)\b)|"
    r",\s+and\s+(?=(?:an?|the)\s+[^,;]{3,60}?\b(?:may|must|can|should)\b)|"
    r"(?:,\s+(?:(?:and|or)\s+)?|\s(?:and|or)\s+)(?=(?:cpt\s+)?\d{4}[0-9a-z]\b[^,;]{0,60}?\b(?:when|if|is|are|will)\b)|"
    r"(?:,\s*|\s)(?:and|or)\s+(?=[a-z]\d[0-9ab](?:\.\w{1,4})?\s+(?:is|are|will|may|must|does|should|would)\b)|,\s+(?=[a-z]\d[0-9ab](?:\.\w{1,4})?\s+(?:is|are|will|may|must|does)\b)|"
    r",\s+(?=which\s+(?:requires?|needs?|is|are|must|does|has|will|may|cannot|can)\b)|"
    r",\s+(?:and\s+)?(?=(?:modifier\s+)?\"?[a-z0-9]{2}\"? (?:\([^()]{1,20}\) )?(?:is|are|must|may|can|does|should|would|will|never|not)\b)|"
    r"\sand\s+(?=(?:modifier\s+)?\"?[a-z0-9]{2}\"?\s+(?:is\s+)?(?:to|for|on)\s)"
)


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The offsets of the sentences between two offsets, without the blanks around them.

    >>> sentences("Use JW, e.g. for waste. Never use LT.", 0, 37)
    [(0, 23), (24, 37)]
    """
    spans = []
    begin = start
    for match in _END.finditer(text, start, end):
        after = match.end()
        if after < end:
            at = match.start()
            if _ABBREVIATION.search(text[max(start, at - 6) : at + 1].lower()):
                continue
        spans.append((begin, after))
        begin = after
    spans.append((begin, end))
    if end - start > _LONGEST:
        spans = [piece for span in spans for piece in _cut(text, *span)]
    return [trimmed for span in spans if (trimmed := trim(text, *span))[1] > trimmed[0]]


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence in pieces of bearable length: what runs on for pages is a list, or meant to make us slow."""
    pieces = []
    while end - start > _LONGEST:
        at = max(text.rfind(mark, start + 1, start + _LONGEST) for mark in ",; ")
        at = at + 1 if at > start else start + _LONGEST
        pieces.append((start, at))
        start = at
    return [*pieces, (start, end)]


@lru_cache(maxsize=2048)
def clauses(small: str) -> tuple[tuple[int, int], ...]:
    """The offsets of the clauses of a sentence in small letters: what semicolons, dashes and "but" set apart.

    >>> clauses("use jz, but never lt; rt is fine")
    ((0, 6), (12, 20), (22, 32))
    """
    spans = []
    begin = 0
    brackets = [match.span() for match in _BRACKETS.finditer(small)] if "(" in small else []
    for match in _CLAUSE.finditer(small):
        if _is_within(brackets, match.start()):
            continue
        joins = _JOINS_CODES.search(match[0]) and not _CONTRASTS.match(small, match.end())
        if joins and not _HAS_VERB.search(small, begin, match.start()):
            continue  # "D70.9 or D72.819 is not covered" is one clause.
        spans.append((begin, match.start()))
        begin = match.end()
    spans.append((begin, len(small)))
    return tuple([trimmed for span in spans if (trimmed := trim(small, *span))[1] > trimmed[0]])


@lru_cache(maxsize=2048)
def main_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a clause outside of its "when …" and "if …" parts, which end at a comma.

    >>> text = "When A is given after B, 96417 is billed for A"
    >>> [text[s:e] for s, e in main_spans(text)]
    [' 96417 is billed for A']
    """
    spans = []
    begin, end = 0, len(text)
    for match in _WHEN.finditer(fold(text)):
        if match.start() < begin:
            continue
        if match.start() > begin:
            spans.append((begin, match.start()))
        brackets = [bracket.span() for bracket in _BRACKETS.finditer(text, match.end())]
        stops = (stop for stop in _BACK.finditer(text, match.end()) if not _is_within(brackets, stop.start()))
        stop = next(stops, None)
        begin = stop.end() if stop else end
    if begin < end:
        spans.append((begin, end))
    return tuple(spans)


def _is_within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    return any(start < at < end for start, end in spans)


_BACK = re.compile(r"[,;]|\.\s|\b(?:and|or)\s+(?=(?:with|by|under|as|use|report|bill)\b)")
_WHEN = re.compile(
    r"\b(?:when(?:ever)?|if(?! desired)|unless|once|where|because|since|after|before|until|while|although|though|"
    r"for (?:those |some )?(?:payers?|plans?|insurers?|carriers?) (?:who|that|which) do(?:es)? not)\b"
)


_BRACKETS = re.compile(r"\([^()]*\)")
_JOINS_CODES = re.compile(r"^(?:,\s*|\s)(?:and|or)\s+$|^,\s+$")
_CONTRASTS = re.compile(r"(?:never|while|whereas|though|although|however|so|thus|hence|therefore)\b")
_HAS_VERB = re.compile(
    r"\b(?:is|are|was|were|will|may|must|can|does|do|should|has|have|use|report|bill|append|add|needs?|requires?|takes?|carries|carry|goes|supports?|covers?|\w+ed)\b"
)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without blanks at its ends."""
    words = text[start:end].lstrip()
    start = end - len(words)
    return start, start + len(words.rstrip())


def split_list(text: str) -> list[str]:
    """The items of a list in words: "a, b (c, d), and e" has three.

    >>> split_list("hemoglobin, ferritin and transferrin saturation, together with the date")
    ['hemoglobin', 'ferritin', 'transferrin saturation', 'the date']
    """
    items, depth, begin = [], 0, 0
    listing = _LISTING.search(text) is not None
    for match in _LIST.finditer(text):
        if not match[0].strip(" ").startswith(_MARKS) and _keeps_together(text, begin, match, listing):
            continue
        if match[0] in "([":
            depth += 1
        elif match[0] in ")]":
            depth = max(0, depth - 1)
        elif not depth:
            items.append(text[begin : match.start()])
            begin = match.end()
    items.append(text[begin:])
    return [item.strip(' .,;:"') for item in items if item.strip(' .,;:"')]


def _keeps_together(text: str, begin: int, match: re.Match[str], listing: bool) -> bool:
    """Whether an "and" joins words within one item: "the start and stop times"."""
    if listing and not _ALSO.match(match[0].strip()):
        return True
    return bool(_DETERMINED.match(text[begin : match.start()])) and not _DETERMINER.match(text[match.end() :])


_MARKS = (",", ";", "(", ")", "[", "]")
_LISTING = re.compile(r",\s+(?:and|or)\s")
_ALSO = re.compile(r"(?:and/or|as well as|together|along|plus)")
_DETERMINER = re.compile(r"(?:the|a|an|any|each|its|their)\b")
_DETERMINED = re.compile(rf"\s*{_DETERMINER.pattern}")
_LIST = re.compile(
    r"[()\[\]]|\s*[,;]\s*(?:(?:and|or|as well as|together with|along with|plus)\b\s+)?(?:(?:also|with)\s+)?|"
    r"\s+(?:and/or|and|or|as well as|together with|along with|plus)\s+"
)
