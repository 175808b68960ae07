"""`kg export`: the network in every format, all of it or a slice."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest

from kg.exports import FORMATS
from kg.graph.store import GraphStore

from .running import KG, installed, kg

NEAR = ["--around", "j3262", "--relation", "acceptsModifier"]


def edges(*words: str, store: Path) -> list[dict[str, str]]:
    ran = kg("export", "--format", "edges", *words, store=store)
    assert ran.code == 0
    return list(csv.DictReader(io.StringIO(ran.out), delimiter="\t"))


def test_edges_are_lines(store: Path) -> None:
    found = edges(store=store)
    assert list(found[0]) == ["subject", "relation", "object", "verdict", "cost", "subject_fee", "object_fee"]
    network = json.loads(kg("export", "--format", "node-link", store=store).out)
    assert [(e["subject"], e["relation"], e["object"], e["verdict"]) for e in found] == [
        (e["source"], e["relation"], e["target"], e["verdict"]) for e in network["edges"]
    ]


def test_what_the_default_leaves_out_is_counted_and_there_with_all(store: Path) -> None:
    some, every = edges(store=store), edges("--relations", "all", store=store)
    ran = kg("export", "--format", "edges", store=store)
    packages = [edge for edge in every if edge["relation"] == "billedAs"]
    expected = f"kg: left out {len(packages):,} plain edges that no path walks (billedAs {len(packages):,}); "
    assert ran.err == f"{expected}--relations all writes them as well\n"
    assert len(packages) == len(every) - len(some) > 0
    assert kg("export", "--format", "edges", "--relations", "all", store=store).err == ""


def test_a_slice_has_what_is_near(store: Path) -> None:
    assert [edge["object"] for edge in edges(*NEAR, store=store)] == ["modifier:JW"]
    ends = {(edge["subject"], edge["object"]) for edge in edges("--around", "M06.9", store=store)}
    assert ends == {
        ("hcpcs:J3262", "icd10cm:M06.9"),
        ("hcpcs:J0129", "icd10cm:M06.9"),
        ("hcpcs:J1745", "icd10cm:M06.9"),
    }
    two = edges("--around", "J3262", "--relations", "acceptsModifier", "--relation", "billingUnit", store=store)
    assert {edge["relation"] for edge in two} == {"acceptsModifier", "billingUnit"}
    far = edges("--around", "J3262", "--depth", "2", store=store)
    assert len(edges("--around", "J3262", store=store)) < len(far) <= len(edges(store=store))


@pytest.mark.parametrize("format", ["graphml", "node-link", "edges"])
def test_the_file_has_what_standard_output_gets(format: str, store: Path, tmp_path: Path) -> None:
    words = ["export", "--format", format, *NEAR]
    ran = kg(*words, "-o", tmp_path / "file", store=store)
    assert (ran.code, ran.out, ran.err) == (0, "", f"wrote {tmp_path / 'file'}\n")
    assert installed(*words, store=store).out == (tmp_path / "file").read_text("utf-8")


def test_arrays(store: Path, tmp_path: Path) -> None:
    words = ["export", "--format", "csr", *NEAR]
    assert kg(*words, "-o", tmp_path / "graph.npz", store=store).code == 0
    with np.load(tmp_path / "graph.npz", allow_pickle=False) as arrays:
        assert arrays["curies"].tolist() == ["hcpcs:J3262", "modifier:JW"]
        assert arrays["indices"].tolist() == [1, 0]
    piped = subprocess.run([KG, *words, "--store", store], capture_output=True, check=True)
    with np.load(io.BytesIO(piped.stdout), allow_pickle=False) as arrays:
        assert arrays["curies"].tolist() == ["hcpcs:J3262", "modifier:JW"]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals to be made here")
def test_arrays_are_not_for_a_terminal(store: Path) -> None:
    terminal, inside = os.openpty()
    command = [KG, "export", "--format", "csr", "--store", store]
    done = subprocess.run(command, stdout=inside, stderr=subprocess.PIPE, text=True, check=False)
    for handle in (terminal, inside):
        os.close(handle)
    expected = "kg: csr is no text for a terminal: name a file with --output\n"
    assert (done.returncode, done.stderr) == (2, expected)


@pytest.mark.parametrize("format", ["graphml", "node-link", "edges"])
def test_what_nothing_connects_is_said(format: str, store: Path) -> None:
    ran = kg("export", "--format", format, "--around", "J3262", "--relation", "replacedBy", store=store)
    assert ran.code == 0
    assert ran.err.startswith("kg: nothing that was asked for connects J3262 ")
    assert ran.err.endswith(" at trust disputed\n")
    assert ("hcpcs:J3262" in ran.out) is (format != "edges")


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["--around", "J3262"], 2, "nquads is the raw graph, which has no slices: choose one of graphml, "),
        (["--relation", "acceptsModifier"], 2, "nquads is the raw graph, which has no slices: choose one of graphml, "),
        (["--depth", "2"], 2, "nquads is the raw graph, which has no slices: choose one of graphml, "),
        (["--format", "edges", "--depth", "2"], 2, "a depth of 2 needs something to count from"),
        (["--format", "edges", "--relation", "likes"], 2, "no such relation in a network: 'likes' (one of identifies"),
        (["--format", "csr", "--around", "nonsense"], 1, "nothing in the graph is called 'nonsense'"),
    ],
)
def test_what_cannot_be_answered_is_one_line_and_no_file(
    words: list[str], code: int, error: str, store: Path, tmp_path: Path
) -> None:
    ran = kg("export", *words, "-o", tmp_path / "file", store=store)
    assert ran.code == code
    assert ran.error.startswith(f"kg: {error}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["nquads", "graphml", "node-link", "edges", "csr"])
def test_where_nobody_may_write(format: str, store: Path, tmp_path: Path) -> None:
    ran = kg("export", "--format", format, "-o", tmp_path / "none" / "file", store=store)
    assert (ran.code, ran.error) == (3, f"kg: cannot write {tmp_path / 'none' / 'file'}: No such file or directory")


RDF = ["nquads", "rdf12", "trig", "jsonld", "turtle"]


@pytest.mark.parametrize("format", RDF)
def test_notations_of_rdf_are_the_raw_graph_and_have_no_slices(format: str, store: Path) -> None:
    ran = kg("export", "--format", format, *NEAR, store=store)
    assert (ran.code, ran.out) == (2, "")
    assert f"{format} is the raw graph, which has no slices" in ran.error


@pytest.mark.slow
@pytest.mark.parametrize("format", RDF)
def test_each_notation_of_rdf_has_as_many_quads_as_the_bundled_graph(
    format: str, bundled_store: Path, tmp_path: Path
) -> None:
    notations = {
        "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD, "turtle": ox.RdfFormat.TURTLE,
    }  # fmt: skip
    file = tmp_path / "graph"
    assert kg("export", "--format", format, "--trust", "refuted", "--output", str(file), store=bundled_store).code == 0
    with GraphStore.open(bundled_store) as graph:
        expected = len(graph.quads)
        if format == "rdf12":
            counts = graph.manifest.counts
            expected += counts["assertions"] + counts["statements"]
    read = ox.parse(path=str(file), format=notations.get(format, ox.RdfFormat.N_QUADS))
    assert sum(1 for _ in read) == expected


@pytest.mark.slow
def test_every_format_of_the_registry_is_there_by_its_name(store: Path, tmp_path: Path) -> None:
    for format in FORMATS:
        ran = kg("export", "--format", format.name, "-o", tmp_path / format.name, store=store)
        assert ran.code == 0, ran.err
        assert ran.err.startswith(f"wrote {tmp_path / format.name}")
        assert (tmp_path / format.name).is_dir() is format.folder
    ran = kg("export", "--format", "gexf", store=store)
    assert (ran.code, ran.out) == (2, "")
    assert "gexf" in ran.err


def test_tables_say_how_many_rows_they_have(store: Path, tmp_path: Path) -> None:
    ran = kg("export", "--format", "raw-csv", *NEAR, "-o", tmp_path / "near", store=store)
    assert ran.err.startswith(f"wrote {tmp_path / 'near'}: 1 connections, 1 assertions, 1 evidence, 0 statements, ")
    with (tmp_path / "near" / "assertions.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["object"], row["condition"]) == ("modifier:JW", "Use when part of a vial is discarded")
    assert (row["document"], row["quote"][:4]) == ("tocilizumab", "JW |")


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["--format", "parquet"], 2, "parquet is a folder of files: name it with --output"),
        (["--format", "csv", "-o", "-"], 2, "csv is a folder of files: name it with --output"),
        (
            ["--format", "sssom", "--trust", "consistent"],
            2,
            "sssom holds what codes are, of which there are no verdicts",
        ),
        (["--format", "neo4j", "--relation", "likes", "-o", "x"], 2, "no such relation in a network: 'likes'"),
        (["--format", "csv", "--around", "nonsense", "-o", "x"], 1, "nothing in the graph is called 'nonsense'"),
    ],
)
def test_what_a_folder_or_table_cannot_be_is_one_line(
    words: list[str], code: int, error: str, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = kg("export", *words, store=store)
    assert (ran.code, ran.out) == (code, "")
    assert ran.error.startswith(f"kg: {error}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["nquads", "csv", "xlsx"])
def test_a_graph_is_not_written_over(format: str, store: Path) -> None:
    before = sorted(store.rglob("*"))
    ran = kg("export", "--format", format, "-o", store, store=store)
    assert (ran.code, ran.error) == (2, f"kg: {store}: the graph itself is there; name another place with --output")
    assert sorted(store.rglob("*")) == before
