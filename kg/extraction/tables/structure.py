"""How a table is laid out: its header, the kind of each column, and the column of the rows' own subjects."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Span
from kg.extraction.draft import Scope
from kg.extraction.lexicon import Column, Topic, column_of
from kg.extraction.relations.services import is_of_drug
from kg.extraction.tables.columns import columns_of, holds_codes, is_verdict_column
from kg.extraction.text.modifiers import known_modifiers
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.extraction.wording.objects import requirements_in
from kg.model import Concept, Kind

_SHORT = 40
_OF_DIAGNOSES = re.compile(r"\b(?:icd|dx\b|diagnos)", re.IGNORECASE)
_JUDGING = frozenset({
    Column.VERDICT, Column.USAGE, Column.OTHER, Column.NAME, Column.CONDITION, Column.DENIAL, Column.PAYER, Column.TYPE,
})  # fmt: skip
_REMARKS = (Column.USAGE, Column.VERDICT)
# Kinds of column in which a word that is neither yes nor no is unsure, and no remark.
_OF_VERDICTS = frozenset({Column.VERDICT, Column.PAYER})
FEWEST_COLUMNS = 2
# Columns that say something of the code in their row, so that the row has a subject of its own.
SAYING = frozenset({
    Column.MODIFIER, Column.DIAGNOSIS, Column.SPECIALTY, Column.PROCEDURE, Column.DRUG, Column.BRAND, Column.UNIT, Column.ROUTE,
    Column.PLACE, Column.PAYER, Column.REQUIREMENT, Column.CONDITION, Column.SIMILAR, Column.DENIAL, Column.DOCUMENTATION,
    Column.NDC,
})  # fmt: skip


class Row(NamedTuple):
    """A row, and what is looked up in it once for all that ask."""

    start: int
    end: int
    cells: Sequence[Span]
    codes: Sequence[Sequence[CodeSpan]]
    """The codes of each cell."""
    filled: Sequence[Span]
    """The cells in which something stands."""
    block: Block


class Table(NamedTuple):
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
    explains_all: bool
    """Whether its remarks can be about nothing else: no other column holds codes that go with that of the row."""
    worded: bool
    """Whether any column may give a row its name or a remark."""
    strays: bool
    """Whether a row may be the head of a page or a field of a record."""
    notes: tuple[int, ...]
    """Where the columns stand that are read as prose."""
    named_notes: tuple[int, ...]
    """The same in a section whose names are read as prose as well."""
    described: Mapping[int, int]
    """The columns with the names of diagnoses whose codes stand in another one, beside what the rows are about."""

    def header(self, column: int) -> str:
        """The header of a column; empty where it has none."""
        return self.headers[column] if column < len(self.headers) else ""

    def cells(self, row: Row, kind: Column) -> list[Span]:
        """The cells of a row that hold a kind of thing, without those that are empty."""
        numbers = self.places.get(kind)
        return filled(row, numbers) if numbers else []


def filled(row: Row, numbers: Sequence[int]) -> list[Span]:
    """The cells of a row in some columns, without those that are empty."""
    cells = row.cells
    return [cells[number] for number in numbers if number < len(cells) and cells[number].end > cells[number].start]


def row_of(text: Text, block: Block) -> Row:
    """A block of a table as a row, with the codes of its cells."""
    cells = block.cells
    codes = [text.codes_in(cell.start, cell.end) for cell in cells]
    return Row(block.start, block.end, cells, codes, [cell for cell in cells if cell.end > cell.start], block)


def header_of(text: Text, rows: Sequence[Block]) -> tuple[Block | None, list[Block]]:
    """The header of a table, marked as one or recognised by its words, and the rows below it, without repeats of the header."""
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
    texts = [text.words(cell) for cell in row.cells]
    known_count = sum(column_of(words) is not Column.OTHER for words in texts if words)
    known_count += sum(bool(text.mentions_in(*cell, Kind.PAYER)) for cell in row.cells[1:])  # "Diagnosis | Humana"
    if 2 * known_count < len(texts) or any(len(words) > 60 for words in texts):
        return False
    if len(row.cells) != FEWEST_COLUMNS:
        return True
    is_pair = column_of(texts[0]) is column_of(texts[1]) is not Column.OTHER  # "Indication | Indicated for …"
    return not is_pair and not text.mentions_in(row.cells[1].start, row.cells[1].end)


def second_heads(text: Text, header: Block | None, rows: Sequence[Block]) -> list[Block]:
    """The rows right below a header that go on with it: marked as heads, and without a code."""
    if header is None or header.kind is not BlockKind.HEADER:
        return []
    return list(takewhile(lambda row: row.kind is BlockKind.HEADER and not text.codes_in(row.start, row.end), rows))


def _heads(text: Text, header: Block | None, below: Sequence[Block]) -> list[str]:
    """The words above each column, those of a head in several rows together."""
    if header is None:
        return []
    heads = [text.words(cell) for cell in header.cells]
    for row in below:
        if len(row.cells) == len(heads):
            heads = [f"{head} {text.words(cell)}".strip() for head, cell in zip(heads, row.cells, strict=True)]
    return heads


def table_of(text: Text, header: Block | None, body: Sequence[Row], scope: Scope, below: Sequence[Block] = ()) -> Table:
    """What the header and the cells of a table say of its columns, in the scope in which it stands.

    `below` are further rows of the header.
    """
    width = max((len(row.cells) for row in body), default=0)
    headers = _heads(text, header, below)
    cells = [[row.cells[n] for row in body if n < len(row.cells)] for n in range(width)]
    codes = [[row.codes[n] for row in body if n < len(row.cells)] for n in range(width)]
    about_modifiers = scope.topic is Topic.MODIFIERS or "odifier" in "".join(headers)
    columns = columns_of(text, headers, cells, codes, modifiers=about_modifiers)
    payers = {n: payer for n in range(width) if header and (payer := _payer_column(text, header, n, cells[n]))}
    modifiers = {
        n: modifier for n in range(width) if header and (modifier := _modifier_column(text, headers, n, cells[n]))
    }
    verdicts = {
        n
        for n in range(width)
        if n not in payers
        and n not in modifiers
        and columns[n] in _JUDGING
        and is_verdict_column(text, cells[n], mostly=columns[n] in _OF_VERDICTS)
    }
    places = {kind: tuple(n for n in range(width) if columns[n] is kind) for kind in columns}
    remarks = tuple(n for n in range(width) if columns[n] in _REMARKS)
    key = _key(columns, codes, scope, has_verdicts=bool(payers or modifiers))
    if key is None and header and not SAYING.intersection(columns):
        drugs = next((n for n, kind in enumerate(columns) if kind is Column.CODE and _holds_only_drugs(codes[n])), None)
        if drugs is not None and any(_judges_codes(text, columns, verdicts, n, cells[n]) for n in range(width)):
            key = drugs
    # Without headers a cell may say itself what it holds.
    saying_kinds = SAYING if headers else SAYING | {Column.OTHER}
    saying = tuple(n for n in range(width) if n != key and columns[n] in saying_kinds)
    worded = any(kind in (*_REMARKS, Column.NAME, Column.OTHER, Column.CONDITION) for kind in columns)
    unjudged = [n for n in range(width) if n not in verdicts and n not in payers and n not in modifiers]
    notes = tuple(n for n in unjudged if columns[n] in (*_REMARKS, Column.OTHER))
    named_notes = tuple(n for n in unjudged if columns[n] in (*_REMARKS, Column.OTHER, Column.NAME))
    return Table(
        headers, columns, key, frozenset(verdicts), payers, modifiers, places, remarks, saying, *_explained(columns),
        worded, _may_stray(text, body), notes, named_notes, _described(headers, columns, codes, key),
    )  # fmt: skip


def names_diagnoses(header: str) -> bool:
    """Whether a header says that its column is about diagnoses.

    >>> names_diagnoses("ICD-10 description"), names_diagnoses("Description")
    (True, False)
    """
    return _OF_DIAGNOSES.search(header) is not None


def _described(
    headers: Sequence[str], columns: Sequence[Column], codes: Sequence[Sequence[Sequence[CodeSpan]]], key: int | None
) -> dict[int, int]:
    """Each column with the names of diagnoses, and that of their codes: it is headed so, or stands right behind it."""
    coded = [number for number, kind in enumerate(columns) if kind is Column.DIAGNOSIS and any(codes[number])]
    if key is None or len(coded) != 1 or key == coded[0]:
        return {}
    (diagnoses,) = coded
    described = {}
    for number, kind in enumerate(columns):
        is_headed = number < len(headers) and names_diagnoses(headers[number])
        is_name = kind is Column.NAME and (is_headed or number == diagnoses + 1)
        if number not in (key, diagnoses) and (is_name or (kind is Column.DIAGNOSIS and is_headed)):
            described[number] = diagnoses
    return described


def _may_stray(text: Text, rows: Sequence[Row]) -> bool:
    """Whether the head of a page or a name in programs may stand in rows: what they have stands somewhere in them."""
    if not rows:
        return False
    start, end = rows[0].start, rows[-1].end
    return text.small.find("page ", start, end) >= 0 or text.plain.find("_", start, end) >= 0


def _explained(columns: Sequence[Column]) -> tuple[frozenset[Column], bool]:
    """The kinds of column that remarks are about: diagnoses, or the only codes beside those that the rows are about.

    With them, whether these are the only codes there are.
    """
    others = [kind for kind in columns if holds_codes(kind) and kind is not Column.CODE]
    code_kinds = [kind for kind in columns if holds_codes(kind)] if len(others) == 1 else []
    return frozenset((Column.DIAGNOSIS, *code_kinds)), len(others) <= 1


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
    texts = [words for cell in cells if (words := text.words(cell))]
    asking_count = sum(bool(requirements_in(words, about=True, item=True)) for words in texts)
    return asking_count > 0 and 2 * asking_count >= len(texts) and all(len(words) <= _SHORT for words in texts)


def _judges_codes(
    text: Text, columns: Sequence[Column], verdicts: Container[int], number: int, cells: Sequence[Span]
) -> bool:
    """Whether a column of remarks says what is asked for, or yes or no: of the codes in its rows, as there are no others."""
    if columns[number] not in (*_REMARKS, Column.OTHER):
        return False
    return number in verdicts or any(requirements_in(text.words(cell), about=True, item=True) for cell in cells)


def _holds_only_drugs(codes: Sequence[Sequence[CodeSpan]]) -> bool:
    spans = [span for cell in codes for span in cell]
    return len({span.concepts for span in spans}) > 1 and all(map(is_of_drug, (c for s in spans for c in s.concepts)))


def _key(
    columns: Sequence[Column], codes: Sequence[Sequence[Sequence[CodeSpan]]], scope: Scope, *, has_verdicts: bool
) -> int | None:
    """The column of subjects: codes of drugs beside columns that say something of them."""
    for number, column in enumerate(columns):
        others = [kind for n, kind in enumerate(columns) if n != number]
        telling = has_verdicts or any(kind in SAYING for kind in others)
        if column is Column.CODE and telling and _holds_drugs(codes[number]):
            return number
    for number, column in enumerate(columns):  # "Product and HCPCS": a name with its code in each cell.
        telling = any(kind in SAYING for n, kind in enumerate(columns) if n != number)
        if (
            column in (Column.DRUG, Column.BRAND)
            and telling
            and Column.CODE not in columns
            and _each_has_one(codes[number])
        ):
            return number
    if not scope.subjects and any(kind in SAYING and kind is not Column.PROCEDURE for kind in columns):
        return next((number for number, kind in enumerate(columns) if kind is Column.PROCEDURE), None)
    return None


def _each_has_one(codes: Sequence[Sequence[CodeSpan]]) -> bool:
    """Whether every cell of a column holds the code of one drug, and no other."""
    return bool(codes) and all(
        len(spans) == 1 and len(spans[0].codes) == 1 and is_of_drug(spans[0].concept) for spans in codes
    )


def _holds_drugs(codes: Sequence[Sequence[CodeSpan]]) -> bool:
    """Whether a column of codes holds billing codes alone, and not those of diagnoses among them."""
    systems = [span.system for cell in codes for span in cell]
    return sum(system in BILLING for system in systems) * 10 >= len(systems) * 9
