"""What a clause says by code: procedures, diagnoses and specialties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg import lazy_re as re
from kg.extraction.draft import Outcome
from kg.extraction.lexicon import PLAIN, Effect, Stance, Topic
from kg.extraction.prose.sentence import VERB, Sentence
from kg.extraction.relations.relating import Words, relate
from kg.extraction.relations.services import (
    is_another_visit,
    is_drug,
    is_of_drug,
    is_told,
    service_in,
    service_of,
)
from kg.extraction.text.sentences import clauses
from kg.extraction.text.text import BILLING, CodeSpan
from kg.model import Code, CodeSystem, Concept, Kind, Polarity, Relation, Strength

_IF = re.compile(r"\b(?:when(?:ever)?|if|unless|because|since)\b[^,;]*$")
WHEN = re.compile(r"\b(?:when(?:ever)?|if|unless|once|where|because|since)\b")
_CONDITION = re.compile(
    r"\b(?:when(?:ever)?|if|unless|only|provided that|as long as|in case|once|after|before|for (?:patients|claims|emergen\w+|inpatient\w*|outpatient\w*|members|children|adults|use|the|a|an|each|every|part|parts|waste[d]?|drug|discarded|amounts?|all)(?! following\b))\b[^.;]*"
)
_LINKS = re.compile(
    r"\b(?:for|with|by|under|diagnos\w+|icd\b|icd-?10|dx|cod(?:e|es|ed|ing)|bill\w*|report\w*|support\w*|cover\w*|pa(?:y|ys|id)|us(?:e|es|ed|ing)|treat\w*"
    r"|indicat\w+|requir\w+|accompan\w+|names?|goes|lists?|listed|includ\w+|approv\w+|claims?|pair\w*|link\w*|add\w*|accept\w*|takes?|valid|allow\w*|need\w*)\b"
)
_NO = re.compile(r"\b(?:no|nothing|none|never|neither)\b")
_TOGETHER = re.compile(
    r"\b(?:together|along) with\b|\bin addition to\b|\bpaired?\b|\baccompan|\brelated\b|\bgoes with\b|\b(?:billed|reported|submitted) with\b"
    r"|\badd-?on (?:code )?(?:to|for)\b|\bsame claim as\b"
)
_ADDS_ON = re.compile(r"\badd-?on (?:code )?(?:to|for)\s+(?:cpt |code )*$")
_INSTEAD = re.compile(r"\b(?:instead of|in place of|rather than)\s+(?:cpt\s+)?$")
_ICD = re.compile(r"\bicd\b|icd-?10|\bdiagnos[ie]s\b|\bcodes?\b|\bdx\b")
# What stands beside a diagnosis without a dot: "covered for C19", "J18 does not support it".
_OF_DIAGNOSIS = re.compile(r"(?:\b(?:for|with|by|covers?|covered|supports?|not|and|or|of)|[,/:])\s*$")
_JUDGED = re.compile(r"\W*(?:is|are|does|do|may|can|will|supports?|covered|and|or)\b|\s*,")
_BRACKET = re.compile(r"\s*\((?P<name>[^()]{3,90})\)")
_NUMBER = re.compile(r"\d{4}")
# A later clause without codes of its own that takes back what this one names: "… but do not bill it".
_TAKEN_BACK = re.compile(
    r"\W*(?:but\s+|and\s+)?(?:(?:do|does|should|must|may|can|will)\s*not\b[^.;]*\b(?:it|them|this|the code|the drug)\b|"
    r"(?:it|this|that)\s+(?:is|must|may|should|can)\s+(?:not|never)\b[^.;]*|(?:is|are)\s+(?:not\s+|never\s+|non-?)[^.;]*)"
)
_WHICH = re.compile(r"\s*(?:which|that)\b")
_OWN_VERB = re.compile(
    r"\b(?:is|are|may|must|can|do|does|applies|use|will|wants?|prefers?|asks?|expects?|accepts?|takes?|needs?|requires?|sees?)\b"
)
# "99211 is never reported on the day of 96413": nothing is said of the second.
_ON_DAY = re.compile(r"\bon the (?:same )?(?:day|date)(?: of service)? (?:of|as|with)\s+(?:[\w.]+\s*(?:,|or|and)\s*)*$")
# "Cigna requires prior authorization for M06.9" says when it is asked for, not what it supports.
_ASKED_FOR = re.compile(
    r"\b(?:authorization|approval|precertification|step therapy|review|referral)\s+(?:is (?:not )?(?:required|needed) |(?:required|needed) )?for\s+(?:[a-z]\d[\w.]*\s*(?:,|and|or)\s*)*$"
)
# "Do not bill 99211 alongside 96372": the no is about the first.
_ALONGSIDE = re.compile(
    r"\b\d{4}[0-9a-z]\s+(?:alongside|together with|along with|in addition to|with)\s+(?:cpt )?(?:code )?$"
)
# "For an intravenous push report 96374": the way stands before its code.
_FOR_WAY = re.compile(
    r"(?:^|\b)for (?:an? |the )?[\w ]{4,40},? (?:report|use|bill|code)s? (?:cpt )?(?:codes? )?$"
    r"|(?:^|\b)(?:an? |the )?[\w -]{4,40} (?:injections?|push(?:es)?|infusions?|route|administration|doses?|use) (?:goes|go|is (?:billed|reported|coded)|are (?:billed|reported|coded)|uses?|takes?) (?:with |under |by |as |using )?(?:cpt )?(?:codes? )?$"
)
_RIGHT_AFTER_NOT = re.compile(r"(?:^|[,;(])\s*(?:and |but )?not (?:(?:code|modifier|cpt|icd-10) )?$")
# Without one of these a sentence that does not name the drug says of a code what it is, and not what it goes with.
_BILLS = re.compile(
    r"\b(?:use|uses|used|report\w*|bill\w*|cod(?:e|es|ed|ing)|append\w*|add\w*|administ\w+|administration|given|giv(?:e|es|ing)|submit\w*|with|pair\w*|charge\w*|infus\w+|inject\w+|claim\w*|cover\w*|pa(?:y|ys|id))\b"
)
# "CPT deleted 90782 and 90788"
_ONE_AFTER_ANOTHER = re.compile(r"\W*(?:(?:codes?|cpt|hcpcs)\W+)*(?:[a-z]?\d{4,5}[a-z]?\s*(?:,|and|or|&)\s*)*")
_SERVICE_CODE = re.compile(r"\b(?P<service>[a-z]+) (?:codes?|cpt|cpt codes?|procedures?)\s*:?\s*$")
_REASONS = ("because", "since")
_UNLESS = re.compile(r"\b(?:unless|until)\b")
_TAIL = re.compile(r"[^,;.)(]{0,24}")


class Clause(NamedTuple):
    """A clause, and whom it speaks of where it begins with "which"."""

    span: tuple[int, int]
    antecedent: tuple[Concept, ...] = ()
    of_other: bool = False
    """Whether it speaks of a code that goes with the subject, and not of the subject."""


def split_clauses(sentence: Sentence) -> list[Clause]:
    """The clauses of a sentence: what semicolons, dashes, "but", "which" and a new code with its verb set apart.

    They end where the sentence begins to ask: "check whether prior authorization is required" states nothing.
    """
    question_start = min(
        [hit.start for hit in sentence.hits if hit.cue.effect is Effect.QUESTION], default=sentence.end
    )
    parts = []
    for begin, until in clauses(sentence.small):
        start, end = sentence.start + begin, sentence.start + until
        antecedent: tuple[Concept, ...] = ()
        of_other = False
        if _WHICH.match(sentence.text.small, start, end):
            earlier = [span for span in sentence.codes if span.end <= start]
            drugs = [concept for span, concept in sentence.drugs if earlier and span is earlier[-1]]
            antecedent, of_other = tuple(drugs), bool(earlier) and not drugs
        if start < question_start:
            parts.append(Clause((start, min(end, question_start)), antecedent, of_other))
    return parts


def read_codes(
    sentence: Sentence, clause: tuple[int, int], subjects: tuple[Concept, ...], *, answered: Stance | None = None
) -> Iterator[Outcome]:
    """How the subjects are related to the codes that a clause names."""
    inside = sentence.codes_in(*clause)
    objects = [span for span in inside if span.codes and _is_object(sentence, span, clause, subjects)]
    if not objects:
        return
    main = [span for span in objects if sentence.is_main(clause, span.start)]
    systems = {span.system for span in main}
    when = WHEN.search(sentence.text.small, *clause)
    # A reason is no condition: "never used, since there is no subcutaneous form".
    begin = when.start() if when and when[0] not in _REASONS else clause[1] - 1
    exceptions = _exceptions(sentence, objects, clause) if answered is None else frozenset()
    for span in objects:
        conditional = span.system in systems or (
            span.system in BILLING and _IF.search(sentence.text.small[clause[0] : span.start])
        )
        if answered is None and span not in main and conditional:
            continue  # It is only the condition of another: "96375 when 96365 is billed".
        if len(span.codes) > 1 and exceptions:
            span = span._replace(codes=tuple(code for code in span.codes if code not in exceptions))
        yield from _read_span(sentence, span, clause, (begin, clause[1]), subjects, answered)


def _exceptions(sentence: Sentence, objects: Sequence[CodeSpan], clause: tuple[int, int]) -> frozenset[Code]:
    """The codes that a clause takes out of a range: "D80.0 through D80.9 except D80.6"."""
    if all(len(span.codes) == 1 for span in objects):
        return frozenset()
    singles = (span for span in objects if len(span.codes) == 1)
    return frozenset(span.code for span in singles if stance_in(sentence, clause, span.start, span.end).excludes)


def _read_span(
    sentence: Sentence,
    span: CodeSpan,
    clause: tuple[int, int],
    when: tuple[int, int],
    subjects: tuple[Concept, ...],
    answered: Stance | None,
) -> Iterator[Outcome]:
    condition = condition_of(sentence, clause)
    words = _words(sentence, span, clause, when, condition)
    replaced = _replaced_service(sentence, span, clause[1])
    if replaced and _INSTEAD.search(sentence.before(span.start)):
        return
    service = replaced or _service_beside(sentence, span)
    stance = answered or stance_in(sentence, clause, span.start, span.end)
    scope = sentence.scope._replace(subjects=subjects)
    for code in span.codes:
        if service is None and code.system in BILLING and _is_loose(sentence, code, span, clause, subjects):
            continue
        draft = relate(sentence.text, scope, code, words, sentence.cite, stance, service=service, condition=condition)
        if stance == PLAIN and code.system is CodeSystem.ICD10CM and not _is_linked(sentence, clause):
            draft = draft._replace(doubted=True)
        if code.system in BILLING and (route := _own_route(sentence, span)):
            draft = draft.given_by(route)
        yield draft._replace(qualifiers=sentence.qualified(draft.relation, clause, draft.qualifiers))


def _is_linked(sentence: Sentence, clause: tuple[int, int]) -> bool:
    """Whether a clause, or its section, has a word that a diagnosis goes with a code by: what nobody understands may say no."""
    if sentence.topic is Topic.DIAGNOSES or sentence.is_item:
        return True
    return _LINKS.search(sentence.small) is not None and _NO.search(sentence.text.small, *clause) is None


def stance_in(sentence: Sentence, clause: tuple[int, int], start: int, end: int) -> Stance:
    """What a clause says of a code in it, unless a later one takes it back or an earlier one carries the verb."""
    stance = sentence.stance(clause, start, end)
    if _RIGHT_AFTER_NOT.search(sentence.before(start)):
        return Stance(Polarity.EXCLUDED)  # "M06.9, not M31.6, is covered."
    if stance.excludes and _has_exception(sentence, clause[0]):
        return Stance(Polarity.AFFIRMED, Strength.PERMITTED)  # "Not to be used unless …" is a condition.
    if sentence.last_object < clause[1] and _TAKEN_BACK.match(sentence.text.small, clause[1], sentence.end):
        return Stance(Polarity.EXCLUDED)
    if not stance.says_something and clause[0] > sentence.start and not _OWN_VERB.search(sentence.text.small, *clause):
        head = (sentence.start, clause[0])
        if not sentence.codes or sentence.codes[0].start >= clause[0]:
            return sentence.stance(head, head[1], head[1])
    return stance


def _has_exception(sentence: Sentence, start: int) -> bool:
    """Whether an "unless" stands behind an offset of a sentence."""
    if "unless" not in sentence.small and "until" not in sentence.small:
        return False
    return _UNLESS.search(sentence.text.small, start, sentence.end) is not None


def condition_of(sentence: Sentence, clause: tuple[int, int]) -> str:
    """The "when to use" words of a clause: from its first subordinate part on."""
    condition = sentence.conditions.get(clause)
    if condition is None:  # Looked up once for each code in a clause.
        match = _CONDITION.search(sentence.text.small, *clause)
        condition = " ".join(sentence.text.plain[slice(*match.span())].split()).rstrip(" .,;)") if match else ""
        sentence.conditions[clause] = condition
    return condition


def _own_route(sentence: Sentence, span: CodeSpan) -> Concept | None:
    """The route that is a code's own: its label, the one that it is reported for, or the one right behind: "96372 IM"."""
    if label := _route_of_item(sentence, span):
        return label
    if lead := _FOR_WAY.search(sentence.before(span.start)):
        routes = sentence.text.mentions_in(span.start - len(lead[0]), span.start, Kind.ROUTE)
        return routes[0].concept if routes else None
    tail = _TAIL.match(sentence.text.plain, span.end, sentence.end)
    if tail is None or sentence.text.codes_in(span.end, tail.end()):
        return None
    routes = sentence.text.mentions_in(span.end, tail.end(), Kind.ROUTE)
    return routes[0].concept if routes else None


