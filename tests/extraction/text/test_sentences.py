"""Where sentences and clauses end, and which part of a clause is its main one."""

from __future__ import annotations

import pytest

from kg.extraction.text.sentences import clauses, main_spans, sentences, split_list


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "short",
    ["e.g.", "i.e.", "vs.", "Dr.", "No.", "Nos.", "approx.", "incl.", "etc.", "cf.", "Fig.", "max.", "min.", "U.S.",
     "i.v.", "s.c.", "pt.", "inj.", "ext.", "Jan.", "Sept.", "Dec.", "J."],
)  # fmt: skip
def test_a_short_form_ends_no_sentence(short: str) -> None:
    assert pieces(f"Bill it, {short} Medicare pays. Next one.") == [f"Bill it, {short} Medicare pays.", "Next one."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ('He said "one." Two (three.) Four.', ['He said "one."', "Two (three.)", "Four."]),
        ("M06.9 is one. 96413 is two.", ["M06.9 is one.", "96413 is two."]),
        ("one. two", ["one. two"]),
        ("  ", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_sentence_that_runs_on_for_pages_is_cut_between_words() -> None:
    text = "word, " * 2000
    assert max(map(len, pieces(text))) <= 2000
    assert all(piece.startswith("word") for piece in pieces(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use jz; never lt", ["use jz", "never lt"]),
        ("use jz - never lt", ["use jz", "never lt"]),
        ("use jz — never lt", ["use jz", "never lt"]),
        ("use jz but not lt", ["use jz", "not lt"]),
        ("all but j0129 are paid", ["all but j0129 are paid"]),
        ("use jz, never lt", ["use jz", "never lt"]),
        ("jz is paid while lt is not", ["jz is paid", "while lt is not"]),
        (
            "use 96413 when given by vein, and 96372 when by skin",
            ["use 96413 when given by vein", "96372 when by skin"],
        ),
        ("m06.9 is paid, and m31.6 is not", ["m06.9 is paid", "m31.6 is not"]),
        ("m06.9 or m31.6 is not paid", ["m06.9 or m31.6 is not paid"]),
        ("neither 96409 nor 96411 is paid", ["neither 96409 nor 96411 is paid"]),
        ("it has a form, which is long", ["it has a form", "which is long"]),
        ("jw is required, jz may be used", ["jw is required", "jz may be used"]),
    ],
)
def test_what_sets_clauses_apart(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in clauses(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("append it", ["append it"]),
        ("append it when it is due", ["append it "]),
        ("if it is due, append it", [" append it"]),
        ("append it if desired", ["append it if desired"]),
        ("append it unless it is due and report it", ["append it ", "report it"]),
        ("append it once, until it is due, or not", ["append it ", " ", " or not"]),
        ("when it is due", []),
    ],
)
def test_the_main_part_of_a_clause_is_outside_of_its_conditions(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in main_spans(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a, b and c", ["a", "b", "c"]),
        ("a (b, c), d", ["a (b, c)", "d"]),
        ("the start and stop times", ["the start and stop times"]),
        ("the dose and the route", ["the dose", "the route"]),
        ("a, b as well as c", ["a", "b", "c"]),
        ("a", ["a"]),
        ("", []),
    ],
)
def test_the_items_of_a_list_in_words(text: str, expected: list[str]) -> None:
    assert split_list(text) == expected
