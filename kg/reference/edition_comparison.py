"""Comparing two editions of one release: where they contradict each other, and what only one of them has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from kg.model import Statement
from kg.reference.release import Edition, Entry

# What a release says of a code, in the order in which a person should see it.
_FIELDS = ("name", "billable", "valid_from", "valid_through", "broader", "owner")
_LONGEST = 60
_MASK = 2**64 - 1


@dataclass(frozen=True, slots=True)
class EditionDifference:
    """Where two editions differ: on which code, and what each says of it, with its row."""

    code: str
    first: str
    second: str

    def told(self, first: str, second: str) -> str:
        """The difference in words, with names for the two.

        >>> EditionDifference("J3262", "name 'a' (row 5)", "name 'b' (row 6)").told("a.txt", "b.xlsx")
        "J3262: name 'a' (row 5) in a.txt, name 'b' (row 6) in b.xlsx"
        """
        return f"{self.code}: {self.first} in {first}, {self.second} in {second}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two editions of one release compare: the first difference of each kind, None where there is none.

    A field that one edition leaves empty contradicts nothing: not every format of a release has all of them. Where
    it was asked for it is a difference: a corrected posting may do no more than give a code its last day.
    """

    contradiction: EditionDifference | None = None
    only_first: EditionDifference | None = None
    only_second: EditionDifference | None = None

    @property
    def difference(self) -> EditionDifference | None:
        """What a person should see first."""
        return self.contradiction or self.only_first or self.only_second


def compare(first: Edition, second: Edition, *, empty_differs: bool = False) -> Comparison:
    """Hold two editions of one release against each other: codes first, then how codes go together."""
    codes = _of_entries(first.entries, second.entries, empty_differs)
    if codes.contradiction:
        return codes
    pairs = _of_statements(first.statements, second.statements)
    return Comparison(pairs.contradiction, codes.only_first or pairs.only_first, codes.only_second or pairs.only_second)


def _of_entries(first: Iterable[Entry], second: Iterable[Entry], empty_differs: bool) -> Comparison:
    there = {entry.code: entry for entry in first}
    here = {entry.code: entry for entry in second}
    both = (_contradiction(entry, here[code], empty_differs) for code, entry in there.items() if code in here)
    return Comparison(
        next((difference for difference in both if difference), None),
        next((EditionDifference(c.value, f"row {e.row}", "nowhere") for c, e in there.items() if c not in here), None),
        next((EditionDifference(c.value, "nowhere", f"row {e.row}") for c, e in here.items() if c not in there), None),
    )


def _contradiction(first: Entry, second: Entry, empty_differs: bool) -> EditionDifference | None:
    for field in _FIELDS:
        a, b = _plain(getattr(first, field)), _plain(getattr(second, field))
        if a != b and (empty_differs or (a not in (None, "") and b not in (None, ""))):
            shown, other = _apart(str(a or ""), str(b or ""))
            label = field.replace("_", " ")
            return EditionDifference(
                first.code.value, f"{label} {shown!r} (row {first.row})", f"{label} {other!r} (row {second.row})"
            )
    return None


def _plain(value: Any) -> Any:
    """Formats break and pad their lines differently."""
    if isinstance(value, str):
        return " ".join(value.split())
    return getattr(value, "value", value)


def _apart(first: str, second: str) -> tuple[str, str]:
    """Two texts, each cut to where they begin to differ, since a name may have thousands of characters."""
    if max(len(first), len(second)) <= _LONGEST:
        return first, second
    same = next((i for i, (a, b) in enumerate(zip_longest(first, second)) if a != b), 0)
    start = max(0, same - _LONGEST // 3)
    return _cut(first, start), _cut(second, start)


def _cut(text: str, start: int) -> str:
    piece = text[start : start + _LONGEST]
    return f"{'…' if start else ''}{piece}{'…' if start + _LONGEST < len(text) else ''}"


def _of_statements(first: Iterable[Statement], second: Iterable[Statement]) -> Comparison:
    """A release may state hundreds of thousands of pairs, so numbers stand for them here."""
    there, here = _numbers(first), _numbers(second)
    differing = {pair for pair, content in there.items() if here.get(pair, content) != content}
    contradiction = _of_pair(first, second, differing) if differing else None
    return Comparison(contradiction, _missing(first, here), _missing(second, there, swap=True))


def _of_pair(first: Iterable[Statement], second: Iterable[Statement], differing: set[int]) -> EditionDifference:
    """What two editions say differently of the first pair of which they do; each may say several things of it."""
    pair = next(pair for pair in map(_pair, first) if pair in differing)
    there = [statement for statement in first if _pair(statement) == pair]
    here = [statement for statement in second if _pair(statement) == pair]
    there_stated, here_stated = ({_content(statement) for statement in statements} for statements in (there, here))
    first_statement = next((statement for statement in there if _content(statement) not in here_stated), there[-1])
    second_statement = next((statement for statement in here if _content(statement) not in there_stated), here[-1])
    return EditionDifference(first_statement.subject.key, _shown(first_statement), _shown(second_statement))


def _numbers(statements: Iterable[Statement]) -> dict[int, int]:
    """By pair, a number for all that is said of it, in whatever order."""
    by_pair: dict[int, int] = {}
    for statement in statements:
        pair = _pair(statement)
        by_pair[pair] = (by_pair.get(pair, 0) + hash(_content(statement))) & _MASK
    return by_pair


def _pair(statement: Statement) -> int:
    return hash((statement.subject, statement.relation, statement.object))


def _content(statement: Statement) -> tuple[Any, ...]:
    return statement.valid_from, statement.valid_through, statement.details


def _missing(statements: Iterable[Statement], other: dict[int, int], swap: bool = False) -> EditionDifference | None:
    statement = next((statement for statement in statements if _pair(statement) not in other), None)
    if statement is None:
        return None
    shown, nowhere = _shown(statement), "nothing of the kind"
    return EditionDifference(statement.subject.key, *((nowhere, shown) if swap else (shown, nowhere)))


def _shown(statement: Statement) -> str:
    since = f" from {statement.valid_from}" if statement.valid_from else ""
    until = f" through {statement.valid_through}" if statement.valid_through else ""
    details = "".join(f", {name} {value}" for name, value in statement.details)
    return f"{statement.relation.label} {statement.object.key}{since}{until}{details} (row {statement.row})"
