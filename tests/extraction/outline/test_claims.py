"""Sections that tell of one claim."""

from __future__ import annotations

import json

import pytest

from ..stating import objects, read

RULE = {"hcpcs": "J1745", "diagnoses": ["K50.90"]}
CLAIM = {
    "cpt_codes": ["J3262"],
    "diagnoses": ["M81.0"],
    "letter": "Dear provider,\n\nClaim number: A-1\nMember ID: X12\n\n" + 9 * "Denied. " + 9 * "Sorry. ",
}


def test_what_holds_a_claim_in_json_states_nothing() -> None:
    found = read(json.dumps({"rules": [RULE], "letters": [CLAIM | {"id": "L1"}, CLAIM | {"id": "L2"}]}), "rules.json")
    assert {a.subject.key for a in found.assertions} == {"J1745"}
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J1745") == ["icd10cm:K50.90"]


@pytest.mark.parametrize("label", ["Claim number", "**Member ID**", "Subscriber ID", "Patient ID", "Claim Reference"])
def test_a_section_with_the_number_of_a_claim_states_nothing(label: str) -> None:
    found = read(f"# J1745 infliximab\n\n## Diagnoses\n\nK50.90\n\n## Sample\n\n{label}: 123-A\n\nDiagnoses: M81.0\n")
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J1745") == ["icd10cm:K50.90"]


@pytest.mark.parametrize(
    "line", ["Claim number: as on the notice", "Claim numbers have 10 digits", "Authorization: 123"]
)
def test_a_form_tells_of_no_claim(line: str) -> None:
    found = read(f"# J1745 infliximab\n\n## Appeals\n\n{line}\n\nDiagnoses: M81.0\n")
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J1745") == ["icd10cm:M81.0"]


def test_the_title_has_no_claim() -> None:
    found = read("# J1745 infliximab\n\nClaim number: 123\n\nDiagnoses: M81.0\n")
    assert objects(found, "supportedByDiagnosis", subject="hcpcs:J1745") == ["icd10cm:M81.0"]
