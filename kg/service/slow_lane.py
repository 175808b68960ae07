"""The slow lane: questions that take long, of which those go on that have taken least; the others pause.

So one is done before those that take longer, and before those that never end, however many of them there are. Where
there is no place for all, the one that has been here longest gives way; where there is not memory enough, the one that
holds most.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from kg.service.delivery import Delivery
from kg.service.replies import error
from kg.service.workers import Stop, Worker

_SLICE = 0.1
"""So many seconds those that go on have before it is looked again which have taken least."""

_NICENESS = ((5.0, 10), (0.0, 5))
"""How nice a process is to others, as nice(1) has it, once its question has taken so many seconds of the processor.

One that has taken five most likely never ends. Nicer ones would get next to nothing, and run out of time, where another
program keeps the machine busy.
"""

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
    taken: float = -1.0
    is_paused: bool = False
    is_blocked: bool = False
    """Whether it may go on and takes nothing: it waits for its client, or for something that another one holds."""

    def after(self, seconds: float, function: Callable[..., None], *words: Any) -> None:
        """Call a function after so many seconds, unless `cancel` comes first."""
        self.timer = asyncio.get_running_loop().call_later(seconds, function, *words)

    def cancel(self) -> None:
        """Let nothing be called any more."""
        if self.timer is not None:
            self.timer.cancel()


class SlowLane:
    """So many questions that take long, in so much memory together, and no more."""

    name = "slow"

    def __init__(self, places: int, going: int, memory: int, timeout: float) -> None:
        """So many of the questions go on at once; each takes `timeout` seconds at most, if it need not pause."""
        self._places = places
        self._going = going
        self._memory = memory
        self._timeout = timeout
        self._runs: set[Run] = set()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def is_open(self) -> bool:
        """Whether there is any place at all."""
        return self._places > 0

    def enter(self, run: Run) -> None:
        """Take a question in, for which another may have to give way."""
        if len(self._runs) >= self._places:
            self._stop_one(lambda _: 1)
        run.lane, run.since = self.name, asyncio.get_running_loop().time()
        self._runs.add(run)
        self._take_turns()

    def leave(self, run: Run) -> None:
        """Let go of a question, if it is here."""
        if run in self._runs:
            self._runs.remove(run)
            run.worker.pause(False)
            self._take_turns()

    def _look(self) -> None:
        """See who is blocked, and who goes on next."""
        for run in self._runs:
            seconds = run.worker.seconds()
            run.is_blocked, run.taken = not run.is_paused and seconds == run.taken, seconds
        if len(self._runs) > 1 and sum(run.worker.memory() for run in self._runs) > self._memory:
            self._stop_one(lambda run: run.worker.memory())
        self._take_turns()

    def _take_turns(self) -> None:
        """Let those go on that have taken least, and look again a little later; who is blocked keeps nobody back."""
        if self._timer is not None:
            self._timer.cancel()
        left = self._going
        for seconds, run in sorted(((run.worker.seconds(), run) for run in self._runs), key=itemgetter(0)):
            run.is_paused = left <= 0 and not run.is_blocked
            left -= not run.is_blocked
            run.worker.pause(run.is_paused)
            run.worker.renice(next(niceness for least, niceness in _NICENESS if seconds >= least))
        self._timer = asyncio.get_running_loop().call_later(_SLICE, self._look) if self._runs else None

    def _stop_one(self, size: Callable[[Run], int]) -> None:
        """Of the client that holds most, stop the question that holds most, or of equals the one that came first."""
        sizes = {run: size(run) for run in self._runs}
        held: Counter[str] = Counter()
        for run in self._runs:
            held[run.client] += sizes[run]
        run = max(self._runs, key=lambda run: (held[run.client], sizes[run], -run.since))
        self._runs.remove(run)
        run.worker.pause(False)
        run.delivery.stop(Stop("crowded", error(503, _CROWDED, retry_after=math.ceil(self._timeout))))
