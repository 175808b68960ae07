"""Statements of releases: lines of N-Quads, and statements again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode

from kg.graph.rdf import nquads
from kg.graph.rdf.iris import concept_of, identifier_of, node, thing
from kg.graph.rdf.values import Properties, day, day_of, number_of, text_of
from kg.graph.rdf.vocabulary import BKG, DETAILS, RDF, REFERENCE, RELATION_OF, RELATIONS, VERDICTS
from kg.model import Statement, Verdict

_DAYS = (("from", BKG.validFrom), ("through", BKG.validThrough))
BESIDES = (*DETAILS.values(), *(name for _, name in _DAYS))
"""What a row may say of a pair besides how it goes together."""


def statement_lines(release: str, statement: Statement, verdict: Verdict) -> str:
    """How a release, known by its identifier, says that two concepts go together, as lines of N-Quads."""
    name = str(statement_node(release, statement))
    return nquads.lines(name, _properties(release, statement, verdict), REFERENCE)


def read_statement(properties: Properties) -> Statement:
    """A statement again, its concepts without names."""
    return Statement(
        subject=concept_of(properties[RDF.subject][0]),
        relation=RELATION_OF[properties[RDF.predicate][0].value],
        object=concept_of(properties[RDF.object][0]),
        row=number_of(properties, BKG.row),
        text=text_of(properties, BKG.releaseText),
        valid_from=day_of(properties, BKG.validFrom),
        valid_through=day_of(properties, BKG.validThrough),
        details=tuple((detail, text_of(properties, name)) for detail, name in DETAILS.items() if name in properties),
    )


def read_release(properties: Properties) -> str:
    """The identifier of the release that states it."""
    return identifier_of(text_of(properties, BKG.accordingTo))


def read_condition(properties: Properties) -> str:
    """What else the row of a statement says, in words: its details, then the days between which it holds."""
    details = {detail: text_of(properties, name) for detail, name in DETAILS.items() if name in properties}
    return _condition(details, *(text_of(properties, name) for _, name in _DAYS))


def condition_of(statement: Statement) -> str:
    """The same of a statement that is not yet in the graph."""
    days = (day.isoformat() if day else "" for day in (statement.valid_from, statement.valid_through))
    return _condition(dict(statement.details), *days)


def _condition(details: Mapping[str, str], *days: str) -> str:
    if not details and not any(days):
        return ""
    in_words = [f"{_in_words(detail)} {details[detail]}" for detail in DETAILS if detail in details]
    when = " ".join(f"{word} {day}" for (word, _), day in zip(_DAYS, days, strict=True) if day)
    return "; ".join([*in_words, when] if when else in_words)


def statement_node(release: str, statement: Statement) -> NamedNode:
    """The node of a statement, told apart by its content."""
    ends = f"{statement.subject.curie}\0{statement.relation}\0{statement.object.curie}"
    content = f"{release}\0{ends}\0{statement.row}\0{statement.text}"
    return thing("statement", hashlib.sha256(content.encode()).hexdigest()[:32])


def _properties(release: str, statement: Statement, verdict: Verdict) -> Iterator[str]:
    yield f"{RDF.type} {BKG.Statement}"
    yield f"{RDF.subject} {node(statement.subject)}"
    yield f"{RDF.predicate} {RELATIONS[statement.relation]}"
    yield f"{RDF.object} {node(statement.object)}"
    yield f"{BKG.verdict} {VERDICTS[verdict]}"
    yield f"{BKG.accordingTo} {thing('release', release)}"
    yield f"{BKG.releaseText} {nquads.text(statement.text)}"
    if statement.row:
        yield f"{BKG.row} {nquads.integer(statement.row)}"
    for name, when in ((BKG.validFrom, statement.valid_from), (BKG.validThrough, statement.valid_through)):
        if when is not None:
            yield f"{name} {day(when)}"
    for detail, value in statement.details:
        yield f"{DETAILS[detail]} {nquads.text(value)}"


def _in_words(name: str) -> str:
    """A name of the ontology in plain words: "billing units per package"."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)
