"""Tables: one row per drug with a relation in each column, or one row per thing that goes with the subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.documents import Block, BlockKind, Span
from kg.extraction import cues, drugs
from kg.extraction.cells import codes_in, read_cell
from kg.extraction.columns import Role, is_code_role, role_of_header, roles
from kg.extraction.reading import Reading, Scope
from kg.extraction.relating import Words
from kg.extraction.services import is_drug, service_of
from kg.extraction.topics import Topic
from kg.model import CodeSystem, Concept, Kind, Polarity, Relation, Strength

# Columns that say something of the code in their row, so that the row has a subject of its own.
_SAYING = frozenset({
    Role.MODIFIER, Role.DIAGNOSIS, Role.SPECIALTY, Role.PROCEDURE, Role.DRUG, Role.UNIT, Role.ROUTE, Role.PLACE, Role.PAYER,
    Role.REQUIREMENT, Role.CONDITION, Role.SIMILAR,
})  # fmt: skip
_DUPLICATE = re.compile(
    r"\bduplicates?\b|\balready listed\b|\brepeated (?:row|entry)\b|\bsee above\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of one table with the role of each column."""

    headers: Sequence[str]
    roles: Sequence[Role]
    rows: Sequence[Block]
    key: int | None
    """The column that holds the subjects of the rows, where the table has one."""


def read_table(reading: Reading, rows: Sequence[Block], scope: Scope) -> list[tuple[Block, Scope]]:
    """Read a table; the answer is the cells of prose that are left for `kg.extraction.prose`.

    They come as blocks, each with the scope in which it speaks.
    """
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
    table = _Table(headers, found, body, _key(reading, found, columns, scope))
    if (
        header is not None
        and table.key is None
        and _is_labelled(reading, rows)
        and not any(map(is_code_role, found))
    ):
        return _read_labelled_rows(reading, rows, scope)
    rest = []
    for row in body:
        rest += _read_row(reading, table, row, _at(scope, row))
    return rest


def _at(scope: Scope, row: Block) -> Scope:
    return Scope(scope.subjects, scope.topic, scope.polarity, scope.section, row.line, row.start)


def _header(reading: Reading, rows: Sequence[Block]) -> tuple[Block | None, list[Block]]:
    """The header of a table, marked or told by its words, and the rows below it."""
    header = next((row for row in rows if row.kind is BlockKind.HEADER), None)
    body = [row for row in rows if row is not header]
    if header is None and len(body) > 1:
        first = (
            body[0] if len(body[0].cells) > 1 else next((row for row in body if len(row.cells) > 1), body[0])
        )
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
    return (
        any(len(reading.words(cell)) > 60 for cell in row.cells)
        or len(row.cells) == 2
        and bool(reading.mentions_in(row.cells[1].start, row.cells[1].end))
    )


def _key(
    reading: Reading, found: Sequence[Role], columns: Sequence[Sequence[Span]], scope: Scope
) -> int | None:
    """The column of subjects: codes of drugs beside columns that say something of them."""
    for number, role in enumerate(found):
        others = [r for n, r in enumerate(found) if n != number]
        if role is Role.CODE and any(r in _SAYING for r in others):
            return number
    if (
        not scope.subjects
        and found.count(Role.PROCEDURE) >= 1
        and any(r in _SAYING and r is not Role.PROCEDURE for r in found)
    ):
        return list(found).index(Role.PROCEDURE)
    return None


def _read_row(reading: Reading, table: _Table, row: Block, scope: Scope) -> list[tuple[Block, Scope]]:
    words = _words(reading, table, row)
    if len(row.cells) == 1 and len(table.roles) > 1:
        reading.leave(row, "caption")
        return []
    if _DUPLICATE.search(f"{words.name} {words.usage}") and len(row.cells) > 1:
        reading.leave(row, "duplicate")
        return []
    if table.key is not None and table.key < len(row.cells):
        return _read_keyed(reading, table, row, words, scope)
    return _read_objects(reading, table, row, words, scope)


