"""What is told while a graph is written, and in which order it is written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from kg.graph import writing
from kg.graph.manifest import Manifest
from kg.graph.rdf.assertions import evidence_lines
from kg.graph.rules import made_by
from kg.graph.writing import reading_lines, write_graph

from . import rich

Told = list[tuple[str, int, int]]


def written(folder: Path) -> Told:
    """What is told while the two documents are written into a folder."""
    told: Told = []
    folder.mkdir(parents=True)
    readings = [rich.first(), rich.second()]
    write_graph(folder, readings, rich.known(), lambda *said: told.append(said), rich.DAY)
    return told


def test_progress_is_told_at_the_beginning_and_for_each_step(tmp_path: Path) -> None:
    expected = 9 * len(rich.known())
    assert written(tmp_path / "1") == [("writing the graph", 0, expected), ("indexing names", 0, 0), ("merging", 0, 0)]


def test_progress_is_told_whenever_so_many_lines_are_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_PROGRESS_STEP", 500)
    told = [said for said in written(tmp_path / "1") if said[0] == "writing the graph"]
    assert len(told) > 2
    assert all(before < done for (_, before, _), (_, done, _) in pairwise(told))
    assert all(before // 500 < done // 500 for (_, before, _), (_, done, _) in pairwise(told))
    assert all(expected == max(done, told[0][2]) for _, done, expected in told)


@pytest.mark.parametrize("size", [700])
def test_the_graph_does_not_depend_on_how_much_is_loaded_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    expected = written_quads(tmp_path / "expected")
    monkeypatch.setattr(writing, "_BATCH", size)
    assert written_quads(tmp_path / "found") == expected


def written_quads(folder: Path) -> set[str]:
    import pyoxigraph as ox

    written(folder)
    return {str(quad) for quad in ox.Store.read_only(str(folder / "quads"))}


def test_pieces_are_put_together_until_there_are_enough_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_BATCH", 3)

    def batches(*pieces: str) -> list[bytes]:
        def given() -> Iterator[str]:
            yield from pieces

        return list(writing._batches(given()))

    assert batches("a\n", "b\nc\n", "d\n", "e\n") == [b"a\nb\nc\n", b"d\ne\n"]
    assert batches("a\nb\nc\nd\n", "e\n") == [b"a\nb\nc\nd\n", b"e\n"]
    assert batches("a\n", "b\n", "c\n") == [b"a\nb\nc\n"]
    assert batches() == []


def test_the_manifest_tells_by_which_rules_and_of_which_day(tmp_path: Path) -> None:
    written(tmp_path / "1")
    found = Manifest.read(tmp_path / "1", tmp_path)
    assert (found.made_by, found.as_of) == (made_by(), "2026-05-01")
    assert {"names.sqlite", "adjacency.bin", "releases.bin", "readings.jsonl", "spoken.json"} <= found.files.keys()


def test_a_place_is_written_once_for_all_that_is_stated_there() -> None:
    reading = rich.first()
    lines = "".join(reading_lines(reading.document, reading.distinct))
    places = {one.evidence for one in reading.distinct}
    assert len(places) < len(reading.distinct)
    for place in places:
        assert lines.count(evidence_lines(place, writing.evidence_iri(place))) == 1
