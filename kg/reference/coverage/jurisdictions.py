"""Contractors of Medicare and their states, as the exports of the coverage database have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from kg.model import Policy
from kg.reference.coverage.cells import day_of
from kg.reference.coverage.tables import Row

_KEY = ("contractor_id", "contractor_type_id", "contractor_version")


@dataclass(frozen=True, slots=True)
class Jurisdictions:
    """The name of each contractor, and the states in which it decides, with the days on which it does."""

    _names: dict[str, str] = field(default_factory=dict)
    _states: dict[str, str] = field(default_factory=dict)
    _of_contractor: dict[str, list[tuple[str, date | None, date | None]]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Callable[[str], Iterator[Row]]) -> Jurisdictions:
        """Those of an export; `table` gives the rows of a table that can be used."""
        states = _states(table("state_lookup"))
        names = {
            _key(row): row.get("contractor_bus_name") or row.get("contractor_number") for row in table("contractor")
        }
        of_contractor: defaultdict[str, list[tuple[str, date | None, date | None]]] = defaultdict(list)
        for row in table("contractor_jurisdiction"):
            if state := states.get(row.get("state_id")):
                of_contractor[_key(row)].append((state, _day(row.get("active_date")), _day(row.get("term_date"))))
        return cls(names, states, dict(of_contractor))

    def contractor_of(self, row: Row) -> str:
        """The contractor that a row names; raises `ValueError` where there is none."""
        key = _key(row)
        if key not in self._names:
            raise ValueError("names no contractor")
        return key

    def state_of(self, row: Row) -> str:
        """The state that a row names; raises `ValueError` where there is none."""
        state = self._states.get(row.get("state_id"))
        if state is None:
            raise ValueError("names no state")
        return state

    def name_of(self, contractor: str) -> str:
        """What a contractor is called."""
        return self._names[contractor]

    def states_of(self, contractors: Iterable[str], policy: Policy) -> set[str]:
        """The states of contractors, as far as they decided there while a policy was in force."""
        return {
            state
            for contractor in contractors
            for state, first, last in self._of_contractor.get(contractor, ())
            if not (first and policy.valid_through and first > policy.valid_through)
            and not (last and policy.valid_from and last < policy.valid_from)
        }


def _key(row: Row) -> str:
    return "/".join(map(row.get, _KEY))


def _states(rows: Iterator[Row]) -> dict[str, str]:
    """The states by their numbers; one that is a part of another has that one's letters, and its name behind them."""
    described = [(row.get("state_id"), _letters(row), row.get("description")) for row in rows]
    whole = {
        name.partition(" - ")[0]: letters
        for _, letters, name in described
        if " - " not in name or "entire" in name.lower()
    }
    states = {}
    for number, letters, name in described:
        head, dash, part = name.partition(" - ")
        is_part = dash and "entire" not in part.lower() and head in whole
        states[number] = f"{whole[head]} ({part})" if is_part else letters
    return states


def _letters(row: Row) -> str:
    letters = row.get("state_abbrev").upper()
    return _POSTAL.get(letters, letters)


_POSTAL = {"CNMI": "MP"}
"""States that the publisher gives other letters than the post does."""


def _day(text: str) -> date | None:
    """A day; what is none tells nothing of when a contractor decides in a state."""
    with suppress(ValueError):
        return day_of(text)
    return None
