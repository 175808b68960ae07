"""The same rows come out of pandas, polars and Arrow, each column with its one type."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

import pytest

from kg.errors import MissingExtra
from kg.frames.frame import Frame

NAMES = ("code", "count", "share", "sure", "day", "mixed", "none")
ROWS: list[tuple[Any, ...]] = [
    ("hcpcs:J3262", 2, 0.5, True, date(2026, 4, 1), 1, None),
    (None, None, None, None, None, "one", None),
    ("hcpcs:J0129", 3, 1, False, date(2026, 7, 1), None, None),
]
FRAME = Frame.of_rows(NAMES, ROWS)


def test_columns_have_the_one_type_of_their_values() -> None:
    assert dict(zip(NAMES, FRAME.types, strict=True)) == {
        "code": str, "count": int, "share": float, "sure": bool, "day": date, "mixed": None, "none": str,
    }  # fmt: skip


def test_pandas_has_the_rows_with_types_that_know_of_gaps() -> None:
    frame = FRAME.to_pandas()
    assert [str(kind) for kind in frame.dtypes] == [
        "string", "Int64", "Float64", "boolean", "object", "object", "string",
    ]  # fmt: skip
    whole = frame.astype(object).where(frame.notna(), None)
    assert list(whole.itertuples(index=False, name=None)) == ROWS


def test_polars_has_the_rows_and_mixed_values_as_text() -> None:
    frame = FRAME.to_polars()
    assert [str(kind) for kind in frame.dtypes] == ["String", "Int64", "Float64", "Boolean", "Date", "String", "String"]
    assert frame.rows() == [
        ("hcpcs:J3262", 2, 0.5, True, date(2026, 4, 1), "1", None),
        (None, None, None, None, None, "one", None),
        ("hcpcs:J0129", 3, 1.0, False, date(2026, 7, 1), None, None),
    ]


def test_arrow_has_what_polars_has() -> None:
    table = FRAME.to_arrow()
    assert [str(kind) for kind in table.schema.types] == [
        "string", "int64", "double", "bool", "date32[day]", "string", "string",
    ]  # fmt: skip
    assert [tuple(row.values()) for row in table.to_pylist()] == FRAME.to_polars().rows()


@pytest.mark.parametrize("frame", [Frame.of_rows(("a", "b"), []), Frame.of_records({"a": str, "b": int}, [])])
def test_without_rows_there_are_the_columns(frame: Frame) -> None:
    assert list(frame.to_pandas().columns) == ["a", "b"] == frame.to_polars().columns == frame.to_arrow().column_names
    assert len(frame.to_pandas()) == len(frame.to_polars()) == len(frame.to_arrow()) == 0


def test_a_number_that_no_column_holds_is_text_and_stays_what_it_is() -> None:
    frame = Frame.of_rows(("n",), [(2**63,), (-(2**63),), (True,)])
    assert frame.to_arrow().to_pylist() == [{"n": str(2**63)}, {"n": str(-(2**63))}, {"n": "true"}]
    assert frame.to_pandas()["n"].tolist() == [2**63, -(2**63), True]
    least = Frame.of_rows(("n",), [(2**63 - 1,), (-(2**63),)])
    assert least.to_polars()["n"].to_list() == [2**63 - 1, -(2**63)]


def test_records_have_the_types_that_are_named_and_parts_as_json() -> None:
    frame = Frame.of_records({"line": int, "place": str, "q": str}, [{"line": 3, "q": {"forRoute": ["é"]}}, {"q": []}])
    assert frame.to_arrow().to_pylist() == [
        {"line": 3, "place": None, "q": '{"forRoute": ["é"]}'}, {"line": None, "place": None, "q": "[]"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "library", "extra"),
    [("to_pandas", "pandas", "pandas"), ("to_polars", "polars", "polars"), ("to_arrow", "pyarrow", "arrow")],
)
def test_without_the_library_the_message_says_how_to_get_it(
    method: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra, match=rf"{method} needs an optional library: pip install 'billing-kg\[{extra}\]'"):
        getattr(FRAME, method)()
