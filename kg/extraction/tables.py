"""Tables: one row per drug with a relation in each column, or one row per thing that goes with the subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kg.documents import Block, BlockKind, Span
from kg.extraction import drugs
from kg.extraction.cells import codes_in, read_cell
from kg.extraction.columns import CODE_ROLES, SAYING, Role, is_code_role, role_of_header, roles
from kg.extraction.lines import codes_end, describe, read_codes, read_labelled, state_similar
from kg.extraction.reading import Citation, Reading, Scope
from kg.extraction.relating import Words
from kg.extraction.topics import Topic
from kg.model import CodeSystem, Concept, Polarity

_BILLING = (CodeSystem.HCPCS, CodeSystem.CPT)
_MOST_COLUMNS = 60
_LONGEST_ROW = 20_000
_DUPLICATE = re.compile(r"\bduplicates?\b|\balready listed\b|\brepeated (?:row|entry)\b|\bsee above\b")
_OF_OBJECTS = CODE_ROLES | {Role.ROUTE, Role.PLACE, Role.PAYER, Role.REQUIREMENT}

Note = tuple[Block, Citation]
"""A cell of prose, with what to cite for it: its row."""


class _Table(NamedTuple):
    """The header of a table, the role of each column, and the column of the rows' own subjects, if there is one."""

    headers: Sequence[str]
    roles: Sequence[Role]
    key: int | None
    columns: dict[Role, list[int]]
    """The columns of each role."""
    coded: list[tuple[int, Role]]
    """The columns that may say what goes with the subject of a section."""

    @classmethod
    def of(cls, headers: Sequence[str], roles: Sequence[Role], key: int | None) -> _Table:
        columns: dict[Role, list[int]] = {}
        for column, role in enumerate(roles):
            columns.setdefault(role, []).append(column)
        return cls(headers, roles, key, columns, [each for each in enumerate(roles) if each[1] in _OF_OBJECTS])

    def header(self, column: int) -> str:
        return self.headers[column] if column < len(self.headers) else ""

    def cells(self, row: Block, role: Role) -> list[Span]:
        cells = row.cells
        return [cells[column] for column in self.columns.get(role, ()) if column < len(cells)]

    def cell(self, row: Block, role: Role) -> Span | None:
        return next(iter(self.cells(row, role)), None)


def read_table(reading: Reading, rows: Sequence[Block], scope: Scope) -> list[Note]:
    """Read a table; the answer is the cells of prose that are left for `kg.extraction.prose`."""
    if any(len(row.cells) > _MOST_COLUMNS or row.end - row.start > _LONGEST_ROW for row in rows):
        for row in rows:
            reading.leave(row, "not a table that people read")
        return []
    header, body = _header(reading, rows)
    for row in rows:
        if row is header:
            reading.leave(row, "header")
    width = max((len(row.cells) for row in body), default=0)
    if header is None and _is_labelled(reading, body):
        return _read_labelled_rows(reading, body, scope)
    columns = [[row.cells[n] for row in body if n < len(row.cells)] for n in range(width)]
    headers = [reading.words(cell) for cell in header.cells] if header else []
    found = roles(reading, headers, columns, scope.topic is Topic.MODIFIERS or "odifier" in "".join(headers))
    table = _Table.of(headers, found, _key(found, scope))
    if header is not None and table.key is None and _is_labelled(reading, rows) and not any(map(is_code_role, found)):
        return _read_labelled_rows(reading, rows, scope)
    rest = []
    for row in body:
        rest += _read_row(reading, table, row, _cite(scope, row))
    return rest


def _cite(scope: Scope, row: Block) -> Citation:
    subjects, topic, polarity, section, _, _ = scope
    return Citation(row.start, row.end, Scope(subjects, topic, polarity, section, row.line, row.start), "table")


def _header(reading: Reading, rows: Sequence[Block]) -> tuple[Block | None, list[Block]]:
    """The header of a table, marked or told by its words, and the rows below it."""
    header = next((row for row in rows if row.kind is BlockKind.HEADER), None)
    body = [row for row in rows if row is not header]
    if header is None and len(body) > 1:
        first = body[0] if len(body[0].cells) > 1 else next((row for row in body if len(row.cells) > 1), body[0])
        coded = reading.tokens_in(first.start, first.end)
        promises = [role_of_header(reading.words(cell)) for cell in first.cells]
        if (
            not coded
            and sum(role is not Role.OTHER for role in promises) * 2 >= len(promises)
            and not _value_row(reading, first)
        ):
            header, body = first, [row for row in body if row is not first]
    return header, body


