"""What a sentence says in words alone: conditions, documentation, denials, requirements, and one drug before another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.extraction.draft import Draft, Outcome, Qualifiers
from kg.extraction.lexicon import Effect, Hit, Stance, Topic
from kg.extraction.prose.clauses import condition_of
from kg.extraction.prose.sentence import Sentence, codes_before
from kg.extraction.relations.conditions import conditions_after_cues, conditions_named
from kg.extraction.text.sentences import clauses
from kg.extraction.wording.criteria import criterion_in
from kg.extraction.wording.kept_lists import is_outright
from kg.extraction.wording.objects import denials_in, documentation_in, requirements_in
from kg.model import Concept, Kind, Polarity, Relation, Strength

STEP = Concept.named(Kind.REQUIREMENT, "step therapy")
# How far into a cue such as "not indicated for" the word of the condition's own cue may begin.
_CUE = 12
# How far into a clause its subject stands.
_HEAD = 20
_MUST = re.compile(r"\b(?:must|requires?|required|shall|mandatory|needs? to|has to|have to)\b")
_NOT_REQUIRED = re.compile(
    r"\bno\b[^.;]{0,40}\b(?:is|are)\s+(?:required|needed|necessary)\b|\bnot\s+(?:\w+\s+)?(?:required?|need(?:ed)?|necessary)\b"
)
# "Denial Reason 1 - No records were sent", "CO-50: …", "CARC 197 …": what numbers an item is no part of it.
_NUMBER_OF_ITEM = re.compile(
    r"\W*(?:(?:[A-Za-z]+ ){1,2}\d{1,2}\s*[-:–—]\s+|"
    r"(?:(?:CARC|RARC)\s*)?(?:(?:CO|PR|OA|PI|CR)[ -]?\d{1,3}|[MN]A?\d{2,3}|(?<=C )\d{1,3})\b\s*(?:[-:–—(]\s*|\s(?=[a-z])))"
)
_INDICATIONS = re.compile(
    r"indicat|used for|treats|\btreatment of|covered (?:for|conditions|uses|diagnoses)|\b(?:off[- ]label|labell?ed|approved) uses?\b"
)
_OFF_LABEL = re.compile(r"\boff[- ]label\b")
# Sections in which a condition is named for another reason than that the drug is given for it.
_NOT_INDICATIONS = frozenset({
    Topic.SIMILAR, Topic.DENIALS, Topic.DOCUMENTATION, Topic.MODIFIERS, Topic.SPECIALTIES, Topic.PROCEDURES,
    Topic.REQUIREMENTS,
})  # fmt: skip
_INDICATED = re.compile(r"\b(?:indicated|approved|licensed|labell?ed|cleared) (?:\w+ ){0,3}(?:for|in|to treat)\b")
# The title of a study: "Safety and efficacy of romiplostim in patients with …".
_TITLE = re.compile(
    r"\W*(?:\d+\W+)?(?:long-term |clinical |comparative )?(?:safety|efficacy|effectiveness|tolerability|pharmacokinetics|a (?:randomi[sz]ed|phase)|(?:[\w’']+ )?(?:clinical practice )?guid(?:e|elines?) (?:to|for|on)|effects? of|phase [1-4i]+)\b(?!.*\b(?:is|are|was|were|has|have|must|should)\b)"
)
# A criterion says what a patient must have or have tried, not what the drug is for.
_CRITERION = re.compile(
    r"\W*(?:\w{1,3}[.)]\s*)?(?:the |an? )?(?:patient|member|individual|beneficiary|documentation|note|refer|see|evidence|trial|history|diagnosis of)(?!s are (?:adults|children|usually|typically|mostly))s?\b"
)
_MEANT = re.compile(
    r"\b(?:it|this|the (?:drug|code|medication|medicine|product|injection|agent|biologic|device|procedure|item|service|infusion|vaccine|treatment)|treatment|therapy|used|given|uses?|indications?|typical patient|patients?|prescribed|performed|common(?:ly)?)\b"
)
_DISEASES = re.compile(
    r"\b(?:indicat|treat|approved|licensed|label|use|given|patients?|adults?|children|people|those|with|diagnos|manage|prevent|for|itis|osis)"
)
_CRITERIA = re.compile(
    r"\bcriteri(?:a|on)\b|\bof the following\b|\bfollowing (?:are|is) met\b|\bin the following conditions\b"
)
_EXCLUDING = re.compile(r"\bexclu|\bnot\b|\bdiscontinu|\bnon-?covered|\blimitations?\b")
_WITHOUT = re.compile(r"\b(?:no|(?P<without>without|unless)(?: any)?|not needing)\s+(?:\w+\s+){0,2}$")
_DENIED = re.compile(r"den(?:y|ied|ies|ial)|reject|refus|return|recoup|unpaid|not paid|nonpayment|non-payment")
# "Medical records include the physician's office records, hospital records …" says what the word means.
_DEFINES_RECORDS = re.compile(
    r"\brecords? (?:\w+ )?(?:includes?|means?|refers? to|(?:is|are) (?:not )?(?:limited|defined))\b[^.]{0,80}\b(?:records|practitioner|physician|hospital)\b"
)
# "Document #: CC-0029", "Document history": what the document itself is.
_OF_DOCUMENT = re.compile(
    r"\W*document\s*(?:#|:|no\b|number|id\b|history|title|type|version|control|dated?|owner|name|code)"
)
# "An exception to the requirement can be made if …", "is not required in the following circumstances".
_WAIVES = re.compile(r"\bexceptions? (?:to|from|can|may|is|are)\b|\bnot required in the following\b")
_IF = re.compile(r"\b(?:if|when|whether)\s+(?:an?\s+|the\s+|no\s+)?$")
_EXCEPT = re.compile(
    r"\bexcept(?:ing)?\b|\bother than\b|\bapart from\b|\b(?:all|every|any|each)\b[^.;,]{0,30}\b(?P<but>but|save)\b"
)
_ON_CLAIM = re.compile(
    r"\b(?:codes?|claims?|lines?)\b[^.;]{0,60}\b(?:must|should|shall|needs? to)\s+(?:also )?(?:include|contain|list)\b"
)
_RECORDED = re.compile(r"document|record|chart|note")
# One drug that has to be tried before another: the requirement is the second one's.
_FIRST_BEFORE = re.compile(
    r"\b(?:must|should|has to|have to|needs? to|is to)\s+(?:first\s+)?be\s+(?:tried|used|failed|attempted|taken|given)\s+(?:and failed\s+)?(?:first\s+)?before\b|"
    r"\b(?:is|are)\s+(?:the\s+)?(?:required\s+)?first[- ](?:step|line)\b[^.;]{0,30}\bbefore\b|\bfirst\s*,?\s*(?:and\s+)?then\b|\btried\s+(?:first\s+)?before\b|\bprior to\b|\bbefore\b"
)
_BEFORE_IT = re.compile(r"\b(?:before|prior to)\s+(?:approval of\s+|coverage of\s+)?(?:hcpcs |code )?$")
_TRIED = re.compile(r"\b(?:tried|fail\w*|trial)\b")
_AFTER_TRIAL = re.compile(r"\b(?:trial|failure|failed|intolerance|inadequate response|tried)\b[^.;]{0,40}$")
_CARRIED = re.compile(r"\W*(?:it |they )?(?:is|are|not|only|required|needed|mandatory|never|always|for)\b")
_NEITHER = re.compile(r"\s*(?:does|do|did|will|would)(?:\s+not|n't)\W*")
_SHORT = 4
# "Prior Authorization Number": a field of a form.
_FIELD = re.compile(
    r"\s*(?:request\s+)?(?:numbers?|no\b|#|forms?|dates?|status|department|phone|fax|portal|team|staff|specialists?)\b"
)
_OF_FORM = re.compile(r"\b(?:number|date|phone|fax)\W*$", re.IGNORECASE)
_CODE_BEHIND = re.compile(r"[^.;,()]{0,20}\(\s*(?:CPT )?\d{4}[0-9A-Z]\b")
# Plain letters, as they are found many times sooner than by a pattern.
_ASKING = (
    "requir", "authori", "certif", "step", "need", "must", "necess", "limit", "rems", "criteri", "trial", "fail", "enrol",
    "approv", "refer", "before", "review", "prerequisite",
)  # fmt: skip
_PRIOR = re.compile(r"\bpa\b")
_STEP = re.compile(r"\b(?:step|first|tried|trial|fail\w*|before|preferred)\b")


def read_conditions(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """What the subjects are given for, or must not be."""
    aside = sentence.topic in _NOT_INDICATIONS and not (
        sentence.topic is Topic.REQUIREMENTS and _INDICATED.search(sentence.small)
    )
    if (
        aside
        or sentence.is_of_evidence
        or _TITLE.match(sentence.small)
        or (len(sentence.drugs) > _SHORT and not sentence.enumerates())
    ):
        return
    is_listed = _is_in_list_of_indications(sentence)
    if not is_listed and not _DISEASES.search(sentence.small):
        return
    conditions = conditions_after_cues(sentence.plain)
    if not conditions and is_listed:
        conditions = tuple((condition, 0) for condition in conditions_named(sentence.plain))
    for condition, offset in conditions:
        if not is_listed and not _is_indication(sentence, subjects):
            continue
        clause = _clause_at(sentence, offset)
        hits = [hit for hit in sentence.hits if clause[0] <= hit.start < clause[1]]
        if _are_kept_apart(hits):
            continue  # That two drugs are not given together says nothing of what each is given for.
        if any(hit.cue.effect is Effect.TOGETHER for hit in sentence.hits) and sentence.small.startswith("not "):
            continue
        at = sentence.start + offset
        codes = codes_before(sentence, at)
        own_subjects = tuple(concept for concept in codes if concept in subjects) or tuple(codes) or subjects
        stance = sentence.stance(clause, at, at)
        is_negated = any(hit.cue.effect in (Effect.NO, Effect.FLAT_NO) and hit.start <= at + _CUE for hit in hits)
        excluded = is_negated or sentence.scope.stance.excludes
        yield Draft(
            own_subjects, Relation.INDICATED_FOR, condition, sentence.cite, "condition",
            Polarity.EXCLUDED if excluded else Polarity.AFFIRMED, _strength_of_use(sentence, stance, is_listed=is_listed),
        )  # fmt: skip


def _are_kept_apart(hits: Sequence[Hit]) -> bool:
    """Whether the cues of a clause say no to giving two drugs together."""
    together = [hit.start for hit in hits if hit.cue.effect is Effect.TOGETHER]
    return bool(together) and any(hit.cue.effect is Effect.NO and hit.start < together[-1] for hit in hits)


def _is_in_list_of_indications(sentence: Sentence) -> bool:
    """Whether a sentence is an item of a list that its heading or its lead-in calls one of indications."""
    if not sentence.is_item or _CRITERION.match(sentence.small) or sentence.topic is Topic.REQUIREMENTS:
        return False
    if sentence.scope.nested and len(sentence.small.split()) > _SHORT:
        return False  # Below a disease stands what must be shown of it.
    if _INDICATIONS.search(sentence.scope.section.lower()):
        return True
    lead_names_use = _INDICATIONS.search(sentence.text.small, *sentence.scope.lead) is not None
    return lead_names_use and (not sentence.about.implied or _is_led_by_own(sentence))


def _is_led_by_own(sentence: Sentence) -> bool:
    """Whether the lead-in of a list names a subject of the document."""
    start, end = sentence.scope.lead
    names_own_drug = any(
        sentence.about.is_own(mention.concept) for mention in sentence.text.mentions_in(start, end, Kind.DRUG)
    )
    spans = sentence.text.codes_in(start, end)
    return names_own_drug or any(set(span.concepts) & set(sentence.scope.subjects) for span in spans)


def _strength_of_use(sentence: Sentence, stance: Stance, *, is_listed: bool) -> Strength:
    """How a use is said, by the sentence or by what leads in the list: "Off-label uses:"."""
    above = (sentence.text.small[slice(*sentence.scope.lead)], sentence.scope.section.lower())
    off_label = is_listed and any(_OFF_LABEL.search(words) for words in above)
    return Strength.OFF_LABEL if off_label else stance.strength


def _is_indication(sentence: Sentence, subjects: tuple[Concept, ...]) -> bool:
    """Whether a sentence says what the subjects are for: it names them, or says that they are indicated."""
    if sentence.cite.kind != "prose":
        return True
    if _INDICATED.search(sentence.small):
        return True
    if _CRITERION.match(sentence.small):
        return False
    if _INDICATIONS.search(sentence.scope.section.lower()):
        return True
    if sentence.names(subjects):
        return True
    others = any(m.concept.kind is Kind.DRUG for m in sentence.mentions)
    return (
        (not others or sentence.topic is Topic.CLINICAL)
        and _MEANT.search(sentence.small[:60]) is not None
        and len(subjects) == 1
    )


def read_documentation(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """What the record has to hold."""
    about = sentence.topic is Topic.DOCUMENTATION
    is_relevant = about or _RECORDED.search(sentence.small) or _ON_CLAIM.search(sentence.small)
    if not is_relevant or _DEFINES_RECORDS.search(sentence.small):
        return
    if _OF_DOCUMENT.match(sentence.small):
        return
    strength = Strength.REQUIRED if _MUST.search(sentence.small) else Strength.STATED
    span = (sentence.start, sentence.end)
    for item in documentation_in(sentence.plain, about=about, item=sentence.is_item):
        qualifiers = sentence.qualified(Relation.REQUIRES_DOCUMENTATION, span)
        clause = _clause_at(sentence, item.start)
        excluded = _NOT_REQUIRED.search(sentence.text.small, *clause) is not None
        yield Draft(
            subjects, Relation.REQUIRES_DOCUMENTATION, item.concept, sentence.cite, "documentation",
            Polarity.EXCLUDED if excluded else Polarity.AFFIRMED, Strength.STATED if excluded else strength,
            qualifiers=qualifiers,
        )  # fmt: skip


def read_denials(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """What claims are denied for."""
    about = sentence.topic is Topic.DENIALS
    if not about and not _DENIED.search(sentence.small):
        return
    plain = _NUMBER_OF_ITEM.sub("", sentence.plain, count=1) if sentence.is_item else sentence.plain
    for item in denials_in(plain, about=about, item=sentence.is_item):
        qualifiers = sentence.qualified(Relation.DENIED_FOR, (sentence.start, sentence.end))
        yield Draft(subjects, Relation.DENIED_FOR, item.concept, sentence.cite, "denial", qualifiers=qualifiers)


def read_requirements(
    sentence: Sentence, clause: tuple[int, int], subjects: tuple[Concept, ...], before: Sequence[Draft]
) -> list[Draft]:
    """What coverage requires, and of whom; `before` is what the clause before this one requires.

    A clause such as "but is required for Aetna" says so of what the one before has named.
    """
    if sentence.topic is Topic.SIMILAR or not _asks(sentence) or _WAIVES.search(sentence.small):
        return []
    if sentence.is_of_studies:
        return []
    drafts = list(_requirements(sentence, clause, subjects))
    if drafts or not before or not sentence.payers(clause) or not _is_carried(sentence, clause):
        return drafts
    stance = sentence.stance(clause, clause[0], clause[0])
    return [
        draft._replace(
            polarity=stance.polarity or Polarity.AFFIRMED, strength=stance.strength,
            qualifiers=sentence.qualified(Relation.COVERAGE_REQUIRES, clause, sentence.payers(clause)),
        )
        for draft in before
    ]  # fmt: skip


def _is_carried(sentence: Sentence, clause: tuple[int, int]) -> bool:
    """Whether a clause goes on with what the one before it asks for: "but is for Aetna", "Medicaid does not"."""
    if _CARRIED.match(sentence.text.small, *clause):
        return True
    last = sentence.text.mentions_in(*clause, Kind.PAYER)[-1]
    return _NEITHER.fullmatch(sentence.text.small, last.end, clause[1]) is not None


def _asks(sentence: Sentence) -> bool:
    """Whether anything in a sentence may ask for something; most do not, and reading them is slow."""
    if sentence.topic in (Topic.REQUIREMENTS, Topic.PAYERS) or sentence.cite.kind == "note":
        return True
    small = sentence.small
    return any(word in small for word in _ASKING) or ("pa" in small and _PRIOR.search(small) is not None)


def _requirements(sentence: Sentence, clause: tuple[int, int], subjects: tuple[Concept, ...]) -> Iterator[Draft]:
    clause_text = sentence.text.plain[slice(*clause)]
    is_note = sentence.cite.kind == "note" and len(clause_text.split()) <= _SHORT  # "PA" in a cell says what is needed.
    about = is_note or sentence.topic in (Topic.REQUIREMENTS, Topic.PAYERS)
    is_listed = sentence.is_item and sentence.topic is Topic.REQUIREMENTS and not sentence.codes
    has_draft = False
    for item in requirements_in(clause_text, about=about, item=is_listed or is_note):
        start, end = clause[0] + item.start, clause[0] + item.end
        if not item.listed and (is_note or sentence.topic is Topic.DENIALS):
            continue
        if is_note and not is_outright(Kind.REQUIREMENT, clause_text[item.start : item.end], item.concept.key):
            continue  # "Imaging" in a cell is asked for only where a column or a verb says so.
        if not about and _CODE_BEHIND.match(sentence.text.plain, end):
            continue  # A test with its code is what goes with the drug.
        if _is_field(sentence, start, end) or (not is_note and _is_condition(sentence, clause, start)):
            continue
        stance = _stance_of_requirement(sentence, clause, start, end)
        if stance is None or stance.doubted or (item.listed and _is_of_another(sentence, clause, start, subjects)):
            continue
        condition = condition_of(sentence, clause)
        polarity = stance.polarity or Polarity.AFFIRMED
        payers, excepted_payers = _payers_and_excepted(sentence, clause)
        if excepted_payers and stance.excludes and not (sentence.has(Effect.NO) or sentence.has(Effect.FLAT_NO)):
            polarity = Polarity.AFFIRMED  # "Every plan except Cigna asks for it": the exception is the payer's alone.
        draft = Draft(
            subjects, Relation.COVERAGE_REQUIRES, item.concept, sentence.cite, "requirement", polarity, stance.strength,
            condition, sentence.qualified(Relation.COVERAGE_REQUIRES, clause, payers) if payers or not excepted_payers else (),
        )  # fmt: skip
        has_draft = True
        yield draft
        if excepted_payers:  # "… is required, except for Medicare."
            other = Polarity.EXCLUDED if polarity is Polarity.AFFIRMED else Polarity.AFFIRMED
            yield draft._replace(polarity=other, strength=Strength.STATED, qualifiers=excepted_payers)
    is_whole_block = sentence.start == sentence.block.start and sentence.block.end - sentence.end < _SHORT
    first = is_listed and not has_draft and is_whole_block and clause[0] == sentence.start
    if first and _is_in_list_of_criteria(sentence) and (criterion := criterion_in(sentence.plain)):
        yield Draft(subjects, Relation.COVERAGE_REQUIRES, criterion, sentence.cite, "requirement")


def _is_in_list_of_criteria(sentence: Sentence) -> bool:
    """Whether the item of a list is one of the criteria that its heading or its lead-in says must be met."""
    above = (sentence.text.small[slice(*sentence.scope.lead)], sentence.scope.section.lower())
    excluded = sentence.scope.stance.excludes or any(_EXCLUDING.search(words) for words in above)
    return not excluded and any(_CRITERIA.search(words) for words in above)


def _is_field(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a name is that of a field of a form: "Prior Authorization Number"."""
    text = sentence.text
    return _FIELD.match(text.small, end) is not None or _OF_FORM.search(text.plain[start:end]) is not None


