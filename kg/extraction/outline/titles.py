"""What the title of a document says that it is about: its first headings, and the labels right below them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import takewhile

from kg import lazy_re as re
from kg.documents import Block, BlockKind
from kg.extraction.lexicon import Where, stance_of
from kg.extraction.outline.descriptors import base_of, names_in_descriptor, released_alone, released_in_use
from kg.extraction.relations.services import is_drug, is_of_drug
from kg.extraction.text.text import BILLING, CodeSpan, Text
from kg.model import Concept, Kind

_TITLED = re.compile(
    r"\b(?:clinical|coverage|authorization|approval|necessity) criteria\b|\bpolic(?:y|ies)\b|\bcoverage determinations?\b|\b[ln]cds?\b|\bcoverage guidelines?\b|\bbilling (?:and|&) coding\b|\bbulletin\b"
)
# "II. Criteria: HCS-0063A", and further down "IV. Applicable codes".
_NUMBERED = r"\W*(?:(?:[ivx]{1,5}|[a-h]|\d{1,2})[.)]\s*)?"
_CRITERIA = re.compile(
    rf"{_NUMBERED}(?:(?:coverage|clinical|policy|medical necessity|approval)\s+)?(?:criteria|guidelines?)\W*(?::|$)"
)
_CODES = re.compile(
    rf"{_NUMBERED}(?:(?:applicable|billing|procedure|relevant|cpt|hcpcs)\b[\s/]*(?:and\s+)?)*(?:codes?|coding)(?:\s+information)?\W*(?::|$)"
)
FIRST = 6
"""So many blocks may be the title of a document, and what stands right below it."""

# "HCPCS/CPT code(s):", "Billing code:", and not "Administration code:", which has an adjective of its own.
_CODE_LABEL = re.compile(
    r"\W*(?:(?:primary|billing|procedure|drug|product|main|accepted|covered|applicable|eligible|approved|relevant|valid|reportable)\s+)?(?:(?:hcpcs|cpt|j|procedure|billing)(?:\b|(?=_))[\s/_-]*)+(?:level ii\s*)?"
    r"(?:codes?)?\s*(?:\(s\))?\W{0,3}[:=]\W*"
)
# "CPT 43644, 43775" alone on its line.
_BARE_CODES = re.compile(r"\W*(?:(?:cpt|hcpcs|codes?)\b[\s/:]*){1,3}(?:[a-v]?\d{4,5}[tu]?\b[\s,;&/]*(?:and\s+)?)+\W*")
_WORD = re.compile(r"\w")
_LABEL = re.compile(r"\W{0,3}[A-Za-z][\w /&()'-]{0,40}:\W{0,3}\s")


def is_titled_policy(text: Text) -> bool:
    """Whether one of the first blocks calls the document a policy, or a determination or an article of a contractor.

    One that has a section of criteria and a section of codes is a policy as well.
    """
    blocks = text.document.blocks
    first = (block for block in blocks[:FIRST] if block.kind is not BlockKind.ITEM)  # A link to a policy is an item.
    if any(_TITLED.search(text.small, block.start, block.end) for block in first):
        return True
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    return all(
        any(pattern.match(text.small, block.start, block.end) for block in headings) for pattern in (_CRITERIA, _CODES)
    )


def billing_codes(spans: Iterable[CodeSpan]) -> list[CodeSpan]:
    """Those of HCPCS and CPT among some codes, each by itself: nothing is about the ends of a range."""
    return [s for s in spans if len(s.codes) == 1 and s.codes[0].system in BILLING]


def weightiest(concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """Of codes listed together, those of drugs are the subjects; else those of HCPCS, if they are the most; else all."""
    unique = list(dict.fromkeys(concepts))
    drugs = [concept for concept in unique if is_of_drug(concept)]
    supplies = [concept for concept in unique if concept.kind is Kind.HCPCS]
    return tuple(drugs or (supplies if 2 * len(supplies) > len(unique) else unique))


def is_title(text: Text, block: Block) -> bool:
    """Whether nothing but headings stands before a heading."""
    blocks = text.document.blocks
    return any(first is block for first in takewhile(lambda first: first.kind is BlockKind.HEADING, blocks[:FIRST]))


def is_marked(text: Text, block: Block) -> bool:
    """Whether the document itself marks a heading as one, and not its shape alone."""
    if text.document.format != "text":
        return True
    line = text.document.text.rfind("\n", 0, block.start) + 1
    return any(mark in text.document.text[line : block.start] for mark in "#*=_")


def codes_in_title(
    text: Text, blocks: Sequence[Block], codes: Mapping[int, CodeSpan]
) -> tuple[tuple[Concept, ...], bool]:
    """Codes in the title, or in one of the headings before much else is said, and whether other headings name others."""
    for number, block in enumerate(_first_headings(blocks)):
        inside = billing_codes(text.codes_in(block.start, block.end))
        if inside and number and stance_of(text.words(block), Where.HEADING).excludes:
            continue  # "Why you cannot use J1080" is about the code that is used instead.
        concepts = [span.concept for span in inside if span.start in codes or not is_drug(span.code)]
        if concepts and (number == 0 or any(map(is_of_drug, concepts))):  # Services count in the title alone.
            return weightiest(concepts), _has_siblings(text, blocks, block, concepts, codes)
    return (), False


def _has_siblings(
    text: Text, blocks: Sequence[Block], block: Block, concepts: Sequence[Concept], codes: Mapping[int, CodeSpan]
) -> bool:
    """Whether other headings of the same level name others: then each is about its own section only."""
    services = not any(map(is_of_drug, concepts))
    flat = text.document.format == "text" and not is_marked(text, block)
    for other in blocks:
        alike = other.level == block.level or (flat and not is_marked(text, other))
        if other.kind is BlockKind.HEADING and alike and other is not block:
            spans = text.codes_in(other.start, other.end)
            billing_spans = [span for span in spans if span.start in codes or (services and span.system in BILLING)]
            if any(len(span.codes) == 1 and span.concept not in concepts for span in billing_spans):
                return True
    return False


def called_in_title(
    text: Text, blocks: Sequence[Block], billed: Mapping[Concept, tuple[Concept, ...]]
) -> tuple[Concept, ...]:
    """The code of the one drug that the title names, be it with its biosimilars or as part of another."""
    for block in _first_headings(blocks):
        drugs = dict.fromkeys(mention.concept for mention in text.mentions_in(block.start, block.end, Kind.DRUG))
        first = base_of(next(iter(drugs))) if drugs else ""
        if drugs and _is_one_of_many(text, blocks, block, first):
            return ()
        if drugs and all(base_of(drug) == first or drug.key.startswith(f"{first}-and-") for drug in drugs):
            drug = next(iter(drugs))
            codes = billed.get(drug, ())
            products = dict.fromkeys(own[0] for drug in drugs if len(own := billed.get(drug, ())) == 1)
            if len(products) > 1 and _has_criteria(text, blocks):
                return tuple(products)  # What a policy asks for is asked for all products in its title.
            if len(codes) == 1:
                return codes
            bills_others = codes or any(is_of_drug(span.concept) for span in billing_codes(text.codes))
            return () if bills_others else _as_released(text, drug) or _as_released_for(text, drug, block)
        if drugs:
            return ()
    return ()


def _is_one_of_many(text: Text, blocks: Sequence[Block], heading: Block, drug: str) -> bool:
    """Whether headings of the same level name other drugs than the one of a heading: each is about its own."""
    for block in blocks:
        if block.kind is not BlockKind.HEADING or block.level != heading.level or block is heading:
            continue
        others = {base_of(mention.concept) for mention in text.mentions_in(block.start, block.end, Kind.DRUG)}
        if others and drug not in others:
            return True
    return False


def _has_criteria(text: Text, blocks: Sequence[Block]) -> bool:
    """Whether a heading says that coverage has criteria, as in the policies of payers."""
    headings = (block for block in blocks if block.kind is BlockKind.HEADING)
    return any(_TITLED.search(text.small, block.start, block.end) for block in headings)


# What is given by a needle or through a line, where the page says so: the same substance in tablets has no code.
_GIVEN_BY_STAFF = re.compile(
    r"\b(?:inject\w*|infus\w*|intraven\w+|subcutan\w+|intramuscul\w+|intravitr\w+|vials?|iv|hcpcs|medical benefit)\b"
)
_TAKEN = re.compile(r"\b(?:tablets?|capsules?|by mouth)\b")
_OF_BIOLOGICS = ("mab", "cept", "ase", "toxina", "toxinb")
# "Pembrolizumab (Keytruda) may be considered medically necessary for …" says what the whole document is about.
_IS_COVERED = re.compile(
    r"\b(?:is|are|may be|can be) (?:considered |deemed )?(?:medically necessary|covered|approved)\b"
)
_NEAR_BEGINNING = 40
_LONGEST_LINE = 120
_LONGEST_TITLE = 160


def subject_of_first_line(text: Text, codes: Mapping[int, CodeSpan]) -> tuple[Concept, ...]:
    """What a document without codes of drugs is about, where no heading says so: the service or the drug of its first line.

    A service counts in a first line that is as short as a title, a drug where one code bills it and it is named most.
    """
    blocks = text.document.blocks
    if codes or not blocks or any(is_of_drug(span.concept) for span in billing_codes(text.codes)):
        return ()
    return _service_of_first_line(text, blocks[0]) or _drug_of_first_line(text, blocks[0]) or _drug_of_verdicts(text)


def _drug_of_verdicts(text: Text) -> tuple[Concept, ...]:
    """The code of the one drug that a policy says is covered, whatever other drugs it names: all its verdicts are on that."""
    if not text.has_any(_VERDICTS) or _TAKEN.search(text.small):
        return ()
    judged: dict[str, tuple[Concept, Block]] = {}
    for block in text.document.blocks:
        verdict = None if block.cells else _IS_JUDGED.search(text.small, block.start, block.end)
        for mention in text.mentions_in(block.start, verdict.start(), Kind.DRUG) if verdict else ():
            if verdict and verdict.start() - mention.start < _NEAR_VERDICT:
                judged.setdefault(base_of(mention.concept), (mention.concept, block))
    if len(judged) != 1:
        return ()
    drug, block = next(iter(judged.values()))
    if not (drug.key.endswith(_OF_BIOLOGICS) or _GIVEN_BY_STAFF.search(text.small)):
        return ()
    return _as_released(text, drug) or _as_released_for(text, drug, block)


_VERDICTS = ("medically necessary", "covered", "approved")
_NEAR_VERDICT = 80
_IS_JUDGED = re.compile(
    r"\b(?:is|are|may be|can be|will be) (?:considered |deemed |proven and )?(?:not )?(?:medically necessary|covered|approved|experimental|investigational)\b"
)


def is_said_first(text: Text, codes: tuple[Concept, ...]) -> bool:
    """Whether the first line, as short as a title, names the one service that a document is about, or says that its drug is covered."""
    first = text.document.blocks[0]
    if is_of_drug(codes[0]):
        return _IS_COVERED.search(text.small, first.start, first.end) is not None or _drug_of_verdicts(text) == codes
    return any(span.concept in codes for span in text.codes_in(first.start, first.end)) and bool(
        _service_of_first_line(text, first)
    )


def _service_of_first_line(text: Text, first: Block) -> tuple[Concept, ...]:
    spans = billing_codes(text.codes_in(first.start, first.end))
    concepts = {span.concept for span in spans}
    if len(concepts) != 1 or first.end - first.start > _LONGEST_LINE or first.cells or text.ends_with(".", first):
        return ()
    counts = Counter(span.concept for span in billing_codes(text.codes))
    return tuple(concepts) if counts.most_common(1)[0][0] in concepts else ()


def _drug_of_first_line(text: Text, first: Block) -> tuple[Concept, ...]:
    mentions = [] if first.cells else text.mentions_in(first.start, first.end, Kind.DRUG)
    drugs = {mention.concept for mention in mentions}
    titled = first.end - first.start < _LONGEST_TITLE and _TITLED.search(text.small, first.start, first.end)
    if len(drugs) != 1 or (mentions[0].start - first.start > _NEAR_BEGINNING and not titled):
        return ()
    drug = next(iter(drugs))
    counts = Counter(base_of(m.concept) for m in text.mentions if m.concept.kind is Kind.DRUG)
    is_most = 2 * counts[base_of(drug)] > counts.total() or _IS_COVERED.search(text.small, first.start, first.end)
    is_given = drug.key.endswith(_OF_BIOLOGICS) or _GIVEN_BY_STAFF.search(text.small) is not None
    if not is_most or not is_given or _TAKEN.search(text.small):
        return ()
    return _as_released(text, drug) or _as_released_for(text, drug, first)


def drugs_of_headings(text: Text) -> dict[Concept, tuple[Concept, ...]]:
    """The code of each drug that alone is named in a heading of a policy without codes of drugs, as the releases have it."""
    found: dict[Concept, tuple[Concept, ...]] = {}
    if not is_titled_policy(text) or not _GIVEN_BY_STAFF.search(text.small) or _TAKEN.search(text.small):
        return found
    for block in text.document.blocks:
        if block.kind is not BlockKind.HEADING or _OF_TEST.search(text.small, block.start, block.end):
            continue
        drugs = {mention.concept for mention in text.mentions_in(block.start, block.end, Kind.DRUG)}
        if len(drugs) == 1 and (code := _as_released(text, next(iter(drugs)))):
            found.update(dict.fromkeys(drugs, code))
    return found


# "Digoxin therapeutic drug assay" is a test.
_OF_TEST = re.compile(r"\b(?:assays?|tests?|testing|levels?|screening|antigens?|antibod\w+|measurements?|monitoring)\b")


def _as_released(text: Text, drug: Concept) -> tuple[Concept, ...]:
    """The one code that bills a drug, unless it is for another way of giving it than the document names."""
    alone = released_alone()
    if drug not in alone:  # "Romosozumab" is romosozumab-aqqg, where no other product has the name.
        products = [product for product in alone if base_of(product) == drug.key]
        if len(products) != 1 or released_in_use().get(drug):
            return ()
        drug = products[0]
    code = alone[drug]
    routes = _routes_beside(text, drug)
    own_routes = {concept for concept in names_in_descriptor(code) if concept.kind is Kind.ROUTE}
    return (code,) if not own_routes or not routes or own_routes & routes else ()


def _routes_beside(text: Text, drug: Concept) -> set[Concept]:
    """The routes that the blocks name in which a drug is named: those of other drugs are no word on it."""
    name = base_of(drug)
    return {
        mention.concept
        for block in text.document.blocks
        if any(base_of(other.concept) == name for other in text.mentions_in(block.start, block.end, Kind.DRUG))
        for mention in text.mentions_in(block.start, block.end, Kind.ROUTE)
    }


def _as_released_for(text: Text, drug: Concept, title: Block) -> tuple[Concept, ...]:
    """The code in use that bills a drug given the one way that a title names: "ustekinumab intravenous infusion"."""
    routes = {mention.concept for mention in text.mentions_in(title.start, title.end, Kind.ROUTE)}
    codes = [code for code in released_in_use().get(drug, ()) if routes & names_in_descriptor(code)]
    return tuple(codes) if len(routes) == len(codes) == 1 else ()


def codes_labelled(text: Text, blocks: Sequence[Block]) -> tuple[Concept, ...]:
    """The codes of lines such as "CPT code: 67028" right below the title, where no later line has others.

    In a policy the one such line there is may stand anywhere. A service counts only where the title names no drug,
    which it may be one of the services of.
    """
    concepts = [concept for block in _before_sections(text, blocks) for concept in _labelled(text, block, alone=True)]
    if not concepts and is_titled_policy(text):
        labels = [found for block in blocks if (found := _labelled(text, block, alone=True))]
        concepts = labels[0] if len(labels) == 1 and any(map(is_of_drug, labels[0])) else []
    if not concepts or any(set(_labelled(text, block)) - set(concepts) for block in blocks):
        return ()
    own_codes = weightiest(concepts)
    title = blocks[0]
    names_drug = bool(text.mentions_in(title.start, title.end, Kind.DRUG))
    return own_codes if any(map(is_of_drug, own_codes)) or not names_drug else ()


def services_labelled(
    text: Text, blocks: Sequence[Block], codes: Mapping[int, CodeSpan]
) -> dict[int, tuple[Concept, ...]]:
    """The services that a label right below a heading says its section is about, by where the heading stands.

    Not where the section has the code of a drug, whose services they may be, or a later label with other codes.
    """
    labels = {
        number: found
        for number, (block, spans) in enumerate(zip(blocks, text.block_codes, strict=True))
        if spans and (found := _labelled(text, block, alone=True))
    }
    numbers, starts = list(labels), sorted(codes)
    sections: dict[int, tuple[Concept, ...]] = {}
    for above, own in _below_headings(text, blocks, labels).items():
        end = next((n for n in range(own[0], len(blocks)) if _ends_section(blocks[n], blocks[above])), len(blocks))
        begin, last = blocks[above].start, blocks[end - 1].end
        if bisect_left(starts, begin) < bisect_left(starts, last):
            continue
        later = numbers[bisect_left(numbers, own[-1] + 1) : bisect_left(numbers, end)]
        others = {concept for number in later for concept in labels[number]}
        for number in reversed(own):
            if others <= set(labels[number]) and not any(map(is_of_drug, labels[number])):
                sections[begin] = weightiest(labels[number])
                break
            others.update(labels[number])
    return sections


def _below_headings(text: Text, blocks: Sequence[Block], labels: Container[int]) -> dict[int, list[int]]:
    """For each heading which of these labels stand below it, with nothing but labels between."""
    below: dict[int, list[int]] = {}
    above: int | None = None
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            above = number
        elif above is not None:
            if number in labels:
                below.setdefault(above, []).append(number)
            above = above if _LABEL.match(text.plain, block.start, block.end) else None
    return below


def _ends_section(block: Block, heading: Block) -> bool:
    return block.kind is BlockKind.HEADING and block.level <= heading.level


def _before_sections(text: Text, blocks: Sequence[Block]) -> list[Block]:
    """The title and what stands below it before the first heading of a section."""
    titles = next((n for n, block in enumerate(blocks) if block.kind is not BlockKind.HEADING), len(blocks))
    last = blocks[titles - 1] if titles > 1 else None
    if (
        last
        and is_marked(text, last)
        and any(b.kind is BlockKind.HEADING and b.level == last.level for b in blocks[titles:])
    ):
        return []  # The second heading is that of the first of several sections.
    sections = (n for n, block in enumerate(blocks) if n > titles and block.kind is BlockKind.HEADING)
    return list(blocks[: min(next(sections, len(blocks)), FIRST)])


def _labelled(text: Text, block: Block, *, alone: bool = False) -> list[Concept]:
    """The codes in a line with such a label; with `alone`, only where no word stands between the two."""
    label = None if block.cells else _CODE_LABEL.match(text.small, block.start, block.end)
    if label is None and alone and not block.cells and _BARE_CODES.fullmatch(text.small, block.start, block.end):
        return [span.concept for span in billing_codes(text.codes_in(block.start, block.end))]
    spans = billing_codes(text.codes_in(block.start, block.end)) if label else []
    if label and spans and alone and _WORD.search(text.small, label.end(), spans[0].start):
        return []
    return [span.concept for span in spans]


def _first_headings(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks[:FIRST] if block.kind is BlockKind.HEADING]
