from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import BlockKind

from .reading import blocks, page, rows, tables
from .test_any_document import hold


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
    assert blocks(document) == [("heading", "Modifiers"), ("item", "JW"), ("item", "JZ")]
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


UNCLOSED = (
    "svg math select textarea object template noscript title nav aside footer iframe xmp plaintext font b span".split()
)


@pytest.mark.parametrize("tag", UNCLOSED)
def test_what_nobody_closes_swallows_nothing(tag: str) -> None:
    document = page(f"<h1>J3262</h1><p>before<{tag}>within<p>after<table><tr><td>M06.9<td>RA</table>")
    assert rows(document) == [["M06.9", "RA"]]
    assert ("paragraph", "after") in blocks(document)
    assert "within" in document.text


def test_what_stands_behind_the_end_of_the_page_is_read() -> None:
    document = page("<h1>J3262</h1></body></html><table><tr><td>M06.9<td>RA</table>")
    assert blocks(document) == [("heading", "J3262"), ("row", "M06.9 | RA")]


@pytest.mark.parametrize("tag", ["div", "span", "font", "ul", "blockquote", "x-y"])
def test_no_page_is_too_deep(tag: str) -> None:
    document = page(f"<{tag}>" * 5_000 + "<table><tr><td>M06.9<td>RA</table>" + f"</{tag}>" * 5_000)
    assert "M06.9" in document.text
    assert "RA" in document.text


def test_two_thousand_open_fonts() -> None:
    source = "".join(f"<font size={number}>" for number in range(2_000)) + "<p>one" * 2_000
    assert rows(page(f"{source}<table><tr><td>M06.9<td>RA</table>")) == [["M06.9", "RA"]]


def omitted(source: str) -> list[tuple[str, str]]:
    document = page(source)
    return [(document.quote(block), block.omitted) for block in document.blocks if block.kind is BlockKind.NAVIGATION]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<nav>x</nav>", "navigation"),
        ("<div role=navigation>x</div>", "navigation"),
        ("<select><option>x</select>", "form control"),
        ("<textarea>x</textarea>", "form control"),
        ("<p hidden>x</p>", "hidden"),
        ("<p aria-hidden=true>x</p>", "hidden"),
        ("<p style='display: none'>x</p>", "hidden"),
        ("<template><p>x</template>", "hidden"),
        ("<noscript>x</noscript>", "shown without scripts"),
        ("<svg><text>x</text></svg>", "picture"),
        ("<div id=onetrust-banner>x</div>", "cookie notice"),
        ("<div class='site-cookie-notice'>x</div>", "cookie notice"),
    ],
)
def test_what_is_left_out_says_why(source: str, reason: str) -> None:
    assert omitted(f"<p>one</p>{source}<p>two</p>") == [("x", reason)]
    assert omitted(f"<table><tr><td>a{source}</td><td>b</td></tr></table>") == [("x", reason)]


def test_panels_of_tabs_and_pages_that_hide_until_their_script_runs_are_read() -> None:
    assert omitted("<div role=tabpanel hidden>x</div><div hidden=until-found>y</div>") == []
    assert omitted("<body style='visibility: hidden'><main aria-hidden=true>x</main>") == []
    assert omitted("<nav><main>x</main></nav>") == []


def test_items_know_their_depth_and_keep_their_paragraphs() -> None:
    document = page("<ul><li><p>one</p><ol><li><div>two</div></li></ol></li><li>three</li></ul>")
    assert [(document.quote(b), b.kind.value, b.level) for b in document.blocks] == [
        ("one", "item", 1), ("two", "item", 2), ("three", "item", 1),
    ]  # fmt: skip


def test_the_terms_of_a_list_end_with_it() -> None:
    document = page("<h2>Codes</h2><dl><dt>Modifiers<dd>JW<dd>JZ</dl><p>tail<dl><dt>Route<dd><p>IV</p></dl>")
    assert blocks(document)[-2:] == [("paragraph", "tail"), ("item", "Route: IV")]
    assert document.blocks[-1].section == ("Codes",)


def test_a_header_in_two_rows_is_one() -> None:
    head = "<tr><th rowspan=2>HCPCS<th colspan=2>Product<tr><th>Brand<th>Generic"
    for source in (f"<table><thead>{head}</thead>", f"<table>{head}"):
        document = page(f"{source}<tr><td>J3262<td>Actemra<td>tocilizumab</table>")
        assert blocks(document) == [
            ("header", "HCPCS | Product Brand | Product Generic"), ("row", "J3262 | Actemra | tocilizumab"),
        ]  # fmt: skip


