"""`kg diff`: what changed between two releases, and which assertions that touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from .releases import hcpcs, order
from .running import Ran, kg, rows

COLUMNS = ["change", "code", "on", "before", "after", "assertions", "documents"]
OLD = (
    ("J1300", "Injection, eculizumab, 10 mg"),
    ("J3262", "Injection, tocilizumab, 1 mg"),
    ("J0129", "Injection, abatacept, 10 mg", "20070101", "20241231"),
    ("J9999", "Not in the next excerpt"),
)
NEW = (
    ("J1299", "Injection, eculizumab, 2 mg", "20250401"),
    ("J1300", "Injection, eculizumab, 10 mg", "20200101", "20250331"),
    ("J3262", "Injection, tocilizumab, 1 milligram"),
    ("J0129", "Injection,  Abatacept, 10 mg", "20250701"),
    ("J0717", "Not in the excerpt before", "20140101"),
)
CHANGES = [
    ("added", "hcpcs:J1299", "2025-04-01", "", "Injection, eculizumab, 2 mg"),
    ("ended", "hcpcs:J1300", "2025-03-31", "Injection, eculizumab, 10 mg", "Injection, eculizumab, 10 mg"),
    ("renamed", "hcpcs:J3262", "2025-10-01", "Injection, tocilizumab, 1 mg", "Injection, tocilizumab, 1 milligram"),
    ("reactivated", "hcpcs:J0129", "2025-07-01", "Injection, abatacept, 10 mg", "Injection, Abatacept, 10 mg"),
]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_RELEASES", str(tmp_path / "kept"))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return hcpcs(tmp_path, "HCPC2025_JAN_ANWEB.txt", *OLD), hcpcs(tmp_path, "HCPC2025_OCT_ANWEB.txt", *NEW)


def changes(ran: Ran) -> list[tuple[str, ...]]:
    assert ran.code == 0
    return [tuple(one[name] for name in COLUMNS[:5]) for one in rows(ran.out, "jsonl")]


def test_two_files(files: tuple[Path, Path]) -> None:
    ran = kg("diff", *files, "--format", "jsonl")
    assert changes(ran) == CHANGES
    no_graph, aside, tally = ran.err.splitlines()
    assert no_graph == "kg: there is no graph, so it is not known which assertions the changes touch"
    assert aside.startswith("kg: 2 codes of only one of the two left aside: the other is no complete release")
    assert tally == "1 added, 1 ended, 1 renamed, 1 reactivated"


@pytest.mark.slow
def test_two_stored_releases_and_a_release_with_a_file(files: tuple[Path, Path]) -> None:
    old, new = files
    assert kg("reference", "add", old, new).code == 0
    names = ("hcpcs-2025-01-excerpt", "hcpcs-2025-10-excerpt")
    assert changes(kg("diff", *names, "--format", "jsonl")) == CHANGES
    assert changes(kg("diff", names[0], new, "--format", "jsonl")) == CHANGES
    assert changes(kg("diff", old, names[1], "--format", "jsonl")) == CHANGES


def test_the_other_way_round(files: tuple[Path, Path]) -> None:
    old, new = files
    found = changes(kg("diff", new, old, "--format", "jsonl"))
    assert [(change[0], change[1]) for change in found] == [
        ("ended", "hcpcs:J0129"),
        ("renamed", "hcpcs:J3262"),
        ("reactivated", "hcpcs:J1300"),
    ]


def test_a_release_and_itself(files: tuple[Path, Path]) -> None:
    ran = kg("diff", files[0], files[0])
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines()[-1] == "no differences"
    assert kg("diff", files[0], files[0], "--format", "json").out == "[]\n"


def test_headings(tmp_path: Path) -> None:
    old = order(tmp_path, "icd10cm-order-Jan-2021.txt", ("A00", 0, "Cholera"), ("A000", 1, "Cholera, one"))
    new = order(tmp_path, "icd10cm-order-Jan-2022.txt", ("A00", 1, "Cholera"), ("A000", 0, "Cholera, one"))
    ran = kg("diff", old, new, "--format", "jsonl")
    assert [change[:3] for change in changes(ran)] == [
        ("became a heading", "icd10cm:A00.0", "2022-01-01"),
        ("became billable", "icd10cm:A00", "2022-01-01"),
    ]


@pytest.mark.slow
def test_what_the_changes_touch(files: tuple[Path, Path], wrong_store: Path) -> None:
    ran = kg("diff", *files, "--format", "jsonl", store=wrong_store)
    assert "no graph" not in ran.err
    found = {one["code"]: (one["assertions"], one["documents"]) for one in rows(ran.out, "jsonl")}
    assert found == {
        "hcpcs:J1299": (0, []),
        "hcpcs:J1300": (3, ["eculizumab:3", "eculizumab:6"]),
        "hcpcs:J3262": (0, []),
        "hcpcs:J0129": (0, []),
    }
    table = kg("diff", *files, store=wrong_store).out
    assert "eculizumab:3, eculizumab:6" in table
    assert "[" not in table


def test_only_the_changes_that_touch_the_graph(files: tuple[Path, Path], wrong_store: Path) -> None:
    ran = kg("diff", *files, "--touched", "--format", "jsonl", store=wrong_store)
    assert [one["code"] for one in rows(ran.out, "jsonl")] == ["hcpcs:J1300"]
    assert ran.err.splitlines()[-1] == "1 ended"
    assert kg("diff", *files, "--touched").err.splitlines()[-1] == "no change is known to touch an assertion"


def test_without_a_graph_the_columns_are_empty(files: tuple[Path, Path]) -> None:
    for format in ("csv", "tsv"):
        found = rows(kg("diff", *files, "--format", format).out, format)
        assert list(found[0]) == COLUMNS
        assert {(one["assertions"], one["documents"]) for one in found} == {("", "")}
    found = rows(kg("diff", *files, "--format", "json").out, "json")
    assert {(one["assertions"], one["documents"]) for one in found} == {(None, None)}
    table = kg("diff", *files).out
    assert "2025-03-31" in table
    assert "None" not in table


def test_different_code_systems_are_not_compared(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = order(tmp_path, "icd10cm-order-Jan-2021.txt", ("A00", 0, "Cholera"))
    ran = kg("diff", files[0], other)
    assert ran.code == 2
    assert ran.error == f"kg: cannot compare {files[0]} with {other}: releases of HCPCS Level II and ICD-10-CM"


def test_what_is_not_there(files: tuple[Path, Path], tmp_path: Path) -> None:
    ran = kg("diff", files[0], "hcpcs-2030-01")
    assert ran.code == 1
    assert ran.error == f"kg: no such release in {tmp_path / 'kept'}, and no such file: 'hcpcs-2030-01'"
    (tmp_path / "letter.txt").write_text("Dear reader,\n")
    ran = kg("diff", files[0], tmp_path / "letter.txt")
    assert ran.code == 3
    assert ran.error.startswith(f"kg: {tmp_path / 'letter.txt'}: no release that billing-kg knows")
    assert kg("diff", files[0]).code == 2


def test_another_folder_of_releases(files: tuple[Path, Path], tmp_path: Path) -> None:
    there = ("--releases", tmp_path / "there")
    assert kg("reference", "add", *files, *there).code == 0
    names = ("hcpcs-2025-01-excerpt", "hcpcs-2025-10-excerpt")
    assert changes(kg("diff", *names, "--format", "jsonl", *there)) == CHANGES
    assert kg("diff", *names).code == 1


def test_a_release_that_comes_with_billing_kg() -> None:
    ran = kg("diff", "bundled-hcpcs", "bundled-hcpcs")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "no differences")
