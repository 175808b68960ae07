from __future__ import annotations

import pytest

from kg.documents import BlockKind

from .reading import blocks, rows, tables, text


def headings(content: str) -> list[tuple[str, int]]:
    document = text(content)
    return [(document.quote(b), b.level) for b in document.blocks if b.kind is BlockKind.HEADING]


def test_headings_with_marks() -> None:
    assert headings("# Title #\n\nText here.\n\n### Modifiers\nText.\n") == [("Title", 1), ("Modifiers", 3)]


def test_headings_with_lines_below() -> None:
    assert headings("Title\n=====\nText here.\n\nModifiers\n---------\nText.\n") == [
        ("Title", 1),
        ("Modifiers", 2),
    ]


def test_headings_without_marks_are_told_by_their_shape() -> None:
    content = "Billing Guide for J3262\n\nThe code is for a drug.\n\nCommon Modifiers\n\nAppend JW for waste.\n"
    assert headings(content) == [("Billing Guide for J3262", 1), ("Common Modifiers", 2)]


def test_a_numbered_line_that_stands_alone_is_a_heading() -> None:
    assert headings("Text first.\n\n2. Required Documentation\n\nRecords must show it.\n") == [
        ("Required Documentation", 2)
    ]
    assert headings("1. Append JW.\n2. Append JZ.\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "The code is billed per milligram.",
        "J3262 - Injection, tocilizumab, 1 mg",
        "append modifier JW for waste",
        "Modifiers: JW, JZ",
    ],
)
def test_sentences_and_entries_are_no_headings(line: str) -> None:
    assert headings(f"# Title\n\nText first.\n\n{line}\n\nText last.\n") == [("Title", 1)]


def test_blocks_stand_under_the_headings_above_them() -> None:
    document = text(
        "# Title\nOne is here.\n## First\nTwo is here.\n### Inner\nThree is here.\n## Second\nFour is here.\n"
    )
    sections = {document.quote(b): b.section for b in document.blocks if b.kind is BlockKind.PARAGRAPH}
    assert sections == {
        "One is here.": ("Title",),
        "Two is here.": ("Title", "First"),
        "Three is here.": ("Title", "First", "Inner"),
        "Four is here.": ("Title", "Second"),
    }
    assert document.title == "Title"


def test_list_items_lose_their_marks() -> None:
    document = text("- one\n* two\n• three\n1. four\n(b) five\n   – six\n")
    assert blocks(document) == [("item", word) for word in ("one", "two", "three", "four", "five", "six")]


def test_a_paragraph_wrapped_by_hand_is_one_block() -> None:
    content = (
        "Append modifier JW when a part of the drug in a vial is discarded and the\n"
        "amount that was wasted stands on a line of its own, which the payer then\n"
        "pays as well.\n"
        "Append JZ otherwise.\n"
    )
    assert len(blocks(text(content))) == 2
    assert blocks(text(content))[1] == ("paragraph", "Append JZ otherwise.")


def test_a_wrapped_list_item_is_one_block() -> None:
    assert blocks(text("- Append JW for waste and\n  report it on its own line\n- Append JZ\n")) == [
        ("item", "Append JW for waste and\n  report it on its own line"),
        ("item", "Append JZ"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "| Code | Use |\n|---|---|\n| JW | waste |\n| JZ | none |\n",
        "Code | Use\n---|---\nJW | waste\nJZ | none\n",
        "| Code | Use |\n|:---|---:|\nJW | waste\n| JZ | none\n",
        "|Code|Use|\n| :--: | -- |\n|JW|waste\nJZ|none|\n",
        "  | Code | Use |  \n  |---|---|\n  | JW | waste |\n  | JZ | none |",
    ],
)
def test_outer_pipes_may_be_missing(content: str) -> None:
    document = text(content)
    assert rows(document) == [["Code", "Use"], ["JW", "waste"], ["JZ", "none"]]
    assert [b.kind for b in document.blocks] == [BlockKind.HEADER, BlockKind.ROW, BlockKind.ROW]


