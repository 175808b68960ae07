"""Tables: one row per code with a relation in each column, or one row per thing that goes with the subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kg.documents import Block, BlockKind, Span
from kg.extraction.draft import Citation, Draft, Found, Left, Qualifiers, Scope
from kg.extraction.lexicon import PLAIN, Column, Effect, Stance, Topic, Where, column_of, lexicon, stance_of, topic_of
from kg.extraction.outline.about import BILLING, About
from kg.extraction.outline.scopes import subjects_named
from kg.extraction.prose.prose import read_prose
from kg.extraction.relations.drugs import as_named, drug_of, unit_at_end
from kg.extraction.relations.relating import Words, relate
from kg.extraction.relations.services import is_of_drug, is_told, service_in
from kg.extraction.tables.cells import Cell, payers_in_column, read_cell
from kg.extraction.tables.columns import columns_of, holds_codes, is_verdict_column, label_of_cell
from kg.extraction.tables.lines import describe, is_descriptor, note_of, read_codes, read_labelled, told_above
from kg.extraction.text.letters import fold
from kg.extraction.text.modifiers import known_modifiers
from kg.extraction.text.text import CodeSpan, Text
from kg.extraction.wording.objects import requirements_in
from kg.model import Concept, Kind, Polarity, Qualifier, Relation

_MOST_COLUMNS = 60
_FEWEST_OF_MANY = 4
_SHORT = 40
_NEAR = 3
_LONGEST_ROW = 20_000
_FEWEST_COLUMNS = 2
_FEW_PRIMARY = 3
_DAY = re.compile(r"\s*(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d)\s*")
# "is_oral", "medicare_part_b": names in programs.
_FIELD = re.compile(r"\s*[A-Za-z]+(?:_[A-Za-z0-9]+)+\s*")
_RUNNING = re.compile(r"\bpage \d+ of \d+\W*$|^\W*page \d+ of \d+\b")
_LONGEST_CAPTION = 160
_DUPLICATE = re.compile(r"\bduplicates?\b|\balready listed\b|\brepeated (?:row|entry)\b|\bsee above\b")
_OF_REPEATS = ("duplicate", "already", "repeated", "see above")
# Columns that say something of the code in their row, so that the row has a subject of its own.
_SAYING = frozenset({
    Column.MODIFIER, Column.DIAGNOSIS, Column.SPECIALTY, Column.PROCEDURE, Column.DRUG, Column.BRAND, Column.UNIT, Column.ROUTE,
    Column.PLACE, Column.PAYER, Column.REQUIREMENT, Column.CONDITION, Column.SIMILAR, Column.DENIAL, Column.DOCUMENTATION,
    Column.NDC,
})  # fmt: skip
_OF_OBJECTS = frozenset({
    Column.CODE, Column.MODIFIER, Column.DIAGNOSIS, Column.SPECIALTY, Column.PROCEDURE, Column.ROUTE, Column.PLACE,
    Column.PAYER, Column.REQUIREMENT, Column.DENIAL, Column.DOCUMENTATION, Column.CONDITION,
})  # fmt: skip
# Of these a column of each payer says yes or no.
_JUDGED = (Column.DIAGNOSIS, Column.MODIFIER)
_REMARKS = (Column.USAGE, Column.VERDICT)
# Sections in which names are read as prose.
_OF_NAMES = frozenset({Topic.DOCUMENTATION, Topic.DENIALS, Topic.PAYERS, Topic.CLINICAL, Topic.REQUIREMENTS})
_NO_WORDS = Words()


class _Row(NamedTuple):
    """A row, and what is looked up in it once for all that ask."""

    start: int
    end: int
    cells: Sequence[Span]
    codes: Sequence[Sequence[CodeSpan]]
    """The codes of each cell."""
    filled: Sequence[Span]
    """The cells in which something stands."""
    block: Block


class _Table(NamedTuple):
    """The header of a table, the kind of each column, and the column of the rows' own subjects, if there is one."""

    headers: Sequence[str]
    columns: Sequence[Column]
    key: int | None
    verdicts: frozenset[int]
    """The columns that say yes or no."""
    payers: Mapping[int, Concept]
    """The columns that say so for one payer each."""
    modifiers: Mapping[int, Concept]
    """The columns that say so of one modifier each."""
    places: Mapping[Column, tuple[int, ...]]
    """Where the columns of each kind stand."""
    remarks: tuple[int, ...]
    """Where the columns of remarks stand."""
    saying: tuple[int, ...]
    """Where the columns stand that say something of the code in their row."""
    explained: frozenset[Column]
    """The kinds of column that the remarks of a row about a code of its own speak of."""
    worded: bool
    """Whether any column may give a row its name or a remark."""
    strays: bool
    """Whether a row may be the head of a page or a field of a record."""
    notes: tuple[int, ...]
    """Where the columns stand that are read as prose."""
    named_notes: tuple[int, ...]
    """The same in a section whose names are read as prose as well."""

    def header(self, column: int) -> str:
        return self.headers[column] if column < len(self.headers) else ""

    def cells(self, row: _Row, kind: Column) -> list[Span]:
        """The cells of a row that hold a kind of thing, without those that are empty."""
        numbers = self.places.get(kind)
        return _filled(row, numbers) if numbers else []


