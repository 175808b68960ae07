"""The names of the graph: a closed vocabulary, so that a mistyped one fails at once.

`ontology/billing.ttl` defines the same names; a test holds the two together.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from kg.graph.rdf.iris import BASE, NAMESPACE, PREFIXES
from kg.model import (
    DEFAULT_TRUST,
    CodeSystem,
    Kind,
    Polarity,
    Qualifier,
    Relation,
    Strength,
    Verdict,
)


def _bkg(name: str) -> NamedNode:
    return NamedNode(NAMESPACE + name)


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)


class BKG:
    """Classes and properties of our own besides relations, qualifiers and the classes of concepts."""

    Concept = _bkg("Concept")
    Code = _bkg("Code")
    BillingCode = _bkg("BillingCode")
    CodeSystem = _bkg("CodeSystem")
    Assertion = _bkg("Assertion")
    Evidence = _bkg("Evidence")
    Finding = _bkg("Finding")
    Document = _bkg("Document")
    Release = _bkg("Release")
    Statement = _bkg("Statement")
    Meaning = _bkg("Meaning")
    Policy = _bkg("Policy")
    Article = _bkg("Article")
    LocalDetermination = _bkg("LocalDetermination")
    NationalDetermination = _bkg("NationalDetermination")
    DiagnosisGroup = _bkg("DiagnosisGroup")
    Listing = _bkg("Listing")
    Polarity = _bkg("Polarity")
    Strength = _bkg("Strength")
    Verdict = _bkg("Verdict")

    billable = _bkg("billable")
    validFrom = _bkg("validFrom")
    validThrough = _bkg("validThrough")
    headingFrom = _bkg("headingFrom")
    billableFrom = _bkg("billableFrom")
    descriptor = _bkg("descriptor")
    earlierMeaning = _bkg("earlierMeaning")
    coversFrom = _bkg("coversFrom")
    statesDays = _bkg("statesDays")
    describedBy = _bkg("describedBy")
    row = _bkg("row")
    releaseText = _bkg("releaseText")
    packageSize = _bkg("packageSize")
    packageQuantity = _bkg("packageQuantity")
    billingUnits = _bkg("billingUnits")
    billingUnitsPerPackage = _bkg("billingUnitsPerPackage")
    dosage = _bkg("dosage")
    modifierIndicator = _bkg("modifierIndicator")
    rationale = _bkg("rationale")
    adjudicationIndicator = _bkg("adjudicationIndicator")
    limitFor = _bkg("limitFor")
    addOnType = _bkg("addOnType")
    specialInstruction = _bkg("specialInstruction")
    components = _bkg("components")
    globalDays = _bkg("globalDays")
    multipleProcedures = _bkg("multipleProcedures")
    bilateralSurgery = _bkg("bilateralSurgery")
    assistantAtSurgery = _bkg("assistantAtSurgery")
    coSurgeons = _bkg("coSurgeons")
    teamSurgery = _bkg("teamSurgery")
    brand = _bkg("brand")
    routes = _bkg("routes")
    dosageForm = _bkg("dosageForm")
    labeler = _bkg("labeler")
    packageDescription = _bkg("packageDescription")
    numericValue = _bkg("numericValue")
    ucumCode = _bkg("ucumCode")
    placeOfServiceCode = _bkg("placeOfServiceCode")
    polarity = _bkg("polarity")
    strength = _bkg("strength")
    verdict = _bkg("verdict")
    verdictReason = _bkg("verdictReason")
    suggestion = _bkg("suggestion")
    condition = _bkg("condition")
    statedFrom = _bkg("statedFrom")
    statedName = _bkg("statedName")
    rule = _bkg("rule")
    evidence = _bkg("evidence")
    finding = _bkg("finding")
    about = _bkg("about")
    leadsTo = _bkg("leadsTo")
    reason = _bkg("reason")
    accordingTo = _bkg("accordingTo")
    betterCode = _bkg("betterCode")
    opposedBy = _bkg("opposedBy")
    hangsOn = _bkg("hangsOn")
    hanging = _bkg("hanging")
    check = _bkg("check")
    line = _bkg("line")
    section = _bkg("section")
    page = _bkg("page")
    sheet = _bkg("sheet")
    fileName = _bkg("fileName")
    sha256 = _bkg("sha256")
    ofSystem = _bkg("ofSystem")
    complete = _bkg("complete")
    outside = _bkg("outside")
    policyNumber = _bkg("policyNumber")
    version = _bkg("version")
    contractor = _bkg("contractor")
    state = _bkg("state")
    jurisdiction = _bkg("jurisdiction")
    belongsTo = _bkg("belongsTo")
    inPolicy = _bkg("inPolicy")
    inGroup = _bkg("inGroup")
    groupNumber = _bkg("groupNumber")
    pairing = _bkg("pairing")
    paragraph = _bkg("paragraph")
    asteriskText = _bkg("asteriskText")
    closingWords = _bkg("closingWords")
    besideWords = _bkg("besideWords")
    forService = _bkg("forService")
    lists = _bkg("lists")
    listsText = _bkg("listsText")
    listedAs = _bkg("listedAs")
    starred = _bkg("starred")


class RDF:
    """What we use of RDF."""

    type = _term("rdf", "type")
    Statement = _term("rdf", "Statement")
    subject = _term("rdf", "subject")
    predicate = _term("rdf", "predicate")
    object = _term("rdf", "object")


class SKOS:
    """What we use of SKOS."""

    notation = _term("skos", "notation")
    prefLabel = _term("skos", "prefLabel")
    altLabel = _term("skos", "altLabel")
    inScheme = _term("skos", "inScheme")
    broader = _term("skos", "broader")
    exactMatch = _term("skos", "exactMatch")
    note = _term("skos", "note")


class PROV:
    """What we use of PROV-O."""

    Entity = _term("prov", "Entity")
    wasDerivedFrom = _term("prov", "wasDerivedFrom")


class OA:
    """What we use of Web Annotation."""

    SpecificResource = _term("oa", "SpecificResource")
    TextPositionSelector = _term("oa", "TextPositionSelector")
    TextQuoteSelector = _term("oa", "TextQuoteSelector")
    hasSource = _term("oa", "hasSource")
    hasSelector = _term("oa", "hasSelector")
    start = _term("oa", "start")
    end = _term("oa", "end")
    exact = _term("oa", "exact")


class DCTERMS:
    """What we use of Dublin Core."""

    title = _term("dcterms", "title")
    issued = _term("dcterms", "issued")
    license = _term("dcterms", "license")
    source = _term("dcterms", "source")


class XSD:
    """The datatypes that we write."""

    date = _term("xsd", "date")
    decimal = _term("xsd", "decimal")
    integer = _term("xsd", "integer")
    boolean = _term("xsd", "boolean")


CLASSES: dict[Kind, NamedNode] = {
    Kind.HCPCS: _bkg("HCPCSCode"),
    Kind.CPT: _bkg("CPTCode"),
    Kind.ICD10CM: _bkg("DiagnosisCode"),
    Kind.NUCC: _bkg("SpecialtyCode"),
    Kind.MODIFIER: _bkg("Modifier"),
    Kind.NDC: _bkg("NDCCode"),
    Kind.POS: _bkg("PlaceOfServiceNumber"),
    Kind.CARC: _bkg("AdjustmentReasonCode"),
    Kind.RARC: _bkg("RemarkCode"),
    Kind.DRUG: _bkg("Drug"),
    Kind.PAYER: _bkg("Payer"),
    Kind.PLACE: _bkg("PlaceOfService"),
    Kind.ROUTE: _bkg("Route"),
    Kind.CONDITION: _bkg("Condition"),
    Kind.DOCUMENTATION: _bkg("DocumentationItem"),
    Kind.DENIAL: _bkg("DenialReason"),
    Kind.REQUIREMENT: _bkg("CoverageRequirement"),
    Kind.QUANTITY: _bkg("Quantity"),
    Kind.STATUS: _bkg("PaymentStatus"),
}
RELATIONS = {relation: _bkg(relation) for relation in Relation}
RELATION_OF = {name.value: relation for relation, name in RELATIONS.items()}
QUALIFIERS = {qualifier: _bkg(qualifier) for qualifier in Qualifier}
POLARITIES = {polarity: _bkg(polarity) for polarity in Polarity}
STRENGTHS = {strength: _bkg(strength) for strength in Strength}
VERDICTS = {verdict: _bkg(verdict) for verdict in Verdict}
POLARITY_OF = {name.value: polarity for polarity, name in POLARITIES.items()}
STRENGTH_OF = {name.value: strength for strength, name in STRENGTHS.items()}
VERDICT_OF = {name.value: verdict for verdict, name in VERDICTS.items()}

DETAILS: dict[str, NamedNode] = {
    name: getattr(BKG, name)
    for name in (
        "packageSize", "packageQuantity", "billingUnits", "billingUnitsPerPackage", "dosage",
        "limitFor", "modifierIndicator", "rationale", "adjudicationIndicator", "addOnType", "specialInstruction",
        "components", "globalDays", "multipleProcedures", "bilateralSurgery", "assistantAtSurgery", "coSurgeons",
        "teamSurgery", "brand", "routes", "dosageForm", "labeler", "packageDescription",
    )
}  # fmt: skip
"""What else a row may say of a pair, by its name in `kg.reference.Statement.details`."""

SCHEMES = {system: NamedNode(f"{BASE}code/{system}") for system in CodeSystem}
MODIFIER_OWNERS = {owner: NamedNode(f"{BASE}code/modifier/{owner}") for owner in ("cms", "ama")}
"""Modifiers are one system to the user; these two, below it, say who maintains each."""

ONTOLOGY = NamedNode(f"{BASE}graph/ontology")
REFERENCE = NamedNode(f"{BASE}graph/reference")
ASSERTIONS = NamedNode(f"{BASE}graph/assertions")
RELATION_GRAPHS = {verdict: NamedNode(f"{BASE}graph/relations/{verdict}") for verdict in Verdict}
VERDICT_OF_GRAPH = {graph.value: verdict for verdict, graph in RELATION_GRAPHS.items()}


def dataset(trust: str = DEFAULT_TRUST) -> list[NamedNode]:
    """The graphs that a query at this trust runs over; raises `UnknownName` for no such verdict.

    >>> from kg.graph.rdf.iris import curie
    >>> [curie(graph.value) for graph in dataset("corroborated")]
    ['graph:ontology', 'graph:reference', 'graph:assertions', 'graph:relations/corroborated']
    """
    return [ONTOLOGY, REFERENCE, ASSERTIONS, *(RELATION_GRAPHS[verdict] for verdict in Verdict.floor(trust))]