def test_tables_that_only_place_things_are_none() -> None:
    inner = "<table><tr><td>J3262<td>1 mg<tr><td>J0897<td>1 mg</table>"
    document = page(f"<table><tr><td><h2>Codes</h2>{inner}<td><p>note</table>")
    assert blocks(document) == [
        ("heading", "Codes"), ("row", "J3262 | 1 mg"), ("row", "J0897 | 1 mg"), ("paragraph", "note"),
    ]  # fmt: skip
    assert blocks(page("<table role=presentation><tr><td>a<td>b</table>")) == [("paragraph", "a"), ("paragraph", "b")]


def test_a_table_within_a_cell_stays_in_the_cell() -> None:
    inner = "<table><tr><td>M06.9<td>RA<tr><td>M05.79<td>RA</table>"
    assert rows(page(f"<table><tr><th>Code<th>Dx<tr><td>J3262<td>for {inner} only</table>"))[1:] == [
        ["J3262", "for; M06.9, RA; M05.79, RA; only"]
    ]


def test_captions_and_rows_with_headers() -> None:
    document = page(
        "<table><caption>Units</caption><tr><th scope=row>J3262<td>1 mg<tr><th scope=row>J0897<td>1 mg</table>"
    )
    assert blocks(document) == [("paragraph", "Units"), ("row", "J3262 | 1 mg"), ("row", "J0897 | 1 mg")]


def test_the_mark_of_a_footnote_is_no_digit_of_a_code() -> None:
    assert page("<p>J3262<sup>1</sup> in m<sup>2</sup>").text == "J3262 ¹ in m²"
    assert page("<table><tr><td>M06.9<sup>2</sup><td>x</table>").text == "M06.9 ² | x"
    assert page("<p>C92.00 <sup>a</sup>, 1<sup>st</sup></p>").text == "C92.00 ᵃ, 1st"


def test_headings_by_role_and_lines_of_blocks() -> None:
    document = page("<div role=heading aria-level=3>Codes</div>\n<p>\n\n  J3262 is\n  billed</p>")
    assert (document.blocks[0].kind, document.blocks[0].level) == (BlockKind.HEADING, 3)
    assert document.blocks[1].line == 4


def test_xhtml_closes_what_html_leaves_open() -> None:
    source = '<?xml version="1.0"?><html><head><title/><script src="x"/></head><body><p>J3262</p></body></html>'
    assert page(source).text == "J3262"


TAGS = ["p", "div", "table", "tr", "td", "th", "ul", "li", "dl", "dt", "dd", "h2", "b", "sup", "select", "nav", "svg",
        "math", "template", "caption", "textarea", "object", "noscript", "span hidden", "pre", "thead"]  # fmt: skip
SOUP = st.lists(
    st.one_of(st.sampled_from([f"<{tag}>" for tag in TAGS]), st.sampled_from([f"</{tag.split()[0]}>" for tag in TAGS]),
              st.integers(0, 9_999).map(lambda number: f" W{number} ")),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=300)
@given(SOUP)
def test_no_word_of_any_page_is_lost(soup: str) -> None:
    document = page(f"<p>Start</p>{soup}<p>End</p>")
    hold(document)
    words = re.findall(r"W\d+|Start|End", f"Start {soup} End")
    assert not Counter(words) - Counter(re.findall(r"W\d+|Start|End", document.text))


def test_rows_that_were_cut_out_of_their_table_are_rows() -> None:
    document = page(
        "<p>Codes</p>\n<tr><th>Code</th><th>Drug</th></tr>\n<tr><td>J3262</td><td>tocilizumab</td></tr>\n<p>End"
    )
    assert [kind for kind, _ in blocks(document)] == ["paragraph", "header", "row", "paragraph"]
    assert [block.line for block in document.blocks] == [1, 2, 3, 4]


@pytest.mark.parametrize("rows", ["<td>a" * 50_000, "<tr><td>a" * 50_000 + "</tr>"])
def test_many_cells_outside_of_a_table_are_passed_over_once(rows: str) -> None:
    """A pattern that goes to the end of the page from each of them would take minutes."""
    assert page(rows).text.count("a") == 50_000
