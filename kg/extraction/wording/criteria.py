"""A criterion in its own words: what an item of a list of criteria says of the patient, the drug or the disease."""

from __future__ import annotations

from functools import cache, lru_cache

from kg import lazy_re as re
from kg import resources
from kg.extraction.lexicon.phrases import pattern_of
from kg.extraction.relations.conditions import conditions_of_heading
from kg.extraction.text.folding import fold
from kg.extraction.wording.vocabulary import group, words_of
from kg.model import Concept, Kind, slug

# Whom a criterion speaks of, and the verbs before what it says of them.
_OF_WHOM = re.compile(
    r"\W*(?:\w{1,4}[.)]\s+)?(?:documentation (?:of|that)\s+)?"
    r"(?:(?:the |an? |this )?(?:patient|member|individual|beneficiary|recipient|enrollee|child|adult)s?\s+)?"
    r"(?:(?:must|should|shall|will|has to|have to|needs? to)\s+)?"
    r"(?:(?:also|either|currently|previously|is|are|be|do|does|has|have|had|been|being|documented)\s+)*(?:(?:at|a|an|the)\s+(?!least\b))*"
)
_END = re.compile(r"\s*[;,.]?(?:\s*\b(?:and|or|and/or)\b)?(?:\s*\(?\b[ivx]{1,4}[.)])?\s*$", re.IGNORECASE)
_MARKS = re.compile(r"\s*(?:\[[\d,\s–-]+\]|[†‡*§]+(?:\s*\d+(?:\s*,\s*\d+)*\s*$)?)")
# What takes a criterion back, points elsewhere or asks: neither is stated in the words of the item alone.
_NO_CRITERION = re.compile(
    r"\b(?:not|no|never|none|without|neither|nor|cannot|unless|when|if|except|exclud\w+|this|these|that|those|such|other|refer|see|note|notes|"
    r"examples?|e\.g|the following|following (?:criteria|conditions|are|is)|"
    r"section|appendix|policy|approve[ds]?|approval|authorization|coverage|covered|requests?|reviewed|duration|denied|discontinu\w+|mg|every)\b|[:?]"
)
# A measure with its limit, or a word for what patients have, had or are.
_TELLING = re.compile(
    r"(?:[<>≥≤]|\b(?:least|than|below|above|minimum|exceeds?|under|over)\b)\s*(?:[a-z]+\s+){0,3}\d|\d\S*\s+(?:\S+\s+){0,2}or (?:more|less|greater|higher|older|fewer)\b|"
    r"\b(?:risk|taking|receiving|treated|tried|failed|response|intoleran\w+|contraindicat\w+|severe|moderate|active|refractory|relapsed|"
    r"prescri\w+|stable|confirmed|progress\w+|candidate|ineligible|resistan\w+|pregnan\w+|menopaus\w+|mutation|positive|negative|monotherapy|"
    r"score of|performance status|prior (?:systemic )?(?:treatments?|therap(?:y|ies)))\b|^(?:not|no) "
)
_DENIED = re.compile(r"(?:not|no)\s+(?:had\s+|have\s+)?(?:an?\s+)?", re.IGNORECASE)
_AGE = re.compile(r"\b\d+ (?:years?|months?)(?: of age| old)\b")
# What is said in brackets only explains.
_IN_BRACKETS = re.compile(r"\s*\((?!s\))[^()]*\)")
_FEWEST, _MOST = 2, 15
# "Individual is greater than or equal to six (6) years of age", "Age ≥ 18 years", "> 18 years of age".
_YEARS = re.compile(
    r"\b\d+\)? (?:years?|months?)(?:'s?)? (?:of age|old|or older|and older|or above)\b|\baged?\W+(?:is |of |at least |over |greater than )*(?:or equal to )?[≥>=<≤]*\s*\d+|[≥>≤<]=?\s*\d+ (?:years|months)(?: of age| old)\b"
)
# What is asked for stands at the beginning; what explains it stands behind these.
_EXPLAINED = re.compile(r"\b(?:unless|when|except|note|examples?|e\.g|such as|if|for which)\b|[:?]")
_NO_BEFORE = re.compile(r"\b(?:not|no|never|without|neither|nor|cannot|excluded|unlikely)\b")
_LONGEST_KEPT = 400
# "Trial of the following": of what is said below.
_OF_NOTHING = re.compile(r"\W*(?:\w+ ){1,4}(?:(?:any |one |all )?of )?the following\W*")
# "Has tried this drug before": what the page itself is about is asked for by nothing.
_OF_ITSELF = re.compile(
    r"\b(?:this|these|those|such|the requested|requested|same) (?:\w+ )?(?:drugs?|agents?|medications?|medicines?|products?|therap(?:y|ies)|treatments?|criteria|requests?|codes?)\b"
)
# "Treatment of individuals with unresponsive bladder cancer" is a use.
_OF_USE = re.compile(
    r"\W*(?:\w{1,3}[.)]\s+)?(?:as (?:a |mono)[^.;]{0,30})?(?:in combination with [^.;]{0,60})?(?:for |used for )?(?:the )?(?:treatment|management|prevention) of\b"
)
# "Qualified prescriber: …", "Age: …"
_LABEL = re.compile(r"\W*(?P<label>[A-Z][^:.;,()]{2,60}):\s+(?=\S)")


