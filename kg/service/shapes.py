"""The shapes of answers and rows, as JSON Schema."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import ResourceError


@cache
def shapes() -> dict[str, Any]:
    """All shapes by name, which nobody may change.

    >>> shapes()["Error"]["required"]
    ['error']
    """
    try:
        content: dict[str, Any] = json.loads(Path(__file__).with_name("shapes.json").read_text("utf-8"))
    except OSError as exc:
        raise ResourceError("billing-kg is installed without its file shapes.json; install it again") from exc
    return content
