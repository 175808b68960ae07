from __future__ import annotations

import tracemalloc
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.model import CodeSystem, Kind, Relation
from kg.reference.formats import asp, icd10cm_order, icd10cm_tabular, ncci_mue, ncci_ptp
from kg.reference.left_out import KEPT
from kg.reference.release import Edition, Format, ManyStatements, ReleaseFile
from kg.reference.release_files import open_release
from tests.data.official import REFERENCE, needs_reference

PTP_HEAD = """CPT only copyright.  All rights reserved.\t\t\t\t\t\t
Column1/Column2 Edits\t\t\t\t\t\t
Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale
\t\tprior to 1996\tDate\tDate\t0=not allowed\t
\t\t\t\t*=no data\t1=allowed\t
\t\t\t\t\t9=not applicable\t
"""
PTP = PTP_HEAD + (
    "96413\t36000\t\t20180701\t*\t1\tStandards of practice\r\n"
    "J3262\t96372\t*\t19960101\t20260630\t0\tMisuse\r\n"
    "0001U\t0028U\t\t20180701\t20180701\t9\tMutually exclusive\r\n"
    "0001U\t0029U\t\t20180701\t20180630\t1\tMutually exclusive\r\n"
)
MUE = (
    '"CPT codes only are copyright.\n\nCPT\xae is a trademark, ""registered"".\n",,,\n'
    '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n'
    "96413,1,2 Date of Service Edit: Policy,Code Descriptor\n"
    "J3262,800,3 Date of Service Edit: Clinical,\n"
)
PTP_NAME, MUE_NAME = "ccipra-v322r0-f1.TXT", "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"


def file(content: str | bytes, name: str, since: date | None = None, outer: str = "") -> ReleaseFile:
    data = content.encode("cp1252") if isinstance(content, str) else content
    return ReleaseFile(name, data, f"here/{name}", (name, outer), since)


def ptp(content: str | bytes = PTP, name: str = PTP_NAME, since: date | None = None, outer: str = "") -> Edition:
    (edition,) = ncci_ptp.FORMAT.read(file(content, name, since, outer))
    return edition


def mue(content: str | bytes = MUE, name: str = MUE_NAME, since: date | None = None) -> Edition:
    (edition,) = ncci_mue.FORMAT.read(file(content, name, since))
    return edition


def test_codes_that_are_not_paid_together() -> None:
    first, second = ptp().statements
    assert (first.subject.curie, first.relation, first.object.curie) == (
        "cpt:96413",
        Relation.BUNDLED_WITH,
        "cpt:36000",
    )
    assert first.details == (("modifierIndicator", "1"), ("rationale", "Standards of practice"))
    assert (first.valid_from, first.valid_through, first.row) == (date(2018, 7, 1), None, 7)
    assert (second.subject.curie, second.valid_through) == ("hcpcs:J3262", date(2026, 6, 30))
    assert second.text == "J3262 | 96372 | * | 19960101 | 20260630 | 0 | Misuse"


def test_statements_are_read_anew_each_time() -> None:
    statements = ptp().statements
    assert list(statements) == list(statements)
    assert not isinstance(statements, tuple | list)


@pytest.mark.parametrize("wanted", [(), ("cpt:36000",), ("hcpcs:J3262", "cpt:36000"), ("cpt:96372",), ("cpt:99999",)])
def test_edits_of_which_no_code_is_wanted_are_counted_and_not_made(wanted: tuple[str, ...]) -> None:
    more = (
        "J3262\t96372\t\t2018-07-01\t*\t1\tx\nJ32\t36000\t\t20180701\t*\t1\tx\n\n J3262 \t96372\t\t20180701 \t*\t 1\r\n"
    )
    statements = ptp(PTP + more).statements
    assert isinstance(statements, ManyStatements)
    assert list(statements.speaking_of(lambda concept: concept.curie in wanted)) == [
        one if {one.subject.curie, one.object.curie} & set(wanted) else None for one in statements
    ]


def test_edits_that_were_never_in_force_are_left_out() -> None:
    edition = ptp()
    assert [(left.row, left.reason) for left in edition.left_out] == [(9, "never in force"), (10, "never in force")]
    assert edition.rows == 4


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("J32\t96372\t\t20180701\t*\t1\tx", "neither a HCPCS nor a CPT code"),
        ("J3262\t\t\t20180701\t*\t1\tx", "neither a HCPCS nor a CPT code"),
        ("J3262\t96372\t\t20181301\t*\t1\tx", "not a date"),
        ("J3262\t96372\t\t2018-07-01\t*\t1\tx", "not a date"),
        ("J3262\t96372\t\t*\t*\t1\tx", "no effective date"),
        ("J3262\t96372\t\t20180701\tnever\t1\tx", "not a date"),
        ("J3262\t96372\t\t20180701\t*\t7\tx", "not a modifier indicator"),
        ("J3262\t96372\t\t20180701", "not a modifier indicator"),
        ("J3262,96372", "neither a HCPCS nor a CPT code"),
    ],
)
def test_rows_that_cannot_be_read(row: str, reason: str) -> None:
    edition = ptp(PTP + row + "\n\n")
    assert (edition.left_out[-1].row, edition.left_out[-1].reason, edition.rows) == (11, reason, 5)
    assert len(list(edition.statements)) == 2


