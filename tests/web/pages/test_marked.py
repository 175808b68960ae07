"""Texts with their marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.model import Assertion, Concept, Evidence, Relation, Verdict
from kg.web.pages.marked import Line, lines_of, part_of, spans_of

TEXT = "J3262 is tocilizumab.\nAppend JW.\n\nM06.9"


def stated(start: int, end: int, verdict: Verdict, text: str = TEXT) -> tuple[Assertion, Verdict]:
    evidence = Evidence("guide", start, end, text[start:end], 1)
    code, drug = Concept.parse("hcpcs:J3262"), Concept.parse("drug:tocilizumab")
    return Assertion(code, Relation.IDENTIFIES_DRUG, drug, evidence), verdict


def marks(lines: list[Line]) -> list[list[tuple[str, str]]]:
    return [[(piece.text, piece.mark) for piece in line.pieces if piece.text] for line in lines]


def test_a_piece_bears_the_weakest_verdict_of_all_that_it_is_in() -> None:
    spans = spans_of(
        [stated(0, 21, Verdict.CONSISTENT), stated(9, 20, Verdict.REFUTED), stated(9, 20, Verdict.UNCHECKED)],
        [(0, 5, "heading"), (34, 39, "no relation fits")],
    )
    lines = lines_of(TEXT, part_of(TEXT, 1000), spans)
    assert marks(lines) == [
        [("J3262", "consistent"), (" is ", "consistent"), ("tocilizumab", "refuted"), (".", "consistent")],
        [("Append JW.", "")],
        [],
        [("M06.9", "left")],
    ]
    assert [[span.number for span in line.spans] for line in lines] == [[1, 2, 3], [], [], [4]]
    assert [[one.number for piece in line.pieces for one in piece.ends] for line in lines] == [[2, 3, 1], [], [], [4]]


def test_a_span_of_several_lines_is_told_once() -> None:
    lines = lines_of(TEXT, part_of(TEXT, 1000), spans_of([stated(6, 32, Verdict.DISPUTED)]))
    assert marks(lines)[:2] == [[("J3262 ", ""), ("is tocilizumab.", "disputed")], [("Append JW.", "disputed")]]
    assert [len(line.spans) for line in lines] == [1, 0, 0, 0]
    assert [sum(len(piece.ends) for piece in line.pieces) for line in lines] == [0, 1, 0, 0]


def test_parts_are_whole_lines() -> None:
    text = "one\ntwo\nthree\nfour"
    parts = [part_of(text, 5, number=number) for number in (1, 2, 3)]
    assert [text[part.start : part.end] for part in parts] == ["one\ntwo\n", "three\n", "four"]
    assert [part.line for part in parts] == [1, 3, 4]
    assert [part_of(text, 5, at=at).number for at in (0, 7, 8, 13, 14, 999)] == [1, 1, 2, 2, 3, 3]
    assert part_of("", 5).of == 1
    assert [part_of("x" * 25, 5, at=at).number for at in (0, 12, 24)] == [1, 2, 3]


@given(
    st.text(alphabet="ab \n", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=6),
    st.integers(1, 30),
)
def test_no_letter_is_lost_and_every_span_is_told_and_ends(text: str, places: list[tuple[int, int]], size: int) -> None:
    inside = {(start, min(start + length, len(text))) for start, length in places if start < len(text)}
    spans = spans_of([stated(start, end, Verdict.CONSISTENT, text) for start, end in inside])
    read, told, begun = "", set(), set()
    for number in range(1, part_of(text, size).of + 1):
        part = part_of(text, size, number=number)
        lines = lines_of(text, part, spans)
        content = "\n".join("".join(piece.text for piece in line.pieces) for line in lines)
        assert content == text[part.start : part.end]
        read += content
        told |= {(span.start, span.end) for line in lines for span in line.spans}
        begun |= {(one.start, one.end) for line in lines for piece in line.pieces for one in piece.begins}
    assert read == text
    assert told == inside
    assert begun == inside
