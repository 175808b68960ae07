from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli import grouped
from kg.model import Assertion, Concept, Connection, Evidence, Kind, Relation, Verdict

from .running import installed, kg, rows

COMMANDS = {
    "codes-for": ["codes-for", "M06.9"],
    "show": ["show", "j3262"],
    "path": ["path", "J3262", "J0129"],
    "search": ["search", "tocil"],
    "query": ["query", "SELECT ?document ?title WHERE { ?document a bkg:Document ; dcterms:title ?title }"],
    "queries": ["queries"],
    "reference": ["reference", "list"],
}
CONNECTION = {
    "subject", "subject_name", "relation", "object", "object_name", "polarity", "strength", "verdict", "condition",
    "qualifiers", "document", "title", "line", "start", "end", "quote",
}  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_every_answer_comes_in_every_format(words: list[str], store: Path) -> None:
    counts = set()
    for format in ("json", "jsonl", "csv", "tsv"):
        ran = kg(*words, "--format", format, store=store)
        assert (ran.code, ran.err) == (0, "")
        counts.add(len(rows(ran.out, format)))
    assert len(counts) == 1
    assert counts.pop() > 0


def test_codes_for_a_diagnosis(store: Path) -> None:
    found = rows(kg("codes-for", "m069", "--format", "jsonl", store=store).out, "jsonl")
    assert [one["subject"] for one in found] == ["hcpcs:J0129", "hcpcs:J1745", "hcpcs:J3262"]
    assert set(found[0]) == CONNECTION
    assert [one["quote"] for one in found] == [
        "M06.9 - Rheumatoid arthritis", "J1745 | infliximab | M06.9", "M06.9: Rheumatoid arthritis",
    ]  # fmt: skip
    table = kg("codes-for", "M06.9", store=store).out
    assert "supported by diagnosis" in table
    assert "tocilizumab:12" in table


def test_many_diagnoses_at_once(store: Path) -> None:
    ran = kg(
        "codes-for", "-", "--format", "jsonl", store=store, given=b"m069\r\n\nJ3262\nRheumatoid arthritis\nM06.9x\n"
    )
    assert ran.code == 1
    found = rows(ran.out, "jsonl")
    assert {one["asked"] for one in found} == {"m069", "Rheumatoid arthritis"}
    assert set(found[0]) == {"asked", *CONNECTION}
    assert "no diagnosis: J3262" in ran.err
    assert "'M06.9x'" in ran.err
    assert "2 of 4 diagnoses" in ran.err
    assert kg("codes-for", "-", store=store, given=b"M06.9\n").code == 0
    assert kg("codes-for", "-", store=store, given=b"\n").code == 2
    assert kg("codes-for", "-", store=store, given=b"\xff").code == 3


def test_a_billing_code_is_no_diagnosis(store: Path) -> None:
    ran = kg("codes-for", "J3262", store=store)
    assert ran.code == 2
    assert "'kg show J3262' says what goes with it" in ran.error


