"""How far two sources agree: the question `compare` of a graph, and its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from kg.answer_rows import COMPARED_COLUMNS, COMPARED_FIELDS, COMPARED_LAYOUT, compared_rows, policy_row
from kg.answers import Answer, Known, Scope
from kg.errors import UsageError
from kg.model import Agreement, Compared, Concept, Policy, Relation, Side, Verdict
from kg.model.days import Day, read_day

if TYPE_CHECKING:
    from kg.graph.comparing import Compare
    from kg.graph.days import Days
    from kg.graph.store import GraphStore

MOST = 10_000
"""So many edges of each kind are on a page at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Answer[Compared]):
    """How far two sides agree on the billing codes of which both speak: a page of the edges, and how many there are.

    `counts` are of all edges, by how the sides stand to them, of which the page has so many of each kind as the `limit`
    is, from the `offset` on. `codes` are numbers of billing codes: of both sides, and of one alone, of which
    `only_first` and `only_second` name as many, each with the number of its edges. `policies` are the articles that
    evidence on this page names.
    """

    columns, fields, layout = COMPARED_COLUMNS, COMPARED_FIELDS, COMPARED_LAYOUT

    first: Side
    second: Side
    counts: Mapping[Agreement, int]
    codes: Mapping[Agreement, int]
    only_first: tuple[tuple[Concept, int], ...] = ()
    only_second: tuple[tuple[Concept, int], ...] = ()
    policies: Mapping[str, Policy] = field(default_factory=dict)
    limit: int = 0
    offset: int = 0

    @classmethod
    def page_of(
        cls,
        compared: Compare,
        store: GraphStore,
        kinds: Sequence[Agreement],
        page: tuple[int, int],
        scope: Scope,
    ) -> Comparison:
        """The page of a comparison: its limit of edges of each of these kinds, from its offset on."""
        from kg.graph.comparing import named_codes

        limit, offset = page
        found = tuple(compared.page(store, kinds, limit, offset))
        alone = [compared.only_first, compared.only_second]
        first, second = (tuple(named_codes(store, codes, limit, offset)) for codes in alone)
        return cls(
            found,
            scope,
            compared.first.side,
            compared.second.side,
            compared.counts,
            dict(zip(_OF_CODES, (compared.services, *map(len, alone)), strict=True)),
            first,
            second,
            compared.policies_of(found),
            limit,
            offset,
        )

    @property
    def known(self) -> Known:
        """Whether they agree: a no where they contradict, a yes where both speak of a code, else not known."""
        if self.counts[Agreement.CONTRADICT]:
            return Known.NO
        return Known.YES if self.codes[Agreement.BOTH] else Known.NOT_KNOWN

    @property
    def names(self) -> tuple[str, str]:
        """What the sides are called; where both are called the same, with what tells them apart."""
        names = self.first.name, self.second.name
        if names[0] != names[1]:
            return names
        if self.first.day == self.second.day:
            return f"{names[0]} (first)", f"{names[1]} (second)"
        return f"{names[0]} on {self.first.day}", f"{names[1]} on {self.second.day}"

    @property
    def nothing(self) -> str:
        """What it means, in words, that nothing was found."""
        return f"whether {self.names[0]} and {self.names[1]} agree: there is no billing code of which both speak"

    def of(self, agreement: Agreement) -> tuple[Compared, ...]:
        """The edges of this page to which the sides stand so."""
        return tuple(edge for edge in self.found if edge.agreement is agreement)

    @property
    def summary(self) -> str:
        """All counts in one line.

        >>> from kg.model import SideKind
        >>> side = Side(SideKind.ARTICLE, "A57001-12")
        >>> counts = {Agreement.BOTH: 12, Agreement.FIRST: 3, Agreement.SECOND: 840, Agreement.CONTRADICT: 2}
        >>> scope = Scope(31, "disputed", None)
        >>> print(Comparison((), scope, side, Side(SideKind.CONTRACTOR, "Novitas"), counts, {}).summary)
        both 12 · only A57001-12 3 · only Novitas 840 · contradict 2
        """
        by_kind = {Agreement.BOTH: "both", Agreement.FIRST: f"only {self.names[0]}"}
        by_kind |= {Agreement.SECOND: f"only {self.names[1]}", Agreement.CONTRADICT: "contradict"}
        return " · ".join(f"{words} {self.counts[kind]:,}" for kind, words in by_kind.items())

    @property
    def _in_short(self) -> str:
        return self.summary

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each edge of this page."""
        return compared_rows(self.found, self.policies)

    def _question(self) -> dict[str, Any]:
        return {
            "first": _side_json(self.first),
            "second": _side_json(self.second),
            "counts": {kind.value: self.counts[kind] for kind in Agreement},
            "codes": {kind.value: self.codes[kind] for kind in _OF_CODES},
            "only_first": _codes_json(self.only_first),
            "only_second": _codes_json(self.only_second),
            "policies": list(map(policy_row, self.policies.values())),
            "limit": self.limit,
            "offset": self.offset,
        }


_OF_CODES = (Agreement.BOTH, Agreement.FIRST, Agreement.SECOND)


def _side_json(side: Side) -> dict[str, Any]:
    return {"kind": side.kind.value, "name": side.name, "title": side.title, "day": side.day}


def _codes_json(codes: Iterable[tuple[Concept, int]]) -> list[dict[str, Any]]:
    return [{"concept": code.curie, "name": code.name or "", "edges": number} for code, number in codes]


class _Graph(Protocol):
    """What is needed of a graph to compare two of its sources."""

    _days: Days
    _verdicts: tuple[Verdict, ...]

    @property
    def as_of(self) -> date | None: ...
    @property
    def _built(self) -> GraphStore: ...
    @property
    def _scope(self) -> Scope: ...
    def at(self, *, as_of: Day | None = None, trust: str | None = None) -> _Graph: ...
    def resolve(self, text: str | Concept) -> Concept: ...


def _check(first: str, second: str | None, between: object, limit: int, offset: int) -> None:
    """Raises `UsageError` where there is nothing to compare with, and for a page that there cannot be."""
    if second is None and between is None:
        raise UsageError(f"nothing to compare {first!r} with: name a second side, or two days to compare it between")
    if not 0 < limit <= MOST or offset < 0:
        raise UsageError(f"no such page: limit {limit} (from 1 to {MOST:,}), offset {offset} (from 0)")


class Comparing:
    """The part of a graph that compares its sources."""

    def compare(
        self: _Graph,
        first: str,
        second: str | None = None,
        *,
        between: tuple[Day, Day] | None = None,
        code: str | Concept | None = None,
        relation: str | Relation | None = None,
        only: str | Agreement | None = None,
        limit: int = 50,
        offset: int = 0,
        trust: str | None = None,
        as_of: Day | None = None,
    ) -> Comparison:
        """How far two sides agree on the billing codes of which both speak, edge by edge.

        A side is a document (its identifier or file name), an article (`"A57001"` as it is in force, `"A57001-12"` for
        a version), or a contractor: all of its articles in force. `between` compares on two days, the same side where
        no second one is named. `code`, `relation` and `only` (an `Agreement`) narrow it; `limit` and `offset` are of
        each kind of agreement. Where a side has articles, only what those state is compared: which diagnoses support a
        code, for Medicare or for no payer by name. Raises `NotFound` for what is called nothing or is not in force,
        `UsageError` where there is nothing to compare it with, and for no page.
        """
        from kg.graph.comparing import agreements, compare_named

        if between and as_of is not None:
            raise UsageError("either between two days or as of one, not both")
        if trust is not None or as_of is not None:
            other = self.at(trust=trust, as_of=as_of)
            return Comparing.compare(
                other, first, second, between=between, code=code, relation=relation, only=only, limit=limit,
                offset=offset,
            )  # fmt: skip
        _check(first, second, between, limit, offset)
        kinds, (since, until) = agreements(only), map(read_day, between) if between else (self.as_of, self.as_of)
        concept = self.resolve(code) if code else None
        sides = (first, since), (first if second is None else second, until)
        compared = compare_named(self._built, self._days.at, sides, self._verdicts, concept, relation)
        return Comparison.page_of(compared, self._built, kinds, (limit, offset), self._scope)
