"""The slow lane: questions that take long, each of which leaves more of the processor to others the longer it takes."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kg.web.delivery import Delivery
from kg.web.replies import error
from kg.web.workers import Stop, Worker

_NICENESS = ((8.0, 19), (4.0, 15), (1.0, 10), (0.0, 5))
"""How much nicer a process is to others, as nice(1) has it, once its question has taken so many seconds of it."""

_LOOK = 0.5
"""So often, in seconds, it is looked at how many that are."""

_CROWDED = "stopped: this question takes long, and so do too many others; ask for less, or later"


@dataclass(eq=False, slots=True)
class Run:
    """A question that a worker is at: whose it is, who answers it, and in which lane it is since when."""

    client: str
    delivery: Delivery
    worker: Worker
    lane: str
    since: float
    timer: asyncio.TimerHandle | None = None

    def after(self, seconds: float, function: Callable[..., None], *words: Any) -> None:
        """Call a function after so many seconds, unless `cancel` comes first."""
        self.timer = asyncio.get_running_loop().call_later(seconds, function, *words)

    def cancel(self) -> None:
        """Let nothing be called any more."""
        if self.timer is not None:
            self.timer.cancel()


class SlowLane:
    """So many questions that take long, and no more: where it is full, one gives way to the next.

    Nobody has to give way before its turn of some seconds is over, unless its client has more places than the next one.
    """

    name = "slow"

    def __init__(self, places: int, turn: float, timeout: float) -> None:
        """Questions are there for `timeout` seconds at most."""
        self._places = places
        self._turn = turn
        self._timeout = timeout
        self._runs: set[Run] = set()

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def is_open(self) -> bool:
        """Whether there is any place at all."""
        return self._places > 0

    def enter(self, run: Run) -> bool:
        """Take a question in; gives False where nobody has to give way, so that it is this one that was stopped."""
        now = asyncio.get_running_loop().time()
        if len(self._runs) >= self._places and not self._make_room(run, now):
            return False
        run.lane, run.since = self.name, now
        self._runs.add(run)
        self._renice(run)
        return True

    def leave(self, run: Run) -> None:
        """Let go of a question, if it is here."""
        self._runs.discard(run)

    def _make_room(self, run: Run, now: float) -> bool:
        """Stop the question that has to give way, or else the one that comes."""
        ages = [now - other.since for other in self._runs]
        loser = self._who_gives_way(run, now)
        # Then all that are here now have ended; then the first of them has had its turn.
        seconds = self._turn - max(ages) if loser is None else self._timeout - min(ages)
        stopped = loser or run
        self.leave(stopped)
        stopped.delivery.stop(Stop("crowded", error(503, _CROWDED, retry_after=max(1, math.ceil(seconds)))))
        return loser is not None

    def _who_gives_way(self, run: Run, now: float) -> Run | None:
        """Of the client with most places, the question that has taken most of the processor."""
        held = Counter(other.client for other in (*self._runs, run))

        def order(other: Run) -> tuple[int, bool, float]:
            # A part of an answer is of no use, so that one of which nothing was sent goes first.
            return held[other.client], not other.delivery.is_begun, other.worker.seconds()

        own = held[run.client]
        may = [other for other in self._runs if now - other.since >= self._turn or held[other.client] > own]
        return max(may, key=order, default=None)

    def _renice(self, run: Run) -> None:
        """Make the process as nice as it is to be now, and look again later."""
        seconds = run.worker.seconds()
        run.worker.renice(next(niceness for least, niceness in _NICENESS if seconds >= least))
        run.after(_LOOK, self._renice, run)
