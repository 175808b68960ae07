"""The limits of a server: how much of everything there is, for all and for each client."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from kg.errors import UsageError

MIB = 1 << 20


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _half_of_memory() -> int:
    """Half of what this machine has, in MiB."""
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (2 * MIB)
    return 4096


def _limit(default: Any, least: float, most: float, words: str) -> Any:
    """A limit, the least and the most that it may be, and what it limits."""
    return field(default=default, metadata={"least": least, "most": most, "words": words})


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits, each a whole number or a number of seconds; those that depend on the machine are for this one."""

    workers: int = _limit(3 * cores(), 1, 256, "questions that are answered at once in the quick lane")
    slow: int = _limit(min(192, 24 * cores()), 0, 1024, "questions that are answered at once in the slow lane")
    quick: float = _limit(0.15, 0.01, 3600, "seconds of the processor after which a question goes to the slow lane")
    pause_seconds: float = _limit(
        90.0, 0, 3600, "seconds that a question may pause in the slow lane, which do not count for `--timeout`"
    )
    slow_memory: int = _limit(
        _half_of_memory(), 64, 1 << 30, "MiB that all questions in the slow lane may use together"
    )
    memory: int = _limit(2048, 64, 1 << 20, "MiB that a question may use")
    waiting: int = _limit(500, 0, 100_000, "questions that wait for a worker")
    waiting_each: int = _limit(50, 0, 100_000, "questions of one client that wait for a worker")
    checks: int = _limit(1, 1, 256, "documents that are checked at once")
    check_seconds: float = _limit(120.0, 1, 3600, "seconds that the check of a document may take")
    check_memory: int = _limit(2048, 64, 1 << 20, "MiB that the check of a document may use")
    checks_waiting: int = _limit(8, 0, 1000, "documents that wait to be checked")
    checks_waiting_each: int = _limit(4, 0, 1000, "documents of one client that wait to be checked")
    body: int = _limit(1 * MIB, 1024, 1 << 30, "bytes of the body of a question")
    document: int = _limit(32 * MIB, 1024, 1 << 30, "bytes of a document that is to be checked")
    bodies: int = _limit(256 * MIB, 1024, 1 << 40, "bytes of all bodies that arrive at once")
    body_seconds: float = _limit(60.0, 0.1, 3600, "seconds until a body has arrived")
    head_seconds: float = _limit(15.0, 0.1, 3600, "seconds until the head of a request has arrived")
    idle_seconds: float = _limit(75.0, 0.1, 3600, "seconds that a connection stays open after an answer")
    reading_seconds: float = _limit(20.0, 0.1, 3600, "seconds in which a client has to take 16 KiB of its answer")
    connections: int = _limit(1000, 10, 100_000, "connections, as far as there may be so many open files")

    @classmethod
    def given(cls, words: Iterable[str], **others: Any) -> Limits:
        """The limits, of which some are given as NAME=VALUE, and others by their fields; raises `UsageError` for none.

        >>> Limits.given(["waiting-each=5"]).waiting_each
        5
        """
        given: dict[str, Any] = dict(map(_read, words))
        return cls(**{**others, **given})


LIMITS = {limit.name.replace("_", "-"): limit for limit in fields(Limits)}
"""Each limit by the name under which it can be given."""


def _read(text: str) -> tuple[str, float]:
    """The field and the value that NAME=VALUE gives."""
    name, _, given = text.partition("=")
    limit = LIMITS.get(name)
    if limit is None:
        raise UsageError(f"--limit: no such limit: {name!r} (one of {', '.join(LIMITS)})")
    least, most = limit.metadata["least"], limit.metadata["most"]
    is_whole = isinstance(limit.default, int)
    try:
        value = int(given) if is_whole else float(given)
    except ValueError:
        value = math.nan
    # Written so that what is not a number at all, NaN, is refused as well.
    if not least <= value <= most:
        what = "a whole number" if is_whole else "a number"
        raise UsageError(f"--limit {name}: not {what} from {least:,} to {most:,}: {given!r}")
    return limit.name, value
