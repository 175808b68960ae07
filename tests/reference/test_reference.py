from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kg import resources
from kg.errors import ResourceError
from kg.model import Code, CodeSystem, Concept, Kind, Relation, Statement
from kg.reference import Drug, Edition, Entry, LeftOut, Reference, Release, bundled, icd10cm, load
from kg.reference.records import reasons

ICD10CM = CodeSystem.ICD10CM


@pytest.fixture(scope="session")
def diagnoses() -> dict[str, Entry]:
    """All of ICD-10-CM, read once."""
    (edition,) = icd10cm.read()
    return {entry.code.value: entry for entry in edition.entries}


def test_all_of_icd_10_cm(diagnoses: dict[str, Entry]) -> None:
    # The package counts 98,505: it lists a block and the one category in it (B99) twice under one code.
    assert len(diagnoses) == 98_466
    assert sum(entry.billable is True for entry in diagnoses.values()) == 74_719
    assert icd10cm.RELEASE.complete


def test_a_code_and_what_it_stands_under(diagnoses: dict[str, Entry]) -> None:
    code = diagnoses["M05.79"]
    assert code.billable is True
    assert code.name.startswith("Rheumatoid arthritis with rheumatoid factor of multiple sites")
    above = []
    while code.broader is not None:
        above.append(code.broader.value)
        code = diagnoses[code.broader.value]
    assert above == ["M05.7", "M05", "M05-M14", "M00-M99"]
    assert code.name == "Diseases of the musculoskeletal system and connective tissue"


def test_headings_cannot_be_billed(diagnoses: dict[str, Entry]) -> None:
    assert [diagnoses[code].billable for code in ("M05", "M05.7", "M05-M14", "M00-M99")] == [False] * 4


def test_a_block_of_one_category_is_that_category(diagnoses: dict[str, Entry]) -> None:
    assert diagnoses["B99"].broader == Code(ICD10CM, "A00-B99")
    assert diagnoses["B99.9"].broader == Code(ICD10CM, "B99")


def test_every_code_is_one_that_we_can_read(diagnoses: dict[str, Entry]) -> None:
    codes = [code for code in diagnoses if "-" not in code]
    assert [Code.parse(code, ICD10CM).value for code in codes] == codes
    assert all(entry.broader is None or entry.broader.value in diagnoses for entry in diagnoses.values())


def test_the_bundled_tables() -> None:
    editions = {edition.release.identifier: edition for edition in bundled.read()}
    complete = {name for name, edition in editions.items() if edition.release.complete}
    assert complete == {"bundled-hcpcs", "bundled-hcpcs-modifiers", "bundled-nucc"}
    names = {entry.code.value: entry.name for entry in editions["bundled-hcpcs"].entries}
    assert len(names) > 8_000
    assert names["J3262"] == "Tocilizumab injection"
    assert {entry.owner for entry in editions["bundled-modifiers"].entries} == {"cms", "ama"}
    assert not any(entry.name for entry in editions["bundled-nucc"].entries)


def test_what_the_bundled_tables_say_of_days() -> None:
    known = load((bundled.read,))
    code = Code.parse("J1440")
    meant = {day: known.on(day).entry(code) for day in (date(2013, 6, 1), date(2024, 1, 1))}
    assert [entry and entry.called for entry in meant.values()] == [
        "filgrastim, 300 mcg",
        "fecal microbiota, live - jslm, 1 ml",
    ]
    assert known.on(date(2013, 6, 1)).complete(Code.parse("J9999")) is None
    assert known.on(date(2018, 6, 1)).complete(Code.parse("J9999")) is not None


def test_names_of_a_table_that_says_more_go_before_labels() -> None:
    known = load((bundled.read,))
    jw, rheumatology = Code.parse("JW", CodeSystem.MODIFIER), Code.parse("207RR0500X")
    for code, words in ((jw, "discarded"), (rheumatology, "Rheumatology")):
        assert (entry := known.entry(code))
        assert words in entry.name
        assert known.complete_with(code)


def test_the_drugs() -> None:
    drugs = {drug.concept.key: drug for drug in bundled.drugs()}
    assert "Actemra" in drugs["tocilizumab"].brands
    assert all(drug.broader is None or drug.broader.key in drugs for drug in drugs.values())


