"""`kg check`: documents held against the releases, without a graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import WRONG
from .running import Ran, installed, kg, rows
from .test_findings import FOUND

pytestmark = pytest.mark.usefixtures("few_codes")
AFTER = ("--as-of", "2025-10-01")


def check(*words: str | Path, releases: Path, given: str = "") -> Ran:
    return kg("check", *words, "--releases", releases, *AFTER, given=given)


def test_findings_come_worst_first_over_all_documents(wrong: Path, releases: Path) -> None:
    ran = check(wrong, "--format", "jsonl", releases=releases)
    assert (ran.code, ran.err) == (1, "5 findings\n")
    found = rows(ran.out, "jsonl")
    assert [(one["verdict"], one["check"], one["concept"], one["suggestion"]) for one in found] == FOUND
    assert {one["file"] for one in found} == {str(wrong / "tezspire.md"), str(wrong / "eculizumab.md")}


def test_a_graph_of_the_same_documents_has_the_same_findings(wrong: Path, releases: Path, wrong_store: Path) -> None:
    checked = rows(check(wrong, "--format", "jsonl", releases=releases).out, "jsonl")
    built = rows(kg("findings", "--format", "jsonl", store=wrong_store).out, "jsonl")
    assert [{**one, "file": Path(one["file"]).name} for one in checked] == built


def test_for_people_a_finding_begins_with_its_place(wrong: Path, releases: Path) -> None:
    ran = check(wrong / "tezspire.md", releases=releases)
    assert ran.out.startswith(f"refuted  {wrong / 'tezspire.md'}:3  J3032 “tezepelumab”\n  document  J3032 identifies")
    assert "\n  against   is “Injection, eptinezumab-jjmr, 1 mg” in HCPCS Level II codes used by" in ran.out
    assert "\n  meant     J45.51 Severe persistent asthma with (acute) exacerbation\n" in ran.out
    assert ran.err == "4 findings\n"


def test_nothing_wrong_is_done(tmp_path: Path, releases: Path) -> None:
    (tmp_path / "good.md").write_text("# HCPCS Code J2356\n\nJ2356 identifies tezepelumab (Tezspire).\n")
    ran = check(tmp_path / "good.md", releases=releases)
    assert (ran.code, ran.out, ran.err) == (0, "", "0 findings\n")


def test_the_day_decides_what_has_ended(wrong: Path, releases: Path) -> None:
    words = ("check", wrong / "eculizumab.md", "--releases", releases)
    assert kg(*words, "--as-of", "2025-03-31").code == 0
    assert "ended on 2025-03-31" in kg(*words, "--as-of", "2025-04-01").out
    assert "begins on 2008-01-01" in kg(*words, "--as-of", "2007-12-31").out
    assert "ended on 2025-03-31" in kg(*words).out, "today, where no day is given"


def test_every_code_with_its_name_and_verdict(wrong: Path, releases: Path) -> None:
    ran = check(wrong, "--codes", "--format", "csv", releases=releases)
    assert (ran.code, ran.err) == (1, "5 findings\n")
    found = rows(ran.out, "csv")
    assert [tuple(one.values()) for one in found[:3]] == [
        ("eculizumab", "3", "hcpcs:J1300", "eculizumab", "disputed", "Injection, eculizumab, 10 mg", "hcpcs:J1299"),
        ("eculizumab", "6", "icd10cm:D59.5", "Paroxysmal nocturnal hemoglobinuria", "consistent",
         "Paroxysmal nocturnal hemoglobinuria [Marchiafava-Micheli]", ""),
        ("tezspire", "3", "hcpcs:J3032", "tezepelumab", "refuted", "Injection, eptinezumab-jjmr, 1 mg", "hcpcs:J2356"),
    ]  # fmt: skip
    assert [(one["concept"], one["verdict"]) for one in found[3:]] == [
        ("icd10cm:J45.50", "consistent"),
        ("icd10cm:J45.5", "disputed"),
        ("icd10cm:J45.98", "refuted"),
        ("icd10cm:D59.5", "disputed"),
    ]
    table = check(wrong, "--codes", releases=releases).out
    assert "eptinezumab-jjmr" in table
    assert len(json.loads(check(wrong, "--codes", "--format", "json", releases=releases).out)) == 7


def test_every_code_of_a_good_document(tmp_path: Path, releases: Path) -> None:
    (tmp_path / "good.md").write_text("# HCPCS Code J2356\n\nJ2356 identifies tezepelumab (Tezspire).\n")
    ran = check(tmp_path / "good.md", "--codes", "--format", "jsonl", releases=releases)
    assert (ran.code, ran.err) == (0, "0 findings\n")
    assert [one["verdict"] for one in rows(ran.out, "jsonl")] == ["unchecked"], "no complete HCPCS has been read"


def test_standard_input(releases: Path) -> None:
    ran = check("-", "--format", "jsonl", releases=releases, given=WRONG["tezspire.md"])
    assert ran.code == 1
    assert [(one["file"], one["document"]) for one in rows(ran.out, "jsonl")] == [("-", "document")] * 4
    assert check("-", releases=releases, given=WRONG["tezspire.md"]).out.startswith("refuted  -:3  J3032")
    ran = check("-", "guide.md", releases=releases)
    assert (ran.code, ran.error) == (2, "kg: '-' is standard input, and stands alone")
    assert check("-", releases=releases, given="").error == "kg: -: the document is empty"


def test_wrong_words_end_with_2(wrong: Path, releases: Path) -> None:
    ran = check(wrong, "--codes", "--format", "sarif", releases=releases)
    assert (ran.code, ran.error) == (
        2,
        "kg: --codes lists codes, and SARIF only findings: leave one of them out",
    )
    ran = kg("check", wrong, "--as-of", "2025-13-01")
    assert (ran.code, ran.error) == (2, "kg: not a date: '2025-13-01' (write it as 2024-06-30)")
    assert kg("check").code == 2


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("none.md", None, "no such file or folder"),
        ("bad.md", b"it\x00s", "not text: character U+0000 at offset 2"),
        ("empty.md", b"", "the document is empty"),
        ("bells.md", b"J3262 \x07\x07\x07", "not text: character U+0007 at offset 6"),
    ],
)
def test_a_document_that_cannot_be_read_ends_with_3(
    name: str, content: bytes | None, error: str, tmp_path: Path, releases: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = check(tmp_path / name, releases=releases)
    assert ran.code == 3
    assert ran.error.startswith(f"kg: {tmp_path / name}:")
    assert error in ran.error


def test_among_several_it_is_left_out(wrong: Path, tmp_path: Path, releases: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"it\x00s")
    ran = check(tmp_path / "bad.md", wrong / "eculizumab.md", "--format", "jsonl", releases=releases)
    assert ran.code == 1
    assert [one["document"] for one in rows(ran.out, "jsonl")] == ["eculizumab"]
    assert ran.err == f"kg: left out: {tmp_path}/bad.md:1: not text: character U+0000 at offset 2\n1 finding\n"
    (tmp_path / "good.md").write_text("# HCPCS Code J2356\n\nJ2356 identifies tezepelumab.\n")
    assert check(tmp_path, releases=releases).code == 1
    (tmp_path / "good.md").unlink()
    assert check(tmp_path, releases=releases).code == 3


def test_two_documents_of_one_name_are_told_apart(wrong: Path, tmp_path: Path, releases: Path) -> None:
    for folder, text in (("a", WRONG["tezspire.md"]), ("b", WRONG["tezspire.md"].replace("- J45.5:", "- J45:"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "guide.md").write_text(text)
    found = rows(check(tmp_path, "--format", "jsonl", releases=releases).out, "jsonl")
    assert len({one["document"] for one in found}) == 2
    assert {one["concept"]: Path(one["file"]).parent.name for one in found if one["check"] == "heading"} == {
        "icd10cm:J45.5": "a",
        "icd10cm:J45": "b",
    }
    store = tmp_path / "graph"
    assert kg("build", tmp_path, "--store", store, "--releases", releases, *AFTER).code == 0
    built = rows(kg("findings", "--format", "jsonl", store=store).out, "jsonl")
    assert [(one["document"], one["concept"]) for one in found] == [(one["document"], one["concept"]) for one in built]


@pytest.mark.slow
def test_all_of_icd10cm(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(
        "# HCPCS Code J3262\n\n## Diagnoses\n- M06.99: Rheumatoid arthritis\n- M06.9: Rheumatoid arthritis\n"
    )
    ran = installed("check", tmp_path / "guide.md", "--format", "jsonl")
    (found,) = rows(ran.out, "jsonl")
    assert (ran.code, ran.err) == (1, "1 finding\n")
    assert (found["verdict"], found["check"], found["concept"], found["suggestion"]) == (
        "refuted", "no_such_code", "icd10cm:M06.99", "icd10cm:M06.9",
    )  # fmt: skip


def test_codes_that_are_in_no_assertion_are_named_as_not_checked(few_codes: None, tmp_path: Path) -> None:
    """Their silence is no yes."""
    (tmp_path / "list.md").write_text("# Codes\n\n| ICD-10 | Description |\n|---|---|\n| M06.9 | Gout |\n")
    ran = kg("check", tmp_path / "list.md")
    assert ran.code == 0
    assert "list.md: 1 code not checked, as no assertion has them: M06.9 ('kg extract --report' tells why)" in ran.err
