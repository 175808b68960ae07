"""What changed between two releases of one code system."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from kg.errors import NotFound, UsageError
from kg.model import Code, Relation
from kg.reference import bundled, icd10cm
from kg.reference.formats import read_release
from kg.reference.release import Edition, Entry, Release
from kg.reference.stored import StoredReleases

_LIMITS = (Relation.PAYMENT_LIMIT, Relation.UNITS_LIMIT)


class Change(StrEnum):
    """What can happen to a code from one release to the next."""

    ADDED = "added"
    ENDED = "ended"
    RENAMED = "renamed"
    REACTIVATED = "reactivated"
    HEADING = "became a heading"
    BILLABLE = "became billable"
    LIMITED = "limit added"
    LIMIT = "limit changed"
    UNLIMITED = "limit ended"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of one code, with what the releases say of it before and after; `on` is the day, where it is told.

    Of a limit, the names of both are the limit in words.
    """

    change: Change
    code: Code
    before: Entry | None
    after: Entry | None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed between two releases.

    `untold` are the codes that only one of the two has, where the other is no complete release and so cannot tell
    whether they are new or gone.
    """

    changes: tuple[Difference, ...]
    untold: tuple[Code, ...] = ()


def differences(before: str, after: str, releases: str | os.PathLike[str] | None = None) -> Differences:
    """What changed from one release to another, each a stored release or a file; changes by kind, then by code.

    Files with several releases are compared system by system, and limits of payment or units kind by kind. Raises
    `UsageError` where the two have nothing of the kind in common, and `NotFound` for a release that is not there.
    """
    old, new = (_by_kind(editions(name, releases)) for name in (before, after))
    shared = [kind for kind in old if kind in new]
    if not shared:
        kinds = " and ".join(", ".join(kinds_of_one) or "no codes" for kinds_of_one in (old, new))
        raise UsageError(f"cannot compare {before} with {after}: releases of {kinds}")
    comparisons = [(compare if old[kind].entries else _of_limits)(old[kind], new[kind]) for kind in shared]
    changes = sorted(
        (change for comparison in comparisons for change in comparison.changes),
        key=lambda change: (list(Change).index(change.change), change.code),
    )
    return Differences(tuple(changes), tuple(code for comparison in comparisons for code in comparison.untold))


def _by_kind(of_release: Iterable[Edition]) -> dict[str, Edition]:
    """Editions by what they can be compared in: their code system, or the kind of limits that they state."""
    kinds: dict[str, Edition] = {}
    for edition in of_release:
        if edition.export:
            title = edition.release.title
            raise UsageError(f"{title}: articles are held against each other with 'kg compare', in a graph of both")
        first = next(iter(edition.statements), None)
        if edition.entries:
            kinds[edition.release.system.noun] = edition
        elif first and first.relation in _LIMITS:
            whose = dict(first.details).get("limitFor")
            kinds[f"{first.relation.label}s{f' for {whose}' if whose else ''}"] = edition
    return kinds


def editions(name: str, releases: str | os.PathLike[str] | None = None) -> list[Edition]:
    """The editions of a stored release by its identifier, of one that comes with billing-kg, or of a file."""
    if name == icd10cm.RELEASE.identifier:
        return list(icd10cm.read())
    ours = [edition for edition in bundled.read() if edition.release.identifier == name]
    if ours:
        return ours
    stored = StoredReleases(releases)
    try:
        file = stored.find(name).file
    except NotFound as exc:
        if not Path(name).exists():
            raise NotFound(f"no such release in {stored.folder}, and no such file: {name!r}") from exc
        return read_release(Path(name))
    return [edition for edition in stored.read(file) if edition.release.identifier == name]


def compare(old: Edition, new: Edition) -> Differences:
    """What changed between two editions of one system, by code."""
    before = {entry.code: _shown(entry, old.release) for entry in old.entries}
    after = {entry.code: _shown(entry, new.release) for entry in new.entries}
    changes: list[Difference] = []
    untold: list[Code] = []
    for code in sorted(_comparable(before, after)):
        there, here = before.get(code), after.get(code)
        if there and here:
            changes += _changes(there, here, new.release.issued)
        elif here and _is_new(here, old.release):
            changes.append(Difference(Change.ADDED, code, None, here, here.valid_from or new.release.issued))
        elif there and there.valid_through is not None:
            pass  # It had ended before.
        elif there and new.release.covers(code):
            changes.append(Difference(Change.ENDED, code, there, None, new.release.issued))
        else:
            untold.append(code)
    return Differences(tuple(changes), tuple(untold))


def _of_limits(old: Edition, new: Edition) -> Differences:
    """What changed between the limits of two editions, by code; a list of a quarter has all limits of the quarter."""
    before, after = (_limits(edition) for edition in (old, new))
    changes = []
    for code in sorted({*before, *after}):
        there, here = before.get(code), after.get(code)
        if there and here and _amount(there.name) == _amount(here.name):
            continue
        change = Change.LIMIT if there and here else Change.LIMITED if here else Change.UNLIMITED
        changes.append(Difference(change, code, there, here, new.release.issued))
    return Differences(tuple(changes))


def _limits(edition: Edition) -> dict[Code, Entry]:
    """The limit of each code in words; several of one code together."""
    words: dict[Code, dict[str, int]] = {}
    for statement in edition.statements:
        if statement.relation in _LIMITS:
            dosage = dict(statement.details).get("dosage")
            limit = f"{statement.object.label}{f' per {dosage}' if dosage else ''}"
            words.setdefault(statement.subject.code, {}).setdefault(limit, statement.row)
    return {code: Entry(code, ", ".join(limits), row=min(limits.values())) for code, limits in words.items()}


def _amount(limit: str) -> str:
    """A limit without what lists write in different ways: case, blanks, zeros at the end of a fraction.

    >>> _amount("41.10 USD per 10 MG") == _amount("41.1 usd  per 10 mg")
    True
    """
    return re.sub(r"\.(\d*?)0+(?!\d)", lambda match: f".{match[1]}" if match[1] else "", _plain_name(limit))


def _comparable(before: Iterable[Code], after: Iterable[Code]) -> set[Code]:
    """The codes of both; without the blocks of ICD-10-CM (A00-A09), which order files lack, unless both have some."""
    sides = [set(before), set(after)]
    blocks = [{code for code in side if "-" in code.value} for side in sides]
    every = set.union(*sides)
    return every if all(blocks) else every.difference(*blocks)


def _shown(entry: Entry, release: Release) -> Entry:
    """An entry without its names, where the licence does not let them be shown."""
    return entry if release.quotable else replace(entry, name="", names=())


def _is_new(entry: Entry, before: Release) -> bool:
    """Whether the older release would have a code, had it been there: by its scope, else by its first day."""
    begun_since = entry.valid_from and before.issued and entry.valid_from > before.issued
    return before.covers(entry.code) or bool(begun_since)


def _changes(old: Entry, new: Entry, issued: date | None) -> Iterator[Difference]:
    """What changed of a code that both releases have."""
    if new.valid_through is not None and old.valid_through is None:
        yield Difference(Change.ENDED, new.code, old, new, new.valid_through)
    elif new.valid_through is None and old.valid_through is not None:
        begun_anew = new.valid_from if new.valid_from != old.valid_from else issued
        yield Difference(Change.REACTIVATED, new.code, old, new, begun_anew)
    if _plain_name(old.name) != _plain_name(new.name):
        yield Difference(Change.RENAMED, new.code, old, new, issued)
    if old.billable is not new.billable and None not in (old.billable, new.billable):
        yield Difference(Change.BILLABLE if new.billable else Change.HEADING, new.code, old, new, issued)


def _plain_name(name: str) -> str:
    """A name without what editions write in different ways: case, blanks, accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
