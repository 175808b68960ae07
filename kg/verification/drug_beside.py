"""The drug whose name stands beside a code that no statement of the document is about."""

from __future__ import annotations

from kg import lazy_re as re
from kg.model import Assertion, Concept, Kind, Mention, Relation
from kg.reference.descriptors import read_descriptor
from kg.verification.identities import Identities
from kg.verification.words import words

# "Potassium cl", "sodium chlor"
_CHLORIDE = re.compile(r"(?<=um )ch?l(?:or)?(?:id)?\b")


def drug_named(mention: Mention, identities: Identities) -> Assertion | None:
    """What the name beside a code states, where it names a drug as descriptors or labels do."""
    code, name = mention.subject, mention.subject.name
    if code.kind is not Kind.HCPCS or not name:
        return None
    facts = read_descriptor(name)
    drug = Concept.named(Kind.DRUG, facts.drug) if facts else None
    if facts and drug and not identities.knows(drug) and (spelt_out := _spelt_out(facts.drug)):
        drug = Concept.named(Kind.DRUG, spelt_out)
    if drug is None or not identities.knows(drug):
        drug = _known_drug(name)
    if drug is None or not identities.knows(drug):
        # What nobody knows by its name may be any drug: it has to be that of another code by its label, or nearly.
        drug = identities.drug_called(facts.drug if facts else name, code.code) or _known_in_front(name, identities)
    return Assertion(code, Relation.IDENTIFIES_DRUG, drug, mention.evidence) if drug else None


def _known_in_front(name: str, identities: Identities) -> Concept | None:
    """The drug with a code of its own that stands before the first comma: "low osmolar contrast material, 200-299"."""
    front, _, rest = name.partition(", ")
    drug = Concept.named(Kind.DRUG, front.lower()) if rest and front else None
    return drug if drug and identities.codes_for(drug) else None


def _spelt_out(drug: str) -> str:
    return " ".join(words(_CHLORIDE.sub("chloride", drug)))


def _known_drug(name: str) -> Concept | None:
    """The drug by whose name or brand a name begins, where it names no other one."""
    from kg.extraction.text.folding import fold
    from kg.extraction.text.gazetteer import gazetteer  # Slow to make, and few documents need it.

    mentions = [mention for mention in gazetteer().find(name, fold(name)) if mention.concept.kind is Kind.DRUG]
    drugs = {mention.concept for mention in mentions}
    return drugs.pop() if len(drugs) == 1 and mentions[0].start == 0 else None
