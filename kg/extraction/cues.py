"""Cues: the words by which a document says no, must, may, off-label or hardly ever."""

from __future__ import annotations

import re

from kg.model import Polarity, Strength

_VERBS = (
    r"bill(?:ed|able|ing)?|report(?:ed|able|ing)?|append(?:ed|ing)?|use[ds]?|using|appl(?:y|ies|ied|icable)|attach(?:ed)?|add(?:ed)?|submit(?:ted)?|"
    r"pair(?:ed)?|combine[ds]?|cover(?:ed|s|age)?|support(?:s|ed|ing)?|pa(?:y|id|yable)|indicated|appropriate|allow(?:ed|able|s)?|"
    r"accept(?:ed|able|s)?|valid|permitted|recommended|approved|recogni[sz]ed?|reimburs(?:ed?|able)|given|administered|code[ds]?|"
    r"list(?:ed)?|eligible|intended|meant|for|suitable|justif(?:y|ies|ied)|establish(?:es)?|satisf(?:y|ies)|qualif(?:y|ies)|required|needed|necessary|require|"
    r"take[ns]?|carry|carries|bear|need|select(?:ed)?|choose|chosen|assign(?:ed)?|qualify|warranted"
)
_ADVERBS = r"(?:(?:be|been|to be|usually|separately|ever|also|generally|currently|otherwise|then|itself|simply|by itself|alone|considered)\s+){0,3}"
# A no that holds for the whole of a row or a sentence, wherever it stands in it.
_FLAT_NO = re.compile(
    r"^\s*no\s*(?:[;,.(—-]|$)|\bexcluded\b|\bexclusions?\b|\bnon-?covered\b|\bcontraindicated\b|\bprohibited\b|\bdisallowed\b|\bnot (?:in|on) (?:the |this |our )?(?:provided )?list\b|"
    r"\bno longer (?:billable|valid|covered|accepted|payable|used|reported)\b|\bnot covered\b|\bnever\b|\bnot (?:an? )?(?:payable|billable|allowed|valid|permitted|accepted)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    rf"\b(?:not|cannot|can't|don't|doesn't|mustn't|shouldn't|won't|isn't|aren't|neither|nor)\s+{_ADVERBS}(?:{_VERBS})\b|"
    rf"\bdo(?:es)? not (?:\w+ )?(?:{_VERBS})\b|\bno (?:modifier|separate|coverage|place|role|business|bearing)\b|\bavoid\b|\bineligible\b|\binvalid\b|\binappropriate\b|"
    r"\bunsupported\b|\bfails? to support\b",
    re.IGNORECASE,
)
_ATYPICAL = re.compile(
    r"\bnot\s+(?:typically|usually|normally|generally|commonly|ordinarily|routinely|often|frequently)\b|\brarely\b|\bseldom\b|\batypical\b|"
    r"\buncommon(?:ly)?\b|\bunusual(?:ly)?\b|\binfrequent(?:ly)?\b|\bexceptional(?:ly)?\b|\bin rare\b|\brare(?: cases?)?\b|\bhardly ever\b|"
    r"\bsometimes\b|\boccasional(?:ly)?\b|\bonly exceptionally\b|\bin (?:a )?few (?:cases|situations)\b|\bdoes not (?:typically|usually|normally|generally) apply\b",
    re.IGNORECASE,
)
_OFF_LABEL = re.compile(
    r"(?<!not )\boff[-\s]?label\b|\b(?:un|not )(?:approved|labeled) (?:use|indication)|\boutside (?:of )?(?:the |its )?label(?:ing)?\b|"
    r"\bnot (?:an? )?(?:FDA[- ])?(?:approved|labeled) (?:use|indication)\b|\bunlabeled\b",
    re.IGNORECASE,
)
_REQUIRED = re.compile(
    r"\b(?:must|mandatory|obligatory|compulsory|shall|has to|have to|needs to|need to|is to be)\b|\b(?:is|are|always|both|also) (?:\w+ )?(?:required|needed|necessary)\b|"
    r"(?<!may )(?<!can )(?<!might )(?<!may be )(?<!can be )(?<!might be )\brequire[ds]?\b|\balways\b",
    re.IGNORECASE,
)
_PERMITTED = re.compile(
    r"\b(?:may|can|could|might|optional(?:ly)?|permitted|permissible|allowed|acceptable|possible|possibly|at (?:the )?discretion|discretionary|if desired)\b",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"\b(?:when(?:ever)?|if|unless|where(?:as)?|because|since|after|before|until|while|although|though|that|which|who|whose|as long as|provided|in case|once|so that|to indicate|to show)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",\s*(?:which|who|whose|where)\b[^,;.]*,")
_SEMICOLON = re.compile(r"[;]|(?<=[a-z)])\.\s")


def main_clauses(text: str) -> str:
    """What is left of a text without its subordinate clauses: "Use when x is not complete" is "Use".

    >>> main_clauses("When the vial is empty, JZ must be added; JW is not used").split()
    ['JZ', 'must', 'be', 'added', ';', 'JW', 'is', 'not', 'used']
    """
    kept = []
    for clause in _SEMICOLON.split(_ASIDE.sub(" ", text)):
        match = _SUBORDINATE.search(clause)
        if match and not clause[: match.start()].strip(" ,(\"'-"):
            _, comma, clause = clause.partition(",")
            match = _SUBORDINATE.search(clause) if comma else None
        kept.append(clause[: match.start()] if match else clause)
    return " ; ".join(kept)


def polarity(text: str) -> Polarity:
    """Whether a stretch of text affirms or excludes.

    >>> polarity("Never used with drug codes").value, polarity("Use when the review is not complete").value
    ('excluded', 'affirmed')
    """
    if _FLAT_NO.search(text):
        return Polarity.EXCLUDED
    main = main_clauses(text)
    if _NO.search(main) and not _ATYPICAL.search(main):
        return Polarity.EXCLUDED
    return Polarity.AFFIRMED


def strength(text: str) -> Strength:
    """How firmly a stretch of text says what it says.

    >>> strength("May be used off-label").value, strength("Mandatory on claims").value
    ('offLabel', 'required')
    """
    if _OFF_LABEL.search(text):
        return Strength.OFF_LABEL
    main = main_clauses(text)
    if _ATYPICAL.search(main):
        return Strength.ATYPICAL
    if _REQUIRED.search(main) and not re.search(r"\bnot\s+(?:\w+\s+)?(?:required|needed|necessary)\b", main, re.IGNORECASE):
        return Strength.REQUIRED
    if _PERMITTED.search(main):
        return Strength.PERMITTED
    return Strength.STATED


def condition(text: str) -> str:
    """The "when to use" words of a sentence: from its first subordinate clause to the end of that clause.

    >>> condition("96415 is billed when the infusion lasts longer than one hour.")
    'when the infusion lasts longer than one hour'
    """
    match = _CONDITION.search(text)
    return " ".join(match[0].split()).rstrip(" .,;)") if match else ""


_CONDITION = re.compile(
    r"\b(?:when(?:ever)?|if|unless|only|provided that|as long as|in case|once|after|before|for (?:patients|claims|use|the|a|an|each|every|part|parts|waste[d]?|drug|discarded|amounts?|all))\b[^.;]*",
    re.IGNORECASE,
)
