"""Routes, places and payers that a clause names."""

from __future__ import annotations

from collections.abc import Iterator

from kg import lazy_re as re
from kg.extraction.draft import Draft, Outcome
from kg.extraction.lexicon import Effect, Stance, Topic, is_denied
from kg.extraction.prose.sentence import Sentence
from kg.extraction.relations.services import is_administration, is_drug, is_of_drug
from kg.extraction.text.gazetteer import Mention
from kg.extraction.text.text import Text
from kg.model import CodeSystem, Concept, Kind, Polarity, Relation, Strength

_RELATIONS = {
    Kind.ROUTE: Relation.ROUTE_OF_ADMINISTRATION,
    Kind.PLACE: Relation.PLACE_OF_SERVICE,
    Kind.PAYER: Relation.HAS_PAYER,
}
# "Oral iron" and "inhaled steroids" are other drugs, not routes of this one.
_OTHER_DRUG = re.compile(
    r"(?:oral|inhaled|topical|subcutaneous|intravenous|intramuscular|intravitreal)\s+(?:[\w-]+\s+){0,2}(?:irons?|molecules?|anticoagulants?|"
    r"steroids?|corticosteroids?|glucocorticoids?|bisphosphonates?|antihistamines?|biologics?|methotrexate|"
    r"medications?|medicines?|nsaids?|antibiotics?|analgesics?|retinoids?|alternatives?|therap(?:y|ies)|agents?|drugs?|treatments?|"
    r"contraceptives?|tablets?|mucosa|cavity|intake|cancers?)\b"
)
# What patients give themselves is another product than what is billed, and a switch of routes is no route.
_BY_ITSELF = re.compile(r"\bself-? ?administ\w+|\bself-? ?inject\w+|\bswitch\w* between\b")
_NO_PLACE = re.compile(
    r"\s+(?:health\s+)?(?:use|benefit|claim|record|visit|notes?\b|chart|(?:and \w+[\s-]+)?specific|policy|program|agenc|printouts?|without|services?\b(?! (?:is|are|was|were|must|may|code)\b))"
)
# "Stage IIIB/IV" is none of giving, and an "IV pole" is a thing.
_NUMERAL = re.compile(
    r"\b(?:stages?|grades?|class|types?|phases?|schedules?|parts?|groups?|category)\s+(?:[iv]+[abc]?\s*(?:/|-|–|or|and|to|,)\s*)*$"
)
_THING = re.compile(r"\s+(?:poles?|pumps?|tubing|bags?|supplies|sets?|lines?|access|fluids?|catheters?)\b")
# A route counts where the clause says that something is given, not where a patient has tried something else.
_WAY = re.compile(
    r"\b(?:given|giv\w+|administ\w+|infus\w+|inject\w+|route|push|instill\w*|implant\w*|inhal\w+|appl\w+|take\w*|delivered|formulations?|products?|dos(?:e|es|age|ing))\b"
)
_TRIED = re.compile(
    r"\b(?:tried|failed|failure|intoleran\w+|contraindicat\w+|inadequate response|prior therap\w+|previous\w*|history of)\b"
)
# "Failure of a prior epidural injection" is the way of another treatment.
_PRIOR = re.compile(
    r"\b(?:failure of|failed|prior(?! (?:authorization|approval))|previous|history of|inadequate response to|intoleran\w+ (?:of|to))\b[^.;|,]*$"
)
# "Inhalation solutions are denied" says what they are, and "never as IV push" says no to the push alone.
_KIND_OF_DRUG = re.compile(
    r"\s+(?:push|bolus|solutions?|suspensions?|powders?|products?|formulations?|agents?|preparations?)\b"
)
# What a patient must meet, or what there is nowhere near, is no word on where a drug may be given.
_CRITERIA = re.compile(r"\b(?:criteria|options?|available|availability|access|if|unless)\b")
# "Why the oral/alternative route is not feasible"
_NOT_POSSIBLE = re.compile(
    r"(?:\s*(?:/|or|and)\s*alternative)|\s+(?:\w+\s+){0,2}(?:is\s+|was\s+)?not\s+(?:feasible|possible|an option|tolerated)\b"
)
_FOUND_NOTHING = re.compile(
    r"\bnot (?:listed )?in (?:the )?(?:current |fee |procedure )*(?:code )?(?:manual|list|schedule)\b|\bno\b[^.;]{0,40}\bfound\b|\bnot found\b|\bno (?:explicit |specific )?polic(?:y|ies)\b"
)
_UNPAID = re.compile(
    r"\b(?:not|never|non-?)\s*(?:\w+\s+){0,2}(?:cover|pay|reimburs|bill)\w*|\bden(?:y|ies|ied)\b|\bexclud\w+|\bno coverage\b"
)
_NUMBERED = ("pos ", "place of service ")
# Where a drug is bought is not where it is given.
_SUPPLIER = re.compile(
    r"\b(?:specialty|mail[- ]order|network) pharmac(?:y|ies)\b|\b(?:through|from|via|under)\s+(?:an?\s+|the\s+|both\s+)?(?:[\w-]+\s+)?pharmac(?:y|ies)\b"
    r"|\b(?:billed|submitted|supplied|dispensed|ordered) by\s+(?:an?\s+|the\s+|either\s+)?pharmac(?:y|ies)\b"
)
# Who may have a card that pays for patients is no word on whom a code is billed to.
_OF_OFFERS = re.compile(
    r"\b(?:co-?pay(?:ment)?|savings|assistance|rebate|support) (?:card|program|offer|coupon)|\bnot valid\b|\beligible\b[^.]{0,40}\bpatients?\b|\bpatients? without\b"
)
_UNPROVEN = re.compile(r"experiment|investig|unproven|necess|establish|evidence")
_AGENCY = re.compile(
    r"centers for medicare (?:&|and) medicaid services|^\W*(?:and )?medicaid services|^[^.]*\b(?:subsidiar|trademark|registered mark|service mark)\w*.*$"
)
# "The intramuscular product has another code."
_OTHER_CODE = re.compile(
    r"\b(?:another|different|separate|its own|their own)\s+(?:hcpcs |j[- ]?|billing )?codes?\b|\b(?:rather than|instead of|not by|no)\s+(?:an?\s+)?(?:hcpcs |j[- ]?)codes?\b"
)
# What stands in the name of a file is said of nobody.
_FILE = re.compile(r"[^\n|,;]{0,120}?\.(?:pdf|docx?|xlsx?|html?|csv|txt|json)\b")
_FEW = 3
# What a reason or a contrast names is not what is stated.
_REASON = re.compile(r"\b(?:because|since|although|while|whereas|unlike)\b[^,;]*$")
_VERB = re.compile(
    r"\b(?:may|can|must|will|is|are|has|have|wants?|asks?|limits?|prefers?|directs?|follows?|looks?|checks?)\b"
)
_SITE = re.compile(
    r"\b(?:sites?|settings?|places?|pos|locations?|facilit\w+|performed|furnished|provided|takes? place|treat\w+|outpatient|inpatient|offices?|bill\w*|paid|covered)\b"
)
_AMOUNT = re.compile(r"\$\s?\d")
_OF_PAYERS = re.compile(
    r"\b(?:cover\w*|pa(?:y|ys|id|yers?|yment)|requir\w+|reimburs\w+|bill\w*|claims?|polic\w+|authoriz\w+|plans?|accept\w*|den(?:y|ies|ied|ials?)|insur\w+|part b|benefit\w*|beneficiar\w+|contractors?|recogni\w+)\b"
)
_HAD = re.compile(r"\b(?:on|with|to|of|after|from|than|tried|failed|taking|took|received)\s+(?:an?\s+|the\s+)?$")
_NEXT_WORD = 30
# What stands right before or right behind a route that something is given by.
_BESIDE_ROUTE = 60
_TWO_LETTERS = 2
_GIVES_BY = re.compile(
    r"\b(?:given|giv\w+|administ\w+|infus\w+|inject\w+|deliver\w+|instill\w*|implant\w*|inhal\w+|appl(?:y|ied)|take\w*|used|billed|supplied|available|formulated|intended|routes?|is|are|for|by|via|through|as|an?|only|per|or|and|not|never|than)"
    r"\b[\s:(=/-]*(?:(?:by|via|as|for|an?|the|in|either|only|both|usually|always|typically|directly|slow|single|self)\s+)*(?:[a-z-]+(?:\s*\([a-z/]+\))?\s*(?:,|/|or|and|and/or)\s*(?:an?\s+)?){0,3}$|[:=/(|-]\s*$|^\s*$|\d\s*(?:mg|mcg|g|ml|iu|units?)\s*$"
)
_OF_GIVING = re.compile(r"\b(?:routes?|admin\w*|dos(?:e|age|ing)|given|giv\w+|forms?|how (?:it is|to)|where)\b")
_GIVING = re.compile(r"injection|infusion|push|use|administration")
_GIVES = re.compile(
    r"(?:\s*\([^()]{1,30}\))?(?:\s*(?:,|/|or|and|and/or)\s*[a-z-]+){0,2}\s*(?:-\s*)?(?:[\w-]+\s+){0,2}?(?:(?:bolus|slow|push|drip|self|depot)\s*-?\s*)?"
    r"(?:routes?|injections?|infusions?|administrations?|administered|use|dos(?:e|es|ing)|push|bolus|drip|implants?|pens?|syringes?|autoinjectors?|devices?|inhalations?|instillations?|solutions?|formulations?|forms?|products?|drugs?|only|vaccin\w+|treatments?)\b|\s*[.;)]|\s*$"
)
_GIVEN = re.compile(r"\b(?:given|administered|infused|injected)\b")


