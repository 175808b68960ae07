"""One open graph on several days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from kg.graph import as_of
from kg.graph.days import Days
from kg.graph.store import GraphStore

BUILT = date(2026, 5, 1)
DAYS = [BUILT + timedelta(days=n) for n in range(1, 8)]


class Opened:
    """A store of a day, as far as days look at it."""

    def __init__(self, day: date) -> None:
        self.day, self.manifest, self.closed = day, type("Manifest", (), {"as_of": day.isoformat()}), 0

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Opened]]:
    """The stores that were opened, in order."""
    found: list[Opened] = []

    def at(_: GraphStore, day: date) -> Opened:
        found.append(Opened(day))
        return found[-1]

    monkeypatch.setattr(as_of, "at", at)
    yield found


def test_without_a_day_and_on_that_of_the_build_it_is_the_build(opened: list[Opened]) -> None:
    built = Opened(BUILT)
    days = Days(built)  # type: ignore[arg-type]
    assert days.at(None) is days.at(BUILT) is built
    assert opened == []


def test_a_day_is_opened_once_as_long_as_it_is_open(opened: list[Opened]) -> None:
    days = Days(Opened(BUILT))  # type: ignore[arg-type]
    assert days.at(DAYS[0]) is days.at(DAYS[0]) is opened[0]  # type: ignore[comparison-overlap]
    assert len(opened) == 1


def test_four_days_stay_open_and_the_one_asked_for_longest_ago_is_closed(opened: list[Opened]) -> None:
    days = Days(Opened(BUILT))  # type: ignore[arg-type]
    for day in DAYS[:4]:
        days.at(day)
    assert [one.closed for one in opened] == [0, 0, 0, 0]
    days.at(DAYS[0])
    days.at(DAYS[4])
    assert [one.closed for one in opened] == [0, 1, 0, 0, 0]
    days.at(DAYS[1])
    assert [one.day for one in opened] == [*DAYS[:5], DAYS[1]]
    assert [one.closed for one in opened] == [0, 1, 1, 0, 0, 0]


def test_all_are_closed_at_the_end(opened: list[Opened]) -> None:
    built = Opened(BUILT)
    days = Days(built)  # type: ignore[arg-type]
    for day in DAYS[:2]:
        days.at(day)
    days.close()
    assert [one.closed for one in (built, *opened)] == [1, 1, 1]
