"""What can stand for a thing in its own words, where no entry of a kept list fits it."""

from __future__ import annotations

from functools import cache

from kg import lazy_re as re
from kg import resources
from kg.extraction.text.folding import fold
from kg.extraction.wording.kept_lists import names_fault
from kg.extraction.wording.vocabulary import Word, group, length_at, plain_words, words_of
from kg.model import Kind

_LONGEST = 9
_NOT_AND_A_WORD = 2
LONGEST_CLAUSE = 13
_CODE = re.compile(r"[a-z]?\d[\w.]*|[a-z]{1,2}\d{2,}[\w.]*|\d+")
_NUMBERED = re.compile(r"[a-z]\d{1,2}")
_MODIFIER = re.compile(r"[A-Z][A-Z0-9]|\d{2}")
# Signs of programs and of tables, which stand in no name of a thing.
STRANGE = re.compile(r"[`→_{}=<>\\@~^]|\[[ x]?\]|\.(?:csv|xlsx?|pdf|json|py)\b|https?:|www\.")
_LETTERS = re.compile(r"[a-z]{3}")
_DISEASE = re.compile(r"(?:itis|osis|emia|aemia|pathy|algia|oma|penia|philia)s?")


def is_clean(kind: Kind, phrase: str) -> bool:
    """Whether a phrase that no entry fits can stand for a thing in its own words.

    >>> is_clean(Kind.DOCUMENTATION, "toxicity grade"), is_clean(Kind.DOCUMENTATION, "office keeps it in the fridge")
    (True, False)
    """
    words = words_of(phrase)
    longest = LONGEST_CLAUSE if kind is Kind.DENIAL else _LONGEST
    if not 1 <= len(words) <= longest or "?" in phrase or not _LETTERS.search(fold(phrase)) or is_bare(phrase, words):
        return False
    if kind is Kind.DENIAL and words[0].small == "not" and len(words) == _NOT_AND_A_WORD:
        return False  # "Not feasible": of what, nobody knows.
    if not _begins_well(kind, phrase, words) or words[-1].small in group("trailing adjective"):
        return False
    if STRANGE.search(phrase) or words[-1].small.endswith("'s") or _is_torn(words):
        return False
    if kind is not Kind.DENIAL and words[_head_at(words)].small in group("no item"):
        return False
    if kind is Kind.DOCUMENTATION and _is_rule(words):
        return False
    # "Delayed payment" comes of a denial; "deviation from payer guidelines" is a reason for one.
    from_word = len(words) - 1 if kind is Kind.DENIAL else 0
    if any(length_at(words, at, "unfit") for at in range(from_word, len(words))):
        return False
    # "Codes that do not match" is a reason in a clause of its own.
    if any(word.small in group("reference" if kind is Kind.DENIAL else "pronoun") for word in words):
        return False
    return _says_something(kind, phrase, words)


def _is_rule(words: list[Word]) -> bool:
    """Whether a phrase is a rule, and no record: "prior approval required before delivery", "frequency F7"."""
    return any(word.small in group("verdict") for word in words[1:]) or bool(_NUMBERED.fullmatch(words[-1].small))


def _is_torn(words: list[Word]) -> bool:
    """Whether a phrase is torn out of its sentence: it begins with the letter of an item, or is about people."""
    modal = any(word.small in ("may", "shall", "must", "should", "will") for word in words)
    marker = len(words[0].small) == 1 and words[0].small != "a"
    people = words[_head_at(words)].small in group("person")
    return modal or marker or people or words[-1].small.endswith("-based")


def _begins_well(kind: Kind, phrase: str, words: list[Word]) -> bool:
    first = words[0].small
    second = words[1].small if len(words) > 1 else ""
    if kind is not Kind.DENIAL and (
        (first.endswith("ed") and second in group("linking preposition"))
        or (first.endswith("ing") and second in group("determiner"))
        or (names_fault(first) and not length_at(words, 0, "failure"))
    ):
        return False
    # "in-person" is one word, and no "in".
    if phrase.startswith("-", words[0].end):
        return True
    if first in group("conjunction") or first in group("finite") or first in group("pronoun"):
        return kind is Kind.DENIAL and names_fault(first) and first not in group("finite")
    if first in group("opening verb") and second != "of":
        return kind is Kind.DENIAL and names_fault(first)
    return True


def _says_something(kind: Kind, phrase: str, words: list[Word]) -> bool:
    """Whether a phrase names a thing of its kind, and not a person, a disease, a drug or a payer."""
    telling = [w for w in words if w.small not in group("small") and w.small not in group("generic")]
    if kind is Kind.DENIAL:
        return names_fault(phrase) and any(not names_fault(word.small) for word in telling)
    if any(word.small in group("finite") for word in words) or not telling:
        return False
    if telling[0].small in group("person") or all(
        is_name(word.small) or _CODE.fullmatch(word.small) for word in telling
    ):
        return False
    if kind is Kind.DOCUMENTATION and (
        len(words) == 1 or words[0].small.isdigit() or words[-1].small.endswith(("able", "ible"))
    ):
        return False
    if kind is Kind.REQUIREMENT:
        return len(words) > 1 and any(word.small in group("requirement head") for word in words)
    return not _is_disease(words)


def _head_at(words: list[Word]) -> int:
    """The place of the word that a phrase is about: the last one before a preposition."""
    links = group("linking preposition") | {"of"}
    return next((at for at, word in enumerate(words) if at and word.small in links), len(words)) - 1


def _is_disease(words: list[Word]) -> bool:
    """Whether a phrase is the name of a disease, and nothing that is noted of one."""
    if any(word.small in group("disease head") for word in words):
        return False
    upto = _head_at(words) + 1
    return any(word.small in group("disease") or _DISEASE.search(word.small) for word in words[:upto])


def is_bare(text: str, words: list[Word]) -> bool:
    """Whether words are only codes, modifiers, numbers and small words."""
    return all(
        _CODE.fullmatch(word.small) or word.small in group("small") or _MODIFIER.fullmatch(text[word.start : word.end])
        or word.small in ("modifier", "modifiers", "code", "codes")
        for word in words
    )  # fmt: skip


def is_name(word: str) -> bool:
    """Whether a word is the name of a drug or a payer."""
    return word in _names()


@cache
def _names() -> frozenset[str]:
    """The words of the names of drugs, brands and payers."""
    columns = (("drugs.tsv", "brands"), ("payers.tsv", "aliases"))
    return frozenset(
        word
        for table, column in columns
        for row in resources.table("data", "names", table)
        for name in (row["name"], *row[column].split(";"))
        for word in plain_words(name)
        if len(word) > 2
    )
