"""Tags of answers (`ETag`): a build never changes, so that a client need not be sent again what it has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from kg import __version__
from kg.errors import StoreError
from kg.graph.decisions import file_of
from kg.graph.engines.address import Address
from kg.graph.manifest import MANIFEST
from kg.graph.store import current_build

# Functions of SPARQL whose value is another one each time, and escapes by which they could be written otherwise.
_CHANGING = re.compile(rb"rand|now|uuid|bnode|\\u", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(request: Request, store: Path | Address | None) -> str:
    """The tag of what is asked for, of the current build of a store or of no store; empty where it has none.

    What stands on an engine at an address has none, since to ask it for its build would keep all others waiting.

    It is that of the build when the request comes. Where a newer build answers, the tag fits nothing later on.
    """
    if (
        isinstance(store, Address)
        or request.method not in ("GET", "HEAD")
        or _CHANGING.search(unquote_to_bytes(request.scope["query_string"]))
    ):
        return ""
    try:
        state = () if store is None else _state(store)
    except (StoreError, OSError):
        return ""
    accept = ",".join(request.headers.getlist("accept"))
    parts = (__version__, *state, request.scope["raw_path"], request.scope["query_string"], accept)
    # Weak, because what is compressed has the same one.
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def headers_of(tag: str) -> Mapping[str, str]:
    """The headers of an answer with a tag: it may be kept by the client, who has to ask whether it still holds."""
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept"} if tag else {}


def is_had(request: Request, tag: str) -> bool:
    """Whether the client says that it has what has this tag."""
    given = _TAG.findall(", ".join(request.headers.getlist("if-none-match")))
    return bool(tag) and tag.removeprefix("W/") in given


def is_whatever_there_is(request: Request) -> bool:
    """Whether the client says that it has an answer, whichever that is."""
    return request.headers.getlist("if-none-match") == ["*"]


def _state(store: Path) -> tuple[str | int, ...]:
    """What tells a build from all others, also from one made later in its place, and from others what was decided."""
    build = current_build(store)
    state = (build / MANIFEST).stat()
    return build.name, state.st_mtime_ns, state.st_ino, *_state_of_decisions(store)


def _state_of_decisions(store: Path) -> tuple[int, ...]:
    with suppress(OSError):
        state = file_of(store).stat()
        return state.st_mtime_ns, state.st_ino
    return ()
