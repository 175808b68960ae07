"""The codes of a text: ranges and wildcards, glued and invisible marks, and numbers that are no codes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import parse
from kg.extraction.text import diagnoses
from kg.extraction.text.ranges import find_ranges
from kg.extraction.text.text import Text, plain
from kg.extraction.text.tokens import find_tokens
from kg.resources import table


def codes(content: str) -> list[tuple[str, list[str]]]:
    """The codes of a text as they are written, and what each stands for."""
    text = Text(parse(f"{content}\n".encode(), "a.md"))
    return [(text.document.text[s.start : s.end], [code.value for code in s.codes]) for s in text.codes]


# Ranges.

CROHN = ["K50.00", "K50.011", "K50.012"]


@pytest.mark.parametrize("joined", ["-", " to ", " – ", " thru ", " through ", " TO ", " to and including ", " to\n"])
def test_a_range_stands_for_all_billable_codes_between_its_ends(joined: str) -> None:
    written = f"K50.00{joined}K50.012"
    assert codes(f"Use {written} here.") == [(written, CROHN)]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("M06.9-M05.79", [("M06.9", ["M06.9"]), ("M05.79", ["M05.79"])]),
        ("M06.9 - J3262", [("M06.9", ["M06.9"]), ("J3262", ["J3262"])]),
        ("M06.9-M06.9", [("M06.9", ["M06.9"]), ("M06.9", ["M06.9"])]),
        ("K50.00, K50.012", [("K50.00", ["K50.00"]), ("K50.012", ["K50.012"])]),
        ("- K50.00\n- K50.012", [("K50.00", ["K50.00"]), ("K50.012", ["K50.012"])]),
        ("J3262-J3264", [("J3262-J3264", ["J3262", "J3264"])]),
        ("96413-96415", [("96413-96415", ["96413", "96415"])]),
        ("J0100-J9999", [("J0100-J9999", [])]),
        ("A00-Z99", [("A00-Z99", [])]),
        ("C18-C20", [("C18-C20", [f"C18.{n}" for n in range(10)] + ["C19", "C20"])]),
    ],
)
def test_what_is_a_range_and_what_only_looks_like_one(written: str, found: list[tuple[str, list[str]]]) -> None:
    assert codes(written) == found


@pytest.mark.parametrize("written", ["J18.x", "J18.X", "J18X", "J18.-", "J18-", "J18 codes", "J18 family"])
def test_a_wildcard_stands_for_all_billable_codes_below(written: str) -> None:
    assert codes(f"Use {written}, please.") == [(written, ["J18.0", "J18.1", "J18.2", "J18.8", "J18.9"])]


def test_a_wildcard_may_stand_further_down() -> None:
    assert codes("L40.5x")[0][1] == ["L40.50", "L40.51", "L40.52", "L40.53", "L40.54", "L40.59"]


def test_an_asterisk_is_a_wildcard_behind_a_category() -> None:
    assert codes("Use J18* here.") == [("J18*", ["J18.0", "J18.1", "J18.2", "J18.8", "J18.9"])]


@pytest.mark.parametrize("written", ["T88.XXXA", "E11.65*", "J18. Then"])
def test_not_every_x_and_mark_is_a_wildcard(written: str) -> None:
    assert [len(found) for _, found in codes(written)] == [1]


CATEGORIES = ("A00", "C18", "C19", "C20", "K50", "M05", "M06", "T88", "Z00")
VALUES = [code for category in CATEGORIES for code in diagnoses.below(category)]


def everything() -> list[str]:
    found = []
    for row in table("data", "reference", "icd10cm-codes.tsv"):
        category = row["category"].removesuffix("-")
        found += [] if row["category"].endswith("-") else [category]
        found += [f"{category}.{tail}" for tail in row["codes"].split() if not tail.endswith("-")]
    return found


EVERYTHING = everything()
STEMS = st.sampled_from(VALUES).flatmap(lambda code: st.sampled_from([code, code[:3], code[:5].rstrip(".")]))


@settings(max_examples=25)
@given(STEMS, STEMS)
def test_between_equals_a_plain_filter(first: str, last: str) -> None:
    wanted = [code for code in EVERYTHING if first <= code and (code <= last or code.startswith(last))]
    found = list(diagnoses.between(first, last))
    assert sorted(found) == sorted(wanted)
    assert len(found) == len(set(found))


@settings(max_examples=50)
@given(STEMS)
def test_below_equals_a_plain_filter(stem: str) -> None:
    assert list(diagnoses.below(stem)) == [code for code in EVERYTHING if code.startswith(stem)]


@given(st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_a_range_contains_its_ends(first: str, last: str) -> None:
    low, high = min(first, last), max(first, last)
    (text,) = [f"{low}-{high}"]
    for found in find_ranges(text, find_tokens(text)):
        assert (found.start, found.end) == (0, len(text))
        values = [code.value for code in found.codes]
        assert not values or (low in values and high in values)


def test_what_exists() -> None:
    assert [diagnoses.exists(code) for code in ("M06.9", "M06", "C19", "M06.99", "A57.778", "A01.")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


# Tokens.

PARTS = ["J3262", "96413-96415", "M06.x", "K50.00 to K50.9", "G35", "A0", "-", "to", "x", "\n", "*", "\u00ad"]


@given(st.lists(st.sampled_from(PARTS)))
def test_tokens_and_codes_come_in_order_and_do_not_overlap(parts: list[str]) -> None:
    text = Text(parse(f"Guide {' '.join(parts)}".encode(), "a.md"))
    for found in (text.tokens, text.codes):
        end = 0
        for one in found:
            assert end <= one.start < one.end <= len(text.plain)
            end = one.end
    assert [span for span in text.codes if span not in text.codes_in(0, len(text.plain))] == []
    assert list(text.tokens_in(0, len(text.plain))) == list(text.tokens)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("HCPCSJ3262", "J3262"), ("CodeJ3262", "J3262"), ("CPT96413", "96413"), ("M06.9Rheumatoid", "M06.9"),
        ("96413Infusion", "96413"), ("J3262Injection", "J3262"), ("ICD-10M06.9", "M06.9"),
    ],
)  # fmt: skip
def test_a_code_may_be_glued_to_a_word(written: str, value: str) -> None:
    assert [found for _, found in codes(written)] == [[value]]


@pytest.mark.parametrize("written", ["M06.99Rheumatoid", "fooJ3262", "J3262bar", "A1Injection"])
def test_not_every_word_with_a_code_in_it_has_one(written: str) -> None:
    assert codes(written) == []


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_a_code_with_an_invisible_mark_in_it_is_one_code(mark: str) -> None:
    assert codes(f"Bill J32{mark}62 now") == [(f"J32{mark}62", ["J3262"])]


def test_full_width_letters_are_letters() -> None:
    assert codes("Ｊ３２６２ here") == [("Ｊ３２６２", ["J3262"])]


@pytest.mark.parametrize(
    "written",
    [
        "article J1000", "Articles J1000 and J1001",
        "article A12345", "Articles A56789, A56790 and A56791", "LCD L33394", "LCD (L33394)", "policy number 12345",
        "MCG A0456", "Document ID: J1234", "10-J1000-20", "bulletin no. 96413", "NCD #12345",
    ],
)  # fmt: skip
def test_the_numbers_of_articles_and_policies_are_no_codes(written: str) -> None:
    assert codes(f"See {written}.") == []


@pytest.mark.parametrize("written", ["codes 96413", "billing policy for J3262", "the article on M06.9"])
def test_a_word_of_articles_further_off_changes_nothing(written: str) -> None:
    assert len(codes(f"See {written}.")) == 1


@pytest.mark.xfail(strict=True, reason="what comes before no code is looked for without the colon of a label")
def test_a_zip_code_behind_its_label_is_no_code() -> None:
    assert codes("ZIP code: 96365") == []


# Plain text.


@given(st.text())
def test_plain_text_is_as_long_as_the_text(content: str) -> None:
    assert len(plain(content)) == len(content)


def test_plain_text_has_no_marks_links_and_curly_quotes() -> None:
    assert plain("**a** `b` “c” [d](https://e.org) f\u2011g http://x.org/J3262 _h_").split() == [
        "a", "b", '"c"', "d", "f-g", "h",
    ]  # fmt: skip


# What lies between two offsets.


def test_what_reaches_over_the_end_of_a_stretch_is_not_in_it() -> None:
    text = Text(parse(b"J3262 is not covered for M06.9 at home.", "a.md"))
    assert [(hit.start, hit.end) for hit in text.cues_in(0, 20)][-1] == (9, 20)
    assert [(hit.start, hit.end) for hit in text.cues_in(0, 13)] == [(6, 12)]
    assert [(code.start, code.end) for code in text.codes_in(0, 30)] == [(0, 5), (25, 30)]
    assert [(code.start, code.end) for code in text.codes_in(0, 28)] == [(0, 5)]
    assert text.codes_in(1, 25) == text.cues_in(21, 25) == []


def test_the_brackets_of_wiki_links_are_no_text() -> None:
    assert plain("[[J0178]]-[[-JZ]]") == "  J0178  -  -JZ  "
