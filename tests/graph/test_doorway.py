from __future__ import annotations

import pytest
import rdflib

from kg.graph.doorway import rdflib_dataset
from kg.graph.store import GraphStore

# rdflib warns of its own code.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

J3262 = rdflib.URIRef("https://w3id.org/billing-kg/code/hcpcs/J3262")
DRUG = rdflib.URIRef("https://w3id.org/billing-kg/ns#identifiesDrug")


def test_the_store_as_an_rdflib_dataset(small: GraphStore) -> None:
    dataset = rdflib_dataset(small)
    tocilizumab = rdflib.URIRef("https://w3id.org/billing-kg/drug/tocilizumab")
    assert list(dataset.objects(J3262, DRUG)) == [tocilizumab]
    (row,) = dataset.query("SELECT * { ?code ?p ?drug }", initBindings={"code": J3262, "p": DRUG})
    assert row.drug == tocilizumab  # type: ignore[union-attr]


def test_one_named_graph(small: GraphStore) -> None:
    refuted = rdflib_dataset(small).get_context("https://w3id.org/billing-kg/graph/relations/refuted")
    assert [str(o).rpartition("/")[2] for o in refuted.objects(J3262)] == ["M99.999"]


def test_it_cannot_be_changed(small: GraphStore) -> None:
    dataset, before = rdflib_dataset(small), len(small.quads)
    triple = next(iter(dataset.triples((J3262, DRUG, None))))
    for change in (
        lambda: dataset.add((J3262, DRUG, J3262)),
        lambda: dataset.remove(triple),
        lambda: dataset.get_context("https://w3id.org/billing-kg/graph/assertions").add((J3262, DRUG, J3262)),
        lambda: dataset.update("DELETE WHERE { ?s ?p ?o }"),
        lambda: dataset.parse(data="<a:a> <a:b> <a:c> .", format="turtle"),
    ):
        with pytest.raises(RuntimeError, match="read-write"):
            change()
    assert len(small.quads) == before
