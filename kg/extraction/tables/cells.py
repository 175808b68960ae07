"""What one cell of a table, or the value after a label, states of its subject: one reader for each kind of column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Draft, Outcome, Scope
from kg.extraction.lexicon import PLAIN, Column, Stance, Where, is_denied, stance_of
from kg.extraction.outline.descriptors import each_its_drug
from kg.extraction.relations.conditions import conditions_in
from kg.extraction.relations.drugs import drug_in
from kg.extraction.relations.relating import goes_on_service, qualifiers_in, relate, with_payers
from kg.extraction.relations.services import is_another_visit, is_drug, is_of_drug, is_visit, may_bill_drug, service_in
from kg.extraction.relations.units import unit_at_end, unit_in
from kg.extraction.tables.cell import Cell, NamedCode, words_for
from kg.extraction.tables.columns import requirement_in_header
from kg.extraction.text.diagnoses import exists
from kg.extraction.text.gazetteer import Mention, places_by_number
from kg.extraction.text.modifiers import modifiers_in_cell
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.extraction.wording.objects import Worded, denials_in, documentation_in, requirements_in
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Qualifier, Relation, Strength

_LONGEST_VERDICT = 5
# The name of somebody: two to five words with capitals.
_A_NAME = re.compile(
    r"(?!(?:Yes|No|None|All|Some|Most|Many|Few|Several|Every|Each|Both|Various|Multiple|Selected|Certain|Same|See|Not|Varies|Any|Other|Unknown|TBD)\b)[A-Z][\w&.'-]*(?: (?:of|and|the|&|[A-Z][\w&.'-]*)){0,4}"
)
_IN_ONE_WAY = re.compile(r"\s+(?:push|bolus)\b")
_ON_VISIT = re.compile(r"[^.;,]{0,12}?\b(?:to|on|onto|with)\s+(?:the\s+|an?\s+)?(?:e/m|e&m|office visit|visit)\b")
_SOMETIMES = re.compile(
    r"\b(?:some(?:times)?|varies|may|depends?|plan[- ]specific|possibl[ey]|case by case)\b", re.IGNORECASE
)
_NEEDED = re.compile(r"\W*(?:needed|necessary)\b", re.IGNORECASE)
_NAMED_REQUIREMENTS = (
    (re.compile(r"(?i:\bprior|\bpre-?(?:auth|cert)|\bauth)|\bPA\b"), "prior authorization"),
    (re.compile(r"\bstep\b", re.IGNORECASE), "step therapy"),
    (re.compile(r"\bquantity|\bunit limit", re.IGNORECASE), "quantity limit"),
    (re.compile(r"\bbiomarker", re.IGNORECASE), "biomarker testing"),
    (re.compile(r"\bREMS\b"), "REMS enrollment"),
)


def read_cell(column: Column, cell: Cell) -> Iterable[Outcome]:
    """What a cell of a column states of the subjects of its scope."""
    reader = _READERS.get(column)
    if reader is None or not cell.scope.subjects:
        return ()
    header = stance_of(cell.header, Where.HEADER) if cell.header else PLAIN
    if header.excludes:
        cell = cell._replace(scope=cell.scope._replace(stance=header))
    return reader(cell)


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
        for span, (words, stance, condition) in zip(spans, words_for(cell, spans), strict=True):
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


def _read_drug(cell: Cell) -> Iterator[Outcome]:
    mentions = cell.text.mentions_in(cell.span.start, cell.span.end, Kind.DRUG)
    drugs = [mention.concept for mention in mentions]
    # "Policy or drug: Nerve stimulation": of a code of something else it has to be a drug that is known, and little more.
    is_name = 2 * sum(mention.end - mention.start for mention in mentions) >= cell.span.end - cell.span.start
    subjects = tuple(code for code in cell.scope.subjects if is_of_drug(code) or (is_name and may_bill_drug(code)))
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
    is_verdict = stance.polarity or stance.strength in (Strength.REQUIRED, Strength.PERMITTED) or _NEEDED.match(content)
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
