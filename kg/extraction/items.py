"""Lists in words: what has to be documented, and what claims are denied for."""

from __future__ import annotations

import re

from kg.extraction.sentences import split_list

_RECORD = re.compile(
    r"\b(?:documentation|documents|(?:medical |clinical |patient |treatment )?records|(?:medical|clinical|patient|treatment|the|each|every) record|chart|(?:progress |clinical |infusion |visit |procedure |office )?notes?|"
    r"claims?(?= (?:must|should|needs?|has to))|file|paperwork|submission|order)\b(?:[^.;:]{0,80}?\b"
    r"(?:includ(?:es?|ing)|show(?:s|ing)?|contains?|list(?:s)?|states?|support(?:s)?|demonstrat(?:es?|ing)|reflects?|captures?|specif(?:y|ies)|gives?|holds?|carry|carries|names?|"
    r"identif(?:y|ies)|describes?|consists? of|establish(?:es)?|confirm(?:s)?|needs?|have|has)|\s+of)\b\s*:?\s+(?P<list>.+)|"
    r"\b(?:keep|retain|record|document|include|note|specify|attach|submit|list|capture|state|maintain|file|chart|enter|write down|give|show|name|mention|contain|describe|explain)(?:s|ed|ing)?\b\s*:?\s+(?P<direct>.+)|"
    r"(?P<passive>.+?)\s+(?:must|should|needs? to|has to|have to|is to|are to|shall)\s+(?:all\s+|also\s+|each\s+|both\s+)?(?:be|appear|stand)\s+(?:\w+ly\s+)?(?:available|documented|recorded|noted|charted|included|in the (?:record|chart|file|note)|on (?:file|record)|kept|on the claim)",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"(?P<passive>.+?)\s+(?:must|should|needs? to|has to|have to|is to|are to|shall) (?:all |also |both )?be (?:\w+ly )?(?:documented|recorded|charted|noted|available (?:on|for|upon)|kept|retained|on file)\b|\b(?:staff|nurses?|clinicians?|providers?|physicians?|pharmacists?|the team|prescribers?) (?:should |must |will |also )*(?:record|document|note|chart)s? (?:that |the following:? )?(?P<direct>.+)|\b(?:documentation|medical records?|clinical records?|chart|records?)\b[^.;:]{0,60}?\b(?:includes?|must (?:include|show|contain|state|list)|should (?:include|show|contain|state|list))\b\s*:?\s+(?P<list>.+)", re.IGNORECASE)
_ITEM_END = re.compile(
    r"\s+\b(?:to (?:ensure|support|show|allow|prove|justify|establish|demonstrate|substantiate|reduce|avoid|confirm)|so that|in order to|when|before|because|since|as (?:required|applicable|needed)|if|which|that (?:support|show|justif|demonstrat)\w*|in the (?:record|chart|medical record)|on (?:the|each|every) (?:claim|date)|for each|for every)\b.*$",
    re.IGNORECASE,
)
_LEAD_WORDS = re.compile(r"^(?:(?:the|a|an|any|each|all|both|its|their|his|her|also|and|or|as well as|that|of|for|with|clear|clearly|the following|at least|either|such as|in addition|where applicable|how|why|whether)\s+)+", re.IGNORECASE)
_NOT_ITEM = re.compile(r"^(?:it|they|this|these|those|payers?|insurers?|providers?|is|are|be|must|should|will|may|can|not|compliance|following|claims?)\b", re.IGNORECASE)

_DENIED = r"(?:den(?:y|ied|ies|ials?|ying)|reject(?:s|ed|ions?)?|non-?payment|refus(?:ed|al|es)|return(?:ed|s)|recoup\w*|unpaid|not paid)"
_REASON = re.compile(rf"\b(?:reasons?|causes?|sources?|triggers?|grounds?|basis|problems?|mistakes?|errors?|pitfalls?|issues?)\b(?P<mid>[^.;]{{0,90}}?)\b(?:is|are|includes?|involves?|remains?|being|comes? from|concerns?|relates? to)\b:?\s+(?P<list>.+)", re.IGNORECASE)
_WHEN = re.compile(
    rf"\b{_DENIED}\b[^.;]{{0,40}}?\b(?:for|when(?:ever)?|if|because of|because|follows?(?: when| from)?|due to|results? from|arises? (?:from|when)|occurs? (?:when|if|because)|stems? from|after|where|unless|come from|trace(?:s|d)? (?:back )?to|go(?:es)? back to|caused by|comes? down to|centers? on|is expected (?:for|when|if)|expected when|over|on account of|happens? when)\b\s+(?P<list>.+)",
    re.IGNORECASE,
)
_LEADS = re.compile(rf"(?P<list>.+?)\s*,?\s*\b(?:(?:may|can|will|could|often|frequently|also|commonly|usually|likewise|regularly|typically|generally|almost always)\s+)*(?:leads? to|results? in|causes?|triggers?|ends? in|is (?:a|an|another|one|the)\b[^.;]{{0,40}}?\b(?:reason|cause|source)s?\b[^.;]{{0,20}}|are\b[^.;]{{0,40}}?\b(?:reason|cause|source)s?\b[^.;]{{0,20}}|brings?|invites?|draws?|prompts?|produces?|get|gets|(?:is|are)(?= (?:denied|rejected|returned|refused)))\b[^.;]{{0,40}}?\b{_DENIED}\b", re.IGNORECASE)
_ANOTHER = re.compile(r"(?P<list>.+?)\s+(?:is|are|remains?|ranks? as|counts? as|follows? as)\s+(?:also\s+)?(?:another|a|an|one|the|among)\b[^.;]{0,50}?\b(?:reason|cause|source|trigger|problem|mistake|error)s?\b", re.IGNORECASE)
_CLAUSE_LIST = re.compile(r"\s*,?\s*(?:and|or)?\s*\b(?:when(?:ever)?|if|because|where|for)\b\s+|\s*,\s*(?:and|or)\s+|\s*,\s+|\s+or\s+(?=(?:an?|the|missing|incorrect|wrong|absent|lack|no|failure|insufficient|incomplete|exceeding|billing|use|improper|payer)\b)|\s+and\s+(?=(?:an?|the|missing|incorrect|wrong|absent|lack|failure|insufficient|incomplete)\b)", re.IGNORECASE)
_ASIDE = re.compile(r"\s*(?:—|--|\s-\s|\()(?:such as|including|for example|e\.g\.)?[^—()]*?(?:—|--|\s-\s|\)|$)")


