"""Replies as Starlette sends them, each with the headers that keep browsers from making more of it than it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response

from kg.web.replies import Reply

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of what is no page."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_LONGEST_NOTE = 1000
_NONE: Mapping[str, str] = MappingProxyType({})


def respond(reply: Reply, policy: str = NOTHING, headers: Mapping[str, str] = _NONE) -> Response:
    """The response that sends a reply."""
    sent = {**_HEADERS, "Content-Security-Policy": policy, **headers}
    if reply.notes:
        # What a query names is anybody's text, and a header is printable ASCII.
        sent["Kg-Note"] = re.sub(r"[^ -~]", "?", "; ".join(reply.notes))[:_LONGEST_NOTE]
    return Response(reply.body, reply.status, sent, reply.media_type)
