"""What is called a code and has the form of none."""

from __future__ import annotations

import pytest

from kg.documents import parse
from kg.extraction import extract
from kg.extraction.miswritten import UNKNOWN_DIAGNOSIS, WRITTEN_AS_NONE


def reasons(text: str, name: str = "note.md") -> dict[str, str]:
    """The reason of each leftover token that is no code of any system."""
    extraction = extract(parse(text.encode(), name))
    return {left.text: left.reason for left in extraction.leftovers if left.what == "token" and left.text in text}


@pytest.mark.parametrize(
    "text",
    [
        "Tocilizumab is billed under HCPCS J99999, with 96413.",  # In the words of a statement about others.
        "It is billed under J99999.",
        "HCPCS Code: `J99999`",
        "The code for tocilizumab is J99999.",
        "HCPCS codes J3262 (tocilizumab), J99999",
        "J3262, J99999 and J1745",
        "Use tocilizumab (J99999) here.",
        "| HCPCS | Drug |\n|---|---|\n| J99999 | tocilizumab |",
        "| HCPCS Code | J99999 |\n|---|---|\n| Drug | tocilizumab |",
        "| Code | Drug |\n|---|---|\n| J99999 | tocilizumab |\n| J3262 | tocilizumab |",
        "HCPCS codes:\n\n- J9999: other\n- J99999: tocilizumab",
        "- J99999: tocilizumab\n- J3262: tocilizumab",
    ],
)
def test_what_is_called_a_code_is_named_with_its_reason(text: str) -> None:
    assert reasons(f"# Notes\n\n{text}\n")["J99999"] == WRITTEN_AS_NONE
    assert reasons(f"# Notes\n\n{text}\n".replace("J99999", "J888"))["J888"] == WRITTEN_AS_NONE


def test_a_diagnosis_is_called_one() -> None:
    assert reasons("ICD-10-CM code J99999\n")["J99999"] == UNKNOWN_DIAGNOSIS
    assert reasons("| Diagnosis code | Why |\n|---|---|\n| J999 | x |\n")["J999"] == UNKNOWN_DIAGNOSIS


@pytest.mark.parametrize(
    "text",
    [
        "See J99999.",
        "See A57778, L33394 and J3262.",
        "Article J99999, policy J88888, HCPCS J3262.",
        "HCPCS codes are in article A57778.",
        "| HCPCS | Article |\n|---|---|\n| J3262 | J99999 |",
        "| Code | Meaning |\n|---|---|\n| N130 | Consult the contract |\n| M123 | Missing name |",  # Remark codes.
        "| Policy | HCPCS |\n|---|---|\n| J99999 | J3262 |",
        "| ICD-10-PCS | Name |\n|---|---|\n| B2151ZZ | Fluoroscopy |",
        "Lot J99999, HCPCS J3262.",
        "Cytochrome P450, C34.9, revenue code 0636, DRG 470, NDC 50242-0135-01, call 800-555-1234.",
        "HCPCS J99999-78 is our policy.",
        "Iodine (I125) serum albumin, HCPCS A9532",
    ],
)
def test_what_nothing_calls_a_code_is_not_accused(text: str) -> None:
    assert not {WRITTEN_AS_NONE, UNKNOWN_DIAGNOSIS} & set(reasons(f"# Notes\n\n{text}\n").values())


def test_the_counts_add_up() -> None:
    extraction = extract(parse(b"# J3262\n\nTocilizumab is given with 96413 and HCPCS J99999.\n", "note.md"))
    tokens = extraction.tokens
    assert tokens.total == tokens.evidence + tokens.leftover
    assert [left.text for left in extraction.leftovers if left.reason == WRITTEN_AS_NONE] == ["J99999"]


def test_what_is_a_reference_stays_one() -> None:
    assert WRITTEN_AS_NONE not in reasons("# Drug\n\n## References\n\n1. Smith A. HCPCS J99999. 2020.\n").values()
