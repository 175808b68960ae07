"""`docs/graph.md` names what the graph has, and its questions have answers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kg.billing_graph import BillingGraph
from kg.graph.days import Days
from kg.graph.rdf.iris import PREFIXES
from kg.graph.rdf.vocabulary import BKG, CLASSES, RELATIONS
from kg.graph.store import GraphStore
from kg.model import Code, CodeSystem, Concept, Relation, Statement
from kg.reference import Edition, Entry, Reference, Release

from .making import HCPCS, assertion, evidence, write

PAGE = (Path(__file__).parents[2] / "docs" / "graph.md").read_text("utf-8")
# What is asked of RDF 1.2, which only an export is, stands in the tests of exports.
QUESTIONS = [found for found in re.findall(r"```sparql\n(.+?)```", PAGE, re.DOTALL) if "rdf:reifies" not in found]
NAMES = {curie.removeprefix("bkg:") for curie in re.findall(r"bkg:[A-Za-z0-9]+", PAGE)}


def local(names: object) -> set[str]:
    return {name.value.removeprefix(PREFIXES["bkg"]) for name in names}  # type: ignore[attr-defined]


def test_every_class_and_property_is_explained() -> None:
    own = {name for name in vars(BKG) if not name.startswith("_")}
    general = {"Concept", "Code", "BillingCode", "CodeSystem", "Polarity", "Strength", "Verdict"}
    released = local(name for relation, name in RELATIONS.items() if relation.only_released)
    assert (own - general) | local(CLASSES.values()) | released <= NAMES


def test_every_prefix_is_explained() -> None:
    own = {prefix for prefix, base in PREFIXES.items() if base.startswith("https://w3id.org/billing-kg/")}
    assert {prefix for prefix in own if f"`{prefix}:`" not in PAGE} == set()


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> BillingGraph:
    crosswalk = Release("asp", CodeSystem.NDC, "ASP crosswalk", date(2026, 1, 1), False, "public", "here")
    code, ndc = Code.parse("J3262"), Code.parse("50242-0136-01")
    row = Statement(
        Concept.of(ndc), Relation.BILLED_AS, Concept.of(code), 12, "a row", details=(("billingUnitsPerPackage", "80"),)
    )
    ended = Entry(code, "Injection, tocilizumab, 1 mg", valid_through=date(2020, 1, 1), row=7)
    editions = [Edition(HCPCS, (ended,)), Edition(crosswalk, (Entry(ndc, "Actemra"),), (row,))]
    stated = [assertion("icd10cm:M05.79", at=evidence(f"M05.79 {n}", n * 20)) for n in range(2)]
    path = write(tmp_path_factory.mktemp("page"), stated, Reference.of(editions), date(2026, 1, 1))
    return BillingGraph(Days(GraphStore.open(path)))


def test_the_packages_of_a_code(graph: BillingGraph) -> None:
    (row,) = graph.query(QUESTIONS[0]).rows
    assert [str(value) for value in row] == ["50242-0136-01", "Actemra", "80", "ASP crosswalk", "12"]


def test_what_speaks_against_the_documents(graph: BillingGraph) -> None:
    (row,) = graph.query(QUESTIONS[1]).rows
    assert [str(value) for value in row] == [
        "guide.md", "1", "M05.79 0", "ended on 2020-01-01 (HCPCS codes that the guides need)",
        "Injection, tocilizumab, 1 mg", "7", "1",
    ]  # fmt: skip


def test_all_questions_of_the_page_are_asked() -> None:
    assert len(QUESTIONS) == 2
