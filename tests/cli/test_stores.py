from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from .running import Ran, installed, kg


@pytest.fixture
def copy(store: Path, tmp_path: Path) -> Iterator[Path]:
    """A store that a test may spoil."""
    shutil.copytree(store, tmp_path / "graph")
    yield tmp_path / "graph"


def refused(ran: Ran, store: Path) -> str:
    assert ran.code == 3
    assert ran.error.startswith(f"kg: {store}")
    return ran.error.removeprefix(f"kg: {store}")


@pytest.mark.parametrize(
    "words",
    [["show", "J3262"], ["codes-for", "M06.9"], ["search", "x"], ["path", "a", "b"], ["query", "documents"],
     ["findings"], ["validate"], ["export"], ["draw", "J3262"]],
    ids=lambda words: words[0],
)  # fmt: skip
def test_every_question_says_where_no_graph_is(words: list[str], tmp_path: Path) -> None:
    expected = ": no graph here; make one with 'kg build', or name another with --store"
    assert refused(kg(*words, "--store", tmp_path / "none"), tmp_path / "none") == expected
    assert not (tmp_path / "none").exists()


def test_a_damaged_graph(copy: Path) -> None:
    (copy / "current").write_text("nonsense")
    assert "the graph is damaged" in refused(kg("show", "J3262", store=copy), copy)


def test_a_graph_of_another_version(copy: Path) -> None:
    (manifest,) = (copy / "builds").glob("*/manifest.json")
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 99}))
    assert "written by another version of billing-kg (format 99" in refused(kg("show", "J3262", store=copy), copy)


@pytest.mark.slow
def test_a_damaged_graph_can_be_built_anew(copy: Path, guides: Path) -> None:
    (copy / "current").write_text("nonsense")
    assert kg("build", guides, "--no-icd10cm", store=copy).code == 0
    assert kg("show", "J3262", store=copy).code == 0


def test_a_locked_store_is_not_built_but_can_be_asked(copy: Path, guides: Path) -> None:
    with FileLock(copy / "lock"):
        message = refused(installed("build", guides, "--no-icd10cm", store=copy), copy)
        assert message == ": another build is writing this store; wait until it is done"
        assert kg("show", "J3262", store=copy).code == 0


def test_the_store_may_be_named_on_the_command_line(store: Path) -> None:
    assert kg("show", "J3262", "--store", store).code == 0


@pytest.mark.slow
def test_one_bad_document_among_many_is_left_out_and_the_rest_is_built(guides: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"it\x00s")
    ran = kg("build", guides, tmp_path / "bad.md", "--no-icd10cm", "--store", tmp_path / "graph")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[0] == f"kg: left out: {tmp_path}/bad.md:1: not text: character U+0000 at offset 2"
    assert "3 documents" in ran.err
    assert kg("show", "J3262", store=tmp_path / "graph").code == 0


@pytest.mark.slow
def test_a_document_that_stands_there_twice_is_read_once(guides: Path, tmp_path: Path) -> None:
    shutil.copy(guides / "abatacept.txt", tmp_path / "zzz.txt")
    ran = kg("build", guides, tmp_path / "zzz.txt", "--no-icd10cm", "--store", tmp_path / "graph")
    assert ran.code == 0
    assert f"kg: left out: {tmp_path}/zzz.txt: holds the same bytes as {guides}/abatacept.txt" in ran.err
    assert "3 documents" in ran.err


@pytest.mark.parametrize("what", ["folder", "file", "bad"])
def test_a_build_of_nothing_leaves_the_old_graph(what: str, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bad").write_bytes(b"")
    ran = kg("build", tmp_path / what, "--no-icd10cm", "--replace", store=copy)
    assert ran.code == 3
    assert str(tmp_path / what) in ran.error
    assert [entry.name for entry in (copy / "builds").iterdir()] == ["1"]
    assert kg("show", "J3262", store=copy).code == 0


def test_a_folder_without_documents_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    ran = kg("build", tmp_path / "folder", "--no-icd10cm", "--store", tmp_path / "graph")
    assert ran.code == 3
    assert "no documents in this folder" in ran.error
    assert not (tmp_path / "graph").exists()


@pytest.mark.slow
def test_two_builds_of_the_same_guides_are_the_same_bytes(store: Path, guides: Path, tmp_path: Path) -> None:
    names = sorted((str(file) for file in guides.iterdir()), reverse=True)
    ran = installed("build", *names, "--no-icd10cm", "--jobs", "2", "--store", tmp_path / "graph")
    assert ran.code == 0
    assert installed("export", store=tmp_path / "graph").out == installed("export", store=store).out
