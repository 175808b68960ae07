"""Coverage: what the policies of Medicare list, and what they rule of a billing code and a diagnosis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import NamedTuple

from kg.model.assertions import Polarity
from kg.model.codes import Code, CodeSystem
from kg.model.concepts import Concept, Kind
from kg.model.members import plain_members

MEDICARE = Concept.named(Kind.PAYER, "Medicare")
"""The payer that articles and determinations speak for, and nobody else."""


@plain_members
class PolicyKind(StrEnum):
    """The kinds of policies: articles list codes, determinations say what is reasonable and necessary."""

    ARTICLE = "article"
    LCD = "lcd"
    NCD = "ncd"

    @property
    def noun(self) -> str:
        """The name people use.

        >>> PolicyKind.LCD.noun
        'local coverage determination'
        """
        return {
            PolicyKind.ARTICLE: "article",
            PolicyKind.LCD: "local coverage determination",
            PolicyKind.NCD: "national coverage determination",
        }[self]


@plain_members
class Pairing(StrEnum):
    """How it is known for which billing codes of an article a group of diagnoses is, the surest first."""

    NAMED = "named in its words"
    ONLY_GROUP = "the only group of codes"
    SAME_NUMBER = "the group of codes of the same number"
    WHOLE_ARTICLE = "the whole article"
    UNKNOWN = "not known"


@plain_members
class ListedAs(StrEnum):
    """As what a policy lists a code besides diagnoses."""

    SERVICE = "service"
    MODIFIER = "modifier"
    REVENUE_CODE = "revenue code"
    BILL_TYPE = "bill type"
    SELF_ADMINISTERED = "self-administered drug"

    @property
    def is_code(self) -> bool:
        """Whether it is a code of one of our systems; revenue codes and types of bill are texts."""
        return self not in (ListedAs.REVENUE_CODE, ListedAs.BILL_TYPE)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of an article or a determination, with whom and which days it is for.

    `states` are those of its jurisdiction, by their two letters, with the part of the state behind them where it is for
    a part alone ("NY (Upstate)"); of a national determination there are none, and it holds everywhere. It holds from
    `valid_from` through `valid_through`, None where nothing tells. `belongs_to` are the determinations that it goes
    with. `row` is its row in the table of the `release`.
    """

    kind: PolicyKind
    identifier: str
    version: int
    title: str
    valid_from: date | None = None
    valid_through: date | None = None
    contractors: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    belongs_to: tuple[str, ...] = ()
    row: int = 0
    release: str = ""

    @property
    def key(self) -> str:
        """Identifier and version as one: `A57778-12`."""
        return f"{self.identifier}-{self.version}"

    @property
    def address(self) -> str:
        """Where the public can read this version.

        >>> Policy(PolicyKind.ARTICLE, "A57778", 12, "Denosumab").address
        'https://www.cms.gov/medicare-coverage-database/view/article.aspx?articleid=57778&ver=12'
        """
        number = "".join(filter(str.isdigit, self.identifier))
        page, name, version = _PAGES[self.kind]
        return (
            f"https://www.cms.gov/medicare-coverage-database/view/{page}.aspx?{name}={number}&{version}={self.version}"
        )

    @property
    def whose(self) -> str:
        """Its contractors and states in words: "First Coast: FL, PR"."""
        return ": ".join(filter(None, ("; ".join(self.contractors), ", ".join(self.states))))

    def holds_on(self, day: date | None) -> bool:
        """Whether it is in force on a day; without one, whether it has no end."""
        if day is None:
            return self.valid_through is None
        return (self.valid_from or day) <= day <= (self.valid_through or day)

    def holds_in(self, state: str) -> bool:
        """Whether it is for a state, or for a part of it.

        >>> policy = Policy(PolicyKind.ARTICLE, "A1", 1, "", states=("FL", "NY (Upstate)"))
        >>> [policy.holds_in(state) for state in ("FL", "NY", "TX")]
        [True, True, False]
        """
        return self.kind is PolicyKind.NCD or any(own.partition(" ")[0] == state for own in self.states)


