"""Whom a document speaks of: the codes that it is about, and the drug that each of them bills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kg import lazy_re as re
from kg.documents import Block, BlockKind, Span
from kg.extraction.lexicon import Effect, Hit, Stance
from kg.extraction.outline.descriptors import base_of, drugs_in_descriptor, is_in_use, names_in_descriptor
from kg.extraction.outline.terms import codes_of_past
from kg.extraction.outline.titles import (
    FIRST,
    billing_codes,
    called_in_title,
    codes_in_title,
    codes_labelled,
    is_said_first,
    is_titled_policy,
    subject_of_first_line,
    weightiest,
)
from kg.extraction.relations.drugs import drug_of
from kg.extraction.relations.services import is_of_drug
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import Concept, Kind

_DEFINES = re.compile(
    r"[^\w)]{0,4}(?:\([^)]{0,80}\)\s*)?(?:is(?! (?:not|covered|payable|paid|denied|eligible|considered|required|only)\b)|represents|designates|refers to|identif\w+|describes|stands for|reports|covers|denotes|names|means|was (?:created|established|introduced)|pays for|bills)\b",
    re.IGNORECASE,
)
# "E0779, E0780 and E0791": the last of several.
_LAST_OF_LIST = re.compile(r"(?:,|\band|\bor|/)\s*$")
_MOST = 30
_MOST_DRUGS = 6
_FEW_SERVICES = 3
_REACH = 40
_POLICY = re.compile(
    r"\bpolic(?:y|ies)\b|\bcoverage\b|\bdetermination\b|\barticle\b|\bmedical(?:ly)? necess\w+|\bbilling (?:and|&) coding\b|\bcriteria\b|\bbiosimilars?\b|\bbulletin\b"
)
# In so many characters a document names at least once what it is about.
_STRETCH = 1500
# So many characters of a policy may be about each time that it names one of a list of services.
_LONG_STRETCH = 6000
_BETWEEN_ENDS = re.compile(r"[.;|\n]")
# "J1080 (1 cc, 200 mg). This code was deleted by CMS on …"
_THIS_CODE = re.compile(r"[^.;|\n]{0,90}\.\s+(?:this|that) code (?:was|is|has been)\b[^.;|\n]{0,80}")
_UNSPECIFIC = frozenset(
    ("J3490", "J3590", "J9999", "J7999", "J8499", "J8999", "J7699", "J7799", "C9399", "A9699", "J1599", "J7599")
)


class About(NamedTuple):
    """What a document speaks of."""

    primary: tuple[Concept, ...] = ()
    """The codes that the whole document is about."""
    implied: bool = False
    """Whether neither a title nor a list of codes says so: rows with codes of their own are then about these."""
    known: frozenset[Concept] = frozenset()
    """All codes that anything may be said about."""
    all_codes: tuple[Concept, ...] = ()
    """What "all codes" stands for: those that it is about, or all known ones of a document that tells of little else."""
    codes_of_drug: Mapping[Concept, tuple[Concept, ...]] = {}
    """The codes that bill a drug, as the document itself has it."""
    services: tuple[Concept, ...] = ()
    """Those of CPT among the known codes, in order."""
    drug_codes: Mapping[int, CodeSpan] = {}
    """The codes of drugs that are in use, by where they stand."""
    groups: Mapping[int, tuple[Concept, ...]] = {}
    """The codes of each numbered group of a coverage article; 0 is the list without a number."""
    footnotes: Mapping[str, Stance] = {}
    """What the notes that begin with a mark say of whatever has the mark."""
    own_drugs: frozenset[str] = frozenset()
    """The names, without suffixes, of the drugs that its primary codes bill: by itself or by their descriptors."""

    not_preferred: tuple[Concept, ...] = ()
    """Those of its codes whose rows or lines say that they are not preferred: others have to be tried before them."""

    of_policy: bool = False
    """Whether it is a policy or an article, which says what it says of all the codes that it lists as its own."""

    def is_own(self, drug: Concept) -> bool:
        """Whether a drug is one that the codes of the whole document bill."""
        return base_of(drug) in self.own_drugs

    def drug_spans_in(self, text: Text, start: int, end: int) -> list[CodeSpan]:
        """Where a stretch of the document has codes of drugs that are in use."""
        return [span for span in text.codes_in(start, end) if span.start in self.drug_codes]

    def drug_codes_in(self, text: Text, span: Span | Block) -> tuple[Concept, ...]:
        """The same codes, each once, in order."""
        return tuple(dict.fromkeys(found.concept for found in self.drug_spans_in(text, span.start, span.end)))

    def codes_called(self, drug: Concept) -> tuple[Concept, ...]:
        """The codes that the name of a drug stands for; where the document is about one of several, that one."""
        codes = self.codes_of_drug.get(drug, ())
        return tuple(code for code in codes if code in self.primary) or codes

    def codes_of(self, drug: Concept) -> tuple[Concept, ...]:
        """The same, or what the document is about where it has the name of the drug alone, and not the code beside it."""
        return self.codes_called(drug) or (self.primary if self.is_own(drug) else ())


# A line that begins with a code, and is no paragraph.
_NEAR = 3
_LONGEST = 200
_SETS_OFF = re.compile(r"\s*(?:[:;–—-]|\s{2}|\()")
_NOT_PREFERRED = re.compile(r"\bnon-? ?preferred\b|\bnot preferred\b")


def not_preferred(text: Text, codes: Mapping[int, CodeSpan]) -> tuple[Concept, ...]:
    """The codes of drugs that stand alone in a row or a line which says that it is about one that is not preferred."""
    if not text.has_any(("preferred",)):
        return ()
    found: dict[Concept, None] = {}
    for block, spans in zip(text.document.blocks, text.block_codes, strict=True):
        concepts = {span.concept for span in spans if span.start in codes}
        if len(concepts) == 1 and _NOT_PREFERRED.search(text.small, block.start, block.end):
            found.update(dict.fromkeys(concepts))
    return tuple(found)


def drug_codes(text: Text) -> dict[int, CodeSpan]:
    """The codes of drugs that a document uses, by where they stand: none that has ended or is not to be used."""
    codes = _in_use(text)
    if not codes and is_titled_policy(text):
        # A policy on a drug that has no code of its own yet, in a list of its codes.
        heads = {block.start for block in text.document.blocks}
        codes = {start: span for start, span in _in_use(text, unspecific=True).items() if start in heads}
    if past := codes_of_past(text, codes):
        codes = {start: span for start, span in codes.items() if span.concept not in past}
    if not text.tells_of_ended(0, len(text.plain)):
        return codes
    for row, spans in zip(text.document.blocks, text.block_codes, strict=True):
        if spans and text.tells_of_ended(row.start, row.end) and (row.cells or _is_entry(text, row, spans)):
            inside = [span.start for span in spans if span.start in codes]
            ended = any(hit.cue.effect is Effect.ENDED and hit.cue.before for hit in text.cues_in(row.start, row.end))
            if len(inside) == 1 and ended:  # "J9310 | rituximab | Deleted 12/31/2018"
                del codes[inside[0]]
    return codes


def _is_entry(text: Text, block: Block, spans: Sequence[CodeSpan]) -> bool:
    """Whether a block is a line of a list that begins with its one code: "Q9995: Injection, … (terminated 12/31/2018)"."""
    if not spans or len({span.concepts for span in spans}) > 1 or block.end - block.start > _LONGEST:
        return False
    return spans[0].start - block.start <= _NEAR and _SETS_OFF.match(text.plain, spans[0].end, block.end) is not None


def _in_use(text: Text, *, unspecific: bool = False) -> dict[int, CodeSpan]:
    ends = text.tells_of_ended(0, len(text.plain))
    return {
        span.start: span
        for span in text.codes
        if len(span.codes) == 1
        and span.system in BILLING
        and is_of_drug(span.concept)
        and (unspecific or span.concept.key not in _UNSPECIFIC)
        and not (ends and is_ended(text, span))
    }


def is_ended(text: Text, span: CodeSpan) -> bool:
    """Whether the words around a code say that it is not to be used any more, or not instead of another."""
    if not text.tells_of_ended(span.start - 60, span.end + 160):
        return False
    source = text.document.text
    begin = max(source.rfind(mark, max(0, span.start - 60), span.start) for mark in ".;|\n(") + 1
    begin = max(begin, span.start - 60)
    before = text.cues_in(begin, span.start)
    if any(_is_cue(hit, Effect.ENDED) and hit.cue.after and hit.end >= span.start - _REACH for hit in before):
        return True
    stop = _BETWEEN_ENDS.search(source, span.end, span.end + 160)
    limit = stop.start() if stop else min(len(text.plain), span.end + 160)
    if goes_on := _THIS_CODE.match(text.small, span.end):
        limit = goes_on.end()
    next_start = next((code.start for code in text.codes_in(span.end, limit) if code.system in BILLING), limit)
    after = text.cues_in(span.end, next_start)
    return any(_is_cue(hit, Effect.ENDED) and hit.cue.before and not _negated(text, hit.start) for hit in after)


def _is_cue(hit: Hit, effect: Effect) -> bool:
    return hit.cue.effect is effect


def _negated(text: Text, at: int) -> bool:
    return text.small[max(0, at - 12) : at].rstrip().endswith(("not", "not been", "never"))


def drugs_billed(text: Text, codes: Mapping[int, CodeSpan]) -> dict[Concept, tuple[Concept, ...]]:
    """Which codes bill each drug, where a drug's name stands beside the code."""
    codes_by_drug: dict[Concept, dict[Concept, None]] = {}
    for block, spans in zip(text.document.blocks, text.block_codes, strict=True):
        inside = [span for span in spans if span.start in codes]
        for number, span in enumerate(inside):
            limit = inside[number + 1].start if number + 1 < len(inside) else block.end
            begin = inside[number - 1].end if number else block.start
            for drug in _drugs_of(text, span, begin, limit, alone=len(inside) == 1 and bool(block.cells)):
                codes_by_drug.setdefault(drug, {})[span.concept] = None
    for drug, code in _named_apart(text, codes):
        if drug in codes_by_drug and is_in_use(code) and not any(map(is_in_use, codes_by_drug[drug])):
            codes_by_drug[drug] = {}  # Beside its name stands only the code that it had before.
        codes_by_drug.setdefault(drug, {})
        codes_by_drug[drug] = codes_by_drug[drug] or {code: None}
    return {drug: tuple(billed) for drug, billed in codes_by_drug.items()}


