"""Names that guides use for drugs, payers, places, routes and requirements, found all at once.

The tables stand in `data/names`; one Aho-Corasick automaton holds them all. Drugs that no table has are told
by the stems of their international names (`-mab`, `-cept`, …), which the World Health Organization assigns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import resources
from kg.model import Concept, Kind

_TABLES = {
    Kind.PAYER: ("payers.tsv", "aliases"),
    Kind.PLACE: ("places.tsv", "aliases"),
    Kind.ROUTE: ("routes.tsv", "aliases"),
    Kind.REQUIREMENT: ("requirements.tsv", "aliases"),
    Kind.DRUG: ("drugs.tsv", "brands"),
}
_STEM = re.compile(
    r"\b(?!(?:con|ac|ex|inter|pre|per)cept\b)[a-zA-Z]{3,}(?:mab|cept|tinib|stim|poetin(?: alfa| beta)?|parin|taxel|rubicin|platin|"
    r"mycin|floxacin|glutide|dronate|dronic acid|setron|gepant|ciclib|parib|leucel|nersen|siran|plasmin|limus|citabine|"
    r"trexate|trexed|zomib|xaban|cillin|penem|vec|sone|solone|olone|pressin|relin|relix|toxin[AB]|azole|fungin)"
    r"(?:-[a-z]{4})?\b"
)
_SUFFIX = re.compile(r"-[a-z]{4}\b", re.IGNORECASE)
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that stands in a text, and the concept it names; `exact` unless by an alias, such as a brand."""

    start: int
    end: int
    concept: Concept
    exact: bool


@dataclass(frozen=True, slots=True)
class _Name:
    concept: Concept
    exact: bool
    capitals: str
    """The alias itself where it is read only in capitals, else empty."""


class Gazetteer:
    """Finds all names in a text; made once per process by `gazetteer()`."""

    def __init__(self) -> None:
        self._names: dict[str, list[_Name]] = {}
        for kind, (table, column) in _TABLES.items():
            for row in resources.table("data", "names", table):
                concept = Concept.named(kind, row["name"])
                self._add(row["name"], concept, exact=True)
                for alias in row[column].split(";"):
                    if alias.strip() not in ("", "-"):
                        self._add(alias.strip(), concept, exact=False)
        self._patterns = list(self._names)
        self._automaton = AhoCorasick(self._patterns, matchkind=MatchKind.LeftmostLongest)

    def _add(self, alias: str, concept: Concept, *, exact: bool) -> None:
        capitals = alias if len(alias) <= 4 and alias.isupper() else ""
        names = self._names.setdefault(_fold(alias), [])
        if all(name.concept != concept for name in names):
            names.append(_Name(concept, exact, capitals))

    def find(self, text: str) -> list[Mention]:
        """All names that stand in a text as whole words, in order; the longest one wins."""
        mentions = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(_fold(text)):
            if _inside_word(text, start, end):
                continue
            for name in self._names[self._patterns[pattern]]:
                if not name.capitals or text[start:end] == name.capitals:
                    mentions.append(_mention(text, start, end, name))
        taken = {mention.start for mention in mentions}
        ends = sorted((mention.start, mention.end) for mention in mentions)
        for match in _STEM.finditer(text):
            if match.start() not in taken and not any(s <= match.start() < e for s, e in ends):
                mentions.append(Mention(*match.span(), Concept.named(Kind.DRUG, match[0].lower()), exact=True))
        return sorted(mentions, key=lambda mention: (mention.start, mention.concept.curie))


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of this process."""
    return Gazetteer()


def _mention(text: str, start: int, end: int, name: _Name) -> Mention:
    """The four-letter suffix of a biological product belongs to its name."""
    if name.concept.kind is Kind.DRUG and name.exact and (suffix := _SUFFIX.match(text, end)):
        return Mention(start, suffix.end(), Concept.named(Kind.DRUG, text[start : suffix.end()].lower()), exact=True)
    return Mention(start, end, name.concept, name.exact)


def _inside_word(text: str, start: int, end: int) -> bool:
    return bool((start and _WORD.match(text[start - 1])) or (end < len(text) and _WORD.match(text[end])))


def _fold(text: str) -> str:
    """Small letters, without ever changing the length."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return small.replace("’", "'")
