"""Builds the graph: finds billing guides, reads them, and puts what they state beside the releases.

What was read before is kept beside the graph, so that only documents that are new or other are read, and where few are,
the new build is made out of the one before.
"""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

from kg import whole_files
from kg.documents import DocumentFile, Intake, Skipped, intake
from kg.errors import DocumentError, DocumentsLeftOut, StoreError, StoreLocked, UsageError
from kg.extraction import extract
from kg.extraction.parallel import in_processes
from kg.graph import texts
from kg.graph.changes import Changes, changes
from kg.graph.changing import Change
from kg.graph.groundwork import groundwork
from kg.graph.kept_readings import Reading, kept
from kg.graph.lookup import documents, require_documents
from kg.graph.parquet_readings import ParquetReadings
from kg.graph.rdf.vocabulary import BKG
from kg.graph.rules import made_by
from kg.graph.store import GraphStore, current_build, exists, location, new_build
from kg.graph.updating import Updated, update
from kg.graph.writing import Progress, write_graph
from kg.reference import Reference, index

_FEW = 200
"""Of so many documents that come or go the new build is made out of the one before; of more it is written whole."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A document that could not be read, and why, in one line."""

    path: Path
    error: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: what is in the graph, what was left out of it, and what is other than before."""

    store: Path
    counts: dict[str, int]
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    """Files and folders that were not read, as no reader knows them or another one holds the same bytes."""
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each part took."""
    changes: Changes | None = None
    """What came and went; None where there was no graph before."""


_Read = Callable[[Sequence[DocumentFile]], Iterator[Reading | Problem]]


@dataclass(frozen=True, slots=True)
class _Means:
    """With what a graph is built: how documents are read, from which releases, for which day."""

    read: _Read
    icd10cm: bool
    releases: str | os.PathLike[str] | None
    day: date
    tell: Progress


def build(
    paths: Iterable[Path],
    store: str | os.PathLike[str] | None = None,
    *,
    jobs: int = 1,
    icd10cm: bool = True,
    releases: str | os.PathLike[str] | None = None,
    as_of: date | None = None,
    replace: bool = False,
    readings: Iterable[Path] = (),
    progress: Progress | None = None,
) -> BuildReport:
    """Read the documents among files and folders, and make a new graph of them in the store.

    With `readings`, Parquet files or folders of them, the documents are those that `kg.extract_batches` read elsewhere.

    The releases are those in the folder `releases` (else the user's), the bundled tables, and all of ICD-10-CM.
    Verdicts are those of the day `as_of`, else of today.

    A document that cannot be read is reported and left out; where none can, `DocumentError` is raised and the
    old graph stays. Readers see the old graph until the new one is complete. A graph whose documents are not all among
    these is not replaced unless `replace` says so: `DocumentsLeftOut`. With more than one job, call it under
    `if __name__ == "__main__"`.
    """
    inputs, read = _inputs(paths, readings, jobs)
    before = _before(store)
    identifiers = {source.identifier for source in inputs.sources}
    gone = sorted(documents(before).keys() - identifiers) if before else []
    if before and gone and not replace:
        problem = f"{len(gone):,} of {before.manifest.documents:,} documents of the graph are not among these"
        raise DocumentsLeftOut(f"{problem} ({_some(gone)}): use 'kg add' to keep them, or --replace to drop them")
    means = _Means(read, icd10cm, releases, as_of or date.today(), progress or _silent)
    return _Building(store, before, inputs.sources, gone, means).report(inputs.skipped)


def add(
    paths: Iterable[Path],
    store: str | os.PathLike[str] | None = None,
    *,
    jobs: int = 1,
    icd10cm: bool = True,
    releases: str | os.PathLike[str] | None = None,
    as_of: date | None = None,
    readings: Iterable[Path] = (),
    progress: Progress | None = None,
) -> BuildReport:
    """Add documents to the graph of a store, or read those again that are in it under the same file name.

    What is in the graph as it is, under whatever name, is passed over. All else is as in `build`.
    """
    inputs, read = _inputs(paths, readings, jobs)
    before = _verified(store)
    by_checksum = {checksum: identifier for identifier, checksum in documents(before, BKG.sha256).items()}
    same = {source: by_checksum[source.checksum] for source in inputs.sources if source.checksum in by_checksum}
    in_graph = [Skipped(source.path, f"is in the graph, as {name}") for source, name in same.items()]
    sources = [source for source in inputs.sources if source not in same]
    means = _Means(read, icd10cm, releases, as_of or date.today(), progress or _silent)
    return _Building(store, before, sources, (), means, adds=True).report((*inputs.skipped, *in_graph))


