"""The quantity that a code is billed by."""

from __future__ import annotations

from functools import lru_cache

from kg import lazy_re as re
from kg.extraction.relations.drugs import LEADS_TO_CODE
from kg.extraction.relations.quantities import NUMBERS, QUANTITY, UNITS
from kg.extraction.text.text import Text
from kg.model import Concept, Kind, Quantity

_PER_BEFORE = re.compile(
    r"(?:\b(?:per|each|every|by the)\s*(?:one\s+)?$|\b(?:hcpcs|billing|code|billable)\s+units?(?: of service)?\s*[:=]\s*$|\bunits?\s+(?:\([^)]*\)\s*)?(?:of\s+[a-z]\d{4}\s+)?(?:is|of|=|equals?|equal to|represents?|representing|stands for|standing for|means|meaning|denotes|per|being|corresponds to|corresponding to|counts?)\s+(?:exactly |each )?$"
    r"|\b(?:billed|billing|reported|counted|measured|sold|paid|priced) (?:in|by|at|as|for)\s+(?:units? of\s+|increments? of\s+|the\s+|each\s+|every\s+)?$|\b(?:increments?|portions|amounts|steps|multiples) of\s+$|\bunits? of service\b.{0,20}$|\bfor (?:each|every)\s+$|"
    r"\bunits? for (?:each|every)\s+$|\bcovers\s+$|\brepresents\s+$|\bequals\s+$)"
)
_UNIT_AFTER = re.compile(
    r"\s*(?:of \w+\s+)?(?:injectable |billing |dosage |billable |drug )?(?:units?|increments?)\b|\s*(?:=|equals|is|per|makes|counts as)\s*(?:one|1|a|each)\s*(?:billing |billable )?unit\b|\s*(?:per|/)\s*(?:hcpcs |billing |billable )?unit\b"
)
_BEFORE_QUANTITY = re.compile(r"[,)]\s*(?:up to |per )?$")
_DESCRIPTOR = re.compile(
    r"\b(?:injections?|inj\.?|infusion|implant|intravitreal implant|inhalation solution|factor \w+)\b,?\s*(?P<rest>[^.;|]{2,160})"
)
# A dose, a vial or a strength is no billing unit.
_DOSE = re.compile(
    r"\b(?:doses?|dosage|dosed|most(?:ly)?|often|common(?:ly)?|usual(?:ly)?|typical(?:ly)?|vials?|syringes?|pens?|strength|package|every|weekly|monthly|daily|"
    r"q\d+[wdhm]|q[wd]|kg|m2|maximum|max|loading|maintenance|cap(?:sule)?s?|tab(?:let)?s?|single|sdv|mdv|x)\b"
)
# "4 mg IV" is what a patient was given; "0.3 mg vs 0.5 mg" are two strengths.
_GIVEN_BY = re.compile(r"\s*(?:iv|im|sc|sq|subq|subcut|po|push|vs\.?|versus)\b")
_SENTENCE_END = re.compile(r"[.;)]|\s{2}")
_OF_SEVERAL = re.compile(r"\s*(?:[a-z-]+\s+){0,2}(?:and|/|with)\s+(?:[a-z-]+\s+){0,3}\d[\d.]*\s*(?:mg|mcg|g|units?)\b")
# "3 mg / 125 mg": the second of two amounts; "over 10 cc": no quantity at all.
_SEVERAL_BEFORE = re.compile(r"\d\s*(?:mg|mcg|g|units?|ml)\s*(?:(?:/|,|-|\+|and)\s*|/\s*[a-z]{3,}\s+)$")
# "300 per 3 months", "one every 6 months": how many there are in a time.
IN_TIME = re.compile(r"(?:\d|\bone|\btwo|\bonce|\btwice)\b[^.;|]{0,40}\b(?:per|every|each)\s*$")
TIMES = ("day", "week", "month", "year")
_MORE_THAN = re.compile(r"(?:[<>≥≤]|\bover|\bmore than|\bgreater than|\bless than|\bat least)\s*$")
# A quantity right behind the drug that a code stands for: "J9395 is fulvestrant (Faslodex), 25 mg"; the drug may have
# a second part, "ampicillin sodium/sulbactam sodium".
_BEHIND_DRUG = re.compile(
    r"(?:\s?/\s?[a-z]{4,}(?: [a-z]{4,})?)?[®™\s]*(?:\([^()]{0,60}\)\s*)?(?:(?:,\s*|in (?:its |an? )?)[a-z -]{2,30}\bform)?(?:(?:long[- ]acting|extended[- ]release|depot|lar|injection|for injection)\b)?(?:\s*,\s*(?:per |up to |each )?|\s+in (?:doses|units|a quantity|quantities|an amount|amounts) of |\s+per )$"
)
_ENDS = re.compile(r"\s*(?:[.;)]|$)")
_AMOUNT_OF = re.compile(r"\d\s*(?:mg|mcg|g|ml)\b[\w ]{0,20}$")
# "Report J3262 (400 units)" and "Limit 10 units" count what is billed.
_COUNTED = re.compile(
    r"\b(?:limit\w*|max(?:imum)?|bill|billed|report|submit|charge|enter|quantity|qty|total|at most|no more than)\b[^.;|]*$"
)
_COUNTED_BEHIND = re.compile(
    r"\s*,?\s*(?:(?:zero|no|none|nothing|with|and)\s+)*(?:administered|discarded|wasted|billed|reported)\b"
)
# A cell that holds nothing but "per gram".
_PER_ALONE = re.compile(rf"\W*(?:per|each|every|by the)\s+(?P<unit>{UNITS})\W*")
_AT_END = re.compile(rf"[a-z)]\s*(?:,\s*(?:per |up to |each )?|\s/\s*)(?P<number>\d*\.?\d+)\s*(?P<unit>{UNITS})\s*$")
_PER_ONE = re.compile(r"\bper (?P<unit>gram|milligram|microgram|milliliter|millicurie|mg|mcg|ml|unit|iu)\b(?! ?/)")
_PER_DOSE = re.compile(r"per (?<!\wper )(?P<unit>dose|vial|study dose|treatment dose|treatment|implant)\b(?! of)")