def read_names(sentence: Sentence, clause: tuple[int, int], subjects: tuple[Concept, ...]) -> Iterator[Outcome]:
    """What a clause says of routes, places and payers."""
    if sentence.topic is Topic.SIMILAR and not set(subjects) - set(sentence.about.primary):
        return
    if len(sentence.drugs) > _FEW and not sentence.enumerates():
        return  # In a row of codes with their names it is not clear which code a name belongs to.
    for mention in sentence.text.mentions_in(*clause):
        kind = mention.concept.kind
        if (
            kind not in _RELATIONS
            or _is_in_name_of_file(sentence.text, mention)
            or _speaks_of_other(sentence, mention, clause)
            or not _is_sure(sentence, mention, clause, subjects)
            or (kind is Kind.ROUTE and not any(is_of_drug(c) or is_administration(c) for c in subjects))
        ):
            continue
        stance = _stance(sentence, mention, clause)
        if stance is None:
            continue
        yield Draft(
            subjects, _RELATIONS[kind], sentence.text.as_written(mention), sentence.cite, kind.value,
            stance.polarity or Polarity.AFFIRMED, stance.strength,
        )  # fmt: skip


def _is_in_name_of_file(text: Text, mention: Mention) -> bool:
    """Whether a name begins that of a file, which is set apart from the words around it: "`UHC Rituximab.pdf`"."""
    return (
        text.document.text[mention.start - 1 : mention.start] == "`"
        and _FILE.match(text.small, mention.end) is not None
    )


