"""What all documents state, as rows, document by document, with the verdicts.

Of a build on this machine it is read from what was kept of the documents, in a tenth of the time that quads take; only
the verdicts, which depend on the day, are those of the quads.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.inventory.rows import AssertionRow, EvidenceRow
from kg.graph.inventory.verdicts import Verdicts
from kg.graph.kept_readings import READINGS, packed_in_order
from kg.graph.lookup import Reader, documents
from kg.graph.manifest import AGAIN
from kg.graph.rdf.assertions import evidence_iri
from kg.graph.rdf.iris import identifier_of
from kg.graph.stated import stated_in
from kg.graph.store import GraphStore
from kg.model import Assertion, Kind, Verdict
from kg.model.assertions import hash_of

_BETWEEN = " | "
_CODES = frozenset(kind.value for kind in Kind if kind.is_code)
_PLACE = tuple(AssertionRow._fields.index(name) for name in EvidenceRow._fields if name not in ("key", "assertions"))


def stated(store: GraphStore, build: Path | None = None) -> Iterator[tuple[str, list[AssertionRow]]]:
    """Each document that states something, in the order of identifiers, with what it states, in the document's order.

    `build` is the folder of the build on this machine, where there is one. Raises `StoreError` where it is damaged.
    """
    pairs = _of_readings(store, build) if build and (build / READINGS).exists() else _of_quads(store)
    for document, rows in pairs:
        if rows:
            rows.sort(key=_order)
            yield document, rows


def evidence_rows(rows: Sequence[AssertionRow]) -> list[EvidenceRow]:
    """The places where some assertions of a document stand, each once."""
    counts = Counter(row.evidence for row in rows)
    first = {row.evidence: row for row in reversed(rows)}
    return [EvidenceRow._make((key, *(first[key][place] for place in _PLACE), count)) for key, count in counts.items()]


def _of_readings(store: GraphStore, build: Path) -> Iterator[tuple[str, list[AssertionRow]]]:
    verdicts_of = _verdicts_of(store)
    for document, rows in packed_in_order(build, _packed_rows):
        verdicts = verdicts_of(document, list(rows))
        judged = zip(rows.items(), verdicts, strict=True)
        yield document, [AssertionRow._make((key, *before, verdict, *at)) for (key, (before, at)), verdict in judged]


def _packed_rows(document: str, packed: list[list[Any]]) -> dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """What stands before and behind the verdict in the rows of a document, by their keys; none is made an object.

    `kg.model.packing` says what is packed. Of what was read twice, the first is what the graph has.
    """
    concepts, places, assertions, *_ = packed
    curies = [f"{kind}:{key}" for kind, key, _ in concepts]
    evidence: list[tuple[Any, ...]] = [
        (
            _evidence_key(document, start, end, quote),
            document,
            line,
            section,
            page or None,
            sheet,
            row or None,
            start,
            end,
            quote,
        )
        for start, end, quote, line, section, page, sheet, row in places
    ]  # fmt: skip
    rows: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {}
    for subject, relation, object, place, polarity, strength, condition, qualifiers, rule, since in assertions:
        at, ends = evidence[place], (curies[subject], relation, curies[object])
        pairs = sorted([qualifier, curies[concept]] for qualifier, concept in qualifiers)
        key = hash_of(*ends, polarity, strength, condition, pairs, document, *at[-3:], *((since,) if since else ()))
        if key not in rows:
            kind, _, name = concepts[object]
            in_words = _BETWEEN.join(map(" ".join, pairs))
            stated_name = (name or "") if kind in _CODES else ""
            day = date.fromisoformat(since) if since else None
            rows[key] = (*ends, polarity, strength, condition, in_words, stated_name, day, rule), at
    return rows


def _evidence_key(document: str, start: int, end: int, quote: str) -> str:
    """As `evidence_iri` has it."""
    return hashlib.sha256(f"{document}\0{start}\0{end}\0{quote}".encode()).hexdigest()[:32]


def _of_quads(store: GraphStore) -> Iterator[tuple[str, list[AssertionRow]]]:
    for document in documents(store):
        names = [place.node for place in stated_in(store, document)]
        yield document, [_row(assertion, verdict) for assertion, verdict in Reader(store).assertions(names)]


def _verdicts_of(store: GraphStore) -> Callable[[str, Sequence[str]], list[str]]:
    """What gives the verdicts on assertions of a document, by their keys."""
    if isinstance(store.quads, ox.Store):
        verdicts = Verdicts.of(store)
        return lambda _, keys: verdicts.on(keys)

    def asked(document: str, keys: Sequence[str]) -> list[str]:
        by_key = {identifier_of(place.node.value): place.verdict.value for place in stated_in(store, document)}
        try:
            return [by_key[key] for key in keys]
        except KeyError as exc:
            raise StoreError(f"{store.place}: the graph is damaged (no verdict on assertion {exc}); {AGAIN}") from exc

    return asked


def _order(row: AssertionRow) -> tuple[int, int, str]:
    return row.start, row.end, row.key


def _row(assertion: Assertion, verdict: Verdict) -> AssertionRow:
    at, object = assertion.evidence, assertion.object
    return AssertionRow(
        key=assertion.identifier,
        subject=assertion.subject.curie,
        relation=assertion.relation.value,
        object=object.curie,
        polarity=assertion.polarity.value,
        strength=assertion.strength.value,
        condition=assertion.condition,
        qualifiers=_BETWEEN.join(sorted(f"{name.value} {concept.curie}" for name, concept in assertion.qualifiers)),
        stated_name=(object.name or "") if object.kind.is_code else "",
        stated_from=assertion.since,
        rule=assertion.rule,
        verdict=verdict.value,
        evidence=evidence_iri(at).rpartition("/")[2],
        document=at.document,
        line=at.line,
        section=at.section,
        page=at.page or None,
        sheet=at.sheet,
        row=at.row or None,
        start=at.start,
        end=at.end,
        quote=at.quote,
    )
