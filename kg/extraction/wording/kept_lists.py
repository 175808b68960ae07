"""The kept lists of documentation items, denial reasons and requirements, and what of them a phrase names.

An entry fits a phrase where all words of one of its aliases stand in the phrase, in any order, and what is left
over says nothing of its own. Words for the same fault count as one: "no NDC" is "missing NDC".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from kg import resources
from kg.extraction.wording.vocabulary import group, plain_words, stem, stems
from kg.model import Kind, slug

_TABLES = {
    Kind.DOCUMENTATION: ("documentation.tsv", "documentation modifier"),
    Kind.DENIAL: ("denials.tsv", "denial modifier"),
    Kind.REQUIREMENT: ("requirements.tsv", "requirement modifier"),
}
_NEGATORS = frozenset(stem(word) for word in ("not", "never", "fail", "failure", "failing", "neglect"))
_LONGEST_FAULT = 3
# A sign that no word holds marks what stands for a whole group of words.
_MARK = "~"
_MISSING = _MARK + "missing"
_LACKS = frozenset({_MISSING, _MARK + "insufficient"})
_ALSO_FAULTY = frozenset({_MISSING, _MARK + "wrong", _MARK + "insufficient"})


class Alias(NamedTuple):
    """One way to name an entry: its stems, and the key of the entry."""

    stems: frozenset[str]
    key: str


@lru_cache(maxsize=8192)
def entry_for(kind: Kind, phrase: str) -> str | None:
    """The key of the entry that fits a whole phrase; of several, the one that covers most of it.

    >>> entry_for(Kind.DENIAL, "NDC not on the claim"), entry_for(Kind.DOCUMENTATION, "the patient's weight in kg")
    ('missing-ndc', 'body-weight')
    """
    present = content(kind, phrase)
    if not present or len(present) > 24:
        return None
    rest = _modifiers(kind)
    fitting = [alias for alias in _candidates(kind, present) if _is_idle(kind, present - alias.stems, rest)]
    if fitting:
        return max(fitting, key=lambda alias: (len(alias.stems), _MISSING in alias.stems)).key
    return _missing_thing(present) if kind is Kind.DENIAL else None


def is_outright(kind: Kind, phrase: str, key: str) -> bool:
    """Whether a phrase names an entry by words that mean it anywhere, not only where something is required.

    >>> is_outright(Kind.REQUIREMENT, "step therapy", "step-therapy"), is_outright(Kind.REQUIREMENT, "age", "age-limit")
    (True, False)
    """
    present = content(kind, phrase)
    return any(stems_of_alias <= present for stems_of_alias in _outright(kind).get(key, ()))


@cache
def _outright(kind: Kind) -> dict[str, tuple[frozenset[str], ...]]:
    """The words that mean an entry anywhere, by its key."""
    stems_by_key: dict[str, list[frozenset[str]]] = {}
    for alias, key in aliases_of(kind, ("aliases",)):
        stems_by_key.setdefault(key, []).append(content(kind, alias))
    return {key: tuple(aliases) for key, aliases in stems_by_key.items()}


def aliases_of(kind: Kind, columns: tuple[str, ...] = ("aliases", "also")) -> Iterator[tuple[str, str]]:
    """The names and aliases of a kept list, each with the key of its entry."""
    for row in resources.table("data", "names", _TABLES[kind][0]):
        key = slug(row["name"])
        yield row["name"], key
        for column in columns:
            aliases = (alias.strip() for alias in row.get(column, "-").split(";"))
            yield from ((alias, key) for alias in aliases if alias not in ("", "-"))


def content(kind: Kind, phrase: str) -> frozenset[str]:
    """The stems of a phrase that say something; in a denial, words for a fault stand as one."""
    phrase_stems = _stems_in(phrase)
    if kind is Kind.REQUIREMENT:
        return frozenset("specialist" if word in stems("specialist") else word for word in phrase_stems)
    return frozenset(_with_faults(phrase_stems) if kind is Kind.DENIAL else phrase_stems)


def _stems_in(phrase: str) -> list[str]:
    """The stems of the words that say something."""
    small = group("small")
    return [stem(word) for word in plain_words(phrase) if word not in small]


def names_fault(phrase: str) -> bool:
    """Whether a phrase says what is wrong.

    >>> names_fault("units above the limit"), names_fault("the claim form")
    (True, False)
    """
    phrase_stems = _stems_in(phrase)
    return any(word.startswith(_MARK) for word in _with_faults(phrase_stems)) or any(
        word in _lone_faults() for word in phrase_stems
    )


def is_content(stem_of_word: str) -> bool:
    """Whether a stem is more than a word for a fault."""
    return not stem_of_word.startswith(_MARK) and stem_of_word not in _lone_faults()


def _missing_thing(present: frozenset[str]) -> str | None:
    """The key for the lack of something that another kept list has."""
    if not present & _LACKS:
        return None
    things = frozenset(word for word in present if not word.startswith(_MARK))
    for kind in (Kind.REQUIREMENT, Kind.DOCUMENTATION):
        rest = _modifiers(kind)
        fitting = [alias for alias in _candidates(kind, things) if things - alias.stems <= rest]
        if fitting:
            return "missing-" + max(fitting, key=lambda alias: len(alias.stems)).key
    return None


def _is_idle(kind: Kind, rest: frozenset[str], idle: frozenset[str]) -> bool:
    """Whether what an alias leaves of a phrase says nothing of its own."""
    if rest <= idle:
        return True
    remainder = rest - idle
    if kind is Kind.DOCUMENTATION:
        return False
    return all(word in _ALSO_FAULTY or word.isdigit() or word in group("number word") for word in remainder)


def _candidates(kind: Kind, present: frozenset[str]) -> list[Alias]:
    index = _index(kind)
    return [alias for word in present for alias in index.get(word, ()) if alias.stems <= present]


@cache
def _index(kind: Kind) -> dict[str, tuple[Alias, ...]]:
    """The aliases of a kept list, each under the rarest of its words."""
    aliases = {Alias(content(kind, alias), key) for alias, key in aliases_of(kind)}
    counts = Counter(word for alias in aliases for word in alias.stems)
    index: dict[str, list[Alias]] = {}
    for alias in sorted(aliases, key=lambda alias: (alias.key, sorted(alias.stems))):
        index.setdefault(min(alias.stems, key=lambda word: (counts[word], word)), []).append(alias)
    return {word: tuple(entries) for word, entries in index.items()}


@cache
def _modifiers(kind: Kind) -> frozenset[str]:
    return stems(_TABLES[kind][1])


def _with_faults(phrase_stems: Sequence[str]) -> list[str]:
    """The stems with each run of words for a fault put as one."""
    faults, result, at = _faults(), [], 0
    while at < len(phrase_stems):
        for length in range(_LONGEST_FAULT, 0, -1):
            if fault := faults.get(tuple(phrase_stems[at : at + length])):
                result.append(fault)
                at += length
                break
        else:
            result.append(phrase_stems[at])
            at += 1
    return result


@cache
def _faults() -> dict[tuple[str, ...], str]:
    """The words for faults as sequences of stems, with the fault that each is."""
    faults: dict[tuple[str, ...], str] = {}
    for row in resources.table("data", "wording", "faults.tsv"):
        if row["name"] == "-":
            continue
        fault = _MARK + row["name"]
        verbs = [stem(verb.strip()) for verb in row["verbs"].split(";") if verb.strip() != "-"]
        faults.update({(negator, verb): fault for negator in sorted(_NEGATORS) for verb in verbs})
        faults.update({_sequence(word): fault for word in row["words"].split(";")})
    return faults


@cache
def _lone_faults() -> frozenset[str]:
    """The words that name a fault by themselves and stand for nothing else."""
    rows = resources.table("data", "wording", "faults.tsv")
    return frozenset(stem(word.strip()) for row in rows if row["name"] == "-" for word in row["words"].split(";"))


def _sequence(phrase: str) -> tuple[str, ...]:
    return tuple(_stems_in(phrase))