_PAGES = {
    PolicyKind.ARTICLE: ("article", "articleid", "ver"),
    PolicyKind.LCD: ("lcd", "lcdid", "ver"),
    PolicyKind.NCD: ("ncd", "ncdid", "ncdver"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """A list of diagnoses in an article: those that support some of its billing codes, or those that do not.

    `services` are the billing codes that it is for, each with the row that lists it, and `pairing` says how that is
    known. `words` is the paragraph above the list, `star` what an asterisk in it means. `complete` is the sentence in
    which the article says that what it does not list as supporting does not support, `beside` the one in which it says
    that a diagnosis of this list has to stand beside one of another; both are empty where it says nothing.
    """

    policy: int
    polarity: Polarity
    number: int
    services: tuple[tuple[Code, int], ...] = ()
    pairing: Pairing = Pairing.UNKNOWN
    words: str = ""
    star: str = ""
    complete: str = ""
    beside: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """What a policy lists besides diagnoses: a code, with group, days and words where its table has them."""

    policy: int
    kind: ListedAs
    value: str
    row: int
    group: int = 0
    words: str = ""
    valid_from: date | None = None
    valid_through: date | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an article says of a billing code and a diagnosis: yes, or no.

    `row` is the row that lists the diagnosis, 0 where it is listed nowhere and the article says that its lists are
    complete; `service_row` the row that lists the billing code. `starred` tells that an asterisk stands at it.
    """

    policy: Policy
    group: Group
    polarity: Polarity
    service: Code
    diagnosis: Code
    row: int
    service_row: int
    starred: bool = False

    @property
    def is_conditional(self) -> bool:
        """Whether it holds under a condition: what an asterisk means, or another diagnosis beside this one."""
        return self.starred or bool(self.row and self.group.beside)

    @property
    def table(self) -> str:
        """The file of the table whose row it is."""
        side = "covered" if self.polarity is Polarity.AFFIRMED else "noncovered"
        return f"article_x_icd10_{side}{'' if self.row else '_group'}.csv"

    @property
    def row_text(self) -> str:
        """The cells of the row that tell article, version, diagnosis and group."""
        number = self.policy.identifier.removeprefix("A")
        return f"{number} | {self.policy.version} | {self.diagnosis.value} | {self.group.number}"

    @property
    def condition(self) -> str:
        """The words of the article that govern it: the paragraph above the list, and what an asterisk means."""
        if not self.row:
            return self.group.complete
        beside = "" if self.group.beside in self.group.words else self.group.beside
        return " ".join(filter(None, (self.group.words, beside, self.group.star if self.starred else "")))


class Share(NamedTuple):
    """What one contractor rules: in how many articles, for how many codes the diagnosis supports, and does not."""

    contractor: str
    articles: int
    supported: int
    refused: int


def shares(rulings: Iterable[Ruling]) -> list[Share]:
    """Rulings summed up by contractor."""
    pairs = sorted(
        ((contractor, ruling) for ruling in rulings for contractor in ruling.policy.contractors or ("Medicare",)),
        key=lambda pair: pair[0],
    )
    summed = []
    for contractor, group in groupby(pairs, key=lambda pair: pair[0]):
        own = [ruling for _, ruling in group]
        codes = {side: len({(one.service, one.diagnosis) for one in own if one.polarity is side}) for side in Polarity}
        articles = len({one.policy.key for one in own})
        summed.append(Share(contractor, articles, codes[Polarity.AFFIRMED], codes[Polarity.EXCLUDED]))
    return summed


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

    def rulings(
        self, service: Code, diagnosis: Code, holds: Callable[[Policy], bool] = lambda _: True, *, exactly: bool = True
    ) -> list[Ruling]:
        """What articles rule of a billing code and a diagnosis; `holds` tells which of them are asked.

        An article that does not list a diagnosis says no where it says that its lists are complete; of a heading,
        which is not asked for `exactly`, it does not, as it lists the codes below.
        """
        return self.rulings_of_each([service], diagnosis, holds, exactly=exactly)

    def rulings_of_each(
        self, services: Iterable[Code], diagnosis: Code, holds: Callable[[Policy], bool], *, exactly: bool = True
    ) -> list[Ruling]:
        """The same of each of many billing codes: of a diagnosis that stands in thousands of lists, all at once."""
        asking = _Asking(self, diagnosis, cache(lambda policy: holds(self.policies[policy])), exactly)
        return [ruling for service in services for ruling in asking.rulings(service)]


class _Asking:
    """One diagnosis while policies are asked of it: those that hold, and the groups of each that list it."""

    def __init__(self, coverage: Coverage, diagnosis: Code, holds: Callable[[int], bool], exactly: bool) -> None:
        self._coverage, self._diagnosis, self._holds, self._exactly = coverage, diagnosis, holds, exactly
        self._here: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for number, place in _by_group(coverage.listings.get(diagnosis, ())).items():
            self._here[coverage.groups[number].policy][number] = place
        self._rows: dict[int, dict[Code, int]] = {}

    def rulings(self, service: Code) -> Iterator[Ruling]:
        """What the policies that hold rule of a billing code."""
        by_policy: defaultdict[int, dict[int, Group]] = defaultdict(dict)
        for number in self._coverage.services.get(service, ()):
            group = self._coverage.groups[number]
            by_policy[group.policy][number] = group
        for policy, groups in by_policy.items():
            if self._holds(policy):
                yield from self._of_policy(policy, groups, service)

    def _of_policy(self, policy: int, groups: Mapping[int, Group], service: Code) -> Iterator[Ruling]:
        """What one article rules: by its lists for the code, else by saying that they are complete."""
        here = self._here.get(policy, {})
        listing = {number: group for number, group in groups.items() if number in here}
        for number, group in listing.items():
            yield self._ruling(number, group, service, here[number])
        if listing or not self._exactly:
            return
        affirmed = any(self._coverage.groups[number].polarity is Polarity.AFFIRMED for number in here)
        closing = closing_group(groups.values(), service)
        if not affirmed and closing is not None:
            number = next(number for number, group in groups.items() if group is closing)
            yield self._ruling(number, replace(closing, polarity=Polarity.EXCLUDED), service, 0)

    def _ruling(self, number: int, group: Group, service: Code, place: int) -> Ruling:
        policy = self._coverage.policies[group.policy]
        row = self._rows_of(number, group).get(service, 0)
        return Ruling(policy, group, group.polarity, service, self._diagnosis, place // 2, row, bool(place % 2))

    def _rows_of(self, number: int, group: Group) -> dict[Code, int]:
        """The first row of each billing code of a group."""
        if number not in self._rows:
            self._rows[number] = dict(reversed(group.services))
        return self._rows[number]


def closing_group(groups: Collection[Group], service: Code) -> Group | None:
    """The group for a billing code in which an article says that its lists are complete; None where none does."""
    if not any(group.polarity is Polarity.AFFIRMED for group in groups):
        return None
    return next((group for group in groups if group.complete and _is_about(group, service)), None)


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
