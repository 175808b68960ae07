"""The token that opens a server to others than this machine.

Programs send it as `Authorization: Bearer …`. Browsers, and clients that know nothing else, send it as the password of
HTTP Basic, for which browsers ask by themselves; the user name is not looked at.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re

from kg.errors import UsageError

CHALLENGES = ('Basic realm="billing-kg", charset="UTF-8"', 'Bearer realm="billing-kg"')
"""The values of `WWW-Authenticate`; Basic comes first, since some browsers look no further."""

SHORTEST = 16
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def check_token(token: str) -> str:
    """The token itself; raises `UsageError`, which does not repeat it, where it could be guessed or not be sent.

    >>> check_token("secret")
    Traceback (most recent call last):
    kg.errors.UsageError: the token has 6 characters; it needs at least 16, for example those of: openssl rand -hex 32
    """
    if not _TOKEN.fullmatch(token):
        raise UsageError("the token may hold letters, digits and - . _ ~ + / with = at the end, and nothing else")
    if len(token) < SHORTEST:
        raise UsageError(
            f"the token has {len(token)} characters; it needs at least {SHORTEST}, "
            "for example those of: openssl rand -hex 32"
        )
    return token


def is_brought(authorization: str, token: str) -> bool:
    """Whether a header `Authorization` brings the token; takes the same time however much of it is right.

    >>> is_brought("Bearer 0123456789abcdef", "0123456789abcdef")
    True
    """
    scheme, _, rest = authorization.partition(" ")
    given = _password(rest) if scheme.lower() == "basic" else rest if scheme.lower() == "bearer" else ""
    return hmac.compare_digest(given.strip().encode(), token.encode())


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
