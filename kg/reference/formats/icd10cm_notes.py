"""The notes of ICD-10-CM ("excludes 1", "code first" …): the codes that they name, and what they state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from kg.errors import ReleaseError
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference.release import LeftOut

RELATIONS = {
    "excludes1": Relation.EXCLUDES1,
    "excludes2": Relation.EXCLUDES2,
    "codeFirst": Relation.CODE_FIRST,
    "useAdditionalCode": Relation.USE_ADDITIONAL_CODE,
}
"""The kinds of note that say how codes go together, by their names in the tabular list."""

_CODE = r"(?:[A-Z][0-9]|QA)[0-9AB](?:\.[0-9A-Z]{1,4})?(?![0-9A-Za-z])"
# "(M05.-, M06.-)", "(T36-T50 with fifth or sixth character 5)", and where the bracket closed too early.
_BRACKETS = re.compile(rf"[(\[]\s*(?P<words>{_CODE}[^()\[\]]*)[)\]](?P<after>\s+with [^()\[\],;]*characters?\b[^,;]*)?")
# "M05", "M05.-", "M05-M14", "S32.1--S32.9", "M05.00 to M05.8A".
_RANGE = re.compile(rf"(?P<first>{_CODE})\.?(?:(?:-?\s*-|\s+to)\s*(?P<last>{_CODE})\.?)?-?")
_BETWEEN = re.compile(r"\s*(?:[,;./]|\band\b|\bor\b|$)\s*")
_HYPHENS = str.maketrans("–—−", "---")

# "with .42", "with .51-.52", "with .17, .27, .97", "with final characters .00 or .01".
_AFTER_CATEGORY = re.compile(r"(?:final characters? )?\.[0-9A-Z]{1,4}(?:(?:-| or |[,.] ?| )\.[0-9A-Z]{1,4})*-?")
# "with final characters -23".
_FINAL = re.compile(r"final characters? -([0-9A-Z]{1,4})")
# "with fifth or sixth character 1-4 or 6", "with 7th character B".
_PLACED = re.compile(r"(.+?)[- ]characters? ([0-9A-Z](?:(?:-|, ?| or )[0-9A-Z])*)")
# "Any condition in I00 with pericarditis", "Angiostrongyliasis due to:", sentences: lines that call nothing by a name.
_NO_NAME = re.compile(
    r"[:.]$|\bclassifiable\b|\bconditions? in\b|\b(?:codes?|categor(?:y|ies)|chapters?)\b|.{160}", re.IGNORECASE
)

MOST = 100
"""How many codes a bracket may come to.

"T36-T65 with fifth or sixth character 1-4" comes to 1,256: that is a rule for a person to apply, and no edges.
"""

# What no release comes near, so that a file made to do harm ends soon: these state some 13,000 things, and a
# hundredth of these looks is enough.
_MOST_STATEMENTS = 500_000
_MOST_LOOKS = 50_000_000
_PLACES = {word: place for place, words in enumerate(
    ("fourth 4th", "fifth 5th", "sixth six 6th", "seventh 7th"), 4) for word in words.split()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """A note: the code, block or chapter that bears it, its kind and words, and its line in the file."""

    bearer: str
    kind: str
    text: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A code, block or chapter; blocks and chapters go by the range of their codes."""

    key: str
    name: str
    parent: str | None