def _filled(row: _Row, numbers: Sequence[int]) -> list[Span]:
    """The cells of a row in some columns, without those that are empty."""
    cells = row.cells
    return [cells[number] for number in numbers if number < len(cells) and cells[number].end > cells[number].start]


def _row(text: Text, block: Block) -> _Row:
    cells = block.cells
    codes = [text.codes_in(cell.start, cell.end) for cell in cells]
    return _Row(block.start, block.end, cells, codes, [cell for cell in cells if cell.end > cell.start], block)


def read_table(text: Text, about: About, rows: Sequence[Block], scope: Scope) -> Iterator[Found]:
    """What the rows of a table state, each row in evidence or left over with its reason."""
    if any(len(row.cells) > _MOST_COLUMNS or row.end - row.start > _LONGEST_ROW for row in rows):
        yield from (Left(row.start, row.end, "not a table that people read") for row in rows)
        return
    header, body = _header(text, rows)
    if header is not None:
        yield Left(header.start, header.end, "header")
    if turned := _turned(text, rows):
        yield from _read_turned(text, rows, turned, scope)
        return
    if _is_sideways(text, header, rows):
        yield from _read_sideways(text, about, rows, scope)
        return
    read = [_row(text, row) for row in body]
    table = _table(text, header, read, scope)
    many = header is not None and _is_one_of_many(read, scope.subjects)
    if many or (header is not None and _has_own_subjects(text, about, table, rows, scope)):
        scope = scope._replace(subjects=())
        table = _table(text, header, read, scope)
    if Column.RECORD in table.columns:
        yield from (Left(row.start, row.end, "a record, and no statement") for row in body)
        return
    yield from _read_rows(text, about, table, read, scope)


def _read_rows(text: Text, about: About, table: _Table, rows: Sequence[_Row], scope: Scope) -> Iterator[Found]:
    carried: tuple[Concept, ...] = ()
    caption: tuple[Concept, ...] = ()
    captioned = scope
    headed = table.key is None and any(table.headers)
    for row in rows:
        if len(row.filled) == 1:
            captioned = _below_caption(text, table, row.filled[0], scope, captioned)
            caption = _caption_subjects(text, about, row)
        elif not row.filled:
            caption = ()
        own = _subjects_of_row(table, row)
        if headed and not scope.subjects:
            own = _drug_at_head(about, row)
        if own or not _continues(text, table, row):
            carried = own or caption
        yield from _read_row(text, about, table, row, carried, captioned)


def _below_caption(text: Text, table: _Table, cell: Span, scope: Scope, before: Scope) -> Scope:
    """The scope below a row across the table: where its one cell names a topic, the row is a heading of its own."""
    if len(table.columns) < _FEWEST_COLUMNS or cell.end - cell.start > _LONGEST_CAPTION:
        return before
    said = text.words(cell)
    topic, stance = topic_of(said), stance_of(said, Where.HEADING)
    if topic is Topic.NONE:
        return before
    if topic is Topic.SIMILAR:
        # "Other HCPCS codes related to the policy" go with it, and are not easily confused with its own.
        topic = Topic.CODES
    return scope._replace(topic=topic, stance=Stance(stance.polarity), section=said.rstrip(":"))


def _has_own_subjects(text: Text, about: About, table: _Table, rows: Sequence[Block], scope: Scope) -> bool:
    """Whether rows of procedures do not go with a code that the document only implies as its subject."""
    if not about.implied or scope.subjects != about.primary or scope.topic is not Topic.NONE:
        return False
    procedures = [table.header(n) for n in table.places.get(Column.PROCEDURE, ())]
    if not procedures or any(map(service_in, procedures)):
        return False
    naming = sum(any(s.start in about.drug_codes for s in text.codes_in(row.start, row.end)) for row in rows)
    return 2 * naming < len(rows) - 1


