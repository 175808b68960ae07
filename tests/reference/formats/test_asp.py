from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReleaseError
from kg.model import CodeSystem, Kind, Relation, Statement
from kg.reference.formats import icd10cm_order, icd10cm_tabular, ncci_mue, ncci_ptp
from kg.reference.formats.asp import CROSSWALK, LIMITS
from kg.reference.release import Edition, Format, ReleaseFile
from kg.reference.release_files import open_release
from tests.data.official import REFERENCE, needs_reference

EMPTY = "," * 30
DRUGS = f"""January 2026 ASP NDC - HCPCS Crosswalk{EMPTY}
"     Effective January 1, 2026 through March 31, 2026"{EMPTY}
{EMPTY}
The crosswalks are maintained, as they say.,,
_2026_CODE,Short Description,LABELER NAME,NDC2,Drug Name,HCPCS dosage,PKG SIZE,PKG QTY,BILLUNITS,BILLUNITSPKG{EMPTY}
J3262,Made-up words,"Genentech, Inc.",50242-0136-01,Actemra ,1 MG,10,1,200,200{EMPTY}
J3262,Made-up words,"Genentech, Inc.",50242-0137-01,"Actemra
 IV",1 MG,"1,000",1,400,400{EMPTY}
90371,Made-up words,Somebody é,50242-0136-01,Actemra,5MG-1MG,1,1,1,1{EMPTY}

J7331,Made-up words,"Arthrex, Inc.",888867413689,SynoJoynt,1 MG,2,3,20,60{EMPTY}
"""
LIMIT_ROWS = """Payment Allowance Limits for Medicare Part B Drugs,,,
,,,
"Effective January 1, 2026 through March 31, 2026",,,
HCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,Co-insurance Percentage,Notes,
90371,Made-up words,1 ML,137.828,20.000,,
A9606,Made-up words,1 microCurie,N/A,20.000,,
Q5151,Made-up words,PER VIAL,"$1,998.533",20.000,Added,
"""


def file(content: str | bytes, name: str = "file.csv", since: date | None = None) -> ReleaseFile:
    data = content.encode("cp1252") if isinstance(content, str) else content
    return ReleaseFile(name, data, f"here/{name}", (name,), since)


def read(format: Format, content: str | bytes, name: str = "file.csv", since: date | None = None) -> Edition:
    (edition,) = format.read(file(content, name, since))
    return edition


def of(edition: Edition, relation: Relation) -> list[Statement]:
    return [statement for statement in edition.statements if statement.relation is relation]


def test_a_drug_is_billed_as_a_code() -> None:
    edition = read(CROSSWALK, DRUGS)
    first, second, third = of(edition, Relation.BILLED_AS)
    assert (first.subject.curie, first.subject.name, first.object.curie) == (
        "ndc:50242-0136-01",
        "Actemra",
        "hcpcs:J3262",
    )
    assert first.details == (
        ("packageSize", "10"),
        ("packageQuantity", "1"),
        ("billingUnits", "200"),
        ("billingUnitsPerPackage", "200"),
        ("dosage", "1 MG"),
    )
    # The quarter ends, and the drug goes on being billed as this.
    assert (first.valid_from, first.valid_through) == (None, None)
    assert edition.release.issued == date(2026, 1, 1)
    assert first.text == "J3262 | Genentech, Inc. | 50242-0136-01 | Actemra | 1 MG | 10 | 1 | 200 | 200"
    assert [first.row, second.row, third.row] == [6, 7, 9]
    assert second.details[0] == ("packageSize", "1000")
    assert third.object.curie == "cpt:90371"


def test_one_entry_for_each_drug() -> None:
    edition = read(CROSSWALK, DRUGS)
    assert [(e.code.value, e.name, e.names, e.notes, e.row) for e in edition.entries] == [
        ("50242-0136-01", "Actemra", (), (("labeler", "Genentech, Inc."), ("labeler", "Somebody é")), 6),
        ("50242-0137-01", "Actemra IV", (), (("labeler", "Genentech, Inc."),), 7),
    ]


def test_the_billing_unit_stands_once_and_only_where_it_is_a_quantity() -> None:
    units = of(read(CROSSWALK, DRUGS), Relation.BILLING_UNIT)
    assert [(unit.subject.key, unit.object.curie, unit.row, unit.details) for unit in units] == [
        ("J3262", "quantity:1-mg", 6, ()),
        # The code has a unit, though its drug has no NDC.
        ("J7331", "quantity:1-mg", 11, ()),
    ]


def test_a_malformed_ndc_is_left_out() -> None:
    edition = read(CROSSWALK, DRUGS)
    (left,) = edition.left_out
    assert (left.row, edition.rows) == (11, 4)
    assert "888867413689" in left.reason
    assert "SynoJoynt" in left.text


def test_descriptions_of_codes_are_not_read() -> None:
    for edition in (read(CROSSWALK, DRUGS), read(LIMITS, LIMIT_ROWS)):
        assert "Made-up" not in str(edition) + str(list(edition.statements))


