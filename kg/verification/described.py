"""What the entry of a code says of a drug, as the checks ask for it."""

from __future__ import annotations

from kg import lazy_re as re
from kg.model import slug
from kg.reference import Entry
from kg.reference.descriptors import Descriptor, bare_name, facts_of, forms_in

# Between the names that one product has; "hyaluronan or derivative" has one.
_OR, _EACH, _SHORTEST = " or ", re.compile(r",? or (?:deriv\w+)?|, "), 5

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
    """The keys by which the drug of a descriptor is found, with its salt and without, and each of several names.

    >>> sorted(drug_keys(Descriptor("hydralazine hcl")))
    ['hydralazine', 'hydralazine-hcl']
    >>> sorted(drug_keys(Descriptor("amnioband or guardian")))
    ['amnioband', 'amnioband-or-guardian', 'guardian']
    """
    drug = descriptor.drug
    names = (name for name in _EACH.split(drug) if len(name) >= _SHORTEST) if _OR in drug else ()
    return {slug(drug), slug(bare_name(drug)), *map(slug, names)}


def forms_of(entry: Entry) -> frozenset[str]:
    """The routes and forms that the descriptor of any code names.

    >>> from kg.model import Code
    >>> sorted(forms_of(Entry(Code.parse("J7517"), "Mycophenolate mofetil, oral, 250 mg")))
    ['oral']
    """
    return entry.facts.forms if entry.facts else forms_in(entry.name.lower())
