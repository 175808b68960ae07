"""Refuses what a query must not do: reach the network, change anything, end the process.

pyoxigraph itself would follow `SERVICE` wherever it points, and has no switch against it. As its parser and
the scanner may disagree about where a token begins, every reading of the text is searched: as it stands and
with its code-point escapes read, with `<` as the start of an IRI and as an operator.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.errors import QueryRefused
from kg.queries.excerpts import refused
from kg.queries.shape import FORMS
from kg.queries.tokens import Token, decoded, tokens

DEEPEST = 100
LONGEST = 2000

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")


def check(text: str) -> None:
    """Raise `QueryRefused` where a query must not be run.

    >>> check("SELECT ?service { ?service ?p 'SERVICE' }")
    >>> check("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    kg.errors.QueryRefused: line 1: SERVICE is refused, because a query must not leave this machine
    """
    for reading in dict.fromkeys((text, decoded(text))):
        for less in (False, True):
            scanned = list(tokens(reading, less=less))
            _refuse_service(scanned, reading)
            _refuse_size(scanned, reading)
    _refuse_updates(list(tokens(text)))


def _refuse_service(scanned: Sequence[Token], text: str) -> None:
    for index, token in enumerate(scanned):
        if _may_be_service(token, scanned[index - 1] if index else None, scanned[index + 1 : index + 2]):
            raise refused(
                text, token.start, token.end, "SERVICE is refused, because a query must not leave this machine"
            )


def _may_be_service(token: Token, before: Token | None, after: Sequence[Token]) -> bool:
    """Whether the parser may take a SERVICE clause out of a token, which it does even of a part of one.

    No other keyword or function of SPARQL has these letters in it. In a prefixed name they are suspicious
    only in the prefix, and only where a group follows that is not the one of a GRAPH: `SERVICEex:a {`.
    """
    if token.kind == "word":
        return "service" in token.text.lower()
    if token.kind != "name" or "service" not in token.text.partition(":")[0].lower():
        return False
    named_graph = before is not None and before.is_word("GRAPH")
    return not named_graph and bool(after) and after[0].text == "{"


def _refuse_size(scanned: Sequence[Token], text: str) -> None:
    """The parser takes some of the stack for each level and each operand, and a full stack ends the process.

    A list of VALUES is read in a loop, and may be as long as it likes.
    """
    depth = counted = 0
    in_values = False
    for token in scanned:
        depth += (token.text in ("{", "(", "[")) - (token.text in ("}", ")", "]"))
        in_values = token.is_word("VALUES") or (in_values and token.text != "}")
        counted += not in_values
        if depth > DEEPEST:
            raise refused(text, token.start, token.end, f"the query is nested deeper than {DEEPEST} levels")
        if counted > LONGEST:
            raise refused(text, token.start, token.end, f"the query has more than {LONGEST} words and signs")


def _refuse_updates(scanned: Sequence[Token]) -> None:
    for token in scanned:
        if token.is_word(*FORMS):
            return
        if token.is_word(*_UPDATES):
            raise QueryRefused(f"an update is not a query, and a graph is changed by building it: {token.text}")
