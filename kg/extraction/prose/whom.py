"""Whom a clause speaks of: the codes that it names or stands for, or what its section is about."""

from __future__ import annotations

from collections.abc import Sequence

from kg import lazy_re as re
from kg.extraction.lexicon import Effect, Topic
from kg.extraction.outline.about import About
from kg.extraction.prose.sentence import VERB, Sentence
from kg.extraction.relations.services import is_drug, is_of_drug
from kg.extraction.text.gazetteer import Mention
from kg.extraction.text.text import BILLING, CodeSpan
from kg.model import CodeSystem, Concept, Kind

_ALL_BUT = re.compile(
    r"\b(?:all|every|each|any)\b[^.;]{0,40}?\b(?:but|except(?: for)?|apart from|other than)\b(?P<codes>[^.;]*)"
)
_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
# "All four codes" and "all four are covered", and not "all four limbs".
_COUNT = (
    rf"{_NUMBER}\b(?=\W*(?:$|[,.;:]|(?:codes?|drugs?|lines?|products?|agents?|rows?|toxins?|biologics?|of|are|is|must|may|can|needs?|requires?|takes?|"
    r"accepts?|shares?|have|go)\b))"
)
_ALL = re.compile(
    rf"\b(?:all|every|each|both|these|any(?= of\b)) (?:(?:of (?:these|the|them) )?(?:\w+ ){{0,2}}"
    r"(?:codes?|drugs?|lines?|products?|agents?|rows?|of them|listed|above|biologics?)\b(?!\s+(?:with|without|that|which|whose|having|requiring|subject to)\b)|"
    rf"(?:of )?(?:these |the |them )?{_COUNT})"
)
_COUNTED = re.compile(rf"\b(?:codes?|lines?|rows?|listed|above|these|them|{_NUMBER})\b")
_OTHERS = re.compile(r"\bthe other (?:\w+ )?(?:codes?|drugs?|products?|lines?)\b|\b(?:all|the) others\b")
_GROUPS = re.compile(r"\bgroups?\s+(\d{1,3}(?:\s*(?:,|and|or|&)\s*\d{1,3})*)")
_DRUG_LINES = re.compile(r"\bdrug (?:lines?|codes?)\b")
_TO_PROCEDURE = re.compile(r"\bto the procedures?(?: codes?)?\b")
# One of these is in all that stands in for codes; most clauses hold none.
_OF_STAND_INS = ("all", "every", "each", "both", "these", "any", "other", "drug ", "procedure")
_NEAR = 30
_NEAR_BEGINNING = 14
_JUDGEMENT = re.compile(
    r"\W*(?:\([^()]*\)\s*)?(?:requires?|needs?|(?:is|are|was|were|will be|may be|can be|must be)\s+(?:\w+\s+){0,2}?"
    r"(?:covered|payable|paid|denied|reimbursed|reimbursable|medically|reasonable|excluded|non-?covered|allowed|eligible))\b"
)
# A drug that something goes through, after or with is not the one that is spoken of.
_OBLIQUE = re.compile(
    r"\b(?:through|with|after|failed|tried|than|like|unlike|such as|(?:trial|failure|use) of)\s+(?:the\s+)?$"
)
_THROUGH = re.compile(
    r"\b(?:step therapy (?:through|with)|(?:trial|failure) of|tried and failed|after failing)\s+[^.;()]{0,60}\(?$"
)
# One of these is in all that goes through a drug.
_OF_STEPS = ("step therapy", "trial of", "failure of", "tried and failed", "after failing")
# "Same diagnoses as A4310": what is referred to is not spoken of.
_SAME_AS = re.compile(
    r"\b(?:than|double|twice|half|identical to|(?:similar|equal) to)\s+(?:the |that of |those of )?$|\bsame\b[^.;:]{0,30}\b(?:as|for)\s+(?:(?:that|those) of\s+)?(?:hcpcs |code )?$"
)
_OF_COMPARISONS = ("same", "than ", "double ", "twice ", "half ", "identical to ", "similar to ", "equal to ")
# "Do not use E1399 for heavy-duty versions" in a section on another code is about that other code.
_NOT_TO_USE = re.compile(
    r"\b(?:do not|don['’]t|cannot|can['’]t|must not|should not)\s+(?:use|bill|report|code|submit)\s+(?:hcpcs |cpt |codes? )*$"
)
_USED_WITH = re.compile(
    r"\W*(?:(?:to be |only )?used|for use|compatible|intended for use)\s+(?:only\s+)?(?:with|in)\b[^.;]*"
)
_NOES = ("not", "don't", "don’t", "can't", "can’t")
_AND = re.compile(r"\s*(?:,|/|and|or|&)?\s*(?:and|or)?\s*")