def _is_condition(sentence: Sentence, clause: tuple[int, int], at: int) -> bool:
    """Whether a name stands behind an "if": "… even if prior authorization is not required" states nothing."""
    return not sentence.is_main(clause, at) and _IF.search(sentence.before(at)) is not None


def _stance_of_requirement(sentence: Sentence, clause: tuple[int, int], start: int, end: int) -> Stance | None:
    """What a clause says of a requirement; None for "no prior authorization on file", which is why a claim is denied."""
    denied = _WITHOUT.search(sentence.before(start))
    if denied is None:
        return sentence.stance(clause, start, end)
    if sentence.topic is Topic.DENIALS:
        return None
    is_required = denied["without"] and _is_refused(sentence, clause, start)
    return Stance(Polarity.AFFIRMED, Strength.REQUIRED) if is_required else Stance(Polarity.EXCLUDED)


def _is_of_another(sentence: Sentence, clause: tuple[int, int], at: int, subjects: tuple[Concept, ...]) -> bool:
    """Whether a requirement is that of another drug: a clause begins with it, or the subjects stand behind both."""
    before = sentence.text.mentions_in(clause[0], at, Kind.DRUG)
    if any(concept in subjects and clause[0] <= span.start < at for span, concept in sentence.billing):
        return False
    if not before or any(set(sentence.about.codes_called(mention.concept)) & set(subjects) for mention in before):
        return False
    behind = any(concept in subjects and at < span.start < clause[1] for span, concept in sentence.billing)
    return behind or before[0].start - clause[0] < _HEAD


