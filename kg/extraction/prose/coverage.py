"""What a sentence says in words alone: conditions, documentation and reasons for denial."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import lazy_re as re
from kg.extraction.draft import Draft, Outcome
from kg.extraction.lexicon import Effect, Hit, Stance, Topic
from kg.extraction.prose.alternatives import is_one_of_several
from kg.extraction.prose.sentence import Sentence
from kg.extraction.prose.whom import codes_before
from kg.extraction.relations.conditions import (
    VERDICT_GOES_ON,
    conditions_named,
    conditions_of_heading,
)
from kg.extraction.relations.services import is_administration, is_of_drug
from kg.extraction.relations.spelled_out import conditions_for, spelled_out
from kg.extraction.text.sentences import clauses
from kg.extraction.wording.objects import denials_in, documentation_in
from kg.model import Concept, Kind, Polarity, Relation, Strength

# How far into a cue such as "not indicated for" the word of the condition's own cue may begin.
_CUE = 12
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
    r"indicat|used for|treats|\btreatment of|covered (?:for|conditions|uses|diagnoses)|\b(?:conditions|uses) (?:not )?(?:covered|recommended|approved)\b|\b(?:off[- ]label|labell?ed|approved) uses?\b"
)
_OFF_LABEL = re.compile(r"\boff[- ]label\b")
# Sections in which a condition is named for another reason than that the drug is given for it.
_NOT_INDICATIONS = frozenset({
    Topic.SIMILAR, Topic.DENIALS, Topic.DOCUMENTATION, Topic.MODIFIERS, Topic.SPECIALTIES, Topic.PROCEDURES,
    Topic.REQUIREMENTS,
})  # fmt: skip
_INDICATED = re.compile(
    r"\b(?:(?:contra)?indicated|approved|licensed|labell?ed|cleared) (?:\w+ ){0,3}(?:for|in|to treat)\b"
    rf"|\b(?:not covered|non-covered|not medically necessary|experimental|investigational|unproven)\W+{VERDICT_GOES_ON}\b"
)
# The title of a study: "Safety and efficacy of romiplostim in patients with …".
_TITLE = re.compile(
    r"\W*(?:\d+\W+)?(?:long-term |clinical |comparative )?(?:safety|efficacy|effectiveness|tolerability|pharmacokinetics|a (?:randomi[sz]ed|phase)|(?:[\w’']+ )?(?:clinical practice )?guid(?:e|elines?) (?:to|for|on)|effects? of|phase [1-4i]+)\b(?!.*\b(?:is|are|was|were|has|have|must|should)\b)"
)
# "Caution should be used in patients with a latex allergy" tells for whom it is not.
_CAUTION = re.compile(
    r"\b(?:caution|precautions?|warnings?) (?:should|must|is|are|when|in|for|with|against)\b|\buse with caution\b|\bcautiously\b"
)
# "Use of another agent that is labeled for …"
_OF_ANOTHER = re.compile(
    r"\b(?:another|alternative|different|preferred|other) (?:\w+[ -]){0,4}(?:agents?|drugs?|biologics?|products?|therap(?:y|ies)) (?:that|which) (?:is|are) (?:fda[- ])?(?:labell?ed|approved|indicated)\b"
)
# What a test is good for is no use of the drug that it looks for.
_MONITORS = re.compile(
    r"\b(?:useful|helpful|performed|measured) (?:for|in|to) (?:the )?(?:monitor|diagnos|detect|screen)\w*"
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
_DENIED = re.compile(
    r"den(?:y|ied|ies|ial)|reject|refus|return|recoup|unpaid|not paid|nonpayment|non-payment|\b(?:any|all) other (?:use|indication|condition|diagnos)"
)
# "Medical records include the physician's office records, hospital records …" says what the word means.
_DEFINES_RECORDS = re.compile(
    r"\brecords? (?:\w+ )?(?:includes?|means?|refers? to|(?:is|are) (?:not )?(?:limited|defined))\b[^.]{0,80}\b(?:records|practitioner|physician|hospital)\b"
)
# "Document #: CC-0029", "Document history": what the document itself is.
_OF_DOCUMENT = re.compile(
    r"\W*document\s*(?:#|:|no\b|number|id\b|history|title|type|version|control|dated?|owner|name|code)"
)
# "1. No order on file. Fix: send the order. The supplier cannot deliver without it."
_REMEDY = re.compile(
    r"(?<!\w)(?:fix|solutions?|resolution|remedy|corrective action|prevention|how to (?:fix|avoid|prevent))\W{0,4}:"
)
_LONGEST_LABEL = 20
_ON_CLAIM = re.compile(
    r"\b(?:codes?|claims?|lines?)\b[^.;]{0,60}\b(?:must|should|shall|needs? to)\s+(?:also )?(?:include|contain|list)\b"
)
# An item of a list of requirements that asks for records: "Documentation of two failed preventives".
_OPENS_RECORD = re.compile(
    r"\W*(?:(?:supporting|clinical|medical|written|submission of|office|chart|progress)\s+)*(?:documentation|records?|chart notes?|notes?|proof|letter)\s+(?:of|showing|that|documenting|demonstrating|supporting|from|confirming|indicating)\b"
)
_RECORDED = re.compile(r"document|record|chart|note")
_QUOTES = ('"', "“", "'", "‘")
_SHORT = 4


# "… when ALL of the following are met:" below a heading that is nothing but a disease.
_MET = re.compile(
    r"\b(?:following|these)\b[^.]{0,40}\b(?:met|satisfied|apply|applies|criteria)\b|\bcriteria\b[^.]{0,30}\bmet\b"
)


def _read_heading_of_criteria(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Draft]:
    """The disease that heads a list of criteria: what is asked for is asked for that use."""
    scope = sentence.scope
    leads = sentence.is_free and scope.conditions and _MET.search(sentence.small)
    if not leads or sentence.topic is not Topic.REQUIREMENTS or scope.stance.excludes or sentence.has(Effect.NO):
        return
    for condition in scope.conditions:
        yield Draft(subjects, Relation.INDICATED_FOR, condition, sentence.cite, "condition")


def read_conditions(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """What the subjects are given for, or must not be."""
    yield from _read_heading_of_criteria(sentence, subjects)
    aside = sentence.topic in _NOT_INDICATIONS and not (
        sentence.topic in (Topic.REQUIREMENTS, Topic.DENIALS)
        and (_INDICATED.search(sentence.small) or _is_use_among_criteria(sentence))
    )
    if (
        aside
        or sentence.is_of_evidence
        or _TITLE.match(sentence.small)
        or _CAUTION.search(sentence.small)
        or (len(sentence.drugs) > _SHORT and not sentence.enumerates())
    ):
        return
    is_listed = _is_in_list_of_indications(sentence)
    if not is_listed and not _DISEASES.search(sentence.small):
        return
    short_forms = sentence.text.short_forms
    conditions = conditions_for(sentence.plain, short_forms)
    if not conditions and is_listed:
        conditions = tuple((condition, 0) for condition in conditions_named(spelled_out(sentence.plain, short_forms)))
    if conditions and (_MONITORS.search(sentence.small) or _OF_ANOTHER.search(sentence.small)):
        return
    for condition, offset in conditions:
        if not is_listed and not _is_indication(sentence, subjects):
            continue
        clause = _clause_at(sentence, offset)
        hits = [hit for hit in sentence.hits if clause[0] <= hit.start < clause[1]]
        if _are_kept_apart(hits):
            continue  # That two drugs are not given together says nothing of what each is given for.
        if sentence.has(Effect.TOGETHER) and (sentence.small.startswith("not ") or sentence.scope.stance.excludes):
            continue
        at = sentence.start + offset
        codes = codes_before(sentence, at)
        own_subjects = tuple(concept for concept in codes if concept in subjects) or tuple(codes) or subjects
        stance = sentence.stance(clause, at, at)
        is_negated = any(hit.cue.effect in (Effect.NO, Effect.FLAT_NO) and hit.start <= at + _CUE for hit in hits)
        excluded = is_negated or sentence.scope.stance.excludes
        yield Draft(
            own_subjects, Relation.INDICATED_FOR, condition, sentence.cite, "condition",
            Polarity.EXCLUDED if excluded else Polarity.AFFIRMED, _strength_of_use(sentence, stance, at, is_listed=is_listed),
        )  # fmt: skip


def _are_kept_apart(hits: Sequence[Hit]) -> bool:
    """Whether the cues of a clause say no to giving two drugs together."""
    together = [hit.start for hit in hits if hit.cue.effect is Effect.TOGETHER]
    return bool(together) and any(hit.cue.effect is Effect.NO and hit.start < together[-1] for hit in hits)


def _is_in_list_of_indications(sentence: Sentence) -> bool:
    """Whether a sentence is an item of a list that its heading or its lead-in calls one of indications."""
    if sentence.is_free and sentence.topic is Topic.CLINICAL and sentence.scope.of_use:
        return bool(conditions_of_heading(sentence.plain))  # The next below one whose shape is that of a heading.
    if _is_use_among_criteria(sentence):
        return True
    if not sentence.is_item or _CRITERION.match(sentence.small) or sentence.topic is Topic.REQUIREMENTS:
        return False
    if sentence.plain[:1] in _QUOTES or _names_another(sentence):
        return False  # What a note may say, or a use of the code that stands behind it.
    if sentence.scope.nested and len(sentence.small.split()) > _SHORT:
        return False  # Below a disease stands what must be shown of it.
    if _INDICATIONS.search(sentence.scope.section.lower()):
        return True
    lead = sentence.text.small[slice(*sentence.scope.lead)]
    lead_names_use = _INDICATIONS.search(lead) is not None or _LEADS_USES.search(lead.rstrip(" :\n")) is not None
    return lead_names_use and (not sentence.about.implied or _is_led_by_own(sentence))


# "… may be considered medically necessary for any of the following conditions:"
_LEADS_USES = re.compile(
    r"\b(?:medically necessary|covers?|covered|approv\w+|considered|indicated)\b[^.]*\bfollowing (?:\w+ ){0,2}(?:conditions|indications|diagnos[ei]s|diseases|uses)\b[^.]{0,30}$"
)


def _is_use_among_criteria(sentence: Sentence) -> bool:
    """Whether an item in a section of criteria is one of the uses that its lead-in promises, and no criterion of one."""
    if not sentence.is_item or sentence.scope.nested or _CRITERION.match(sentence.small) or _names_another(sentence):
        return False
    lead = sentence.text.small[slice(*sentence.scope.lead)].rstrip(" :\n")
    return sentence.topic is Topic.REQUIREMENTS and _LEADS_USES.search(lead) is not None


def _names_another(sentence: Sentence) -> bool:
    """Whether an item names codes, and none that its section is about: "Subungual hematoma (11740)"."""
    named = {concept for _, concept in sentence.billing}
    return bool(named) and named.isdisjoint((*sentence.scope.subjects, *sentence.about.primary))


def _is_led_by_own(sentence: Sentence) -> bool:
    """Whether the lead-in of a list names a subject of the document."""
    start, end = sentence.scope.lead
    names_own_drug = any(
        sentence.about.is_own(mention.concept) for mention in sentence.text.mentions_in(start, end, Kind.DRUG)
    )
    spans = sentence.text.codes_in(start, end)
    return names_own_drug or any(set(span.concepts) & set(sentence.scope.subjects) for span in spans)


# "Atypical hemolytic uremic syndrome", "a rare disease": so is the disease, and not its treatment.
_RARE_DISEASE = re.compile(
    r"\b(?:atypical|rare|uncommon) (?:\w+ ){0,3}(?:syndromes?|diseases?|disorders?|\w+(?:itis|osis|emia|oma|pathy|algia))\b"
)
# "Covered for anemia and for off-label use in heart failure": what is off the label is the other use.
_OTHER_USE = re.compile(r"\b(?:and|or|but) (?:also )?(?:for|in)\b[^.;]{0,40}\boff[- \u2011]?label\b")


def _strength_of_use(sentence: Sentence, stance: Stance, at: int, *, is_listed: bool) -> Strength:
    """How a use is said, by the sentence or by what leads in the list: "Off-label uses:"."""
    above = (sentence.text.small[slice(*sentence.scope.lead)], sentence.scope.section.lower())
    if is_listed and any(_OFF_LABEL.search(words) for words in above):
        return Strength.OFF_LABEL
    if stance.strength is Strength.OFF_LABEL and _OTHER_USE.search(sentence.small, at - sentence.start):
        return Strength.STATED
    if stance.strength is Strength.ATYPICAL and _RARE_DISEASE.search(sentence.small):
        return Strength.STATED
    return stance.strength


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
    opens = sentence.is_item and sentence.topic is Topic.REQUIREMENTS and _OPENS_RECORD.match(sentence.small)
    about = sentence.topic is Topic.DOCUMENTATION or bool(opens)
    is_relevant = about or _RECORDED.search(sentence.small) or _ON_CLAIM.search(sentence.small)
    if not is_relevant or _DEFINES_RECORDS.search(sentence.small):
        return
    if _OF_DOCUMENT.match(sentence.small) or sentence.topic is Topic.SIMILAR or _asks_for_no_record(sentence):
        return
    strength = Strength.REQUIRED if _MUST.search(sentence.small) else Strength.STATED
    span = (sentence.start, sentence.end)
    whom = _FOR_WHOM.match(sentence.small)
    is_given = any(is_of_drug(subject) or is_administration(subject) for subject in subjects)
    for item in documentation_in(sentence.plain, about=about, item=sentence.is_item):
        if _LET_OFF.search(sentence.small[: item.start]) or (item.concept.key in _OF_DOSES and not is_given):
            continue
        if not item.listed and _is_finding(sentence.small, item.start):
            continue  # "Documentation of implant failure, loosening or another complication": none by itself.
        if whom and item.end <= whom.end():
            continue  # "For tobacco users, documentation of counseling"
        if _HENCE.match(sentence.small, item.start) or any(
            case.start() <= item.start and item.end <= case.end() for case in _CASE.finditer(sentence.small)
        ):
            continue
        qualifiers = sentence.qualified(Relation.REQUIRES_DOCUMENTATION, span)
        clause = _clause_at(sentence, item.start)
        if _NOT_ENOUGH.search(sentence.small, item.end):
            continue
        excluded = _NOT_REQUIRED.search(sentence.text.small, *clause) is not None
        yield Draft(
            subjects, Relation.REQUIRES_DOCUMENTATION, item.concept, sentence.cite, "documentation",
            Polarity.EXCLUDED if excluded else Polarity.AFFIRMED, Strength.STATED if excluded else strength,
            qualifiers=qualifiers,
        )  # fmt: skip


# "No further documentation needed for the folding kind", "Can be billed for a replacement".
_NO_MORE = re.compile(
    r"\bno (?:additional|further|other|extra|special|specific) (?:documentation|records?|documents)\b"
)
_BILLS = re.compile(
    r"\W*(?:it |this |they )?(?:can|may|must|should|is|are)(?: not)? (?:be )?(?:billed|covered|reimbursed|paid|ordered)\b"
)


def _asks_for_no_record(sentence: Sentence) -> bool:
    """Whether a sentence asks for nothing to be written down, though it stands where others do."""
    if _NO_MORE.search(sentence.small) or (_BILLS.match(sentence.small) and not _RECORDED.search(sentence.small)):
        return True
    above = (sentence.text.small[slice(*sentence.scope.lead)], sentence.scope.section.lower())
    if sentence.is_item and sentence.topic is Topic.REQUIREMENTS and is_one_of_several(sentence):
        return True
    return sentence.is_item and any(_OF_VERDICT.search(words) for words in above)


# "… is medically necessary when documentation shows a failure such as:": what follows are findings, and no records.
_OF_VERDICT = re.compile(
    r"\b(?:necessary|covered|approved|indicated)\b[^.;]{0,40}\b(?:when|if|where|provided)\b[^.;]{0,40}\b(?:documentation|records?|documented)\b"
)
_OR_OTHER = re.compile(r"[^.;:]*,? or (?:an)?other\b")
_BEHIND_OR = re.compile(r"\bor (?:an)?other $")


def _is_finding(small: str, at: int) -> bool:
    """Whether words are one of several findings of which any will do: "implant failure, or another complication"."""
    return _OR_OTHER.match(small, at) is not None or _BEHIND_OR.search(small, 0, at) is not None


# "… unless there is intolerance or pregnancy": what lets somebody off is not to be recorded.
_LET_OFF = re.compile(r"\bunless\b[^;.]*$")
# What is recorded of a drug that is given, and of no device.
_OF_DOSES = frozenset({"dosing-frequency", "infusion-rate", "dose-administered"})
# "A letter alone does not satisfy this requirement."
_NOT_ENOUGH = re.compile(
    r"\b(?:(?:do(?:es)?|will|would) not|cannot|never)\s+(?:\w+\s+)?(?:satisfy|suffice|meet|qualify|count)\b|\b(?:is|are) (?:not (?:\w+\s+)?(?:sufficient|acceptable|accepted|enough)|insufficient|unacceptable)\b"
)
_HENCE = re.compile(r"(?:hence|therefore|thus|consequently|so that)\b")
# "Since it is a vial, if any portion of the drug is discarded, the record must …"
_CASE = re.compile(r"[,;]\s+(?:if|when|where)\s[^,;.]{3,100},\s*(?=the |an? |this |your )")
_FOR_WHOM = re.compile(r"\W*(?:[\w /&-]{3,60}:\s+)?(?:for|in|if|when|among|before|after)\b[^,;.]{3,100},\s*(?=\w)")


def read_denials(sentence: Sentence, subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """What claims are denied for."""
    about = sentence.topic is Topic.DENIALS
    yield from _read_flat_no(sentence)
    if not about and not _DENIED.search(sentence.small):
        return
    if _REMEDY.search(sentence.text.small, sentence.block.start, sentence.start + _LONGEST_LABEL):
        return
    plain = _NUMBER_OF_ITEM.sub("", sentence.plain, count=1) if sentence.is_item else sentence.plain
    for item in denials_in(plain, about=about, item=sentence.is_item):
        qualifiers = sentence.qualified(Relation.DENIED_FOR, (sentence.start, sentence.end))
        yield Draft(subjects, Relation.DENIED_FOR, item.concept, sentence.cite, "denial", qualifiers=qualifiers)


# "Injectafer is not covered.", "J3490 is non-covered by this plan."
_NOT_COVERED = re.compile(
    r"\W*(?:\w{1,3}[.)]\s+)?[^.;:,]{2,80} (?:is|are) (?:not (?:a )?(?:covered|payable|reimbursable|reimbursed)|non-?covered)"
    r"(?: (?:service|benefit|drug|product|item|(?:by|under) (?:the|this|any) (?:plan|policy|benefit)))?s?\W*"
)
_NONCOVERED = Concept(Kind.DENIAL, "noncovered-service", "not covered")


def _read_flat_no(sentence: Sentence) -> Iterator[Draft]:
    """The codes, or the codes of the drugs, of which a whole sentence says no more than that they are not covered."""
    if "cover" not in sentence.small and "reimburs" not in sentence.small and "payable" not in sentence.small:
        return
    if not _NOT_COVERED.fullmatch(sentence.small) or _OF_A_USE.search(sentence.small):
        return
    if any(mention.concept.kind in (Kind.ROUTE, Kind.PLACE) for mention in sentence.mentions):
        return  # "Subcutaneous J3262 is not covered" says no to one way of giving it.
    drugs = [m.concept for m in sentence.mentions if m.concept.kind is Kind.DRUG]
    codes = [concept for _, concept in sentence.billing] or [c for d in drugs for c in sentence.about.codes_of(d)]
    codes = codes or list(sentence.scope.listed)
    if codes and len(sentence.codes) == len(sentence.billing):
        qualifiers = sentence.qualified(Relation.DENIED_FOR, (sentence.start, sentence.end))
        yield Draft(
            tuple(dict.fromkeys(codes)),
            Relation.DENIED_FOR,
            _NONCOVERED,
            sentence.cite,
            "denial",
            qualifiers=qualifiers,
        )


# "J0897 for any other use is not covered" says no to that use alone, and a combination of drugs is neither of them.
_OF_A_USE = re.compile(
    r"\b(?:for|in|with|when|if|other|use|uses|than|without|more|some|combin\w+|unless|replac\w+|doses?|units?|amounts?|waste\w*|discard\w*)\b"
)


def _clause_at(sentence: Sentence, offset: int) -> tuple[int, int]:
    for start, end in clauses(sentence.small):
        if start <= offset < end:
            return sentence.start + start, sentence.start + end
    return sentence.start, sentence.end
