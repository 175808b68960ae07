"""Misspelt drugs and brands: every command offers what was meant, and none takes it for the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg as api
from kg.graph.offers import offers
from kg.graph.spelling import Spelling
from kg.graph.store import GraphStore

from .running import kg

MEANT = {
    "Actemera": "Actemra (tocilizumab, J3262, Q0249)",
    "Nucla": "Nucala (mepolizumab, J2182)",
    "Rituxn": "Rituxan (rituximab, J9312)",
    "Remicad": "Remicade (infliximab, J1745)",
    "Entivo": "Entyvio (vedolizumab, J3380)",
    "infliximb": "infliximab (J1745)",
}


@pytest.mark.parametrize(
    "command",
    [
        ["show", "Nucla"],
        ["codes-for", "Nucla"],
        ["path", "J3262", "Nucla"],
        ["path", "Nucla", "J3262"],
        ["units", "Nucla", "--dose", "100mg"],
        ["draw", "Nucla"],
        ["draw", "--for-diagnosis", "Nucla"],
        ["export", "--format", "graphml", "--around", "Nucla"],
    ],
)
def test_every_command_offers_the_brand_that_was_meant(command: list[str], store: Path, tmp_path: Path) -> None:
    ran = kg(*command, store=store)
    assert (ran.code, ran.out) == (1, "")
    assert ran.error.endswith("did you mean Nucala (mepolizumab, J2182)?")


@pytest.mark.parametrize("text", MEANT)
def test_what_was_meant(store: Path, text: str) -> None:
    with GraphStore.open(store) as opened:
        assert offers(opened, text) == (MEANT[text],)


@pytest.mark.parametrize(
    "text",
    ["", "Zzzzqq", "abc", "J326", "M06.X", "physician", "modifier", "a" * 50, "%_'\"", "*", "headache clinic visit"],
)
def test_nothing_is_offered_for_what_comes_near_to_no_drug(store: Path, text: str) -> None:
    with GraphStore.open(store) as opened:
        assert offers(opened, text) == ()


def test_search_offers_as_well_and_what_is_called_so_needs_no_offer(store: Path) -> None:
    ran = kg("search", "Entivo", store=store)
    assert (ran.code, ran.out) == (1, "")
    assert "nothing is called 'Entivo'; did you mean Entyvio (vedolizumab, J3380)?" in ran.error
    nearly = kg("search", "Nucla", store=store)
    assert nearly.code == 0 and "drug:mepolizumab" in nearly.out
    assert nearly.err.endswith("these are spelt nearly so; did you mean Nucala (mepolizumab, J2182)?\n")
    with api.open(store) as graph:
        assert graph.search("Nucala").offers == ()


def test_the_brand_itself_is_the_answer(store: Path) -> None:
    ran = kg("units", "Remicade", "--dose", "300mg", store=store)
    assert ran.code == 0
    assert ran.out.startswith("J1745 infliximab, 10 mg")


def test_two_words_that_stand_nowhere_together_hide_no_word_that_is_near() -> None:
    spelling = Spelling(["nuc", "la", "nucala"])
    assert spelling.meant(["nucla"]) == [["nuc la"]]
    assert spelling.meant(["nucla"], split=False) == [["nucala"]]