def _is_sure(sentence: Sentence, mention: Mention, clause: tuple[int, int], subjects: tuple[Concept, ...]) -> bool:
    """Whether a clause speaks of the subjects at all: it names them, or the document has few and the words fit."""
    if (
        mention.concept.kind is Kind.PLACE
        and sentence.cite.kind in ("note", "prose")
        and not _is_site(sentence, mention, clause)
    ):
        return False
    if mention.concept.kind is Kind.ROUTE and _PRIOR.search(sentence.before(mention.start, 60)):
        return False
    if sentence.names(subjects) or sentence.cite.kind != "prose":
        return True
    if mention.concept.kind is Kind.PAYER:
        is_about_payers = (
            sentence.topic is Topic.PAYERS
            or _OF_PAYERS.search(sentence.small)
            or (len(subjects) == 1 and _VERB.search(sentence.small))
        )
        return len(subjects) <= _FEW and bool(is_about_payers)
    others = any(m.concept.kind is Kind.DRUG for m in sentence.mentions)
    if len(subjects) > 1 and not set(subjects) <= set(sentence.about.primary):
        return False
    if others or _TRIED.search(sentence.small):
        return False
    return mention.concept.kind is Kind.PLACE or _WAY.search(sentence.text.small, *clause) is not None


def _is_site(sentence: Sentence, mention: Mention, clause: tuple[int, int]) -> bool:
    """Whether the words around a place say that something is done or paid there."""
    small = sentence.text.small
    if _AMOUNT.search(small, *clause):
        return False  # "$18 (non-facility/POS 11)" says what is paid, and not where.
    if small[mention.start].isdigit() or small.startswith(_NUMBERED, mention.start):
        return True
    around = (small[clause[0] : mention.start], small[mention.end : clause[1]], sentence.scope.section.lower())
    return any(_SITE.search(words) or _WAY.search(words) for words in around)


