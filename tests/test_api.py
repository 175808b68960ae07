"""The public API as the documentation names it: whole, and the same as the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.errors import DocumentError, DocumentsLeftOut, NotFound, UsageError
from tests.cli.releases import few_diagnoses

GUIDE = "# HCPCS Code J3262\n\nAppend modifier JW to J3262.\n"
OTHER = "# HCPCS Code J0897\n\nAppend modifier JZ to J0897.\n"


@pytest.fixture
def guides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a guide; of ICD-10-CM there is little, so that a build is quick."""
    monkeypatch.setattr("kg.reference.icd10cm.read", few_diagnoses)
    folder = tmp_path / "guides"
    folder.mkdir()
    (folder / "one.md").write_text(GUIDE)
    return folder


def test_every_public_name_is_there() -> None:
    assert sorted(kg.__all__) == kg.__all__
    assert all(getattr(kg, name) for name in kg.__all__)
    with pytest.raises(AttributeError, match="no attribute 'shut'"):
        _ = kg.shut


@pytest.mark.slow
def test_a_graph_is_built_added_to_and_taken_from(guides: Path, tmp_path: Path) -> None:
    store, other = tmp_path / "store", tmp_path / "two.md"
    other.write_text(OTHER)
    report = kg.build(guides, store, as_of="2026-01-15")
    assert isinstance(report, kg.BuildReport)
    assert report.counts["documents"] == 1
    assert kg.add([other], store).counts["documents"] == 2
    with kg.open(store) as graph:
        table = graph.query("SELECT ?code { ?code bkg:acceptsModifier ?modifier } ORDER BY ?code")
        assert table.rows == (("hcpcs:J0897",), ("hcpcs:J3262",))
    assert kg.remove("two.md", store).counts["documents"] == 1
    with pytest.raises(NotFound, match=r"two\.md"):
        kg.remove("two.md", store)


@pytest.mark.slow
def test_what_a_build_would_drop_is_asked_for(guides: Path, tmp_path: Path) -> None:
    store, other = tmp_path / "store", tmp_path / "two.md"
    other.write_text(OTHER)
    kg.build([guides, other], store)
    with pytest.raises(DocumentsLeftOut):
        kg.build(guides, store)
    assert kg.build(guides, store, replace=True).counts["documents"] == 1


def test_without_documents_the_bundled_ones_are_read(monkeypatch: pytest.MonkeyPatch, guides: Path) -> None:
    read: list[list[Path]] = []
    monkeypatch.setattr("kg.graph.build.build", lambda files, *_, **__: read.append(files))
    kg.build()
    kg.build(guides)
    kg.build(guides, bundled=True)
    assert [[file.name for file in files] for files in read] == [["guides"], ["guides"], ["guides", "guides"]]
    assert read[0] != read[1]


def test_a_document_is_read_from_a_file_or_bytes(guides: Path) -> None:
    found = kg.extract(guides / "one.md")
    assert isinstance(found, kg.Extraction)
    assert [one.object.key for one in found.assertions] == ["JW"]
    assert kg.extract(guides / "one.md", data=OTHER.encode()).assertions[0].object.key == "JZ"
    with pytest.raises(DocumentError):
        kg.extract(guides / "none.md")


def test_a_day_that_is_none_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a date"):
        kg.build(tmp_path / "nothing.md", tmp_path / "store", as_of="soon")
