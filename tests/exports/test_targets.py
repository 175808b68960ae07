"""A place that cannot be written to is one line, with what was there left as it was and nothing half written."""

from __future__ import annotations

import errno
import gc
import os
import resource
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import pytest

import kg
from kg import cells
from kg.errors import Failure, MissingExtra, UsageError
from kg.exports import FORMATS, Format
from kg.exports import csv_tables as csv_files

FOLDERS = [format.name for format in FORMATS if format.folder]
FILES = [format.name for format in FORMATS if not format.folder]


def tree(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("format", [format.name for format in FORMATS])
@pytest.mark.parametrize("place", ["", "current", "builds", "builds/new.nq", ".."])
def test_the_graph_itself_is_no_place(format: str, place: str, graph: kg.BillingGraph) -> None:
    store = graph._store.path
    before = tree(store.parent)
    with pytest.raises(UsageError, match="the graph itself is there; name another place with --output"):
        graph.export(store / place, format)
    assert tree(store.parent) == before


@pytest.mark.parametrize("format", FOLDERS)
def test_a_folder_of_somebody_else_stays(format: str, graph: kg.BillingGraph, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Failure, match="mine: there is a folder of this name that no export made"):
        graph.export(tmp_path / "mine", format)
    with pytest.raises(Failure, match="file: there is a file of this name, and this makes a folder"):
        graph.export(tmp_path / "file", format)
    assert tree(tmp_path) == {"mine/letter.txt": b"dear", "file": b"mine"}


def test_an_earlier_export_and_an_empty_folder_are_replaced(graph: kg.BillingGraph, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    graph.export(tmp_path / "out", "neo4j")
    graph.export(tmp_path / "out", "kgx")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"nodes.tsv", "edges.tsv", "_export.json"}
    assert [file.name for file in tmp_path.iterdir()] == ["out"]
    (tmp_path / "other").mkdir()
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("format", FOLDERS)
def test_a_folder_is_no_stream(format: str, graph: kg.BillingGraph) -> None:
    with pytest.raises(UsageError, match=f"{format} is a folder of files: name it with --output"):
        graph.export(BytesIO(), format)


@pytest.mark.parametrize("format", [format.name for format in FORMATS])
def test_a_place_that_is_not_there(format: str, graph: kg.BillingGraph, tmp_path: Path) -> None:
    with pytest.raises(Failure, match="none/out: No such file or directory"):
        graph.export(tmp_path / "none" / "out", format)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_place_that_is_read_only(graph: kg.BillingGraph, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Failure, match="cannot write"):
        graph.export(tmp_path / "out", "csv")


def test_a_disk_that_is_full(graph: kg.BillingGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph.export(tmp_path / "out", "raw-csv")
    before = tree(tmp_path)
    written = list[object]()

    def full(*given: object, **more: object) -> None:
        written.append(given)
        if len(written) > 10:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        cells.write_rows(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(csv_files, "write_rows", full)
    with pytest.raises(Failure, match=r"cannot write .*out: No space left on device"):
        graph.export(tmp_path / "out", "csv")
    assert tree(tmp_path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("written", [0, 3])
def test_a_disk_that_is_full_when_a_workbook_is_closed(
    written: int, graph: kg.BillingGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ZIP file writes its end when it is let go: a warning of that would fail this test."""

    class Full(BytesIO):
        writings = 0

        def write(self, content: object) -> int:
            self.writings += 1
            if self.writings > written:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(content)  # type: ignore[arg-type]

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with Full() as out, pytest.raises(Failure, match="No space left on device"):
        graph.export(out, "xlsx")
    gc.collect()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["csv", "edges"])
def test_links_that_lead_in_a_circle(format: str, graph: kg.BillingGraph, tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(Failure, match="circle: Too many levels of symbolic links"):
        graph.export(tmp_path / "circle", format)
    assert [path.name for path in tmp_path.iterdir()] == ["circle"]


_LIMITED = """
import resource, signal, sys, kg
from kg.errors import KgError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
try:
    kg.open(sys.argv[1]).export(sys.argv[3], sys.argv[2])
except KgError as exc:
    sys.exit(str(exc))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit here")
@pytest.mark.parametrize("format", [format.name for format in FORMATS])
def test_a_file_that_may_not_grow(format: str, graph: kg.BillingGraph, tmp_path: Path) -> None:
    words = [str(graph._store.path), format, str(tmp_path / "out")]
    done = subprocess.run([sys.executable, "-c", _LIMITED, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    # What is laid by to be sorted, or the sheets of a workbook, may be the first that grow too large.
    laid_by = ("cannot lay answers by in ", "cannot make sheets in ")
    assert done.stderr.startswith((f"cannot write {tmp_path / 'out'}: ", *laid_by)), done.stderr
    assert "file too large" in done.stderr.lower()
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", [format for format in FORMATS if format.extra], ids=lambda format: format.name)
def test_a_library_that_is_missing_is_named(
    format: Format, graph: kg.BillingGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, {"arrow": "pyarrow", "xlsx": "xlsxwriter"}[format.extra], None)
    with pytest.raises(MissingExtra, match=rf"pip install 'billing-kg\[{format.extra}\]'"):
        graph.export(tmp_path / "out", format.name)
    assert list(tmp_path.iterdir()) == []