def _drug_at_head(about: About, row: _Row) -> tuple[Concept, ...]:
    """The code of the one drug that the first cell of a row names, in a table whose other rows have no codes."""
    head = row.codes[0] if len(row.cells) > 1 else ()
    found = [span for span in head if span.start in about.drug_codes]
    return found[0].concepts if len(found) == 1 else ()


def _read_head(text: Text, row: _Row, cite: Citation, scope: Scope) -> Iterator[Draft]:
    """What the first cell of a row has beside the code of its drug: the name of that, and the code of its service."""
    head = row.cells[0]
    for span in row.codes[0]:
        if span.concepts == scope.subjects and (drug := drug_of(text, span, head.start, head.end)):
            yield Draft(scope.subjects, Relation.IDENTIFIES_DRUG, as_named(drug), cite, "drug")
        elif len(span.codes) == 1 and span.system in BILLING and is_told(span.code):
            yield relate(text, scope, span.code, Words(), cite, Stance())


def _is_one_of_many(rows: Sequence[_Row], subjects: Sequence[Concept]) -> bool:
    """Whether few rows begin with a subject and its code, and most with things that have none: each is about its own."""
    if len(rows) < _FEWEST_OF_MANY or not any(map(is_of_drug, subjects)):
        return False
    heads = [row.codes[0] for row in rows if row.cells]
    own = any(set(span.concepts) & set(subjects) for spans in heads for span in spans)
    return own and 3 * sum(not spans for spans in heads) >= 2 * len(heads)


def _header(text: Text, rows: Sequence[Block]) -> tuple[Block | None, list[Block]]:
    """The header of a table, marked or told by its words, and the rows below it, without repeats of the header."""
    header = next((row for row in rows if row.kind is BlockKind.HEADER and not _is_pair(text, row)), None)
    if header is None and len(rows) > 1:
        first = next((row for row in rows if len(row.cells) > 1), rows[0])
        header = first if _promises(text, first) else None
    return header, [row for row in rows if row is not header]


def _is_pair(text: Text, row: Block) -> bool:
    """Whether a row is a label with the code it promises: "HCPCS | J3262" heads no columns."""
    if len(row.cells) != 2 or column_of(text.words(row.cells[0])) is not Column.CODE:
        return False
    value = row.cells[1]
    return [(span.start, span.end) for span in text.codes_in(value.start, value.end)] == [(value.start, value.end)]


def _promises(text: Text, row: Block) -> bool:
    """Whether a row that nothing marks is a header: no codes, and most of its cells name a kind of column."""
    if text.codes_in(row.start, row.end) or not row.cells:
        return False
    said = [text.words(cell) for cell in row.cells]
    known = sum(column_of(words) is not Column.OTHER for words in said if words)
    if 2 * known < len(said) or any(len(words) > 60 for words in said):
        return False
    return not (len(row.cells) == 2 and text.mentions_in(row.cells[1].start, row.cells[1].end))


def _table(text: Text, header: Block | None, body: Sequence[_Row], scope: Scope) -> _Table:
    width = max((len(row.cells) for row in body), default=0)
    headers = [text.words(cell) for cell in header.cells] if header else []
    cells = [[row.cells[n] for row in body if n < len(row.cells)] for n in range(width)]
    codes = [[row.codes[n] for row in body if n < len(row.cells)] for n in range(width)]
    about_modifiers = scope.topic is Topic.MODIFIERS or "odifier" in "".join(headers)
    columns = columns_of(text, headers, cells, codes, modifiers=about_modifiers)
    payers = {n: payer for n in range(width) if header and (payer := _payer_column(text, header, n, cells[n]))}
    modifiers = {n: one for n in range(width) if header and (one := _modifier_column(text, headers, n, cells[n]))}
    verdicts = {
        n
        for n in range(width)
        if n not in payers and n not in modifiers and _may_judge(columns[n]) and is_verdict_column(text, cells[n])
    }
    places = {kind: tuple(n for n in range(width) if columns[n] is kind) for kind in columns}
    remarks = tuple(n for n in range(width) if columns[n] in _REMARKS)
    key = _key(columns, codes, scope, asked=bool(payers or modifiers))
    said = _SAYING if headers else _SAYING | {Column.OTHER}  # Without headers a cell may say itself what it holds.
    saying = tuple(n for n in range(width) if n != key and columns[n] in said)
    worded = any(kind in (*_REMARKS, Column.NAME, Column.OTHER, Column.CONDITION) for kind in columns)
    unjudged = [n for n in range(width) if n not in verdicts and n not in payers and n not in modifiers]
    notes = tuple(n for n in unjudged if columns[n] in (*_REMARKS, Column.OTHER))
    named_notes = tuple(n for n in unjudged if columns[n] in (*_REMARKS, Column.OTHER, Column.NAME))
    return _Table(
        headers, columns, key, frozenset(verdicts), payers, modifiers, places, remarks, saying, _explained(columns),
        worded, _may_stray(text, body), notes, named_notes,
    )  # fmt: skip


