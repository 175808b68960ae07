"""Each notation holds the quads of the graph, all of them and no others, as other readers read it."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from kg.errors import Failure
from kg.graph import rdf_files, sorted_lines
from kg.graph.jsonld import context, export_jsonld
from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, RDF, REFERENCE, RELATION_GRAPHS, dataset
from kg.graph.rdf_files import export_nquads, export_reified, export_trig, export_turtle
from kg.graph.store import GraphStore
from kg.model import Verdict

# rdflib warns of its own code.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

ROOT = Path(__file__).parents[2]
EVERY = dataset(Verdict.REFUTED)
REIFIES = ox.NamedNode(f"{PREFIXES['rdf']}reifies")
Export = Callable[[GraphStore, Any, list[ox.NamedNode]], int]


def written(export: Export, store: GraphStore, graphs: list[ox.NamedNode]) -> tuple[bytes, int]:
    out = io.BytesIO()
    count = export(store, out, graphs)
    return out.getvalue(), count


def quads_of(store: GraphStore, graphs: list[ox.NamedNode]) -> set[ox.Quad]:
    return {quad for graph in graphs for quad in store.match(None, None, None, graph)}


def of_rdflib(quads: set[ox.Quad]) -> set[tuple[str, ...]]:
    """Quads as rdflib names them."""
    content = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return names(rdflib.Dataset().parse(data=content, format="nquads"))


def names(found: Any) -> set[tuple[str, ...]]:
    return {(*(part.n3() for part in quad[:3]), str(getattr(quad[3], "identifier", quad[3]))) for quad in found.quads()}


def test_all_quads_or_those_of_some_graphs_are_exported_sorted_and_once(small: GraphStore) -> None:
    content = {}
    for graphs in (None, [ASSERTIONS], [ASSERTIONS, ASSERTIONS], []):
        out = io.BytesIO()
        count = export_nquads(small, out, graphs)
        lines = out.getvalue().splitlines()
        assert lines == sorted(set(lines)) or graphs == [ASSERTIONS, ASSERTIONS]
        assert len(lines) == count
        content[str(graphs and len(graphs))] = set(lines)
    assert len(content["None"]) == len(small.quads) > len(content["1"]) > 0
    assert content["1"] < content["None"]
    assert all(line.endswith(b"<https://w3id.org/billing-kg/graph/assertions> .") for line in content["1"])
    assert content["[]"] == set()


def test_sorting_in_pieces_gives_the_same_bytes(small: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = written(export_nquads, small, EVERY)
    monkeypatch.setattr(rdf_files, "SortedLines", lambda: sorted_lines.SortedLines(2000))
    assert written(export_nquads, small, EVERY) == whole


@pytest.mark.parametrize("trust", [Verdict.REFUTED, Verdict.CONSISTENT])
def test_trig_has_the_quads_of_its_graphs_for_rdflib_and_pyoxigraph(small: GraphStore, trust: Verdict) -> None:
    graphs = dataset(trust)
    content, count = written(export_trig, small, graphs)
    expected = quads_of(small, graphs)
    assert set(ox.parse(content, ox.RdfFormat.TRIG)) == expected
    assert count == len(expected)
    assert names(rdflib.Dataset().parse(data=content, format="trig")) == of_rdflib(expected)
    assert content.count(b"\nhcpcs:J3262 ") + content.count(b"\thcpcs:J3262 ") > 0
    assert written(export_trig, small, graphs)[0] == content


@pytest.mark.parametrize("trust", [Verdict.REFUTED, Verdict.CONSISTENT])
def test_turtle_has_the_same_as_one_graph(small: GraphStore, trust: Verdict) -> None:
    graphs = dataset(trust)
    content, count = written(export_turtle, small, graphs)
    triples = {quad.triple for quad in quads_of(small, graphs)}
    assert {quad.triple for quad in ox.parse(content, ox.RdfFormat.TURTLE)} == triples
    assert count == len(triples) == len(rdflib.Graph().parse(data=content, format="turtle"))
    refuted = b"icd10cm:M99.999" in content
    assert b"bkg:supportedByDiagnosis" in content
    assert refuted
    edge = f"<{RELATION_GRAPHS[Verdict.REFUTED].value}>"
    assert edge.encode() not in content


def test_turtle_has_once_what_stands_in_two_graphs(small: GraphStore) -> None:
    content, count = written(export_turtle, small, [ASSERTIONS, ASSERTIONS])
    assert (content, count) == written(export_turtle, small, [ASSERTIONS])


@pytest.mark.parametrize("trust", [Verdict.REFUTED, Verdict.CONSISTENT])
def test_json_ld_has_the_quads_of_its_graphs_for_rdflib_and_pyoxigraph(small: GraphStore, trust: Verdict) -> None:
    graphs = dataset(trust)
    content, count = written(export_jsonld, small, graphs)
    expected = quads_of(small, graphs)
    assert set(ox.parse(content, ox.RdfFormat.JSON_LD)) == expected
    assert count == len(expected)
    assert names(rdflib.Dataset().parse(data=content, format="json-ld")) == of_rdflib(expected)
    assert written(export_jsonld, small, graphs)[0] == content


def test_json_ld_reads_as_json_with_short_names(small: GraphStore) -> None:
    content, _ = written(export_jsonld, small, EVERY)
    whole = json.loads(content)
    by_graph = {graph["@id"]: {node["@id"]: node for node in graph["@graph"]} for graph in whole["@graph"]}
    assert by_graph["graph:reference"]["hcpcs:J3262"]["prefLabel"] == "Injection, tocilizumab, 1 mg"
    assert by_graph["graph:reference"]["hcpcs:J3262"]["validFrom"] == "2011-01-01"
    stated = [node for node in by_graph["graph:assertions"].values() if node.get("object") == "modifier:JW"]
    assert stated[0]["bkg:condition"] == "Use when intravenous"
    assert stated[0]["forRoute"] == "route:intravenous"


def test_the_context_that_is_published_is_that_of_the_ontology() -> None:
    published = json.loads((ROOT / "ontology" / "context.jsonld").read_text("utf-8"))
    assert published == {"@context": context()}, "run: python -m kg.graph.jsonld > ontology/context.jsonld"


def test_the_context_has_every_property_of_the_ontology_under_a_name_of_its_own() -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "billing.ttl")
    kinds = {rdflib.OWL.ObjectProperty: True, rdflib.OWL.DatatypeProperty: False}
    for kind, leads in kinds.items():
        for name in ontology.subjects(rdflib.RDF.type, kind):
            curie = str(name).replace(PREFIXES["bkg"], "bkg:")
            terms = [entry for entry in context().values() if isinstance(entry, dict) and entry["@id"] == curie]
            assert len(terms) == 1, curie
            assert (terms[0].get("@type") == "@id") is leads, curie
    assert all(isinstance(context()[prefix], str) for prefix in PREFIXES)


def test_rdf_1_2_leads_from_each_edge_to_what_is_stated_of_it(small: GraphStore) -> None:
    content, count = written(export_reified, small, EVERY)
    lines = content.splitlines()
    assert lines == sorted(set(lines))
    quads = set(ox.parse(content, ox.RdfFormat.N_QUADS))
    reified = {quad for quad in quads if quad.predicate == REIFIES}
    assert quads - reified == quads_of(small, EVERY)
    assert count == len(quads) == len(lines)
    for graph, kind in ((ASSERTIONS, BKG.Assertion), (REFERENCE, BKG.Statement)):
        stating = set(small.subjects(RDF.type, kind, graph))
        assert stating == {quad.subject for quad in reified if quad.graph_name == graph} != set()
    store = ox.Store()
    store.bulk_load(content, ox.RdfFormat.N_QUADS)
    (question,) = re.findall(r"```sparql\n([^`]*rdf:reifies[^`]*)```", (ROOT / "docs" / "graph.md").read_text("utf-8"))
    rows = store.query(question, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert len({(row["code"].value, row["diagnosis"].value, row["quote"].value) for row in rows}) == 5


def test_text_of_documents_stays_text_in_every_notation(tmp_path: Path) -> None:
    hostile = ox.Literal('"\\ \n\r\t\u2028 <<( <a:a> )>> . } \U0001f600 -- \x00\x1f')
    quad = ox.Quad(ox.NamedNode("https://w3id.org/billing-kg/assertion/1"), BKG.condition, hostile, ASSERTIONS)
    odd = ox.Quad(
        ox.NamedNode("https://w3id.org/billing-kg/document/a%20b(c).'"), RDF.subject, ox.NamedNode("a:b"), ASSERTIONS
    )
    typed = ox.Quad(
        quad.subject, BKG.line, ox.Literal("x", datatype=ox.NamedNode(f"{PREFIXES['xsd']}integer")), ASSERTIONS
    )
    speech = ox.Quad(quad.subject, BKG.line, ox.Literal("Zeile", language="de"), ASSERTIONS)
    quads = {quad, odd, typed, speech}

    class Few:
        place = tmp_path

        def quads_for_pattern(self, *_: Any) -> Any:
            return iter(quads)

    store: Any = Few()
    store.quads = store
    for export, notation in (
        (export_nquads, ox.RdfFormat.N_QUADS),
        (export_reified, ox.RdfFormat.N_QUADS),
        (export_trig, ox.RdfFormat.TRIG),
        (export_jsonld, ox.RdfFormat.JSON_LD),
    ):
        content, count = written(export, store, [ASSERTIONS])
        assert set(ox.parse(content, notation)) == quads, notation
        assert count == len(quads)
    content, _ = written(export_turtle, store, [ASSERTIONS])
    assert {one.triple for one in ox.parse(content, ox.RdfFormat.TURTLE)} == {one.triple for one in quads}


def test_where_there_is_no_room_to_sort_one_line_says_so(
    small: GraphStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    monkeypatch.setattr(rdf_files, "SortedLines", lambda: sorted_lines.SortedLines(2000))
    with pytest.raises(Failure, match=r"cannot sort in .*none: no such file or directory \(TMPDIR names another"):
        export_nquads(small, io.BytesIO())


@pytest.mark.parametrize("export", [export_nquads, export_reified, export_trig, export_turtle, export_jsonld])
def test_quads_are_laid_by_while_they_are_read(export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No list of them is made: of a graph of millions that would be the whole memory."""
    sorting: list[sorted_lines.SortedLines] = []

    class Many:
        place = tmp_path

        def quads_for_pattern(self, *_: Any) -> Any:
            for number in range(1000):
                yield ox.Quad(ox.NamedNode(f"a:{number}"), BKG.rule, ox.Literal("x" * 100), ASSERTIONS)
            assert len(sorting[0]._runs) > 3

    def sorted_in_pieces() -> sorted_lines.SortedLines:
        sorting.append(sorted_lines.SortedLines(2**14))
        return sorting[0]

    store: Any = Many()
    store.quads = store
    monkeypatch.setattr(rdf_files, "SortedLines", sorted_in_pieces)
    assert written(export, store, [ASSERTIONS])[1] == 1000
