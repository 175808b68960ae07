"""Documents in columns of bytes in, what was read of them in columns out."""

from __future__ import annotations

import pickle
import sys
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

import kg
from kg.documents import intake
from kg.errors import MissingExtra, UsageError
from kg.extraction import extract
from kg.graph import arrow_readings
from kg.graph.arrow_readings import extract_batches, schema
from kg.graph.build import read_one
from kg.graph.kept_readings import Reading, line_of
from kg.graph.reading_rows import reading_of, row_of

GUIDES = Path(__file__).parents[2] / "data" / "guides"
NOTE = b"# HCPCS Code J3262\n\nAppend modifier JW for waste. Modifier JZ when nothing is. See J9999.\n"


def test_each_document_is_a_row_in_order_also_one_that_cannot_be_read() -> None:
    batches = [
        pa.record_batch({"name": ["a.md", "b.md", None], "data": [NOTE, b"\0\1\2", NOTE]}),
        pa.record_batch({"name": ["", "c.md"], "data": [NOTE, None]}),
    ]
    (read,) = extract_batches(batches)
    assert read.schema == schema() == kg.readings_schema()
    rows = read.to_pylist()
    assert [(row["name"], row["error"]) for row in rows] == [
        ("a.md", None),
        ("b.md", "b.md:1: not text: character U+0000 at offset 0"),
        (None, "a document: no name"),
        ("", "a document: no name"),
        ("c.md", "c.md: no bytes"),
    ]
    assert [row["assertions"] is None for row in rows] == [False, True, True, True, True]


def test_a_row_has_what_is_stated_and_what_was_left_over() -> None:
    (row,) = next(extract_batches([pa.record_batch({"name": ["in/a.md"], "data": [NOTE]})])).to_pylist()
    extraction = kg.extract("a.md", data=NOTE)
    assert (row["document"], row["title"], row["format"]) == ("a", "HCPCS Code J3262", extraction.document.format)
    assert row["text"] == extraction.document.text
    assert [one["object"] for one in row["assertions"]] == [one.object.curie for one in extraction.assertions]
    assert all(row["text"][one["start"] : one["end"]] == one["quote"] for one in row["assertions"])
    assert [one["reason"] for one in row["leftovers"]] == [one.reason for one in extraction.leftovers]
    assert row["rows"]["total"] == extraction.rows.total
    assert row["tokens"]["evidence"] + row["tokens"]["leftover"] == row["tokens"]["total"] == extraction.tokens.total


def test_a_row_gives_the_reading_that_a_build_makes_of_the_document() -> None:
    sources = intake([GUIDES]).sources[:6]
    batch = pa.record_batch({
        "name": pa.array([str(source.path) for source in sources], pa.large_string()),
        "data": pa.array([source.path.read_bytes() for source in sources], pa.large_binary()),
    })  # fmt: skip
    rows = next(extract_batches([batch])).to_pylist()
    for source, row in zip(sources, rows, strict=True):
        here, there = read_one(source), reading_of(row, source.identifier)
        assert isinstance(here, Reading)
        assert there == here
        assert line_of(there) == line_of(here)
        assert there.packed == here.packed


def test_a_reading_bears_the_identifier_that_it_is_given() -> None:
    reading = reading_of(row_of("a.md", NOTE), "a-1f")
    assert reading.document.identifier == "a-1f"
    assert {one.evidence.document for one in reading.assertions} == {"a-1f"}
    own = extract(reading_document := kg.extract("a.md", data=NOTE).document).assertions[0]
    assert reading_document.identifier == "a"
    assert reading.assertions[0].identifier != own.identifier


def test_batches_are_cut_where_they_would_grow_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = pa.record_batch({"name": [f"{n}.md" for n in range(5)], "data": [NOTE] * 5})
    monkeypatch.setattr(arrow_readings, "_DOCUMENTS", 2)
    assert [one.num_rows for one in extract_batches([batch])] == [2, 2, 1]
    monkeypatch.setattr(arrow_readings, "_LETTERS", 1)
    assert [one.num_rows for one in extract_batches([batch])] == [1, 1, 1, 1, 1]
    assert list(extract_batches([])) == []


def test_it_can_be_sent_to_other_processes_and_takes_the_columns_of_an_engine() -> None:
    """Spark's files come as `path` and `content`."""
    batch = pa.record_batch({"path": ["file:/in/a.md"], "length": [len(NOTE)], "content": [NOTE]})
    sent = pickle.loads(pickle.dumps(partial(kg.extract_batches, name="path", data="content")))
    assert [row["document"] for one in sent(iter([batch])) for row in one.to_pylist()] == ["a"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"path": ["a"], "data": [b""]}, r"no column 'name' in a batch \(it has path, data\)"),
        ({"name": [1], "data": [b""]}, "the column 'name' is of int64, not of texts"),
        ({"name": ["a"], "data": ["text"]}, "the column 'data' is of string, not of bytes"),
    ],
)
def test_other_columns_are_refused(columns: dict[str, list[object]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        next(extract_batches([pa.record_batch(columns)]))


def test_without_the_library_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'billing-kg\[arrow\]'"):
        schema()