def _named_apart(text: Text, codes: Mapping[int, CodeSpan]) -> Iterator[tuple[Concept, Concept]]:
    """The drugs that a document names, each with the one of its codes whose descriptor names it, wherever that stands."""
    drugs = {mention.concept for mention in text.mentions if mention.concept.kind is Kind.DRUG}
    bills: dict[Concept, list[Concept]] = {}
    for code in dict.fromkeys(Concept.of(span.code) for span in codes.values()) if drugs else ():
        for drug in drugs & names_in_descriptor(code):
            bills.setdefault(drug, []).append(code)
    for drug, candidates in bills.items():
        left = [code for code in candidates if is_in_use(code)] if len(candidates) > 1 else candidates
        if len(left) == 1:
            yield drug, left[0]


def _drugs_of(text: Text, span: CodeSpan, begin: int, limit: int, *, alone: bool) -> Iterator[Concept]:
    if drug_and_name := drug_of(text, span, begin, limit):
        yield drug_and_name[0]
    if alone and text.mentions:  # A row about one code names its drug in a cell of its own.
        mentions = text.mentions_in(begin, limit, Kind.DRUG)
        if len({mention.concept for mention in mentions}) == 1:
            yield mentions[0].concept


def all_codes_of(text: Text, primary: tuple[Concept, ...], known: frozenset[Concept]) -> tuple[Concept, ...]:
    """What "all codes" stands for in a document; none where it goes on about more than its known codes."""
    if primary:
        return primary
    count = sum(any(concept in known for concept in span.concepts) for span in text.codes)
    return tuple(sorted(known)) if len(text.plain) <= _STRETCH * count else ()


