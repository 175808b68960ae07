"""What the descriptors of the bundled HCPCS codes name: drugs, brands and routes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache

from kg import lazy_re as re
from kg import resources
from kg.extraction.relations.services import is_of_drug
from kg.extraction.text.folding import fold
from kg.extraction.text.gazetteer import gazetteer
from kg.model import Concept, Kind

_SEVERAL = 2
# The four letters that set a biosimilar apart from its reference product.
_SUFFIX = re.compile(r"-[a-z]{4}$")


@cache
def released_alone() -> Mapping[Concept, Concept]:
    """The drugs that exactly one bundled code bills; one that has ended counts where no other does.

    >>> released_alone()[Concept.parse("drug:ocrelizumab")].curie  # C9494 ended when J2350 came.
    'hcpcs:J2350'
    """
    codes_by_drug: dict[Concept, set[Concept]] = {}
    for code in filter(is_of_drug, map(Concept.parse, (f"hcpcs:{code}" for code in _descriptors()))):
        for concept in names_in_descriptor(code):
            codes_by_drug.setdefault(concept, set()).add(code)
    in_use, names = _in_use(), sorted(drug.key for drug in codes_by_drug)
    alone: dict[Concept, Concept] = {}
    for drug, codes in codes_by_drug.items():
        left = {code for code in codes if code.key in in_use} if len(codes) > 1 else codes
        if len(left) == 1 and (len(codes) == 1 or not _has_forms(drug.key, names)):
            alone[drug] = next(iter(left))
    return alone


@cache
def released_in_use() -> Mapping[Concept, tuple[Concept, ...]]:
    """The bundled codes in use that bill each drug.

    >>> sorted(code.key for code in released_in_use()[Concept.parse("drug:ustekinumab")])
    ['J3357', 'J3358']
    """
    codes_by_drug: dict[Concept, list[Concept]] = {}
    for code in filter(is_of_drug, map(Concept.parse, (f"hcpcs:{code}" for code in sorted(_in_use())))):
        for concept in names_in_descriptor(code):
            codes_by_drug.setdefault(concept, []).append(code)
    return {drug: tuple(codes) for drug, codes in codes_by_drug.items()}


def _has_forms(drug: str, names: Sequence[str]) -> bool:
    """Whether salts or forms of a drug have names, and so codes, of their own: "triptorelin" and "triptorelin pamoate"."""
    own = [name for name in names[bisect_left(names, drug) :] if name.startswith(f"{drug}-")]
    return any(not name.startswith(f"{drug}-and-") and _SUFFIX.sub("", name) != drug for name in own)


@cache
def _in_use() -> frozenset[str]:
    """The bundled HCPCS codes that have no last day."""
    return frozenset(row["code"] for row in resources.table("data", "reference", "hcpcs.tsv") if row["ended"] == "-")


def is_in_use(code: Concept) -> bool:
    """Whether a code of HCPCS has no last day in the bundled release; one that it lacks has none either."""
    return code.key in _in_use() or code.key not in _descriptors()


def names_in_descriptor(code: Concept) -> frozenset[Concept]:
    """The drugs and routes, and whatever else has a name, in what the descriptor of a code says of a drug."""
    descriptor = _descriptors(code.key).get(code.key, "")
    return frozenset(mention.concept for mention in gazetteer().find(descriptor, fold(descriptor)))


def drugs_in_descriptor(code: Concept) -> frozenset[Concept]:
    """The drugs alone that the descriptor of a code names."""
    return frozenset(concept for concept in names_in_descriptor(code) if concept.kind is Kind.DRUG)


@cache
def _descriptors(code: str = "") -> Mapping[str, str]:
    """What the descriptors of HCPCS codes say of a drug, or that of one; of several meanings the newest comes first."""
    rows = [row for row in resources.table("data", "reference", "hcpcs.tsv", key=code) if row["drug"] != "-"]
    return {row["code"]: _drug_words(row) for row in reversed(rows)}


def _drug_words(row: Mapping[str, str]) -> str:
    return ", ".join(cell for cell in (row["drug"], row["brands"], row["forms"]) if cell != "-")


def each_its_drug(codes: Sequence[Concept], drugs: Sequence[Concept]) -> list[tuple[Concept, Concept]] | None:
    """Of several codes and several drugs beside them each code with that of its descriptor; None where there is no choice.

    >>> codes, drugs = map(Concept.parse, ("hcpcs:J0135", "hcpcs:J1745")), ("adalimumab", "infliximab")
    >>> [(code.key, drug.key) for code, drug in each_its_drug([*codes], [Concept.parse(f"drug:{d}") for d in drugs])]
    [('J0135', 'adalimumab'), ('J1745', 'infliximab')]
    """
    if len(codes) < _SEVERAL or len(set(map(base_of, drugs))) < _SEVERAL:
        return None
    own_drugs = ((code, [drug for drug in drugs if drug in names_in_descriptor(code)]) for code in codes)
    return [(code, own[0]) for code, own in own_drugs if own]


def base_of(drug: Concept) -> str:
    """The name of a drug without the four letters of a biosimilar."""
    return _SUFFIX.sub("", drug.key)


def bill_one_drug(codes: Sequence[Concept]) -> bool:
    """Whether codes may all bill one drug and its biosimilars: no two of them have descriptors that name others.

    >>> j1745, q5103, j3262 = map(Concept.parse, ("hcpcs:J1745", "hcpcs:Q5103", "hcpcs:J3262"))
    >>> bill_one_drug([j1745, q5103]), bill_one_drug([j1745, j3262])
    (True, False)
    """
    if len(codes) < _SEVERAL:
        return True
    names = [{*map(base_of, drugs_in_descriptor(code))} for code in codes]
    known = [drugs for drugs in names if drugs]
    return len(known) < _SEVERAL or bool(set.intersection(*known))
