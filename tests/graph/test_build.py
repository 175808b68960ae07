from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from kg import shelf
from kg.documents import DocumentFile, intake
from kg.errors import DocumentError, DocumentsLeftOut, NotFound, StoreError, StoreLocked, UsageError
from kg.extraction import extract
from kg.graph.build import (
    BuildReport,
    Clock,
    Problem,
    _checksums_before,
    _some,
    add,
    build,
    read_all,
    read_one,
    remove,
    started,
)
from kg.graph.changing import Change
from kg.graph.connections import connections
from kg.graph.kept_readings import Reading
from kg.graph.lookup import documents, findings
from kg.graph.rdf_files import export_nquads
from kg.graph.store import GraphStore
from kg.graph.updating import Updated, update
from kg.model import Concept
from kg.reference import index

from .making import document, reference

TEXT = """# HCPCS Code {code}

| Modifier | Meaning | When to use |
| --- | --- | --- |
| JW | Drug discarded | Use when drug is discarded |

## Supported diagnoses

| ICD-10-CM | Description |
| --- | --- |
| {diagnosis} | Rheumatoid arthritis |
"""

EXPORT = """
import sys
from pathlib import Path
from kg.graph.build import build
from kg.graph.rdf_files import export_nquads
from kg.graph.store import GraphStore

if __name__ == "__main__":
    store, jobs, *paths = sys.argv[1:]
    build(map(Path, paths), store, jobs=int(jobs), icd10cm=False)
    with GraphStore.open(store) as graph:
        export_nquads(graph, sys.stdout.buffer)
"""


def guide(path: Path, code: str = "J3262", diagnosis: str = "M05.79") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(code=code, diagnosis=diagnosis))
    return path


