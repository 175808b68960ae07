"""Files that are there as a whole or not at all: those of users, and those that are to outlive a crash.

What is half made is known by name to whoever watches this process (`watch_half_made`), who removes it where the process
is ended; what was left by one that nobody watched is removed by the next that writes to the same folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from kg import lazy_re as re
from kg.errors import Failure

if sys.platform != "win32":
    import fcntl

_YOUNG = 60
"""So many seconds after the last writing nothing is taken for left behind: whoever made it may not hold it yet."""

_PIECE = 2**20
_RANDOM = re.compile(r"[0-9a-f]{16}")
"""How names end of what is half made: a file of the user that only begins so is none of ours."""

_watcher: Callable[[Path, bool], object] | None = None


def watch_half_made(tell: Callable[[Path, bool], object]) -> None:
    """From now on tell of what is being made, with True, and of what is made or gone again, with False."""
    global _watcher
    _watcher = tell


def write_pieces(file: str | Path | BinaryIO, pieces: Iterable[str]) -> Path | None:
    """Write pieces of text as UTF-8 to a file, or to something open for bytes; gives back the path of a file."""
    with opened(file) as out:
        out.writelines(piece.encode() for piece in pieces)
    return Path(file) if isinstance(file, str | Path) else None


@contextmanager
def opened(file: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """A file to write to, which takes its place when the block has ended well; what is open already is used as it is.

    Until then what was there stays. Raises `Failure` where a file cannot be written.
    """
    if not isinstance(file, str | Path):
        yield file
        return
    try:
        with _beside(Path(file)) as out:
            yield out
    except OSError as exc:
        raise Failure(f"cannot write {file}: {exc.strerror or exc}") from exc


@contextmanager
def room_to(what: str) -> Iterator[None]:
    """Raises `Failure` where there is no room for what is laid by for a while, with the folder that has none."""
    try:
        yield
    except OSError as exc:
        import tempfile  # Few need it.

        reason = (exc.strerror or str(exc)).lower()
        raise Failure(f"cannot {what} in {tempfile.gettempdir()}: {reason} (TMPDIR names another folder)") from exc


class Aside:
    """Takes what is laid by in a file for a while; where there is no room for it, it is a `Failure` that says so."""

    def __init__(self, file: Any, what: str) -> None:
        self._file, self._what = file, what

    def write(self, content: Any) -> int:
        """Take some bytes in."""
        with room_to(self._what):
            return int(self._file.write(content))

    def flush(self) -> None:
        """Bring what was taken on its way."""
        with room_to(self._what):
            self._file.flush()


@contextmanager
def half_made(path: Path) -> Iterator[None]:
    """Tell whoever watches this process that a file or folder is to be removed if it ends within the block."""
    if _watcher:
        _watcher(path, True)
    try:
        yield
    finally:
        if _watcher:
            _watcher(path, False)


@contextmanager
def folder_beside(folder: Path, prefix: str) -> Iterator[Path]:
    """A new folder in another, to be filled and renamed; it is gone when the block ends, if it is still there."""
    remove_abandoned(folder, prefix)
    new_folder = folder / _new_name(prefix)
    with half_made(new_folder):
        new_folder.mkdir(0o700)
        try:
            with _locked(new_folder):
                yield new_folder
        finally:
            remove(new_folder)


@contextmanager
def new_folder(folder: Path, mark: str) -> Iterator[Path]:
    """A folder to fill, which takes its place when the block has ended well: until then what was there stays.

    Of what is there only an empty folder is replaced, or one that was made so: it holds the file `mark`, which is to be
    written into each. Raises `Failure` where a folder cannot be written or is somebody else's.

    No system call that Python has exchanges two folders, so that for an instant neither is in its place. Who is killed
    then leaves the old one beside it, and the next to make a folder there puts it back first.
    """
    try:
        target = _behind_links(folder)
        _put_back(target, mark)
        _refuse_of_others(folder, mark)
        with folder_beside(target.parent, ".kg-") as new:
            yield new
            new.chmod(0o777 & ~_umask())
            _replace(target, new)
    except OSError as exc:
        raise Failure(f"cannot write {folder}: {exc.strerror or exc}") from exc


def _replace(folder: Path, new: Path) -> None:
    """Let a new folder take the place of one that is there or not."""
    if not folder.exists():
        new.rename(folder)
        return
    old = _aside(folder)
    with _locked(folder):
        folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            with suppress(OSError):
                old.rename(folder)
            raise
    # Not before: until the new folder is there, the old one is all that there is.
    with half_made(old):
        remove(old)


def _aside(folder: Path) -> Path:
    """Where a folder stands while another one takes its place; no name of what is half made, which others remove."""
    return folder.with_name(f".kg-old-{hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:16]}")


def _put_back(folder: Path, mark: str) -> None:
    """Put back what somebody who was killed has put aside; where the new folder took its place, it is removed."""
    old = _aside(folder)
    if old.is_symlink() or not old.is_dir() or not _may_be_replaced(old, mark):
        return
    if sys.platform != "win32" and not _is_abandoned(old):
        return
    if folder.exists():
        remove(old)
    else:
        old.rename(folder)


def _may_be_replaced(folder: Path, mark: str) -> bool:
    return (folder / mark).is_file() or not any(folder.iterdir())


def _behind_links(path: Path) -> Path:
    """Where a path leads; raises `OSError` for links that lead in a circle."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def _refuse_of_others(folder: Path, mark: str) -> None:
    if folder.exists() and not folder.is_dir():
        raise Failure(f"cannot write {folder}: there is a file of this name, and this makes a folder")
    if folder.exists() and not _may_be_replaced(folder, mark):
        raise Failure(f"cannot write {folder}: there is a folder of this name that no export made")


