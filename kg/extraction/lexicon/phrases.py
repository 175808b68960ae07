"""Phrases as people write them in the tables of `data/cues`, turned into patterns for small letters.

A phrase is words with blanks between. `{class}` is any word of a class of `words.tsv`, a word with `?` may be missing,
`word*` is any word that begins so, `..` is up to four words, `^` and `$` are the beginning and the end of the text.
"""

from __future__ import annotations

import re
from functools import cache

from kg import resources
from kg.errors import ResourceError

_CLASS = re.compile(r"\{([^}]*)\}")
# What may stand between two words of a phrase.
_GAP = r"[\s/-]+"
_ANY_WORDS = r"(?:(?!(?:not|no|never|without|rarely|seldom|hardly|sometimes|may|can|might|could)\s)(?:[^\s.;:,]|[.](?=\w))+\s+){0,4}?"


def words_of(name: str) -> tuple[str, ...]:
    """The words of a class; raises `ResourceError` where no class is called so.

    >>> "covered" in words_of("pay")
    True
    """
    if name not in _classes():
        raise ResourceError(f"data/cues/words.tsv: no class {name!r}")
    return _classes()[name]


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    rows = resources.table("data", "cues", "words.tsv")
    return {row["class"]: tuple(word.strip() for word in row["words"].split(";")) for row in rows}


def pattern_of(phrase: str) -> str:
    """The pattern of a phrase, for text in small letters.

    >>> bool(re.search(pattern_of("non {payable}"), "non-covered diagnoses"))
    True
    """
    begins = phrase.startswith("^")
    ends = phrase.endswith("$")
    parts = phrase.strip("^$ ").split()
    pattern = r"^\W*" if begins else ""
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "..":
            pattern += _ANY_WORDS
            continue
        word = _word(part.rstrip("?"))
        gap = "" if last else _GAP
        pattern += f"(?:{word}{gap})?" if part.endswith("?") else word + gap
    return pattern + (r"\W*$" if ends else "")


def require_classes(phrase: str) -> None:
    """Make sure that the classes in a phrase are there; raises `ResourceError` for one that is not."""
    for name in _CLASS.findall(phrase):
        words_of(name)


def first_words(phrase: str) -> tuple[str, ...]:
    """The words that a phrase may begin with, in small letters, a star behind those that go on.

    >>> first_words("fails? to support"), first_words("cover*")
    (('fails', 'to'), ('cover*',))
    """
    words: list[str] = []
    for part in phrase.strip("^$ ").split():
        name = part.rstrip("?")
        words += [word.split()[0] for word in words_of(name[1:-1])] if name.startswith("{") else [name]
        if not part.endswith("?"):
            break
    return tuple(dict.fromkeys(words))


def is_word(phrase: str, word: str) -> bool:
    """Whether a phrase is one plain word, or a class that has it and of which no longer words begin so.

    >>> is_word("never", "never"), is_word("{must}", "shall"), is_word("cover*", "cover")
    (True, True, False)
    """
    parts = phrase.split()
    if len(parts) != 1 or phrase.endswith("?") or phrase[0] in "^$":
        return False
    words = _words(parts[0])
    return word in words and not any(other != word and other.split()[0].rstrip("*") == word for other in words)


def second_words(phrase: str) -> tuple[str, ...] | None:
    """The words that may follow the first one, a star behind those that go on; None where anything may follow.

    >>> second_words("no longer {be}? required"), second_words("excluded")
    (('longer',), None)
    """
    parts = phrase.strip("^$ ").split()
    needed = [number for number, part in enumerate(parts) if not part.endswith("?")]
    if not needed or phrase.endswith("$"):
        return None
    words: list[str] = []
    for number in range(needed[0] + 1):
        words += [" ".join(word.split()[1:]) for word in _words(parts[number]) if " " in word]
        if number:
            words += [word.split()[0] for word in _words(parts[number])]
    for part in parts[needed[0] + 1 :]:
        if part == "..":
            return None
        words += [word.split()[0] for word in _words(part)]
        if not part.endswith("?"):
            return tuple(dict.fromkeys(words))
    return None


def _words(part: str) -> tuple[str, ...]:
    name = part.rstrip("?")
    return words_of(name[1:-1]) if name.startswith("{") else (name,)


def _word(part: str) -> str:
    words = sorted(_words(part), key=len, reverse=True)
    if len(words) == 1 or not all(word[0].isalnum() and word.removesuffix("*")[-1].isalnum() for word in words):
        return f"(?:{'|'.join(_literal(word) for word in words)})"
    # What stands before and behind is tested once for all of them, which saves half of the time to compile a class.
    choices = "|".join(_escaped(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
    return rf"(?<!\w)(?:{choices})(?!\w)"


def _literal(word: str) -> str:
    stem = word.removesuffix("*")
    before = r"(?<!\w)" if stem[:1].isalnum() else ""
    after = (r"\w*" if word.endswith("*") else r"(?!\w)") if stem[-1:].isalnum() else ""
    return before + _escaped(stem) + after


def _escaped(word: str) -> str:
    return re.escape(word).replace(r"\ ", _GAP)
