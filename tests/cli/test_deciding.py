"""`kg findings` that decides about findings, and shows them by what was decided."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from .running import kg, rows


@pytest.fixture
def store(wrong_store: Path, tmp_path: Path) -> Path:
    """The graph of wrong guides, whose findings may be decided about."""
    return Path(shutil.copytree(wrong_store, tmp_path / "graph"))


def shown(store: Path, *words: str) -> list[dict[str, Any]]:
    return rows(kg("findings", "--format", "jsonl", *words, store=store).out, "jsonl")


def decided(store: Path, decision: str) -> list[str]:
    return [one["concept"] for one in shown(store, "--decision", decision)]


def test_what_is_set_aside_is_hidden_unless_asked_for(store: Path) -> None:
    first, *others = (one["finding"] for one in shown(store))
    ran = kg("findings", "--set-aside", first, "--note", "the publisher\nknows it", store=store)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"set-aside: J3032 in tezspire ({first})\n"
    assert [one["finding"] for one in shown(store)] == others
    assert kg("findings", store=store).err == "4 findings, and 1 set aside\n"
    (aside,) = shown(store, "--decision", "set-aside")
    assert (aside["finding"], aside["decision"], aside["note"]) == (first, "set-aside", "the publisher knows it")
    assert len(shown(store, "--decision", "any")) == 5
    assert len(decided(store, "open")) == 4
    assert kg("findings", "--decision", "any", store=store).out.count("\n  set-aside 20") == 1


def test_what_is_accepted_stays_in_the_list(store: Path) -> None:
    first, second, *_ = (one["finding"] for one in shown(store))
    ran = kg("findings", "--accept", first[:8], "--accept", second, store=store)
    assert (ran.code, ran.err.count("accepted: ")) == (0, 2)
    assert [one["decision"] for one in shown(store)] == ["accepted", "accepted", "open", "open", "open"]
    assert "\n  accepted  20" in kg("findings", store=store).out


def test_where_all_are_set_aside_there_is_nothing_to_end_with_1_for(store: Path) -> None:
    every = [one["finding"] for one in shown(store)]
    words = [word for name in every for word in ("--set-aside", name)]
    kg("findings", *words, "--note", "training", store=store)
    assert kg("findings", store=store) == (0, "", "0 findings, and 5 set aside\n")
    assert kg("findings", "--reopen", every[0], store=store).err.startswith("open: J3032")
    assert kg("findings", store=store).code == 1


def test_sarif_says_what_is_suppressed(store: Path) -> None:
    first = shown(store)[0]["finding"]
    kg("findings", "--set-aside", first, "--note", "known", store=store)
    ran = kg("findings", "--decision", "any", "--format", "sarif", store=store)
    results = json.loads(ran.out)["runs"][0]["results"]
    assert results[0]["partialFingerprints"] == {"billingKgFinding/v1": first}
    assert results[0]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "known"}]
    assert all("suppressions" not in result for result in results[1:])


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--accept", "nosuch"], 1, "no finding is called 'nosuch' (5 findings searched)"),
        (["--set-aside", "{first}"], 2, "to set a finding aside needs a note that says why"),
        (["--accept", "{first}", "--reopen", "{first}"], 2, "one finding cannot be decided about twice at once"),
        (["--accept", "{first}", "--note", "x" * 1001], 2, "a note has at most 1,000 characters, not 1,001"),
        (["--note", "why"], 2, "--note goes with --accept or --set-aside"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(words: list[str], code: int, told: str, store: Path) -> None:
    first = shown(store)[0]["finding"]
    ran = kg("findings", *(word.replace("{first}", first) for word in words), store=store)
    assert (ran.code, ran.error) == (code, f"kg: {told}")
    assert decided(store, "open") == [one["concept"] for one in shown(store)]


def test_a_damaged_file_of_decisions_is_told(store: Path) -> None:
    file = store.with_name("graph.decisions.json")
    file.write_text("{")
    ran = kg("findings", store=store)
    assert (ran.code, ran.error) == (3, f"kg: {file}: not a file of decisions; mend it, or remove it")