@pytest.mark.parametrize(
    ("content", "name", "since", "identifier", "title"),
    [
        (DRUGS, "x.csv", None, "asp-crosswalk-2026-01", "ASP NDC-HCPCS crosswalk January 2026"),
        (
            DRUGS.replace("through", "till"),
            "x.csv",
            None,
            "asp-crosswalk-undated",
            "ASP NDC-HCPCS crosswalk of unknown date",
        ),
        (DRUGS.replace("through", "till"), "October 2025 ASP.csv", None, "asp-crosswalk-2025-10", None),
        (DRUGS.replace("January 1,", "Brumaire 1,"), "x.csv", date(2024, 7, 1), "asp-crosswalk-2024-07", None),
    ],
)
def test_the_date(content: str, name: str, since: date | None, identifier: str, title: str | None) -> None:
    release = read(CROSSWALK, content, name, since).release
    assert release.identifier == identifier
    assert title in (None, release.title)
    assert (release.system, release.complete) == (CodeSystem.NDC, False)


def test_payment_limits() -> None:
    edition = read(LIMITS, LIMIT_ROWS)
    assert (edition.release.identifier, edition.release.system) == ("asp-limits-2026-01", CodeSystem.HCPCS)
    assert (edition.entries, edition.rows) == ((), 3)
    first, second = of(edition, Relation.PAYMENT_LIMIT)
    assert (first.subject.curie, first.object.kind, first.object.name) == ("cpt:90371", Kind.QUANTITY, "137.828 USD")
    assert (first.object.key, first.details) == ("137.828-usd", (("dosage", "1 ML"),))
    assert (first.valid_from, first.valid_through, first.row) == (date(2026, 1, 1), date(2026, 3, 31), 5)
    assert (second.subject.curie, second.object.name) == ("hcpcs:Q5151", "1998.533 USD")
    assert second.text == "Q5151 | PER VIAL | $1,998.533 | 20.000 | Added"
    (unit,) = of(edition, Relation.BILLING_UNIT)
    assert (unit.subject.key, unit.object.curie) == ("90371", "quantity:1-ml")
    assert [(left.row, left.reason) for left in edition.left_out] == [(6, "not a number: 'N/A'")]


@pytest.mark.parametrize("number", ["", "N/A", "1E999999999", "-1", "NaN", "1,0", "٣", "1" * 40, "."])
def test_what_is_no_number(number: str) -> None:
    edition = read(LIMITS, LIMIT_ROWS.replace("N/A", f'"{number}"').encode())
    assert [left.reason for left in edition.left_out] == [f"not a number: {number!r}"]


def test_the_header_may_move_and_change() -> None:
    moved = DRUGS.replace("The crosswalks", "\n\n\nThe\ncrosswalks")
    moved = moved.replace("_2026_CODE,Short Description,LABELER NAME,NDC2", "HCPCS Code,Words,Labeller,NDC")
    assert CROSSWALK.recognises(file(moved))
    assert len(of(read(CROSSWALK, moved), Relation.BILLED_AS)) == 3
    turned = "Payment Limit,Note,HCPCS code dosage,HCPCS CODE\n2.5,x,1 MG,J3262\n"
    assert [s.object.key for s in read(LIMITS, turned).statements] == ["2.5-usd", "1-mg"]
    far = "\n" * 40 + DRUGS
    assert not CROSSWALK.recognises(file(far))
    with pytest.raises(ReleaseError, match=r"^here/file.csv: no header with the columns code, NDC"):
        read(CROSSWALK, far)


@pytest.mark.parametrize(
    ("format", "content", "old", "message"),
    [
        (CROSSWALK, DRUGS, "PKG QTY", r"^here/file.csv:5: no column 'package quantity' in the header"),
        (CROSSWALK, DRUGS, "HCPCS dosage", r"^here/file.csv:5: no column 'dosage' in the header"),
        (LIMITS, LIMIT_ROWS, "HCPCS Code Dosage", r"^here/file.csv:4: no column 'dosage' in the header"),
    ],
)
def test_a_missing_column_is_named(format: Format, content: str, old: str, message: str) -> None:
    changed = content.replace(old, "Something")
    assert format.recognises(file(changed))
    with pytest.raises(ReleaseError, match=message):
        read(format, changed)


def test_columns_that_may_be_missing() -> None:
    edition = read(CROSSWALK, DRUGS.replace("LABELER NAME", "Something"))
    assert [entry.notes for entry in edition.entries] == [(), ()]
    limits = read(LIMITS, "HCPCS Code,HCPCS Code Dosage,Payment Limit\nJ3262,1 MG,5.5\nJ0129\n")
    assert [statement.text for statement in limits.statements] == ["J3262 | 1 MG | 5.5"] * 2
    assert [left.reason for left in limits.left_out] == ["not a number: ''"]