def remove(
    names: Iterable[str],
    store: str | os.PathLike[str] | None = None,
    *,
    icd10cm: bool = True,
    releases: str | os.PathLike[str] | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Remove documents from the graph of a store, by identifier or file name; raises `NotFound` for others."""
    before = _verified(store)
    gone = require_documents(before, names)
    if len(gone) == before.manifest.documents:
        raise UsageError("a graph has at least one document, and these are all: build another one with 'kg build'")
    means = _Means(_none_to_read, icd10cm, releases, as_of or date.today(), progress or _silent)
    return _Building(store, before, (), gone, means).report()


def _none_to_read(_: Sequence[DocumentFile]) -> Iterator[Reading | Problem]:
    return iter(())


def _silent(*_: object) -> None:
    """Tells nobody of progress."""


def _some(names: Sequence[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def _before(store: str | os.PathLike[str] | None) -> GraphStore | None:
    """The graph that is there; none where there is none, or it cannot be read, so that a new one mends it."""
    try:
        return _verified(store) if exists(store) else None
    except StoreError:
        return None


def _verified(store: str | os.PathLike[str] | None) -> GraphStore:
    """The graph that is there, with all of its files as they were written: what is taken over would be damaged too."""
    before = GraphStore.open(store)
    before.verify()
    return before


class _Building:
    """One build: what is to be read, what stays as it was read before, and what goes."""

    def __init__(
        self,
        store: str | os.PathLike[str] | None,
        before: GraphStore | None,
        sources: Sequence[DocumentFile],
        gone: Collection[str],
        means: _Means,
        *,
        adds: bool = False,
    ) -> None:
        self._store, self._before, self._gone, self._means, self._adds = store, before, {*gone}, means, adds
        self._clock, self._problems = Clock(), list[Problem]()
        checksums = _checksums_before(before, {source.identifier for source in sources} | self._gone)
        self._to_read = [source for source in sources if checksums.get(source.identifier, "") != source.checksum]
        self._stay = {*checksums} - {source.identifier for source in self._to_read} - self._gone
        self._read_before = {*checksums}

    def report(self, skipped: tuple[Skipped, ...] = ()) -> BuildReport:
        """Build, and say what was done."""
        with new_build(self._store) as folder:
            if self._before and current_build(self._before.path) != self._before.build:
                raise StoreLocked(f"{self._before.path}: another build has changed the graph meanwhile; do it again")
            readings = self._readings()
            self._means.tell("reading the releases", 0, 0)
            self._clock.start("releases")
            reference = index.indexed(self._means.releases, icd10cm_package=self._means.icd10cm)
            self._clock.start("graph")
            updated = self._updated(folder, readings, reference)
            founded = None if updated else self._founded(folder, readings, reference)
            counts = made.counts if (made := updated or founded) else self._written(folder, readings, reference)
        differences = updated.changes if updated else None
        if self._before and not updated:
            self._clock.start("changes")
            with GraphStore.open(self._store) as after:
                differences = changes(self._before, after)
        problems = tuple(self._problems)
        return BuildReport(location(self._store), dict(counts), problems, skipped, self._clock.stop(), differences)

    def _readings(self) -> Iterable[Reading]:
        """What is read now: few documents at once, many one by one while the graph is written."""
        means = self._means
        results = means.read(self._to_read)
        readings = read_all(results, len(self._to_read), self._problems, means.tell)
        if (self._adds and self._to_read) or not self._stay:
            readings = started(readings, self._problems)
        return list(readings) if len(self._to_read) <= _FEW else readings

    def _updated(self, folder: Path, readings: Iterable[Reading], reference: Reference) -> Updated | None:
        """The build made out of the one before, where that is of the same releases and few documents change."""
        before = self._before
        key = reference.tables.key
        if before is None or not self._stay or not key or before.manifest.releases != key:
            return None
        if not isinstance(readings, list) or len(self._gone) > _FEW:
            return None
        come = {reading.document.identifier: reading for reading in readings}
        gone = self._gone | (set() if self._adds else self._unread())
        return update(before, folder, Change(self._means.day, come, gone))

    def _founded(self, folder: Path, readings: Iterable[Reading], reference: Reference) -> Updated | None:
        """The build made out of one of the releases alone, where its documents are few."""
        if not isinstance(readings, list) or len(readings) + len(self._staying()) > _FEW:
            return None
        ground = groundwork(reference, self._means.day, self._means.tell)
        if ground is None:
            return None
        come = {reading.document.identifier: reading for reading in self._every(readings)}
        try:
            return update(ground, folder, Change(self._means.day, come))
        except StoreError:
            if ground.build.exists():
                raise
        for half_made in folder.iterdir():  # Another process has removed the groundwork meanwhile.
            whole_files.remove(half_made)
        return None

    def _written(self, folder: Path, readings: Iterable[Reading], reference: Reference) -> Counter[str]:
        """The build written whole."""
        with _left_alone_by_the_garbage_collector():
            return write_graph(folder, self._every(readings), reference, self._means.tell, self._means.day)

    def _every(self, readings: Iterable[Reading]) -> Iterator[Reading]:
        """What is read now, and what stays as it was read before."""
        yield from readings
        if self._before and (stay := self._staying()):
            yield from texts.bearing(kept(self._before.build, stay), self._before.build)

    def _staying(self) -> set[str]:
        """The documents that stay as they were read before."""
        return self._stay | (self._unread() if self._adds else set())

    def _unread(self) -> set[str]:
        """The documents of the graph that cannot be read any more; one that is only added stays as it was."""
        return {problem.identifier for problem in self._problems} & self._read_before


def _checksums_before(before: GraphStore | None, identifiers: Collection[str]) -> dict[str, str]:
    """The checksums of the documents that were read before, by the rules of now.

    Raises `StoreError` where they were read by others, and not all of them are asked for again.
    """
    if before is None:
        return {}
    checksums = documents(before, BKG.sha256)
    if before.manifest.made_by == made_by():
        return checksums
    if checksums.keys() <= set(identifiers):
        return {}
    raise StoreError(f"{before.path}: built by another version of billing-kg; build it again with 'kg build'")


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


def _inputs(paths: Iterable[Path], readings: Iterable[Path], jobs: int) -> tuple[Intake, _Read]:
    """The documents of a build, and how what they state is had: by reading them, or from where they were read."""
    files, read_elsewhere = [*paths], [*readings]
    if not read_elsewhere:
        return intake(files), partial(_read_here, jobs=jobs)
    if files or jobs != 1:
        other = "reads documents as well" if files else "has nothing to read in several jobs"
        raise UsageError(f"a build from readings {other}: leave one of the two out")
    parquet = ParquetReadings(read_elsewhere)
    return parquet.intake, partial(_read_there, parquet)


def _read_here(sources: Sequence[DocumentFile], jobs: int) -> Iterator[Reading | Problem]:
    return in_processes(read_one, sources, jobs)


def _read_there(parquet: ParquetReadings, sources: Sequence[DocumentFile]) -> Iterator[Reading | Problem]:
    for source, result in parquet.results(sources):
        if isinstance(result, DocumentError):
            yield Problem(source.path, str(result), source.identifier)
        else:
            yield result


def read_all(
    results: Iterable[Reading | Problem], total: int, problems: list[Problem], progress: Progress
) -> Iterator[Reading]:
    """What documents state, while progress is told; what cannot be read is added to the problems."""
    for number, result in enumerate(results, 1):
        progress("reading documents", number, total)
        if isinstance(result, Problem):
            problems.append(result)
        else:
            yield result


def read_one(source: DocumentFile) -> Reading | Problem:
    """Read one document and extract what it states; its text comes packed: the graph does not hold it."""
    document = source.read_or_error()
    if isinstance(document, DocumentError):
        return Problem(source.path, str(document), source.identifier)
    extraction = extract(document)
    bare = replace(document, text="", blocks=())
    packed = texts.packed(document.text, ((left.start, left.end, left.reason) for left in extraction.leftovers))
    return Reading(bare, tuple(extraction.assertions), len(extraction.leftovers), packed)


def started(readings: Iterator[Reading], problems: list[Problem]) -> Iterator[Reading]:
    """The same readings, once it is certain that there is at least one; else `DocumentError`."""
    first = next(readings, None)
    if first is None:
        more = f" (and {len(problems) - 1} more documents that cannot be read)" if len(problems) > 1 else ""
        raise DocumentError(f"{problems[0].error}{more}" if problems else "no documents to read")
    return chain([first], readings)
