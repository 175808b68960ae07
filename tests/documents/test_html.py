from __future__ import annotations

import pytest

from kg.documents import BlockKind

from .reading import blocks, page, rows, tables


def test_headings_paragraphs_and_items() -> None:
    document = page("<h1>Title</h1><p>One</p><h3>Sub</h3><ul><li>Two</li><li>Three</li></ul>")
    assert blocks(document) == [
        ("heading", "Title"), ("paragraph", "One"), ("heading", "Sub"), ("item", "Two"), ("item", "Three"),
    ]  # fmt: skip
    assert document.blocks[-1].section == ("Title", "Sub")
    assert document.title == "Title"


def test_nested_lists_give_one_item_each() -> None:
    document = page("<ol><li>one<ul><li>two</li><li>three</li></ul></li><li>four</li></ol><p>tail")
    assert blocks(document) == [
        ("item", "one"), ("item", "two"), ("item", "three"), ("item", "four"), ("paragraph", "tail"),
    ]  # fmt: skip


def test_a_term_with_one_description_is_a_labelled_line() -> None:
    assert blocks(page("<dl><dt>Route</dt><dd>IV</dd><dt>Unit</dt><dd>1 mg</dd></dl>")) == [
        ("item", "Route: IV"),
        ("item", "Unit: 1 mg"),
    ]


def test_a_term_with_several_descriptions_is_their_heading() -> None:
    document = page("<dl><dt>Modifiers</dt><dd>JW</dd><dd>JZ</dd></dl>")
    assert blocks(document) == [("heading", "Modifiers"), ("paragraph", "JW"), ("paragraph", "JZ")]
    assert document.blocks[-1].section == ("Modifiers",)


def test_a_row_of_header_cells_is_the_header() -> None:
    document = page("<table><tr><th>Code</th><th>Use</th></tr><tr><td>JW</td><td>waste</td></tr></table>")
    assert [b.kind for b in document.blocks] == [BlockKind.HEADER, BlockKind.ROW]
    assert rows(document) == [["Code", "Use"], ["JW", "waste"]]


def test_a_row_headed_by_a_header_cell_is_a_row() -> None:
    document = page("<table><tr><th>Code</th><td>J3262</td></tr><tr><th>Unit</th><td>1 mg</td></tr></table>")
    assert [b.kind for b in document.blocks] == [BlockKind.ROW, BlockKind.ROW]


def test_a_cell_that_spans_rows_stands_in_each() -> None:
    document = page(
        "<table><tr><td>a</td><td rowspan=3>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr>"
        "<tr><td>f</td><td>g</td></tr><tr><td>h</td><td>i</td><td>j</td></tr></table>"
    )
    assert rows(document) == [["a", "b", "c"], ["d", "b", "e"], ["f", "b", "g"], ["h", "i", "j"]]


@pytest.mark.parametrize("span", ["", "x", "-1", "99999999999999999999", "1.5", "٣"])
def test_a_span_that_is_no_number_spans_one_row(span: str) -> None:
    document = page(f"<table><tr><td rowspan='{span}'>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>")
    assert rows(document) == [["a", "b"], ["c", "d"]]


def test_a_row_of_one_cell_across_the_table_stays_one_cell() -> None:
    assert rows(page("<table><tr><td>a</td><td>b</td></tr><tr><td colspan=2>all</td></tr></table>")) == [
        ["a", "b"],
        ["all"],
    ]


def test_breaks_and_paragraphs_within_a_cell_become_pauses() -> None:
    assert rows(page("<table><tr><td>a<br>b<br/><br/>c</td><td>d<div>e</div></td></tr></table>")) == [
        ["a; b; c", "d; e"]
    ]
    assert rows(page("<table><tr><td><p>x</p><p>y</p></td><td>z</td></tr></table>")) == [["x; y", "z"]]


def test_breaks_in_running_text_begin_a_block() -> None:
    assert blocks(page("<p>Route: IV<br>Unit: 1 mg</p>")) == [
        ("paragraph", "Route: IV"),
        ("paragraph", "Unit: 1 mg"),
    ]
    assert blocks(page("<h2>Common<br>Modifiers</h2>")) == [("heading", "Common Modifiers")]