_ROUTE_LABEL = re.compile(r"[\w ]{0,12}\s*(?:\s[-–—]\s|[:=])\s*(?:cpt\s*)?", re.IGNORECASE)


def _route_of_item(sentence: Sentence, span: CodeSpan) -> Concept | None:
    """The route that is the label of a code: "IM – 96372"."""
    routes = sentence.text.mentions_in(sentence.start, span.start, Kind.ROUTE)
    first = routes[0] if routes else None
    if first is None or first.start - sentence.start > _NEAR:
        return None
    return first.concept if _ROUTE_LABEL.fullmatch(sentence.text.plain, first.end, span.start) else None


_NEAR = 3


def is_gone(sentence: Sentence, at: int) -> bool:
    """Whether a cue right before says that the thing is not used any more, or not instead of another."""
    if any(hit.end <= at < hit.end + 30 for hit in sentence.replacing):
        return True
    ended = [hit.end for hit in sentence.hits if hit.cue.effect is Effect.ENDED and hit.end <= at]
    return bool(ended) and _ONE_AFTER_ANOTHER.fullmatch(sentence.text.small, ended[-1], at) is not None


def _is_object(sentence: Sentence, span: CodeSpan, clause: tuple[int, int], subjects: tuple[Concept, ...]) -> bool:
    """Whether a code stands for something that goes with the subjects, rather than for one of them."""
    about, concept = sentence.about, span.concept
    if concept in subjects or (concept in about.primary and (is_drug(span.code) or set(subjects) & set(about.primary))):
        return False
    if span.system is CodeSystem.ICD10CM and _ASKED_FOR.search(sentence.before(span.start, 90)):
        return False
    if is_gone(sentence, span.start) or _ON_DAY.search(sentence.before(span.start, 60)):
        return False
    if _ALONGSIDE.search(sentence.before(span.start)) and sentence.has(Effect.NO) and any(map(is_of_drug, subjects)):
        return False
    if span.shape == "bare" and len(span.codes) == 1:
        return _is_bare_diagnosis(sentence, span, clause)
    if span.system not in BILLING:
        return span.system in (CodeSystem.ICD10CM, CodeSystem.NUCC)
    if is_drug(span.code) or (sentence.topic is Topic.SIMILAR and any(s.kind is concept.kind for s in subjects)):
        return False
    if _OTHER_THAN.search(sentence.before(span.start, 60)) or _is_of_choice(sentence):
        return False
    if is_another_visit(concept, subjects) and not _ADDS_ON.search(sentence.before(span.start)):
        return False
    return concept not in about.known or not set(subjects) <= set(about.primary)


