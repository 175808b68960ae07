"""Cues: the words by which a document says no, must, may, off-label or hardly ever."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.extraction.letters import fold
from kg.model import Polarity, Strength

# All patterns of cues are for text in small letters: without IGNORECASE they find out several times sooner where
# nothing of theirs begins.
_VERBS = (
    r"bill(?:ed|able|ing)?|report(?:ed|able|ing)?|append(?:ed|ing)?|use[ds]?|using|appl(?:y|ies|ied|icable)|attach(?:ed)?|add(?:ed)?|submit(?:ted)?|"
    r"pair(?:ed)?|combine[ds]?|cover(?:ed|s|age)?|support(?:s|ed|ing)?|pa(?:y|id|yable)|indicated|appropriate|allow(?:ed|able|s)?|"
    r"accept(?:ed|able|s)?|valid|permitted|recommended|approved|recogni[sz]ed?|reimburs(?:ed?|able)|given|administered|code[ds]?|"
    r"list(?:ed)?|eligible|intended|meant|for|suitable|justif(?:y|ies|ied)|establish(?:es)?|satisf(?:y|ies)|qualif(?:y|ies)|required|needed|necessary|require|"
    r"take[ns]?|carry|carries|bear|need|select(?:ed)?|choose|chosen|assign(?:ed)?|qualify|warranted"
)
_ADVERBS = r"(?:(?:be|been|to be|usually|separately|ever|also|generally|currently|otherwise|then|itself|simply|by itself|alone|considered)\s+){0,3}"
# A no that holds for the whole of a row or a sentence, wherever it stands in it.
_JUST_NO = re.compile(r"\s*no\s*(?:[;,.(—-]|$)")
_FLAT_NO = re.compile(
    r"\bexcluded\b|\bexclusions?\b|\bnon-?covered\b|\bcontraindicated\b|\bprohibited\b|\bdisallowed\b|\bnot (?:in|on) (?:the |this |our )?(?:provided )?list\b|"
    r"\bno longer (?:billable|valid|covered|accepted|payable|used|reported)\b|\bnot covered\b|\bnever\b|\bnot (?:an? )?(?:payable|billable|allowed|valid|permitted|accepted)\b"
)
_NO = re.compile(
    rf"\b(?:not|cannot|can't|don't|doesn't|mustn't|shouldn't|won't|isn't|aren't|neither|nor)\s+{_ADVERBS}(?:{_VERBS})\b|"
    rf"\bdo(?:es)? not (?:\w+ )?(?:{_VERBS})\b|\bno (?:modifier|separate|coverage|place|role|business|bearing|evidence|proof)\b|\bnot with\b|\bavoid\b|\bineligible\b|\binvalid\b|\binappropriate\b|"
    r"\bunsupported\b|\bfails? to support\b"
)
_ATYPICAL = re.compile(
    r"\bnot\s+(?:typically|usually|normally|generally|commonly|ordinarily|routinely|often|frequently)\b|\brarely\b|\bseldom\b|\batypical\b|"
    r"\buncommon(?:ly)?\b|\bunusual(?:ly)?\b|\binfrequent(?:ly)?\b|\bexceptional(?:ly)?\b|\bin rare\b|\brare(?: cases?)?\b|\bhardly ever\b|"
    r"\bsometimes\b|\boccasional(?:ly)?\b|\bonly exceptionally\b|\bin (?:a )?few (?:cases|situations)\b|\bdoes not (?:typically|usually|normally|generally) apply\b"
)
_OFF_LABEL = re.compile(
    r"(?<!not )\boff[-\s]?label\b|\b(?:un|not )(?:approved|labeled) (?:use|indication)|\boutside (?:of )?(?:the |its )?label(?:ing)?\b|"
    r"\bnot (?:an? )?(?:fda[- ])?(?:approved|labeled) (?:use|indication)\b|\bunlabeled\b"
)
_REQUIRED = re.compile(
    r"\b(?:must(?! not| never)|mandatory|obligatory|compulsory|shall(?! not)|has to|have to|needs to|need to|is to be)\b|\b(?:is|are|always|both|also) (?:\w+ )?(?:required|needed|necessary)\b|"
    r"(?<!may )(?<!can )(?<!might )(?<!may be )(?<!can be )(?<!might be )\brequire[ds]?\b|\balways\b"
)
_NOT_REQUIRED = re.compile(r"\bnot\s+(?:\w+\s+)?(?:required|needed|necessary)\b")
_PERMITTED = re.compile(
    r"\b(?:may|can|could|might|optional(?:ly)?|permitted|permissible|allowed|acceptable|possible|possibly|at (?:the )?discretion|discretionary|if desired)\b"
)
_SUBORDINATE = re.compile(
    r"\b(?:when(?:ever)?|if|unless|where(?:as)?|because|since|after|before|until|while|although|though|that|which|who|whose|as long as|provided|in case|once|so that|to indicate|to show)\b"
)
_CONCESSION = re.compile(r"^\W*(?:although|though|while|whereas|but|and|however,?)\s+")
_ASIDE = re.compile(r",\s*(?:which|who|whose|where)\b[^,;.]*,")
_SEMICOLON = re.compile(r"[;]|(?<=[a-z)])\.\s")


class _Cue:
    """A pattern that is tried only where one of its words stands, as most texts hold none of them."""

    def __init__(self, pattern: re.Pattern[str], words: str) -> None:
        self._pattern = pattern
        self._words = tuple(words.split("|"))

    def stands_in(self, small: str) -> bool:
        """Whether the cue stands in a text, which comes in small letters."""
        for word in self._words:
            if word in small:
                return self._pattern.search(small) is not None
        return False


_SAYS_FLAT_NO = _Cue(_FLAT_NO, "exclu|contraindic|prohibit|disallow|never|not |non-cov|noncov|no longer")
_SAYS_NO = _Cue(_NO, "not |n't |neither |nor |no |avoid|ineligible|invalid|inappropriate|unsupported|fails to|fail to")
_SAYS_ATYPICAL = _Cue(
    _ATYPICAL,
    "not |rare|seldom|atypical|uncommon|unusual|infrequent|exception|hardly|sometimes|occasional|few ",
)
_SAYS_OFF_LABEL = _Cue(_OFF_LABEL, "label|approved")
_SAYS_REQUIRED = _Cue(
    _REQUIRED,
    "must|mandatory|obligatory|compulsory|shall|has to|have to|needs to|need to|is to be|require|needed|necessary|always",
)
_SAYS_PERMITTED = _Cue(_PERMITTED, "may |can |could |might |option|permi|allowed|accept|possib|discretion|desired")


def main_clauses(text: str) -> str:
    """What is left of a text without its subordinate clauses: "Use when x is not complete" is "Use".

    >>> main_clauses("When the vial is empty, JZ must be added; JW is not used").split()
    ['JZ', 'must', 'be', 'added', ';', 'JW', 'is', 'not', 'used']
    """
    kept = []
    for clause in _SEMICOLON.split(_ASIDE.sub(" ", text)):
        if concession := _CONCESSION.match(fold(clause)):
            clause = clause[concession.end() :]
        match = _SUBORDINATE.search(fold(clause))
        if match and not clause[: match.start()].strip(" ,(\"'-"):
            _, comma, clause = clause.partition(",")
            match = _SUBORDINATE.search(fold(clause)) if comma else None
        kept.append(clause[: match.start()] if match else clause)
    return " ; ".join(kept)


# One clause is asked about for each thing that it names.
@lru_cache(maxsize=2048)
def polarity(text: str) -> Polarity:
    """Whether a stretch of text affirms or excludes.

    >>> polarity("Never used with drug codes").value, polarity("Use when the review is not complete").value
    ('excluded', 'affirmed')
    """
    small = f"{text.lower()} "
    if _SAYS_FLAT_NO.stands_in(small) or _JUST_NO.match(small):
        return Polarity.EXCLUDED
    if not _SAYS_NO.stands_in(small):
        return Polarity.AFFIRMED
    main = main_clauses(text).lower()
    if _NO.search(main) and not _ATYPICAL.search(main):
        return Polarity.EXCLUDED
    return Polarity.AFFIRMED


@lru_cache(maxsize=2048)
def strength(text: str) -> Strength:
    """How firmly a stretch of text says what it says.

    >>> strength("May be used off-label").value, strength("Mandatory on claims").value
    ('offLabel', 'required')
    """
    small = f"{text.lower()} "
    if _SAYS_OFF_LABEL.stands_in(small):
        return Strength.OFF_LABEL
    cued = [cue for cue in (_SAYS_ATYPICAL, _SAYS_REQUIRED, _SAYS_PERMITTED) if cue.stands_in(small)]
    if not cued:
        return Strength.STATED
    main = main_clauses(text).lower()
    if _ATYPICAL.search(main):
        return Strength.ATYPICAL
    if _REQUIRED.search(main) and not _NOT_REQUIRED.search(main):
        return Strength.REQUIRED
    return Strength.PERMITTED if _PERMITTED.search(main) else Strength.STATED


@lru_cache(maxsize=2048)
def condition(text: str) -> str:
    """The "when to use" words of a sentence: from its first subordinate clause to the end of that clause.

    >>> condition("96415 is billed when the infusion lasts longer than one hour.")
    'when the infusion lasts longer than one hour'
    """
    match = _CONDITION.search(fold(text))
    return " ".join(text[match.start() : match.end()].split()).rstrip(" .,;)") if match else ""


_CONDITION = re.compile(
    r"\b(?:when(?:ever)?|if|unless|only|provided that|as long as|in case|once|after|before|for (?:patients|claims|use|the|a|an|each|every|part|parts|waste[d]?|drug|discarded|amounts?|all))\b[^.;]*"
)
