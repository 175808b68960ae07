"""What one cell of a table, or the value after a label, states of its subject: one reader for each kind of column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Citation, Draft, Outcome, Scope
from kg.extraction.lexicon import PLAIN, Column, Stance, Where, is_denied, stance_of
from kg.extraction.outline.descriptors import each_its_drug
from kg.extraction.relations.conditions import conditions_in
from kg.extraction.relations.drugs import drug_in
from kg.extraction.relations.relating import Words, goes_on_service, qualifiers_in, relate, with_payers
from kg.extraction.relations.services import is_another_visit, is_drug, is_of_drug, is_visit, may_bill_drug, service_in
from kg.extraction.relations.units import unit_at_end, unit_in
from kg.extraction.tables.columns import requirement_in_header
from kg.extraction.text.diagnoses import exists
from kg.extraction.text.folding import fold
from kg.extraction.text.gazetteer import Mention, places_by_number
from kg.extraction.text.modifiers import modifiers_in_cell
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.extraction.wording.objects import Worded, denials_in, documentation_in, requirements_in
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Qualifier, Relation, Strength

_COMMA = re.compile(r"[\s,/;&+-]*(?:and|or)?[\s-]*")
_LETTERS = re.compile(r"[a-z]{3}")
_JOINING = re.compile(r"(?:and|or|with|plus)\b.{0,3}")
_LONGEST_REMARK = 600
_LONGEST_VERDICT = 5
# "96401 - never; not a complex agent", "99213, 99214 (may be billed)": what stands apart from the name is a remark.
_OWN = re.compile(
    r"(?P<name>[^-—;(]*?)\s*(?:\s[-–—]\s|—|;|\()\s*(?P<remark>(?=.*\b(?:may|can|must|never|not|only|if|when|off-label|required|excluded|optional|rarely|for)\b).{4,})$",
    re.DOTALL | re.IGNORECASE,
)
# The name of somebody: two to five words with capitals.
_A_NAME = re.compile(
    r"(?!(?:Yes|No|None|All|Some|Most|Many|Few|Several|Every|Each|Both|Various|Multiple|Selected|Certain|Same|See|Not|Varies|Any|Other|Unknown|TBD)\b)[A-Z][\w&.'-]*(?: (?:of|and|the|&|[A-Z][\w&.'-]*)){0,4}"
)
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_IN_ONE_WAY = re.compile(r"\s+(?:push|bolus)\b")
_ON_VISIT = re.compile(r"[^.;,]{0,12}?\b(?:to|on|onto|with)\s+(?:the\s+|an?\s+)?(?:e/m|e&m|office visit|visit)\b")
_SOMETIMES = re.compile(
    r"\b(?:some(?:times)?|varies|may|depends?|plan[- ]specific|possibl[ey]|case by case)\b", re.IGNORECASE
)
_NAMED_REQUIREMENTS = (
    (re.compile(r"(?i:\bprior|\bpre-?(?:auth|cert)|\bauth)|\bPA\b"), "prior authorization"),
    (re.compile(r"\bstep\b", re.IGNORECASE), "step therapy"),
    (re.compile(r"\bquantity|\bunit limit", re.IGNORECASE), "quantity limit"),
    (re.compile(r"\bbiomarker", re.IGNORECASE), "biomarker testing"),
    (re.compile(r"\bREMS\b"), "REMS enrollment"),
)


class Cell(NamedTuple):
    """A cell with all that is needed to read it."""

    text: Text
    span: Span
    header: str
    scope: Scope
    words: Words
    """The name and the remark that the row gives."""
    stance: Stance
    """What the row says by its remarks and its columns of yes and no."""
    cite: Citation

    @property
    def content(self) -> str:
        """The words of the cell."""
        return self.text.words(self.span)


def read_cell(column: Column, cell: Cell) -> Iterable[Outcome]:
    """What a cell of a column states of the subjects of its scope."""
    reader = _READERS.get(column)
    if reader is None or not cell.scope.subjects:
        return ()
    header = stance_of(cell.header, Where.HEADER) if cell.header else PLAIN
    if header.excludes:
        cell = cell._replace(scope=cell.scope._replace(stance=header))
    return reader(cell)


class NamedCode(NamedTuple):
    """Codes that one stretch of a cell stands for."""

    start: int
    end: int
    codes: tuple[Code, ...]


def codes_of(text: Text, column: Column, span: Span, codes: Sequence[CodeSpan]) -> Sequence[NamedCode | CodeSpan]:
    """What the codes of a cell are, read as the system that its column holds."""
    if column is Column.MODIFIER:
        return [NamedCode(m.start, m.end, (m.code,)) for m in modifiers_in_cell(text.plain, span.start, span.end)]
    entries: list[NamedCode | CodeSpan] = []
    for code in codes:
        if column is Column.DIAGNOSIS and code.shape in _WITHOUT_DOT and len(code.codes) == 1:
            readings = Code.readings(text.plain[code.start : code.end])
            diagnoses = tuple(c for c in readings if c.system is CodeSystem.ICD10CM and exists(c.value))
            entries.append(NamedCode(code.start, code.end, diagnoses))
        elif code.codes and (code.shape != "bare" or column is Column.DIAGNOSIS or column is Column.CODE):
            entries.append(code)
    return entries


# Shapes in which a column of diagnoses holds them without their dots.
_WITHOUT_DOT = ("hcpcs", "bare")


def _read_codes(column: Column) -> Callable[[Cell], Iterator[Outcome]]:
    def read(cell: Cell) -> Iterator[Outcome]:
        text, scope = cell.text, cell.scope
        spans = codes_of(text, column, cell.span, text.codes_in(cell.span.start, cell.span.end))
        service = service_in(cell.header) if column is Column.PROCEDURE else None
        for span, (words, stance, condition) in zip(spans, _words_for(cell, spans), strict=True):
            if column is Column.MODIFIER and (_is_of_visit(cell, span.end) or _is_of_service(scope, words.usage)):
                continue
            if len(span.codes) > 1:
                words = words._replace(name="")  # What a range is called is the name of none of its codes.
            for code in span.codes:
                if _is_object(code, column, scope, service):
                    yield relate(text, scope, code, words, cell.cite, stance, service=service, condition=condition)

    return read


def _is_of_visit(cell: Cell, at: int) -> bool:
    """Whether a modifier goes on the visit beside the subjects: "25 on E/M"."""
    on_visit = _ON_VISIT.match(cell.text.small, at, cell.span.end) is not None
    return on_visit and not any(map(is_visit, cell.scope.subjects))


def _is_of_service(scope: Scope, usage: str) -> bool:
    return any(map(is_of_drug, scope.subjects)) and goes_on_service(usage)


def _is_object(code: Code, column: Column, scope: Scope, service: Relation | None) -> bool:
    """Whether a code is one that goes with the subjects, and not one of them or another drug."""
    if code.system not in BILLING:
        return code.system in _COLUMN_OF and column in (Column.CODE, _COLUMN_OF[code.system])
    if service is None and not any(map(is_of_drug, scope.subjects)):
        return False  # Services that stand together go with one another only where a header says so.
    if is_another_visit(Concept.of(code), scope.subjects):
        return False
    return Concept.of(code) not in scope.subjects and not is_drug(code) and column in (Column.CODE, Column.PROCEDURE)


_COLUMN_OF = {
    CodeSystem.MODIFIER: Column.MODIFIER,
    CodeSystem.ICD10CM: Column.DIAGNOSIS,
    CodeSystem.NUCC: Column.SPECIALTY,
}


def _words_for(cell: Cell, spans: Sequence[NamedCode | CodeSpan]) -> list[tuple[Words, Stance, str]]:
    """The words for each code of a cell; codes with only a comma between them share what stands behind the last."""
    if len(spans) == 1:
        return [_beside(cell, spans[0], cell.span.end, alone=True)]
    results: list[tuple[Words, Stance, str]] = []
    end, is_led = cell.span.end, False
    for number in range(len(spans) - 1, -1, -1):
        span = spans[number]
        if results and not is_led and _COMMA.fullmatch(cell.text.plain, span.end, end):
            results.append(results[-1])
        else:
            results.append(_beside(cell, span, end, alone=False))
        end = span.start
        lead = _LEAD.search(cell.text.plain, spans[number - 1].end if number else cell.span.start, end)
        is_led = lead is not None and _led(results, lead["lead"])
        end = lead.start() if lead and is_led else end
    return results[::-1]


# What stands before a code in a cell and is said of it: "96365 (not 96372)", "Covered: L40.0; not covered: L40.59".
_LEAD = re.compile(r"[\s;,.|(/]{0,6}(?P<lead>\b(?:not|never|no)\s+|\b[A-Za-z][A-Za-z -]{1,40}:\s*)$", re.IGNORECASE)


def _led(results: list[tuple[Words, Stance, str]], lead: str) -> bool:
    """Give the last code, and those that share its words, the yes or no of the words before it, if these say so."""
    label = lead.strip().rstrip(":")
    stance = stance_of(label, Where.CELL) if lead.rstrip().endswith(":") else Stance(Polarity.EXCLUDED)
    if stance.polarity is None:
        return False
    shared = results[-1]
    for at in range(len(results) - 1, -1, -1):
        if results[at] is not shared:
            break
        results[at] = (shared[0], stance, shared[2])
    return True


def _beside(cell: Cell, span: NamedCode | CodeSpan, end: int, *, alone: bool) -> tuple[Words, Stance, str]:
    """The words for one code: those of the row, or a remark in brackets or behind it that is its own."""
    rest, words = cell.text.plain[span.end : end], cell.words
    modifier = bool(span.codes) and span.codes[0].system is CodeSystem.MODIFIER
    if words.usage_span == (span.start, span.end) and not modifier:
        words = Words(words.name, words.usage)  # A cell that is a code and nothing else holds no condition of it.
    shared = (words if alone or words.usage else Words("", words.usage, words.usage_span)), cell.stance, words.usage
    if not rest or rest.isspace():
        return shared
    if modifier and (bracket := _BRACKET.match(rest)):
        return _meaning(words.name, bracket[1].strip(), (span.end + bracket.start(1), span.end + bracket.end(1)))
    if not modifier and len(rest) < _LONGEST_REMARK and (own_remark := _OWN.match(rest)):
        name = words.name or own_remark["name"].strip(" ,;:-(") or words.usage
        return _own(name, own_remark["remark"].strip(" ()"), (span.end + own_remark.start("remark"), end))
    tail = rest.strip(" ,;:/-()\"'").strip()
    if not cell.text.mentions_in(span.end, end, Kind.ROUTE) and (
        len(tail) <= 3 or not _LETTERS.search(tail) or _JOINING.fullmatch(tail)
    ):
        return shared
    if stance_of(tail, Where.CELL).says_something:
        return _own(words.name, tail, (span.end, end))
    name = words.name or ("" if modifier else tail)
    if words.usage:
        return Words(name, words.usage, words.usage_span), cell.stance, words.usage
    return Words(name, tail, (span.end, end)), cell.stance, tail if modifier else ""


# How a bracket begins that says no to its modifier: "JW (not required)". Another tells what that means.
_NO_TO_IT = re.compile(
    r"\W*(?:(?:is|are|it|this|may|must|should|can|usually|modifiers?|separately)\W+){0,3}(?:no|not|never|non|cannot|can't|don't|do|does|den|reject|invalid|exclu|prohibit|unless|except)"
)


def _meaning(name: str, usage: str, span: tuple[int, int]) -> tuple[Words, Stance, str]:
    """What stands in brackets behind a modifier: a rule, or what it means, such as "rest of the vial not given"."""
    words, stance, condition = _own(name, usage, span)
    return words, (stance if not stance.excludes or _NO_TO_IT.match(fold(usage)) else PLAIN), condition


def _own(name: str, usage: str, span: tuple[int, int]) -> tuple[Words, Stance, str]:
    return Words(name, usage, span), stance_of(usage, Where.CELL), usage


def _read_drug(cell: Cell) -> Iterator[Outcome]:
    subjects = tuple(code for code in cell.scope.subjects if may_bill_drug(code))
    drugs = [mention.concept for mention in cell.text.mentions_in(cell.span.start, cell.span.end, Kind.DRUG)]
    if (pairs := each_its_drug(subjects, drugs)) is not None:
        yield from (Draft((code,), Relation.IDENTIFIES_DRUG, drug, cell.cite, "drug") for code, drug in pairs)
        return
    drug_and_label = drug_in(cell.text, cell.span.start, cell.span.end) if subjects else None
    if drug_and_label:
        drug, label = drug_and_label
        concept = Concept(drug.kind, drug.key, label)
        yield Draft(subjects, Relation.IDENTIFIES_DRUG, concept, cell.cite, "drug")
        if unit := unit_at_end(cell.text, cell.span.start, cell.span.end):
            yield Draft(subjects, Relation.BILLING_UNIT, unit, cell.cite, "unit")


def _read_unit(cell: Cell) -> Iterator[Outcome]:
    if unit := unit_in(cell.text, cell.span.start, cell.span.end, bare=True):
        if unit.key.endswith(("unit", "units")) and not any(map(is_of_drug, cell.scope.subjects)):
            return  # How many units of a service to bill is no billing unit.
        yield Draft(cell.scope.subjects, Relation.BILLING_UNIT, unit, cell.cite, "unit")


def _read_names(kind: Kind, relation: Relation) -> Callable[[Cell], Iterator[Outcome]]:
    def read(cell: Cell) -> Iterator[Outcome]:
        mentions = cell.text.mentions_in(cell.span.start, cell.span.end, kind)
        if kind is Kind.PLACE and not mentions:
            mentions = list(places_by_number(cell.text.plain, cell.span.start, cell.span.end))
        for mention in mentions:
            denied = is_denied(cell.text.small[cell.span.start : mention.start])
            if denied and _IN_ONE_WAY.match(cell.text.small, mention.end, cell.span.end):
                continue  # "Never IV push" says no to the push alone.
            stances = (_stance_before(cell.text, cell.span, mention), cell.stance, cell.scope.stance)
            yield Draft(
                cell.scope.subjects, relation, cell.text.as_written(mention), cell.cite, kind.value,
                Polarity.EXCLUDED if denied or any(stance.excludes for stance in stances) else Polarity.AFFIRMED,
            )  # fmt: skip

    return read


def _read_packages(cell: Cell) -> Iterator[Outcome]:
    """The NDCs of a row about one drug's code, each billed as that code."""
    if len(cell.scope.subjects) != 1 or not is_of_drug(cell.scope.subjects[0]) or cell.stance.excludes:
        return
    for span in cell.text.codes_in(cell.span.start, cell.span.end):
        if len(span.codes) == 1 and span.codes[0].system is CodeSystem.NDC:
            ndc = Concept.of(span.codes[0])
            yield Draft((ndc,), Relation.BILLED_AS, cell.scope.subjects[0], cell.cite, "ndc")


