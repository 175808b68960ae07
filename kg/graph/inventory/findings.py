"""What a person should look at, as rows, in the order of the assertions that they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pyoxigraph import NamedNode

from kg.graph.inventory.rows import FindingRow
from kg.graph.rdf.iris import concept_of, identifier_of
from kg.graph.rdf.vocabulary import ASSERTIONS, VERDICT_OF
from kg.graph.store import GraphStore

_FINDINGS = """SELECT ?finding ?assertion ?concept ?verdict ?reason ?check ?stated ?official ?release ?row ?better
        ?other ?hanging {
    ?assertion bkg:finding ?finding .
    ?finding bkg:about ?concept ; bkg:leadsTo ?verdict ; bkg:reason ?reason .
    OPTIONAL { ?finding bkg:check ?check } OPTIONAL { ?finding bkg:statedName ?stated }
    OPTIONAL { ?finding bkg:releaseText ?official } OPTIONAL { ?finding bkg:accordingTo ?release }
    OPTIONAL { ?finding bkg:row ?row } OPTIONAL { ?finding bkg:betterCode ?better }
    OPTIONAL { ?finding bkg:opposedBy ?other } OPTIONAL { ?finding bkg:hanging ?hanging } }"""


def finding_rows(store: GraphStore, assertions: Collection[str] | None = None) -> Iterator[FindingRow]:
    """All findings, or those about some assertions, by their keys."""
    rows = map(_row, store.select_texts(_FINDINGS, ASSERTIONS))
    yield from sorted((row for row in rows if assertions is None or row.assertion in assertions), key=_order)


def _row(texts: Sequence[str]) -> FindingRow:
    finding, assertion, concept, verdict, *words, release, row, better, other, hanging = texts
    reason, check, stated, official = words
    return FindingRow(
        key=identifier_of(finding),
        assertion=identifier_of(assertion),
        concept=concept_of(NamedNode(concept)).curie,
        verdict=VERDICT_OF[verdict].value,
        reason=reason,
        check=check,
        stated=stated,
        official=official,
        release=identifier_of(release) if release else "",
        row=int(row) if row else None,
        better_code=concept_of(NamedNode(better)).curie if better else "",
        opposed_by=identifier_of(other) if other else "",
        hanging=int(hanging or 0),
    )


def _order(row: FindingRow) -> tuple[str, str]:
    return row.assertion, row.key
