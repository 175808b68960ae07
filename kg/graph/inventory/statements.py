"""What releases state, as rows: by relation, then in the order of subjects and objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from kg.graph.inventory.rows import StatementRow
from kg.graph.rdf.iris import concept_of, identifier_of
from kg.graph.rdf.statements import BESIDES, read_condition
from kg.graph.rdf.values import Properties, day_of
from kg.graph.rdf.vocabulary import BKG, REFERENCE, RELATION_OF, RELATIONS, VERDICT_OF
from kg.graph.store import GraphStore
from kg.model import Relation, Verdict

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
    there = {RELATION_OF[name.value] for name, _ in store.select(_COUNTS, REFERENCE)}
    for relation in filter(there.__contains__, Relation):
        name = str(RELATIONS[relation])
        besides: defaultdict[str, Properties] = defaultdict(dict)
        for statement, said, value in store.select_texts(_BESIDES.format(relation=name, names=_NAMES), REFERENCE):
            besides[statement][_BY_NAME[said]] = [Literal(value)]
        rows = (
            _row(relation, row, besides.get(row[0], {}))
            for row in store.select_texts(_STATEMENTS.format(relation=name), REFERENCE)
            if VERDICT_OF[row[3]] in verdicts
        )
        yield from sorted(rows, key=_order)


def _row(relation: Relation, row: Sequence[str], besides: Properties) -> StatementRow:
    statement, subject, object, verdict, release, text, number = row
    return StatementRow(
        identifier_of(statement),
        _curie(subject),
        relation.value,
        _curie(object),
        VERDICT_OF[verdict].value,
        read_condition(besides),
        day_of(besides, BKG.validFrom),
        day_of(besides, BKG.validThrough),
        identifier_of(release),
        int(number) if number else None,
        text,
    )


@lru_cache(maxsize=2**16)
def _curie(iri: str) -> str:
    return concept_of(NamedNode(iri)).curie


def _order(row: StatementRow) -> tuple[str, str, str, int, str]:
    return row.subject, row.object, row.release, row.row or 0, row.key
