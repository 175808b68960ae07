from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import MalformedCode
from kg.model import Code, CodeSystem

VALUES = st.one_of(
    st.from_regex(r"hcpcs:[A-V][0-9]{4}", fullmatch=True),
    st.from_regex(r"cpt:[0-9]{4}[0-9FTUM]", fullmatch=True),
    st.from_regex(r"icd10cm:[A-Z][0-9][0-9AB](\.[0-9A-Z]{1,4})?", fullmatch=True),
    st.from_regex(r"nucc:[0-9]{3}[0-9A-Z]{6}X", fullmatch=True),
    st.from_regex(r"modifier:[0-9A-Z]{2}", fullmatch=True),
    st.from_regex(r"ndc:[0-9]{5}-[0-9]{4}-[0-9]{2}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("typed", "curie"),
    [
        ("J3262", "hcpcs:J3262"),
        ("j3262", "hcpcs:J3262"),
        ("  J3262\n", "hcpcs:J3262"),
        ("J 3262", "hcpcs:J3262"),
        ("J\u200b3262", "hcpcs:J3262"),
        ("\ufeffJ3262", "hcpcs:J3262"),
        ("J3262\u200e", "hcpcs:J3262"),
        ("96413", "cpt:96413"),
        ("0001a", "cpt:0001A"),
        ("0001f", "cpt:0001F"),
        ("0361T", "cpt:0361T"),
        ("M05.79", "icd10cm:M05.79"),
        ("m05.79", "icd10cm:M05.79"),
        ("M0579", "icd10cm:M05.79"),
        ("M05.\u00a079", "icd10cm:M05.79"),
        ("M06", "icd10cm:M06"),
        ("t80.90xa", "icd10cm:T80.90XA"),
        ("C7A.00", "icd10cm:C7A.00"),
        ("U07.1", "icd10cm:U07.1"),
        ("QA0.1", "icd10cm:QA0.1"),
        ("207rr0500x", "nucc:207RR0500X"),
        ("207RR\u00ad0500X", "nucc:207RR0500X"),
    ],
)
def test_what_people_type_is_one_code(typed: str, curie: str) -> None:
    assert Code.parse(typed).curie == curie


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("50242-0136-01", "50242-0136-01"),
        ("50242013601", "50242-0136-01"),
        ("50242-136-01", "50242-0136-01"),
        ("0002-1433-80", "00002-1433-80"),
        ("50242-0136-1", "50242-0136-01"),
        ("50242\u20130136\u201301", "50242-0136-01"),
        ("50242\u20110136\u201101", "50242-0136-01"),
        ("50242\u00a0-\u00a00136 - 01", "50242-0136-01"),
    ],
)
def test_ndc_of_ten_digits_becomes_that_of_eleven(typed: str, value: str) -> None:
    assert Code.parse(typed) == Code(CodeSystem.NDC, value)


@pytest.mark.parametrize("typed", ["5024213601", "502-42136-01", "502420-136-01", "50242-13-01", "50242-0136-013"])
def test_ten_digits_whose_shape_is_unknown_are_no_ndc(typed: str) -> None:
    with pytest.raises(MalformedCode, match=typed):
        Code.parse(typed, CodeSystem.NDC)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "A",
        "J3",
        "J326222222",
        "ZZ123",
        "M05.",
        "M05.79.1",
        "M05.79123",
        "1234",
        "123456",
        "tocilizumab",
        "-",
        "J3262 M06.9",
        "207RR0500",
        "207RR0500Y",
        "٩٦٤١٣",
        "J٣٢٦٢",
        "é3262",
        "code:J3262",
        "96413-59",
    ],
)
def test_what_no_system_accepts_is_refused_with_the_value(typed: str) -> None:
    with pytest.raises(MalformedCode) as error:
        Code.parse(typed)
    assert str(error.value) == f"not a code of any system: {typed!r}"


@pytest.mark.parametrize(
    ("typed", "system", "message"),
    [
        ("96413", CodeSystem.HCPCS, "not a HCPCS Level II code: '96413'"),
        ("J3262", CodeSystem.CPT, "not a CPT code: 'J3262'"),
        ("5", CodeSystem.MODIFIER, "not a modifier code: '5'"),
        ("JWX", CodeSystem.MODIFIER, "not a modifier code: 'JWX'"),
        ("M06.9", CodeSystem.NUCC, "not a NUCC taxonomy code: 'M06.9'"),
    ],
)
def test_the_system_asked_for_is_named_when_it_refuses(typed: str, system: CodeSystem, message: str) -> None:
    with pytest.raises(MalformedCode) as error:
        Code.parse(typed, system)
    assert str(error.value) == message


@pytest.mark.parametrize("typed", ["59", "JW", "25", "RT"])
def test_two_characters_are_a_modifier_only_where_the_context_says_so(typed: str) -> None:
    with pytest.raises(MalformedCode, match=typed):
        Code.parse(typed)
    assert Code.parse(typed, CodeSystem.MODIFIER).curie == f"modifier:{typed}"
    assert Code.parse(f"modifier:{typed.lower()}").curie == f"modifier:{typed}"


def test_a_prefix_decides_the_system() -> None:
    assert Code.parse("ICD10CM: j3262").curie == "icd10cm:J32.62"
    assert Code.parse("hcpcs:m0579").curie == "hcpcs:M0579"
    with pytest.raises(MalformedCode, match=r"not a HCPCS Level II code: 'M05\.79'"):
        Code.parse("hcpcs:M05.79")


@pytest.mark.parametrize(
    ("typed", "curies"),
    [
        ("J3262", ["hcpcs:J3262", "icd10cm:J32.62"]),
        ("G0463", ["hcpcs:G0463", "icd10cm:G04.63"]),
        ("M0579", ["icd10cm:M05.79", "hcpcs:M0579"]),
        ("M1003", ["icd10cm:M10.03", "hcpcs:M1003"]),
        ("J3262.", []),
        ("96413", ["cpt:96413"]),
        ("M05.79", ["icd10cm:M05.79"]),
        ("59", []),
    ],
)
def test_readings_of_a_bare_string_come_likeliest_first(typed: str, curies: list[str]) -> None:
    assert [code.curie for code in Code.readings(typed)] == curies


@given(VALUES)
def test_a_curie_reads_as_the_code_it_names(curie: str) -> None:
    code = Code.parse(curie)
    assert code.curie == curie
    assert Code.parse(curie.lower()) == Code.parse(f" {curie} ") == code


@given(st.text(max_size=16))
def test_any_text_is_a_code_in_normal_form_or_refused_with_the_value(text: str) -> None:
    try:
        code = Code.parse(text)
    except MalformedCode as error:
        assert repr(text) in str(error) or repr(text.strip().partition(":")[2]) in str(error)
    else:
        assert Code.parse(code.curie) == code
        assert code.value.isascii()
        assert code.value == code.value.upper().strip()


def test_each_system_has_a_noun_for_people() -> None:
    assert {system.noun for system in CodeSystem} == {
        "HCPCS Level II", "CPT", "ICD-10-CM", "NUCC taxonomy", "modifier", "NDC", "CMS place-of-service",
        "CARC", "RARC",
    }  # fmt: skip
