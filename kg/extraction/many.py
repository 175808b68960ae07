"""Many documents: one after another, or several at once in processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from kg.documents import Source
from kg.errors import DocumentError
from kg.extraction.extract import Extraction, extract

Item = TypeVar("Item")
Result = TypeVar("Result")


def extract_all(sources: Sequence[Source], jobs: int = 1) -> Iterator[Extraction | DocumentError]:
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
    # Not forked: a fork beside running threads may hang.
    with ProcessPoolExecutor(min(jobs, len(items)), mp_context=get_context("spawn")) as pool:
        ahead = 4 * jobs * size
        for first in range(0, len(items), ahead):
            yield from pool.map(function, items[first : first + ahead], chunksize=size)


def _extract_one(source: Source) -> Extraction | DocumentError:
    found = source.read_or_error()
    return found if isinstance(found, DocumentError) else extract(found)
