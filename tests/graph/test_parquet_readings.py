"""A graph of what was read elsewhere is that of the documents; what is not ours, cut or changed is refused whole."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg import shelf
from kg.documents import Skipped
from kg.errors import DocumentError, UsageError
from kg.graph import build as building
from kg.graph import parquet_readings
from kg.graph.arrow_readings import extract_batches, schema
from kg.graph.build import BuildReport, add, build
from kg.graph.kept_readings import READINGS
from kg.graph.rdf_files import export_nquads
from kg.graph.reading_rows import row_of
from kg.graph.store import GraphStore
from kg.graph.texts import TEXTS, kept_text
from kg.reference import index

from .making import reference
from .test_build import TEXT

DAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def few_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    key = shelf.key_of(["releases beside readings"])
    monkeypatch.setattr(index, "indexed", lambda *_, **__: index.of(key, reference))


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    """Some documents, one of them twice, two of one name, and one that cannot be read."""
    folder = tmp_path / "guides"
    (folder / "more").mkdir(parents=True)
    (folder / "one.md").write_text(TEXT.format(code="J3262", diagnosis="M05.79"))
    (folder / "two.md").write_text(TEXT.format(code="J1745", diagnosis="M06.9") + "\nNobody knows 96413.\n")
    (folder / "again.md").write_bytes((folder / "one.md").read_bytes())
    (folder / "more" / "two.md").write_text(TEXT.format(code="J3262", diagnosis="M06.9"))
    (folder / "bad.md").write_bytes(b"\x00\x01\x02")
    return folder


def read_elsewhere(guides: Path, out: Path, size: int = 2) -> Path:
    """The documents of a folder in Parquet files of so many each, in an order of their own."""
    files = sorted((path for path in guides.rglob("*") if path.is_file()), key=lambda path: path.read_bytes()[::-1])
    out.mkdir(exist_ok=True)
    for first in range(0, len(files), size):
        some = files[first : first + size]
        batch = pa.record_batch({"name": [str(f) for f in some], "data": [f.read_bytes() for f in some]})
        pq.write_table(pa.Table.from_batches(extract_batches([batch])), out / f"part-{first}.parquet")
    (out / "_SUCCESS").touch()
    return out


def built(store: Path, paths: list[Path], *readings: Path, **options: Any) -> BuildReport:
    return build(paths, store, icd10cm=False, as_of=DAY, readings=readings, **options)


def quads(store: Path) -> bytes:
    out = io.BytesIO()
    with GraphStore.open(store) as graph:
        export_nquads(graph, out)
    return out.getvalue()


@pytest.mark.parametrize("few", [0, 200])
def test_the_graph_is_byte_for_byte_that_of_the_documents(
    guides: Path, tmp_path: Path, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_FEW", few)
    here = built(tmp_path / "here", [guides])
    there = built(tmp_path / "there", [], read_elsewhere(guides, tmp_path / "out"))
    assert there.counts == here.counts
    assert there.problems == here.problems
    assert [str(problem.error) for problem in there.problems] == [
        f"{guides}/bad.md:1: not text: character U+0000 at offset 0"
    ]
    assert there.skipped == here.skipped == (
        Skipped(guides / "one.md", f"holds the same bytes as {guides}/again.md"),
    )  # fmt: skip
    assert quads(tmp_path / "there") == quads(tmp_path / "here")
    with GraphStore.open(tmp_path / "here") as one, GraphStore.open(tmp_path / "there") as other:
        read_here, read_there = ((store.build / READINGS).read_bytes().splitlines() for store in (one, other))
        assert sorted(read_here) == sorted(read_there)
        identifiers = [line.split(b"\t")[0].decode() for line in read_here]
        assert len(identifiers) == 3
        for name in identifiers:
            assert kept_text(one.build, name) == kept_text(other.build, name)
        assert (one.build / TEXTS).exists()


def test_documents_read_elsewhere_are_added_and_what_is_there_is_passed_over(guides: Path, tmp_path: Path) -> None:
    built(tmp_path / "store", [guides / "one.md", guides / "two.md"])
    (guides / "bad.md").unlink()
    out = read_elsewhere(guides, tmp_path / "out")
    report = add([], tmp_path / "store", icd10cm=False, as_of=DAY, readings=[out])
    assert report.counts["documents"] == 3
    assert {skipped.path.name for skipped in report.skipped} == {"one.md", "two.md", "again.md"}
    assert add([], tmp_path / "store", icd10cm=False, as_of=DAY, readings=[out]).counts == report.counts


def test_a_row_that_is_there_twice_is_taken_once_and_told(guides: Path, tmp_path: Path) -> None:
    out = read_elsewhere(guides, tmp_path / "out", 5)
    (part,) = out.glob("*.parquet")
    report = built(tmp_path / "store", [], part, Path(str(part)), out / "." / part.name)
    assert report.counts["documents"] == 3
    (out / "copy.parquet").write_bytes(part.read_bytes())
    report = built(tmp_path / "other", [], out)
    assert report.counts["documents"] == 3
    assert {str(skipped) for skipped in report.skipped} >= {f"{guides}/two.md: is there twice"}


def test_documents_and_readings_do_not_go_together(guides: Path, tmp_path: Path) -> None:
    out = read_elsewhere(guides, tmp_path / "out")
    with pytest.raises(UsageError, match="a build from readings reads documents as well: leave one"):
        built(tmp_path / "store", [guides], out)
    with pytest.raises(UsageError, match="has nothing to read in several jobs"):
        built(tmp_path / "store", [], out, jobs=2)


def _row(**changes: Any) -> dict[str, Any]:
    return {**row_of("guide.md", TEXT.format(code="J3262", diagnosis="M06.9").encode()), **changes}


def _with_assertion(**changes: Any) -> dict[str, Any]:
    row = _row()
    row["assertions"][0].update(changes)
    return row


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (_with_assertion(quote="JZ"), r"evidence that does not fit: from \d+ to \d+ the text has not 'JZ'"),
        (_with_assertion(end=10**6), "evidence that does not fit: from .* of a text of .* letters"),
        (_with_assertion(start=-1), "evidence that does not fit: from -1 to"),
        (_with_assertion(subject="hcpcs:X\n1"), r"not a HCPCS Level II code: .X\\n1."),
        (_with_assertion(subject="drug:No slug"), "not a concept: 'drug:No slug'"),
        (_with_assertion(relation="bewitches"), "'bewitches' is not a valid Relation"),
        (_with_assertion(polarity="maybe"), "'maybe' is not a valid Polarity"),
        (_with_assertion(condition="only on Mondays"), "not as it was written"),
        (_with_assertion(condition=None), "not as it was written"),
        (_row(leftovers=[]), "not as it was written"),
        (_row(title="Another"), "not as it was written"),
        (_row(text=None), "not what kg.extract_batches writes"),
        (_row(assertions=None), "not what kg.extract_batches writes"),
        (_row(document="other"), "'other' with the checksum '.*' is no document"),
        (_row(checksum="1f"), "with the checksum '1f' is no document"),
    ],
)
def test_a_row_that_does_not_fit_together_is_refused_and_nothing_is_made(
    row: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "readings.parquet"
    first = row_of("first.md", TEXT.format(code="J1745", diagnosis="M05.79").encode())
    pq.write_table(pa.Table.from_pylist([first, row], schema()), file)
    with pytest.raises(DocumentError, match=reason) as caught:
        built(tmp_path / "store", [], file)
    assert str(caught.value).startswith(f"{file}: row 2 (guide.md): ")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "store" / "current").exists()


def test_rows_that_would_fill_the_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "readings.parquet"
    pq.write_table(pa.Table.from_pylist([_row()], schema()), file)
    monkeypatch.setattr(parquet_readings, "_MOST_BYTES", 500)
    with pytest.raises(DocumentError, match=rf"{file}: rows of [\d,]+ bytes, more than documents have"):
        built(tmp_path / "store", [], file)


def test_rows_of_another_version_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "readings.parquet"
    pq.write_table(pa.Table.from_pylist([_row(), _row(name="b\nc.md", reader="0" * 32)], schema()), file)
    with pytest.raises(
        DocumentError, match=rf"{file}: row 2 \(b\\nc.md\): read by another version of billing-kg; read"
    ):
        built(tmp_path / "store", [], file)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _text(file: Path) -> None:
    file.write_text("# HCPCS Code J3262\n")


def _flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    middle = content.index(b"rheumatoid") if b"rheumatoid" in content else len(content) // 3
    content[middle : middle + 40] = bytes(40)
    file.write_bytes(content)


def _other_columns(file: Path) -> None:
    pq.write_table(pa.table({"name": ["a.md"]}), file)


def _other_types(file: Path) -> None:
    table = pq.read_table(file)
    pq.write_table(table.set_column(table.column_names.index("rows"), "rows", pa.array([1] * len(table))), file)


def _column_twice(file: Path) -> None:
    table = pq.read_table(file)
    pq.write_table(pa.table([*table.columns, table["name"]], names=[*table.column_names, "name"]), file)


def _no_rows(file: Path) -> None:
    pq.write_table(pa.Table.from_pylist([], schema()), file)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (_cut, r"not whole, or no Parquet \("),
        (_empty, r"not whole, or no Parquet \("),
        (_text, r"not whole, or no Parquet \("),
        (_flipped, r"not whole, or no Parquet \(|not as it was written|does not fit|not what kg"),
        (_other_columns, "no column 'document': not what kg.extract_batches writes"),
        (_other_types, "the column 'rows' is int64: not what kg.extract_batches writes"),
        (_column_twice, "two columns 'name': not what kg.extract_batches writes"),
        (_no_rows, "no documents in it"),
        (_folder, "no .parquet files in this folder"),
        (_pipe, "a pipe, not a file"),
        (Path.unlink, "no such file or folder"),
    ],
)
def test_what_is_not_ours_or_not_whole_is_one_line_and_the_old_graph_stays(
    harm: Callable[[Path], None], reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "readings.parquet"
    pq.write_table(pa.Table.from_pylist([_row()], schema()), file, compression="none", use_dictionary=False)
    built(tmp_path / "store", [], file)
    before = quads(tmp_path / "store")
    (tmp_path / "more").mkdir()
    other = tmp_path / "more" / "readings.parquet"
    pq.write_table(pa.Table.from_pylist([_row(checksum="0" * 64)], schema()), other)
    harm(file)
    with pytest.raises(DocumentError, match=reason) as caught:
        built(tmp_path / "store", [], file)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)
    assert quads(tmp_path / "store") == before


def test_the_types_of_other_engines_are_read(tmp_path: Path) -> None:
    """Large texts, other names of the parts of lists, and columns in another order and besides."""
    table = pa.Table.from_pylist([_row()], schema())
    text = table.column("text").cast(pa.large_string())
    table = table.set_column(table.column_names.index("text"), "text", text)
    table = table.select(table.column_names[::-1]).append_column("partition", pa.array([7]))
    pq.write_table(table, tmp_path / "readings.parquet", use_compliant_nested_type=False)
    assert built(tmp_path / "store", [], tmp_path / "readings.parquet").counts["documents"] == 1


def test_a_row_has_the_columns_that_are_told_beforehand() -> None:
    assert {*_row()} == {*schema().names}
