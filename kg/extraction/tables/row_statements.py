"""What a row states: of the code that stands in it, or of the subject of its section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg import lazy_re as re
from kg.documents import BlockKind, Span
from kg.extraction.draft import Citation, Draft, Outcome, Scope, Unread
from kg.extraction.lexicon import PLAIN, Column, Effect, Stance, Topic, Where, lexicon, stance_of, topic_of
from kg.extraction.outline.about import About
from kg.extraction.prose.prose import read_prose
from kg.extraction.relations.drugs import as_named, drug_of
from kg.extraction.relations.relating import Words, relate, require
from kg.extraction.relations.services import is_of_drug, is_told, service_in
from kg.extraction.tables.cell import Cell
from kg.extraction.tables.cells import payers_in_column, read_cell
from kg.extraction.tables.codes import note_of, read_codes, read_heading_above
from kg.extraction.tables.columns import BITS, holds_codes, label_of_cell, requirement_in_header
from kg.extraction.tables.labels import read_labelled_requirement
from kg.extraction.tables.row_names import describe_before, name_of_diagnosis, name_subjects
from kg.extraction.tables.structure import SAYING, Row, Table, filled
from kg.extraction.text.folding import fold
from kg.extraction.text.text import BILLING, Text
from kg.extraction.wording.kept_lists import entry_for
from kg.model import Concept, Kind, Polarity, Qualifier, Relation, Strength

_FEW_PRIMARY = 3
_OF_OBJECTS = frozenset({
    Column.CODE, Column.MODIFIER, Column.DIAGNOSIS, Column.SPECIALTY, Column.PROCEDURE, Column.ROUTE, Column.PLACE,
    Column.PAYER, Column.REQUIREMENT, Column.DENIAL, Column.DOCUMENTATION, Column.CONDITION,
})  # fmt: skip
# Of these a column of each payer says yes or no.
_JUDGED = (Column.DIAGNOSIS, Column.MODIFIER)
# What the columns of payers say is read with them alone.
_BY_PAYER = frozenset((*_JUDGED, Column.REQUIREMENT))
# Sections in which names are read as prose.
_OF_NAMES = frozenset({Topic.DOCUMENTATION, Topic.DENIALS, Topic.PAYERS, Topic.CLINICAL, Topic.REQUIREMENTS})
_NO_WORDS = Words()


def words_of_row(text: Text, table: Table, row: Row) -> Words:
    """The name and the remark that the other columns of a row give."""
    if not table.worded:
        return _NO_WORDS
    names = table.cells(row, Column.NAME)
    usages, others = filled(row, table.remarks), table.cells(row, Column.OTHER)
    if not names and Column.DIAGNOSIS in table.places:
        names = table.cells(row, Column.CONDITION)
    if not names and others:
        names = [others.pop(0)]
    usages = usages or others
    usage = " ; ".join(remark for cell in usages if (remark := text.words(cell)) and remark not in BITS)
    span = (usages[0].start, usages[-1].end) if usages else (0, 0)
    is_own = bool(names) and (not table.described or names[0] != name_of_diagnosis(text, table, row))
    return Words(text.words(names[0]) if is_own else "", usage, span)


def for_payers(text: Text, table: Table, row: Row, scope: Scope) -> Scope:
    """What a row says it says for the payers that it names in a column of its own."""
    if Column.PAYER not in table.places:
        return scope
    payers = [payer for cell in table.cells(row, Column.PAYER) for payer in payers_in_column(text, cell)]
    qualifiers = tuple((Qualifier.FOR_PAYER, payer) for payer in dict.fromkeys(payers))
    return scope._replace(qualifiers=qualifiers) if qualifiers else scope


def read_keyed(
    text: Text,
    about: About,
    table: Table,
    row: Row,
    words: Words,
    cite: Citation,
    subjects: tuple[Concept, ...],
    scope: Scope,
) -> Iterator[Outcome]:
    """A row whose subject stands in it, or in the row above that it goes on with."""
    if not subjects:
        yield Unread(row.start, row.end, "no subject")
        return
    if len(subjects) == 1 and words.name and not is_of_drug(subjects[0]):
        subjects = (Concept(subjects[0].kind, subjects[0].key, words.name),)
    payers = for_payers(text, table, row, scope).qualifiers
    if table.verdicts and len(payers) == 1:
        scope = scope._replace(qualifiers=payers)  # "Molina | J3245 | L40.50 | Not covered"
    own_scope = scope.of_own(subjects)
    if scope.topic is Topic.SIMILAR:
        yield from _similar(about, subjects, cite)
    yield from name_subjects(text, table, row, own_scope, cite)
    if Column.REQUIREMENT not in table.places and not table.payers:
        yield from read_heading_above(tuple(filter(is_of_drug, subjects)), scope, cite)
    if words.usage and _is_of_past(words.usage):
        yield Unread(row.start, row.end, "the code has ended")
        return
    yield from _read_saying(text, about, table, row, words, cite, own_scope)
    yield from _read_refusal(text, table, row, own_scope, cite)
    if table.payers:
        yield from _read_payers(text, table, row, own_scope, cite, words)
    if table.modifiers:
        yield from _read_modifiers(text, table, row, own_scope, cite)
    if Column.ROUTE not in table.places:
        for cell in table.cells(row, Column.QUANTITY):  # "30 mg SC q8w"
            yield from read_cell(Column.ROUTE, Cell(text, cell, "", own_scope, _NO_WORDS, PLAIN, cite))
    if table.notes:
        notes_scope = own_scope._replace(qualifiers=payers) if len(payers) == 1 else own_scope
        yield from _read_notes(text, about, table, row, notes_scope, cite)
    yield Unread(row.start, row.end, "no relation fits")


# Remarks recur from row to row.
@lru_cache(maxsize=4096)
def _is_of_past(usage: str) -> bool:
    """Whether the remark of a row says that its code has ended."""
    return any(hit.cue.effect is Effect.ENDED for hit in lexicon().find(fold(usage)))


def _similar(about: About, subjects: Sequence[Concept], cite: Citation) -> Iterator[Outcome]:
    if not about.primary or len(about.primary) > _FEW_PRIMARY:
        return  # What is confused with a dozen codes is confused with none.
    for subject in subjects:
        if subject not in about.primary:
            yield Draft(about.primary, Relation.SIMILAR_TO, subject, cite, "similar")


def _read_saying(
    text: Text, about: About, table: Table, row: Row, words: Words, cite: Citation, scope: Scope
) -> Iterator[Outcome]:
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
        if column in SAYING and span.end > span.start:
            cell = _cell_of_key(text, table, column, number, span, words, stance, scope, cite)
            if number in table.described.values() and (named := name_of_diagnosis(text, table, row)):
                cell = cell._replace(words=cell.words._replace(name=text.words(named)))
            routes = _routes_of_procedures(text, table, row) if column is Column.PROCEDURE else ()
            for outcome in read_cell(column, cell):
                yield _by_routes(outcome, routes) if isinstance(outcome, Draft) else outcome


def _cell_of_key(
    text: Text,
    table: Table,
    column: Column,
    number: int,
    span: Span,
    words: Words,
    stance: Stance,
    scope: Scope,
    cite: Citation,
) -> Cell:
    """A cell of a row about its own code: remarks are about its diagnoses, or its only other codes."""
    is_explained = column in table.explained and (table.explains_all or _tells_use(words.usage))
    own_words = (
        Words("", words.usage, words.usage_span)
        if words.usage and is_explained
        else Words("", "", (span.start, span.end))
    )
    if not table.headers:
        _, span = label_of_cell(text, span)
    if column is Column.MODIFIER and stance.excludes and not _FORBIDS.match(words.usage):
        stance = PLAIN  # "Drug discarded and not given" tells when to append it.
    return Cell(text, span, table.header(number), scope, own_words, stance if is_explained else PLAIN, cite)


# "When methotrexate failed", "Off-label", "Not covered": remarks that a diagnosis may have among other columns.
_OF_USE = re.compile(
    r"\W*(?:when|if|only|for|after|in|until|unless|once|as|first|second|third|adults?|children|ages?|aged|(?:low|medium|high)(?:er)?(?: or high(?:er)?)? risk)\b",
    re.IGNORECASE,
)
_LONGEST_VERDICT = 4
# How a remark begins that forbids a modifier.
_FORBIDS = re.compile(
    r"(?:\w+\W+){0,2}?(?:not|never|no|none|don't|cannot|non|n/?a|excluded|invalid|prohibited|denied|rejected|rarely|incorrect)\b",
    re.IGNORECASE,
)


def _tells_use(usage: str) -> bool:
    """Whether the remark of a row says when to use what stands in it, or outright yes or no, and not anything else."""
    if _OF_USE.match(usage):
        return True
    stance = _stance_of_remark(usage)
    is_verdict = stance.polarity is not None or stance.strength in (Strength.OFF_LABEL, Strength.ATYPICAL)
    return is_verdict and len(usage.split()) <= _LONGEST_VERDICT


def read_head(text: Text, row: Row, cite: Citation, scope: Scope) -> Iterator[Draft]:
    """What the first cell of a row has beside the code of its drug: the name of that, and the code of its service."""
    head = row.cells[0]
    for span in row.codes[0]:
        if span.concepts == scope.subjects and (drug := drug_of(text, span, head.start, head.end)):
            yield Draft(scope.subjects, Relation.IDENTIFIES_DRUG, as_named(drug), cite, "drug")
        elif len(span.codes) == 1 and span.system in BILLING and is_told(span.code):
            yield relate(text, scope, span.code, Words(), cite, Stance())


def read_objects(
    text: Text, about: About, table: Table, row: Row, words: Words, cite: Citation, scope: Scope
) -> Iterator[Outcome]:
    """A row that says what goes with the subject of its section."""
    stance = _stance(text, about, table, row, words)
    has_draft = False
    routes = _routes_of_procedures(text, table, row)
    for number, (column, span) in enumerate(zip(table.columns, row.cells, strict=False)):
        if span.end == span.start:
            continue
        if not table.headers and not holds_codes(column):
            column, span = _own_label(text, column, span)
        if column not in _OF_OBJECTS:
            continue
        cell = Cell(text, span, table.header(number), scope, words, stance, cite)
        outcomes = read_codes(about, cell) if column is Column.CODE else read_cell(column, cell)
        if (table.payers and column in _BY_PAYER) or (routes and column is Column.ROUTE):
            continue
        for outcome in outcomes:
            has_draft = has_draft or isinstance(outcome, Draft)
            if isinstance(outcome, Draft) and column is Column.PROCEDURE:
                outcome = _by_routes(outcome, routes)
            yield outcome
    if table.payers:
        yield from _read_payers(text, table, row, scope, cite, words)
    yield from describe_before(text, about, row, cite)
    if has_draft:
        return
    if table.named_notes:
        yield from _read_notes(text, about, table, row, scope, cite)
    yield Unread(row.start, row.end, "no relation fits" if scope.subjects else "no subject")


def _by_routes(draft: Draft, routes: Sequence[Concept]) -> Draft:
    """A procedure of a row with the one route in it."""
    return draft.given_by(routes[0]) if len(routes) == 1 else draft


def _routes_of_procedures(text: Text, table: Table, row: Row) -> tuple[Concept, ...]:
    """The routes in a row about a procedure: they are that procedure's, and not the drug's alone."""
    if Column.PROCEDURE not in table.places:
        return ()
    cells = table.cells(row, Column.ROUTE)
    routes = [mention.concept for cell in cells for mention in text.mentions_in(cell.start, cell.end, Kind.ROUTE)]
    return tuple(dict.fromkeys(routes))


def _stance(text: Text, about: About, table: Table, row: Row, words: Words) -> Stance:
    """What the remarks, the columns of yes and no, and a footnote say of a row."""
    if _is_doubted_behind(words.name):
        return Stance(doubted=True)
    if not (words.usage or table.verdicts or about.footnotes or Column.OTHER in table.places):
        return PLAIN
    if any(_heads_denied(text.words(cell)) for cell in table.cells(row, Column.OTHER)):
        return Stance(Polarity.EXCLUDED)
    unsure = False
    for number in table.verdicts:
        if number < len(row.cells) and (verdict := text.words(row.cells[number])):
            stance = Stance(BITS[verdict]) if verdict in BITS else _stance_of_remark(verdict)
            if stance.polarity:
                return _below(table.header(number), verdict, stance)
            unsure = stance == PLAIN and verdict.count(" ") < _FEW_WORDS
    if unsure:
        return Stance(doubted=True)  # In a column of yes and no a word that is neither.
    for span in text.codes_in(row.start, row.end) if about.footnotes else ():
        if note_stance := note_of(text, about, span.end, row.end):
            return note_stance
    if remark_stance := about.footnotes.get(text.document.text[slice(*words.usage_span)].strip()):
        return remark_stance
    return _stance_of_remark(words.usage)


def _is_doubted_behind(name: str) -> bool:
    """Whether a remark behind a dash says no of what a cell names, or nothing that is sure: "Fundus photo — bundled"."""
    _, dash, remark = name.rpartition(" — " if " — " in name else " – " if " – " in name else " - ")
    if not dash or len(remark.split()) > _LONGEST_VERDICT:
        return False
    stance = _stance_of_remark(remark)
    return stance.doubted or stance.excludes


# With more words a cell is a remark, and no verdict.
_FEW_WORDS = 3
# So long are a tick, a yes and a no.
_LONGEST_TICK = 3


@lru_cache(maxsize=1024)
def _heads_denied(words: str) -> bool:
    """Whether a cell is the heading of a list of codes that says no: "ICD-10 Codes that DO NOT Support Medical Necessity"."""
    return topic_of(words) is Topic.DIAGNOSES and stance_of(words, Where.HEADING).excludes


def _below(header: str, verdict: str, stance: Stance) -> Stance:
    """A tick, or a yes or no, below the head of its column: in "Denies" it says no."""
    if len(verdict) > _LONGEST_TICK or not stance_of(header, Where.HEADER).excludes:
        return stance
    return Stance(Polarity.AFFIRMED if stance.excludes else Polarity.EXCLUDED)


def _stance_of_remark(words: str) -> Stance:
    """What a remark says; that nothing need be authorized says no to nothing else in its row."""
    stance = stance_of(words, Where.CELL)
    return PLAIN if stance.excludes and _WAIVED.search(words) else stance


_WAIVED = re.compile(
    r"\bexempt\w*\b|\bwaive[ds]?\b|\b(?:PA|[Aa]uthorization|[Pp]recertification|[Rr]eferral|[Rr]eview|[Ss]tep therapy)"
    r" (?:is |may be )?not (?:be )?(?:required|needed|necessary)\b"
)


def _own_label(text: Text, column: Column, span: Span) -> tuple[Column, Span]:
    labelled, value = label_of_cell(text, span)
    return (column, span) if labelled is Column.OTHER else (labelled, value)


def _read_payers(text: Text, table: Table, row: Row, scope: Scope, cite: Citation, words: Words) -> Iterator[Outcome]:
    """Yes and no in a column for each payer."""
    requirement = _requirement_of_row(text, table, row)
    judged_columns = [number for kind in _JUDGED for number in table.places.get(kind, ()) if number < len(row.cells)]
    for number, payer in table.payers.items():
        if number >= len(row.cells):
            continue
        verdict_cell = row.cells[number]
        stance = stance_of(text.words(verdict_cell), Where.CELL)
        payer_scope = scope.for_payer(payer)
        if requirement and stance.polarity:
            yield require(scope.subjects, requirement, payer_scope, cite, stance.polarity)
            continue
        yield from read_cell(Column.REQUIREMENT, Cell(text, verdict_cell, "", payer_scope, _NO_WORDS, PLAIN, cite))
        for column in judged_columns:
            cell = Cell(
                text,
                row.cells[column],
                "",
                payer_scope,
                Words(words.name),
                stance,
                cite,
            )
            yield from read_cell(table.columns[column], cell)


def _requirement_of_row(text: Text, table: Table, row: Row) -> Concept | None:
    """What a row of payers' yes and no is about: "Step therapy | No | Yes"."""
    cells = [cell for number, cell in enumerate(row.cells) if number not in table.payers and cell.end > cell.start]
    return requirement_in_header(text.words(cells[0])) if len(cells) == 1 else None


