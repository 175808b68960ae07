"""`kg compare`: how far two sources agree, in all formats, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.answer_rows import COMPARED_COLUMNS
from tests.graph import compared

from .running import kg, rows


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compared.build(tmp_path_factory.mktemp("compared"))


def test_the_summary_comes_first_then_a_table_for_each_kind(store: Path) -> None:
    ran = kg("compare", "guide", "A57001", store=store)
    assert (ran.code, ran.err) == (1, "")
    first, *_ = ran.out.splitlines()
    assert first == "both 1 · only guide 2 · only A57001-1 2 · contradict 2"
    headings = ["where they contradict", "what only guide says", "what only A57001-1 says", "what both say"]
    assert [line for line in ran.out.splitlines() if line in headings] == headings
    assert "yes: guide:5 “Supported: M06.9”" in ran.out
    assert f"no: A57001-1:2 “{compared.COMPLETE}”" in " ".join(ran.out.split())
    assert "codes of which only A57001-1 speaks: 96372 (4)" in ran.out
    assert "Billing and Coding: Denosumab (First Coast: FL)\n  https://www.cms.gov/" in ran.out


def test_it_ends_with_1_where_they_contradict_and_with_0_where_they_do_not(store: Path) -> None:
    assert kg("compare", "A57001", "A57002", store=store).code == 0
    assert kg("compare", "NGS", "First Coast", store=store).code == 1
    # What is not shown counts as well.
    assert kg("compare", "NGS", "First Coast", "--only", "both", store=store).code == 1
    assert kg("compare", "guide", "guide.md", store=store).code == 0


def test_where_no_code_is_shared_that_is_told(store: Path) -> None:
    ran = kg("compare", "A57001", "A57004", store=store)
    assert ran.code == 1
    assert ran.out.splitlines()[0] == "both 0 · only A57001-1 0 · only A57004-2 0 · contradict 0"
    assert "not known: whether A57001-1 and A57004-2 agree" in ran.err


def test_every_format_has_the_same_rows(store: Path) -> None:
    whole = json.loads(kg("compare", "guide", "A57001", "--format", "answer", store=store).out)
    for format in ("json", "jsonl", "csv", "tsv"):
        ran = kg("compare", "guide", "A57001", "--format", format, store=store)
        assert (ran.code, ran.err) == (1, "kg: both 1 · only guide 2 · only A57001-1 2 · contradict 2\n")
        found = rows(ran.out, format)
        assert [row["object"] for row in found] == [row["object"] for row in whole["rows"]]
        assert set(COMPARED_COLUMNS) <= set(found[0])
    assert (whole["known"], whole["counts"]["contradict"], whole["second"]["kind"]) == ("no", 2, "article")
    assert whole["policies"][0]["address"].endswith("articleid=57001&ver=1")


def test_one_article_on_two_days(store: Path) -> None:
    ran = kg("compare", "A57004", "--between", "2024-06-30", "2025-06-30", store=store)
    assert ran.code == 1
    assert ran.out.startswith("both 1 · only A57004-1 0 · only A57004-2 1 · contradict 1\n")


def test_pages_say_what_is_left(store: Path) -> None:
    ran = kg("compare", "NGS", "First Coast", "--limit", "2", store=store)
    assert ran.err == "kg: from 1 to 2 of each kind; '--offset 2' goes on\n"
    last = kg("compare", "NGS", "First Coast", "--offset", "2", "--format", "jsonl", store=store)
    assert [row["object"] for row in rows(last.out, "jsonl")] == ["icd10cm:M80.08XA"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["guide"], 2, "nothing to compare 'guide' with"),
        (["guide", "A57001", "--relation", "hasPayer"], 2, "articles state supportedByDiagnosis alone"),
        (["guide", "A57001", "--between", "now", "then"], 2, "not a date: 'now'"),
        (["guide", "A57001", "--between", "2024-01-01", "2025-01-01", "--as-of", "2024-01-01"], 2, "not both"),
        (["guide", "A1"], 1, "called 'A1'"),
        (["guide", "A99999"], 1, "has the number A99999"),
        (["guide", "\x1b[31mred"], 1, "called '\\x1b[31mred'"),
    ],
)
def test_what_cannot_be_compared_is_one_line(store: Path, words: list[str], code: int, told: str) -> None:
    ran = kg("compare", *words, store=store)
    assert ran.code == code
    assert told in ran.error


def test_without_articles_it_is_told_where_they_come_from(tmp_path: Path) -> None:
    from tests.graph.making import write

    store = write(tmp_path / "graph")
    assert "'kg reference add', then 'kg build'" in kg("compare", "A57001", "guide", store=store).error
    assert kg("compare", "guide", "guide", store=store).code == 0


def test_names_that_a_terminal_would_obey_are_shown_as_they_are(store: Path) -> None:
    ran = kg("compare", "A57003", "A57001", store=store)
    assert compared.HOSTILE.split("<")[0] in ran.out
    assert "yes: A57003-1" in ran.out


@pytest.mark.slow
def test_one_document_on_two_days_says_what_it_says_at_the_trust_asked_for(wrong_store: Path) -> None:
    """J1300 has ended in between: what is said of it is disputed from then on."""
    words = ("compare", "eculizumab", "--between", "2025-03-01", "2025-10-01", "--trust", "consistent")
    ran = kg(*words, store=wrong_store)
    assert ran.code == 1
    assert kg(*words[:-2], store=wrong_store).code == 0
    assert "codes of which only eculizumab on 2025-03-01 speaks: J1300" in ran.out
