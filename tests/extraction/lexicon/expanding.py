"""The texts that a phrase of `data/cues` stands for: each alternative of each part at least once."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extraction.lexicon.phrases import words_of


def texts_of(phrase: str) -> list[str]:
    """Texts that a phrase must find: every word of its classes, and each word with `?` once there and once not.

    >>> texts_of("not an? label*")
    ['not an label', 'not an labels', 'not label']
    """
    parts = phrase.strip("^$ ").split()
    choices = [_choices(part) for part in parts]
    plain = [words[0] for words in choices]
    found = dict.fromkeys([_joined(plain)])
    for number, words in enumerate(choices):
        for word in words:
            found[_joined([*plain[:number], word, *plain[number + 1 :]])] = None
    needed = [word for word, part in zip(plain, parts, strict=True) if not part.endswith("?")]
    found[_joined(needed)] = None
    return list(found)


def _joined(words: list[str]) -> str:
    return " ".join(word for word in words if word)


def _choices(part: str) -> list[str]:
    return [*_words(part.removesuffix("?")), *([""] if part.endswith("?") else [])]


def _words(part: str) -> Iterator[str]:
    if part == "..":
        yield from ("", "some", "some more words here")
        return
    for word in words_of(part[1:-1]) if part.startswith("{") else (part,):
        yield word.removesuffix("*")
        if word.endswith("*"):
            yield word.removesuffix("*") + "s"
