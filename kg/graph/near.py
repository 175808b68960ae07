"""What comes close to a text that names nothing in the graph, and to a code that no release has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from kg.graph.rdf.iris import node
from kg.graph.rdf.vocabulary import BKG, REFERENCE
from kg.graph.store import GraphStore
from kg.model import Concept, Kind

_CUTOFF = 0.75
# What is typed for a code of any system has a digit within its first three characters.
_CODE_LIKE = re.compile(r"(?=.{0,2}[0-9])[A-Z0-9]{4,11}")
_CODES = frozenset(kind for kind in Kind if kind.is_code)


def suggestions(store: GraphStore, text: str, limit: int = 3) -> list[Concept]:
    """Concepts that come close to a text.

    A code that differs in nothing but its dot and its placeholders X is what was meant (W21.9XXA for W21.9A). Else
    come those with connections, spelt nearly like the text, then codes of its category, then what holds its words.
    """
    prefix, colon, rest = text.strip().partition(":")
    words, kinds = (rest, {kind for kind in _CODES if kind == prefix.lower()}) if colon else (prefix, _CODES)
    same, spelt = _codes(store, words, kinds, limit)
    if same:
        return same
    connected = _connected(store, words or text, limit)
    # Where releases have codes like it, one that only documents name is not what was meant.
    likely = (
        concept for concept in connected if not (spelt and concept.kind.is_code) or _released(store, [concept], limit)
    )
    close = dict.fromkeys(chain(likely, spelt))
    if len(close) < limit:
        called = store.names.search(words or text, limit=limit)
        close.update(dict.fromkeys(match.concept for match in called if not (close and match.near)))
    return list(close)[:limit]


def near_codes(store: GraphStore, code: Concept, limit: int = 3) -> tuple[Concept, ...]:
    """The codes of releases that come close to one that no release has."""
    same, spelt = _codes(store, code.key, {code.kind}, limit)
    return tuple(same or spelt)


def _codes(store: GraphStore, text: str, kinds: Collection[Kind], limit: int) -> tuple[list[Concept], list[Concept]]:
    """Codes of releases with the same first three characters: those that differ in dot and X alone, those spelt so."""
    letters = _letters(text)
    if not kinds or not _CODE_LIKE.fullmatch(letters):
        return [], []
    by_letters = {_letters(match.concept.key): match.concept for match in store.names.codes(letters[:3], kinds)}
    same = (code for code in by_letters.values() if _without_x(_letters(code.key)) == _without_x(letters))
    spelt = difflib.get_close_matches(letters, by_letters, n=2 * limit, cutoff=_CUTOFF)
    return _released(store, same, limit), _released(store, map(by_letters.__getitem__, spelt), limit)


def _released(store: GraphStore, codes: Iterable[Concept], limit: int) -> list[Concept]:
    """The first of these that a release has: documents name codes that do not exist."""
    released: list[Concept] = []
    for code in codes:
        if len(released) < limit and store.objects(node(code), BKG.describedBy, REFERENCE):
            released.append(code)
    return released


def _connected(store: GraphStore, text: str, limit: int) -> Iterator[Concept]:
    by_name: dict[str, Concept] = {}
    for match in store.names.connected():
        for name in filter(None, (match.concept.key, match.concept.name)):
            by_name.setdefault(name.lower(), match.concept)
    yield from (by_name[name] for name in difflib.get_close_matches(text.lower(), by_name, n=limit, cutoff=_CUTOFF))


def _letters(code: str) -> str:
    """
    >>> _letters("w21.9xxa")
    'W219XXA'
    """
    return re.sub(r"[^A-Z0-9]+", "", code.upper())


def _without_x(letters: str) -> str:
    """A code of diagnosis without the X that hold places open, so that its seventh character stands right behind.

    >>> [_without_x(_letters(code)) for code in ("S67.01A", "S67.01XA", "T07.XXXD", "T07XXXXD")]
    ['S6701A', 'S6701A', 'T07D', 'T07D']
    """
    return letters[:3] + letters[3:].replace("X", "")
