"""Exports put together: of one version what the newest release says, and each until the next one begins."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kg.model import Coverage
from kg.reference.coverage.export import Export, read_export
from kg.reference.coverage.joining import coverage_of
from kg.reference.coverage.kept import coverage_columns, read_coverage
from kg.reference.coverage.tables import exports_in
from kg.shelf import Shelf

from . import DENOSUMAB, LOOKUPS, Tables, article, covered, joined, services, written


def export(folder: Path, *parts: Tables) -> Export:
    ((_, tables),) = exports_in(written(folder, joined(LOOKUPS, *parts)))
    return read_export(tables)


def version(number: int, since: str, *diagnoses: str, title: str = "") -> tuple[Tables, ...]:
    more = {"title": title} if title else {}
    return (
        article(1, number, article_eff_date=since, **more),
        services(1, "J0897", version=number),
        covered(1, *diagnoses, version=number),
    )


def days(known: Coverage) -> dict[str, tuple[str, str]]:
    return {one.key: (str(one.valid_from), str(one.valid_through)) for one in known.policies.values()}


def test_a_version_holds_until_the_next_one_begins(tmp_path: Path) -> None:
    parts = (*version(1, "2023-01-01", "M81.0"), *version(2, "2024-07-01", "M81.0"), *version(3, "2025-01-01", "M81.0"))
    assert days(coverage_of([("all", export(tmp_path, *parts))])) == {
        "A1-1": ("2023-01-01", "2024-06-30"), "A1-2": ("2024-07-01", "2024-12-31"), "A1-3": ("2025-01-01", "None"),
    }  # fmt: skip


def test_of_one_version_the_newest_release_is_believed(tmp_path: Path) -> None:
    newest = export(tmp_path, *version(2, "2024-07-01", "M81.0", title="New"))
    older = export(
        tmp_path, *version(1, "2023-01-01", "M80.0", title="Old"), *version(2, "2024-07-01", "C79.51", title="Old")
    )
    known = coverage_of([("new", newest), ("old", older)])
    assert [(one.key, one.title, one.release) for one in known.policies.values()] == [
        ("A1-2", "New", "new"), ("A1-1", "Old", "old"),
    ]  # fmt: skip
    assert {code.value for code, places in known.listings.items() if len(places)} == {"M81.0", "M80.0"}
    assert days(known)["A1-1"] == ("2023-01-01", "2024-06-30")
    in_force = [one.key for one in known.policies.values() if one.holds_on(date(2024, 7, 1))]
    assert in_force == ["A1-2"]


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    ((_, tables),) = exports_in(written(tmp_path, DENOSUMAB))
    known = coverage_of([("mcd", read_export(tables))])
    again = read_coverage(Shelf(dict(coverage_columns(known))))
    assert dict(again.policies) == dict(known.policies)
    assert dict(again.groups) == dict(known.groups)
    assert {code: list(places) for code, places in known.listings.items()} == dict(again.listings)
    assert dict(again.services) == dict(known.services)
    assert tuple(again.listed) == known.listed
    assert again.listed[0] == known.listed[0]
    assert bool(again)
    assert not read_coverage(Shelf(dict(coverage_columns(Coverage()))))
