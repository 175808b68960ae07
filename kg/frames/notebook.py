"""A table as a notebook shows it: a piece of HTML in which every text is text, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from kg.model import Verdict

Layout = Sequence[tuple[str, tuple[str, ...]]]
"""The columns of a table: the heading, and what stands below it: first the value, then what stands beside that."""

MOST_ROWS = 30
MOST_LETTERS = 240
"""Of longer tables and longer cells the first so many are shown."""

# A sign and a word as well, for whoever does not tell the colours apart. They are read on white and on black.
_VERDICTS = {
    Verdict.CORROBORATED: ("✓✓", "#15803d"), Verdict.CONSISTENT: ("✓", "#2563eb"), Verdict.UNCHECKED: ("?", "#6b7280"),
    Verdict.DISPUTED: ("≠", "#b45309"), Verdict.REFUTED: ("✗", "#dc2626"),
}  # fmt: skip
_BESIDE = "font-size:85%;opacity:.75"
_CELL = "text-align:left;vertical-align:top;max-width:28em;overflow-wrap:anywhere;white-space:normal"


def html_of(layout: Layout, rows: Sequence[Mapping[str, Any]], caption: str = "") -> str:
    """The first rows of a table, with how many more there are.

    >>> html_of([("code", ("code",))], [{"code": "<b>"}]).count("&lt;b&gt;")
    1
    """
    head = "".join(f'<th style="{_CELL}">{escape(heading)}</th>' for heading, _ in layout)
    body = "".join(f"<tr>{_cells(layout, row)}</tr>" for row in rows[:MOST_ROWS])
    more = len(rows) - MOST_ROWS
    note = f"<p>… and {more:,} more row{'s' if more > 1 else ''}</p>" if more > 0 else ""
    above = f"<p>{escape(_short(caption))}</p>" if caption else ""
    return f"<div>{above}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}</div>"


def plain_layout(names: Iterable[str]) -> Layout:
    """Each column by itself."""
    return [(name, (name,)) for name in names]


def _cells(layout: Layout, row: Mapping[str, Any]) -> str:
    return "".join(f'<td style="{_CELL}">{_cell(heading, keys, row)}</td>' for heading, keys in layout)


def _cell(heading: str, keys: tuple[str, ...], row: Mapping[str, Any]) -> str:
    value, *beside = (_words(key, row.get(key)) for key in keys)
    shown = _verdict(value) if heading.endswith("verdict") else escape(_short(value))
    return " ".join([shown, *(f'<span style="{_BESIDE}">{escape(_short(words))}</span>' for words in beside if words)])


def _words(key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    return f"line {value}" if key.endswith("line") and isinstance(value, int) else str(value)


def _verdict(value: str) -> str:
    """A verdict with its sign; a query gives it as a CURIE."""
    sign, colour = _VERDICTS.get(value.rpartition(":")[2], ("", ""))  # type: ignore[call-overload]
    text = escape(_short(value))
    return f'<b style="color:{colour};white-space:nowrap">{sign} {text}</b>' if sign else text


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
