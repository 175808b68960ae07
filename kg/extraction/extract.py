"""Reads a document: `Document` in, assertions out, with every row and every code accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg import lazy_re as re
from kg.collector import no_collection
from kg.documents import Block, BlockKind, Document
from kg.extraction.account import Leftover, Tally, account, settle, unnamed
from kg.extraction.days import Days, with_days
from kg.extraction.draft import Citation, Draft, Outcome, Scope, Unread
from kg.extraction.lexicon import PLAIN, Topic
from kg.extraction.outline.about import About
from kg.extraction.outline.descriptors import names_in_descriptor
from kg.extraction.outline.outline import Outline, outline
from kg.extraction.outline.titles import is_titled_policy
from kg.extraction.prose.prose import is_citation, is_question, read_prose
from kg.extraction.relations.drugs import as_named, drug_of
from kg.extraction.relations.services import is_of_drug
from kg.extraction.relations.units import unit_in
from kg.extraction.tables.labels import read_below_label, read_label, read_labels_within, read_route_alone
from kg.extraction.tables.limits import read_limit
from kg.extraction.tables.lines import read_entry, read_running, read_suffix
from kg.extraction.tables.table import read_table
from kg.extraction.text.run_on import JOINED
from kg.extraction.text.sentences import sentences
from kg.extraction.text.text import CodeSpan, Text
from kg.model import Assertion, Concept, Kind, Polarity, Relation

# What is longer is no label with its value and no entry of a list.
_LONGEST_LINE = 20_000
# A key with its value in the notation of programs, and how many of them no prose has.
_PAIR = re.compile(r"\w[\"']?\s*:\s*[\"'\[{]")
_PAIRS = 2
_QUOTES = 4
_BEHIND = re.compile(r"\s*\([^()]*,\s*(?P<unit>[\d.,]+ [A-Za-z. ]{1,14})\)\s*$")
_BRACKET = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read in a document: its assertions, what was left over and why, and the two counts.

    `unnamed` are codes in the evidence of assertions of which none is about them.
    """

    document: Document
    assertions: tuple[Assertion, ...]
    leftovers: tuple[Leftover, ...]
    rows: Tally
    tokens: Tally
    days: Days = field(repr=False, compare=False)
    unnamed: tuple[Leftover, ...] = ()


def extract(document: Document) -> Extraction:
    """All assertions of a document, in its order, and the account of its rows and code-like tokens.

    >>> from kg.documents import parse
    >>> extraction = extract(parse(b"# HCPCS Code J3262\\n## Common Modifiers\\nAppend modifier JW for waste.", "a.md"))
    >>> extraction.assertions[0].object.curie
    'modifier:JW'
    """
    with no_collection():
        return _extract(document)


def _extract(document: Document) -> Extraction:
    text = Text(document)
    drafts: list[Draft] = []
    unread: list[Unread] = []
    for outcome in _read(text, outline(text)):
        if isinstance(outcome, Unread):
            unread.append(outcome)
        elif outcome.doubted:
            unread.append(Unread(outcome.cite.block.start, outcome.cite.block.end, "yes or no is not clear"))
        else:
            drafts.append(outcome)
    assertions, repeated = settle(text, drafts)
    leftovers, rows, tokens = account(text, assertions, repeated, unread)
    days = Days(document)
    return Extraction(document, with_days(days, assertions), leftovers, rows, tokens, days, unnamed(text, assertions))


def _read(text: Text, outlined: Outline) -> Iterator[Outcome]:
    """What all blocks state, one after the other; the rows of a table go together."""
    blocks, scopes, about = text.document.blocks, outlined.scopes, outlined.about
    position = 0
    question: tuple[int, int] | None = None
    while position < len(blocks):
        block, scope = blocks[position], scopes[position]
        if block.table:
            last = position
            while last + 1 < len(blocks) and blocks[last + 1].table == block.table:
                last += 1
            rows = [row for row in blocks[position : last + 1] if row.kind is not BlockKind.NAVIGATION]
            yield from read_table(text, about, rows, scope) if rows else ()
            position = last + 1
            continue
        yield from _read_block(text, about, block, scope, question)
        question = _question_at_end(text, block)
        position += 1


def _question_at_end(text: Text, block: Block) -> tuple[int, int] | None:
    if block.end - block.start > _LONGEST_LINE or not is_question(text, block.start, block.end):
        return None
    spans = sentences(text.plain, block.start, block.end)
    return spans[-1] if spans else None


def _read_block(
    text: Text, about: About, block: Block, scope: Scope, question: tuple[int, int] | None
) -> Iterator[Outcome]:
    if block.kind is BlockKind.NAVIGATION:
        yield Unread(block.start, block.end, block.omitted or "navigation")
    elif block.kind is BlockKind.HEADING:
        yield from _read_heading(text, about, block, scope)
        yield from read_limit(text, block, scope)
    elif scope.topic is Topic.ASIDE or is_citation(text, block):
        yield Unread(block.start, block.end, "reference")
    elif _is_data(text, block):
        yield Unread(block.start, block.end, "program text")
    else:
        yield from read_suffix(text, block, scope)
        yield from read_limit(text, block, scope)
        outcomes = _read_line(text, about, block, scope) if block.end - block.start <= _LONGEST_LINE else None
        yield from _read_paragraph(text, about, block, scope, question) if outcomes is None else outcomes
        yield Unread(block.start, block.end, "no relation fits" if scope.subjects else "no subject")


