"""Connections as rows, gathered of what states them: 20 bytes for each assertion and statement."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kg.graph.inventory.rows import AssertionRow, ConnectionRow, StatementRow
from kg.model import Polarity, Relation, Strength, Verdict

_AT_ONCE = 50_000
_RELATIONS, _POLARITIES, _STRENGTHS, _VERDICTS = (
    [member.value for member in members] for members in (Relation, Polarity, Strength, Verdict)
)
_NUMBER = {
    value: number for values in (_RELATIONS, _POLARITIES, _STRENGTHS, _VERDICTS) for number, value in enumerate(values)
}
_RELEASE = 0
"""Stands for the document of a statement, which has none."""


class _Numbered(dict[str, int]):
    """Texts by number, in the order in which they come."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class Gathering:
    """What states connections, row by row; `rows` are the connections when all of it is there."""

    def __init__(self) -> None:
        self._curies, self._documents = _Numbered(), _Numbered({"": _RELEASE})
        self._columns = [array("i"), array("B"), array("i"), array("B"), array("B"), array("B"), array("i")]

    @property
    def curies(self) -> Iterable[str]:
        """The CURIEs of both ends of all that was taken."""
        return self._curies.keys()

    def assertions(self, rows: Sequence[AssertionRow]) -> None:
        """Take what documents state."""
        if rows:
            of = dict(zip(AssertionRow._fields, zip(*rows, strict=True), strict=True))
            names = ("subject", "relation", "object", "polarity", "strength", "verdict", "document")
            self._add(*(of[name] for name in names))

    def statements(self, rows: Sequence[StatementRow]) -> None:
        """Take what releases state."""
        if rows:
            of = dict(zip(StatementRow._fields, zip(*rows, strict=True), strict=True))
            same = ([text] * len(rows) for text in (Polarity.AFFIRMED.value, Strength.STATED.value, ""))
            polarity, strength, document = same
            self._add(of["subject"], of["relation"], of["object"], polarity, strength, of["verdict"], document)

    def _add(self, *columns: Iterable[str]) -> None:
        numbered = (self._curies, _NUMBER, self._curies, _NUMBER, _NUMBER, _NUMBER, self._documents)
        for column, numbers, texts in zip(self._columns, numbered, columns, strict=True):
            column.extend(map(numbers.__getitem__, texts))

    def rows(self) -> Iterator[ConnectionRow]:
        """The connections, in the order of subjects, relations, polarities and objects."""
        if not self._columns[0]:
            return
        curies = sorted(self._curies)
        columns = self._grouped(curies)
        for begin in range(0, len(columns[0]), _AT_ONCE):
            some = (column[begin : begin + _AT_ONCE].tolist() for column in columns)
            for subject, relation, polarity, object, strength, verdict, *counts in zip(*some, strict=True):
                yield ConnectionRow(
                    curies[subject], _RELATIONS[relation], curies[object], _POLARITIES[polarity],
                    _STRENGTHS[strength], _VERDICTS[verdict], *counts,
                )  # fmt: skip

    def _grouped(self, curies: list[str]) -> list[Any]:
        """The columns of the connections; ends are numbered in the order of these CURIEs."""
        import numpy as np

        rank = np.empty(len(curies), np.int32)
        rank[[self._curies[curie] for curie in curies]] = np.arange(len(curies), dtype=np.int32)
        subject, relation, object, polarity, strength, verdict, document = (
            np.frombuffer(column, column.typecode) for column in self._columns
        )
        subject, object = rank[subject], rank[object]
        order = np.lexsort((document, object, polarity, relation, subject))
        ends, document = [column[order] for column in (subject, relation, polarity, object)], document[order]
        begins = _changes(ends)
        first_rows, is_released = np.flatnonzero(begins), document == _RELEASE
        is_first_of_document = (begins | _changes([document])) & ~is_released
        return [
            *(column[first_rows] for column in ends),
            *(np.minimum.reduceat(ranks[order], first_rows) for ranks in (strength, verdict)),
            *(
                np.add.reduceat(flags.astype(np.int32), first_rows)
                for flags in (is_first_of_document, ~is_released, is_released)
            ),
        ]


def _changes(columns: list[Any]) -> Any:
    """Where a row differs from the one before it in any of some columns."""
    import numpy as np

    changed = np.ones(len(columns[0]), bool)
    changed[1:] = False
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return changed
