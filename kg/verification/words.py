"""The words of a name, made comparable: case, accents, plurals, abbreviations."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kg import resources

_WORD = re.compile(r"[a-z0-9]+")
_SAID_SHORTLY = (("w/o", " without "), ("w/", " with "), ("c/w", " with "), ("s/p", " after "), ("&", " and "))
_TYPES = re.compile(r"\btype (i{1,3})\b")
_NO = "no"
_EMPTY = frozenset(
    "a an and any are as at be been by for from have in is it its of on or such that the this to".split()
)

OPPOSITES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "left right bilateral",
        "with without",
        "initial subsequent sequela",
        "acute chronic",
        "primary secondary",
        "upper lower",
        "male female",
        "malignant benign",
        "inpatient outpatient",
        "new established",
        "pediatric adult",
        "hyper hypo",
    )
)
"""Words of which a name has one or another: names that differ in them mean different things."""


def words(text: str) -> tuple[str, ...]:
    """The words that tell a name apart, in their order, in small letters and without their plural.

    >>> words("Fractures of the left knees, w/o complication")
    ('fracture', 'left', 'knee', 'without', 'complication')
    """
    plain = text.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    for short, spelt in _SAID_SHORTLY:
        if short in plain:
            plain = plain.replace(short, spelt)
    plain = plain.replace("'s", "").replace("'", "")
    if "type i" in plain:
        plain = _TYPES.sub(lambda match: f"type {len(match[1])}", plain)
    return tuple(word for found in _WORD.findall(plain) for word in _spelt_out(found) if word not in _EMPTY)


def conflict(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two names have opposite words, or different numbers.

    >>> conflict(frozenset(words("Type 1 diabetes")), frozenset(words("Type 2 diabetes")))
    True
    """
    if (_NO in some) is not (_NO in others):
        return True
    for group in OPPOSITES:
        if (here := some & group) and (there := others & group) and not here & there:
            return True
    numbers = {word for word in some if word.isdigit()}, {word for word in others if word.isdigit()}
    return bool(numbers[0] and numbers[1] and not numbers[0] & numbers[1])


@cache
def _spelt_out(word: str) -> tuple[str, ...]:
    if word in _abbreviations():
        return _abbreviations()[word]
    return (_singular(word),)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    rows = resources.table("data", "names", "abbreviations.tsv")
    return {row["short"]: tuple(map(_singular, row["words"].split())) for row in rows}
