"""With the index and without it, releases say the same; where they change, so does the index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import resources, shelf
from kg.errors import ReleaseError
from kg.model import Code, CodeSystem, Concept, Kind, Quantity, Relation, Statement
from kg.reference import Drug, Edition, Entry, Reference, Release, index, load
from kg.reference.descriptors import Descriptor
from kg.reference.sources import readers
from kg.reference.stored import StoredReleases

HCPCS, ICD, NDC = CodeSystem.HCPCS, CodeSystem.ICD10CM, CodeSystem.NDC
DAY = date(2020, 1, 1)


def release(system: CodeSystem, year: int, *, complete: bool = True, labels: bool = False) -> Release:
    day = date(year, 1, 1)
    return Release(
        f"{system}-{year}", system, f"{system} {year}", day, complete, "", "", labels=labels, dated=year > 2019
    )


@st.composite
def entries(draw: st.DrawFn, system: CodeSystem) -> Entry:
    days = st.none() | st.sampled_from([DAY, date(2021, 6, 30), date(2023, 1, 1)])
    number = draw(st.integers(0, 4))
    value = f"J000{number}" if system is HCPCS else f"A0{number}" if number else "A00-B99"
    words = st.sampled_from(
        ["Injection, filgrastim, 1 mg", "Fever", "Injection, infliximab-dyyb (inflectra), 10 mg", "é"]
    )
    unit = Quantity(Decimal("0.5"), "mg", "0.5 mg")
    facts = Descriptor("filgrastim", ("neupogen",), True, unit, ("hospira",), frozenset({"oral", "nasal"}))
    return Entry(
        Code(system, value),
        draw(words),
        broader=draw(st.none() | st.just(Code(system, "A00-B99"))),
        billable=draw(st.sampled_from([None, True, False])),
        valid_from=draw(days),
        valid_through=draw(days),
        turned=draw(st.sampled_from([(), (DAY,)])),
        owner=draw(st.sampled_from(["", "ama"])),
        names=draw(st.sampled_from([(), ("Pyrexia", "Heat")])),
        notes=draw(st.sampled_from([(), (("includes", "chills"),)])),
        row=draw(st.integers(0, 2)),
        facts=draw(st.sampled_from([None, facts])) if system is HCPCS else None,
    )


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    system = draw(st.sampled_from([HCPCS, ICD, NDC]))
    known = release(system, draw(st.integers(2019, 2022)), complete=draw(st.booleans()), labels=draw(st.booleans()))
    drug, code = Concept.named(Kind.DRUG, "Filgrastim"), Concept.parse("hcpcs:J0001", "called so")
    says = Statement(code, Relation.IDENTIFIES_DRUG, drug, 3, "text", DAY, None, (("units", "2"),))
    if system is NDC:
        return Edition(known, (), tuple(draw(st.lists(st.just(says), max_size=2))))
    some = draw(st.lists(entries(system), max_size=5, unique_by=lambda entry: (entry.code, entry.valid_from)))
    return Edition(known, tuple(some), draw(st.sampled_from([(), (says,)])))


DRUGS = (
    Drug(Concept.named(Kind.DRUG, "Filgrastim"), ("Neupogen",)),
    Drug(Concept.named(Kind.DRUG, "infliximab-dyyb"), ("Inflectra",), Concept.named(Kind.DRUG, "infliximab")),
)


def unkept(whole: Reference) -> Reference:
    return index.of("", lambda: whole)


def told(thing: object) -> object:
    """All fields, also those that are not compared; sets have no order."""
    if is_dataclass(thing):
        return [told(getattr(thing, field.name)) for field in fields(thing)]
    if isinstance(thing, tuple):
        return [*map(told, thing)]
    return thing


@settings(max_examples=40)
@given(st.lists(editions(), max_size=4), st.sampled_from([None, DAY, date(2022, 5, 5)]))
def test_the_index_says_what_the_releases_say(found: list[Edition], day: date | None) -> None:
    whole = Reference.of(found, DRUGS)
    indexed, plain = unkept(whole).on(day), whole.on(day)
    # Names do not count where concepts are compared, nor the day on which anything is asked.
    assert [*map(told, indexed.meanings)] == [*map(told, plain.meanings)]
    assert [*map(told, indexed.drugs)] == [*map(told, plain.drugs)]
    assert list(indexed.entries) == list(plain.entries)
    assert list(indexed.statements) == list(plain.statements)
    assert indexed.releases == plain.releases
    assert len(indexed) == len(plain)
    for subject in [*plain.subjects, Concept.parse("J9999")]:
        assert [*map(told, indexed.stated_of(subject))] == [*map(told, plain.stated_of(subject))]
    for code in [*plain.tables.meanings, Code.parse("J9999")]:
        for ask in ("entry", "release_of", "complete_with", "complete", "speaks_of"):
            assert getattr(indexed, ask)(code) == getattr(plain, ask)(code)
        assert list(indexed.names(code)) == list(plain.names(code))
    for system in CodeSystem:
        assert list(indexed.codes(system)) == list(plain.codes(system))
        assert indexed.era(system) == plain.era(system)


def test_in_an_era_every_code_means_the_same() -> None:
    first = Entry(Code.parse("J0001"), "one", valid_from=DAY, valid_through=date(2020, 12, 31))
    second = Entry(Code.parse("J0001"), "two", valid_from=date(2022, 1, 1))
    known = Reference.of([Edition(release(HCPCS, 2022), (first, second))])
    days = [date(2019, 1, 1), DAY, date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1)]
    assert [known.on(day).era(HCPCS) for day in days] == [0, 1, 1, 2, 2, 3]
    assert known.era(HCPCS) is None
    assert known.on(DAY).era(ICD) == 0


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """No diagnoses, which take seconds to read."""
    monkeypatch.setattr("kg.reference.bundled.diagnoses", lambda: iter(()))


NUCC = "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section\n"
ROW = "207RR0500X,Allopathic,Internal Medicine,Rheumatology,,,Rheumatology Physician,Individual\n"


def added(folder: Path, name: str, *rows: str) -> None:
    file = folder.parent / name
    file.write_text(NUCC + "".join(rows), "utf-8")
    StoredReleases(folder).add(file, since=date(2025, 7, 1), replace=True)


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_releases_that_changed_are_read_again(cache: Path, tmp_path: Path) -> None:
    releases, code = tmp_path / "releases", Code.parse("207RR0500X")
    added(releases, "nucc_taxonomy_251.csv", ROW)
    first = index.key_of(releases)
    for name in ("Rheumatologist", "Joint doctor"):
        added(releases, "nucc_taxonomy_251.csv", ROW.replace(",Rheumatology,", f",{name},"))
        names = list(index.indexed(releases).names(code))
        assert name in [given for given, _ in names]
        assert names == list(load(readers(releases)).names(code))
    assert index.key_of(releases) != first
    assert len(list(cache.glob("made-*"))) == 2


@pytest.mark.slow
@pytest.mark.usefixtures("small", "cache")
def test_a_stored_file_that_was_touched_is_refused_as_without_the_index(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    added(releases, "nucc_taxonomy_251.csv", ROW)
    index.indexed(releases)
    (stored,) = releases.glob("*/nucc*")
    stored.write_text(NUCC, "utf-8")
    with pytest.raises(ReleaseError, match="not as it was stored"):
        index.indexed(releases)


def test_what_is_there_is_read_once(cache: Path) -> None:
    def read() -> Reference:
        nonlocal count
        count += 1
        return Reference.of([Edition(release(HCPCS, 2022), (Entry(Code.parse("J0001"), "one"),))])

    count, key = 0, shelf.key_of(["x"])
    for _ in range(2):
        assert index.of(key, read).describes(Concept.parse("J0001"))
    assert count == 1
    assert (cache / key / "reference").exists()
    (cache / key / "reference").write_bytes(b"?")
    assert index.of(key, read).describes(Concept.parse("J0001"))
    assert count == 2


def test_a_table_of_ours_that_changes_changes_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def names() -> Iterator[Path]:
        yield tmp_path / "drugs.tsv"

    (tmp_path / "drugs.tsv").write_text("name\n")
    monkeypatch.setattr(index, "_files", lambda *_, **__: names())
    before = index.key_of()
    (tmp_path / "drugs.tsv").write_text("name\nfilgrastim\n")
    assert index.key_of() not in (before, "")
    (tmp_path / "drugs.tsv").unlink()
    assert index.key_of() == ""


def test_all_that_it_is_made_of_is_in_the_key() -> None:
    files = set(index._files(None, icd10cm_package=True))
    assert resources.path("data", "reference", "hcpcs.tsv") in files
    assert resources.path("data", "names", "drugs.tsv") in files
    assert resources.path("data", "coverage", "words.tsv") in files
    assert any(file.suffix == ".xml" for file in files)
    assert {"meanings.py", "shelf.py", "names.py", "codes.py", "hcpcs.py"} <= {file.name for file in files}
