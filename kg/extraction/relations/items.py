"""Lists in words: what has to be documented, and what claims are denied for."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.extraction.text.letters import fold
from kg.extraction.text.sentences import split_list

# What must be documented stands behind a verb ("records must show …"), or before one ("… must be documented").
_RECORD = re.compile(
    r"\b(?:documentation|documents|(?:medical |clinical |patient |treatment )?records|(?:medical|clinical|patient|treatment|the|each|every) record|"
    r"chart|notes?|claims?(?= (?:must|should|needs?|has to))|file|paperwork|submission|order)\b(?:[^.;:]{0,80}?\b"
    r"(?:includ(?:es?|ing)|shows?|showing|contains?|lists?|states?|supports?|demonstrat(?:es?|ing)|reflects?|captures?|specif(?:y|ies)|gives?|"
    r"holds?|carry|carries|names?|identif(?:y|ies)|describes?|consists? of|establish(?:es)?|confirms?|needs?|have|has)|\s+of)\b\s*:?\s+(?P<list>.+)|"
    r"\b(?:keep|retain|record|document|include|note|specify|attach|submit|list|capture|state|maintain|file|chart|enter|write down|give|show|"
    r"name|mention|contain|describe|explain|look for|expect|ask for)(?:s|ed|ing)?\b\s*:?\s+(?P<direct>.+)"
)
_BE_RECORDED = re.compile(
    r"\s+(?:must|should|needs? to|has to|have to|is to|are to|shall)\s+(?:(?:all|also|each|both)\s+)?(?:be|appear|stand)\s+(?:\w+ly\s+)?"
    r"(?:available|documented|recorded|noted|charted|included|in the (?:record|chart|file|note)|on (?:file|record)|kept|retained|on the claim)\b"
)
# In sections about other things only what cannot be mistaken counts.
_ELSEWHERE = re.compile(
    r"\b(?:staff|nurses?|clinicians?|providers?|physicians?|pharmacists?|the team|prescribers?) (?:(?:should|must|will|also) )*"
    r"(?:record|document|note|chart)s? (?:that |the following:? )?(?P<direct>.+)|"
    r"\b(?:documentation|medical records?|clinical records?|chart|records?)\b[^.;:]{0,60}?\b(?:includes?|(?:must|should) (?:include|show|contain|state|list))\b\s*:?\s+(?P<list>.+)"
)
_ITEM_END = re.compile(
    r"\s+\b(?:to (?:ensure|support|show|allow|prove|justify|establish|demonstrate|substantiate|reduce|avoid|confirm)|so that|in order to|when|before|because|since|as (?:required|applicable|needed)|if|which|that (?:support|show|justif|demonstrat)\w*|in the (?:record|chart|medical record)|on (?:the|each|every) (?:claim|date)|for each|for every)\b.*$"
)
_LEAD_WORDS = re.compile(
    r"^(?:(?:the|a|an|any|each|all|both|its|their|his|her|also|and|or|as well as|that|of|for|with|clear|clearly|the following|at least|either|such as|in addition|where applicable|how|why|whether)\s+)+",
    re.IGNORECASE,
)
_NOT_ITEM = re.compile(
    r"^(?:it|they|this|these|those|payers?|insurers?|providers?|is|are|be|must|should|will|may|can|not|compliance|following|claims?)\b",
    re.IGNORECASE,
)

_DENIED = r"(?:den(?:y|ied|ies|ials?|ying)|reject(?:s|ed|ions?)?|non-?payment|refus(?:ed|al|es)|return(?:ed|s)|recoup\w*|unpaid|not paid)"
_REASON = re.compile(
    r"\b(?:reasons?|causes?|sources?|triggers?|grounds?|basis|problems?|mistakes?|errors?|pitfalls?|issues?)\b(?P<mid>[^.;]{0,90}?)\b(?:is|are|includes?|involves?|remains?|being|comes? from|concerns?|relates? to)\b:?\s+(?P<list>.+)"
)
_WHEN = re.compile(
    rf"\b{_DENIED}\b[^.;]{{0,40}}?\b(?:for|when(?:ever)?|if|because of|because|follows?(?: when| from)?|due to|results? from|arises? (?:from|when)|occurs? (?:when|if|because)|stems? from|after|where|unless|come from|trace(?:s|d)? (?:back )?to|go(?:es)? back to|caused by|comes? down to|centers? on|is expected (?:for|when|if)|expected when|over|on account of|happens? when)\b\s+(?P<list>.+)"
)
_LEADS = re.compile(
    rf"\b(?:(?:may|can|will|could|often|frequently|also|commonly|usually|likewise|regularly|typically|generally|almost always)\s+){{0,3}}"
    r"(?:leads? to|results? in|causes?|triggers?|ends? in|brings?|invites?|draws?|prompts?|produces?|gets?|(?:is|are)(?= (?:denied|rejected|returned|refused)))\b"
    rf"[^.;]{{0,40}}?\b{_DENIED}\b",
)
_ANOTHER = re.compile(
    r"\s+(?:is|are|remains?|ranks? as|counts? as|follows? as)\s+(?:also\s+)?(?:another|a|an|one|the|among)\b[^.;]{0,50}?\b"
    r"(?:reasons?|causes?|sources?|triggers?|problems?|mistakes?|errors?)\b"
)
_DENIAL = re.compile(_DENIED)
_CLAIM = re.compile(r"\bclaims?\b|\bden")
_DASH = re.compile(r"\s*(?:—|:|;|\s-\s)\s*")
_CLAUSE_LIST = re.compile(
    r"\s*,?\s*(?:and|or)?\s*\b(?:when(?:ever)?|if|because|where|for)\b\s+|\s*,\s*(?:and|or)\s+|\s*,\s+|\s+or\s+(?=(?:an?|the|missing|incorrect|wrong|absent|lack|no|failure|insufficient|incomplete|exceeding|billing|use|improper|payer)\b)|\s+and\s+(?=(?:an?|the|missing|incorrect|wrong|absent|lack|failure|insufficient|incomplete)\b)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^)]*\)")
_LETTERS = re.compile(r"[A-Za-z]{3}")
_ASIDE = re.compile(r"\s*(?:—|--|\s-\s|\()(?:such as|including|for example|e\.g\.)?[^—()]*?(?:—|--|\s-\s|\)|$)")


@lru_cache(maxsize=2048)
def documentation_items(text: str, *, about: bool, item: bool) -> tuple[str, ...]:
    """The items that a sentence wants documented; `about` tells that its section is about documentation.

    >>> documentation_items("Records must show hemoglobin, ferritin and transferrin saturation.", about=True, item=False)
    ('hemoglobin', 'ferritin', 'transferrin saturation')
    """
    small = fold(text)
    if about and (passive := _BE_RECORDED.search(small)):
        return _clean(split_list(_aside(text[: passive.start()])))
    match = (_RECORD if about else _ELSEWHERE).search(small)
    if match is not None:
        start, end = match.span("list" if match["list"] else "direct")
        return _clean(split_list(_aside(text[start:end])))
    if not about and (passive := _BE_RECORDED.search(small)) and "claim" not in text[slice(*passive.span())]:
        return _clean(split_list(_aside(text[: passive.start()])))
    return _clean(split_list(text)) if about and item and len(text.split()) <= 30 else ()


@lru_cache(maxsize=2048)
def denial_items(text: str, *, about: bool, item: bool) -> tuple[str, ...]:
    """The reasons that a sentence gives for denials; `about` tells that its section is about denials.

    >>> denial_items("Denials follow when units do not match the dose, or when the NDC is missing.", about=True, item=False)
    ('units do not match the dose', 'NDC is missing')
    """
    small = fold(text)
    denied = _DENIAL.search(small)
    if not about and not (denied and _CLAIM.search(small)):
        return ()
    if about and item and len(text.split()) <= 16 and not _WHEN.search(small):
        return _clean([_DASH.split(part)[0] for part in text.split(";")], longest=16)
    listed = _denial_list(_aside(text), about)
    return _clean(_CLAUSE_LIST.split(listed), longest=16) if listed else ()


def _denial_list(text: str, about: bool) -> str:
    """The part of a sentence that lists reasons: behind "denied when …", before "… leads to denial"."""
    small = fold(text)
    reason = _REASON.search(small)
    if reason and (about or _DENIAL.search(small, 0, reason.start("list"))):
        return text[reason.start("list") : reason.end("list")]
    if about and (another := _ANOTHER.search(small)):
        return text[: another.start()]
    if when := _WHEN.search(small):
        return text[when.start("list") : when.end("list")]
    leads = _LEADS.search(small)
    return text[: leads.start()].rstrip().removesuffix(",").rstrip() if leads else ""


@lru_cache(maxsize=2048)
def requirement_items(text: str, *, item: bool) -> tuple[str, ...]:
    """What a sentence says has to have happened before coverage: failures and trials of other treatment.

    >>> requirement_items("Plans ask for documented failure of two conventional agents.", item=False)
    ('failure of two conventional agents',)
    """
    if item and len(text.split()) <= 10:
        return _clean([_DASH.split(text)[0]])
    return _clean([match[0] for match in _FAILURE.finditer(text)], longest=9)


_FAILURE = re.compile(
    r"\b(?:failure|trial|inadequate response|intolerance|contraindication)(?:s)?(?: or (?:failure|intolerance|contraindication))?\s+(?:of|to|with|on)\s+"
    r"(?:(?!\b(?:before|and|or|is|are|may|must|within|for|in)\b)[\w/-]+\s?){1,6}",
    re.IGNORECASE,
)


def _aside(text: str) -> str:
    """The sentence without its asides between dashes and brackets."""
    return _ASIDE.sub("", text)


def _clean(items: list[str], longest: int = 12) -> tuple[str, ...]:
    kept = []
    for item in items:
        if ending := _ITEM_END.search(fold(item)):
            item = item[: ending.start()]
        if "(" in item:
            item = _BRACKETS.sub("", item)
        name = _LEAD_WORDS.sub("", " ".join(item.split()).strip(" .,;:\"'-"))
        if (
            1 <= len(name.split()) <= longest
            and _LETTERS.search(name)
            and not _NOT_ITEM.match(name)
            and name.lower() not in ("additionally", "claim denial")
        ):
            kept.append(name)
    return tuple(kept)