def _read_payer(cell: Cell) -> Iterator[Outcome]:
    for payer in payers_in_column(cell.text, cell.span):
        yield Draft(cell.scope.subjects, Relation.HAS_PAYER, payer, cell.cite, "payer")


def payers_in_column(text: Text, span: Span) -> tuple[Concept, ...]:
    """The payers of a cell in a column of payers: those that are known by name, else whoever the cell names."""
    mentions = text.mentions_in(span.start, span.end, Kind.PAYER)
    words = text.words(span)
    known_length = sum(mention.end - mention.start for mention in mentions)
    if 2 * known_length > len(words) or not _A_NAME.fullmatch(words):
        return tuple(text.as_written(mention) for mention in mentions)
    return (Concept.named(Kind.PAYER, words),)


def _stance_before(text: Text, span: Span, mention: Mention) -> Stance:
    """What stands right before a name in a cell: "not specialty pharmacy"."""
    before = text.plain[span.start : mention.start]
    return stance_of(re.split(r"[,;.]", before)[-1], Where.CELL)


def _read_requirement(cell: Cell) -> Iterator[Outcome]:
    """A column of requirements: words, or yes and no below the name of one."""
    content = cell.content
    name = _requirement_named(cell.header)
    stance = stance_of(content, Where.CELL)
    payers = _payers_of_row(cell)
    is_verdict = stance.polarity or stance.strength in (Strength.REQUIRED, Strength.PERMITTED)
    if name and content and (is_verdict or _SOMETIMES.search(content) or not content.strip("-–— ")):
        sometimes = bool(_SOMETIMES.search(content)) or stance.strength is Strength.PERMITTED
        yield Draft(
            cell.scope.subjects, Relation.COVERAGE_REQUIRES, Concept.named(Kind.REQUIREMENT, name), cell.cite, "requirement",
            Polarity.AFFIRMED if sometimes or not stance.excludes else Polarity.EXCLUDED,
            Strength.PERMITTED if sometimes else Strength.STATED, "" if len(content) <= _LONGEST_VERDICT else content, payers,
        )  # fmt: skip
        return
    for worded in requirements_in(content, about=True, item=True):
        denied = stance.excludes or is_denied(content[: worded.start].lower())
        polarity = Polarity.EXCLUDED if denied else Polarity.AFFIRMED
        yield _worded(cell, Relation.COVERAGE_REQUIRES, worded, polarity, payers)


