"""The time that a question has, which stands still while it pauses for others."""

from __future__ import annotations

import time
from collections.abc import Callable


class Countdown:
    """So many seconds, and at most so many seconds of pauses, which do not count.

    >>> now = iter([0, 5, 25, 26])
    >>> countdown = Countdown(30, 10, clock=lambda: next(now))
    >>> countdown.start()
    >>> countdown.pause(True)
    >>> countdown.pause(False)
    >>> countdown.left()
    14
    """

    def __init__(self, seconds: float, pauses: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._pauses = pauses
        self._clock = clock
        self._end = 0.0
        self._paused = 0.0
        self._since: float | None = None

    def start(self) -> None:
        """Count from now on."""
        self._end, self._paused, self._since = self._clock() + self._seconds, 0, None

    def pause(self, is_paused: bool) -> None:
        """Stand still, or go on."""
        now = self._clock()
        self._paused += now - self._since if self._since is not None else 0
        self._since = now if is_paused else None

    def left(self) -> float:
        """How many seconds are left, if it pauses no more; 0 or less when the time is over."""
        now = self._clock()
        paused = self._paused + (now - self._since if self._since is not None else 0)
        return self._end + min(paused, self._pauses) - now
