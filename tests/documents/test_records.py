from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Document, parse
from kg.documents.records import is_json
from kg.errors import DocumentError

from .reading import blocks, rows
from .test_any_document import hold


def read(value: Any, name: str = "rules.json") -> Document:
    return parse((value if isinstance(value, str) else json.dumps(value)).encode(), name)


def test_a_list_of_records_is_a_table_with_its_keys_as_headers() -> None:
    document = read([{"hcpcsCode": "J1745", "billing_unit": "10 mg"}, {"hcpcsCode": "J3262", "notes": ["JZ", "JW"]}])
    assert rows(document) == [
        ["hcpcs code", "billing unit", "notes"],
        ["J1745", "10 mg", ""],
        ["J3262", "", "JZ, JW"],
    ]
    assert document.format == "json"


def test_headers_and_rows_are_a_table() -> None:
    document = read({"units": {"headers": ["Code", "Unit"], "rows": [["J1745", "10 mg"], ["J3262", "1 mg"]]}})
    assert rows(document) == [["Code", "Unit"], ["J1745", "10 mg"], ["J3262", "1 mg"]]
    assert [block.kind.value for block in document.blocks] == ["heading", "header", "row", "row"]
    assert rows(read({"units": [["J1745", "10 mg"], ["J3262", "1 mg"]]})) == [["J1745", "10 mg"], ["J3262", "1 mg"]]


def test_records_under_their_codes_are_rows_as_well() -> None:
    assert rows(read({"J1745": {"drug": "infliximab"}, "J3262": {"drug": "tocilizumab"}})) == [
        ["code", "drug"],
        ["J1745", "infliximab"],
        ["J3262", "tocilizumab"],
    ]
    assert rows(read({"Remicade": {"hcpcs": "J1745"}, "Actemra": {"hcpcs": "J3262"}}))[0] == ["name", "hcpcs"]


def test_a_record_that_holds_lists_is_a_section() -> None:
    document = read(
        {
            "payer": "Aetna",
            "policies": [
                {
                    "drug": "infliximab",
                    "hcpcs": "J1745",
                    "diagnoses": [{"code": "K50.90", "name": "Crohn's"}],
                    "end": "x",
                }
            ],
        }
    )
    assert blocks(document) == [
        ("paragraph", "payer: Aetna"),
        ("heading", "policies"),
        ("heading", "infliximab"),
        ("paragraph", "hcpcs: J1745"),
        ("heading", "diagnoses"),
        ("header", "code | name"),
        ("row", "K50.90 | Crohn's"),
        ("paragraph", "end: x"),
    ]
    assert document.blocks[-1].section == ("policies", "infliximab")


def test_a_section_under_a_code_is_headed_by_code_and_name() -> None:
    document = read({"J1745": {"name": "infliximab", "icd10": {"supported": ["K50.90"], "notSupported": ["M79.7"]}}})
    assert blocks(document) == [
        ("heading", "J1745: infliximab"),
        ("heading", "icd10"),
        ("paragraph", "supported: K50.90"),
        ("paragraph", "not supported: M79.7"),
    ]


def test_lists_of_sentences_are_lists() -> None:
    document = read({"criteria": ["Age 18 or older, and able to consent", "Failed methotrexate"], "notes": ["a", "b"]})
    assert blocks(document) == [
        ("heading", "criteria"),
        ("item", "Age 18 or older, and able to consent"),
        ("item", "Failed methotrexate"),
        ("paragraph", "notes: a, b"),
    ]


def test_texts_lose_the_marks_of_pages() -> None:
    document = read(
        {"text": "<b>J1745</b> for Crohn&#39;s &amp; colitis.<br>Append JZ.", "title": "Remicade<sup>&reg;</sup>"}
    )
    assert document.text == "Remicade®\nJ1745 for Crohn's & colitis. Append JZ."


def test_a_text_of_several_lines_is_a_document_of_its_own() -> None:
    text = "Covered when:\n\n- Age 18 or older\n- Failed methotrexate\n\n## Codes\n\n"
    text += "| Code | Unit |\n|---|---|\n| J1745 | 10 mg |"
    document = read({"title": "Remicade", "content": text})
    assert blocks(document) == [
        ("heading", "Remicade"),
        ("heading", "Covered when:"),
        ("item", "Age 18 or older"),
        ("item", "Failed methotrexate"),
        ("heading", "Codes"),
        ("header", "Code | Unit"),
        ("row", "J1745 | 10 mg"),
    ]


