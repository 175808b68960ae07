from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.errors import KgError, MalformedCode, QueryRefused, UnknownName, UsageError
from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.vocabulary import RELATION_GRAPHS, RELATIONS
from kg.model import Code, Concept, Kind, Relation, Verdict
from kg.queries import find, run

DIAGNOSIS = {"diagnosis": "M06.9"}


def ask(store: Store, graphs: list[str], query: str, **values: object) -> list[tuple[object, ...]]:
    return list(run(store, query, values, graphs).rows)


# Values


@pytest.mark.parametrize(
    "text",
    [
        '" } SERVICE <http://e/> { ?s ?p ?o } #',
        "'''",
        '"""',
        "\\",
        "\\u0022",
        "a\nb",
        "}",
        "> .",
        "?x",
        "é\u200b\U0001f600",
    ],
)
def test_a_value_never_becomes_syntax(text: str) -> None:
    tiny, graph = Store(), NamedNode("http://e/g")
    tiny.add(Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal(text), graph))
    query = "SELECT ?s { ?s ?p ?o FILTER(STR(?o) = ?text) }"
    assert run(tiny, query, {"text": Literal(text)}, ["http://e/g"]).rows == (("http://e/a",),)
    assert run(tiny, query, {"text": Literal(text + "x")}, ["http://e/g"]).rows == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("J3262", "hcpcs:J3262"),
        ("m069", "icd10cm:M06.9"),
        ("payer:Medicare", "payer:medicare"),
        ("document:tocilizumab", "document:tocilizumab"),
        ("bkg:hasPayer", "bkg:hasPayer"),
        ("https://w3id.org/billing-kg/drug/abatacept", "drug:abatacept"),
        (Code.parse("96413"), "cpt:96413"),
        (Concept(Kind.ICD10CM, "M05-M14"), "icd10cm:M05-M14"),
        (Relation.HAS_PAYER, "bkg:hasPayer"),
        (Verdict.REFUTED, "bkg:refuted"),
        (NamedNode("urn:x"), "urn:x"),
        ("lung cancer", "lung cancer"),
        ('"J3262"', "J3262"),
        ('"5"^^xsd:integer', 5),
        ('"2026-04-01"^^xsd:date', date(2026, 4, 1)),
        ('"Fieber"@de', "Fieber"),
        (datetime(2026, 4, 1, 12), "2026-04-01T12:00:00"),
        (3, 3), (2.5, 2.5), (True, True), (Decimal("0.50"), 0.5), (date(2026, 4, 1), date(2026, 4, 1)),
    ],
)  # fmt: skip
def test_values_of_any_query(value: object, expected: object) -> None:
    assert run(Store(), "SELECT ?v { FILTER(true) }", {"v": value}).rows == ((expected,),)


def test_a_value_that_no_query_can_use() -> None:
    with pytest.raises(UsageError, match=r"v: a value of a kind that no query can use: \['a'\]"):
        run(Store(), "SELECT ?v { }", {"v": ["a"]})


@pytest.mark.parametrize(
    "value", ["http://[", "urn:%", "bkg:%zz", "rdf:[", "\udcff", "\ud800", '"x"^^xsd:\ud800', Decimal("NaN")]
)
def test_a_value_that_is_no_term_is_one_line(value: object) -> None:
    with pytest.raises(UsageError, match=r"v: (?:not an IRI|not text in UTF-8|a value of a kind)"):
        run(Store(), "SELECT ?v { }", {"v": value})


def test_a_variable_may_have_any_name(store: Store, graphs: list[str]) -> None:
    for name in ("self", "sparql", "query", "store", "graphs"):
        assert run(store, f"SELECT ?{name} {{ }}", {name: "x"}, graphs).rows == (("x",),)


