"""Lists of codes and names that ran together in one paragraph."""

from __future__ import annotations

import pytest

from ..stating import about, objects, read

_DRUGS = (
    "J9312 Injection, rituximab, 10 mg Q5115 Injection, rituximab-abbs, biosimilar, 10 mg "
    "J3262 Injection, tocilizumab, 1 mg"
)


def test_each_entry_is_read_by_itself_and_cites_itself() -> None:
    found = read(f"# Codes\n\n{_DRUGS}\n")
    units = [a for a in found.assertions if a.relation == "billingUnit"]
    assert [(a.subject.key, a.object.key) for a in units] == [("J9312", "10-mg"), ("Q5115", "10-mg"), ("J3262", "1-mg")]
    assert units[1].evidence.quote == "Q5115 Injection, rituximab-abbs, biosimilar, 10 mg"


def test_the_name_of_the_next_entry_is_no_condition_of_the_one_before() -> None:
    found = about(
        "## Diagnoses\n\nM06.9 Rheumatoid arthritis M31.5, M31.6 Giant cell arteritis L40.50 Psoriatic arthritis\n"
    )
    diagnoses = [a for a in found.assertions if a.relation == "supportedByDiagnosis"]
    assert [(a.object.key, a.condition) for a in diagnoses] == [
        ("M06.9", ""),
        ("M31.5", ""),
        ("M31.6", ""),
        ("L40.50", ""),
    ]


def test_the_lines_of_entries_are_counted_from_the_paragraph_on() -> None:
    found = read("# Codes\n\nM06.9 Rheumatoid arthritis M31.6\nGiant cell arteritis\n", "codes.txt")
    assert [leftover.line for leftover in found.leftovers] == [3, 3]


@pytest.mark.parametrize(
    "line",
    [
        "M06.9 Rheumatoid arthritis with M31.6 Giant cell arteritis",  # One leads on to the next.
        "J9312 Rituximab is covered J3262 Tocilizumab is covered J0129 Abatacept is not",
        "J9312 Rituximab, J3262 Tocilizumab, J0129 Abatacept",
        "J9312 Rituximab M06.9 Rheumatoid arthritis J3262 Tocilizumab",
    ],
)
def test_a_sentence_or_an_enumeration_stays_whole(line: str) -> None:
    found = read(f"# Codes\n\n{line}\n")
    quotes = {a.evidence.quote for a in found.assertions}
    assert quotes <= {line}


def test_nothing_of_a_diagnosis_is_lost() -> None:
    found = about("## Diagnoses\n\nM06.9 Rheumatoid arthritis M31.6 Giant cell arteritis\n")
    assert objects(found, "supportedByDiagnosis") == ["icd10cm:M06.9", "icd10cm:M31.6"]
    assert found.tokens.total == found.tokens.evidence + found.tokens.leftover == 3