def test_quotes_that_do_not_end_are_refused() -> None:
    with pytest.raises(ReleaseError, match=r"^here/file.csv:6: not a table as csv"):
        read(CROSSWALK, DRUGS.replace('Inc.",50242-0136', "Inc.,50242-0136"))
    with pytest.raises(ReleaseError, match=r"^here/file.csv:12: not a table as csv"):
        read(CROSSWALK, DRUGS + '"' + "x" * 200_000)


OTHERS = (
    b"",
    b"\x00\xff" * 500,
    b"Code,Grouping,Classification,Specialization\n207RR0500X,Allopathic,Internal Medicine,\n",
    b"CPT Code,Description\n99213,made-up words\n",
    b"HCPC,SEQNUM,LONG DESCRIPTION\nA0021,00100,Ambulance\n",
    b"00001 A00     0 Cholera" + b" " * 53 + b"Cholera\n",
    b"A0021000100003Ambulance service".ljust(320) + b"\n",
    b"Column 1\tColumn 2\tx\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n",
)


@pytest.mark.parametrize("other", OTHERS)
def test_other_formats_are_not_recognised(other: bytes) -> None:
    assert not CROSSWALK.recognises(file(other))
    assert not LIMITS.recognises(file(other))


def test_each_file_is_of_one_format() -> None:
    formats = (CROSSWALK, LIMITS, ncci_mue.FORMAT, ncci_ptp.FORMAT, icd10cm_order.FORMAT, icd10cm_tabular.FORMAT)
    assert [format.name for format in formats if format.recognises(file(DRUGS))] == ["asp-crosswalk"]
    assert [format.name for format in formats if format.recognises(file(LIMIT_ROWS))] == ["asp-limits"]


@pytest.mark.parametrize(("format", "content"), [(CROSSWALK, DRUGS), (LIMITS, LIMIT_ROWS)])
@given(st.data())
def test_any_bytes(format: Format, content: str, data: st.DataObject) -> None:
    whole = content.encode("cp1252")
    cut, junk = data.draw(st.integers(0, len(whole))), data.draw(st.binary())
    for some in (junk, whole[:cut] + junk, whole[:cut] + junk + whole[cut:]):
        if format.recognises(file(some)):
            try:
                edition = read(format, some)
            except ReleaseError as error:
                assert str(error).startswith("here/")
            else:
                assert edition.rows >= len(edition.left_out)


@pytest.mark.slow
@needs_reference
@pytest.mark.parametrize(
    ("name", "rows", "codes", "left_out", "identifier"),
    [
        (
            "section 508 version of January 2026 ASP NDC-HCPCS Crosswalk 121725.csv",
            7_125,
            843,
            1,
            "asp-crosswalk-2026-01",
        ),
        # Products of skin substitutes bear their makers' numbers.
        (
            "section 508 version of October 2025 ASP NDC-HCPCS Crosswalk 090525.csv",
            8_245,
            974,
            1_284,
            "asp-crosswalk-2025-10",
        ),
    ],
)
def test_the_crosswalks(name: str, rows: int, codes: int, left_out: int, identifier: str) -> None:
    (found,) = open_release(REFERENCE / "asp" / name)
    assert CROSSWALK.recognises(found)
    assert not LIMITS.recognises(found)
    (edition,) = CROSSWALK.read(found)
    billed = of(edition, Relation.BILLED_AS)
    assert (edition.release.identifier, edition.rows, len(edition.left_out)) == (identifier, rows, left_out)
    assert len(billed) == rows - left_out
    all_codes = {s.object.key for s in billed} | {left.text.split(" | ")[0] for left in edition.left_out}
    assert len(all_codes) == codes
    assert {entry.code.value for entry in edition.entries} == {s.subject.key for s in billed}
    assert all(entry.name == " ".join(entry.name.split()) for entry in edition.entries)


@needs_reference
def test_drugs_on_several_codes() -> None:
    (found,) = open_release(
        REFERENCE / "asp" / "section 508 version of January 2026 ASP NDC-HCPCS Crosswalk 121725.csv"
    )
    (edition,) = CROSSWALK.read(found)
    codes: dict[str, set[str]] = {}
    for statement in of(edition, Relation.BILLED_AS):
        codes.setdefault(statement.subject.key, set()).add(statement.object.key)
    assert sum(len(several) > 1 for several in codes.values()) == 137


@needs_reference
def test_the_payment_limits() -> None:
    (found,) = open_release(
        REFERENCE / "asp" / "section 508 version of January 2026 Medicare Part B Payment Limit File 121725.csv"
    )
    assert LIMITS.recognises(found)
    assert not CROSSWALK.recognises(found)
    (edition,) = LIMITS.read(found)
    limits = of(edition, Relation.PAYMENT_LIMIT)
    assert (edition.release.identifier, edition.rows, len(limits)) == ("asp-limits-2026-01", 877, 876)
    assert len({limit.subject for limit in limits}) == 876
