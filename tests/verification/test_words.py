from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import resources
from kg.verification.words import OPPOSITES, NameWords, conflict, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fractures of the left knees", "fracture, left knee"),
        ("Iron deficiency anaemia", "Iron deficiency anemia"),
        ("Oesophageal tumours", "Esophageal tumor"),
        ("Gastro-oesophageal reflux disease", "GERD"),
        ("Orthopaedic surgery", "Orthopedic surgery"),
        ("Poly­myalgia rheumatica".replace("\u00ad", ""), "POLYMYALGIA RHEUMATICA"),
        ("Guillain-Barré syndrome", "Guillain-Barre syndrome"),
        ("Crohn’s disease", "Crohn's disease"),
        ("Crohn's disease", "Crohn disease"),
        ("Gamma globulin IM", "Immune globulin IM"),
        ("D5W", "5% dextrose/water"),
        ("COPD", "Chronic obstructive pulmonary disease"),
        ("Myasthenia gravis w/o exacerbation", "Myasthenia gravis without exacerbation"),
        ("T2DM", "Type II diabetes mellitus"),
        ("CKD stage IV", "Chronic kidney disease, stage 4"),
        ("Hematology & Oncology", "Hematology and oncology"),
        ("Dressing for two wounds", "Dressing for 2 wounds"),
        ("Administered intravenously", "Given intravenous"),
        ("non-sterile gauze", "nonsterile gauze"),
        ("Generalised infection", "Generalized infections"),
        ("Pain in arms and legs", "Pain in arm and leg"),
        ("Cutting of ties", "Cutting of tie"),
    ],
)
def test_one_name_in_two_ways(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("right knee", "left knee"),
        ("Unilateral, right", "bilateral"),
        ("Type 1 diabetes", "Type 2 diabetes"),
        ("Type I diabetes", "Type 2 diabetes"),
        ("initial encounter", "subsequent encounter"),
        ("with exacerbation", "without exacerbation"),
        ("Acute cystitis with hematuria", "Acute cystitis w/o haematuria"),
        ("migraine with aura, without status", "migraine without aura, with status"),
        ("Myeloma in remission", "Myeloma not having achieved remission"),
        ("anemia due to radiotherapy", "anemia not due to anti-cancer radiotherapy"),
        ("Tape, waterproof", "Tape, non-waterproof"),
        ("adjunctive monitor", "Non-adjunctive, non-implanted monitor"),
        ("No drug discarded", "Drug discarded"),
        ("kidney, except renal pelvis", "renal pelvis"),
        ("drugs other than chemotherapy", "chemotherapy drugs"),
        ("Dressing for three wounds", "Dressing for four wounds"),
        ("individual session", "group session"),
        ("given subcutaneously", "administered intravenously"),
        ("second digit", "third digit"),
        ("traumatic tear", "nontraumatic tear"),
    ],
)
def test_names_in_conflict(one: str, other: str) -> None:
    assert conflict(NameWords.of(one), NameWords.of(other))
    assert conflict(NameWords.of(other), NameWords.of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rheumatoid arthritis", "rheumatoid arthritis, left knee"),
        ("chronic migraine without aura", "chronic migraine without aura, not intractable, without status"),
        ("Sacroiliitis, NEC", "Sacroiliitis, not elsewhere classified"),
        ("rotator cuff tear", "rotator cuff tear, not specified as traumatic"),
        ("without acute exacerbation", "without (acute) exacerbation"),
        ("right and left", "bilateral, left and right"),
        ("stage 3", "stage 3a"),
        ("moderate asthma", "moderate to severe asthma"),
        ("Nonunion of a fracture", "fracture"),
        ("nontraumatic tear", "traumatic and nontraumatic tears"),
    ],
)
def test_names_that_say_more_or_less(one: str, other: str) -> None:
    assert not conflict(NameWords.of(one), NameWords.of(other))


def test_what_is_denied_ends_with_a_comma_or_another_with() -> None:
    assert NameWords.of("without aura, with status").denied == {"aura"}
    assert NameWords.of("without status with aura").denied == {"status"}
    assert NameWords.of("not due to radiotherapy or chemotherapy").denied == {"due", "radiotherapy", "chemotherapy"}


def test_a_name_of_nothing() -> None:
    for name in ("", "of the and", "…", "\x00\x1b", "类风湿"):
        assert words(name) == ()
        assert not conflict(NameWords.of(name), NameWords.of(name))


def test_opposites_are_words_as_names_have_them() -> None:
    for group in OPPOSITES:
        for word in group:
            assert words(word) == (word,)


def test_abbreviations_are_sorted_and_stand_for_something_else() -> None:
    rows = resources.table("data", "names", "abbreviations.tsv")
    shorts = [row["short"] for row in rows]
    assert shorts == sorted(set(shorts))
    assert all(row["words"] and row["short"] != row["words"] for row in rows)


@given(st.text())
def test_any_text_has_words_and_never_conflicts_with_itself(text: str) -> None:
    said = NameWords.of(text)
    assert said.denied <= set(said.words)
    assert all(word.isascii() and word == word.lower() for word in said.words)
    assert not conflict(said, said)


@given(st.text(alphabet="nowithuef ,-lr1", max_size=40), st.text(alphabet="nowithuef ,-lr1", max_size=40))
def test_conflict_is_mutual(one: str, other: str) -> None:
    assert conflict(NameWords.of(one), NameWords.of(other)) is conflict(NameWords.of(other), NameWords.of(one))
