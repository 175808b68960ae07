"""The store: a folder with numbered builds, one of which is current.

    <store>/current           the number of the build that readers open
    <store>/lock              held by the build that is being made
    <store>/builds/7/         quads/ (pyoxigraph), names.sqlite, manifest.json
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyoxigraph as ox

from kg.errors import StoreError, StoreLocked
from kg.graph.names import Names

FORMAT = 1
"""Goes up with every change after which an older reader would misread the store, or a newer one an older store."""

_AGAIN = "build it again with 'kg build'"


def location(path: str | os.PathLike[str] | None = None) -> Path:
    """Where the store is: what was given, else `KG_STORE`, else a folder among the user's data."""
    given = path or os.environ.get("KG_STORE")
    if given:
        return Path(given).expanduser()
    import platformdirs  # Costs a fifth of a cold start, and is needed only here.

    return Path(platformdirs.user_data_dir("billing-kg", appauthor=False))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is written beside a build: the format of the store, what is in it, and the sizes of its files."""

    format: int = FORMAT
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, build: Path, store: Path) -> Manifest:
        """Read the manifest of a build of a store; raises `StoreError` for another version or damage."""
        try:
            content = json.loads((build / "manifest.json").read_text("utf-8"))
            found = content["format"]
            if found == FORMAT:
                return cls(**content)
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise StoreError(f"{store}: the graph is damaged (no readable manifest); {_AGAIN}") from exc
        raise StoreError(
            f"{store}: written by another version of billing-kg (format {found}, this one reads {FORMAT}); {_AGAIN}"
        )

    def write(self, build: Path) -> None:
        """Write it, as the last file of a build."""
        write_durably(build / "manifest.json", json.dumps(asdict(self), indent=1))

    @classmethod
    def of(cls, build: Path, counts: dict[str, int]) -> Manifest:
        """The manifest of a build whose files are all written."""
        files = {str(f.relative_to(build)): f.stat().st_size for f in sorted(build.rglob("*")) if _is_data(f)}
        return cls(counts=counts, files=files)


class GraphStore:
    """A built graph, opened read-only; what it holds does not change while it is open."""

    def __init__(self, path: Path, build: Path, manifest: Manifest, quads: ox.Store) -> None:
        self.path = path
        self.build = build
        self.manifest = manifest
        self.quads = quads

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> Self:
        """Open the current build; raises `StoreError` where it is missing, damaged or from another version."""
        store = location(path)
        build = current_build(store)
        manifest = Manifest.read(build, store)
        for name, size in manifest.files.items():
            file = build / name
            if not file.exists() or file.stat().st_size != size:
                raise StoreError(f"{store}: the graph is damaged ({name} is not as it was written); {_AGAIN}")
        with damage(store):
            return cls(store, build, manifest, ox.Store.read_only(str(build / "quads")))

    @cached_property
    def names(self) -> Names:
        """The index of names."""
        return Names.open(self.build / "names.sqlite")

    def match(self, subject: Any, predicate: Any, object: Any, graph: Any = None) -> list[ox.Quad]:
        """The quads that match; None matches everything."""
        with damage(self.path):
            return list(self.quads.quads_for_pattern(subject, predicate, object, graph))

    def close(self) -> None:
        """Let go of the files."""
        if "names" in self.__dict__:
            self.names.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


@contextmanager
def damage(store: Path) -> Iterator[None]:
    """Tell in one line what the libraries below say when they cannot read a store."""
    try:
        yield
    except OSError as exc:
        detail = " ".join(str(exc).split())[:200]
        raise StoreError(f"{store}: the graph is damaged ({detail}); {_AGAIN}") from exc


def current_build(store: Path) -> Path:
    """The folder of the current build; raises `StoreError` where there is none."""
    number = _current(store)
    if number is None:
        raise StoreError(f"{store}: no graph here; make one with 'kg build', or name another with --store")
    build = store / "builds" / str(number)
    if not build.is_dir():
        raise StoreError(f"{store}: the graph is damaged (build {number} is gone); {_AGAIN}")
    return build


@contextmanager
def new_build(path: str | os.PathLike[str] | None = None) -> Iterator[Path]:
    """A folder for a new build, which becomes the current one where the block ends without an error.

    Raises `StoreLocked` at once where another build holds the store. Readers go on with the build that they
    opened; the one before it is kept, older and half-made ones are removed.
    """
    store = location(path)
    with _writing(store):
        builds = store / "builds"
        kept = _current(store)
        _remove(builds, keep={kept})
        build = builds / str(1 + max((kept or 0, *_numbers(builds))))
        build.mkdir(parents=True)
        try:
            yield build
            write_durably(store / "current", f"{build.name}\n")
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        _remove(builds, keep={kept, int(build.name)})


@contextmanager
def _writing(store: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # Costs a third of a cold start, and only builds need it.

    lock = FileLock(store / "lock", timeout=0)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as exc:
        raise StoreLocked(f"{store}: another build is writing this store; wait until it is done") from exc
    except OSError as exc:
        raise StoreError(f"{store}: cannot be written ({(exc.strerror or str(exc)).lower()})") from exc
    try:
        yield
    finally:
        lock.release()


def write_durably(file: Path, text: str) -> None:
    """Write a file so that, whatever happens, either the old content is there or all of the new."""
    beside = file.with_name(f"{file.name}.new")
    with beside.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


def _current(store: Path) -> int | None:
    """The number in the pointer file; None where there is no such file."""
    try:
        return int((store / "current").read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as exc:
        raise StoreError(f"{store}: the graph is damaged (its file 'current' holds no number); {_AGAIN}") from exc


def _numbers(builds: Path) -> list[int]:
    return [int(entry.name) for entry in builds.glob("*") if entry.name.isdigit()]


def _remove(builds: Path, keep: set[int | None]) -> None:
    for number in _numbers(builds):
        if number not in keep:
            shutil.rmtree(builds / str(number), ignore_errors=True)


def _is_data(file: Path) -> bool:
    """RocksDB writes logs of its own whenever it likes; tables and the index never change."""
    return file.suffix in {".sst", ".sqlite"}
