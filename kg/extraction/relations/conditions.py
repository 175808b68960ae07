"""Conditions known by name: what a drug is given for, as prose says it."""

from __future__ import annotations

from functools import lru_cache

from kg import lazy_re as re
from kg.extraction.text.folding import fold
from kg.model import Concept, Kind, slug

_ARTICLE = re.compile(
    r"^(?:(?:such as|the|a|an|any|some|treatment|management|of|for|in|and|or|also)\s+)+", re.IGNORECASE
)
_DISEASE = re.compile(
    r"(?:itis|osis|oma|omas|emia|emias|aemia|pathy|pathies|algia|sclerosis|penia|uria|trophy|plegia|paresis|phrenia|cytosis|philia|dystonia|edema|rrhea)\b|"
    r"\b(?:asthma|diseases?|syndromes?|disorders?|deficienc(?:y|ies)|cancers?|tumou?rs?|leuk\w+|lymphoma|migraines?|anemias?|urticaria|lupus|failure|infections?|"
    r"fractures?|polyps?|hypertension|hypotension|gout|angioedema|rejection|pain|obesity|diabetes|crohn'?s?(?: disease)?|spasms?|spasticity|hyperhidrosis|degeneration|"
    r"myasthenia(?: gravis)?|pemphigus|psoriasis|release syndrome|bone loss|metastas[ie]s|malignanc(?:y|ies)|eczema|allerg(?:y|ies)|rhinitis|apnea|ulcers?|"
    r"incontinence|dysphonia|dysphagia|hypo(?:calc|kal)emia|overactive bladder|insomnia|depression|seizures?|epilepsy|headaches?|hemorrhage|thrombosis|embolism|stroke|shock|bleeding|wounds?|"
    r"retinopathy|glaucoma|blindness|vision loss|dementia|alzheimer'?s?(?: disease)?|parkinson'?s?(?: disease)?|overload|neutropenia|mucositis|acromegaly|endometriosis|puberty|infertility|"
    r"constipation|diarrhea|nausea|vomiting|pruritus|itch(?:ing)?|cough|dyspnea|neuropathy|amenorrhea|menopause|jaundice|cystinosis|scoliosis|torticollis|"
    r"lipodystrophy|dyslipidemia|pals(?:y|ies)|achalasia|fissures?|tremors?|chorea|keratos[ie]s|fibrillation|hypogonadism|hyp(?:er|o)(?:para)?thyroidism|reactions?|flares?|infarction|inflammation|occlusion|blepharospasm|strabismus|contracture|osteoporosis|paget'?s?(?: disease)?|"
    r"alopecia(?: areata)?|keloids?(?: scars?)?|hypertrophic scars?|verruca(?:e|s)?|warts?|molluscum(?: contagiosum)?|lichen (?:planus|sclerosus|simplex chronicus)|granuloma annulare|vitiligo|rosacea|acne|nev(?:us|i)|"
    r"cysts?|abscess(?:es)?|hernias?|cataracts?|myopia|amblyopia|hearing loss|deafness|tinnitus|vertigo|narcolepsy|snoring|angina|arrhythmias?|tachycardia|bradycardia|aneurysms?|claudication|varicose veins|reflux|"
    r"hemorrhoids?|kidney stones?|urinary retention|enuresis|prolapse|fistulas?|cystic fibrosis|rickets|cachexia|malnutrition|dehydration|gangrene|sepsis|autism(?: spectrum disorder)?|anxiety|bipolar disorder|adhd|ptsd|"
    r"nodules?|lesions?|scar(?:s|ring)|plaques?|sinus tracts?|papules?|comedones|milia|callus(?:es)?|lacerations?|burns?|foreign bod(?:y|ies)|effusions?|sprains?|strains?|dislocations?|injur(?:y|ies)|"
    r"meniscal tears?|rotator cuff tears?|deformit(?:y|ies)|impingement|bunions?|instability|masses|bursal cysts?|impetiginization|nail dystrophy|"
    r"withdrawal|hypoglycemia|radiculopathy|carpal tunnel(?: syndrome)?|trigger finger|spinal cord injur(?:y|ies)|brain injur(?:y|ies)|cleft (?:lip|palate)|fasciitis|paralysis)\b"
)
# Between the verdict of a policy and what it is on: "not covered when used for", "experimental and unproven in".
VERDICT_GOES_ON = r"(?:(?:only|when|if|used|and|or|experimental|investigational|unproven|not|medically|necessary)\W+){0,5}(?:for|in|to treat)"
_CUE = re.compile(
    r"\b(?:indicated|approved|licensed|labeled|cleared)\s+(?:\w+\s+){0,4}?(?:for|in|to treat)\s+(?:the\s+)?(?:treatment of\s+|management of\s+|use in\s+|prevention of\s+|reduction of\s+|relief of\s+)?|"
    r"\b(?:treatment|management|therapy|prevention|prophylaxis|control|relief|maintenance treatment)\s+(?:of|for)\s+|"
    r"\b(?:used|performed|done|prescribed|given|administered|ordered|reserved|utilized|employed)\s+(?:\w+\s+){0,3}?(?:for|in|to treat|to manage|to control|to prevent|against)\s+|\b(?:treats?|treating|manages)\s+|"
    r"\b(?:patients?|adults?|children|adolescents|people|persons?|those|individuals|beneficiary|beneficiaries|members?|man|woman|men|women|adult patients?)\s+(?:[\w-]+\s+){0,9}?(?:with|who have|who has|diagnosed with|living with|suffering from)\s+|\b\d+-year-old (?:\w+ )?with\s+|"
    r"\bpatients?\s+(?:usually |typically |often )?(?:has|have)\s+|\b(?:is|are)\s+an?\s+adults?\s+with\s+|\bdiagnos(?:is|ed)\s+(?:of|with)\s+|\bindications?\s+(?:include|are|is|for \w+ are)\s+|\bnot (?:to )?be (?:used|given) (?:in|after|during|with)\s+(?:a )?(?:recent )?|\buse in\s+|\bindicated for\s+|\bcontraindicated in\s+|\bbenefit in\s+|\b(?:cases?|instances) of\s+|"
    rf"\b(?:covered|medically necessary|experimental|investigational|unproven)\s+{VERDICT_GOES_ON}\s+(?:the\s+)?(?:treatment of\s+|management of\s+|use in\s+)?"
)
_STOP = re.compile(
    r"[.;:)—]|\s-\s|\b(?:together with|along with|combined with|with (?=methotrexate|chemotherapy|standard|platinum|\w+(?:mab|nib|platin|taxel)\b)|who|which|that|when|whose|where|after|before|despite|because|if|unless|not|by|through|via|as|is|are|was|has|have|may|can|will|should|must|requires?|"
    r"to (?:inhibit|slow|delay|decrease|increase|lower|reduce|improve|achieve|control|prevent|help|treat|manage|relieve|support)|only|without (?:pre-?|prior |any )?authori[sz]ation|among|whether|per|under|using|having|being|in (?:these|those|this|patients|adults?|pediatric|children|people|those|combination|the|a|an|selected|women|men|adolescents|certain|beneficiar\w+|members?)|"
    r"other than|regardless of|irrespective of|except|excluding|with symptoms|with (?:disease )?progression|"
    r"for (?:control|patients|adults|whom|which|\w+ing)\b|aged|inadequately|refractory to|unresponsive|such as|on (?:dialysis|top)|without adequate|at (?:least|high|risk)|from|during|while|since|although|but|"
    r"administered|treated|given|defined|receiving|resistant to|undergoing|presents?|considered|affecting)\b"
)
_SEVERITY = re.compile(
    r"^(?:(?:such as|fda[- ‑]?(?:approved|labell?ed)|with|the|a|an|any|some|certain|various|other|several|preventive|prophylactic|maintenance|treatment|management|therapy|prevention|prophylaxis|prevent|preventing|of|for|in|and|also|active|recent|previously|chronic|newly diagnosed|confirmed|documented|"
    r"moderately severe|moderate(?:ly)?(?:[- ](?:to|and)[- ]severe(?:ly)?)?|mild[- ]to[- ]moderate|adult|pediatric|adults? with|children with|patients with|symptomatic|established|select(?:ed)?|including|"
    r"either|both|signs and symptoms of|relapsing forms of|forms of|cases of|disease activity of|treating|managing|people with|those with|moderately to severely active|as well as|or|refractory)\s+)+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*,\s*(?:and|or)\s+(?:for\s+|in\s+)?|(?<=[a-z]{4})\s*/\s*(?=[A-Z])|\s*,\s*(?:for\s+)?|(?<!\bhead)\s+(?:and|or|as well as)\s+(?:for\s+|of\s+)?",
    re.IGNORECASE,
)