def test_two_tables_without_a_blank_line_between_are_two() -> None:
    document = text("Code | Use\n---|---\nJW | waste\nDx | Name\n---|---\nM06.9 | RA\nM05.79 | RA\n")
    assert tables(document) == [2, 3]
    assert [document.quote(b) for b in document.blocks if b.kind is BlockKind.HEADER] == [
        "Code | Use",
        "Dx | Name",
    ]


def test_a_table_without_an_alignment_row_has_no_marked_header() -> None:
    document = text("Code | Use\nJW | waste\n")
    assert [b.kind for b in document.blocks] == [BlockKind.ROW, BlockKind.ROW]


def test_tabs_make_cells_too() -> None:
    assert rows(text("Code\tUse\nJW\t waste \nJZ\t\tnone\n")) == [
        ["Code", "Use"],
        ["JW", "waste"],
        ["JZ", "none"],
    ]


def test_empty_cells_and_escaped_pipes() -> None:
    assert rows(text("| A | B |\n|---|---|\n| | b |\n| a | |\n| a \\| c | b |\n")) == [
        ["A", "B"], ["", "b"], ["a", ""], ["a \\| c", "b"],
    ]  # fmt: skip


def test_rules_and_fences_say_nothing() -> None:
    assert blocks(text("One is here.\n\n***\n\n```\nTwo is here.\n```\n")) == [
        ("paragraph", "One is here."),
        ("paragraph", "Two is here."),
    ]


def test_lines_count_from_one_in_the_document_as_it_came() -> None:
    document = text("\n# Title\n\nText is here.\n\nCode | Use\n---|---\nJW | waste\n\n- item\n")
    assert [(document.quote(b), b.line) for b in document.blocks] == [
        ("Title", 2), ("Text is here.", 4), ("Code | Use", 6), ("JW | waste", 8), ("item", 10),
    ]  # fmt: skip


def test_offsets_count_code_points() -> None:
    document = text("Für 💉 wird J3262 codiert.\n\n| Ünïcode | 🙂 |\n|---|---|\n| JW | é |\n")
    first = document.blocks[0]
    assert document.text[first.start : first.end] == "Für 💉 wird J3262 codiert."
    assert rows(document) == [["Ünïcode", "🙂"], ["JW", "é"]]


def test_the_text_is_what_came_but_for_line_ends() -> None:
    assert text("# Title\r\n\r\nOne\u00a0two.\rThree.").text == "# Title\n\nOne\u00a0two.\nThree."


def test_one_dash_is_enough_for_an_alignment_row() -> None:
    assert rows(text("| Code | Use |\n|-|:-:|\n| JW | waste |\n")) == [["Code", "Use"], ["JW", "waste"]]


def test_the_text_of_a_program_is_left_out() -> None:
    program = "const rows = [\n" + '  { code: "J3262", dx: "M06.9" },\n' * 20 + "];\n"
    assert {block.omitted for block in text(program).blocks} == {"program text"}


@pytest.mark.parametrize("mark", ["o", "\uf0b7", "§", "➢"])
def test_the_marks_of_word_processors_make_items(mark: str) -> None:
    found = text(f"Criteria\n\n{mark} Age is known\n{mark} Weight is known\n")
    assert [b.kind for b in found.blocks[1:]] == [BlockKind.ITEM, BlockKind.ITEM]


def test_items_without_marks_end_with_semicolons() -> None:
    found = text("Treatment of:\nGout;\nLupus; and\nScleritis.\nAll else is not covered.\n")
    kinds = {found.quote(b): b.kind for b in found.blocks}
    assert kinds["Gout;"] is kinds["Lupus; and"] is kinds["Scleritis."] is BlockKind.ITEM
    assert kinds["All else is not covered."] is BlockKind.PARAGRAPH


def test_one_of_the_following_is_no_heading() -> None:
    assert headings("Criteria of the plan\n\nOne of the following:\n\n- Age is known\n") == [
        ("Criteria of the plan", 1)
    ]
