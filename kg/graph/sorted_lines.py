"""Lines sorted in bounded memory: what is more is sorted piece by piece, laid by on disk, and merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from typing import BinaryIO, Self

from kg.whole_files import room_to

# So many bytes are sorted at a time, which takes about four times as much memory.
_PIECE = 2**25
# So many files are merged at a time; a process may not open many more.
_FILES = 128
_BUFFER = 2**17


class SortedLines:
    """Takes bytes as a file does, in pieces that may end anywhere, and gives their lines sorted, each with its end.

    What is laid by has no name on the disk, so that it is gone with the process, however that ends. Raises `Failure`
    where there is no room for it.

    >>> with SortedLines() as lines:
    ...     print(lines.write(b"b\\na"), lines.write(b"a\\n"), list(lines))
    3 2 [b'aa\\n', b'b\\n']
    """

    def __init__(self, piece: int = _PIECE) -> None:
        self._piece, self._size = piece, 0
        self._half_line, self._lines = b"", list[bytes]()
        self._runs: list[tuple[int, BinaryIO]] = []

    def write(self, content: bytes) -> int:
        """Take some bytes in."""
        *lines, half = (self._half_line + content).split(b"\n")
        self._half_line = half
        self._lines += lines
        self._size += len(content)
        if self._size >= self._piece:
            self._lay_by(0, self._sorted())
        return len(content)

    def flush(self) -> None:
        """Nothing: it is not written to be read by others."""

    def __iter__(self) -> Iterator[bytes]:
        if self._half_line:
            self.write(b"\n")
        yield from heapq.merge(*(run for _, run in self._runs), self._sorted())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close(run for _, run in self._runs)

    def _sorted(self) -> list[bytes]:
        lines = [line + b"\n" for line in self._lines]
        lines.sort()
        self._lines, self._size = [], 0
        return lines

    def _lay_by(self, level: int, lines: Iterable[bytes]) -> None:
        """Write a sorted run; many of one level become one of the next, so that each line is written few times."""
        with room_to("sort"):
            run: BinaryIO = tempfile.TemporaryFile(buffering=_BUFFER)  # type: ignore[assignment]  # noqa: SIM115
            self._runs.append((level, run))
            run.writelines(lines)
            run.seek(0)
        same = [run for at, run in self._runs if at == level]
        if len(same) == _FILES:
            self._lay_by(level + 1, heapq.merge(*same))
            self._runs = [other for other in self._runs if other[0] != level]
            self._close(same)

    @staticmethod
    def _close(runs: Iterable[BinaryIO]) -> None:
        for run in runs:
            with suppress(OSError):  # What could not be written is no loss.
                run.close()


def by_subject(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of each subject together."""
    for _, group in groupby(lines, lambda line: line[: line.index(b" ")]):
        yield list(group)
