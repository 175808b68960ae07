"""Concepts: what the graph says of one that no release describes, and of drugs; codes are in `meanings`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.graph.rdf.iris import concept_of, node
from kg.graph.rdf.values import Properties, decimal, text_of, texts_of
from kg.graph.rdf.vocabulary import ASSERTIONS, BKG, CLASSES, RDF, REFERENCE, SCHEMES, SKOS
from kg.model import CodeSystem, Concept, Kind, Quantity
from kg.places import numbers_of

if TYPE_CHECKING:  # A graph that is only read needs none of it.
    from kg.reference import Drug

_LABELER = "labeler: "


def concept_quads(concept: Concept, graph: NamedNode = ASSERTIONS) -> Iterator[Quad]:
    """A concept by itself; the name of a code is left out, as only a release can give one."""
    subject = node(concept)
    yield Quad(subject, RDF.type, CLASSES[concept.kind], graph)
    if concept.kind.is_code:
        yield Quad(subject, SKOS.notation, Literal(concept.key), graph)
        yield Quad(subject, SKOS.inScheme, SCHEMES[CodeSystem(concept.kind.value)], graph)
        return
    yield Quad(subject, SKOS.prefLabel, Literal(concept.label, language="en"), graph)
    for code in numbers_of(concept):
        yield Quad(subject, BKG.placeOfServiceCode, Literal(code), graph)
    if concept.kind is Kind.QUANTITY and (quantity := Quantity.parse(concept.label)):
        yield Quad(subject, BKG.numericValue, decimal(quantity.number), graph)
        yield Quad(subject, BKG.ucumCode, Literal(quantity.ucum), graph)


def drug_quads(drug: Drug) -> Iterator[Quad]:
    """A drug known by name, with its brands, and the drug that it is a biosimilar of."""
    yield from concept_quads(drug.concept, REFERENCE)
    subject = node(drug.concept)
    for brand in drug.brands:
        yield Quad(subject, SKOS.altLabel, Literal(brand, language="en"), REFERENCE)
    if drug.broader is not None:
        yield Quad(subject, SKOS.broader, node(drug.broader), REFERENCE)


def read_concept(name: NamedNode, properties: Properties) -> Concept:
    """A concept under the name that the graph gives it."""
    concept = concept_of(name)
    return Concept(concept.kind, concept.key, text_of(properties, SKOS.prefLabel) or None)


def read_labeler(properties: Properties) -> str:
    """The labeler of a package; empty where none is told."""
    notes = (note for note in texts_of(properties, SKOS.note) if note.startswith(_LABELER))
    return next(notes, "").removeprefix(_LABELER)
