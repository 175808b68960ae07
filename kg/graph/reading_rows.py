"""What was read of a document as one row of plain values, and back: the form in which readings go between machines.

A row holds all that a build needs of the document, so that reading scales out: some machines read, one builds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from kg import lazy_re as re
from kg.documents import Document, identifier_of, parse
from kg.documents.lines import MAXIMUM_TEXT
from kg.errors import DocumentError, MalformedCode
from kg.extraction import Extraction, extract
from kg.extraction.account import Leftover, Tally
from kg.graph import texts
from kg.graph.kept_readings import Reading, line_of
from kg.graph.rules import made_by
from kg.model import Assertion, Concept, Evidence, Polarity, Qualifier, Relation, Strength

Row = Mapping[str, Any]

_CHECKSUM = re.compile(r"[0-9a-f]{64}")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Unfit(Exception):
    """Why a row is not what was read of a document."""


def row_of(name: str | None, data: bytes | None) -> dict[str, Any]:
    """The row of a document of these bytes; one that cannot be read has an `error`, and nothing that it states.

    >>> row = row_of("guides/note.md", b"Append modifier JW to J3262.")
    >>> row["document"], row["error"], row["assertions"][0]["object"]
    ('note', None, 'modifier:JW')
    >>> row_of("note.md", b"")["error"]
    'note.md: the document is empty'
    """
    row: dict[str, Any] = {
        "name": name, "reader": made_by(), "document": identifier_of(name or ""),
        "checksum": hashlib.sha256(data or b"").hexdigest(),
    }  # fmt: skip
    try:
        if not name or data is None:
            raise DocumentError(f"{name or 'a document'}: no {'bytes' if name else 'name'}")
        extraction = extract(parse(data, name))
    except DocumentError as exc:
        return {**row, "error": str(exc)}
    return {**row, "error": None, **_content(extraction)}


def reading_of(row: Row, identifier: str) -> Reading:
    """The reading of a row, of a document that bears an identifier; raises `Unfit` for what does not fit together."""
    try:
        return _reading(row, identifier)
    except MalformedCode as exc:
        raise Unfit(str(exc)) from exc
    except (ValueError, TypeError, LookupError, AttributeError) as exc:
        raise Unfit(f"not what kg.extract_batches writes ({' '.join(str(exc).split())})") from exc


def _content(extraction: Extraction) -> dict[str, Any]:
    document = extraction.document
    leftovers = [_leftover_row(leftover) for leftover in extraction.leftovers]
    content = {
        "title": document.title, "format": document.format, "encoding": document.encoding, "text": document.text,
        "assertions": [_assertion_row(assertion) for assertion in extraction.assertions],
        "leftovers": leftovers,
        "rows": _tally_row(extraction.rows), "tokens": _tally_row(extraction.tokens),
    }  # fmt: skip
    reading = Reading(document, extraction.assertions, len(extraction.leftovers))
    return {**content, "digest": _digest(reading, document.text, leftovers)}


def _assertion_row(assertion: Assertion) -> dict[str, Any]:
    at = assertion.evidence
    return {
        "subject": assertion.subject.curie, "subject_name": assertion.subject.name,
        "relation": assertion.relation.value,
        "object": assertion.object.curie, "object_name": assertion.object.name,
        "polarity": assertion.polarity.value, "strength": assertion.strength.value, "condition": assertion.condition,
        "qualifiers": [
            {"qualifier": qualifier.value, "concept": concept.curie, "name": concept.name}
            for qualifier, concept in assertion.qualifiers
        ],
        "rule": assertion.rule, "since": assertion.since, "start": at.start, "end": at.end, "quote": at.quote,
        "line": at.line, "section": at.section, "page": at.page, "sheet": at.sheet, "row": at.row,
    }  # fmt: skip


LEFTOVER = ("what", "start", "end", "line", "text", "reason", "code")


def _leftover_row(leftover: Leftover) -> dict[str, Any]:
    return {
        "what": leftover.what, "start": leftover.start, "end": leftover.end, "line": leftover.line,
        "text": leftover.text, "reason": leftover.reason, "code": leftover.code and leftover.code.curie,
    }  # fmt: skip


def _tally_row(tally: Tally) -> dict[str, int]:
    return {"total": tally.total, "evidence": tally.evidence, "leftover": tally.leftover}


def _digest(reading: Reading, text: str, leftovers: list[dict[str, Any]]) -> str:
    """A checksum of all that a build takes over, so that what an engine or a disk has changed is noticed."""
    content = hashlib.sha256(line_of(reading))
    content.update(_encode([text, [[*leftover.values()] for leftover in leftovers]]).encode())
    return content.hexdigest()


def _reading(row: Row, identifier: str) -> Reading:
    own, text = row["document"], row["text"]
    if own != identifier_of(row["name"]) or not _CHECKSUM.fullmatch(row["checksum"]):
        raise Unfit(f"{own!r} with the checksum {row['checksum']!r} is no document")
    if len(text) > MAXIMUM_TEXT:
        raise Unfit(f"more than {MAXIMUM_TEXT:,} characters of text, the most of a document")
    title, format, *of_file = (row[name] for name in ("title", "format", "checksum", "encoding"))
    document = Document(own, PurePath(row["name"]).name, title, format, "", (), *of_file)
    assertions = tuple(_assertion(assertion, own, text) for assertion in row["assertions"])
    leftovers = [{name: leftover[name] for name in LEFTOVER} for leftover in row["leftovers"]]
    for leftover in leftovers:
        _fits(text, leftover["start"], leftover["end"])
    if row["digest"] != _digest(Reading(document, assertions, len(leftovers)), text, leftovers):
        raise Unfit("not as it was written (its digest is another one)")
    packed = texts.packed(text, ((left["start"], left["end"], left["reason"]) for left in leftovers))
    if identifier != own:
        document = replace(document, identifier=identifier)
        assertions = tuple(_borne_by(assertion, identifier) for assertion in assertions)
    return Reading(document, assertions, len(leftovers), packed)


def _assertion(row: Row, document: str, text: str) -> Assertion:
    start, end, quote = row["start"], row["end"], row["quote"]
    _fits(text, start, end)
    if text[start:end] != quote:
        raise Unfit(f"evidence that does not fit: from {start} to {end} the text has not {quote[:60]!r}")
    evidence = Evidence(
        document, *(row[name] for name in ("start", "end", "quote", "line", "section", "page", "sheet", "row"))
    )
    since = row["since"]
    if not (since is None or type(since) is date):
        raise Unfit(f"not a day: {since!r}")
    return Assertion(
        _concept(row["subject"], row["subject_name"]),
        Relation(row["relation"]),
        _concept(row["object"], row["object_name"]),
        evidence,
        Polarity(row["polarity"]),
        Strength(row["strength"]),
        row["condition"],
        tuple((Qualifier(one["qualifier"]), _concept(one["concept"], one["name"])) for one in row["qualifiers"]),
        row["rule"],
        since,
    )


def _fits(text: str, start: int, end: int) -> None:
    if not 0 <= start <= end <= len(text):
        raise Unfit(f"evidence that does not fit: from {start} to {end} of a text of {len(text):,} letters")


@lru_cache(maxsize=2**14)
def _concept(curie: str, name: str | None) -> Concept:
    concept = Concept.parse(curie, name)
    if concept.curie != curie:
        raise Unfit(f"not a concept: {curie!r}")
    return concept


def _borne_by(assertion: Assertion, identifier: str) -> Assertion:
    return replace(assertion, evidence=replace(assertion.evidence, document=identifier))