def test_a_value_for_no_variable(store: Store, graphs: list[str]) -> None:
    with pytest.raises(UnknownName, match=r"given for 'diagnosis', but the query has no such variable \(it has \?d\)"):
        run(store, "SELECT ?d { ?d ?d ?d }", DIAGNOSIS, graphs)


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        (
            {},
            UsageError,
            "codes-for-diagnosis: 'diagnosis' is missing: the diagnosis asked for, such as diagnosis='M06.9'",
        ),
        (
            {"diagnose": "M06.9"},
            UnknownName,
            "codes-for-diagnosis: no such parameter: 'diagnose' (it has diagnosis)",
        ),
        ({"diagnosis": "M6"}, MalformedCode, "diagnosis: not a ICD-10-CM code: 'M6'"),
        (
            {"diagnosis": "hcpcs:J3262"},
            MalformedCode,
            "diagnosis: of another kind than ICD-10-CM: 'hcpcs:J3262'",
        ),
        ({"diagnosis": 69}, UsageError, "diagnosis: not a text: 69"),
    ],
)
def test_wrong_values_for_a_question(values: dict[str, object], kind: type[KgError], message: str) -> None:
    with pytest.raises(kind) as caught:
        run(Store(), find("codes-for-diagnosis"), values)
    assert str(caught.value).replace("not an ICD", "not a ICD") == message


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("assertions-by-verdict", {"verdict": "wrong"}, r"verdict: no such verdict: 'wrong' \(one of corro"),
        ("connected-concepts", {"minimum": "two"}, "minimum: not a whole number: 'two'"),
        ("connected-concepts", {"minimum": True}, "minimum: not a whole number: True"),
        ("assertions-in-document", {"document": " "}, "document: not a document: ' '"),
        ("codes-for-drug", {"drug": "--"}, "drug: not a name of a drug: '--'"),
        ("codes-for-drug", {"drug": "payer:medicare"}, "drug: of another kind than drug: 'payer:medicare'"),
        ("documents", {"code": "J3262"}, r"documents: no such parameter: 'code' \(it has none\)"),
        (
            "evidence-for-connection", {"subject": "J3262", "relation": "has", "object": "x"},
            "relation: no such relation: 'has'",
        ),
    ],
)  # fmt: skip
def test_values_of_the_other_kinds(name: str, values: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run(Store(), find(name), values)


def test_a_value_may_be_written_in_many_ways(store: Store, graphs: list[str]) -> None:
    question = find("codes-for-diagnosis")
    ways = ["M06.9", "m069", " icd10cm:M06.9", Code.parse("M06.9"), Concept.parse("M06.9")]
    assert len({run(store, question, {"diagnosis": way}, graphs).rows for way in ways}) == 1
    block = Concept(Kind.ICD10CM, "M05-M14")
    assert len(run(store, question, {"diagnosis": block}, graphs)) == 5


# Dataset


def test_the_dataset_is_what_is_given_and_nothing_else(store: Store, graphs: list[str]) -> None:
    refuted = RELATION_GRAPHS[Verdict.REFUTED].value
    query = "ASK { hcpcs:J3262 bkg:similarTo hcpcs:J9999 }"
    named = "ASK { GRAPH ?g { hcpcs:J3262 bkg:similarTo hcpcs:J9999 } }"
    direct = f"ASK {{ GRAPH <{refuted}> {{ hcpcs:J3262 bkg:similarTo hcpcs:J9999 }} }}"
    for text in (query, named, direct):
        assert ask(store, graphs, text) == [(False,)]
        assert ask(store, [*graphs, refuted], text) == [(True,)]
        assert ask(store, [], text) == [(False,)]


@pytest.mark.parametrize("clause", ["FROM <{}>", "FROM NAMED <{}>", "from\n<{}>", "FROM NAMED <{}> FROM <{}>"])
def test_a_query_chooses_among_the_graphs_of_its_trust_and_no_others(
    clause: str, store: Store, graphs: list[str]
) -> None:
    refuted = RELATION_GRAPHS[Verdict.REFUTED].value
    query = f"SELECT ?o {clause.replace('{}', refuted)} WHERE {{ ?s bkg:similarTo ?o }}"
    with pytest.raises(QueryRefused, match=rf"line [12]: no such graph within the trust: '{refuted}' \(one of "):
        run(store, query, graphs=graphs)


def test_a_query_reads_the_graphs_that_it_chooses(store: Store, graphs: list[str]) -> None:
    stated = "{ hcpcs:J3262 bkg:acceptsModifier modifier:JW }"
    here, other = r"FROM graph:relations\/consistent", "FROM graph:reference"
    holds = [f"ASK {clause} {stated}" for clause in ("", here, f"{other} {here}", f"FROM NAMED graph:reference {here}")]
    assert [ask(store, graphs, text) for text in holds] == [[(True,)]] * 4
    fails = [f"ASK {clause} {stated}" for clause in (other, here.replace("FROM", "FROM NAMED"))]
    assert [ask(store, graphs, text) for text in fails] == [[(False,)]] * 2
    assert ask(store, graphs, f"ASK {here.replace('FROM', 'FROM NAMED')} {{ GRAPH ?g {stated} }}") == [(True,)]


def test_pyoxigraph_ignores_a_dataset_clause_where_graphs_are_given(store: Store, graphs: list[str]) -> None:
    """So no spelling of FROM gets below the trust, even one that the guard would not see."""
    given = [NamedNode(graph) for graph in graphs]
    refuted = {"r": RELATION_GRAPHS[Verdict.REFUTED].value.removesuffix("refuted")}
    text = "ASK FROMr:refuted FROMNAMEDr:refuted { ?s ?p hcpcs:J9999 FILTER(?p = bkg:similarTo) }"
    for pattern in (text, text.replace("{", "{ GRAPH ?g {", 1).replace("}", "} }")):
        asked = {"prefixes": PREFIXES | refuted}
        assert bool(store.query(pattern, **asked))
        assert not bool(store.query(pattern, default_graph=given, named_graphs=given, **asked))


# Errors and answers


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?c {\n ?c foo }", "line 2, column 10: not SPARQL: all of it was read, and something is missing"),
        ("SELECT ?c {\n ?c 'foo' ?x }", "line 2, column 10: not SPARQL: expected OPTIONAL$"),
        ("SELECT ?c { ?c ?p ?o } LIMIT x", "line 1, column 30: not SPARQL: expected HAVING or OFFSET"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", "not SPARQL: the SELECT contains a variable that is unbound$"),
        ("SELECT ?c { ?c ?p", "not SPARQL: it ends too early$"),
        ("SELECT ?c { ?c ?p ?o FILTER(?o }", "not SPARQL: "),
        ("SELECT", "line 1, column 7: not SPARQL: it ends too early$"),
        ("", "line 1, column 1: not SPARQL: it ends too early$"),
        ("SELECT ?c {\n ?c nowhere:p ?x }", "line 2: not SPARQL: no such prefix: 'nowhere:p'"),
        (
            "SELECT (<http://e/f>(1) AS ?x) { }",
            "the query cannot be evaluated: The custom function <http://e/f>",
        ),
    ],
)
def test_errors_are_one_line(query: str, message: str, store: Store, graphs: list[str]) -> None:
    with pytest.raises(QueryRefused, match=message) as caught:
        run(store, query, graphs=graphs)
    assert "\n" not in str(caught.value)
    assert "[" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "excerpt"),
    [
        ("SELECT ?c {\n ?c 'foo' ?x }", " ?c 'foo' ?x }\n         ^"),
        ("ASK {\n ?c nowhere:p ?x }", " ?c nowhere:p ?x }\n    ^^^^^^^^^"),
        ("ASK { SERVICE <http://e/> { } }", "ASK { SERVICE <http://e/> { } }\n      ^^^^^^^"),
        ("ASK {\t\x1b[31m\u202e no:p }", "ASK {  [31m  no:p }\n             ^^^^"),
        (f"ASK {{ {'?a ?b ?c . ' * 30} no:x", f"…{'?a ?b ?c . ' * 3} no:x"),
        ("", ""),
    ],
)
def test_an_error_shows_the_place(query: str, excerpt: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        run(Store(), query)
    shown = caught.value.excerpt
    line, _, marks = shown.partition("\n")
    if excerpt.startswith("…"):
        assert line[marks.index("^") :] == "no:x"
        assert len(line) <= 102
    else:
        assert shown == excerpt


def test_an_error_shows_what_was_written_and_not_the_values(store: Store, graphs: list[str]) -> None:
    with pytest.raises(QueryRefused) as caught:
        run(store, "SELECT ?o { $code 'p' ?o }", {"code": "J3262"}, graphs)
    assert caught.value.excerpt.startswith("SELECT ?o { $code 'p' ?o }\n")


def test_cells_are_plain_values() -> None:
    text = """SELECT * { BIND(hcpcs:J3262 AS ?a) BIND("x"@en AS ?b) BIND(1 AS ?c)
        BIND(1.5 AS ?d) BIND(2e3 AS ?e)
        BIND(true AS ?f) BIND("2026-04-01"^^xsd:date AS ?g) BIND("2026-04-01Z"^^xsd:date AS ?h)
        BIND("x"^^xsd:integer AS ?i) BIND(<http://e/x> AS ?j) OPTIONAL { ?k ?k ?k }
        BIND("5"^^xsd:unsignedByte AS ?l)
        BIND("2026-04-01T00:00:00Z"^^xsd:dateTime AS ?m) }"""
    table = run(Store(), text)
    assert next(iter(table)) == {
        "a": "hcpcs:J3262", "b": "x", "c": 1, "d": 1.5, "e": 2000.0, "f": True, "g": date(2026, 4, 1),
        "h": "2026-04-01Z", "i": "x", "j": "http://e/x", "k": None, "l": 5, "m": "2026-04-01T00:00:00Z",
    }  # fmt: skip
    assert [type(value) for value in table.rows[0][2:6]] == [int, float, float, bool]


def test_the_order_of_a_constructed_answer_is_fixed(store: Store, graphs: list[str]) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s = hcpcs:J3262) }"
    rows = run(store, query, graphs=graphs).rows
    assert rows == tuple(sorted(rows, key=lambda row: tuple(map(str, row))))
    assert len(set(rows)) == len(rows) > 20


def test_a_relation_of_the_model_is_known_to_queries(store: Store, graphs: list[str]) -> None:
    query = "SELECT ?s { ?s ?relation modifier:JW } ORDER BY ?s"
    assert ask(store, graphs, query, relation=Relation.ACCEPTS_MODIFIER) == [
        ("hcpcs:J0129",),
        ("hcpcs:J3262",),
    ]
    assert RELATIONS[Relation.ACCEPTS_MODIFIER].value == PREFIXES["bkg"] + "acceptsModifier"
