"""Which drug a code identifies."""

from __future__ import annotations

from kg import lazy_re as re
from kg.extraction.relations.quantities import QUANTITY
from kg.extraction.text.gazetteer import Mention
from kg.extraction.text.sentences import trim
from kg.extraction.text.text import CodeSpan, Text
from kg.model import Concept, Kind

# The letters of HCPCS whose codes are services: what no table knows as a drug is none behind them.
_OF_SERVICES = frozenset("GHMT")
_DEFINING = re.compile(
    r"\b(?:is|are|was|represents?|refers? to|identif(?:y|ies)|designates?|stands? for|describes?|denotes?|names?|means|covers?|reports?|reported for|"
    r"billed for|used (?:to (?:report|bill|code|identify)|for)|assigned to|belongs to|code for|known as|specific to|captures?|corresponds? to|pertains? to|relates? to|signif(?:y|ies)|pays for)\b|"
    r"^\s*[-:(=,—|]|^\s*$|^\s*for\s+(?:the\s+|an?\s+)?(?:(?:dose|injection|infusion|administration)s?\s+of\s+)?$"
    r"|^\W*(?:(?:short |long )?desc(?:ription)?|drug|name)\s*:\s*(?:injection,?\s*)?$"
)
_NOT_A_DRUG = re.compile(
    r"\b(?:unclassified|unlisted|not otherwise|miscellaneous|noc|various|other|see|all|none|true|false|n/?a|biologics?|biosimilars?|drugs?|codes?|same|supply|supplies|"
    r"solutions?|soln|injections?|inj|tablets?|tab|capsules?|cap|syringes?|vials?|suspension|powder|kit)\b"
)
_NOT_NAME = re.compile(
    r"^(?:injection|inj\.?|infusion|for injection|iv|sc|im|hcpcs|cpt|code|per|each|up to|single|the|drug|brand|generic)\b[\s,.:-]*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[()/;|]|\s[-–—]\s")
