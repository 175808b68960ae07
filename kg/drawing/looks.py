"""How kinds and verdicts look on a page: the only place for colours, shapes, dashes and signs.

Fills are those of Okabe and Ito, which stay apart for colour-blind eyes, and no two kinds share both shape
and fill. Lines and signs carry text-like meaning, so their colours stand out from the ground at least 4.5:1.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.model import Kind, Verdict

_BLUE, _SKY, _GREEN, _YELLOW = "#0072B2", "#56B4E9", "#009E73", "#F0E442"
_ORANGE, _VERMILION, _PINK, _GREY = "#E69F00", "#D55E00", "#CC79A7", "#BBBBBB"


class KindLook(NamedTuple):
    """The marker of a kind; the page knows how to draw the shapes."""

    shape: str
    fill: str


class VerdictLook(NamedTuple):
    """The line of a verdict: its colour on light and on dark ground, dashes (empty: solid), width, and its sign."""

    light: str
    dark: str
    dashes: tuple[int, ...]
    width: float
    sign: str


# In the order in which groups stand around the focus: what is given and for what, then how it is billed.
KIND_LOOKS: dict[Kind, KindLook] = {
    Kind.DRUG: KindLook("pill", _BLUE),
    Kind.QUANTITY: KindLook("pill", _GREY),
    Kind.NDC: KindLook("pill", _SKY),
    Kind.CONDITION: KindLook("triangle", _ORANGE),
    Kind.ICD10CM: KindLook("circle", _VERMILION),
    Kind.ROUTE: KindLook("triangleDown", _SKY),
    Kind.CPT: KindLook("square", _SKY),
    Kind.HCPCS: KindLook("hexagon", _BLUE),
    Kind.MODIFIER: KindLook("diamond", _PINK),
    Kind.NUCC: KindLook("star", _GREEN),
    Kind.PLACE: KindLook("triangleDown", _YELLOW),
    Kind.PAYER: KindLook("square", _YELLOW),
    Kind.REQUIREMENT: KindLook("plus", _GREEN),
    Kind.DOCUMENTATION: KindLook("sheet", _GREY),
    Kind.DENIAL: KindLook("cross", _VERMILION),
    Kind.POS: KindLook("triangleDown", _GREY),
    Kind.CARC: KindLook("cross", _GREY),
    Kind.RARC: KindLook("cross", _ORANGE),
    Kind.STATUS: KindLook("sheet", _YELLOW),
}

VERDICT_LOOKS: dict[Verdict, VerdictLook] = {
    Verdict.CORROBORATED: VerdictLook("#00664B", "#5FD0A8", (), 3, "✓✓"),
    Verdict.CONSISTENT: VerdictLook("#0072B2", "#6CB6F0", (), 1.5, "✓"),
    Verdict.UNCHECKED: VerdictLook("#5F6670", "#A9B2BD", (9, 4), 1.5, "?"),
    Verdict.DISPUTED: VerdictLook("#9A4B00", "#F0A35E", (5, 4), 2, "!"),
    Verdict.REFUTED: VerdictLook("#B3261E", "#FF8A80", (2, 4), 2.5, "✗"),
}

# The sign of what a document itself says no to, whatever its verdict.
EXCLUDED_SIGN = "⊘"


def kind_rank(kind: Kind) -> int:
    """Where a kind stands among the groups.

    >>> kind_rank(Kind.DRUG) < kind_rank(Kind.PAYER)
    True
    """
    return list(KIND_LOOKS).index(kind)
