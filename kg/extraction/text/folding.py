"""Small letters: how most patterns are matched.

A pattern for small letters finds out several times sooner that it does not begin here than one that ignores case.
"""

from __future__ import annotations


def fold(text: str) -> str:
    """Small letters, without ever changing the length.

    >>> fold("Use JW")
    'use jw'
    """
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return small.replace("’", "'")