def built(paths: list[Path], store: Path, **options: object) -> BuildReport:
    return build(paths, store, icd10cm=False, **options)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def few_releases(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases of a few codes: those that come along take seconds to write."""
    if request.node.get_closest_marker("slow") is None:
        key = shelf.key_of(["few releases"])
        monkeypatch.setattr(index, "indexed", lambda *_, **__: index.of(key, reference))


def test_from_guides_to_connections(tmp_path: Path) -> None:
    guide(tmp_path / "guides" / "one.md")
    guide(tmp_path / "guides" / "two.md", "J1745", "M06.9")
    told: list[tuple[str, int, int]] = []
    report = built([tmp_path / "guides"], tmp_path / "store", progress=lambda *step: told.append(step))
    assert report.store == tmp_path / "store"
    assert report.counts["documents"] == 2
    assert (report.problems, report.skipped) == ((), ())
    assert report.seconds.keys() == {"documents", "releases", "graph"}
    with GraphStore.open(tmp_path / "store") as store:
        assert documents(store) == {"one": "HCPCS Code J3262", "two": "HCPCS Code J1745"}
        (found,) = connections(store, object=Concept.parse("icd10cm:M06.9"))
        assert found.subject.curie == "hcpcs:J1745"
        assert store.manifest.counts == report.counts
    assert [step for step in told if step[0] == "reading documents"] == [
        ("reading documents", 1, 2),
        ("reading documents", 2, 2),
    ]
    assert {what for what, _, _ in told} == {
        "reading documents",
        "reading the releases",
        "writing the graph",
        "indexing names",
        "merging",
    }


def test_one_bad_document_among_many_is_reported(tmp_path: Path) -> None:
    good, bad = guide(tmp_path / "good.md"), tmp_path / "bad.txt"
    bad.write_bytes(b"\x00\x01\x02")
    report = built([bad, good], tmp_path / "store")
    (problem,) = report.problems
    assert problem.path == bad
    assert problem.error.startswith(f"{bad}:1: not text")
    assert report.counts["documents"] == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_good_document_leaves_the_old_graph(tmp_path: Path, jobs: int) -> None:
    built([guide(tmp_path / "good.md")], tmp_path / "store")
    for number in range(2):
        (tmp_path / f"bad{number}.txt").write_bytes(b"\x00" * (1 + number))
    bad = [tmp_path / "bad0.txt", tmp_path / "bad1.txt"]
    with pytest.raises(DocumentError, match=r"bad0.txt:1: not text.* \(and 1 more"):
        built(bad, tmp_path / "store", jobs=jobs, replace=True)
    with pytest.raises(DocumentError, match="no such file or folder"):
        built([tmp_path / "nothing.md"], tmp_path / "store")
    with GraphStore.open(tmp_path / "store") as store:
        assert documents(store) == {"good": "HCPCS Code J3262"}
    assert [entry.name for entry in (tmp_path / "store" / "builds").iterdir()] == ["1"]


def test_nothing_is_written_where_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file or folder"):
        built([tmp_path / "nothing.md"], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_documents_of_one_name_are_told_apart_by_their_checksums(tmp_path: Path) -> None:
    one = guide(tmp_path / "a" / "guide.md")
    other = guide(tmp_path / "b" / "Guide.txt", "J1745")
    third = guide(tmp_path / "c" / "third.md", "J0129")
    found = intake([one, other, third]).sources
    again = intake([third, other, one]).sources
    assert found == again
    identifiers = {source.path: source.identifier for source in found}
    assert identifiers[third] == "third"
    assert len(set(identifiers.values())) == 3
    assert identifiers[one].startswith("guide-")
    assert len(identifiers[one]) == len("guide-") + 12


def test_the_same_bytes_are_read_once(tmp_path: Path) -> None:
    one, same = guide(tmp_path / "a" / "guide.md"), guide(tmp_path / "b" / "guide.md")
    report = built([same, one], tmp_path / "store")
    assert [(skipped.path, skipped.reason) for skipped in report.skipped] == [(same, f"holds the same bytes as {one}")]
    assert report.counts["documents"] == 1
    with GraphStore.open(tmp_path / "store") as store:
        assert list(documents(store)) == ["guide"]


@pytest.mark.slow
def test_same_input_same_bytes_whatever_the_order_the_hashes_and_the_jobs(tmp_path: Path) -> None:
    paths = [guide(tmp_path / "guides" / f"{code}.md", code) for code in ("J3262", "J1745", "J0129")]
    paths += [guide(tmp_path / "guides" / "sub" / "J0129.md", "J0129", "M06.9")]
    exported = []
    for seed, jobs, given in (("1", "1", paths), ("2", "2", paths[::-1])):
        command = [sys.executable, "-c", EXPORT, str(tmp_path / seed), jobs, *map(str, given)]
        script = tmp_path / "export.py"
        script.write_text(EXPORT)
        command[1:3] = [str(script)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        exported.append(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert exported[0] == exported[1]
    assert exported[0].count(b"bkg") or exported[0].count(b"billing-kg")


@pytest.mark.slow
def test_all_of_icd_10_cm_speaks_against_what_it_does_not_have(tmp_path: Path) -> None:
    path = guide(tmp_path / "guide.md", diagnosis="M05.99")
    report = build([path], tmp_path / "store")
    assert report.counts["concepts"] > 98_466
    with GraphStore.open(tmp_path / "store") as store:
        assert [f.reason for f in findings(store)] == ["no such code in ICD-10-CM April 2026"]


def test_pages_sheets_and_rows_come_back_as_they_were(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Drugs"
    for row in (["HCPCS", "Drug", "ICD-10-CM"], ["J3262", "tocilizumab", "M06.9"]):
        book.active.append(row)
    book.save(tmp_path / "drugs.xlsx")
    built([tmp_path / "drugs.xlsx"], tmp_path / "store")
    with GraphStore.open(tmp_path / "store") as store:
        found = [one for connection in connections(store) for one in connection.evidence if one.document == "drugs"]
    assert found
    assert {(one.sheet, one.row, one.page) for one in found} == {("Drugs", 2, 0)}
    assert {str(one) for one in found} == {"drugs:3 (sheet Drugs, row 2)"}


# --- on top of a graph -----------------------------------------------------------------------------------------------


def exported(store: Path) -> bytes:
    out = io.BytesIO()
    with GraphStore.open(store) as graph:
        export_nquads(graph, out)
    return out.getvalue()


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A graph of two guides."""
    paths = [guide(tmp_path / "one.md"), guide(tmp_path / "two.md", "J1745", "M06.9")]
    built(paths, tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are read from now on."""
    names: list[str] = []

    def reading(source: DocumentFile) -> Reading | Problem:
        names.append(source.identifier)
        return read_one(source)

    monkeypatch.setattr("kg.graph.build.read_one", reading)
    return names


def test_only_what_changed_is_read_again(tmp_path: Path, two: Path, read: list[str]) -> None:
    guide(tmp_path / "two.md", "J1745", "M05.79")
    report = built([tmp_path / "one.md", tmp_path / "two.md"], two)
    assert read == ["two"]
    assert str(report.changes) == "assertions +1 −1, connections +1 −1"
    built([tmp_path / "one.md", tmp_path / "two.md"], tmp_path / "fresh")
    assert exported(two) == exported(tmp_path / "fresh")


def test_documents_are_added_and_removed(tmp_path: Path, two: Path, read: list[str]) -> None:
    new = guide(tmp_path / "three.md", "J3380", "K50.90")
    report = add([new, tmp_path / "two.md"], two, icd10cm=False)
    assert read == ["three"]
    assert [str(skipped) for skipped in report.skipped] == [f"{tmp_path}/two.md: is in the graph, as two"]
    assert report.counts["documents"] == 3
    remove(["one.md"], two, icd10cm=False)
    built([tmp_path / "two.md", new], tmp_path / "fresh")
    assert exported(two) == exported(tmp_path / "fresh")


def test_more_documents_than_a_few_are_written_anew_with_those_that_stay(
    tmp_path: Path, two: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.graph.build._FEW", 0)
    report = add([guide(tmp_path / "three.md", "J3380", "K50.90")], two, icd10cm=False)
    assert read == ["three"]
    assert report.counts["documents"] == 3
    built([tmp_path / f"{name}.md" for name in ("one", "two", "three")], tmp_path / "fresh")
    assert exported(two) == exported(tmp_path / "fresh")
    assert str(report.changes) == "assertions +2 −0, connections +2 −0, findings +1 −0"


def test_with_other_releases_all_is_judged_anew_and_nothing_read(
    tmp_path: Path, two: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of(store: GraphStore, build: Path, request: Change) -> Updated | None:
        assert store.path != two, "made out of the one before"
        return update(store, build, request)

    monkeypatch.setattr("kg.graph.build.update", out_of)
    key = shelf.key_of(["other releases"])
    monkeypatch.setattr(index, "indexed", lambda *_, **__: index.of(key, reference))
    before = exported(two)
    built([tmp_path / "one.md", tmp_path / "two.md"], two)
    assert read == []
    assert exported(two) == before


def test_a_build_does_not_drop_documents_unless_told_to(tmp_path: Path, two: Path) -> None:
    with pytest.raises(DocumentsLeftOut, match=r"1 of 2 documents .* not among these \(two\): use 'kg add'"):
        built([tmp_path / "one.md"], two)
    report = built([tmp_path / "one.md"], two, replace=True)
    assert report.counts["documents"] == 1
    with pytest.raises(UsageError, match="these are all"):
        remove(["one"], two)
    with pytest.raises(NotFound, match="no document in the graph is called 'two'"):
        remove(["two"], two)


def test_a_document_that_cannot_be_read_again(tmp_path: Path, two: Path) -> None:
    paths = [tmp_path / "one.md", tmp_path / "two.md"]
    paths[1].write_bytes(b"\x00")
    before = exported(two)
    with pytest.raises(DocumentError, match=r"two\.md:1: not text"):
        add([paths[1]], two, icd10cm=False)
    report = add([guide(tmp_path / "three.md", "J3380"), paths[1]], two, icd10cm=False)
    assert (report.counts["documents"], len(report.problems)) == (3, 1)
    remove(["three"], two, icd10cm=False)
    assert exported(two) == before
    # To build is to have what is there now.
    assert built(paths, two).counts["documents"] == 1


def test_what_other_rules_have_read_is_not_kept(tmp_path: Path, two: Path, read: list[str]) -> None:
    for file in (two / "builds").glob("*/manifest.json"):
        content = json.loads(file.read_text())
        content.pop("checksum")
        file.write_text(json.dumps({**content, "made_by": "older"}))
    with pytest.raises(StoreError, match="built by another version of billing-kg; build it again"):
        add([guide(tmp_path / "three.md", "J3380")], two, icd10cm=False)
    built([tmp_path / "one.md", tmp_path / "two.md"], two)
    assert read == ["one", "two"]


def test_a_damaged_graph_is_built_whole(tmp_path: Path, two: Path) -> None:
    before = exported(two)
    (two / "builds" / "1" / "names.sqlite").write_bytes(b"?")
    assert built([tmp_path / "one.md", tmp_path / "two.md"], two).changes is None
    assert exported(two) == before


def test_where_no_graph_is_nothing_is_added(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no graph here"):
        add([guide(tmp_path / "one.md")], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_what_another_build_has_changed_meanwhile_is_not_lost(
    tmp_path: Path, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    three, four = guide(tmp_path / "three.md", "J3380"), guide(tmp_path / "four.md", "J0897")

    def slowly(*arguments: object) -> dict[str, str]:
        monkeypatch.setattr("kg.graph.build._checksums_before", _checksums_before)
        add([three], two, icd10cm=False)
        return _checksums_before(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("kg.graph.build._checksums_before", slowly)
    with pytest.raises(StoreLocked, match="another build has changed the graph meanwhile; do it again"):
        add([four], two, icd10cm=False)
    with GraphStore.open(two) as store:
        assert documents(store).keys() == {"one", "two", "three"}


def test_a_full_disk_leaves_the_old_graph(tmp_path: Path, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = exported(two)
    monkeypatch.setattr("kg.graph.updating.shutil.copyfile", full)
    with pytest.raises(StoreError, match=r"cannot be written \(.*No space left on device"):
        add([guide(tmp_path / "three.md", "J3380")], two, icd10cm=False)
    monkeypatch.undo()
    assert exported(two) == before
    assert [entry.name for entry in (two / "builds").iterdir()] == ["1"]


# --- what is told ----------------------------------------------------------------------------------------------------


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    """A folder of two guides, of which no graph was made."""
    guide(tmp_path / "guides" / "one.md")
    guide(tmp_path / "guides" / "two.md", "J1745", "M06.9")
    return tmp_path / "guides"


def test_a_clock_takes_the_time_of_each_part_and_adds_up_what_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", iter([10.0, 11.0, 13.0, 16.0, 20.0]).__next__)
    clock = Clock()
    clock.start("releases")
    clock.start("documents")
    clock.start("graph")
    assert clock.stop() == {"documents": 1.0 + 3.0, "releases": 2.0, "graph": 4.0}


def test_each_part_of_a_build_has_its_seconds(tmp_path: Path, guides: Path) -> None:
    first = built([guides], tmp_path / "graph")
    assert {*first.seconds} == {"documents", "releases", "graph"}
    guide(guides / "one.md", diagnosis="M06.9")
    assert {*built([guides], tmp_path / "graph").seconds} == {"documents", "releases", "graph"}
    whole = built([guide(tmp_path / "other" / "else.md")], tmp_path / "graph", replace=True)
    assert {*whole.seconds} == {"documents", "releases", "graph", "changes"}


def test_progress_is_told_of_each_document_and_then_of_the_releases(tmp_path: Path, guides: Path) -> None:
    told: list[tuple[str, int, int]] = []
    built([guides], tmp_path / "graph", progress=lambda *said: told.append(said))
    assert told[:3] == [("reading documents", 1, 2), ("reading documents", 2, 2), ("reading the releases", 0, 0)]
    told.clear()
    built([guides], tmp_path / "graph", progress=lambda *said: told.append(said))
    assert told[0] == ("reading the releases", 0, 0), "nothing is read again"


def test_a_problem_is_told_with_its_file_and_its_document(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"no pdf")
    (source,) = intake([bad]).sources
    problem = read_one(source)
    assert isinstance(problem, Problem)
    assert (problem.path, problem.identifier) == (bad, "bad")
    problems: list[Problem] = []
    told: list[tuple[str, int, int]] = []
    good = guide(tmp_path / "good.md")
    sources = intake([bad, good]).sources
    readings = list(read_all(map(read_one, sources), 2, problems, lambda *said: told.append(said)))
    assert [one.document.identifier for one in readings] == ["good"]
    assert problems == [problem]
    assert told == [("reading documents", 1, 2), ("reading documents", 2, 2)]


def test_a_reading_has_no_text_and_counts_what_was_left_over(tmp_path: Path) -> None:
    file = guide(tmp_path / "one.md")
    file.write_text(f"{file.read_text()}\nNobody knows 96413 here.\n")
    (source,) = intake([file]).sources
    reading = read_one(source)
    assert isinstance(reading, Reading)
    assert (reading.document.text, reading.document.blocks) == ("", ())
    assert reading.leftovers == len(extract(source.read_or_error()).leftovers) > 0  # type: ignore[arg-type]


def test_that_nothing_could_be_read_is_told_with_the_first_reason() -> None:
    first, second = Problem(Path("a"), "a: no text"), Problem(Path("b"), "b: no text")
    for problems, told in (
        ([], "no documents to read"),
        ([first], "a: no text"),
        ([first, second], "a: no text (and 1 more documents that cannot be read)"),
    ):
        with pytest.raises(DocumentError) as raised:
            started(iter(()), problems)
        assert str(raised.value) == told
    reading = Reading(document(), ())
    assert list(started(iter([reading, reading]), [first])) == [reading, reading]


@pytest.mark.parametrize(
    ("names", "told"),
    [([], ""), (["a"], "a"), (["a", "b", "c"], "a, b, c"), (["a", "b", "c", "d"], "a, b, c, …")],
)
def test_of_many_names_the_first_three_are_told(names: list[str], told: str) -> None:
    assert _some(names) == told


def test_the_last_documents_cannot_be_removed(tmp_path: Path, guides: Path) -> None:
    built([guides], tmp_path / "graph")
    with pytest.raises(UsageError, match="at least one document"):
        remove(["one", "two"], tmp_path / "graph", icd10cm=False)
    assert remove(["two.md"], tmp_path / "graph", icd10cm=False).counts["documents"] == 1


def test_what_is_in_the_graph_under_another_name_is_passed_over(tmp_path: Path, guides: Path) -> None:
    built([guides], tmp_path / "graph")
    same = tmp_path / "more" / "copy.md"
    same.parent.mkdir()
    same.write_bytes((guides / "one.md").read_bytes())
    report = add([same, guide(tmp_path / "more" / "new.md", "J0129")], tmp_path / "graph", icd10cm=False)
    assert [(skipped.path, skipped.reason) for skipped in report.skipped] == [(same, "is in the graph, as one")]
    assert report.counts["documents"] == 3
