"""Codes of which the document itself says that they are over: to say so again would accuse it of what it knows."""

from __future__ import annotations

from kg.documents import Span
from kg.extraction.lexicon import Effect, lexicon
from kg.extraction.text.folding import fold
from kg.extraction.text.sentences import sentences
from kg.verification.lines import line_near

_REACH = 240


def told_as_over(text: str, code: Span) -> bool:
    """Whether the sentence of a code says that codes before these words, or behind them, are not used any more.

    >>> text = "J1030 and J1040 are deleted codes, and replaced by J1010"
    >>> told_as_over(text, Span(0, 5)), told_as_over("Bill J1030, which replaced J1010", Span(5, 10))
    (True, False)
    """
    line = line_near(text, code, _REACH)
    around = next((one for one in sentences(text, *line) if one[0] <= code.start < one[1]), line)
    before, behind = (
        lexicon().find(fold(text[slice(*part)])) for part in ((around[0], code.start), (code.end, around[1]))
    )
    return any(hit.cue.effect is Effect.ENDED and hit.cue.after for hit in before) or any(
        hit.cue.effect is Effect.ENDED and hit.cue.before for hit in behind
    )
