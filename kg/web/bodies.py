"""Reads the bodies of requests: none too large, none for too long, and all at once in so much memory and no more."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST = 1 << 20
"""How many bytes the body of a question may have: room for a list of VALUES with tens of thousands of codes."""

TOGETHER = 256 << 20
"""How many bytes all bodies may have that are being read at the same time."""

SECONDS = 60
"""How long a body may take to arrive."""

_MORE = 15 << 20
_DIGITS = 18


class Bodies:
    """The bodies that a server is reading."""

    def __init__(self, together: int = TOGETHER, seconds: float = SECONDS) -> None:
        self._together = together
        self._seconds = seconds
        self._held = 0

    async def read(self, request: Request, largest: int = LARGEST) -> bytes:
        """The body of a request; raises `HTTPException` 413 where it is too large, 408 where it takes too long."""
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared[:_DIGITS]) > largest + _MORE:
            raise _too_large(largest)  # Of a body that is little larger the rest is read, so that its sender hears why.
        content = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                size = await self._read(request, content, largest)
        except TimeoutError as exc:
            raise HTTPException(408, f"the body took more than {self._seconds:g} s to arrive") from exc
        finally:
            self._held -= len(content)
        if size > largest:
            raise _too_large(largest)
        return bytes(content)

    async def _read(self, request: Request, content: bytearray, largest: int) -> int:
        """Add what arrives to the content, as far as it may go; gives the size of all that was read."""
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            # Who is still sending reads no answer, so that a little more than what is allowed is read and dropped.
            if size > largest + _MORE:
                break
            if size > largest:
                continue
            if self._held + len(chunk) > self._together:
                raise HTTPException(503, "busy: too many bodies at once; send it again in a moment")
            self._held += len(chunk)
            content += chunk
        return size


def _too_large(largest: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {largest:,} bytes")
