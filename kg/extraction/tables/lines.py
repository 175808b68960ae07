"""Lines that begin with a code, be they rows, list items or paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Span
from kg.extraction.draft import Citation, Draft, Outcome, Scope
from kg.extraction.lexicon import Column, Effect, Stance, Topic, Where, stance_of
from kg.extraction.outline.about import About
from kg.extraction.outline.entries import VERBS, first_codes
from kg.extraction.prose.prose import read_prose
from kg.extraction.relations.relating import Words, relate
from kg.extraction.relations.services import is_drug, is_of_drug
from kg.extraction.tables.cell import Cell
from kg.extraction.tables.cells import read_cell
from kg.extraction.tables.codes import describe, end_of_mark, note_of, read_codes, read_heading_above
from kg.extraction.text.modifiers import all_modifiers, known_modifiers
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Relation

_SEPARATOR = re.compile(
    r"\s*(?:\s[-–—=]+\s|--|—|–|:|;|\s?\.{3,}|\s{2,}|\t|\s-\s?|-\s)\s*|\s+(?=\()|\s+(?=[A-Z][a-z])|\s+(?=(?!WITH\b|WHEN\b|FROM\b|ONLY\b)[A-Z]{4,}\b)|\s*,?\s*$|,\s*"
)
_MODIFIER = re.compile(
    r'\s*(?P<word>modifiers?\s+)?["(]?-?(?P<codes>[A-Z0-9]{2}(?:\s*(?:,|/|and|or|&)\s*-?[A-Z0-9]{2})*)[")]?(?:\s*(?:\s[-–—=]+\s|--|—|–|:|\.{3,}|\s{2,}|\(|,\s)\s*|(?P<blank>\s+)(?=[a-z]|[A-Z][a-z]+ ))'
)
_REMARK = re.compile(r"\s*(?:;|\s[-–—]\s|—|–|\(|\.\s)\s*(?P<remark>.+)$")
# How a remark on a modifier begins, unlike its name.
_USE = re.compile(
    r"(?:use[ds]?|when|if|for|append|report|bill|only|may|must|can|required|never|not|do not|rarely|optional|always|add|applies|"
    r"allowed|excluded|no|yes|to|the|a|an|[A-Z][a-z]+ (?:on|when|if|for|only))\b",
    re.IGNORECASE,
)
_LONGEST_NOTE = 40
_MANY = 12
_NOES = frozenset({Effect.NO, Effect.FLAT_NO, Effect.QUESTION, Effect.EXAMPLE})
_LONGEST_NAME = 80
_VERB = re.compile(rf"\W*\b{VERBS}", re.IGNORECASE)
# "M06.9, L40.50, but not M79.7": values of which some are taken back are read as a sentence.
BUT_NOT = re.compile(r",\s*(?:(?:but|and)\s+)?(?:not|never|except|excluding)\b|\bbut (?:not|never)\b", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_AND_MORE = re.compile(r"\s*\([^()]*\)\s*(?:,|and|or)\s*\w*\d")
# Verbs of a sentence about payers, which no row of codes has.
_RULES = re.compile(
    r"\b(?:covers?|pays?|accepts?|rejects?|requires?|needs?|allows?|takes?|supports?|den(?:y|ies)|excludes?|reimburses?|wants?|asks?|considers?)\s"
)
_TELLS = re.compile(r"\W*(?:report|use|bill|append|add|see|for|submit|code|note|effective|all|claims?)\b")
_SUFFIX = re.compile(
    r"(?:-|\s*-\s*-||\s(?=U[1-9A-D]\b))(?P<modifiers>(?:[A-Z][A-Z0-9]|\d{2})(?:-(?:[A-Z][A-Z0-9]|\d{2}))*)(?=[\s:]+[A-Z(]|\s+[–—-]\s)"
)
# Behind other codes of a line only what is glued to them counts: "29881-RT (meniscectomy), 29874-RT-XS (loose body)".
_GLUED_SUFFIX = re.compile(r"-(?P<modifiers>(?:[A-Z][A-Z0-9]|\d{2})(?:-(?:[A-Z][A-Z0-9]|\d{2}))*)(?=\s+\()")
_BOX = re.compile(r"\s*\[(?P<tick>[ xX]?)\]")
_TICKED = ("[x]",)
_EMPTY_SAYS_NO = r"\b(?:empty|blank|open|unchecked|unticked|unmarked)(?: box(?:es)?)? (?:(?:is|are|means?|=|:) )?(?:not?|denied|excluded|never|isn't|aren't|do not|does not)\b"
_ANSWERED = re.compile(r"\s*[:=–—-]\s*(?P<words>[^:=;,]{1,30}?)[\s;,.|/]*$")
_FIRST_BRACKET = re.compile(r"^\s*\([^()]*\)")
_TWO = re.compile(r"[A-Z0-9]{2}")
_VERB_NEXT = re.compile(
    r"(?:is|are|was|were|has|have|may|must|can|should|will|does|do|or|and|goes|applies|needs?|to|on|when|if|with|for|tells|marks|names|shows|reports?|means|says)\b"
)
_MODIFIER_CAPITAL = re.compile(_MODIFIER.pattern.replace("modifiers?", "Modifiers?"))
FINITE = re.compile(r"\b(?:is|are|was|were|may|must|can|should|will|does|do|has|have)\b")
NEW_SENTENCE = re.compile(r"[a-z]{3,}[^.]*\.\s+[A-Z]")


def read_entry(text: Text, about: About, block: Block, scope: Scope) -> list[Outcome] | None:
    """What a line that begins with a code states; None where it is no such line."""
    if (outcomes := _read_modifiers(text, block, scope)) is not None:
        return outcomes
    head = first_codes(text, block)
    if not head or not head[0].codes:
        return None
    last = head[-1]
    separator = (
        _SEPARATOR.match(text.plain, end_of_mark(text, about, last.end), block.end)
        or _before_name(text, block, last)
        or _before_words(text, block, last, scope)
    )
    if separator is None or _is_sentence(text.plain[last.end : block.end], separator[0]):
        return None
    if head[0].shape == "ndc" or (head[0].shape == "bare" and not _is_diagnosis_place(scope)):
        return None
    words = _words_of_entry(text, separator.end(), block.end)
    cite = Citation(block.start, block.end, block, scope.section, "list")
    before = text.plain[block.start : head[0].start]
    mark = _stance_of_box(text, before) or stance_of(before, Where.CELL)  # "❌ H05.20", "Not OK: M79.7"
    stance = note_of(text, about, last.end, block.end) or stance_of(words.usage or words.name, Where.CELL)
    stance = mark if mark.polarity or mark.doubted else stance
    span = Span(block.start, last.end)
    rest = text.codes_in(last.end, block.end)
    if (entries := _several_entries(text, about, block, scope, last, rest)) is not None:
        return entries
    if (by_payers := _read_by_payers(text, head, Span(last.end, block.end), scope, cite)) is not None:
        return by_payers
    if rest and BUT_NOT.search(text.plain, last.end, block.end):
        return None
    if head[0].system is CodeSystem.ICD10CM and _all_drugs(rest):
        return list(_read_diagnosis_first(text, head, rest, scope, cite))
    if (
        head[0].system in BILLING
        and any(s.system not in BILLING for s in rest)
        and _is_of_codes(text, last.end, block.end)
    ):
        return list(_read_record(text, head, Span(last.end, block.end), scope, cite))
    if head[0].system in BILLING and rest and FINITE.search(text.small, last.end, block.end):
        return None  # A sentence with codes of its own behind the code: "J9356: 96401, as the drug is …".
    cell = Cell(text, span, "", scope, words, stance, cite)
    if head[0].system in BILLING and (scope.topic is not Topic.DIAGNOSES or scope.diagnoses):
        outcomes = [*_read_supported(head, scope, cite), *read_codes(about, cell)]
        return outcomes or list(_read_remark(text, about, block, head, Span(separator.end(), block.end), scope, cite))
    column = Column.SPECIALTY if head[0].system is CodeSystem.NUCC else Column.DIAGNOSIS
    described = describe(text, head[0].concepts, Span(last.end, block.end), cite) if _all_drugs(head) else ()
    return [*described, *read_cell(column, cell)]


def _stance_of_box(text: Text, before: str) -> Stance | None:
    """What a box at the head of a line says where others are ticked: an empty one says no only if the document says so."""
    box = _BOX.match(before)
    if box is None or not text.has_any(_TICKED):
        return None
    if box["tick"].strip():
        return Stance(Polarity.AFFIRMED)
    return Stance(Polarity.EXCLUDED) if text.finds(_EMPTY_SAYS_NO) else Stance(doubted=True)


def _read_by_payers(text: Text, head: list[CodeSpan], rest: Span, scope: Scope, cite: Citation) -> list[Outcome] | None:
    """What payers say of the diagnoses of an entry, each for itself: "F20.9 - Humana: yes; Anthem: no"; else None."""
    payers = text.mentions_in(*rest, Kind.PAYER)
    if not payers or head[0].system is not CodeSystem.ICD10CM or text.codes_in(*rest):
        return None
    ends = [*(payer.start for payer in payers[1:]), rest.end]
    outcomes: list[Outcome] = []
    for payer, end in zip(payers, ends, strict=True):
        answer = _ANSWERED.match(text.plain, payer.end, end)
        stance = stance_of(answer["words"], Where.CELL) if answer else Stance()
        if stance.polarity is None:
            return None
        own_scope = scope.for_payer(payer.concept)
        outcomes += [relate(text, own_scope, code, Words(), cite, stance) for span in head for code in span.codes]
    return outcomes if scope.subjects else []


def _read_remark(
    text: Text, about: About, block: Block, head: list[CodeSpan], rest: Span, scope: Scope, cite: Citation
) -> Iterator[Outcome]:
    """What stands behind the code of a drug that is no name of it: "J1437: prior authorization required"."""
    if not _all_drugs(head) or rest.end <= rest.start:
        return
    codes = tuple(dict.fromkeys(concept for span in head for concept in span.concepts))
    yield from read_prose(text, about, text.part(block, *rest), scope.of_own(codes), cite.of_kind("note"))


def _before_name(text: Text, block: Block, code: CodeSpan) -> re.Match[str] | None:
    """The blank between the code of a list item and the name of its drug, where no verb follows."""
    blank = _BLANKS.match(text.plain, code.end, block.end)
    if blank is None or block.kind is not BlockKind.ITEM or FINITE.search(text.small, code.end, block.end):
        return None
    mentions = text.mentions_in(blank.end(), block.end, Kind.DRUG)
    return blank if mentions and mentions[0].start == blank.end() else None


def _before_words(text: Text, block: Block, code: CodeSpan, scope: Scope) -> re.Match[str] | None:
    """The blank between a diagnosis and its name in small letters, in a list of diagnoses: "C43.30 - C43.39 face"."""
    is_listed = block.kind is BlockKind.ITEM and scope.topic is Topic.DIAGNOSES and code.system is CodeSystem.ICD10CM
    if not is_listed or block.end - code.end > _LONGEST_NAME or text.codes_in(code.end, block.end):
        return None
    if _RULES.search(text.small, code.end, block.end) or FINITE.search(text.small, code.end, block.end):
        return None
    return _BLANKS.match(text.plain, code.end, block.end)


def _is_sentence(rest: str, separator: str) -> bool:
    """Whether what follows a code carries on a sentence that the code is the subject of."""
    if separator.strip():
        return False
    return bool(_VERB.match(_FIRST_BRACKET.sub("", rest)) or _AND_MORE.match(rest))


def _words_of_entry(text: Text, start: int, end: int) -> Words:
    """Name and remark of an entry: what stands behind its code."""
    rest = text.plain[start:end]
    remark = _REMARK.search(rest)
    if remark is None:
        words = " ".join(rest.split()).strip(" ()")
        if stance_of(words, Where.CELL).polarity and len(words.split()) <= 6:
            return Words("", words, (start, end))
        return Words(words, "")
    name = " ".join(rest[: remark.start()].split())
    usage = " ".join(remark["remark"].split()).rstrip(")")
    return Words(name or usage, usage, (start + remark.start("remark"), end))


def _is_diagnosis_place(scope: Scope) -> bool:
    """Whether three characters without a dot may be a diagnosis here."""
    if scope.topic is Topic.DIAGNOSES:
        return True
    # A list item of codes, or a line with words of its own behind its code, beside other codes.
    return scope.topic in (Topic.NONE, Topic.CODES, Topic.CLINICAL, Topic.PAYERS) and bool(scope.subjects)


def _several_entries(
    text: Text, about: About, block: Block, scope: Scope, head: CodeSpan, rest: Sequence[CodeSpan]
) -> list[Outcome] | None:
    """What entries with a semicolon between them state: "D70.1 - covered; D61.81 - not covered"."""
    cut = text.plain.find(";", head.end, block.end)
    next_code = next((span for span in rest if span.start > cut >= 0), None)
    if next_code is None or next_code.system is not head.system or text.plain[cut + 1 : next_code.start].strip():
        return None
    first = read_entry(text, about, block._replace(end=cut), scope)
    others = read_entry(text, about, block._replace(start=next_code.start), scope)
    return None if first is None or others is None else [*first, *others]


def _read_supported(head: Sequence[CodeSpan], scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """What the heading above says of the drugs of an entry: a diagnosis supports them, or coverage asks for something."""
    drugs = tuple(dict.fromkeys(c for s in head if len(s.codes) == 1 for c in s.concepts if is_of_drug(c)))
    if drugs and scope.diagnoses:
        yield from (
            Draft(drugs, Relation.SUPPORTED_BY_DIAGNOSIS, Concept.of(c), cite, "diagnosis") for c in scope.diagnoses
        )
    yield from read_heading_above(drugs, scope, cite)


def _all_drugs(spans: list[CodeSpan]) -> bool:
    return bool(spans) and all(len(s.codes) == 1 and s.system in BILLING and is_drug(s.code) for s in spans)


def _read_diagnosis_first(
    text: Text, head: list[CodeSpan], drugs: list[CodeSpan], scope: Scope, cite: Citation
) -> Iterator[Outcome]:
    """ "M06.9: J3262, J1745": the diagnosis stands first, and supports each of the drugs."""
    own_scope = scope._replace(subjects=tuple(dict.fromkeys(span.concept for span in drugs)))
    for span in head:
        for code in span.codes:
            yield relate(text, own_scope, code, Words(), cite, Stance())


def _read_record(text: Text, head: list[CodeSpan], rest: Span, scope: Scope, cite: Citation) -> Iterator[Outcome]:
    """ "J3262, M06.9": a line of codes, whose first is the one that it speaks of."""
    drugs = tuple(dict.fromkeys(c for s in head if len(s.codes) == 1 for c in s.concepts if is_of_drug(c)))
    own_scope = scope.of_own(drugs or scope.subjects)
    yield from describe(
        text, drugs, Span(rest.start, min([s.start for s in text.codes_in(rest.start, rest.end)])), cite
    )
    stance = stance_of(text.words(rest), Where.CELL)
    for span in text.codes_in(rest.start, rest.end):
        for code in span.codes:
            if not (code.system in BILLING and is_drug(code)) and own_scope.subjects:
                yield relate(text, own_scope, code, Words(), cite, stance)


def read_suffix(text: Text, block: Block, scope: Scope) -> Iterator[Outcome]:
    """The modifiers that a line sets right behind its codes: "67028-RT injection, right eye", "J7304U1 patch"."""
    head = first_codes(text, block)
    cite = Citation(block.start, block.end, block, scope.section, "list")
    if len(head) == 1:
        yield from _suffixed(head[0], _SUFFIX.match(text.plain, head[0].end, block.end), cite)
    others = text.codes_in(head[0].end, block.end) if len(head) == 1 else ()
    for span in others if len(others) < _MANY and not _says_no(text, block) else ():
        yield from _suffixed(span, _GLUED_SUFFIX.match(text.plain, span.end, block.end), cite)


def _says_no(text: Text, block: Block) -> bool:
    """Whether a word in a line says no, or may."""
    return any(hit.cue.effect in _NOES for hit in text.cues_in(block.start, block.end))


def _suffixed(span: CodeSpan, suffix: re.Match[str] | None, cite: Citation) -> Iterator[Outcome]:
    """The modifiers right behind one code."""
    if suffix is None or len(span.codes) != 1 or span.system not in BILLING:
        return
    for code in suffix["modifiers"].split("-"):
        if code not in all_modifiers():
            return
        modifier = Concept.of(Code(CodeSystem.MODIFIER, code))
        yield Draft((span.concept,), Relation.ACCEPTS_MODIFIER, modifier, cite, "modifier")


def _read_modifiers(text: Text, block: Block, scope: Scope) -> list[Outcome] | None:
    """A line that begins with modifiers, in a section about them or after the word."""
    match = _MODIFIER.match(text.plain, block.start, block.end) or _MODIFIER_CAPITAL.match(
        text.plain, block.start, block.end
    )
    if match is None or not (scope.topic is Topic.MODIFIERS or match["word"] or _is_among_codes(block, scope, match)):
        return None
    if match["blank"] and (match["word"] or _VERB_NEXT.match(text.small, match.end(), block.end)):
        return None  # A sentence: "JZ is required on J2356".
    rest = " ".join(text.plain[match.end() : block.end].split())
    name, _, remark = rest.partition(";")
    usage = rest if remark or _USE.match(rest) else ""
    words = Words("" if usage and not remark else name, usage, (match.end(), block.end))
    cite = Citation(block.start, block.end, block, scope.section, "list")
    stance = stance_of(usage, Where.CELL)
    if not scope.subjects:
        return []
    return [
        relate(text, scope, Code(CodeSystem.MODIFIER, value), words, cite, stance, condition=usage)
        for value in _TWO.findall(match["codes"])
    ]


def _is_among_codes(block: Block, scope: Scope, match: re.Match[str]) -> bool:
    """Whether a list item sets known modifiers before their names, in a list of codes of all kinds."""
    is_listed = block.kind is BlockKind.ITEM and scope.topic is Topic.CODES and not match["blank"]
    return is_listed and all(value in known_modifiers() and value.isalpha() for value in _TWO.findall(match["codes"]))


def read_running(text: Text, about: About, block: Block, scope: Scope) -> list[Outcome] | None:
    """A line of a list whose columns were lost: names, one code of a drug, and codes that go with it."""
    spans = text.codes_in(block.start, block.end)
    own_codes = dict.fromkeys(s.concept for s in spans if s.start in about.drug_codes)
    others = [s for s in spans if s.codes and not (s.system in BILLING and is_drug(s.code))]
    if len(own_codes) != 1 or not others or not _is_of_codes(text, block.start, block.end):
        return None
    if BUT_NOT.search(text.plain, block.start, block.end):
        return None
    if _RULES.search(text.small, block.start, block.end):
        return None
    if NEW_SENTENCE.search(text.plain, block.start, block.end) or _TELLS.match(text.small, block.start, block.end):
        return None
    first = next(s for s in spans if s.start in about.drug_codes)
    if _VERB.match(text.plain, first.end, block.end):
        return None
    if others[0].start < first.start or ":" in text.plain[block.start : first.start]:
        return None
    cite = Citation(block.start, block.end, block, scope.section, "list")
    record = scope.of_own(tuple(own_codes))
    outcomes: list[Outcome] = list(describe(text, tuple(own_codes), Span(block.start, first.start), cite))
    for span in others:
        stance = _stance_behind(text, span, block.end)
        outcomes += [relate(text, record, code, Words(), cite, stance) for code in span.codes]
    return outcomes


def _is_of_codes(text: Text, start: int, end: int) -> bool:
    """Whether a stretch holds little else than codes and no verb."""
    return end - start <= 400 and not FINITE.search(text.small, start, end)


def _stance_behind(text: Text, span: CodeSpan, end: int) -> Stance:
    """What the words between a code and the next one say of it: "G30.9 ok. G31.84: no!"."""
    next_start = next((code.start for code in text.codes_in(span.end, end)), end)
    words = text.plain[span.end : next_start].strip(" .,;:!()-–—")
    return Stance(stance_of(words, Where.CELL).polarity) if words and len(words) < _LONGEST_NOTE else Stance()
