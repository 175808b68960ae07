"""What a document calls a code, and is written as none."""

from __future__ import annotations

import pytest

import kg


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("HCPCS J99999", "HCPCS Level II has a letter and four digits, and ICD-10-CM no J99.999; near: J9999"),
        ("HCPCS J32622", "HCPCS Level II has a letter and four digits, and ICD-10-CM no J32.622; near: J3262"),
        ("HCPCS J999", "HCPCS Level II has a letter and four digits, and ICD-10-CM no J99.9"),  # Near to many.
    ],
)
def test_it_is_a_finding_that_names_what_is_near(text: str, reason: str) -> None:
    [finding] = kg.check_text(f"Tocilizumab is billed under {text}, and not J3262.\n").findings
    assert (finding.check, finding.verdict.value) == ("no_such_code", "refuted")
    assert (finding.concept.key, finding.assertion.evidence.line) == (text.split()[1], 1)
    assert finding.reason == f"is no code: {reason}"
    assert finding.suggestion is None  # Near is not meant.


def test_a_diagnosis_code_is_held_against_its_own_release() -> None:
    [finding] = kg.check_text("Use ICD-10-CM code J99999 for it.\n").findings
    assert (finding.concept.curie, finding.reason) == ("icd10cm:J99.999", "no such code in ICD-10-CM April 2026")


def test_numbers_of_policies_are_none() -> None:
    checked = kg.check_text("J3262 is covered by HCPCS article A57778 and LCD L33394, see J12345.\n")
    assert not checked.findings
    assert [code.concept.key for code in checked.codes] == ["J3262"]
