"""Coverage: policies, their groups of diagnoses and all that they list, as lines of N-Quads, and read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pyoxigraph import NamedNode

from kg.graph.rdf import nquads
from kg.graph.rdf.iris import code_node, concept_of, identifier_of, thing
from kg.graph.rdf.values import Properties, day, day_of, flag_of, number_of, text_of, texts_of
from kg.graph.rdf.vocabulary import BKG, DCTERMS, POLARITIES, POLARITY_OF, RDF, REFERENCE
from kg.model import Code, Coverage, Group, Listed, Pairing, Polarity, Policy, PolicyKind

_CLASSES = {
    PolicyKind.ARTICLE: BKG.Article,
    PolicyKind.LCD: BKG.LocalDetermination,
    PolicyKind.NCD: BKG.NationalDetermination,
}
_SIDES = {Polarity.AFFIRMED: "yes", Polarity.EXCLUDED: "no"}


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """All that policies list, policy by policy and diagnosis by diagnosis."""
    keys = {number: policy.key for number, policy in coverage.policies.items()}
    for policy in coverage.policies.values():
        yield nquads.lines(_node("policy", policy.key), _of_policy(policy), REFERENCE)
    nodes = {}
    for number, group in coverage.groups.items():
        key = f"{keys[group.policy]}-{_SIDES[group.polarity]}-{group.number}"
        name = _node("group", key)
        nodes[number] = key, f"{BKG.inGroup} {name}"
        yield nquads.lines(name, _of_group(group, keys[group.policy]), REFERENCE)
    for one in coverage.listed:
        key = f"{keys[one.policy]}-{one.kind.replace(' ', '-')}-{one.row}"
        yield nquads.lines(_node("listing", key), _of_listed(one, keys[one.policy]), REFERENCE)
    for diagnosis, places in coverage.listings.items():
        yield from _of_diagnosis(diagnosis, places, nodes)


def read_policy(properties: Properties) -> Policy:
    """A policy again."""
    kinds = {name.value: kind for kind, name in _CLASSES.items()}
    return Policy(
        kind=next(kinds[one.value] for one in properties[RDF.type] if one.value in kinds),
        identifier=text_of(properties, BKG.policyNumber),
        version=number_of(properties, BKG.version),
        title=text_of(properties, DCTERMS.title),
        valid_from=day_of(properties, BKG.validFrom),
        valid_through=day_of(properties, BKG.validThrough),
        contractors=texts_of(properties, BKG.contractor),
        states=texts_of(properties, BKG.jurisdiction),
        belongs_to=texts_of(properties, BKG.belongsTo),
        row=number_of(properties, BKG.row),
        release=identifier_of(text_of(properties, BKG.accordingTo)),
    )


def read_group(properties: Properties, policy: int) -> Group:
    """A group of diagnoses again, of the policy of a number; the rows of its billing codes are with their listings."""
    services = map(_code_of, sorted(one.value for one in properties.get(BKG.forService, ())))
    return Group(
        policy=policy,
        polarity=POLARITY_OF[text_of(properties, BKG.polarity)],
        number=number_of(properties, BKG.groupNumber),
        services=tuple((code, 0) for code in services),
        pairing=Pairing(text_of(properties, BKG.pairing)),
        words=text_of(properties, BKG.paragraph),
        star=text_of(properties, BKG.asteriskText),
        complete=text_of(properties, BKG.closingWords),
        beside=text_of(properties, BKG.besideWords),
        row=number_of(properties, BKG.row),
    )


def read_place(properties: Properties) -> int:
    """Where a diagnosis is listed, as `Coverage.listings` has it: twice the row, one more where it is starred."""
    return 2 * number_of(properties, BKG.row) + bool(flag_of(properties, BKG.starred))


def is_group(name: NamedNode) -> bool:
    """Whether a node is that of a group of diagnoses."""
    return name.value.startswith(_GROUPS)


def listing_node(group: NamedNode, diagnosis: Code) -> NamedNode:
    """The row of a group that lists a diagnosis, whether or not there is one; of several the first."""
    return thing("listing", f"{identifier_of(group.value)}-{diagnosis.value}")


_GROUPS = thing("group", "").value


@lru_cache(maxsize=2**14)
def _code_of(iri: str) -> Code:
    return concept_of(NamedNode(iri)).code


def _node(kind: str, key: str) -> str:
    return str(thing(kind, key))


def _of_policy(policy: Policy) -> Iterator[str]:
    yield f"{RDF.type} {_CLASSES[policy.kind]}"
    yield f"{BKG.policyNumber} {nquads.text(policy.identifier)}"
    yield f"{BKG.version} {nquads.integer(policy.version)}"
    yield f"{DCTERMS.title} {nquads.text(policy.title)}"
    yield f"{DCTERMS.source} {nquads.text(policy.address)}"
    yield f"{BKG.accordingTo} {thing('release', policy.release)}"
    yield f"{BKG.row} {nquads.integer(policy.row)}"
    for name, when in ((BKG.validFrom, policy.valid_from), (BKG.validThrough, policy.valid_through)):
        if when is not None:
            yield f"{name} {day(when)}"
    yield from (f"{BKG.contractor} {nquads.text(contractor)}" for contractor in policy.contractors)
    yield from (f"{BKG.jurisdiction} {nquads.text(state)}" for state in policy.states)
    letters = dict.fromkeys(state.partition(" ")[0] for state in policy.states)
    yield from (f"{BKG.state} {nquads.text(state)}" for state in letters)
    yield from (f"{BKG.belongsTo} {nquads.text(determination)}" for determination in policy.belongs_to)


def _of_group(group: Group, policy: str) -> Iterator[str]:
    yield f"{RDF.type} {BKG.DiagnosisGroup}"
    yield f"{BKG.inPolicy} {_node('policy', policy)}"
    yield f"{BKG.polarity} {POLARITIES[group.polarity]}"
    yield f"{BKG.groupNumber} {nquads.integer(group.number)}"
    yield f"{BKG.pairing} {nquads.text(group.pairing)}"
    texts = (
        (BKG.paragraph, group.words), (BKG.asteriskText, group.star), (BKG.closingWords, group.complete),
        (BKG.besideWords, group.beside),
    )  # fmt: skip
    yield from (f"{name} {nquads.text(text)}" for name, text in texts if text)
    if group.row:
        yield f"{BKG.row} {nquads.integer(group.row)}"
    yield from (f"{BKG.forService} {code_node(code)}" for code in dict.fromkeys(code for code, _ in group.services))


def _of_listed(listed: Listed, policy: str) -> Iterator[str]:
    yield f"{RDF.type} {BKG.Listing}"
    yield f"{BKG.inPolicy} {_node('policy', policy)}"
    yield f"{BKG.listedAs} {nquads.text(listed.kind)}"
    if listed.kind.is_code:
        yield f"{BKG.lists} {code_node(Code.parse(listed.value))}"
    else:
        yield f"{BKG.listsText} {nquads.text(listed.value)}"
    yield f"{BKG.row} {nquads.integer(listed.row)}"
    if listed.group:
        yield f"{BKG.groupNumber} {nquads.integer(listed.group)}"
    if listed.words:
        yield f"{BKG.brand} {nquads.text(listed.words)}"
    for name, when in ((BKG.validFrom, listed.valid_from), (BKG.validThrough, listed.valid_through)):
        if when is not None:
            yield f"{name} {day(when)}"


def _of_diagnosis(diagnosis: Code, places: Sequence[int], nodes: dict[int, tuple[str, str]]) -> Iterator[str]:
    """The rows that list a diagnosis: half a million in all, so that little is said of each.

    Their names are those of the group and the diagnosis, so that one can be looked up; where a group lists a diagnosis
    once more, the row tells them apart.
    """
    graph = f" {REFERENCE} .\n"
    end = f"{BKG.lists} {code_node(diagnosis)}{graph}"
    groups: set[int] = set()
    for number, place in zip(places[::2], places[1::2], strict=True):
        key, in_group = nodes[number]
        again = f"-{place // 2}" if number in groups else ""
        groups.add(number)
        name = f"<{_LISTINGS}{key}-{diagnosis.value}{again}> "
        starred = f"{name}{_STARRED}{graph}" if place % 2 else ""
        row = nquads.integer(place // 2)
        yield f"{name}{_IS_LISTING}{graph}{name}{in_group}{graph}{name}{end}{name}{_ROW} {row}{graph}{starred}"


_LISTINGS = thing("listing", "").value
_IS_LISTING = f"{RDF.type} {BKG.Listing}"
_ROW = str(BKG.row)
_STARRED = f'{BKG.starred} "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
