from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg.errors import ReleaseError
from kg.model import CodeSystem, Concept, Relation, Statement
from kg.reference import formats
from kg.reference.edition_comparison import compare
from kg.reference.formats import FORMATS, read_contents, read_release, recognise
from kg.reference.release import Edition, Release, ReleaseFile
from tests.data.official import REFERENCE, needs_reference

from ..tiny import OTHER, TINY, zipped


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "FORMATS", (TINY, OTHER))


def put(folder: Path, content: bytes | str, name: str = "x.zip") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def codes(edition: Edition) -> list[str]:
    return [entry.code.value for entry in edition.entries]


def test_formats_have_names_of_their_own() -> None:
    assert len({format.name for format in FORMATS}) == len({format.title for format in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"Dear reader,\n", b"PK\x03\x04", b"\xff\xfe<", b"," * 1000, b"\n" * 99]
)
def test_what_is_no_release_is_of_no_format(data: bytes) -> None:
    assert recognise(ReleaseFile("x.txt", data)) is None


def test_a_plain_file(tiny: None, tmp_path: Path) -> None:
    (edition,) = read_release(put(tmp_path, "#tiny 2025-10\nJ3262,Tocilizumab\n", "x.txt"))
    assert edition.release.identifier == "tiny-2025-10"
    assert codes(edition) == ["J3262"]


def test_a_date_that_the_user_gives(tiny: None, tmp_path: Path) -> None:
    path = put(tmp_path, "#tiny dated\nJ3262,Tocilizumab\n", "x.txt")
    assert read_release(path)[0].release.issued is None
    assert read_release(path, date(2026, 1, 1))[0].release.identifier == "tiny-2026-01"


def test_what_is_of_no_format_is_passed_over_in_an_archive_and_told(tiny: None, tmp_path: Path) -> None:
    path = put(tmp_path, zipped(README__txt="Dear reader", a__txt="#tiny 2025-10\nJ3262,Tocilizumab\n"))
    contents = read_contents(path)
    assert contents.passed_over == ("README.txt",)
    assert [edition.release.identifier for edition in contents.editions] == ["tiny-2025-10"]


def test_nothing_that_we_know_is_refused(tiny: None, tmp_path: Path) -> None:
    for path in (put(tmp_path, zipped(README__txt="Dear reader")), put(tmp_path, "Dear reader", "x.txt")):
        with pytest.raises(ReleaseError) as error:
            read_release(path)
        looked_for = "tiny tables; other tables; exports of the Medicare Coverage Database"
        assert str(error.value) == f"{path}: no release that billing-kg knows (looked for {looked_for})"


def test_one_release_in_two_formats_counts_once(tiny: None, tmp_path: Path) -> None:
    rows = "2025-10\nJ3262,Tocilizumab\nJ0129,Abatacept\nJ0129>JW\n"
    path = put(tmp_path, zipped(a__txt=f"#other {rows}", b__txt=f"#tiny {rows.replace('ept', 'ept ')}"))
    (edition,) = read_release(path)
    assert codes(edition) == ["J3262", "J0129"]
    assert edition.release.source == f"{path}/b.txt"
    assert len(list(edition.statements)) == 1


def test_the_fuller_of_two_is_kept(tiny: None, tmp_path: Path) -> None:
    more = "#other 2025-10\nJ3262,Tocilizumab\nJ0129,Abatacept\n"
    (edition,) = read_release(put(tmp_path, zipped(a__txt="#tiny 2025-10\nJ3262,Tocilizumab\n", b__txt=more)))
    assert codes(edition) == ["J3262", "J0129"]
    assert edition.rows == 2


def test_two_parts_of_a_release_are_put_together(tiny: None, tmp_path: Path) -> None:
    first = "#tiny 2025-10\nJ3262,Tocilizumab\nJ3262>JW\nJ3262>JZ\n"
    second = "#tiny 2025-10\nJ0129,Abatacept\nJ3262>JW\nJ0129>JW\nnonsense\n"
    (edition,) = read_release(put(tmp_path, zipped(a__txt=first, b__txt=second)))
    assert codes(edition) == ["J3262", "J0129"]
    said = [(pair.subject.key, pair.object.key) for pair in edition.statements]
    assert said == [(pair.subject.key, pair.object.key) for pair in edition.statements]
    assert said == [("J3262", "JW"), ("J3262", "JZ"), ("J0129", "JW")]
    assert (edition.rows, len(edition.left_out)) == (7, 1)


