"""Coverage as RDF: what the rows of lists are called."""

from __future__ import annotations

import pyoxigraph as ox

from kg.graph.rdf.coverage import coverage_lines, is_group, listing_node, read_group, read_place
from kg.graph.rdf.iris import thing
from kg.graph.rdf.vocabulary import BKG
from kg.model import Code, CodeSystem, Coverage, Group, Pairing, Polarity, Policy, PolicyKind

DX = Code.parse("M81.0", CodeSystem.ICD10CM)


def quads(places: list[int]) -> list[ox.Quad]:
    """The quads of an article with one group that lists a diagnosis in these places."""
    policy = Policy(PolicyKind.ARTICLE, "A7", 3, "Bones")
    known = Coverage(
        {0: policy}, {0: Group(0, Polarity.AFFIRMED, 2)}, {DX: [n for place in places for n in (0, place)]}
    )
    return list(ox.parse("".join(coverage_lines(known)), format=ox.RdfFormat.N_QUADS))


def test_a_row_is_found_by_its_group_and_its_diagnosis() -> None:
    name = listing_node(thing("group", "A7-3-yes-2"), DX)
    assert name.value == "https://w3id.org/billing-kg/listing/A7-3-yes-2-M81.0"
    about: dict[ox.NamedNode, list[ox.Literal]] = {}
    for quad in quads([2 * 14 + 1]):
        if quad.subject == name:
            about.setdefault(quad.predicate, []).append(quad.object)
    assert read_place(about) == 29
    assert about[BKG.inGroup] == [thing("group", "A7-3-yes-2")]


def test_a_diagnosis_that_a_list_has_twice_has_two_rows() -> None:
    names = {
        quad.subject.value.rpartition("/")[2]: quad.object.value for quad in quads([4, 18]) if quad.predicate == BKG.row
    }
    assert {name: row for name, row in names.items() if "M81" in name} == {
        "A7-3-yes-2-M81.0": "2",
        "A7-3-yes-2-M81.0-9": "9",
    }


def test_a_group_is_read_back_as_it_was_written() -> None:
    service = Code.parse("J0897")
    group = Group(
        0, Polarity.AFFIRMED, 2, ((service, 0),), Pairing.NAMED, "For J0897.", "* twice", "All not listed.", "Dual.", 7
    )
    known = Coverage({0: Policy(PolicyKind.ARTICLE, "A7", 3, "Bones")}, {0: group})
    name, about = thing("group", "A7-3-yes-2"), dict[ox.NamedNode, list[ox.Literal]]()
    for quad in ox.parse("".join(coverage_lines(known)), format=ox.RdfFormat.N_QUADS):
        if quad.subject == name:
            about.setdefault(quad.predicate, []).append(quad.object)
    assert read_group(about, 0) == group


def test_groups_are_told_from_listings() -> None:
    assert is_group(thing("group", "A7-3-yes-2"))
    assert not is_group(thing("listing", "A7-3-service-4"))