def _may_stray(text: Text, rows: Sequence[_Row]) -> bool:
    """Whether the head of a page or a name in programs may stand in rows: what they have stands somewhere in them."""
    if not rows:
        return False
    start, end = rows[0].start, rows[-1].end
    return text.small.find("page ", start, end) >= 0 or text.plain.find("_", start, end) >= 0


def _explained(columns: Sequence[Column]) -> frozenset[Column]:
    """The kinds of column that remarks are about: diagnoses, or the only codes beside those that the rows are about."""
    others = [kind for kind in columns if holds_codes(kind) and kind is not Column.CODE]
    meant = [kind for kind in columns if holds_codes(kind)] if len(others) == 1 else []
    return frozenset((Column.DIAGNOSIS, *meant))


def _may_judge(column: Column) -> bool:
    return column in (Column.VERDICT, Column.USAGE, Column.OTHER, Column.NAME, Column.CONDITION, Column.DENIAL)


def _payer_column(text: Text, header: Block, number: int, cells: Sequence[Span]) -> Concept | None:
    """The payer that a column of yes and no, or of what is asked for, speaks for."""
    if number >= len(header.cells):
        return None
    payers = text.mentions_in(header.cells[number].start, header.cells[number].end, Kind.PAYER)
    if payers and (is_verdict_column(text, cells) or _asks(text, cells)):
        return payers[0].concept
    return None


def _modifier_column(text: Text, headers: Sequence[str], number: int, cells: Sequence[Span]) -> Concept | None:
    """The modifier that a column of yes and no speaks of: "JW | JZ | RT"."""
    name = headers[number].removeprefix("Modifier ").strip(" -") if number < len(headers) else ""
    if name not in known_modifiers() or not is_verdict_column(text, cells):
        return None
    return Concept(Kind.MODIFIER, name)


def _asks(text: Text, cells: Sequence[Span]) -> bool:
    """Whether cells say what is asked for: "PA required", "step therapy", "not covered"."""
    said = [words for cell in cells if (words := text.words(cell))]
    told = sum(bool(requirements_in(words, about=True, item=True)) for words in said)
    return told > 0 and 2 * told >= len(said) and all(len(words) <= _SHORT for words in said)


def _key(
    columns: Sequence[Column], codes: Sequence[Sequence[Sequence[CodeSpan]]], scope: Scope, *, asked: bool
) -> int | None:
    """The column of subjects: codes of drugs beside columns that say something of them."""
    for number, column in enumerate(columns):
        others = [kind for n, kind in enumerate(columns) if n != number]
        telling = asked or any(kind in _SAYING for kind in others)
        if column is Column.CODE and telling and _holds_drugs(codes[number]):
            return number
    if not scope.subjects and any(kind in _SAYING and kind is not Column.PROCEDURE for kind in columns):
        return next((number for number, kind in enumerate(columns) if kind is Column.PROCEDURE), None)
    return None


def _holds_drugs(codes: Sequence[Sequence[CodeSpan]]) -> bool:
    """Whether a column of codes holds billing codes alone, and not those of diagnoses among them."""
    systems = [span.system for cell in codes for span in cell]
    return sum(system in BILLING for system in systems) * 10 >= len(systems) * 9


def _subjects_of_row(table: _Table, row: _Row) -> tuple[Concept, ...]:
    """The codes that stand in the key column of a row."""
    if table.key is None or table.key >= len(row.cells):
        return ()
    spans = row.codes[table.key]
    if len(spans) == 1:
        return spans[0].concepts if spans[0].system in BILLING else ()
    return tuple(dict.fromkeys(concept for span in spans if span.system in BILLING for concept in span.concepts))


def _continues(text: Text, table: _Table, row: _Row) -> bool:
    """Whether a row goes on with the code of the row above: its own cell for it is empty."""
    if table.key is None or table.key >= len(row.cells) or len(row.cells) < 2:
        return False
    cell = row.cells[table.key]
    return cell.end == cell.start and bool(text.codes_in(row.start, row.end))


def _caption_subjects(text: Text, about: About, row: _Row) -> tuple[Concept, ...]:
    """The codes that a row across the table names for the rows below it."""
    found = [span for span in text.codes_in(row.start, row.end) if span.start in about.drug_codes]
    return tuple(dict.fromkeys(span.concept for span in found))