def subjects_of(sentence: Sentence, start: int, end: int) -> tuple[Concept, ...]:
    """Whom the words between two offsets speak of; nobody where another product is named that has no code here."""
    if codes := _stand_ins(sentence, start, end):
        return codes
    if sentence.about.not_preferred and not sentence.drugs and _OF_NOT_PREFERRED.search(sentence.small):
        return sentence.about.not_preferred
    named_codes = _named_codes(sentence, start, end)
    if named_codes and sentence.cite.kind == "note" and not any(start <= s.start < end for s, _ in sentence.drugs):
        return _of_row(sentence, named_codes)
    if named_codes:
        primary = sentence.about.primary
        if len(primary) == 1 and primary[0] in named_codes and sentence.topic is not Topic.SIMILAR:
            return primary
        return named_codes
    if judged_codes := _judged_codes(sentence, start, end):
        return judged_codes
    if _speaks_of_another(sentence, start, end) or _is_of_some(sentence):
        return ()
    subjects = sentence.scope.subjects
    if any(map(is_of_drug, subjects)):
        return subjects
    return _services_of(sentence, start, end) or subjects


def _services_of(sentence: Sentence, start: int, end: int) -> tuple[Concept, ...]:
    """The services that a clause is about which names no drug, in a section without a subject: the first of those it joins."""
    inside = [
        (s, c)
        for s, c in sentence.billing_in(start, end)
        if not _SAME_AS.search(sentence.before(s.start)) and not _is_remark(sentence, s)
    ]
    inside = list(_of_use(sentence, inside))
    own_subjects = sentence.scope.subjects
    if own_subjects and inside and _USED_WITH.match(sentence.text.small, start, inside[0][0].start):
        return ()  # What a thing is used with is not it.
    if not inside or not VERB.search(sentence.text.small, start, end) or any(is_drug(s.code) for s, _ in inside):
        return ()
    if sentence.has(Effect.ENDED) or any(m.concept.kind is Kind.DRUG for m in sentence.mentions):
        return ()
    if not sentence.is_main((start, end), inside[0][0].start):
        return ()  # "When 80053 is billed with Z00.00 alone" tells of a case.
    if sentence.about.drug_codes and inside[0][0].start - start > _NEAR_BEGINNING:
        return ()  # In a document on drugs it may be one of their services.
    first = _enumerated(sentence, inside, [inside[0][0]])
    rest = inside[len(first) :]
    if len(first) > _MOST_SERVICES:
        return ()
    if rest and not _JOINS.search(sentence.text.small[first[-1][0].end : rest[0][0].start]):
        return ()
    return tuple(dict.fromkeys(c for _, c in first))


