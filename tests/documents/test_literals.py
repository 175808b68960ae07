from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents.literals import DEEPEST, Literal, Record, Scalar, Series, Value, literals_in
from tests.steps import steps


def plain(value: Value) -> Any:
    """A value as Python has it, all scalars as text."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Series):
        return [plain(item) for item in value.values]
    return {key: plain(item) for key, item in value.pairs}


def read(source: str) -> list[Any]:
    return [plain(literal.value) for literal in literals_in(source)]


def named(source: str) -> list[str]:
    return [literal.name for literal in literals_in(source)]


def test_keys_and_texts_of_every_notation() -> None:
    source = (
        """const codes = [{ code: 'J1745', "drug name": "infliximab", 'unit': `10 mg`, price: 4_000.5 }, ] as const;"""
    )
    assert read(source) == [[{"code": "J1745", "drug name": "infliximab", "unit": "10 mg", "price": "4_000.5"}]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a \"b\" c"', 'a "b" c'), (r"'Crohn\'s'", "Crohn's"), (r'"\u00e9\x41\n."', "éA\n."),
        (r'"\ud83d\ude00"', "😀"), (r'"\ud83d."', "\ufffd."), ('"a" + \'b\'', "ab"), ('"a"\n "b"', "ab"),
        ("null", ""), ("None", ""), ("true", "true"), ("'J1745' as Code", "J1745"), ('"http://a.b/c"', "http://a.b/c"),
    ],
)  # fmt: skip
def test_what_a_value_says(text: str, value: str) -> None:
    assert read(f"[{{key: {text}}}]") == [[{"key": value}]]


def test_an_expression_has_no_value() -> None:
    assert read("x = {a: f(1), b: 'B', c: 1 + y, d: x ? 'y' : 'z'}") == []
    assert read("x = {a: f(1), b: 'B', c: price * 2}") == [{"b": "B"}]


def test_the_name_is_that_of_the_assignment() -> None:
    assert named("export const drugs: Drug[] = [{a: 1}]\nCODES = ['J1745']\nf({b: 2})") == ["drugs", "CODES", ""]


@pytest.mark.parametrize(
    "source",
    [
        "interface Drug { code: string; name: string }",
        "function f() { return 1 }",
        "import { Link, Router } from 'x'",
        "if (a) { b: c }; { d }",
        "[]",
        "{}",
        "",
        "a ] } ) b",
        "'[{a: 1}]'",
        "// [{a: 1}]\n/* {b: 2} */\n# [1]",
    ],
)
def test_a_program_says_nothing(source: str) -> None:
    assert [value for value in read(source) if value != {"b": "c"}] == []


def test_records_within_a_program_are_found() -> None:
    source = "function f() { const a = [{ code: 'J1745' }]; return <p style={{ color: 'red' }}>It's</p> }"
    assert read(source) == [[{"code": "J1745"}], {"color": "red"}]


def test_what_is_left_open_hides_nothing_before_it() -> None:
    assert read("const a = [ {code: 'J1745'}, {code: 'J3262'}, {code: ") == [{"code": "J1745"}, {"code": "J3262"}]
    assert read("( [ {a: '1'} )") == [{"a": "1"}]


def test_lines_are_those_of_the_source() -> None:
    (literal,) = literals_in("\n\nx = [\n {a: '1',\n  b: '2'}]")
    assert isinstance(literal.value, Series)
    (record,) = literal.value.values
    assert isinstance(record, Record)
    assert (literal.value.line, record.line, [value.line for _, value in record.pairs]) == (3, 4, [4, 5])


def test_what_is_nested_too_deep_is_not_read() -> None:
    assert read("[" * DEEPEST + "'J1745'" + "]" * DEEPEST) != []
    deep = "[" * 5000 + "'J1745'" + "]" * 5000
    assert all(len(str(value)) < 10 * DEEPEST for value in read(deep))


JSON = st.recursive(
    st.text() | st.integers(),
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.text(), inner, min_size=1),
    max_leaves=20,
)


@given(JSON.filter(lambda value: isinstance(value, list | dict)))
@settings(deadline=None)
def test_json_is_read_as_a_parser_of_json_reads_it(value: Any) -> None:
    def as_text(item: Any) -> Any:
        if isinstance(item, list):
            return [as_text(each) for each in item]
        if isinstance(item, dict):
            return {shown(key): as_text(each) for key, each in item.items()}
        return shown(str(item))

    def shown(text: str) -> str:
        return text.translate({9: " ", 13: None, 8: None, 12: " "})

    expected = as_text(value)
    for source in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert read(source) == [expected]


@pytest.mark.parametrize(
    "part", ["[", "{", "(", "]", "([1],", "{a:[", "'", '"', "`", "/*", "\\", "{a:'b'},", "a:", "[(]"]
)
def test_ten_times_the_source_takes_ten_times_the_steps(part: str) -> None:
    few, many = (steps(lambda n=n: literals_in(part * n)) for n in (300, 3000))
    assert many < 14 * few


def test_a_literal_says_where_it_stands() -> None:
    source = "const a = [1, 2];"
    (literal,) = literals_in(source)
    assert isinstance(literal, Literal)
    assert source[literal.start : literal.end] == "[1, 2]"
