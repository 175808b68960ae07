"""How two stances share their objects: laws that hold for any two."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.graph.comparing import shares
from kg.model import Agreement, Concept, Kind, Polarity, Qualifier, Relation, Stance

OBJECTS = [f"icd10cm:A0{n}" for n in range(6)]
ROUTE = frozenset({(Qualifier.FOR_ROUTE, Concept(Kind.ROUTE, "oral"))})
PAYER = frozenset({(Qualifier.FOR_PAYER, Concept(Kind.PAYER, "medicare"))})
NONE: frozenset[tuple[Qualifier, Concept]] = frozenset()

some = st.frozensets(st.sampled_from(OBJECTS))
qualified = st.dictionaries(
    st.tuples(st.sampled_from(OBJECTS), st.sampled_from(Polarity)),
    st.frozensets(st.sampled_from([NONE, ROUTE, PAYER]), min_size=1),
    max_size=4,
)
stances = st.builds(Stance, some, some, st.none() | some, qualified)
relations = st.sampled_from([Relation.SUPPORTED_BY_DIAGNOSIS, Relation.DENIED_FOR])


def exact(objects: frozenset[str]) -> frozenset[str]:
    """Of the objects the last is a heading."""
    return objects - {OBJECTS[-1]}


@given(stances, stances, relations)
def test_exchanged_sides_give_the_mirror_image(first: Stance, second: Stance, relation: Relation) -> None:
    found, mirrored = shares(first, second, relation, exact), shares(second, first, relation, exact)
    assert {kind.mirrored: objects for kind, objects in found.items()} == dict(mirrored)


@given(stances, relations)
def test_a_stance_agrees_with_itself(stance: Stance, relation: Relation) -> None:
    found = shares(stance, stance, relation, exact)
    assert found[Agreement.BOTH] == stance.listed
    assert not any(objects for kind, objects in found.items() if kind is not Agreement.BOTH)


@given(stances, stances, relations)
def test_every_object_is_told_and_none_is_invented(first: Stance, second: Stance, relation: Relation) -> None:
    found = shares(first, second, relation, exact)
    of_first = found[Agreement.FIRST] | found[Agreement.BOTH] | found[Agreement.CONTRADICT]
    of_second = found[Agreement.SECOND] | found[Agreement.BOTH] | found[Agreement.CONTRADICT]
    assert first.listed <= of_first <= first.listed | second.listed
    assert second.listed <= of_second <= first.listed | second.listed
    assert found[Agreement.FIRST] <= first.listed and found[Agreement.SECOND] <= second.listed
    assert not found[Agreement.BOTH] & found[Agreement.CONTRADICT]
    assert not (found[Agreement.FIRST] | found[Agreement.SECOND]) & (
        found[Agreement.BOTH] | found[Agreement.CONTRADICT]
    )


@given(stances, stances, relations)
def test_a_contradiction_needs_a_yes_and_a_no_under_the_same_qualifiers(
    first: Stance, second: Stance, relation: Relation
) -> None:
    for object in shares(first, second, relation, exact)[Agreement.CONTRADICT]:
        assert not first.affirmed & second.affirmed & {object}
        yes, no = (first, second) if object in first.affirmed and object not in second.affirmed else (second, first)
        assert object in yes.affirmed
        assert object in no.excluded or (no.open is not None and object not in no.open | {OBJECTS[-1]})
        under = yes.qualified(object, Polarity.AFFIRMED) & no.qualified(object, Polarity.EXCLUDED)
        assert PAYER in under if relation is Relation.DENIED_FOR else under


@given(some, some, some)
def test_a_complete_list_says_no_to_all_but_headings_and_what_it_leaves_open(
    yes: frozenset[str], listed: frozenset[str], open: frozenset[str]
) -> None:
    found = shares(Stance(yes), Stance(listed, open=open), Relation.SUPPORTED_BY_DIAGNOSIS, exact)
    assert found[Agreement.CONTRADICT] == exact(yes) - listed - open
    silent = shares(Stance(yes), Stance(listed), Relation.SUPPORTED_BY_DIAGNOSIS, exact)
    assert silent[Agreement.CONTRADICT] == frozenset()
