"""Each question of the catalogue gives the rows that `answers.txt` expects of it."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, serialize
from rdflib import Dataset

from kg.errors import UsageError
from kg.graph.rdf.vocabulary import dataset
from kg.queries import catalogue, find, run
from kg.queries.standalone import standalone
from kg.queries.table import cells

ANSWERS = (Path(__file__).parent / "answers.txt").read_text("utf-8").split("\n\n")[1:]


def asked(case: str) -> tuple[str, dict[str, str]]:
    """The name of a question, and its values."""
    name, *pairs = case.splitlines()[0].split()
    return name, {key: value.replace("_", " ") for key, _, value in (pair.partition("=") for pair in pairs)}


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case.partition("\n")[0])
def test_the_rows_are_as_expected(case: str, store: Store, graphs: list[str]) -> None:
    expected = case.splitlines()[1:]
    name, values = asked(case)
    table = run(store, find(name), values, graphs)
    assert [" | ".join("-" if cell is None else str(cell) for cell in row) for row in table.rows] == [
        row.strip() for row in expected
    ]
    assert table.columns == tuple(column.name for column in find(name).columns)


@pytest.fixture(scope="module")
def rdflib_data(store: Store, graphs: list[str]) -> Dataset:
    """The same graph in another engine, which is told no graphs: its default graph is all of them together."""
    data = Dataset(default_union=True)
    for graph in graphs:
        quads = serialize(store.quads_for_pattern(None, None, None, NamedNode(graph)), format=RdfFormat.N_QUADS)
        data.parse(data=quads, format="nquads")
    return data


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case.partition("\n")[0])
def test_any_engine_gives_the_same_rows(case: str, store: Store, graphs: list[str], rdflib_data: Dataset) -> None:
    """Also one that is told neither values nor prefixes nor graphs."""
    name, values = asked(case)
    rows = run(store, find(name), values, graphs).rows
    text = standalone(find(name), values, graphs)
    assert tuple(map(cells, store.query(text))) == rows
    # rdflib would fetch what FROM names.
    plain = re.sub(r"^FROM .*\n", "", text, flags=re.MULTILINE)
    assert [list(map(str, row)) for row in rdflib_data.query(plain)] == [
        list(map(_plain, row)) for row in store.query(text)
    ]


def _plain(term: NamedNode | Literal | None) -> str:
    return "None" if term is None else term.value


def test_every_question_has_an_answer_with_rows() -> None:
    answered = {case.split()[0] for case in ANSWERS if "\n" in case.strip()}
    assert answered == {query.name for query in catalogue()}


def test_the_examples_in_the_headers_can_be_asked(store: Store, graphs: list[str]) -> None:
    for query in catalogue():
        run(store, query, {parameter.name: parameter.example for parameter in query.parameters}, graphs)


@pytest.mark.parametrize("day", ["2026-01-01", " 2026-01-01 ", date(2026, 1, 1), datetime(2026, 1, 1, 12)])
def test_a_day_may_be_a_date_or_a_text(day: object, store: Store, graphs: list[str]) -> None:
    assert [row["code"] for row in run(store, find("codes-ended"), {"date": day}, graphs)] == ["hcpcs:Q5133"]


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "", 2026, None])
def test_what_is_no_date_is_refused_with_its_value(day: object, store: Store, graphs: list[str]) -> None:
    with pytest.raises(UsageError, match=f"date: not a (date|text): {day!r}"):
        run(store, find("codes-ended"), {"date": day}, graphs)


def test_what_releases_state_does_not_count_as_said_by_documents(store: Store, graphs: list[str]) -> None:
    """Statements have subject, predicate and object as assertions have, and plain edges as well."""
    hubs = {row["concept"] for row in run(store, find("connected-concepts"), {"minimum": "1"}, graphs)}
    assert "cpt:96372" in hubs
    assert not hubs & {"hcpcs:Q5134", "hcpcs:Q5135", "quantity:800-units", "icd10cm:M06"}
    counted = sum(row["assertions"] for row in run(store, find("strengths"), {}, graphs))
    assert counted == sum(row["affirmed"] + row["excluded"] for row in run(store, find("verdicts"), {}, graphs)) == 36


@pytest.mark.parametrize(
    ("trust", "modifiers"),
    [
        ("corroborated", []),
        ("consistent", ["modifier:JW", "modifier:JW"]),
        ("disputed", ["modifier:25", "modifier:JW", "modifier:JW"]),
    ],
)
def test_trust_chooses_the_connections(trust: str, modifiers: list[str], store: Store) -> None:
    graphs = [graph.value for graph in dataset(trust)]
    table = run(store, find("modifiers-for-code"), {"code": "J3262"}, graphs)
    assert [row["modifier"] for row in table] == modifiers


def test_a_refuted_connection_shows_only_where_it_is_asked_for(store: Store, graphs: list[str]) -> None:
    similar, values = find("similar-codes"), {"code": "J3262"}
    refuted = [graph.value for graph in dataset("refuted")]
    assert [row["other"] for row in run(store, similar, values, graphs)] == ["hcpcs:J0129"]
    assert [row["other"] for row in run(store, similar, values, refuted)] == ["hcpcs:J0129", "hcpcs:J9999"]
