"""The module `re`, but that patterns are compiled when they are first used: of 600, a document needs a part.

    from kg import lazy_re as re

To compile all of them takes a fifth of the time that it takes a cold process to check a guide.
"""

from __future__ import annotations

import re
from re import DOTALL as DOTALL
from re import IGNORECASE as IGNORECASE
from re import MULTILINE as MULTILINE
from re import VERBOSE as VERBOSE
from re import I as I
from re import Match as Match
from re import Pattern as Pattern
from re import escape as escape
from re import findall as findall
from re import finditer as finditer
from re import fullmatch as fullmatch
from re import match as match
from re import search as search
from re import split as split
from re import sub as sub
from typing import Any, AnyStr, cast

_ATTRIBUTES = (
    "findall", "finditer", "flags", "fullmatch", "groupindex", "groups", "match", "scanner", "search", "split", "sub",
    "subn",
)  # fmt: skip


class LazyPattern:
    """A pattern that takes over what a compiled one has when it is first asked for some of it."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._own_flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _ATTRIBUTES:
            raise AttributeError(f"a pattern has no {name!r}")
        compiled = re.compile(self.pattern, self._own_flags)
        # As its own, so that this is not called again, and all later uses are those of a compiled one.
        self.__dict__.update((attribute, getattr(compiled, attribute)) for attribute in _ATTRIBUTES)
        return self.__dict__[name]


def compile(pattern: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """A pattern, compiled when it is first used; one that cannot be raises `re.error` only then.

    >>> compile("[a-z]+").findall("of 600")
    ['of']
    """
    return cast(Pattern[AnyStr], LazyPattern(pattern, flags))
