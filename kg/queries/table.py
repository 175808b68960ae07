"""Tables: what a query answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.frames.frame import Frame
from kg.frames.notebook import html_of, plain_layout
from kg.frames.tabular import Tabular
from kg.graph.rdf.iris import PREFIXES, curie

Cell = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class Table(Tabular):
    """The answer to a query: columns, and rows of plain Python values.

    IRIs are CURIEs where a prefix fits, literals their Python value, what is unbound None. Iterating gives
    each row as a dictionary. `notes` say what the query names and the graph does not have, where the answer is empty.

    >>> table = Table(("code", "n"), (("hcpcs:J3262", 2),))
    >>> list(table)
    [{'code': 'hcpcs:J3262', 'n': 2}]
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def _frame(self) -> Frame:
        return Frame.of_rows(self.columns, self.rows)

    def _repr_html_(self) -> str:
        return html_of(plain_layout(self.columns), list(self), "; ".join(self.notes))


def cells(terms: Iterable[Any]) -> tuple[Cell, ...]:
    """A row of terms as plain Python values."""
    return tuple(map(cell, terms))


def cell(term: Any) -> Cell:
    """A term as a plain Python value.

    >>> cell(NamedNode("https://w3id.org/billing-kg/code/hcpcs/J3262")), cell(Literal(2))
    ('hcpcs:J3262', 2)
    """
    if isinstance(term, NamedNode):
        return curie(term.value)
    if not isinstance(term, Literal):
        return None if term is None else str(term)
    reader = _READERS.get(term.datatype.value)
    if reader is None:
        return term.value
    try:
        return reader(term.value)
    except ValueError:
        # RDF allows a literal that is not of its type, and a date may have a time zone: shown as written.
        return term.value


_INTEGERS = (
    "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "negativeInteger",
    "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
)  # fmt: skip
_READERS: dict[str, Callable[[str], Cell]] = {
    **{PREFIXES["xsd"] + name: int for name in _INTEGERS},
    **{PREFIXES["xsd"] + name: float for name in ("decimal", "double", "float")},
    PREFIXES["xsd"] + "boolean": lambda text: text in ("true", "1"),
    PREFIXES["xsd"] + "date": date.fromisoformat,
}
