"""A few workers, and the line of those who wait for one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kg.graph.engines.address import Address
from kg.web.delivery import Delivery
from kg.web.replies import Reply
from kg.web.workers import MEMORY, Question, Worker


class Pool:
    """Workers that answer side by side; a question waits for one at most as long as it may run."""

    def __init__(
        self,
        store: Path | Address,
        timeout: float,
        *,
        workers: int = 2,
        waiting: int = 16,
        memory: int = MEMORY,
        waits: bool = False,
    ) -> None:
        """With `waits`, a worker is started when it is first needed."""
        self._store = store
        self._timeout = timeout
        self._size = workers
        self._memory = memory
        self._waits = waits
        self._most = waiting
        self._waiting = 0
        self._workers: list[Worker] = []
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()

    @property
    def waiting(self) -> int:
        """How many questions wait for a worker."""
        return self._waiting

    @property
    def busy(self) -> int:
        """How many workers are at a question."""
        return len(self._workers) - self._idle.qsize()

    @property
    def endings(self) -> Counter[str]:
        """How often a worker was ended, by reason."""
        return sum((worker.endings for worker in self._workers), Counter())

    def start(self) -> None:
        """Start the workers."""
        self._workers = [Worker(self._store, self._timeout, self._memory, waits=self._waits) for _ in range(self._size)]
        for worker in self._workers:
            self._idle.put_nowait(worker)

    def close(self) -> None:
        """End the workers, whatever they are at."""
        for worker in self._workers:
            worker.close()

    async def ask(
        self, disconnect: Coroutine[Any, Any, None], function: Callable[..., Reply], *words: Any, **options: Any
    ) -> Delivery:
        """The answer to a question; where `disconnect` returns first, nobody wants it, and its worker is stopped.

        The delivery has to be closed, also where it is not read to its end.
        """
        delivery = Delivery(asyncio.ensure_future(disconnect), self._idle.put_nowait)
        with ExitStack() as stack:
            stack.callback(delivery.close)
            worker = await self._free()
            if worker is not None:
                await delivery.begin(worker, Question(function, words, options))
            stack.pop_all()
        return delivery

    async def _free(self) -> Worker | None:
        if self._idle.empty() and self._waiting >= self._most:
            return None
        self._waiting += 1
        try:
            async with asyncio.timeout(self._timeout):
                return await self._idle.get()
        except TimeoutError:
            return None
        finally:
            self._waiting -= 1
