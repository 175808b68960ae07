"""An answer on its way from a worker to a client, whole or piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor

from kg.service.replies import Reply, error
from kg.service.work import Question
from kg.service.workers import LEFT, Stop, Worker


class Unfinished(Exception):
    """The rest of an answer cannot be had, for which `reply` has the reason; what was sent of it is not the whole."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body.decode())
        self.reply = reply


class Delivery:
    """The answer of one worker to one client; it lets go of the worker once it is closed.

    Where `leaving` is done, nobody waits for it any more, and the worker is stopped. One of the `threads` waits for
    the worker.
    """

    def __init__(self, leaving: asyncio.Future[None], threads: Executor) -> None:
        self.leaving = leaving
        self.reply = error(503, "nobody was asked")
        """The answer, or its first piece; as long as no worker has answered, why."""
        self._threads = threads
        self._let_go: Callable[[], None] = _nothing
        self._worker: Worker | None = None
        self._call: asyncio.Future[Reply] | None = None

    @property
    def is_begun(self) -> bool:
        """Whether a piece of the answer is there already."""
        return not self.reply.is_last

    async def begin(self, worker: Worker, question: Question, let_go: Callable[[], None]) -> None:
        """Ask the worker; `let_go` is called once, when the delivery is closed and the worker is free."""
        self._worker, self._let_go = worker, let_go
        self.reply = await self._called(worker.ask, question)

    async def rest(self) -> AsyncIterator[bytes]:
        """What follows on the first piece; raises `Unfinished` where it cannot be had."""
        reply = self.reply
        while not reply.is_last:
            assert self._worker
            reply = await self._called(self._worker.more)
            if reply.status != 200:
                raise Unfinished(reply)
            yield reply.body

    def stop(self, stop: Stop) -> None:
        """Stop the worker, if it was asked; whoever waits for the answer is told why."""
        if self._worker is not None:
            self._worker.stop(stop)

    def close(self) -> None:
        """Stop what is not at its end, and let go of the worker as soon as its thread is done with it."""
        self.leaving.cancel()
        self.stop(LEFT)
        self._worker = None
        let_go, self._let_go = self._let_go, _nothing
        if self._call is None or self._call.done():
            let_go()
        else:
            self._call.add_done_callback(lambda _: let_go())

    async def _called(self, function: Callable[..., Reply], *words: Question) -> Reply:
        """What a worker replies, in a thread of its own."""
        self._call = asyncio.get_running_loop().run_in_executor(self._threads, function, *words)
        await asyncio.wait((self._call, self.leaving), return_when=asyncio.FIRST_COMPLETED)
        if not self._call.done():
            self.stop(LEFT)
        return await asyncio.shield(self._call)


def _nothing() -> None:
    """Nobody has to be let go of."""
