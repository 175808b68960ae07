"""What the paragraphs above the lists of an article tell: for which billing codes a list is, and whether it is all."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Hashable, Iterator, Mapping
from functools import cache
from typing import TypeVar

from kg import resources
from kg.model import Code, Pairing

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</?(?:p|br|li|div|tr|h\d|ul|ol)\b[^<>]*>", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.;\n]+(?:\.(?=\w)[^.;\n]*)*[.;]?")
_CODE = re.compile(r"(?<![A-Z0-9.])(?:[A-V][0-9]{4}|[0-9]{4}[0-9AFTUM])(?![A-Z0-9.]*[A-Z0-9])", re.IGNORECASE)
_RANGE = re.compile(rf"({_CODE.pattern})\s*(?:-|\u2013|through|thru|to)\s*({_CODE.pattern})", re.IGNORECASE)
_GROUP = re.compile(r"\bgroup\s+(\d+)(?:\s+(cpt|hcpcs|procedure|code|icd|diagnos))?", re.IGNORECASE)
_KIND = re.compile(r"\b(?:(cpt|hcpcs|procedure)\b|icd|diagnos)", re.IGNORECASE)
_NEAR = 60
"""So many letters before a group may stand what it is of."""
_HEADING = 20
"""A paragraph of so many words says something of all codes below it; a longer one tells of some."""

Services = Mapping[int, list[tuple[Code, int]]]
"""The billing codes of an article by their group, each with its row."""


def plain(markup: str) -> str:
    """The lines of a cell that may hold HTML: without tags, its characters as they are read, blanks folded.

    >>> plain("<p>Codes&nbsp;<b>not</b> listed</p><p>below</p>")
    'Codes not listed\\nbelow'
    """
    text = markup
    if "<" in markup or "&" in markup:  # Some cells are quoted twice.
        text = html.unescape(html.unescape(_TAG.sub(" ", _BREAK.sub("\n", markup)))).replace("&sol;", "/")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(filter(None, lines))


def complete(paragraph: str) -> str:
    """The sentence that says that what is not listed does not support a service, or nothing.

    >>> complete("Report as listed. All those not listed under the codes that support medical necessity.")
    'All those not listed under the codes that support medical necessity.'
    """
    return next((s for s in _sentences(paragraph) if any(cue.search(s) for cue in _cues("complete"))), "")


def refuses(paragraph: str) -> bool:
    """Whether the heading of a group of billing codes says that they are not covered.

    >>> refuses("Non-covered CPT/HCPCS Codes"), refuses("Report J0897 for Prolia.")
    (True, False)
    """
    return len(paragraph.split()) <= _HEADING and any(cue.search(paragraph) for cue in _cues("refused"))


_List = TypeVar("_List", bound=Hashable)


def lists_beside(paragraphs: Mapping[tuple[_List, int], str]) -> dict[tuple[_List, int], str]:
    """The lists whose diagnoses have to stand beside one of another list, each with the sentence that says so.

    Lists are told apart by their article and their number; a paragraph may speak of others of its article.

    >>> list(lists_beside({("A1", 4): "One from Group 4 and one from Group 5 must be billed.", ("A1", 6): ""}))
    [('A1', 4), ('A1', 5)]
    """
    beside: dict[tuple[_List, int], str] = {}
    for (article, number), paragraph in paragraphs.items():
        for sentence in _joining(paragraph):
            others = [int(match[1]) for match in _GROUP.finditer(sentence) if not _is_of_services(match)]
            for one in (number, *others):
                beside.setdefault((article, one), sentence)
    return beside


def _joining(paragraph: str) -> Iterator[str]:
    """The sentences that say that one diagnosis is not enough; one with "when" before it is of some alone."""
    for sentence in _sentences(paragraph):
        if any(cue.search(sentence) for cue in _cues("beside")) and not sentence.lower().startswith(("when ", "if ")):
            yield sentence


def names_codes(paragraph: str) -> bool:
    """Whether a paragraph names a billing code.

    >>> names_codes("For J0897."), names_codes("All those not listed.")
    (True, False)
    """
    return _CODE.search(paragraph) is not None


def names_a_group(paragraph: str) -> bool:
    """Whether a paragraph names a group by its number."""
    return _GROUP.search(paragraph) is not None


def services_of(
    paragraph: str, number: int, services: Services, refused: Collection[int] = ()
) -> tuple[Pairing, tuple[tuple[Code, int], ...]]:
    """The billing codes of an article that a group of diagnoses is for, and how that is known.

    Those that its paragraph names, else those of the only group of codes, else those of the group of its number. Where
    the paragraph names codes in a way that may leave them out, nobody knows; and `refused` groups of codes, which the
    article does not cover, are for no diagnoses unless they are named.
    """
    named = _named(paragraph, services)
    if named is None:
        return Pairing.UNKNOWN, ()
    if named:
        return Pairing.NAMED, named
    filled = [group for group, codes in services.items() if codes]
    if len(filled) == 1 and filled[0] not in refused:
        return Pairing.ONLY_GROUP, tuple(services[filled[0]])
    if len(filled) > 1 and services.get(number) and number not in refused:
        return Pairing.SAME_NUMBER, tuple(services[number])
    return Pairing.UNKNOWN, ()


def _named(paragraph: str, services: Services) -> tuple[tuple[Code, int], ...] | None:
    """The codes of the article that a paragraph names; None where it names some as other than meant."""
    rows = {code: row for codes in services.values() for code, row in codes}
    found: dict[Code, int] = {}
    for sentence in _sentences(paragraph):
        of_sentence = {**_codes_in(sentence, rows), **_groups_in(sentence, services)}
        if of_sentence and any(cue.search(_CODE.sub("code", sentence)) for cue in _cues("others")):
            return None
        found |= of_sentence
    return tuple(found.items())


def _codes_in(sentence: str, rows: Mapping[Code, int]) -> dict[Code, int]:
    texts = {match.group().upper() for match in _CODE.finditer(sentence)}
    if not texts:
        return {}
    of_range = [(first.upper(), last.upper()) for first, last in _RANGE.findall(sentence)]
    return {
        code: row
        for code, row in rows.items()
        if code.value in texts or any(_lies(first, code.value, last) for first, last in of_range)
    }


def _lies(first: str, value: str, last: str) -> bool:
    return len(first) == len(value) == len(last) and first[0].isdigit() == value[0].isdigit() and first <= value <= last


def _groups_in(sentence: str, services: Services) -> dict[Code, int]:
    numbers = [int(match[1]) for match in _GROUP.finditer(sentence) if _is_of_services(match, alone=True)]
    return {code: row for number in numbers for code, row in services.get(number, ())}


def _is_of_services(group: re.Match[str], *, alone: bool = False) -> bool:
    """Whether a group that a sentence names is one of billing codes: by the word behind it, else by the nearest before.

    Where there is neither, "Group 1 codes" is one if it stands `alone`.
    """
    behind = (group[2] or "").lower()
    if behind and behind != "code":
        return behind not in ("icd", "diagnos")
    before = list(_KIND.finditer(group.string, max(0, group.start() - _NEAR), group.start()))
    return bool(before[-1][1]) if before else bool(alone and behind)


def _sentences(paragraph: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.findall(paragraph) if sentence.strip()]


@cache
def _cues(effect: str) -> tuple[re.Pattern[str], ...]:
    rows = resources.table("data", "coverage", "words.tsv")
    return tuple(_pattern(row["words"]) for row in rows if row["effect"] == effect)


def _pattern(words: str) -> re.Pattern[str]:
    """Words one after the other, where a star stands for up to eight others."""
    parts = [r"(?:\S+\s+){0,8}?" if word == "*" else rf"{re.escape(word)}\s+" for word in words.split()]
    return re.compile(r"(?<!\w)" + "".join(parts).removesuffix(r"\s+") + r"(?!\w)", re.IGNORECASE)