_SPLIT = re.compile(r"[()/;|,]|\s[-–—]\s|\baka\b|\bor\b|\bbrand(?: name)?:?\s")
_BLANKS = re.compile(r"\s+")
_FOUR_LETTERS = re.compile(r"[A-Za-z]{4}")
_IN_BRACKETS = re.compile(r"\s*\(([^()]{3,80})\)")
_NEW_SENTENCE = re.compile(r"[.;]\s")
_BESIDES = re.compile(
    r"\b(?:not|unlike|instead of|rather than|than|versus|with|before|after|replaced|failed|failure|those|patients?|members?|taking|receiving)\b"
)
_JOINED = re.compile(r"[\s(),/-]*")
# What may stand between a name and its code: "tocilizumab is billed with HCPCS code J3262".
LEADS_TO_CODE = re.compile(
    r"(?:\s+(?:vaccines?|depot|injections?|infusions?|suspension|implants?|kits?))?(?:\s+for\s+(?:the\s+)?[a-z]+(?: [a-z]+){0,2}(?=\s+(?:is|are)\b))?(?:\s+(?:made|sold|supplied) by [a-z]+(?: [a-z]+)?)?(?:,\s*[\d.,]+ ?(?:mg|mcg|g|ml|units?),)?(?:,?\s*(?:iv|sc|sq|im|intravenous|subcutaneous|intramuscular)\b){0,2}[\s(),;:/=\"'-]*(?:\([^)]{0,60}\))?[\s(),:=—-]*(?:[\d.,]+ (?:mg|mcg|units?|g|ml)\b[\s,:]*)?(?:(?:report|use|bill|append)\s+)?(?:(?:is|are)?\s*(?:and\s+)?(?:billed|reported|coded|identified|submitted|filed|claimed|listed|goes(?: out)?|comes|falls|stays|remains)?\s*(?:with|under|by|using|as|on|at)?\s*|(?:has|uses?|takes?)\s+)?(?:the\s+|an?\s+)?(?:its\s+)?(?:(?:own|new|unique|permanent|specific)\s+)*(?:hcpcs|cpt)?(?: level ii)?\s*(?:drug |billing |j-?)?(?:code)?\s*[:(]?\s*"
)
_ITS_CODE_IS = re.compile(
    r"\b(?:the|its)\s+(?:(?:applicable|correct|current|assigned)\s+)?(?:(?:cpt|hcpcs|billing|drug|vaccine|product)\s+)?(?:j-)?code\s+(?:for (?:it|this|the) (?:\w+ )?)?is\s+(?:cpt |hcpcs |now )?$"
)
_IN_ITS_BRACKETS = re.compile(r"\([A-Z0-9]{5}\)")
_ADJOINS = re.compile(r"[\s®™]*[(:]?\s*")
_EQUALS = re.compile(r"[\s®™*]*=\s*")
_SETS_OFF = re.compile(r"[,;]|\band\b|\bor\b")
_LONGEST_CODE = 13
# What may stand between two names of one drug.
_APPOSED = re.compile(r"[\s(),/®™-]*(?:also known as|sold as|marketed as|brand(?: name)?|generic(?: name)?)?[\s(:]*")
# The form that a descriptor begins with.
_FORM = re.compile(r"\b(?:injections?|inj\.?|infusion|implant|vaccine|for injection)\b,?(?:\s+of)?")
# What stands in brackets behind a code, or goes on with a word.
_BEGINS_WORDS = re.compile(r"\s*[(A-Za-z]")
# A drug that no table has, named as what a code stands for: "refers to the injection of sincalide, 5 micrograms".
_STANDS_FOR = re.compile(
    r"[\s(]*(?:\([^)]{0,60}\)\s*)?(?:is|represents?|refers? to|identif(?:y|ies)|designates?|stands? for|describes?|denotes?|means|covers?|reports?|"
    r"corresponds? to|pertains? to)\s+(?:the |an? )?(?:hcpcs code for |code for )?(?:the |an? )?(?:injections? of |injection, |infusion of |injectable )(?P<name>[a-z][a-z-]{3,}(?: [a-z][a-z-]{2,}){0,2}?)(?=,|\s*\(|\.|;| per | in )"
)
# How the name of a drug goes on: with the letters of a biosimilar set apart, or with the name of a second substance.
_LONGER_NAME = re.compile(
    r"(?:\s+-\s*|-\s+)(?P<suffix>[a-z]{4})\b(?!\s+[a-z])|\s+[a-z]*(?:tansine|tecan|dotin|tesirine|gamicin|xetan|soravtansine)(?:-[a-z]{4})?\b|\s+(?:protein[- ]bound(?: particles)?|lipid complex|liposom(?:e|al))\b|\s+and\s+[a-z]{3,}(?:ase|mab|cept|tinib|citabine|bactam|penem|statin|pril|sartan|ide|ine|ate)(?: (?:alfa|beta|sodium))?(?=\s*(?:$|[,;(|\n]|\d))"
)
_DASHED = re.compile(r"\s*-\s*")
_OF_DRUGS = re.compile(
    r"[a-z][a-z-]{5,}(?: (?:alfa|beta|sodium|acid|acetate|acetonide|hydrochloride|sulfate|phosphate|citrate|sucrose|dextran))*"
)
_ANY_QUANTITY = re.compile(QUANTITY.pattern, re.IGNORECASE)
_ANDED = re.compile(r"[\s®™]*(?:and|or|/|,)\s*")