def _stance(sentence: Sentence, mention: Mention, clause: tuple[int, int]) -> Stance | None:
    """Polarity and strength for a name; None where it is named only to be left out."""
    kind = mention.concept.kind
    if kind is Kind.PAYER:
        words = f"{sentence.scope.section.lower()} {sentence.small}"
        nothing = _FOUND_NOTHING.search(words) or _OF_OFFERS.search(words) or _is_agency(sentence, mention)
        return None if nothing or _UNPAID.search(sentence.text.small, *clause) else Stance()
    if any(clause[0] <= hit.start and hit.end <= mention.start for hit in sentence.replacing):
        return None
    if any(hit.cue.effect is Effect.EXCEPTION and clause[0] <= hit.start < mention.start for hit in sentence.hits):
        return None
    if kind is Kind.PLACE and _CRITERIA.search(sentence.text.small, *clause):
        return None
    if is_denied(sentence.before(mention.start, 80)):
        return Stance(Polarity.EXCLUDED)
    if sentence.topic is Topic.DENIALS:
        return Stance(None, Strength.STATED)
    stance = sentence.stance(clause, mention.start, mention.end)
    if stance.excludes and any(_UNPROVEN.search(hit.cue.phrase) for hit in sentence.hits):
        return None  # What is unproven is the use, not the way or the place.
    if kind is Kind.ROUTE and stance.excludes and _KIND_OF_DRUG.match(sentence.text.small, mention.end):
        return None
    return stance


def _is_agency(sentence: Sentence, mention: Mention) -> bool:
    """Whether a payer is only part of the name of the agency: the Centers for Medicare & Medicaid Services."""
    return any(
        match.start() <= mention.start - sentence.start < match.end() for match in _AGENCY.finditer(sentence.small)
    )


def _speaks_of_other(sentence: Sentence, mention: Mention, clause: tuple[int, int]) -> bool:
    """Whether a route or place is that of another drug, of a procedure, or none at all."""
    kind, text = mention.concept.kind, sentence.text
    if kind is Kind.PAYER:
        return False
    if _REASON.search(text.small[clause[0] : mention.start]):
        return True
    if _OTHER_CODE.search(text.small, *clause) and not any(s.codes for s in text.codes_in(*clause)):
        return True
    if kind is Kind.ROUTE and (sentence.is_of_studies or not _is_way_of_giving(sentence, mention, clause)):
        return True
    if kind is Kind.PLACE and (
        sentence.topic is Topic.DENIALS
        or _NO_PLACE.match(text.small, mention.end, clause[1])
        or any(
            supplier.start() <= mention.start < supplier.end() for supplier in _SUPPLIER.finditer(text.small, *clause)
        )
    ):
        return True
    if _GIVEN.search(text.small, clause[0], mention.start):
        return False
    services = [s for s in text.codes_in(*clause) if s.system is CodeSystem.CPT and s.codes and not is_drug(s.code)]
    return any("," not in text.plain[min(mention.end, s.end) : max(mention.start, s.start)] for s in services)