def _read_row(
    text: Text,
    about: About,
    table: _Table,
    row: _Row,
    subjects: tuple[Concept, ...],
    scope: Scope,
) -> Iterable[Found]:
    if reason := _says_nothing(text, table, row, scope):
        return (Left(row.start, row.end, reason),)
    words = _words(text, table, row) if table.worded else _NO_WORDS
    if table.worded and len(row.cells) > 1 and _repeats(words):
        return (Left(row.start, row.end, "duplicate"),)
    cite = Citation(row.start, row.end, row.block, scope.section, "table")
    if table.key is not None:
        return _read_keyed(text, about, table, row, words, cite, subjects, scope)
    if _is_of_another(text, about, table, row, subjects or scope.subjects):
        return (Left(row.start, row.end, "another drug"),)
    if scope.topic is not Topic.SIMILAR and _lists_another_service(text, row, subjects or scope.subjects):
        return (Left(row.start, row.end, "another service"),)
    scope = _for_payers(text, table, row, scope)
    if subjects and not scope.subjects:
        scope = scope._replace(subjects=subjects)
        return chain(_read_head(text, row, cite, scope), _read_objects(text, about, table, row, words, cite, scope))
    return _read_objects(text, about, table, row, words, cite, scope)


def _says_nothing(text: Text, table: _Table, row: _Row, scope: Scope) -> str:
    """Why a row states nothing, whatever stands in its columns; nothing where it may."""
    if not row.filled or (len(row.filled) == 1 and len(table.columns) > 1):
        return "caption"
    if scope.topic is Topic.ASIDE:
        return "reference"
    first = row.filled[0]
    if table.key is None and _DAY.fullmatch(text.plain, first.start, first.end):
        return "the history of the document"
    if table.strays and _RUNNING.search(text.small, row.start, row.end):
        return "a running head or foot"
    if table.strays and _FIELD.fullmatch(text.plain, first.start, first.end):
        return "a field of a record"
    return "header" if _is_header(text, table, row) else ""


def _is_of_another(text: Text, about: About, table: _Table, row: _Row, subjects: Sequence[Concept]) -> bool:
    """Whether a row without a code names another drug than those it would be about."""
    cells = table.cells(row, Column.DRUG) or table.cells(row, Column.BRAND)
    if not cells or not subjects:
        return False
    named = [m.concept for cell in cells for m in text.mentions_in(cell.start, cell.end, Kind.DRUG)]
    own = {code for drug in named for code in about.codes_called(drug)}
    return not own & set(subjects)


def _lists_another_service(text: Text, row: _Row, subjects: Sequence[Concept]) -> bool:
    """Whether a row begins with the code of a service, in a section about services of which it is none."""
    first = next(iter(text.codes_in(row.start, row.end)), None)
    if first is None or not first.codes or first.system not in BILLING or any(map(is_of_drug, subjects)):
        return False
    return len(subjects) > 1 and first.start - row.start <= _NEAR and not set(first.concepts) & set(subjects)


def _is_header(text: Text, table: _Table, row: _Row) -> bool:
    """Whether a row is the header once more."""
    if not table.headers or len(row.cells) != len(table.headers):
        return False
    start = row.cells[0].start
    begins = text.plain[start : start + 1]
    if table.headers[0] and begins != table.headers[0][0] and not begins.isspace():
        return False  # As it is for most rows.
    return all(text.words(cell) == header for cell, header in zip(row.cells, table.headers, strict=True))


def _repeats(words: Words) -> bool:
    """Whether a row says that it repeats another."""
    said = fold(f"{words.name} {words.usage}")
    return any(word in said for word in _OF_REPEATS) and _DUPLICATE.search(said) is not None


def _for_payers(text: Text, table: _Table, row: _Row, scope: Scope) -> Scope:
    """What a row says it says for the payers that it names in a column of its own."""
    if Column.PAYER not in table.places:
        return scope
    named = [payer for cell in table.cells(row, Column.PAYER) for payer in payers_in_column(text, cell)]
    qualifiers = tuple((Qualifier.FOR_PAYER, payer) for payer in dict.fromkeys(named))
    return scope._replace(qualifiers=qualifiers) if qualifiers else scope


