"""Fetching current releases from their publishers, and adding them to those that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ReleaseError
from kg.reference.folder import DOWNLOADS
from kg.reference.publishers.downloading import Patience, Progress, Web, forget
from kg.reference.publishers.landing import Link, Publisher, named, newest, publishers
from kg.reference.records import Origin
from kg.reference.stored import Outcome, StoredReleases
from kg.reference.stored_files import checksum


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was downloaded."""

    path: Path
    origin: Origin
    sha256: str
    size: int


def links(publisher: Publisher, patience: Patience | None = None) -> list[Link]:
    """The newest files on the page of a publisher, or on that of the newest edition, to which the page leads."""
    web = Web(publisher, patience or Patience())
    address, page = web.page(publisher.page)
    if publisher.through:
        address, page = web.page(newest(publisher, address, page, publisher.through)[0].address)
    return newest(publisher, address, page)


def fetch(
    link: Link,
    folder: Path,
    progress: Progress | None = None,
    previous: Origin | None = None,
    patience: Patience | None = None,
) -> Fetched | None:
    """Download a file into a folder, going on where an earlier try was cut.

    None where the server says that it has not changed since `previous`. Raises `ReleaseError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / link.file_name
    part = folder / f"{link.file_name}.part"
    origin = Web(link.publisher, patience or Patience()).download(link, part, previous, progress)
    if origin is previous:
        return None
    part.replace(path)
    forget(part)
    return Fetched(path, origin, checksum(path), path.stat().st_size)


def fetch_each(
    store: StoredReleases,
    names: Iterable[str],
    table: Path | None = None,
    progress: Progress | None = None,
    patience: Patience | None = None,
) -> Iterator[Outcome]:
    """Fetch and add the newest releases of these names, each file on its own; one that fails stops no other.

    Raises `UnknownName` before anything is fetched where a name is none.
    """
    all_publishers = publishers(table)
    chosen = [publisher for name in dict.fromkeys(names) for publisher in named(name, all_publishers)]
    folder = store.folder / DOWNLOADS
    with _alone(folder):
        for publisher in chosen:
            try:
                publisher_links = links(publisher, patience)
            except ReleaseError as exc:
                yield Outcome(publisher.title, error=exc)
                continue
            for link in publisher_links:
                yield _fetched_and_added(store, link, folder, progress, patience)


def _fetched_and_added(
    store: StoredReleases, link: Link, folder: Path, progress: Progress | None, patience: Patience | None
) -> Outcome:
    stored_releases = store.fetched_from(link.address)
    try:
        fetched = fetch(link, folder, progress, stored_releases[0].file.origin if stored_releases else None, patience)
        if fetched is None:
            return Outcome(link.file_name, tuple(stored_releases))
        releases = store.add(fetched.path, origin=fetched.origin)
    except ReleaseError as exc:
        return Outcome(link.file_name, error=exc)
    fetched.path.unlink(missing_ok=True)  # A copy is stored now; what could not be added stays to be looked at.
    return Outcome(link.file_name, tuple(releases))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout as exc:
        raise ReleaseError(f"{folder}: another command is fetching; wait until it is done") from exc
    except OSError as exc:
        raise ReleaseError(f"{folder}: cannot be written ({(exc.strerror or str(exc)).lower()})") from exc
