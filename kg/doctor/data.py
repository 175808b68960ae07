"""The graph, the releases, what is kept between runs, and the folders of all three."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from kg import resources, shelf
from kg.doctor.symptom import Symptom, mend, note, well
from kg.documents import DocumentFile, intake
from kg.documents.parsing import read_bytes
from kg.errors import DocumentError, StoreError
from kg.graph.engines.address import address_of
from kg.graph.kept_readings import kept
from kg.graph.manifest import MANIFEST, RELEASES, Manifest
from kg.graph.rules import made_by
from kg.graph.store import current_build, exists, location, verify
from kg.model import CodeSystem
from kg.reference import folder, index
from kg.reference.bundled import releases as bundled_releases
from kg.reference.records import StoredRelease
from kg.reference.stored import StoredReleases

_GIGABYTE = 1 << 30
_ROOM = 2 * _GIGABYTE
"""A build of all of ICD-10-CM takes 600 MB, and the one before it stays until it is whole."""
_OLD = 200
"""Days after which a code system that comes out every quarter has a newer release twice over."""
_FETCHED = (CodeSystem.HCPCS, CodeSystem.ICD10CM, CodeSystem.NUCC, CodeSystem.NDC)
"""The code systems that `kg reference fetch` knows by the same name."""
_NAMED = 5


def places(store: str | None, release_folder: str | os.PathLike[str] | None) -> Iterator[Symptom]:
    """Whether there is room, and whether this user may write, where things are kept."""
    where = {"releases": folder.location(release_folder), "cache": shelf.location()}
    if address_of(store) is None:
        where = {"graph": location(store), **where}
    for what, path in where.items():
        yield _place(f"folder of {what}", path)


def _place(what: str, path: Path) -> Symptom:
    there = next((parent for parent in (path, *path.parents) if parent.exists()), path)
    if not there.is_dir():
        return mend(what, f"{there} is a file", "name another folder, or move that file away")
    if not os.access(there, os.W_OK | os.X_OK):
        return mend(
            what, f"{there} cannot be written by this user", f"name another folder, or: chown {_user()} {there}"
        )
    free = shutil.disk_usage(there).free
    if free < _ROOM:
        return mend(what, f"{path}: {free / _GIGABYTE:.1f} GB free", f"make room for {_ROOM / _GIGABYTE:.0f} GB")
    return well(
        what, f"{path}: {free / _GIGABYTE:,.0f} GB free" + ("" if path.exists() else "; made when it is needed")
    )


def _user() -> str:
    return str(os.geteuid()) if hasattr(os, "geteuid") else "USER"


def releases(release_folder: str | os.PathLike[str] | None) -> Iterator[Symptom]:
    """The releases that the user added, and the newest of each code system."""
    stored = StoredReleases(release_folder)
    for damaged in stored.damaged():
        found = f"{stored.folder / damaged.name}: {damaged.reason}"
        yield mend("releases", found, f"kg reference remove {damaged.name}, then kg reference add its file")
    added = stored.list()
    for file in {release.file.folder: release.file for release in added}.values():
        if not stored.is_whole(file):
            found = f"{stored.folder / file.folder / file.stored}: not as it was stored"
            yield mend("releases", found, f"kg reference add {file.name}")
    yield well("releases", f"{len(added)} added in {stored.folder}, besides those that come with billing-kg")
    newest: dict[CodeSystem, tuple[date, str]] = {}
    for system, issued, title in _dated(added):
        newest[system] = max(newest.get(system, (issued, title)), (issued, title))
    for system, (issued, title) in newest.items():
        age = (date.today() - issued).days
        if age > _OLD:
            remedy = (
                f"kg reference fetch {system.value}" if system in _FETCHED else "kg reference add, with a newer one"
            )
            yield note("releases", f"{system.noun}: the newest here is {title}, {age} days old", remedy)


def _dated(added: Iterable[StoredRelease]) -> Iterator[tuple[CodeSystem, date, str]]:
    """The releases that have a day, of those that come along only the complete ones: others are small on purpose."""
    for bundled in bundled_releases():
        if bundled.complete and bundled.issued:
            yield bundled.system, bundled.issued, bundled.title
    for release in added:
        if release.issued:
            yield release.system, release.issued, release.title


def graph(
    store: str | None, release_folder: str | os.PathLike[str] | None, documents: Sequence[Path]
) -> Iterator[Symptom]:
    """Whether there is a graph, as it was written, and made of what is here now."""
    if address := address_of(store):
        yield note("graph", f"on an engine, which is not asked: {address}", f"kg push {address} --verify")
        return
    path = location(store)
    if not exists(path):
        yield mend("graph", f"{path}: none here", "kg build")
        return
    try:
        build = current_build(path)
        manifest = Manifest.read(build, path)
        verify(path)
        bytes_kept = {reading.document.name: reading.document.checksum for reading in kept(build)}
    except StoreError as exc:
        yield mend("graph", str(exc), "kg build")
        return
    counts = manifest.counts
    yield well("graph", f"{path}: whole, {counts.get('assertions', 0):,} assertions of {manifest.documents} documents")
    yield from _stale(build, manifest, release_folder)
    yield from _changed(bytes_kept, documents)


def _stale(build: Path, manifest: Manifest, release_folder: str | os.PathLike[str] | None) -> Iterator[Symptom]:
    """What is other now than when the graph was built."""
    if manifest.made_by != made_by():
        yield note("graph: rules", "built by another version of billing-kg", "kg build")
    keys = {index.key_of(release_folder, icd10cm_package=package) for package in (True, False)}
    if manifest.releases and "" not in keys and manifest.releases not in keys:
        yield _other_releases(build, StoredReleases(release_folder))
    if manifest.day and manifest.day != date.today():
        yield note("graph: day", f"holds the verdicts of {manifest.day}", "kg build, or ask with --as-of")


def _other_releases(build: Path, stored: StoredReleases) -> Symptom:
    """Which releases a graph lacks or has beside those that are here, or that only where they are read is other.

    The key of releases tells files by their places and times, which another installation of the same has its own of.
    """
    what, reference = "graph: releases", index.read(build / RELEASES)
    optional = {release.identifier for release in bundled_releases() if release.system is CodeSystem.ICD10CM}
    bundled = {release.identifier for release in bundled_releases()}
    added = stored.list()
    here = bundled | {release.identifier for release in added}
    there = {release.identifier for release in reference.releases} if reference else set[str]()
    if lacking := here - there - optional:
        return mend(what, f"built without {_some(lacking)}, which {_are(lacking)} here", "kg build")
    if gone := there - here:
        return mend(what, f"built with {_some(gone)}, which {_are(gone)} not here", "kg build")
    built = (build / MANIFEST).stat().st_mtime
    if changed := [one.identifier for one in added if _written(stored.folder / one.file.folder) > built]:
        return mend(what, f"{_some(changed)}: added again since the graph was built", "kg build")
    return well(
        what, "the same, read by another installation or another Python: the next kg add writes all of them anew"
    )


def _are(names: Collection[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _written(folder: Path) -> float:
    """When anything of a folder was written last."""
    return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))


def _some(names: Iterable[str]) -> str:
    every = sorted(names)
    return ", ".join(every[:_NAMED]) + (f" and {len(every) - _NAMED} more" if len(every) > _NAMED else "")


def _changed(bytes_kept: dict[str, str], documents: Sequence[Path]) -> Iterator[Symptom]:
    """The documents that were given, or else the bundled guides, as far as the graph holds them otherwise."""
    try:
        sources = intake(documents or [resources.path("data", "guides")]).sources
        checksums = {source.path.name: _checksum(source) for source in sources}
    except DocumentError as exc:
        yield mend("graph: documents", str(exc), "name files or folders that are there")
        return
    known = {name: checksum for name, checksum in checksums.items() if documents or name in bytes_kept}
    missing = [name for name in known if name not in bytes_kept]
    other = [name for name, checksum in known.items() if bytes_kept.get(name, checksum) != checksum]
    for names, found in ((missing, "not in the graph"), (other, "changed since they were read")):
        if names:
            yield mend("graph: documents", f"{found}: {_some(names)}", "kg add them")
    if known and not missing and not other:
        yield well("graph: documents", f"{len(known)} as they were read")


def _checksum(source: DocumentFile) -> str:
    """The checksum of a document as it is now; raises `DocumentError` where it cannot be read."""
    return source.checksum or hashlib.sha256(read_bytes(source.path)).hexdigest()


def caches() -> Iterator[Symptom]:
    """What is kept between runs: it is made anew where it is damaged, but nobody has to wait for that twice."""
    place = shelf.location()
    try:
        files = [file for file in place.glob("*/*") if file.is_file()] if place.is_dir() else []
        size = sum(file.stat().st_size for file in files)
        damaged = [file for file in files if file.parent.name.startswith("made-") and shelf.read(file) is None]
    except OSError as exc:
        yield mend("cache", f"{place}: cannot be read ({(exc.strerror or str(exc)).lower()})", f"rm -r {place}")
        return
    for file in damaged[:_NAMED]:
        yield mend("cache", f"{file}: damaged", f"rm {file}")
    if not damaged:
        yield well("cache", f"{place}: {len(files)} files, {size / 1e6:,.0f} MB")
