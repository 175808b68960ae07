from __future__ import annotations

import sys
from datetime import date

import pytest

from kg.errors import MissingExtra
from kg.queries import Table

TABLE = Table(("code", "n", "day"), (("hcpcs:J3262", 2, date(2026, 4, 1)), ("hcpcs:J0129", None, None)))


def test_rows_are_dictionaries() -> None:
    assert len(TABLE) == 2
    assert [row["n"] for row in TABLE] == [2, None]


def test_a_table_becomes_a_data_frame() -> None:
    frame = TABLE.to_pandas()
    assert list(frame.columns) == ["code", "n", "day"]
    assert frame["n"].tolist()[0] == 2
    assert str(frame["n"].dtype) == "Int64"
    assert list(Table(("a", "b"), ()).to_pandas().columns) == ["a", "b"]


def test_a_table_becomes_a_frame_of_polars_and_a_table_of_arrow() -> None:
    assert TABLE.to_polars().rows() == list(TABLE.rows)
    assert TABLE.to_arrow().to_pylist() == list(TABLE)


def test_a_notebook_shows_its_rows_and_what_the_graph_does_not_have() -> None:
    html = Table(("code",), (("<i>",),), ("no graph has <b>",))._repr_html_()
    assert "&lt;i&gt;" in html
    assert "no graph has &lt;b&gt;" in html


def test_without_pandas_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match=r"to_pandas needs an optional library: pip install 'billing-kg\[pandas\]'"):
        TABLE.to_pandas()