def test_two_files_that_contradict_each_other(tiny: None, tmp_path: Path) -> None:
    first, second = "#tiny 2025-10\nJ3262,Tocilizumab\n", "#other 2025-10\nJ0129,Abatacept\nJ3262,Eptinezumab\n"
    path = put(tmp_path, zipped(a__txt=first, b__txt=second))
    with pytest.raises(ReleaseError) as error:
        read_release(path)
    assert str(error.value) == (
        f"{path}: two files that contradict each other on "
        "J3262: name 'Tocilizumab' (row 2) in a.txt, name 'Eptinezumab' (row 3) in b.txt"
    )


def test_a_member_that_cannot_be_read_is_passed_over_and_told_why(tiny: None, tmp_path: Path) -> None:
    good, bad = "#tiny 2025-10\nJ3262,Tocilizumab\n", "#other 2025-10\nstop\n"
    contents = read_contents(put(tmp_path, zipped(a__txt=bad, b__txt=good, c__txt="")))
    assert [edition.release.identifier for edition in contents.editions] == ["tiny-2025-10"]
    assert contents.passed_over == ("c.txt", "a.txt:2: not a row: 'stop'")


def test_an_archive_of_which_nothing_can_be_read_is_an_error(tiny: None, tmp_path: Path) -> None:
    path = put(tmp_path, zipped(a__txt="#tiny 2025-10\nstop\n", b__txt="Dear reader"))
    with pytest.raises(ReleaseError, match=r"x\.zip/a\.txt:2: not a row: 'stop'"):
        read_release(path)
    with pytest.raises(ReleaseError, match=r"x\.zip: no release that billing-kg knows"):
        read_release(put(tmp_path, zipped(a__txt="", b__txt="Dear reader")))


def test_a_stored_archive_tells_no_path_of_the_machine(tiny: None, tmp_path: Path) -> None:
    path = put(tmp_path, zipped(a__txt="#tiny 2025-10\nJ3262,Tocilizumab\n", b__txt="#tiny 2026-01\nstop\n"))
    assert read_contents(path, name="as it was called.zip").passed_over == ("b.txt:2: not a row: 'stop'",)


def test_a_stored_file_goes_by_the_name_that_it_had(tiny: None, tmp_path: Path) -> None:
    path = put(tmp_path, "#tiny dated\nJ3262,Tocilizumab\n", "stored.txt")
    (edition,) = read_contents(path, name="of October 2025.txt").editions
    assert edition.release.identifier == "tiny-2025-10"
    assert edition.release.source == "of October 2025.txt"


def limit(units: str, since: date | None, row: int) -> Statement:
    concepts = Concept.parse("J3262"), Concept.parse("modifier:JW")
    return Statement(concepts[0], Relation.ACCEPTS_MODIFIER, concepts[1], row, "", since, details=(("units", units),))


def test_pairs_that_contradict_each_other_in_whatever_order() -> None:
    release = Release("r", CodeSystem.HCPCS, "", None, False, "", "")
    old, new = limit("1", date(2025, 1, 1), 5), limit("2", date(2026, 1, 1), 6)
    first = Edition(release, statements=(old, new))
    assert compare(first, Edition(release, statements=(new, old))).difference is None
    found = compare(first, Edition(release, statements=(old, limit("3", date(2026, 1, 1), 7)))).contradiction
    assert found is not None
    assert found.told("a", "b") == (
        "J3262: accepts modifier JW from 2026-01-01, units 2 (row 6) in a, "
        "accepts modifier JW from 2026-01-01, units 3 (row 7) in b"
    )


def test_long_names_are_cut_to_where_they_differ(tiny: None, tmp_path: Path) -> None:
    def named(name: str) -> Edition:
        return read_release(put(tmp_path, f"#tiny 2025-10\nJ3262,{name}\n", "x.txt"))[0]

    found = compare(named("a" * 4000 + " b"), named("a" * 4000 + " c")).contradiction
    assert found is not None
    assert "aaa b' (row 2)" in found.first
    assert "aaa c' (row 2)" in found.second
    assert len(found.first) < 100


@pytest.mark.slow
@needs_reference
def test_the_published_archive_holds_one_release_twice() -> None:
    contents = read_contents(REFERENCE / "hcpcs" / "2019-Alpha-Numeric-HCPCS-File.zip")
    assert len({edition.release.identifier for edition in contents.editions}) == len(contents.editions)
    assert sum(len(edition.entries) for edition in contents.editions) == 6_800
    assert len(contents.passed_over) == 5