@pytest.mark.parametrize(
    ("name", "outer", "since", "identifier"),
    [
        (PTP_NAME, "", None, "ncci-ptp-practitioner-2026-07-f1"),
        ("ccipra-v320r1-f3.txt", "", None, "ncci-ptp-practitioner-2026-01-f3"),
        ("ccioph-v313r0-f2.TXT", "", None, "ncci-ptp-outpatient-2025-10-f2"),
        ("edits.txt", "medicare-ncci-2026q3-practitioner-ptp-edits-f4.zip", None, "ncci-ptp-practitioner-2026-07-f4"),
        ("edits.txt", "", date(2026, 4, 1), "ncci-ptp-2026-04"),
        ("edits.txt", "", None, "ncci-ptp-undated"),
        ("DMESupplier_2026q3.txt", "", None, "ncci-ptp-dme-2026-07"),
        ("dme-2026q3.txt", "", None, "ncci-ptp-dme-2026-07"),
        ("admet-2026q3.txt", "", None, "ncci-ptp-2026-07"),
    ],
)
def test_the_release_is_told_by_its_name(name: str, outer: str, since: date | None, identifier: str) -> None:
    release = ptp(name=name, outer=outer, since=since).release
    assert release.identifier == identifier
    assert (release.system, release.complete) == (CodeSystem.CPT, False)


@pytest.mark.parametrize(
    ("column", "name", "identifier", "title", "said"),
    [
        ("Practitioner Services MUE Values", "a.csv", "practitioner", "practitioner", "practitioner services"),
        (
            "Outpatient Hospital Services MUE Values", "a.csv", "outpatient", "outpatient hospital",
            "outpatient hospital services",
        ),
        ("DME Supplier Services MUE Values", "a.csv", "dme", "DME supplier", "DME supplier services"),
        ("MUE Values", "MCR_MUE_DMESupplierServices.csv", "dme", "DME supplier", "DME supplier services"),
        ("DME Supplier Services MUE Values", MUE_NAME[:-15], "dme", "DME supplier", "DME supplier services"),
    ],
)  # fmt: skip
def test_limits_say_whose_services_they_are_for(column: str, name: str, identifier: str, title: str, said: str) -> None:
    edition = mue(MUE.replace("Practitioner Services MUE Values", column), name, date(2026, 7, 1))
    assert edition.release.identifier == f"ncci-mue-{identifier}-2026-07"
    assert edition.release.title == f"NCCI medically unlikely edits, {title}, July 2026"
    assert {dict(statement.details)["limitFor"] for statement in edition.statements} == {said}


def test_limits_of_nobody_known() -> None:
    edition = mue(MUE.replace("Practitioner Services MUE Values", "MUE Values"), "a.csv")
    assert edition.release.identifier == "ncci-mue-undated"
    assert not any("limitFor" in dict(statement.details) for statement in edition.statements)


def test_titles() -> None:
    assert ptp().release.title == "NCCI PTP edits, practitioner, July 2026, part 1"
    assert ptp(name="x").release.title == "NCCI PTP edits, of unknown date"


@pytest.mark.slow
def test_half_a_million_rows_stay_in_the_bytes() -> None:
    row = "0001U\t0028U\t\t20180701\t20180701\t9\tMutually exclusive\r\n96413\t36000\t\t20180701\t*\t1\tStandards\r\n"
    big = (PTP_HEAD + row * 20_000).encode()
    tracemalloc.start()
    edition = ptp(big)
    count = sum(1 for _ in edition.statements)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (edition.rows, count, len(edition.left_out)) == (40_000, 20_000, KEPT + 1)
    assert (edition.left_out[-1].row, edition.left_out[-1].reason) == (0, "19,000 more: never in force")
    assert peak < 4_000_000


