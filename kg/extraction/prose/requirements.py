"""What coverage requires, of whom and for whom, and one drug before another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import lazy_re as re
from kg.extraction.draft import Draft, Qualifiers
from kg.extraction.lexicon import Effect, Stance, Topic
from kg.extraction.prose.alternatives import is_alike, is_one_of_several, opens_alternative
from kg.extraction.prose.clauses import condition_of
from kg.extraction.prose.diagnosed import is_diagnosis
from kg.extraction.prose.sentence import Sentence
from kg.extraction.wording.criteria import criterion_in, kept_criteria_in
from kg.extraction.wording.kept_lists import is_outright
from kg.extraction.wording.objects import Worded, requirements_in
from kg.model import Concept, Kind, Polarity, Relation, Strength

STEP = Concept.named(Kind.REQUIREMENT, "step therapy")
# How far into a clause its subject stands.
_HEAD = 20
_CRITERIA = re.compile(
    r"\bcriteri(?:a|on)\b|\bof the following\b|\bfollowing (?:are|is) met\b|\bin the following conditions\b"
)
_EXCLUDING = re.compile(r"\bexclu|\bnot\b|\bdiscontinu|\bnon-?covered|\blimitations?\b")
_WITHOUT = re.compile(r"\b(?:no|(?P<without>without|unless)(?: any)?|not needing)\s+(?:\w+\s+){0,2}$")
# "An exception to the requirement can be made if …", "is not required in the following circumstances".
_WAIVES = re.compile(r"\bexceptions? (?:to|from|can|may|is|are)\b|\bnot required in the following\b")
_IF = re.compile(r"\b(?:if|when|whether)\s+(?:an?\s+|the\s+|no\s+)?$")
_EXCEPT = re.compile(
    r"\bexcept(?:ing)?\b|\bother than\b|\bapart from\b|\b(?:all|every|any|each)\b[^.;,]{0,30}\b(?P<but>but|save)\b"
)
# "All requests, both new starts and reauthorizations": of what something is asked.
_NEW_AND = re.compile(r"\b(?:new|initial)(?: starts?| requests?| patients?)? and (?:for )?$")
# "Not all pumps require prior approval" and "non-covered drugs require review" say neither yes nor no of the subjects.
_OF_SOME = re.compile(
    r"\bnot (?:all|every|each)\b[^.;,]{0,40}\b(?:requires?|needs?|must have)\b[^.;,]*$"
    r"|\b(?:non-?covered|uncovered|denied) (?:\w+ ){1,2}(?:(?:may|will|must) )?(?:requires?|needs?)\b[^.;,]*$"
)
# "A trial of PUVA also counts" names what may stand for what is asked for.
_COUNTS = re.compile(r"\b(?:also |would |will |may )(?:count|satisf|suffice|qualif|meet)\w*")
# "11 years or younger: 1 syringe every 28 days": how much, by age, and no age that is asked for.
_QUANTITY = re.compile(
    r"\b\d+ (?:syringes?|pens?|vials?|doses?|tablets?|capsules?|kits?|injections?|units?|mg)\b[^.;]{0,20}\b(?:per|every|each)\s+\d*\s*(?:day|week|month|year)"
)
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
_OF_PATIENT = re.compile(
    r"\W*(?:[a-z0-9]{1,3}[.)]\s*)?(?:the )?(?:patient|member|individual|medication|drug)(?:'s)? (?:is|has|must|will|does|meets?|experienced|prior)\b.*(?:;|\band\b|\bor\b|\.)\W*(?:and|or)?\s*$"
)
# "Q5101 does not need prior authorization; J1442 does."
_DOES = re.compile(r"\W*(?:hcpcs |code |but |and )*[a-z]\d{4}\s+(?:does|do|is)(?P<no>\s+not|n't)?\W*")
_SHORT = 4
_IN_BRACKETS = re.compile(r"\([^()]*\)?")
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


def read_requirements(
    sentence: Sentence, clause: tuple[int, int], subjects: tuple[Concept, ...], before: Sequence[Draft]
) -> list[Draft]:
    """What coverage requires, and of whom; `before` is what the clause before this one requires.

    A clause such as "but is required for Aetna" says so of what the one before has named.
    """
    if sentence.topic is Topic.SIMILAR or not _asks(sentence) or _WAIVES.search(sentence.small):
        return []
    if sentence.is_of_studies or _COUNTS.search(sentence.small):
        return []
    drafts = list(_requirements(sentence, clause, subjects))
    if not drafts and before and (does := _DOES.fullmatch(sentence.text.small, *clause)):
        polarity = Polarity.EXCLUDED if does["no"] else Polarity.AFFIRMED
        return [draft._replace(subjects=subjects, polarity=polarity, strength=Strength.STATED) for draft in before]
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
    if sentence.topic in (Topic.REQUIREMENTS, Topic.PAYERS) or sentence.scope.of_use or sentence.cite.kind == "note":
        return True
    small = sentence.small
    return any(word in small for word in _ASKING) or ("pa" in small and _PRIOR.search(small) is not None)


def _requirements(sentence: Sentence, clause: tuple[int, int], subjects: tuple[Concept, ...]) -> Iterator[Draft]:
    clause_text = sentence.text.plain[slice(*clause)]
    # "PA" and "Quantity limit (17 doses per lifetime)" in a cell say what is needed.
    is_note = sentence.cite.kind == "note" and len(_IN_BRACKETS.sub("", clause_text).split()) <= _SHORT
    is_criterion = _is_criterion_of_use(sentence)
    about = is_note or is_criterion or sentence.topic in (Topic.REQUIREMENTS, Topic.PAYERS)
    is_listed = is_criterion or (sentence.is_item and sentence.topic is Topic.REQUIREMENTS and not sentence.codes)
    # What is asked for in the section of one use is asked for that.
    use = sentence.scope.section.rstrip(" :") if sentence.scope.of_use and sentence.scope.conditions else ""
    has_draft = False
    of_kind = is_listed and _is_of_kind(sentence)
    if is_listed and opens_alternative(sentence):
        return  # Another of them may be met instead.
    for item in requirements_in(clause_text, about=about, item=is_listed or is_note):
        start, end = clause[0] + item.start, clause[0] + item.end
        if _is_no_requirement(sentence, clause_text, item, is_note=is_note, of_kind=of_kind):
            continue
        if not about and _CODE_BEHIND.match(sentence.text.plain, end):
            continue  # A test with its code is what goes with the drug.
        if _is_field(sentence, start, end) or (not is_note and _is_condition(sentence, clause, start)):
            continue
        stance = _stance_of_requirement(sentence, clause, start, end)
        if not item.listed and stance is not None and stance.excludes:
            continue  # "No prior treatment with it" is asked for as it stands.
        if stance is None or stance.doubted or (item.listed and _is_of_another(sentence, clause, start, subjects)):
            continue
        condition = condition_of(sentence, clause) or _exempted(clause_text) or use
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
    if not has_draft:
        for criterion in _criteria_of_item(sentence, clause, is_listed=is_listed):
            yield Draft(subjects, Relation.COVERAGE_REQUIRES, criterion, sentence.cite, "requirement", condition=use)


def _criteria_of_item(sentence: Sentence, clause: tuple[int, int], *, is_listed: bool) -> tuple[Concept, ...]:
    """What an item of a list of criteria asks for as a whole: entries of the kept list, or its own words."""
    is_first = not sentence.text.plain[sentence.block.start : clause[0]].strip()
    is_item = is_listed or (sentence.is_item and sentence.topic is Topic.REQUIREMENTS)
    if is_first and not is_item and sentence.is_free and _ASKED_OF_PATIENT.match(sentence.small):
        # "Patient must have …" in a section of criteria is one of them.
        is_asked = sentence.topic is Topic.REQUIREMENTS and not sentence.scope.stance.excludes
        return kept_criteria_in(sentence.plain) if is_asked else ()
    if not (is_first and is_item) or not _is_in_list_of_criteria(sentence):
        return ()
    is_whole_block = sentence.block.end - sentence.end < _SHORT
    own = criterion_in(sentence.plain) if is_listed and is_whole_block else None
    own = None if own and is_diagnosis(own) else own
    is_alternative = is_one_of_several(sentence)
    if own and not own.key.startswith(("not-have-", "not-had-", "not-been-", "not-be-")):
        return (
            () if is_alternative and own.key != "age-limit" else (own,)
        )  # Its own words say more than the kind's name.
    kept = kept_criteria_in(sentence.plain)
    if is_alternative:
        return tuple(criterion for criterion in kept if is_alike(sentence, criterion.key))
    return kept or ((own,) if own else ())


_ASKED_OF_PATIENT = re.compile(
    r"\W*(?:\w{1,3}[.)]\s+)?(?:the |an? |each )?(?:patient|member|individual|beneficiary|recipient)s? (?:must|shall|has to|have to|needs? to) "
)
_EXCEPTION_IF = re.compile(r"exceptions?\s*(?:if|when|for|:)", re.IGNORECASE)
# "… with a trial of a tablet, unless there is intolerance": what lets somebody off is not asked for.
_EXCEPTED = re.compile(r"\bunless\b[^;]*$", re.IGNORECASE)


_UNDER_CONDITION = re.compile(r"\b(?:when|if|unless)\b", re.IGNORECASE)


def _is_no_requirement(sentence: Sentence, clause: str, item: Worded, *, is_note: bool, of_kind: bool) -> bool:
    """Whether words are none in the place where they stand: own words in a note, a quantity by age, what lets somebody off."""
    if not item.listed and (is_note or sentence.topic is Topic.DENIALS or of_kind or is_diagnosis(item.concept)):
        return True
    if not item.listed and _UNDER_CONDITION.search(item.concept.name or ""):
        return True  # "Weight management counseling when BMI > 30" is not asked of all.
    if is_note and not _is_outright(clause, item) and not _lists_requirements(sentence):
        return True  # "Imaging" in a cell is asked for only where a column, a verb or "PA" beside it says so.
    if _EXCEPTION_IF.match(clause, item.start):
        return True  # "Exception if the patient has tried another" asks for none.
    return (
        _is_met_otherwise(sentence, item)
        or _is_let_off(clause, item)
        or (item.concept.key == "age-limit" and _QUANTITY.search(clause) is not None)
    )


def _is_met_otherwise(sentence: Sentence, item: Worded) -> bool:
    """Whether an item of criteria is one of several that ask for different things."""
    is_criterion = sentence.is_item and sentence.topic is Topic.REQUIREMENTS
    return is_criterion and is_one_of_several(sentence) and not is_alike(sentence, item.concept.key)


# What other words of an item may say more than.
_BESIDE_OTHERS = frozenset({"failure-of-conventional-therapy", "age-limit"})


def _is_of_kind(sentence: Sentence) -> bool:
    """Whether an item asks for a kind of the kept list, so that other words in it say no more than that."""
    kept = kept_criteria_in(sentence.plain)
    return any(criterion.key not in _BESIDE_OTHERS for criterion in kept) and "diagnosis" not in sentence.small


def _is_let_off(clause: str, item: Worded) -> bool:
    """Whether words name what stands in for a requirement, or what lets somebody off."""
    return (not item.listed and _is_alternative(clause, item)) or _EXCEPTED.search(clause[: item.start]) is not None


# "… or documented intolerance to methotrexate": what stands in for another requirement is none by itself.
_OR_ELSE = re.compile(r"\bor (?:documented |a |an |has |have )*(?:\w+/)?$", re.IGNORECASE)
_STANDS_IN = re.compile(r"(?:intoleran|contraindicat|inadequate|unable)", re.IGNORECASE)


def _is_alternative(clause: str, item: Worded) -> bool:
    """Whether words that no list has stand in for the requirement before them."""
    return _STANDS_IN.match(clause, item.start) is not None and _OR_ELSE.search(clause[: item.start]) is not None


# "Emergent cases may be exempt from prior authorization": of these alone.
_EXEMPTED = re.compile(
    r"\W*(?P<whom>(?:emergen|urgent|inpatient|outpatient|p(?:a|ae)diatric|existing|continuing|current)\w*(?: (?!is\b|are\b|may\b)\w+){0,3}) "
    r"(?:is|are|may be)\b",
    re.IGNORECASE,
)


def _exempted(clause: str) -> str:
    """The cases of which alone a clause says that nothing is asked for."""
    match = _EXEMPTED.match(clause)
    return match["whom"] if match else ""


def _is_outright(text: str, item: Worded) -> bool:
    return is_outright(Kind.REQUIREMENT, text[item.start : item.end], item.concept.key)


def _lists_requirements(sentence: Sentence) -> bool:
    """Whether a cell is a list of which some item is a requirement in any place: "PA; Site of Service"."""
    items = requirements_in(sentence.plain, about=True, item=True)
    return len(items) > 1 and any(_is_outright(sentence.plain, item) for item in items)


def _is_criterion_of_use(sentence: Sentence) -> bool:
    """Whether an item below the uses of a drug says what a patient must be or have: "Patient is ≥ 18 years of age; AND"."""
    is_of_use = sentence.scope.of_use and sentence.topic is Topic.CLINICAL and not sentence.codes
    return is_of_use and not sentence.scope.stance.excludes and _OF_PATIENT.match(sentence.small) is not None


def _is_in_list_of_criteria(sentence: Sentence) -> bool:
    """Whether the item of a list is one of the criteria that its heading or its lead-in says must be met."""
    above = (sentence.text.small[slice(*sentence.scope.lead)], sentence.scope.section.lower())
    excluded = sentence.scope.stance.excludes or any(_EXCLUDING.search(words) for words in above)
    is_among_criteria = (sentence.scope.of_use and sentence.scope.conditions) or _is_criterion_of_use(sentence)
    return not excluded and (bool(is_among_criteria) or any(_CRITERIA.search(words) for words in above))


def _is_field(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a name is that of a field of a form: "Prior Authorization Number"."""
    text = sentence.text
    return _FIELD.match(text.small, end) is not None or _OF_FORM.search(text.plain[start:end]) is not None


def _is_condition(sentence: Sentence, clause: tuple[int, int], at: int) -> bool:
    """Whether a name stands behind an "if": "… even if prior authorization is not required" states nothing."""
    return not sentence.is_main(clause, at) and _IF.search(sentence.before(at)) is not None


def _stance_of_requirement(sentence: Sentence, clause: tuple[int, int], start: int, end: int) -> Stance | None:
    """What a clause says of a requirement; None where it only tells of a case.

    "No prior authorization on file" is why a claim is denied, and "new starts and reauthorizations" are requests.
    """
    if _NEW_AND.search(sentence.before(start)) or _OF_SOME.search(sentence.before(start, 80)):
        return None
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
