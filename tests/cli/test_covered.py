"""`kg codes-for` asks the articles of Medicare, where they were built in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.graph.covered import covered
from tests.reference.coverage import DENOSUMAB, written

from .running import kg


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return covered(tmp_path_factory.mktemp("covered"))


def test_it_says_that_there_are_articles(store: Path) -> None:
    ran = kg("codes-for", "M81.0", store=store)
    assert ran.err == "kg: articles of Medicare list M81.0 2 times: ask with --payer medicare\n"


def test_a_state_and_a_code(store: Path) -> None:
    ran = kg("codes-for", "M81.0", "--state", "FL", "--code", "J0897", store=store)
    assert (ran.code, ran.err) == (0, "")
    assert "First Coast: FL; Use with care." in ran.out
    assert "A57001-1:2, guide:2" in ran.out


@pytest.mark.parametrize(("diagnosis", "state", "code"), [("M81.0", "FL", 0), ("M05.79", "FL", 4), ("M05.79", "TX", 1)])
def test_the_exit_code_tells_yes_no_and_not_known(store: Path, diagnosis: str, state: str, code: int) -> None:
    asked = ("--code", "J0897", "--state", state, "--trust", "corroborated")
    assert kg("codes-for", diagnosis, *asked, store=store).code == code


def test_pages(store: Path) -> None:
    ran = kg(
        "codes-for", "M81.0", "--payer", "medicare", "--limit", "2", "--offset", "1", "--format", "json", store=store
    )
    assert [row["subject"] for row in json.loads(ran.out)] == ["hcpcs:J0897", "hcpcs:J0897", "hcpcs:J3489"]
    assert ran.err == "kg: connections 2 to 3 of 3 (--limit 0 for all)\n"


def test_no_state(store: Path) -> None:
    ran = kg("codes-for", "M81.0", "--state", "Florida", store=store)
    assert (ran.code, ran.err) == (2, "kg: not a state: 'Florida' (write its two letters, as FL)\n")


def test_an_export_is_added_listed_and_accounted_for(tmp_path: Path) -> None:
    releases = ("--releases", tmp_path / "releases")
    file = written(tmp_path, DENOSUMAB)
    added = kg("reference", "add", file, *releases)
    assert (added.code, added.err) == (
        0,
        "added mcd-current-articles-2025-10-02: 13 statements from 36 rows, 3 left out\n",
    )
    again = kg("reference", "add", file, *releases)
    assert again.code == 0
    assert "already" in again.err
    shown = kg("reference", "show", "mcd-current-articles-2025-10-02", *releases, "--format", "csv")
    assert "article_x_revenue_code.csv: not a revenue code" in shown.out


def test_a_broken_export_is_refused_in_one_line(tmp_path: Path) -> None:
    file = written(tmp_path, DENOSUMAB, article=b"title\r\nDenosumab\r\n")
    ran = kg("reference", "add", file, "--releases", tmp_path / "releases")
    assert ran.code == 3
    assert ran.err == f"kg: {file}/current_article_csv.zip/article.csv: no column 'article_id' in the header\n"
    assert not (tmp_path / "releases").exists()


def test_exports_are_no_editions_of_codes(tmp_path: Path) -> None:
    file = written(tmp_path, DENOSUMAB)
    ran = kg("diff", file, file)
    assert ran.code == 2
    assert "articles are held against each other with 'kg compare'" in ran.err


def test_what_is_not_shown_is_summed_up_by_contractor(store: Path) -> None:
    ran = kg("codes-for", "M81.0", "--payer", "medicare", "--limit", "1", store=store)
    assert ran.err == "kg: connections 1 to 1 of 3 (--limit 0 for all)\n"
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["First", "Coast", "1", "2", "0"] in lines
    assert ["Novitas", "1", "1", "0"] in lines
    assert lines[0][-2:] == ["for", "Medicare"]
