"""A build comes to an engine whole or is told to be not whole, however its push ends."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import EngineError, StoreError, UsageError
from kg.graph.as_of import at
from kg.graph.engines import push as push_module
from kg.graph.engines.address import Address, address_of
from kg.graph.engines.held import BUILD, GRAPHS
from kg.graph.engines.push import Pushed, build_of, push
from kg.graph.engines.remote import RemoteStore
from kg.graph.manifest import FORMAT
from kg.graph.opening import open_store
from kg.graph.pushing import verify, write_files
from kg.graph.store import GraphStore
from kg.graph.texts import TEXTS

from ..rich import build, first, second
from .asking import QUESTIONS, answer, names
from .double import Double, Handler, running


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_module, "PIECE", 400)


ANOTHER_DAY = date(2024, 5, 1)


def told(_what: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def place(double: Double) -> Address:
    address = address_of(double.address)
    assert address is not None
    return address


def pushed(double: Double, store: GraphStore, *, again: bool = False) -> Pushed:
    return push(store, place(double), told, again=again)


@pytest.fixture(scope="module")
def filled(rich: GraphStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Double]:
    """An engine that holds the build; tests do not change it."""
    with pytest.MonkeyPatch.context() as patch, running() as double:
        patch.setenv("KG_CACHE", str(tmp_path_factory.mktemp("cache")))
        pushed(double, rich)
        yield double


@pytest.fixture
def remote(filled: Double) -> Iterator[GraphStore]:
    with open_store(filled.address) as store:
        yield store


def lines(store: ox.Store) -> list[bytes]:
    return sorted((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines())


def test_all_of_a_build_is_there(filled: Double, rich: GraphStore, remote: GraphStore) -> None:
    assert isinstance(rich.quads, ox.Store)
    there = [line for line in lines(filled.store) if f"<{BUILD}> .".encode() not in line]
    assert there == lines(rich.quads)
    assert remote.manifest.counts == rich.manifest.counts and remote.manifest.day == rich.manifest.day


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_engine_gives_what_a_folder_gives(question: str, rich: GraphStore, remote: GraphStore) -> None:
    ours, theirs = (answer(store, QUESTIONS[question]) for store in (rich, remote))
    assert theirs == ours.replace(str(rich.path), str(remote.place))


def test_names_and_adjacency_are_those_of_the_build_where_nobody_pushed(
    double: Double, rich: GraphStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pushed(double, rich)
    with open_store(double.address) as here:
        assert names(here.names) == names(rich.names)
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "another machine"))
    with open_store(double.address) as elsewhere:
        assert names(elsewhere.names) == names(rich.names)
        assert sorted(elsewhere.adjacency.edges()) == sorted(rich.adjacency.edges())
        assert (elsewhere.build / "adjacency.bin").read_bytes() == (rich.build / "adjacency.bin").read_bytes()
        asked = len(double.requests)
    with open_store(double.address) as again:
        assert names(again.names) == names(rich.names)
        assert len(double.requests) == asked + 1, "they are kept"


def test_what_is_there_is_not_sent_again(double: Double, rich: GraphStore) -> None:
    total = sum(build_of(rich).triples.values())
    assert (pushed(double, rich).sent, pushed(double, rich).sent) == (total, 0)
    assert pushed(double, rich, again=True).sent == total


@pytest.mark.parametrize("fails_at", [2, 5, 9])
def test_a_push_that_breaks_off_goes_on_where_it_was(double: Double, rich: GraphStore, fails_at: int) -> None:
    pieces = 0

    def fail(handler: Handler) -> bool:
        nonlocal pieces
        pieces += "store" in handler.path
        if pieces == fails_at:
            handler.close_connection = True
            return True
        return False

    double.failing = fail
    with pytest.raises(EngineError, match="broke off"):
        pushed(double, rich)
    double.failing = lambda _: False
    with pytest.raises(StoreError, match=r"no graph of billing-kg|its push broke off"):
        open_store(double.address)
    again = pushed(double, rich)
    assert 0 < again.sent <= sum(again.triples.values())
    assert fails_at == 2 or again.sent < sum(again.triples.values())
    open_store(double.address).close()
    assert sum(verify(double.address).values()) == sum(again.triples.values())


def test_a_part_is_never_taken_for_all(double: Double, rich: GraphStore) -> None:
    """Whoever asks while a build is pushed is told so, also where there was another one before."""
    pushed(double, rich)
    seen = []

    def look(handler: Handler) -> bool:
        if handler.command != "POST" or "store" not in handler.path:
            return False
        double.failing = lambda _: False
        with pytest.raises(StoreError, match="a build is being pushed there"):
            open_store(double.address)
        seen.append(handler)
        double.failing = look
        return False

    double.failing = look
    pushed(double, rich, again=True)
    assert seen


def test_counts_that_are_wrong_are_told(double: Double, rich: GraphStore) -> None:
    pushed(double, rich)
    double.store.remove(next(iter(double.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPHS[1])))))
    for look in (lambda: pushed(double, rich), lambda: verify(double.address)):
        with pytest.raises(EngineError, match=r"graph/reference has .* triples there and not .*--again"):
            look()
    pushed(double, rich, again=True)
    assert verify(double.address) == build_of(rich).triples


def test_another_build_takes_the_place_of_the_one_before(double: Double, rich: GraphStore, tmp_path: Path) -> None:
    pushed(double, rich)
    with build(tmp_path / "other", [first()]) as other, open_store(double.address) as before:
        assert before.is_current()
        pushed(double, other)
        assert not before.is_current()
        assert verify(double.address) == build_of(other).triples
        with open_store(double.address) as after:
            assert after.manifest.documents == 1


def test_another_version_is_told(double: Double, rich: GraphStore) -> None:
    manifest = replace(rich.manifest, format=FORMAT + 1)
    other = GraphStore(rich.path, rich.build, manifest, rich.quads)
    pushed(double, other)
    with pytest.raises(StoreError, match=f"another version of billing-kg \\(format {FORMAT + 1}"):
        open_store(double.address)


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", '{"manifest": {"format": "x"}}', json.dumps({"manifest": {"format": FORMAT, "counts": []}}),
        "[" * 9999,
    ],
)  # fmt: skip
def test_what_cannot_be_read_of_a_build_is_told_and_replaced(double: Double, rich: GraphStore, content: str) -> None:
    description = "http://purl.org/dc/terms/description"
    pushed(double, rich)
    quad = next(iter(double.store.quads_for_pattern(None, ox.NamedNode(description), None, ox.NamedNode(BUILD))))
    double.store.remove(quad)
    double.store.add(ox.Quad(quad.subject, quad.predicate, ox.Literal(content), quad.graph_name))
    with pytest.raises(StoreError, match=r"cannot be read|another version"):
        open_store(double.address)
    pushed(double, rich)
    open_store(double.address).close()


def test_an_engine_without_a_graph_says_so(double: Double) -> None:
    with pytest.raises(StoreError, match="no graph of billing-kg is there; push it there"):
        open_store(double.address)


def test_where_graphs_go_has_to_be_known(rich: GraphStore, double: Double) -> None:
    address = Address(double.address, f"{double.address}/query")
    with pytest.raises(UsageError, match="--graph-store"):
        push(rich, address, told)


def test_another_day_is_known_where_the_build_was_pushed_from(double: Double, tmp_path: Path) -> None:
    with build(tmp_path / "store", [first()]) as store:
        pushed(double, store)
        with open_store(double.address) as remote, at(store, ANOTHER_DAY) as ours, at(remote, ANOTHER_DAY) as theirs:
            assert theirs.manifest.as_of == "2024-05-01" and theirs.place == remote.place
            assert lines(theirs.quads) == lines(ours.quads) != lines(store.quads)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", ["another machine", "the folder is gone", "another build is there"])
def test_elsewhere_another_day_is_refused_in_a_line(
    what: str, double: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with build(tmp_path / "store", [first()]) as store:
        pushed(double, store)
    with open_store(double.address) as remote:
        if what == "another machine":
            monkeypatch.setenv("KG_CACHE", str(tmp_path / "elsewhere"))
        else:
            shutil.rmtree(tmp_path / "store")
        if what == "another build is there":
            build(tmp_path / "store", [first(), second()]).close()
        with pytest.raises(UsageError, match=r"^the engine has the verdicts of 2026-05-01; another day"):
            at(remote, ANOTHER_DAY)


def test_texts_of_documents_are_kept_where_they_were_pushed_from(double: Double, tmp_path: Path) -> None:
    with build(tmp_path / "store", [first()]) as store:
        (store.build / TEXTS).write_bytes(b"texts")
        pushed(double, store)
    with open_store(double.address) as remote:
        assert (remote.build / TEXTS).read_bytes() == b"texts"


def test_files_for_loaders_hold_all_of_it(rich: GraphStore, tmp_path: Path) -> None:
    files = write_files(rich.path, tmp_path / "files", told)
    assert [file.name for file in files] == ["quads-00001.nq.gz", "build.nq.gz"]
    store = ox.Store()
    for file in files:
        store.load(gzip.decompress(file.read_bytes()), format=ox.RdfFormat.N_QUADS)
    graphs = {graph for graph, triples in build_of(rich).triples.items() if triples}
    assert {graph.value for graph in store.named_graphs()} == {BUILD, *graphs}
    with pytest.raises(StoreError, match="something in it already"):
        write_files(rich.path, tmp_path / "files", told)


def test_what_loaders_loaded_can_be_asked(double: Double, rich: GraphStore, tmp_path: Path) -> None:
    for file in write_files(rich.path, tmp_path / "files", told):
        double.store.load(gzip.decompress(file.read_bytes()), format=ox.RdfFormat.N_QUADS)
    assert verify(double.address) == build_of(rich).triples
    with open_store(double.address) as store:
        assert isinstance(store, RemoteStore) and store.manifest.counts == rich.manifest.counts
