"""What codes mean, and when: lines of N-Quads, and meanings again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.graph.rdf import nquads
from kg.graph.rdf.iris import code_node, concept_of, thing
from kg.graph.rdf.values import BOOLEANS, Properties, day, day_of, flag_of, number_of, text_of, texts_of
from kg.graph.rdf.vocabulary import BKG, CLASSES, MODIFIER_OWNERS, RDF, REFERENCE, SCHEMES, SKOS
from kg.model import CodeSystem, Concept, Kind, billable_on

if TYPE_CHECKING:  # A graph that is only read needs none of them.
    from kg.reference import Entry
    from kg.reference.meanings import Meaning

# Where BioPortal publishes the same codes.
_BIOPORTAL = {
    CodeSystem.ICD10CM: "http://purl.bioontology.org/ontology/ICD10CM/",
    CodeSystem.HCPCS: "http://purl.bioontology.org/ontology/HCPCS/",
    CodeSystem.CPT: "http://purl.bioontology.org/ontology/CPT/",
}


def code_lines(described: Iterable[Sequence[Meaning]]) -> Iterator[str]:
    """What releases say of codes, each code as lines of N-Quads: its newest meaning, and those before it as nodes."""
    for newest, *earlier in described:
        entry = newest.entry
        nodes = [(meaning_node(meaning.entry), meaning) for meaning in earlier]
        properties = chain(_of_code(entry), _of_meaning(newest), (f"{_EARLIER} {name}" for name, _ in nodes))
        yield nquads.lines(str(code_node(entry.code)), properties, REFERENCE)
        for name, meaning in nodes:
            yield nquads.lines(str(name), chain([f"{_TYPE} {BKG.Meaning}"], _of_meaning(meaning)), REFERENCE)


@dataclass(frozen=True, slots=True)
class MeaningInGraph:
    """What a release says of a code, for one of its meanings.

    `billable` is what holds last, `turned` are the days on which that changed; `release` is the node of the release.
    """

    name: str
    descriptor: str
    names: tuple[str, ...]
    billable: bool | None
    turned: tuple[date, ...]
    valid_from: date | None
    valid_through: date | None
    broader: Concept | None
    release: NamedNode | None
    row: int

    def billable_on(self, day: date | None) -> bool | None:
        """Whether the code can be billed on a day."""
        return billable_on(day, self.billable, self.turned)


def read_meaning(properties: Properties) -> MeaningInGraph:
    """A meaning again, of a code or of the node of an earlier meaning; also of only some of its properties."""
    above, described = properties.get(SKOS.broader), properties.get(BKG.describedBy, [None])[0]
    turned = chain.from_iterable(properties.get(name, ()) for name in (BKG.headingFrom, BKG.billableFrom))
    return MeaningInGraph(
        name=text_of(properties, SKOS.prefLabel),
        descriptor=text_of(properties, BKG.descriptor),
        names=texts_of(properties, SKOS.altLabel),
        billable=flag_of(properties, BKG.billable),
        turned=tuple(sorted((date.fromisoformat(turn.value) for turn in turned), reverse=True)),
        valid_from=day_of(properties, BKG.validFrom),
        valid_through=day_of(properties, BKG.validThrough),
        broader=concept_of(above[0]) if above else None,
        release=described if isinstance(described, NamedNode) else None,
        row=number_of(properties, BKG.row),
    )


def meant_on(day: date | None, meanings: Sequence[MeaningInGraph]) -> int:
    """Which of several meanings, the newest first, a code has on a day: the last that had begun, else the first."""
    begun = (n for n, meaning in enumerate(meanings) if day is None or (meaning.valid_from or date.min) <= day)
    return next(begun, len(meanings) - 1)


def meaning_node(entry: Entry) -> NamedNode:
    """The node of a meaning that a code had before."""
    return thing("meaning", f"{entry.code.system}-{entry.code.value}-{entry.valid_through or 'undated'}")


def _of_code(entry: Entry) -> Iterator[str]:
    system = entry.code.system
    yield f"{_TYPE} {_CLASS[system]}"
    yield f"{_NOTATION} {nquads.text(entry.code.value)}"
    yield f"{_IN_SCHEME} {MODIFIER_OWNERS.get(entry.owner, SCHEMES[system])}"
    if system in _BIOPORTAL:
        yield f"{_SAME_AS} {NamedNode(_BIOPORTAL[system] + entry.code.value)}"


def _of_meaning(meaning: Meaning) -> Iterator[str]:
    entry, release = meaning.entry, meaning.release
    if release.quotable:
        yield from _names(entry)
    yield f"{_DESCRIBED_BY} {thing('release', release.identifier)}"
    if entry.broader is not None:
        yield f"{_BROADER} {code_node(entry.broader)}"
    if entry.billable is not None:
        yield f"{_BILLABLE} {BOOLEANS[entry.billable]}"
    if entry.row:
        yield f"{_ROW} {nquads.integer(entry.row)}"
    for name, when in ((BKG.validFrom, entry.valid_from), (BKG.validThrough, entry.valid_through)):
        if when is not None:
            yield f"{name} {day(when)}"
    for number, turn in enumerate(entry.turned):
        became_billable = entry.billable is (number % 2 == 0)
        yield f"{BKG.billableFrom if became_billable else BKG.headingFrom} {day(turn)}"
    for kind, words in entry.notes:
        yield f"{_NOTE} {nquads.text(f'{kind}: {words}')}@en"


def _names(entry: Entry) -> Iterator[str]:
    """The everyday name, the descriptor where that is another, and the other names."""
    everyday = entry.called or entry.name
    if everyday:
        yield f"{_LABEL} {nquads.text(everyday)}@en"
    if entry.name != everyday:
        yield f"{BKG.descriptor} {nquads.text(entry.name)}@en"
    for name in entry.names:
        if name != everyday:
            yield f"{_ALSO} {nquads.text(name)}@en"


_CLASS = {system: str(CLASSES[Kind(system.value)]) for system in CodeSystem}
_TYPE, _NOTATION, _LABEL, _ALSO = map(str, (RDF.type, SKOS.notation, SKOS.prefLabel, SKOS.altLabel))
_IN_SCHEME, _BROADER, _SAME_AS, _NOTE = map(str, (SKOS.inScheme, SKOS.broader, SKOS.exactMatch, SKOS.note))
_DESCRIBED_BY, _BILLABLE, _ROW = map(str, (BKG.describedBy, BKG.billable, BKG.row))
_EARLIER = str(BKG.earlierMeaning)