def find_primary(
    text: Text,
    blocks: Sequence[Block],
    codes: Mapping[int, CodeSpan],
    groups: Mapping[int, Sequence[Concept]],
    billed: Mapping[Concept, tuple[Concept, ...]],
) -> tuple[tuple[Concept, ...], bool]:
    """What the whole document is about, and whether that is implied alone."""
    titled, siblings = codes_in_title(text, blocks, codes)
    if siblings:
        return (), False
    listed = _of_policy(text, groups, billed)
    if titled or any(map(is_of_drug, listed)):
        return titled or listed, False
    if by_drug_name := called_in_title(text, blocks, billed):
        listed_codes = groups.get(0, ()) or (_in_order(codes) if _of_products(text) else ())
        return _with_products(by_drug_name, listed_codes, billed), False
    if own_codes := codes_labelled(text, blocks) or listed:
        return own_codes, False
    codes = {start: span for start, span in codes.items() if not _is_of_example(text, span)}
    implied = (
        _only_one(codes)
        or _defined(text, blocks, codes)
        or _dominant(text, codes)
        or subject_of_first_line(text, codes)
    )
    in_passing = (
        implied and _is_in_passing(text, implied, drugs_of(implied, billed)) and not is_said_first(text, implied)
    )
    return () if in_passing else implied, True


