"""Labels that name the payer for whom what follows is said: "Plan: Humana"."""

from __future__ import annotations

from kg import lazy_re as re
from kg.documents import Block, Span
from kg.extraction.lexicon import Column, column_of
from kg.extraction.text.text import Text
from kg.model import Concept, Kind

_LABEL = re.compile(r"\W{0,3}(?P<label>[A-Za-z][\w /-]{1,24}?)\W{0,3}[:=]\W{0,3}")
_LETTERS = re.compile(r"\w")


def payer_labelled(text: Text, block: Block) -> tuple[str, Concept | None]:
    """The label of a line and the payer that is all of its value; an empty label and None where it is no such line."""
    match = _LABEL.match(text.plain, block.start, block.end)
    if match is None or column_of(match["label"]) is not Column.PAYER:
        return "", None
    return match["label"], payer_alone(text, Span(match.end(), block.end))


def payer_alone(text: Text, value: Span) -> Concept | None:
    """The payer whose name is all that a value holds."""
    payers = text.mentions_in(*value, Kind.PAYER)
    if len(payers) != 1 or _LETTERS.search(text.without(value, payers)):
        return None
    return payers[0].concept
