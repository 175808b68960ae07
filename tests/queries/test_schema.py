from __future__ import annotations

import pytest
from pyoxigraph import Store

from kg.queries import run
from kg.queries.schema import schema, unknown_terms


def test_every_term_of_the_ontology_has_a_kind_and_a_meaning() -> None:
    terms = {term.name: term for term in schema()}
    assert len(terms) == len(schema())
    assert all(term.meaning for term in terms.values())
    assert terms["bkg:HCPCSCode"].example == "?hcpcsCode a bkg:HCPCSCode"
    assert terms["bkg:similarTo"].example == "?billingCode bkg:similarTo ?other"
    assert terms["bkg:line"].example == "?evidence bkg:line ?value"
    assert terms["bkg:affirmed"].kind == "value"


def test_every_example_parses() -> None:
    for term in schema():
        if term.kind in ("class", "property"):
            run(Store(), f"ASK {{ {term.example} }}")
        elif term.kind == "graph":
            run(Store(), f"ASK {{ {term.example.replace('…', '?s ?p ?o')} }}")
        elif term.example:
            run(Store(), f"ASK {{ {term.example} ?p ?o }}")


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("ASK { ?s bkg:acceptsModifier modifier:JW }", []),
        ("ASK { ?s bkg:aceptsModifier ?m }", ["no such class, property or value: bkg:aceptsModifier; did you mean "]),
        ("ASK { ?s bkg:zzzzzz ?m }", ["no such class, property or value: bkg:zzzzzz (kg schema lists what there is)"]),
        ("ASK { hcpcs:J3262 ?p 'hcpcs:J9998' } # hcpcs:J9997", []),
        ("ASK { hcpcs:J9998 ?p hcpcs:J9998 }", ["nothing in this graph is called hcpcs:J9998"]),
        (
            "ASK { <https://w3id.org/billing-kg/drug/none> ?p <http://e/x> }",
            ["nothing in this graph is called drug:none"],
        ),
        ("ASK { GRAPH graph:other { ?s rdfs:nothing ?o } }", ["nothing in this graph is called graph:other"]),
        ("ASK { GRAPH graph:reference { ?s ?p ?o } }", []),
        ("PREFIX hcpcs: <https://w3id.org/billing-kg/code/hcpcs/> ASK { hcpcs:J3262 ?p ?o }", []),
        ("BASE <https://w3id.org/billing-kg/> ASK { ?s ?p 1 }", []),
        ("PREFIX bkg: <http://other/> ASK { ?s bkg:foo ?o }", []),
        (
            "PREFIX k: <https://w3id.org/billing-kg/ns#> ASK { ?s k:nosuch ?o }",
            ["no such class, property or value: bkg:nosuch"],
        ),
        (r"ASK { <https://w3id.org/billing-kg/code/\u0041> ?p ?o }", []),
        ("ASK { hcpcs:a ?p hcpcs:b, hcpcs:c, hcpcs:d }", ["nothing in this graph is called hcpcs:"] * 3),
    ],
)
def test_names_that_a_graph_does_not_have(query: str, notes: list[str], store: Store) -> None:
    found = unknown_terms(query, store)
    assert len(found) == len(notes)
    assert all(note.startswith(expected) for note, expected in zip(found, notes, strict=True))


def test_only_an_empty_answer_has_notes(store: Store, graphs: list[str]) -> None:
    for query in ("ASK { hcpcs:J9998 ?p ?o }", "SELECT ?p { hcpcs:J9998 ?p ?o }", "DESCRIBE hcpcs:J9998"):
        assert run(store, query, graphs=graphs).notes == ("nothing in this graph is called hcpcs:J9998",)
    for query in ("SELECT (COUNT(*) AS ?n) { hcpcs:J9998 ?p ?o }", "SELECT (false AS ?x) (bkg:nosuch AS ?y) { }"):
        assert run(store, query, graphs=graphs).notes == ()
