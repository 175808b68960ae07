"""The SPARQL 1.1 Protocol."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pandas
import pytest
from rdflib import RDF, Dataset, Graph, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import SPARQLWrapper

from .conftest import J0129, JSON, SELECT, codes, refused

TRIPLES = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_query_comes_in_three_ways(client: httpx.Client) -> None:
    assert codes(client.get("/sparql", params={"query": SELECT})) == [J0129]
    assert codes(client.post("/sparql", data={"query": SELECT})) == [J0129]
    direct = {"Content-Type": "application/sparql-query; charset=utf-8"}
    assert codes(client.post("/sparql", content=SELECT, headers=direct)) == [J0129]
    assert codes(client.post("/sparql?trust=unchecked", content=SELECT, headers=direct)) == [J0129]


@pytest.mark.parametrize(
    ("accept", "media_type", "begins"),
    [
        ("*/*", JSON, b'{"head":'),
        ("", JSON, b'{"head":'),
        (JSON, JSON, b'{"head":'),
        ("application/json", "application/json", b'{"head":'),
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("text/csv", "text/csv; charset=utf-8", b"code\r\n" + J0129.encode()),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?code\n<" + J0129.encode()),
        ("text/html, text/csv;q=0.5, */*;q=0.1", "text/csv; charset=utf-8", b"code\r\n"),
        ("application/json;q=0, application/*", JSON, b'{"head":'),
    ],
)
def test_rows_come_as_the_client_likes_them(accept: str, media_type: str, begins: bytes, client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert response.content.startswith(begins)


def test_variables_are_given_values(client: httpx.Client) -> None:
    query = "SELECT ?code WHERE { ?code bkg:hasPayer $payer }"
    for response in (
        client.get("/sparql", params={"query": query, "$payer": "payer:medicare"}),
        client.post("/sparql", data={"query": query, "$payer": "payer:medicare"}),
    ):
        assert codes(response) == [J0129]
    assert "the query has no such variable" in refused(client.get("/sparql", params={"query": query, "$p": "x"}), 400)
    header = "#+ parameter: payer payer Medicare the payer\n"
    assert codes(client.get("/sparql", params={"query": header + query, "$payer": "Medicare"})) == [J0129]
    assert "'payer' is missing" in refused(client.get("/sparql", params={"query": header + query}), 400)


def test_the_published_text_of_a_question_gives_its_rows(client: httpx.Client) -> None:
    text = client.get("/queries/diagnoses-for-code.rq", params={"code": "J0129"})
    assert text.headers["content-type"].partition(";")[0] == "application/sparql-query"
    rows = client.get("/sparql", params={"query": text.text}).json()["results"]["bindings"]
    asked = client.get("/queries/diagnoses-for-code", params={"code": "J0129"}).json()["rows"]
    assert len(rows) == len(asked) > 0
    assert "'code' is missing" in refused(client.get("/queries/diagnoses-for-code.rq"), 400)
    assert "no such query" in refused(client.get("/queries/nosuchquery.rq"), 404)
    assert "no such graph" not in client.get("/queries/diagnoses-for-code.rq?code=J0129&trust=refuted").text


@pytest.mark.parametrize("accept", [JSON, "text/csv", "text/tab-separated-values"])
def test_an_empty_answer_says_which_names_the_graph_does_not_have(accept: str, client: httpx.Client) -> None:
    note = "nothing in this graph is called hcpcs:J9998"
    for query in ("SELECT * { hcpcs:J9998 ?p ?o }", "ASK { hcpcs:J9998 ?p ?o }"):
        response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
        assert (response.status_code, response.headers["kg-note"]) == (200, note)
    assert client.get("/sparql", params={"query": "DESCRIBE hcpcs:J9998"}).headers["kg-note"] == note
    assert "kg-note" not in client.get("/sparql", params={"query": SELECT}).headers
    odd = client.get("/sparql", params={"query": "ASK { drug:\u00e9x ?p ?o }"})
    assert odd.headers["kg-note"] == "nothing in this graph is called drug:?x"


def test_what_a_query_can_name_is_listed(client: httpx.Client) -> None:
    rows = client.get("/schema").json()["rows"]
    assert {"name": "modifier:", "kind": "prefix", "meaning": "https://w3id.org/billing-kg/code/modifier/",
            "example": "modifier:JW"} in rows  # fmt: skip


def test_yes_and_no(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": "ASK { hcpcs:J3262 ?p ?o }"}).json()["boolean"] is True
    assert client.get("/sparql", params={"query": "ASK { hcpcs:J9998 ?p ?o }"}).json()["boolean"] is False


# rdflib's own readers of JSON-LD and TriG warn of what they do.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("query", ["DESCRIBE hcpcs:J3262", "CONSTRUCT WHERE { hcpcs:J3262 ?p ?o }"])
def test_triples_come_in_every_format(query: str, client: httpx.Client) -> None:
    graphs = []
    for accept, format in TRIPLES.items():
        response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
        assert response.headers["content-type"].partition(";")[0] == accept
        graphs.append(set(Dataset(default_union=True).parse(data=response.text, format=format).triples((None,) * 3)))
    assert all(graph == graphs[0] for graph in graphs)
    assert len(graphs[0]) > 3
    response = client.get("/sparql", params={"query": query}, headers={"Accept": "*/*"})
    assert response.headers["content-type"].startswith("text/turtle")


@pytest.mark.parametrize("name", ["format", "output", "results"])
@pytest.mark.parametrize(
    ("format", "rows", "triples"),
    [
        ("json", "application/sparql-results+json", "application/ld+json"),
        ("xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("CSV", "text/csv", None),
        ("text/csv", "text/csv", None),
        ("turtle", None, "text/turtle"),
        ("application/trig", None, "application/trig"),
    ],
)
def test_a_format_is_honoured_or_refused(
    name: str, format: str, rows: str | None, triples: str | None, client: httpx.Client
) -> None:
    for query, media_type in ((SELECT, rows), ("DESCRIBE hcpcs:J3262", triples)):
        response = client.get("/sparql", params={"query": query, name: format}, headers={"Accept": "text/html"})
        if media_type is None:
            assert "can be had as" in refused(response, 406)
        else:
            assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert "no such format: 'paper'" in refused(client.get("/sparql", params={"query": SELECT, name: "paper"}), 406)


def test_a_client_of_another_library_is_served(address: str) -> None:
    graph = Graph(SPARQLStore(f"{address}sparql"))
    assert [row[0] for row in graph.query(f"PREFIX bkg: <https://w3id.org/billing-kg/ns#> {SELECT}")] == [URIRef(J0129)]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper makes one.
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_is_served_with_its_defaults(method: str, address: str) -> None:
    wrapper = SPARQLWrapper(f"{address}sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(SELECT)
    assert J0129 in wrapper.query().convert().toxml()
    wrapper.setReturnFormat("json")
    assert wrapper.query().convert()["results"]["bindings"][0]["code"]["value"] == J0129
    wrapper = SPARQLWrapper(f"{address}sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(f"CONSTRUCT WHERE {{ <{J0129}> ?p ?o }}")
    assert (URIRef(J0129), None, None) in wrapper.query().convert()


def test_pandas_reads_rows(address: str) -> None:
    found = pandas.read_csv(f"{address}sparql?query={quote(SELECT)}&format=csv")
    assert found["code"].tolist() == [J0129]


def test_a_client_chooses_among_the_graphs_of_its_trust(client: httpx.Client) -> None:
    graph = "https://w3id.org/billing-kg/graph/"
    count = "SELECT (COUNT(*) AS ?code) { ?s a bkg:Assertion }"
    assert codes(client.get("/sparql", params={"query": count, "default-graph-uri": f"{graph}reference"})) == ["0"]
    several = [("query", count), *(("default-graph-uri", graph + name) for name in ("reference", "assertions"))]
    both, own = codes(client.get("/sparql", params=several)), codes(client.post("/sparql", data={"query": count}))
    assert both == own != ["0"]
    named = "SELECT DISTINCT ?code { GRAPH ?code { ?s ?p ?o } }"
    assert codes(client.get("/sparql", params={"query": named, "named-graph-uri": f"{graph}ontology"})) == [
        f"{graph}ontology"
    ]
    refuted = {"query": count, "default-graph-uri": f"{graph}relations/refuted"}
    assert "no such graph at trust disputed" in refused(client.get("/sparql", params=refuted), 400)
    assert codes(client.get("/sparql", params={**refuted, "trust": "refuted"})) == ["0"]


def test_without_a_query_the_endpoint_describes_itself(client: httpx.Client) -> None:
    response = client.get("/sparql", headers={"Accept": "application/rdf+xml"})
    found = Graph().parse(data=response.text, format="xml")
    sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
    (service,) = found.subjects(RDF.type, sd.Service)
    assert str(service) == str(response.url) == str(found.value(service, sd.endpoint))
    assert (service, sd.supportedLanguage, sd.SPARQL11Query) in found
    assert (service, sd.resultFormat, URIRef("http://www.w3.org/ns/formats/SPARQL_Results_CSV")) in found
    assert URIRef("https://w3id.org/billing-kg/graph/relations/disputed") in set(found.objects(None, sd.name))
    assert client.head("/sparql", params={"query": SELECT}).status_code == 200
    assert "missing: 'query'" in refused(client.post("/sparql", content="", headers=FORM), 400)


def test_trust_chooses_the_dataset(client: httpx.Client) -> None:
    assert codes(client.get("/sparql", params={"query": SELECT, "trust": "corroborated"})) == []
    named = "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }"
    answer = client.get("/sparql", params={"query": named, "trust": "corroborated"}, headers={"Accept": "text/csv"})
    assert set(answer.text.split()[1:]) <= {
        f"https://w3id.org/billing-kg/graph/{name}"
        for name in ("ontology", "reference", "assertions", "relations/corroborated")
    }


def test_answers_hold_every_kind_of_term(client: httpx.Client) -> None:
    rows = r"""("tab\tline\n\"quote\"" UNDEF) (UNDEF "a"@en) (1.50 true) (hcpcs:J0129 "")"""
    query = f"SELECT * {{ VALUES (?a ?b) {{ {rows} }} }}"
    found = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert found[0] == {"a": {"type": "literal", "value": 'tab\tline\n"quote"'}}
    assert found[1] == {"b": {"type": "literal", "value": "a", "xml:lang": "en"}}
    assert found[2]["a"]["datatype"] == "http://www.w3.org/2001/XMLSchema#decimal"
    assert found[3] == {"a": {"type": "uri", "value": J0129}, "b": {"type": "literal", "value": ""}}
    empty = client.get("/sparql", params={"query": "SELECT * { }"}).json()
    assert empty == {"head": {"vars": []}, "results": {"bindings": [{}]}}


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT ?s WHERE { ?s ?p }", "line 1, column "),
        ("SELECT ?s { ?s nosuch:name ?o }", "no such prefix"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("INSERT DATA { hcpcs:J3262 a hcpcs:J3262 }", "an update is not a query"),
        ("LOAD <http://127.0.0.1:9/>", "an update is not a query"),
        ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", "no such graph within the trust"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", "not SPARQL"),
        ("", "missing: 'query'"),
    ],
)
def test_a_query_that_cannot_be_run_is_refused(query: str, error: str, client: httpx.Client) -> None:
    assert error in refused(client.get("/sparql", params={"query": query}), 400)
    assert error in refused(client.post("/sparql", data={"query": query}), 400)


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ("query=", "missing: 'query'"),
        ("query=ASK{}&query=ASK{}", "given more than once: 'query'"),
        ("query=ASK{}&trust=certain", "'certain'"),
        ("query=ASK{}&default-graph-uri=http://example.org/", "no such graph at trust disputed: 'http://example.org/'"),
        ("update=CLEAR+ALL", "an update is not a query"),
        ("query=ASK{}&update=CLEAR+ALL", "an update is not a query"),
        ("query=%FF", "not UTF-8"),
        ("&".join(f"a{n}=1" for n in range(200)), "more than 100 parameters"),
    ],
)
def test_parameters_that_mean_nothing_are_refused(parameters: str, error: str, client: httpx.Client) -> None:
    assert error in refused(client.get(f"/sparql?{parameters}"), 400)
    assert error in refused(client.post("/sparql", content=parameters, headers=FORM), 400)


def test_parameters_of_other_endpoints_are_left_out_of_account(client: httpx.Client) -> None:
    others = {"query": SELECT, "timeout": "10", "debug": "on", "using-graph-uri": "http://example.org/"}
    assert codes(client.get("/sparql", params=others)) == [J0129]


def test_what_the_protocol_does_not_know_is_refused(client: httpx.Client) -> None:
    update = {"Content-Type": "application/sparql-update"}
    assert "application/sparql-update" in refused(client.post("/sparql", content="CLEAR ALL", headers=update), 415)
    assert "PUT" in refused(client.put("/sparql", content=SELECT), 405)
    turtle = {"Accept": "text/turtle"}
    assert "text/csv" in refused(client.get("/sparql", params={"query": SELECT}, headers=turtle), 406)
    query = {"Content-Type": "application/sparql-query"}
    assert "not UTF-8" in refused(client.post("/sparql", content=b"ASK { ?s ?p '\xff' }", headers=query), 400)


def test_a_body_may_be_so_large_and_no_larger(client: httpx.Client) -> None:
    values = " ".join(f"'{number}'" for number in range(30_000))
    query = f"SELECT (COUNT(*) AS ?code) {{ VALUES ?x {{ {values} }} }}"
    assert codes(client.post("/sparql", data={"query": query})) == ["30000"]
    assert "larger than" in refused(client.post("/sparql", data={"query": "x" * (2 << 20)}), 413)


@pytest.mark.parametrize(
    "chosen", ["format=tsv&format=text/tab-separated-values&output=tsv", "results=tsv&results=tsv"]
)
def test_a_format_may_be_asked_for_more_than_once(client: httpx.Client, chosen: str) -> None:
    response = client.get(f"/sparql?query={quote(SELECT)}&{chosen}")
    assert response.headers["content-type"].partition(";")[0] == "text/tab-separated-values"


def test_an_answer_may_have_so_many_triples_and_no_more(client: httpx.Client) -> None:
    digits = " ".join(map(str, range(10)))
    values = " ".join(f"VALUES ?{name} {{ {digits} }}" for name in "abcdef")
    numbered = "CONCAT(STR(?a), STR(?b), STR(?c), STR(?d), STR(?e), STR(?f))"
    triples = f"CONSTRUCT {{ bkg:a bkg:b ?n }} {{ {values} BIND({numbered} AS ?n) }}"
    assert "more than 100,000 triples" in refused(client.get("/sparql", params={"query": triples}), 400)
    long = client.get("/sparql", params={"query": f"{triples} LIMIT 100000"}, headers={"Accept": "text/turtle"})
    assert (long.status_code, long.text.count('"')) == (200, 200_000)


def test_a_query_that_is_refused_comes_back_with_the_place(client: httpx.Client) -> None:
    refusal = client.get("/sparql", params={"query": "SELECT ?s {\n ?s nosuch:name ?o }"}).json()
    assert refusal["excerpt"] == " ?s nosuch:name ?o }\n    ^^^^^^^^^^^"


def test_keywords_without_blanks_take_values(client: httpx.Client) -> None:
    query = "SELECTDISTINCT ?code WHERE { ?code bkg:hasPayer $payer }"
    assert codes(client.get("/sparql", params={"query": query, "$payer": "payer:medicare"})) == [J0129]
