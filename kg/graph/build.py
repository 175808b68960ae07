"""Builds the graph: finds billing guides, reads them, and puts what they state beside the releases."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path

from kg.documents import Skipped, Source, intake
from kg.errors import DocumentError
from kg.extraction import extract
from kg.extraction.many import in_processes
from kg.graph.readings import Reading
from kg.graph.store import location, new_build
from kg.graph.writing import Progress, write_graph
from kg.reference import index


@dataclass(frozen=True, slots=True)
class Problem:
    """A document that could not be read, and why, in one line."""

    path: Path
    error: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: what is in the graph, and what was left out of it."""

    store: Path
    counts: dict[str, int]
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    """Files and folders that were not read, as no reader knows them or another one holds the same bytes."""
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each part took."""


def build(
    paths: Iterable[Path],
    store: str | os.PathLike[str] | None = None,
    *,
    jobs: int = 1,
    icd10cm: bool = True,
    releases: str | os.PathLike[str] | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Read the documents among files and folders, and make a new graph of them in the store.

    The releases are those in the folder `releases` (else the user's), the bundled tables, and all of ICD-10-CM.
    Verdicts are those of the day `as_of`, else of today.

    A document that cannot be read is reported and left out; where none can, `DocumentError` is raised and the
    old graph stays. Readers see the old graph until the new one is complete. With more than one job, call it
    under `if __name__ == "__main__"`.
    """
    tell = progress or (lambda *_: None)
    clock, problems = Clock(), list[Problem]()
    found = intake(paths)
    with new_build(store) as folder:
        readings = started(read_all(found.sources, jobs, problems, tell), problems)
        tell("reading the releases", 0, 0)
        clock.start("releases")
        known = index.indexed(releases, icd10cm_package=icd10cm)
        clock.start("graph")
        with _left_alone_by_the_garbage_collector():
            counts = write_graph(folder, readings, known, tell, as_of or date.today())
    return BuildReport(location(store), dict(counts), tuple(problems), found.skipped, clock.stop())


@contextmanager
def _left_alone_by_the_garbage_collector() -> Iterator[None]:
    """Half a million objects of the releases hold no garbage; to walk them again and again takes seconds."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class Clock:
    """Takes the time of one part after another."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._part, self._since = "documents", time.perf_counter()

    def start(self, part: str) -> None:
        """End the part before, and begin this one."""
        now = time.perf_counter()
        self.seconds[self._part] = self.seconds.get(self._part, 0.0) + now - self._since
        self._part, self._since = part, now

    def stop(self) -> dict[str, float]:
        """End the last part."""
        self.start("")
        return self.seconds


def read_all(sources: Sequence[Source], jobs: int, problems: list[Problem], progress: Progress) -> Iterator[Reading]:
    """Read documents and extract what they state, in order; what cannot be read is added to the problems."""
    for number, result in enumerate(in_processes(read_one, sources, jobs), 1):
        progress("reading documents", number, len(sources))
        if isinstance(result, Problem):
            problems.append(result)
        else:
            yield result


def read_one(source: Source) -> Reading | Problem:
    """Read one document and extract what it states; its text is left behind: the graph does not hold it."""
    document = source.read_or_error()
    if isinstance(document, DocumentError):
        return Problem(source.path, str(document))
    extraction = extract(document)
    bare = replace(document, text="", blocks=())
    return Reading(bare, tuple(extraction.assertions), len(extraction.leftovers))


def started(readings: Iterator[Reading], problems: list[Problem]) -> Iterator[Reading]:
    """The same readings, once it is certain that there is at least one; else `DocumentError`."""
    first = next(readings, None)
    if first is None:
        more = f" (and {len(problems) - 1} more documents that cannot be read)" if len(problems) > 1 else ""
        raise DocumentError(f"{problems[0].error}{more}" if problems else "no documents to read")
    return chain([first], readings)
