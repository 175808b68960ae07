from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.text.tokens import find_tokens

SHAPES = st.one_of(
    st.from_regex(r"[A-V][0-9]{4}", fullmatch=True),
    st.from_regex(r"[A-Z][0-9][0-9AB]\.[0-9A-Z]{1,4}", fullmatch=True),
    st.from_regex(r"[0-9]{3}[0-9A-Z]{6}X", fullmatch=True),
    st.from_regex(r"[0-9]{5}-[0-9]{4}-[0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{4}[0-9F]|0[0-9]{3}[TU]|00[0-9]{2}M", fullmatch=True),
)


def codes(text: str) -> list[str | None]:
    return [token.code and token.code.curie for token in find_tokens(text)]


def test_every_shape_of_code_is_seen() -> None:
    text = "J3262, 96413; M06.9 (207RR0500X) 50242-136-01 and 50242013601. 0001F/0361T G35"
    assert codes(text) == [
        "hcpcs:J3262", "cpt:96413", "icd10cm:M06.9", "nucc:207RR0500X", "ndc:50242-0136-01", "ndc:50242-0136-01",
        "cpt:0001F", "cpt:0361T", "icd10cm:G35",
    ]  # fmt: skip


@given(
    SHAPES,
    st.sampled_from([" ", ", ", "|", "\n", "(", "/", ":", "**", "“"]),
    st.sampled_from([" ", ".", ",", "|", ")"]),
)
def test_every_code_is_a_token_wherever_it_stands(code: str, before: str, after: str) -> None:
    text = f"Use{before}{code}{after} here"
    assert [text[token.start : token.end] for token in find_tokens(text)] == [code]


@pytest.mark.parametrize(
    "text",
    ["call 800-555-12345", "$12345", "PO Box 12345", "90210 patients", "12345 mg", "ZIP 90210",
     "more than 10000 claims", "vitamin B12", "stage T80", "12345 Main Street"],
)  # fmt: skip
def test_numbers_that_are_no_codes_stay_out(text: str) -> None:
    assert [code for code in codes(text) if code] == []


@pytest.mark.parametrize(
    "code", ["00100", "01999", "10004", "69990", "70010", "79999", "80047", "89398", "90281", "99607"]
)
def test_the_sections_of_cpt_reach_from_their_first_number_to_their_last(code: str) -> None:
    assert codes(f"Bill {code} for it") == [f"cpt:{code}"]


@pytest.mark.parametrize("number", ["00099", "02000", "10003", "69991", "70009", "80046", "89399", "90280", "99608"])
def test_what_lies_between_the_sections_of_cpt_is_no_code(number: str) -> None:
    assert codes(f"Bill {number} for it") == [None]


@pytest.mark.parametrize(
    "text", ["XJ3262", "J326222222", "3J3262", "J3262a", "1.96413", "ab96413", "user@J3262", "a1c", "b12"]
)
def test_codes_do_not_hide_within_words(text: str) -> None:
    assert codes(text) == []


def test_m_and_four_digits_is_a_diagnosis_where_hcpcs_holds_nothing() -> None:
    assert codes("M1003 or M0579 or M3160") == ["hcpcs:M1003", "hcpcs:M0579", "icd10cm:M31.60"]


def test_small_letters_are_read_but_not_for_bare_diagnoses() -> None:
    assert codes("j3262, m06.9 and 207rr0500x") == ["hcpcs:J3262", "icd10cm:M06.9", "nucc:207RR0500X"]


@given(st.text(max_size=60))
def test_tokens_come_in_order_and_do_not_overlap(text: str) -> None:
    end = 0
    for token in find_tokens(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end


@pytest.mark.parametrize(
    "text",
    [
        "S0190-9622(19)",
        "PH-J0482-11",
        "(Rev. 11426, 05-20-22)",
        "LOINC 18741-9",
        "18741-9 is a note",
        "J. CLAYTON D.C. (12053)",
    ],
)
def test_numbers_of_journals_terms_revisions_and_persons_are_no_codes(text: str) -> None:
    assert [token.code for token in find_tokens(text)] == [None]


def test_a_heading_that_ends_with_form_numbers_nothing_below_it() -> None:
    tokens = find_tokens("Which code for which form\n\nJ3358 is reported".replace("\n", " "))
    assert [token.code and token.code.value for token in tokens] == ["J3358"]


@pytest.mark.parametrize(
    ("text", "is_code"),
    [
        ("The codes of this policy:\nJ9035 bevacizumab", True),
        ("Related to this bulletin:\n\n  J9035", True),
        ("Policy number:\nJ9035", False),
        ("Policy: J9035", False),
        ("Policy J9035", False),
    ],
)
def test_a_code_below_a_line_that_ends_with_a_policy_is_not_its_number(text: str, is_code: bool) -> None:
    assert [token.code is not None for token in find_tokens(text)] == [is_code]
