from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg.errors import QueryRefused, UnknownName, UsageError
from kg.queries import run
from kg.queries.binding import bind

DIAGNOSIS = {"diagnosis": "M06.9"}
A = NamedNode("http://e/a")


def ask(store: Store, graphs: list[str], query: str, **values: object) -> list[tuple[object, ...]]:
    return list(run(store, query, values, graphs).rows)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?code { ?code bkg:supportedByDiagnosis ?diagnosis }",
        "SELECT ?code { ?code ?p ?x FILTER(?p = bkg:supportedByDiagnosis && ?x = ?diagnosis) }",
        "SELECT DISTINCT ?code{?code bkg:supportedByDiagnosis ?diagnosis}",
        "SELECT ?code WHERE { ?code bkg:supportedByDiagnosis $diagnosis }",
        "SELECT ?code { BIND(?diagnosis AS ?x) ?code bkg:supportedByDiagnosis ?x }",
        "SELECT ?code { BIND(COALESCE(?diagnosis, rdf:nil) AS ?x) ?code bkg:supportedByDiagnosis ?x }",
        "SELECT ?code { ?code bkg:supportedByDiagnosis ?diagnosis } GROUP BY ?code",
        "SELECT DISTINCT ?code { ?code ?p ?o FILTER EXISTS { ?code bkg:supportedByDiagnosis ?diagnosis } }",
        "SELECT ?code { ?code bkg:supportedByDiagnosis ?x FILTER(BOUND(?diagnosis) && ?x = ?diagnosis) }",
        "SELECT ?code { ?code bkg:supportedByDiagnosis ?x FILTER BOUND(?diagnosis) FILTER(?x = ?diagnosis) }",
        "SELECT ?code { { SELECT ?code ?diagnosis { ?code bkg:supportedByDiagnosis ?diagnosis } } }",
        "SELECT ?code { { SELECT ?code { ?code bkg:supportedByDiagnosis ?diagnosis } } }",
        "SELECT ?code { { SELECT ?diagnosis { } } ?code bkg:supportedByDiagnosis ?diagnosis }",
        "SELECT ?code { { SELECT * { ?code bkg:supportedByDiagnosis ?diagnosis } } }",
        "SELECT ?code { ?code bkg:supportedByDiagnosis/skos:broader* ?diagnosis }",
        "SELECTDISTINCT ?code { ?code bkg:supportedByDiagnosis ?diagnosis }",
        "SELECT ?code { { SELECTREDUCED ?code ?diagnosis { ?code bkg:supportedByDiagnosis ?diagnosis } } }",
        "SELECT ?code { ?code ?p ?o FILTEREXISTS{ ?code bkg:supportedByDiagnosis ?diagnosis } } GROUPBY?code",
    ],
)
def test_a_value_takes_the_place_of_its_variable_wherever_it_stands(
    query: str, store: Store, graphs: list[str]
) -> None:
    table = run(store, f"{query} ORDER BY ?code", DIAGNOSIS, graphs)
    assert table.columns == ("code",)
    assert table.rows == (("hcpcs:J0129",), ("hcpcs:J3262",))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?code ?diagnosis { ?code bkg:supportedByDiagnosis ?diagnosis } ORDER BY ?code ?diagnosis",
        "SELECT ?code ?diagnosis { { SELECT ?code ?diagnosis { ?code bkg:supportedByDiagnosis ?diagnosis } } }",
        "SELECT ?code ?diagnosis { ?code bkg:supportedByDiagnosis ?diagnosis } GROUP BY ?diagnosis ?code",
        "SELECT * { ?code bkg:supportedByDiagnosis ?diagnosis } ORDER BY ?code",
        "SELECT * { { ?code bkg:supportedByDiagnosis ?diagnosis } } ORDER BY DESC(?diagnosis) ?code LIMIT 9",
        "SELECTDISTINCT * { ?code bkg:supportedByDiagnosis ?diagnosis }ORDERBY ?diagnosis ?code LIMIT9",
    ],
)
def test_a_variable_that_is_selected_stays_a_column(query: str, store: Store, graphs: list[str]) -> None:
    table = run(store, query, DIAGNOSIS, graphs)
    assert sorted(table.columns) == ["code", "diagnosis"]
    rows = sorted(tuple(row[name] for name in ("code", "diagnosis")) for row in table)
    assert rows == [("hcpcs:J0129", "icd10cm:M06.9"), ("hcpcs:J3262", "icd10cm:M06.9")]


def test_counts_may_be_filtered_by_a_value(store: Store, graphs: list[str]) -> None:
    query = """SELECT ?other (COUNT(*) AS ?n) { ?other bkg:supportedByDiagnosis ?d }
               GROUP BY ?other HAVING(COUNT(*) >= ?least) ORDER BY ?other"""
    assert ask(store, graphs, query, least=2) == [("hcpcs:J0129", 2), ("hcpcs:J3262", 2)]
    assert ask(store, graphs, "SELECT (COUNT(?o) AS ?n) { ?v bkg:supportedByDiagnosis ?o }", v="J0129") == [(2,)]


def test_ask_construct_and_describe_take_values(store: Store, graphs: list[str]) -> None:
    assert ask(store, graphs, "ASK { ?code bkg:acceptsModifier modifier:JW }", code="J3262") == [(True,)]
    assert ask(store, graphs, "ASK { ?code bkg:acceptsModifier modifier:JW }", code="Q5133") == [(False,)]
    assert ask(store, graphs, "ASK { ?s ?p ?o FILTER(?s = ?v) }", v="J3262") == [(True,)]
    built = run(
        store,
        "CONSTRUCT { ?code rdfs:seeAlso ?d } WHERE { { SELECT * { ?code bkg:supportedByDiagnosis ?d } } }",
        {"code": "J0129"},
        graphs,
    )
    assert built.columns == ("subject", "predicate", "object")
    assert built.rows == (
        ("hcpcs:J0129", "rdfs:seeAlso", "icd10cm:M05"),
        ("hcpcs:J0129", "rdfs:seeAlso", "icd10cm:M06.9"),
    )
    described = run(store, "DESCRIBE ?code", {"code": "Q5133"}, graphs)
    assert ("hcpcs:Q5133", "skos:prefLabel", "Inj, tofidence, 1 mg") in described.rows


