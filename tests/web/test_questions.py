"""The everyday questions, as JSON; their rows are those of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import HOSTILE, refused, run


def printed(store: Path, *words: str) -> Any:
    """What `kg` prints as JSON."""
    return json.loads(run(*words, "--format", "json", "--store", store).stdout)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/codes-for/M06.9", ["codes-for", "M06.9"]),
        ("/show/J3262", ["show", "J3262"]),
        ("/paths?from=J3262&to=J0129&k=3", ["path", "J3262", "J0129", "-k", "3"]),
        ("/search?q=tocil", ["search", "tocil"]),
        ("/compare?first=tocilizumab&second=tocilizumab.txt", ["compare", "tocilizumab", "tocilizumab.txt"]),
        ("/queries/codes-for-diagnosis?diagnosis=M06.9", ["query", "codes-for-diagnosis", "diagnosis=M06.9"]),
    ],
)
def test_the_rows_are_those_of_the_command_line(path: str, words: list[str], client: httpx.Client, store: Path) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.json()["rows"] == printed(store, *words)
    assert response.json()["rows"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/show/J3262?as_of=2000-01-01", ["show", "J3262", "--as-of", "2000-01-01"]),
        ("/codes-for/M06.9?as_of=2000-01-01", ["codes-for", "M06.9", "--as-of", "2000-01-01"]),
        ("/paths?from=J3262&to=J0129&as_of=2000-01-01", ["path", "J3262", "J0129", "--as-of", "2000-01-01"]),
        ("/queries/verdicts?as_of=2000-01-01", ["query", "verdicts", "--as-of", "2000-01-01"]),
    ],
)
def test_the_rows_of_a_day_are_those_of_the_command_line(
    path: str, words: list[str], client: httpx.Client, store: Path
) -> None:
    rows = client.get(path).json()["rows"]
    assert rows == printed(store, *words)
    assert rows


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/codes-for/M06.9?polarity=both", ["codes-for", "M06.9", "--polarity", "both"]),
        (
            "/codes-for/M06.9?narrower=false&trust=unchecked",
            ["codes-for", "M06.9", "--no-narrower", "--trust", "unchecked"],
        ),
        ("/show/J3262", ["show", "J3262"]),
        ("/paths?from=J3262&to=J0129", ["path", "J3262", "J0129"]),
        ("/search?q=tocil&limit=2", ["search", "tocil", "--limit", "2"]),
        (
            "/compare?first=tocilizumab&second=tocilizumab&only=both&limit=1&offset=1&relation=acceptsModifier",
            [
                "compare",
                "tocilizumab",
                "tocilizumab",
                "--only",
                "both",
                "--limit",
                "1",
                "--offset",
                "1",
                "--relation",
                "acceptsModifier",
            ],
        ),
    ],
)
def test_the_whole_answer_is_that_of_the_command_line(
    path: str, words: list[str], client: httpx.Client, store: Path
) -> None:
    ran = run(*words, "--format", "answer", "--store", store)
    answer = json.loads(ran.stdout)
    response = client.get(path)
    if ran.returncode == 0:
        assert response.json() == answer
    else:
        assert (response.status_code, answer["known"], answer["rows"]) == (404, "not known", [])


def test_an_answer_says_what_was_asked(client: httpx.Client) -> None:
    shown = client.get("/show/actemra").json()
    assert (shown["concept"], shown["kind"], shown["trust"]) == ("drug:tocilizumab", "drug", "disputed")
    searched = client.get("/codes-for/m069", params={"narrower": "false", "trust": "unchecked"}).json()
    assert (searched["concept"], searched["searched"], searched["trust"]) == ("icd10cm:M06.9", 1, "unchecked")
    path = client.get("/paths", params={"from": "Actemra", "to": "J0129"}).json()
    assert (path["from"], path["to"]) == ("drug:tocilizumab", "hcpcs:J0129")


def test_the_catalogue_can_be_read_and_asked(client: httpx.Client) -> None:
    known = {one["name"]: one for one in client.get("/queries").json()["queries"]}
    one = known["codes-for-diagnosis"]
    assert one["parameters"][0]["example"] == "M06.9"
    assert "SELECT" in one["sparql"]
    answer = client.get("/queries/codes-for-diagnosis", params={"diagnosis": "M06.9", "trust": "corroborated"}).json()
    assert answer["columns"] == [column["name"] for column in one["columns"]]
    assert answer["rows"] == []


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/show/J9998", 404, "'J9998'"),
        ("/codes-for/Z99.9", 404, "'Z99.9'"),
        ("/codes-for/M06.9?trust=corroborated", 404, "not known: no document connects a code to M06.9"),
        ("/paths?from=J3262&to=J9998", 404, "'J9998'"),
        ("/paths?from=J3262&to=icd10cm:M06.9&trust=corroborated", 404, "no path from J3262 to icd10cm:M06.9"),
        ("/search?q=nosuchthing", 404, "'nosuchthing'"),
        ("/queries/nosuchquery", 404, "no such query: 'nosuchquery'"),
        ("/nosuchpage", 404, "no such page: '/nosuchpage'"),
        ("/show/", 404, "graph"),
        ("/show/hcpcs:XYZ", 400, "not a HCPCS Level II code: 'XYZ'"),
        ("/show/J3262?trust=certain", 400, "no such verdict: 'certain'"),
        ("/show/J3262?nosuch=1", 400, "no such parameter: 'nosuch'"),
        ("/codes-for/M06.9?narrower=maybe", 400, "neither true nor false: 'maybe'"),
        ("/codes-for/M06.9?polarity=maybe", 400, "polarity: none of affirmed, excluded, both: 'maybe'"),
        ("/codes-for/J3262", 400, "no diagnosis: J3262"),
        ("/paths?from=J3262", 400, "missing: 'to'"),
        ("/paths?from=J3262&to=J0129&k=0", 400, "not a number from 1 to 50: '0'"),
        ("/search", 400, "missing: 'q'"),
        ("/search?q=a&limit=5000", 400, "not a number from 1 to 1000"),
        ("/queries/codes-for-diagnosis", 400, "'diagnosis' is missing"),
        ("/queries/codes-for-diagnosis?diagnosis=XYZ", 400, "'XYZ'"),
        ("/queries/codes-for-diagnosis?diagnosis=M06.9&nosuch=1", 400, "no such parameter: 'nosuch'"),
        ("/show/J3262?as_of=soon", 400, "not a date: 'soon'"),
        ("/codes-for/M06.9?as_of=2000-02-30", 400, "not a date: '2000-02-30'"),
        ("/paths?from=J3262&to=J0129&as_of=1", 400, "not a date: '1'"),
        ("/queries/verdicts?as_of=x", 400, "not a date: 'x'"),
        ("/sparql?query=ASK{}&as_of=x", 400, "not a date: 'x'"),
        ("/findings?trust=refuted", 400, "no such parameter: 'trust'"),
        ("/findings?as_of=x", 400, "not a date: 'x'"),
        ("/units/J3262", 400, "missing: 'dose'"),
        ("/units/J3262?dose=480", 400, "'480'"),
        ("/units/J3262?dose=480mg&ndc=1", 400, "'1'"),
        ("/units/96413?dose=480mg", 404, "not known: the billing unit of 96413"),
        ("/schema?nosuch=1", 400, "no such parameter: 'nosuch'"),
    ],
)
def test_an_error_is_one_line_that_names_the_value(path: str, status: int, error: str, client: httpx.Client) -> None:
    assert error in refused(client.get(path), status)


def test_a_day_chooses_the_verdicts(client: httpx.Client) -> None:
    now = client.get("/show/J3262").json()
    # No code that the guides need is as old.
    then = client.get("/show/J3262", params={"as_of": "2000-01-01"}).json()
    assert (then["as_of"], now["as_of"] > "2020") == ("2000-01-01", True)
    stated = [row for row in then["rows"] if row["document"] in ("tocilizumab", "abatacept")]
    assert {row["verdict"] for row in stated} == {"disputed"}
    assert any(row["verdict"] != "disputed" for row in now["rows"])
    assert client.get("/show/J3262", params={"as_of": now["as_of"]}).json() == now
    assert client.get("/show/J3262", params={"as_of": ""}).json() == now
    trusted = {"as_of": "2000-01-01", "trust": "unchecked"}
    assert not [row for row in client.get("/show/J3262", params=trusted).json()["rows"] if row in stated]


def test_a_day_that_is_empty_is_that_of_the_graph(client: httpx.Client) -> None:
    """As the form of queries sends it."""
    query = {"query": "ASK { ?s ?p ?o }", "trust": "disputed", "as_of": ""}
    assert client.post("/sparql", data=query).json()["boolean"] is True


def test_a_day_chooses_the_graphs_of_sparql(client: httpx.Client) -> None:
    query = "ASK { ?a a bkg:Assertion ; rdf:predicate bkg:identifiesDrug ; bkg:verdict bkg:disputed }"
    for day, expected in (("2000-01-01", True), ("2026-01-01", False)):
        answer = client.get("/sparql", params={"query": query, "as_of": day}).json()
        assert answer["boolean"] is expected, day


@pytest.mark.slow
def test_many_days_can_be_asked_for(client: httpx.Client) -> None:
    for _ in range(2):
        for month in range(1, 6):
            answer = client.get("/codes-for/M06.9", params={"as_of": f"2025-0{month}-01"}).json()
            assert answer["as_of"] == f"2025-0{month}-01"


def test_findings_carry_what_speaks_against_them(client: httpx.Client) -> None:
    answer = client.get("/findings", params={"as_of": "2000-01-01"}).json()
    row = next(row for row in answer["rows"] if row["concept"] == "hcpcs:J3262")
    assert (row["verdict"], row["document"], row["release"]) == ("disputed", "tocilizumab", "bundled-hcpcs")
    assert row["quote"]
    assert {"row", "official", "suggestion", "stated", "hangs", "opposed_by", "check"} < set(row)


def test_a_dose_can_be_planned(client: httpx.Client, store: Path) -> None:
    plan = client.get("/units/J3262", params={"dose": "480mg", "packages": "80mg,400mg"}).json()
    assert plan["version"] == 1
    assert [plan] == printed(store, "units", "J3262", "--dose", "480mg", "--package", "80mg,400mg")
    assert plan["lines"][0]["modifier"] == "JZ"
    later = client.get("/units/J3262", params={"dose": "480mg", "as_of": "2000-01-01"}).json()
    assert "had not begun on 2000-01-01" in later["notes"][0]


def test_words_of_documents_stay_words(client: httpx.Client) -> None:
    response = client.get("/codes-for/M06.9")
    assert any(HOSTILE in row["quote"] for row in response.json()["rows"])
    for path in ("/codes-for/M06.9", "/show/J3262", f"/show/{HOSTILE}", f"/search?q={HOSTILE}"):
        response = client.get(path)
        assert response.headers["content-type"] == "application/json"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"].startswith("default-src 'none';")
    assert HOSTILE not in client.get("/").text


@pytest.mark.parametrize("format", ["json", "csv"])
def test_what_a_value_names_and_the_graph_lacks_stands_in_a_header(client: httpx.Client, format: str) -> None:
    asked = {"diagnosis": "Z99.999", "format": format}
    response = client.get("/queries/codes-for-diagnosis", params=asked)
    assert response.headers["kg-note"] == "nothing in this graph is called icd10cm:Z99.999"
    assert "kg-note" not in client.get("/queries/codes-for-diagnosis", params={**asked, "diagnosis": "M06.9"}).headers