def drug_in(text: Text, start: int, end: int) -> tuple[Concept, str] | None:
    """The drug that a short text such as a cell names, and the name as it stands there.

    The generic name goes before the brand, whichever stands first.
    """
    start, end = trim(text.plain, start, end)
    mentions = text.mentions_in(start, end, Kind.DRUG)
    exact = [mention for mention in mentions if mention.exact]
    if exact:
        return _best(text, exact)
    if mentions:
        return mentions[0].concept, mentions[0].concept.name or mentions[0].concept.label
    parts = [part for part in (_clean(part) for part in _BRACKETS.split(text.plain[start:end])) if part]
    small = [part for part in parts if part[0].islower()]
    name = (small or parts)[0] if parts and not _NOT_A_DRUG.search(parts[0].lower()) else ""
    if (
        _NOT_A_DRUG.search(name.lower())
        or not len(name) >= 4
        or len(name.split()) > 5
        or not _FOUR_LETTERS.search(name)
    ):
        return None
    return Concept.named(Kind.DRUG, name.lower()), name


def drug_of(text: Text, code: CodeSpan, begin: int, limit: int) -> tuple[Concept, str] | None:
    """The drug that a code identifies, where the words after it (up to `limit`) or before it (from `begin`) define it."""
    near = text.mentions_in(max(begin, code.start - 90), limit, Kind.DRUG)
    if near and _IN_ITS_BRACKETS.fullmatch(text.plain, code.start - 1, code.end + 1):
        own = [mention for mention in near if mention.end <= code.start]
        if own and text.plain[own[-1].end : code.start - 1].isspace():
            return _best(text, own[-1:])  # "etanercept (J1438) is excluded, and tocilizumab is not"
    after = [mention for mention in near if mention.start >= code.end] if near else near
    if after and _defines(text.plain[code.end : after[0].start]):
        group = _together(text.plain, after)
        if not _is_of_next_code(text, code, group, limit):
            return _best(text, group)
    if code.codes[0].value[0] not in _OF_SERVICES and _BEGINS_WORDS.match(text.plain, code.end, limit):
        if named_drug := named_in_brackets(text, code, limit):
            return named_drug
        if named_drug := stood_for(text, code.end, limit):
            return named_drug
    before = [mention for mention in near if mention.end <= code.start] if near else near
    if before and LEADS_TO_CODE.fullmatch(text.small, before[-1].end, code.start):
        return _best(
            text, [m for m in before if _JOINED.fullmatch(text.plain, m.end, before[-1].start) or m is before[-1]]
        )
    return None


def drug_behind(text: Text, at: int, limit: int) -> tuple[Concept, str] | None:
    """The drug that stands behind what speaks of a code, where the words between make it what the code stands for."""
    mentions = text.mentions_in(at, limit, Kind.DRUG)
    if not mentions or text.codes_in(at, mentions[0].start) or not _defines(text.plain[at : mentions[0].start]):
        return None
    return _best(text, _together(text.plain, mentions))


def _is_of_next_code(text: Text, code: CodeSpan, group: list[Mention], limit: int) -> bool:
    """Whether a name is that of the code behind it: "Infliximab J1745, tocilizumab J3262", "Mirena = J7298 ParaGard = J7300"."""
    following = text.codes_in(limit, min(limit + _LONGEST_CODE, len(text.plain)))
    if not following or following[0].start != limit:
        return False
    if _EQUALS.fullmatch(text.plain, group[-1].end, limit):
        return True
    return (
        _ADJOINS.fullmatch(text.plain, group[-1].end, limit) is not None
        and _SETS_OFF.search(text.small, code.end, group[0].start) is not None
    )


def drug_of_its_code(text: Text, code: CodeSpan, begin: int) -> tuple[Concept, str] | None:
    """The one drug named in the words from `begin` on, behind which stands what its code is: "The CPT code is 90696"."""
    lead = _ITS_CODE_IS.search(text.small, begin, code.start)
    if lead is None:
        return None
    mentions = text.mentions_in(begin, lead.start(), Kind.DRUG)
    return _best(text, mentions[-1:]) if len({mention.concept for mention in mentions}) == 1 else None


