"""Verdicts and findings are the same with the index and without it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import resources, shelf
from kg.documents import intake
from kg.model import Assertion, Code, CodeSystem, Relation
from kg.reference import Drug, Edition, Entry, Reference, index, load
from kg.verification import Checked, Judge, check_all
from tests.verification.making import TODAY, drug, entry, release, says, says_drug, says_unit

CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture(scope="module")
def whole() -> Reference:
    return load()


def found(checked: Checked) -> tuple[object, ...]:
    return checked.findings, checked.verdicts, checked.codes, checked.unchecked


@pytest.mark.slow
def test_of_the_guides_and_the_corpus(whole: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_CACHE", str(tmp_path))
    guides = [path for path in sorted(CORPUS.glob("*")) if path.suffix in (".md", ".txt", ".html")]
    sources = intake([*guides[::5], *sorted((resources.folder("data") / "guides").iterdir())[::4]]).sources
    plain, kept = (
        [found(one) for one in check_all(sources, known, TODAY)]
        for known in (whole, index.of(shelf.key_of(["whole"]), lambda: whole))
    )
    assert kept == plain
    assert sum(len(findings) for findings, *_ in plain) > 0  # type: ignore[misc, arg-type]


@pytest.mark.slow
def test_of_a_table_of_official_names(whole: Reference, tmp_path: Path) -> None:
    """Every tenth row has the name of the one before, and every third lacks a word of its name."""
    every = [one for one in whole.entries if one.billable][:: 74_719 // 300]
    rows = []
    for number, one in enumerate(every):
        name = every[number - 1].name if number % 10 == 0 else one.name
        rows.append(f"| {one.code.value} | {' '.join(name.split()[number % 3 == 0 :])} |")
    guide = tmp_path / "table.md"
    table = "\n".join(["| ICD-10-CM | Description |", "|---|---|", *rows])
    guide.write_text(f"# J3262 tocilizumab\n\n## Diagnosis codes\n\n{table}\n", "utf-8")
    sources = intake([guide]).sources
    (plain,), (indexed,) = (
        [found(one) for one in check_all(sources, known, TODAY)] for known in (whole, index.of("", lambda: whole))
    )
    assert indexed == plain
    assert len(plain[0]) >= 1  # type: ignore[arg-type]


_DRUGS = ("filgrastim", "filgrastim-sndz", "filgrastim-zzzz", "octreotide", "ampicillin", "ampicillin sodium", "iron")
_NAMES = ("Injection, {}, 1 mg", "Injection, {} (zarxio), biosimilar, 10 units", "{}, oral, 5 mg", "Unclassified drugs")
_TERMS = ("Left knee pain", "Right knee pain", "Knee pain, unspecified", "Fever without chills", "Other fever", "Pain")


@st.composite
def codes(draw: st.DrawFn) -> Entry:
    begins, ended = (draw(st.sampled_from(["", "2017-01-01", "2020-12-31"])) for _ in range(2))
    name = draw(st.sampled_from(_NAMES)).format(draw(st.sampled_from(_DRUGS)))
    return entry(f"hcpcs:J000{draw(st.integers(0, 6))}", name, begins=begins, ended=ended)


@st.composite
def diagnoses(draw: st.DrawFn) -> Entry:
    number, others = draw(st.integers(0, 9)), draw(st.lists(st.sampled_from(_TERMS), max_size=2))
    above = draw(st.sampled_from(["", "icd10cm:M25"]))
    billable = draw(st.booleans())
    return entry(f"icd10cm:M25.{number}", draw(st.sampled_from(_TERMS)), *others, billable=billable, above=above)


def statements() -> st.SearchStrategy[Assertion]:
    subjects = st.integers(0, 6).map("hcpcs:J000{}".format)
    return st.one_of(
        st.builds(says_drug, subjects, st.sampled_from(_DRUGS), st.sampled_from(["x", "zarxio, 10 units", "sodium"])),
        st.builds(says_unit, subjects, st.sampled_from(["1 mg", "10 units"])),
        st.builds(
            says, subjects, st.just(Relation.SUPPORTED_BY_DIAGNOSIS), st.integers(0, 9).map("icd10cm:M25.{}".format),
            st.sampled_from([*_TERMS, "knee", "Pain of the left knee", "Feverish"]), line=st.integers(1, 3),
        ),
    )  # fmt: skip


DRUGS: tuple[Drug, ...] = (drug("filgrastim", "Neupogen"), drug("filgrastim-sndz", "Zarxio", broader="filgrastim"))


@settings(max_examples=40)
@given(
    st.lists(codes(), max_size=7, unique_by=lambda one: (one.code, one.valid_from)),
    st.lists(diagnoses(), max_size=7, unique_by=lambda one: one.code),
    st.lists(statements(), max_size=12),
    st.sampled_from([None, date(2018, 1, 1), TODAY]),
)
def test_of_any_releases(hcpcs: list[Entry], icd: list[Entry], stated: list[Assertion], day: date | None) -> None:
    heading = Entry(Code.parse("icd10cm:M25"), "Pain", billable=False)
    editions = [
        Edition(release(CodeSystem.HCPCS), tuple(hcpcs)),
        Edition(release(CodeSystem.ICD10CM), (heading, *icd)),
    ]
    plain = Reference.of(editions, DRUGS)
    indexed = index.of("", lambda: plain)
    assert Judge(indexed, day).judge(stated) == Judge(plain, day).judge(stated)


def test_an_index_on_the_disk_answers_as_one_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it was damaged between two documents."""
    monkeypatch.setenv("KG_CACHE", str(tmp_path))
    known = Reference.of(
        [Edition(release(CodeSystem.ICD10CM), tuple(entry(f"icd10cm:A0{n}", t) for n, t in enumerate(_TERMS)))]
    )
    stated = [says("J0001", Relation.SUPPORTED_BY_DIAGNOSIS, f"icd10cm:A0{n}", "Fever, no chills") for n in range(6)]
    plain = Judge(known, TODAY).judge(stated)
    key = shelf.key_of(["this"])
    for _ in range(3):
        assert Judge(index.of(key, lambda: known), TODAY).judge(stated) == plain
        for file in (tmp_path / key).iterdir():
            file.write_bytes(file.read_bytes()[:-9])
    assert {file.name for file in (tmp_path / key).iterdir()} == {"reference", "names-icd10cm-0"}
