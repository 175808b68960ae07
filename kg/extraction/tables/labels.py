"""Lines such as "Route: IV" and "Covered: M06.9. Not covered: L40.0.": a value behind each label."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Span
from kg.extraction.draft import Citation, Draft, Outcome, Scope
from kg.extraction.lexicon import Column, Stance, Topic, Where, column_of, stance_of, topic_of
from kg.extraction.outline.about import About, is_ended
from kg.extraction.outline.subjects import subjects_named
from kg.extraction.outline.titles import is_marked
from kg.extraction.prose.prose import read_prose
from kg.extraction.relations.drugs import as_named, drug_in, drug_of
from kg.extraction.relations.relating import Words, relate, require
from kg.extraction.relations.services import is_administration, is_of_drug
from kg.extraction.tables.cell import Cell
from kg.extraction.tables.cells import read_cell
from kg.extraction.tables.codes import describe
from kg.extraction.tables.columns import column_of_value, holds_codes, label_of_cell, requirement_in_header
from kg.extraction.tables.lines import BUT_NOT, FINITE, NEW_SENTENCE
from kg.extraction.tables.listing import read_listing
from kg.extraction.text.folding import fold
from kg.extraction.text.gazetteer import gazetteer
from kg.extraction.text.sentences import sentences
from kg.extraction.text.text import Text
from kg.extraction.wording.vocabulary import group
from kg.model import CodeSystem, Concept, Kind, Relation, Strength

_SILENT = frozenset(
    {Column.OTHER, Column.USAGE, Column.NAME, Column.TYPE, Column.VERDICT, Column.DATE, Column.PRICE, Column.NDC}
)
_SHORT = 40
_LONGEST_VALUE = 220
_NEAR_BEGINNING = 40
# How far from its beginning the title of a document reaches, with what stands below it.
_NEAR_TITLE = 600
_SAYS_NO = re.compile(r"\W*(?:never|not|no|without|do not|don't|cannot|except)\b")
_WORDS = re.compile(r"[a-z]{2,}\s+[a-z]{2,}")
# Of three letters, so that modifiers are none.
_WORD = re.compile(r"\b(?!(?:and|or|to|through|plus)\b)[a-z]{3,}")
_BRACKETS = re.compile(r"\([^()]*\)")
_SEMICOLON = re.compile(r";\s+(?=[A-Za-z][\w ]{0,40}:)")
_SPEAKING = re.compile(r"\b(?:that|which)\b")
_LABEL = re.compile(r"[^\w\n]{0,4}(?P<label>[A-Za-z][\w /&().'-]{0,60}?)\s*:\s+(?=\S)")
_DASH_LABEL = re.compile(r"[^\w\n]{0,4}(?P<label>[A-Za-z][A-Za-z /-]{0,24}?)\s+[-–—=]\s+(?=\S)")
_COLON = re.compile(r"(?:\s*\([^()]{0,60}\))?\s*:\s")
_NO_LABEL = re.compile(r"\bparagraph\b|^note\b|^q$|^a$|^q:|^question\b|^answer\b")


def read_label(text: Text, about: About, block: Block, scope: Scope) -> list[Outcome] | None:
    """What a line with labels states; None where it is no such line."""
    match = _is_labelled(text, block)
    if match is None:
        return None
    if parts := _entries_of_codes(text, about, block):
        return [outcome for part in parts for outcome in read_label(text, about, part, scope) or ()]
    if (outcomes := _read_segments(text, block, scope)) is not None:
        return outcomes
    label, value = match["label"], Span(match.end(), block.end)
    column = column_of_value(text, label, value)
    cite = Citation(block.start, block.end, block, scope.section, "label")
    topic = _label_topic(label)
    if topic is Topic.ASIDE:
        return []
    if (outcomes := read_listing(text, about, Span(*match.span("label")), value, scope, cite)) is not None:
        return outcomes
    if (outcomes := _read_of_payer(text, about, block, Span(*match.span("label")), value, scope)) is not None:
        return outcomes
    if topic is Topic.SIMILAR or column is Column.PREFERRED:
        return list(_read_neighbours(text, about, value, scope, cite))
    named_subjects = subjects_named(text, about, block.start, match.end("label"))
    subjects = named_subjects or (scope.subjects if topic is scope.topic else _ungrouped(about, scope))
    scope = scope._replace(subjects=subjects)
    first, rest = _first_sentence(text, value) if holds_codes(column) else (value, None)
    if _is_value(text, match, column, first):
        outcomes = [*_named_in_label(text, about, block, match.end("label"), cite)]
        outcomes += _named_by_label(text, about, Span(*match.span("label")), first, cite)
        outcomes += read_labelled(text, label, first, scope, cite)
        outcomes += read_prose(text, about, text.part(block, *rest), scope) if rest else ()
        return outcomes or None
    sentence = Span(*sentences(text.plain, *value)[0]) if value.end > value.start else value
    if (requirement := _read_required(text, label, sentence, scope, cite)) is not None:
        behind = Span(sentence.end, value.end)
        return [requirement, *read_prose(text, about, text.part(block, *behind), scope)]
    return _read_behind(text, about, block, value, scope, topic, cite)


def _entries_of_codes(text: Text, about: About, block: Block) -> list[Block]:
    """The parts of a line in which several codes of drugs are labels, each from its own code to the next."""
    spans = about.drug_spans_in(text, block.start, block.end)
    starts = [span.start for span in spans if _COLON.match(text.plain, span.end, block.end)]
    if len(starts) < 2:
        return []
    ends = [*starts[1:], block.end]
    return [text.part(block, start, end) for start, end in zip(starts, ends, strict=True)]


def _read_of_payer(
    text: Text, about: About, block: Block, label: Span, value: Span, scope: Scope
) -> list[Outcome] | None:
    """What a label says behind the name of a payer: "Medicare: Prior authorization: not needed"; None for others."""
    payers = text.mentions_in(*label, Kind.PAYER)
    inner = text.part(block, *value)
    if len(payers) != 1 or text.without(label, payers).strip() or _is_labelled(text, inner) is None:
        return None
    payer = payers[0].concept
    outcomes = read_label(text, about, inner, scope.for_payer(payer))
    if not outcomes:
        return None
    cite = Citation(block.start, block.end, block, scope.section, "label")
    return [Draft(scope.subjects, Relation.HAS_PAYER, text.as_written(payers[0]), cite, "payer"), *outcomes]


def _named_in_label(text: Text, about: About, block: Block, end: int, cite: Citation) -> Iterator[Draft]:
    """The drug whose name stands beside its code in a label: "J0202 (Lemtrada): G35.A"."""
    spans = about.drug_spans_in(text, block.start, end)
    if len(spans) == 1 and (drug := drug_of(text, spans[0], block.start, end)):
        yield Draft(spans[0].concepts, Relation.IDENTIFIES_DRUG, as_named(drug), cite, "drug")


def _named_by_label(text: Text, about: About, label: Span, value: Span, cite: Citation) -> Iterator[Draft]:
    """The drug whose name is the label of its code: "Doxorubicin: J9000"."""
    spans, drugs = text.codes_in(*value), text.mentions_in(*label, Kind.DRUG)
    is_code = len(spans) == 1 and (spans[0].start, spans[0].end) == tuple(value)
    is_name = bool(drugs) and not _WORD.search(_BRACKETS.sub("", text.without(label, drugs)))
    if is_code and is_name and spans[0].start in about.drug_codes and (drug := drug_in(text, *label)):
        yield Draft(spans[0].concepts, Relation.IDENTIFIES_DRUG, as_named(drug), cite, "drug")


def read_labelled_requirement(text: Text, block: Block, scope: Scope, cite: Citation) -> Draft | None:
    """What a remark asks for whose label names it: "Step therapy: J7328 must have failed"."""
    match = _is_labelled(text, block)
    return _read_required(text, match["label"], Span(match.end(), block.end), scope, cite) if match else None


def _read_required(text: Text, label: str, value: Span, scope: Scope, cite: Citation) -> Draft | None:
    """ "Step therapy: methotrexate must have failed first": the label names what is asked for, and a sentence how."""
    requirement, words = requirement_in_header(label), text.words(value)
    stance = stance_of(words, Where.HEADING)
    if not requirement or not scope.subjects or stance.strength is not Strength.REQUIRED or stance.excludes:
        return None
    return require(scope.subjects, requirement, scope, cite, strength=stance.strength, condition=words)


def read_labels_within(text: Text, about: About, block: Block, scope: Scope) -> Iterator[tuple[Span, list[Outcome]]]:
    """The sentences of a paragraph that are a label with codes ("Administration: 96413."), and what each states.

    They are said of the one code of a drug that the paragraph begins with, or of what its section speaks of.
    """
    spans = about.drug_spans_in(text, block.start, block.end)
    codes = {concept for span in spans for concept in span.concepts}
    if len(codes) == 1 and spans[0].start - block.start < _NEAR_BEGINNING:
        scope = scope._replace(subjects=tuple(codes))
    elif not codes <= set(scope.subjects):
        return
    for start, end in sentences(text.plain, block.start, block.end) if scope.subjects else ():
        if outcomes := _read_labelled_codes(text, text.part(block, start, end), scope):
            yield Span(start, end), outcomes


def _read_labelled_codes(text: Text, sentence: Block, scope: Scope) -> list[Outcome]:
    """What a sentence states that is a label with codes alone, with or without a colon: "Dx R11.2"."""
    match = _is_labelled(text, sentence)
    if match:
        label, value = match["label"], Span(match.end(), sentence.end)
    else:
        value = label_of_cell(text, Span(sentence.start, sentence.end))[1]
        label = text.plain[sentence.start : value.start].strip(" .:*")
    value = value._replace(end=value.end - (text.plain[value.end - 1] == "."))
    if not label or _SAYS_NO.match(text.small, *value) or BUT_NOT.search(text.plain, *value):
        return []
    column = column_of_value(text, label, value)
    if not holds_codes(column) or column is Column.CODE or not _holds_codes_alone(text, value, column):
        return []
    cite = Citation(sentence.start, sentence.end, sentence, scope.section, "label")
    return list(read_labelled(text, label, value, scope, cite))


def _holds_codes_alone(text: Text, value: Span, column: Column) -> bool:
    """Whether a value holds codes, and no words but those in brackets behind them."""
    codes = text.codes_in(value.start, value.end)
    if not codes and column is not Column.MODIFIER:
        return False
    return not _WORD.search(_BRACKETS.sub("", text.without(value, codes)))


def _first_sentence(text: Text, value: Span) -> tuple[Span, Span | None]:
    """The codes behind a label, and what is said in sentences behind them, if anything is."""
    spans = sentences(text.plain, *value)
    if len(spans) < 2 or _WORDS.search(text.small, *spans[0]) or not _WORDS.search(text.small, spans[1][0], value.end):
        return value, None
    return Span(*spans[0]), Span(spans[1][0], value.end)


def _is_value(text: Text, match: re.Match[str], column: Column, value: Span) -> bool:
    """Whether what stands behind a label is its value, with nothing taken back, and no sentence."""
    if column in _SILENT:
        return False
    if holds_codes(column) and (_SAYS_NO.match(text.small, *value) or BUT_NOT.search(text.plain, *value)):
        return False
    return len(text.words(value)) <= _LONGEST_VALUE and _holds_value(text, match, value.end)


def read_below_label(text: Text, about: About, block: Block, scope: Scope) -> list[Outcome] | None:
    """A value alone below its label: "HCPCS UNIT", and "10 MG" on the next line; None where it is none."""
    column = column_of(scope.section) if scope.section and scope.subjects else Column.OTHER
    short = block.end - block.start <= _SHORT and len(scope.subjects) == 1
    if column not in (Column.UNIT, Column.ROUTE) or not short or scope.subjects[0] not in about.known:
        return None
    cite = Citation(block.start, block.end, block, scope.section, "label")
    return list(read_labelled(text, scope.section, Span(block.start, block.end), scope, cite)) or None


def read_route_alone(text: Text, about: About, block: Block, scope: Scope) -> list[Outcome] | None:
    """A line below the title of a policy that holds nothing but the way of giving: "Subcutaneous"; None where it is none."""
    alone = block.kind is BlockKind.PARAGRAPH or (block.kind is BlockKind.HEADING and not is_marked(text, block))
    titled = alone and block.start < _NEAR_TITLE and set(scope.subjects) == set(about.primary)
    if not titled or about.implied or not scope.subjects or block.end - block.start > _SHORT:
        return None
    routes = text.mentions_in(block.start, block.end, Kind.ROUTE)
    if not routes or _WORD.search(text.without(block, routes)):
        return None
    cite = Citation(block.start, block.end, block, scope.section, "label")
    relation = Relation.ROUTE_OF_ADMINISTRATION
    return [Draft(scope.subjects, relation, text.as_written(route), cite, "route") for route in routes]


def _ungrouped(about: About, scope: Scope) -> tuple[Concept, ...]:
    """A new topic ends the group that a list stood in."""
    return about.primary if scope.subjects and set(scope.subjects) < set(about.primary) else scope.subjects


def _read_segments(text: Text, block: Block, scope: Scope) -> list[Outcome] | None:
    """ "Covered: M06.9. Not covered: L40.0.": labels that say yes and no, with diagnoses behind each."""
    outcomes: list[Outcome] = []
    for start, end in _segments(text, block):
        piece = text.part(block, start, end)
        match = _is_labelled(text, piece)
        spans = text.codes_in(match.end(), end) if match else []
        if (
            not match
            or not spans
            or BUT_NOT.search(text.plain, match.end(), end)
            or any(span.system is not CodeSystem.ICD10CM for span in spans)
        ):
            return None
        stance = stance_of(match["label"], Where.HEADING)
        if stance.polarity is None or column_of(match["label"]) not in (Column.VERDICT, Column.OTHER, Column.DENIAL):
            return None
        cite = Citation(start, end, block, scope.section, "label")
        own_scope = scope._replace(topic=Topic.NONE, stance=Stance())
        outcomes += [
            relate(text, own_scope, code, Words(), cite, stance)
            for span in spans
            for code in span.codes
            if scope.subjects
        ]
    return outcomes


def _segments(text: Text, block: Block) -> Iterator[tuple[int, int]]:
    """The sentences of a line, and what semicolons part in them."""
    for start, end in sentences(text.plain, block.start, block.end):
        begin = start
        for match in _SEMICOLON.finditer(text.plain, start, end):
            yield begin, match.start()
            begin = match.end()
        yield begin, end


def _read_neighbours(text: Text, about: About, value: Span, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """ "Biosimilars: Q5103 (Inflectra), Q5104 (Renflexis)": other products, each with what stands behind its own code."""
    block = text.part(cite.block, *value, kind=BlockKind.ITEM)
    similar = scope._replace(topic=Topic.SIMILAR)
    yield from read_prose(text, about, block, similar, cite)


def _read_behind(
    text: Text,
    about: About,
    block: Block,
    value: Span,
    scope: Scope,
    topic: Topic,
    cite: Citation,
) -> list[Outcome] | None:
    """Sentences behind a label, which are about what the label says."""
    if topic is Topic.NONE:
        return None
    inner = scope._replace(topic=topic, stance=Stance()) if topic is not scope.topic else scope
    if topic in (Topic.DOCUMENTATION, Topic.DENIALS):
        behind = text.part(block, *value, kind=BlockKind.ITEM)
        whole_cite = None if FINITE.search(text.small, value.start, value.end) else cite.of_kind("prose")
        return list(read_prose(text, about, behind, inner, whole_cite))
    return list(read_prose(text, about, block, inner))


def _is_labelled(text: Text, block: Block) -> re.Match[str] | None:
    """The label of a line such as "Route: IV", or None where what follows is a sentence of its own."""
    match = None
    if text.plain.find(":", block.start, block.end) >= 0:
        match = _LABEL.match(text.plain, block.start, block.end)
    elif (match := _DASH_LABEL.match(text.plain, block.start, block.end)) and column_of(match["label"]) is Column.OTHER:
        return None
    if match is None or _NO_LABEL.search(match["label"].lower()):
        return None
    if ":" not in match[0] and _SAYS_NO.match(match["label"].lower()):
        return None  # "No separate PA - authorization follows the pump" is said, and no value stands behind it.
    return match


def _holds_value(text: Text, match: re.Match[str], end: int) -> bool:
    """Whether a value and no sentence stands behind a label."""
    words = text.plain[match.end() : end]
    return len(words) <= 400 and not NEW_SENTENCE.search(words) and not FINITE.search(_BRACKETS.sub("", words))


@lru_cache(maxsize=2048)
def _label_topic(label: str) -> Topic:
    """The topic that a label names; one of more than seven words is no label."""
    return topic_of(label) if len(fold(label).split()) <= 7 else Topic.NONE


def read_labelled(text: Text, label: str, value: Span, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """A value behind a label, as in "Route: IV"."""
    column = column_of_value(text, label, value)
    stance = stance_of(_SPEAKING.sub("", label), Where.HEADING)
    scope = scope.of_own(scope.subjects)
    is_condition = stance.says_something and fold(label) not in group("opening verb")  # "Use E11.9" names none.
    words = Words("", label if is_condition else "")
    if column is Column.CODE and column_of(label) is not Column.DIAGNOSIS:
        spans = [span for span in text.codes_in(value.start, value.end) if not is_ended(text, span)]
        own_subjects = (
            tuple(c for s in spans if len(s.codes) == 1 for c in s.concepts if is_of_drug(c)) or scope.subjects
        )
        drafts = list(describe(text, own_subjects, Span(spans[0].end if spans else value.start, value.end), cite))
        yield from drafts
        if len(spans) == 1 and len(own_subjects) == 1 and not drafts and (drug := _product_above(text, scope)):
            yield Draft(own_subjects, Relation.IDENTIFIES_DRUG, drug, cite, "drug")
        return
    if column in (Column.PROCEDURE, Column.ROUTE) and (by_route := _each_by_its_route(text, value, scope, cite)):
        yield from by_route
        return
    if column is Column.PROCEDURE and _names_other_drugs(text, value, scope):
        return
    if column is Column.PROCEDURE and (route := _route_named(label)):
        outcomes = read_cell(column, Cell(text, value, label, scope, words, stance, cite))
        yield from (each.given_by(route) if isinstance(each, Draft) else each for each in outcomes)
        return
    column = Column.ROUTE if column is Column.QUANTITY else column  # "Posology: 60 mg/kg IV once weekly"
    yield from read_cell(column, Cell(text, value, label, scope, words, stance, cite))


@lru_cache(maxsize=2048)
def _route_named(label: str) -> Concept | None:
    """The one route that a label names: "Given subcutaneously: bill 96401"."""
    routes = {m.concept for m in gazetteer().find(label, fold(label)) if m.concept.kind is Kind.ROUTE}
    return routes.pop() if len(routes) == 1 else None


_PARTS = re.compile(r"[;,]\s*|\s+\|\s+")


def _each_by_its_route(text: Text, value: Span, scope: Scope, cite: Citation) -> list[Draft]:
    """The services of a value whose parts each have a route beside their code: "IM 96372; IV push = 96374"."""
    edges = [value.start, *(edge for match in _PARTS.finditer(text.plain, *value) for edge in match.span()), value.end]
    drafts = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        spans, routes = text.codes_in(start, end), text.mentions_in(start, end, Kind.ROUTE)
        if len(spans) != 1 or len(routes) != 1 or len(spans[0].codes) != 1 or not is_administration(spans[0].concept):
            return []
        drafts.append(relate(text, scope, spans[0].code, Words(), cite, Stance()).given_by(routes[0].concept))
    return drafts if scope.subjects else []


def _names_other_drugs(text: Text, value: Span, scope: Scope) -> bool:
    """Whether a value names codes of drugs, and none of those that its place speaks of: "Example: 67028 with J0178"."""
    drugs = {concept for span in text.codes_in(*value) for concept in span.concepts if is_of_drug(concept)}
    return bool(drugs) and drugs.isdisjoint(scope.subjects)


def _product_above(text: Text, scope: Scope) -> Concept | None:
    """The one drug that the item or the heading above a label names: "Botox", and below it "Code: J0585"."""
    drugs_in_lead = [text.as_written(mention) for mention in text.mentions_in(*scope.lead, Kind.DRUG)]
    drugs_in_heading = [
        mention.concept
        for mention in gazetteer().find(scope.section, fold(scope.section))
        if mention.concept.kind is Kind.DRUG
    ]
    drugs = dict.fromkeys(drugs_in_lead or drugs_in_heading)
    return next(iter(drugs)) if len(drugs) == 1 else None
