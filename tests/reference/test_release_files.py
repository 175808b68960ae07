"""Opening release files: what is one file, what is an archive, and what is refused."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.reference import ReleaseFile, release_files
from kg.reference.release_files import (
    check_archive,
    decoded,
    issued_from_names,
    month_in,
    open_release,
    unpacked,
    year_in,
)


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def written(folder: Path, data: bytes, name: str = "a.zip") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def bomb(name: str, size: int, said: int | None = None) -> bytes:
    """An archive of one member of `size` zeros, packed without ever having been unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = 2**20
    packer.compress(bytes(piece)), packer.flush(zlib.Z_FULL_FLUSH)
    body = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = body * (size // piece) + packer.flush()
    said = min(size if said is None else said, 2**32 - 1)
    fields = (20, 0, 8, 0, 33, 0, len(stream), said, len(name), 0)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields) + name.encode() + stream
    central = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, 0) + name.encode()
    return local + central + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)


def test_a_plain_file_is_one_file(tmp_path: Path) -> None:
    path = written(tmp_path, b"A4206", "HCPC2025_OCT.txt")
    (file,) = open_release(path, date(2025, 10, 1))
    assert (file.name, file.data, file.path) == ("HCPC2025_OCT.txt", b"A4206", str(path))
    assert (file.hints, file.since) == (("HCPC2025_OCT.txt",), date(2025, 10, 1))


def test_an_archive_gives_its_members_whatever_its_name(tmp_path: Path) -> None:
    data = packed({"in/a.txt": b"a", "__MACOSX/in/._a.txt": b"x", ".hidden": b"x", "in/.b/c.txt": b"x", "b.csv": b"b"})
    path = written(tmp_path, data, "codes.bin")
    first, second = open_release(path)
    assert (first.name, first.path, first.data) == ("in/a.txt", f"{path}/in/a.txt", b"a")
    assert first.hints == ("in/a.txt", "codes.bin")
    assert second.name == "b.csv"


def test_an_archive_in_an_archive_is_opened_and_no_deeper(tmp_path: Path) -> None:
    inner = packed({"a.txt": b"a"})
    path = written(tmp_path, packed({"inner.zip": inner}))
    (file,) = open_release(path)
    assert (file.path, file.hints) == (f"{path}/inner.zip/a.txt", ("a.txt", "inner.zip", "a.zip"))
    deep = written(tmp_path, packed({"outer.zip": packed({"inner.zip": inner})}))
    with pytest.raises(ReleaseError, match=r"inner\.zip: an archive in an archive in an archive"):
        open_release(deep)


def test_a_spreadsheet_is_one_file(tmp_path: Path) -> None:
    book = packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    (alone,) = open_release(written(tmp_path, book, "book.xlsx"))
    (inside,) = open_release(written(tmp_path, packed({"book.xlsx": book})))
    assert alone.data == inside.data == book


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../a.txt", "leads out"),
        ("in/../../a.txt", "leads out"),
        ("/etc/a.txt", "leads out"),
        ("C:a.txt", "leads out"),
        ("in\\..\\a.txt", "leads out"),
        ("a\nb.txt", "name that is none"),
    ],
)
def test_members_with_such_names_are_refused(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(ReleaseError, match=words) as caught:
        open_release(written(tmp_path, packed({name: b"a"})))
    assert repr(name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"gone\.zip: no such file"):
        open_release(tmp_path / "gone.zip")
    with pytest.raises(ReleaseError, match="a folder, not a file"):
        open_release(tmp_path)
    with pytest.raises(ReleaseError, match=r"a\.txt: empty"):
        open_release(written(tmp_path, b"", "a.txt"))
    with pytest.raises(ReleaseError, match="holds no file"):
        open_release(written(tmp_path, packed({})))
    with pytest.raises(ReleaseError, match="holds no file"):
        open_release(written(tmp_path, packed({"__MACOSX/a": b"x"})))


def test_a_member_may_be_empty(tmp_path: Path) -> None:
    found = open_release(written(tmp_path, packed({"a.txt": b"", "b.txt": b"x"})))
    assert [(file.name, file.data) for file in found] == [("a.txt", b""), ("b.txt", b"x")]


def test_what_is_damaged_is_refused(tmp_path: Path) -> None:
    data = packed({"a.txt": bytes(range(256)) * 40}, zipfile.ZIP_STORED)
    with pytest.raises(ReleaseError, match=r"a\.zip: a damaged or truncated archive"):
        open_release(written(tmp_path, data[:-40]))
    with pytest.raises(ReleaseError, match=r"a\.zip/a\.txt: damaged or truncated: Bad CRC"):
        open_release(written(tmp_path, data.replace(bytes([7, 8, 9]), bytes([7, 7, 9]), 1)))


def test_what_is_encrypted_or_packed_otherwise_is_refused(tmp_path: Path) -> None:
    data = packed({"a.txt": b"a"})
    at = data.index(b"PK\x01\x02")
    locked = data[: at + 8] + b"\x01" + data[at + 9 :]
    with pytest.raises(ReleaseError, match=r"a\.zip/a\.txt: encrypted"):
        open_release(written(tmp_path, locked))
    with pytest.raises(ReleaseError, match=r"a\.zip/a\.txt: packed in a way that is not supported: method 12"):
        open_release(written(tmp_path, packed({"a.txt": b"a"}, zipfile.ZIP_BZIP2)))


@pytest.mark.parametrize("said", [None, 50 * 2**20, 1_000])
def test_a_bomb_of_ten_gigabytes_takes_little_memory(tmp_path: Path, said: int | None) -> None:
    path = written(tmp_path, bomb("a.txt", 10 * 2**30, said))
    tracemalloc.start()
    try:
        with pytest.raises(ReleaseError, match=r"a\.zip/a\.txt: (larger than|unpacks to more than|damaged)"):
            open_release(path)
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()


def test_a_bomb_in_a_spreadsheet_or_deeper_is_refused(tmp_path: Path) -> None:
    zeros = bytes(30 * 2**20)
    book = packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": zeros})
    for data in (book, packed({"book.xlsx": book}), packed({"in.zip": packed({"a.txt": zeros})})):
        with pytest.raises(ReleaseError, match="unpacks to more than 200 times its size"):
            open_release(written(tmp_path, data))
    with pytest.raises(ReleaseError, match=r"book\.xlsx/xl/workbook\.xml: unpacks to more than 200 times"):
        check_archive(book, "book.xlsx")


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, packed({"a.txt": b"a" * 3_000, "b.txt": b"b" * 3_000}))
    assert len(open_release(path)) == 2
    for name, limit, words in [
        ("MAX_FILE", 100, "larger than"),
        ("MAX_MEMBER", 2_999, r"a\.txt: larger than"),
        ("MAX_MEMBERS", 1, "more than 1 members"),
        ("MAX_UNPACKED", 5_999, r"b\.txt: the archive is larger than"),
    ]:
        with monkeypatch.context() as patch, pytest.raises(ReleaseError, match=words):
            patch.setattr(release_files, name, limit)
            patch.setattr(
                release_files._Budget.__init__, "__defaults__", (release_files.MAX_MEMBERS, release_files.MAX_UNPACKED)
            )
            open_release(path)