# What is asked for before one of the products that are not preferred is approved.
_OF_NOT_PREFERRED = re.compile(
    r"\bnon-? ?preferred (?:products?|agents?|drugs?|medications?|brands?)\b|\bstep therapy (?:applies|is required|requirements?)\b|\bpreferred product requirements\b"
)
_MOST_SERVICES = 6
_FEW_SERVICES = 8
_OF_POLICIES = frozenset({Topic.REQUIREMENTS, Topic.CLINICAL, Topic.PAYERS})
# What joins a service to another, of which it is then said.
_JOINS = re.compile(
    r"\b(?:with|add-?on (?:code )?(?:to|for)|in addition to|same (?:claim|day|date|encounter|visit)(?: of service)? as)"
    r"\s+(?:(?:either|both|the|an?|cpt|hcpcs|codes?|procedures?|modifier \w\w)\s+)*$"
)


def _of_row(sentence: Sentence, codes: tuple[Concept, ...]) -> tuple[Concept, ...]:
    """The subjects of a row whose remark names a drug: those of the row, if they are among the codes of the drug."""
    cite = sentence.cite
    row = [s for s in sentence.text.codes_in(cite.start, cite.end) if s.system in BILLING]
    row_subjects = sentence.scope.subjects or tuple(c for span in row for c in span.concepts)
    return tuple(subject for subject in row_subjects if subject in codes) if row_subjects else codes


def _is_of_some(sentence: Sentence) -> bool:
    """Whether a sentence in a section about several services may be about some of them: it names none."""
    has_several_services = len(sentence.scope.subjects) > 1 and not any(map(is_of_drug, sentence.scope.subjects))
    is_listed = sentence.is_item and sentence.topic in (Topic.DOCUMENTATION, Topic.DENIALS, Topic.CLINICAL)
    return (
        has_several_services
        and not sentence.scope.listed
        and sentence.cite.kind == "prose"
        and sentence.topic is not Topic.MODIFIERS
        and not is_listed
        and not _is_of_policy(sentence)
    )


def _is_of_policy(sentence: Sentence) -> bool:
    """Whether a sentence speaks for all of the few services that a policy is on; one that says no may be about some."""
    about = sentence.about
    if sentence.topic not in _OF_POLICIES:
        return False  # A note may be on one of them.
    is_no = sentence.has(Effect.NO) or sentence.has(Effect.FLAT_NO) or sentence.scope.stance.excludes
    return (
        about.of_policy
        and sentence.scope.subjects == about.primary
        and len(about.primary) <= _FEW_SERVICES
        and not is_no
    )


def _judged_codes(sentence: Sentence, start: int, end: int) -> tuple[Concept, ...]:
    """The services or supplies that a clause begins with and judges: "E0620 and A4257 will be denied as …"."""
    inside = sentence.billing_in(start, end)
    if not inside or inside[0][0].start - start > _NEAR_BEGINNING:
        return ()
    diagnoses = any(span.system is CodeSystem.ICD10CM for span in sentence.codes)
    if inside[0][1].kind is Kind.CPT and any(map(is_of_drug, sentence.scope.subjects)) and not diagnoses:
        return ()  # "99211 is not paid with it" is said of the drug.
    group = _enumerated(sentence, inside, [inside[0][0]])
    judgement = _JUDGEMENT.match(sentence.text.small, group[-1][0].end, end)
    return tuple(dict.fromkeys(c for _, c in group)) if judgement else ()


