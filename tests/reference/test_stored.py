from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import NotFound, ReleaseError
from kg.reference import formats, stored
from kg.reference.folder import location
from kg.reference.records import RECORD, Origin
from kg.reference.stored import StoredReleases, add_each
from kg.reference.stored_files import file_name

from .tiny import OTHER, TINY, zipped

OCTOBER = "#tiny 2025-10\nJ3262,Tocilizumab\nJ0129,Abatacept\nnonsense\nJ0129>JW\n"
ROOT = Path(__file__).parents[2]
BOTH = zipped(
    a__txt="#tiny 2025-10\nJ3262,Tocilizumab\n", b__txt="#tiny 2026-01\nJ3262,Tocilizumab\n", README__md="Dear reader"
)


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "FORMATS", (TINY, OTHER))


@pytest.fixture
def store(tmp_path: Path) -> StoredReleases:
    return StoredReleases(tmp_path / "releases")


def put(folder: Path, content: str | bytes, name: str = "x.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def everything(folder: Path) -> dict[str, bytes]:
    """All files of a store but the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_where_releases_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_RELEASES", "/elsewhere")
    assert location() == Path("/elsewhere")
    assert location("/here") == Path("/here")
    monkeypatch.delenv("KG_RELEASES")
    assert location().parts[-2:] == ("billing-kg", "releases")


def test_nothing_is_stored_where_there_is_no_folder(store: StoredReleases) -> None:
    assert store.list() == list(store.editions()) == []
    assert store.damaged() == ()
    with pytest.raises(NotFound, match="no such release: 'x'"):
        store.remove("x")
    assert not store.folder.exists()


def test_adding_keeps_the_bytes_and_a_record(store: StoredReleases, tmp_path: Path) -> None:
    path = put(tmp_path, OCTOBER, "Of October (1).txt")
    (release,) = store.add(path)
    assert store.list() == [release]
    assert (release.identifier, release.issued, release.complete) == ("tiny-2025-10", date(2025, 10, 1), True)
    assert (release.entries, release.statements, release.rows, release.left_out) == (2, 1, 4, {"not a code": 1})
    assert (release.file.name, release.file.size) == ("Of October (1).txt", len(OCTOBER))
    assert (store.folder / "tiny-2025-10" / "Of-October-1-.txt").read_bytes() == path.read_bytes()
    record = json.loads((store.folder / "tiny-2025-10" / RECORD).read_text())
    assert record["file"]["sha256"] == release.file.sha256
    assert record["releases"][0]["licence"] == "public"


def test_reading_again_gives_what_was_read(store: StoredReleases, tmp_path: Path) -> None:
    path = put(tmp_path, OCTOBER)
    store.add(path)
    (first,) = store.editions()
    (again,) = formats.read_release(path)
    assert first.entries == again.entries
    assert first.release.source == "x.txt"
    assert [next(iter(reader())).release for reader in store.readers()] == [first.release]


def test_the_date_in_a_name_or_from_the_user_is_kept(store: StoredReleases, tmp_path: Path) -> None:
    store.add(put(tmp_path, "#tiny dated\nJ3262,a\n", "of October 2025 (final).txt"))
    store.add(put(tmp_path, "#tiny dated\nJ3262,b\n"), since=date(2026, 1, 1))
    assert [edition.release.identifier for edition in store.editions()] == ["tiny-2025-10", "tiny-2026-01"]


def test_the_same_bytes_again_change_nothing(store: StoredReleases, tmp_path: Path) -> None:
    store.add(put(tmp_path, OCTOBER))
    before = everything(store.folder)
    (release,) = store.add(put(tmp_path, OCTOBER, "another name.txt"))
    assert release.file.already_there
    assert everything(store.folder) == before


def test_another_file_of_a_release_is_refused_unless_it_may_replace(store: StoredReleases, tmp_path: Path) -> None:
    store.add(put(tmp_path, OCTOBER))
    before = everything(store.folder)
    other = put(tmp_path, OCTOBER.replace("Abatacept", "Abatacept,2025-12-31").replace("Toci", "Sari"))
    with pytest.raises(ReleaseError) as error:
        store.add(other)
    assert str(error.value) == (
        f"{other}: tiny-2025-10 is stored from x.txt, and differs on J3262: name 'Tocilizumab' (row 2) in that, "
        "name 'Sarilizumab' (row 2) in this; --replace takes this one instead"
    )
    assert everything(store.folder) == before
    (release,) = store.add(other, replace=True)
    assert store.list() == [release]
    assert next(store.editions()).entries[0].name == "Sarilizumab"
    assert len(everything(store.folder)) == 2


def test_the_first_code_that_only_one_has_is_named(store: StoredReleases, tmp_path: Path) -> None:
    store.add(put(tmp_path, OCTOBER))
    with pytest.raises(ReleaseError, match="differs on J0129: row 3 in that, nowhere in this"):
        store.add(put(tmp_path, "#tiny 2025-10\nJ3262,Tocilizumab\n"))
    with pytest.raises(ReleaseError, match=r"J0129: accepts modifier JW.*row 5.* in that, nothing of the kind in this"):
        store.add(put(tmp_path, OCTOBER.replace("J0129>JW\n", "")))
    ended = OCTOBER.replace("J3262,Tocilizumab", "J3262,Tocilizumab,2025-12-31")
    with pytest.raises(ReleaseError, match=r"J3262: valid through '' \(row 2\) in that, valid through '2025-12-31'"):
        store.add(put(tmp_path, ended))


def test_other_bytes_that_say_the_same_change_nothing(store: StoredReleases, tmp_path: Path) -> None:
    (first,) = store.add(put(tmp_path, OCTOBER))
    before = everything(store.folder)
    head, *lines = OCTOBER.splitlines()
    for content in (f"{OCTOBER}more nonsense\n", "\n".join([head, *reversed(lines)])):
        (again,) = store.add(put(tmp_path, content, "other.txt"))
        assert again.file.already_there
        assert again == first
        assert everything(store.folder) == before
    (replaced,) = store.add(put(tmp_path, f"{OCTOBER}more nonsense\n", "other.txt"), replace=True)
    assert (replaced.file.name, replaced.file.already_there) == ("other.txt", False)


def test_one_of_several_releases_that_are_stored_already(store: StoredReleases, tmp_path: Path) -> None:
    store.add(put(tmp_path, BOTH, "x.zip"))
    (second,) = [edition for edition in store.editions() if edition.release.identifier == "tiny-2026-01"]
    codes = "".join(f"{entry.code.value},{entry.name}\n" for entry in second.entries)
    (again,) = store.add(put(tmp_path, f"#tiny 2026-01\n{codes}", "other.txt"))
    assert (again.identifier, again.file.already_there, again.file.name) == ("tiny-2026-01", True, "x.zip")


def test_other_names_of_a_code_are_something_else(
    store: StoredReleases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(put(tmp_path, OCTOBER))
    read = stored.read_contents

    def read_with_notes(path: Path, since: date | None = None, name: str | None = None) -> formats.Contents:
        contents = read(path, since, name)
        if path.name != "noted.txt":
            return contents
        (edition,) = contents.editions
        entries = tuple(replace(entry, notes=(("coverage", "C"),)) for entry in edition.entries)
        return replace(contents, editions=(replace(edition, entries=entries),))

    monkeypatch.setattr(stored, "read_contents", read_with_notes)
    with pytest.raises(ReleaseError, match=r"stored from x\.txt, which differs in what it holds besides; --replace"):
        store.add(put(tmp_path, f"{OCTOBER}\n", "noted.txt"))


def test_a_file_with_several_releases(store: StoredReleases, tmp_path: Path) -> None:
    releases = store.add(put(tmp_path, BOTH, "x.zip"))
    assert [release.identifier for release in releases] == ["tiny-2025-10", "tiny-2026-01"]
    assert releases[0].file.passed_over == ("README.md",)
    assert len(list(store.editions())) == 2
    with pytest.raises(ReleaseError, match=r"x\.zip holds tiny-2025-10 as well, which would be lost; remove it first"):
        store.add(put(tmp_path, "#tiny 2026-01\nJ3262,Tocilizumab\n"), replace=True)
    assert [release.identifier for release in store.remove("tiny-2026-01")] == ["tiny-2025-10", "tiny-2026-01"]
    assert everything(store.folder) == {}


def test_one_file_does_not_replace_several(store: StoredReleases, tmp_path: Path) -> None:
    for month in ("2025-10", "2026-01"):
        store.add(put(tmp_path, f"#tiny {month}\nJ3262,Tocilizumab\n"))
    with pytest.raises(ReleaseError, match="remove these first: tiny-2025-10, tiny-2026-01"):
        store.add(put(tmp_path, BOTH, "x.zip"), replace=True)


@pytest.mark.parametrize("content", ["Dear reader", "#tiny 2025-10\nstop\n", b"PK\x03\x04 cut", ""])
def test_what_cannot_be_read_is_never_stored(store: StoredReleases, tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(ReleaseError, match=r"x\.txt"):
        store.add(put(tmp_path, content))
    assert not store.folder.exists()


def test_what_is_no_file_is_refused_at_once(store: StoredReleases, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path / "none", "no such file"),
        (tmp_path, "not a file"),
        (tmp_path / "pipe", "not a file"),
    ):
        with pytest.raises(ReleaseError, match=said):
            store.add(path)


def test_each_file_is_added_on_its_own(store: StoredReleases, tmp_path: Path) -> None:
    paths = [tmp_path / "none", put(tmp_path, OCTOBER)]
    failed, added = add_each(store, paths)
    assert "no such file" in str(failed.error)
    assert [release.identifier for release in added.releases] == ["tiny-2025-10"]


def test_a_file_that_changes_while_it_is_read(
    store: StoredReleases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, OCTOBER)
    read = stored.read_contents

    def read_and_change(path: Path, since: date | None = None) -> formats.Contents:
        contents = read(path, since)
        path.write_text("#tiny 2025-10\n")
        return contents

    monkeypatch.setattr(stored, "read_contents", read_and_change)
    with pytest.raises(ReleaseError, match="changed while it was read"):
        store.add(path)
    assert everything(store.folder) == {}


def test_bytes_that_changed_are_not_read_and_can_be_added_again(store: StoredReleases, tmp_path: Path) -> None:
    path = put(tmp_path, OCTOBER)
    store.add(path)
    kept = store.folder / "tiny-2025-10" / "x.txt"
    kept.write_text(OCTOBER.replace("Toci", "Sari"))
    with pytest.raises(ReleaseError) as error:
        list(store.editions())
    assert str(error.value) == f"{kept}: not as it was stored; add x.txt again with 'kg reference add'"
    (release,) = store.add(path)
    assert not release.file.already_there
    assert next(store.editions()).entries[0].name == "Tocilizumab"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{", "", "no readable record"),
        ('"format": 1', '"format": 2', "written by another version of billing-kg (format 2)"),
        ('"x.txt"', '"../x.txt"', "no readable record"),
        ('"x.txt"', '"y.txt"', "y.txt is gone"),
        ('"hcpcs"', '"icd9"', "no readable record"),
        ('"size"', '"length"', "no readable record"),
        ('"sha256": "', '"sha256": ["', "no readable record"),
    ],
)
def test_a_damaged_record_hides_no_other(
    store: StoredReleases, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    store.add(put(tmp_path, OCTOBER))
    store.add(put(tmp_path, "#tiny 2026-01\nJ3262,Tocilizumab\n"))
    record = store.folder / "tiny-2025-10" / RECORD
    record.write_text(record.read_text().replace(old, new))
    assert [release.identifier for release in store.list()] == ["tiny-2026-01"]
    assert store.damaged() == (("tiny-2025-10", reason),)
    with pytest.raises(ReleaseError, match=r"tiny-2025-10: .*; remove it and add it again"):
        list(store.editions())
    assert store.remove("tiny-2025-10") == []
    assert [edition.release.identifier for edition in store.editions()] == ["tiny-2026-01"]


def test_names_are_made_safe(store: StoredReleases, tmp_path: Path) -> None:
    for number, name in enumerate(("release.json", "-rf $(x) \u202e\n.txt", "a" * 200 + ".txt", ".hidden")):
        month = f"2025-{number + 1:02}"
        (release,) = store.add(put(tmp_path, f"#tiny {month}\nJ3262,Tocilizumab\n", name))
        assert release.file.name == name
        assert (store.folder / release.file.folder / release.file.stored).read_text().startswith(f"#tiny {month}")
    assert len(store.list()) == len(list(store.editions())) == 4


@given(st.text())
def test_any_name_is_made_safe(name: str) -> None:
    safe = file_name(name)
    assert 0 < len(safe) <= 120
    assert safe[0] not in ".-_"
    assert set(safe) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert file_name(safe) == safe


def test_where_it_was_fetched_is_kept(store: StoredReleases, tmp_path: Path) -> None:
    origin = Origin("https://example.org/x.txt", date(2026, 1, 2), '"tag"')
    store.add(put(tmp_path, OCTOBER), origin=origin)
    assert store.list()[0].file.origin == origin
    assert [release.identifier for release in store.fetched_from(origin.address)] == ["tiny-2025-10"]
    assert store.fetched_from("https://example.org/y.txt") == []


def test_somebody_else_is_writing(store: StoredReleases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_PATIENCE", 0)
    store.folder.mkdir()
    with FileLock(store.folder / ".lock"), pytest.raises(ReleaseError, match="another command is writing here"):
        store.add(put(tmp_path, OCTOBER))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    # A file where a folder should be: that stops root as well.
    (tmp_path / "taken").write_text("not a folder")
    store = StoredReleases(tmp_path / "taken" / "releases")
    with pytest.raises(ReleaseError, match="cannot be written"):
        store.add(put(tmp_path, OCTOBER))


ADD_AND_STOP = """
import os, signal, sys
from pathlib import Path
from kg.reference import formats, stored
from tests.reference.tiny import TINY
formats.FORMATS = (TINY,)
calls = 0
def stop(frame, event, argument):
    global calls
    if event == "c_call" and argument.__module__ == "posix" and argument.__name__ in {names}:
        calls += 1
        if calls == {number}:
            os.kill(os.getpid(), signal.SIGKILL)
store = stored.StoredReleases({folder!r})
contents = stored.read_contents(Path({path!r}))
sys.setprofile(stop)
store.add(Path({path!r}), replace=True)
"""


CHANGES = ("mkdir", "open", "fsync", "rename", "replace", "unlink", "rmdir")


@pytest.mark.slow
def test_a_command_that_is_killed_leaves_the_old_release_or_the_new(store: StoredReleases, tmp_path: Path) -> None:
    """Killed at each of the calls that change the disk, one after the other."""
    old, new = put(tmp_path, OCTOBER, "old.txt"), put(tmp_path, OCTOBER.replace("Toci", "Sari"))
    found = set()
    for number in range(1, 100):
        store.add(old, replace=True)
        program = ADD_AND_STOP.format(names=CHANGES, number=number, folder=str(store.folder), path=str(new))
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        assert store.damaged() == ()
        found.add(next(store.editions()).entries[0].name)
        store.add(new, replace=True)
        assert next(store.editions()).entries[0].name == "Sarilizumab"
        if done.returncode == 0:
            break
    assert number > 10
    assert found == {"Tocilizumab", "Sarilizumab"}


def test_listing_reads_records_only(store: StoredReleases, tmp_path: Path) -> None:
    store.add(put(tmp_path, OCTOBER))
    template = store.folder / "tiny-2025-10"
    for number in range(30):
        copy = shutil.copytree(template, store.folder / f"tiny-copy-{number}")
        for file in copy.iterdir():
            if file.name != RECORD:
                file.write_bytes(b"what is read of this is no release")
    assert len(store.list()) == 31