def _is_way_of_giving(sentence: Sentence, mention: Mention, clause: tuple[int, int]) -> bool:
    """Whether a route is a way in which a drug is given: no word of another drug, thing or numeral, and no descriptor."""
    small = sentence.text.small
    # "Where it cannot be absorbed if taken orally" gives no way.
    if not (sentence.is_main(clause, mention.start) and _tells_of_giving(sentence, mention, clause)):
        return False
    return not (
        _OTHER_DRUG.match(small, mention.start, clause[1])
        or _BY_ITSELF.search(small, *clause)
        or _THING.match(small, mention.end, clause[1])
        or _NUMERAL.search(small[clause[0] : mention.start])
        or _NOT_POSSIBLE.match(small, mention.end, clause[1])
        or _is_form_tried(sentence, mention)
        or _is_of_drug_before(sentence, mention)
        or _is_described(sentence, mention)
    )


def _is_form_tried(sentence: Sentence, mention: Mention) -> bool:
    """Whether a route only says which form of a drug somebody had: "did not do well on oral naltrexone"."""
    drugs = sentence.text.mentions_in(mention.end, min(sentence.end, mention.end + _NEXT_WORD), Kind.DRUG)
    is_beside = bool(drugs) and sentence.text.plain[mention.end : drugs[0].start].isspace()
    # "Oral azacitidine is not billed by J code": without its code the form may be another product.
    return bool(drugs) and (
        _HAD.search(sentence.before(mention.start)) is not None or (is_beside and not sentence.drugs)
    )


def _is_of_drug_before(sentence: Sentence, mention: Mention) -> bool:
    """Whether the last drug before a route is another: "topical steroids, budesonide inhalation"."""
    drugs = [m.concept for m in sentence.mentions if m.concept.kind is Kind.DRUG and m.end <= mention.start]
    about = sentence.about
    if not drugs or about.is_own(drugs[-1]) or about.codes_called(drugs[-1]):
        return False
    return bool(about.own_drugs) and not any(span.end <= mention.start for span, _ in sentence.drugs)


def _tells_of_giving(sentence: Sentence, mention: Mention, clause: tuple[int, int]) -> bool:
    """Whether the words beside a route make it a way of giving something: "oral absorption" is none."""
    small = sentence.text.small
    if sentence.cite.kind == "note":
        if len(sentence.plain) <= _TWO_LETTERS:
            return False  # "SC" alone in a cell may be a modifier.
        if _OF_GIVING.search(small, sentence.cite.start, sentence.cite.end):
            return True
    return bool(
        _GIVING.search(small, mention.start, mention.end)
        or _GIVES_BY.search(small[clause[0] : mention.start][-_BESIDE_ROUTE:])
        or _GIVES.match(small, mention.end, clause[1])
    )


def _is_described(sentence: Sentence, mention: Mention) -> bool:
    """Whether a route stands in the descriptor of a procedure before it, with no drug and no "given" between."""
    before = [
        s.end for s, c in sentence.billing if s.end <= mention.start and c.kind is Kind.CPT and not is_drug(s.code)
    ]
    if not before:
        return False
    between = (before[-1], mention.start)
    names_drug = sentence.text.mentions_in(*between, Kind.DRUG) or any(s.start >= between[0] for s, _ in sentence.drugs)
    return not names_drug and not _GIVEN.search(sentence.text.small, *between)
