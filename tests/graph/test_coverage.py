"""Coverage in a store, read as far as a question needs it; and which codes connect to a diagnosis by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import kg
from kg.answers import Codes, Known
from kg.errors import UsageError
from kg.model import Concept, Polarity
from tests.graph.covered import covered


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kg.BillingGraph]:
    with kg.open(covered(tmp_path_factory.mktemp("covered"))) as graph:
        yield graph


def told(codes: Codes) -> list[tuple[str, str, str, list[str]]]:
    """Of each connection the code, the diagnosis, which way, and where it stands."""
    return [
        (one.subject.key, one.object.key, one.polarity[0], [str(assertion.evidence) for assertion in one.assertions])
        for one in codes
    ]


def test_without_a_payer_no_article_is_asked(graph: kg.BillingGraph) -> None:
    codes = graph.codes_for("M81.0", polarity=None)
    assert told(codes) == [("J0897", "M81.0", "a", ["guide:2", "guide:4"])]
    assert (codes.listed, codes.rulings, codes.asked) == (2, (), "")


def test_articles_speak_for_medicare(graph: kg.BillingGraph) -> None:
    codes = graph.codes_for("M81.0", payer="medicare", polarity=None)
    assert told(codes) == [
        ("96372", "M81.0", "a", ["A57001-1:2"]),
        ("J0897", "M81.0", "a", ["A57001-1:2", "guide:2"]),
        ("J3489", "M81.0", "a", ["A57002-1:5"]),
    ]
    (drug,) = (one for one in codes if one.subject.key == "J0897")
    first = drug.assertions[0]
    assert (first.condition, first.evidence.quote) == ("First Coast: FL; Use with care.", "57001 | 1 | M81.0 | 1")
    assert first.evidence.section == "article_x_icd10_covered.csv, group 1"
    assert (drug.verdict, drug.subject.name) == ("corroborated", "Injection, denosumab, 1 mg")
    assert [policy.key for policy in codes.policies] == ["A57001-1", "A57002-1"]


def test_a_state_asks_its_own_articles(graph: kg.BillingGraph) -> None:
    assert [row[0] for row in told(graph.codes_for("M81.0", state="fl"))] == ["96372", "J0897"]
    assert [row[0] for row in told(graph.codes_for("M81.0", state="TX"))] == ["J0897", "J3489"]
    assert graph.codes_for("M80.08XA", state="TX").known is Known.NOT_KNOWN


def test_other_payers_hear_what_is_said_of_them_or_of_nobody(graph: kg.BillingGraph) -> None:
    assert told(graph.codes_for("M85.80", payer="Aetna", polarity=None)) == [("J0897", "M85.80", "a", ["guide:12"])]
    assert told(graph.codes_for("M81.0", payer="Cigna")) == [("J0897", "M81.0", "a", ["guide:2"])]


@pytest.mark.parametrize(
    ("diagnosis", "state", "known", "rows"),
    [
        ("M81.0", "FL", Known.YES, ["A57001-1:2"]),
        ("M85.80", "FL", Known.NO, ["A57001-1:2"]),
        ("M05.79", "FL", Known.NO, ["A57001-1:2"]),
        ("M05.79", "TX", Known.NOT_KNOWN, []),
        ("M81", "FL", Known.YES, ["A57001-1:2"]),
    ],
)
def test_yes_no_or_not_known(graph: kg.BillingGraph, diagnosis: str, state: str, known: Known, rows: list[str]) -> None:
    """At a trust that leaves out what articles dispute."""
    codes = graph.codes_for(diagnosis, code="J0897", state=state, trust="corroborated", polarity=None)
    of_articles = [str(one.evidence) for connection in codes for one in connection.assertions if one.rule == "article"]
    assert (codes.known, of_articles) == (known, rows)


def test_the_narrower_are_asked_too(graph: kg.BillingGraph) -> None:
    assert [row[1] for row in told(graph.codes_for("M81", state="FL", code="J0897"))] == ["M81.0"]
    assert told(graph.codes_for("M81", state="FL", code="J0897", narrower=False)) == []


def test_on_a_day_before_the_articles_they_say_nothing(graph: kg.BillingGraph) -> None:
    codes = graph.codes_for("C79.51", payer="medicare", as_of="2023-06-30", polarity=None)
    assert codes.rulings == ()


def test_the_answer_as_a_whole(graph: kg.BillingGraph) -> None:
    answer = graph.codes_for("M85.80", code="J0897", state="FL", polarity=Polarity.EXCLUDED).to_json()
    assert (answer["asked"], answer["known"]) == ("for Medicare in FL", "yes")
    (policy,) = answer["policies"]
    assert policy["address"].endswith("articleid=57001&ver=1")
    assert [row["title"] for row in answer["rows"]] == ["Billing and Coding: Denosumab"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"state": "Florida"}, r"not a state: 'Florida' \(write its two letters, as FL\)"),
        ({"state": "FL", "payer": "Aetna"}, "states are known of Medicare alone, not of Aetna"),
    ],
)
def test_what_cannot_be_asked(graph: kg.BillingGraph, asked: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        graph.codes_for("M81.0", **asked)


def test_nothing_is_said_for_whom_it_was_asked(graph: kg.BillingGraph) -> None:
    codes = graph.codes_for("M80.08XA", state="TX", code=Concept.parse("hcpcs:J3489"))
    assert codes.nothing.endswith(
        "to M80.08XA Age-related osteoporosis with fracture for Medicare in TX at trust disputed"
    )


def test_the_graph_is_whole(graph: kg.BillingGraph) -> None:
    assert graph.validate() == []
    listed = graph.query("SELECT ?l { ?l a bkg:Listing ; bkg:inGroup ?g }")
    assert len(listed) == 6


def test_what_an_article_rules_under_a_condition_corroborates_nothing(graph: kg.BillingGraph) -> None:
    (codes,) = graph.codes_for("C79.51", code="J0897", state="FL")
    assert (codes.verdict, codes.assertions[0].strength) == ("consistent", "permitted")
    assert codes.assertions[0].condition == "First Coast: FL; Use with care. Only with metastases."
    trusted = graph.codes_for("C79.51", code="J0897", state="FL", trust="corroborated")
    assert (list(trusted), trusted.known) == ([], Known.NOT_KNOWN)
