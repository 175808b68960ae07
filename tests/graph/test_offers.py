"""Offers name the codes of a drug that hold on the day of the store."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kg.graph.offers import offers
from kg.graph.store import GraphStore
from kg.model import Code, CodeSystem
from kg.reference import Edition, Entry, Reference, Release

from .making import write

HCPCS = Release("hcpcs", CodeSystem.HCPCS, "HCPCS", date(2025, 10, 1), False, "", "")


def offered(folder: Path, *codes: Entry) -> tuple[str, ...]:
    reference = Reference.of([Edition(HCPCS, codes)], ())
    with GraphStore.open(write(folder / "store", (), reference, date(2026, 2, 1))) as store:
        return offers(store, "tocilizumub")


def code(key: str, through: date | None = None, drug: str = "tocilizumab") -> Entry:
    return Entry(Code.parse(key, CodeSystem.HCPCS), f"Injection, {drug}, 1 mg", valid_through=through)


def test_only_the_likeliest_are_offered(tmp_path: Path) -> None:
    other = code("J1004", drug="toculizumib")
    assert offered(tmp_path, code("J1003"), other) == ("tocilizumab (J1003)",)
    assert offered(tmp_path / "other", other) == ("toculizumib (J1004)",)


def test_codes_that_have_ended_are_left_out_where_others_have_not(tmp_path: Path) -> None:
    ended = code("J1004", date(2020, 12, 31))
    assert offered(tmp_path, code("J1003"), ended) == ("tocilizumab (J1003)",)
    assert offered(tmp_path / "all", ended) == ("tocilizumab (J1004)",)


def test_of_many_codes_three_are_named(tmp_path: Path) -> None:
    assert offered(tmp_path, *(code(f"J100{number}") for number in range(5))) == (
        "tocilizumab (J1000, J1001, J1002, and 2 more)",
    )
