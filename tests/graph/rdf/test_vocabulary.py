from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import MalformedCode, UnknownName
from kg.graph.rdf.iris import PREFIXES, concept_of, curie, iri, is_concept, node, thing
from kg.graph.rdf.vocabulary import BKG, dataset
from kg.model import Code, Concept, Kind

BASE = "https://w3id.org/billing-kg/"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("hcpcs:J3262", f"{BASE}code/hcpcs/J3262"),
        ("icd10cm:M05.79", f"{BASE}code/icd10cm/M05.79"),
        ("modifier:JW", f"{BASE}code/modifier/JW"),
        ("drug:tocilizumab", f"{BASE}drug/tocilizumab"),
        ("bkg:billable", f"{BASE}ns#billable"),
        ("graph:relations/refuted", f"{BASE}graph/relations/refuted"),
        ("skos:prefLabel", "http://www.w3.org/2004/02/skos/core#prefLabel"),
        ("document:a b", f"{BASE}document/a%20b"),
    ],
)
def test_both_ways(short: str, long: str) -> None:
    assert iri(short) == long
    assert curie(long) == short


def test_what_has_no_prefix_stays() -> None:
    assert curie("https://example.org/x") == "https://example.org/x"
    assert curie(f"{BASE}unheard-of/x") == f"{BASE}unheard-of/x"
    with pytest.raises(UnknownName, match="no such prefix: 'ex:x'"):
        iri("ex:x")
    with pytest.raises(UnknownName, match="'J3262'"):
        iri("J3262")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_longest_base_gives_the_prefix_and_names_may_hold_what_ends_one(prefix: str) -> None:
    assert curie(f"{PREFIXES[prefix]}one/two#three") == f"{prefix}:one/two#three"


def test_a_mistyped_name_fails_at_once() -> None:
    with pytest.raises(AttributeError):
        BKG.billible  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(UnknownName, match="'claim'"):
        thing("claim", "x")


@given(st.sampled_from(list(Kind)), st.text(min_size=1))
def test_any_key_comes_back(kind: Kind, key: str) -> None:
    concept = Concept(kind, key.encode("utf-8", "ignore").decode() or "x")
    assert concept_of(node(concept)) == concept
    assert curie(node(concept).value) == concept.curie


@pytest.mark.parametrize(
    "term",
    [
        BlankNode("a"),
        Literal("hcpcs:J3262"),
        NamedNode(f"{BASE}hcpcs/J3262"),
        NamedNode(f"{BASE}code/drug/x"),
        NamedNode(f"{BASE}code/hcpcs"),
        NamedNode(f"{BASE}code/hcpcs/"),
        NamedNode(f"{BASE}drug/a/b"),
        NamedNode(f"{BASE}code/modifier/cms/x"),
        NamedNode(f"{BASE}document/x"),
        NamedNode("https://example.org/"),
    ],
)
def test_what_is_no_concept(term: object) -> None:
    assert not is_concept(term)
    with pytest.raises(MalformedCode, match="not a concept"):
        concept_of(term)


def test_datasets_grow_with_less_trust() -> None:
    assert [curie(graph.value) for graph in dataset()][-1] == "graph:relations/disputed"
    assert len(dataset("refuted")) == 8
    with pytest.raises(UnknownName, match="no such verdict: 'sure'"):
        dataset("sure")


def test_every_code_system_and_kind_has_a_prefix() -> None:
    assert {kind.value for kind in Kind} <= PREFIXES.keys()
    assert iri(Code.parse("96413").curie) == f"{BASE}code/cpt/96413"


@pytest.mark.parametrize(
    "text",
    ["", "x", "/", "#", "/x", "https://", "http://www.w3.org/", "urn:x", "https://example.org/drug/tocilizumab"],
)
def test_what_no_prefix_fits_stays_as_it_is(text: str) -> None:
    assert curie(text) == text