def test_no_is_no_answer_to_a_script_and_told_apart_from_not_known(tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("# HCPCS Code J3262\n\n- M06.9: covered\n- M79.7: not covered\n- L40.50: covered\n")
    other = tmp_path / "other.md"
    other.write_text("# HCPCS Code J0129\n\n- L40.50: not covered\n")
    path = tmp_path / "graph"
    assert kg("build", guide, other, "--no-icd10cm", "--store", path).code == 0
    only_no = kg("codes-for", "M79.7", "--format", "json", store=path)
    assert (only_no.code, only_no.out.strip()) == (4, "[]")
    assert "documents say no, and nothing else, of M79.7" in only_no.err
    shown = kg("codes-for", "M79.7", "--format", "json", "--polarity", "excluded", store=path)
    assert shown.code == 4
    assert [one["polarity"] for one in rows(shown.out, "json")] == ["excluded"]
    assert "the documents say no" in kg("codes-for", "M79.7", store=path).out
    whole = kg("codes-for", "M79.7", "--format", "answer", store=path)
    assert (whole.code, json.loads(whole.out)["known"], json.loads(whole.out)["rows"]) == (4, "no", [])
    several = kg("codes-for", "-", "--format", "answer", store=path, given=b"M79.7\nL40.50\n")
    assert [(one["asked"], one["known"]) for one in json.loads(several.out)] == [("M79.7", "no"), ("L40.50", "yes")]
    said = [
        {
            one["subject"]
            for one in rows(kg("codes-for", "L40.50", "--format", "json", *polarity, store=path).out, "json")
        }
        for polarity in ((), ("--polarity", "excluded"), ("--polarity", "both"))
    ]
    assert said == [{"hcpcs:J3262"}, {"hcpcs:J0129"}, {"hcpcs:J3262", "hcpcs:J0129"}]


def test_a_condition_by_name_and_what_documents_say_no_to(store: Path) -> None:
    by_name = rows(kg("codes-for", "Rheumatoid arthritis", "--format", "jsonl", store=store).out, "jsonl")
    assert [(one["subject"], one["relation"]) for one in by_name] == [("hcpcs:J3262", "indicatedFor")]
    shown = kg("show", "J3262", store=store).out
    assert "accepts modifier — the documents say no" in shown


def test_trust_decides_what_is_heard(store: Path) -> None:
    ran = kg("codes-for", "M06.9", "--trust", "corroborated", store=store)
    assert ran.code == 1
    assert "no document connects a code to M06.9" in ran.error
    assert "at trust corroborated" in ran.error


def test_what_is_only_spelt_nearly_so_is_found_and_told(store: Path) -> None:
    ran = kg("search", "tociluzimab", "--format", "jsonl", store=store)
    assert ran.code == 0
    assert {(row["concept"], row["near"]) for row in rows(ran.out, "jsonl")} >= {("drug:tocilizumab", True)}
    assert (
        ran.err
        == "kg: nothing is called 'tociluzimab'; these are spelt nearly so; did you mean tocilizumab (J3262, Q0249)?\n"
    )
    ran = kg("search", "toci lizumab", "--format", "jsonl", store=store)
    assert {row["near"] for row in rows(ran.out, "jsonl")} == {False}
    assert ran.err == ""


def test_a_path_cites_every_hop(store: Path) -> None:
    hops = rows(kg("path", "J3262", "J0129", "--format", "jsonl", store=store).out, "jsonl")
    assert [(hop["subject"], hop["object"], hop["forward"]) for hop in hops] == [
        ("hcpcs:J3262", "icd10cm:M06.9", True),
        ("hcpcs:J0129", "icd10cm:M06.9", False),
    ]
    assert all(hop["quote"] for hop in hops)


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["show", "J9998"], 1, "'J9998'"),
        (["codes-for", "Z99.9"], 1, "'Z99.9'"),
        (["search", "nosuchthing"], 1, "'nosuchthing'"),
        (["path", "J3262", "J9998"], 1, "'J9998'"),
        (["draw", "J9998"], 1, "'J9998'"),
        (["show", "hcpcs:XYZ"], 2, "not a HCPCS Level II code: 'XYZ'"),
        (["codes-for", "icd10cm:J3262.1"], 2, "not a ICD-10-CM code: 'J3262.1'"),
        (["search", "tocil", "--kind", "medicine"], 2, "no such kind: 'medicine'"),
        (["query", "nosuchquery"], 2, "no such query: 'nosuchquery'"),
        (["query", "SELECT ?s WHERE { ?s ?p }"], 2, "line 1, column "),
        (["query", "SELECT * { SERVICE <http://localhost:9> { ?s ?p ?o } }"], 2, "SERVICE is refused"),
        (["query", "SELECT * { ?s ?p ?o }", "value"], 2, "not NAME=VALUE: 'value'"),
        (["query", "codes-for-diagnosis", "diagnosis=XYZ"], 2, "'XYZ'"),
        (["query", "codes-for-diagnosis"], 2, "'diagnosis' is missing"),
        (["queries", "nosuchquery"], 2, "no such query: 'nosuchquery'"),
        (["draw"], 2, "nothing to draw"),
        (["query", "nosuchfile.rq"], 3, "nosuchfile.rq: "),
        (["draw", "J3262", "-o", "/nonexistent/page.html"], 3, "/nonexistent/page.html"),
    ],
    ids=lambda words: " ".join(words)[:40] if isinstance(words, list) else None,
)
def test_an_error_is_one_line_that_names_the_value(words: list[str], code: int, error: str, store: Path) -> None:
    ran = kg(*words, store=store)
    assert ran.code == code
    assert ran.error.startswith("kg: ")
    assert error in ran.error


