from __future__ import annotations

import pytest

from kg.errors import QueryRefused
from kg.queries.graphs import Graphs, chosen_graphs

REFERENCE, ASSERTIONS = (f"https://w3id.org/billing-kg/graph/{name}" for name in ("reference", "assertions"))
TRUSTED = [REFERENCE, ASSERTIONS]


@pytest.mark.parametrize(
    ("clauses", "graphs"),
    [
        ("", Graphs((REFERENCE, ASSERTIONS), (REFERENCE, ASSERTIONS))),
        (f"FROM <{REFERENCE}>", Graphs((REFERENCE,), ())),
        ("FROM graph:reference FROM NAMED graph:assertions", Graphs((REFERENCE,), (ASSERTIONS,))),
        ("from named graph:reference", Graphs((), (REFERENCE,))),
        (f"# FROM <x>\nFROM<{ASSERTIONS}>", Graphs((ASSERTIONS,), ())),
        (f"FROMNAMED <{ASSERTIONS}>", Graphs((), (ASSERTIONS,))),
    ],
)
def test_a_query_chooses_its_graphs(clauses: str, graphs: Graphs) -> None:
    assert chosen_graphs(f"SELECT * {clauses} {{ ?s ?p 'FROM <http://e/x>' }}", TRUSTED) == graphs


def test_prefixes_of_the_query_are_read() -> None:
    text = "PREFIX g: <https://w3id.org/billing-kg/graph/> ASK FROM g:reference { ?s ?p ?o }"
    assert chosen_graphs(text, TRUSTED) == Graphs((REFERENCE,), ())


@pytest.mark.parametrize("graph", ["<http://e/x>", "graph:ontology", "nowhere:x", "<reference>"])
def test_another_graph_is_refused_with_its_line(graph: str) -> None:
    with pytest.raises(QueryRefused, match=r"line 2: no such graph within the trust: '"):
        chosen_graphs(f"SELECT *\nFROM {graph} {{ ?s ?p ?o }}", TRUSTED)


def test_a_clause_that_the_engine_would_read_and_we_not_is_refused() -> None:
    with pytest.raises(QueryRefused, match=r"line 1: no blank behind FROM: 'FROMgraph:reference'"):
        chosen_graphs("ASK FROMgraph:reference { ?s ?p ?o }", TRUSTED)
    own = "PREFIX fromhere: <http://e/> ASK { ?s fromhere:p ?o }"
    assert chosen_graphs(own, TRUSTED).named == tuple(TRUSTED)
