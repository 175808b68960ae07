from __future__ import annotations

import json
import re
import string
from io import BytesIO
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import Failure
from kg.model import Connection, Polarity, Relation, Verdict
from kg.network import to_networkx, write_graphml, write_node_link
from kg.network.graphml import flat

from .builders import connect

USE = "Use when “<JW>” & more\tapplies, é 𝛼"
CONNECTIONS = [
    connect("J3262", Relation.ACCEPTS_MODIFIER, "modifier:JW", name="Drug discarded", condition=USE, quote=USE),
    connect("J3262", Relation.ACCEPTS_MODIFIER, "modifier:AA", polarity=Polarity.EXCLUDED),
    connect("J3262", Relation.SUPPORTED_BY_DIAGNOSIS, "M06.9"),
    connect("J3262", Relation.COMPLICATION_DIAGNOSIS, "M06.9", verdict=Verdict.DISPUTED),
    connect("J3262", Relation.PLACE_OF_SERVICE, "place:physician-office"),
]


def test_nodes_and_edges_say_what_they_are() -> None:
    network = to_networkx(CONNECTIONS)
    assert network.nodes["hcpcs:J3262"] == {"type": "hcpcs", "name": "", "code": "J3262"}
    assert network.nodes["place:physician-office"] == {"type": "place", "name": "physician office"}
    assert network.edges["hcpcs:J3262", "modifier:JW", "acceptsModifier"] == {
        "relation": "acceptsModifier",
        "verdict": "consistent",
        "polarity": "affirmed",
        "strength": "stated",
        "condition": USE,
        "evidence": [{"document": "guide", "start": 0, "end": len(USE), "quote": USE, "line": 1, "section": "Coding"}],
    }
    assert network.has_edge("hcpcs:J3262", "modifier:AA", "acceptsModifier:excluded")
    assert set(network["hcpcs:J3262"]["icd10cm:M06.9"]) == {"supportedByDiagnosis", "complicationDiagnosis"}


@given(st.permutations(CONNECTIONS))
def test_order_of_the_connections_does_not_matter(shuffled: list[Connection]) -> None:
    def listing(network: networkx.MultiDiGraph) -> object:
        return list(network.nodes(data=True)), list(network.edges(keys=True, data=True))

    assert listing(to_networkx(shuffled)) == listing(to_networkx(CONNECTIONS))


def test_the_network_is_the_callers_own() -> None:
    first = to_networkx(CONNECTIONS)
    for _, _, data in first.edges(data=True):
        data["evidence"][0]["quote"] = "changed"
        data["evidence"].append("junk")
    first.remove_node("hcpcs:J3262")
    assert networkx.utils.graphs_equal(to_networkx(CONNECTIONS), to_networkx(CONNECTIONS))
    assert to_networkx(CONNECTIONS).number_of_edges() == 5
    assert CONNECTIONS[0].evidence[0].quote == USE


def test_an_edge_given_twice_keeps_the_strongest_verdict_and_all_evidence() -> None:
    same = "J3262", Relation.ACCEPTS_MODIFIER, "modifier:JW"
    network = to_networkx(
        [
            connect(*same, verdict=Verdict.DISPUTED, quote="second"),
            connect(*same, quote="first"),
            connect(*same, quote="first"),
        ]
    )
    edge = network.edges["hcpcs:J3262", "modifier:JW", "acceptsModifier"]
    assert edge["verdict"] == "consistent"
    assert [found["quote"] for found in edge["evidence"]] == ["first", "second"]


def test_graphml_is_read_back_as_it_was(tmp_path: Path) -> None:
    network = to_networkx(CONNECTIONS)
    again = networkx.read_graphml(write_graphml(network, tmp_path / "graph ä.graphml"), force_multigraph=True)
    assert dict(again.nodes(data=True)) == dict(network.nodes(data=True))
    for start, end, identifier, data in again.edges(keys=True, data=True):
        key = identifier.removeprefix(f"{start}-").removesuffix(f"-{end}")
        assert data | {"evidence": json.loads(data["evidence"])} == network.edges[start, end, key]
    assert again.number_of_edges() == network.number_of_edges()