def _value_row(reading: Reading, row: Block) -> bool:
    """Whether the cells of a row are long or hold names, as a header's do not."""
    return any(len(reading.words(cell)) > 60 for cell in row.cells) or (
        len(row.cells) == 2 and bool(reading.mentions_in(row.cells[1].start, row.cells[1].end))
    )


def _key(found: Sequence[Role], scope: Scope) -> int | None:
    """The column of subjects: codes of drugs beside columns that say something of them."""
    for number, role in enumerate(found):
        others = [r for n, r in enumerate(found) if n != number]
        if role is Role.CODE and any(r in SAYING for r in others):
            return number
    if (
        not scope.subjects
        and found.count(Role.PROCEDURE) >= 1
        and any(r in SAYING and r is not Role.PROCEDURE for r in found)
    ):
        return list(found).index(Role.PROCEDURE)
    return None


def _read_row(reading: Reading, table: _Table, row: Block, cite: Citation) -> list[Note]:
    words = _words(reading, table, row)
    if len(row.cells) == 1 and len(table.roles) > 1:
        reading.leave(row, "caption")
        return []
    if len(row.cells) > 1 and _repeats(words):
        reading.leave(row, "duplicate")
        return []
    if table.key is not None and table.key < len(row.cells):
        return _read_keyed(reading, table, row, words, cite)
    return _read_objects(reading, table, row, words, cite)


def _repeats(words: Words) -> bool:
    """Whether a row says that it repeats another."""
    said = f"{words.name} {words.usage}".lower()
    hinted = "duplicate" in said or "already" in said or "repeated" in said or "see above" in said
    return hinted and _DUPLICATE.search(said) is not None


def _read_keyed(reading: Reading, table: _Table, row: Block, words: Words, cite: Citation) -> list[Note]:
    """A row whose subject stands in it."""
    number = table.key or 0
    key = row.cells[number]
    codes = [code for code, _, _ in codes_in(reading, table.roles[number], key)]
    subjects = tuple(dict.fromkeys(Concept.of(code) for code in codes if code.system in _BILLING))
    if not subjects:
        reading.leave(row, "no relation fits" if codes else "no subject")
        return []
    if cite.scope.topic is Topic.SIMILAR or _is_neighbour(reading, table, subjects, cite.scope):
        for subject in subjects:
            state_similar(reading, reading.primary, subject, cite)
    reading.known.update(subjects)
    cite = cite._replace(scope=cite.scope._replace(subjects=subjects, topic=Topic.NONE, polarity=Polarity.AFFIRMED))
    _name_subjects(reading, table, row, key, cite)
    for column, (role, cell) in enumerate(zip(table.roles, row.cells, strict=False)):
        if column != number and role in SAYING and cell.end > cell.start:
            own = _own_words(table, role, words, cell)
            read_cell(reading, role, table.header(column), cell, subjects, own, cite)
    reading.leave(row, "no relation fits")
    return _notes(table, row, cite)


def _name_subjects(reading: Reading, table: _Table, row: Block, key: Span, cite: Citation) -> None:
    """Which drug the codes of a row identify, where no column says so: beside the code, or by its descriptor."""
    if Role.DRUG in table.roles:
        return
    beside = codes_end(reading, key)
    if not drugs.state_drug(reading, cite.scope.subjects, beside, key.end, cite):
        name = table.cell(row, Role.NAME)
        if name is not None:
            for subject in cite.scope.subjects:
                reading.names[row.start, subject] = reading.words(name)
            describe(reading, cite.scope.subjects, name, cite)


def _own_words(table: _Table, role: Role, words: Words, cell: Span) -> Words:
    """The words for one cell of a row about its own subject: remarks are about its diagnoses, or its only codes."""
    others = [r for r in table.roles if is_code_role(r) and r is not Role.CODE]
    if words.usage and (role is Role.DIAGNOSIS or (is_code_role(role) and len(others) == 1)):
        return Words("", words.usage, words.usage_span)
    return Words("", "", (cell.start, cell.end))


