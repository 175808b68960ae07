"""Two real servers, an Oxigraph and a Virtuoso, answer as a graph in a folder does.

`bash .ci/run` installs both. Where one is not there, its tests are left out with a line that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from kg.billing_graph import BillingGraph
from kg.errors import EngineError
from kg.graph.days import Days
from kg.graph.engines.address import address_of
from kg.graph.engines.engine import Engine
from kg.graph.engines.push import build_of, push
from kg.graph.engines.quads import RemoteQuads
from kg.graph.opening import open_store
from kg.graph.pushing import verify
from kg.graph.rdf.vocabulary import dataset
from kg.graph.store import GraphStore
from kg.graph.validate import check_invariants
from kg.queries import catalogue, find, run
from kg.queries.standalone import standalone
from kg.queries.table import cells
from tests.graph.making import write
from tests.graph.rich import build, first, second
from tests.graph.test_validate import BREAKS, STATED
from tests.queries.conftest import small_graph
from tests.queries.test_answers import ANSWERS, asked
from tests.web import conftest as web

from . import servers
from .asking import QUESTIONS, answer, names

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("KG_ENGINE_USER", "dba")
        patch.setenv("KG_ENGINE_PASSWORD", "dba")
        yield


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, cache: None) -> Iterator[str]:
    """The address of a server that holds nothing."""
    start, program, install = {
        "oxigraph": (servers.oxigraph, servers.oxigraph_program(), "pip install oxigraph"),
        "virtuoso": (servers.virtuoso, servers.virtuoso_program(), "apt-get install virtuoso-opensource"),
    }[request.param]
    if program is None:
        pytest.skip(f"no server: {request.param} is not there ({install})")
    with start(tmp_path_factory.mktemp(request.param)) as address:
        yield address


@pytest.fixture
def as_pusher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may write to the servers."""
    monkeypatch.setenv("KG_ENGINE_USER", "dba")
    monkeypatch.setenv("KG_ENGINE_PASSWORD", "dba")


def told(_what: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def pushed(server: str, store: GraphStore) -> None:
    address = address_of(server)
    assert address is not None
    push(store, address, told, again=True)


@pytest.fixture(scope="module")
def questions(server: str) -> Iterator[tuple[ox.Store, RemoteQuads]]:
    """The graph of the tests of the catalogue, here and on the server."""
    address = address_of(server)
    assert address is not None
    here, engine = small_graph(), Engine(address)
    for graph in here.named_graphs():
        quads = here.quads_for_pattern(None, None, None, graph)
        engine.put(graph.value, ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES) or b"")
    # It ends with the server: to delete the graphs that others have put there by then would take a minute.
    yield here, RemoteQuads(engine, "questions")
    engine.close()


@pytest.mark.parametrize("trust", ["disputed", "corroborated", "refuted"])
def test_all_questions_give_the_same_rows(trust: str, questions: tuple[ox.Store, RemoteQuads], server: str) -> None:
    here, there = questions
    graphs = [graph.value for graph in dataset(trust)]
    differing = []
    for case in ANSWERS:
        name, values = asked(case)
        ours = run(here, find(name), values, graphs).rows
        if run(there, find(name), values, graphs).rows != ours:
            differing.append(case)
        # As anybody may send it who has no billing-kg: with its values, prefixes and graphs in it.
        text = standalone(find(name), values, graphs)
        accept = {"Accept": "application/sparql-results+json"}
        sent = httpx.post(f"{server}/query" if server.count("/") == 2 else server, data={"query": text}, headers=accept)
        rows = ox.parse_query_results(sent.content, ox.QueryResultsFormat.JSON)
        if tuple(map(cells, rows)) != ours:
            differing.append(f"as text: {case}")
    assert differing == []


def test_a_graph_on_a_server_answers_as_one_in_a_folder(server: str, rich: GraphStore, as_pusher: None) -> None:
    pushed(server, rich)
    assert verify(server) == build_of(rich).triples
    with open_store(server) as there:
        differing = [
            name
            for name, question in QUESTIONS.items()
            if answer(there, question) != answer(rich, question).replace(str(rich.path), server)
        ]
        assert differing == []