def _umask() -> int:
    """What rights new files of this process do not get."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there and that can be done."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink()


def remove_abandoned(folder: Path, prefix: str) -> None:
    """Remove what others have left half made in a folder, if they are certainly no more."""
    long_ago = time.time() - _YOUNG
    with suppress(OSError):
        for path in folder.glob(f"{prefix}*"):
            is_ours = _RANDOM.fullmatch(path.name.removeprefix(prefix))
            if is_ours and path.lstat().st_mtime < long_ago and _is_abandoned(path):
                remove(path)


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    """A file beside the one wanted, which takes its place in the end."""
    if path.exists() and not path.is_file():
        # A pipe or a device takes what comes.
        with path.open("wb") as out:
            yield out
        return
    target = _behind_links(path)
    remove_abandoned(target.parent, ".kg-")
    beside = target.parent / _new_name(".kg-")
    with half_made(beside):
        try:
            with beside.open("xb") as out, _locked(beside):
                yield out
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


def _new_name(prefix: str) -> str:
    return f"{prefix}{os.urandom(8).hex()}"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let others see that somebody is making this: the system lets go of a lock when its holder ends, by whatever."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # Where there are no locks, nothing is ever known to be abandoned.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _is_abandoned(path: Path) -> bool:
    """Whether it is certain that nobody is making this any more."""
    if sys.platform == "win32":
        return False
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def copy_durably(source: Path, target: Path) -> str:
    """Copy a file so that it outlives a crash; returns the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as file, target.open("xb") as out:
        while piece := file.read(_PIECE):
            digest.update(piece)
            out.write(piece)
        flush(out)
    return digest.hexdigest()


def write_durably(path: Path, text: str) -> None:
    """Write a file so that, whatever happens, either the old content is there or all of the new."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as out:
        out.write(text.encode("utf-8"))
        flush(out)
    beside.replace(path)
    settle(path.parent)


def flush(file: BinaryIO) -> None:
    """Bring what was written to the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle(path: Path) -> None:
    """Bring to the disk what a file holds, or the names in a folder."""
    if os.name == "posix":  # Elsewhere a folder cannot be opened, nor a file be flushed by who only reads it.
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
