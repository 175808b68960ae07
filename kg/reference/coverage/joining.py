"""Puts exports together: of each version of a policy what the newest release says, and until when it holds."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from kg.model import Code, Coverage, Group, Listed, Policy
from kg.reference.coverage.export import Export


def coverage_of(exports: Iterable[tuple[str, Export]]) -> Coverage:
    """Put exports together, the newest first, each with the identifier of its release.

    Of one version of a policy the newest release is believed. A version holds until the day before the next one
    begins, whatever it says of its end.
    """
    return _Joining().joined(exports)


class _Joining:
    """Exports while they are put together: numbers of policies and groups are counted through."""

    def __init__(self) -> None:
        self._policies: dict[int, Policy] = {}
        self._groups: dict[int, Group] = {}
        self._listings: dict[Code, array[int]] = {}
        self._listed: list[Listed] = []
        self._had: set[str] = set()

    def joined(self, exports: Iterable[tuple[str, Export]]) -> Coverage:
        for release, export in exports:
            self._take(release, export)
        self._cut_earlier_versions()
        services: defaultdict[Code, list[int]] = defaultdict(list)
        for number, group in self._groups.items():
            for code in dict.fromkeys(code for code, _ in group.services):
                services[code].append(number)
        return Coverage(self._policies, self._groups, self._listings, dict(services), tuple(self._listed))

    def _take(self, release: str, export: Export) -> None:
        policies = {
            number: len(self._policies) + position
            for position, number in enumerate(
                number for number, policy in enumerate(export.policies) if policy.key not in self._had
            )
        }
        groups: dict[int, int] = {}
        for number, group in enumerate(export.groups):
            if group.policy in policies:
                groups[number] = len(self._groups)
                self._groups[groups[number]] = replace(group, policy=policies[group.policy])
        for number, new in policies.items():
            self._policies[new] = replace(export.policies[number], release=release)
        self._had |= {policy.key for policy in self._policies.values()}
        self._listed += [replace(one, policy=policies[one.policy]) for one in export.listed if one.policy in policies]
        for code, places in export.listings.items():
            own = self._listings.setdefault(code, array("I"))
            for number, place in zip(places[::2], places[1::2], strict=True):
                if number in groups:
                    own.extend((groups[number], place))

    def _cut_earlier_versions(self) -> None:
        by_identifier: defaultdict[str, list[int]] = defaultdict(list)
        for number, policy in self._policies.items():
            by_identifier[policy.identifier].append(number)
        for numbers in by_identifier.values():
            next_day: date | None = None
            for number in sorted(numbers, key=lambda number: self._policies[number].version, reverse=True):
                policy = self._policies[number]
                if next_day:
                    last = min(filter(None, (policy.valid_through, next_day - timedelta(days=1))))
                    self._policies[number] = replace(policy, valid_through=last)
                next_day = min(filter(None, (policy.valid_from, next_day)), default=None)
