"""The table tells what the picture tells, and can be sorted, filtered and copied."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from kg.drawing import Background, Drawing, draw
from kg.model import Concept, Connection, Finding, Relation, Verdict

from ..samples import J3262, connect, star
from .opened import Opened, OpenFile
from .test_access import violations


def refuted() -> Drawing:
    """A code that a document gives for another drug, among two that are right."""
    lines = [
        connect(J3262, Relation.IDENTIFIES_DRUG, Concept.parse("drug:zinc", "=zinc"), verdict=Verdict.REFUTED),
        connect(
            J3262, Relation.ACCEPTS_MODIFIER, Concept.parse("modifier:JW", "Discarded"), verdict=Verdict.CONSISTENT
        ),
        connect(J3262, Relation.HAS_PAYER, Concept.parse("payer:aetna", "Aetna"), verdict=Verdict.CORROBORATED),
    ]
    finding = Finding(
        lines[0].assertions[0],
        Verdict.REFUTED,
        J3262,
        "is something else",
        "HCPCS Level II",
        official="Injection, tocilizumab, 1 mg",
        suggestion=Concept.parse("J9999", "Injection, zinc"),
    )
    return draw(lines, [J3262], background=Background(findings=[finding]))


def column(opened: Opened, name: str) -> list[str]:
    return opened.texts(f"#table tbody .{name}")


def test_a_row_says_all_that_the_panel_says(looked_at: Opened) -> None:
    looked_at.press("t")
    number = looked_at.connection("icd10cm:M35.3")
    assert looked_at.texts(f'tr[data-connection="{number}"] td') == [
        "Show",
        "J3262 Injection, tocilizumab, 1 mg",
        "supported by diagnosis",
        "M35.3 Polymyalgia rheumatica",
        "✗ refuted",
        "stated",
        "tocilizumab, line 10",
        "M35.3 | M35.3 Polymyalgia rheumatica |",
    ]
    looked_at.press("t")


def test_what_speaks_against_it_and_what_was_meant_are_columns(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(refuted()))
    opened.click("#show-table")
    row = opened.connection("drug:zinc")
    assert opened.texts(f'tr[data-connection="{row}"] .against') == ["J3262 is something else"]
    assert opened.texts(f'tr[data-connection="{row}"] .meant') == ["J9999 Injection, zinc"]
    assert violations(opened) == []
    # Nothing is cut off sideways.
    assert opened.evaluate(
        "(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('#table'))"
    )


def test_it_is_sorted_by_a_column_and_verdicts_from_the_worst(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    opened = open_file(save(refuted()))
    opened.click("#show-table")
    opened.click("#sort-verdict")
    assert [text.split()[-1] for text in column(opened, "verdict")] == ["refuted", "consistent", "corroborated"]
    assert opened.focused() == "sort-verdict"
    assert opened.page.get_attribute("#table th.verdict", "aria-sort") == "ascending"
    opened.press("Enter")
    assert [text.split()[-1] for text in column(opened, "verdict")] == ["corroborated", "consistent", "refuted"]
    opened.click("#sort-object")
    assert column(opened, "object") == ["=zinc", "Aetna", "JW Discarded"]


def test_it_is_filtered_by_words_in_any_order(opened: Opened) -> None:
    opened.click("#show-table")
    opened.page.fill("#table-filter", "unspecified rheumatoid")
    assert set(column(opened, "object")) == {
        "M06.9 Rheumatoid arthritis, unspecified",
        "M08.20 Juvenile rheumatoid arthritis with systemic onset, unspecified site",
    }
    assert opened.text("#table-count") == "2 of 39 rows"
    opened.page.fill("#table-filter", "")
    assert opened.count("#table tbody tr") == 39


def test_it_is_copied_as_csv_that_no_spreadsheet_runs(save: Callable[[Drawing], Path], open_file: OpenFile) -> None:
    opened = open_file(save(refuted()))
    opened.click("#show-table")
    opened.evaluate(
        "Object.defineProperty(navigator, 'clipboard',"
        " { value: { writeText: async (text) => { window.copied = text; } } })"
    )
    opened.page.fill("#table-filter", "zinc")
    opened.click("#copy-csv")
    opened.wait_for("window.copied !== undefined")
    [row] = csv.DictReader(opened.evaluate("window.copied").splitlines())
    assert row["Object"] == "'=zinc" and row["Verdict"] == "✗ refuted" and row["Meant"] == "J9999 Injection, zinc"
    opened.wait_for("document.querySelector('#table-count').textContent.includes('copied')")


def test_of_thousands_of_rows_a_part_stands_there_until_more_is_asked_for(
    save: Callable[[Drawing], Path], open_file: OpenFile
) -> None:
    connections: list[Connection] = star(400)
    opened = open_file(save(draw(connections, [J3262], max_nodes=400)))
    opened.click("#show-table")
    assert opened.count("#table tbody tr") == 150
    opened.click("#table .more button")
    assert opened.count("#table tbody tr") == 399
    assert opened.evaluate("document.activeElement.closest('tr').rowIndex") == 151
