"""Codes in a cell or at the head of a line: what each is to the subject, and what the words beside it say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import lazy_re as re
from kg.documents import Span
from kg.extraction.draft import Citation, Draft, Outcome, Scope
from kg.extraction.lexicon import Effect, Stance, Topic
from kg.extraction.outline.about import About
from kg.extraction.outline.descriptors import bill_one_drug, each_its_drug
from kg.extraction.relations.descriptions import describe_service
from kg.extraction.relations.drugs import as_named, drug_in
from kg.extraction.relations.relating import relate, require
from kg.extraction.relations.services import is_drug, is_of_drug, is_told, service_in, service_of
from kg.extraction.relations.units import unit_at_end, unit_in
from kg.extraction.tables.cell import Cell
from kg.extraction.text.gazetteer import Mention
from kg.extraction.text.text import BILLING, Text
from kg.model import Code, CodeSystem, Concept, Kind, Relation

# "HYDRALAZINE 20MG/ML SOLN", "golimumab 50 mg IV SOLR": a product in its strength.
_STRENGTH = re.compile(
    r"\d\s*(?:mg|mcg|g|units?|iu|meq)?\s*/\s*(?:\d+(?:\.\d+)?\s*)?(?:ml|hr|act|actuation|dose|vial)\b|\b(?:soln?|solr|susp|susr|syrg|syringe|emul|conc|pwdr|tabs?|caps?|vial|amp(?:ul)?s?|vl|sdv|mdv|"
    r"inj(?= \d)|(?<=\d mg )injection|(?<=\d unit )injection|(?<=\d units )injection|ivpb|iv soln?|solution|suspension|tablets?|capsules?|powder)\b(?!\s*\)?,\s*(?:per|\d))",
    re.IGNORECASE,
)
# "Droperidol injection": the short descriptors put the name first.
_NAME_FIRST = re.compile(r"\s*([A-Z][a-z-]{4,}(?: [a-z]{4,}){0,2}) (?:injection|inj\.?)\s*(?:$|[,;/])")
_BILLED = re.compile(r"\binjection|\binj\b|\bper\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r" ?(?P<mark>[*†‡§¶]{1,3}|#|\[\d\]|\(\d\)|[¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ])")
# Topics of sections in which a heading that names a condition tells what the drugs below it are for.
_OF_USE = frozenset({Topic.NONE, Topic.CODES, Topic.CLINICAL})
# "Influenza virus vaccine, trivalent": a descriptor that begins with the name of a vaccine.
_VACCINE = re.compile(r"\W*([A-Z][\w -]{3,50}?\b(?:vaccine|VACCINE))\b")
# "Other than inhalation drugs"
_OTHER_THAN = re.compile(r"\b(?:other than|except(?: for)?|excluding|excludes|not|non)[\s-]+(?:\w+\s+)?$")
_TWO_SUBSTANCES = re.compile(
    r"\W*(?:injection, |inj\.? |oral )?(?P<first>[a-z][a-z-]{4,}(?: [a-z]{4,})?) [\d.,]+ ?(?:mg|mcg|g|units?) (?:and|/|plus|\+) (?P<second>[a-z][a-z-]{4,}) [\d.,]+ ?(?:mg|mcg|g|units?)\b",
    re.IGNORECASE,
)
_DESCRIPTOR = re.compile(r"\W*(?:injection|inj\.?|infusion),\s*([a-z][a-z -]{4,40}?)\s*(?:,|\()", re.IGNORECASE)

_FEW = 2


def is_descriptor(text: Text, span: Span) -> bool:
    """Whether a cell begins as official descriptors do: "Injection, cetuximab, 10 mg"."""
    return _DESCRIPTOR.match(text.plain, span.start, span.end) is not None


def describe(text: Text, codes: tuple[Concept, ...], name: Span, cite: Citation) -> Iterator[Draft]:
    """What the words beside codes say of them: the drug, the routes, the places by their numbers, and the unit."""
    yield from describe_service(text, codes, name, cite)
    billable = tuple(code for code in codes if code.kind is Kind.HCPCS or is_of_drug(code))
    if not billable:
        return
    mentions = text.mentions_in(name.start, name.end, Kind.DRUG)
    words = text.plain[name.start : name.end]
    pairs = each_its_drug(billable, [mention.concept for mention in mentions])
    if pairs is not None:
        yield from (Draft((code,), Relation.IDENTIFIES_DRUG, drug, cite, "drug") for code, drug in pairs)
    elif named_drug := _drug_beside(text, billable, name, mentions):
        yield Draft(billable, Relation.IDENTIFIES_DRUG, as_named(named_drug), cite, "drug")
    for mention in text.mentions_in(name.start, name.end, Kind.ROUTE):
        if _OTHER_THAN.search(text.small, name.start, mention.start):
            continue
        yield Draft(billable, Relation.ROUTE_OF_ADMINISTRATION, text.as_written(mention), cite, "route")
    if not text.cues_in(name.start, name.end):
        for mention in text.mentions_in(name.start, name.end, Kind.PLACE):
            if text.plain[mention.start].isdigit():  # "POS 11"; a place by its name may stand in the name of a service.
                yield Draft(billable, Relation.PLACE_OF_SERVICE, mention.concept, cite, "place")
    bare = bool(mentions or _BILLED.search(words)) and not _STRENGTH.search(words)
    if unit := unit_in(text, name.start, name.end, bare=bare) or unit_at_end(text, name.start, name.end):
        yield Draft(billable, Relation.BILLING_UNIT, unit, cite, "unit")


def _drug_beside(
    text: Text, codes: tuple[Concept, ...], name: Span, mentions: Sequence[Mention]
) -> tuple[Concept, str] | None:
    """The drug that the words beside codes name, known or not."""
    words = text.plain[name.start : name.end]
    if mentions:
        last = max(m.end for m in mentions[:2] if m.start <= mentions[0].end + 3)
        return _combination(words) or drug_in(text, mentions[0].start, last)
    match = _DESCRIPTOR.match(words) or _VACCINE.match(words)
    match = match or (_NAME_FIRST.match(words) if all(map(is_of_drug, codes)) else None)
    return drug_in(text, name.start + match.start(1), name.start + match.end(1)) if match else None


def _combination(words: str) -> tuple[Concept, str] | None:
    """The drug of two substances, each with its quantity: "netupitant 300 mg and palonosetron 0.5 mg"."""
    match = _TWO_SUBSTANCES.match(words)
    name = f"{match['first']} and {match['second']}" if match else ""
    return (Concept.named(Kind.DRUG, name.lower()), name) if match else None


def read_codes(about: About, cell: Cell) -> Iterator[Outcome]:
    """Codes at the head of a line, each as what it is: a subject, a neighbour, or what goes with the subjects."""
    text, scope = cell.text, cell.scope
    spans = text.codes_in(cell.span.start, cell.span.end)
    rest = Span(spans[-1].end if spans else cell.span.start, cell.cite.end)
    # "HCPCS codes: J0897, E0296, L8600" lists codes of a kind, and joins none of them to the drug among them.
    is_mere_list = len(spans) > _FEW and any(
        span.concept in (*about.primary, *scope.subjects) for span in spans if span.codes
    )
    for span in spans:
        words = cell.words if len(span.codes) == 1 else cell.words._replace(name="")
        for code in span.codes:
            if code.system in BILLING and (is_drug(code) or Concept.of(code) in about.primary):
                yield from _read_drug_code(about, cell, Concept.of(code), rest)
            elif code.system in BILLING:
                yield from () if is_mere_list else _read_service(about, cell, code)
            elif scope.subjects and code.system is not CodeSystem.NDC:
                yield relate(text, scope, code, words, cell.cite, cell.stance, condition=words.usage)


def _read_drug_code(about: About, cell: Cell, code: Concept, rest: Span) -> Iterator[Outcome]:
    has_cue = any(hit.cue.effect is Effect.BESIDE for hit in cell.text.cues_in(rest.start, rest.end))
    if (cell.scope.topic is Topic.SIMILAR or has_cue) and code not in about.primary and about.primary:
        yield Draft(about.primary, Relation.SIMILAR_TO, code, cell.cite, "similar")
    yield from describe(cell.text, (code,), rest, cell.cite)


def _read_service(about: About, cell: Cell, code: Code) -> Iterator[Outcome]:
    scope, concept = cell.scope, Concept.of(code)
    yield from describe_service(cell.text, (concept,), Span(cell.span.end, cell.cite.end), cell.cite)
    if _is_of_other(about, cell):
        return
    if scope.topic is Topic.SIMILAR and scope.subjects:
        # A service is not easily taken for a drug, but for another service.
        alike = tuple(subject for subject in scope.subjects if not is_of_drug(subject) and subject.kind is concept.kind)
        if alike and concept not in alike and not _GOES_WITH.search(cell.text.small, cell.span.end, cell.cite.end):
            neighbour = Concept(concept.kind, concept.key, cell.words.name or None)
            yield Draft(alike, Relation.SIMILAR_TO, neighbour, cell.cite, "similar")
        return
    if concept in scope.subjects:
        # A group of administration codes goes with the drugs that the other groups list.
        if concept in about.primary or service_of(code) is not Relation.ADMINISTERED_WITH:
            return
        scope = scope._replace(subjects=about.primary)
    if scope.topic is not Topic.PROCEDURES and not bill_one_drug(scope.subjects):
        return  # A list of codes of several drugs, and of services, says not which go together.
    bare = scope.topic is Topic.NONE and not (cell.words.name or cell.words.usage)
    is_service = scope.topic is Topic.PROCEDURES or (not bare and is_told(code, cell.words.name, cell.words.usage))
    if scope.subjects and is_service and (any(map(is_of_drug, scope.subjects)) or _goes_with_services(scope, code)):
        draft = relate(cell.text, scope, code, cell.words, cell.cite, cell.stance, condition=cell.words.usage)
        routes = cell.text.mentions_in(cell.span.end, cell.cite.end, Kind.ROUTE)
        yield draft.given_by(routes[0].concept) if routes else draft


# "E0784 - Insulin pump (required with adjunctive monitors)": what goes with a thing is not easily taken for it.
_GOES_WITH = re.compile(
    r"\b(?:used|required|billed|paired|supplied|for use) (?:together )?with\b|\baccessor(?:y|ies) (?:to|for|of)\b|\breplacement (?:accessory|for)\b|\bseparately billable\b"
)


def _is_of_other(about: About, cell: Cell) -> bool:
    """Whether the line names codes of drugs, and none of those that its place speaks of: "67028 with J0178"."""
    spans = cell.text.codes_in(cell.cite.start, cell.cite.end)
    drugs = {span.concept for span in spans if span.start in about.drug_codes}
    return bool(drugs) and drugs.isdisjoint(cell.scope.subjects)


def _goes_with_services(scope: Scope, code: Code) -> bool:
    """Whether a section that lists services says that they go with other services, and what they are for."""
    about_them = scope.topic is Topic.PROCEDURES and service_in(scope.section) is not None
    return about_them and service_of(code) is not Relation.ADMINISTERED_WITH


def read_heading_above(drugs: tuple[Concept, ...], scope: Scope, cite: Citation) -> Iterator[Draft]:
    """What the heading of a list says of the drugs in it: what they are for, what coverage asks for, why it is denied."""
    if drugs and scope.topic in _OF_USE:
        yield from (
            Draft(drugs, Relation.INDICATED_FOR, condition, cite, "condition") for condition in scope.conditions
        )
    yield from read_demand(drugs, scope, cite)


def read_demand(codes: tuple[Concept, ...], scope: Scope, cite: Citation) -> Iterator[Draft]:
    """What a heading or a label says that coverage asks for of the codes that it lists, or why they are denied."""
    if codes and scope.demand and scope.demand.requirement.kind is Kind.DENIAL:
        yield Draft(codes, Relation.DENIED_FOR, scope.demand.requirement, cite, "denial")
    elif codes and scope.demand:
        demand = scope.demand
        yield require(codes, demand.requirement, scope, cite, demand.polarity, demand.strength)


def end_of_mark(text: Text, about: About, at: int) -> int:
    """Where the mark of a footnote ends that stands right behind a code; there itself if none does."""
    mark = _FOOTNOTE.match(text.document.text, at) if about.footnotes else None
    return mark.end() if mark and mark["mark"] in about.footnotes else at


def note_of(text: Text, about: About, at: int, end: int) -> Stance | None:
    """What the footnote says whose mark stands right behind a code, if it says yes or no."""
    mark = _FOOTNOTE.match(text.document.text, at, end) if about.footnotes else None
    stance = about.footnotes.get(mark["mark"]) if mark else None
    return stance if stance and stance.polarity else None
