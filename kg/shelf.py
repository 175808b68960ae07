"""Keeps on disk what was made of large files, so that a cold process maps it into memory and reads only what it needs.

- `<cache>/<key>/reference`: one shelf; the key tells what it was made of, so that a change of that makes another one
- `<cache>/<key>/names-icd10cm-0`: another, made of the same

A shelf is a set of named columns: numbers, and texts one after another. Its checksum is compared when it is opened, so
that nothing can go wrong afterwards. What cannot be kept is made anew each time.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import re
import shutil
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, overload
from zlib import crc32

from kg.config import at_home
from kg.errors import Failure
from kg.whole_files import opened

Columns = Iterable[tuple[str, bytes]]
"""What a shelf is made of: names with bytes."""

_MAGIC = b"billing-kg shelf 01\n"
# What it is, the checksum of all that follows, and how long the file is.
_HEAD = struct.Struct("<20sIQ")
_LAST = struct.Struct("<Q")
_ALIGNED = 8
_KEY = re.compile(r"made-[0-9a-f]{32}")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# Whoever works with several folders of releases in turn makes none of them anew.
_KEPT = 8


def location() -> Path:
    """Where shelves are: the folder of `KG_CACHE`, else one among what the user's programs keep for a while."""
    if folder := os.environ.get("KG_CACHE"):
        return at_home(folder)
    import platformdirs  # Costs a fifth of a cold start, and is needed only here.

    return Path(platformdirs.user_cache_dir("billing-kg", appauthor=False))


def kept(key: str, name: str, make: Callable[[], Columns]) -> Shelf:
    """The shelf of a name under a key (see `key_of`); where there is none it is made, and kept if that is possible.

    Without a key nothing is kept. One that is damaged, or was written by another version, is made anew.

    >>> kept("", "squares", lambda: [numbers("all", [0, 1, 4])]).numbers("all")[2]
    4
    """
    if not key:
        return Shelf(dict(make()))
    file = location() / key / name
    shelf = read(file)
    if shelf is None:
        columns = dict(make())
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            write(file, columns.items())
            _drop_old(file.parent.parent)
        except (OSError, Failure):
            return Shelf(columns)  # A full disk, or a folder that is not ours.
        shelf = read(file) or Shelf(columns)
    return shelf


def key_of(parts: Iterable[str]) -> str:
    """The key of what is made of these parts, each told by what changes when it does.

    >>> key_of(["hcpcs.tsv 12"]) == key_of(["hcpcs.tsv 13"])
    False
    """
    # Numbers are kept as the machine has them in memory.
    every = "\n".join((sys.version, sys.byteorder, *parts))
    return f"made-{hashlib.sha256(every.encode()).hexdigest()[:32]}"


def state(file: Path) -> str:
    """A file with what changes when it is written anew; raises `OSError` where it is not there."""
    status = file.stat()
    return f"{file} {status.st_size} {status.st_mtime_ns}"


def numbers(name: str, values: Iterable[int]) -> tuple[str, bytes]:
    """A column of whole numbers from 0 on."""
    return name, array("I", values).tobytes()


def weights(name: str, values: Iterable[float]) -> tuple[str, bytes]:
    """A column of numbers with a fraction."""
    return name, array("d", values).tobytes()


def texts(name: str, values: Iterable[str]) -> Columns:
    """Columns that hold texts, each found by its position."""
    encoded = [value.encode() for value in values]
    yield numbers(f"{name}.ends", accumulate(map(len, encoded)))
    yield name, b"".join(encoded)


def table(name: str, items: Iterable[tuple[str, Any]]) -> Columns:
    """Columns that hold values of JSON, each found by its key."""
    keys, values = [], []
    for key, value in items:
        keys.append(key)
        values.append(_encode(value))
    yield from _keys(name, keys)
    yield from texts(f"{name}.values", values)


def lists(name: str, items: Iterable[tuple[str, Sequence[int]]]) -> Columns:
    """Columns that hold lists of whole numbers, each found by its key."""
    keys, values = [], []
    for key, value in items:
        keys.append(key)
        values.append(array("I", value))
    yield from _keys(name, keys)
    yield numbers(f"{name}.ends", accumulate(map(len, values)))
    yield name, b"".join(value.tobytes() for value in values)


def _keys(name: str, keys: Sequence[str]) -> Columns:
    yield numbers(f"{name}.order", sorted(range(len(keys)), key=keys.__getitem__))
    yield from texts(f"{name}.keys", keys)


