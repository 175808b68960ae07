"""The files that pages lead to: style sheets and scripts, each at an address of its own."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kg.errors import ResourceError

_FOLDER = Path(__file__).parent
_TYPES = {".css": "text/css", ".js": "text/javascript"}


class Asset(NamedTuple):
    """A file as it is sent; the tag is that of its content, since it belongs to no build."""

    content: bytes
    media_type: str
    tag: str


@cache
def assets() -> dict[str, Asset]:
    """All such files by address; raises `ResourceError` where there is none."""
    files = sorted([*_FOLDER.glob("*.css"), *_FOLDER.glob("scripts/*.js")])
    if not files:
        raise ResourceError("billing-kg is installed without the style sheets of its pages; install it again")
    return {f"/{file.relative_to(_FOLDER).as_posix()}": _read(file) for file in files}


def versioned(address: str) -> str:
    """The address of a file as pages name it: whoever has an older one is given the new one."""
    tag = assets()[address].tag
    return f"{address}?{tag[3:15]}"


def _read(file: Path) -> Asset:
    content = file.read_bytes()
    return Asset(content, _TYPES[file.suffix], f'W/"{hashlib.sha256(content).hexdigest()[:32]}"')
