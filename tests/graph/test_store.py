from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import whole_files
from kg.errors import Failure, StoreError, StoreLocked
from kg.graph import manifest
from kg.graph import store as stores
from kg.graph.build import add, remove
from kg.graph.connections import connections
from kg.graph.manifest import ADJACENCY
from kg.graph.rdf.iris import node
from kg.graph.rdf.vocabulary import ASSERTIONS, RDF, REFERENCE, SKOS
from kg.graph.rdf_files import export_nquads
from kg.graph.store import GraphStore, build_before, location, new_build, verify
from kg.graph.validate import validate
from kg.model import Concept

from .making import assertion, evidence, guide, write

HOLD = """
import sys, time
from pathlib import Path
from kg.graph.store import new_build
with new_build(Path(sys.argv[1])) as build:
    (build / "half").write_text("half")
    print("writing", flush=True)
    time.sleep(60)
"""


def builds(path: Path) -> list[str]:
    return sorted(entry.name for entry in (path / "builds").iterdir())


def writer(path: Path) -> subprocess.Popen[str]:
    """Another process, half way through a build."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_where_the_store_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KG_STORE", str(tmp_path / "by-environment"))
    assert location(tmp_path / "by-argument") == tmp_path / "by-argument"
    assert location() == tmp_path / "by-environment"
    monkeypatch.delenv("KG_STORE")
    assert location().name == "billing-kg"


def test_a_reader_keeps_its_graph_while_others_are_built(path: Path) -> None:
    with GraphStore.open(path) as before:
        for _ in range(3):
            write(path, guide()[:1])
        assert len(connections(before)) == 8
        assert before.names.search("actemra")
        with GraphStore.open(path) as after:
            assert len(connections(after)) == 1


def test_texts_are_read_however_long_they_are(tmp_path: Path) -> None:
    quote = 'a "long",\r row ' * 10_000
    write(tmp_path / "store", (assertion("icd10cm:M06.9", at=evidence(quote)),))
    before = csv.field_size_limit()
    with GraphStore.open(tmp_path / "store") as store:
        assert list(store.select_texts("SELECT ?text { ?place oa:exact ?text }", ASSERTIONS)) == [[quote]]
    assert csv.field_size_limit() == before < len(quote)


def test_no_room_to_lay_answers_by_is_no_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.FileIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(stores.tempfile, "TemporaryFile", lambda **_: Full(path / "aside", "w+"))
    with (
        GraphStore.open(path) as store,
        pytest.raises(Failure, match=r"cannot lay answers by in .*: no space") as caught,
    ):
        list(store.select_texts("SELECT ?text { ?place oa:exact ?text }", ASSERTIONS))
    assert not isinstance(caught.value, StoreError)


def test_one_build_before_the_current_one_is_kept(path: Path) -> None:
    write(path)
    assert builds(path) == ["1", "2"]
    write(path)
    assert builds(path) == ["2", "3"]
    assert (path / "current").read_text() == "3\n"


def test_a_build_that_fails_leaves_the_old_graph(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new_build(path) as build:
        (build / "half").write_text("half")
        raise ZeroDivisionError
    assert builds(path) == ["1"]
    with GraphStore.open(path) as store:
        assert connections(store)


def test_a_build_that_is_killed_leaves_the_old_graph(path: Path) -> None:
    end(writer(path))
    assert builds(path) == ["1", "2"]
    with GraphStore.open(path) as store:
        assert len(connections(store)) == 8
    write(path, guide()[:1])
    assert builds(path) == ["1", "2"]
    assert not (path / "builds" / "2" / "half").exists()
    with GraphStore.open(path) as store:
        assert len(connections(store)) == 1


def test_two_builds_cannot_meet(path: Path) -> None:
    process = writer(path)
    try:
        with pytest.raises(StoreLocked) as error, new_build(path):
            pass
        assert str(error.value) == f"{path}: another build is writing this store; wait until it is done"
        with GraphStore.open(path) as store:
            assert connections(store)
    finally:
        end(process)


def test_opening_many_times_at_once(path: Path) -> None:
    stores = [GraphStore.open(path) for _ in range(4)]
    assert {len(connections(store)) for store in stores} == {8}
    for store in stores:
        store.close()


def line(path: Path) -> str:
    with pytest.raises(StoreError) as error:
        GraphStore.open(path).names.search("x")
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message
    return message.replace(str(path), "STORE")


def test_no_store(tmp_path: Path) -> None:
    expected = "STORE: no graph here; make one with 'kg build', or name another with --store"
    assert line(tmp_path / "nothing") == expected
    (tmp_path / "file").write_text("x")
    assert line(tmp_path / "file") == expected
    assert line(tmp_path) == expected


def test_a_store_of_another_version(path: Path) -> None:
    manifest = path / "builds" / "1" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 99}))
    assert line(path) == (
        "STORE: written by another version of billing-kg (format 99, this one reads 4); build it again with 'kg build'"
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"format": 4, "extra": 2}',
        '{"format": 4, "files": "x"}',
        '{"format": 4, "files": {"x": "y"}}',
        '{"format": 4, "counts": []}',
        '{"format": 4, "as_of": "soon"}',
        '{"format": 4, "as_of": 7}',
        "[" * 100_000,
    ],
)
def test_a_manifest_that_cannot_be_read(path: Path, content: str) -> None:
    (path / "builds" / "1" / "manifest.json").write_text(content)
    assert line(path) == "STORE: the graph is damaged (no readable manifest); build it again with 'kg build'"


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_bit_in_the_manifest_is_told(path: Path, at: float, bit: int) -> None:
    manifest = path / "builds" / "1" / "manifest.json"
    whole = manifest.read_bytes()
    content = bytearray(whole)
    content[int(at * len(content))] ^= 1 << bit
    try:
        manifest.write_bytes(content)
        assert line(path).startswith(("STORE: the graph is damaged", "STORE: written by another version"))
    finally:
        manifest.write_bytes(whole)


def test_a_pointer_that_cannot_be_read(path: Path) -> None:
    for content in (b"latest", b"", b"1\x0b", b" 1\n", b"-1", "١".encode(), b"\xff"):
        (path / "current").write_bytes(content)
        assert line(path) == "STORE: the graph is damaged (no number in 'current'); build it again with 'kg build'"
    (path / "current").write_text("7")
    assert line(path) == "STORE: the graph is damaged (build 7 is gone); build it again with 'kg build'"


def test_files_that_were_cut_short_or_removed(path: Path) -> None:
    table = max((path / "builds" / "1" / "quads").glob("*.sst"), key=lambda file: file.stat().st_size)
    content = table.read_bytes()
    table.write_bytes(content[:-100])
    assert f"the graph is damaged (quads/{table.name} is not as it was written)" in line(path)
    table.unlink()
    assert f"the graph is damaged (quads/{table.name} is not as it was written)" in line(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_never_answers_no(path: Path, data: st.DataObject) -> None:
    file = path / "builds" / "1" / ADJACENCY
    content = file.read_bytes()
    at, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
    file.write_bytes(content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :])
    assert "the graph is damaged (adjacency.bin is not as it was written)" in line(path)
    file.write_bytes(content)
    GraphStore.open(path).close()


@pytest.mark.parametrize("name", ["names.sqlite", "releases.bin", "readings.jsonl", "spoken.json"])
def test_files_that_are_not_as_they_were_written(path: Path, name: str) -> None:
    with GraphStore.open(path) as store:
        store.verify()
        assert set(store.manifest.checksums) >= {name}
    file = path / "builds" / "1" / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)
    message = rf"the graph is damaged \({name} is not as it was written\); build it again"
    with GraphStore.open(path) as store, pytest.raises(StoreError, match=message):
        store.verify()
    with GraphStore.open(path) as store, pytest.raises(StoreError, match=message):
        validate(store)


def test_all_files_of_the_engine_are_verified_but_its_logs(path: Path) -> None:
    with GraphStore.open(path) as store:
        files = {f"quads/{file.name}" for file in (store.build / "quads").iterdir()}
        logs = {name for name in files if name.startswith(("quads/LOG", "quads/LOCK"))}
        assert {name for name in store.manifest.checksums if name.startswith("quads/")} == files - logs
        assert store.manifest.checksums.keys() == store.manifest.files.keys()
    for name in sorted(files - logs):
        file = path / "builds" / "1" / name
        content = file.read_bytes()
        if not content:
            continue
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 4]))
        with pytest.raises(StoreError, match=rf"the graph is damaged \({name} is not as it was written\)"):
            verify(path)
        file.write_bytes(content)
    verify(path)


def test_reading_changes_no_file(path: Path) -> None:
    with GraphStore.open(path) as store:
        assert connections(store)
        store.names.search("actemra")
    verify(path)


def test_a_damaged_graph_is_not_added_to(path: Path, tmp_path: Path) -> None:
    table = max((path / "builds" / "1" / "quads").glob("*.sst"), key=lambda file: file.stat().st_size)
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 4
    table.write_bytes(content)
    (tmp_path / "guide.md").write_text("J3262 is tocilizumab.\n")
    message = rf"the graph is damaged \(quads/{table.name} is not as it was written\)"
    with pytest.raises(StoreError, match=message):
        add([tmp_path / "guide.md"], path)
    with pytest.raises(StoreError, match=message):
        remove(["guide"], path)


def test_a_build_is_on_the_disk_before_it_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Path] = []
    settle, write_durably = whole_files.settle, whole_files.write_durably
    for module in (whole_files, manifest):
        monkeypatch.setattr(module, "settle", lambda path: (done.append(path), settle(path)))
    for module in (manifest, stores):
        monkeypatch.setattr(module, "write_durably", lambda path, text: (done.append(path), write_durably(path, text)))
    path = write(tmp_path)
    build = path / "builds" / "1"
    before = set(done[: done.index(build / "manifest.json")])
    with GraphStore.open(path) as store:
        assert before >= {build / "quads", *(build / name for name in store.manifest.files)}
    assert done.index(build.parent) < done.index(path / "current")


def test_the_library_cannot_open_it(path: Path) -> None:
    (path / "builds" / "1" / "quads" / "CURRENT").write_text("nonsense")
    assert line(path).startswith("STORE: the graph is damaged (")


@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
def test_too_many_open_files_are_no_damage(path: Path) -> None:
    asked = "import sys; from kg.graph.store import GraphStore; GraphStore.open(sys.argv[1])"
    found = subprocess.run(
        ["sh", "-c", f"ulimit -n 40; exec {sys.executable} -c '{asked}' {path}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{path}: cannot be opened (too many open files for this process: raise 'ulimit -n')" in found.stderr


def test_the_index_of_names_is_garbage(path: Path) -> None:
    index = path / "builds" / "1" / "names.sqlite"
    index.write_bytes(b"x" * index.stat().st_size)
    assert line(path) == (
        "STORE/builds/1/names.sqlite: the index of names is damaged (file is not a database); "
        "build it again with 'kg build'"
    )


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(StoreError, match=r"file/store: cannot be written \(not a directory\)"),
        new_build(tmp_path / "file" / "store"),
    ):
        pass


def test_a_damaged_store_can_be_built_again(path: Path) -> None:
    (path / "current").write_text("latest")
    write(path)
    with GraphStore.open(path) as store:
        assert connections(store)


def test_same_input_same_bytes(tmp_path: Path) -> None:
    exported = []
    for name, stated in (("one", guide()), ("other", guide()[::-1])):
        file = tmp_path / f"{name}.nq"
        with GraphStore.open(write(tmp_path / name, stated)) as store, file.open("wb") as out:
            number = export_nquads(store, out)
        exported.append(file.read_bytes())
        assert number == exported[-1].count(b"\n") == len(set(exported[-1].splitlines()))
    assert exported[0] == exported[1]
    assert exported[0].splitlines() == sorted(exported[0].splitlines())


def test_opening_needs_no_heavy_library() -> None:
    code = "import sys, kg.graph.connections, kg.graph.describing; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"rdflib", "lxml", "networkx", "rich", "filelock", "platformdirs", "simple_icd_10_cm"} & set(loaded)


def test_the_store_holds_no_evidence_twice(tmp_path: Path) -> None:
    stated = assertion("icd10cm:M05.79")
    with GraphStore.open(write(tmp_path, [stated, stated])) as store:
        (found,) = connections(store)
        assert found.assertions == (stated,)


def test_the_build_before_is_the_newest_of_the_older_ones(path: Path) -> None:
    assert build_before(path) is None
    write(path)
    assert build_before(path) == path / "builds" / "1"
    write(path)
    assert build_before(path) == path / "builds" / "2"
    (path / "builds" / "9").mkdir()
    (path / "builds" / "old").mkdir()
    assert build_before(path) == path / "builds" / "2"


def test_what_is_said_of_many_nodes_at_once_is_what_is_said_of_each(small: GraphStore) -> None:
    codes = [Concept.parse(text) for text in ("J3262", "icd10cm:M06.9", "icd10cm:M05.79", "J9999")]
    nodes = [node(code) for code in codes]
    names = small.objects_of(nodes, SKOS.prefLabel, REFERENCE)
    assert names == {name: found for name in nodes if (found := small.objects(name, SKOS.prefLabel, REFERENCE))}
    counts = small.counts(RDF.object, nodes, ASSERTIONS)
    assert counts == {name: n for name in nodes if (n := len(small.subjects(RDF.object, name, ASSERTIONS)))}
    every = small.everything(ASSERTIONS)
    assert all(every[name] == small.about(name, ASSERTIONS) for name in every)


def test_the_other_ends_of_what_has_a_concept_at_one(small: GraphStore) -> None:
    code, diagnosis = node(Concept.parse("J3262")), node(Concept.parse("icd10cm:M06.9"))
    assert {other for _, other in small.with_other_end(RDF.object, diagnosis, ASSERTIONS)} == {code}
    pairs = small.with_other_end(RDF.subject, code, ASSERTIONS)
    assert sorted(name.value for name, other in pairs if other == diagnosis) == [
        name.value for name in small.about_both(Concept.parse("J3262"), Concept.parse("icd10cm:M06.9"), ASSERTIONS)
    ]
    assert small.about_both(Concept.parse("icd10cm:M06.9"), Concept.parse("J3262"), ASSERTIONS) == []
