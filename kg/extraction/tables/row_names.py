"""What a row says that its code is: the drug, and the unit that it is billed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Citation, Draft, Outcome, Scope
from kg.extraction.lexicon import Column
from kg.extraction.outline.about import About
from kg.extraction.relations.drugs import as_named, drug_in, drug_of
from kg.extraction.relations.services import is_of_drug
from kg.extraction.relations.units import unit_at_end, unit_in
from kg.extraction.tables.codes import describe, is_descriptor
from kg.extraction.tables.structure import Row, Table, names_diagnoses
from kg.extraction.text.text import Text
from kg.model import Kind, Relation

_QUANTITY = re.compile(r"[\s:,-]*\(\s*(?:per |each |1 unit = )?[\d.,]+\s*[A-Za-z]+\s*\)\s*")


def name_subjects(text: Text, table: Table, row: Row, scope: Scope, cite: Citation) -> Iterable[Outcome]:
    """Which drug the codes of a row identify, where no column says so: beside the code, or by its descriptor."""
    if table.key is not None and table.columns[table.key] in (Column.DRUG, Column.BRAND):
        return _name_in_key(text, table.key, row, scope, cite)
    if Column.DRUG in table.places or Column.BRAND in table.places:
        return _units_of_descriptors(text, table, row, scope, cite)
    if name_span := _beside_key(text, table, row):
        described = describe(text, scope.subjects, name_span, cite)
        return chain(_unit_beside_key(text, table, row, scope, cite), described)
    if not table.worded:
        return ()
    names = _names_of_key(text, table, row)
    if len(names) > 1:  # Of several names, the one with a drug in it describes the code.
        names.sort(key=lambda name: not text.mentions_in(name.start, name.end, Kind.DRUG))
    names = names or table.cells(row, Column.OTHER)
    return describe(text, scope.subjects, names[0], cite) if names else ()


def name_of_diagnosis(text: Text, table: Table, row: Row) -> Span | None:
    """The cell that names the one diagnosis of a row about another code; the name of a drug is that code's own."""
    for number, diagnoses in table.described.items():
        if number >= len(row.cells) or [len(span.codes) for span in row.codes[diagnoses]] != [1]:
            continue
        cell = row.cells[number]
        if cell.end > cell.start and (names_diagnoses(table.header(number)) or not _names_drug(text, cell)):
            return cell
    return None


def _names_of_key(text: Text, table: Table, row: Row) -> list[Span]:
    """The names in a row that are not those of its diagnosis."""
    others = {number for number in table.described if number < len(row.cells)}
    spared = {row.cells[number] for number in others if names_diagnoses(table.header(number))}
    if named := name_of_diagnosis(text, table, row):
        spared.add(named)
    return [cell for cell in table.cells(row, Column.NAME) if cell not in spared]


def _names_drug(text: Text, cell: Span) -> bool:
    """Whether a cell begins with the name of a drug, or is the descriptor of its code."""
    begins = any(mention.start == cell.start for mention in text.mentions_in(cell.start, cell.end, Kind.DRUG))
    return begins or is_descriptor(text, cell)


def _name_in_key(text: Text, key: int, row: Row, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """The drug whose name and code stand in one cell: "Gamifant J9210"."""
    cell = row.cells[key]
    for span in row.codes[key]:
        if drug := drug_of(text, span, cell.start, cell.end) or drug_in(text, cell.start, span.start):
            yield Draft(scope.subjects, Relation.IDENTIFIES_DRUG, as_named(drug), cite, "drug")


def _beside_key(text: Text, table: Table, row: Row) -> Span | None:
    """What stands behind the codes in the cell of the row's own subject."""
    if table.key is None or table.key >= len(row.cells):
        return None
    key, spans = row.cells[table.key], row.codes[table.key]
    if not spans or spans[-1].end == key.end or not text.plain[spans[-1].end : key.end].strip(" ,;:-()"):
        return None
    return Span(spans[-1].end, key.end)


def _unit_beside_key(text: Text, table: Table, row: Row, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """The unit in brackets behind the code of a drug: "J2182 (1 mg)"."""
    beside = _beside_key(text, table, row) if all(map(is_of_drug, scope.subjects)) else None
    if beside and _QUANTITY.fullmatch(text.plain, *beside) and (unit := unit_in(text, *beside, bare=True)):
        yield Draft(scope.subjects, Relation.BILLING_UNIT, unit, cite, "unit")


def _units_of_descriptors(text: Text, table: Table, row: Row, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """The unit in a cell that holds the descriptor of the code, where another one names the drug and none the unit."""
    yield from _unit_beside_key(text, table, row, scope, cite)
    if Column.UNIT in table.places:
        return
    for cell in _names_of_key(text, table, row):
        if is_descriptor(text, cell):
            drafts = describe(text, scope.subjects, cell, cite)
            yield from (draft for draft in drafts if draft.relation is Relation.BILLING_UNIT)
        elif unit := unit_at_end(text, cell.start, cell.end):
            yield Draft(scope.subjects, Relation.BILLING_UNIT, unit, cite, "unit")


def describe_before(text: Text, about: About, row: Row, cite: Citation) -> Iterator[Draft]:
    """What the descriptor says that stands in a cell before the one drug code of its row."""
    spans = [span for spans in row.codes for span in spans if span.start in about.drug_codes]
    if len(spans) != 1:
        return
    for cell in row.filled:
        if cell.end <= spans[0].start and is_descriptor(text, cell):
            yield from describe(text, spans[0].concepts, cell, cite)