# What names no disease by itself.
_TOO_PLAIN = frozenset(
    "lesion lesions scar scars scarring plaque plaques nodule nodules papules injury injuries masses effusion effusions burns instability deformity deformities strain strains disease diseases disorder disorders syndrome syndromes condition deficiency failure reaction reactions pain infection infections flare flares wounds wound bleeding inflammation".split()
)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
# What follows the word for a disease and is no part of its name: "acute pain management in clinical settings".
_BEYOND = re.compile(
    r"\s+o$|\s+caused\b|\s+in (?:postmenopausal|adult|pediatric|elderly|older|younger|male|female) (?=patients?\b)|\s+when\w*\b|(?:\s+in)?[\s,]+(?:management|therap(?:y|ies)|treatments?|patients?|cells?|medications?|drugs?|symptoms?|control|care|relief|prophylaxis|screening|testing|"
    r"specialists?|cent(?:er|re)s?|clinics?|practices?|programs?|first[- ]line|second[- ]line|indications?|uses|in (?:clinical|hospital|outpatient|inpatient|selected|certain))\b"
)
# "Postmenopausal patients with osteoporosis", "end-stage renal disease actively on dialysis".
_WHOSE = re.compile(
    r"^(?:[\w-]+ ){0,4}(?:patients?|adults?|women|men|children|individuals|people|members?|older|younger|above) with ",
    re.IGNORECASE,
)
# "AMD with occult and no classic lesions": the part before the "and" is torn off.
_TORN = re.compile(r"\bwith \w+ and (?:no|not|without) ")
_MANNER = re.compile(r"\s+[a-z]+ly$")
# An item that is no name, but says what somebody had or did.
_TELLS = re.compile(
    r"\b(?:had|been|experienc\w+|improve\w+|decreas\w+|reduc(?:ed|tion)|tried|meets?|examples?|history|trial|response|limited)\b"
)
_CODE = re.compile(r"^\W*[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b")
_NUMBER = re.compile(r"^\W*(?:\d+(?:\.\d+)*|[A-Za-z])[.)]\s+")
# "For diagnosis of Crohn's disease:" heads what is asked for in that use.
_FOR = re.compile(
    r"^(?:for|in) (?:(?:the )?(?:diagnosis|treatment) of |patients with |(?:a )?diagnosis of )?(?=\S)", re.IGNORECASE
)
# "Indications include A in adults, B and C": each of them may be followed by details.
_ENUMERATES = re.compile(r"indications?\s+(?:include|are)")
# "Breast cancer, triple-negative"
_INVERTED = re.compile(r"(?P<disease>[^,]{4,60}), (?:[\w-]+ ){0,2}[\w-]+")
_PURPOSE = re.compile(
    r"^(?:(?:indicated|approved|labell?ed|used|covered) (?:for|in) (?:the )?)?(?:(?:to (?:treat|manage|prevent|control)|treatment of|management of|treating|managing)\s+)?",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(r"\bto (?!severe|moderate|the\b|an?\b)[a-z]+")
_NO_CONDITION = re.compile(
    r"^(?:no|not|without|undergone|experienced|completed|received) |\b(?:number|types?|variety|kinds?) of\b|\d{4}|\bguidelines?\b|\bwork group\b|\boutcomes\b|\bimproving\b|\bclinicians?\b|\btried\b|\bevidence\b|\bcourses?\b|\bcodes?\b|\bconditions?\b|\bdiagnos|\bfor\b|\brequiring\b|\bgroup\b|\bsynonyms?\b|\b(?:particular|specific|given|individual|underlying|same|other|another)\s+(?:diseases?|disorders?|conditions?)\b|\w{3}ologists?\b|\bphysicians?\b|\bsymptoms of\b"
)
# "Crohn's disease (CD) and ulcerative colitis (UC)", "conditions such as osteoarthritis": what ends no name.
_SHORT_FORM = re.compile(r"\((?=[A-Za-z0-9-]*[A-Z])[A-Za-z][A-Za-z0-9-]{1,7}\)")
_SUCH_AS = re.compile(
    r"\b(?:(?:certain|various|several|other|many|some|medical|chronic) )*(?:conditions|diseases|disorders),? (?:such as|like|including) ",
    re.IGNORECASE,
)
_OF_THERAPY = re.compile(r"(?:treatment|management|therapy|prevention|prophylaxis)\b")
_ANOTHER = re.compile(r"\b(?:receiving|undergoing|received|adjuvant|concurrent|concomitant)\s+(?:[\w-]+\s+){0,5}$")
_AND_FOR = re.compile(r",?\s+and\s+(?:also\s+)?(?:for|in)\s+")


@lru_cache(maxsize=2048)
def conditions_in(text: str) -> tuple[Concept, ...]:
    """The conditions that a short text lists; words for their course or severity stay in the name and not in the key.

    >>> [condition.curie for condition in conditions_in("active rheumatoid arthritis or giant cell arteritis")]
    ['condition:rheumatoid-arthritis', 'condition:giant-cell-arteritis']
    """
    conditions: list[Concept] = []
    if _TORN.search(text):
        return ()
    for part in _SPLIT.split(_BRACKETS.sub("", text) if "(" in text or "[" in text else text):
        phrase = _up_to_disease(_PURPOSE.sub("", " ".join(part.split()).strip(" .,;:\"'")))
        name = _SEVERITY.sub("", phrase)
        if 1 <= len(name.split()) <= 9 and name.lower() not in _TOO_PLAIN and not _NO_CONDITION.search(fold(name)):
            conditions.append(Concept(Kind.CONDITION, slug(name), _ARTICLE.sub("", phrase)))
    return tuple(conditions)


def _up_to_disease(phrase: str) -> str:
    """A name without what follows the word for its disease and is no part of it; nothing where no word is one."""
    small = fold(phrase)
    first = _DISEASE.search(small)
    if first is None or _INFINITIVE.search(small, 0, first.start()):
        return ""
    beyond = _BEYOND.search(small, first.end())
    return _WHOSE.sub("", _MANNER.sub("", phrase[: beyond.start()] if beyond else phrase))


@lru_cache(maxsize=1024)
def conditions_of_heading(heading: str) -> tuple[Concept, ...]:
    """The condition that a heading is the name of, and nothing else.

    >>> [condition.key for condition in conditions_of_heading("2. Rheumatoid arthritis (RA)")]
    ['rheumatoid-arthritis']
    >>> conditions_of_heading("Rheumatoid arthritis drugs")
    ()
    """
    name = _CODE.sub("", _NUMBER.sub("", _BRACKETS.sub("", heading))).strip(" :.-–—*")
    name = _FOR.sub("", name)
    conditions = conditions_in(name)
    if len(conditions) != 1:
        return ()
    key = slug(conditions[0].name or "")
    if (inverted := _INVERTED.fullmatch(name)) and slug(inverted["disease"]) == key and not _BEYOND.search(fold(name)):
        return (Concept(Kind.CONDITION, slug(name), name),)
    return conditions if key == slug(name) else ()


def conditions_named(item: str) -> tuple[Concept, ...]:
    """The conditions that an item of a list of indications names before it says more of them.

    >>> [condition.key for condition in conditions_named("Cervical dystonia in adults (12 weeks apart)")]
    ['cervical-dystonia']
    """
    stop = _STOP.search(fold(item))
    bracket = item.find("(") if "(" in item else len(item)
    name = item[: min(stop.start() if stop else len(item), bracket)]
    return () if _TELLS.search(fold(name)) else conditions_in(name)


def _within_sentence(text: str, start: int) -> str:
    """What stands between an offset and the end of its clause, without brackets."""
    return _BRACKETS.sub("", text[start:]).split(".")[0].split(";")[0]


@lru_cache(maxsize=2048)
def conditions_after_cues(text: str) -> tuple[tuple[Concept, int], ...]:
    """The conditions that a sentence says something is for, each with the offset of its cue.

    >>> [(c.key, at) for c, at in conditions_after_cues("It is indicated for iron deficiency in adults.")]
    [('iron-deficiency', 6)]
    """
    cue_starts: dict[Concept, int] = {}
    for pattern in (_SHORT_FORM, _SUCH_AS):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    small = fold(text)
    for cue in _CUE.finditer(small):
        if _OF_THERAPY.match(cue[0]) and _ANOTHER.search(small, max(0, cue.start() - 80), cue.start()):
            continue  # "… receiving androgen deprivation therapy for prostate cancer" is for that.
        if _ENUMERATES.match(cue[0]):
            for part in _SPLIT.split(_within_sentence(text, cue.end())):
                for name in conditions_named(part):
                    cue_starts.setdefault(name, cue.start())
        stop = _STOP.search(small, cue.end())
        stretch = text[cue.end() : stop.start() if stop else len(text)]
        if stretch.count("(") > stretch.count(")"):
            stretch = stretch[: stretch.rindex("(")]  # Its bracket holds a semicolon or the like.
        for name in conditions_in(stretch[:200]):
            cue_starts.setdefault(name, cue.start())
        # "… in adults, and for iron deficiency in heart failure": the cue carries on behind its first object.
        if stop and (next_object := _AND_FOR.search(text, stop.start())):
            end = _STOP.search(small, next_object.end())
            for name in conditions_in(text[next_object.end() : end.start() if end else len(text)][:120]):
                cue_starts.setdefault(name, cue.start())
    return tuple(cue_starts.items())
