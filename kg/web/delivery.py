"""An answer on its way from a worker to a client, whole or piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from kg.web.replies import Reply, error
from kg.web.workers import Question, Worker

_BUSY = "busy: too many questions at once; ask again in a moment"


class Unfinished(Exception):
    """The rest of an answer cannot be had, for which `reply` has the reason; what was sent of it is not the whole."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body.decode())
        self.reply = reply


class Delivery:
    """The answer of one worker to one client; the worker is free for others once the delivery is closed.

    Where `leaving` is done, nobody waits for it any more, and the worker is stopped.
    """

    def __init__(self, leaving: asyncio.Future[None], release: Callable[[Worker], None]) -> None:
        self.reply = error(503, _BUSY)
        """The answer, or its first piece; as long as no worker has answered, that all are busy."""
        self._leaving = leaving
        self._release = release
        self._worker: Worker | None = None
        self._call: asyncio.Future[Reply] | None = None

    async def begin(self, worker: Worker, question: Question) -> None:
        """Ask the worker."""
        self._worker = worker
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

    def close(self) -> None:
        """Stop what is not at its end, and let others have the worker as soon as its thread is done with it."""
        self._leaving.cancel()
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.stop()
        if self._call is None or self._call.done():
            self._release(worker)
        else:
            self._call.add_done_callback(lambda _: self._release(worker))

    async def _called(self, function: Callable[..., Reply], *words: Question) -> Reply:
        """What a worker replies, in a thread of its own."""
        self._call = asyncio.ensure_future(asyncio.to_thread(function, *words))
        await asyncio.wait((self._call, self._leaving), return_when=asyncio.FIRST_COMPLETED)
        if not self._call.done() and self._worker is not None:
            self._worker.stop()
        return await asyncio.shield(self._call)
