"""Lists of diagnoses while an export is read: of which article each is, and for which of its billing codes."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import replace

from kg.model import Code, Group, Pairing, Polarity
from kg.reference.coverage.cells import folded
from kg.reference.coverage.words import complete, names_a_group, names_codes, services_of

Version = tuple[str, str]
"""An article or a determination by its number and its version, as cells have them."""


class Lists:
    """The billing codes of articles by group, and the lists of diagnoses that are for them."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.listings: dict[Code, array[int]] = {}
        self._services: defaultdict[Version, defaultdict[int, list[tuple[Code, int]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._refused: defaultdict[Version, set[int]] = defaultdict(set)
        self._versions: list[Version] = []
        self._filled: set[int] = set()

    def add_service(self, version: Version, group: int, code: Code, row: int) -> None:
        """Take in a billing code of an article."""
        self._services[version][group].append((code, row))

    def refuse(self, version: Version, group: int) -> None:
        """Take in that an article does not cover a group of billing codes."""
        self._refused[version].add(group)

    def add(
        self, policy: int, version: Version, polarity: Polarity, number: int, *, beside: str = "", words: str = "",
        star: str = "", row: int = 0,
    ) -> int:  # fmt: skip
        """Begin a list of diagnoses, once all billing codes are there; gives its number."""
        pairing, services = services_of(words, number, self._services.get(version, {}), self._refused.get(version, ()))
        group = Group(
            policy, polarity, number, services, pairing, folded(words), folded(star), folded(complete(words)),
            folded(beside), row,
        )  # fmt: skip
        self.groups.append(group)
        self._versions.append(version)
        return len(self.groups) - 1

    def list_diagnosis(self, number: int, code: Code, row: int, *, starred: bool) -> None:
        """Take in that a list has a diagnosis."""
        self._filled.add(number)
        self.listings.setdefault(code, array("I")).extend((number, 2 * row + starred))

    def finish(self) -> None:
        """Tell for which codes lists are by what all lists of an article are, once they are there."""
        self._part_uneven()
        self._close_articles()

    def _part_uneven(self) -> None:
        """Let no list be for the codes of its number where another list of the article has no codes of its number."""
        uneven = {
            (version, group.polarity)
            for version, group in zip(self._versions, self.groups, strict=True)
            if version not in self._services or not self._services[version].get(group.number)
        }
        for number, group in enumerate(self.groups):
            if group.pairing is Pairing.SAME_NUMBER and (self._versions[number], group.polarity) in uneven:
                self.groups[number] = replace(group, services=(), pairing=Pairing.UNKNOWN)

    def _close_articles(self) -> None:
        """Let the one list of an article that lists nothing but says that the others are complete close all of them."""
        closing = Counter(group.policy for group in self.groups if group.complete)
        for number, group in enumerate(self.groups):
            if number not in self._filled and closing[group.policy] == 1 and _closes_an_article(group):
                self.groups[number] = replace(group, services=self._covered(number), pairing=Pairing.WHOLE_ARTICLE)

    def _covered(self, number: int) -> tuple[tuple[Code, int], ...]:
        version = self._versions[number]
        refused = self._refused.get(version, ())
        every = (pair for group, codes in self._services[version].items() if group not in refused for pair in codes)
        return tuple({code: (code, row) for code, row in every}.values())


def _closes_an_article(group: Group) -> bool:
    """Whether what a list says of others is of all of its article: it names neither codes nor a group."""
    return (
        bool(group.complete)
        and group.polarity is Polarity.EXCLUDED
        and group.pairing in (Pairing.SAME_NUMBER, Pairing.UNKNOWN)
        and not names_codes(group.words)
        and not names_a_group(group.complete)
    )
