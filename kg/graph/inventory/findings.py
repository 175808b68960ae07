"""What a person should look at, as rows, in the order of the assertions that they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from kg.graph.inventory.kept import FINDINGS, finding_order, kept_rows
from kg.graph.inventory.rows import FindingRow
from kg.graph.rdf.findings import DISAGREEMENT, finding_node
from kg.graph.rdf.iris import concept_curie, identifier_of
from kg.graph.rdf.vocabulary import ASSERTIONS, VERDICT_OF
from kg.graph.store import GraphStore
from kg.model import Concept, Finding, Verdict

if TYPE_CHECKING:  # A graph that is only read needs none of it.
    from kg.verification import Disagreement

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
    kept = kept_rows(store, FINDINGS)
    rows = map(FindingRow._make, kept) if kept is not None else _of_quads(store)
    return (row for row in rows if assertions is None or row.assertion in assertions)


def finding_row(finding: Finding) -> FindingRow:
    """The row of what was found while judging."""
    assertion = finding.assertion.identifier
    return FindingRow(
        key=_key(assertion, finding.concept, finding.reason),
        assertion=assertion,
        concept=finding.concept.curie,
        verdict=finding.verdict.value,
        reason=finding.reason,
        check=finding.check,
        stated=finding.stated,
        official=finding.official,
        release=finding.release,
        row=finding.row or None,
        better_code=finding.suggestion.curie if finding.suggestion else "",
        opposed_by="",
        hanging=finding.hangs,
    )


def disagreement_row(disagreement: Disagreement) -> FindingRow:
    """The row of what another document says otherwise."""
    assertion, concept, reason = disagreement.stand.identifier, disagreement.stand.object, disagreement.reason
    about = _key(assertion, concept, reason), assertion, concept.curie, Verdict.DISPUTED.value, reason, DISAGREEMENT
    return FindingRow(*about, "", "", "", None, "", disagreement.other.identifier, 0)


def _key(assertion: str, concept: Concept, reason: str) -> str:
    return identifier_of(finding_node(assertion, concept, reason).value)


def _of_quads(store: GraphStore) -> Iterator[FindingRow]:
    yield from sorted(map(_row, store.select_texts(_FINDINGS, ASSERTIONS)), key=finding_order)


def _row(texts: Sequence[str]) -> FindingRow:
    finding, assertion, concept, verdict, *words, release, row, better, other, hanging = texts
    reason, check, stated, official = words
    return FindingRow(
        key=identifier_of(finding),
        assertion=identifier_of(assertion),
        concept=concept_curie(concept),
        verdict=VERDICT_OF[verdict].value,
        reason=reason,
        check=check,
        stated=stated,
        official=official,
        release=identifier_of(release) if release else "",
        row=int(row) if row else None,
        better_code=concept_curie(better) if better else "",
        opposed_by=identifier_of(other) if other else "",
        hanging=int(hanging or 0),
    )