def _words(text: Text, table: _Table, row: _Row) -> Words:
    """The name and the remark that the other columns of a row give."""
    names = table.cells(row, Column.NAME)
    usages, others = _filled(row, table.remarks), table.cells(row, Column.OTHER)
    if not names and Column.DIAGNOSIS in table.places:
        names = table.cells(row, Column.CONDITION)
    if not names and others:
        names = [others.pop(0)]
    usages = usages or others
    usage = " ; ".join(said for cell in usages if (said := text.words(cell)))
    span = (usages[0].start, usages[-1].end) if usages else (0, 0)
    return Words(text.words(names[0]) if names else "", usage, span)


def _stance(text: Text, about: About, table: _Table, row: _Row, words: Words) -> Stance:
    """What the remarks, the columns of yes and no, and a footnote say of a row."""
    if not (words.usage or table.verdicts or about.footnotes):
        return PLAIN
    for number in table.verdicts:
        if number < len(row.cells) and (stance := stance_of(text.words(row.cells[number]), Where.CELL)).polarity:
            return stance
    for span in text.codes_in(row.start, row.end) if about.footnotes else ():
        if noted := note_of(text, about, span.end, row.end):
            return noted
    if marked := about.footnotes.get(text.document.text[slice(*words.usage_span)].strip()):
        return marked
    return stance_of(words.usage, Where.CELL)


# Remarks recur from row to row.
@lru_cache(maxsize=4096)
def _is_of_past(usage: str) -> bool:
    """Whether the remark of a row says that its code has ended."""
    return any(hit.cue.effect is Effect.ENDED for hit in lexicon().find(fold(usage)))


def _read_keyed(
    text: Text,
    about: About,
    table: _Table,
    row: _Row,
    words: Words,
    cite: Citation,
    subjects: tuple[Concept, ...],
    scope: Scope,
) -> Iterator[Found]:
    """A row whose subject stands in it, or in the row above that it goes on with."""
    if not subjects:
        yield Left(row.start, row.end, "no subject")
        return
    if len(subjects) == 1 and words.name and not is_of_drug(subjects[0]):
        subjects = (Concept(subjects[0].kind, subjects[0].key, words.name),)
    if table.verdicts and len(payers := _for_payers(text, table, row, scope).qualifiers) == 1:
        scope = scope._replace(qualifiers=payers)  # "Molina | J3245 | L40.50 | Not covered"
    own = scope.of_own(subjects)
    if scope.topic is Topic.SIMILAR:
        yield from _similar(about, subjects, cite)
    yield from _name_subjects(text, table, row, own, cite)
    if Column.REQUIREMENT not in table.places and not table.payers:
        yield from told_above(tuple(filter(is_of_drug, subjects)), scope, cite)
    if words.usage and _is_of_past(words.usage):
        yield Left(row.start, row.end, "the code has ended")
        return
    yield from _read_saying(text, about, table, row, words, cite, own)
    if table.payers:
        yield from _read_payers(text, table, row, own, cite, words)
    if table.modifiers:
        yield from _read_modifiers(text, table, row, own, cite)
    if table.notes:
        yield from _read_notes(text, about, table, row, own, cite)
    yield Left(row.start, row.end, "no relation fits")


def _read_saying(
    text: Text, about: About, table: _Table, row: _Row, words: Words, cite: Citation, scope: Scope
) -> Iterator[Found]:
    """The cells that say something of the code in their row."""
    stance = _stance(text, about, table, row, words)
    for number in table.saying:
        if number >= len(row.cells):
            break
        column, span = table.columns[number], row.cells[number]
        if not table.headers and column is Column.OTHER:
            column, span = _own_label(text, column, span)
        if (
            column is Column.PROCEDURE
            and not any(map(is_of_drug, scope.subjects))
            and not service_in(table.header(number))
        ):
            continue  # A column of procedures beside another does not say how they go together.
        if column in _SAYING and span.end > span.start:
            cell = _cell_of_key(text, table, column, number, span, words, stance, scope, cite)
            yield from read_cell(column, cell)


def _similar(about: About, subjects: Sequence[Concept], cite: Citation) -> Iterator[Found]:
    if not about.primary or len(about.primary) > _FEW_PRIMARY:
        return  # What is confused with a dozen codes is confused with none.
    for subject in subjects:
        if subject not in about.primary:
            yield Draft(about.primary, Relation.SIMILAR_TO, subject, cite, "similar")


def _cell_of_key(
    text: Text,
    table: _Table,
    column: Column,
    number: int,
    span: Span,
    words: Words,
    stance: Stance,
    scope: Scope,
    cite: Citation,
) -> Cell:
    """A cell of a row about its own code: remarks are about its diagnoses, or its only other codes."""
    meant = column in table.explained
    own = Words("", words.usage, words.usage_span) if words.usage and meant else Words("", "", (span.start, span.end))
    if not table.headers:
        _, span = label_of_cell(text, span)
    return Cell(text, span, table.header(number), scope, own, stance if meant else PLAIN, cite)


