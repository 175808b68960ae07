"""Lines sorted in bounded memory are those that were written, whatever the pieces they come in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import Failure
from kg.graph import sorted_lines
from kg.graph.sorted_lines import SortedLines, by_subject

lines = st.lists(st.binary(max_size=6).map(lambda content: content.replace(b"\n", b"")), max_size=60)


@given(lines, st.integers(1, 7), st.integers(1, 40))
def test_lines_come_out_sorted_and_each_as_often_as_it_came_in(written: list[bytes], cut: int, piece: int) -> None:
    content = b"".join(line + b"\n" for line in written)
    with SortedLines(piece) as sorting:
        for start in range(0, len(content), cut):
            part = content[start : start + cut]
            assert sorting.write(part) == len(part)
        assert list(sorting) == sorted(line + b"\n" for line in written)


def test_many_runs_are_merged_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_lines, "_FILES", 3)
    most = 0
    with SortedLines(piece=4) as sorting:
        for number in range(200):
            sorting.write(b"%03d\n" % (number * 7 % 200))
            most = max(most, len(sorting._runs))
        assert list(sorting) == [b"%03d\n" % number for number in range(200)]
    assert most <= 3 * 5


def test_a_last_line_without_an_end_gets_one() -> None:
    with SortedLines() as sorting:
        sorting.write(b"b\na")
        assert list(sorting) == [b"a\n", b"b\n"]


def test_where_there_is_no_room_to_sort_one_line_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(Failure, match=rf"cannot sort in {tmp_path}/none: no such file or directory \(TMPDIR"):
        SortedLines(piece=1).write(b"a\n")


def test_the_lines_of_a_subject_stay_together() -> None:
    assert list(by_subject([b"<a> 1\n", b"<a> 2\n", b"<ab> 1\n"])) == [[b"<a> 1\n", b"<a> 2\n"], [b"<ab> 1\n"]]
