"""Coverage: what all exports say together, ready to be asked for a billing code and a diagnosis."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kg.model import Code, CodeSystem, Group, Listed, Polarity, Policy, Ruling
from kg.reference.coverage.export import Export


@dataclass(frozen=True, slots=True)
class Coverage:
    """Policies and the groups of their diagnoses by number, and where each code is listed.

    `listings` has for each diagnosis pairs of numbers: the group that lists it, and twice the row, one more where an
    asterisk stands at it. `services` has the groups that are for each billing code.
    """

    policies: Mapping[int, Policy] = field(default_factory=dict)
    groups: Mapping[int, Group] = field(default_factory=dict)
    listings: Mapping[Code, Sequence[int]] = field(default_factory=dict)
    services: Mapping[Code, Sequence[int]] = field(default_factory=dict)
    listed: Sequence[Listed] = ()

    def __bool__(self) -> bool:
        return bool(self.policies)

    @classmethod
    def of(cls, exports: Iterable[tuple[str, Export]]) -> Coverage:
        """Put exports together, the newest first, each with the identifier of its release.

        Of one version of a policy the newest release is believed. A version holds until the day before the next one
        begins, whatever it says of its end.
        """
        return _Joining().joined(exports)

    def rulings(
        self, service: Code, diagnosis: Code, *, day: date | None = None, state: str = "", exactly: bool = True
    ) -> list[Ruling]:
        """What articles in force rule of a billing code and a diagnosis, in a state where one is asked for.

        An article that does not list a diagnosis says no where it says that its lists are complete; of a heading,
        which is not asked for `exactly`, it does not, as it lists the codes below.
        """
        by_policy: defaultdict[int, list[int]] = defaultdict(list)
        for number in self.services.get(service, ()):
            by_policy[self.groups[number].policy].append(number)
        places = _by_group(self.listings.get(diagnosis, ()))
        rulings: list[Ruling] = []
        for policy, numbers in by_policy.items():
            if self._is_asked(policy, day, state):
                here = {number: place for number, place in places.items() if self.groups[number].policy == policy}
                rulings += self._of_policy(policy, numbers, here, service, diagnosis, exactly=exactly)
        return rulings

    def _is_asked(self, policy: int, day: date | None, state: str) -> bool:
        own = self.policies[policy]
        return own.holds_on(day) and (not state or own.holds_in(state))

    def _of_policy(
        self,
        policy: int,
        numbers: Iterable[int],
        here: Mapping[int, int],
        service: Code,
        diagnosis: Code,
        *,
        exactly: bool,
    ) -> Iterator[Ruling]:
        """What one article rules: by its lists for the code, else by saying that they are complete."""
        groups = {number: self.groups[number] for number in numbers}
        listing = {number: group for number, group in groups.items() if number in here}
        for number, group in listing.items():
            yield self._ruling(policy, group, service, diagnosis, here[number])
        affirmed = any(self.groups[number].polarity is Polarity.AFFIRMED for number in here)
        closing = next((group for group in groups.values() if group.complete and _is_about(group, service)), None)
        has_list = any(group.polarity is Polarity.AFFIRMED for group in groups.values())
        if exactly and not listing and not affirmed and closing and has_list:
            yield self._ruling(policy, replace(closing, polarity=Polarity.EXCLUDED), service, diagnosis, 0)

    def _ruling(self, policy: int, group: Group, service: Code, diagnosis: Code, place: int) -> Ruling:
        service_row = next((row for code, row in group.services if code == service), 0)
        return Ruling(
            self.policies[policy], group, group.polarity, service, diagnosis, place // 2, service_row, bool(place % 2)
        )


def _is_about(group: Group, service: Code) -> bool:
    """Whether a group is about a billing code: a procedure that is listed beside drugs accompanies them, and others."""
    codes = {code.system for code, _ in group.services}
    return service.system is CodeSystem.HCPCS or CodeSystem.HCPCS not in codes


def _by_group(places: Sequence[int]) -> dict[int, int]:
    """Where a diagnosis is listed, by group; of several rows of one list the first."""
    by_group: dict[int, int] = {}
    for number, place in zip(places[::2], places[1::2], strict=True):
        by_group.setdefault(number, place)
    return by_group


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
