"""The English words of pages, all from one file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import ResourceError
from kg.model import Kind, Relation, Strength, Verdict

PAGE = Path(__file__).parent / "page"


def page_file(name: str) -> str:
    """One of the files that a page is made of, with line ends as HTML parsers make them."""
    try:
        # Text mode gives line feeds, as HTML parsers do before they hash a script.
        return (PAGE / name).read_text("utf-8")
    except OSError as error:
        raise ResourceError(f"billing-kg is installed without its file {name}; install it again") from error


@cache
def texts() -> dict[str, Any]:
    """All words, as the tables of `texts.toml`."""
    return tomllib.loads(page_file("texts.toml"))


def count_of(kind: Kind, count: int) -> str:
    """So many of a kind, in words.

    >>> count_of(Kind.ICD10CM, 212), count_of(Kind.DRUG, 1)
    ('212 diagnoses', '1 drug')
    """
    words = texts()["kinds"][kind.value]
    return f"{count:,} {words['one' if count == 1 else 'many']}"


def kind_words(kind: Kind) -> dict[str, str]:
    """What one of a kind is called, and what many."""
    words: dict[str, str] = texts()["kinds"][kind.value]
    return words


def relation_words(relation: Relation) -> dict[str, str]:
    """A relation read aloud, affirmed (`says`) and excluded (`denies`)."""
    words: dict[str, str] = texts()["relations"][relation.value]
    return words


def meaning(verdict: Verdict) -> str:
    """What a verdict means."""
    return str(texts()["verdicts"][verdict.value])


def strength_words(strength: Strength) -> str:
    """How a strength is said."""
    return str(texts()["strengths"][strength.value])