@lru_cache(maxsize=1024)
def _requirement_named(header: str) -> str | None:
    """The requirement that a column of yes and no is about."""
    if requirement := requirement_in_header(header):
        return requirement.key.replace("-", " ")
    return next((name for pattern, name in _NAMED_REQUIREMENTS if pattern.search(header)), None)


def _payers_of_row(cell: Cell) -> tuple[tuple[Qualifier, Concept], ...]:
    own_qualifiers = (
        qualifiers_in(cell.text, *cell.words.usage_span, Kind.REQUIREMENT) if cell.words.usage_span[1] else ()
    )
    return with_payers(Relation.COVERAGE_REQUIRES, own_qualifiers, cell.scope.qualifiers)


def _worded(
    cell: Cell,
    relation: Relation,
    worded: Worded,
    polarity: Polarity,
    qualifiers: tuple[tuple[Qualifier, Concept], ...],
) -> Draft:
    return Draft(
        cell.scope.subjects,
        relation,
        worded.concept,
        cell.cite,
        worded.concept.kind.value,
        polarity,
        qualifiers=qualifiers,
    )


def _read_documentation(cell: Cell) -> Iterator[Outcome]:
    for worded in documentation_in(cell.content, about=True, item=True):
        yield _worded(cell, Relation.REQUIRES_DOCUMENTATION, worded, Polarity.AFFIRMED, cell.scope.qualifiers)


