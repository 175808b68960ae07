"""Tables: one row per code with a relation in each column, or one row per thing that goes with the subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from kg import lazy_re as re
from kg.documents import Block, Span
from kg.extraction.draft import Citation, Outcome, Scope, Unread
from kg.extraction.lexicon import Column, Stance, Topic, Where, stance_of, topic_of
from kg.extraction.outline.about import About
from kg.extraction.outline.walk import LISTED
from kg.extraction.prose.prose import is_question, read_prose
from kg.extraction.relations.descriptions import describe_service
from kg.extraction.relations.relating import Words, relate
from kg.extraction.relations.services import is_administration, is_drug, is_of_drug, service_in
from kg.extraction.tables.codes import describe
from kg.extraction.tables.edits import edit_columns, read_edits
from kg.extraction.tables.matrices import codes_of_head, read_matrix
from kg.extraction.tables.row_statements import for_payers, read_head, read_keyed, read_objects, words_of_row
from kg.extraction.tables.sideways import is_sideways, read_sideways, read_turned, row_of_codes
from kg.extraction.tables.steps import read_steps, step_columns
from kg.extraction.tables.structure import FEWEST_COLUMNS, Row, Table, header_of, row_of, second_heads, table_of
from kg.extraction.text.folding import fold
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import Concept, Kind

_MOST_COLUMNS = 60
_FEWEST_OF_MANY = 4
_NEAR = 3
_LONGEST_ROW = 20_000
_LONGEST_ANSWER = 800
_DAY = re.compile(r"\s*(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d)\s*")
# "is_oral", "medicare_part_b": names in programs.
_FIELD = re.compile(r"\s*[A-Za-z]+(?:_[A-Za-z0-9]+)+\s*")
_RUNNING = re.compile(r"\bpage \d+ of \d+\W*$|^\W*page \d+ of \d+\b")
_ASKS_FOR_CODES = re.compile(
    r"\b(?:what|which)\b[^?]*\b(?:goes? with|bill(?:ed)?|report(?:ed)?|support\w*|used?|pair\w*|cod(?:e|es)|procedures?|diagnos\w+)\b"
)
_WORDS = re.compile(r"[A-Za-z]{3,}")
_LONGEST_CAPTION = 160
_DUPLICATE = re.compile(r"\bduplicates?\b|\balready listed\b|\brepeated (?:row|entry)\b|\bsee above\b")
# What says in a table of criteria whether each of them has to be met, and that it need not.
_REQUIRED, _NOT_REQUIRED = (
    frozenset({"required", "is required", "mandatory"}),
    frozenset({"false", "no", "n", "optional"}),
)
_OF_REPEATS = ("duplicate", "already", "repeated", "see above")


def read_table(text: Text, about: About, rows: Sequence[Block], scope: Scope) -> Iterator[Outcome]:
    """What the rows of a table state, each row in evidence or left over with its reason."""
    if any(len(row.cells) > _MOST_COLUMNS or row.end - row.start > _LONGEST_ROW for row in rows):
        yield from (Unread(row.start, row.end, "not a table that people read") for row in rows)
        return
    header, body = header_of(text, rows)
    if header is not None:
        yield from _describe_header(text, about, header, scope)
        yield Unread(header.start, header.end, "header")
    if turned := row_of_codes(text, rows):
        yield from read_turned(text, rows, turned, scope)
        return
    if is_sideways(text, header, rows, of_subject=bool(scope.subjects)):
        yield from read_sideways(text, about, rows, scope)
        return
    below = second_heads(text, header, body)
    yield from (Unread(row.start, row.end, "header") for row in below)
    body_rows = [row_of(text, row) for row in body[len(below) :]]
    if codes := codes_of_head(text, header, body_rows):
        yield from read_matrix(text, about, codes, body_rows, scope)
        return
    table = table_of(text, header, body_rows, scope, below)
    if edits := edit_columns(table.headers):
        yield from read_edits(text, table, edits, body_rows, scope)
        return
    if steps := step_columns(text, about, table.headers, body_rows):
        yield from read_steps(text, about, table, steps, body_rows, scope)
        return
    is_one_of_many = header is not None and _is_one_of_many(body_rows, scope.subjects)
    if is_one_of_many or (header is not None and _has_own_subjects(text, about, table, rows, scope)):
        scope = scope._replace(subjects=())
        table = table_of(text, header, body_rows, scope, below)
    if Column.RECORD in table.columns:
        yield from (Unread(row.start, row.end, "a record, and no statement") for row in body)
        return
    yield from _read_rows(text, about, table, body_rows, scope)


def _describe_header(text: Text, about: About, header: Block, scope: Scope) -> Iterator[Outcome]:
    """A header that is the code of a drug and its name, of which the rows below it speak: "J0606 | Parsabiv"."""
    spans = text.codes_in(header.start, header.end)
    if len(spans) != 1 or spans[0].start not in about.drug_codes or len(header.cells) != FEWEST_COLUMNS:
        return
    cite = Citation(header.start, header.end, header, scope.section, "table")
    for cell in header.cells:
        if not cell.start <= spans[0].start < cell.end:
            yield from describe(text, spans[0].concepts, cell, cite)


def _is_one_of_many(rows: Sequence[Row], subjects: Sequence[Concept]) -> bool:
    """Whether few rows begin with a subject and its code, and most with things that have none: each is about its own."""
    few = len(rows) < _FEWEST_OF_MANY and not all(len(row.cells) >= _FEWEST_OF_MANY for row in rows)
    if few or not any(map(is_of_drug, subjects)):
        return False
    heads = [row.codes[0] for row in rows if row.cells]
    names_subject = any(set(span.concepts) & set(subjects) for spans in heads for span in spans)
    others = sum(not any(set(span.concepts) & set(subjects) for span in spans) for spans in heads)
    return names_subject and 3 * others >= 2 * len(heads)


def _has_own_subjects(text: Text, about: About, table: Table, rows: Sequence[Block], scope: Scope) -> bool:
    """Whether rows of procedures do not go with a code that the document only implies as its subject."""
    if not about.implied or scope.subjects != about.primary or scope.topic is not Topic.NONE:
        return False
    procedures = [table.header(n) for n in table.places.get(Column.PROCEDURE, ())]
    if not procedures or any(map(service_in, procedures)) or _are_ways_of_giving(text, table, rows):
        return False
    naming = sum(bool(about.drug_spans_in(text, row.start, row.end)) for row in rows)
    return 2 * naming < len(rows) - 1


def _are_ways_of_giving(text: Text, table: Table, rows: Sequence[Block]) -> bool:
    """Whether rows have a route each, and the code by which what is given so is administered."""
    services = [concept for row in rows for span in text.codes_in(row.start, row.end) for concept in span.concepts]
    return Column.ROUTE in table.places and bool(services) and all(map(is_administration, services))


def _read_rows(text: Text, about: About, table: Table, rows: Sequence[Row], scope: Scope) -> Iterator[Outcome]:
    row_subjects: tuple[Concept, ...] = ()
    caption_subjects: tuple[Concept, ...] = ()
    caption_scope = scope
    is_headed = table.key is None and any(table.headers)
    for row in rows:
        if len(row.filled) == 1:
            caption_scope = _below_caption(text, table, row.filled[0], scope, caption_scope)
            goes_on = topic_of(text.words(row.filled[0])) in LISTED  # "ICD-10 codes" below "J2998" are those of it.
            caption_subjects = _caption_subjects(text, about, row) or (caption_subjects if goes_on else ())
        elif not row.filled:
            caption_subjects = ()
        codes = _subjects_of_row(table, row)
        if is_headed and not scope.subjects:
            codes = _drug_at_head(about, row)
        if codes or not _continues(text, table, row):
            row_subjects = codes or caption_subjects
        own_scope = caption_scope._replace(subjects=caption_subjects) if caption_subjects else caption_scope
        yield from _read_row(text, about, table, row, row_subjects, own_scope)


def _below_caption(text: Text, table: Table, cell: Span, scope: Scope, before: Scope) -> Scope:
    """The scope below a row across the table: where its one cell names a topic, the row is a heading of its own."""
    if len(table.columns) < FEWEST_COLUMNS or cell.end - cell.start > _LONGEST_CAPTION:
        return before
    words = text.words(cell)
    topic, stance = topic_of(words), stance_of(words, Where.HEADING)
    if topic is Topic.NONE:
        return before
    if topic is Topic.OTHERS:
        return scope.of_own(())._replace(topic=topic, section=words.rstrip(":"))
    if topic is Topic.SIMILAR:
        topic = Topic.CODES  # "Other HCPCS codes" go with the policy, and are not easily confused with its own.
    return scope._replace(topic=topic, stance=Stance(stance.polarity), section=words.rstrip(":"))


def _caption_subjects(text: Text, about: About, row: Row) -> tuple[Concept, ...]:
    """The codes that a row across the table names for the rows below it."""
    return about.drug_codes_in(text, Span(row.start, row.end))


def _drug_at_head(about: About, row: Row) -> tuple[Concept, ...]:
    """The code of the one drug that the first cell of a row names, in a table whose other rows have no codes."""
    head = row.codes[0] if len(row.cells) > 1 else ()
    spans = [span for span in head if span.start in about.drug_codes]
    return spans[0].concepts if len(spans) == 1 else ()


def _subjects_of_row(table: Table, row: Row) -> tuple[Concept, ...]:
    """The codes that stand in the key column of a row."""
    if table.key is None or table.key >= len(row.cells):
        return ()
    spans = [span for span in row.codes[table.key] if span.system in BILLING and not _is_range_of_services(span)]
    return tuple(dict.fromkeys(concept for span in spans for concept in span.concepts))


def _is_range_of_services(span: CodeSpan) -> bool:
    """Whether a span has no more than the ends of a range, between which nobody knows the codes: "80320-80377"."""
    return len(span.codes) > 1 and not is_of_drug(span.concept) and not _are_neighbours(span)


def _are_neighbours(span: CodeSpan) -> bool:
    """Whether nothing lies between the two ends of a range: "99291-99292"."""
    first, last = span.codes[0].value, span.codes[-1].value
    return first.isdigit() and last.isdigit() and int(last) - int(first) == 1


def _continues(text: Text, table: Table, row: Row) -> bool:
    """Whether a row goes on with the code of the row above: its own cell for it is empty."""
    if table.key is None or table.key >= len(row.cells) or len(row.cells) < 2:
        return False
    cell = row.cells[table.key]
    return cell.end == cell.start and bool(text.codes_in(row.start, row.end))


def _read_row(
    text: Text,
    about: About,
    table: Table,
    row: Row,
    subjects: tuple[Concept, ...],
    scope: Scope,
) -> Iterable[Outcome]:
    if reason := _says_nothing(text, table, row, scope):
        return (Unread(row.start, row.end, reason),)
    if (question := _question_in(text, row)) is not None:
        return _read_answers(text, about, row, question, scope)
    words = words_of_row(text, table, row)
    if table.worded and len(row.cells) > 1 and _repeats(words):
        return (Unread(row.start, row.end, "duplicate"),)
    cite = Citation(row.start, row.end, row.block, scope.section, "table")
    if table.key is not None:
        return read_keyed(text, about, table, row, words, cite, subjects, scope)
    if not scope.subjects and (described := _describe_head(text, table, row, cite)):
        return described
    if _is_of_another(text, about, table, row, subjects or scope.subjects):
        return (Unread(row.start, row.end, "another drug"),)
    if scope.topic is not Topic.SIMILAR and _lists_another_service(text, row, subjects or scope.subjects):
        return (Unread(row.start, row.end, "another service"),)
    scope = for_payers(text, table, row, scope)
    if subjects and not scope.subjects:
        scope = scope._replace(subjects=subjects)
        return chain(read_head(text, row, cite, scope), read_objects(text, about, table, row, words, cite, scope))
    return read_objects(text, about, table, row, words, cite, scope)


def _describe_head(text: Text, table: Table, row: Row, cite: Citation) -> list[Outcome]:
    """What a row about nobody says of the service whose code is all that its first cell holds."""
    head = row.filled[0]
    spans = text.codes_in(head.start, head.end)
    if len(spans) != 1 or len(spans[0].codes) != 1 or spans[0].system not in BILLING:
        return []
    names = [cell for cell in table.cells(row, Column.NAME) or row.filled[1:2] if cell != head]
    outcomes = (describe_service(text, spans[0].concepts, name, cite) for name in names)
    return list(chain.from_iterable(outcomes))


def _question_in(text: Text, row: Row) -> int | None:
    """The cell of a row that asks what those behind it answer."""
    asking = (
        n for n, cell in enumerate(row.cells[:-1]) if is_question(text, *cell) and text.words(cell).count(" ") > 1
    )
    return next(asking, None)


def _read_answers(text: Text, about: About, row: Row, question: int, scope: Scope) -> Iterator[Outcome]:
    """The cells behind a question, read as prose about the codes that it asks for."""
    asked = row.cells[question]
    spans = [span for span in row.codes[question] if span.system in BILLING and not _is_range_of_services(span)]
    codes = tuple(dict.fromkeys(concept for span in spans for concept in span.concepts))
    is_long = row.end - asked.end > _LONGEST_ANSWER  # It goes through more than it was asked.
    own_scope = scope._replace(subjects=() if is_long else codes) if row.codes[question] else scope
    cite = Citation(row.start, row.end, row.block, scope.section, "note")
    for number, cell in enumerate(row.cells[question + 1 :], question + 1):
        if row.codes[number] and _ASKS_FOR_CODES.search(text.small, *asked) and _is_of_codes(text, cell, row, number):
            yield from _read_asked_codes(text, row.codes[number], own_scope, cite, text.words(asked))
        elif cell.end > cell.start:
            yield from read_prose(
                text, about, text.part(row.block, *cell), own_scope, cite, question=(asked.start, asked.end)
            )
    yield Unread(row.start, row.end, "no relation fits" if own_scope.subjects else "no subject")


def _is_of_codes(text: Text, cell: Span, row: Row, number: int) -> bool:
    """Whether a cell holds codes and hardly a word."""
    return not _WORDS.search(text.without(cell, row.codes[number]))


def _read_asked_codes(
    text: Text, spans: Sequence[CodeSpan], scope: Scope, cite: Citation, question: str
) -> Iterator[Outcome]:
    """The codes that a question asks for, where the next cell answers with nothing else: "Which procedure goes with J1096?" """
    if not scope.subjects:
        return
    for span in spans:
        for code in span.codes:
            if not (code.system in BILLING and is_drug(code)):
                yield relate(text, scope, code, Words("", question), cite, Stance())


def _says_nothing(text: Text, table: Table, row: Row, scope: Scope) -> str:
    """Why a row states nothing, whatever stands in its columns; nothing where it may."""
    if not row.filled or (len(row.filled) == 1 and len(table.columns) > 1):
        return "caption"
    if scope.topic is Topic.ASIDE:
        return "reference"
    first = row.filled[0]
    if table.key is None and _DAY.fullmatch(text.plain, first.start, first.end):
        return "the history of the document"
    if scope.topic is Topic.REQUIREMENTS and _is_not_required(text, table, row):
        return "it is not required"
    if table.strays and _RUNNING.search(text.small, row.start, row.end):
        return "a running head or foot"
    if table.strays and not _subjects_of_row(table, row) and _FIELD.fullmatch(text.plain, first.start, first.end):
        return "a field of a record"
    return "header" if _is_header(text, table, row) else ""


def _is_not_required(text: Text, table: Table, row: Row) -> bool:
    """Whether a row of criteria says of itself that it is not required: it may be one of several to choose from."""
    numbers = [
        n for n, header in enumerate(table.headers) if fold(header).strip(" ?") in _REQUIRED and n < len(row.cells)
    ]
    return any(text.words(row.cells[n]).lower() in _NOT_REQUIRED for n in numbers)


def _is_of_another(text: Text, about: About, table: Table, row: Row, subjects: Sequence[Concept]) -> bool:
    """Whether a row without a code names another drug than those it would be about."""
    cells = table.cells(row, Column.DRUG) or table.cells(row, Column.BRAND)
    if not cells or not subjects:
        return False
    drugs = [m.concept for cell in cells for m in text.mentions_in(cell.start, cell.end, Kind.DRUG)]
    own_codes = {code for drug in drugs for code in about.codes_called(drug)}
    return not own_codes & set(subjects)


def _lists_another_service(text: Text, row: Row, subjects: Sequence[Concept]) -> bool:
    """Whether a row begins with the code of a service, in a section about services of which it is none."""
    first = next(iter(text.codes_in(row.start, row.end)), None)
    if first is None or not first.codes or first.system not in BILLING or any(map(is_of_drug, subjects)):
        return False
    return len(subjects) > 1 and first.start - row.start <= _NEAR and not set(first.concepts) & set(subjects)


def _is_header(text: Text, table: Table, row: Row) -> bool:
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
    small = fold(f"{words.name} {words.usage}")
    return any(word in small for word in _OF_REPEATS) and _DUPLICATE.search(small) is not None
