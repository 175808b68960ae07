"""`kg push`, and `--store` with an address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.graph.engines.double import Double, running

from .running import kg


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Double]:
    for name in ("KG_ENGINE_TOKEN", "KG_ENGINE_USER", "KG_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    with running() as engine:
        yield engine


@pytest.mark.slow
def test_a_graph_that_was_pushed_is_asked_as_one_in_a_folder(double: Double, store: Path) -> None:
    pushed = kg("push", double.address, "--store", store)
    assert pushed.code == 0 and "triples of 8 graphs are there" in pushed.err and pushed.out == ""
    assert kg("push", double.address, "--verify").code == 0
    for words in (
        ("show", "J3262"),
        ("show", "J3262", "--as-of", "2020-01-01"),
        ("codes-for", "M06.9", "--format", "json"),
        ("path", "J3262", "J0129"),
        ("search", "toci"),
        ("query", "codes-for-drug", "tocilizumab"),
        ("findings", "--format", "csv"),
        ("show", "nothing at all"),
        ("query", "SELECT * { ?s ?p }"),
    ):
        ours, theirs = kg(*words, "--store", store), kg(*words, "--store", double.address)
        assert (theirs.code, theirs.out, theirs.err) == (ours.code, ours.out, ours.err), words
    for words in (("changes",), ("build",), ("remove", "guide")):
        ran = kg(*words, "--store", double.address)
        assert ran.code == 2 and ran.out == "" and "needs a graph in a folder" in ran.error, words


def test_an_engine_that_fails_is_one_line_and_code_3(double: Double) -> None:
    double.failing = lambda handler: handler.reply("text/html", b"<html>Sign in</html>") is None
    ran = kg("show", "J3262", "--store", double.address)
    assert (ran.code, ran.out) == (3, "") and "answers with text/html" in ran.error


@pytest.mark.parametrize(
    "words",
    [
        (), ("http://127.0.0.1:1", "--files", "x"), ("--files", "x", "--verify"), ("--files", "x", "--again"),
        ("http://127.0.0.1:1", "--verify", "--again"), ("a-folder",), ("http://kg.example.org/sparql",),
        ("https://me:secret@kg.example.org/sparql",),
    ],
)  # fmt: skip
def test_usage_is_told_in_a_line(words: tuple[str, ...], store: Path) -> None:
    ran = kg("push", *words, "--store", store)
    assert ran.code == 2 and ran.error and "secret" not in ran.err
