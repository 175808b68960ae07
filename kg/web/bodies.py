"""Reads the bodies of requests: none too large, none for too long, and all at once in so much memory and no more."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request

_MORE = 15 << 20
_BUSY = "busy: too many bodies at once; send it again in a moment"
_DIGITS = 18


class Bodies:
    """The bodies that a server is reading."""

    def __init__(self, largest: int, together: int, seconds: float) -> None:
        """One may have `largest` bytes and take so many seconds to arrive, all of them `together` bytes."""
        self._largest = largest
        self._together = together
        self._seconds = seconds
        self._held = 0

    async def read(self, request: Request, largest: int = 0) -> bytes:
        """The body of a request, which may be of another size; raises `HTTPException` 413 where it is larger.

        Where it takes too long it raises 408.
        """
        largest = largest or self._largest
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
                raise HTTPException(503, _BUSY, {"Retry-After": "1"})
            self._held += len(chunk)
            content += chunk
        return size


def _too_large(largest: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {largest:,} bytes")
