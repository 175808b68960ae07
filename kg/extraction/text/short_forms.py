"""Short forms that a text defines itself: "rheumatoid arthritis (RA)"."""

from __future__ import annotations

from itertools import pairwise

from kg import lazy_re as re

_DEFINED = re.compile(r"\((?P<form>[A-Z][A-Za-z0-9-]{1,7})\)")
_WORD = re.compile(r"[\w'’-]+")
# What a name does not go beyond.
_EDGE = re.compile(r"[.;:()\[\]|\n•]|,(?!\s*\w+[\s-]+\w*\s*$)")
_REACH = 90
_FEWEST_CAPITALS = 2


def short_forms_in(plain: str) -> dict[str, str]:
    """The short forms that a text defines behind their names; one that stands for two names is left out.

    >>> short_forms_in("Active rheumatoid arthritis (RA) or Crohn's disease (CD). A compact disc (CD) is enclosed.")
    {'RA': 'rheumatoid arthritis'}
    """
    names: dict[str, str] = {}
    spoiled: set[str] = set()
    for match in _DEFINED.finditer(plain):
        form = match["form"]
        if sum(letter.isupper() for letter in form) < _FEWEST_CAPITALS:
            continue
        name = _name_before(plain, match.start(), form)
        if name and names.setdefault(form, name).lower() != name.lower():
            spoiled.add(form)
    return {form: name for form, name in names.items() if form not in spoiled}


def _name_before(plain: str, end: int, form: str) -> str | None:
    """The fewest words before a bracket whose letters give the short form in it, from the first letter of the first."""
    begin = max(0, end - _REACH)
    edges = [match.end() for match in _EDGE.finditer(plain, begin, end)]
    begin = edges[-1] if edges else begin
    words = list(_WORD.finditer(plain, begin, end))[-2 * len(form) :]
    wanted = [letter.lower() for letter in form if letter.isalnum()]
    for word in reversed(words):
        if word[0][0].lower() == wanted[0] and _spells(plain[word.start() : end].lower(), wanted):
            return " ".join(plain[word.start() : end].split())
    return None


def _spells(name: str, wanted: list[str]) -> bool:
    """Whether the letters stand in a name in their order, at least two of them at the beginnings of words."""
    beginnings = "".join(b for a, b in pairwise(f" {name}") if not a.isalnum() and b.isalnum())
    at = 0
    for letter in wanted:
        at = name.find(letter, at) + 1
        if at == 0:
            return False
    return sum(letter in beginnings for letter in set(wanted)) >= _FEWEST_CAPITALS
