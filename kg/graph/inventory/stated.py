"""What all documents state, as rows, document by document, with the verdicts.

Of a build on this machine it is read from what was kept of the documents, in a tenth of the time that quads take; only
the verdicts, which depend on the day, are those of the quads.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
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
from kg.model.assertions import encoded, hash_of_encoded

_BETWEEN = " | "
_CODES = frozenset(kind.value for kind in Kind if kind.is_code)
_AT_ONCE = 100
"""So many documents are judged at a time, as to look up the verdicts on few takes as long as on many."""

Rows = dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]]
"""What stands before and behind the verdict in the rows of a document, by their keys."""

_PLACE = tuple(AssertionRow._fields.index(name) for name in EvidenceRow._fields if name not in ("key", "assertions"))


def stated(store: GraphStore, build: Path | None = None) -> Iterator[list[AssertionRow]]:
    """What documents state, some documents at a time: in the order of their identifiers, then in the document's order.

    `build` is the folder of the build on this machine, where there is one. Raises `StoreError` where it is damaged.
    """
    yield from _of_readings(store, build) if build and (build / READINGS).exists() else _of_quads(store)


def evidence_rows(rows: Sequence[AssertionRow]) -> list[EvidenceRow]:
    """The places where some assertions stand, each once."""
    counts = Counter(row.evidence for row in rows)
    first = {row.evidence: row for row in reversed(rows)}
    return [EvidenceRow._make((key, *(first[key][place] for place in _PLACE), count)) for key, count in counts.items()]


def _of_readings(store: GraphStore, build: Path) -> Iterator[list[AssertionRow]]:
    verdicts_on = _verdicts_on(store)
    documents = packed_in_order(build, _packed_rows)
    while some := list(islice(documents, _AT_ONCE)):
        verdicts = verdicts_on(some)
        rows = []
        for _, of_document in some:
            judged = zip(of_document.items(), verdicts, strict=False)  # Those that follow are on the next document.
            made = [AssertionRow._make((key, *before, verdict, *at)) for (key, (before, at)), verdict in judged]
            rows += sorted(made, key=_order)
        yield rows


def _packed_rows(document: str, packed: list[list[Any]]) -> Rows:
    """What stands before and behind the verdict in the rows of a document, by their keys; none is made an object.

    `kg.model.packing` says what is packed. Of what was read twice, the first is what the graph has.
    """
    concepts, places, assertions, *_ = packed
    curies = [f"{kind}:{key}" for kind, key, _ in concepts]
    evidence = [_evidence(document, *place) for place in places]
    # What many assertions share is encoded once: to encode the whole content of each takes a fifth of all the time.
    ends_encoded, in_document = [encoded(curie) for curie in curies], encoded(document)
    places_encoded = [f"{in_document}, {start}, {end}, {encoded(quote)}" for start, end, quote, *_ in places]
    rows: Rows = {}
    for subject, relation, object, place, polarity, strength, condition, qualifiers, rule, since in assertions:
        pairs = sorted([qualifier, curies[concept]] for qualifier, concept in qualifiers) if qualifiers else []
        said = _word(polarity), _word(strength), _word(condition), encoded(pairs) if pairs else "[]"
        where = (places_encoded[place], _word(since)) if since else (places_encoded[place],)
        key = hash_of_encoded((ends_encoded[subject], _word(relation), ends_encoded[object], *said, *where))
        if key not in rows:
            kind, _, name = concepts[object]
            ends = curies[subject], relation, curies[object]
            in_words = _BETWEEN.join(map(" ".join, pairs)) if pairs else ""
            stated_name = (name or "") if kind in _CODES else ""
            day = date.fromisoformat(since) if since else None
            rows[key] = (*ends, polarity, strength, condition, in_words, stated_name, day, rule), evidence[place]
    return rows


_word = lru_cache(maxsize=2**12)(encoded)


def _evidence(
    document: str, start: int, end: int, quote: str, line: int, section: str, page: int, sheet: str, row: int
) -> tuple[Any, ...]:
    """What stands behind the verdict in the rows of what is stated at a place."""
    key = _evidence_key(document, start, end, quote)
    return key, document, line, section, page or None, sheet, row or None, start, end, quote


def _evidence_key(document: str, start: int, end: int, quote: str) -> str:
    """As `evidence_iri` has it."""
    return hashlib.sha256(f"{document}\0{start}\0{end}\0{quote}".encode()).hexdigest()[:32]


def _of_quads(store: GraphStore) -> Iterator[list[AssertionRow]]:
    for document in documents(store):
        names = [place.node for place in stated_in(store, document)]
        yield sorted((_row(assertion, verdict) for assertion, verdict in Reader(store).assertions(names)), key=_order)


def _verdicts_on(store: GraphStore) -> Callable[[Sequence[tuple[str, Rows]]], Iterator[str]]:
    """What gives the verdicts on what some documents state, in its order."""
    if isinstance(store.quads, ox.Store):
        verdicts = Verdicts.of(store)
        return lambda some: iter(verdicts.on([key for _, rows in some for key in rows]))

    def asked(some: Sequence[tuple[str, Rows]]) -> Iterator[str]:
        for document, rows in some:
            by_key = {identifier_of(place.node.value): place.verdict.value for place in stated_in(store, document)}
            try:
                yield from [by_key[key] for key in rows]
            except KeyError as exc:
                raise StoreError(
                    f"{store.place}: the graph is damaged (no verdict on assertion {exc}); {AGAIN}"
                ) from exc

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
