"""What paragraphs tell: for which billing codes a list is, and whether it is all."""

from __future__ import annotations

import pytest

from kg.model import Code, Pairing
from kg.reference.coverage.words import complete, lists_beside, plain, refuses, services_of

DRUG, OTHER, GIVEN = (Code.parse(text) for text in ("J0897", "J3489", "96372"))
ONE = {1: [(DRUG, 2), (GIVEN, 3)]}
TWO = {1: [(DRUG, 2)], 2: [(OTHER, 3), (GIVEN, 4)]}


@pytest.mark.parametrize(
    ("words", "number", "services", "pairing", "codes"),
    [
        ("", 1, ONE, Pairing.ONLY_GROUP, (DRUG, GIVEN)),
        ("Use with care.", 3, ONE, Pairing.ONLY_GROUP, (DRUG, GIVEN)),
        ("", 2, TWO, Pairing.SAME_NUMBER, (OTHER, GIVEN)),
        ("", 3, TWO, Pairing.UNKNOWN, ()),
        ("", 1, {}, Pairing.UNKNOWN, ()),
        ("The following support J0897.", 2, TWO, Pairing.NAMED, (DRUG,)),
        ("For HCPCS codes J0897-J3490:", 2, TWO, Pairing.NAMED, (DRUG, OTHER)),
        ("For CPT 96300 through 96400", 1, TWO, Pairing.NAMED, (GIVEN,)),
        ("These support the CPT/HCPCS codes in Group 2.", 1, TWO, Pairing.NAMED, (OTHER, GIVEN)),
        ("Group 1 codes", 2, TWO, Pairing.NAMED, (DRUG,)),
        ("HCPCS code J0897 goes with the ICD-10-CM codes in Group 2 below.", 1, TWO, Pairing.NAMED, (DRUG,)),
        ("The diagnoses of Group 1 support the HCPCS codes in Group 2.", 1, TWO, Pairing.NAMED, (OTHER, GIVEN)),
        ("Group 2 diagnosis codes", 1, TWO, Pairing.SAME_NUMBER, (DRUG,)),
        ("For all codes except J0897.", 1, TWO, Pairing.UNKNOWN, ()),
        ("J0897 is not covered for these.", 1, TWO, Pairing.UNKNOWN, ()),
        ("For J3489, not J0897:", 1, TWO, Pairing.UNKNOWN, ()),
        ("Do not bill these with J0897.", 1, TWO, Pairing.UNKNOWN, ()),
        ("Kidney disease not on dialysis: for J3489.", 1, TWO, Pairing.NAMED, (OTHER,)),
        ("With EC (anemia not due to chemotherapy) on claims for J0897.", 2, TWO, Pairing.NAMED, (DRUG,)),
        ("This list does not assure coverage.\nFor J0897 use these.", 2, TWO, Pairing.NAMED, (DRUG,)),
        ("See A57778 and J1234.", 2, TWO, Pairing.SAME_NUMBER, (OTHER, GIVEN)),
    ],
)
def test_for_which_codes_a_list_is(words, number, services, pairing, codes) -> None:
    found, of_list = services_of(words, number, services)
    assert (found, tuple(code for code, _ in of_list)) == (pairing, codes)


@pytest.mark.parametrize(
    "words",
    [
        "All those not listed under the section above.",
        "Any diagnosis that is not listed above will be denied.",
        "ICD-10-CM codes other than those listed are noncovered.",
        "All other ICD-10-CM codes.",
        "Any not listed as covered",
        "Any diagnosis codes other than those listed in the covered codes of this policy will be denied.",
        "All ICD-10-CM codes not listed in this article under the codes that support medical necessity.",
    ],
)
def test_a_list_that_calls_itself_complete(words: str) -> None:
    assert complete(f"Report with care. {words}") == words


@pytest.mark.parametrize(
    "words",
    [
        "",
        "N/A",
        "The correct use of a code listed below does not assure coverage of a service.",
        "Codes are listed in numerical order.",
    ],
)
def test_a_list_that_does_not(words: str) -> None:
    assert complete(words) == ""


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain  words", "plain words"),
        ("<p>one</p><p>two <b>three</b></p>", "one\ntwo three"),
        ("a &amp;lt; b &sol; c", "a < b / c"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("x < y", "x < y"),
    ],
)
def test_text_of_a_cell(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("words", "lists"),
    [
        ("DUAL DIAGNOSIS NECESSARY FOR J0881 and J0885. Requires:", [1]),
        ("AND one of the following:", [1]),
        ("Secondary ICD-10-CM Codes", [1]),
        ("B35.1 must appear on each claim in addition to one of the other ICD-10-CM codes below.", [1]),
        ("At least one code from Group 1 and Group 2 must be billed.", [1, 2]),
        ("A diagnosis from Group 4 and one from Group 5 must be reported.", [1, 4, 5]),
        ("Both ICD-10 diagnoses must be on the claim with HCPCS Group 3 codes.", [1]),
        ("A code from Group 1 or from Group 2 is enough.", []),
        ("When reporting these, a secondary diagnosis codes is also required.", []),
        ("Report the code that is most specific.", []),
    ],
)
def test_lists_that_do_not_stand_alone(words: str, lists: list[int]) -> None:
    assert [number for _, number in lists_beside({("A1", 1): words})] == lists


def test_other_articles_are_not_spoken_of() -> None:
    assert list(lists_beside({("A1", 1): "Dual diagnoses are expected.", ("A2", 1): ""})) == [("A1", 1)]


@pytest.mark.parametrize(
    ("heading", "refused"),
    [
        ("Non-covered CPT/HCPCS Codes", True),
        ("The following codes are not reasonable and necessary:", True),
        ("For anemia in patients with ESRD (dialysis requiring)", False),
        ("Report J0897. " * 10 + "Waste is not covered.", False),
    ],
)
def test_a_group_of_codes_that_is_not_covered(heading: str, refused: bool) -> None:
    assert refuses(heading) is refused
