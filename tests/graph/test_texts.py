"""The texts that a build keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import kg
from kg.errors import StoreError
from kg.graph.build import add, build, remove
from kg.graph.kept_readings import Reading
from kg.graph.store import GraphStore
from kg.graph.texts import TEXTS, change, keeping, kept, kept_text, packed

FIRST = "J3262 identifies tocilizumab.\n\nSee J0129.\n"
OTHER = "J0129 identifies abatacept. \u202e𝄞\n"


def text(store: Path, identifier: str) -> str | None:
    with GraphStore.open(store) as opened:
        kept = kept_text(opened.build, identifier)
    return kept and kept.text


def reading(identifier: str, text: str) -> Reading:
    extraction = kg.extract(f"{identifier}.txt", data=text.encode())
    bare = replace(extraction.document, text="", blocks=())
    return Reading(
        bare,
        tuple(extraction.assertions),
        packed=packed(text, ((left.start, left.end, left.reason) for left in extraction.leftovers)),
    )


def test_texts_are_kept_and_changed(tmp_path: Path) -> None:
    old, new = tmp_path / "1", tmp_path / "2"
    old.mkdir()
    new.mkdir()
    readings = [reading("first", FIRST), reading("other", OTHER)]
    assert list(keeping(readings, old)) == readings
    first, other = (kept_text(old, name) for name in ("first", "other"))
    assert first is not None
    assert other is not None
    assert (first.text, other.text) == (FIRST, OTHER)
    assert [FIRST[left.start : left.end] for left in first.leftovers] == ["J0129"]
    change(old, new, {"other": reading("other", FIRST), "more": reading("more", OTHER)}, ["first"])
    after = [kept_text(new, name) for name in ("first", "other", "more")]
    assert [one and one.text for one in after] == [None, FIRST, OTHER]
    assert kept(old, ["first", "more"]).keys() == {"first"}


@pytest.mark.slow
def test_texts_come_and_go_with_their_documents(tmp_path: Path) -> None:
    guides, store = tmp_path / "guides", tmp_path / "graph"
    guides.mkdir()
    (guides / "first.txt").write_text(FIRST, "utf-8")
    build([guides], store, icd10cm=False)
    with GraphStore.open(store) as opened:
        kept = kept_text(opened.build, "first")
        assert kept is not None
        assert kept.text == FIRST
        assert len(kept.leftovers) == 1
    (tmp_path / "other.txt").write_text(OTHER, "utf-8")
    add([tmp_path / "other.txt"], store, icd10cm=False)
    assert (text(store, "first"), text(store, "other")) == (FIRST, OTHER)
    (guides / "first.txt").write_text(f"{FIRST}J3262 may be billed to Medicare.\n", "utf-8")
    add([guides], store, icd10cm=False)
    assert str(text(store, "first")).endswith("Medicare.\n")
    assert text(store, "other") == OTHER
    remove(["first"], store, icd10cm=False)
    assert (text(store, "first"), text(store, "other")) == (None, OTHER)
    build([tmp_path / "other.txt"], store, icd10cm=True)  # Other releases: all is written anew.
    assert text(store, "other") == OTHER


def test_a_build_without_texts_and_damage(tmp_path: Path) -> None:
    assert kept_text(tmp_path, "first") is None
    (tmp_path / TEXTS).write_bytes(b"no database")
    with pytest.raises(StoreError, match=rf"{TEXTS} is damaged"):
        kept_text(tmp_path, "first")
