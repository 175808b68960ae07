"""Descriptors: what the name of a HCPCS Level II code says of a drug, its brands and its billing unit.

A descriptor is a list of words between commas, written by hand for fifty years: the drug first, then its brand or
its maker, the form, the route and the amount, in no fixed order. Each piece is told by its own words, never by the
code or by where the code stands. A piece that cannot be told is left out: a drug with one name less does less harm
than a maker of drugs taken for a drug.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from kg import lazy_re as re
from kg import resources
from kg.model import Concept, Kind, Quantity, Relation, Statement, slug
from kg.reference.billing_units import NUMBER, Piece, after_per, amount_at, amounts_of, pieces_of, unit_of, whole_amount
from kg.reference.release import Drug, Entry


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a descriptor says: the drug in small letters, its brands, and the amount that one unit bills.

    `unit` is None where the descriptor names no amount, or several that are not one amount ("2 mg/3 mg"). `makers`
    are those whose product alone the code is for; `forms` are the routes and forms that it names.
    """

    drug: str
    brands: tuple[str, ...] = ()
    biosimilar: bool = False
    unit: Quantity | None = None
    makers: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()
    takes_any: bool = False


@lru_cache(maxsize=2**14)
def read_descriptor(text: str) -> Descriptor | None:
    """What a descriptor says, None where the code stands for no drug, or for no certain one ("Unclassified drugs").

    Products that are billed by area, such as skin substitutes, count as drugs, as they do for Medicare; whole blood
    and its components do not.

    >>> read_descriptor("Injection, tocilizumab-bavi (tofidence), biosimilar, 1 mg")
    ... # doctest: +NORMALIZE_WHITESPACE
    Descriptor(drug='tocilizumab-bavi', brands=('tofidence',), biosimilar=True,
               unit=Quantity(number=Decimal('1'), ucum='mg', text='1 mg'), makers=(), forms=frozenset(),
               takes_any=False)
    >>> read_descriptor("Standard wheelchair") is None
    True
    """
    if len(text) > _LONGEST:
        return None
    plain = " ".join(text.lower().split())
    head = _HEAD.match(plain)
    pieces = pieces_of(plain[head.end() :] if head else plain)
    if _NO_CERTAIN_DRUG.search(plain) or not (head or _is_drug(plain, pieces)):
        return None
    name, brands = _names(pieces, makers_only=_MAKER_ONLY.search(plain) is not None)
    biosimilar = "biosimilar" in plain and not _NO_BIOSIMILAR.search(plain)
    if len(name) > _LONGEST_NAME or not any(letter.isalpha() for letter in name):
        return None
    return Descriptor(name, brands, biosimilar, unit_of(pieces), _makers(pieces), forms_in(plain))


def forms_in(text: str) -> frozenset[str]:
    """The routes and forms that a text in small letters names, each by one name.

    >>> sorted(forms_in("for subq injection, not iv; non-compounded"))
    ['intravenous', 'subcutaneous']
    """
    return frozenset(_forms()[words] for words in _form_pattern().findall(text))


@cache
def _forms() -> dict[str, str]:
    rows = resources.table("data", "names", "forms.tsv")
    return {words: row["name"] for row in rows for words in row["words"].split("; ")}


