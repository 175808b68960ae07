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
from kg.extraction.triggers import Trigger, Triggers
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
_OFFICE = re.compile(
    r"\b(?:[a-z]+(?:ology|iatry|iatrics)|allergy|eye|retina|pain|headache|asthma|cancer|specialist) "
    r"(?:offices?|clinics?|practices?|suites?|centers?)\b"
)
_OF_PLACE = re.compile(r" of (?:the )?[A-Z]\w+(?: [A-Z]\w+)*")
_SALT = re.compile(
    r"(?: (?:sodium|hydrochloride|hcl|tromethamine|acetate|phosphate|sulfate|citrate|succinate|benzathine|acetonide|mesylate|tartrate|"
    r"maleate|fumarate|besylate|potassium|calcium|chloride|bromide|decanoate|palmitate|pamoate|dihydrate|monohydrate))+\b",
    re.IGNORECASE,
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
        names = self._names.setdefault(fold(alias), [])
        if all(name.concept != concept for name in names):
            names.append(_Name(concept, exact, capitals))

    def find(self, text: str, small: str, triggers: Triggers) -> list[Mention]:
        """All names that stand in a text as whole words, in order; the longest one wins.

        `small` is the text in small letters, from `fold`.
        """
        mentions = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(small):
            if _inside_word(text, start, end):
                continue
            names = self._names[self._patterns[pattern]]
            mentions += [
                _mention(text, start, end, name)
                for name in names
                if not name.capitals or text[start:end] == name.capitals
            ]
        mentions += _by_form(text, mentions, triggers)
        return sorted(mentions, key=lambda mention: (mention.start, mention.concept.curie))


def _by_form(text: str, found: list[Mention], triggers: Triggers) -> list[Mention]:
    """Drugs that no table has, by the stem of their name, and offices of a specialty."""
    taken = {at for mention in found for at in (mention.start, mention.end)}
    mentions: dict[tuple[int, int], Mention] = {}
    for trigger, pattern, kind, words in (
        (Trigger.STEM, _STEM, Kind.DRUG, 1),
        (Trigger.OFFICE, _OFFICE, Kind.PLACE, 2),
    ):
        for start, _ in triggers.ends_of(trigger):
            match = pattern.match(text, _back(text, start, words))
            if match and match.end() > start and not {match.start(), match.end()} & taken:
                concept = Concept.named(kind, match[0].lower().removesuffix("s"))
                mentions[match.span()] = Mention(*match.span(), concept, exact=True)
    return list(mentions.values())


def _back(text: str, at: int, words: int) -> int:
    """The beginning of the word at an offset, or of the word before it."""
    for number in range(words):
        while at > 0 and text[at - 1].isalpha():
            at -= 1
        if number + 1 < words and at > 0 and text[at - 1] == " ":
            at -= 1
    return at


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of this process."""
    return Gazetteer()


def _mention(text: str, start: int, end: int, name: _Name) -> Mention:
    """The four-letter suffix of a biological product belongs to its name."""
    if (
        name.concept.kind is Kind.DRUG
        and name.exact
        and text[end : end + 1] == " "
        and (salt := _SALT.match(text, end))
    ):
        return Mention(start, salt.end(), name.concept, exact=True)
    if (
        name.concept.kind is Kind.DRUG
        and name.exact
        and text[end : end + 1] == "-"
        and (suffix := _SUFFIX.match(text, end))
    ):
        return Mention(start, suffix.end(), Concept.named(Kind.DRUG, text[start : suffix.end()].lower()), exact=True)
    if (
        name.concept.kind is Kind.PAYER
        and name.concept.key.startswith("blue-")
        and (place := _OF_PLACE.match(text, end))
    ):
        return Mention(start, place.end(), Concept.named(Kind.PAYER, text[start : place.end()]), exact=True)
    return Mention(start, end, name.concept, name.exact)


def _inside_word(text: str, start: int, end: int) -> bool:
    return bool((start and _WORD.match(text[start - 1])) or (end < len(text) and _WORD.match(text[end])))


def fold(text: str) -> str:
    """Small letters, without ever changing the length."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return small.replace("’", "'")