def test_a_query_that_is_refused_is_shown_with_the_place(store: Path) -> None:
    ran = kg("query", "SELECT ?s {\n ?s nosuch:name ?o }", store=store)
    assert ran.err.splitlines()[1:] == ["   ?s nosuch:name ?o }", "      ^^^^^^^^^^^"]


@pytest.mark.parametrize(
    "words",
    [["nosuchcommand"], ["show"], ["show", "J3262", "--nosuchoption"], ["codes-for", "M06.9", "--format", "xml"],
     ["codes-for", "M06.9", "--trust", "certain"], ["path", "J3262", "J0129", "-k", "0"], ["build", "--jobs", "many"]],
    ids=" ".join,
)  # fmt: skip
def test_words_that_no_command_takes_end_with_2(words: list[str], store: Path) -> None:
    ran = kg(*words, store=store)
    assert ran.code == 2
    assert ran.error.startswith("kg: ") and ran.error.endswith(" --help'")


def test_a_query_may_come_from_standard_input_or_a_file(store: Path, tmp_path: Path) -> None:
    asked = "SELECT (COUNT(*) AS ?documents) WHERE { ?document a bkg:Document }"
    (tmp_path / "count.rq").write_text(asked)
    for ran in (
        kg("query", "-", "--format", "json", given=asked, store=store),
        kg("query", tmp_path / "count.rq", "--format", "json", store=store),
    ):
        assert ran.code == 0
        assert [int(one["documents"]) for one in json.loads(ran.out)] == [3]


def test_a_question_of_the_catalogue_can_be_read_and_asked(store: Path) -> None:
    assert "SELECT" in kg("queries", "codes-for-diagnosis").out
    ran = kg("query", "codes-for-diagnosis", "diagnosis=M06.9", "--format", "csv", store=store)
    assert [one["code"] for one in rows(ran.out, "csv")] == ["hcpcs:J0129", "hcpcs:J1745", "hcpcs:J3262"]


def test_a_value_may_stand_alone_in_the_order_of_the_parameters(store: Path) -> None:
    named = kg("query", "shared-diagnoses", "other=J0129", "code=J3262", store=store)
    assert named.code == 0
    assert kg("query", "shared-diagnoses", "J3262", "J0129", store=store).out == named.out
    assert kg("query", "shared-diagnoses", "J0129", "code=J3262", store=store).out == named.out
    ran = kg("query", "codes-for-diagnosis", "M06.9", "M05.79", store=store)
    assert (ran.code, ran.error) == (2, "kg: not NAME=VALUE: 'M05.79'")


@pytest.mark.parametrize(
    ("words", "code", "out", "error"),
    [
        (["SELECT ?self ?sparql { }", "self=a", "sparql=b"], 0, "self,sparql\na,b\n", ""),
        (["SELECT (?n > 3 AS ?more) { }", 'n="5"^^xsd:integer'], 0, "more\ntrue\n", ""),
        (["SELECT ?x { }", "x=http://["], 2, "", "kg: x: not an IRI: 'http://['"),
        (["SELECT ?x { }", "x=a", "x=b"], 2, "", "kg: given more than once: 'x'"),
    ],
)
def test_values_of_all_kinds(words: list[str], code: int, out: str, error: str, store: Path) -> None:
    ran = kg("query", *words, "--format", "csv", store=store)
    assert (ran.code, ran.out.lower(), ran.err.strip()) == (code, out, error)


