from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import Document, parse
from kg.errors import DocumentError

from .reading import blocks, rows
from .test_any_document import hold


def read(content: str, name: str = "rules.yaml") -> Document:
    return parse(content.encode(), name)


def test_keys_are_labels_and_lists_of_records_are_tables() -> None:
    document = read("payer: Aetna\ncodes:\n  - {code: J1745, unit: 10 mg}\n  - code: J3262\n    unit: 1 mg\n")
    assert blocks(document)[:2] == [("paragraph", "payer: Aetna"), ("heading", "codes")]
    assert rows(document) == [["code", "unit"], ["J1745", "10 mg"], ["J3262", "1 mg"]]
    assert document.format == "yaml"
    assert [block.line for block in document.blocks] == [1, 3, 3, 3, 4]


def test_values_are_read_as_they_are_written() -> None:
    document = read("title: A\nhcpcs: J1745\nnone: ~\nunit: 'null'\nlong: >\n  two\n  lines\n", "a.yml")
    assert blocks(document) == [
        ("heading", "A"),
        ("paragraph", "hcpcs: J1745"),
        ("paragraph", "unit: null"),
        ("paragraph", "long: two lines"),
    ]


def test_comments_are_left_out_with_their_reason_and_nothing_else_is() -> None:
    document = read('# J9999 was before\na: "J1745 # 1"  # J8888\nb: x#J3262\ntitle: A\n')
    omitted = [
        (block.line, block.omitted, document.text[block.start : block.end])
        for block in document.blocks
        if block.omitted
    ]
    assert omitted == [(1, "comment", "J9999 was before"), (2, "comment", "J8888")]
    assert [text for kind, text in blocks(document) if kind == "paragraph"] == ["a: J1745 # 1", "b: x#J3262"]


def test_documents_in_a_file_are_each_about_their_own() -> None:
    assert rows(read("hcpcs: J1745\nunit: 10 mg\n---\nhcpcs: J3262\nunit: 1 mg\n")) == [
        ["hcpcs", "unit"],
        ["J1745", "10 mg"],
        ["J3262", "1 mg"],
    ]


def test_what_is_referred_to_is_not_repeated() -> None:
    bomb = "a: &a [J1745, J1745]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    assert read(bomb).text.count("J1745") == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [1, 2\nb: 3", "rules.yaml:2: no YAML: did not find expected ',' or ']'"),
        ("a: b: c", "rules.yaml:1: no YAML: mapping values are not allowed in this context"),
        ("J1745", "rules.yaml:1: no records: neither keys nor a list"),
        ("- " * 100 + "a", "rules.yaml:1: YAML that is nested too deep"),
        ("a:\n - " + "[" * 100_000, "rules.yaml:2: YAML that is nested too deep"),
        ("- !!python/object/apply:os.system [echo]\n- {: x", "rules.yaml:2: no YAML:"),
    ],
)
def test_what_is_no_yaml_is_refused_in_one_line(content: str, message: str) -> None:
    with pytest.raises(DocumentError) as error:
        read(content)
    assert str(error.value).startswith(message)


def test_a_tag_of_a_program_runs_nothing() -> None:
    assert blocks(read("code: !!python/name:os.system J1745\n")) == [("paragraph", "code: J1745")]


@given(st.text(st.sampled_from("ab:-[]{}#&*!|>'\" \nJ1745"), max_size=60))
def test_whatever_is_written_is_read_or_refused(content: str) -> None:
    try:
        document = read(content)
    except DocumentError:
        return
    hold(document)
