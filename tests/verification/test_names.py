from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Code
from kg.verification.names import NameIndex, alike
from tests.steps import steps


def index(**names: str) -> NameIndex:
    return NameIndex.of({Code.parse(f"icd10cm:{code}"): [name] for code, name in names.items()})


ARTERITIS = index(
    M315="Giant cell arteritis with polymyalgia rheumatica",
    M316="Other giant cell arteritis",
    M353="Polymyalgia rheumatica",
    M1711="Unilateral primary osteoarthritis, right knee",
    M1712="Unilateral primary osteoarthritis, left knee",
    S52501A="Unspecified fracture of the lower end of right radius, initial encounter for closed fracture",
)


def best(found: NameIndex, name: str) -> str:
    return found.search(name)[0].code.value


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("polymyalgia rheumatica with giant-cell arteritis", "M31.5"),
        ("other arteritis of giant cells", "M31.6"),
        ("rheumatic polymyalgia", "M35.3"),
        ("Osteoarthritis of left knee", "M17.12"),
        ("osteoartritis, right knee", "M17.11"),
        ("Unsp fx low end of r radius, init for clos fx", "S52.501A"),
        ("fractur of rdius", "S52.501A"),
    ],
)
def test_a_name_finds_its_code(name: str, code: str) -> None:
    assert best(ARTERITIS, name) == code


def test_the_same_words_in_another_order_are_the_same_name() -> None:
    (found,) = ARTERITIS.exactly("Rheumatica polymyalgia")
    assert (found.code.value, found.score, found.opposed) == ("M35.3", 1.0, False)
    assert ARTERITIS.exactly("Polymyalgia") == []


def test_the_same_words_of_which_others_are_denied_are_another_name() -> None:
    migraine = index(G43101="Migraine with aura, without status", G43001="Migraine without aura, with status")
    assert [fit.code.value for fit in migraine.exactly("Migraine without aura, with status")] == ["G43.001"]


def test_an_opposite_fits_badly() -> None:
    left = ARTERITIS.fit("Primary osteoarthritis, left knee", Code.parse("icd10cm:M17.11"))
    right = ARTERITIS.fit("Primary osteoarthritis, right knee", Code.parse("icd10cm:M17.11"))
    assert left is not None
    assert right is not None
    assert left.opposed
    assert not right.opposed
    assert left.score < 0.6 * right.score


def test_what_a_fit_counts() -> None:
    fit = ARTERITIS.fit("Giant cell arteritis", Code.parse("icd10cm:M31.5"))
    assert fit is not None
    assert fit.covered == fit.literally == 1.0
    assert 0.4 < fit.filled < 0.8
    assert ARTERITIS.fit("Giant cell arteritis", Code.parse("icd10cm:A00")) is None


def test_a_word_that_begins_alike_counts_for_less_and_not_literally() -> None:
    fit = ARTERITIS.fit("arterial", Code.parse("icd10cm:M31.6"))
    assert fit is not None
    assert (fit.covered, fit.literally) == (pytest.approx(0.8), 0.0)


def test_a_slip_of_the_pen_counts_as_the_word() -> None:
    fit = ARTERITIS.fit("polymialgia rheumatica", Code.parse("icd10cm:M35.3"))
    assert fit is not None
    assert fit.literally == 1.0
    assert 0.8 < fit.covered < 1.0


def test_short_words_and_numbers_are_no_slips_of_longer_ones() -> None:
    found = index(J11="Flu", A01="Type 12345", B01="Pest")
    assert found.search("Fluu") == []
    assert found.search("123x45") == []
    assert best(found, "Pesst") == "B01"


def test_of_equals_the_nearest_in_spelling_comes_first() -> None:
    equal = index(A01="Fever", B02="Fever", B03="Fever")
    assert [fit.code.value for fit in equal.search("fever", near=Code.parse("icd10cm:B09"))] == ["B02", "B03", "A01"]
    assert [fit.code.value for fit in equal.search("fever", 1)] == ["A01"]


def test_codes_that_look_alike() -> None:
    assert alike(Code.parse("M05.79"), Code.parse("M05.71")) == 5
    assert alike(Code.parse("M05.79"), Code.parse("M05.79")) == 6
    assert alike(Code.parse("hcpcs:J1234"), Code.parse("icd10cm:J12.34")) == 0


@pytest.mark.parametrize(
    "name", ["", "of the", "\x00\x07", "Ревматоидный артрит", "arthritis " * 10_000, "x" * 100_000, "non-" * 30_000]
)
def test_odd_names_are_looked_up_in_a_few_steps_a_letter(name: str) -> None:
    def look_up() -> None:
        assert len(ARTERITIS.search(name)) <= 10
        ARTERITIS.exactly(name)
        ARTERITIS.fit(name, Code.parse("M35.3"))

    assert steps(look_up) < 1_000 + 20 * len(name)


def test_an_empty_index_finds_nothing() -> None:
    assert NameIndex.of({}).search("fever") == []
    assert NameIndex.of({}).exactly("fever") == []


NAMES = st.text(alphabet="abcdefg 12", min_size=1, max_size=12)
CODES = st.integers(0, 99).map(lambda number: Code.parse(f"icd10cm:A{number:02}"))


@given(st.dictionaries(CODES, st.lists(NAMES, min_size=1, max_size=3), max_size=8), NAMES)
def test_scores_lie_between_nothing_and_all(names: Mapping[Code, list[str]], name: str) -> None:
    found = NameIndex.of(names)
    for fit in found.search(name, near=Code.parse("icd10cm:A50")):
        assert all(0.0 <= share <= 1.0 + 1e-9 for share in (fit.score, fit.covered, fit.literally, fit.filled))
        assert fit.literally <= fit.covered + 0.35
    for code, own in names.items():
        for text in own:
            fit_own = found.fit(text, code)
            assert fit_own is not None
            assert fit_own.score == pytest.approx(1.0) or fit_own.score == 0.0