_EXAMPLE = re.compile(r"\W*(?:for (?:example|instance)|e\.g)\b")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]?\s")
_BEFORE = 160


def _is_of_example(text: Text, span: CodeSpan) -> bool:
    """Whether a code is named as an example: "For example, J3420 is billed for the substance"."""
    before = text.small[max(0, span.start - _BEFORE) : span.start]
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    return _EXAMPLE.match(before, ends[-1] if ends else 0) is not None


def _of_products(text: Text) -> bool:
    """Whether the title says that a policy is about the products of a drug, and not about one alone."""
    title = text.document.blocks[0]
    return _PRODUCTS.search(text.small, title.start, title.end) is not None and is_titled_policy(text)


_PRODUCTS = re.compile(r"\b(?:products|biosimilars|and biosimilar)\b")


def _in_order(codes: Mapping[int, CodeSpan]) -> tuple[Concept, ...]:
    """All codes of drugs in a document, in order."""
    return tuple(dict.fromkeys(codes[start].concept for start in sorted(codes)))


def _with_products(
    codes: tuple[Concept, ...], listed: Sequence[Concept], billed: Mapping[Concept, tuple[Concept, ...]]
) -> tuple[Concept, ...]:
    """The code of the drug in the title, and those of its biosimilars that the document lists among its codes."""
    own_drugs = drugs_of(codes, billed)
    if not set(codes) & set(listed):
        return codes
    products = [code for code in listed if is_of_drug(code) and drugs_of((code,), billed) <= own_drugs]
    return tuple(dict.fromkeys((*codes, *products)))


def drugs_of(codes: Sequence[Concept], billed: Mapping[Concept, tuple[Concept, ...]]) -> frozenset[str]:
    """The names of the drugs that some codes bill: as a document has it, and as their descriptors do."""
    drugs = {drug for drug, its_codes in billed.items() if set(its_codes) & set(codes)}
    for code in codes:
        drugs |= drugs_in_descriptor(code)
    return frozenset(map(base_of, drugs))