def _name_subjects(text: Text, table: _Table, row: _Row, scope: Scope, cite: Citation) -> Iterable[Found]:
    """Which drug the codes of a row identify, where no column says so: beside the code, or by its descriptor."""
    if Column.DRUG in table.places or Column.BRAND in table.places:
        return _units_of_descriptors(text, table, row, scope, cite)
    if beside := _beside_key(text, table, row):
        return describe(text, scope.subjects, beside, cite)
    if not table.worded:
        return ()
    names = table.cells(row, Column.NAME) or table.cells(row, Column.OTHER)
    return describe(text, scope.subjects, names[0], cite) if names else ()


def _beside_key(text: Text, table: _Table, row: _Row) -> Span | None:
    """What stands behind the codes in the cell of the row's own subject."""
    if table.key is None or table.key >= len(row.cells):
        return None
    key, spans = row.cells[table.key], row.codes[table.key]
    if not spans or spans[-1].end == key.end or not text.plain[spans[-1].end : key.end].strip(" ,;:-()"):
        return None
    return Span(spans[-1].end, key.end)


def _units_of_descriptors(text: Text, table: _Table, row: _Row, scope: Scope, cite: Citation) -> Iterator[Found]:
    """The unit in a cell that holds the descriptor of the code, where another one names the drug and none the unit."""
    if Column.UNIT in table.places:
        return
    for cell in table.cells(row, Column.NAME):
        if is_descriptor(text, cell):
            found = describe(text, scope.subjects, cell, cite)
            yield from (one for one in found if one.relation is Relation.BILLING_UNIT)
        elif unit := unit_at_end(text, cell.start, cell.end):
            yield Draft(scope.subjects, Relation.BILLING_UNIT, unit, cite, "unit")


def _read_objects(
    text: Text, about: About, table: _Table, row: _Row, words: Words, cite: Citation, scope: Scope
) -> Iterator[Found]:
    """A row that says what goes with the subject of its section."""
    stance = _stance(text, about, table, row, words)
    said = False
    routes = _routes_of_procedures(text, table, row)
    for number, (column, span) in enumerate(zip(table.columns, row.cells, strict=False)):
        if span.end == span.start:
            continue
        if not table.headers and not holds_codes(column):
            column, span = _own_label(text, column, span)
        if column not in _OF_OBJECTS:
            continue
        cell = Cell(text, span, table.header(number), scope, words, stance, cite)
        found = read_codes(about, cell) if column is Column.CODE else read_cell(column, cell)
        if (table.payers and column in _JUDGED) or (routes and column is Column.ROUTE):
            continue
        for one in found:
            said = said or isinstance(one, Draft)
            if routes and isinstance(one, Draft) and column is Column.PROCEDURE:
                one = one._replace(qualifiers=(*one.qualifiers, *routes))
            yield one
    if table.payers:
        yield from _read_payers(text, table, row, scope, cite, words)
    if said:
        return
    if table.named_notes:
        yield from _read_notes(text, about, table, row, scope, cite)
    yield Left(row.start, row.end, "no relation fits" if scope.subjects else "no subject")


def _routes_of_procedures(text: Text, table: _Table, row: _Row) -> Qualifiers:
    """The routes in a row about a procedure: they are that procedure's, and not the drug's alone."""
    if Column.PROCEDURE not in table.places:
        return ()
    cells = table.cells(row, Column.ROUTE)
    named = [mention.concept for cell in cells for mention in text.mentions_in(cell.start, cell.end, Kind.ROUTE)]
    return tuple((Qualifier.FOR_ROUTE, route) for route in dict.fromkeys(named))


def _own_label(text: Text, column: Column, span: Span) -> tuple[Column, Span]:
    labelled, value = label_of_cell(text, span)
    return (column, span) if labelled is Column.OTHER else (labelled, value)


def _read_payers(text: Text, table: _Table, row: _Row, scope: Scope, cite: Citation, words: Words) -> Iterator[Found]:
    """Yes and no in a column for each payer."""
    judged = [number for kind in _JUDGED for number in table.places.get(kind, ()) if number < len(row.cells)]
    for number, payer in table.payers.items():
        if number >= len(row.cells):
            continue
        said = row.cells[number]
        stance = stance_of(text.words(said), Where.CELL)
        qualifiers: Qualifiers = ((Qualifier.FOR_PAYER, payer),)
        own = scope._replace(qualifiers=qualifiers)
        yield from read_cell(Column.REQUIREMENT, Cell(text, said, "", own, _NO_WORDS, PLAIN, cite))
        for column in judged:
            cell = Cell(
                text,
                row.cells[column],
                "",
                own,
                Words(words.name),
                stance,
                cite,
            )
            yield from read_cell(table.columns[column], cell)