def test_a_question_with_its_values_is_a_query_of_its_own(store: Path, tmp_path: Path) -> None:
    text = kg("queries", "codes-for-diagnosis", "M06.9", "--trust", "consistent").out
    assert "$" not in text
    assert "unchecked" not in text
    (tmp_path / "alone.rq").write_text(text)
    alone = kg("query", tmp_path / "alone.rq", "--format", "csv", store=store)
    asked = kg("query", "codes-for-diagnosis", "M06.9", "--trust", "consistent", "--format", "csv", store=store)
    assert alone.out == asked.out != ""


def test_an_empty_answer_says_which_names_the_graph_does_not_have(store: Path) -> None:
    ran = kg("query", "ASK { hcpcs:J9998 bkg:acceptModifier ?m }", store=store)
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "note: nothing in this graph is called hcpcs:J9998",
        "note: no such class, property or value: bkg:acceptModifier; did you mean bkg:acceptsModifier or bkg:Modifier?",
    ]
    assert kg("query", "ASK { hcpcs:J3262 bkg:acceptsModifier ?m }", store=store).err == ""


def test_what_a_query_can_name_is_listed() -> None:
    listed = rows(kg("schema", "--format", "csv").out, "csv")
    assert {row["kind"] for row in listed} == {"class", "property", "value", "graph", "prefix"}
    found = rows(kg("schema", "TWO characters", "--format", "csv").out, "csv")
    assert [row["name"] for row in found] == ["bkg:Modifier"]
    ran = kg("schema", "zzz", "modifier")
    assert (ran.code, ran.out) == (1, "")
    assert ran.error == "kg: nothing in the ontology has these words in it: 'zzz modifier'"


def test_no_findings_is_done(store: Path) -> None:
    ran = kg("findings", store=store)
    assert (ran.code, ran.out, ran.err) == (0, "", "0 findings\n")


def test_a_page_opens_without_a_network(store: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = kg("draw", "J3262", "-o", page, store=store)
    assert (ran.code, ran.out) == (0, "")
    assert str(page) in ran.err
    written = page.read_text("utf-8")
    assert "tocilizumab" in written
    assert 'src="http' not in written
    assert 'href="http' not in written


@pytest.mark.slow
def test_the_graph_can_be_exported(store: Path, tmp_path: Path) -> None:
    lines = installed("export", store=store).out.splitlines(keepends=True)
    assert lines == sorted(lines)
    assert all(line.endswith(" .\n") for line in lines)
    ran = kg("export", "--output", tmp_path / "graph.nq", store=store)
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "graph.nq").read_text("utf-8") == "".join(lines)
    assert json.loads(installed("export", "--format", "node-link", "-o", "-", store=store).out)["nodes"]
    assert installed("export", "--format", "graphml", store=store).out.startswith("<?xml")


def test_a_limit_that_several_share_says_for_whom_it_is() -> None:
    stated = [
        Assertion(
            Concept.parse("J1745"), relation, Concept.named(Kind.QUANTITY, "150 units"),
            Evidence("ncci", 0, 1, "x", row), condition=f"limit for {services}",
        )
        for relation in (Relation.UNITS_LIMIT, Relation.PAYMENT_LIMIT)
        for row, services in enumerate(("hospitals", "suppliers"), 1)
    ]  # fmt: skip
    limits, paid = (
        Connection(one.subject, one.relation, one.object, Verdict.CORROBORATED, (one, other))
        for one, other in (stated[:2], stated[2:])
    )
    assert grouped._condition(limits) == "limit for hospitals / limit for suppliers"
    assert grouped._condition(paid) == "limit for hospitals"
