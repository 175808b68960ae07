from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import MalformedCode
from kg.model import Code, Concept, Kind, slug

NAMED = sorted(kind for kind in Kind if not kind.is_code)


@given(st.text())
def test_a_slug_is_made_of_words_and_hyphens(text: str) -> None:
    key = slug(text)
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert key == key.strip("-.")
    assert "--" not in key


@given(st.text())
def test_the_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@given(st.text(), st.sampled_from(NAMED))
def test_a_thing_known_by_name_never_has_an_empty_key(text: str, kind: Kind) -> None:
    try:
        concept = Concept.named(kind, text)
    except MalformedCode as error:
        assert not slug(text)
        assert repr(text) in str(error)
    else:
        assert concept.key == slug(text) != ""
        assert Concept.parse(concept.curie) == concept


@pytest.mark.parametrize("curie", ["payer:", "drug: ", "route:---", "payer:日本"])
def test_a_curie_with_nothing_behind_its_prefix_is_refused(curie: str) -> None:
    with pytest.raises(MalformedCode) as error:
        Concept.parse(curie)
    assert str(error.value) == f"nothing after the prefix: {curie!r}"


@pytest.mark.parametrize("name", ["Sjögren's syndrome", "SJÖGREN’S SYNDROME", " sjogren's   syndrome "])
def test_case_accents_and_blanks_do_not_make_another_concept(name: str) -> None:
    concept = Concept.named(Kind.CONDITION, name)
    assert concept == Concept(Kind.CONDITION, "sjogrens-syndrome")
    assert concept.name == " ".join(name.split())


def test_the_name_is_kept_but_not_compared() -> None:
    one, other = Concept(Kind.HCPCS, "J3262", "tocilizumab"), Concept(Kind.HCPCS, "J3262")
    assert one == other
    assert len({one, other}) == 1
    assert Concept(Kind.HCPCS, "J3262") != Concept(Kind.DRUG, "J3262")


def test_what_a_person_reads() -> None:
    assert Concept.of(Code.parse("J3262"), "tocilizumab").label == "J3262 tocilizumab"
    assert Concept.parse("j3262").label == "J3262"
    assert Concept.parse("place:physician-office").label == "physician office"
    assert Concept.named(Kind.PAYER, "Blue  Cross").label == "Blue Cross"


def test_a_curie_may_name_any_kind() -> None:
    assert Concept.parse("Drug:Ferric Carboxymaltose").curie == "drug:ferric-carboxymaltose"
    assert Concept.parse("icd10cm:m069").curie == "icd10cm:M06.9"
    with pytest.raises(MalformedCode, match="tocilizumab"):
        Concept.parse("tocilizumab")


def test_codes_and_names_are_told_apart() -> None:
    assert [kind.value for kind in Kind if kind.is_code] == [
        "hcpcs",
        "cpt",
        "icd10cm",
        "nucc",
        "modifier",
        "ndc",
        "pos",
        "carc",
        "rarc",
    ]
    assert Kind.DOCUMENTATION.noun == "documentation item"
    assert Kind.NUCC.noun == "NUCC taxonomy"
