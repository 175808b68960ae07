"""Makes the variables of a query bindable, and refuses those that would look bound and not be.

pyoxigraph binds a variable only where the query selects it, and takes it for unbound in a few places: in an
inner SELECT that does not select it, in BOUND, and where it is copied by BIND or AS. No value is ever written
into the text of a query; only the names of its own variables are added to what it selects.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kg.errors import QueryRefused, UnknownName
from kg.queries.shape import Shape
from kg.queries.tokens import Token, tokens


@dataclass(frozen=True, slots=True)
class Bound:
    """A query whose variables can be bound, and those that it selects only for that."""

    text: str
    added: tuple[str, ...] = ()


def bind(text: str, names: Collection[str]) -> Bound:
    """Make these variables of a query bindable.

    Raises `UnknownName` for a variable that the query does not have, `QueryRefused` where its value would be
    left out without a word.

    >>> bind("SELECT ?code { ?code bkg:supportedByDiagnosis ?diagnosis }", ["diagnosis"]).text
    'SELECT ?code ?diagnosis { ?code bkg:supportedByDiagnosis ?diagnosis }'
    """
    if not names:
        return Bound(text)
    shape = Shape.of(text)
    for name in names:
        _refuse_unbindable(text, shape, name)
    if shape.form != "SELECT" or shape.selections[0].everything:
        return Bound(text)
    outermost = shape.selections[0]
    added = tuple(name for name in names if name not in outermost.variables)
    more = "".join(f" ?{name}" for name in added)
    bound = text
    # From the back, so that the offset before stays true.
    for place in (outermost.group_by, outermost.end):
        bound = f"{bound[:place]}{more}{bound[place:]}" if place is not None else bound
    return Bound(bound, added)


def _refuse_unbindable(text: str, shape: Shape, name: str) -> None:
    if name not in shape.variables:
        listed = ", ".join(f"?{variable}" for variable in sorted(shape.variables)) or "none"
        raise UnknownName(f"a value is given for {name!r}, but the query has no such variable (it has {listed})")
    for inner in shape.selections[1:]:
        if name in inner.inside and name not in inner.variables and not inner.everything:
            raise QueryRefused(f"?{name} has a value, but a SELECT within the query uses it and does not select it")
    if _is_copied(list(tokens(text)), name):
        raise QueryRefused(
            f"?{name} has a value, which BOUND does not see and a plain copy of it does not get;"
            f" write COALESCE(?{name}, rdf:nil)"
        )


def _is_copied(found: list[Token], name: str) -> bool:
    """Whether a variable stands alone in `BOUND(?v)` or `(?v AS ?copy)`."""
    for before, token, after in zip(found, found[1:], found[2:], strict=False):
        alone = token.kind == "variable" and token.text[1:] == name and before.text == "("
        if alone and (after.is_word("AS") or (after.text == ")" and _is_bound(found, before))):
            return True
    return False


def _is_bound(found: list[Token], bracket: Token) -> bool:
    index = found.index(bracket)
    return index > 0 and found[index - 1].is_word("BOUND")
