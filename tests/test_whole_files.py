"""Files are there as a whole or not at all, and what is left half made goes once nobody can be making it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kg import whole_files
from kg.errors import Failure

WRITE = """
import sys, time
from kg.whole_files import opened
with opened(sys.argv[1]) as out:
    out.write(b"half")
    out.flush()
    print("half", flush=True)
    time.sleep(60)
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="nothing is known to be abandoned there")


@contextmanager
def writer(file: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, half way through a file; killed in the end."""
    with subprocess.Popen([sys.executable, "-c", WRITE, str(file)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        yield process
        process.kill()


def half_made(folder: Path) -> list[Path]:
    return list(folder.glob(".kg-*"))


def grown_old(path: Path) -> Path:
    os.utime(path, (0, 0))
    return path


def test_a_file_takes_its_place_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before")
    with whole_files.opened(file) as out:
        out.write(b"after")
        assert file.read_text() == "before"
        assert len(half_made(tmp_path)) == 1
    assert file.read_text() == "after"
    assert half_made(tmp_path) == []


def test_a_file_has_the_rights_that_new_files_have(tmp_path: Path) -> None:
    with whole_files.opened(tmp_path / "file"):
        pass
    (tmp_path / "other").touch()
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before")
    with pytest.raises(ZeroDivisionError), whole_files.opened(file) as out:
        out.write(b"after")
        raise ZeroDivisionError
    with pytest.raises(Failure, match="cannot write"), whole_files.opened(tmp_path / "none" / "file"):
        pass
    assert file.read_text() == "before"
    assert half_made(tmp_path) == []


@posix
def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    with writer(tmp_path / "file"):
        pass
    (left,) = half_made(tmp_path)
    whole_files.write_pieces(tmp_path / "other", ["x"])
    assert half_made(tmp_path) == [left]  # It is young, and may be somebody's who has not said so yet.
    grown_old(left)
    whole_files.write_pieces(tmp_path / "other", ["x"])
    assert half_made(tmp_path) == []


@posix
def test_what_a_living_process_makes_stays_however_old(tmp_path: Path) -> None:
    with writer(tmp_path / "file"):
        (its,) = half_made(tmp_path)
        grown_old(its)
        whole_files.write_pieces(tmp_path / "other", ["x"])
        assert half_made(tmp_path) == [its]


@posix
def test_folders_are_left_and_removed_likewise(tmp_path: Path) -> None:
    left = tmp_path / ".new-0123456789abcdef"
    (left / "inner").mkdir(parents=True)
    grown_old(left)
    with whole_files.folder_beside(tmp_path, ".new-") as made:
        assert not left.exists()
        grown_old(made)
        whole_files.remove_abandoned(tmp_path, ".new-")
        assert made.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_renamed_stays(tmp_path: Path) -> None:
    with whole_files.folder_beside(tmp_path, ".new-") as made:
        made.rename(tmp_path / "whole")
    assert [entry.name for entry in tmp_path.iterdir()] == ["whole"]


def test_who_watches_is_told_of_what_is_half_made_before_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Path, bool, bool]] = []
    monkeypatch.setattr(whole_files, "_watcher", lambda path, half: told.append((path, half, path.exists())))
    with whole_files.opened(tmp_path / "file"):
        (path,) = half_made(tmp_path)
    assert told == [(path, True, False), (path, False, False)]


def test_a_file_of_the_user_that_is_called_alike_stays(tmp_path: Path) -> None:
    own = tmp_path / ".kg-notes"
    own.write_text("mine")
    grown_old(own)
    whole_files.write_pieces(tmp_path / "other", ["x"])
    assert own.read_text() == "mine"


def test_links_that_lead_in_a_circle_are_told_and_stay(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    for path in (tmp_path / "circle", tmp_path / "circle" / "file"):
        with pytest.raises(Failure, match="Too many levels of symbolic links"):
            whole_files.write_pieces(path, ["x"])
        with pytest.raises(Failure, match="Too many levels of symbolic links"), whole_files.new_folder(path, "note"):
            pass
    assert [(path.name, path.is_symlink()) for path in tmp_path.iterdir()] == [("circle", True)]


def test_where_a_new_folder_cannot_take_its_place_the_old_one_gets_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "note").write_text("before")
    rename = Path.rename

    def refused(path: Path, to: Path) -> Path:
        if to == folder and not (path / "note").exists():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(Failure, match="Input/output error"), whole_files.new_folder(folder, "note"):
        pass
    assert (folder / "note").read_text() == "before"
    assert list(tmp_path.iterdir()) == [folder]


def test_the_old_folder_is_half_gone_only_when_the_new_one_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "note").write_text("before")
    told: list[tuple[str, bool, str]] = []
    monkeypatch.setattr(
        whole_files, "_watcher", lambda path, half: told.append((path.name, half, (folder / "note").read_text()))
    )
    with whole_files.new_folder(folder, "note") as made:
        (made / "note").write_text("after")
    new, old = told[0][0], told[1][0]
    assert told == [(new, True, "before"), (old, True, "after"), (old, False, "after"), (new, False, "after")]
    assert new != old and list(tmp_path.iterdir()) == [folder]


def _killed_between_the_renames(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a folder anew, and end when the old one is gone from its place and the new one not yet there."""
    rename, count = Path.rename, [0]

    def killed(path: Path, to: Path) -> Path:
        count[0] += 1
        if count[0] == 2:
            os._exit(9)
        return rename(path, to)

    child = os.fork()
    if not child:
        try:
            monkeypatch.setattr(Path, "rename", killed)
            with whole_files.new_folder(folder, "note") as made:
                (made / "note").write_text("after")
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.parametrize("fails", [False, True])
def test_who_is_killed_between_the_two_renames_leaves_the_old_folder_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "note").write_text("before")
    _killed_between_the_renames(folder, monkeypatch)
    assert not folder.exists()
    for path in tmp_path.iterdir():  # However long ago that was.
        os.utime(path, (0, 0))
    whole_files.remove_abandoned(tmp_path, ".kg-")
    with suppress(ZeroDivisionError), whole_files.new_folder(folder, "note") as made:
        assert (folder / "note").read_text() == "before"
        (made / "note").write_text("later")
        if fails:
            raise ZeroDivisionError
    assert (folder / "note").read_text() == ("before" if fails else "later")
    assert list(tmp_path.iterdir()) == [folder]


def test_who_is_killed_while_the_old_folder_is_removed_leaves_it_to_the_next(tmp_path: Path) -> None:
    folder, old = tmp_path / "folder", whole_files._aside(tmp_path / "folder")
    for path in (folder, old):
        path.mkdir()
        (path / "note").write_text("of before")
    with whole_files.new_folder(folder, "note") as made:
        (made / "note").write_text("after")
    assert list(tmp_path.iterdir()) == [folder]


def test_what_bears_the_name_and_is_of_others_stays(tmp_path: Path) -> None:
    folder, old = tmp_path / "folder", whole_files._aside(tmp_path / "folder")
    old.mkdir()
    (old / "theirs").write_text("x")
    with whole_files.new_folder(folder, "note") as made:
        (made / "note").write_text("after")
    assert (old / "theirs").read_text() == "x" and (folder / "note").read_text() == "after"