# "Use with procedure codes other than 64612 or 64615 will not need approval": of neither.
_OTHER_THAN = re.compile(r"\bcodes other than\s+(?:cpt |hcpcs )?(?:[a-z\d]\d{3}[a-z\d]\s*(?:,|/|or|and)\s*)*$")
# "64612 and 64615 are either/or", "… would not be reported together": one beside the other, with no word of a drug.
_OF_CHOICE = re.compile(
    r"\beither\W{1,3}or\b|\b(?:reported|billed|requested|performed|submitted|coded)(?:/\w+)?\s+(?:together(?! with)|with each other)\b"
)
_AT_FIRST = re.compile(r"\W*(?:cpt|procedure)?\s*(?:codes?\s+)?\d{4}[\da-z]\s*(?:,|/|or|and|&)\s*\d{4}[\da-z]\b")


def _is_of_choice(sentence: Sentence) -> bool:
    """Whether a sentence begins with services and tells them apart from each other."""
    return (
        not sentence.drugs
        and _OF_CHOICE.search(sentence.small) is not None
        and _AT_FIRST.match(sentence.small) is not None
    )


def _is_bare_diagnosis(sentence: Sentence, span: CodeSpan, clause: tuple[int, int]) -> bool:
    """Whether three characters without a dot are a diagnosis: the section, a word or a cue of coverage says so."""
    if sentence.topic is Topic.DIAGNOSES or _ICD.search(sentence.small):
        return True
    words_beside = _OF_DIAGNOSIS.search(sentence.before(span.start)) or _JUDGED.match(sentence.text.small, span.end)
    return words_beside is not None and sentence.stance(clause, span.start, span.end).polarity is not None