def test_a_directory_of_a_million_members_is_refused_before_it_is_read(tmp_path: Path) -> None:
    data = packed({"a.txt": b"a"})
    with pytest.raises(ReleaseError, match="more than 2,000 members"):
        open_release(written(tmp_path, data[:-22] + b"PK\x01\x02" * 1_000_000 + data[-22:]))


def test_unpacked_gives_the_members_of_a_spreadsheet() -> None:
    data = packed({"[Content_Types].xml": b"<Types/>", "xl/a.xml": b"<a/>"})
    assert dict(unpacked(data, "b.xlsx")) == {"[Content_Types].xml": b"<Types/>", "xl/a.xml": b"<a/>"}


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 400), piece=st.binary(max_size=6), cut=st.integers(0, 12))
def test_damage_gives_files_or_an_error_of_ours(tmp_path: Path, at: int, piece: bytes, cut: int) -> None:
    whole = packed({"a/b.txt": b"some text", "[Content_Types].xml": b"<Types/>", "c.zip": packed({"d": b"d"})})
    path = written(tmp_path, whole[:at] + piece + whole[at + cut :] or b"x")
    try:
        assert all(file.data for file in open_release(path))
    except ReleaseError as exc:
        assert str(path) in str(exc)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "café"),
        (b"caf\xe9 \x93x\x94", "café “x”"),
        (b"caf\xe9\x81", "café\x81"),
        ("café".encode("utf-16"), "café"),
        (b"", ""),
    ],
)
def test_decoded(data: bytes, text: str) -> None:
    assert decoded(ReleaseFile("a", data)) == text


def test_decoded_refuses_what_is_too_large_for_a_format() -> None:
    with pytest.raises(ReleaseError, match=r"in\.zip/a: larger than"):
        decoded(ReleaseFile("a", b"abc", "in.zip/a"), limit=2)


@pytest.mark.parametrize(
    ("name", "month", "year"),
    [
        ("HCPC2025_OCT_ANWEB.xlsx", date(2025, 10, 1), 2025),
        ("HCPC2026_JAN_ANWEB_01122026.txt", date(2026, 1, 1), 2026),
        ("january-2026-alpha-numeric-hcpcs-file.zip", date(2026, 1, 1), 2026),
        ("2019-Alpha-Numeric-HCPCS-File.zip", None, 2019),
        ("icd10cm-order-Jan-2021.txt", date(2021, 1, 1), 2021),
        ("icd10cm_order_2026.txt", None, 2026),
        ("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", date(2026, 7, 1), 2026),
        ("section 508 version of January 2026 ASP NDC-HCPCS Crosswalk 121725.csv", date(2026, 1, 1), 2026),
        ("medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip", date(2026, 7, 1), 2026),
        ("hcpcs-2025-10.xlsx", date(2025, 10, 1), 2025),
        ("edits_20251231.txt", date(2025, 12, 31), None),
        ("edits_13312025.txt", None, None),
        ("Sept2024.txt", date(2024, 9, 1), 2024),
        ("nucc_taxonomy_251.csv", None, None),
        ("mayhem 2024.txt", None, 2024),
        ("123456789.txt", None, None),
    ],
)
def test_dates_in_names(name: str, month: date | None, year: int | None) -> None:
    assert month_in([name]) == month
    assert year_in([name]) == year
    assert issued_from_names([name]) == (month or (date(year, 1, 1) if year else None))


def test_the_innermost_name_that_tells_a_date_counts() -> None:
    assert month_in(["HCPC_ANWEB.txt", "october-2025.zip", "january-2026.zip"]) == date(2025, 10, 1)


@given(st.lists(st.text(max_size=40), max_size=3))
def test_any_name_may_stand_there(names: list[str]) -> None:
    assert issued_from_names(names) is None or issued_from_names(names).year >= 1990  # type: ignore[union-attr]
