"""What is written beside a build, and how damage to its files is noticed."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from kg.errors import StoreError
from kg.graph import manifest
from kg.graph.manifest import FORMAT, NAMES, Manifest, damage


def built(folder: Path) -> Path:
    """The folder of a build with files of its engine and one of ours."""
    (folder / "quads").mkdir(parents=True)
    (folder / "quads" / "1.sst").write_bytes(b"quads")
    (folder / "quads" / "LOG").write_bytes(b"log")
    (folder / "notes.txt").write_bytes(b"no data")
    (folder / NAMES).write_bytes(b"names")
    return folder


def written(folder: Path, manifest: Manifest, before: Path | None = None) -> Manifest:
    manifest.write(folder, {"documents": 2, "findings": 0}, date(2026, 6, 30), before)
    return Manifest.read(folder, folder.parent)


def test_a_manifest_has_the_files_that_hold_data_and_counts_what_is_there(tmp_path: Path) -> None:
    found = written(built(tmp_path / "1"), Manifest(made_by="rules"))
    assert found.files == {NAMES: 5, "quads/1.sst": 5}
    assert found.checksums.keys() == found.files.keys()
    assert (found.counts, found.documents) == ({"documents": 2}, 2)
    assert (found.format, found.day, found.made_by) == (FORMAT, date(2026, 6, 30), "rules")


def test_a_file_that_is_not_as_it_was_written_is_named(tmp_path: Path) -> None:
    build = built(tmp_path / "1")
    found = written(build, Manifest())
    found.verify(build, tmp_path)
    (build / NAMES).write_bytes(b"nameS")
    found.verify(build, tmp_path, ["quads/1.sst"])
    for files in ([], [NAMES]):
        with pytest.raises(StoreError, match=r"names\.sqlite is not as it was written"):
            found.verify(build, tmp_path, files)


def test_what_came_later_has_no_checksum_and_what_is_gone_is_damage(tmp_path: Path) -> None:
    build = built(tmp_path / "1")
    found = written(build, Manifest())
    (build / "later.bin").write_bytes(b"later")
    found.verify(build, tmp_path, ["later.bin"])
    (build / NAMES).unlink()
    with pytest.raises(StoreError, match="the graph is damaged"):
        found.verify(build, tmp_path)


def test_a_file_of_the_build_before_keeps_its_checksum_so_that_damage_is_not_taken_over(tmp_path: Path) -> None:
    before = built(tmp_path / "1")
    manifest = written(before, Manifest())
    (before / NAMES).write_bytes(b"nameS")
    build = built(tmp_path / "2")
    (build / NAMES).unlink()
    os.link(before / NAMES, build / NAMES)
    (build / "quads" / "1.sst").write_bytes(b"quads anew")
    found = written(build, manifest, before)
    found.verify(build, tmp_path, ["quads/1.sst"])  # A file of the same name that is another has a sum of its own.
    with pytest.raises(StoreError, match=r"names\.sqlite is not as it was written"):
        found.verify(build, tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"counts": {"documents": "two"}},
        {"files": {NAMES: None}},
        {"checksums": {NAMES: "5"}},
        {"as_of": "soon"},
        {"as_of": 7},
    ],
)
def test_a_manifest_with_one_wrong_value_is_damaged(tmp_path: Path, change: dict[str, Any]) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({**asdict(Manifest(as_of="2026-06-30")), **change}))
    with pytest.raises(StoreError, match="no readable manifest"):
        Manifest.read(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError("Too many open files"), "too many open files for this process"),
        (RuntimeError("IO error: Permission denied"), "permission denied"),
        (PermissionError(13, "no"), "permission denied"),
        (RuntimeError("Corruption:  bad\n block"), "the graph is damaged (Corruption: bad block)"),
    ],
)
def test_what_the_machine_does_not_allow_is_no_damage(tmp_path: Path, error: Exception, told: str) -> None:
    with pytest.raises(StoreError) as raised, damage(tmp_path):
        raise error
    assert told in str(raised.value)
    assert ("damaged" in str(raised.value)) == told.startswith("the graph")


def test_all_that_is_new_is_settled_before_the_manifest_and_the_folders_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[Path] = []
    monkeypatch.setattr(manifest, "settle", settled.append)
    before = built(tmp_path / "1")
    first = written(before, Manifest())
    own = [before / NAMES, before / "quads" / "1.sst", before / "quads", tmp_path]
    assert sorted(settled) == sorted(own)
    settled.clear()
    build = built(tmp_path / "2")
    (build / NAMES).unlink()
    os.link(before / NAMES, build / NAMES)
    written(build, first, before)
    assert sorted(settled) == sorted([build / "quads" / "1.sst", build / "quads", tmp_path])


def test_a_large_file_has_the_checksum_of_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "_PIECE", 3)
    build = built(tmp_path / "1")
    (build / NAMES).write_bytes(b"names of all")
    assert written(build, Manifest()).checksums[NAMES] == crc32(b"names of all")


def test_which_files_hold_data(tmp_path: Path) -> None:
    build = built(tmp_path / "1")
    for name in (
        "a.bin",
        "b.json",
        "c.jsonl",
        "d.log",
        "quads/MANIFEST-1",
        "quads/LOG.old",
        "quads/LOCK",
        "quads/x.log",
    ):
        (build / name).write_bytes(b"x")
    assert {*written(build, Manifest()).files} == {
        NAMES, "a.bin", "b.json", "c.jsonl", "quads/1.sst", "quads/MANIFEST-1", "quads/x.log",
    }  # fmt: skip


def test_a_manifest_of_another_format_or_with_another_checksum(tmp_path: Path) -> None:
    build = built(tmp_path / "1")
    written(build, Manifest())
    file = build / "manifest.json"
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "format": FORMAT + 1}))
    with pytest.raises(StoreError, match=rf"\(format {FORMAT + 1}, this one reads {FORMAT}\)"):
        Manifest.read(build, tmp_path)
    file.write_text(json.dumps({**content, "made_by": "somebody"}))
    with pytest.raises(StoreError, match=r"manifest\.json is not as it was written"):
        Manifest.read(build, tmp_path)
    file.write_text(json.dumps({name: value for name, value in content.items() if name != "checksum"}))
    assert Manifest.read(build, tmp_path).documents == 2, "one that has no checksum is older than they are"
    assert Manifest().documents == 0
