"""What a graph answers: what it found, in order, with what was asked, what was searched, and what nothing means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, overload

from kg.answer_rows import (
    CONNECTION_COLUMNS,
    CONNECTION_FIELDS,
    CONNECTION_LAYOUT,
    HOP_COLUMNS,
    HOP_FIELDS,
    HOP_LAYOUT,
    MATCH_COLUMNS,
    MATCH_FIELDS,
    MATCH_LAYOUT,
    VERSION,
    connection_rows,
    match_rows,
    path_rows,
    policy_row,
)
from kg.errors import NotFound, OnlyNo
from kg.frames.frame import Frame
from kg.frames.notebook import Layout, html_of
from kg.frames.tabular import Tabular
from kg.model import Concept, Connection, Match, Path, Polarity, Policy, Ruling

if TYPE_CHECKING:
    from kg.graph.describing import Description

T_co = TypeVar("T_co", covariant=True)


class Known(StrEnum):
    """What is known of a question: documents or releases say yes, documents say no, or nobody says anything."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"


class Polarities(StrEnum):
    """Which answers are given: what documents affirm, what they say no to, or both."""

    AFFIRMED = Polarity.AFFIRMED.value
    EXCLUDED = Polarity.EXCLUDED.value
    BOTH = "both"

    @property
    def polarity(self) -> Polarity | None:
        """The one polarity, None for both.

        >>> Polarities("excluded").polarity, Polarities("both").polarity
        (<Polarity.EXCLUDED: 'excluded'>, None)
        """
        return None if self is Polarities.BOTH else Polarity(self.value)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an answer was searched: in so many documents, down to a verdict, on a day.

    `titles` looks up what the documents and releases are called.
    """

    documents: int
    trust: str
    as_of: date | None
    titles: Callable[[], Mapping[str, str]] = field(default=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Answer(Sequence[T_co], Tabular):
    """What a question found: a sequence, equal to any other sequence of the same things, and a data frame at need."""

    found: tuple[T_co, ...]
    scope: Scope
    columns: ClassVar[tuple[str, ...]]
    """What CSV and tables have of its rows."""
    fields: ClassVar[Mapping[str, type]]
    """All that its rows may hold, with the types that data frames have of it."""
    layout: ClassVar[Layout]
    """How a notebook shows its rows."""

    @property
    def known(self) -> Known:
        """Whether that is a yes, a no, or not known."""
        return Known.YES if self.found else Known.NOT_KNOWN

    @property
    def nothing(self) -> str:
        """What it means, in words, that nothing was found."""
        raise NotImplementedError

    def require(self) -> Self:
        """The answer itself; raises `NotFound`, which says what was searched, where the answer is not known."""
        if self.known is Known.NOT_KNOWN:
            raise NotFound(f"not known: {self.nothing} ({self.scope.documents} documents searched)")
        return self

    def rows(self) -> Iterator[dict[str, Any]]:
        """What was found as rows, each a dictionary of plain values, as `--format json` prints them."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """The whole answer in plain values, as `--format answer` and the server give it."""
        scope = {"trust": self.scope.trust, "as_of": self.scope.as_of, "documents": self.scope.documents}
        return {"version": VERSION, **self._question(), "known": self.known.value, **scope, "rows": list(self.rows())}

    def _question(self) -> dict[str, Any]:
        """What was asked, in plain values."""
        raise NotImplementedError

    def _frame(self) -> Frame:
        return Frame.of_records(self.fields, self.rows())

    def _repr_html_(self) -> str:
        try:
            known: str = self.require()._in_short
        except (NotFound, OnlyNo) as exc:
            known = str(exc)
        day = f", on {self.scope.as_of}" if self.scope.as_of else ""
        where = f"{self.scope.documents:,} documents searched, trust {self.scope.trust}{day}"
        return html_of(self.layout, list(self.rows()), f"{known} ({where})")

    @property
    def _in_short(self) -> str:
        """What was found, in words."""
        return f"{self.known.value}, {len(self.found):,} found"

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        return self.found[index]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return self.found == tuple(other)

    __hash__: ClassVar[None]  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, eq=False)
class Codes(Answer[Connection]):
    """The connections of billing codes to a diagnosis: those of the polarity asked for.

    `affirmed` and `excluded` are what documents say yes and no to, whatever was asked for; `searched` are the concepts
    that were looked at, the diagnosis first. `rulings` are what articles of Medicare's contractors rule, where they
    were asked; `asked` says for whom in words, behind a blank. Where they were not, `listed` tells how often they list
    the diagnosis.
    """

    columns, fields, layout = CONNECTION_COLUMNS, CONNECTION_FIELDS, CONNECTION_LAYOUT

    diagnosis: Concept
    searched: tuple[Concept, ...]
    affirmed: tuple[Connection, ...]
    excluded: tuple[Connection, ...]
    rulings: tuple[Ruling, ...] = ()
    asked: str = ""
    listed: int = 0

    @classmethod
    def of(
        cls,
        diagnosis: Concept,
        searched: Sequence[Concept],
        connections: Sequence[Connection],
        polarity: Polarity | None,
        scope: Scope,
        rulings: Sequence[Ruling] = (),
        asked: str = "",
        listed: int = 0,
    ) -> Codes:
        """The answer that these connections, of both polarities, give."""
        by_polarity = {
            side: tuple(connection for connection in connections if connection.polarity is side) for side in Polarity
        }
        found = tuple(connections) if polarity is None else by_polarity[polarity]
        yes, no = by_polarity[Polarity.AFFIRMED], by_polarity[Polarity.EXCLUDED]
        return cls(found, scope, diagnosis, tuple(searched), yes, no, tuple(rulings), asked, listed)

    @property
    def known(self) -> Known:
        """A yes where documents affirm a code, a no where they only exclude codes, else not known."""
        return _known(self.affirmed, self.excluded)

    @property
    def searched_in_words(self) -> str:
        """What was looked at: the diagnosis, and how many narrower codes."""
        below = len(self.searched) - 1
        return self.diagnosis.in_words + (f" and {below} narrower codes" if below else "")

    @property
    def nothing(self) -> str:
        """What it means, in words, that nothing was found."""
        return f"no document connects a code to {self.searched_in_words}{self.asked} at trust {self.scope.trust}"

    def require(self) -> Self:
        """The answer itself; raises `NotFound` where nothing is known, `OnlyNo` where documents say only no."""
        if self.known is Known.NO:
            where = f"{self.searched_in_words}{self.asked} at trust {self.scope.trust}"
            raise OnlyNo(f"documents say no, and nothing else, of {where}")
        return super(Codes, self).require()

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each assertion of each connection."""
        return connection_rows(self.found, self.scope.titles())

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The articles that rule, each once."""
        return tuple({ruling.policy.key: ruling.policy for ruling in self.rulings}.values())

    def _question(self) -> dict[str, Any]:
        question = {**_concept_json(self.diagnosis), "searched": len(self.searched)}
        if self.asked:
            question |= {"asked": self.asked.strip(), "policies": list(map(policy_row, self.policies))}
        return question


@dataclass(frozen=True, slots=True, eq=False)
class View(Answer[Connection]):
    """What the graph holds on one concept: what releases say of it, and its connections, excluded ones as well."""

    columns, fields, layout = CONNECTION_COLUMNS, CONNECTION_FIELDS, CONNECTION_LAYOUT

    description: Description

    @property
    def concept(self) -> Concept:
        """The concept itself, under its name."""
        return self.description.concept

    @property
    def connections(self) -> tuple[Connection, ...]:
        """What was found."""
        return self.found

    @property
    def known(self) -> Known:
        """A yes where something is affirmed of the concept, a no where it is only excluded, else not known."""
        affirmed = [connection for connection in self.found if connection.polarity is Polarity.AFFIRMED]
        return _known(affirmed, self.found)

    @property
    def nothing(self) -> str:
        """What it means, in words, that nothing was found."""
        return f"no document connects {self.concept.in_words} to anything at trust {self.scope.trust}"

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each assertion of each connection."""
        return connection_rows(self.found, self.scope.titles())

    def _question(self) -> dict[str, Any]:
        broader = self.description.broader
        concept = {**_concept_json(self.concept), "kind": self.concept.kind.noun, "broader": broader and broader.curie}
        return {**asdict(self.description), **concept}


