"""Networks as other programs read them: each by a strict reader of the rules of its format, with what the API gives."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import pytest

import kg
from kg.errors import UsageError
from kg.graph.days import Days
from kg.graph.kept_readings import Reading
from kg.graph.rdf.iris import iri as kg_iri
from kg.network import with_labels
from tests.graph import rich
from tests.graph.making import assertion, document, evidence

from .conftest import connections_of

Export = Callable[..., Path]
ASKED: list[dict[str, Any]] = [{}, {"relations": "all"}, {"around": "J3262"}, {"around": ["M06.9", "cpt:99213"]}]


def edges_of(graph: kg.BillingGraph, **asked: Any) -> set[tuple[str, str, str]]:
    return {(s, key, o) for s, o, key in graph.network(**asked).edges(keys=True)}


# What `neo4j-admin database import` knows in headings: https://neo4j.com/docs/operations-manual (Import).
_TYPES = {
    "boolean": re.compile("true|false"),
    "int": re.compile("-?[0-9]+"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "string": re.compile(r".*", re.DOTALL),
}
_HEADING = re.compile(r"(\w*):(\w+)|(\w+)")


def neo4j_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a file, each cell of the type that its heading names; an empty cell is no property."""
    heads, *rows = csv.reader(io.StringIO(file.read_text("utf-8"), newline=""), strict=True)
    kinds = []
    for head in heads:
        match = _HEADING.fullmatch(head)
        assert match, head
        kind = match[2] or "string"
        assert kind in {*_TYPES, "ID", "LABEL", "START_ID", "END_ID", "TYPE"}, head
        kinds.append(kind)
    assert len(set(heads)) == len(heads)
    for row in rows:
        assert len(row) == len(heads)
        for kind, text in zip(kinds, row, strict=True):
            assert _TYPES.get(kind, re.compile(".+")).fullmatch(text) or (text == "" and kind in _TYPES), (kind, text)
    return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("trust", ["consistent", "refuted"])
def test_neo4j(trust: str, asked: dict[str, Any], graph: kg.BillingGraph, folder: Export) -> None:
    at = graph.at(trust=trust)
    path = folder(at, "neo4j", **asked)
    nodes, edges = neo4j_rows(path / "nodes.csv"), neo4j_rows(path / "relationships.csv")
    assert {(e[":START_ID"], e[":TYPE"], e[":END_ID"]) for e in edges} == edges_of(at, **asked)
    assert len(edges) == at.network(**asked).number_of_edges() > 0
    curies = [node["curie:ID"] for node in nodes]
    assert curies == list(dict.fromkeys(curies))
    assert set(curies) == set(at.network(**asked))
    assert {node[":LABEL"].partition(";")[0] for node in nodes} == {"Concept"}
    assert {node[":LABEL"].partition(";")[2] for node in nodes} == {curie.partition(":")[0] for curie in curies}


_KNOWLEDGE = {"knowledge_assertion", "logical_entailment", "prediction", "statistical_association", "observation",
              "not_provided"}  # fmt: skip
_AGENTS = {"manual_agent", "automated_agent", "data_analysis_pipeline", "computational_model", "text_mining_agent",
           "image_processing_agent", "manual_validation_of_automated_agent", "not_provided"}  # fmt: skip
# Of the Biolink model 4, as far as this export uses it.
_CATEGORIES = {"DiseaseOrPhenotypicFeature", "Drug", "Procedure", "Agent", "InformationContentEntity", "NamedThing"}
_PREDICATES = {"related_to", "has_active_ingredient"}
_CURIE = re.compile(r"[A-Za-z][\w.]*:\S+")


