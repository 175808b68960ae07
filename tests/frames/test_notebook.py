"""What a notebook shows: text is text, long tables are short, verdicts are words."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from kg.frames.notebook import MOST_LETTERS, MOST_ROWS, html_of, plain_layout
from kg.model import Verdict

HOSTILE = "<img src=x onerror=\"alert('1')\">&amp;</td></table><script>"


class Shown(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def test_text_never_becomes_markup_wherever_it_stands() -> None:
    layout = [(HOSTILE, (HOSTILE, "beside")), (f"{HOSTILE} verdict", ("v",))]
    shown = Shown(html_of(layout, [{HOSTILE: HOSTILE, "beside": HOSTILE, "v": HOSTILE}], HOSTILE))
    assert set(shown.tags) == {"div", "p", "table", "thead", "tbody", "tr", "th", "td", "span"}
    assert shown.attributes == {"style"}
    assert [text for text in shown.texts if text] == [HOSTILE, HOSTILE, f"{HOSTILE} verdict", HOSTILE, HOSTILE, HOSTILE]


def test_long_tables_and_long_cells_are_shortened_and_say_so() -> None:
    rows = [{"n": number} for number in range(MOST_ROWS + 1201)]
    shown = Shown(html_of(plain_layout(["n"]), rows))
    assert shown.tags.count("tr") == MOST_ROWS + 1
    assert shown.texts[-1] == "… and 1,201 more rows"
    assert "more row" not in html_of(plain_layout(["n"]), rows[:MOST_ROWS])
    assert html_of(plain_layout(["n"]), rows[: MOST_ROWS + 1]).count("… and 1 more row<") == 1
    (cell,) = Shown(html_of(plain_layout(["n"]), [{"n": "x" * 10_000}])).texts[1:]
    assert (len(cell), cell[-1]) == (MOST_LETTERS, "…")


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_a_word_with_a_sign_also_as_a_query_gives_it(verdict: Verdict) -> None:
    for value in (verdict.value, f"bkg:{verdict.value}"):
        shown = Shown(html_of(plain_layout(["verdict"]), [{"verdict": value}]))
        assert "b" in shown.tags
        sign, word = shown.texts[-1].split(" ")
        assert word == value
        assert sign in {"✓✓", "✓", "?", "≠", "✗"}


def test_the_source_is_a_document_with_its_line() -> None:
    layout = [("source", ("document", "line", "place"))]
    shown = Shown(html_of(layout, [{"document": "guide", "line": 7, "place": None}]))
    assert shown.texts[1:] == ["guide", "line 7"]
