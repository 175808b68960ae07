"""The slow lane: questions that take long, of which those go on that have taken least; the others pause.

They leave the processor to the quick lane, and who has had its turn leaves it to the others as well.
"""

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

_SLICE = 0.1
"""So many seconds those that go on have before it is looked again which have taken least."""

_LATER, _LAST = 10, 19
"""How nice a process is to others, as nice(1) has it: before its turn is over, and after it."""

_BY_THE_CLOCK = 10
"""Who takes little of the processor, since its client reads slowly, has its turn for so many times as long."""

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

    Nobody has to give way that has not had its turn: so many seconds of the processor. But who has more places than the
    next one would have, has to at once.
    """

    name = "slow"

    def __init__(self, places: int, turn: float, timeout: float, going: Callable[[], int]) -> None:
        """Questions are there for `timeout` seconds at most; `going` says how many of them may go on at the moment."""
        self._places = places
        self._turn = turn
        self._timeout = timeout
        self._going = going
        self._runs: set[Run] = set()
        self._timer: asyncio.TimerHandle | None = None

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
        self._take_turns()
        return True

    def leave(self, run: Run) -> None:
        """Let go of a question, if it is here."""
        if run in self._runs:
            self._runs.remove(run)
            run.worker.pause(False)
            self._take_turns()

    def _take_turns(self) -> None:
        """Let those go on that have taken least, and look again a little later."""
        if self._timer is not None:
            self._timer.cancel()
        going = self._going()
        for place, run in enumerate(sorted(self._runs, key=lambda run: run.worker.seconds())):
            run.worker.pause(place >= going)
            run.worker.renice(_LAST if run.worker.seconds() >= self._turn else _LATER)
        self._timer = asyncio.get_running_loop().call_later(_SLICE, self._take_turns) if self._runs else None

    def _make_room(self, run: Run, now: float) -> bool:
        """Stop the question that has to give way, or else the one that comes."""
        loser = self._who_gives_way(run, now)
        if loser is None:
            stopped, seconds = run, self._turn
        else:
            # By then, all that are here now have ended.
            stopped, seconds = loser, self._timeout - min(now - other.since for other in self._runs)
            self.leave(loser)
        stopped.delivery.stop(Stop("crowded", error(503, _CROWDED, retry_after=max(1, math.ceil(seconds)))))
        return loser is not None

    def _who_gives_way(self, run: Run, now: float) -> Run | None:
        """Of the client with most places, the question that has taken most."""
        held = Counter(other.client for other in (*self._runs, run))
        own, turn = held[run.client], self._turn

        def has_to(other: Run) -> bool:
            has_had = other.worker.seconds() >= turn or now - other.since >= _BY_THE_CLOCK * turn
            return has_had or held[other.client] > own

        def order(other: Run) -> tuple[int, bool, float]:
            # A part of an answer is of no use, so that one of which nothing was sent goes first.
            return held[other.client], not other.delivery.is_begun, other.worker.seconds()

        return max(filter(has_to, self._runs), key=order, default=None)