def names_subject(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a clause itself names whom it speaks of."""
    return bool(_stand_ins(sentence, start, end) or _named_codes(sentence, start, end))


def _named_codes(sentence: Sentence, start: int, end: int) -> tuple[Concept, ...]:
    """The codes, or the codes of the drugs, that the main part of a clause names."""
    inside = sentence.billing_in(start, end)
    if inside and (codes := _named_by_code(sentence, inside, (start, end))):
        return codes
    codes_of_drugs: dict[Concept, None] = {}
    for mention in sentence.mentions:
        if mention.concept.kind is not Kind.DRUG or mention.start < start or mention.end > end:
            continue
        if sentence.brackets and (_is_example(sentence, mention.start) or _names_service(sentence, mention)):
            continue
        if not _OBLIQUE.search(sentence.before(mention.start)):
            codes_of_drugs.update(dict.fromkeys(sentence.about.codes_called(mention.concept)))
    return tuple(codes_of_drugs)


def _named_by_code(
    sentence: Sentence, inside: Sequence[tuple[CodeSpan, Concept]], clause: tuple[int, int]
) -> tuple[Concept, ...]:
    """The codes in a clause that it speaks of: those of its main part before the others, drugs before the rest."""
    about = sentence.about
    if sentence.brackets:
        inside = [(s, c) for s, c in inside if not _is_example(sentence, s.start) and not _is_remark(sentence, s)]
    if any(word in sentence.small for word in _OF_COMPARISONS):
        inside = [(s, c) for s, c in inside if not _SAME_AS.search(sentence.before(s.start))]
    if any(words in sentence.small for words in _OF_STEPS):
        inside = [(s, c) for s, c in inside if not _is_step(sentence, s)]
    inside = _of_use(sentence, inside)
    main = _enumerated(sentence, inside, [s for s, _ in inside if sentence.is_main(clause, s.start)])
    for codes in (main, inside):
        drugs = [c for s, c in codes if s.start in about.drug_codes]
        if concepts := drugs or [c for s, c in codes if not is_drug(s.code) and c in about.known]:
            return tuple(dict.fromkeys(concepts))
    return ()


def _of_use(sentence: Sentence, inside: Sequence[tuple[CodeSpan, Concept]]) -> Sequence[tuple[CodeSpan, Concept]]:
    """The codes of a clause without those that are not to be used, in a section about others."""
    own_subjects = sentence.scope.subjects
    if (
        not own_subjects
        or not any(word in sentence.small for word in _NOES)
        or any(c in own_subjects for _, c in inside)
    ):
        return inside
    return [(s, c) for s, c in inside if not _NOT_TO_USE.search(sentence.before(s.start))]


def _is_example(sentence: Sentence, at: int) -> bool:
    """Whether a code or a name stands in brackets as an example: "billed by J-codes (e.g., J9035 for bevacizumab)"."""
    bracket = sentence.bracket_around(at)
    return bracket is not None and _FOR_EXAMPLE.match(sentence.text.small, bracket) is not None


def _is_remark(sentence: Sentence, span: CodeSpan) -> bool:
    """Whether a code stands in brackets that say more of something else than its name.

    "(another procedure: iridotomy, CPT 66761)", "prescribed medication (pentamidine J2545, treprostinil J7686)"
    """
    bracket = sentence.bracket_around(span.start)
    if bracket is None:
        return False
    if not is_drug(span.code):
        return ":" in sentence.text.small[bracket : span.start]
    inside = sentence.text.mentions_in(bracket, span.start, Kind.DRUG)
    before = sentence.text.mentions_in(max(sentence.start, bracket - _NEAR), bracket, Kind.DRUG)
    return bool(inside) and not before and _OF_MEDICATION.search(sentence.before(bracket)) is not None


_OF_MEDICATION = re.compile(r"\b(?:medications?|drugs?|medicines?|agents?|solutions?|therap(?:y|ies))\s*$")
_FOR_EXAMPLE = re.compile(r"\(\s*(?:e\.?\s?g\b|for example|for instance|such as|like)\b")


def _names_service(sentence: Sentence, mention: Mention) -> bool:
    """Whether a drug stands in the name in brackets behind a procedure: "64615 (onabotulinumtoxinA injection)"."""
    bracket = sentence.bracket_around(mention.start)
    return bracket is not None and any(
        concept.kind is Kind.CPT and not sentence.text.plain[span.end : bracket].strip(" *")
        for span, concept in sentence.billing
        if span.end <= bracket
    )


def _is_step(sentence: Sentence, span: CodeSpan) -> bool:
    """Whether a code is only that of what has to be tried first: "step therapy through iron sucrose (J1756)"."""
    return _THROUGH.search(sentence.before(span.start, 90)) is not None


def _enumerated(
    sentence: Sentence, inside: Sequence[tuple[CodeSpan, Concept]], main: Sequence[CodeSpan]
) -> list[tuple[CodeSpan, Concept]]:
    """The codes of the main part, and those in one enumeration with them: a comma within one ends no clause."""
    groups: list[list[tuple[CodeSpan, Concept]]] = []
    for span, concept in inside:
        last = groups[-1][-1][0] if groups else None
        alike = last is not None and is_drug(last.code) == is_drug(span.code)
        if last and alike and _AND.fullmatch(sentence.text.small, last.end, span.start):
            groups[-1].append((span, concept))
        else:
            groups.append([(span, concept)])
    return [pair for group in groups if any(span in main for span, _ in group) for pair in group]


def _speaks_of_another(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a clause begins with the name of a drug that the document has no code for, or a code out of use."""
    first = next((s for s, _ in sentence.billing_in(start, end)), None)
    if first and is_drug(first.code) and first.start not in sentence.about.drug_codes and first.start - start < _NEAR:
        return True
    mentions = sentence.text.mentions_in(start, end, Kind.DRUG)
    if not mentions or mentions[0].start - start >= _NEAR or _OBLIQUE.search(sentence.before(mentions[0].start)):
        return False  # "Failure of Empaveli" is asked for of the drug that the section is about.
    return not sentence.about.codes_called(mentions[0].concept) and bool(sentence.about.codes_of_drug)


def _stand_ins(sentence: Sentence, start: int, end: int) -> tuple[Concept, ...]:
    """The codes that "all five", "the others", "Group 2" or "the drug lines" stand for."""
    about, small = sentence.about, sentence.text.small
    clause = small[start:end]
    if about.groups and "group" in clause and (match := _GROUPS.search(clause)):
        numbers = map(int, re.findall(r"\d+", match[1]))
        return tuple(dict.fromkeys(c for n in numbers for c in about.groups.get(n, ())))
    if len(about.known) < 2 or not any(word in clause for word in _OF_STAND_INS):
        return ()
    if match := _ALL_BUT.search(clause):
        spans = sentence.text.codes_in(start + match.start("codes"), start + match.end("codes"))
        exceptions = {concept for span in spans for concept in span.concepts}
        return _without(about, exceptions) if exceptions & about.known else ()
    if (quantifier := _ALL.search(clause)) and not any(start <= span.start < end for span, _ in sentence.billing):
        # "All biologics" are more than those of a page that is about none of them; "all five codes" are its own.
        return about.all_codes if about.primary or _COUNTED.search(quantifier[0]) else ()
    if "other" in clause and _OTHERS.search(clause):
        named = {concept for _, concept in sentence.billing}
        return _without(about, named) if not named or named & about.known else ()
    return _lines(about, clause)


def _without(about: About, exceptions: set[Concept]) -> tuple[Concept, ...]:
    return tuple(sorted(concept for concept in about.known if concept not in exceptions))


def _lines(about: About, clause: str) -> tuple[Concept, ...]:
    """The drugs or the procedures, in a document whose codes are both."""
    services = about.services
    if not services or not about.primary or set(services) & set(about.primary):
        return ()
    if "drug " in clause and _DRUG_LINES.search(clause):
        return about.primary
    return services if "procedure" in clause and _TO_PROCEDURE.search(clause) else ()


_SAYS = re.compile(r"\b(?:is|are|was|treats?|covers?|used|given|indicated|approved|for)\b")


def codes_before(sentence: Sentence, at: int) -> list[Concept]:
    """The codes of drugs that stand before an offset, as far back as nothing is said of them but that they are more."""
    codes: list[Concept] = []
    begin = at
    for span, concept in reversed([(span, concept) for span, concept in sentence.drugs if span.end <= at]):
        if codes and _SAYS.search(sentence.text.small, span.end, begin):
            break
        codes.insert(0, concept)
        begin = span.start
    return codes
