"""What billing-kg talks about: codes, concepts, relations, assertions, verdicts, connections."""

from kg.model.assertions import Assertion, Evidence, Mention, Polarity, Qualifier, Strength
from kg.model.codes import Code, CodeSystem
from kg.model.comparison import Agreement, Compared, Side, SideKind, Stance
from kg.model.concepts import Concept, Kind, Match, Quantity, slug
from kg.model.connections import Connection, Hop, Path, PlainEdge
from kg.model.coverage import (
    MEDICARE,
    Coverage,
    Group,
    Listed,
    ListedAs,
    Pairing,
    Policy,
    PolicyKind,
    Ruling,
    Share,
    shares,
)
from kg.model.decisions import ANY, DECISIONS, OPEN, Choice, Decision
from kg.model.relations import Relation
from kg.model.statements import Statement
from kg.model.turns import billable_on
from kg.model.verdicts import DEFAULT_TRUST, Finding, Verdict, worst_first

__all__ = [
    "ANY",
    "DECISIONS",
    "DEFAULT_TRUST",
    "MEDICARE",
    "OPEN",
    "Agreement",
    "Assertion",
    "Choice",
    "Code",
    "CodeSystem",
    "Compared",
    "Concept",
    "Connection",
    "Coverage",
    "Decision",
    "Evidence",
    "Finding",
    "Group",
    "Hop",
    "Kind",
    "Listed",
    "ListedAs",
    "Match",
    "Mention",
    "Pairing",
    "Path",
    "PlainEdge",
    "Polarity",
    "Policy",
    "PolicyKind",
    "Qualifier",
    "Quantity",
    "Relation",
    "Ruling",
    "Share",
    "Side",
    "SideKind",
    "Stance",
    "Statement",
    "Strength",
    "Verdict",
    "billable_on",
    "shares",
    "slug",
    "worst_first",
]
