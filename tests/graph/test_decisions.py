"""Decisions about findings: kept beside the graph, whole, and by what a finding is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import kg
from kg.errors import Failure, NotFound, StoreError, UnknownName, UsageError
from kg.graph.against import identifiers
from kg.graph.decisions import LONGEST_NOTE, MOST, Decisions, file_of, named
from kg.graph.engines.address import address_of
from kg.graph.lookup import findings
from kg.graph.store import GraphStore
from kg.model import Choice, Finding

from .making import assertion, evidence, write

ACCEPTED, SET_ASIDE = Choice


def made(folder: Path, first: int = 90) -> Path:
    """A graph with two codes that do not exist, in a document in which they stand from some offset on."""
    stated = [
        assertion("icd10cm:M06.99", at=evidence("M06.99", first)),
        assertion("icd10cm:M99.999", at=evidence("M99.999", first + 50)),
    ]
    return write(folder, stated)


def findings_of(store: Path) -> list[Finding]:
    with GraphStore.open(store) as opened:
        return findings(opened)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("decisions"))


@pytest.fixture
def store(built: Path) -> Iterator[Path]:
    """A graph about whose findings nothing was decided."""
    yield built
    for path in built.parent.glob("*.decisions.json*"):
        path.rmdir() if path.is_dir() else path.unlink()


def test_what_is_decided_is_read_again_and_can_be_taken_back(store: Path) -> None:
    one, other = findings_of(store)
    decisions = Decisions(store)
    assert decisions.read() == {}
    decisions.decide([one], ACCEPTED)
    (made,) = decisions.decide([other], SET_ASIDE, "an example of a\nwrong code")
    assert (made.choice, made.note) == (SET_ASIDE, "an example of a wrong code")
    assert Decisions(store).read()[other.identifier] == made
    decisions.decide([one, other], None)
    assert decisions.read() == {}


def test_the_file_lies_beside_the_store_and_says_what_it_is_about(store: Path) -> None:
    (one, _) = findings_of(store)
    Decisions(store).decide([one], ACCEPTED, "sent back")
    file = store.with_name(f"{store.name}.decisions.json")
    whole = json.loads(file.read_text())
    assert whole["version"] == 1
    row = whole["decisions"][one.identifier]
    assert (row["decision"], row["note"]) == ("accepted", "sent back")
    assert one.concept.key in row["about"]
    assert not [path for path in store.rglob("*") if "decisions" in path.name]


def test_another_build_keeps_them_also_where_the_sentence_has_moved(tmp_path: Path) -> None:
    store = made(tmp_path)
    before = findings_of(store)
    Decisions(store).decide(before[:1], SET_ASIDE, "known")
    made(tmp_path, first=700)
    after = findings_of(store)
    assert before[0].assertion.identifier != after[0].assertion.identifier
    assert [one.identifier for one in after] == [one.identifier for one in before]
    with kg.open(store) as graph:
        assert graph.findings() == after[1:]
        assert graph.findings("set-aside") == after[:1]
        assert graph.findings("open") == after[1:]
        assert graph.findings("accepted") == []
        assert graph.findings("any") == after
        with pytest.raises(UnknownName, match="no such decision: 'much'"):
            graph.findings("much")


def test_a_finding_that_changed_is_another_one(store: Path) -> None:
    (one, other) = findings_of(store)
    assert one.identifier != other.identifier
    assert replace(one, reason="something else").identifier != one.identifier
    assert replace(one, suggestion=other.concept).identifier != one.identifier
    assert replace(one, hangs=7, row=3, release="another").identifier == one.identifier


def test_what_findings_are_called_is_told_without_reading_them_whole(store: Path) -> None:
    with GraphStore.open(store) as opened:
        assert sorted(identifiers(opened).values()) == sorted(one.identifier for one in findings(opened))


def test_findings_go_by_the_beginning_of_their_name(store: Path) -> None:
    every = findings_of(store)
    assert named(every, [every[1].identifier, every[0].identifier[:6]]) == [every[1], every[0]]
    for name in ("", every[0].identifier[:3], "nosuch"):
        with pytest.raises(NotFound, match=r"no finding is called .* \(2 findings searched\)"):
            named(every, [name])
    many = [replace(every[0], reason=str(number)) for number in range(3000)]
    beginnings = [one.identifier[:4] for one in many]
    with pytest.raises(UsageError, match="several findings begin with"):
        named(many, [next(name for name in beginnings if beginnings.count(name) > 1)])


def test_a_note_is_bounded_and_to_set_aside_needs_one(store: Path) -> None:
    findings, decisions = findings_of(store), Decisions(store)
    with pytest.raises(UsageError, match="needs a note that says why"):
        decisions.decide(findings, SET_ASIDE, " \n ")
    with pytest.raises(UsageError, match="a note has at most 1,000 characters, not 1,001"):
        decisions.decide(findings, ACCEPTED, "x" * (LONGEST_NOTE + 1))
    assert decisions.read() == {}


def test_there_is_a_most(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.decisions.MOST", 1)
    decisions = Decisions(store)
    with pytest.raises(UsageError, match="cannot have more"):
        decisions.decide(findings_of(store), ACCEPTED)
    assert (decisions.read(), MOST) == ({}, 20_000)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b'{"version": 2, "decisions": {}}', b'{"version": 1}', b'{"version": 1, "decisions": []}',
     b'{"version": 1, "decisions": {"a": {"decision": "maybe", "note": "", "day": "2026-01-01"}}}',
     b'{"version": 1, "decisions": {"a": {"decision": "accepted", "note": 1, "day": "2026-01-01"}}}',
     b'{"version": 1, "decisions": {"a": {"decision": "accepted", "note": "", "day": "soon"}}}',
     b'{"version": 1, "decisions": {"a": null}}', b"\xff\xfe", b"[" * 100_000],
)  # fmt: skip
def test_a_file_that_is_none_is_told_and_never_overwritten(content: bytes, store: Path) -> None:
    decisions = Decisions(store)
    assert decisions.file
    decisions.file.write_bytes(content)
    with pytest.raises(StoreError, match="not a file of decisions; mend it, or remove it"):
        decisions.read()
    with pytest.raises(StoreError):
        decisions.decide(findings_of(store), ACCEPTED)
    assert decisions.file.read_bytes() == content


def test_what_cannot_be_written_or_read_is_told(store: Path) -> None:
    decisions = Decisions(store)
    assert decisions.file
    decisions.file.mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        decisions.read()
    decisions.file.rmdir()
    lock = decisions.file.with_name(f".{decisions.file.name}.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    with pytest.raises(Failure, match="cannot be written"):
        decisions.decide(findings_of(store), ACCEPTED)


def test_those_about_a_graph_on_an_engine_are_kept_for_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    file_of.cache_clear()
    engine, same, another = (
        Decisions(address) for text in ("", "/", "/sparql") if (address := address_of(f"http://127.0.0.1:1{text}"))
    )
    assert engine.read() == {}
    (one, _) = findings_of(made(tmp_path / "graph"))
    engine.decide([one], ACCEPTED, "sent back")
    assert [decision.note for decision in same.read().values()] == ["sent back"]
    assert another.read() == {}
    file_of.cache_clear()


def test_those_who_name_one_file_see_what_the_others_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    """Also where one has the graph in a folder, and the other one asks an engine from another machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_CONFIG", raising=False)
    (tmp_path / "kg.toml").write_text('decisions = "shared/decisions.json"')
    file_of.cache_clear()
    ours, engine = Decisions(store), address_of("http://127.0.0.1:1/sparql")
    assert engine and ours.file == tmp_path / "shared" / "decisions.json"
    (one, other) = findings_of(store)
    ours.decide([one], ACCEPTED, "sent back")
    monkeypatch.setenv("KG_CONFIG", "/dev/null")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "another machine"))
    monkeypatch.setenv("KG_DECISIONS", "shared/decisions.json")
    file_of.cache_clear()
    theirs = Decisions(engine)
    theirs.decide([other], SET_ASIDE, "an example")
    assert [decision.note for decision in ours.read().values()] == [
        "sent back",
        "an example",
    ] and theirs.read() == ours.read()
    file_of.cache_clear()