class Shelf:
    """Columns by name."""

    def __init__(self, columns: Mapping[str, bytes | memoryview]) -> None:
        self._columns = columns

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """The columns again."""
        return ((name, bytes(column)) for name, column in self._columns.items())

    def bytes(self, name: str) -> bytes:
        """A column as it was written."""
        return bytes(self._columns[name])

    def numbers(self, name: str) -> memoryview:
        """A column of whole numbers."""
        return memoryview(self._columns[name]).cast("I")

    def weights(self, name: str) -> memoryview[float]:
        """A column of numbers with a fraction."""
        return memoryview(self._columns[name]).cast("d")

    def texts(self, name: str) -> Texts:
        """Texts by position."""
        return Texts(self.numbers(f"{name}.ends"), memoryview(self._columns[name]))

    def table(self, name: str) -> Table:
        """Values by key."""
        return Table(
            self.texts(f"{name}.keys"), self.numbers(f"{name}.order"), self.texts(f"{name}.values"), json.loads
        )

    def lists(self, name: str) -> Table:
        """Lists of whole numbers by key."""
        values = _Lists(self.numbers(f"{name}.ends"), self.numbers(name))
        return Table(self.texts(f"{name}.keys"), self.numbers(f"{name}.order"), values, lambda value: value)


class Texts(Sequence[str]):
    """Texts, each decoded when it is asked for."""

    def __init__(self, ends: memoryview, data: memoryview) -> None:
        self._ends, self._data = ends, data

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        start = self._ends[at - 1] if at else 0
        return str(self._data[start : self._ends[at]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends:
            yield str(self._data[start:end], "utf-8")
            start = end

    def __len__(self) -> int:
        return len(self._ends)


class _Lists(Sequence[memoryview]):
    """Lists of whole numbers, one after another."""

    def __init__(self, ends: memoryview, data: memoryview) -> None:
        self._ends, self._data = ends, data

    @overload
    def __getitem__(self, at: int) -> memoryview: ...
    @overload
    def __getitem__(self, at: slice) -> list[memoryview]: ...
    def __getitem__(self, at: int | slice) -> memoryview | list[memoryview]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        return self._data[self._ends[at - 1] if at else 0 : self._ends[at]]

    def __len__(self) -> int:
        return len(self._ends)


class Table(Mapping[str, Any]):
    """Values by key in the order in which they were written, each read when it is asked for."""

    def __init__(self, keys: Texts, order: memoryview, values: Sequence[Any], read: Callable[[Any], Any]) -> None:
        self._keys, self._order, self._values, self._read = keys, order, values, read

    def in_order(self) -> Iterator[Any]:
        """All values; to look each of them up would take twice as long."""
        return map(self._read, self._values)

    def __getitem__(self, key: str) -> Any:
        at = self._at(key)
        if at is None:
            raise KeyError(key)
        return self._read(self._values[at])

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._at(key) is not None

    def _at(self, key: str) -> int | None:
        """Which of the values has a key."""
        at = bisect_left(self._order, key, key=self._keys.__getitem__)
        if at == len(self._order) or self._keys[self._order[at]] != key:
            return None
        return int(self._order[at])

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def read(file: Path) -> Shelf | None:
    """The shelf in a file; None where there is none, or it is not as it was written."""
    try:
        with file.open("rb") as stream:
            data = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):  # An empty file cannot be mapped.
        return None
    if len(data) < _HEAD.size:
        return None
    magic, checksum, size = _HEAD.unpack_from(data)
    if magic != _MAGIC or size != len(data) or crc32(data[_HEAD.size :]) != checksum:
        return None
    (start,) = _LAST.unpack(data[-_LAST.size :])
    columns = json.loads(bytes(data[start : -_LAST.size]))
    return Shelf({name: data[begin:end] for name, (begin, end) in columns.items()})


def write(file: Path, columns: Columns) -> None:
    """Write a shelf beside a file and rename it, so that no other process sees half of it; raises `Failure`."""
    with opened(file) as out:
        out.writelines(_parts(dict(columns)))


def _parts(columns: Mapping[str, bytes]) -> list[bytes]:
    """A head, the columns, a list of where they begin and end, and where that list begins."""
    at, listed, parts = _HEAD.size, {}, []
    for name, column in columns.items():
        listed[name] = at, at + len(column)
        parts.append(column.ljust(-(-len(column) // _ALIGNED) * _ALIGNED, b"\0"))
        at += len(parts[-1])
    parts += [json.dumps(listed).encode(), _LAST.pack(at)]
    checksum = 0
    for part in parts:
        checksum = crc32(part, checksum)
    return [_HEAD.pack(_MAGIC, checksum, _HEAD.size + sum(map(len, parts))), *parts]


def thin_out(key: str, prefix: str, most: int) -> None:
    """Keep of the shelves of a key whose names begin so only the newest."""
    shelves = [path for path in (location() / key).glob(f"{prefix}*") if path.is_file()]
    for old in sorted(shelves, key=lambda path: path.stat().st_mtime_ns, reverse=True)[most:]:
        old.unlink(missing_ok=True)


def _drop_old(folder: Path) -> None:
    """Remove what was made under other keys, but for the newest of them; what else is in the folder is not ours."""
    folders = [path for path in folder.iterdir() if _KEY.fullmatch(path.name) and path.is_dir()]
    for old in sorted(folders, key=lambda path: path.stat().st_mtime_ns, reverse=True)[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
