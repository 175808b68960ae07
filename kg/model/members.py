"""Enumerations that are quick to read from."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

Members = TypeVar("Members", bound=type[Enum])


def plain_members(enumeration: Members) -> Members:
    """Make the members of an enumeration plain attributes of it, hashed as what they are.

    Python 3.11 calls a function for each `Kind.DRUG`, which makes it ten times as slow as any other attribute, and
    another for each look-up by it in a dictionary. From 3.12 on members are plain attributes anyway.

    >>> from enum import StrEnum
    >>> @plain_members
    ... class Colour(StrEnum):
    ...     RED = "red"
    >>> Colour.RED, {"red": 1}[Colour.RED]
    (<Colour.RED: 'red'>, 1)
    """
    for name, member in enumeration.__members__.items():
        type.__setattr__(enumeration, name, member)  # That of `Enum` refuses to set a member.
    type.__setattr__(enumeration, "__hash__", str.__hash__ if issubclass(enumeration, str) else object.__hash__)
    return enumeration