def _read_keyed(
    reading: Reading, table: _Table, row: Block, words: Words, scope: Scope
) -> list[tuple[Block, Scope]]:
    """A row whose subject stands in it."""
    span = (row.start, row.end)
    key = row.cells[table.key or 0]
    codes = [code for code, _, _ in codes_in(reading, table.roles[table.key or 0], key)]
    subjects = tuple(
        dict.fromkeys(Concept.of(c) for c in codes if c.system in (CodeSystem.HCPCS, CodeSystem.CPT))
    )
    if not subjects:
        reading.leave(row, "no subject" if not codes else "no relation fits")
        return []
    if scope.topic is Topic.SIMILAR or _is_neighbour(reading, table, subjects, scope):
        _state_similar(reading, scope, subjects, span)
    reading.known.update(subjects)
    if Role.DRUG not in table.roles:
        if drugs.drug_in(reading, codes_end(reading, key), key.end):
            drugs.state_drug(reading, subjects, codes_end(reading, key), key.end, span, scope, 0)
        elif Role.NAME in table.roles and (name := _cell(table, row, Role.NAME)):
            describe(reading, subjects, name, span, scope, 0)
    for number, cell in enumerate(row.cells[: len(table.roles)]):
        role = table.roles[number]
        if number != table.key and role in _SAYING and cell.end > cell.start:
            header = table.headers[number] if number < len(table.headers) else ""
            own = _own_words(table, role, words, cell)
            read_cell(
                reading,
                role,
                header,
                cell,
                subjects,
                own,
                span,
                Scope(subjects, Topic.NONE, Polarity.AFFIRMED, scope.section, scope.line, scope.start),
                "table",
                0,
            )
    reading.leave(row, "no relation fits")
    return _prose_cells(
        reading,
        table,
        row,
        Scope(subjects, Topic.NONE, scope.polarity, scope.section, scope.line, scope.start),
    )


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


def _state_similar(reading: Reading, scope: Scope, codes: tuple[Concept, ...], span: tuple[int, int]) -> None:
    for code in codes:
        if code not in reading.primary:
            reading.state(reading.primary, Relation.SIMILAR_TO, code, span, scope, "table.similar", rank=0)


def codes_end(reading: Reading, cell: Span) -> int:
    """The offset behind the last code of a cell."""
    tokens = reading.tokens_in(cell.start, cell.end)
    return tokens[-1].end if tokens else cell.start


def describe(
    reading: Reading,
    subjects: tuple[Concept, ...],
    name: Span,
    span: tuple[int, int],
    scope: Scope,
    rank: int,
) -> None:
    """What the descriptor beside a code says of it: the drug and the unit."""
    text = reading.text[name.start : name.end]
    billable = [subject for subject in subjects if subject.kind is Kind.HCPCS]
    mentions = reading.mentions_in(name.start, name.end, Kind.DRUG)
    if mentions and billable:
        first = [m for m in mentions if m.start <= mentions[0].end + 3][:2]
        drugs.state_drug(reading, tuple(billable), first[0].start, first[-1].end, span, scope, rank)
    elif billable and (
        match := re.match(
            r"\s*(?:injection|inj\.?|infusion),\s*([a-z][a-z -]{4,40}?)\s*(?:,|\()", text, re.IGNORECASE
        )
    ):
        drugs.state_drug(
            reading,
            tuple(billable),
            name.start + match.start(1),
            name.start + match.end(1),
            span,
            scope,
            rank,
        )
    drugs.state_routes(reading, tuple(billable), name.start, name.end, span, scope, rank)
    drugs.state_unit(
        reading,
        tuple(billable),
        name.start,
        name.end,
        span,
        scope,
        rank,
        bare=bool(re.search(r"\binjection|\binj\b|\bper\b", text, re.IGNORECASE)) or bool(mentions),
    )


def _read_objects(
    reading: Reading, table: _Table, row: Block, words: Words, scope: Scope
) -> list[tuple[Block, Scope]]:
    """A row that says what goes with the subject of its section."""
    span = (row.start, row.end)
    said = False
    for number, cell in enumerate(row.cells[: len(table.roles)]):
        role = table.roles[number]
        header = table.headers[number] if number < len(table.headers) else ""
        if role is Role.CODE:
            said |= read_code_row(reading, cell, words, span, scope, "table", 0)
        elif is_code_role(role) or role in (Role.ROUTE, Role.PLACE, Role.PAYER, Role.REQUIREMENT):
            said |= read_cell(reading, role, header, cell, scope.subjects, words, span, scope, "table", 0)
    if said:
        return []
    if reading.tokens_in(*span) or not scope.subjects:
        reading.leave(row, "no subject" if not scope.subjects else "no relation fits")
    return _prose_cells(reading, table, row, scope) or _whole_row(reading, row, scope)


def _whole_row(reading: Reading, row: Block, scope: Scope) -> list[tuple[Block, Scope]]:
    """A row of words under a heading that says what its words are: documentation, denials, payers."""
    if scope.topic in (Topic.DOCUMENTATION, Topic.DENIALS, Topic.PAYERS, Topic.CLINICAL) and row.cells:
        cell = row.cells[0]
        kind = BlockKind.ITEM
        return [(Block(kind, cell.start, cell.end, row.line, row.section), scope)]
    return []


