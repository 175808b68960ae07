"""The releases that the user added, kept as they came: one folder each, with a record beside the file.

- `<releases>/hcpcs-2025-10/HCPC2025_OCT_ANWEB.xlsx`: the bytes that were added
- `<releases>/hcpcs-2025-10/release.json`: what is in them; it names the file, so replacing it is what counts
- `<releases>/.lock`: held while something is added or removed
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kg.errors import KgError, NotFound, ReleaseError
from kg.model import Code
from kg.reference.edition_comparison import compare
from kg.reference.folder import DOWNLOADS, folders, location
from kg.reference.formats import Contents, read_contents
from kg.reference.records import RECORD, Origin, StoredFile, StoredRelease, read_record, summary, write_record
from kg.reference.release import Edition, Entry, Reader
from kg.reference.stored_files import checksum, file_name
from kg.whole_files import copy_durably, folder_beside, settle

_PATIENCE = 60.0

# A method below is called `list`.
Releases = list[StoredRelease]


class Damaged(NamedTuple):
    """A stored release that cannot be used, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: the releases in it, or why there are none."""

    what: str
    releases: tuple[StoredRelease, ...] = ()
    error: KgError | None = None


class StoredReleases:
    """The folder of the user's releases; it is made when the first one is added."""

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = location(folder)

    def add(
        self, path: Path, since: date | None = None, replace: bool = False, origin: Origin | None = None
    ) -> Releases:
        """Read a file to its end, and keep a copy of it; the same bytes again, or the same content, change nothing.

        Raises `ReleaseError` where the file cannot be read, and where another file of the same release is stored that
        says something else, unless that one is to be replaced.
        """
        digest = checksum(path)
        present = self._stored_already(digest, since)
        if present:
            return present
        contents = read_contents(path, since)
        file = StoredFile(
            name=path.name, stored=_stored_name(path.name), sha256=digest, size=path.stat().st_size,
            added=datetime.now(UTC).date(), since=since, origin=origin, passed_over=contents.passed_over,
        )  # fmt: skip
        releases = [summary(edition, file) for edition in contents.editions]
        with self._writing():
            same = [] if replace else self._same(digest, contents)
            if same:
                return same
            old = self._rival(path, contents, replace)
            name = old.folder if old else self._free(releases[0].identifier)
            return self._put(path, name, releases, old)

    def list(self) -> Releases:
        """What is stored, by its records alone; what is damaged is left to `damaged`."""
        return [release for record in self._records() if not isinstance(record, Damaged) for release in record]

    def damaged(self) -> tuple[Damaged, ...]:
        """What is stored and has no readable record, or no file."""
        return tuple(record for record in self._records() if isinstance(record, Damaged))

    def fetched_from(self, address: str) -> Releases:
        """The releases that came from an address, where they are stored whole."""
        of_address = [
            release for release in self.list() if release.file.origin and release.file.origin.address == address
        ]
        return [_already_there(release) for release in of_address if self.is_whole(release.file)]

    def remove(self, identifier: str) -> Releases:
        """Remove a release, with all others that are in the same file; returns what is gone.

        What is damaged goes by the name of its folder. Raises `NotFound` where there is no such release.
        """
        if not self.folder.is_dir():
            raise NotFound(f"{self.folder}: no such release: {identifier!r}")
        with self._writing():
            gone = [release for release in self.list() if release.identifier == identifier]
            broken = [record for record in self.damaged() if record.name == identifier]
            if not gone and not broken:
                raise NotFound(f"{self.folder}: no such release: {identifier!r}")
            folder = self.folder / (gone[0].file.folder if gone else broken[0].name)
            also = [release for release in self.list() if gone and release.file == gone[0].file]
            with folder_beside(self.folder, ".gone-") as away:
                folder.rename(away / "release")
                settle(self.folder)
            return also

    def find(self, identifier: str) -> StoredRelease:
        """One release; raises `NotFound` where it is not stored."""
        release = next((release for release in self.list() if release.identifier == identifier), None)
        if release is None:
            raise NotFound(f"{self.folder}: no such release: {identifier!r}")
        return release

    def read(self, file: StoredFile) -> Iterator[Edition]:
        """Read a stored file again; raises `ReleaseError` where it is not as it was stored."""
        path = self.folder / file.folder / file.stored
        if not self.is_whole(file):
            raise ReleaseError(f"{path}: not as it was stored; add {file.name} again with 'kg reference add'")
        yield from read_contents(path, file.since, file.name).editions

    def editions(self) -> Iterator[Edition]:
        """All that is stored, read again; a damaged release is an error here, since its absence would mislead."""
        for reader in self.readers():
            yield from reader()

    def readers(self) -> tuple[Reader, ...]:
        """A reader for each stored file, in the order of their folders."""
        for record in self.damaged():
            raise ReleaseError(f"{self.folder / record.name}: {record.reason}; remove it and add it again")
        files = {release.file.folder: release.file for release in self.list()}
        return tuple(partial(self.read, file) for file in files.values())

    def _records(self) -> Iterator[Releases | Damaged]:
        for folder in folders(self.folder):
            try:
                yield read_record(folder)
            except ReleaseError as exc:
                yield Damaged(folder.name, str(exc).removeprefix(f"{folder / RECORD}: "))

    def _stored_already(self, digest: str, since: date | None) -> Releases:
        """The releases of these bytes, where they are stored whole and under the same date."""
        same_bytes = [r for r in self.list() if r.file.sha256 == digest and since in (None, r.file.since)]
        return [_already_there(release) for release in same_bytes if self.is_whole(release.file)]

    def _same(self, digest: str, contents: Contents) -> Releases:
        """The stored releases that say all that a file of other bytes says: other publishers pack them otherwise."""
        new = {edition.release.identifier: edition for edition in contents.editions}
        counterparts = [release for release in self.list() if release.identifier in new]
        files = {release.file.folder: release.file for release in counterparts}
        if len(counterparts) < len(new) or any(file.sha256 == digest for file in files.values()):
            return []
        pairs = (
            (edition, new.get(edition.release.identifier)) for file in files.values() for edition in self.read(file)
        )
        alike = all(_alike(edition, other) for edition, other in pairs if other)
        return [_already_there(release) for release in counterparts] if alike else []

    def is_whole(self, file: StoredFile) -> bool:
        """Whether a stored file is as it was stored."""
        path = self.folder / file.folder / file.stored
        return path.is_file() and checksum(path) == file.sha256

    def _rival(self, path: Path, contents: Contents, may_replace: bool) -> StoredFile | None:
        """The file that holds one of these releases already, if it may be replaced."""
        new = {edition.release.identifier: edition for edition in contents.editions}
        counterparts = [release for release in self.list() if release.identifier in new]
        if not counterparts:
            return None
        old = counterparts[0].file
        if len({release.file.folder for release in counterparts}) > 1:
            names = ", ".join(release.identifier for release in counterparts)
            raise ReleaseError(f"{path}: holds what is stored from several files; remove these first: {names}")
        lost = [r.identifier for r in self.list() if r.file.folder == old.folder and r.identifier not in new]
        if lost:
            raise ReleaseError(
                f"{path}: {old.name} holds {', '.join(lost)} as well, which would be lost; remove it first"
            )
        same_bytes = old.sha256 == checksum(path)
        if not may_replace and not same_bytes:
            raise ReleaseError(f"{path}: {self._comparison(old, new)}; --replace takes this one instead")
        return old

    def _comparison(self, old: StoredFile, new: dict[str, Edition]) -> str:
        for edition in self.read(old):
            identifier = edition.release.identifier
            difference = identifier in new and compare(edition, new[identifier], empty_differs=True).difference
            if difference:
                return f"{identifier} is stored from {old.name}, and differs on {difference.told('that', 'this')}"
        return f"{', '.join(new)} is stored from {old.name}, which differs in what it holds besides"

    def _free(self, identifier: str) -> str:
        base_name = file_name(identifier)
        names = (base_name, *(f"{base_name}-{number}" for number in range(2, 1000)))
        return next(name for name in names if name != DOWNLOADS and not (self.folder / name).exists())

    def _put(self, path: Path, name: str, releases: Releases, old: StoredFile | None) -> Releases:
        """Make a folder beside and rename it; where one is replaced, its record is what is renamed."""
        file = replace(releases[0].file, folder=name)
        if old and old.stored == file.stored:
            file = replace(file, stored=f"{file.sha256[:8]}-{file.stored}")
        stored_releases = [replace(release, file=file) for release in releases]
        with folder_beside(self.folder, ".new-") as beside:
            if copy_durably(path, beside / file.stored) != file.sha256:
                raise ReleaseError(f"{path}: changed while it was read; add it again")
            write_record(beside, stored_releases)
            self._settle_in(beside, self.folder / name, file, old)
        return stored_releases

    def _settle_in(self, beside: Path, folder: Path, file: StoredFile, old: StoredFile | None) -> None:
        if not folder.exists():
            beside.rename(folder)
            settle(self.folder)
            return
        (beside / file.stored).replace(folder / file.stored)
        settle(folder)
        (beside / RECORD).replace(folder / RECORD)
        settle(folder)
        if old:
            (folder / old.stored).unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        from filelock import FileLock, Timeout  # Costs a third of a cold start, and few commands need it.

        lock = FileLock(self.folder / ".lock", timeout=_PATIENCE)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with lock:
                for leftover in (*self.folder.glob(".new-*"), *self.folder.glob(".gone-*")):
                    shutil.rmtree(leftover, ignore_errors=True)
                yield
        except Timeout as exc:
            raise ReleaseError(f"{self.folder}: another command is writing here; wait until it is done") from exc
        except OSError as exc:
            raise ReleaseError(f"{self.folder}: cannot be written ({(exc.strerror or str(exc)).lower()})") from exc


def add_each(
    store: StoredReleases, paths: Iterable[Path], since: date | None = None, replace: bool = False
) -> Iterator[Outcome]:
    """Add files, each on its own; one that fails stops no other."""
    for path in paths:
        try:
            yield Outcome(str(path), tuple(store.add(path, since, replace)))
        except KgError as exc:
            yield Outcome(str(path), error=exc)


def _alike(first: Edition, second: Edition) -> bool:
    """Whether two editions of one release say the same; where in their files they say it does not count."""
    same = (first.release.issued, first.release.complete) == (second.release.issued, second.release.complete)
    same = same and (first.export, first.drugs) == (second.export, second.drugs)
    return same and _by_code(first) == _by_code(second) and compare(first, second).difference is None


def _by_code(edition: Edition) -> dict[Code, Entry]:
    return {entry.code: replace(entry, row=0) for entry in edition.entries}


def _stored_name(name: str) -> str:
    safe = file_name(name)
    return f"file-{safe}" if safe.lower().startswith(RECORD) else safe


def _already_there(release: StoredRelease) -> StoredRelease:
    return replace(release, file=replace(release.file, already_there=True))