def _read_denial(cell: Cell) -> Iterator[Outcome]:
    for worded in denials_in(cell.content, about=True, item=True):
        yield _worded(cell, Relation.DENIED_FOR, worded, Polarity.AFFIRMED, cell.scope.qualifiers)


def _read_similar(cell: Cell) -> Iterator[Outcome]:
    codes = cell.text.codes_in(cell.span.start, cell.span.end)
    for span in codes_of(cell.text, Column.CODE, cell.span, codes):
        for code in span.codes:
            if code.system in BILLING:
                yield Draft(cell.scope.subjects, Relation.SIMILAR_TO, Concept.of(code), cell.cite, "similar")


def _read_condition(cell: Cell) -> Iterator[Outcome]:
    stance = stance_of(cell.content, Where.CELL)
    polarity = Polarity.EXCLUDED if stance.excludes or cell.stance.excludes else Polarity.AFFIRMED
    for condition in conditions_in(cell.content):
        yield Draft(cell.scope.subjects, Relation.INDICATED_FOR, condition, cell.cite, "condition", polarity)


_READERS: dict[Column, Callable[[Cell], Iterator[Outcome]]] = {
    Column.CODE: _read_codes(Column.CODE),
    Column.MODIFIER: _read_codes(Column.MODIFIER),
    Column.DIAGNOSIS: _read_codes(Column.DIAGNOSIS),
    Column.SPECIALTY: _read_codes(Column.SPECIALTY),
    Column.PROCEDURE: _read_codes(Column.PROCEDURE),
    Column.DRUG: _read_drug,
    Column.BRAND: _read_drug,
    Column.UNIT: _read_unit,
    Column.ROUTE: _read_names(Kind.ROUTE, Relation.ROUTE_OF_ADMINISTRATION),
    Column.PLACE: _read_names(Kind.PLACE, Relation.PLACE_OF_SERVICE),
    Column.NDC: _read_packages,
    Column.PAYER: _read_payer,
    Column.REQUIREMENT: _read_requirement,
    Column.DOCUMENTATION: _read_documentation,
    Column.DENIAL: _read_denial,
    Column.SIMILAR: _read_similar,
    Column.CONDITION: _read_condition,
}
"""One reader for each kind of column that says something; a column of another kind says nothing by itself."""