@dataclass(frozen=True, slots=True, eq=False)
class Paths(Answer[Path]):
    """The best paths from one concept to another, the best first; `ends` names the two as they were asked for."""

    columns, fields, layout = HOP_COLUMNS, HOP_FIELDS, HOP_LAYOUT

    start: Concept
    end: Concept
    ends: str

    @property
    def nothing(self) -> str:
        """What it means, in words, that nothing was found."""
        return f"no path {self.ends} at trust {self.scope.trust}"

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each hop of each path."""
        return path_rows(self.found)

    def _question(self) -> dict[str, Any]:
        return {"from": self.start.curie, "to": self.end.curie}


@dataclass(frozen=True, slots=True, eq=False)
class Matches(Answer[Match]):
    """The concepts that a text may name, the best first.

    Where nothing is called so, `offers` are drugs and brands that come near, each with its codes.
    """

    columns, fields, layout = MATCH_COLUMNS, MATCH_FIELDS, MATCH_LAYOUT

    text: str
    offers: tuple[str, ...] = ()

    @property
    def near(self) -> str:
        """In words, that these are only spelt nearly like the text; empty where they are called so."""
        if not any(match.near for match in self.found):
            return ""
        return f"nothing is called {self.text!r}; these are spelt nearly so{self._offered}"

    @property
    def nothing(self) -> str:
        """What it means, in words, that nothing was found; with the drugs and brands that may have been meant."""
        return f"nothing is called {self.text!r}{self._offered}"

    @property
    def _offered(self) -> str:
        return f"; did you mean {' or '.join(self.offers)}?" if self.offers else ""

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each concept."""
        return match_rows(self.found)

    def _question(self) -> dict[str, Any]:
        return {"text": self.text}


def _known(affirmed: Sequence[Connection], any_polarity: Sequence[Connection]) -> Known:
    if affirmed:
        return Known.YES
    return Known.NO if any_polarity else Known.NOT_KNOWN


def _concept_json(concept: Concept) -> dict[str, str]:
    return {"concept": concept.curie, "name": concept.name or ""}
