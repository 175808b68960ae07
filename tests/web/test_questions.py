"""The everyday questions, as JSON; their rows are those of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import HOSTILE, run
from .test_sparql import refused


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
        ("/queries/codes-for-diagnosis?diagnosis=M06.9", ["query", "codes-for-diagnosis", "diagnosis=M06.9"]),
    ],
)
def test_the_rows_are_those_of_the_command_line(path: str, words: list[str], client: httpx.Client, store: Path) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.json()["rows"] == printed(store, *words)
    assert response.json()["rows"]


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
        ("/show/J9999", 404, "'J9999'"),
        ("/codes-for/Z99.9", 404, "'Z99.9'"),
        ("/codes-for/M06.9?trust=corroborated", 404, "not known: no document connects a code to M06.9"),
        ("/paths?from=J3262&to=J9999", 404, "'J9999'"),
        ("/paths?from=J3262&to=J0129&trust=corroborated", 404, "no path from J3262 to J0129"),
        ("/search?q=nosuchthing", 404, "'nosuchthing'"),
        ("/queries/nosuchquery", 404, "no such query: 'nosuchquery'"),
        ("/nosuchpage", 404, "no such page: '/nosuchpage'"),
        ("/show/", 404, "graph"),
        ("/show/hcpcs:XYZ", 400, "not a HCPCS Level II code: 'XYZ'"),
        ("/show/J3262?trust=certain", 400, "no such verdict: 'certain'"),
        ("/show/J3262?nosuch=1", 400, "no such parameter: 'nosuch'"),
        ("/codes-for/M06.9?narrower=maybe", 400, "neither true nor false: 'maybe'"),
        ("/paths?from=J3262", 400, "missing: 'to'"),
        ("/paths?from=J3262&to=J0129&k=0", 400, "not a number from 1 to 50: '0'"),
        ("/search", 400, "missing: 'q'"),
        ("/search?q=a&limit=5000", 400, "not a number from 1 to 1000"),
        ("/queries/codes-for-diagnosis", 400, "'diagnosis' is missing"),
        ("/queries/codes-for-diagnosis?diagnosis=XYZ", 400, "'XYZ'"),
        ("/queries/codes-for-diagnosis?diagnosis=M06.9&nosuch=1", 400, "no such parameter: 'nosuch'"),
        ("/?nosuch=1", 400, "no such parameter: 'nosuch'"),
    ],
)
def test_an_error_is_one_line_that_names_the_value(path: str, status: int, error: str, client: httpx.Client) -> None:
    assert error in refused(client.get(path), status)


def test_words_of_documents_stay_words(client: httpx.Client) -> None:
    response = client.get("/codes-for/M06.9")
    assert any(HOSTILE in row["quote"] for row in response.json()["rows"])
    for path in ("/codes-for/M06.9", "/show/J3262", f"/show/{HOSTILE}", f"/search?q={HOSTILE}"):
        response = client.get(path)
        assert response.headers["content-type"] == "application/json"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"].startswith("default-src 'none';")
    assert HOSTILE not in client.get("/").text
