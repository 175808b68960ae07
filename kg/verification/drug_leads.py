"""What leads to the codes of a drug: its names, the words that tell it, and each of its words, on all days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from kg import lazy_re as re
from kg import shelf
from kg.model import Code, CodeSystem
from kg.reference import Reference
from kg.verification.described import drug_keys, drug_of
from kg.verification.words import SALTS, words

LETTERS = r"-(?!acid|alfa|beta|gold|iron|live|oral|zinc)[a-z]{4}"
"""The four letters that set biologicals of one name apart: tocilizumab-aazg. Words of names are none."""

SUFFIX = re.compile(rf"{LETTERS}$")
"""The same, at the end of a name."""

_SHORTEST = 4


def columns(reference: Reference, keys_of: Callable[[Code], set[str]]) -> shelf.Columns:
    """The table `leads`, which has the codes for each lead; `keys_of` gives what a code is called on any day."""
    leads: defaultdict[str, set[Code]] = defaultdict(set)
    for code in (subject.code for subject in reference.subjects if subject.kind.is_code):
        keys = set(keys_of(code))
        for meaning in reference.meanings_of(code):
            descriptor = drug_of(meaning.entry)
            keys |= drug_keys(descriptor) if descriptor else set()
        for key in keys:
            leads[f"key {key}"].add(code)
            leads[f"telling {joined(telling_words(key))}"].add(code)
    for code in reference.codes(CodeSystem.HCPCS):
        for descriptor in filter(None, (drug_of(meaning.entry) for meaning in reference.meanings_of(code))):
            for word in ("", *words(descriptor.drug)):
                leads[f"word {word}"].add(code)
    return shelf.table("leads", ((lead, [code.curie for code in sorted(codes)]) for lead, codes in leads.items()))


def telling_words(name: str) -> set[str]:
    """The words of a drug's name that tell it, without salts and the four letters.

    >>> telling_words("tocilizumab-aazg")
    {'tocilizumab'}
    """
    return {word for word in words(SUFFIX.sub("", name)) if len(word) >= _SHORTEST and word not in SALTS}


def joined(telling: Iterable[str]) -> str:
    """Words in order, as one lead."""
    return " ".join(sorted(telling))
