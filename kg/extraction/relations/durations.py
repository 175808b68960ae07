"""Units of services: so much time as a code stands for once."""

from __future__ import annotations

from kg import lazy_re as re
from kg.extraction.relations.units import IN_TIME, TIMES
from kg.extraction.text.text import Text
from kg.model import Concept, Quantity

_TIME = r"(?P<unit>minutes?|mins?|hours?|hrs?|days?|diem|weeks?|months?)\b"
# "each additional 30 minutes", "per 15 min"
_EACH = re.compile(
    rf"\b(?:each|every|per)\s+(?:additional\s+|add['’]?l\.?\s+)?(?P<number>\d{{1,3}})(?:\s*|-)(?:additional\s+)?{_TIME}"
)
# "IV infusion each additional hour", "additional hr"
_ADDITIONAL = re.compile(rf"\b(?:additional|add['’]?l\.?)\s+(?P<number>){_TIME}")
# "Infusion, initial hour", "up to 1 hour"
_INITIAL = re.compile(r"\b(?:(?:initial|first|1st)\s+|up to (?:1|one)\s*-?\s*)(?P<number>)(?P<unit>hour|hr)\b")
# "…, per hour", "(per diem)"; what is limited per day has no comma before it.
_PER = re.compile(rf"(?:[,(;:]|\s[-–—])\s*(?:each|per)\s+(?:additional\s+)?(?P<number>)(?:\w+\s+)?{_TIME}")
# "Psychotherapy, 45 minutes": so descriptors end.
_AT_END = re.compile(rf"[,(]\s*(?:approximately\s+)?(?P<number>\d{{1,3}})(?:\s+|-){_TIME}\s*\)?\s*(?:$|[|;])")
# "Do not use with any per diem code" tells nothing of the unit.
_PER_DIEM = re.compile(r"(?<!any )(?<!with )\bper diem\b(?! codes?)")
_WHOLE = {"m": "minute", "h": "hour", "d": "day", "w": "week"}


def time_unit_in(text: Text, start: int, end: int) -> Concept | None:
    """The time that one unit of a service stands for, where its name says so; None where it names several.

    >>> from kg.documents import parse
    >>> text = Text(parse(b"Counseling, per 15 minutes\\n\\nTherapy, 45 minutes\\n\\nLimit 2 per day", "a.md"))
    >>> [unit and unit.key for unit in (time_unit_in(text, b.start, b.end) for b in text.document.blocks)]
    ['15-minute', '45-minute', None]
    """
    if _PER_DIEM.search(text.small, start, end):
        return _unit("1", "day")  # "… once every 8 hours; per diem" tells how often it is given.
    for pattern in (_EACH, _PER, _ADDITIONAL, _INITIAL, _AT_END):
        matches = [match for match in pattern.finditer(text.small, start, end) if not _limits(text, match, start)]
        units = {_unit(match["number"], match["unit"]) for match in matches}
        if units:
            return units.pop() if len(units) == 1 else None
    return None


def _limits(text: Text, match: re.Match[str], start: int) -> bool:
    """Whether words say how many there are in days, weeks or months: "300 for insulin, per 3 months"."""
    at = match.start("number")
    return match["unit"].startswith(TIMES) and IN_TIME.search(text.small, max(start, at - 60), at) is not None


def _unit(number: str, word: str) -> Concept | None:
    unit = "month" if word.startswith("mo") else _WHOLE[word[0]]
    quantity = Quantity.parse(f"{number or 1} {unit}{'s' if int(number or 1) > 1 else ''}")
    return quantity.concept if quantity else None
