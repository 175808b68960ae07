"""Sentences that speak of the codes listed below them."""

from __future__ import annotations

import pytest

from ..stating import everything, read

LIST = "- J3262 tocilizumab\n- J0129 abatacept\n"


@pytest.mark.parametrize("end", [".", ":"])
def test_what_is_required_of_listed_codes_is_required_of_each(end: str) -> None:
    found = everything(read(f"# News\n\nPrior authorization is required for the following drugs{end}\n\n{LIST}"))
    assert {s for s in found if "coverageRequires" in s} == {
        "hcpcs:J3262 coverageRequires requirement:prior-authorization",
        "hcpcs:J0129 coverageRequires requirement:prior-authorization",
    }


def test_captions_may_stand_between() -> None:
    content = "Modifier UA is required for the following supplies.\n\nCPT Codes\n\n58300 Insertion\n58301 Removal\n"
    assert {s for s in everything(read(content, "guide.txt")) if "acceptsModifier" in s} == {
        "cpt:58300 acceptsModifier modifier:UA",
        "cpt:58301 acceptsModifier modifier:UA",
    }


def test_a_sentence_of_its_own_between_ends_the_list() -> None:
    content = f"The following codes require M06.9.\n\nThat was last year.\n\nAnd it is so no more.\n\n{LIST}"
    assert not [s for s in everything(read(content)) if "supportedByDiagnosis" in s]


def test_listed_diagnoses_are_no_subjects() -> None:
    content = f"The following ICD-10 codes need modifier JZ.\n\n- M06.9 Rheumatoid arthritis\n\n{LIST}"
    assert not [s for s in everything(read(content)) if "acceptsModifier" in s]
