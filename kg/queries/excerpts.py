"""Shows where in a query something is wrong: its line, and below it a mark under the place."""

from __future__ import annotations

import re

from kg.errors import QueryRefused

_WIDTH = 100
_LESS = 30
"""How much of a long line stands before the place."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def refused(text: str, start: int, end: int, message: str, *, column: bool = False) -> QueryRefused:
    """The error that names the line of a place in a query, and shows the place.

    >>> error = refused("ASK {\\n nonsense }", 7, 15, "not SPARQL", column=True)
    >>> print(f"{error}\\n{error.excerpt}")
    line 2, column 2: not SPARQL
     nonsense }
     ^^^^^^^^
    """
    line = text.count("\n", 0, start)
    where = f"line {line + 1}" + (f", column {start - text.rfind(chr(10), 0, start)}" if column else "")
    return QueryRefused(f"{where}: {message}", underlined(text, start, end), (start, max(end, start + 1)))


def underlined(text: str, start: int, end: int) -> str:
    """The line of a query in which a place begins, as much of it as can be read at a glance, and the mark below it.

    Empty where there is nothing in the line.
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    line = _CONTROL.sub(" ", text[first : last if last >= 0 else len(text)])
    if not line.strip():
        return ""
    left, right = start - first, min(end - first, len(line))
    if len(line) > _WIDTH:
        cut = max(left - _LESS, 0)
        shown = line[cut : cut + _WIDTH]
        line = ("…" if cut else "") + shown + ("…" if cut + _WIDTH < len(line) else "")
        left, right = left - cut + bool(cut), right - cut + bool(cut)
    marks = "^" * max(min(right, len(line)) - left, 1)
    return f"{line}\n{' ' * left}{marks}"
