"""Brands that releases know: whose they are, where that is certain."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from kg.model import Concept, Kind
from kg.reference import Drug
from kg.reference.brands import Brand, released_brands, with_brands


def named(name: str) -> Concept:
    return Concept.named(Kind.DRUG, name)


TOCILIZUMAB, ABATACEPT = named("tocilizumab"), named("abatacept")
KNOWN = {
    TOCILIZUMAB: Drug(TOCILIZUMAB, ("Actemra",)),
    ABATACEPT: Drug(ABATACEPT),
    named("dextran 40"): Drug(named("dextran 40")),
}


def brands(*released: Iterable[Drug]) -> dict[str, Concept]:
    return {key: brand.drug for key, brand in released_brands(KNOWN, released).items()}


def test_a_brand_of_a_known_drug_or_of_its_biosimilar_is_known() -> None:
    biosimilar = named("tocilizumab-anoh")
    found = brands([Drug(TOCILIZUMAB, ("Novaxar",)), Drug(biosimilar, ("Avtozma",))])
    assert found == {"novaxar": TOCILIZUMAB, "avtozma": biosimilar}


@pytest.mark.parametrize("name", ["Actemra", "ABATACEPT", "Dextran", "Abc", ""])
def test_what_is_a_name_already_or_too_short_is_no_brand(name: str) -> None:
    assert brands([Drug(TOCILIZUMAB, (name,))]) == {}


def test_a_brand_of_a_drug_that_nobody_knows_is_left_alone() -> None:
    assert brands([Drug(named("menthol"), ("Relief",))]) == {}


def test_where_releases_disagree_a_brand_is_nobodys() -> None:
    assert brands([Drug(TOCILIZUMAB, ("Novaxar",))], [Drug(ABATACEPT, ("NOVAXAR",))]) == {}
    assert brands([Drug(TOCILIZUMAB, ("Novaxar",))], [Drug(named("menthol"), ("Novaxar",))]) == {}


def test_drugs_bear_their_brands_as_a_release_spells_them() -> None:
    biosimilar = named("tocilizumab-anoh")
    drugs = with_brands(KNOWN, [Brand("AVTOZMA", biosimilar), Brand("NovaXar", TOCILIZUMAB)])
    assert drugs[TOCILIZUMAB].brands == ("Actemra", "NovaXar")
    assert drugs[biosimilar] == Drug(biosimilar, ("AVTOZMA",), TOCILIZUMAB)
    assert drugs[ABATACEPT] == KNOWN[ABATACEPT]
