"""Short forms of conditions, spelled out as the document defines them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kg import lazy_re as re
from kg.extraction.relations.conditions import conditions_after_cues, conditions_of_heading
from kg.model import Concept, slug


@lru_cache(maxsize=256)
def _pattern_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    """What finds the short forms, but not where they stand alone in brackets, as right behind their name."""
    either = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
    return re.compile(rf"(?<![\w(-])(?:{either})(?![\w-])|(?<=\()(?:{either})(?![\w)-])")


@lru_cache(maxsize=256)
def _conditions_of(defined: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The short forms that stand for a condition, each with its name in full."""
    named = ((form, name, conditions_of_heading(name)) for form, name in defined)
    return {form: name for form, name, found in named if found and found[0].key == slug(name)}


def spelled_out(words: str, short_forms: Mapping[str, str]) -> str:
    """Words with the short forms of conditions in full.

    >>> spelled_out("Diagnosis of active RA", {"RA": "rheumatoid arthritis", "PA": "prior authorization"})
    'Diagnosis of active rheumatoid arthritis'
    """
    names = _conditions_of(tuple(short_forms.items())) if short_forms else {}
    if not names or not any(form in words for form in names):
        return words
    return _pattern_of(tuple(names)).sub(lambda match: names[match[0]], words)


def conditions_for(words: str, short_forms: Mapping[str, str]) -> tuple[tuple[Concept, int], ...]:
    """The conditions that a sentence says something is for, in full or in short, each with the offset of its cue.

    >>> [(c.key, at) for c, at in conditions_for("In RA it is indicated for RA.", {"RA": "rheumatoid arthritis"})]
    [('rheumatoid-arthritis', 12)]
    """
    names = _conditions_of(tuple(short_forms.items())) if short_forms else {}
    full = spelled_out(words, short_forms)
    found = conditions_after_cues(full)
    if full == words or not found:
        return found
    # How much longer the words have become up to each short form.
    grown: list[tuple[int, int]] = []
    added = 0
    for match in _pattern_of(tuple(names)).finditer(words):
        grown.append((match.start() + added, len(names[match[0]]) - len(match[0])))
        added += grown[-1][1]
    return tuple((condition, at - sum(more for start, more in grown if start < at)) for condition, at in found)
