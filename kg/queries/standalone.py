"""A query with all that it needs written into it, so that any engine that holds the graph answers it alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.graph.rdf.iris import PREFIXES
from kg.queries.binding import bind
from kg.queries.catalogue import CatalogueQuery, parameters_in
from kg.queries.shape import Shape
from kg.queries.tokens import tokens
from kg.queries.values import free_term, terms_for


def with_values(query: str | CatalogueQuery, values: Mapping[str, object]) -> str:
    """The text of a query with its values in it: all of its parameters, or any variables of one that has none.

    Raises `UsageError` where a parameter has no value, and what `bind` and the readers of values raise.
    """
    if isinstance(query, CatalogueQuery):
        name, text, parameters = query.name, query.text, query.parameters
    else:
        name, text, parameters = "the query", query, parameters_in(query)
    if parameters or isinstance(query, CatalogueQuery):
        return bind(text, terms_for(name, parameters, values))
    return bind(text, {name: free_term(name, value) for name, value in values.items()})


def standalone(question: CatalogueQuery, values: Mapping[str, object], graphs: Iterable[str]) -> str:
    """A question of the catalogue as standard SPARQL: with its values, its prefixes and its graphs.

    >>> from kg.queries import find
    >>> text = standalone(find("codes-for-diagnosis"), {"diagnosis": "M06.9"}, ["https://w3id.org/billing-kg/graph/x"])
    >>> "FROM NAMED <https://w3id.org/billing-kg/graph/x>" in text and "$diagnosis" not in text
    True
    """
    text = with_values(question, values)
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()
    end = Shape.of(body).selections[0].end
    head = [f"# {question.summary}", *_prefixes(body), "", body[:end], *_dataset(graphs)]
    return "\n".join(head) + f"\n{body[end:].lstrip()}\n"


def _prefixes(text: str) -> Iterator[str]:
    used = {token.text.partition(":")[0] for token in tokens(text) if token.kind == "name"}
    return (f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items() if prefix in used)


def _dataset(graphs: Iterable[str]) -> Iterator[str]:
    for graph in graphs:
        yield f"FROM <{graph}>"
        yield f"FROM NAMED <{graph}>"
