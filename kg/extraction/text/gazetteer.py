"""Names that guides use for drugs, payers, places, routes and requirements, found all at once.

The tables stand in `data/names`; one Aho-Corasick automaton holds them all. Drugs that no table has are told
by the stems of their international names (`-mab`, `-cept`, …), which the World Health Organization assigns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kg import lazy_re as re
from kg import resources
from kg.extraction.text.folding import fold
from kg.model import Concept, Kind
from kg.places import numbered_places

_TABLES = (
    (Kind.PAYER, "payers.tsv", "aliases"),
    (Kind.PLACE, "places.tsv", "aliases"),
    (Kind.ROUTE, "routes.tsv", "aliases"),
    (Kind.REQUIREMENT, "requirements.tsv", "aliases"),
    (Kind.DRUG, "drugs.tsv", "brands"),
    (Kind.DRUG, "vaccines.tsv", "brands"),
    (Kind.DRUG, "substances.tsv", "brands"),
)
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
_OF_AMOUNTS = r"(?:(?:billing )?units?|mc?g|ml|vials?|doses?|years?|months?|weeks?|days?)\b"
# "POS 11, 19 and 22"; behind the numbers nothing may make them part of something else: "POS 11-point".
_PLACES = re.compile(
    r"\b(?:pos(?=\d\d\b)|(?:pos|places? of service)(?: codes?)?(?: is| are| must be| should be)?[\s:#=(]{1,3})"
    r"(?P<numbers>\d\d\b(?!-\w)(?:\s*(?:[,;/&]|and|or)(?:\s*(?:and|or|pos))?\s*(?:pos)?"
    rf"\d\d\b(?![-.%]\w|\s*{_OF_AMOUNTS}))*)"
)
_NUMBER = re.compile(rf"(?:(?<=pos)|(?<![\w.,$-]))\d\d(?![\w%]|\.\d|-\w|\s*{_OF_AMOUNTS})", re.IGNORECASE)
_UNIT_BEHIND = 40
_SALT = re.compile(
    r"(?: (?:sodium|hydrochloride|hcl|tromethamine|acetate|phosphate|sulfate|citrate|succinate|benzathine|acetonide|mesylate|tartrate|"
    r"maleate|fumarate|besylate|potassium|calcium|chloride|bromide|decanoate|palmitate|pamoate|dihydrate|monohydrate))+\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"-[a-z]{4}\b", re.IGNORECASE)


_STEMS = (
    "mab cept tinib stim poetin parin taxel rubicin platin mycin floxacin glutide dronate dronic setron gepant ciclib parib "
    "leucel nersen siran plasmin limus citabine trexate trexed zomib xaban cillin penem vec sone olone pressin relin relix "
    "toxina toxinb azole fungin"
).split()
_FORM_WORDS = (
    *((stem, (_STEM, Kind.DRUG, 1)) for stem in _STEMS),
    *((word, (_OFFICE, Kind.PLACE, 2)) for word in ("office", "clinic", "practice", "suite", "center")),
)
_FORMS = [form for _, form in _FORM_WORDS]

_OF_FOUR = re.compile(
    r"(?:\b(?:grades?|stages?|class(?:es)?|phases?|types?|levels?|categor(?:y|ies)|factors?|parts?|groups?|sections?|schedules?|titles?|chapters?|volumes?)"
    r"\s+(?:[IV1-4]{1,3}[A-C]?\s*(?:,|/|-|–|or|and|to)\s*)*|\bI{2,3}[A-C]?\s*(?:,|/|-|–|or|and|to)\s*)$",
    re.IGNORECASE,
)
_NEAR_FOUR = 30


class Mention(NamedTuple):
    """A name that stands in a text, and the concept it names; `exact` unless by an alias, such as a brand."""

    start: int
    end: int
    concept: Concept
    exact: bool


class _Name(NamedTuple):
    concept: Concept
    exact: bool


class _Names:
    """Aliases, each with what it names, and the automaton that finds them."""

    def __init__(self, names: dict[str, list[_Name]]) -> None:
        # What one alias names stands in the order of the concepts, whichever table comes first.
        self._names = [sorted(entries, key=lambda name: name.concept.curie) for entries in names.values()]
        self._automaton = AhoCorasick(list(names), matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[tuple[int, int, list[_Name]]]:
        """The aliases that stand in a text as whole words, in order; the longest one wins, also in the plural."""
        for pattern, start, end in self._automaton.find_matches_as_indexes(text):
            # "Subcutaneous injections": within a match no shorter alias is looked for.
            plural = (
                text.startswith("s", end) and text[end - 1 : end].islower() and not text[end + 1 : end + 2].isalnum()
            )
            last = end + plural
            if not _inside_word(text, start, last):
                yield start, last, self._names[pattern]


class Gazetteer:
    """Finds all names in a text; made once per process by `gazetteer()`."""

    def __init__(self) -> None:
        small: dict[str, list[_Name]] = {}
        # Up to four capitals are read only in capitals: IV is a route, and "iv" stands in many words.
        capitals: dict[str, list[_Name]] = {}
        for alias, name in _read_tables():
            short = len(alias) <= 4 and alias.isupper()
            names = (capitals if short else small).setdefault(alias if short else fold(alias), [])
            if all(other.concept != name.concept for other in names):
                names.append(name)
        self._small, self._capitals = _Names(small), _Names(capitals)

    def find(self, text: str, small: str) -> list[Mention]:
        """All names that stand in a text as whole words, in order; the longest one wins.

        `small` is the text in small letters, from `fold`.
        """
        matches = list(self._small.find(small))
        covered = [(start, end) for start, end, _ in matches]
        matches += [
            match
            for match in self._capitals.find(text)
            if not _within(covered, match[0]) and not _is_number_four(text, match[0], match[1])
        ]
        mentions = [_mention(text, start, end, name) for start, end, names in matches for name in names]
        mentions += _by_form(text, small, mentions)
        for match in _PLACES.finditer(small):
            mentions += places_by_number(text, *match.span("numbers"))
        return sorted(mentions, key=itemgetter(0))


def _read_tables() -> Iterator[tuple[str, _Name]]:
    for kind, table, column in _TABLES:
        for row in resources.table("data", "names", table):
            concept = Concept.named(kind, row["name"])
            yield row["name"], _Name(concept, exact=True)
            aliases = (alias.strip() for alias in row[column].split(";"))
            yield from ((alias, _Name(concept, exact=False)) for alias in aliases if alias not in ("", "-"))


def places_by_number(text: str, start: int, end: int) -> Iterator[Mention]:
    """The places of service that stand in a stretch by their numbers, where it is known that such stand there."""
    # What stands right behind the last one is looked at as well, and not the rest of the text.
    for match in _NUMBER.finditer(text, start, end + _UNIT_BEHIND):
        if match.end() > end:
            return
        if (place := numbered_places().get(match[0])) is not None:
            yield Mention(*match.span(), place, exact=True)


def _is_number_four(text: str, start: int, end: int) -> bool:
    """Whether "IV" is the fourth of something, and no route: "Grade III or IV", "stage IV"."""
    return text[start:end] == "IV" and _OF_FOUR.search(text, max(0, start - _NEAR_FOUR), start) is not None


def _within(spans: list[tuple[int, int]], at: int) -> bool:
    """Whether an offset lies in one of the spans, which are in order and apart."""
    number = bisect_right(spans, at, key=itemgetter(0)) - 1
    return number >= 0 and at < spans[number][1]


def _by_form(text: str, small: str, earlier: list[Mention]) -> list[Mention]:
    """Drugs that no table has, by the stem of their name, and offices of a specialty."""
    edges = {at for mention in earlier for at in (mention.start, mention.end)}
    starts = sorted(mention.start for mention in earlier)
    mentions: dict[tuple[int, int], Mention] = {}
    for form, start, _ in _forms().find_matches_as_indexes(small, overlapping=True):
        pattern, kind, words = _FORMS[form]
        at = bisect_right(starts, start) - 1
        if words == 1 and at >= 0 and (starts[at] == start or text[starts[at] : start].isalpha()):
            continue  # Its word begins a name that was found.
        match = pattern.match(text, _back(text, start, words))
        joined = match and _is_joined(text, match.start(), match.end())
        if match and match.end() > start and not joined and not {match.start(), match.end()} & edges:
            concept = Concept.named(kind, match[0].lower().removesuffix("s"))
            mentions[match.span()] = Mention(*match.span(), concept, exact=True)
    return list(mentions.values())


@cache
def _forms() -> AhoCorasick:
    """Finds what a name of such a form has in it; most texts hold none, and the patterns take long to find that out."""
    return AhoCorasick([word for word, _ in _FORM_WORDS], matchkind=MatchKind.Standard)


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
    concept, exact = name
    if concept.kind is Kind.DRUG and exact:
        if text.startswith(" ", end) and (salt := _SALT.match(text, end)):
            return Mention(start, salt.end(), concept, exact=True)
        if text.startswith("-", end) and (suffix := _SUFFIX.match(text, end)):
            drug = Concept.named(Kind.DRUG, text[start : suffix.end()].lower())
            return Mention(start, suffix.end(), drug, exact=True)
    elif concept.kind is Kind.PAYER and concept.key.startswith("blue-") and (place := _OF_PLACE.match(text, end)):
        return Mention(start, place.end(), Concept.named(Kind.PAYER, text[start : place.end()]), exact=True)
    return Mention(start, end, concept, exact)


def _inside_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return before.isalnum() or before == "_" or after.isalnum() or after == "_" or _is_joined(text, start, end)


# "Piperacillin-tazobactam" is neither of the two, and "rituximab-containing" no drug; four letters are those of a biosimilar,
# and a "levonorgestrel-releasing" device gives that drug.
_JOINED_BEHIND = re.compile(r"-(?!(?:releasing|eluting)\b)[A-Za-z]{5,}")
_JOINED_BEFORE = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}-$")


def _is_joined(text: str, start: int, end: int) -> bool:
    """Whether a name is joined to another word by a hyphen."""
    if text[end : end + 1] == "-" and _JOINED_BEHIND.match(text, end):
        return True
    return text[start - 1 : start] == "-" and _JOINED_BEFORE.search(text, max(0, start - 30), start) is not None
