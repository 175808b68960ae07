"""What is streamed from a store is what a network made of all its connections would be, byte for byte."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import NotFound, StoreError, UnknownName, UsageError
from kg.graph import lookup
from kg.graph.days import Days
from kg.graph.rdf.vocabulary import RELATION_GRAPHS
from kg.model import Assertion, Concept, Connection, Evidence, Polarity, Relation, Verdict
from kg.network import streaming, to_networkx, with_labels, write_graphml, write_node_link
from tests.graph import rich
from tests.graph.making import write
from tests.graph.rich import VIAL

from .test_paths_of_a_graph import PACKAGE, known, statements

WRITERS = {"graphml": write_graphml, "node-link": write_node_link}
FORMATS = ["graphml", "node-link", "edges", "csr"]
FEW = settings(max_examples=10)
J1745, J3262, DIAGNOSIS = Concept.parse("J1745"), Concept.parse("J3262"), Concept.parse("M06.9")


def says(subject: Concept, relation: Relation, object: str, line: int = 1, **more: object) -> Assertion:
    quote = f"line {line}"
    place = Evidence("one", line * 50, line * 50 + len(quote), quote, line)
    return Assertion(subject, relation, Concept.parse(object), place, **more)  # type: ignore[arg-type]


GUIDE = [
    says(J3262, Relation.SUPPORTED_BY_DIAGNOSIS, "M06.9", 1),
    says(J3262, Relation.SUPPORTED_BY_DIAGNOSIS, "M06.9", 2),
    says(J3262, Relation.HAS_PAYER, "payer:medicare", 3),
    says(J3262, Relation.SIMILAR_TO, "J1745", 4),
    says(J1745, Relation.SUPPORTED_BY_DIAGNOSIS, "M06.9", 5),
    says(J1745, Relation.HAS_PAYER, "payer:medicaid", 6),
    says(J1745, Relation.HAS_PAYER, "payer:medicare", 7, polarity=Polarity.EXCLUDED),
]


@pytest.fixture
def graph(tmp_path: Path) -> kg.BillingGraph:
    return kg.open(write(tmp_path / "graph", GUIDE, known()))


def exported(graph: kg.BillingGraph, format: str, **asked: object) -> bytes:
    out = BytesIO()
    graph.export(out, format, **asked)  # type: ignore[arg-type]
    return out.getvalue()


def written(network: networkx.MultiDiGraph, format: str) -> bytes:
    out = BytesIO()
    WRITERS[format](with_labels(network) if format == "graphml" else network, out)
    return out.getvalue()


def joining(connections: list[Connection]) -> list[Connection]:
    return [each for each in connections if each.subject != each.object]


@FEW
@given(st.lists(statements(), max_size=25))
def test_all_of_it(assertions: list[Assertion]) -> None:
    with tempfile.TemporaryDirectory() as folder, kg.open(write(Path(folder), assertions, known())) as graph:
        for trust in Verdict:
            network = to_networkx(joining(graph.at(trust=trust).connections()))
            assert networkx.utils.graphs_equal(graph.at(trust=trust).network(), network)
            for format in WRITERS:
                assert exported(graph.at(trust=trust), format) == written(network, format)


@FEW
@given(st.lists(statements(), min_size=3, max_size=25), st.data())
def test_a_slice_of_it(assertions: list[Assertion], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, kg.open(write(Path(folder), assertions, known())) as graph:
        found = joining(graph.connections())
        centre = data.draw(st.sampled_from(sorted({end for c in found for end in (c.subject, c.object)})))
        relations = data.draw(st.none() | st.sets(st.sampled_from(sorted({each.relation for each in found}))))
        depth = data.draw(st.integers(0, 3))
        taken = [each for each in found if relations is None or each.relation in relations]
        whole = to_networkx(taken, [graph.show(centre).concept])
        near = whole.subgraph(networkx.ego_graph(whole, centre.curie, depth, undirected=True))
        asked = {"around": centre, "depth": depth, "relations": relations}
        assert networkx.utils.graphs_equal(graph.network(**asked), near)
        for format in WRITERS:
            assert exported(graph, format, **asked) == written(graph.network(**asked), format)


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({}, False),
        ({"around": "J3262"}, False),
        ({"relations": ["hasPayer"]}, False),
        ({"relations": ["billedAs"]}, True),
        ({"around": PACKAGE}, True),
        ({"around": [PACKAGE, "M06.9"], "depth": 2}, True),
    ],
)
def test_packages_are_there_where_they_are_asked_for(
    asked: dict[str, object], there: bool, graph: kg.BillingGraph
) -> None:
    assert (PACKAGE.curie in graph.network(**asked)) is there  # type: ignore[arg-type]
    for format in WRITERS:
        assert (PACKAGE.curie.encode() in exported(graph, format, **asked)) is there


def test_a_package_is_drawn_where_it_is_in_the_focus(graph: kg.BillingGraph) -> None:
    assert PACKAGE not in graph.draw("J3262", depth=2).concepts
    assert {PACKAGE, J3262} <= set(graph.draw(PACKAGE).concepts)


@FEW
@given(st.lists(statements(), max_size=25), st.sampled_from(Verdict))
def test_arrays_and_lists_of_edges_have_the_edges_of_the_network(assertions: list[Assertion], trust: Verdict) -> None:
    with tempfile.TemporaryDirectory() as folder, kg.open(write(Path(folder), assertions, known())) as graph:
        edges = [(s, r, o, v) for s, o, r, v in graph.at(trust=trust).network().edges(keys=True, data="verdict")]
        lines = exported(graph.at(trust=trust), "edges").decode().splitlines()
        assert [tuple(line.split("\t")[:4]) for line in lines[1:]] == edges
        arrays = graph.at(trust=trust).arrays()
        assert arrays.curies.tolist() == list(graph.at(trust=trust).network())
        forward = arrays.where(arrays.forward)
        columns = forward.curies[forward.rows], forward.relations[forward.relation], forward.curies[forward.indices]
        found = zip(*(column.tolist() for column in (*columns, forward.verdicts[forward.verdict])), strict=True)
        assert sorted(found) == sorted(edges)


@pytest.mark.parametrize("few", [0, 1, 99])
def test_read_at_once_or_one_by_one_is_the_same(
    few: int, graph: kg.BillingGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = exported(graph, "node-link", around=J3262)
    monkeypatch.setattr(streaming, "_FEW", few)
    assert exported(graph, "node-link", around=J3262) == expected


def test_reads_only_what_is_near(graph: kg.BillingGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()
    about = type(graph._store).about
    monkeypatch.setattr(
        type(graph._store), "about", lambda self, node, *rest: read.append(node.value) or about(self, node, *rest)
    )
    monkeypatch.setattr(type(graph._store), "everything", None)
    monkeypatch.setattr(lookup, "all_statements", None)
    assert graph.network(around="payer:medicare").number_of_edges() == 1
    assert len(read) == 3  # The assertion, where it stands, and its place there.


def test_what_documents_exclude_and_what_is_said_of_itself_is_no_edge(tmp_path: Path) -> None:
    itself = says(J1745, Relation.SIMILAR_TO, "J1745", 9)
    with kg.open(write(tmp_path / "graph", [*GUIDE, itself], known())) as graph:
        network = graph.network()
        assert not network.has_edge("hcpcs:J1745", "hcpcs:J1745")
        assert not network.has_edge("hcpcs:J1745", "payer:medicare")
        assert network.has_edge("hcpcs:J3262", "payer:medicare")
        assert b"excluded" not in exported(graph, "graphml") + exported(graph, "node-link") + exported(graph, "edges")


@pytest.fixture(scope="module")
def rich_graph(tmp_path_factory: pytest.TempPathFactory) -> kg.BillingGraph:
    """One that has edges which no path walks."""
    return kg.BillingGraph(Days(rich.build(tmp_path_factory.mktemp("rich"), [rich.first(), rich.second()])))


def plain(graph: kg.BillingGraph) -> list[tuple[str, str, str]]:
    query = "SELECT ?s ?p ?o { VALUES ?g { %s } GRAPH ?g { ?s ?p ?o } }"
    floor = Verdict.floor(graph.trust)
    rows = graph.query(query % " ".join(map(str, (RELATION_GRAPHS[verdict] for verdict in floor)))).rows
    return sorted(tuple(str(cell).rpartition(":")[2] for cell in row) for row in rows)  # type: ignore[misc]


def in_short(edges: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return sorted((s.rpartition(":")[2], relation, o.rpartition(":")[2]) for s, o, relation in edges)


@pytest.mark.parametrize("trust", ["consistent", "disputed", "refuted"])
def test_all_relations_give_every_plain_edge(trust: str, rich_graph: kg.BillingGraph) -> None:
    at = rich_graph.at(trust=trust)
    network = at.network(relations="all")
    assert in_short(network.edges(keys=True)) == plain(at)
    assert {"bundledWith", "billedAs"} <= {key for *_, key in network.edges(keys=True)}
    rows = exported(at, "edges", relations="all").decode().splitlines()[1:]
    assert in_short((s, o, relation) for s, relation, o, *_ in (row.split("\t") for row in rows)) == plain(at)
    arrays = at.arrays(relations=["all"])
    assert arrays.where(arrays.forward).indices.size == len(rows)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("around", [None, ["cpt:96413", "cpt:99213", "J3262", VIAL.curie]])
def test_what_is_left_out_is_counted(format: str, around: list[str] | None, rich_graph: kg.BillingGraph) -> None:
    asked = {"around": around, "depth": 0} if around else {}
    left_out = rich_graph.export(BytesIO(), format, **asked).left_out  # type: ignore[arg-type]
    some, every = (rich_graph.network(**asked, relations=relations) for relations in (None, "all"))  # type: ignore[arg-type]
    keys = Counter(key for *_, key in every.edges(keys=True)) - Counter(key for *_, key in some.edges(keys=True))
    assert {relation.value: count for relation, count in left_out.items()} == keys
    assert "bundledWith" in keys
    assert rich_graph.export(BytesIO(), format, relations="all").left_out == {}


def test_a_relation_that_no_path_walks_is_given_where_it_is_named(rich_graph: kg.BillingGraph) -> None:
    network = rich_graph.network(relations="bundledWith")
    assert network.number_of_edges() > 0
    assert {key for *_, key in network.edges(keys=True)} == {"bundledWith"}
    (evidence, *_) = network.edges["cpt:96413", "cpt:99213", "bundledWith"]["evidence"]
    assert (evidence["document"], evidence["quote"]) == ("ncci", "96413 99213")


def test_takes_what_people_type(graph: kg.BillingGraph) -> None:
    near = graph.network(around="j3262", relations="hasPayer")
    assert list(near) == ["hcpcs:J3262", "payer:medicare"]
    both = graph.network(around=["J3262", "Medicaid"], relations=["hasPayer"])
    assert list(both) == ["hcpcs:J1745", "hcpcs:J3262", "payer:medicaid", "payer:medicare"]
    assert graph.arrays(around=J3262, depth=2).curies.tolist() == list(graph.network(around=J3262, depth=2))


@pytest.mark.parametrize("format", FORMATS)
def test_gives_back_what_stands_alone(format: str, graph: kg.BillingGraph) -> None:
    asked = {"around": ["J3262", "M05.79"], "relations": ["hasPayer"]}
    (alone,) = graph.export(BytesIO(), format, **asked).alone  # type: ignore[arg-type]
    assert (alone.curie, alone.name) == ("icd10cm:M05.79", graph.show("M05.79").concept.name)
    assert graph.network(**asked).nodes["icd10cm:M05.79"]["name"] == alone.name  # type: ignore[arg-type]
    assert graph.export(BytesIO(), format).alone == ()


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_not_there(format: str, graph: kg.BillingGraph, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"no such relation in a network: 'likes' \(one of .*acceptsModifier"):
        graph.export(tmp_path / "x", format, relations=["likes"])
    with pytest.raises(NotFound, match="nonsense"):
        graph.export(tmp_path / "x", format, around="nonsense")
    with pytest.raises(UsageError, match="a depth of 2"):
        graph.export(tmp_path / "x", format, depth=2)
    with pytest.raises(UnknownName, match="no such verdict: 'some'"):
        graph.at(trust="some").export(tmp_path / "x", format)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("asked", [{"around": "J3262"}, {"relations": ["hasPayer"]}, {"depth": 2}, {"around": []}])
def test_quads_have_no_slices(asked: dict[str, object], graph: kg.BillingGraph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nquads is the raw graph, which has no slices: choose one of graphml, .*csr"):
        graph.export(tmp_path / "x", **asked)  # type: ignore[arg-type]
    assert not (tmp_path / "x").exists()


def test_a_format_that_is_not_there(graph: kg.BillingGraph) -> None:
    with pytest.raises(UnknownName, match=r"no such format: 'gexf' \(one of nquads, .*graphml, .*csr, .*sssom"):
        graph.export(BytesIO(), "gexf")


@pytest.mark.parametrize("format", WRITERS)
def test_is_written_while_it_is_read(format: str, graph: kg.BillingGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    class Out(BytesIO):
        def writelines(self, lines: object) -> None:
            for line in lines:  # type: ignore[attr-defined]
                happened.append("wrote")
                self.write(line)

    happened = list[str]()
    real = streaming.connections
    monkeypatch.setattr(
        streaming, "connections", lambda *given, **more: happened.append("read") or real(*given, **more)
    )
    graph.export(Out(), format)
    reads = [n for n, what in enumerate(happened) if what == "read" and "wrote" in happened[:n]]
    assert len(reads) == 2  # One for each subject.
    assert all("wrote" in happened[before:after] for before, after in pairwise(reads))


@pytest.mark.parametrize("format", WRITERS)
def test_a_file_is_whole_or_as_it_was(
    format: str, graph: kg.BillingGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "old").write_text("old")
    real, read = streaming.connections, list[object]()

    def breaks(*given: object, **more: object) -> object:
        read.append(given)
        if len(read) == 2:
            raise StoreError("the graph is damaged")
        return real(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(streaming, "connections", breaks)
    for name in ("old", "new"):
        read.clear()
        with pytest.raises(StoreError, match="damaged"):
            graph.export(folder / name, format)
    assert [(file.name, file.read_text()) for file in folder.iterdir()] == [("old", "old")]


@pytest.mark.parametrize("format", ["nquads", *FORMATS])
def test_files_are_written_in_place_of_old_ones(format: str, graph: kg.BillingGraph, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    graph.export(tmp_path / "link", format)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == exported(graph, format)
    (tmp_path / "plain").touch()
    assert (tmp_path / "real").stat().st_mode == (tmp_path / "plain").stat().st_mode
    graph.export(Path("/dev/null"), format)
    assert Path("/dev/null").is_char_device()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["graph", "link", "plain", "real"]


@pytest.mark.parametrize("format", ["nquads", *FORMATS])
def test_same_graph_same_bytes(format: str, graph: kg.BillingGraph, tmp_path: Path) -> None:
    with kg.open(write(tmp_path / "again", GUIDE[::-1], known())) as again:
        assert exported(again, format) == exported(graph, format)


def test_arrays_of_a_file_are_those_of_the_graph(graph: kg.BillingGraph, tmp_path: Path) -> None:
    graph.export(tmp_path / "graph.npz", "csr", around="J3262")
    with np.load(tmp_path / "graph.npz", allow_pickle=False) as loaded:
        assert loaded["cost"].tolist() == graph.arrays(around="J3262").cost.tolist()


@pytest.mark.slow
def test_all_of_the_bundled_guides(bundled_store: Path) -> None:
    with kg.open(bundled_store) as graph:
        for trust in ("consistent", "disputed"):
            network = to_networkx(graph.at(trust=trust).connections())
            assert network.number_of_edges() > 100
            for format in WRITERS:
                assert exported(graph.at(trust=trust), format) == written(network, format)
