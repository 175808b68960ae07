"""Writes values into a query, in the places of its variables, so that it is the same query to every engine.

An engine that is given values beside a query plans it without them, and each has places where it takes a variable
with a value for one without. So a value is written into the text, as a term that the RDF library spells; what
somebody gives is never text of the query.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import QueryRefused, UnknownName, UsageError
from kg.queries.shape import Shape
from kg.queries.tokens import Token, tokens

Term = NamedNode | BlankNode | Literal

_TEMPLATES = 256
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_MARKED = re.compile(r"[?$]\w")


def bind(text: str, values: Mapping[str, Term]) -> str:
    """The query with these values in the places of its variables; those that it selects stay columns.

    Raises `UnknownName` for a variable that the query does not have, `QueryRefused` for one that the query itself
    gives a value, `UsageError` for a blank node, which has no name outside of its graph.

    >>> bind("SELECT ?code { ?code bkg:relatesToDiagnosis $diagnosis }", {"diagnosis": Literal("x")})
    'SELECT ?code { ?code bkg:relatesToDiagnosis "x" }'
    """
    for name, term in values.items():
        if isinstance(term, BlankNode):
            raise UsageError(f"{name}: a blank node has no name that a query could use")
    if not values:
        return text
    # Spelled once: a value may be long, and stand in many places.
    terms = {name: str(term) for name, term in values.items()}
    return "".join(
        part if isinstance(part, str) else part.form.format(term=terms[part.name], name=part.name)
        for part in _template(text, tuple(terms))
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A place of a value: the variable, and the form in which its term can stand there."""

    name: str
    form: str


_PLAIN, _IN_BRACKETS, _COLUMN, _NOTHING = "{term}", "({term})", "({term} AS ?{name})", ""
# The only column of a SELECT within the query, under a name that no other has.
_INNER = "({term} AS ?{name}_given)"


@lru_cache(maxsize=_TEMPLATES)
def _template(text: str, names: tuple[str, ...]) -> tuple[str | _Place, ...]:
    """The query, cut at the places of these variables."""
    scanned = list(tokens(text))
    _refuse_unknown(scanned, names)
    parts: list[str | _Place] = []
    end = 0
    for start, after, place in _places(scanned, Shape.of(text), names):
        parts += (text[end:start], place)
        end = after
    return (*parts, text[end:])


def _refuse_unknown(scanned: Sequence[Token], names: Collection[str]) -> None:
    for token in scanned:
        if token.kind == "iri" and not _ABSOLUTE.match(token.text) and _MARKED.search(token.text):
            raise QueryRefused(
                f"a value is given, but a < may be less-than or begin an IRI: put a blank in {token.text}"
            )
    variables = {token.text[1:] for token in scanned if token.kind == "variable"}
    for name in names:
        if name not in variables:
            listed = ", ".join(f"?{variable}" for variable in sorted(variables)) or "none"
            raise UnknownName(f"a value is given for {name!r}, but the query has no such variable (it has {listed})")


def _places(scanned: Sequence[Token], shape: Shape, names: Collection[str]) -> Iterator[tuple[int, int, str | _Place]]:
    """Where the text changes: from, to, and what comes there, mostly a value in some form."""
    walk = _Walk()
    columns = _columns(scanned, shape, names)
    shows_all = shape.form == "SELECT" and shape.selections[0].everything
    for index, token in enumerate(scanned):
        walk.take(token)
        name = token.text[1:]
        if token.kind == "variable" and name in names:
            _refuse_place(walk, scanned[index - 1], name)
            if _is_in_bound(scanned, index):
                yield scanned[index - 2].start, scanned[index + 1].end, _Place(name, "(true)")
            elif walk.clause == "SELECT":
                yield token.start, token.end, _Place(name, columns[index])
            else:
                yield token.start, token.end, _Place(name, _IN_BRACKETS if walk.sorts else _PLAIN)
        elif shows_all and walk.opens_outermost:
            yield token.end, token.end, " {"
        elif shows_all and walk.closes_outermost:
            yield token.start, token.start, "} "
            for name in names:
                yield token.start, token.start, _Place(name, f"BIND{_COLUMN} ")


def _columns(scanned: Sequence[Token], shape: Shape, names: Collection[str]) -> dict[int, str]:
    """In which form a value stands among the columns of each SELECT, by the places of its variables.

    A SELECT within the query needs no column of a value, which stands wherever it is used; but it needs a column.
    """
    forms: dict[int, str] = {}
    starts = [index for index, token in enumerate(scanned) if token.is_word("SELECT")]
    for number, (start, selection) in enumerate(zip(starts, shape.selections, strict=True)):
        inside = [
            i for i in range(start, len(scanned)) if scanned[i].kind == "variable" and scanned[i].end <= selection.end
        ]
        needs_one = set(names).issuperset(selection.variables)
        for index in inside:
            forms[index] = _COLUMN if number == 0 else _INNER if needs_one and index == inside[0] else _NOTHING
    return forms


def _refuse_place(walk: _Walk, before: Token, name: str) -> None:
    if walk.gives or before.is_word("AS"):
        raise QueryRefused(f"?{name} has a value, but the query gives it one itself")
    if walk.takes_away:
        raise QueryRefused(
            f"?{name} has a value, and MINUS would have nothing in common with the rest: write FILTER NOT EXISTS"
        )


def _is_in_bound(scanned: Sequence[Token], index: int) -> bool:
    """Whether the token is the variable of `BOUND(?v)`."""
    around = scanned[max(index - 2, 0) : index + 2]
    return len(around) == 4 and around[0].is_word("BOUND") and around[1].text == "(" and around[3].text == ")"


class _Walk:
    """In which clause of a query a token stands, told while walking along its tokens.

    `opens_outermost` and `closes_outermost` are true at the brackets of the outermost group.
    """

    def __init__(self) -> None:
        self.clause = ""
        self.opens_outermost = self.closes_outermost = False
        self._around: list[str] = []
        self._is_data = False
        self._minus: list[int] = []
        """How deep the groups of MINUS stand that are open."""

    @property
    def takes_away(self) -> bool:
        """Whether this is what MINUS takes away."""
        return bool(self._minus)

    @property
    def gives(self) -> bool:
        """Whether variables get values from data here."""
        return self.clause == "VALUES"

    @property
    def sorts(self) -> bool:
        """Whether an expression needs brackets here."""
        return self.clause in ("GROUP", "ORDER")

    def take(self, token: Token) -> None:
        """Step to the next token."""
        is_outermost = not self._around if token.text == "{" else len(self._around) == 1
        if token.text == "{" and is_outermost:
            self._is_data = self.gives
        self.opens_outermost = token.text == "{" and is_outermost and not self._is_data
        self.closes_outermost = token.text == "}" and is_outermost and not self._is_data
        if token.text in ("{", "("):
            self._open(token.text)
        elif token.text in ("}", ")") and self._around:
            self.clause = self._around.pop()
            while self._minus and self._minus[-1] > len(self._around):
                self._minus.pop()
        elif token.is_word("SELECT", "VALUES", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "WHERE", "MINUS"):
            self.clause = token.text.upper()

    def _open(self, bracket: str) -> None:
        if bracket == "(":
            self._around.append(self.clause)
            # The brackets of VALUES hold variables, and all others expressions.
            self.clause = self.clause if self.clause == "VALUES" else ""
        else:
            is_minus = self.clause == "MINUS"
            self._around.append("")
            self._minus += [len(self._around)] if is_minus else []
            self.clause = ""
