"""The shape of a query: its form, what it selects, which variables it has; told from its tokens."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.queries.tokens import Token, tokens

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_OPEN, _CLOSE = frozenset("{(["), frozenset("})]")


@dataclass(frozen=True, slots=True)
class Selection:
    """One SELECT: what it selects, and where a further variable can be named.

    `end` is the offset after the last selected variable, `group_by` the one after GROUP BY, if it groups;
    `inside` holds all variables between it and the end of its group.
    """

    variables: tuple[str, ...]
    everything: bool
    end: int
    group_by: int | None
    inside: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """What can be told of a query without parsing it."""

    form: str
    variables: frozenset[str]
    selections: tuple[Selection, ...]

    @classmethod
    def of(cls, text: str) -> Shape:
        """The shape of a query; its outermost selection comes first.

        >>> Shape.of("SELECT ?code (COUNT(?x) AS ?n) { ?code ?p ?x } GROUP BY ?code").selections[0].variables
        ('code', 'n')
        """
        scanned = list(tokens(text))
        form = next((token.text.upper() for token in scanned if token.is_word(*FORMS)), "")
        starts = [index for index, token in enumerate(scanned) if token.is_word("SELECT")]
        selections = tuple(_selection(scanned, index) for index in starts)
        return cls(form, frozenset(_variables(scanned)), selections)


def undeclared(text: str, prefixes: Collection[str]) -> Token | None:
    """The first name with a prefix that is neither known nor declared, if there is one.

    >>> undeclared("PREFIX a: <http://a/> SELECT * { a:x bkg:y b:z }", ["bkg"]).text
    'b:z'
    """
    scanned = list(tokens(text))
    declared = {*prefixes, *declared_prefixes(scanned)}
    names = (token for token in scanned if token.kind == "name")
    return next((name for name in names if name.text.partition(":")[0] not in declared), None)


def declared_prefixes(scanned: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a query declares, each with what it stands for."""
    behind = (*(token.text for token in scanned[2:]), "")
    declarations = zip(scanned, scanned[1:], behind, strict=False)
    return {name.text[:-1]: iri[1:-1] for word, name, iri in declarations if word.is_word("PREFIX")}


def _selection(scanned: Sequence[Token], index: int) -> Selection:
    variables, everything, depth = [], False, 0
    end = scanned[index].end
    for token, previous in zip(scanned[index + 1 :], scanned[index:], strict=False):
        if token.text == "{" or token.is_word("WHERE", "FROM"):
            break
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "variable" and (depth == 0 or (depth == 1 and previous.is_word("AS"))):
            variables.append(token.text[1:])
        everything = everything or (token.text == "*" and depth == 0)
        end = token.end
    group = list(_group(scanned[index:]))
    return Selection(tuple(variables), everything, end, _after_group_by(group), frozenset(_variables(group)))


def _group(scanned: Sequence[Token]) -> Iterator[Token]:
    """The tokens up to the bracket that closes the group in which the first one stands."""
    depth = 0
    for token in scanned:
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        if depth < 0:
            return
        yield token


def _after_group_by(scanned: Sequence[Token]) -> int | None:
    depth = 0
    for token, following in pairwise(scanned):
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        if depth == 0 and token.is_word("GROUP") and following.is_word("BY"):
            return following.end
    return None


def _variables(scanned: Sequence[Token]) -> Iterator[str]:
    return (token.text[1:] for token in scanned if token.kind == "variable")