def _read_modifiers(text: Text, table: _Table, row: _Row, scope: Scope, cite: Citation) -> Iterator[Found]:
    """Yes and no in a column for each modifier."""
    for number, modifier in table.modifiers.items():
        if number < len(row.cells):
            stance = stance_of(text.words(row.cells[number]), Where.CELL)
            polarity = stance.polarity or Polarity.AFFIRMED
            yield Draft(scope.subjects, Relation.ACCEPTS_MODIFIER, modifier, cite, "modifier", polarity)


def _read_notes(text: Text, about: About, table: _Table, row: _Row, scope: Scope, cite: Citation) -> Iterator[Found]:
    """The cells of remarks, read as prose about the subject of the row."""
    cells = _filled(row, table.named_notes if scope.topic in _OF_NAMES else table.notes)
    if cells and not scope.subjects:
        drugs = [s.concept for s in text.codes_in(row.start, row.end) if s.start in about.drug_codes]
        scope = scope._replace(subjects=tuple(dict.fromkeys(drugs)))
    for cell in cells:
        block = text.part(row.block, *cell, kind=BlockKind.ITEM)
        yield from read_prose(text, about, block, scope, cite.of_kind("note"))


def _turned(text: Text, rows: Sequence[Block]) -> int | None:
    """The row of codes of a table that has a column for each drug and a label before each row; None where it is none."""
    width = len(rows[0].cells)
    if width <= _FEWEST_COLUMNS or len(rows) < 3 or any(len(row.cells) != width for row in rows):
        return None
    labels = [column_of(text.words(row.cells[0])) for row in rows[1:]]
    known = [column for column in labels if column is not Column.OTHER]
    if len(known) * 3 < len(labels) * 2 or len(set(known)) < _FEWEST_COLUMNS or Column.CODE not in known:
        return None
    at = 1 + labels.index(Column.CODE)
    codes = [text.codes_in(cell.start, cell.end) for cell in rows[at].cells[1:]]
    return at if all(len(found) == 1 and found[0].system in BILLING for found in codes) else None


def _read_turned(text: Text, rows: Sequence[Block], at: int, scope: Scope) -> Iterator[Found]:
    """A table with a column for each drug: what each cell says, its label says, and its code is in the row of codes."""
    first = rows[0]
    for number, cell in enumerate(rows[at].cells[1:], 1):
        code = text.codes_in(cell.start, cell.end)[0]
        own = scope.of_own(code.concepts)
        yield from describe(
            text, code.concepts, first.cells[number], Citation(first.start, first.end, first, scope.section, "table")
        )
        for row in rows[1:]:
            cite = Citation(row.start, row.end, row, scope.section, "table")
            if row is not rows[at] and row.cells[number].end > row.cells[number].start:
                yield from read_labelled(text, text.words(row.cells[0]), row.cells[number], own, cite)
    yield from (Left(row.start, row.end, "no relation fits") for row in rows)


def _is_sideways(text: Text, header: Block | None, rows: Sequence[Block]) -> bool:
    """Whether a table of two columns has a label and a value in each row."""
    if len(rows) < 3 or any(len(row.cells) != 2 for row in rows):
        return False
    if header is not None:
        named = [column_of(text.words(cell)) for cell in header.cells]
        if any(map(holds_codes, named)) or Column.OTHER not in named or Column.DENIAL in named:
            return False
    labels = [column_of(text.words(row.cells[0])) for row in rows]
    known = [column for column in labels if column is not Column.OTHER]
    return len(known) * 3 >= len(rows) * 2 and len(set(known)) > 2


def _read_sideways(text: Text, about: About, rows: Sequence[Block], scope: Scope) -> Iterator[Found]:
    """A table on its side: each row a label and a value, one of them naming the subject."""
    for row in rows:
        if column_of(text.words(row.cells[0])) is Column.CODE:
            named = subjects_named(text, about, row.cells[1].start, row.cells[1].end)
            if subjects := tuple(code for code in named if is_of_drug(code)) or named:
                scope = scope.of_own(subjects)
                break
    for row in rows:
        cite = Citation(row.start, row.end, row, scope.section, "table")
        yield from read_labelled(text, text.words(row.cells[0]), row.cells[-1], scope, cite)
        yield Left(row.start, row.end, "no relation fits")