def test_units_that_are_paid_at_most() -> None:
    edition = mue()
    one, many = edition.statements
    assert edition.release.identifier == "ncci-mue-practitioner-2026-07"
    assert (one.subject.curie, one.relation, one.object.kind) == ("cpt:96413", Relation.UNITS_LIMIT, Kind.QUANTITY)
    assert (one.object.key, one.object.name, one.row) == ("1-unit-of-service", "1 unit of service", 7)
    assert one.details == (
        ("limitFor", "practitioner services"),
        ("adjudicationIndicator", "2 Date of Service Edit: Policy"),
        ("rationale", "Code Descriptor"),
    )
    assert (one.valid_from, one.valid_through) == (date(2026, 7, 1), None)
    assert (many.subject.curie, many.object.name) == ("hcpcs:J3262", "800 units of service")
    assert many.details[1:] == (("adjudicationIndicator", "3 Date of Service Edit: Clinical"),)
    assert (edition.rows, edition.left_out) == (2, ())


def test_limits_that_cannot_be_read() -> None:
    edition = mue(MUE + "J3262,many,2,x\nxx,1,2,x\n")
    assert [(left.row, left.reason) for left in edition.left_out] == [
        (9, "not a number of units"),
        (10, "neither a HCPCS nor a CPT code"),
    ]
    assert edition.rows == 4


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ReleaseError, match=rf"^here/{PTP_NAME}:3: no column 'Deletion' in the header"):
        ptp(PTP.replace("Deletion", "Gone"))
    with pytest.raises(ReleaseError, match=r"^here/.*csv:5: no column 'MUE Rationale' in the header"):
        mue(MUE.replace("MUE Rationale", "Why"))


def test_a_header_that_moved() -> None:
    moved = "\n" * 5 + PTP
    assert ncci_ptp.FORMAT.recognises(file(moved, PTP_NAME))
    assert [s.row for s in ptp(moved).statements] == [12, 13]
    far = "\n" * 40 + PTP
    assert not ncci_ptp.FORMAT.recognises(file(far, PTP_NAME))
    with pytest.raises(ReleaseError, match=rf"^here/{PTP_NAME}: no header with 'Column 1' and 'Column 2'"):
        ptp(far)
    with pytest.raises(ReleaseError, match=r"^here/.*csv: no header with the columns"):
        mue("\n" * 40 + MUE)


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"\xff\xfe" * 100,
        b"Code,Grouping,Classification\n207RR0500X,Allopathic,Internal Medicine\n",
        b"CPT Code\tDescription\n99213\tmade-up words\n",
        b"HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit\n",
        b"00001 A00     0 Cholera" + b" " * 53 + b"Cholera\n",
        b"A0021000100003Ambulance service".ljust(320) + b"\n",
    ],
)
def test_other_formats_are_not_recognised(other: bytes) -> None:
    assert not ncci_ptp.FORMAT.recognises(file(other, PTP_NAME))
    assert not ncci_mue.FORMAT.recognises(file(other, MUE_NAME))


def test_each_file_is_of_one_format() -> None:
    formats = (
        ncci_mue.FORMAT,
        ncci_ptp.FORMAT,
        asp.CROSSWALK,
        asp.LIMITS,
        icd10cm_order.FORMAT,
        icd10cm_tabular.FORMAT,
    )
    assert [format.name for format in formats if format.recognises(file(PTP, "x"))] == ["ncci-ptp"]
    assert [format.name for format in formats if format.recognises(file(MUE, "x"))] == ["ncci-mue"]


@pytest.mark.parametrize(("format", "content"), [(ncci_ptp.FORMAT, PTP), (ncci_mue.FORMAT, MUE)])
@given(st.data())
def test_any_bytes(format: Format, content: str, data: st.DataObject) -> None:
    whole = content.encode("cp1252")
    cut, junk = data.draw(st.integers(0, len(whole))), data.draw(st.binary())
    for some in (junk, whole[:cut] + junk, whole[:cut] + junk + whole[cut:]):
        found = file(some, "x")
        if format.recognises(found):
            try:
                (edition,) = format.read(found)
            except ReleaseError as error:
                assert str(error).startswith("here/")
            else:
                assert edition.rows == len(list(edition.statements)) + len(edition.left_out)


@needs_reference
def test_the_excerpts() -> None:
    (edits,) = open_release(REFERENCE / "ncci" / "ccipra-v322r0-f1.excerpt.TXT")
    (units,) = open_release(REFERENCE / "ncci" / "MCR_MUE_PractitionerServices_Eff_07-01-2026.excerpt.csv")
    assert ncci_ptp.FORMAT.recognises(edits)
    assert ncci_mue.FORMAT.recognises(units)
    (first,), (second,) = ncci_ptp.FORMAT.read(edits), ncci_mue.FORMAT.read(units)
    assert (first.release.identifier, first.rows) == ("ncci-ptp-practitioner-2026-07-f1", 16)
    assert len(list(first.statements)) + len(first.left_out) == 16
    assert (second.release.identifier, second.rows) == ("ncci-mue-practitioner-2026-07", 7)
    assert (len(list(second.statements)), second.left_out) == (7, ())