def _is_neighbour(reading: Reading, table: _Table, subjects: tuple[Concept, ...], scope: Scope) -> bool:
    """Whether a row of code and drug alone, in a document about another code, names that code's neighbour."""
    return (
        bool(reading.primary)
        and scope.topic is not Topic.CODES
        and not any(subject in reading.primary for subject in subjects)
        and all(role in (Role.CODE, Role.DRUG, Role.NAME, Role.USAGE, Role.OTHER) for role in table.roles)
    )


def _read_objects(reading: Reading, table: _Table, row: Block, words: Words, cite: Citation) -> list[Note]:
    """A row that says what goes with the subject of its section."""
    said = False
    subjects = cite.scope.subjects
    for column, role in table.coded:
        if column >= len(row.cells):
            break
        cell = row.cells[column]
        if role is Role.CODE:
            said |= read_codes(reading, cell, words, cite)
        else:
            said |= read_cell(reading, role, table.header(column), cell, subjects, words, cite)
    if said:
        return []
    if not subjects or reading.tokens_in(row.start, row.end):
        reading.leave(row, "no relation fits" if subjects else "no subject")
    return _notes(table, row, cite) or _whole_row(row, cite)


def _whole_row(row: Block, cite: Citation) -> list[Note]:
    """A row of words under a heading that says what its words are: documentation, denials, payers."""
    if cite.scope.topic in (Topic.DOCUMENTATION, Topic.DENIALS, Topic.PAYERS, Topic.CLINICAL) and row.cells:
        return [
            (
                row._replace(kind=BlockKind.ITEM, start=row.cells[0].start, end=row.cells[0].end, cells=()),
                cite,
            )
        ]
    return []


def _words(reading: Reading, table: _Table, row: Block) -> Words:
    """The name and the usage that the other columns of a row give."""
    name = table.cell(row, Role.NAME)
    usages, others = table.cells(row, Role.USAGE), table.cells(row, Role.OTHER)
    if name is None and Role.DIAGNOSIS in table.roles:
        name = table.cell(row, Role.CONDITION)
    if name is None and others:
        name = others.pop(0)
    usages = usages or others
    usage = " ; ".join(text for cell in usages if (text := reading.words(cell)))
    span = (usages[0].start, usages[-1].end) if usages else (0, 0)
    return Words(reading.words(name) if name else "", usage, span)


def _notes(table: _Table, row: Block, cite: Citation) -> list[Note]:
    """The cells of remarks, to be read as prose about the subject of the row."""
    cells = (*table.cells(row, Role.USAGE), *table.cells(row, Role.OTHER))
    return [
        (
            row._replace(kind=BlockKind.PARAGRAPH, start=cell.start, end=cell.end, cells=()),
            cite._replace(kind="note"),
        )
        for cell in cells
        if cell.end - cell.start > 12
    ]


def _is_labelled(reading: Reading, rows: Sequence[Block]) -> bool:
    """Whether a table of two columns has a label and a value in each row."""
    if len(rows) < 3 or any(len(row.cells) != 2 for row in rows):
        return False
    labels = [role_of_header(reading.words(row.cells[0])) for row in rows]
    known = [role for role in labels if role is not Role.OTHER]
    return len(known) * 3 >= len(rows) * 2 and len(set(known)) > 2


def _read_labelled_rows(reading: Reading, rows: Sequence[Block], scope: Scope) -> list[Note]:
    """A table on its side: each row a label and a value, one of them naming the subject."""
    for row in rows:
        if role_of_header(reading.words(row.cells[0])) is Role.CODE:
            subjects = tuple(Concept.of(code) for code, _, _ in codes_in(reading, Role.CODE, row.cells[1]))
            if subjects:
                scope = scope._replace(subjects=subjects, topic=Topic.NONE, polarity=Polarity.AFFIRMED)
                reading.known.update(subjects)
                break
    for row in rows:
        reading.reasons.pop((row.start, row.end), None)
        read_labelled(reading, reading.words(row.cells[0]), row.cells[-1], _cite(scope, row))
        reading.leave(row, "no relation fits")
    return []