@lru_cache(maxsize=2048)
def kept_criteria_in(item: str) -> tuple[Concept, ...]:
    """The requirements of the kept list that an item of a list of criteria asks for, by how it says it: an age, and one more.

    >>> [kept.key for kept in kept_criteria_in("Patient has had an inadequate response to at least two DMARDs; AND")]
    ['failure-of-conventional-therapy']
    >>> kept_criteria_in("Patient has not failed methotrexate")
    ()
    """
    if len(item) > _LONGEST_KEPT:
        return ()
    words_of_item = _MARKS.sub("", " ".join(item.split()))
    label = _LABEL.match(words_of_item)
    parts = (words_of_item[label.end() :], label["label"]) if label else (words_of_item,)
    return next(filter(None, map(_kept, parts)), ())


def _kept(words_of_item: str) -> tuple[Concept, ...]:
    """The requirements that some words ask for which stand for one criterion, or for the label of one."""
    small = fold(words_of_item)
    begin = _OF_WHOM.match(small)
    start = begin.end() if begin else 0
    stop = _EXPLAINED.search(small, start)
    end = stop.start() if stop else len(small)
    said, name = small[start:end], _END.sub("", words_of_item[start:end])
    if _OF_ITSELF.search(said) or _OF_NOTHING.fullmatch(said) or _OF_USE.match(small):
        return ()
    kept = ("age-limit",) if _YEARS.search(small[:end]) and not _NO_BEFORE.search(said) else ()
    for key, pattern in _kinds():
        match = pattern.search(said)
        if match and not _NO_BEFORE.search(said, 0, match.start()):
            kept = (*kept, key)
            break
    return tuple(Concept(Kind.REQUIREMENT, key, name) for key in kept)


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The entries of the kept list, each with the pattern of what asks for it, in the order of the table."""
    rows = resources.table("data", "wording", "criteria.tsv")
    return tuple(
        (slug(row["requirement"]), re.compile("|".join(pattern_of(p.strip()) for p in row["phrases"].split(";"))))
        for row in rows
    )


@lru_cache(maxsize=2048)
def criterion_in(item: str) -> Concept | None:
    """What an item of a list of criteria requires, in its own words; None where these are no short clear statement.

    >>> criterion_in("Patient is at high risk for fractures; AND").key
    'high-risk-for-fractures'
    >>> criterion_in("Patient is not pregnant").name, criterion_in("See the section below")
    ('not pregnant', None)
    """
    words_of_item = _END.sub("", _MARKS.sub("", _IN_BRACKETS.sub("", " ".join(item.split()))))
    small = fold(words_of_item)
    begin = _OF_WHOM.match(small)
    criterion = words_of_item[begin.end() if begin else 0 :]
    # "Patient is not pregnant" is clear, unlike a no in the midst of an item.
    denied = _DENIED.match(criterion)
    if _NO_CRITERION.search(fold(criterion), denied.end() if denied else 0) or "(" in words_of_item:
        return None
    words = [word.small for word in words_of(criterion)]
    if not _FEWEST <= len(words) <= _MOST or words[0] in group("opening verb") or words[-1] in group("small"):
        return None
    if words[0].endswith("ly") or conditions_of_heading(criterion):
        return None  # That a patient has the disease is what the drug is for.
    if _AGE.search(fold(criterion)) or _YEARS.search(fold(criterion)):
        return Concept(Kind.REQUIREMENT, "age-limit", criterion)
    return Concept(Kind.REQUIREMENT, slug(criterion), criterion) if _TELLING.search(fold(criterion)) else None