def test_node_link_is_read_back_as_it_was(tmp_path: Path) -> None:
    network = to_networkx(CONNECTIONS)
    file = write_node_link(network, tmp_path / "graph.json")
    again = networkx.node_link_graph(json.loads(file.read_text("utf-8")), edges="edges")
    assert networkx.utils.graphs_equal(again, network)


@given(text=st.text(st.characters(exclude_categories=())))
def test_any_text_survives_as_far_as_the_format_allows(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    network = to_networkx([connect("J3262", Relation.DENIED_FOR, "denial:x", name=text, condition=text)])
    plain = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    data = json.loads(write_node_link(network, folder / "a.json").read_bytes().decode("utf-8"))
    assert data["edges"][0]["condition"] == plain
    again = networkx.read_graphml(write_graphml(network, folder / "a.graphml"), force_multigraph=True)
    legal = "".join("\ufffd" if (c < " " and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in plain)
    assert next(data for *_, data in again.edges(data=True))["condition"] == legal


def test_graphml_takes_what_users_add(tmp_path: Path) -> None:
    network = to_networkx(CONNECTIONS)
    network.nodes["hcpcs:J3262"].update(weight=2.5, note=None, seen=True, tags=["a"])
    again = networkx.read_graphml(write_graphml(network, tmp_path / "a.graphml"), force_multigraph=True)
    assert again.nodes["hcpcs:J3262"]["weight"] == 2.5
    assert again.nodes["hcpcs:J3262"]["seen"] is True
    assert again.nodes["hcpcs:J3262"]["tags"] == '["a"]'
    assert "note" not in again.nodes["hcpcs:J3262"]
    assert network.nodes["hcpcs:J3262"]["tags"] == ["a"]


def test_same_network_same_bytes(tmp_path: Path) -> None:
    for write in (write_graphml, write_node_link):
        first = write(to_networkx(CONNECTIONS), tmp_path / "1").read_bytes()
        assert write(to_networkx(CONNECTIONS[::-1]), tmp_path / "2").read_bytes() == first


values = st.none() | st.text(max_size=5) | st.booleans() | st.integers() | st.floats() | st.lists(st.integers())
added = st.dictionaries(st.text(string.ascii_letters + '"<&\n', min_size=1), values, max_size=3)


@given(st.sets(st.sampled_from(range(len(CONNECTIONS)))), added, added)
def test_bytes_are_those_of_networkx_and_of_json(
    chosen: set[int], to_node: dict[str, Any], to_edge: dict[str, Any]
) -> None:
    network = to_networkx(CONNECTIONS[each] for each in chosen)
    network.add_node('a "node" <&>\t\r\n', **{f"added {name}": value for name, value in to_node.items()})
    network.add_edge("hcpcs:J3262", "modifier:JW", 7, **{f"added {name}": value for name, value in to_edge.items()})
    out, expected = BytesIO(), BytesIO()
    write_graphml(network, out)
    plain = networkx.MultiDiGraph()
    for node, data in network.nodes(data=True):
        plain.add_node(node, **flat(data))
    for start, end, key, data in network.edges(keys=True, data=True):
        plain.add_edge(start, end, f"{start}-{key}-{end}", **flat(data))
    networkx.write_graphml_xml(plain, expected)
    assert out.getvalue() == expected.getvalue().replace(b"\r", b"&#13;")
    out = BytesIO()
    write_node_link(network, out)
    text = json.dumps(networkx.node_link_data(network, edges="edges"), ensure_ascii=False, indent=1) + "\n"
    assert out.getvalue() == re.sub("[\ud800-\udfff]", "\ufffd", text).encode()


@pytest.mark.parametrize("write", [write_graphml, write_node_link])
def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path, write: object) -> None:
    with pytest.raises(Failure, match=r"cannot write .*nowhere"):
        write(to_networkx(CONNECTIONS), tmp_path / "nowhere" / "x")  # type: ignore[operator]


def test_no_connections_make_an_empty_network(tmp_path: Path) -> None:
    assert networkx.read_graphml(write_graphml(to_networkx([]), tmp_path / "a")).number_of_nodes() == 0
