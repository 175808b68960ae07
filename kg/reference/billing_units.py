"""The pieces of a HCPCS Level II descriptor, and the amount that one unit of the code bills.

>>> unit_of(pieces_of("technetium tc-99m sestamibi, diagnostic, per study dose, up to 30 millicuries")).text
'1 dose'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg import lazy_re as re
from kg.model import Quantity


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands between two commas, or, as an `aside`, between parentheses."""

    text: str
    aside: bool = False


# UCUM units that measure one thing, in terms of the first. An international unit is a unit.
_SCALES = (
    {"mg": Decimal(1), "g": Decimal(1000), "ug": Decimal("0.001"), "ng": Decimal("0.000001"), "kg": Decimal(10**6)},
    {"mL": Decimal(1), "L": Decimal(1000)},
    {"[U]": Decimal(1), "[iU]": Decimal(1)},
)


def same_amount(first: Quantity, second: Quantity) -> bool | None:
    """Whether two quantities are one amount; None where they cannot be compared.

    >>> same_amount(Quantity.parse("1 gram"), Quantity.parse("1,000 mg"))
    True
    """
    scale = scale_of(first.ucum, second.ucum)
    return first.number * scale[0] == second.number * scale[1] if scale else None


def scale_of(first: str, second: str) -> tuple[Decimal, Decimal] | None:
    """What two units count for in a third; None where they measure different things.

    >>> scale_of("g", "mg")
    (Decimal('1000'), Decimal('1'))
    """
    if first == second:
        return Decimal(1), Decimal(1)
    return next(((scale[first], scale[second]) for scale in _SCALES if first in scale and second in scale), None)


_BREAK = re.compile(r"[;,()]")


def pieces_of(text: str) -> list[Piece]:
    """Cut a descriptor at commas and parentheses, but not within `1,000`, `f(ab)2` or `rho(d)`."""
    pieces: list[Piece] = []
    depth = start = position = 0
    for match in _BREAK.finditer(text):
        position, mark = match.start(), match[0]
        if mark == "(" and depth == 0 and position > start and not text[position - 1].isspace():
            depth = -1  # within a word
        elif depth < 0:
            depth = 0 if mark == ")" else depth
        elif mark == "(":
            if depth == 0:
                pieces.append(Piece(text[start:position].strip()))
                start = position + 1
            depth += 1
        elif mark == ")":
            if depth == 1:
                pieces.append(Piece(text[start:position].strip(), aside=True))
                start = position + 1
            depth = max(0, depth - 1)
        elif depth == 0 and not _thousands(text, position):
            pieces.append(Piece(text[start:position].strip()))
            start = position + 1
    pieces.append(Piece(text[start:].strip(), aside=depth > 0))
    return [piece for piece in pieces if piece.text]


def _thousands(text: str, position: int) -> bool:
    return text[position - 1 : position].isdigit() and text[position + 1 : position + 4].isdigit()