def _words(sentence: Sentence, span: CodeSpan, clause: tuple[int, int], when: tuple[int, int], condition: str) -> Words:
    """The name in brackets behind a code, and the condition; without a name the clause says what a service is."""
    match = _BRACKET.match(sentence.text.plain, span.end, clause[1])
    name = " ".join(match["name"].split()) if match and not _NUMBER.search(match["name"]) else ""
    clause_text = sentence.text.plain[slice(*clause)]
    usage = condition or (clause_text if span.system in BILLING and not name else "")
    return Words(name, usage, when)


def _replaced_service(sentence: Sentence, span: CodeSpan, end: int) -> Relation | None:
    """What a procedure is for that stands "instead of" another: the same as that one."""
    if span.system not in BILLING:
        return None
    for other in sentence.text.codes_in(span.end, end):
        if (
            other.system is CodeSystem.CPT
            and other.codes
            and _INSTEAD.search(sentence.text.small[span.end : other.start])
        ):
            return service_of(other.code)
    return None


def _service_beside(sentence: Sentence, span: CodeSpan) -> Relation | None:
    """What the word right before a procedure says that it is for: "(injection code 54200)"."""
    if span.system not in BILLING:
        return None
    word = _SERVICE_CODE.search(sentence.before(span.start))
    return service_in(word["service"]) if word else None


def _is_loose(
    sentence: Sentence, code: Code, span: CodeSpan, clause: tuple[int, int], subjects: tuple[Concept, ...]
) -> bool:
    """Whether nothing says that a service goes with the subjects: the sentence may be about something else."""
    small = sentence.text.small
    if sentence.is_loose and not VERB.search(sentence.small):
        return True  # A name with its code, as in an index.
    joined = _TOGETHER.search(small, *clause)
    has_known_use = is_told(code, small[slice(*clause)])
    if has_known_use and joined is None and sentence.is_loose:
        has_known_use = sentence.names(subjects) or _BILLS.search(small, *clause) is not None
    if any(map(is_of_drug, subjects)):
        return not has_known_use and joined is None
    # One service goes with another only where the words join them, the one before and the other behind.
    own_starts = [
        s.start for s, concept in sentence.billing if concept in subjects and clause[0] <= s.start < clause[1]
    ]
    if joined is None:
        return not (has_known_use and service_of(code) is Relation.EVALUATED_WITH)
    return bool(own_starts) and (min(own_starts) < joined.start()) == (span.start < joined.start())
