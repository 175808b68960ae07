"""Which codes ICD-10-CM has, so that ranges and categories can be resolved and numbers are not taken for codes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from kg import resources


class _Code(NamedTuple):
    value: str
    billable: bool


@cache
def _categories() -> dict[str, tuple[bool, str]]:
    """Each category: whether it is billable itself, and what its codes have after the dot."""
    categories = {}
    for row in resources.table("data", "reference", "icd10cm-codes.tsv"):
        stem = row["category"]
        categories[stem.removesuffix("-")] = (not stem.endswith("-"), row["codes"])
    return categories


@cache
def _names() -> list[str]:
    return sorted(_categories())


@lru_cache(maxsize=512)
def _codes_of(category: str) -> tuple[_Code, ...]:
    billable, tails = _categories()[category]
    codes = (_Code(f"{category}.{tail.removesuffix('-')}", not tail.endswith("-")) for tail in tails.split())
    return (_Code(category, billable), *codes)


@lru_cache(maxsize=2**15)
def exists(value: str) -> bool:
    """Whether ICD-10-CM has a code, billable or heading.

    >>> exists("M06.9"), exists("A57.778")
    (True, False)
    """
    category = value[:3]
    return category in _categories() and any(code.value == value for code in _codes_of(category))


@lru_cache(maxsize=1024)
def below(stem: str) -> tuple[str, ...]:
    """The billable codes that begin with a stem; none where there is no such category.

    >>> below("G35.B")
    ('G35.B0', 'G35.B1', 'G35.B2')
    """
    category = stem[:3]
    if category not in _categories():
        return ()
    return tuple(code.value for code in _codes_of(category) if code.billable and code.value.startswith(stem))


def between(first: str, last: str) -> Iterator[str]:
    """The billable codes from one code to another, all that is below the last one included.

    >>> list(between("C18.8", "C20"))
    ['C18.8', 'C18.9', 'C19', 'C20']
    """
    names = _names()
    for category in names[bisect_left(names, first[:3]) : bisect_right(names, last[:3])]:
        for code in _codes_of(category):
            if code.billable and first <= code.value and (code.value <= last or code.value.startswith(last)):
                yield code.value