NUMBER = re.compile(r"(?<![\w.,^-])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+)(?=[ -]?[a-zµμ])")
_WORD = re.compile(r"[ -]?[a-zµμ][a-zµμ0-9.]*")
_PER = re.compile(
    r"\bper (?=[a-z])(?:(?:single|study|therapeutic|treatment(?= dose)|use|dose(?= vial)|factor [ivx]+)[ -])*"
)
# "per patch", "monthly vaginal ring, each": what is counted has no unit of measure.
_OF_THINGS = re.compile(r"(?:per (?=[a-z])|each$)")
# "greater than 6 mg" is a range, "10 mg/ml" a concentration, "provided in 1.1 mg vial" a package.
_BEFORE_OTHERS = re.compile(r"\b(?:than|than or equal to|over|minimum of|provided in|at least|nominal) $")
_AFTER_OTHERS = re.compile(r"/(?:ml|cc)\b|/[\d.]+ ?(?:ml|cc)\b| per [\d.]* ?(?:ml|cc|hours)\b")
# What the model's table does not have, in words that it has.
_SAME_UNITS = (
    (re.compile(r"\bbillion vector genome\b"), "billion vector genomes"),
    (re.compile(r"\bsquare cenitmeter|\bsq\.? ?cm\b"), "square centimeter"),
)
_MILLION_PFU = re.compile(r"([\d.]+) million plaque forming units?\b")
# Of patients, of time and of needles.
_NO_BILLING_UNIT = frozenset({"min", "h", "d", "wk", "mo", "kg", "{gauge}"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity, and where it stands in its piece."""

    quantity: Quantity
    start: int
    end: int


def unit_of(pieces: Sequence[Piece]) -> Quantity | None:
    """The amount that one unit bills: after "per", else the last in a piece of its own, else the last of all."""
    if per := after_per(pieces):
        return per
    if any(_OF_THINGS.match(piece.text) for piece in pieces):
        return None
    texts = [_in_known_units(piece.text) for piece in pieces if not piece.aside]
    amounts = [amounts_of(text) for text in texts]
    if not any(amounts) or _one_each(texts, amounts):
        # "10mg/10mg (20mg)": the amount of the whole stands in parentheses.
        return next((whole for piece in pieces if piece.aside and (whole := whole_amount(piece.text))), None)
    every = [(text, amount) for text, text_amounts in zip(texts, amounts, strict=True) for amount in text_amounts]
    alone = [(text, amount) for text, amount in every if text[: amount.start] in ("", "per ", "up to ", "per up to ")]
    said_per = [(text, amount) for text, amount in alone if text.startswith("per ")]
    return (said_per or alone or every)[-1][1].quantity


def after_per(pieces: Sequence[Piece]) -> Quantity | None:
    """What follows "per": "per mg", "per single dose vial", "per i.u. of factor ix activity"."""
    for text in (_in_known_units(piece.text) for piece in pieces if not piece.aside):
        if match := _MILLION_PFU.search(text):
            return Quantity(Decimal(match[1]) * 1_000_000, "[PFU]", match[0])
        match = _PER.search(text)
        amount = amount_at("1", text, match.end(), match.end()) if match else None
        if amount and amount.quantity.ucum not in _NO_BILLING_UNIT:
            return amount.quantity
    return None


def _in_known_units(text: str) -> str:
    for pattern, words in _SAME_UNITS:
        text = pattern.sub(words, text)
    return text


def quantities_of(text: str) -> list[Amount]:
    """All quantities of a drug in a text in small letters, also concentrations.

    >>> [amount.quantity.text for amount in quantities_of("baclofen 50 mcg/ml, 10 ml")]
    ['50 mcg', '10 ml']
    """
    return [
        amount
        for match in NUMBER.finditer(text)
        if (amount := amount_at(match[0], text, match.start(), match.end()))
        and amount.quantity.ucum not in _NO_BILLING_UNIT
    ]


def amounts_of(text: str) -> list[Amount]:
    """The amounts of a drug in a piece, without ranges, concentrations, times and weights."""
    return [
        amount
        for amount in quantities_of(text)
        if not _BEFORE_OTHERS.search(text, 0, amount.start) and not _AFTER_OTHERS.match(text, amount.end)
    ]


def amount_at(number: str, text: str, start: int, position: int) -> Amount | None:
    """The number with the longest unit that stands at a position, of one to three words."""
    ends = [position]
    while len(ends) <= 3 and (match := _WORD.match(text, ends[-1])):
        ends.append(match.end())
    for end in reversed(ends[1:]):
        if quantity := Quantity.parse(f"{number} {text[position:end].strip(' -')}"):
            return Amount(quantity, start, end)
    return None


def _one_each(texts: list[str], amounts: list[list[Amount]]) -> bool:
    """Whether the parts of a combination have an amount each: "a 10 mg and b 3 mg", "2 mg/3 mg"."""
    having = [(text, text_amounts) for text, text_amounts in zip(texts, amounts, strict=True) if text_amounts]
    joined = [
        len(text_amounts) > 1 and re.search(r"/| and ", text[text_amounts[0].start : text_amounts[-1].end])
        for text, text_amounts in having
    ]
    # "carbidopa 5 mg/levodopa 20 mg, 100 ml": the amount of both stands alone, at the end.
    if any(joined):
        return bool(joined[-1])
    return len(having) > 1 and any(" and " in text for text, _ in having)


def whole_amount(text: str) -> Quantity | None:
    """The amount that an aside states and nothing else: "20mg", "500 ml = 1 unit"."""
    match = NUMBER.match(text)
    amount = amount_at(match[0], text, 0, match.end()) if match else None
    if amount is None or amount.quantity.ucum in _NO_BILLING_UNIT or text[amount.end :] not in ("", " = 1 unit"):
        return None
    return amount.quantity
