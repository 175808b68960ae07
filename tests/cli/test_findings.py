"""`kg findings`: what a person should look at in a graph."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kg import resources

from .running import installed, kg, rows

COLUMNS = [
    "verdict", "concept", "stated", "reason", "suggestion", "suggestion_name", "release", "row", "official", "hangs",
    "document", "file", "line", "section", "quote", "opposed_by", "opposing_quote", "check",
    "finding", "decision", "note",
]  # fmt: skip
FOUND = [
    ("refuted", "other_drug", "hcpcs:J3032", "hcpcs:J2356"),
    ("refuted", "no_such_code", "icd10cm:J45.98", "icd10cm:J45.51"),
    ("disputed", "not_in_force", "hcpcs:J1300", "hcpcs:J1299"),
    ("disputed", "heading", "icd10cm:J45.5", "icd10cm:J45.50"),
    ("disputed", "other_name", "icd10cm:D59.5", "icd10cm:M06.9"),
]


def test_findings_come_worst_first(wrong_store: Path) -> None:
    ran = kg("findings", "--format", "jsonl", store=wrong_store)
    assert (ran.code, ran.err) == (1, "5 findings\n")
    found = rows(ran.out, "jsonl")
    assert [(one["verdict"], one["check"], one["concept"], one["suggestion"]) for one in found] == FOUND


def test_a_finding_has_both_sentences_and_their_places(wrong_store: Path) -> None:
    ended = rows(kg("findings", "eculizumab", "--format", "json", store=wrong_store).out, "json")
    assert ended == [
        {
            "verdict": "disputed", "check": "not_in_force", "concept": "hcpcs:J1300", "stated": "",
            "reason": "ended on 2025-03-31 (HCPCS Level II October 2025, an excerpt)",
            "official": "Injection, eculizumab, 10 mg", "release": "hcpcs-2025-10-excerpt", "row": 2,
            "suggestion": "hcpcs:J1299", "suggestion_name": "eculizumab, 2 mg", "hangs": 2,
            "document": "eculizumab", "file": "eculizumab.md", "line": 3, "start": 20, "end": 76,
            "section": "HCPCS Code J1300",
            "quote": "J1300 identifies eculizumab (Soliris), billed per 10 mg.",
            "opposed_by": "", "opposing_quote": "", "finding": ended[0]["finding"], "decision": "open", "note": "",
        }
    ]  # fmt: skip
    assert re.fullmatch("[0-9a-f]{16}", ended[0]["finding"])


def test_for_people_both_sentences_stand_below_each_other(wrong_store: Path) -> None:
    (finding,) = rows(kg("findings", "eculizumab", "--format", "jsonl", store=wrong_store).out, "jsonl")
    ran = kg("findings", "eculizumab", store=wrong_store)
    assert (ran.code, ran.err) == (1, "1 finding\n")
    assert ran.out.splitlines() == [
        "disputed  eculizumab:3  J1300",
        "  document  J1300 identifies eculizumab (Soliris), billed per 10 mg.",
        "  against   ended on 2025-03-31 (HCPCS Level II October 2025, an excerpt) [hcpcs-2025-10-excerpt, row 2]",
        "  release   Injection, eculizumab, 10 mg",
        "  meant     J1299 eculizumab, 2 mg",
        "  affects   2 other assertions of this document",
        f"  finding   {finding['finding']}",
    ]


def test_a_name_that_stands_in_the_reason_is_not_said_twice(wrong_store: Path) -> None:
    out = kg("findings", "tezspire", store=wrong_store).out
    assert out.count("Inj. eptinezumab-jjmr 1 mg") == 1
    assert "refuted  tezspire:3  J3032 “tezepelumab”\n" in out
    assert out.count("\n\n") == 3, "a blank line between four findings"


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_the_columns(format: str, wrong_store: Path) -> None:
    found = rows(kg("findings", "--format", format, store=wrong_store).out, format)
    assert list(found[0]) == COLUMNS
    assert [one["row"] for one in found] == [row_of_j3032(), "", "2", "", ""]


def row_of_j3032() -> str:
    """Where the table that comes along has the code."""
    codes = [row["code"] for row in resources.table("data", "reference", "hcpcs.tsv")]
    return str(codes.index("J3032") + 1)


def test_documents_go_by_identifier_or_by_file_name(wrong_store: Path) -> None:
    by_name = kg("findings", "tezspire", "--format", "jsonl", store=wrong_store)
    assert len(rows(by_name.out, "jsonl")) == 4
    assert kg("findings", "tezspire.md", "--format", "jsonl", store=wrong_store) == by_name
    assert kg("findings", "some/folder/tezspire.md", "--format", "jsonl", store=wrong_store) == by_name
    both = kg("findings", "tezspire.md", "eculizumab", "--format", "jsonl", store=wrong_store)
    assert both == kg("findings", "--format", "jsonl", store=wrong_store)


@pytest.mark.parametrize("name", ["tezspir", "other.md", ""])
def test_a_document_that_is_not_in_the_graph(name: str, wrong_store: Path) -> None:
    ran = kg("findings", "tezspire", name, store=wrong_store)
    assert ran.code == 1
    assert ran.error == f"kg: no document in the graph is called {name!r} (2 documents searched)"


def test_no_findings_is_done_in_every_format(store: Path) -> None:
    for format, out in {"table": "", "jsonl": "", "json": "[]\n", "csv": f"{','.join(COLUMNS)}\n"}.items():
        ran = kg("findings", "--format", format, store=store)
        assert (ran.code, ran.out, ran.err) == (0, out, "0 findings\n")
    ran = kg("findings", "--format", "sarif", store=store)
    assert (ran.code, json.loads(ran.out)["runs"][0]["results"]) == (0, [])


@pytest.mark.slow
def test_two_documents_that_disagree_each_quote_the_other(tmp_path: Path) -> None:
    (tmp_path / "yes.md").write_text("# HCPCS Code J3262\n\n## Diagnoses\n- M06.9: Rheumatoid arthritis\n")
    (tmp_path / "no.md").write_text("# HCPCS Code J3262\n\nJ3262 is not covered for M06.9.\n")
    assert kg("build", tmp_path, "--no-icd10cm", "--store", tmp_path / "graph").code == 0
    ran = kg("findings", "--format", "jsonl", "--store", tmp_path / "graph")
    assert ran.code == 1
    found = {one["document"]: one for one in rows(ran.out, "jsonl") if one["check"] == "disagreement"}
    assert found["yes"]["opposed_by"] == "no:3"
    assert found["yes"]["opposing_quote"] == found["no"]["quote"]
    assert found["no"]["opposing_quote"] == "M06.9: Rheumatoid arthritis"
    table = kg("findings", "yes", "--store", tmp_path / "graph").out
    assert "  against   no:3 says no\n  there     J3262 is not covered for M06.9.\n" in table
    log = json.loads(kg("findings", "--format", "sarif", "--store", tmp_path / "graph").out)
    assert {one["ruleId"] for one in log["runs"][0]["results"]} == {"disagreement"}


@pytest.mark.slow
def test_what_would_turn_the_order_of_letters_is_shown_as_a_mark(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(
        "# HCPCS Code J3032: tezepelumab\n\nJ3032 identifies tezepelumab \u202e(gm 1).\n"
    )
    assert kg("build", tmp_path, "--no-icd10cm", "--store", tmp_path / "graph").code == 0
    out = kg("findings", "--store", tmp_path / "graph").out
    assert "J3032 identifies tezepelumab \ufffd(gm 1)." in out


def test_the_command_as_people_run_it(wrong_store: Path) -> None:
    assert installed("findings", "eculizumab", store=wrong_store).code == 1
    assert installed("findings", "eculizumab", "--as-of", "2025-03-31", store=wrong_store).code == 0
    assert installed("findings", "none", store=wrong_store).code == 1
    assert installed("findings", "--format", "xml", store=wrong_store).code == 2