def read_code_row(
    reading: Reading, cell: Span, words: Words, span: tuple[int, int], scope: Scope, rule: str, rank: int
) -> bool:
    """A row or line that begins with billing codes: subjects, their neighbours, or services that go with them."""
    before = len(reading.drafts)
    for code, _, _ in codes_in(reading, Role.CODE, cell):
        concept = Concept.of(code, words.name or None)
        if code.system is CodeSystem.HCPCS and (is_drug(code) or concept in reading.primary):
            if concept not in reading.primary and reading.primary and scope.topic is not Topic.CODES:
                reading.state(
                    reading.primary, Relation.SIMILAR_TO, concept, span, scope, f"{rule}.similar", rank=rank
                )
            reading.known.add(concept)
            _describe_code(reading, concept, cell, words, span, scope, rank)
        elif scope.topic is Topic.SIMILAR and scope.subjects and concept not in scope.subjects:
            reading.state(
                scope.subjects, Relation.SIMILAR_TO, concept, span, scope, f"{rule}.similar", rank=rank
            )
        elif concept not in scope.subjects:
            read_cell(reading, Role.PROCEDURE, "", cell, scope.subjects, words, span, scope, rule, rank)
        elif concept not in reading.primary and service_of(code) is Relation.ADMINISTERED_WITH:
            # A group of administration codes goes with the drugs that the other groups list.
            read_cell(reading, Role.PROCEDURE, "", cell, reading.primary, words, span, scope, rule, rank)
    return len(reading.drafts) > before


def _describe_code(
    reading: Reading, code: Concept, cell: Span, words: Words, span: tuple[int, int], scope: Scope, rank: int
) -> None:
    start = codes_end(reading, cell)
    describe(reading, (code,), Span(start, span[1]), span, scope, rank)


def _words(reading: Reading, table: _Table, row: Block) -> Words:
    """The name and the usage that the other columns of a row give."""
    name = _cell(table, row, Role.NAME)
    usages = [row.cells[n] for n, role in enumerate(table.roles) if role is Role.USAGE and n < len(row.cells)]
    others = [row.cells[n] for n, role in enumerate(table.roles) if role is Role.OTHER and n < len(row.cells)]
    if name is None and Role.DIAGNOSIS in table.roles:
        name = _cell(table, row, Role.CONDITION)
    if name is None and others:
        name = others.pop(0)
    usages = usages or others
    usage = " ; ".join(text for cell in usages if (text := reading.words(cell)))
    span = (usages[0].start, usages[-1].end) if usages else (0, 0)
    return Words(reading.words(name) if name else "", usage, span)


def _cell(table: _Table, row: Block, role: Role) -> Span | None:
    return next((row.cells[n] for n, r in enumerate(table.roles) if r is role and n < len(row.cells)), None)


def _prose_cells(reading: Reading, table: _Table, row: Block, scope: Scope) -> list[tuple[Block, Scope]]:
    """The cells of notes, to be read as prose about the subject of the row."""
    cells = [
        row.cells[n]
        for n, role in enumerate(table.roles)
        if role in (Role.USAGE, Role.OTHER) and n < len(row.cells)
    ]
    return [
        (Block(BlockKind.PARAGRAPH, cell.start, cell.end, row.line, row.section), scope)
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


def _read_labelled_rows(reading: Reading, rows: Sequence[Block], scope: Scope) -> list[tuple[Block, Scope]]:
    """A table on its side: each row a label and a value, one of them naming the subject."""
    for row in rows:
        if role_of_header(reading.words(row.cells[0])) is Role.CODE and len(row.cells) == 2:
            subjects = tuple(Concept.of(c) for c, _, _ in codes_in(reading, Role.CODE, row.cells[1]))
            if subjects:
                scope = Scope(subjects, Topic.NONE, Polarity.AFFIRMED, scope.section, scope.line, scope.start)
                reading.known.update(subjects)
                break
    for row in rows:
        reading.reasons.pop((row.start, row.end), None)
        read_labelled(
            reading,
            reading.words(row.cells[0]),
            row.cells[-1],
            (row.start, row.end),
            _at(scope, row),
            "table",
            0,
        )
        reading.leave(row, "no relation fits")
    return []


def read_labelled(
    reading: Reading, label: str, value: Span, span: tuple[int, int], scope: Scope, rule: str, rank: int
) -> bool:
    """A value behind a label, as in "Route: IV"; the answer is whether it said anything."""
    before = len(reading.drafts)
    role = roles(reading, [label], [[value]], modifiers=False)[0]
    plainly = Scope(scope.subjects, Topic.NONE, scope.polarity, scope.section, scope.line, scope.start)
    if role is Role.CODE:
        describe(reading, scope.subjects, Span(codes_end(reading, value), value.end), span, plainly, rank)
    elif role in _SAYING:
        plain_label = re.sub(r"\b(?:that|which)\b", "", label)
        speaks = (
            cues.strength(plain_label) is not Strength.STATED
            or cues.polarity(plain_label) is not Polarity.AFFIRMED
        )
        said_by_label = plain_label if speaks else ""
        read_cell(
            reading, role, label, value, scope.subjects, Words("", said_by_label), span, plainly, rule, rank
        )
    return len(reading.drafts) > before
