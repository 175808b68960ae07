"""What changed between two releases of one code system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from kg.errors import NotFound, UsageError
from kg.model import Code
from kg.reference import bundled, icd10cm
from kg.reference.formats import read_release
from kg.reference.release import Edition, Entry
from kg.reference.stored import StoredReleases


class Change(StrEnum):
    """What can happen to a code from one release to the next."""

    ADDED = "added"
    ENDED = "ended"
    RENAMED = "renamed"
    REACTIVATED = "reactivated"
    HEADING = "became a heading"
    BILLABLE = "became billable"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of one code, with what the releases say of it before and after; `on` is the day, where it is told."""

    change: Change
    code: Code
    before: Entry | None
    after: Entry | None
    on: date | None = None


def differences(before: str, after: str, releases: str | os.PathLike[str] | None = None) -> list[Difference]:
    """What changed from one release to another, each a stored release or a file; changes by kind, then by code.

    Files with several releases are compared system by system. Raises `UsageError` where the two have no code system
    in common, and `NotFound` for a release that is not there.
    """
    old, new = ({e.release.system: e for e in editions(name, releases) if e.entries} for name in (before, after))
    shared = [system for system in old if system in new]
    if not shared:
        kinds = " and ".join(", ".join(system.noun for system in found) or "no codes" for found in (old, new))
        raise UsageError(f"cannot compare {before} with {after}: releases of {kinds}")
    found = [change for system in shared for change in compare(old[system], new[system])]
    return sorted(found, key=lambda one: (list(Change).index(one.change), one.code))


def editions(name: str, releases: str | os.PathLike[str] | None = None) -> list[Edition]:
    """The editions of a stored release by its identifier, of one that comes with billing-kg, or of a file."""
    stored = StoredReleases(releases)
    if name == icd10cm.RELEASE.identifier:
        return list(icd10cm.read())
    ours = [edition for edition in bundled.read() if edition.release.identifier == name]
    if ours:
        return ours
    try:
        file = stored.find(name).file
    except NotFound:
        if not Path(name).exists():
            raise
        return read_release(Path(name))
    return [edition for edition in stored.read(file) if edition.release.identifier == name]


def compare(old: Edition, new: Edition) -> Iterator[Difference]:
    """What changed between two editions of one system."""
    before = {entry.code: entry for entry in old.entries}
    after = {entry.code: entry for entry in new.entries}
    for code in sorted(before.keys() | after.keys()):
        yield from _changes(code, before.get(code), after.get(code), new.release.issued)


def _changes(code: Code, old: Entry | None, new: Entry | None, issued: date | None) -> Iterator[Difference]:
    if new is None:
        if old is not None and old.valid_through is None:
            yield Difference(Change.ENDED, code, old, None, issued)
        return
    if old is None:
        yield Difference(Change.ADDED, code, None, new, new.valid_from or issued)
    elif new.valid_through is not None and old.valid_through is None:
        yield Difference(Change.ENDED, code, old, new, new.valid_through)
    elif new.valid_through is None and old.valid_through is not None:
        begun_anew = new.valid_from if new.valid_from != old.valid_from else issued
        yield Difference(Change.REACTIVATED, code, old, new, begun_anew)
    if old is not None and _told(old.name) != _told(new.name):
        yield Difference(Change.RENAMED, code, old, new, issued)
    if old is not None and old.billable is not new.billable and None not in (old.billable, new.billable):
        yield Difference(Change.BILLABLE if new.billable else Change.HEADING, code, old, new, issued)


def _told(name: str) -> str:
    """A name without what editions write in different ways."""
    return " ".join(name.casefold().split())
