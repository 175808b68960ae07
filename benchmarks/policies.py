"""Makes up policies as contractors of Medicare publish them: billing codes in groups, lists of diagnoses, paragraphs.

Sizes are as uneven as in life: of most lists ten diagnoses, of a few thousands; some diagnoses stand in very many
lists, the others of a list are neighbours. The codes are real, and what the lists say of them means nothing. The same
numbers give the same policies.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from kg import resources

NO_DIAGNOSIS = "XX000"
"""What the publisher writes where a list has no diagnosis."""
_BILLING, _WITH_LIST, _WITH_EXCLUDED = 0.6, 0.8, 0.12
"""The shares of articles that list billing codes, of those that list diagnoses, and of lists that exclude any."""
_LARGEST, _UNEVEN = 6_000, 2.0
_POPULAR = 60
_EVERYWHERE = 0.7
"""How many lists have the most popular diagnosis, as a share."""
_KINDS = ("empty", "plain", "plain", "plain", "codes", "codes", "group", "range", "others")
_PARAGRAPHS = {
    "empty": "",
    "plain": "<p>The following ICD-10-CM codes support medical necessity and provide coverage:</p>",
    "codes": "<p>The diagnoses below support&nbsp;<strong>{codes}</strong>. Use the code of highest specificity.</p>",
    "group": "<p>For the procedures in Group {group} CPT/HCPCS Codes:</p>\n<ul><li>one of these diagnoses</li></ul>",
    "range": "<p>Medical necessity of HCPCS {first} \u2013 {last} is supported by:</p>",
    "others": "<p>These support all codes of the article except {codes}.</p>",
}
_CLOSING = "<p>All those not listed under the &ldquo;ICD-10 Codes that Support Medical Necessity&rdquo; section.</p>"


@dataclass(frozen=True, slots=True)
class DiagnosisList:
    """A group of diagnoses: whether they support, how its paragraph tells for which billing codes, and its rows."""

    supports: bool
    number: int
    kind: str
    paragraph: str
    named: tuple[str, ...]
    """The billing codes that its paragraph names, or leaves out where it is of the kind "others"."""
    diagnoses: tuple[str, ...]
    star: str = ""

    @property
    def closes(self) -> bool:
        """Whether its paragraph says that the lists of the article are all."""
        return _CLOSING in self.paragraph


@dataclass(frozen=True, slots=True)
class MadeUpPolicy:
    """One version of an article or a determination."""

    number: int
    version: int
    begins: date
    services: dict[int, tuple[str, ...]]
    """Its billing codes, by the number of their group."""
    lists: tuple[DiagnosisList, ...] = ()


@dataclass(frozen=True)
class Sizes:
    """How much is made up: policies, and how many groups and rows of billing codes and of diagnoses they have."""

    policies: int
    service_groups: int
    services: int
    supporting_groups: int = 0
    supporting: int = 0
    excluding_groups: int = 0
    excluding: int = 0


def policies(sizes: Sizes, first: int, versions: int = 1) -> tuple[MadeUpPolicy, ...]:
    """Policies with numbers from `first` on, each in so many versions; earlier ones list a little less."""
    dice = random.Random(first)
    services = _services(sizes, dice)
    lists = _lists(sizes, services, dice)
    newest = [MadeUpPolicy(first + at, versions, _day(dice), services[at], lists[at]) for at in range(sizes.policies)]
    return tuple(_of_version(policy, version) for policy in newest for version in range(1, versions + 1))


def _of_version(policy: MadeUpPolicy, version: int) -> MadeUpPolicy:
    if version == policy.version:
        return policy
    before = policy.version - version
    lists = tuple(
        replace(one, diagnoses=tuple(code for at, code in enumerate(one.diagnoses, 1) if at % (50 + before)))
        for one in policy.lists
    )
    return replace(policy, version=version, begins=policy.begins - timedelta(days=90 * before), lists=lists)


def _day(dice: random.Random) -> date:
    return date(2019, 1, 1) + timedelta(days=dice.randrange(6 * 365))


def _services(sizes: Sizes, dice: random.Random) -> list[dict[int, tuple[str, ...]]]:
    """The billing codes of each policy: those that list any come first, with one group or a few."""
    billing = max(1, min(int(sizes.policies * _BILLING), sizes.service_groups))
    groups = [1 + more for more in shares(sizes.service_groups - billing, billing, dice, _LARGEST)]
    counts = iter([1 + more for more in shares(sizes.services - sum(groups), sum(groups), dice, 400)])
    codes = billing_codes()
    of_policies: list[dict[int, tuple[str, ...]]] = []
    for count in groups:
        numbers = range(1, count + 1)
        of_policies.append({number: _neighbours(codes, next(counts), dice) for number in numbers})
    return of_policies + [{}] * (sizes.policies - billing)


def _lists(
    sizes: Sizes, services: Sequence[dict[int, tuple[str, ...]]], dice: random.Random
) -> list[tuple[DiagnosisList, ...]]:
    """The lists of each policy, those that support before those that do not."""
    lists: list[list[DiagnosisList]] = [[] for _ in services]
    billing = sum(map(bool, services))
    with_list = max(1, int(billing * _WITH_LIST))
    sides = ((True, sizes.supporting_groups, sizes.supporting), (False, sizes.excluding_groups, sizes.excluding))
    for supports, groups, rows in sides:
        policies = min(with_list, groups)
        per_policy = [1 + more for more in shares(groups - policies, policies, dice, 40)] if groups else []
        lengths = iter(_lengths(supports, rows, groups, dice))
        for at, count in enumerate(per_policy):
            for number in range(1, count + 1):
                lists[at].append(_list(supports, number, next(lengths), services[at], dice))
    return [tuple(of_policy) for of_policy in lists]


def _lengths(supports: bool, rows: int, groups: int, dice: random.Random) -> list[int]:
    """How many rows the lists have: of those that exclude most have one, which names no diagnosis."""
    if supports:
        return shares(rows, groups, dice, _LARGEST)
    some = max(1, int(groups * _WITH_EXCLUDED)) if groups else 0
    lengths = [*shares(rows - (groups - some), some, dice, _LARGEST), *[1] * (groups - some)]
    dice.shuffle(lengths)
    return lengths


def _list(
    supports: bool, number: int, length: int, services: dict[int, tuple[str, ...]], dice: random.Random
) -> DiagnosisList:
    kind = dice.choice(_KINDS) if services else "plain"
    paragraph, named = _paragraph(kind, services, dice)
    if not supports and length <= 1 and dice.random() < 0.7:
        paragraph += _CLOSING
    diagnoses = (NO_DIAGNOSIS,) * length if not supports and length == 1 else _diagnoses(length, dice)
    star = "<p>*Only after a trial \u2013 see the \u201cLimitations\u201d.</p>" if dice.random() < 0.1 else ""
    return DiagnosisList(supports, number, kind, paragraph, named, diagnoses, star)


def _paragraph(kind: str, services: dict[int, tuple[str, ...]], dice: random.Random) -> tuple[str, tuple[str, ...]]:
    group = dice.choice(sorted(services)) if services else 0
    codes = services.get(group, ())
    some = tuple(dict.fromkeys(dice.choices(codes, k=min(3, len(codes))))) if codes else ()
    ends = sorted((codes[0], codes[-1])) if codes else ("", "")
    text = _PARAGRAPHS[kind].format(codes=", ".join(some), group=group, first=ends[0], last=ends[-1])
    named = {"codes": some, "others": some, "group": codes, "range": tuple(sorted(set(ends)))}
    return text, named.get(kind, ())


def _diagnoses(length: int, dice: random.Random) -> tuple[str, ...]:
    """Diagnoses of a list, each once: those that stand in very many lists, and runs of neighbours."""
    codes, popular = diagnosis_codes(), _popular()
    chosen = dict.fromkeys(popular[:1]) if length and dice.random() < _EVERYWHERE else {}
    for _ in range(length // 5):
        chosen.setdefault(popular[int(_POPULAR * dice.random() ** 2)])
    while len(chosen) < length:
        start, run = dice.randrange(len(codes)), dice.randint(1, max(1, length // 3))
        for code in codes[start : start + min(run, length - len(chosen))]:
            chosen.setdefault(code)
    return tuple(sorted(chosen))


def _neighbours(codes: Sequence[str], count: int, dice: random.Random) -> tuple[str, ...]:
    """Billing codes of a group, each once: a few from anywhere, the others side by side."""
    chosen = dict.fromkeys(dice.choices(codes, k=min(3, count)))
    start = dice.randrange(len(codes))
    for at in range(len(codes)):
        if len(chosen) == count:
            break
        chosen.setdefault(codes[(start + at) % len(codes)])
    return tuple(sorted(chosen))


def shares(total: int, count: int, dice: random.Random, largest: int) -> list[int]:
    """A total in so many uneven parts, none above the largest.

    >>> sum(shares(1000, 7, random.Random(1), 400))
    1000
    """
    if count <= 0:
        return []
    if total > count * largest:
        raise ValueError(f"{total:,} do not fit into {count:,} parts of {largest:,}")
    weights = [dice.lognormvariate(0, _UNEVEN) for _ in range(count)]
    scale = total / sum(weights)
    ends = [min(round(end * scale), total) for end in accumulate(weights)]
    parts = [min(end - begin, largest) for begin, end in zip([0, *ends[:-1]], ends, strict=True)]
    rest, at = total - sum(parts), 0
    while rest:
        more = min(rest, largest - parts[at], max(1, total // count))
        parts[at], rest, at = parts[at] + more, rest - more, (at + 1) % count
    return parts


@cache
def billing_codes() -> tuple[str, ...]:
    """The codes of HCPCS Level II that have not ended, and the codes of CPT that come along."""
    rows = (*resources.table("data", "reference", "hcpcs.tsv"), *resources.table("data", "reference", "cpt.tsv"))
    return tuple(sorted({row["code"] for row in rows if row.get("ended", "-") == "-"}))


@cache
def diagnosis_codes() -> tuple[str, ...]:
    """The billable codes of ICD-10-CM, in order."""
    return tuple(sorted(_billable()))


def _billable() -> Iterator[str]:
    for row in resources.table("data", "reference", "icd10cm-codes.tsv"):
        category, ends = row["category"], row["codes"]
        if not category.endswith("-"):
            yield category
        for end in ends.split():
            if not end.endswith("-") and end != "":
                yield f"{category.rstrip('-')}.{end}"


@cache
def _popular() -> tuple[str, ...]:
    codes = diagnosis_codes()
    return tuple(random.Random(len(codes)).sample(codes, _POPULAR))