def unit_in(text: Text, start: int, end: int, *, bare: bool = False) -> Concept | None:
    """The quantity that a code is billed by, where the text says so; `bare` takes any quantity that is no dose."""
    small = text.small
    for match in QUANTITY.finditer(small, start, end):
        if not (_is_unit(text, match, start, end) or (bare and not _is_dose(small, start, end, match))):
            continue
        if match["unit"].startswith("unit") and _AMOUNT_OF.search(small, max(start, match.start() - 40), match.start()):
            continue  # "A 60 mg dose equals 4 units" counts the units of a dose.
        if match["unit"].startswith("unit") and _is_count(small, match.start(), match.end()):
            continue
        if match["unit"].startswith(TIMES) and IN_TIME.search(small, max(start, match.start() - 60), match.start()):
            continue
        if _MORE_THAN.search(small, max(start, match.start() - 20), match.start()):
            continue
        if _OF_SEVERAL.match(small, match.end(), end) or _SEVERAL_BEFORE.search(small[start : match.start()]):
            return None  # "235 mg and palonosetron 0.25 mg": two amounts make no unit.
        number = NUMBERS.get(match["number"], match["number"])
        if unit := _unit(f"{number} {text.plain[slice(*match.span('unit'))]}"):
            return unit
    per = _PER_DOSE.search(small, start, end)
    if per and (bare or _DESCRIPTOR.search(small, start, end)):
        return _unit(f"1 {text.plain[slice(*per.span('unit'))]}")
    if bare and (alone := _PER_ALONE.fullmatch(small, start, end)):
        return _unit(f"1 {text.plain[slice(*alone.span('unit'))]}")
    return _one_of(text, start, end, bare=bare)


