from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.documents import Intake, find, intake
from kg.errors import DocumentError


def files(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {name}")


def skipped(found: Intake, folder: Path) -> list[tuple[str, str]]:
    return [(str(one.path.relative_to(folder)), one.reason) for one in found.skipped]


def test_documents_are_found_in_folders_and_all_else_is_named(tmp_path: Path) -> None:
    files(tmp_path, "b.md", "a.TXT", "sub/c.html", ".hidden.md", ".git/d.md", "e.csv", "f.pdf", "logo.png", "README")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "link").symlink_to(tmp_path / "sub")
    found = intake([tmp_path, tmp_path / "b.md"])
    names = [str(source.path.relative_to(tmp_path)) for source in found.sources]
    assert names == ["a.TXT", "b.md", "sub/c.html", "e.csv", "f.pdf"]
    assert skipped(found, tmp_path) == [
        (".git", "hidden"), (".hidden.md", "hidden"), ("README", "no reader for files without an ending"),
        ("link", "a link to a folder"), ("logo.png", "no reader for .png"), ("pipe.md", "a pipe, not a file"),
    ]  # fmt: skip
    assert sorted(source.path for source in found.sources) == find([tmp_path])


def test_what_kg_itself_wrote_is_passed_over_and_named(tmp_path: Path) -> None:
    files(tmp_path, "a.md", "graph/builds/1/spoken.json", "tables/nodes.csv", "releases/x/codes.csv")
    contents = {
        "graph/current": "1\n",
        "tables/_export.json": '{\n "made_by": "billing-kg",\n "format": "csv"\n}\n',
        "releases/x/release.json": '{\n "format": 3,\n "file": {\n  "name": "codes.csv"\n }\n}\n',
        "graph.decisions.json": "[]",
        "edges.tsv": "subject\trelation\tobject\tverdict\tcost\tsubject_fee\tobject_fee\n",
        "map.sssom.tsv": "#curie_map:\n#  hcpcs: https://w3id.org/billing-kg/code/hcpcs/\n",
        "network.json": '{\n "directed": true,\n "multigraph": true,\n "graph": {},\n "nodes": []\n}',
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = intake([tmp_path])
    assert [source.path.name for source in found.sources] == ["a.md"]
    assert skipped(found, tmp_path) == [
        ("edges.tsv", "an export of kg"), ("graph", "a graph of kg"), ("graph.decisions.json", "decisions of kg"),
        ("map.sssom.tsv", "an export of kg"), ("network.json", "an export of kg"),
        ("releases/x", "a release that kg keeps"), ("tables", "an export of kg"),
    ]  # fmt: skip
    with pytest.raises(DocumentError, match=r"graph: a graph of kg, and no folder of documents$"):
        intake([tmp_path / "graph"])
    assert len(intake([tmp_path / "edges.tsv"]).sources) == 1, "a file that is named is taken"


def test_folders_and_files_of_others_are_read_whatever_they_are_called(tmp_path: Path) -> None:
    files(tmp_path, "builds/a.md", "current", "x/release.json", "y/_export.json", "z/table.tsv", "z/builds/b.md")
    assert len(intake([tmp_path]).sources) == 5


def test_a_file_that_is_named_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    files(tmp_path, "a.md", "notes.rst")
    found = intake([tmp_path, tmp_path / "notes.rst"])
    assert [source.path.name for source in found.sources] == ["a.md", "notes.rst"]
    assert found.skipped == ()


def test_the_same_bytes_are_taken_once(tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "sub/a.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# Code J3262")
    for paths in ([tmp_path], [tmp_path / "sub", tmp_path / "b.md", tmp_path / "a.md"]):
        found = intake(paths)
        assert [source.path for source in found.sources] == [tmp_path / "a.md"]
        reason = f"holds the same bytes as {tmp_path}/a.md"
        assert skipped(found, tmp_path) == [("b.md", reason), ("sub/a.md", reason)]


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    files(tmp_path, "a.md")
    (source,) = intake([tmp_path]).sources
    (tmp_path / "a.md").write_text("# Something else")
    with pytest.raises(DocumentError, match=r"^\S+a\.md: changed while it was read; read it again$"):
        source.read()


def test_a_message_is_one_line_whatever_the_name(tmp_path: Path) -> None:
    files(tmp_path, "guide.md", "two\nlines.png")
    (one,) = intake([tmp_path]).skipped
    assert str(one) == f"{tmp_path}/two\\nlines.png: no reader for .png"


def test_documents_of_one_name_are_told_apart_by_their_checksums(tmp_path: Path) -> None:
    files(tmp_path, "a/guide.md", "b/Guide.txt", "third.md")
    identifiers = {source.path.name: source.identifier for source in intake([tmp_path]).sources}
    assert identifiers["third.md"] == "third"
    assert len({identifier for identifier in identifiers.values() if len(identifier) == len("guide-") + 12}) == 2


def test_a_folder_without_documents(tmp_path: Path) -> None:
    files(tmp_path, "table.parquet")
    with pytest.raises(DocumentError) as error:
        intake([tmp_path])
    assert str(error.value).startswith(f"{tmp_path}: no documents in this folder (looked for .csv, .docm, .docx, ")
    with pytest.raises(DocumentError, match="none: no such file or folder"):
        intake([tmp_path / "none"])


def test_standard_input_is_a_document_of_the_format_that_its_bytes_show() -> None:
    for data, name in ((b"# J3262", "text"), (b"<html><p>J3262", "html"), (b"code;drug\nJ3262;x\nJ0897;y\n", "csv")):
        (source,) = intake([Path("-")], data).sources
        assert source.read().format == name
    (source,) = intake([Path("-")], b"\0").sources
    assert str(source.read_or_error()) == "-:1: not text: character U+0000 at offset 0"
