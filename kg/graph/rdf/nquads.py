"""Lines of N-Quads: what is written by the hundred thousand is written as text.

Quads as objects that a library then serializes take three times as long.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pyoxigraph import NamedNode

_iri = lru_cache(maxsize=2**8)(str)

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"


def text(value: str) -> str:
    r"""A literal.

    >>> print(text('5" needle'))
    "5\" needle"
    """
    if "\\" in value or '"' in value or "\n" in value or "\r" in value:  # Seldom, and to translate takes long.
        value = value.translate(_ESCAPES)
    return f'"{value}"'


def integer(value: int) -> str:
    """A whole number.

    >>> print(integer(7))
    "7"^^<http://www.w3.org/2001/XMLSchema#integer>
    """
    return f'"{value}"^^{_INTEGER}'


def lines(subject: str, pairs: Iterable[str], graph: NamedNode) -> str:
    """What is said of a subject, a property and a value each, as lines of one graph.

    >>> print(lines("<s:1>", ["<p:1> <o:1>", '<p:2> "2"'], NamedNode("g:1")), end="")
    <s:1> <p:1> <o:1> <g:1> .
    <s:1> <p:2> "2" <g:1> .
    """
    end = f" {_iri(graph)} .\n"
    return f"{subject} {f'{end}{subject} '.join(pairs)}{end}"