def as_named(named_drug: tuple[Concept, str]) -> Concept:
    """A drug under the name by which a text calls it."""
    drug, name = named_drug
    return Concept(drug.kind, drug.key, name)


def stood_for(text: Text, at: int, limit: int) -> tuple[Concept, str] | None:
    """A drug that no table has, named right behind a code, or behind what stands for one, as what it stands for."""
    match = _STANDS_FOR.match(text.small, at, limit)
    return (Concept.named(Kind.DRUG, match["name"]), text.plain[slice(*match.span("name"))]) if match else None


def other_brand_of(text: Text, code: CodeSpan, limit: int) -> tuple[Concept, str] | None:
    """The brand of another drug that stands right behind the first: "J0585 is the code for Botox and Dysport"."""
    mentions = text.mentions_in(code.end, limit, Kind.DRUG)
    if len(mentions) != 2 or any(mention.exact for mention in mentions) or mentions[0].concept == mentions[1].concept:
        return None
    if not _defines(text.plain[code.end : mentions[0].start]) or not _ANDED.fullmatch(
        text.plain, mentions[0].end, mentions[1].start
    ):
        return None
    return mentions[1].concept, mentions[1].concept.name or mentions[1].concept.label


def _defines(between: str) -> bool:
    """Whether the words between a code and a name make the name what the code stands for."""
    if len(between) > 260 or _NEW_SENTENCE.search(between):
        return False
    small = _FORM.sub("", between.lower())
    return not _BESIDES.search(small) and _DEFINING.search(small) is not None


def _together(text: str, mentions: list[Mention]) -> list[Mention]:
    """The first mention and those in apposition to it: brand and generic name of one drug."""
    group = mentions[:1]
    for mention in mentions[1:]:
        if not _APPOSED.fullmatch(text, group[-1].end, mention.start):
            break
        group.append(mention)
    return group


def _best(text: Text, mentions: list[Mention]) -> tuple[Concept, str]:
    mention = next((mention for mention in mentions if mention.exact), mentions[0])
    if mention.exact and (longer := _LONGER_NAME.match(text.plain, mention.end)):
        # "Bevacizumab - awwb", "pembrolizumab and berahyaluronidase alfa": the name goes on.
        name = text.plain[mention.start : longer.end()]
        name = _BLANKS.sub(" ", _DASHED.sub("-", name)) if longer["suffix"] else _BLANKS.sub(" ", name)
        return Concept.named(Kind.DRUG, name.lower()), name
    if mention.exact:
        return mention.concept, text.plain[mention.start : mention.end]
    return mention.concept, mention.concept.name or mention.concept.label


def named_in_brackets(text: Text, code: CodeSpan, limit: int) -> tuple[Concept, str] | None:
    """A name in brackets straight after the code, known or not: "J2786 (Cinqair, reslizumab)"."""
    match = _IN_BRACKETS.match(text.plain, code.end, limit)
    if not match or not _FOUR_LETTERS.search(match[1]) or _NOT_A_DRUG.search(match[1].lower()):
        return None
    others = {text.small[m.start : m.end] for m in text.mentions_in(*match.span(1)) if m.concept.kind is not Kind.DRUG}
    parts = [part for part in map(_clean, _SPLIT.split(match[1])) if part and not part[0].isdecimal()]
    parts = [part for part in parts if part.lower() not in others]
    small = [part for part in parts if part[0].islower()] or parts[-1:]
    if not parts or not _looks_like_drug(small[0].lower()):
        return None
    return Concept.named(Kind.DRUG, small[0].lower()), small[0]


def _looks_like_drug(name: str) -> bool:
    return _OF_DRUGS.fullmatch(name) is not None


def _clean(part: str) -> str:
    part = part.strip(" .\"'®™-")
    while match := _NOT_NAME.match(part):
        part = part[match.end() :]
    return _BLANKS.sub(" ", _ANY_QUANTITY.sub("", part)).strip(" .,®™-")
