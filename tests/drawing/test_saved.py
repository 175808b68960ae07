"""Layouts that a page saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.drawing import draw, read_layout
from kg.errors import Failure, UsageError

from .samples import J3262, neighbourhood


def write(folder: Path, content: object) -> Path:
    file = folder / "layout.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def test_places_come_back_as_they_were_saved(tmp_path: Path) -> None:
    saved = {"billing-kg layout": 1, "panels": {"hcpcs:J3262": [10, -20.5]}, "projector": {}}
    assert read_layout(write(tmp_path, saved)) == {"panels": {"hcpcs:J3262": [10, -20.5]}, "projector": {}}
    assert read_layout(write(tmp_path, {"billing-kg layout": 1})) == {"panels": {}, "projector": {}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not a layout saved by a page"),
        ("[" * 100_000, "not a layout saved by a page"),
        ([], "no 'billing-kg layout' of 1"),
        ({"billing-kg layout": 2}, "no 'billing-kg layout' of 1"),
        ({"billing-kg layout": 1, "panels": []}, "'panels' is not a table of places"),
        ({"billing-kg layout": 1, "panels": {"hcpcs:J1": [1]}}, r"not a place for 'hcpcs:J1' in 'panels': \[1\]"),
        ({"billing-kg layout": 1, "projector": {"a:b": [1, True]}}, "not a place for 'a:b' in 'projector'"),
        ({"billing-kg layout": 1, "panels": {"a:b": [1, 1e6]}}, "not a place for 'a:b'"),
        ('{"billing-kg layout": 1, "panels": {"a:b": [NaN, 1]}}', "not a place for 'a:b'"),
        ({"billing-kg layout": 1, "panels": {"a:b": ["1", 2]}}, "not a place for 'a:b'"),
    ],
)
def test_what_is_no_layout_is_refused_with_the_file(content: object, words: str, tmp_path: Path) -> None:
    file = write(tmp_path, content)
    with pytest.raises(UsageError, match=words) as caught:
        read_layout(file)
    assert str(caught.value).startswith(str(file)) and "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"cannot read .*none\.json"):
        read_layout(tmp_path / "none.json")


def test_a_drawing_counts_the_places_that_it_cannot_use() -> None:
    layout = {
        "panels": {"hcpcs:J3262": [1.0, 2.0], "hcpcs:J9999": [3.0, 4.0]},
        "projector": {"hcpcs:J9999": [5.0, 6.0]},
    }
    assert draw(neighbourhood(), [J3262], layout=layout).misplaced == 1
    assert draw(neighbourhood(), [J3262]).misplaced == 0


def test_a_page_holds_only_the_places_of_its_concepts() -> None:
    layout = {"panels": {"hcpcs:J3262": [1.0, 2.0], "denial:not-here": [3.0, 4.0]}, "projector": {}}
    html = draw(neighbourhood(), [J3262], layout=layout).html()
    assert '"layout":{"panels":{"hcpcs:J3262":[1.0,2.0]},"projector":{}}' in html
    assert "not-here" not in html
