"""What a build keeps as rows is what its quads say, and where it keeps none, the quads are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg.errors import StoreError
from kg.graph.as_of import at
from kg.graph.changing import Change
from kg.graph.inventory.findings import finding_rows
from kg.graph.inventory.kept import FINDINGS, STATEMENTS
from kg.graph.inventory.stated import stated
from kg.graph.inventory.statements import statement_rows
from kg.graph.inventory.verdicts import VERDICTS, Verdicts
from kg.graph.store import GraphStore, new_build
from kg.graph.updating import update
from kg.model import Verdict
from tests.graph import rich

FILES = {FINDINGS, STATEMENTS, VERDICTS}


def verdict_rows(store: GraphStore) -> Iterable[tuple[str, str]]:
    keys = [row.key for rows in stated(store) for row in rows]
    return zip(keys, Verdicts.of(store).on(keys), strict=True)


def every_statement(store: GraphStore) -> Iterable[Any]:
    return statement_rows(store, tuple(Verdict))


READERS: dict[str, Callable[[GraphStore], Iterable[Any]]] = {
    FINDINGS: finding_rows,
    STATEMENTS: every_statement,
    VERDICTS: verdict_rows,
}


def without_kept(store: GraphStore) -> GraphStore:
    """The same store, as if its build had kept no rows."""
    other = GraphStore.of_build(store.path, store.build)
    for name in FILES:
        other.manifest.files.pop(name, None)
    return other


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    return rich.build(tmp_path_factory.mktemp("rich") / "graph", [rich.first(), rich.second()])


@pytest.mark.parametrize("name", READERS)
def test_rows_that_were_kept_are_those_of_the_quads(name: str, store: GraphStore) -> None:
    assert store.manifest.files.keys() >= FILES
    kept, of_quads = (list(READERS[name](one)) for one in (store, without_kept(store)))
    assert kept == of_quads
    assert len(kept) > 3


def test_days_conditions_and_rows_are_among_them(store: GraphStore) -> None:
    statements, findings = list(every_statement(store)), list(finding_rows(store))
    assert any(row.valid_from and row.valid_through for row in statements)
    assert {row.condition for row in statements if "package" in row.condition}
    assert {type(row.row) for row in statements} == {int}
    assert any(row.official and row.release for row in findings)
    assert any(row.opposed_by for row in findings)


@pytest.mark.parametrize("day", [date(2025, 11, 1), date(2026, 7, 2)])
def test_another_day_keeps_none_and_says_what_a_build_for_it_says(day: date, store: GraphStore, tmp_path: Path) -> None:
    built, shown = rich.build(tmp_path / "other", [rich.first(), rich.second()], day), at(store, day)
    assert not FILES & shown.manifest.files.keys()
    for rows in READERS.values():
        assert list(rows(shown)) == list(rows(built))


def test_a_build_that_was_changed_keeps_none(tmp_path: Path) -> None:
    before = rich.build(tmp_path / "before", [rich.first()])
    with new_build(tmp_path / "after") as build:
        second = rich.second()
        assert update(before, build, Change(rich.DAY, {second.document.identifier: second})) is not None
    after, whole = GraphStore.open(tmp_path / "after"), rich.build(tmp_path / "whole", [rich.first(), rich.second()])
    assert not FILES & after.manifest.files.keys()
    for rows in READERS.values():
        assert list(rows(after)) == list(rows(whole))


@pytest.mark.parametrize("name", sorted(FILES))
def test_damage_is_no_other_answer(name: str, tmp_path: Path) -> None:
    store = rich.build(tmp_path / "graph", [rich.first(), rich.second()])
    file = store.build / name
    content = bytearray(file.read_bytes())
    content[-5] ^= 1
    file.write_bytes(content)
    with pytest.raises(StoreError, match=f"the graph is damaged \\({name} is not as it was written"):
        list(READERS[name](store))
