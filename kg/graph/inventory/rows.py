"""The tables: what a row of each holds. Fields are columns, and their types those of the columns.

Keys join them: `curie` of nodes is `subject` and `object` elsewhere, `key` of assertions is `assertion` of findings,
`key` of evidence is `evidence` of assertions. What is not known is None, or an empty text.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class DocumentRow(NamedTuple):
    """A document, and how many assertions there are of it."""

    document: str
    title: str
    file_name: str
    sha256: str
    assertions: int


class ReleaseRow(NamedTuple):
    """A release, and how many statements there are of it."""

    release: str
    title: str
    system: str
    issued: date | None
    complete: bool | None
    license: str
    source: str
    statements: int


class NodeRow(NamedTuple):
    """A concept: a code with its days, or a thing known by name."""

    curie: str
    type: str
    code: str
    name: str
    descriptor: str
    billable: bool | None
    valid_from: date | None
    valid_through: date | None
    broader: str
    release: str
    same_as: str


class ConnectionRow(NamedTuple):
    """An edge, with its strongest verdict, its firmest strength, and how much states it."""

    subject: str
    relation: str
    object: str
    polarity: str
    strength: str
    verdict: str
    documents: int
    assertions: int
    statements: int


class AssertionRow(NamedTuple):
    """What a document states, and where."""

    key: str
    subject: str
    relation: str
    object: str
    polarity: str
    strength: str
    condition: str
    qualifiers: str
    stated_name: str
    stated_from: date | None
    rule: str
    verdict: str
    evidence: str
    document: str
    line: int
    section: str
    page: int | None
    sheet: str
    row: int | None
    start: int
    end: int
    quote: str


class EvidenceRow(NamedTuple):
    """A place in a document, and how many assertions stand there."""

    key: str
    document: str
    line: int
    section: str
    page: int | None
    sheet: str
    row: int | None
    start: int
    end: int
    quote: str
    assertions: int


class StatementRow(NamedTuple):
    """What a row of a release states."""

    key: str
    subject: str
    relation: str
    object: str
    verdict: str
    condition: str
    valid_from: date | None
    valid_through: date | None
    release: str
    row: int | None
    quote: str


class FindingRow(NamedTuple):
    """What a person should look at, and the assertion that it is about."""

    key: str
    assertion: str
    concept: str
    verdict: str
    reason: str
    check: str
    stated: str
    official: str
    release: str
    row: int | None
    better_code: str
    opposed_by: str
    hanging: int