TABLES = {
    "releases.tsv": "identifier\tsystem\ttitle\tissued\tsince\tcomplete\tlicence\tfile\tnames\toutside\n"
    "x\thcpcs\tX\t2025-10-01\t-\tfalse\tpublic\tx.tsv\tofficial\t-\n",
    "x.tsv": "code\tname\tadded\tended\nJ3262\tInjection\t2011-01-01\t-\n",
}


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tables that a test may break."""
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    for name, content in TABLES.items():
        (folder / name).write_text(content)
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path / name)
    return folder


def test_reading_a_table(tables: Path) -> None:
    (edition,) = bundled.read()
    assert edition.release == Release("x", CodeSystem.HCPCS, "X", date(2025, 10, 1), False, "public", "x.tsv")
    assert edition.entries == (Entry(Code.parse("J3262"), "Injection", valid_from=date(2011, 1, 1)),)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("x.tsv", "J3262", "J32", "data/reference/x.tsv: not a HCPCS Level II code: 'J32'"),
        ("x.tsv", "2011-01-01", "2011", "data/reference/x.tsv: not a date: '2011'"),
        ("x.tsv", "\t-", "", "x.tsv:2: 3 cells where 4 are named: 'J3262\\tInjection\\t2011-01-01'"),
        ("releases.tsv", "false", "no", "data/reference/releases.tsv: 'no' is none of true, false"),
        ("releases.tsv", "\thcpcs", "\ticd9", "releases.tsv: 'icd9' is none of hcpcs, cpt"),
        ("releases.tsv", "x.tsv", "y.tsv", "without its file data/reference/y.tsv"),
    ],
)
def test_a_broken_table(tables: Path, file: str, old: str, new: str, message: str) -> None:
    (tables / file).write_text(TABLES[file].replace(old, new))
    with pytest.raises(ResourceError) as error:
        list(bundled.read())
    assert message in str(error.value)


def release(identifier: str, complete: bool) -> Release:
    return Release(identifier, CodeSystem.HCPCS, identifier, None, complete, "public", "here")


def test_the_complete_release_is_believed() -> None:
    code = Code.parse("J3262")
    some = Edition(release("some", False), (Entry(code, "some"), Entry(Code.parse("J0129"), "only here")))
    whole = Edition(release("whole", True), (Entry(code, "whole"),))
    known = Reference.of([some, whole])
    assert known.complete(code) == known.complete(Code.parse("J9999")) == whole.release
    assert known.complete(Code.parse("96413")) is None
    assert (known.complete_with(code), known.complete_with(Code.parse("J0129"))) == (whole.release, None)
    assert (known.entry(code), known.release_of(code)) == (whole.entries[0], whole.release)
    assert known.release_of(Code.parse("J0129")) == some.release
    assert {entry.name for entry in known.entries} == {"whole", "only here"}
    assert known.entry(Code.parse("J9999")) is known.release_of(Code.parse("J9999")) is None


def test_what_is_described() -> None:
    drug = Drug(Concept.named(Kind.DRUG, "tocilizumab"))
    known = Reference.of([Edition(release("some", False), (Entry(Code.parse("J3262"), "x"),))], [drug])
    assert len(known) == 2
    assert known.describes(Concept.parse("J3262"))
    assert known.describes(Concept.parse("drug:tocilizumab"))
    assert not known.describes(Concept.parse("drug:aspirin"))
    assert not known.describes(Concept.parse("J9999"))


def test_a_reader_of_another_format_is_a_function() -> None:
    def read() -> Iterator[Edition]:
        yield Edition(release("mine", True), (Entry(Code.parse("J3262"), "mine"),))

    known = load([read])
    entry = known.entry(Code.parse("J3262"))
    assert entry is not None
    assert entry.name == "mine"
    assert list(known.drugs)


def test_many_rows_left_out_are_counted_as_many() -> None:
    left_out = (
        LeftOut(1, "not an NDC: '1'"),
        LeftOut(2, "never in force"),
        LeftOut(0, "98 more: never in force", count=98),
    )
    assert reasons(Edition(release("some", False), left_out=left_out)) == {"never in force": 99, "not an NDC": 1}


def quarter(issued: date, *statements: Statement, series: str = "list") -> Edition:
    name = f"list-{issued}"
    release = Release(name, CodeSystem.CPT, name, issued, False, "public", "here", series=series)
    return Edition(release, statements=statements)


def lasting(reference: Reference) -> list[tuple[str, str, str]]:
    return [
        (release.identifier, str(statement.valid_from), str(statement.valid_through))
        for release, statement in reference.statements
    ]


def test_what_an_edition_of_a_series_states_holds_until_the_next_one() -> None:
    first, second = Concept.parse("cpt:96415"), Concept.parse("cpt:96413")
    spring, summer, autumn = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)

    def stated(since: date, through: date | None = None) -> Statement:
        return Statement(first, Relation.ADD_ON_TO, second, 1, "", since, through)

    editions = [
        quarter(spring, stated(date(2013, 4, 1)), stated(date(2013, 4, 1), date(2020, 12, 31)), stated(summer)),
        quarter(autumn, stated(autumn)),
        quarter(summer, stated(summer, date(2030, 12, 31))),
    ]
    assert lasting(Reference.of(editions)) == [
        ("list-2026-10-01", "2026-10-01", "None"),
        ("list-2026-07-01", "2026-07-01", "2026-09-30"),
        ("list-2026-04-01", "2013-04-01", "2026-06-30"),
        ("list-2026-04-01", "2013-04-01", "2020-12-31"),
    ]


def test_editions_of_no_series_of_one_day_or_of_another_series_end_nothing() -> None:
    spring, summer = date(2026, 4, 1), date(2026, 7, 1)
    pair = Statement(Concept.parse("cpt:96415"), Relation.ADD_ON_TO, Concept.parse("cpt:96413"), 1, "", spring)
    for later in (quarter(summer, series="other"), quarter(summer, series=""), quarter(spring)):
        assert lasting(Reference.of([quarter(spring, pair), later])) == [("list-2026-04-01", "2026-04-01", "None")]
    assert lasting(Reference.of([quarter(spring, pair, series=""), quarter(summer, series="")])) == [
        ("list-2026-04-01", "2026-04-01", "None")
    ]
