"""A document held against releases, without a graph."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg import documents
from kg.documents import intake
from kg.errors import DocumentError
from kg.model import Assertion, Code, CodeSystem, Concept, Verdict
from kg.reference import Edition, Entry, Reference, Release, load
from kg.reference.bundled import read
from kg.verification import Checked, Judge, check, check_all

HCPCS = Release("hcpcs", CodeSystem.HCPCS, "HCPCS October 2025", date(2025, 10, 1), True, "public", "here", dated=True)
ICD = Release("icd", CodeSystem.ICD10CM, "ICD-10-CM", date(2025, 10, 1), True, "public", "here")


def code(curie: str) -> Code:
    return Code.parse(curie)


CODES = (
    Entry(code("hcpcs:J1300"), "Injection, eculizumab, 10 mg", valid_through=date(2025, 3, 31), row=7),
    Entry(code("hcpcs:J2356"), "Injection, tezepelumab-ekko, 1 mg"),
    Entry(code("hcpcs:J3032"), "Injection, eptinezumab-jjmr, 1 mg"),
    Entry(code("hcpcs:J3262"), "Injection, tocilizumab, 1 mg"),
)
DIAGNOSES = (
    Entry(code("icd10cm:M06"), "Other rheumatoid arthritis", billable=False),
    Entry(code("icd10cm:M06.9"), "Rheumatoid arthritis, unspecified", code("icd10cm:M06"), True),
    Entry(code("icd10cm:D59.5"), "Paroxysmal nocturnal hemoglobinuria", billable=True),
)
BUNDLED = load([read])
REFERENCE = Reference.of([Edition(HCPCS, CODES), Edition(ICD, DIAGNOSES)])


def checked(text: str, reference: Reference = REFERENCE, as_of: date | None = None) -> Checked:
    return check(documents.parse(text.encode(), "guide.md"), Judge(reference, as_of), reference)


def codes(found: Checked) -> list[tuple[str, str, int, str, str]]:
    """Code, name, line, verdict and suggestion of each."""
    rows = []
    for one in found.codes:
        better = one.suggestion.key if one.suggestion else ""
        rows.append((one.concept.key, one.concept.name or "", one.line, one.verdict.value, better))
    return rows


def test_only_a_complete_release_refutes_by_absence() -> None:
    text = "# HCPCS Code J3262\n\n## Diagnoses\n- M06.8: Something\n"
    (finding,) = checked(text).findings
    assert (finding.verdict, finding.check, finding.concept.key) == (Verdict.REFUTED, "no_such_code", "M06.8")
    some = Release("icd", CodeSystem.ICD10CM, "Some", None, False, "public", "here")
    assert checked(text, Reference.of([Edition(HCPCS, CODES), Edition(some, DIAGNOSES)])).findings == []


def test_findings_come_worst_first_and_verdicts_by_assertion() -> None:
    found = checked(
        "# HCPCS Code J3262\n\nJ3262 identifies tocilizumab.\n\n"
        "## Diagnoses\n- M06: Other rheumatoid arthritis\n- M06.8: Something\n- M06.9: Rheumatoid arthritis\n"
    )
    assert [(one.verdict.value, one.check) for one in found.findings] == [
        ("refuted", "no_such_code"),
        ("disputed", "heading"),
    ]
    by_object = {one.object.key: verdict.value for one, verdict in found.verdicts.items()}
    assert by_object == {
        "tocilizumab": "corroborated", "M06": "disputed", "M06.8": "refuted", "M06.9": "consistent",
    }  # fmt: skip
    assert all(isinstance(one, Assertion) for one in found.assertions)


def test_every_code_under_its_name_in_the_order_of_the_document() -> None:
    found = checked(
        "# HCPCS Code J3262\n\n## Diagnoses\n- M06.9: Rheumatoid arthritis\n"
        "- D59.5: Rheumatoid arthritis, unspecified\n\n## Notes\nJ3262 identifies tocilizumab.\n"
    )
    assert codes(found) == [
        ("M06.9", "Rheumatoid arthritis", 4, "consistent", ""),
        ("D59.5", "Rheumatoid arthritis, unspecified", 5, "disputed", "M06.9"),
        ("J3262", "tocilizumab", 8, "consistent", ""),
    ]
    assert found.codes[1].official == "Paroxysmal nocturnal hemoglobinuria"


def test_a_code_of_another_drug() -> None:
    found = checked("# HCPCS Code J3032\n\nJ3032 identifies tezepelumab (Tezspire).\n")
    assert codes(found) == [("J3032", "tezepelumab", 3, "refuted", "J2356")]


def test_a_code_that_has_ended_has_done_so_under_any_name() -> None:
    text = "# HCPCS Code J1300\n\nJ1300 identifies eculizumab (Soliris).\n\n## Diagnoses\n- D59.5: PNH\n"
    after = checked(text, as_of=date(2025, 4, 1))
    assert [(one[0], one[1], one[3]) for one in codes(after)] == [
        ("J1300", "eculizumab", "disputed"),
        ("D59.5", "PNH", "unchecked"),
    ]
    assert after.unchecked == {
        Concept.parse("icd10cm:D59.5"): "the day lies before the oldest complete release of ICD-10-CM here"
    }
    (finding,) = after.findings
    assert (finding.reason, finding.row) == ("ended on 2025-03-31 (HCPCS October 2025)", 7)
    assert checked(text, as_of=date(2025, 3, 31)).findings == []
    assert checked(text).findings == [], "without a day, no code has ended"


def test_no_code_is_consistent_beside_a_finding_about_it() -> None:
    found = checked("# HCPCS Code J3262\n\nJ3262 identifies tocilizumab, billed per 10 mg.\n")
    assert [(one.check, one.suggestion) for one in found.findings] == [
        ("other_unit", Concept.parse("quantity:1-mg", "1 mg"))
    ]
    assert codes(found) == [("J3262", "tocilizumab", 3, "refuted", "")], "the unit that was meant is no code"


def test_a_wrong_drug_under_a_longer_name() -> None:
    found = checked("| HCPCS | Drug | ICD-10-CM |\n|---|---|---|\n| J3032 | Tezspire (tezepelumab) | M06.9 |\n")
    assert {(code.concept.key, code.verdict.value) for code in found.codes} == {
        ("J3032", "refuted"), ("M06.9", "consistent"),
    }  # fmt: skip


def test_names_that_may_not_be_shown_are_not() -> None:
    cpt = Release("cpt", CodeSystem.CPT, "CPT", None, True, "AMA", "here", quotable=False)
    reference = Reference.of([Edition(HCPCS, CODES), Edition(cpt, (Entry(code("cpt:96413"), "words of the owner"),))])
    found = checked("# HCPCS Code J3262\n\n## Related CPT Codes\n- 96413: Infusion\n", reference)
    assert [(one.concept.key, one.official) for one in found.codes if one.concept.key == "96413"] == [("96413", "")]


def test_an_assertion_that_stands_twice_is_judged_once() -> None:
    found = checked("# HCPCS Code J3262\n\nJ3262 is supported by M06.9.\n\nJ3262 is supported by M06.9.\n")
    assert len({one.identifier for one in found.assertions}) == len(found.assertions)
    assert set(found.verdicts) == set(found.assertions)


GUIDE = "# HCPCS Code J3262\n\n## Diagnoses\n- M06: Other rheumatoid arthritis\n"


def test_files_and_folders(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "guide.md").write_text(f"{GUIDE}\n{folder}\n")
    (tmp_path / "a" / "other.md").write_text(GUIDE)
    found = list(check_all(intake([tmp_path]).sources, REFERENCE))
    assert [one.path for one in found] == [str(tmp_path / name) for name in ("b/guide.md", "a/guide.md", "a/other.md")]
    second, first, other = (one.document for one in found)
    assert other.identifier == "other"
    assert first.identifier == f"guide-{first.checksum[:12]}"
    assert second.identifier == f"guide-{second.checksum[:12]}"
    assert {one.evidence.document for one in found[1].assertions} == {first.identifier}


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"it\x00s")
    (tmp_path / "good.md").write_text(GUIDE)
    with pytest.raises(DocumentError, match=r"bad\.md:1: not text"):
        list(check_all(intake([tmp_path]).sources, REFERENCE))
    problems: list[DocumentError] = []
    (one,) = check_all(intake([tmp_path]).sources, REFERENCE, problems=problems)
    assert one.document.name == "good.md"
    assert [str(problem) for problem in problems] == [f"{tmp_path}/bad.md:1: not text: character U+0000 at offset 2"]
    with pytest.raises(DocumentError, match="no such file"):
        intake([tmp_path / "none.md"])


def test_bytes() -> None:
    (one,) = check_all(intake([], GUIDE.encode()).sources, REFERENCE)
    assert (one.path, [finding.check for finding in one.findings]) == ("-", ["heading"])


def test_every_wrong_name_of_a_code_that_is_only_mentioned_is_a_finding_and_a_missing_code_is_one_alone() -> None:
    names = ("Other rheumatoid arthritis", "Gout", "Rheumatoid arthritis, unspecified")
    result = checked("# Some codes\n\n" + "".join(f"- D59.5: {name}\n" for name in names))
    assert [(one.stated, one.assertion.evidence.line) for one in result.findings] == [
        ("Other rheumatoid arthritis", 3),
        ("Rheumatoid arthritis, unspecified", 5),
    ]
    assert [verdict for _, _, _, verdict, _ in codes(result)] == ["disputed", "consistent", "disputed"]
    missing = checked("# Some codes\n\n- D59.6: Gout\n- D59.6: Angina\n").findings
    assert [one.check for one in missing] == ["no_such_code"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("J0588", "HC PR INJECTION, INCOBOTULINUMTOXIN A, 1 UNIT"),
        ("A9578", "MRI CON MULTIHANCE MULTIPK 1ML"),
        ("Q2043", "SIPULEUCEL-T-LACTATED RINGERS 50 MILLION CELL/250 ML"),
        ("J7110", "DEXTRAN 75 IN DEXTROSE"),
        ("Q4108", "DRESSING INTEGRA WOUND 1X3"),
        ("J3262", "none"),
    ],
)
def test_what_names_the_drug_of_a_code_in_other_words_is_no_mistake(code: str, text: str) -> None:
    page = f"| HCPCS | Description |\n|---|---|\n| {code} | {text} |\n"
    assert [one for one in checked(page, BUNDLED).findings if one.check == "other_drug"] == []


def test_a_line_of_a_charge_list_beside_the_code_of_another_drug_is_refuted() -> None:
    page = "| HCPCS | Description |\n|---|---|\n| J3262 | METOCLOPRAM 5/ML 10ML INJ |\n"
    (finding,) = checked(page, BUNDLED, date(2025, 10, 15)).findings
    assert (finding.verdict, finding.suggestion and finding.suggestion.key) == (Verdict.REFUTED, "J2765")


def test_an_ndc_that_cannot_be_read_is_told_as_not_checked() -> None:
    page = (
        "| HCPCS | NDC | NDC units |\n|---|---|---|\n| J3262 | 50242-0135 | 400000000 |\n"
        "| J3262 | 502420135, 50242-0135-01 | 1 |\n| J3262 | see label | 1 |\n| J3262 | 50242-0135 | 1 |\n"
    )
    result = checked(page)
    unreadable = {concept.key: why for concept, why in result.unchecked.items() if "package" in why}
    assert unreadable == dict.fromkeys(
        ("50242-0135", "502420135"), "that is no NDC of a package, which has 5, 4 and 2 digits"
    )
    assert [(one.line, one.verdict) for one in result.codes if one.concept.key in unreadable] == [
        (3, Verdict.UNCHECKED),
        (4, Verdict.UNCHECKED),
    ]


def test_a_notebook_shows_each_code_and_what_is_wrong() -> None:
    html = check(
        documents.parse(b"J3032 identifies <b>tezepelumab</b>.\n", "<i>.txt"), Judge(REFERENCE), REFERENCE
    )._repr_html_()
    assert "checked 1 of 1 codes" in html
    assert "hcpcs:J3032" in html
    assert "✗ refuted" in html
    assert "hcpcs:J2356" in html
    assert "1 finding<" in html
    assert "<i>" not in html
    right = check(documents.parse(b"J3262 identifies tocilizumab.\n", "a.txt"), Judge(REFERENCE), REFERENCE)
    assert "finding" not in right._repr_html_()
    assert right.findings == []
