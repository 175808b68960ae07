"""The list of billable codes, which has no headings."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from kg.errors import ReleaseError
from kg.reference import Edition, ReleaseFile
from kg.reference.formats import read_contents, recognise
from kg.reference.formats.icd10cm_codes import FORMAT
from tests.data.official import REFERENCE, needs_reference

LINES = (
    "A000    Cholera due to Vibrio cholerae 01, biovar cholerae",
    "C19     Malignant neoplasm of rectosigmoid junction",
    "S72331B Displaced oblique fracture of shaft of right femur,  initial encounter",
)
MORE = ("A009    Cholera, unspecified", "A0101   Typhoid meningitis")
ORDER = "00001 A00     0 Cholera" + " " * 54 + "Cholera\n" + f"00002 A000    1 {LINES[0][8:]:60} {LINES[0][8:]}\n"


def read(*lines: str, name: str = "icd10cm_codes_2026.txt") -> Edition:
    file = ReleaseFile(name, "\r\n".join(lines).encode(), f"icd.zip/{name}", (name,))
    assert recognise(file) is FORMAT
    (edition,) = FORMAT.read(file)
    return edition


def test_codes_with_their_names() -> None:
    edition = read(*LINES)
    assert [(entry.code.value, entry.billable, entry.row) for entry in edition.entries] == [
        ("A00.0", True, 1), ("C19", True, 2), ("S72.331B", True, 3)
    ]  # fmt: skip
    assert edition.entries[2].name == "Displaced oblique fracture of shaft of right femur, initial encounter"
    assert (edition.rows, edition.left_out) == (3, ())


def test_it_is_not_complete_since_it_has_no_headings() -> None:
    release = read(*LINES).release
    assert (release.identifier, release.title) == ("icd10cm-codes-2025-10", "ICD-10-CM billable codes October 2025")
    assert (release.issued, release.complete) == (date(2025, 10, 1), False)
    assert read(*LINES, name="codes.txt").release.identifier == "icd10cm-codes-undated"


def test_lines_that_cannot_be_read_are_left_out() -> None:
    edition = read(
        *LINES, "", "A000    Cholera again", "nonsense", "A0-0    Cholera", "A0000000 Cholera", "A001", *MORE
    )
    assert [(left.row, left.reason) for left in edition.left_out] == [
        (5, "the code stands in row 1 already"),
        (6, "not a line of a list of codes"),
        (7, "not a ICD-10-CM code: 'A0-0    '"),
        (8, "not a line of a list of codes"),
        (9, "not a line of a list of codes"),
    ]
    assert edition.rows == 10


@pytest.mark.parametrize(
    "text",
    [ORDER, "", "Add:         A000    Cholera\n" * 3, "A000 Cholera\n" * 3, "A0021001003Ambulance service\n" * 3,
     "Please read this note on codes first.\n" * 3],
)  # fmt: skip
def test_other_files_are_not_taken_for_it(text: str) -> None:
    assert not FORMAT.recognises(ReleaseFile("icd10cm_codes_2026.txt", text.encode()))


def test_a_file_without_a_code_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"icd\.zip/.*txt: no line of a list of ICD-10-CM codes can be read"):
        read("QQQ     Nothing")


def test_beside_the_order_file_it_says_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "2026-code-descriptions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("icd10cm_codes_2026.txt", "\n".join(LINES))
        archive.writestr("icd10cm_order_2026.txt", ORDER)
    contents = read_contents(path)
    assert [edition.release.identifier for edition in contents.editions] == ["icd10cm-2025-10"]
    assert contents.passed_over == ("icd10cm_codes_2026.txt",)


@pytest.mark.slow
@needs_reference
def test_the_published_list_has_the_billable_codes_of_the_order_file() -> None:
    with zipfile.ZipFile(REFERENCE / "icd10cm" / "cms_2026_dx.zip") as archive:
        codes = read(archive.read("icd10cm_codes_2026.txt").decode("utf-8").rstrip())
    assert (len(codes.entries), codes.left_out) == (74_719, ())
