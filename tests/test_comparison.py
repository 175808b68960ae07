"""How far two sources of a graph agree, as `kg.open().compare` tells it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.errors import NotFound, UnknownName, UsageError
from tests.graph import compared

SIDES = (
    "guide",
    "policy",
    "A57001",
    "A57002",
    "A57003",
    "A57004",
    "A57004-1",
    "A57005",
    "A57006",
    "First Coast",
    "Novitas",
    "NGS",
)
SUPPORTED = "supportedByDiagnosis"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compared.build(tmp_path_factory.mktemp("compared"))


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[kg.BillingGraph]:
    with kg.open(store) as graph:
        yield graph


def edges(comparison: kg.Comparison, agreement: str) -> list[str]:
    """The edges of one kind, in short: `J0897 supportedByDiagnosis M81.0`."""
    return [f"{e.subject.key} {e.relation} {e.object.key}" for e in comparison if e.agreement == agreement]


def said(comparison: kg.Comparison) -> list[tuple[str, str, str, str]]:
    """The objects, by how the sides stand to them and what each says."""
    rows = list(comparison.rows())
    return [(row["agreement"], row["object"].split(":")[1], row["first_says"], row["second_says"]) for row in rows]


def test_two_documents_agree_differ_and_contradict(graph: kg.BillingGraph) -> None:
    found = graph.compare("guide", "policy")
    assert edges(found, "both") == [f"J0897 {SUPPORTED} M81.0", "J3262 acceptsModifier JZ"]
    assert edges(found, "contradict") == ["J3262 acceptsModifier JW"]
    assert edges(found, "second") == [
        f"J0897 {SUPPORTED} M06.9", f"J0897 {SUPPORTED} Z79.899", "J3262 requiresDocumentation orders",
    ]  # fmt: skip
    assert "J0897 acceptsModifier JW" in edges(found, "first")
    assert (found.known, found.counts["contradict"], found.codes["both"]) == (kg.Known.NO, 1, 2)
    assert [(code.key, number) for code, number in found.only_second] == [("J3111", 1)]
    assert found.only_first == ()


def test_a_yes_and_a_no_under_other_qualifiers_are_no_contradiction(graph: kg.BillingGraph) -> None:
    """The guide speaks of M06.9 for Medicare and of Z79.899 by one route, the policy of neither so."""
    found = graph.compare("guide", "policy", code="J0897")
    for diagnosis in ("M06.9", "Z79.899"):
        assert f"J0897 {SUPPORTED} {diagnosis}" in edges(found, "first")
        assert f"J0897 {SUPPORTED} {diagnosis}" in edges(found, "second")


def test_a_side_that_says_yes_and_no_agrees_with_a_yes_and_is_cited_for_it(graph: kg.BillingGraph) -> None:
    (edge,) = graph.compare("guide", "policy", code="J3262", only="both")
    assert [one.evidence.quote for one in edge.first] == ["JZ with J3262"]
    assert [one.evidence.quote for one in edge.second] == ["JZ"]


def test_what_differs_between_payers_is_no_contradiction_of_documents_that_name_none(graph: kg.BillingGraph) -> None:
    found = graph.compare("guide", "policy", relation="requiresDocumentation")
    assert [(kind, object) for kind, object, *_ in said(found)] == [("first", "orders"), ("second", "orders")]


def test_a_document_and_an_article(graph: kg.BillingGraph) -> None:
    found = graph.compare("guide", "A57001")
    assert said(found) == [
        ("contradict", "C79.51", "excluded", "affirmed"),
        ("contradict", "M06.9", "affirmed", "excluded"),
        ("first", "M05", "affirmed", ""),
        ("first", "Z79.899", "affirmed", ""),
        ("second", "M80.08XA", "", "affirmed"),
        ("second", "M85.80", "", "excluded"),
        ("both", "M81.0", "affirmed", "affirmed"),
    ]  # fmt: skip
    assert [code.key for code, _ in found.only_second] == ["96372"]
    assert found.second == kg.Side(kg.SideKind.ARTICLE, "A57001-1", compared.DAY, "Billing and Coding: Denosumab")


def test_an_article_speaks_neither_of_other_payers_nor_of_other_relations(graph: kg.BillingGraph) -> None:
    rows = list(graph.compare("guide", "A57001").rows())
    assert "icd10cm:M05.79" not in {row["object"] for row in rows}
    assert {row["relation"] for row in rows} == {SUPPORTED}
    with pytest.raises(UsageError, match="articles state supportedByDiagnosis alone, and not hasPayer"):
        graph.compare("guide", "A57001", relation="hasPayer")


def test_a_list_that_calls_itself_complete_contradicts_with_that_sentence(graph: kg.BillingGraph) -> None:
    row = next(row for row in graph.compare("guide", "A57001").rows() if row["object"] == "icd10cm:M06.9")
    assert (row["first_document"], row["first_line"], row["first_quote"]) == ("guide", 5, "Supported: M06.9")
    assert (row["second_document"], row["second_quote"]) == ("A57001-1", compared.COMPLETE)
    assert row["second_section"] == "article_x_icd10_noncovered_group.csv, group 1"
    assert row["second_address"].endswith("article.aspx?articleid=57001&ver=1")


def test_a_list_that_does_not_call_itself_complete_says_no_to_nothing(graph: kg.BillingGraph) -> None:
    found = graph.compare("guide", "A57002")
    assert ("first", "M06.9", "affirmed", "") in said(found)
    assert ("contradict", "C79.51", "excluded", "affirmed") in said(found)


def test_a_complete_list_leaves_open_what_it_lists_for_another_code(graph: kg.BillingGraph) -> None:
    found = graph.compare("guide", "A57005")
    assert ("first", "M06.9", "affirmed", "") in said(found)
    assert ("both", "C79.51", "excluded", "excluded") in said(found)
    rows = {row["object"]: row["second_line"] for row in found.rows()}
    assert rows["icd10cm:M81.0"] == 9  # Of two rows that list it the first.


def test_words_that_close_a_list_say_no_to_nothing_where_nothing_is_listed_as_supporting(
    graph: kg.BillingGraph,
) -> None:
    found = graph.compare("guide", "A57006")
    assert {row[0] for row in said(found)} == {"first", "second"}


def test_two_contractors(graph: kg.BillingGraph) -> None:
    found = graph.compare("First Coast", "ngs")
    assert said(found) == [
        ("contradict", "C79.51", "affirmed", "excluded"),
        ("contradict", "M06.9", "excluded", "affirmed"),
        ("contradict", "M80.08XA", "affirmed", "excluded"),
        ("both", "M81.0", "affirmed", "affirmed"),
        ("both", "M85.80", "excluded", "excluded"),
    ]  # fmt: skip
    assert found.summary == "both 2 · only First Coast 0 · only NGS 0 · contradict 3"
    assert (found.first.kind, found.first.name) == (kg.SideKind.CONTRACTOR, "First Coast")
    quotes = {row["object"]: (row["first_quote"], row["second_quote"]) for row in found.rows()}
    assert quotes["icd10cm:M85.80"] == ("57001 | 1 | M85.80 | 1", compared.COMPLETE)
    assert set(found.policies) == {"A57001-1", "A57003-1"}


def test_every_row_of_an_article_is_the_one_that_lists_it(graph: kg.BillingGraph) -> None:
    rows = {row["object"]: row for row in graph.compare("A57001", "A57002", code="J0897").rows()}
    cells = [(row["first_line"], row["first_quote"]) for row in rows.values()]
    assert cells == [
        (3, "57001 | 1 | M80.08XA | 1"), (2, "57001 | 1 | M81.0 | 1"), (2, "57001 | 1 | M85.80 | 1"),
        (4, "57001 | 1 | C79.51 | 1"),
    ]  # fmt: skip
    starred = rows["icd10cm:C79.51"]
    assert starred["first_condition"] == "First Coast: FL; Use with care. Only with metastases."
    assert (starred["second_line"], starred["second_quote"]) == (6, "57002 | 1 | C79.51 | 2")


def test_one_article_on_two_days(graph: kg.BillingGraph) -> None:
    found = graph.compare("a57004", between=("2024-06-30", "2025-06-30"))
    assert (found.first.name, found.second.name) == ("A57004-1", "A57004-2")
    assert said(found) == [
        ("contradict", "D59.3", "affirmed", "excluded"),
        ("second", "Z99.9", "", "excluded"),
        ("both", "D59.5", "affirmed", "affirmed"),
    ]
    assert [code.key for code, _ in found.only_second] == ["J1299"]
    assert graph.compare("A57004-1", "A57004-2") == found
    with pytest.raises(NotFound, match=r"A57004: not in force on 2020-01-01; there is A57004-2 \(2025-01-01 to now\)"):
        graph.compare("A57004", between=("2020-01-01", "2025-06-30"))


def test_the_article_in_force_on_the_day_is_meant(graph: kg.BillingGraph) -> None:
    assert graph.compare("A57004", "A57001").first.name == "A57004-2"
    assert graph.compare("A57004", "A57001", as_of="2024-06-30").first.name == "A57004-1"
    assert graph.compare("Novitas", "A57001", as_of="2024-06-30").codes["first"] == 2


def test_sides_that_share_no_code_are_not_known_to_agree(graph: kg.BillingGraph) -> None:
    found = graph.compare("A57001", "A57004")
    assert (found.known, list(found), found.codes["first"], found.codes["second"]) == (kg.Known.NOT_KNOWN, [], 2, 2)
    with pytest.raises(NotFound, match="whether A57001-1 and A57004-2 agree: there is no billing code of which both"):
        found.require()
    assert graph.compare("guide", "policy", code="J3111").known is kg.Known.NOT_KNOWN


@pytest.mark.parametrize("side", SIDES)
def test_a_side_agrees_with_itself(graph: kg.BillingGraph, side: str) -> None:
    found = graph.compare(side, side)
    assert {edge.agreement for edge in found} == {kg.Agreement.BOTH}
    assert found.only_first == found.only_second == ()
    assert all(edge.first == edge.second for edge in found)
    assert found.known is kg.Known.YES


@pytest.mark.parametrize("first", SIDES)
def test_a_comparison_can_be_mirrored(graph: kg.BillingGraph, first: str) -> None:
    for second in SIDES:
        found, mirrored = graph.compare(first, second), graph.compare(second, first)
        turned = [
            edge._replace(agreement=edge.agreement.mirrored, first=edge.second, second=edge.first) for edge in found
        ]
        assert sorted(turned, key=repr) == sorted(mirrored, key=repr)
        assert (found.only_first, found.only_second) == (mirrored.only_second, mirrored.only_first)


@pytest.mark.parametrize("first", SIDES)
def test_every_edge_cites_what_its_kind_says_and_pages_add_up(graph: kg.BillingGraph, first: str) -> None:
    for second in SIDES:
        found = graph.compare(first, second)
        for edge in found:
            cited = bool(edge.first), bool(edge.second)
            assert cited == (edge.agreement != "second", edge.agreement != "first")
            if edge.first and edge.second:
                polarities = [{one.polarity for one in own} for own in (edge.first, edge.second)]
                assert (polarities[0] == polarities[1]) is (edge.agreement == "both")
        assert {kind: len(found.of(kind)) for kind in kg.Agreement} == dict(found.counts)


def test_pages_are_of_each_kind(graph: kg.BillingGraph) -> None:
    whole = graph.compare("First Coast", "NGS")
    pages = [graph.compare("First Coast", "NGS", limit=1, offset=offset) for offset in range(4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert sorted((edge for page in pages for edge in page), key=repr) == sorted(whole, key=repr)
    assert all(page.counts == whole.counts for page in pages)
    assert graph.compare("First Coast", "NGS", limit=1, offset=1, as_of=compared.DAY) == pages[1]
    only = graph.compare("First Coast", "NGS", only="contradict", offset=1)
    assert said(only) == [row for row in said(whole) if row[0] == "contradict"][1:]


def test_trust_is_that_of_the_documents(graph: kg.BillingGraph) -> None:
    assert graph.at(trust="refuted").compare("guide", "guide").counts["both"] == 11
    assert graph.compare("guide", "guide", trust="corroborated").counts["both"] < 10


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (("guide",), UsageError, "nothing to compare 'guide' with"),
        (("guide", " "), UsageError, "a side without a name"),
        (("guide", "nosuch"), NotFound, r"called 'nosuch' \(2 documents and 3 contractors searched\)"),
        (("A99999", "guide"), NotFound, "no article in the graph has the number A99999"),
        (("A57004-3", "guide"), NotFound, "A57004: not version 3; there is A57004-2"),
        (("guide", "N"), UsageError, "2 contractors are called 'N': NGS, Novitas"),
        (("guide", "../../etc/passwd\0"), NotFound, "no document, article or contractor"),
        (("guide", '" } INSERT DATA { <x:a> <x:b> <x:c> } #'), NotFound, "no document, article or contractor"),
        (("guide", "\ud800"), NotFound, "no document, article or contractor"),
        (("A" + "9" * 5000, "guide"), NotFound, "no document, article or contractor"),
    ],
)  # fmt: skip
def test_what_is_no_side_is_told(
    graph: kg.BillingGraph, words: tuple[str, ...], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        graph.compare(*words)


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"limit": 0}, UsageError, "no such page: limit 0"),
        ({"limit": 10_001}, UsageError, "no such page: limit 10001"),
        ({"offset": -1}, UsageError, "no such page"),
        ({"only": "neither"}, UnknownName, "no such agreement: 'neither'"),
        ({"relation": "likes"}, UnknownName, "no such relation: 'likes'"),
        ({"code": "nosuch"}, NotFound, "'nosuch'"),
        ({"between": ("2024-06-30", "2025-06-30"), "as_of": "2025-06-30"}, UsageError, "not both"),
        ({"between": ("2024-06-30", "soon")}, UsageError, "not a date: 'soon'"),
    ],
)
def test_what_cannot_be_asked_is_told(
    graph: kg.BillingGraph, options: dict[str, object], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        graph.compare("guide", "A57001", **options)  # type: ignore[arg-type]