def kgx_rows(file: Path, required: set[str]) -> list[dict[str, str]]:
    """The rows of a file of KGX: no quotes, one line each, and what the format asks of every record."""
    heads, *lines = file.read_text("utf-8").removesuffix("\n").split("\n")
    names = heads.split("\t")
    assert required <= set(names)
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines]
    assert all(row[name] for row in rows for name in required)
    assert all(_CURIE.fullmatch(row["id"]) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    return rows


@pytest.mark.parametrize("asked", ASKED)
def test_kgx(asked: dict[str, Any], graph: kg.BillingGraph, folder: Export) -> None:
    path = folder(graph, "kgx", **asked)
    nodes = kgx_rows(path / "nodes.tsv", {"id", "category"})
    edges = kgx_rows(path / "edges.tsv", {"id", "subject", "predicate", "object", "knowledge_level", "agent_type",
                                          "primary_knowledge_source"})  # fmt: skip
    assert {(e["subject"], e["relation"].removeprefix("bkg:"), e["object"]) for e in edges} == edges_of(graph, **asked)
    assert {end for edge in edges for end in (edge["subject"], edge["object"])} <= {node["id"] for node in nodes}
    assert {node["id"] for node in nodes} == set(graph.network(**asked))
    assert {node["category"] for node in nodes} <= {f"biolink:{name}" for name in _CATEGORIES}
    assert {edge["predicate"] for edge in edges} <= {f"biolink:{name}" for name in _PREDICATES}
    assert {edge["knowledge_level"] for edge in edges} <= _KNOWLEDGE
    assert {edge["agent_type"] for edge in edges} <= _AGENTS
    assert all(edge["primary_knowledge_source"].startswith("infores:") for edge in edges)
    prefixes = json.loads((path / "_export.json").read_text("utf-8"))["prefixes"]
    assert all(prefixes[name.partition(":")[0]] + name.partition(":")[2] == kg_iri(name) for name in
               {*(node["id"] for node in nodes), *(edge["relation"] for edge in edges)})  # fmt: skip
    assert {"release", "bkg"} < prefixes.keys()


def test_networks_know_nothing_of_what_is_refuted_or_excluded(graph: kg.BillingGraph, folder: Export) -> None:
    edges = neo4j_rows(folder(graph, "neo4j", relations="all") / "relationships.csv")
    there = {(e[":START_ID"], e[":TYPE"], e[":END_ID"], e["verdict"]) for e in edges}
    every = connections_of(graph)
    assert there == {(s, r, o, v) for s, r, o, polarity, v, _ in every if polarity == "affirmed" and s != o}
    refuted = connections_of(graph.at(trust="refuted")) - every
    assert refuted
    assert not there & {connection[:3] + connection[4:5] for connection in refuted}


def test_what_is_said_of_a_code_itself_is_in_tables_alone(tmp_path: Path) -> None:
    itself = assertion("hcpcs:J3262", kg.Relation.SIMILAR_TO, at=evidence("J3262 is like J3262", 10))
    store = rich.build(tmp_path / "graph", [Reading(document(), (itself, assertion("icd10cm:M06.9")))])
    with kg.BillingGraph(Days(store)) as graph:
        graph.export(tmp_path / "neo4j", "neo4j", relations="all")
        graph.export(tmp_path / "csv", "raw-csv")
        assert graph.network(relations="all").number_of_edges() == len(neo4j_rows(tmp_path / "neo4j/relationships.csv"))
    edges = neo4j_rows(tmp_path / "neo4j" / "relationships.csv")
    assert [edge[":TYPE"] for edge in edges if edge[":START_ID"] == "hcpcs:J3262"].count("similarTo") == 0
    with (tmp_path / "csv" / "connections.csv").open(newline="") as file:
        assert ["hcpcs:J3262", "similarTo", "hcpcs:J3262"] in [row[:3] for row in csv.reader(file)]


# https://mapping-commons.github.io/sssom/Mapping: what every mapping has, and the slots that we use.
_SLOTS = {"subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "subject_source",
          "subject_match_field", "object_match_field", "match_string"}  # fmt: skip


def test_sssom(graph: kg.BillingGraph, tmp_path: Path) -> None:
    import yaml

    counts = graph.export(tmp_path / "a.sssom.tsv", "sssom").counts
    lines = (tmp_path / "a.sssom.tsv").read_text("utf-8").splitlines()
    head = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    assert {"mapping_set_id", "license", "curie_map"} <= head.keys()
    rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    assert set(rows[0]) == _SLOTS
    assert len(rows) == counts["mappings"] > 0

    def iri(curie: str) -> str:
        prefix, _, rest = curie.partition(":")
        return str(head["curie_map"][prefix] + rest)

    matches = graph.query("SELECT ?code ?same { ?code skos:exactMatch ?same }").rows
    expected = {(kg_iri(str(code)), str(same)) for code, same in matches}
    assert {(iri(row["subject_id"]), iri(row["object_id"])) for row in rows} == expected
    # What tools know by these prefixes is what BioPortal publishes, so that ours have others.
    registered = {
        prefix: f"http://purl.bioontology.org/ontology/{prefix.upper()}/" for prefix in ("hcpcs", "cpt", "icd10cm")
    }
    assert registered.items() <= head["curie_map"].items()
    assert all(row["subject_id"] == f"bkg.{row['object_id']}" for row in rows)
    for row in rows:
        assert row["predicate_id"] == "skos:exactMatch"
        assert row["mapping_justification"].startswith("semapv:")
        assert all(iri(row[name]) for name in ("subject_id", "object_id", "mapping_justification", "subject_source"))
    with pytest.raises(UsageError, match="leave --trust out"):
        graph.at(trust="consistent").export(tmp_path / "b", "sssom")


def test_graphml_has_labels_and_weights(graph: kg.BillingGraph, tmp_path: Path) -> None:
    graph.export(tmp_path / "a.graphml", "graphml")
    network = networkx.read_graphml(tmp_path / "a.graphml", force_multigraph=True)
    plain = graph.network()
    assert (network.number_of_nodes(), network.number_of_edges()) == (len(plain), plain.number_of_edges())
    assert network.nodes["hcpcs:J3262"]["label"] == "J3262 Injection, tocilizumab, 1 mg"
    assert network.nodes["payer:aetna"]["label"] == "Aetna"
    (edge,) = network["hcpcs:J3262"]["icd10cm:M06.9"].values()
    assert (edge["label"], edge["weight"]) == ("supported by diagnosis", 3)
    text = (tmp_path / "a.graphml").read_text("utf-8")
    assert re.search('for="edge" attr.name="weight" attr.type="long"', text)
    assert "label" not in plain.nodes["hcpcs:J3262"], "the network that Python gives is as it was"
    labelled = with_labels(plain)
    assert {data["weight"] for *_, data in labelled.edges(data=True)} >= {1, 3}


@pytest.mark.slow
@pytest.mark.parametrize("format", ["neo4j", "kgx", "graphml"])
def test_all_of_the_bundled_guides(format: str, bundled_store: Path, tmp_path: Path) -> None:
    with kg.open(bundled_store) as graph:
        path = tmp_path / "out"
        graph.export(path, format)
        expected = edges_of(graph)
        if format == "neo4j":
            there = {(e[":START_ID"], e[":TYPE"], e[":END_ID"]) for e in neo4j_rows(path / "relationships.csv")}
        elif format == "kgx":
            rows = kgx_rows(path / "edges.tsv", {"id", "predicate"})
            there = {(e["subject"], e["relation"].removeprefix("bkg:"), e["object"]) for e in rows}
        else:
            network = networkx.read_graphml(path, force_multigraph=True)
            there = {(s, data["relation"], o) for s, o, data in network.edges(data=True)}
        assert there == expected