def _is_refused(sentence: Sentence, clause: tuple[int, int], at: int) -> bool:
    """Whether a clause says no to what goes without something: "not covered without", unlike "covered without"."""
    return any(
        hit.cue.effect in (Effect.NO, Effect.FLAT_NO) and "without" not in hit.cue.phrase
        for hit in sentence.hits
        if clause[0] <= hit.start < clause[1] and not hit.start <= at < hit.end
    ) or any(hit.cue.phrase.startswith(("never", "do not", "don't", "cannot")) for hit in sentence.hits)


def _payers_and_excepted(sentence: Sentence, clause: tuple[int, int]) -> tuple[Qualifiers, Qualifiers]:
    """The payers for whom a clause speaks, and those whom it excepts."""
    match = _EXCEPT.search(sentence.text.small, *clause)
    if match is None:
        return sentence.payers(clause), ()
    excepted_payers = sentence.payers((match.start("but") if match["but"] else match.start(), clause[1]))
    return tuple(payer for payer in sentence.payers(clause) if payer not in excepted_payers), excepted_payers


def read_steps(sentence: Sentence) -> Iterator[Draft]:
    """Step therapy: of two drugs the second one requires the first."""
    if len(sentence.drugs) != 2 or not _STEP.search(sentence.small):
        return
    (first, _), (second, later) = sentence.drugs
    between = sentence.text.small[first.end : second.start]
    target = None
    if _BEFORE_IT.search(sentence.before(first.start)) and _TRIED.search(between):
        target = sentence.drugs[0][1]
    elif _FIRST_BEFORE.search(between):
        target = later
    elif _AFTER_TRIAL.search(between) and ("require" in between or "after" in between):
        target = sentence.drugs[0][1]
    if target is None:
        return
    condition = " ".join(sentence.text.plain[first.start : second.end].split())
    yield Draft(
        (target,), Relation.COVERAGE_REQUIRES, STEP, sentence.cite, "requirement", strength=Strength.REQUIRED, condition=condition,
        qualifiers=sentence.qualified(Relation.COVERAGE_REQUIRES, (sentence.start, sentence.end)),
    )  # fmt: skip


def _clause_at(sentence: Sentence, offset: int) -> tuple[int, int]:
    for start, end in clauses(sentence.small):
        if start <= offset < end:
            return sentence.start + start, sentence.start + end
    return sentence.start, sentence.end