def documentation_items(text: str, *, about: bool, item: bool) -> list[str]:
    """The items that a sentence wants documented; `about` tells that its section is about documentation.

    >>> documentation_items("Records must show hemoglobin, ferritin and transferrin saturation.", about=True, item=False)
    ['hemoglobin', 'ferritin', 'transferrin saturation']
    """
    match = (_RECORD if about else _OUTSIDE).search(text)
    if match is None:
        return _clean(split_list(text)) if about and item and len(text.split()) <= 30 else []
    groups = match.groupdict()
    listed = groups.get("list") or groups.get("direct") or groups.get("passive") or ""
    return _clean(split_list(_aside(listed)))


def denial_items(text: str, *, about: bool, item: bool) -> list[str]:
    """The reasons that a sentence gives for denials; `about` tells that its section is about denials.

    >>> denial_items("Denials follow when units do not match the dose, or when the NDC is missing.", about=True, item=False)
    ['units do not match the dose', 'NDC is missing']
    """
    denied = re.search(_DENIED, text, re.IGNORECASE)
    if not about and not (denied and re.search(r"\bclaims?\b|\bden", text, re.IGNORECASE)):
        return []
    if about and item and len(text.split()) <= 16 and not _WHEN.search(text):
        return _clean([re.split(r"\s*(?:—|:|\s-\s)\s*", text)[0]], longest=16)
    plain = _aside(text)
    reason = _REASON.search(plain)
    if reason and (about or re.search(_DENIED, plain[: reason.start("list")], re.IGNORECASE)):
        return _clean(_CLAUSE_LIST.split(reason["list"]), longest=16)
    if about and (match := _ANOTHER.match(plain)):
        return _clean(_CLAUSE_LIST.split(match["list"]), longest=16)
    if match := _WHEN.search(plain):
        return _clean(_CLAUSE_LIST.split(match["list"]), longest=16)
    if match := _LEADS.search(plain):
        return _clean(_CLAUSE_LIST.split(match["list"]), longest=16)
    return []


def requirement_items(text: str, *, item: bool) -> list[str]:
    """What a sentence says has to have happened before coverage: failures and trials of other treatment.

    >>> requirement_items("Plans ask for documented failure of two conventional agents.", item=False)
    ['failure of two conventional agents']
    """
    if item and len(text.split()) <= 10:
        return _clean([re.split(r"\s*(?:—|:|;|\s-\s)\s*", text)[0]])
    return _clean([match[0] for match in _FAILURE.finditer(text)], longest=9)


_FAILURE = re.compile(
    r"\b(?:failure|trial|inadequate response|intolerance|contraindication)(?:s)?(?: or (?:failure|intolerance|contraindication))?\s+(?:of|to|with|on)\s+"
    r"(?:(?!\b(?:before|and|or|is|are|may|must|within|for|in)\b)[\w/-]+\s?){1,6}",
    re.IGNORECASE,
)


def _aside(text: str) -> str:
    """The sentence without its asides between dashes and brackets."""
    return _ASIDE.sub("", text)


def _clean(items: list[str], longest: int = 12) -> list[str]:
    kept = []
    for item in items:
        name = " ".join(re.sub(r"\([^)]*\)", "", _ITEM_END.sub("", item or "")).split()).strip(" .,;:\"'-")
        name = _LEAD_WORDS.sub("", name)
        if 1 <= len(name.split()) <= longest and re.search(r"[A-Za-z]{3}", name) and not _NOT_ITEM.match(name) and name.lower() not in ("additionally", "claim denial"):
            kept.append(name)
    return kept
