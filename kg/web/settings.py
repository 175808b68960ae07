"""How a server is to serve: who may ask, and how much."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kg.service.limits import Limits
from kg.web.guard import LOOPBACK

_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of whoever runs the server.

    A question is stopped after `timeout` seconds; `limits` are all other limits. Only requests for one of `hosts` are
    answered, or for the address on which they came in; where there is a `token`, they have to bring it. Pages of
    `origins` may ask and read the answers; "*" is any page. With `log_requests`, each request is a line on standard
    error. Documents are checked against what is in the folder `releases`, or where the user's own releases are. What
    one of `proxies` sends comes from the client that it names in `X-Forwarded-For`.
    """

    timeout: float = 30.0
    hosts: frozenset[str] = LOOPBACK
    origins: frozenset[str] = frozenset()
    token: str = field(default="", repr=False)
    log_requests: bool = False
    releases: Path | None = None
    proxies: tuple[str, ...] = ()
    limits: Limits = _LIMITS
