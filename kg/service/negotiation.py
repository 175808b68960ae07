"""Which media type a client likes best."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def choose(accept: str, offered: Sequence[str]) -> str | None:
    """The offered media type that a header `Accept` prefers; the first of equals, None where none will do.

    >>> choose("text/*;q=0.5, application/json", ["text/csv", "application/json"])
    'application/json'
    >>> choose("", ["text/csv", "application/json"])
    'text/csv'
    """
    ranges = dict(_ranges(accept or "*/*"))
    liked = {media_type: _liking(media_type, ranges) for media_type in offered}
    best = max(offered, key=liked.__getitem__)
    return best if liked[best] > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    return [_range(part) for part in accept.split(",") if part.strip()]


def _range(part: str) -> tuple[str, float]:
    """A range and its weight; what is no weight counts as none given, as most servers have it."""
    media_range, *parameters = (piece.strip() for piece in part.split(";"))
    weights = [match[1] for parameter in parameters if (match := _WEIGHT.fullmatch(parameter))]
    return media_range.lower(), float(weights[0]) if weights else 1.0


def _liking(media_type: str, ranges: dict[str, float]) -> float:
    """The weight of the range that fits most closely."""
    for fitting in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if fitting in ranges:
            return ranges[fitting]
    return 0.0
