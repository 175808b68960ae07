"""The ontology and the Python vocabulary say the same, in both directions."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode
from rdflib import OWL, PROV, RDF, RDFS, SKOS, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection

from kg import resources
from kg.graph.rdf import vocabulary
from kg.graph.rdf.vocabulary import (
    BKG,
    CLASSES,
    DETAILS,
    MODIFIER_OWNERS,
    POLARITIES,
    QUALIFIERS,
    RELATIONS,
    SCHEMES,
    STRENGTHS,
    VERDICTS,
)
from kg.model import Kind, Qualifier, Relation

NS = Namespace(vocabulary.NAMESPACE)
SH = Namespace("http://www.w3.org/ns/shacl#")
SERVICE = NS.BillingCode


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(resources.path("ontology", "billing.ttl"))


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(resources.path("ontology", "shapes.ttl"))


def ours(*values: object) -> set[URIRef]:
    return {URIRef(value.value) for value in values}  # type: ignore[attr-defined]


OWN = ours(*(value for name, value in vars(BKG).items() if not name.startswith("_")))
RELATION_NAMES, QUALIFIER_NAMES = ours(*RELATIONS.values()), ours(*QUALIFIERS.values())
INDIVIDUALS = ours(*POLARITIES.values(), *STRENGTHS.values(), *VERDICTS.values())


def test_everything_in_python_is_in_the_ontology_and_the_other_way_round(ontology: Graph) -> None:
    python = OWN | RELATION_NAMES | QUALIFIER_NAMES | INDIVIDUALS | ours(*CLASSES.values())
    defined = {subject for subject in ontology.subjects() if str(subject).startswith(NS)}
    assert {str(name) for name in python ^ defined} == set()


def test_no_blank_nodes_so_that_same_input_gives_same_bytes(ontology: Graph) -> None:
    assert not [node for triple in ontology for node in triple if isinstance(node, BNode)]


def test_classes_and_properties_are_told_by_their_first_letter(ontology: Graph) -> None:
    for name in OWN | RELATION_NAMES | QUALIFIER_NAMES | ours(*CLASSES.values()):
        is_class = (name, RDF.type, OWL.Class) in ontology
        assert is_class == str(name).removeprefix(NS)[0].isupper(), name


def properties(ontology: Graph) -> list[URIRef]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    return [name for kind in kinds for name in ontology.subjects(RDF.type, kind) if isinstance(name, URIRef)]


def test_everything_has_a_label_and_a_definition(ontology: Graph) -> None:
    defined = {name for name in ontology.subjects(RDFS.isDefinedBy) if isinstance(name, URIRef)}
    assert OWN | RELATION_NAMES | QUALIFIER_NAMES | INDIVIDUALS | ours(*CLASSES.values()) <= defined
    for name in defined:
        (label,) = ontology.objects(name, RDFS.label)
        (definition,) = ontology.objects(name, SKOS.definition)
        assert label.language == definition.language == "en"  # type: ignore[attr-defined]
        assert str(definition).endswith("."), name


def test_every_class_has_a_parent_and_every_property_domain_and_range(ontology: Graph) -> None:
    for name in ontology.subjects(RDF.type, OWL.Class):
        assert (name, RDFS.subClassOf, None) in ontology, name
    for name in properties(ontology):
        assert len(list(ontology.objects(name, RDFS.domain))) == 1, name
        assert len(list(ontology.objects(name, RDFS.range))) == 1, name


def kinds_of(ontology: Graph, class_: object) -> set[Kind]:
    """The kinds of concept that a class covers."""
    below = set(ontology.transitive_subjects(RDFS.subClassOf, class_))  # type: ignore[arg-type]
    return {kind for kind, name in CLASSES.items() if URIRef(name.value) in below}


@pytest.mark.parametrize("relation", Relation)
def test_relations(ontology: Graph, relation: Relation) -> None:
    name = NS[relation]
    assert str(ontology.value(name, RDFS.label)) == relation.label
    assert kinds_of(ontology, ontology.value(name, RDFS.domain)) == relation.subject_kinds
    assert kinds_of(ontology, ontology.value(name, RDFS.range)) == relation.object_kinds
    parent = NS[relation.parent] if relation.parent else None
    assert ontology.value(name, RDFS.subPropertyOf) == parent


@pytest.mark.parametrize("qualifier", Qualifier)
def test_qualifiers(ontology: Graph, qualifier: Qualifier) -> None:
    name = NS[qualifier]
    assert ontology.value(name, RDFS.domain) == NS.Assertion
    assert kinds_of(ontology, ontology.value(name, RDFS.range)) == {qualifier.object_kind}


def test_individuals(ontology: Graph) -> None:
    for class_, names in ((NS.Polarity, POLARITIES), (NS.Strength, STRENGTHS), (NS.Verdict, VERDICTS)):
        assert set(ontology.subjects(RDF.type, class_)) == ours(*names.values())


def test_code_systems(ontology: Graph) -> None:
    found = set(ontology.subjects(RDF.type, NS.CodeSystem))
    assert found == ours(*SCHEMES.values(), *MODIFIER_OWNERS.values())
    for system, name in SCHEMES.items():
        assert str(ontology.value(URIRef(name.value), SKOS.prefLabel)) == system.noun


def test_classes_of_concepts(ontology: Graph) -> None:
    assert kinds_of(ontology, NS.Concept) == set(Kind)
    assert kinds_of(ontology, NS.Code) == {kind for kind in Kind if kind.is_code}
    assert kinds_of(ontology, SERVICE) == {Kind.HCPCS, Kind.CPT}
    for class_ in (NS.Assertion, NS.Statement):
        assert set(ontology.objects(class_, RDFS.subClassOf)) == {RDF.Statement, PROV.Entity}
    assert ontology.value(NS.CodeSystem, RDFS.subClassOf) == SKOS.ConceptScheme


def test_every_class_that_is_written_has_a_shape(shapes: Graph) -> None:
    targets = set(shapes.objects(None, SH.targetClass))
    written = ours(*CLASSES.values(), BKG.Assertion, BKG.Evidence, BKG.Finding, BKG.Statement, BKG.Meaning)
    written |= ours(BKG.Document, BKG.Release)
    assert written <= targets


def test_the_lists_in_the_shapes_are_those_of_python(shapes: Graph) -> None:
    lists = [set(Collection(shapes, head)) for head in shapes.objects(None, SH["in"])]  # type: ignore[arg-type]
    of_documents = {relation: name for relation, name in RELATIONS.items() if not relation.only_released}
    for names in (RELATIONS, of_documents, POLARITIES, STRENGTHS, VERDICTS):
        assert ours(*names.values()) in lists


def test_the_shapes_know_every_detail_of_a_statement(shapes: Graph) -> None:
    paths = set(shapes.objects(None, SH.path))
    assert ours(*DETAILS.values()) <= paths


@pytest.mark.parametrize(
    ("property", "subjects"),
    [
        (BKG.verdict, (BKG.Assertion, BKG.Statement)),
        (BKG.statedName, (BKG.Assertion, BKG.Finding)),
        (BKG.releaseText, (BKG.Statement, BKG.Finding)),
        (BKG.accordingTo, (BKG.Statement, BKG.Finding)),
        (BKG.earlierMeaning, (BKG.Code,)),
    ],
    ids=lambda value: "" if isinstance(value, tuple) else value.value.rpartition("#")[2],
)
def test_what_is_said_of_several_classes_has_the_domain_of_all(
    ontology: Graph, property: NamedNode, subjects: tuple[NamedNode, ...]
) -> None:
    domain = ontology.value(URIRef(property.value), RDFS.domain)
    for subject in ours(*subjects):
        assert domain in set(ontology.transitive_objects(subject, RDFS.subClassOf))


def test_the_shapes_speak_of_nothing_that_the_ontology_does_not_define(ontology: Graph, shapes: Graph) -> None:
    spoken_of = {node for triple in shapes for node in triple if str(node).startswith(NS)}
    assert spoken_of <= set(ontology.subjects())
