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
GOOD = "# HCPCS Code J2356\n\nJ2356 identifies tezepelumab (Tezspire).\n"
ALL_CHECKED = "checked 7 of 7 codes in 2 documents, 5 findings\n"


def check(*words: str | Path, releases: Path, given: str = "") -> Ran:
    return kg("check", *words, "--releases", releases, *AFTER, given=given)


def test_findings_come_worst_first_over_all_documents(wrong: Path, releases: Path) -> None:
    ran = check(wrong, "--format", "jsonl", releases=releases)
    assert (ran.code, ran.err) == (1, ALL_CHECKED)
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
    assert "\n  against   is “Inj. eptinezumab-jjmr 1 mg” in HCPCS Level II October 2025; " in ran.out
    assert "\n  meant     J2356 tezepelumab-ekko, 1 mg\n" in ran.out
    assert "\n  meant     J45.51 Severe persistent asthma with (acute) exacerbation\n" in ran.out
    assert ran.out.endswith("\nchecked 5 of 5 codes, 4 findings\n")
    assert ran.err == ""


def test_nothing_wrong_is_done(tmp_path: Path, releases: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    ran = check(tmp_path / "good.md", releases=releases)
    assert (ran.code, ran.out, ran.err) == (0, "checked 1 of 1 code, 0 findings\n", "")


def test_the_day_decides_what_has_ended(wrong: Path, releases: Path) -> None:
    words = ("check", wrong / "eculizumab.md", "--releases", releases)
    assert kg(*words, "--as-of", "2025-03-31").code == 0
    assert "ended on 2025-03-31" in kg(*words, "--as-of", "2025-04-01").out
    assert "begins on 2008-01-01" in kg(*words, "--as-of", "2007-12-31").out
    assert "ended on 2025-03-31" in kg(*words).out, "today, where no day is given"


def test_every_code_with_its_name_and_verdict(wrong: Path, releases: Path) -> None:
    ran = check(wrong, "--codes", "--format", "csv", releases=releases)
    assert (ran.code, ran.err) == (1, ALL_CHECKED)
    found = rows(ran.out, "csv")
    assert [tuple(one.values()) for one in found[:3]] == [
        ("eculizumab", "3", "hcpcs:J1300", "eculizumab", "disputed", "Injection, eculizumab, 10 mg", "hcpcs:J1299"),
        ("eculizumab", "6", "icd10cm:D59.5", "Paroxysmal nocturnal hemoglobinuria", "consistent",
         "Paroxysmal nocturnal hemoglobinuria [Marchiafava-Micheli]", ""),
        ("tezspire", "3", "hcpcs:J3032", "tezepelumab", "refuted", "Inj. eptinezumab-jjmr 1 mg", "hcpcs:J2356"),
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
    (tmp_path / "good.md").write_text(GOOD)
    ran = check(tmp_path / "good.md", "--codes", "--format", "jsonl", releases=releases)
    assert (ran.code, ran.err) == (0, "checked 1 of 1 code, 0 findings\n")
    assert [one["verdict"] for one in rows(ran.out, "jsonl")] == ["consistent"], "all of HCPCS comes along"


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
    assert ran.err.splitlines() == [
        f"kg: left out: {tmp_path}/bad.md:1: not text: character U+0000 at offset 2",
        "checked 2 of 2 codes, 1 finding",
    ]
    (tmp_path / "good.md").write_text("# HCPCS Code J2356\n\nJ2356 identifies tezepelumab.\n")
    assert check(tmp_path, releases=releases).code == 1
    (tmp_path / "good.md").unlink()
    assert check(tmp_path, releases=releases).code == 3


@pytest.mark.slow
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
    assert (ran.code, ran.err) == (1, "checked 3 of 3 codes, 1 finding\n")
    assert (found["verdict"], found["check"], found["concept"], found["suggestion"]) == (
        "refuted", "no_such_code", "icd10cm:M06.99", "icd10cm:M06.9",
    )  # fmt: skip


# Nothing can be read of these lists but the codes themselves.
LIST = "# Codes\n\n| ICD-10 | Description |\n|---|---|\n| M06.9 | Arthritis |\n| M06.99 | Arthritis |\n"


def test_a_code_in_no_assertion_that_does_not_exist_is_refuted(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(LIST)
    (tmp_path / "note.md").write_text("# Note\n\nSee also J3490 and J9998.\n")
    assert kg("extract", tmp_path, "--format", "jsonl").out == ""
    ran = kg("check", tmp_path, "--format", "jsonl")
    assert (ran.code, ran.err) == (1, "checked 4 of 4 codes in 2 documents, 2 findings\n")
    found = rows(ran.out, "jsonl")
    assert [(one["verdict"], one["check"], one["concept"], one["line"], one["quote"]) for one in found] == [
        ("refuted", "no_such_code", "icd10cm:M06.99", 6, "M06.99 | Arthritis"),
        ("refuted", "no_such_code", "hcpcs:J9998", 3, "J9998"),
    ]
    assert [one["reason"] for one in found] == [
        "no such code in ICD-10-CM April 2026",
        "no such code in HCPCS Level II October 2025",
    ]
    listed = rows(kg("check", tmp_path, "--codes", "--format", "csv").out, "csv")
    assert [(one["concept"], one["verdict"]) for one in listed] == [
        ("icd10cm:M06.9", "consistent"), ("icd10cm:M06.99", "refuted"),
        ("hcpcs:J3490", "consistent"), ("hcpcs:J9998", "refuted"),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_code_in_no_assertion_has_to_hold_on_the_day(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("# Note\n\nSee also J1300.\n")
    words = ("check", tmp_path / "note.md", "--format", "jsonl", "--as-of")
    assert kg(*words, "2025-03-31").code == 0
    (found,) = rows(kg(*words, "2025-04-01").out, "jsonl")
    assert (found["verdict"], found["check"], found["reason"], found["suggestion"]) == (
        "disputed", "not_in_force", "ended on 2025-03-31 (HCPCS Level II October 2025)", "hcpcs:J1299",
    )  # fmt: skip


def test_the_ends_of_a_range_are_not_accused(tmp_path: Path) -> None:
    """J0000 and J9998 are no codes, and a document that writes of all between them does not say that they are."""
    (tmp_path / "ranges.md").write_text(
        f"{GOOD}\nJ0000-J9998 and C9000–C9998 stay as they are.\n\nJ0001 to J8998: no change.\n"
    )
    ran = kg("check", tmp_path / "ranges.md")
    assert (ran.code, ran.out) == (0, "checked 1 of 1 code, 0 findings\n")


# One code that can be checked, and two that cannot: of CPT, of which the AMA owns the list.
PARTLY = GOOD + "\n## Related CPT Codes\n- 96413: Infusion\n- 96415: Each additional hour\n"
LEFT = "checked 1 of 3 codes, 0 findings; not checked: 96413, 96415, because no complete release of CPT codes is here"
COUNTS = {
    "codes": 3,
    "checked": 1,
    "not_checked": [
        {"document": "partly", "concept": f"cpt:{code}", "reason": "no complete release of CPT codes is here"}
        for code in ("96413", "96415")
    ],
}


def test_the_summary_tells_what_could_not_be_checked_and_why(tmp_path: Path) -> None:
    (tmp_path / "partly.md").write_text(PARTLY)

    def ran(*words: str) -> Ran:
        return kg("check", tmp_path / "partly.md", *words)

    assert ran() == (0, f"{LEFT}\n", "")
    for format in ("jsonl", "csv", "tsv"):
        assert ran("--format", format).code == 0
        assert rows(ran("--format", format).out, format) == []
        assert ran("--format", format).err == f"{LEFT}\n", format
    for format in ("table", "json", "csv"):
        listed = ran("--codes", "--format", format)
        assert (listed.code, listed.err) == (0, f"{LEFT}\n"), format
    whole = ran("--format", "json")
    assert (whole.code, json.loads(whole.out)) == (0, {"version": 1, "findings": [], **COUNTS})
    log = ran("--format", "sarif")
    assert log.code == 0
    assert json.loads(log.out)["runs"][0]["properties"] == COUNTS


def test_the_summary_names_five_codes_of_a_reason(tmp_path: Path) -> None:
    codes = "".join(f"- {code}: Infusion\n" for code in range(96360, 96368))
    (tmp_path / "many.md").write_text(f"{GOOD}\n## Related CPT Codes\n{codes}")
    assert kg("check", tmp_path / "many.md").out == (
        "checked 1 of 9 codes, 0 findings; not checked: 96360, 96361, 96362, 96363, 96364 and 3 more, "
        "because no complete release of CPT codes is here\n"
    )


def test_where_nothing_could_be_checked_silence_is_no_clean_bill(tmp_path: Path) -> None:
    (tmp_path / "cpt.md").write_text("# CPT 96413\n\n96413 is billed with 96415.\n")
    (tmp_path / "list.md").write_text(LIST)
    (tmp_path / "good.md").write_text(GOOD)
    ran = kg("check", tmp_path / "cpt.md")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("checked 0 of 2 codes, 0 findings; not checked: 96413, 96415, because ")
    assert kg("check", tmp_path / "cpt.md", "--codes", "--format", "csv").code == 1
    assert kg("check", tmp_path / "cpt.md", tmp_path / "good.md").code == 0, "something was checked"
    ran = kg("check", tmp_path / "list.md", "--as-of", "2000-06-30")
    assert ran.code == 1
    assert ran.out == (
        "checked 0 of 2 codes, 0 findings; not checked: M06.9, M06.99, because the day lies before the oldest "
        "complete release of ICD-10-CM here\n"
    )


@pytest.mark.parametrize("format", ["table", "jsonl", "json", "csv"])
def test_a_text_without_codes_is_said_to_hold_none(tmp_path: Path, releases: Path, format: str) -> None:
    said = "checked nothing: there is no code that could be checked"
    ran = check("-", "--format", format, releases=releases, given="No codes stand here.\n")
    assert (ran.code, (ran.out if format == "table" else ran.err).strip()) == (1, said)
    for name in "ab":
        (tmp_path / f"{name}.md").write_text(f"Nothing, {name}.\n", encoding="utf-8")
    ran = check(tmp_path, "--format", format, releases=releases)
    assert (ran.code, (ran.out if format == "table" else ran.err).strip()) == (1, f"{said} in 2 documents")


def test_a_code_that_is_newer_than_the_release_is_not_refuted(tmp_path: Path) -> None:
    stated = "J9998 identifies tezepelumab.\n"
    (tmp_path / "new.md").write_text(f"{GOOD}\nEffective January 1, 2027: {stated}")
    ran = kg("check", tmp_path / "new.md")
    assert (ran.code, ran.out) == (
        0,
        "checked 1 of 2 codes, 0 findings; not checked: J9998, because newer than HCPCS Level II October 2025\n",
    )
    (tmp_path / "new.md").write_text(f"{GOOD}\n{stated}")
    assert "refuted" in kg("check", tmp_path / "new.md").out
