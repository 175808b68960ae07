"""Many documents: one after another, or several at once in processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from kg.documents import DocumentFile
from kg.errors import DocumentError, Failure
from kg.extraction.extract import Extraction, extract
from kg.limits import end_after, without_interrupts

Item = TypeVar("Item")
Result = TypeVar("Result")

# Not forked: a fork beside running threads may hang.
_SPAWN = get_context("spawn")


def extract_all(sources: Sequence[DocumentFile], jobs: int = 1) -> Iterator[Extraction | DocumentError]:
    """The extraction of each document in order, or the error that says why it cannot be read."""
    return in_processes(_extract_one, sources, jobs)


def in_processes(function: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """The results of a function in order, worked out in so many processes.

    Work is handed out in batches, a few ahead of what is taken, so that memory stays flat however many there are.
    With more than one job, call it under `if __name__ == "__main__"`.
    """
    if jobs <= 1 or len(items) < 2:
        yield from map(function, items)
        return
    size = max(1, min(64, len(items) // (4 * jobs)))
    leash, handle = _SPAWN.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        min(jobs, len(items)), mp_context=_SPAWN, initializer=_end_when_let_go, initargs=(leash,)
    )
    # Who leaves early, as by an error, closes the pipe first, so that the workers end and nobody waits for their work.
    with pool, leash, handle:
        ahead = 4 * jobs * size
        for first in range(0, len(items), ahead):
            with without_interrupts():
                results = pool.map(function, items[first : first + ahead], chunksize=size)
            yield from _whole(results)
        pool.shutdown()


def _whole(results: Iterator[Result]) -> Iterator[Result]:
    try:
        yield from results
    except BrokenProcessPool as exc:
        raise Failure("a process that reads documents was ended, perhaps for want of memory: use fewer --jobs") from exc


def _end_when_let_go(leash: Connection[Any, Any]) -> None:
    """End a worker when the other end of its pipe is closed, also because the process that had it open was killed."""
    end_after(partial(leash.poll, None))


def _extract_one(source: DocumentFile) -> Extraction | DocumentError:
    document = source.read_or_error()
    return document if isinstance(document, DocumentError) else extract(document)