def test_texts_in_brackets_are_joined() -> None:
    source = "RULES = [{'code': 'J1745', 'note': ('Append JZ ' 'or JW.')}, {'code': 'J3262', 'note': \"\"\"None\"\"\"}]"
    document = read(source, "rules")
    assert rows(document) == [["code", "note"], ["J1745", "Append JZ or JW."], ["J3262", "None"]]


def test_lines_of_json_are_one_table() -> None:
    lines = '{"code": "J1745", "unit": "10 mg"}\n{"code": "J3262", "unit": "1 mg"}\n'
    document = read(lines, "rules.jsonl")
    assert rows(document) == [["code", "unit"], ["J1745", "10 mg"], ["J3262", "1 mg"]]
    assert [(block.line, block.row) for block in document.blocks] == [(1, 0), (1, 1), (2, 2)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1', "rules.json:1: no JSON: Expecting ',' delimiter"),
        ('{"a": 1}\n\nsee above', "rules.json:3: no JSON: Extra data"),
        ('"J1745"', "rules.json:1: no records: neither keys nor a list"),
        ("[]", "rules.json:1: no records: neither keys nor a list"),
        ("[" * 100_000, "rules.json: JSON that is nested too deep"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(content: str, message: str) -> None:
    with pytest.raises(DocumentError) as error:
        read(content)
    assert str(error.value) == message


def test_json_is_known_by_its_looks() -> None:
    assert read('{"code": "J1745", "unit": "10 mg"}', "-").format == "json"
    assert read("[J1745] is infliximab.", "-").format == "text"
    assert is_json('{"code": "J1745"}\n{"code": "J3262"}\n')
    assert not is_json("{J1745}: infliximab {10 mg}")


PROGRAM = """import x from "y";

const drugs: Drug[] = [
  { code: "J1745", name: "infliximab" },
  { code: "J3262", name: "tocilizumab" },
];

const colours = {
  primary: "#fff",
  second: "#000",
};

export default function Page() {
  return render(drugs);
}
"""


def test_the_records_of_a_program_are_read_and_the_rest_is_left_out() -> None:
    document = read(PROGRAM, "page.ts")
    assert document.format == "program"
    assert rows(document) == [["code", "name"], ["J1745", "infliximab"], ["J3262", "tocilizumab"]]
    assert [block.omitted for block in document.blocks if block.kind.value == "navigation"] == ["program text"] * 10
    assert [block.line for block in document.blocks if block.cells] == [4, 4, 5]
    assert document.blocks[-1].line == 15


def test_a_program_without_codes_is_left_out_as_it_is() -> None:
    document = read(PROGRAM.replace("J", "K-"), "page.ts")
    assert document.format == "text"
    assert {block.kind.value for block in document.blocks} == {"navigation"}


VALUES = st.recursive(
    st.text(max_size=8) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["code", "name", "J1745", "a", ""]), inner),
)


@given(VALUES)
@settings(deadline=None)
def test_any_json_is_a_document_or_an_error_in_one_line(value: Any) -> None:
    try:
        document = read(value)
    except DocumentError as error:
        assert str(error).startswith("rules.json")
        assert "\n" not in str(error)
    else:
        hold(document)
        assert all(block.line == 1 for block in document.blocks)


def test_a_module_in_python_is_a_program_however_long_its_words_are() -> None:
    words = '"""\n' + "What this module is for is told at length, line after line, as good modules do.\n" * 12 + '"""\n'
    imports = "import re\n\nfrom rules import Claim\n\n"
    known = "KNOWN = {\n    'J1100': 'dexamethasone, 1 mg',\n}\n\n\n"
    module = f"{words}{imports}{known}def known(code):\n    return {{code}} & KNOWN.keys()\n"
    assert parse(module.encode(), "rules.txt").format == "program"
    note = f"## A note\n\n{module}"
    assert parse(note.encode(), "rules.txt").format == "text"
