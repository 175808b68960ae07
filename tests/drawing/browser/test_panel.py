"""Criterion 8: every connection shows who states it, in which words, and what speaks against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kg
from kg.documents import read
from kg.drawing import Drawing, draw
from kg.drawing.payload import Background
from kg.model import Concept, Connection, Evidence, Finding, Relation, Verdict
from kg.resources import path as resource

from ..samples import connect, neighbourhood
from .opened import Opened, OpenFile


def blocks(opened: Opened) -> list[str]:
    return opened.texts("#panel blockquote")


def terms(opened: Opened) -> dict[str, list[str]]:
    """The terms of the panel and what stands under each."""
    found: dict[str, list[str]] = {}
    for term, value in zip(opened.texts("#panel dt"), opened.texts("#panel dd"), strict=True):
        found.setdefault(term, []).append(value)
    return found


def _each_in_panel(opened: Opened) -> Iterator[int]:
    """Every connection that is seen, with the panel showing it."""
    opened.press("t")
    rows = opened.page.locator("#table tbody tr")
    for number in sorted(opened.seen().connections):
        rows.page.locator(f'tr[data-connection="{number}"] button').first.click()
        yield number


def test_every_connection_of_the_sample_tells_who_says_it(opened: Opened) -> None:
    opened.page.check("#excluded")
    said = {(each.relation.value, each.object.curie): each for each in neighbourhood()}
    shown = 0
    for number in _each_in_panel(opened):
        told = opened.data["connections"][number]
        connection = said[told["relation"], opened.data["concepts"][told["object"]]["curie"]]
        evidence = [each.evidence for each in connection.assertions]
        assert blocks(opened) == [each.quote for each in evidence]
        assert terms(opened)["Line"] == [str(each.line) for each in evidence]
        assert terms(opened)["Document"] == [each.document for each in evidence]
        assert terms(opened)["Section"] == [each.section for each in evidence]
        assert f" {connection.verdict}" in opened.text("#panel .verdict")
        assert opened.text("#panel h2") == connection.relation.label
        for end in (connection.subject, connection.object):
            assert end.label in opened.panel()
        shown += 1
    assert shown == len(said) == 40


@pytest.fixture(scope="module")
def guides(graph: kg.BillingGraph) -> dict[str, tuple[str, list[str]]]:
    """The text of each bundled guide as its reader gives it, and the lines of its file, by its title."""
    folder, names = resource("data", "guides"), graph.file_names()
    files = {title: folder / names[identifier] for identifier, title in graph.documents().items()}
    return {title: (read(file).text, file.read_text("utf-8").splitlines()) for title, file in files.items()}


def test_on_the_real_graph_every_quote_stands_in_its_document_on_its_line(
    real: Path, guides: dict[str, tuple[str, list[str]]], open_file: OpenFile
) -> None:
    opened = open_file(real)
    opened.page.check("#excluded")
    checked = 0
    for number in _each_in_panel(opened):
        found = terms(opened)
        assert opened.data["connections"][number]["verdict"] in opened.text("#panel .verdict")
        assert len(blocks(opened)) >= len(found["Document"]) == len(found["Line"]) > 0
        for quote, document, line in zip(blocks(opened), found["Document"], found["Line"], strict=False):
            if document in guides:
                text, lines = guides[document]
                assert quote and quote in text
                # Of a table in HTML the reader makes one line, which begins where its first cell does.
                assert quote.splitlines()[0].split(" | ")[0] in lines[int(line) - 1]
                checked += 1
    assert checked > 60


BENRALIZUMAB = Concept.parse("J0517", "Injection, benralizumab, 1 mg")


def contested(verdict: Verdict) -> tuple[Connection, Finding]:
    """A connection that a release speaks against, and the finding that says so."""
    connection = connect(
        BENRALIZUMAB,
        Relation.IDENTIFIES_DRUG,
        Concept.parse("drug:mepolizumab", "mepolizumab"),
        "J0517 identifies mepolizumab (Nucala).",
        verdict=verdict,
        condition="Use when it is given subcutaneously",
    )
    finding = Finding(
        connection.assertions[0],
        verdict,
        BENRALIZUMAB,
        "is something else in the release",
        "hcpcs-2026-01",
        Concept.parse("J2182", "Injection, mepolizumab, 1 mg"),
        "mepolizumab",
        "J0517 Injection, benralizumab, 1 mg",
        4211,
        Evidence("other", 0, 10, "Another guide says J2182.", 7, "Codes"),
    )
    return connection, finding


@pytest.fixture
def disputed(save: Callable[[Drawing], Path], open_file: OpenFile) -> Opened:
    connection, finding = contested(Verdict.REFUTED)
    background = Background(
        titles={"tocilizumab": "A guide to Nucala", "hcpcs-2026-01": "HCPCS Level II, January 2026"},
        validity={BENRALIZUMAB: ("valid from 2019-01-01",)},
        findings=[finding],
        as_of="2026-05-01",
    )
    return open_file(save(draw([connection], [BENRALIZUMAB], background=background)))


def test_what_speaks_against_a_connection_is_told_in_the_words_of_the_release(disputed: Opened) -> None:
    disputed.click("#show-graph")
    disputed.click_line(0)
    assert "✗ refuted: a code in it does not exist, or is something else" in disputed.panel()
    assert blocks(disputed) == [
        "J0517 Injection, benralizumab, 1 mg",
        "Another guide says J2182.",
        "J0517 identifies mepolizumab (Nucala).",
    ]
    found = terms(disputed)
    assert found["Document"] == ["other", "A guide to Nucala"]
    assert found["Condition"] == ["Use when it is given subcutaneously"]
    assert found["Strength"] == ["stated"]
    assert found["The document says"] == ["mepolizumab"]
    assert found["Release"] == ["HCPCS Level II, January 2026, row 4211"]
    assert disputed.text("#panel .meant") == "J2182 Injection, mepolizumab, 1 mg"
    assert "is something else in the release" in disputed.panel()
    assert "J0517 (Injection, benralizumab, 1 mg) identifies the drug mepolizumab." in disputed.panel()


def test_a_connection_that_nothing_speaks_against_says_nothing_of_the_kind(opened: Opened) -> None:
    opened.click_line(opened.connection("icd10cm:M06.9"))
    assert opened.count("#panel .finding") == 0 and "against" not in opened.panel()


def test_what_a_document_excludes_is_read_aloud_as_a_no(opened: Opened) -> None:
    opened.page.check("#excluded")
    opened.click_line(opened.connection("modifier:62"))
    assert blocks(opened) == ["Modifier 62 is not typically applicable to infusion."]
    assert "excluded by the document" in opened.panel() and "⊘" in opened.panel()
    assert "does not accept the modifier 62 (Two surgeons)." in opened.panel()


def test_a_concept_tells_name_kind_validity_and_its_connections_by_relation(disputed: Opened, opened: Opened) -> None:
    disputed.click("#show-graph")
    disputed.click_marker(disputed.focus())
    assert disputed.text("#panel .kind") == "HCPCS code · valid from 2019-01-01"
    opened.click_marker(opened.focus())
    assert opened.texts("#panel h2") == ["J3262"]
    headings = opened.texts("#panel h3")
    assert "accepts modifier · 7" in headings and "supported by diagnosis · 6" in headings
    assert opened.count("#panel ul li") == len(opened.seen().connections) == 39
    opened.click_marker(opened.number("icd10cm:D89.831"))
    assert opened.texts("#panel h3") == ["← complication diagnosis · 1", "← supported by diagnosis · 1"]


def test_back_goes_the_way_that_was_come(opened: Opened) -> None:
    opened.click_marker(opened.number("icd10cm:M06.9"))
    opened.page.locator("#panel ul button").first.click()
    opened.page.locator("#panel ul button").first.click()
    assert opened.texts("#panel h2") == ["J3262"]
    assert opened.evaluate("document.activeElement.closest('#panel') !== null")
    opened.click("#panel .back")
    assert opened.texts("#panel h2") == ["supported by diagnosis"]
    opened.click("#panel .back")
    assert opened.texts("#panel h2") == ["M06.9"]
    assert opened.count("#panel .back") == 0


def test_the_panel_follows_what_the_legend_hides(opened: Opened) -> None:
    opened.click_marker(opened.number("icd10cm:M06.9"))
    opened.page.uncheck('#legend input[data-key="icd10cm"]')
    assert "Hidden by the legend." in opened.panel()
    assert "That is not a no" in opened.panel()