def names_and_notes(notes: Iterable[Note]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What a code is called besides its name, and what else is said of it.

    Inclusion terms are names of the code. What a category includes is called by names too, but what blocks and
    chapters include is described.

    >>> names_and_notes([Note("M05.0", "inclusionTerm", "Felty's"), Note("M05.0", "excludes1", "juvenile (M08.-)")])
    (("Felty's",), (('excludes1', 'juvenile (M08.-)'),))
    """
    names: dict[str, None] = {}
    remarks: dict[tuple[str, str], None] = {}
    for note in notes:
        is_name = note.kind == "inclusionTerm" or (note.kind == "includes" and "-" not in note.bearer)
        if is_name and not _NO_NAME.search(note.text):
            names[note.text] = None
        if note.kind != "inclusionTerm" or note.text not in names:
            remarks[note.kind, note.text] = None
    return tuple(names), tuple(remarks)


class Tabular:
    """The codes of a release in its order, to find those that a note names.

    A dash stands for all codes that begin so, which is their heading. A range is its block where it is one, and
    else the highest blocks and codes that lie in it. What a release does not have, and words that are not
    understood, are given back with the reason.

    >>> items = [Item("M05", "A", None), Item("M05.0", "B", "M05"), Item("M06", "C", None), Item("M08", "D", None)]
    >>> tabular = Tabular(items)
    >>> [tabular.named(text)[0] for text in ("b (M05.-)", "(M05.0)", "(M05-M06)", "(M05-M08 with .0)")]
    [['M05'], ['M05.0'], ['M05', 'M06'], ['M05.0']]
    >>> tabular.named("(M06.9, M08)")
    (['M08'], ['no such code in the release: M06.9'])
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = list(items)
        self._place = {item.key: place for place, item in enumerate(self._items)}
        self._concepts: dict[str, Concept] = {}
        self._brackets: dict[str, tuple[list[str], list[str]]] = {}
        self._looks = 0
        # The last place below each item: what stands under it comes right after it.
        self._last = list(range(len(self._items)))
        for place in range(len(self._items) - 1, -1, -1):
            parent = self._items[place].parent
            if parent is not None:
                above = self._place[parent]
                self._last[above] = max(self._last[above], self._last[place])

    def concept(self, key: str) -> Concept:
        """The concept of a code, block or chapter, one object for each."""
        if key not in self._concepts:
            self._concepts[key] = Concept.of(Code(CodeSystem.ICD10CM, key), self._items[self._place[key]].name)
        return self._concepts[key]

    def statements(self, notes: Iterable[Note]) -> tuple[tuple[Statement, ...], tuple[LeftOut, ...]]:
        """What notes state, and the codes in them that cannot be used.

        Raises `ReleaseError` where it is more than any release states.
        """
        statements: list[Statement] = []
        left_out: list[LeftOut] = []
        for note in notes:
            if note.kind not in RELATIONS:
                continue
            keys, unusable = self.named(note.text)
            subject, relation = self.concept(note.bearer), RELATIONS[note.kind]
            if len(statements) > _MOST_STATEMENTS:
                raise ReleaseError(f"line {note.row}: the notes name more codes than those of any tabular list")
            statements += (Statement(subject, relation, self.concept(key), note.row, note.text) for key in keys)
            left_out += (LeftOut(note.row, reason, f"{note.bearer}: {note.text}"[:500]) for reason in unusable)
        return tuple(statements), tuple(left_out)

    def named(self, text: str) -> tuple[list[str], list[str]]:
        """The codes that a note names in brackets, and why others that it names there cannot be used."""
        codes: list[str] = []
        unusable: list[str] = []
        for bracket in _BRACKETS.finditer(text.translate(_HYPHENS)):
            words = bracket["words"] + (bracket["after"] or "")
            if words not in self._brackets:
                self._brackets[words] = self._in_bracket(words)
            keys, missing = self._brackets[words]
            codes += keys
            unusable += missing
        return list(dict.fromkeys(codes)), unusable

    def _in_bracket(self, text: str) -> tuple[list[str], list[str]]:
        words, with_, condition = text.partition("with ")
        keys, missing = self._within(words)
        if with_ and not missing and len(keys) <= MOST:
            keys = self._chosen(keys, condition.strip())
            missing = [] if keys else [f"no such codes in the release, or not understood: {text!r}"]
        if len(keys) > MOST:
            keys, missing = [], [f"more than {MOST} codes at once: {text!r}"]
        return keys, missing

    def _within(self, words: str) -> tuple[list[str], list[str]]:
        codes: list[str] = []
        missing: list[str] = []
        for first, last in _ranges(words):
            whole = f"{first}-{last}" if last else first
            if whole in self._place:
                codes.append(whole)
            elif (
                last in self._place
                and first in self._place
                and (keys := list(islice(self._between(first, last), MOST + 1)))
            ):
                codes += keys
            else:
                missing.append(f"no such {'range' if last else 'code'} in the release: {whole}")
        return codes, missing if codes or missing else [f"not understood: {words!r}"]

    def _between(self, first: str, last: str) -> Iterator[str]:
        """The highest blocks and codes from the first to the last with all under it, by the order of the release."""
        place, stop = self._place[first], self._last[self._place[last]]
        while place and self._items[place].parent == self._items[place - 1].key and self._last[place - 1] <= stop:
            place -= 1
        while place <= stop:
            if self._last[place] <= stop:
                yield self._items[place].key
                place = self._last[place]
            place += 1

    def _below(self, keys: list[str]) -> Iterator[str]:
        """The codes under blocks, categories and codes, themselves included."""
        spans = [(self._place[key], self._last[self._place[key]] + 1) for key in keys]
        self._looks += sum(stop - first for first, stop in spans)
        if self._looks > _MOST_LOOKS:
            raise ReleaseError("the notes name more codes by their characters than those of any tabular list")
        items = chain.from_iterable(self._items[first:stop] for first, stop in spans)
        return (item.key for item in items if "-" not in item.key)

    def _chosen(self, keys: list[str], condition: str) -> list[str]:
        """Those under the keys that a condition means, or none where it is not understood."""
        if _AFTER_CATEGORY.fullmatch(condition) and not any("." in key for key in keys):
            endings = _endings(condition)
            return [key for key in self._below(keys) if key[3:] in endings]
        if match := _FINAL.fullmatch(condition):
            ended = [key for key in self._below(keys) if key[4:].endswith(match[1])]
            # The characters stand at one place: I69.023, but not I69.23.
            return [key for key in ended if len(key) == max(map(len, ended))]
        if (match := _PLACED.fullmatch(condition)) and (places := _places(match[1])):
            characters = _characters(match[2])
            return [key for key in self._below(keys) if key[-1] in characters and self._stops_at(key, places)]
        return []

    def _stops_at(self, key: str, places: set[int]) -> bool:
        """Whether the last character of a code is in one of the places, and none under it is in another.

        "Fifth or sixth character 5" means the last one before the seventh: T36.0X5 and T36.95, but not T45.51,
        whose codes have six.
        """
        place = self._place[key]
        under = self._items[place + 1].key if self._last[place] > place else ""
        return _length(key) in places and _length(under) not in places


def _length(key: str) -> int:
    return len(key) - ("." in key)


def _ranges(words: str) -> list[tuple[str, str]]:
    """The codes and ranges that words consist of, or nothing where they hold anything else."""
    ranges, place, words = [], 0, words.strip().rstrip(",. ")
    while place < len(words):
        match = _RANGE.match(words, place)
        if match is None:
            return []
        ranges.append((match["first"], match["last"] or ""))
        gap = _BETWEEN.match(words, match.end())
        if gap is None:
            return []
        place = gap.end()
    return ranges


def _endings(words: str) -> set[str]:
    """`{.51, .52}` for ".51-.52"."""
    endings: set[str] = set()
    for first, last in re.findall(r"(\.[0-9A-Z]+)(?:-(\.[0-9A-Z]+))?", words):
        endings |= {first, last or first}
        if first[1:].isdigit() and last[1:].isdigit():
            width, numbers = len(first) - 1, range(int(first[1:]), int(last[1:]) + 1)
            endings |= {f".{number:0{width}}" for number in numbers}
    return endings


def _places(words: str) -> set[int]:
    """`{5, 6}` for "fifth or sixth"; nothing where a word is no place."""
    ordinals = [word for word in re.split(r"[ ,]+", words) if word not in ("or", "to", "and")]
    places = {_PLACES.get(word, 0) for word in ordinals}
    return set() if 0 in places else places


def _characters(words: str) -> set[str]:
    """`{1, 2, 3, 4, 6}` for "1-4 or 6"."""
    characters = set()
    for first, last in re.findall(r"([0-9A-Z])(?:-([0-9A-Z]))?", words):
        characters |= {chr(code) for code in range(ord(first), ord(last or first) + 1)}
    return characters
