"""Builds of few documents are made of one of the releases alone, which is kept, and nobody can tell."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kg import shelf
from kg.graph import groundwork as module
from kg.graph.build import add, build
from kg.graph.groundwork import groundwork
from kg.graph.rdf_files import export_nquads
from kg.graph.store import GraphStore
from kg.model import CodeSystem, Concept, Relation, Statement
from kg.reference import Edition, Reference, Release, index

from .making import reference

DAY = date(2026, 6, 30)
EDITS = Release("ncci", CodeSystem.CPT, "Edits", date(2026, 4, 1), False, "public", "here")
EDIT = Statement(Concept.parse("hcpcs:J3262"), Relation.BUNDLED_WITH, Concept.parse("cpt:96413"), 1, "")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    releases(monkeypatch, "some")
    return tmp_path / "cache"


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    text = "# J3262\n\n| ICD-10-CM | Description |\n|---|---|\n| M05.79 | Rheumatoid arthritis |\n| M99 | Gout |\n"
    (tmp_path / "guide.md").write_text(text)
    return tmp_path / "guide.md"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents each groundwork has that is written from now on."""
    counts = list[int]()

    def writing(*arguments: object) -> object:
        counts.append(len(tuple(arguments[1])))  # type: ignore[arg-type]
        return write(*arguments)

    write: Callable[..., object] = module.write_graph
    monkeypatch.setattr(module, "write_graph", writing)
    return counts


def releases(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Have graphs built from the releases of this name from now on."""
    monkeypatch.setattr(index, "indexed", lambda *_, **__: known(name))


def known(name: str = "some") -> Reference:
    return index.of(shelf.key_of([name]), reference)


def built(paths: list[Path], store: Path, day: date = DAY) -> bytes:
    """What a build of documents has, which begins anew."""
    shutil.rmtree(store, ignore_errors=True)
    build(paths, store, as_of=day)
    return exported(store)


def exported(store: Path) -> bytes:
    with GraphStore.open(store) as graph, (store / "graph.nq").open("wb") as out:
        export_nquads(graph, out)
    return (store / "graph.nq").read_bytes()


def silent(*_: object) -> None:
    """Tells nobody of progress."""


@pytest.mark.parametrize("day", [DAY, date(2010, 6, 30)], ids=["its own day", "another day"])
def test_what_is_built_is_what_would_be_written_whole(
    tmp_path: Path, guide: Path, written: list[int], monkeypatch: pytest.MonkeyPatch, day: date
) -> None:
    built([guide], tmp_path / "first")
    again = built([guide], tmp_path / "again", day)
    assert written == [0], "made once, of no document"
    monkeypatch.setenv("KG_CACHE", "/dev/null")
    assert built([guide], tmp_path / "whole", day) == again
    assert written == [0]


def test_other_releases_have_one_of_their_own_and_what_was_read_serves(
    tmp_path: Path, guide: Path, written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built([guide], tmp_path / "graph")
    releases(monkeypatch, "others")
    monkeypatch.setattr("kg.graph.build.read_one", None)
    build([guide], tmp_path / "graph", as_of=DAY)
    assert (exported(tmp_path / "graph"), written) == (before, [0, 0])


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "names.sqlite").write_bytes(b"?"),
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: flip(next(folder.glob("quads/*.sst"))),
    ],
)
def test_one_that_is_damaged_is_made_anew(
    tmp_path: Path, guide: Path, written: list[int], cache: Path, damage: Callable[[Path], object]
) -> None:
    before = built([guide], tmp_path / "graph")
    damage(next(cache.glob("*/graph")))
    assert built([guide], tmp_path / "another") == before
    assert written == [0, 0]


def flip(file: Path) -> None:
    """Change a bit in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_one_of_other_rules_is_made_anew(guide: Path, written: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert groundwork(known(), DAY, silent)
    monkeypatch.setattr(module, "made_by", lambda: "newer")
    assert groundwork(known(), DAY, silent) is None, "nor is it taken for one of the newer rules"
    assert written == [0, 0]


def test_of_edits_all_is_written_whole(written: list[int]) -> None:
    with_edits = index.of(shelf.key_of(["edits"]), lambda: Reference.of([Edition(EDITS, statements=(EDIT,))]))
    assert with_edits.tables.has_edits
    assert not known().tables.has_edits
    assert groundwork(with_edits, DAY, silent) is None
    assert groundwork(reference(), DAY, silent) is None, "nor of releases that nothing tells apart"
    assert written == []


def test_those_that_were_used_last_are_kept(cache: Path, guide: Path) -> None:
    for name in ("first", "second"):
        assert groundwork(known(name), DAY, silent)
    os.utime(cache / shelf.key_of(["second"]) / "graph", (0, 0))
    assert groundwork(known("third"), DAY, silent)
    kept = {folder.parent.name for folder in cache.glob("*/graph")}
    assert kept == {shelf.key_of(["first"]), shelf.key_of(["third"])}
    assert not list(cache.glob("*/.graph-*"))


def test_where_it_is_gone_meanwhile_all_is_written_whole(
    tmp_path: Path, guide: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built([guide], tmp_path / "graph")

    def opened(*arguments: object) -> GraphStore | None:
        ground = groundwork(*arguments)  # type: ignore[arg-type]
        shutil.rmtree(next(cache.glob("*/graph")))
        return ground

    monkeypatch.setattr("kg.graph.build.groundwork", opened)
    assert built([guide], tmp_path / "another") == before


def test_a_graph_with_many_documents_is_written_whole(
    tmp_path: Path, guide: Path, written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.graph.build._FEW", 0)
    built([guide], tmp_path / "graph")
    other = tmp_path / "other.md"
    other.write_text("J1745 identifies infliximab.\n")
    add([other], tmp_path / "graph", as_of=DAY)
    assert written == []
