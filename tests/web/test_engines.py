"""A server over a graph on a SPARQL engine answers as over a folder, and an engine that fails takes nothing with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.graph.engines.address import address_of
from kg.graph.engines.push import push
from kg.graph.store import GraphStore
from tests.graph.engines.double import Double, running
from tests.graph.rich import build, first, second

from .conftest import refused, started

pytestmark = pytest.mark.slow

QUESTIONS = (
    "/show/J3262",
    "/codes-for/M06.9",
    "/search?q=toci",
    "/queries/codes-for-drug?drug=tocilizumab",
    "/findings",
)


def pushed(double: Double, store: GraphStore) -> None:
    address = address_of(double.address)
    assert address is not None
    push(store, address, lambda *_: None)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    with build(tmp_path_factory.mktemp("rich") / "store", [first()]) as store:
        yield store


@pytest.fixture(scope="module")
def double(rich: GraphStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Double]:
    with pytest.MonkeyPatch.context() as patch, running() as engine:
        patch.setenv("KG_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        pushed(engine, rich)
        yield engine


@pytest.fixture(scope="module")
def over_engine(double: Double) -> Iterator[httpx.Client]:
    with (
        started(double.address) as (_, address),
        httpx.Client(base_url=address, timeout=40, trust_env=False) as client,
    ):
        yield client


def test_it_answers_as_over_a_folder(over_engine: httpx.Client, rich: GraphStore) -> None:
    with (
        started(rich.path) as (_, address),
        httpx.Client(base_url=address, timeout=40, trust_env=False) as over_folder,
    ):
        for question in QUESTIONS:
            assert over_engine.get(question).json() == over_folder.get(question).json(), question
    query = {"query": "SELECT ?s { ?s a bkg:Release }"}
    rows = over_engine.get("/sparql", params=query, headers={"Accept": "text/csv"})
    assert rows.status_code == 200 and "ETag" not in rows.headers and len(rows.text.splitlines()) > 1
    assert over_engine.get("/health").json()["status"] == "ok"


def test_an_engine_that_fails_is_told_without_its_address(over_engine: httpx.Client, double: Double) -> None:
    double.failing = lambda handler: handler.reply("text/html", b"<html>Sign in</html>") is None
    try:
        answer = over_engine.get("/show/J3262")
        assert "engine that holds the graph" in refused(answer, 503) and double.address not in answer.text
        assert over_engine.get("/health").status_code == 503
        assert over_engine.get("/queries").status_code == 200, "it needs no graph"
    finally:
        double.failing = lambda _: False
    assert over_engine.get("/show/J3262").status_code == 200


def test_another_build_is_taken_up_with_the_next_question(
    over_engine: httpx.Client, double: Double, tmp_path: Path
) -> None:
    before = over_engine.get("/health").json()["build"]
    with build(tmp_path / "other", [first(), second()]) as store:
        pushed(double, store)
    assert over_engine.get("/health").json()["build"] != before
    assert len(over_engine.get("/queries/documents").json()["rows"]) == 2