def _is_in_passing(text: Text, codes: Sequence[Concept], own_drugs: frozenset[str], stretch: int = _STRETCH) -> bool:
    """Whether a document names codes in passing: seldom for its length, or other drugs more often."""
    counts = Counter(base_of(mention.concept) for mention in text.mentions if mention.concept.kind is Kind.DRUG)
    if not own_drugs & counts.keys():
        # The one named most may be the one that is billed.
        own_drugs = frozenset(drug for drug, _ in counts.most_common(1))
    code_count = sum(any(concept in codes for concept in span.concepts) for span in text.codes) if codes else 0
    own_count = sum(counts[drug] for drug in own_drugs)
    return counts.total() - own_count > code_count + own_count or len(text.plain) > stretch * (code_count + own_count)


def _of_policy(
    text: Text, groups: Mapping[int, Sequence[Concept]], billed: Mapping[Concept, tuple[Concept, ...]]
) -> tuple[Concept, ...]:
    """The codes that a policy lists as its own; one without a number, with few drugs among them, is of all sorts."""
    is_policy = _is_policy if any(map(is_of_drug, groups.get(0, ()))) else is_titled_policy
    if list(groups) == [0] and len(weightiest(groups[0])) > 1 and not is_policy(text):
        return ()  # A list of several codes on any other page is a list of examples.
    candidates: list[Concept] = []
    for number, concepts in groups.items():
        drugs = {concept for concept in concepts if is_of_drug(concept)}
        others = {concept for concept in concepts if concept.kind is Kind.HCPCS} - drugs
        if not number and drugs and len(others) > len(drugs):
            return ()
        candidates += weightiest(concepts)
    own_codes = weightiest(candidates)
    numbered = max(groups, default=0) > 0
    services = not any(map(is_of_drug, own_codes))
    stretch = _STRETCH if len(own_codes) < _FEW_SERVICES else _LONG_STRETCH
    if not numbered and services and _is_in_passing(text, own_codes, frozenset(), stretch):
        return ()  # A service that a long policy names once is an example.
    return (
        own_codes if len(own_codes) <= _MOST and (numbered or len(drugs_of(own_codes, billed)) <= _MOST_DRUGS) else ()
    )


def _is_policy(text: Text) -> bool:
    """Whether one of the first blocks or a heading says that the document is a policy, or an article of a contractor."""
    blocks = text.document.blocks
    titles = [*blocks[:FIRST], *(block for block in blocks if block.kind is BlockKind.HEADING)]
    return any(_POLICY.search(text.small, block.start, block.end) for block in titles)


def _only_one(codes: Mapping[int, CodeSpan]) -> tuple[Concept, ...]:
    """The one code of a drug that the document has anywhere."""
    first = next(iter(codes.values()), None)
    return (first.concept,) if first and all(span.concept == first.concept for span in codes.values()) else ()


def _defined(text: Text, blocks: Sequence[Block], codes: Mapping[int, CodeSpan]) -> tuple[Concept, ...]:
    """The one code that the first blocks define, before any table; no service where the document has drugs."""
    concepts: dict[Concept, None] = {}
    for block in blocks[:12]:
        if block.cells:
            break
        for span in billing_codes(text.codes_in(block.start, block.end)):
            last = _LAST_OF_LIST.search(text.small[max(0, span.start - 6) : span.start])
            if not last and (span.start in codes or not codes) and _DEFINES.match(text.plain, span.end, block.end):
                concepts[span.concept] = None
    return tuple(concepts) if len(concepts) == 1 else ()


def _dominant(text: Text, codes: Mapping[int, CodeSpan]) -> tuple[Concept, ...]:
    """The code of a drug that at least half of all mentions of drug codes are of, outside of tables of many."""
    counts: Counter[Concept] = Counter()
    in_tables: set[Concept] = set()
    for block, spans in zip(text.document.blocks, text.block_codes, strict=True):
        concepts = [span.concept for span in spans if span.start in codes]
        if not block.cells:
            counts.update(concepts)
            continue
        in_tables.update(concepts)
        if len(in_tables) > 1:
            return ()
    if not counts:
        return ()
    code, count = counts.most_common(1)[0]
    return (code,) if 2 * count > counts.total() else ()
