"""Layouts that a page saved: where a person put the concepts, to be drawn there again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.drawing.small_files import read_small
from kg.errors import UsageError

PLANS = ("panels", "projector")
_MOST_BYTES = 10_000_000
_FARTHEST = 100_000
_VERSION = "billing-kg layout"

Layout = Mapping[str, Mapping[str, list[float]]]


def read_layout(file: str | Path) -> Layout:
    """The places that a page saved, by plan and CURIE; raises `UsageError` with the file for what is no layout."""
    path = Path(file)
    content = read_small(path, _MOST_BYTES, "layout")
    try:
        # Not every nesting that is JSON can be read; none of those is a layout.
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not a layout saved by a page: {error}") from error
    return {plan: _places(data, plan, path) for plan in PLANS}


def _places(data: Any, plan: str, path: Path) -> dict[str, list[float]]:
    if not isinstance(data, dict) or data.get(_VERSION) != 1:
        raise UsageError(f"{path}: not a layout saved by a page: no {_VERSION!r} of 1")
    places = data.get(plan, {})
    if not isinstance(places, dict):
        raise UsageError(f"{path}: {plan!r} is not a table of places")
    for curie, place in places.items():
        if not (isinstance(place, list) and len(place) == 2 and all(map(_is_length, place))):
            raise UsageError(f"{path}: not a place for {curie!r} in {plan!r}: {place!r:.80}")
    return places


def _is_length(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= _FARTHEST and math.isfinite(value)
