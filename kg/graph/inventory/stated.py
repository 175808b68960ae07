"""What all documents state, document by document, with the verdicts; and each of it as rows.

Of a build on this machine it is read from what was kept of the documents, in a tenth of the time that the quads take;
only the verdicts, which depend on the day, are those of the quads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.inventory.rows import AssertionRow, EvidenceRow
from kg.graph.inventory.verdicts import Verdicts
from kg.graph.kept_readings import READINGS, kept_in_order
from kg.graph.lookup import Reader, documents
from kg.graph.manifest import AGAIN
from kg.graph.rdf.assertions import evidence_iri
from kg.graph.rdf.iris import identifier_of
from kg.graph.stated import stated_in
from kg.graph.store import GraphStore
from kg.model import Assertion, Evidence, Verdict

Judged = tuple[Assertion, Verdict]
_BETWEEN = " | "


def stated(store: GraphStore, build: Path | None = None) -> Iterator[tuple[str, list[Judged]]]:
    """Each document that states something, in the order of identifiers, with what it states, in the document's order.

    `build` is the folder of the build on this machine, where there is one. Raises `StoreError` where it is damaged.
    """
    pairs = _of_readings(store, build) if build and (build / READINGS).exists() else _of_quads(store)
    for document, judged in pairs:
        if judged:
            yield document, sorted(judged, key=_place)


def _of_readings(store: GraphStore, build: Path) -> Iterator[tuple[str, list[Judged]]]:
    verdicts_of = _verdicts_of(store)
    for reading in kept_in_order(build):
        assertions = reading.distinct
        verdicts = verdicts_of(reading.document.identifier, [assertion.identifier for assertion in assertions])
        yield reading.document.identifier, list(zip(assertions, verdicts, strict=True))


def _of_quads(store: GraphStore) -> Iterator[tuple[str, list[Judged]]]:
    for document in documents(store):
        names = [place.node for place in stated_in(store, document)]
        yield document, list(Reader(store).assertions(names))


def _verdicts_of(store: GraphStore) -> Callable[[str, Sequence[str]], list[Verdict]]:
    """What gives the verdicts on assertions of a document, by their identifiers."""
    if isinstance(store.quads, ox.Store):
        verdicts = Verdicts.of(store)
        return lambda _, identifiers: verdicts.on(identifiers)

    def asked(document: str, identifiers: Sequence[str]) -> list[Verdict]:
        by_identifier = {identifier_of(place.node.value): place.verdict for place in stated_in(store, document)}
        try:
            return [by_identifier[identifier] for identifier in identifiers]
        except KeyError as exc:
            raise StoreError(f"{store.place}: the graph is damaged (no verdict on assertion {exc}); {AGAIN}") from exc

    return asked


def _place(judged: Judged) -> tuple[int, int, str]:
    assertion, _ = judged
    return assertion.evidence.start, assertion.evidence.end, assertion.identifier


def rows_of(judged: Sequence[Judged]) -> tuple[list[AssertionRow], list[EvidenceRow]]:
    """The rows of what one document states: an assertion each, and a place each where one or several stand."""
    places: dict[Evidence, tuple[str, int]] = {}
    rows = []
    for assertion, verdict in judged:
        evidence = assertion.evidence
        key, count = places.get(evidence) or (evidence_iri(evidence).rpartition("/")[2], 0)
        places[evidence] = key, count + 1
        rows.append(_assertion_row(assertion, verdict, key))
    return rows, [_evidence_row(evidence, *counted) for evidence, counted in places.items()]


def _assertion_row(assertion: Assertion, verdict: Verdict, evidence_key: str) -> AssertionRow:
    at, object = assertion.evidence, assertion.object
    return AssertionRow(
        assertion.identifier,
        assertion.subject.curie,
        assertion.relation.value,
        object.curie,
        assertion.polarity.value,
        assertion.strength.value,
        assertion.condition,
        _BETWEEN.join(sorted(f"{qualifier.value} {concept.curie}" for qualifier, concept in assertion.qualifiers)),
        (object.name or "") if object.kind.is_code else "",
        assertion.since,
        assertion.rule,
        verdict.value,
        evidence_key,
        at.document,
        at.line,
        at.section,
        at.page or None,
        at.sheet,
        at.row or None,
        at.start,
        at.end,
        at.quote,
    )


def _evidence_row(at: Evidence, key: str, count: int) -> EvidenceRow:
    return EvidenceRow(
        key,
        at.document,
        at.line,
        at.section,
        at.page or None,
        at.sheet,
        at.row or None,
        at.start,
        at.end,
        at.quote,
        count,
    )
