"""What releases state, as rows: by relation, then in the order of subjects and objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from pyoxigraph import Literal

from kg.graph.inventory.kept import STATEMENTS, kept_rows, statement_order
from kg.graph.inventory.rows import StatementRow
from kg.graph.rdf.iris import concept_curie, identifier_of
from kg.graph.rdf.statements import BESIDES, condition_of, read_condition, statement_node
from kg.graph.rdf.values import Properties, day_of
from kg.graph.rdf.vocabulary import BKG, REFERENCE, RELATION_OF, RELATIONS, VERDICT_OF
from kg.graph.store import GraphStore
from kg.model import Relation, Statement, Verdict

_COUNTS = """SELECT ?relation (COUNT(*) AS ?count) { ?statement a bkg:Statement ; rdf:predicate ?relation }
    GROUP BY ?relation"""
# With the relation in its text the engine looks for its statements, and otherwise goes through those of all.
_STATEMENTS = """SELECT ?statement ?subject ?object ?verdict ?release ?text ?row {{
    ?statement rdf:predicate {relation} ; bkg:accordingTo ?release ; rdf:subject ?subject ; rdf:object ?object ;
        bkg:verdict ?verdict ; bkg:releaseText ?text .
    OPTIONAL {{ ?statement bkg:row ?row }} }}"""
_BESIDES = """SELECT ?statement ?said ?value {{
    ?statement rdf:predicate {relation} ; bkg:accordingTo ?release ; ?said ?value . FILTER (?said IN ({names})) }}"""
_BY_NAME = {name.value: name for name in BESIDES}
_NAMES = ", ".join(map(str, BESIDES))


def statement_rows(store: GraphStore, verdicts: Collection[Verdict]) -> Iterator[StatementRow]:
    """All that releases state, where these verdicts let it through."""
    kept = kept_rows(store, STATEMENTS)
    rows = map(_kept, kept) if kept is not None else _of_quads(store)
    let_through = {verdict.value for verdict in verdicts}
    return (row for row in rows if row.verdict in let_through)


def statement_row(release: str, statement: Statement, verdict: Verdict) -> StatementRow:
    """The row of what a release, known by its identifier, states."""
    return StatementRow(
        key=identifier_of(statement_node(release, statement).value),
        subject=statement.subject.curie,
        relation=statement.relation.value,
        object=statement.object.curie,
        verdict=verdict.value,
        condition=condition_of(statement),
        valid_from=statement.valid_from,
        valid_through=statement.valid_through,
        release=release,
        row=statement.row or None,
        quote=statement.text,
    )


def _kept(values: list[Any]) -> StatementRow:
    row = StatementRow._make(values)
    if not (row.valid_from or row.valid_through):
        return row
    begin, end = (date.fromisoformat(day) if day else None for day in values[6:8])
    return row._replace(valid_from=begin, valid_through=end)


def _of_quads(store: GraphStore) -> Iterator[StatementRow]:
    there = {RELATION_OF[name.value] for name, _ in store.select(_COUNTS, REFERENCE)}
    for relation in filter(there.__contains__, Relation):
        name = str(RELATIONS[relation])
        besides: defaultdict[str, Properties] = defaultdict(dict)
        for statement, said, value in store.select_texts(_BESIDES.format(relation=name, names=_NAMES), REFERENCE):
            besides[statement][_BY_NAME[said]] = [Literal(value)]
        rows = (
            _row(relation, row, besides.get(row[0], {}))
            for row in store.select_texts(_STATEMENTS.format(relation=name), REFERENCE)
        )
        yield from sorted(rows, key=statement_order)


def _row(relation: Relation, row: Sequence[str], besides: Properties) -> StatementRow:
    statement, subject, object, verdict, release, text, number = row
    return StatementRow(
        identifier_of(statement),
        concept_curie(subject),
        relation.value,
        concept_curie(object),
        VERDICT_OF[verdict].value,
        read_condition(besides),
        day_of(besides, BKG.validFrom),
        day_of(besides, BKG.validThrough),
        identifier_of(release),
        int(number) if number else None,
        text,
    )
