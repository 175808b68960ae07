"""Tables of exports: found in archives in archives, and read whatever their encoding."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from kg.errors import ReleaseError
from kg.reference.coverage.tables import exports_in


def packed(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def cells(tmp_path: Path, data: bytes, *needed: str) -> list[tuple[int, list[str], str]]:
    """The rows of one table that is the only one."""
    file = tmp_path / "export.zip"
    file.write_bytes(packed({"inner.zip": packed({"folder/Article.CSV": data})}))
    ((_, tables),) = exports_in(file)
    return [(row.number, list(row.cells), row.problem) for row in tables["article"].rows(needed)]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    data = b'id,words\r\n1,"two\r\nlines"\r\n\r\n2,plain\r\n'
    assert cells(tmp_path, data) == [(2, ["1", "two\r\nlines"], ""), (4, ["2", "plain"], "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    data = "id,words\n1,Sjögren – é\n".encode(encoding)
    assert [row[1] for row in cells(tmp_path, data)] == [["1", "Sjögren – é"]]


def test_encodings_may_change_from_line_to_line(tmp_path: Path) -> None:
    data = "id,words\n1,é\n".encode() + "2,é\n".encode("cp1252")
    assert [row[1] for row in cells(tmp_path, data)] == [["1", "é"], ["2", "é"]]


def test_a_row_of_another_width_has_a_problem(tmp_path: Path) -> None:
    (row,) = cells(tmp_path, b"id,words\n1\n")
    assert row == (2, ["1"], "1 cells where the header has 2")


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"Article.CSV: no column 'title' in the header"):
        cells(tmp_path, b"id,words\n1,2\n", "id", "title")


@pytest.mark.slow
def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="a line of more than"):
        cells(tmp_path, b"id\n" + random.Random(0).randbytes(2**24 + 2**20).replace(b"\n", b"x"))


def test_what_is_no_archive_has_no_tables(tmp_path: Path) -> None:
    file = tmp_path / "plain.csv"
    file.write_text("article_id\n1\n")
    assert list(exports_in(file)) == []


def test_an_archive_of_archives_of_archives_has_the_tables_of_each(tmp_path: Path) -> None:
    file = tmp_path / "all_data.zip"
    articles = packed({"current_article_csv.zip": packed({"article.csv": b"id\n1\n"})})
    ncds = packed({"ncd_csv.zip": packed({"ncd_trkg.csv": b"id\n1\n"})})
    file.write_bytes(packed({"current_article.zip": articles, "ncd.zip": ncds}))
    assert [(place.removeprefix(str(file)), sorted(tables)) for place, tables in exports_in(file)] == [
        ("/current_article.zip/current_article_csv.zip", ["article"]),
        ("/ncd.zip/ncd_csv.zip", ["ncd_trkg"]),
    ]


def test_a_member_that_explodes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="unpacks to more than 200 times its size"):
        cells(tmp_path, b"id\n" + (b"1" * 2_000 + b"\n") * 8_000)


def test_a_path_that_climbs_out_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    file.write_bytes(packed({"../article.csv": b"id\n1\n"}))
    with pytest.raises(ReleaseError, match="leads out of the archive"):
        list(exports_in(file))