def _read_refusal(text: Text, table: Table, row: Row, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """A cell that says "Not covered" of the code in its row, where no other column holds what that may be said of."""
    if {*table.explained, Column.NDC} & table.places.keys():
        return
    for cell in filled(row, tuple(table.verdicts)):
        words = text.words(cell)
        if stance_of(words, Where.CELL).excludes and (reason := entry_for(Kind.DENIAL, words)):
            yield Draft(scope.subjects, Relation.DENIED_FOR, Concept(Kind.DENIAL, reason, words), cite, "denial")


def _read_modifiers(text: Text, table: Table, row: Row, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """Yes and no in a column for each modifier."""
    for number, modifier in table.modifiers.items():
        if number < len(row.cells):
            stance = stance_of(text.words(row.cells[number]), Where.CELL)
            polarity = stance.polarity or Polarity.AFFIRMED
            yield Draft(scope.subjects, Relation.ACCEPTS_MODIFIER, modifier, cite, "modifier", polarity)


# "pt-discharge-summary", "prior_therapy": what programs call things.
_IDENTIFIER = re.compile(r"[A-Za-z\d]+(?:[-_.][A-Za-z\d]+)+")


def _read_notes(text: Text, about: About, table: Table, row: Row, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """The cells of remarks, read as prose about the subject of the row."""
    cells = filled(row, table.named_notes if scope.topic in _OF_NAMES else table.notes)
    if cells and not scope.subjects:
        scope = scope._replace(subjects=about.drug_codes_in(text, Span(row.start, row.end)))
    for cell in cells:
        if _IDENTIFIER.fullmatch(text.plain, cell.start, cell.end):
            continue
        block = text.part(row.block, *cell, kind=BlockKind.ITEM)
        if requirement := read_labelled_requirement(text, block, scope, cite):
            yield requirement
        else:
            yield from read_prose(text, about, block, scope, cite.of_kind("note"))