def test_tags_that_nobody_closed() -> None:
    document = page("<p>one<p>two<ul><li>three<li>four</ul><table><tr><td>JW<td>waste<tr><td>JZ<td>none")
    assert blocks(document) == [
        ("paragraph", "one"), ("paragraph", "two"), ("item", "three"), ("item", "four"),
        ("row", "JW | waste"), ("row", "JZ | none"),
    ]  # fmt: skip


def test_two_tables_are_two() -> None:
    one = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    assert tables(page(one + one)) == [2, 2]


def test_what_no_reader_sees_is_dropped() -> None:
    document = page(
        "<head><title>J1111</title><style>p { J2222: x }</style></head><body><!-- J3333 -->"
        "<script>J4444</script><p>one <script>J5555</script>two</p><noscript>J6666</noscript>"
        "<template><p>J7777</p></template></body>"
    )
    assert blocks(document) == [("paragraph", "one two"), ("navigation", "J6666"), ("navigation", "J7777")]
    assert [b.omitted for b in document.blocks] == ["", "shown without scripts", "hidden"]


def test_menus_and_footers_are_navigation() -> None:
    document = page(
        "<nav><ul><li>J1111</li></ul></nav><main><p>one</p></main><aside><p>J2222</p></aside>"
        "<footer><table><tr><td>J3333</td><td>x</td></tr></table></footer><p>two</p>"
    )
    assert blocks(document) == [
        ("navigation", "J1111"), ("paragraph", "one"), ("navigation", "J2222"), ("navigation", "J3333 | x"),
        ("paragraph", "two"),
    ]  # fmt: skip


def test_entities_become_their_characters_and_blanks_one_blank() -> None:
    assert page("<p>A&amp;B &lt;x&gt;\n\t M05&#46;79&nbsp;&#8211; &eacute;</p>").text == "A&B <x> M05.79 – é"


def test_inline_marks_do_not_break_words() -> None:
    assert page("<p>J<b>32</b>62 <i>tocili</i>zumab<sup>®</sup></p>").text == "J3262 tocilizumab®"


def test_lines_are_those_of_the_source() -> None:
    document = page(
        "<html>\n<body>\n<h1>Title</h1>\n\n<p>one</p>\n<table>\n<tr><td>JW</td><td>x</td></tr>\n"
        "<tr>\n<td>JZ</td><td>y</td></tr>\n</table>\n<ul>\n<li>item</li></ul>\n"
    )
    assert [(document.quote(b), b.line) for b in document.blocks] == [
        ("Title", 3), ("one", 5), ("JW | x", 7), ("JZ | y", 8), ("item", 12),
    ]  # fmt: skip


def test_markup_in_the_text_of_a_page_stays_text() -> None:
    assert page("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>").text == "<script>alert(1)</script>"


def test_a_list_within_a_cell_stays_in_the_cell() -> None:
    source = "<table><tr><td>J3262</td><td><ul><li>M06.9</li><li>M05.79</li></ul></td><td>JW</td></tr></table>"
    assert rows(page(source)) == [["J3262", "M06.9; M05.79", "JW"]]


def test_a_heading_within_a_cell_stays_in_the_cell() -> None:
    source = "<table><tr><td>J3262</td><td><h4>Name</h4>x</td><td>JW</td></tr></table>"
    assert rows(page(source)) == [["J3262", "Name; x", "JW"]]


def test_a_cell_that_spans_columns_keeps_the_others_in_their_columns() -> None:
    head = "<tr><th>Code</th><th>A</th><th>B</th><th>Dx</th></tr>"
    found = rows(page(f"<table>{head}<tr><td>J3262</td><td colspan=2>n/a</td><td>M06.9</td></tr></table>"))
    assert found[1] == ["J3262", "n/a", "", "M06.9"]


def test_lines_of_preformatted_text_stay_lines() -> None:
    assert len(page("<pre>JW: waste\nJZ: none</pre>").blocks) == 2