def _is_count(small: str, start: int, end: int) -> bool:
    """Whether a number of units is how many are billed, and not what one of them is."""
    if _COUNTED_BEHIND.match(small, end):
        return True  # "1 unit, zero discarded"
    before = small[max(0, start - 60) : start]
    return _COUNTED.search(before) is not None and _PER_BEFORE.search(before) is None


def _one_of(text: Text, start: int, end: int, *, bare: bool) -> Concept | None:
    """One of a unit that is named without a number, behind what a code stands for: "immune globulin, per gram"."""
    per = _PER_ONE.search(text.small, start, end)
    if per is None or not _is_behind_drug(text, start, per.start("unit"), per.end(), coded=bare):
        return None
    return _unit(f"1 {text.plain[slice(*per.span('unit'))]}")


def unit_at_end(text: Text, start: int, end: int) -> Concept | None:
    """The quantity that a short descriptor ends with: "Aflibercept, 1 mg", "Leuprolide acetate /3.75 mg"."""
    match = _AT_END.search(text.small, start, end)
    if match is None or _DOSE.search(text.small, start, match.start()):
        return None
    return _unit(f"{match['number']} {text.plain[slice(*match.span('unit'))]}")


def _is_dose(small: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether the words around a quantity make it a dose, a vial or a strength; a bracket ends them."""
    before = small[max(start, match.start() - 40) : match.start()]
    after = small[match.end() : min(end, match.end() + 12)]
    if _GIVEN_BY.match(after) and not match["unit"].startswith("ml"):
        return True
    return bool(_DOSE.search(before.rpartition(")")[2]) or _DOSE.search(after.partition(")")[0]))


def _is_unit(text: Text, match: re.Match[str], start: int, end: int) -> bool:
    """Whether the words around a quantity make it the one that is billed by."""
    small, at = text.small, match.start()
    return bool(
        _PER_BEFORE.search(small[max(start, at - 60) : at])
        or _is_behind_drug(text, start, at, match.end())
        or _UNIT_AFTER.match(small, match.end(), end)
        or _is_described(text, start, at, end)
    )


def _is_behind_drug(text: Text, start: int, at: int, end: int, *, coded: bool = False) -> bool:
    """Whether a quantity stands right behind the name of a drug that a code stands for: one before it, or `coded`."""
    mentions = text.mentions_in(max(start, at - 90), at, Kind.DRUG)
    if not mentions or _DOSE.search(_SENTENCE_END.split(text.small[end : end + 14])[0]):
        return False
    begin = mentions[-1].end
    bracket = text.plain.find("(", max(start, mentions[-1].start - 90), mentions[-1].start)
    if bracket >= 0 and len(mentions) > 1 and mentions[-2].end <= bracket:
        begin = mentions[-2].end  # The last name stands in brackets behind another.
    codes = text.codes_in(start, mentions[0].start)
    if (codes or coded) and _BEHIND_DRUG.fullmatch(text.small, begin, at):
        return True
    # "Briumvi (ublituximab-xiiy) is reported with J2329, 1 mg": the code stands between.
    following = text.codes_in(mentions[-1].end, at)
    return (
        len(following) == 1
        and LEADS_TO_CODE.fullmatch(text.small, mentions[-1].end, following[0].start) is not None
        and text.plain[following[0].end : at] in (", ", ", per ")
        and _ENDS.match(text.plain, end) is not None
    )


def _is_described(text: Text, start: int, at: int, end: int) -> bool:
    """Whether a quantity stands in a descriptor: "Injection, tocilizumab, 1 mg"."""
    descriptor = _DESCRIPTOR.search(text.small, start, end)
    if descriptor is None or not descriptor.start() < at <= descriptor.end():
        return False
    return _BEFORE_QUANTITY.search(text.plain[start:at]) is not None


@lru_cache(maxsize=1024)
def _unit(text: str) -> Concept | None:
    quantity = Quantity.parse(text)
    return quantity.concept if quantity else None
