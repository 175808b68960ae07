"""How much room limits give to questions, and to documents that are checked."""

from __future__ import annotations

from kg.service.limits import MIB, Limits, cores
from kg.service.pool import Room


def room_for_questions(timeout: float, limits: Limits, *, is_warm: bool = True) -> Room:
    """Room for questions that take `timeout` seconds at most; with `is_warm`, workers start before they are needed."""
    return Room(
        timeout,
        limits.memory * MIB,
        quick=limits.workers,
        slow=limits.slow,
        going=cores(),
        overrun=limits.quick,
        pauses=limits.pause_seconds,
        slow_memory=limits.slow_memory * MIB,
        waiting=limits.waiting,
        waiting_each=limits.waiting_each,
        is_warm=is_warm,
    )


def room_for_checks(limits: Limits) -> Room:
    """Room for documents that are checked."""
    return Room(
        limits.check_seconds,
        limits.check_memory * MIB,
        quick=limits.checks,
        waiting=limits.checks_waiting,
        waiting_each=limits.checks_waiting_each,
        is_warm=False,
    )
