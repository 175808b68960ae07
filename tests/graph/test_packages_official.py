"""Doses planned with the official releases; about ten seconds, so that they are read once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import kg
from kg.billing_graph import BillingGraph
from kg.errors import NotFound
from kg.reference import Reference
from kg.reference.formats import read_release
from tests.data.official import REFERENCE, needs_reference

from .making import write

pytestmark = [needs_reference, pytest.mark.slow]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BillingGraph]:
    """HCPCS of October 2025 and the ASP crosswalk of January 2026, without documents."""
    crosswalk = next((REFERENCE / "asp").glob("*January 2026*Crosswalk*"))
    files = [REFERENCE / "hcpcs" / "HCPC2025_OCT_ANWEB.xlsx", crosswalk]
    editions = [edition for file in files for edition in read_release(file)]
    with kg.open(write(tmp_path_factory.mktemp("official"), (), Reference.of(editions, ()))) as opened:
        yield opened


@pytest.mark.parametrize(
    ("code", "dose", "lines", "packages"),
    [
        ("J3262", "480mg", [("JZ", 480)], [("400 mg", 1), ("80 mg", 1)]),
        ("J3262", "500 mg", [("", 500), ("JW", 20)], [("200 mg", 1), ("80 mg", 4)]),
        ("J0129", "750 mg", [("JZ", 75)], [("250 mg", 3)]),
        ("J9035", "730 mg", [("", 73), ("JW", 7)], [("400 mg", 2)]),
        ("J0585", "155 units", [("", 155), ("JW", 45)], [("200 units", 1)]),
        ("J7192", "1500 IU", [("", 1500)], []),
    ],
)
def test_doses_come_from_the_packages_of_the_crosswalk(
    graph: BillingGraph, code: str, dose: str, lines: list[tuple[str, int]], packages: list[tuple[str, int]]
) -> None:
    plan = graph.at(as_of="2026-02-01").units(code, dose)
    assert [(line.modifier, line.units) for line in plan.lines] == lines
    assert [(package.amount.text.lower(), count) for package, count in plan.packages] == packages
    assert [source.identifier for source in plan.sources[:2]] == [
        "release:hcpcs-2025-10",
        "release:asp-crosswalk-2026-01",
    ][: 1 + bool(packages)]


def test_the_sources_name_their_rows(graph: BillingGraph) -> None:
    plan = graph.units("J3262", "480mg", packages="80mg,200mg,400mg")
    assert [(source.row, source.text) for source in plan.sources] == [(5297, "Injection, tocilizumab, 1 mg")]
    plan = graph.units("J3262", "400mg", ndc="50242013701")
    assert plan.sources[1].row == 4064
    assert plan.sources[1].text.startswith("J3262 | Genentech, Inc. | 50242-0137-01 | Actemra | 1 MG")


def test_every_code_with_packages_can_be_planned(graph: BillingGraph) -> None:
    """No row of the crosswalk leads to anything but a plan, or an error of ours that says why."""
    table = graph.query("SELECT DISTINCT ?code { ?s a bkg:Statement ; rdf:predicate bkg:billedAs ; rdf:object ?code }")
    planned = unknown = 0
    for code in [str(row[0]) for row in table.rows]:
        try:
            unit = graph.units(code, "1 mg").unit
        except kg.errors.KgError as exc:
            unknown += isinstance(exc, NotFound)
        else:
            planned += bool(unit)
    assert len(table) > 800
    assert planned > 400
    assert unknown < 60


def test_a_code_that_ended_is_told(graph: BillingGraph) -> None:
    notes = graph.at(as_of="2010-12-31").units("J3262", "480mg").notes
    assert notes[0] == "J3262 had not begun on 2010-12-31: it is valid from 2011-01-01."


def test_what_the_graph_does_not_know_is_not_found(graph: BillingGraph) -> None:
    with pytest.raises(NotFound, match="'J9998'"):
        graph.units("J9998", "480mg")
    with pytest.raises(NotFound, match=r"not known: the billing unit of A4206 .* searched 3 releases"):
        graph.units("A4206", "480mg")
