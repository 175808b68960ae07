"""What the entry of a code says of a drug, as the checks ask for it."""

from __future__ import annotations

from kg.model import slug
from kg.reference import Entry
from kg.reference.descriptors import Descriptor, bare_name, facts_of, forms_in

NO_DRUG = Descriptor("")
"""What is said of a code that stands for no drug."""


def drug_of(entry: Entry) -> Descriptor | None:
    """What a descriptor says, where it is that of a drug.

    >>> from kg.model import Code
    >>> drug_of(Entry(Code.parse("J3262"), "Injection, tocilizumab, 1 mg")).drug
    'tocilizumab'
    """
    facts = facts_of(entry)
    return facts if facts and facts.drug else None


def drug_keys(descriptor: Descriptor) -> set[str]:
    """The keys by which the drug of a descriptor is found, with its salt and without.

    >>> sorted(drug_keys(Descriptor("hydralazine hcl")))
    ['hydralazine', 'hydralazine-hcl']
    """
    return {slug(descriptor.drug), slug(bare_name(descriptor.drug))}


def forms_of(entry: Entry) -> frozenset[str]:
    """The routes and forms that the descriptor of any code names.

    >>> from kg.model import Code
    >>> sorted(forms_of(Entry(Code.parse("J7517"), "Mycophenolate mofetil, oral, 250 mg")))
    ['oral']
    """
    return entry.facts.forms if entry.facts else forms_in(entry.name.lower())