@cache
def _form_pattern() -> re.Pattern[str]:
    """The longer words first, so that "non-lyophilized" is not read as its opposite."""
    every = "|".join(re.escape(words) for words in sorted(_forms(), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{every})(?![\w-])")


@dataclass(frozen=True)
class KnownDrugs:
    """Drugs known by name, ready to be found by what a descriptor says.

    >>> known = KnownDrugs.of([Drug(Concept.named(Kind.DRUG, "bortezomib"), brands=("Velcade",))])
    >>> known.concept(Descriptor("bortezomib hydrochloride")).curie
    'drug:bortezomib'
    """

    _names: dict[frozenset[str], Concept] = field(repr=False)
    _brands: dict[str, Concept] = field(repr=False)

    @classmethod
    def of(cls, drugs: Iterable[Drug]) -> KnownDrugs:
        """Index drugs by name and brand; a brand of two drugs tells neither."""
        names: dict[frozenset[str], Concept] = {}
        brands: dict[str, Concept | None] = {}
        for drug in drugs:
            names.setdefault(_words(drug.concept.label), drug.concept)
            for brand in map(slug, drug.brands):
                brands[brand] = drug.concept if brands.get(brand, drug.concept) == drug.concept else None
        return cls(names, {brand: concept for brand, concept in brands.items() if concept})

    def concept(self, descriptor: Descriptor) -> Concept:
        """The known drug that a descriptor names, or a new concept of its own words.

        The brand decides where it makes the name more exact ("immune globulin (privigen)") or where the name is
        not known ("factor viii (antihemophilic factor, recombinant), (esperoct)").
        """
        by_name = self._by_name(descriptor.drug)
        by_brands = self._by_brands(descriptor)
        if by_brands and (by_name is None or _words(descriptor.drug) <= _words(by_brands.label)):
            return by_brands
        return by_name or Concept.named(Kind.DRUG, descriptor.drug)

    def _by_name(self, drug: str) -> Concept | None:
        plain = _SALT.sub(" ", drug)
        for key in (_words(drug), _words(plain), _words(plain) - ORIGINS):
            if key in self._names:
                return self._names[key]
        # "adrenalin, epinephrine": one drug under two names, of which one is known.
        parts = {self._names[key] for part in drug.split(",") if (key := _words(_SALT.sub(" ", part))) in self._names}
        return parts.pop() if len(parts) == 1 and " and " not in drug else None

    def _by_brands(self, descriptor: Descriptor) -> Concept | None:
        names = (*descriptor.brands, descriptor.drug)
        concepts = {concept for name in names if (concept := self._brands.get(slug(name)))}
        return concepts.pop() if len(concepts) == 1 else None


ANY_DRUG = re.compile(r"\b(?:unclassified|unlisted|not otherwise (?:classified|specified)|miscellaneous|noc)\b", re.I)
"""Words of codes that take any drug, which have no identity that a document could mistake."""


def facts_of(entry: Entry) -> Descriptor | None:
    """What a code's descriptor says of a drug: as the release gives it apart, else as its name tells."""
    return entry.facts or read_descriptor(entry.name)


# Under what condition a drug is paid is no part of what people call it.
_OF_NO_PRODUCT = frozenset({"supervised"})


def everyday_name(facts: Descriptor) -> str:
    """What people call a drug's code: the drug, its brands or maker, what tells it from its like, and the billing unit.

    >>> everyday_name(read_descriptor("Injection, immune globulin (privigen), intravenous, non-lyophilized, 500 mg"))
    'immune globulin (privigen), intravenous, liquid, 500 mg'
    """
    aside = f" ({', '.join(facts.brands or facts.makers)})" if facts.brands or facts.makers else ""
    unit = (facts.unit.text,) if facts.unit else ()
    return ", ".join((f"{facts.drug}{aside}", *sorted(facts.forms - _OF_NO_PRODUCT), *unit))


def statements(entry: Entry, known_drugs: KnownDrugs) -> Iterator[Statement]:
    """What the descriptor of a code states: the drug that it identifies, and its billing unit."""
    descriptor = facts_of(entry)
    if descriptor is None or not slug(descriptor.drug):
        return
    objects = [(Relation.IDENTIFIES_DRUG, known_drugs.concept(descriptor))]
    if descriptor.unit:
        objects.append((Relation.BILLING_UNIT, descriptor.unit.concept))
    for relation, concept in objects:
        yield Statement(
            subject=entry.concept,
            relation=relation,
            object=concept,
            row=entry.row,
            text=entry.name,
            valid_from=entry.valid_from,
            valid_through=entry.valid_through,
        )


# No descriptor of a drug comes near this; a longer text is a service described at length.
_LONGEST = 1_500
_LONGEST_NAME = 200
_SHORTEST_NAME = 3

# --- is it a drug? ----------------------------------------------------------------------------------------------

_HEAD = re.compile(
    r"(?:inj(?:ection)?\b(?!/| procedure| of | service)\s*[,.]?|(?:infusion|(?:intravesical )?instillation|oral)\s*,)"
    r"\s*(?:iv\s*,)?\s*"
)
# Words that only a drug's descriptor has.
_FORM = re.compile(
    r"\b(?:inhalation (?:solution|suspension|powder)|for inhalation|parenteral|virus vaccine|conjugate vaccine|"
    r"(?:intravesical|pyelocalyceal) instillation|intravitreal implant|urethral suppository|"
    r"autologous cultured chondrocytes|"
    r"per (?:therapeutic dose|infusion|instillation|implant|patch)|"
    r"for (?:intra-articular|subcutaneous|intravenous) injection|"
    r"[a-z]{1,2}[- ]?\d{2,3}m?\b.*, (?:diagnostic|therapeutic)|for topical administration|"
    r"contraceptive\)? (?:system|implant)|copper contraceptive|contrast (?:agent|material),|"
    r"capsules? ?/ ?powder|greater than \d+ mg [a-z]+|equal to \d+ mg [a-z]+)\b"
    r"|\boral, (?:less|greater) than\b"
)
# Words that make it a service, a device, a supply or a part of blood.
_NO_DRUG = re.compile(
    r"\b(?:suppl(?:y|ies|ying)|device|delivery|pump|cartridge|pen|catheter|tube|needle|syringes?|kit|pad|wheelchair|"
    r"application of|insertion|administration (?:of|and)|brachytherapy|source|crucible|formula|nutrition|dialysate|"
    r"(?:hemo|peritoneal )?dialysis|dilutant|diluent|(?<!dextrose/)water|saliva|mucoadhesive|lens|ostomy|tape|cast|"
    r"dressing(?!.*per square)|wound filler|skin barrier|bandage|gauze|antiseptic|tests?|testing|assessment|screening|"
    r"services?|visit|session|procedure|program|counseling|patients?|fee|allowance|add-on|management|laboratory|"
    r"document(?:ation|ed)|surgical|blood(?! cells, diag)|platelets(?!, diag)|granulocytes|cryoprecipitate|plasma,|"
    r"frozen plasma|each unit|nerve|tendon|bone void|implantable|bulking agent|calibrator|antibody|stent|oxygen|"
    r"vitamins?|medically induced|prosthe\w+|orthosis|care plan)\b"
    r"|mg/d(?:l|ay)\b|[<>]=? ?\d"
)
# A class of drugs, a code for all that have none, or the giving of a drug.
_NO_CERTAIN_DRUG = re.compile(
    r"\bincludes (?:injection|infusion)\b"
    r"|\bunclassified\b|\bnot otherwise classified\b|\bunspecified\b|\bnoc drugs?\b|\bmiscellaneous\b|\bunlisted\b"
    r"|^(?:[a-z]+ )?(?:drug|biological|radiopharmaceutical)s?\b|\bprescription drug\b|^nasal vaccine\b"
    r"|\bmonoclonal antibody products\b|\bvitamin/mineral\b|^contraceptive\b|^skin substitute, not\b"
    r"|^(?:[a-z]+ )*drug, (?:oral|rectal|not)|^supply of\b"
)
# The parts of a descriptor that a release writes of generics only: what stands in parentheses is their maker.
_MAKER_ONLY = re.compile(r"\bnot ther\w+ equivalent\b")
_NO_BIOSIMILAR = re.compile(r"\b(?:excludes|excluding|non-?) ?biosimilars?\b")
# What may be counted of anything.
_OF_ANYTHING = frozenset({"{vial}", "{syringe}", "{tablet}", "{capsule}", "{dose}", "{implant}", "{treatment}"})


def _is_drug(text: str, pieces: list[Piece]) -> bool:
    """Whether a descriptor that does not begin with "Injection" has the words or the amount of a drug."""
    words = ", ".join(piece.text for piece in pieces if not piece.aside and not piece.text.startswith("inclu"))
    if _NO_DRUG.search(words):
        return False
    units = {amount.quantity.ucum for piece in pieces if not piece.aside for amount in amounts_of(piece.text)}
    units |= {
        unit.ucum
        for unit in (after_per(pieces), *(whole_amount(piece.text) for piece in pieces if piece.aside))
        if unit
    }
    return _FORM.search(text) is not None or not units <= _OF_ANYTHING


# --- names ------------------------------------------------------------------------------------------------------

# What makes one drug differ from another, and so belongs to its name.
_IDENTITY = re.compile(
    r"(?:human|recombinant|inactivated|bovine|equine|ovine|porcine|rabbit|(?:glyco)?pegylated|liposomal|complex|"
    r"(?:fc|albumin) fusion protein)(?:-[a-z]{4})?"
)
ORIGINS = frozenset({"human", "recombinant", "bovine", "equine", "ovine", "porcine", "rabbit"})
"""Words that say what a drug is made of, and of which drugs there are many."""
_ORIGIN = re.compile(
    r"(?:human|recombinant|bovine|equine|ovine|porcine|rabbit|antihemophilic factor.*|human leukocyte derived)"
)
# From here on a piece speaks of use, vehicle or package.
_REST = re.compile(
    r"(?:^|\s)(?:for|via (?:intra|sustained)\w*|administered|containing|provided in|inclu[a-z]+|excludes|per|up to|"
    r"only|fda|not|non-(?!l)|when|in(?! ?-?\d)|unit dose|concentrated|compounded|single|greater|less|over|minimum|"
    r"any type|preservative|solvent|as|of)\b.*|^.*\bconcentration$"
)
_FORMS = re.compile(
    r"(?:^|[\s/])(?:oral|intra[a-z]+|suprachoroidal|subcutaneous|ophthalmic|otic|topical|nasal|rectal|inhalation|"
    r"parenteral|enteral|lacrimal|urethral|vaginal|pyelocalyceal|inject(?:ion|able)|infusion|instillation|irrigation|"
    r"implants?|insert|solution|suspension|suppository|powder|granules|gel|spray|patch|pellet|capsules?(?:\(s\))?|tablets?|"
    r"depot(?: form)?|(?:extended|sustained|immediate|delayed)[- ]release(?: or)?|long[- ]acting|(?:non-)?lyophilized|"
    r"aqueous|unrefrigerated|sterile|minidose|full dose|biosimilar|diagnostic|therapeutic|brand|(?:microsphere )?"
    r"formulation|synthetic|system|sinus|ampule|vial|live)$"
)
_PERCENT = re.compile(r"\b[\d.]+ ?(?:%|percent\b)")
_LEADING = re.compile(r"^(?:sterile|infusion|up to|and(?= *$)|[/:\s-]+(?=[a-z]{5}|$))\s*")
# Brand and maker look alike in a descriptor. These are makers of generics, and words that only companies bear.
_MAKER = re.compile(
    r"(?:accord|almaject|american regent|amneal|ani|apotex|athenex|auromedics|avet|avyxa|b\.? braun|baxter|belcher|"
    r"bluepoint|bpi|cipla|dr\.? reddy'?s|endo|eugia|exela|fosun|gland|hainan|hikma|hope|hospira|lupin|maia|meitheal|"
    r"msn|mylan|nexus|novaplus|pfizer|piramal|provepharm|sagent|sandoz|shilpa|slayback|somerset|teva|ucla|ucsf|viatris|"
    r"xellia|zydus)"
    r"|.*\b(?:pharm|pharma|pharmaceuticals?|labs?|laborator(?:y|ies)|kabi|care|systems|inc|llc|ltd|corp|biotech)\b\.?.*"
)
# Notes, abbreviations, amounts and other words for the drug.
_NO_BRAND = re.compile(
    r"(?:for|not|non|code|e\.g|i\.e|only|up to|include[sd]?|loading|central|preservative|contraceptive|any|minimum|"
    r"intra\w+|when|list|see|use|heparin lock|nitrogen mustard|vitamin)\b.*"
    r"|.*\b(?:csf|\d+ ?(?:mg|ml|cc|units?|i\.?u|years?))\b.*|\d.*|.{1,3}|.{41,}|.*[=<>&].*|.*[^,] or (?!therap).*"
)
# What stands in parentheses and is no maker either.
_NOTE = re.compile(r"(?:for|e\.g|i\.e|code|not|includ\w+)\b")
_SALT = re.compile(
    r"\b(?:hydrochloride|hcl|hydrobromide|(?:di)?sodium|(?:di)?potassium|calcium|acetate|phosphate|sulfate|succinate|"
    r"(?:bi)?tartrate|maleate|mesylate|citrate|fumarate|lactate|(?:di)?trometh\w+|(?:bro|chlo)ride|bromide|hyclate|besylate|"
    r"isethionate|lactobionate|decanoate|dihydrate|particles|kit)\b"
)


# "up to 100 million autologous b-cell maturation antigen (bcma) directed car-positive t cells", or a use at length.
_NO_MORE_NAMES = re.compile(r"(?:(?:\d+ )?up to|minimum of) \d+ million |for(?: \S+){4}")


def bare_name(drug: str) -> str:
    """The name of a drug without its salt, unless nothing else is left of it.

    >>> bare_name("hydralazine hcl"), bare_name("calcium chloride")
    ('hydralazine', 'calcium chloride')
    """
    plain = " ".join(_SALT.sub(" ", drug).split())
    return plain if len(plain) > _SHORTEST_NAME and drug.startswith(plain) else drug


def _names(pieces: list[Piece], makers_only: bool) -> tuple[str, tuple[str, ...]]:
    """The drug and its brands. A bare name is a brand only after a name that is complete: one with its origin."""
    name: list[str] = []
    brands: list[str] = []
    complete = closed = False
    for piece in pieces:
        if _NO_MORE_NAMES.match(piece.text):
            break
        glued = not piece.aside and piece.text.startswith("-")  # "(…, recombinant)-jncw"
        text = piece.text if piece.aside or glued else _bare(piece.text)
        if piece.aside and _ORIGIN.fullmatch(text):
            name.append(f" ({text})")
            complete = True
        elif piece.aside:
            brands.extend(() if makers_only else _brands(text))
            closed = closed or bool(brands)
        elif not text or (name and text[0].isdigit()):
            closed = bool(name)
        elif name == ["liposomal"]:
            name.insert(0, f"{text} ")
        elif not name or glued or text.startswith("and ") or _IDENTITY.fullmatch(text):
            name.append(text if not name or glued else f" {text}")
        elif complete:
            brands.extend(brand for part in text.split(" or ") for brand in _brands(part))
        elif not closed and text.count(" ") < 4:
            name.append(f", {text}")
        complete = complete or text.endswith(("or derivative", "or derivitive"))
    drug = "".join(name).strip(" ,")
    return drug, tuple(dict.fromkeys(brand for brand in brands if not drug.startswith(brand)))


def _makers(pieces: list[Piece]) -> tuple[str, ...]:
    """The makers in parentheses, whose product alone a code is for: "bortezomib (hospira), not …"."""
    alone = any(_MAKER_ONLY.search(piece.text) for piece in pieces)
    asides = (piece.text for piece in pieces if piece.aside and not _NOTE.match(piece.text))
    return tuple(text for text in asides if alone or _MAKER.fullmatch(text))


def _bare(text: str) -> str:
    """A piece without amounts, form, route and use: "netupitant 300 mg and palonosetron 0.5 mg" → the two drugs."""
    if (first := NUMBER.match(text)) and " and " not in text and amount_at(first[0], text, 0, first.end()):
        return ""  # "0.1 mg of iron", "50 mg phenytoin equivalent"
    for match in reversed(list(NUMBER.finditer(text))):
        if amount := amount_at(match[0], text, match.start(), match.end()):
            text = re.sub(r"(?:\b(?:per|up to|each))? ?$", "", text[: amount.start]) + text[amount.end :]
    text = _REST.sub("", _PERCENT.sub("", text))
    before = None
    while before != text:
        before, text = text, _LEADING.sub("", _FORMS.sub("", text)).strip(" -/").removesuffix(" or")
    return re.sub(r" ?/ ?", "/", " ".join(text.split()))


def _brands(text: str) -> list[str]:
    """The brands of an aside such as "jubbonti/wyost" or "renvela or therapeutically equivalent"."""
    if _NO_BRAND.fullmatch(text):
        return []
    parts = (part.strip() for part in re.split(r"/|,(?: or\b)?| or therapeutically equivalent$", text))
    return [part for part in parts if part and not _MAKER.fullmatch(part) and not _NO_BRAND.fullmatch(part)]


def _words(name: str) -> frozenset[str]:
    """The words of a name that tell it apart, however it is punctuated."""
    text = name.lower().replace("alpha", "alfa").replace("liposomal", "liposome").replace("c-1 ", "c1 ")
    text = re.sub(r"toxin (?=[ab]\b)", "toxin", text)
    return frozenset(re.findall(r"[a-z0-9]+", text)) - {"and", "with"}
