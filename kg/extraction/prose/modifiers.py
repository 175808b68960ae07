"""Which modifiers a clause says that codes take."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.extraction.draft import Outcome
from kg.extraction.lexicon import Stance, Topic
from kg.extraction.prose.clauses import WHEN, condition_of, is_gone, stance_in
from kg.extraction.prose.sentence import Sentence
from kg.extraction.relations.relating import Words, relate
from kg.extraction.relations.services import is_counseling, is_of_drug, is_visit
from kg.extraction.text.modifiers import NamedModifier, modifiers_in_prose, name_of_modifier
from kg.model import Concept, Kind, Polarity, Strength

_NONE_OF_IT = re.compile(
    r"\b(?:no|not|never|without|neither)\s+(?:modifiers?\s+)?(?:-?\s*\"?[a-z0-9]{2}\"?\s*(?:,|/|\bor\b|\bnor\b|\band\b)\s*(?:n?or\s+)?)*-?\s*\"?$"
)
_WITHOUT = re.compile(
    r"\b(?:without|lacks?|lacking|missing|omit\w*|absent|omission of|absence of|forget\w*|leav(?:e|es|ing) (?:off|out)|"
    r"(?:fail\w*|forget\w*|neglect\w*) to (?:append|report|add|use|include|bill|attach|submit|enter|apply)|"
    r"not (?:appending|reporting|adding|using|including|attaching|entering|applying))[\s*_]+(?:(?:a|an|the|modifiers?|either|required|appropriate)\s+|[a-z0-9]{2}\"?\s*(?:,|or|and)\s*(?:or\s+|and\s+)?)*\"?$"
)
# "Must be billed without modifier 25"
_MUST_LACK = re.compile(
    r"\b(?:must|should|shall|has to|have to|needs? to|only)\b[^.;]*\bwithout[\s*_]+(?:(?:a|an|the|modifiers?)[\s*_]+)*\"?$"
)
_ON_VISIT = re.compile(
    r"[^.;,]{0,25}?\b(?:to|on|onto)\s+(?:the\s+|an?\s+|that\s+)?(?:e/m|e&m|evaluation and management|office visit|visit)\b"
)
# "… accommodate an E&M code with modifier 25"
_VISIT_WITH = re.compile(
    r"\b(?:e/m|e&m|evaluation and management|office visit|visit)\W+(?:(?:codes?|services?|visits?|level)\W+){0,2}(?:billed |reported )?with\W+(?:an? |the )?(?:modifiers?\W+)?$"
)
_GOES_ON = re.compile(
    r"\b(?:on|to|onto|with)\s+(?:the\s+)?(?:procedures?\s+)?(?:codes?\s+)?(?:cpt\s+)?(?:\d{4}[0-9a-z]\s*(?:,|and|or)\s*)*$"
)
# "CPT code 64612 is unilateral; … append modifier 50": it is that of the code.
_FIRST = re.compile(r"(?P<lead>\W*(?:the\s+)?(?:cpt\s+)?(?:codes?\s+)?)\d{4}[\da-z]\s+(?:is|has|may|can|must|should)\b")
_AND_DRUG = re.compile(r"\band\s+(?:on\s+|to\s+)?the\s+drug\b(?!\s+(?:is|are|must|may)\b)")
_IS_MISSING = re.compile(r"\"?\s+(?:is|are|was|were)\s+(?:missing|absent|omitted|left (?:off|out)|forgotten)\b")


def read_modifiers(
    sentence: Sentence, clause: tuple[int, int], subjects: tuple[Concept, ...], *, answered: Stance | None = None
) -> Iterator[Outcome]:
    """Which modifiers a clause says that the subjects take."""
    text = sentence.text
    about = sentence.topic is Topic.MODIFIERS
    modifiers = modifiers_in_prose(text.plain, text.small, (sentence.start, sentence.end), clause, about=about)
    if not modifiers:
        return
    condition = condition_of(sentence, clause)
    when = WHEN.search(text.small, *clause)
    span = (when.start() if when else clause[0], clause[1])
    bearers = _bearers(sentence, clause) or subjects
    scope = sentence.scope._replace(subjects=bearers)
    for modifier in modifiers:
        if is_gone(sentence, modifier.start) or _is_of_either(sentence, modifier.start, bearers):
            continue
        stance = answered or stance_in(sentence, clause, modifier.start, modifier.end)
        if _is_of_visit(sentence, modifier, bearers) and (any(map(is_of_drug, bearers)) or not stance.excludes):
            continue
        own_bearer = _bracketed_bearer(sentence, modifier.start)
        scope = scope._replace(subjects=own_bearer or bearers)
        missing = _IS_MISSING.match(text.small, modifier.end, clause[1])
        if missing or _WITHOUT.search(sentence.before(modifier.start, 60)):
            lacks = _MUST_LACK.search(sentence.before(modifier.start, 200)) is not None
            if not stance.excludes and not lacks:
                continue  # That a claim goes without it says neither yes nor no.
            stance = Stance(Polarity.EXCLUDED) if lacks else Stance(Polarity.AFFIRMED, Strength.REQUIRED)
        elif _NONE_OF_IT.search(sentence.before(modifier.start)):
            if sentence.bracket_around(modifier.start) is not None:
                continue  # "Visit alone (no modifier 25)" tells of a case.
            stance = stance._replace(polarity=Polarity.EXCLUDED)
        words = Words(name_of_modifier(text.plain, modifier.start, clause[1]), condition, span)
        draft = relate(text, scope, modifier.code, words, sentence.cite, stance, condition=condition)
        yield draft._replace(qualifiers=sentence.qualified(draft.relation, clause, draft.qualifiers))


def _is_of_visit(sentence: Sentence, modifier: NamedModifier, subjects: tuple[Concept, ...]) -> bool:
    """Whether a modifier is put on the visit and not on the subjects: "append modifier 25 to the E/M code"."""
    if any(is_visit(code) and not is_counseling(code) for code in subjects):
        return False
    behind = _ON_VISIT.match(sentence.text.small, modifier.end, sentence.end)
    return behind is not None or _VISIT_WITH.search(sentence.before(modifier.start, 70)) is not None


# "Cannot bill with 99213-99215 unless modifier 25": one of the two takes it.
_WITH_ANOTHER = re.compile(
    r"\b(?:cannot|can['’]t|not|never)\s+(?:be\s+)?(?:bill|report)(?:ed)?\s+(?:together\s+)?with\b(?P<what>[^.;]*)\bunless\b[^.;]*$"
)

_SERVICE = re.compile(r"\b\d{4}[\da-z]\b")


def _is_of_either(sentence: Sentence, at: int, bearers: tuple[Concept, ...]) -> bool:
    """Whether a modifier allows a service beside another that is named, without a word of which of them takes it."""
    match = _WITH_ANOTHER.search(sentence.text.small, sentence.start, at)
    if match is None or any(map(is_of_drug, bearers)):
        return False
    others = set(_SERVICE.findall(match["what"])) - {bearer.key.lower() for bearer in bearers}
    return bool(others)


def _bearers(sentence: Sentence, clause: tuple[int, int]) -> tuple[Concept, ...]:
    """The procedures that a clause puts modifiers on: "modifier 50 goes on 67028"."""
    if any(clause[0] <= span.start < clause[1] for span, _ in sentence.drugs):
        return ()
    if (first := _FIRST.match(sentence.small)) and not sentence.drugs:
        at = sentence.start + first.end("lead")
        if own := tuple(c for s, c in sentence.billing if s.start == at and c.kind is Kind.CPT):
            return own
    procedures = [
        concept
        for span, concept in sentence.billing
        if concept.kind is Kind.CPT
        and clause[0] <= span.start < clause[1]
        and _GOES_ON.search(sentence.before(span.start))
    ]
    return () if _AND_DRUG.search(sentence.text.small, *clause) else tuple(dict.fromkeys(procedures))


def _bracketed_bearer(sentence: Sentence, at: int) -> tuple[Concept, ...]:
    """The code that stands right before the brackets in which a modifier stands: "A4355, A4217 (with AU)"."""
    bracket = sentence.bracket_around(at)
    if bracket is None:
        return ()
    before = [concept for span, concept in sentence.billing if span.end <= bracket <= span.end + 2]
    return tuple(before[-1:])
