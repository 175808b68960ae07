"""What stands in the cells of an export: codes, days, numbers of groups and determinations."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from kg.errors import MalformedCode
from kg.model import Code, CodeSystem
from kg.reference.coverage.tables import Row
from kg.reference.service_codes import service_code


def folded(text: str) -> str:
    """A text with each run of blanks as one."""
    return " ".join(text.split())


def group_number(cell: str) -> int:
    """The number of a group; what is none is taken for the first."""
    return int(cell) if cell.isdecimal() else 1


def is_listed(mark: str) -> bool:
    """Whether a row lists its own code; `mark` tells its place in a range, of which each code has a row.

    >>> [is_listed(mark) for mark in ("N", "B", "M", "E", "?")]
    [True, True, True, True, False]
    """
    return mark.lower() in _MARKS


_MARKS = frozenset(("", "n", "0", "no", "false", "b", "m", "e"))
"""Of no range; the beginning, the middle and the end of one."""


@lru_cache(maxsize=2**17)
def diagnosis(text: str) -> Code:
    """An ICD-10-CM code; raises `MalformedCode`."""
    return Code.parse(text, CodeSystem.ICD10CM)


@lru_cache(maxsize=2**14)
def service(text: str) -> Code:
    """A HCPCS or CPT code; raises `MalformedCode`."""
    return service_code(text)


def modifier(text: str) -> str:
    """A modifier as a CURIE; raises `ValueError`."""
    try:
        return Code.parse(text, CodeSystem.MODIFIER).curie
    except MalformedCode:
        raise ValueError("not a modifier") from None


def revenue_code(text: str) -> str:
    """Four digits: `0636`; exports leave out the first zero, and have `99999` for none."""
    if not text.isdecimal() or not 3 <= len(text) <= 4:
        raise ValueError("not a revenue code")
    return text.zfill(4)


def bill_type(text: str) -> str:
    """Three characters, an `x` for any last digit: `013x`."""
    if not 3 <= len(text) <= 4 or not text[:-1].isdecimal() or text.startswith("999"):
        raise ValueError("not a type of bill")
    return text.zfill(4)


def determination(row: Row) -> str:
    """The local determination that a row names: `L33394`; raises `ValueError` where it names none."""
    return f"L{_determination_number(row, 'r_lcd_id')}"


def national_determination(row: Row) -> str:
    """The national determination that a row names: `NCD-347`; raises `ValueError` where it names none."""
    return f"NCD-{_determination_number(row, 'r_ncd_id')}"


def _determination_number(row: Row, column: str) -> int:
    number = row.get(column)
    if not number.isdigit() or not int(number):
        raise ValueError("names no determination")
    return int(number)


def day_of(text: str) -> date | None:
    """A day, as `2025-01-31 00:00:00` or `01/31/2025`; None for an empty cell, or one that says there is none."""
    if not text or text.upper() in ("N/A", "NULL", "NONE"):
        return None
    head = text.split()[0].partition("T")[0]
    try:
        if "/" in head:
            month, day, year = map(int, head.split("/"))
            found = date(year, month, day)
        else:
            found = date.fromisoformat(head)
    except ValueError:
        raise ValueError(f"not a date: {text[:40]!r}") from None
    # The publisher's way to say that there is no end.
    return None if found.year >= _NEVER else found


_NEVER = 2999