@pytest.mark.parametrize(
    ("query", "bound"),
    [
        ("SELECT ?v { ?v ?p 'v' } # ?v", "SELECT (<http://e/a> AS ?v) { <http://e/a> ?p 'v' } # ?v"),
        ("SELECT * { ?v ?p ?vv }", "SELECT * { { <http://e/a> ?p ?vv } BIND(<http://e/a> AS ?v) }"),
        (
            "SELECT * { ?v ?p ?s } VALUES ?s { 1 }",
            "SELECT * { { <http://e/a> ?p ?s } BIND(<http://e/a> AS ?v) } VALUES ?s { 1 }",
        ),
        (
            "SELECT * { SELECT ?s { ?s ?p ?v } LIMIT 1 }",
            "SELECT * { { SELECT ?s { ?s ?p <http://e/a> } LIMIT 1 } BIND(<http://e/a> AS ?v) }",
        ),
        (
            "SELECT ?v { { SELECT ?v { ?v ?p ?o } } }",
            "SELECT (<http://e/a> AS ?v) { { SELECT (<http://e/a> AS ?v_given) { <http://e/a> ?p ?o } } }",
        ),
        ("SELECT (?v AS ?w) { }", "SELECT (<http://e/a> AS ?w) { }"),
        ("SELECT (BOUND(?v) AS ?w) { }", "SELECT ((true) AS ?w) { }"),
        ("SELECT ?w { ?v ?p ?w } GROUP BY ?w ?v", "SELECT ?w { <http://e/a> ?p ?w } GROUP BY ?w (<http://e/a>)"),
        ("SELECT ?w { ?v ?p ?w } ORDER BY ?v", "SELECT ?w { <http://e/a> ?p ?w } ORDER BY (<http://e/a>)"),
        ("SELECT ?w { { SELECT ?w ?v { ?v ?p ?w } } }", "SELECT ?w { { SELECT ?w  { <http://e/a> ?p ?w } } }"),
        ("SELECT ?w { VALUES ?w { 1 } ?v ?p ?w }", "SELECT ?w { VALUES ?w { 1 } <http://e/a> ?p ?w }"),
        ("SELECT ?w { VALUES (?w) { (1) } ?v ?p ?w }", "SELECT ?w { VALUES (?w) { (1) } <http://e/a> ?p ?w }"),
    ],
)
def test_what_runs_is_the_query_with_the_term_in_it(query: str, bound: str) -> None:
    assert bind(query, {"v": A}) == bound
    Store().query(bound)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?w { ?s ?p ?w BIND(1 AS ?v) }",
        "SELECT (1 AS ?v) { ?s ?p ?o }",
        "SELECT ?w { VALUES ?v { 1 } ?v ?p ?w }",
        "SELECT ?w { VALUES (?w ?v) { (1 2) } }",
        "SELECT ?w { ?v ?p ?w } VALUES ?v { 1 }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY (STR(?p) AS ?v)",
    ],
)
def test_a_variable_that_the_query_gives_a_value_takes_none(query: str) -> None:
    with pytest.raises(QueryRefused, match=r"\?v has a value, but the query gives it one itself"):
        bind(query, {"v": A})


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o MINUS { ?v ?p ?o } }", "ASK { ?s ?p ?o MINUS { { ?s ?p ?v } } }"])
def test_minus_takes_no_value(query: str) -> None:
    with pytest.raises(QueryRefused, match=r"\?v has a value, and MINUS would have nothing in common"):
        bind(query, {"v": A})
    bind("ASK { ?s ?p ?o MINUS { ?s ?p 1 } ?v ?p ?o }", {"v": A})


def test_where_a_sign_may_begin_an_iri_a_value_is_refused() -> None:
    query = "SELECT ?x { ?x ?p ?y FILTER(?y <?v&&?x>?y) }"
    with pytest.raises(QueryRefused, match=r"a < may be less-than or begin an IRI: put a blank in <\?v&&\?x>"):
        bind(query, {"v": Literal(1)})
    assert '?y < "a"' in bind(query.replace("<", "< "), {"v": Literal("a")})


def test_a_blank_node_is_no_value() -> None:
    with pytest.raises(UsageError, match="v: a blank node has no name that a query could use"):
        bind("ASK { ?v ?p ?o }", {"v": BlankNode("b")})


def test_a_value_for_no_variable() -> None:
    with pytest.raises(UnknownName, match=r"given for 'diagnosis', but the query has no such variable \(it has \?d\)"):
        bind("SELECT ?d { ?d ?d ?d }", {"diagnosis": A})
    with pytest.raises(UnknownName, match=r"\(it has none\)"):
        bind("ASK { }", {"diagnosis": A})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("ASK { ?s ?v ?o }", "not SPARQL: a value cannot stand where its variable does, such as a text as the subject"),
        ("SELECT ?o { ?v ?p ?o . nonsense }", r"line 1, column [0-9]+: not SPARQL: expected"),
    ],
)
def test_what_does_not_parse_with_its_value_says_whose_fault_it_is(query: str, message: str) -> None:
    with pytest.raises(QueryRefused, match=message) as caught:
        run(Store(), query, {"v": "no code"})
    assert "\n" not in str(caught.value)
