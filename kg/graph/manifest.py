"""What is written beside a build, and whether its files are still as they were written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from zlib import crc32

from kg.errors import StoreError
from kg.whole_files import settle, write_durably

FORMAT = 4
"""Goes up with every change after which old and new readers would misread each other's stores."""

MANIFEST = "manifest.json"
_OWN = "checksum"
"""The CRC-32 of all else in the manifest; one that has none was written before there was one."""
ADJACENCY, NAMES, RELEASES, QUADS = "adjacency.bin", "names.sqlite", "releases.bin", "quads"
AGAIN = "build it again with 'kg build'"

_DATA = {".sqlite", ".bin", ".json", ".jsonl"}
_NO_DATA = ("LOG", "LOCK")
_PIECE = 2**20
_TOO_MANY_FILES = re.compile(r"too many open files|file descriptors", re.I)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is written beside a build: the format of the store, what is in it, and how its files were written.

    `files` has their sizes, `checksums` their CRC-32: the engine has its own, but may run for ever where one is wrong.

    `as_of` is the day whose verdicts it holds, in ISO form, empty where they are of no day. `made_by` and `releases`
    tell which rules and which releases made it.
    """

    format: int = FORMAT
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    checksums: dict[str, int] = field(default_factory=dict)
    as_of: str = ""
    made_by: str = ""
    releases: str = ""

    @property
    def documents(self) -> int:
        """How many documents the build holds."""
        return self.counts.get("documents", 0)

    @classmethod
    def read(cls, build: Path, store: Path) -> Manifest:
        """Read the manifest of a build of a store; raises `StoreError` for another version or damage."""
        try:
            content = json.loads((build / MANIFEST).read_text("utf-8"))
            version, own = content["format"], content.pop(_OWN, None)
            if version == FORMAT:
                if own not in (None, _checksum_of(content)):
                    raise not_as_written(store, MANIFEST)
                manifest = cls(**content)
                numbers = (*manifest.counts.values(), *manifest.files.values(), *manifest.checksums.values())
                if all(isinstance(number, int) for number in numbers) and (manifest.day or not manifest.as_of):
                    return manifest
                raise ValueError("not a manifest")
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
            raise StoreError(f"{store}: the graph is damaged (no readable manifest); {AGAIN}") from exc
        reason = f"written by another version of billing-kg (format {version}, this one reads {FORMAT})"
        raise StoreError(f"{store}: {reason}; {AGAIN}")

    def verify(self, build: Path, store: Path, files: Iterable[str] = ()) -> None:
        """Make sure that files of a build are as they were written, all of them where none is named.

        Raises `StoreError` for one that is not; what was written later has no checksum.
        """
        for name in files or self.checksums:
            checksum = self.checksums.get(name)
            with damage(store):
                if checksum is not None and _checksum(build / name) != checksum:
                    raise not_as_written(store, name)

    def write(self, build: Path, counts: Mapping[str, int], day: date | None, before: Path | None = None) -> None:
        """Write it, as the last file of a build, with what is in it and the day of its verdicts.

        All else is on the disk by then, so that no crash leaves a manifest of what is not there. Files that are linked
        to the build `before`, of which this manifest is, keep their checksums.
        """
        files = {str(file.relative_to(build)): file for file in sorted(build.rglob("*")) if _is_data(file)}
        sums = {name: self._checksum_before(name, file, before) for name, file in files.items()}
        for name, file in files.items():
            if sums[name] is None:
                settle(file)
        settle(build / QUADS)
        whole = replace(
            self,
            counts={what: number for what, number in sorted(counts.items()) if number},
            files={name: file.stat().st_size for name, file in files.items()},
            checksums={
                name: _checksum(files[name]) if checksum is None else checksum for name, checksum in sums.items()
            },
            as_of=day.isoformat() if day else "",
        )
        content = asdict(whole)
        write_durably(build / MANIFEST, json.dumps({**content, _OWN: _checksum_of(content)}, indent=1))
        settle(build.parent)

    def _checksum_before(self, name: str, file: Path, before: Path | None) -> int | None:
        """The checksum of a file that is the very file of the build before."""
        if before is None or name not in self.checksums or not (before / name).samefile(file):
            return None
        return self.checksums[name]

    @property
    def day(self) -> date | None:
        """The day whose verdicts it holds; None where they are of no day."""
        return date.fromisoformat(self.as_of) if self.as_of else None


def not_as_written(store: Path, name: str) -> StoreError:
    """The error for a file of a build that is damaged."""
    return StoreError(f"{store}: the graph is damaged ({name} is not as it was written); {AGAIN}")


@contextmanager
def damage(store: object) -> Iterator[None]:
    """Tell in one line what the libraries below say when they cannot read a store."""
    try:
        yield
    except (
        OSError,
        RuntimeError,
    ) as exc:  # RuntimeError is what pyoxigraph makes of some kinds of corruption.
        raise _unreadable(store, exc) from exc


def _unreadable(store: object, exc: Exception) -> StoreError:
    """What keeps a store from being read: what the machine does not allow is no damage."""
    detail = " ".join(str(exc).split())[:200]
    if _TOO_MANY_FILES.search(detail):
        return StoreError(f"{store}: cannot be opened (too many open files for this process: raise 'ulimit -n')")
    if isinstance(exc, PermissionError) or "Permission denied" in detail:
        return StoreError(f"{store}: cannot be opened (permission denied)")
    return StoreError(f"{store}: the graph is damaged ({detail}); {AGAIN}")


def _checksum_of(content: Mapping[str, object]) -> int:
    return crc32(json.dumps(content, sort_keys=True).encode())


def _checksum(file: Path) -> int:
    checksum = 0
    with file.open("rb") as content:
        while piece := content.read(_PIECE):
            checksum = crc32(piece, checksum)
    return checksum


def _is_data(file: Path) -> bool:
    """The engine writes logs of its own whenever it likes; what else is there never changes."""
    if file.parent.name == QUADS:
        return not file.name.startswith(_NO_DATA)
    return file.suffix in _DATA
