"""What a code means and when: the entries that releases of many years have for it, put together.

A code may mean one thing until it ends and another when it is given out again (J1440 was filgrastim until 2013, and
is fecal microbiota since 2023). Each of its meanings has its days: those that a release states, else those that follow
from which releases have the code and which lack it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from kg.model import Code, CodeSystem
from kg.reference.release import Edition, Entry, Release

_DAY = timedelta(days=1)


class Meaning(NamedTuple):
    """What a code means in its days: what the newest release says of it, and the newest complete one that has it.

    `names` are those that older releases gave it, each with its release.
    """

    entry: Entry
    release: Release
    complete: Release | None
    names: tuple[tuple[str, Release], ...] = ()


def meanings(editions: Sequence[Edition]) -> dict[Code, tuple[Meaning, ...]]:
    """The meanings of each code, the newest first, from editions of which the newest comes first.

    >>> meanings([])
    {}
    """
    listings: defaultdict[Code, list[_Listing]] = defaultdict(list)
    for number, edition in enumerate(editions):
        for entry in edition.entries:
            listings[entry.code].append(_Listing(number, edition.release, entry))
    successions = _successions(editions)
    return {code: _of_one(of_code, successions.get(code.system)) for code, of_code in listings.items()}


def on(day: date | None, candidates: Sequence[Meaning]) -> Meaning:
    """The meaning that holds on a day, else the last that had begun, else the first; without a day the newest."""
    if day is None or len(candidates) == 1:
        return candidates[0]
    holding = (meaning for meaning in candidates if meaning.entry.holds_on(day))
    begun = (meaning for meaning in candidates if (meaning.entry.valid_from or day) <= day)
    return next(holding, None) or next(begun, None) or candidates[-1]


class _Listing(NamedTuple):
    """An entry, with the position of its edition."""

    number: int
    release: Release
    entry: Entry


@dataclass(slots=True)
class _Succession:
    """The complete releases of one code system that have a date: the newest first, with positions and codes."""

    numbers: list[int] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    codes: list[frozenset[Code]] = field(default_factory=list)
    rank: dict[int, int] = field(default_factory=dict)

    def add(self, number: int, edition: Edition) -> None:
        """Take in the next older edition."""
        self.rank[number] = len(self.numbers)
        self.numbers.append(number)
        self.releases.append(edition.release)
        self.codes.append(frozenset(entry.code for entry in edition.entries))

    def lacking(self, code: Code, newer: int, older: int) -> date | None:
        """When the first release that lacks a code was issued, of those between two positions."""
        if self.rank.get(older, 0) - self.rank.get(newer, -1) == 1:
            return None
        lack = [
            release.issued
            for number, release, codes in zip(self.numbers, self.releases, self.codes, strict=True)
            if newer < number < older and code not in codes and release.covers(code)
        ]
        return lack[-1] if lack else None

    def is_unbroken(self, listings: Sequence[_Listing]) -> bool:
        """Whether all releases from one to another have a code, and none states its days: most codes by far."""
        first, last = (self.rank.get(listing.number) for listing in (listings[0], listings[-1]))
        if first is None or last is None or last - first + 1 != len(listings):
            return False
        return all(listing.entry.valid_from is None is listing.entry.valid_through for listing in listings)

    def lacked_before(self, code: Code, oldest: int) -> bool:
        """Whether a release before a position covers a code and lacks it."""
        older = range(self.rank[oldest] + 1, len(self.numbers))
        return any(code not in self.codes[n] and self.releases[n].covers(code) for n in older)


def _successions(editions: Sequence[Edition]) -> Mapping[CodeSystem, _Succession]:
    """The successions of those systems of which there are several complete releases with a date."""
    by_system: dict[CodeSystem, _Succession] = {}
    for number, edition in enumerate(editions):
        release = edition.release
        if release.complete and release.issued and edition.entries:
            by_system.setdefault(release.system, _Succession()).add(number, edition)
    return {system: succession for system, succession in by_system.items() if len(succession.numbers) > 1}


def _of_one(listings: Sequence[_Listing], succession: _Succession | None) -> tuple[Meaning, ...]:
    if len(listings) == 1 and succession is None:
        _, release, entry = listings[0]
        return (Meaning(entry, release, release if release.complete else None),)
    if succession and succession.is_unbroken(listings):
        return (_meaning(listings, succession),)
    groups: list[list[_Listing]] = []
    for listing in listings:
        same = next((group for group in groups if _is_same(group, listing, succession)), None)
        if same is None:
            groups.append([listing])
        else:
            same.append(listing)
    return tuple(_one_after_another(sorted((_meaning(group, succession) for group in groups), key=_newest_first)))


def _is_same(group: Sequence[_Listing], listing: _Listing, succession: _Succession | None) -> bool:
    """Whether an entry of an older release, or of the same, speaks of the meaning that newer ones have."""
    newest, begun = group[0].entry, listing.entry.valid_from
    if newest.valid_from and begun:
        return newest.valid_from == begun
    issued, release = listing.release.issued, listing.release
    if issued is None or not release.complete or succession is None:
        return True
    if newest.valid_from and newest.valid_from > issued:
        return False
    if newest.valid_through:
        return newest.valid_through >= (listing.entry.valid_from or issued)
    return succession.lacking(newest.code, group[-1].number, listing.number) is None


def _meaning(group: Sequence[_Listing], succession: _Succession | None) -> Meaning:
    """One meaning with its days, from the entries that speak of it, the newest first."""
    _, release, entry = group[0]
    complete = [listing for listing in group if listing.release.complete]
    dated = [listing for listing in complete if listing.release.issued]
    changes: dict[str, object] = {}
    if succession and dated:
        code = entry.code
        if entry.valid_through is None and (after := succession.lacking(code, -1, dated[0].number)):
            changes["valid_through"] = after - _DAY
        if entry.valid_from is None and succession.lacked_before(code, dated[-1].number):
            changes["valid_from"] = min(first for listing in dated if (first := listing.release.first_day))
        if turned := tuple(_turned(entry, dated)):
            changes["turned"] = turned
    if changes:
        entry = replace(entry, **changes)  # type: ignore[arg-type]
    return Meaning(entry, release, complete[0].release if complete else None, _other_names(group))


def _other_names(group: Sequence[_Listing]) -> tuple[tuple[str, Release], ...]:
    """The names that older releases gave, besides those of the newest, each with the newest that did."""
    entry = group[0].entry
    if all(listing.entry.name == entry.name and listing.entry.names == entry.names for listing in group):
        return ()
    names = {
        name: listing.release for listing in reversed(group[1:]) for name in (listing.entry.name, *listing.entry.names)
    }
    for name in (entry.name, *entry.names, ""):
        names.pop(name, None)
    return tuple(reversed(names.items()))


def _one_after_another(ordered: Iterable[Meaning]) -> Iterator[Meaning]:
    """The same, the newest first: a meaning of which no end is known ends when the next one begins."""
    newer: date | None = None
    for meaning in ordered:
        entry = meaning.entry
        ended = entry.valid_through is None and newer
        yield meaning._replace(entry=replace(entry, valid_through=newer - _DAY)) if ended and newer else meaning
        newer = entry.valid_from


def _turned(entry: Entry, dated: Sequence[_Listing]) -> Iterator[date]:
    """The days on which it became a heading or a code, the newest first: those that are told, and those that follow."""
    yield from entry.turned
    billable = entry.billable_on(min(entry.turned) - _DAY) if entry.turned else entry.billable
    if all(listing.entry.billable is billable for listing in dated):
        return
    after: date | None = None
    for _, release, older in dated:
        issued, first = release.issued, release.first_day
        if entry.turned and issued and issued >= min(entry.turned):
            continue
        if older.billable is not None and older.billable is not billable and after:
            yield after
            billable = older.billable
        after = first


def _newest_first(meaning: Meaning) -> date:
    # Subtracted from the last day, so that the newest comes first.
    return date.min + (date.max - (meaning.entry.valid_from or date.min))
