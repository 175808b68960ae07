"""Workers, and who may have one when.

Nobody can tell beforehand how long a question takes. So each begins in the quick lane, which has few places, and those
who wait for one take turns by client. A question that takes long keeps its process and goes to the slow lane, which has
more places, and the next question begins.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

from kg.graph.engines.address import Address
from kg.service.delivery import Delivery
from kg.service.line import Full, Line
from kg.service.replies import Reply, error
from kg.service.slow_lane import Run, SlowLane
from kg.service.work import Question
from kg.service.workers import Worker

_BUSY = "busy: too many questions at once; ask again in a moment"
_TOO_MANY = "busy: too many questions of yours at once; ask again when some of them are answered"
_READING = 4
"""How many times as long as others one may be in the quick lane that waits for its client."""

_LOOK = 0.2
_SPARE = 8
"""So many workers are ready besides one for each place in the quick lane, or as many again where those are fewer.

One that was just started is slow with its first questions. Twice as many are kept once they are there.
"""

_ENDING = 4
"""Threads for workers that are started and ended, besides those for questions."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much room there is: places in the lanes and in the line, and what one question may take.

    A question goes to the slow lane after `overrun` seconds of the processor; there, `going` of them go on at once. It
    may take `timeout` seconds, besides at most `pauses` seconds for which it pauses, and `memory` bytes, all those in
    the slow lane `slow_memory` bytes together. With `is_warm`, workers are started before they are needed.
    """

    timeout: float
    memory: int
    quick: int = 1
    slow: int = 0
    going: int = 1
    overrun: float = 1.0
    pauses: float = 0.0
    slow_memory: int = 1 << 32
    waiting: int = 16
    waiting_each: int = 16
    is_warm: bool = True


_Place = asyncio.Future[None]


class Pool:
    """Workers that answer side by side; a question waits for one at most as long as it may run."""

    def __init__(self, store: Path | Address, room: Room, name: str = "quick") -> None:
        """The name is that of the lane in which questions begin."""
        self._store = store
        self._room = room
        self._name = name
        self._line: Line[_Place] = Line(room.waiting, room.waiting_each)
        self._slow = SlowLane(room.slow, room.going, room.slow_memory, room.timeout)
        self._quick = 0
        self._usual = 0.0
        self._runs: set[Run] = set()
        self._idle: list[Worker] = []
        self._endings: Counter[tuple[str, str]] = Counter()
        self._is_closed = False
        self._number_of_threads = room.quick + room.slow + _ENDING
        self._threads = ThreadPoolExecutor(self._number_of_threads, f"kg-{name}")

    @property
    def waiting(self) -> dict[str, int]:
        """How many questions wait for a worker, by lane."""
        return {self._name: len(self._line)}

    @property
    def busy(self) -> dict[str, int]:
        """How many workers are at a question, by lane."""
        slow = {self._slow.name: len(self._slow)} if self._slow.is_open else {}
        return {self._name: self._quick, **slow}

    @property
    def endings(self) -> Counter[tuple[str, str]]:
        """How often a worker was ended, by lane and reason."""
        return self._endings

    def start(self) -> None:
        """Start the workers."""
        # A thread that is started while all processors are busy keeps the one waiting that starts it.
        everyone = Barrier(self._number_of_threads)
        for _ in range(self._number_of_threads):
            self._threads.submit(everyone.wait)
        self._keep_ready()

    def close(self) -> None:
        """End the workers, whatever they are at."""
        self._is_closed = True
        for worker in (*self._idle, *(run.worker for run in self._runs)):
            worker.close()

    async def ask(
        self,
        client: str,
        disconnect: Coroutine[Any, Any, None],
        function: Callable[..., Reply],
        *words: Any,
        **options: Any,
    ) -> Delivery:
        """The answer to a question of a client; where `disconnect` returns first, nobody wants it, and it is stopped.

        The delivery has to be closed, also where it is not read to its end.
        """
        delivery = Delivery(asyncio.ensure_future(disconnect), self._threads)
        with ExitStack() as stack:
            stack.callback(delivery.close)
            refusal = await self._place(client, delivery.leaving)
            if refusal is None:
                run = self._begin(client, delivery)
                await delivery.begin(run.worker, Question(function, words, options), partial(self._end, run))
            else:
                delivery.reply = refusal
            stack.pop_all()
        return delivery

    async def _place(self, client: str, leaving: asyncio.Future[None]) -> Reply | None:
        """Wait for a place in the quick lane, which is taken then; gives the refusal where there is none."""
        if self._quick < self._room.quick:
            self._quick += 1
            return None
        place: _Place = asyncio.get_running_loop().create_future()
        try:
            self._line.join(client, place)
        except Full as exc:
            return error(429 if exc.is_own else 503, _TOO_MANY if exc.is_own else _BUSY, retry_after=self._soon())
        try:
            await asyncio.wait((place, leaving), timeout=self._room.timeout, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if place.done():
                self._free_place()
            else:
                self._line.leave(client, place)
            raise
        if place.done():
            return None
        self._line.leave(client, place)
        return error(503, _BUSY, retry_after=self._soon())

    def _soon(self) -> int:
        """In how many seconds those who wait now have most likely had a place."""
        return math.ceil(max(1.0, min(len(self._line) * self._usual / self._room.quick, self._room.timeout)))

    def _free_place(self) -> None:
        """Give a place in the quick lane to who comes next."""
        if self._line:
            self._line.take().set_result(None)
        else:
            self._quick -= 1

    def _begin(self, client: str, delivery: Delivery) -> Run:
        """Give a question that has a place a worker."""
        worker = self._idle.pop() if self._idle else self._new_worker()
        run = Run(client, delivery, worker, self._name, asyncio.get_running_loop().time())
        self._runs.add(run)
        if self._slow.is_open:
            run.after(self._room.overrun, self._overran, run)
        return run

    def _overran(self, run: Run) -> None:
        """Let a question go on in the slow lane, if it has taken that long.

        What counts is what it has taken of the processor, so that on a busy machine nobody is slow because others are.
        Who sends rows to a client that reads slowly takes nothing, and is given a few times as long.
        """
        overrun, waited = self._room.overrun, asyncio.get_running_loop().time() - run.since
        if (left := overrun - run.worker.seconds()) > 0 and not (run.delivery.is_begun and waited > _READING * overrun):
            run.after(max(left, _LOOK * overrun), self._overran, run)
            return
        self._note_usual(run.since)
        self._slow.enter(run)
        self._free_place()
        self._keep_ready()

    def _end(self, run: Run) -> None:
        """Let go of a question and of its worker."""
        run.cancel()
        self._runs.discard(run)
        self._slow.leave(run)
        has_ended = bool(run.worker.endings)
        for reason, number in run.worker.endings.items():
            self._endings[run.lane, reason] += number
        run.worker.endings.clear()
        if self._is_closed:
            return
        if run.lane == self._name:
            self._note_usual(run.since)
            self._idle.insert(0 if has_ended else len(self._idle), run.worker)
            if has_ended and self._room.is_warm:
                self._threads.submit(run.worker.start)
            self._free_place()
        elif has_ended or self._has_enough or not run.worker.renice(0):
            self._threads.submit(run.worker.close)
        else:
            self._idle.append(run.worker)

    @property
    def _spare(self) -> int:
        return min(self._room.quick, _SPARE)

    @property
    def _has_enough(self) -> bool:
        return len(self._idle) + self._quick >= self._room.quick + 2 * self._spare

    def _note_usual(self, since: float) -> None:
        """How many seconds a question usually has its place in the quick lane, of which the last ones count most."""
        self._usual += 0.1 * (asyncio.get_running_loop().time() - since - self._usual)

    def _keep_ready(self) -> None:
        """Have enough workers before they are needed; those that were there before come first."""
        if self._room.is_warm and not self._is_closed:
            for _ in range(self._room.quick + self._spare - self._quick - len(self._idle)):
                worker = self._new_worker()
                self._idle.insert(0, worker)
                self._threads.submit(worker.start)

    def _new_worker(self) -> Worker:
        worker = Worker(self._store, self._room.timeout, self._room.memory, self._room.pauses)
        if self._is_closed:
            worker.close()
        return worker