def _read_paragraph(
    text: Text, about: About, block: Block, scope: Scope, question: tuple[int, int] | None
) -> Iterator[Outcome]:
    """What sentences state, and the labels with codes that stand among them."""
    at = block.start
    labelled = read_labels_within(text, about, block, scope) if block.end - block.start <= _LONGEST_LINE else ()
    for span, outcomes in labelled:
        if span.start > at:
            yield from read_prose(text, about, text.part(block, at, span.start), scope, question=question)
        yield from outcomes
        at, question = span.end, None
    if at < block.end:
        yield from read_prose(text, about, text.part(block, at, block.end), scope, question=question)


def _is_data(text: Text, block: Block) -> bool:
    """Whether a block is data in the notation of programs: `"drug": "rituximab"`, `{ code: 'J9312', name: 'rituximab' }`."""
    end = min(block.end, block.start + _LONGEST_LINE)
    quotes = text.plain.count('"', block.start, end)
    if text.plain.find("{", block.start, end) >= 0:
        quotes += text.plain.count("'", block.start, end)
    return quotes >= _QUOTES and len(_PAIR.findall(text.plain, block.start, end)) >= _PAIRS


def _read_line(text: Text, about: About, block: Block, scope: Scope) -> list[Outcome] | None:
    """What a block states as a line with a label, an entry that begins with a code, or a row without its columns."""
    for reader in (read_label, read_entry, read_running, read_below_label, read_route_alone):
        if (outcomes := reader(text, about, block, scope)) is not None:
            return outcomes
    return None


def _drug_of_title(text: Text, block: Block, code: CodeSpan) -> tuple[Concept, str] | None:
    """The drug that a heading names with its code, and that the code bills: "Decitabine crib sheet (J0894)"."""
    mentions = text.mentions_in(block.start, block.end, Kind.DRUG)
    if len({mention.concept for mention in mentions}) != 1 or len(text.codes_in(block.start, block.end)) != 1:
        return None
    drug = mentions[0].concept
    return (
        (drug, text.as_written(mentions[0]).name or drug.label) if drug in names_in_descriptor(code.concept) else None
    )


def _unit_of_title(text: Text, block: Block, code: CodeSpan) -> Concept | None:
    """The unit that a heading states of its code: in so many words, or at the end of the brackets behind it."""
    if unit := unit_in(text, block.start, block.end):
        return unit
    bracket = _BEHIND.match(text.plain, code.end, block.end)
    return unit_in(text, *bracket.span("unit"), bare=True) if bracket else None


def _read_heading(text: Text, about: About, block: Block, scope: Scope) -> Iterator[Outcome]:
    """A heading may say which drug its code identifies, and in which unit; the title also how that is given."""
    cite = Citation(block.start, block.end, block, scope.section, "heading")
    inside = about.drug_spans_in(text, block.start, block.end)
    together: tuple[Concept, ...] = ()
    for number, span in enumerate(inside):
        limit = inside[number + 1].start if number + 1 < len(inside) else block.end
        code, together = (span.concept,), (*together, span.concept)
        if number + 1 < len(inside) and JOINED.fullmatch(text.small, span.end, limit):
            continue  # "J9312, Q5115: rituximab" names the drug of both.
        if drug := drug_of(text, span, block.start, limit) or _drug_of_title(text, block, span):
            yield Draft(together, Relation.IDENTIFIES_DRUG, as_named(drug), cite, "drug")
        together = ()
        if len(inside) == 1 and (unit := _unit_of_title(text, block, span)):
            yield Draft(code, Relation.BILLING_UNIT, unit, cite, "unit")
    if scope.of_use and all(map(is_of_drug, scope.subjects)):
        polarity = Polarity.EXCLUDED if scope.stance.excludes else Polarity.AFFIRMED
        for condition in scope.conditions:
            yield Draft(scope.subjects, Relation.INDICATED_FOR, condition, cite, "condition", polarity)
    yield from read_route_alone(text, about, block, scope) or ()
    if scope.listed:
        yield from read_prose(text, about, block, scope._replace(stance=PLAIN))
    if block is text.document.blocks[0]:
        yield from _read_title(text, about, block, cite)
    yield Unread(block.start, block.end, "heading")


def _read_title(text: Text, about: About, block: Block, cite: Citation) -> Iterator[Draft]:
    """The payer who heads a policy, and the way of giving in brackets behind a drug."""
    payers = dict.fromkeys(text.as_written(mention) for mention in text.mentions_in(block.start, block.end, Kind.PAYER))
    if (
        about.primary and len(payers) == 1 and is_titled_policy(text)
    ):  # "Highmark Medical Policy": whoever heads a policy has made it.
        yield Draft(about.primary, Relation.HAS_PAYER, next(iter(payers)), cite, "payer")
    if not about.primary or about.implied:
        return
    for match in _BRACKET.finditer(text.plain, block.start, block.end):
        for route in text.mentions_in(match.start(), match.end(), Kind.ROUTE):
            if text.plain[match.start() + 1 : match.end() - 1].strip() == text.plain[route.start : route.end]:
                yield Draft(about.primary, Relation.ROUTE_OF_ADMINISTRATION, text.as_written(route), cite, "route")