def test_names_and_adjacency_can_be_made_of_what_the_server_holds(
    server: str, rich: GraphStore, as_pusher: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pushed(server, rich)
    monkeypatch.setenv("KG_CACHE", str(tmp_path))
    with open_store(server) as there:
        assert names(there.names) == names(rich.names)
        assert sorted(there.adjacency.edges()) == sorted(rich.adjacency.edges())


def test_validation_finds_on_a_server_what_it_finds_in_a_folder(server: str, as_pusher: None, tmp_path: Path) -> None:
    """Each break of an invariant; what a server would not compile, or answer with nothing, would show here."""
    write(tmp_path, [STATED])
    with GraphStore.open(tmp_path) as store:
        pushed(server, store)
        original = ox.Store()
        original.extend(quad for graph in dataset("refuted") for quad in store.match(None, None, None, graph))
    address = address_of(server)
    assert address is not None
    engine, missed = Engine(address), []
    with open_store(server) as there:
        assert check_invariants(there) == []
        for name, (message, added, removed) in BREAKS.items():
            graphs = {quad.graph_name for quad in (*added, *removed)}
            replace_graphs(engine, original, graphs, added, removed)
            # Virtuoso keeps what it made of a query by its text.
            there.quads = RemoteQuads(engine, name)
            if not any(message in said for said in check_invariants(there)):
                missed.append(name)
            replace_graphs(engine, original, graphs)
    engine.close()
    assert missed == []


def replace_graphs(
    engine: Engine, store: ox.Store, graphs: set[Any], added: Sequence[ox.Quad] = (), removed: Sequence[ox.Quad] = ()
) -> None:
    """Make graphs on a server what they are in a store, but for these quads."""
    for graph in graphs:
        quads = {
            *store.quads_for_pattern(None, None, None, graph),
            *(quad for quad in added if quad.graph_name == graph),
        }
        triples = [quad.triple for quad in quads.difference(removed)]
        engine.put(graph.value, ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")


PAGES = (
    "/", "/search?q=toci", "/search?q=tociluzimab", "/code/hcpcs/J3262", "/code/icd10cm/M05", "/drug/tocilizumab",
    "/payer/medicare", "/code/hcpcs/J1440?trust=refuted", "/code/hcpcs/J3262?as_of=2024-05-01", "/code/hcpcs/J9999",
    "/document/guide", "/document/nosuch", "/findings", "/findings?document=guide", "/about", "/query",
    "/path?from=J3262&to=M06.9", "/graph/hcpcs/J3262", "/check",
)  # fmt: skip


def test_every_kind_of_page_is_the_same(
    server: str, as_pusher: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with build(tmp_path / "graph", [first(), second()]) as store:
        pushed(server, store)
    with (
        web.started(tmp_path / "graph") as (_, here),
        web.started(server) as (_, there),
        httpx.Client(timeout=60, headers={"Accept": "text/html"}, follow_redirects=True) as client,
    ):
        for page in PAGES:
            ours, theirs = (client.get(f"{at.rstrip('/')}{page}") for at in (here, there))
            assert (theirs.status_code, theirs.text.replace(there, here)) == (ours.status_code, ours.text), page
            # To ask an engine for its build before each answer would keep all others waiting.
            assert "ETag" not in theirs.headers or page == "/query", page
        # A decision is taken, and kept for the address of the engine.
        (finding, *_) = client.get(f"{there}api/v1/findings", headers={"Accept": "*/*"}).json()["rows"]
        fields = {"finding": finding["finding"], "decision": "accepted", "note": "sent back"}
        assert "sent back" in client.post(f"{there}findings", data=fields).text
        assert "sent back" not in client.get(f"{here}findings").text


def test_an_answer_that_the_server_cuts_off_is_no_answer(server: str, rich: GraphStore, as_pusher: None) -> None:
    """Virtuoso sends as many rows as it is set to, 2^20 at most, and says so in a header alone; Oxigraph sends all."""
    pushed(server, rich)
    with open_store(server) as there:
        many = "SELECT ?a ?b { ?a a ?x . ?b a ?y } LIMIT 100001"
        if "sparql" in server:
            with pytest.raises(EngineError, match="sent only the first 100000 rows"):
                there.quads.query(many)
        else:
            assert sum(1 for _ in there.quads.query(many)) == 100_001


def test_the_bundled_graph_gives_the_same_rows(server: str, bundled_store: Path, as_pusher: None) -> None:
    """The examples of the catalogue at the size of 10^6 quads, where other plans are made than for a small graph.

    It is the last test, since an Oxigraph server takes minutes to put another graph in the place of so large a one.
    """
    with GraphStore.open(bundled_store) as here:
        pushed(server, here)
        with open_store(server) as there:
            ours, theirs = (BillingGraph(Days(store)) for store in (here, there))
            for question in catalogue():
                values = {parameter.name: parameter.example for parameter in question.parameters}
                assert theirs.query(question, **values).rows == ours.query(question, **values).rows, question.name
            for name, ask in QUESTIONS.items():
                if name not in ("connections", "what is surely so", "triples", "network"):
                    assert answer(there, ask) == answer(here, ask).replace(str(here.path), server), name
