"""`--as-of`: the same graph, with what held on another day."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import kg as package
from kg.errors import UsageError

from .running import kg, rows

pytestmark = pytest.mark.slow

# J1300 held through 2025-03-31; the graph was built as of 2025-10-01.
BEFORE, AFTER = ("--as-of", "2025-03-31"), ("--as-of", "2025-04-01")
DIAGNOSIS, CODE = "D59.5", "J1300"


def verdicts(ran_out: str) -> dict[tuple[str, str], str]:
    return {(one["relation"], one["document"]): one["verdict"] for one in rows(ran_out, "jsonl")}


@pytest.mark.parametrize("day", [(), AFTER])
def test_after_its_end_a_code_is_disputed(day: tuple[str, ...], wrong_store: Path) -> None:
    ran = kg("codes-for", DIAGNOSIS, *day, "--format", "jsonl", store=wrong_store)
    found = {one["subject"]: one["verdict"] for one in rows(ran.out, "jsonl")}
    assert (ran.code, found["hcpcs:J1300"]) == (0, "disputed")
    for trust in ("consistent", "unchecked"):
        ran = kg("codes-for", DIAGNOSIS, *day, "--trust", trust, store=wrong_store)
        assert ran.code == 1
        assert f"at trust {trust}" in ran.error


def test_before_its_end_it_is_not(wrong_store: Path) -> None:
    ran = kg("codes-for", DIAGNOSIS, *BEFORE, "--trust", "consistent", "--format", "jsonl", store=wrong_store)
    assert ran.code == 0
    assert [(one["subject"], one["verdict"]) for one in rows(ran.out, "jsonl")] == [("hcpcs:J1300", "consistent")]
    ran = kg("show", CODE, *BEFORE, "--format", "jsonl", store=wrong_store)
    assert verdicts(ran.out) == {
        ("identifiesDrug", "eculizumab"): "corroborated",
        ("identifiesDrug", "hcpcs-2025-10-excerpt"): "corroborated",
        ("billingUnit", "eculizumab"): "corroborated",
        ("billingUnit", "hcpcs-2025-10-excerpt"): "corroborated",
        ("supportedByDiagnosis", "eculizumab"): "consistent",
    }
    ran = kg("show", CODE, *AFTER, "--format", "jsonl", store=wrong_store)
    assert set(verdicts(ran.out).values()) == {"disputed"}


def test_a_code_that_has_not_begun(wrong_store: Path) -> None:
    words = ("show", "J1299", "--trust", "corroborated", "--format", "jsonl")
    assert not rows(kg(*words, *BEFORE, store=wrong_store).out, "jsonl")
    assert set(verdicts(kg(*words, *AFTER, store=wrong_store).out).values()) == {"corroborated"}


def test_paths(wrong_store: Path) -> None:
    words = ("path", CODE, "D59.5", "--trust", "consistent")
    assert kg(*words, *AFTER, store=wrong_store).code == 1
    ran = kg(*words, *BEFORE, "--format", "jsonl", store=wrong_store)
    assert [(hop["object"], hop["verdict"]) for hop in rows(ran.out, "jsonl")] == [("icd10cm:D59.5", "consistent")]


ASKED = "SELECT ?diagnosis { hcpcs:J1300 bkg:supportedByDiagnosis ?diagnosis }"
REASONS = (
    "SELECT ?reason { ?a a bkg:Assertion ; rdf:subject hcpcs:J1300 ; rdf:predicate bkg:supportedByDiagnosis ;"
    " bkg:verdictReason ?reason }"
)


def test_sparql_over_the_plain_edges(wrong_store: Path) -> None:
    def found(*words: str) -> list[str]:
        ran = kg("query", ASKED, *words, "--format", "jsonl", store=wrong_store)
        assert (ran.code, ran.err) == (0, "")
        return [one["diagnosis"] for one in rows(ran.out, "jsonl")]

    assert found(*BEFORE, "--trust", "unchecked") == ["icd10cm:D59.5"]
    assert found(*AFTER, "--trust", "unchecked") == []
    assert found("--trust", "unchecked") == []
    assert found(*AFTER) == ["icd10cm:D59.5"], "disputed is heard by default"


def test_sparql_over_the_reasons(wrong_store: Path) -> None:
    def found(*words: str) -> list[str]:
        ran = kg("query", REASONS, *words, "--format", "jsonl", store=wrong_store)
        return [one["reason"] for one in rows(ran.out, "jsonl")]

    assert found(*BEFORE) == []
    (reason,) = found(*AFTER)
    assert "ended on 2025-03-31" in reason


def test_a_question_of_the_catalogue(wrong_store: Path) -> None:
    words = ("query", "codes-for-diagnosis", f"diagnosis={DIAGNOSIS}", "--trust", "unchecked", "--format", "csv")
    assert [one["code"] for one in rows(kg(*words, *BEFORE, store=wrong_store).out, "csv")] == ["hcpcs:J1300"]
    assert rows(kg(*words, *AFTER, store=wrong_store).out, "csv") == []


def test_findings(wrong_store: Path) -> None:
    assert kg("findings", "eculizumab", *BEFORE, store=wrong_store).code == 0
    ran = kg("findings", "eculizumab", *AFTER, store=wrong_store)
    assert ran.code == 1
    assert "ended on 2025-03-31" in ran.out
    ran = kg("findings", "eculizumab", "--as-of", "2007-12-31", store=wrong_store)
    assert "begins on 2008-01-01" in ran.out


def test_pages(wrong_store: Path, tmp_path: Path) -> None:
    edges = {}
    for day in (BEFORE, AFTER):
        ran = kg("draw", CODE, *day, "--trust", "unchecked", "-o", tmp_path / "page.html", store=wrong_store)
        assert ran.code == 0
        [edges[day]] = re.findall(r"(\d+) edges", ran.err)
    assert edges == {BEFORE: "3", AFTER: "0"}
    words = ("draw", "--path", CODE, DIAGNOSIS, "--trust", "unchecked", "-o", tmp_path / "page.html")
    assert kg(*words, *BEFORE, store=wrong_store).code == 0
    assert kg(*words, *AFTER, store=wrong_store).code == 1


@pytest.mark.slow
def test_exports(wrong_store: Path) -> None:
    code = "/code/hcpcs/J1300>"

    def plain(*words: str) -> list[str]:
        lines = kg("export", *words, store=wrong_store).out.splitlines()
        assert lines == sorted(lines)
        found = (line.split() for line in lines if "/graph/relations/" in line and line.split()[0].endswith(code))
        return sorted(line[1].rsplit("#")[-1].rstrip(">") for line in found)

    edges = ["billingUnit", "identifiesDrug"]
    assert plain("--trust", "corroborated", *BEFORE) == edges
    assert plain("--trust", "unchecked", *AFTER) == []
    assert plain("--trust", "consistent", *BEFORE) == [*edges, "supportedByDiagnosis"]
    assert plain(*BEFORE) == plain(*AFTER) == plain() == [*edges, "supportedByDiagnosis"]


@pytest.mark.slow
def test_an_export_down_to_a_floor_has_no_weaker_edges(wrong_store: Path) -> None:
    lines = kg("export", "--trust", "disputed", store=wrong_store).out.splitlines()
    graphs = {line.split()[-2].rsplit("/graph/")[-1].rstrip(">") for line in lines}
    assert graphs <= {"ontology", "reference", "assertions", *(f"relations/{v}" for v in FLOOR)}
    assert "relations/refuted" in kg("export", store=wrong_store).out


FLOOR = ("corroborated", "consistent", "unchecked", "disputed")


@pytest.mark.slow
def test_networks(wrong_store: Path) -> None:
    def edges(*words: str) -> set[str]:
        ran = kg("export", "--format", "node-link", "--trust", "unchecked", *words, store=wrong_store)
        found = json.loads(ran.out)
        links = found.get("edges") or found.get("links") or []
        return {link["target"] for link in links if link["source"] == "hcpcs:J1300"}

    assert "icd10cm:D59.5" in edges(*BEFORE)
    assert edges(*AFTER) == set()


def test_python(wrong_store: Path) -> None:
    from datetime import date, datetime

    with package.open(wrong_store) as graph:
        assert graph.as_of == date(2025, 10, 1)
        before = graph.codes_for(DIAGNOSIS, trust="unchecked", as_of=date(2025, 3, 31))
        assert [one.subject.key for one in before] == [CODE]
        assert before == graph.codes_for(DIAGNOSIS, trust="unchecked", as_of="2025-03-31")
        assert graph.codes_for(DIAGNOSIS, trust="unchecked") == []
        assert graph.codes_for(DIAGNOSIS, trust="unchecked", as_of=datetime(2025, 3, 31, 23, 59)) == before
        with pytest.raises(UsageError, match="not a date: 'yesterday'"):
            graph.codes_for(DIAGNOSIS, as_of="yesterday")


WORDS = [
    ["codes-for", DIAGNOSIS], ["show", CODE], ["path", CODE, DIAGNOSIS], ["query", "documents"], ["findings"],
    ["draw", CODE], ["export"],
]  # fmt: skip


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words[0])
@pytest.mark.parametrize("day", ["2025-02-30", "yesterday", "03/31/2025", ""])
def test_what_is_no_date_ends_with_2(words: list[str], day: str, wrong_store: Path) -> None:
    ran = kg(*words, "--as-of", day, store=wrong_store)
    assert (ran.code, ran.error) == (2, f"kg: not a date: {day!r} (write it as 2024-06-30)")


@pytest.mark.slow
def test_a_build_as_of_a_day(wrong: Path, releases: Path, tmp_path: Path) -> None:
    words = ("build", wrong / "eculizumab.md", "--no-icd10cm", "--releases", releases, "--store", tmp_path / "graph")
    ran = kg(*words, "--as-of", "tomorrow")
    assert (ran.code, ran.error) == (2, "kg: not a date: 'tomorrow' (write it as 2024-06-30)")
    assert not (tmp_path / "graph").exists()
    assert kg(*words, *BEFORE).code == 0
    assert kg("findings", "--store", tmp_path / "graph").code == 0
    assert kg("findings", *AFTER, "--store", tmp_path / "graph").code == 1
    with package.open(tmp_path / "graph") as graph:
        assert str(graph.as_of) == "2025-03-31"


@pytest.mark.slow
def test_a_build_without_releases_of_the_user(wrong: Path, tmp_path: Path) -> None:
    words = ("build", wrong / "eculizumab.md", "--no-icd10cm", "--store", tmp_path / "graph")
    assert kg(*words, *BEFORE).code == 0
    assert kg("findings", "--store", tmp_path / "graph").code == 0
    ran = kg("findings", *AFTER, "--store", tmp_path / "graph")
    assert ran.code == 1, "the table that comes along says when J1300 ended"
    assert "ended on 2025-03-31 (HCPCS Level II October 2025)" in ran.out


def test_a_damaged_release_is_no_build(wrong: Path, tmp_path: Path) -> None:
    (tmp_path / "kept" / "hcpcs").mkdir(parents=True)
    ran = kg("build", wrong, "--no-icd10cm", "--releases", tmp_path / "kept", "--store", tmp_path / "graph")
    assert ran.code == 3
    assert str(tmp_path / "kept" / "hcpcs") in ran.error
