"""The physician fee schedule: statuses with their indicators, and the modifiers that these mean."""

from __future__ import annotations

from datetime import date

import pytest

from kg.errors import ReleaseError
from kg.model import CodeSystem, Relation, Statement
from kg.reference.formats import fee_schedule, recognise
from kg.reference.release import Edition, ReleaseFile

from .workbooks import book, sheet

TITLE = "2025 National Physician Fee Schedule Relative Value File October Release"
HEADER = (
    ("", "", "CPT codes and descriptions only are copyright."),
    ("", "", "", "STATUS", "MEDICARE ", "WORK", "PCTC", "GLOB", "PRE", "MULT", "BILAT", "ASST", "CO-", "TEAM", "ENDO"),
    ("HCPCS", "MOD", "DESCRIPTION", "CODE", "PAYMENT", "RVU", "IND", "DAYS", "OP", "PROC", "SURG", "SURG", "SURG",
     "SURG", "BASE"),
)  # fmt: skip


def row(code: str, modifier: str, status: str, indicators: str, days: str = "XXX") -> tuple[str, ...]:
    """A row: PC/TC, multiple procedures, both sides, assistant, two surgeons and team are one digit each."""
    components, *others = indicators
    return (code, modifier, "secret words", status, "", "0.28", components, days, "0.00", *others, "")


INFUSION = row("96413", "", "A", "500000")
SURGERY = row("27447", "", "A", "021221", "090")
IMAGE = row("71046", "", "A", "100000")
PROFESSIONAL = row("71046", "26", "A", "100000")
BROKEN_OFF = row("45378", "53", "A", "020100", "000")


def table(*rows: tuple[str, ...], title: str = TITLE, header: tuple[tuple[str, ...], ...] = HEADER) -> bytes:
    return "".join(",".join(cells) + "\r\n" for cells in (("", "", title), *header, *rows)).encode("cp1252")


def lines(*rows: tuple[str, ...]) -> bytes:
    def line(cells: tuple[str, ...]) -> str:
        code, modifier, words, status, _, _, components, days, _, *others, _ = cells
        start = f"{code}{modifier.ljust(2)}{words.ljust(50)}{status}".ljust(102)
        return f"{start}{components}{days}.00.00.00{''.join(others)}".ljust(200)

    return "\r\n".join(["HDR CPT CODES AND DESCRIPTIONS", *map(line, rows), ""]).encode()


def file(content: bytes, name: str = "PPRRVU2025_Oct.csv", since: date | None = None) -> ReleaseFile:
    return ReleaseFile(name, content, f"here/{name}", (name,), since)


def edition(content: bytes, name: str = "PPRRVU2025_Oct.csv", since: date | None = None) -> Edition:
    found = recognise(file(content, name, since))
    assert found is not None
    (read,) = found.read(file(content, name, since))
    return read


def modifiers(*rows: tuple[str, ...]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The modifiers that rows state, with what else is stated of each."""
    statements = edition(table(*rows)).statements
    return {s.object.key: s.details for s in statements if s.relation is Relation.ACCEPTS_MODIFIER}


def test_a_code_has_a_status_with_the_indicators_that_apply() -> None:
    (status,) = edition(table(INFUSION)).statements
    assert (status.subject.curie, status.relation, status.object.curie) == (
        "cpt:96413", Relation.HAS_STATUS, "status:mpfs-a",
    )  # fmt: skip
    assert (status.row, status.valid_from, status.valid_through) == (5, date(2025, 10, 1), None)
    assert status.details == (
        ("components", "5"), ("globalDays", "XXX"), ("multipleProcedures", "0"), ("bilateralSurgery", "0"),
        ("assistantAtSurgery", "0"), ("coSurgeons", "0"), ("teamSurgery", "0"),
    )  # fmt: skip
    (inert,) = edition(table(row("J3262", "", "E", "999999"))).statements
    assert (inert.subject.curie, inert.object.curie, inert.details) == (
        "hcpcs:J3262", "status:mpfs-e", (("globalDays", "XXX"),),
    )  # fmt: skip


def test_no_description_and_no_price_is_taken_over() -> None:
    for statement in edition(table(INFUSION, SURGERY, IMAGE)).statements:
        assert "secret" not in statement.text
        assert "0.28" not in statement.text


def test_indicators_that_mean_a_modifier_state_it() -> None:
    assert modifiers(SURGERY) == {
        "50": (("bilateralSurgery", "1"),),
        "80": (("assistantAtSurgery", "2"),),
        "81": (("assistantAtSurgery", "2"),),
        "82": (("assistantAtSurgery", "2"),),
        "AS": (("assistantAtSurgery", "2"),),
        "62": (("coSurgeons", "2"),),
        "66": (("teamSurgery", "1"),),
    }
    assert modifiers(row("27447", "", "A", "020012")) == {"62": (("coSurgeons", "1"),), "66": (("teamSurgery", "2"),)}


@pytest.mark.parametrize("indicators", ["020000", "022100", "023999", "999999", "300000", "600000", "200000"])
def test_what_is_not_paid_so_or_with_documentation_alone_states_no_modifier(indicators: str) -> None:
    assert modifiers(row("27447", "", "A", indicators)) == {}


def test_a_code_with_components_takes_their_modifiers_by_their_rows_or_by_its_indicator() -> None:
    found = [s for s in edition(table(IMAGE, PROFESSIONAL)).statements if s.relation is Relation.ACCEPTS_MODIFIER]
    assert [(s.object.curie, s.row, s.details) for s in found] == [
        ("modifier:26", 6, (("components", "1"),)),
        ("modifier:TC", 5, (("components", "1"),)),
    ]
    assert found[0].subject.curie == "cpt:71046"
    assert modifiers(BROKEN_OFF) == {"53": (("components", "0"),)}
    assert modifiers(row("88104", "26", "A", "600000")) == {"26": (("components", "6"),)}
    assert modifiers(row("88104", "26", "A", "900000")) == {"26": ()}


def test_a_row_of_a_modifier_states_nothing_but_that() -> None:
    (only,) = edition(table(row("27447", "53", "A", "021221", "090"))).statements
    assert only.object.curie == "modifier:53"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (row("9641", "", "A", "500000"), "neither a HCPCS Level II nor a CPT code: '9641'"),
        (row("96415", "", "Z", "500000"), "not a status that is known: 'Z'"),
        (row("96415", "", "", "500000"), "not a status that is known: ''"),
        (row("96415", "59", "A", "500000"), "not a modifier that has rows of its own: '59'"),
        (row("96415", "TC", "H", "100000"), "a modifier that the code took until the year before"),
        (row("96415", "", "A", "500000", "011"), "global days has no indicator '011'"),
        (row("96415", "", "A", "504000"), "bilateral surgery has no indicator '4'"),
        (row("96415", "", "A", "500300"), "assistant at surgery has no indicator '3'"),
        (row("96415", "", "A", "500030"), "co-surgeons has no indicator '3'"),
        (row("96415", "", "A", "500003"), "team surgery has no indicator '3'"),
        (row("96415", "", "A", "580000"), "multiple procedures has no indicator '8'"),
        (("96415", "", "words", "A"), "PC/TC has no indicator ''"),
        (INFUSION, "the code stands in row 5 already"),
    ],
)
def test_rows_that_cannot_be_used_are_left_out_with_the_reason(cells: tuple[str, ...], reason: str) -> None:
    found = edition(table(INFUSION, cells))
    assert [(left.row, left.reason) for left in found.left_out] == [(6, reason)]
    assert (found.rows, len(list(found.statements))) == (2, 1)


def stated(found: Edition) -> list[tuple[object, ...]]:
    def plain(s: Statement) -> tuple[object, ...]:
        return s.subject, s.relation, s.object, s.text, s.valid_from, s.details

    return [plain(statement) for statement in found.statements]


def test_a_workbook_and_lines_of_fixed_width_say_the_same() -> None:
    rows = (INFUSION, SURGERY, IMAGE, PROFESSIONAL, BROKEN_OFF)
    expected = stated(edition(table(*rows)))
    numbers = [[float(cell) if cell.isdecimal() and len(cell) == 1 else cell for cell in cells] for cells in rows]
    workbook = book(sheet([("", "", TITLE), *HEADER, *numbers]))
    assert stated(edition(workbook, "PPRRVU2025_Oct.xlsx")) == expected
    assert stated(edition(lines(*rows), "PPRRVU2025_Oct.txt")) == expected


def test_a_line_that_is_cut_short_is_a_row() -> None:
    found = edition(lines(INFUSION) + b"96415  cut\r\n", "PPRRVU2025_Oct.txt")
    assert [(left.row, left.text) for left in found.left_out] == [(3, "96415")]
    assert found.rows == 2


@pytest.mark.parametrize(
    ("title", "name", "since", "identifier"),
    [
        (TITLE, "a.csv", None, "mpfs-2025-10"),
        (TITLE.replace("October", "January"), "PPRRVU2026_Oct.csv", None, "mpfs-2025-01"),
        ("x", "PPRRVU2026_Jul_nonQPP.csv", None, "mpfs-2026-07"),
        ("x", "rvu26b-updated-03-10-2026.csv", None, "mpfs-2026-04"),
        (TITLE, "a.csv", date(2026, 1, 1), "mpfs-2026-01"),
        (TITLE.replace("October", "May"), "a.csv", None, "mpfs-undated"),
        ("x", "a.csv", None, "mpfs-undated"),
    ],
)
def test_the_quarter_is_told_by_the_title_else_by_the_name(
    title: str, name: str, since: date | None, identifier: str
) -> None:
    release = edition(table(INFUSION, title=title), name, since).release
    assert release.identifier == identifier
    assert (release.series, release.system, release.complete) == ("mpfs", CodeSystem.HCPCS, False)


def test_a_header_of_one_row_is_read_as_well() -> None:
    header = (
        ("HCPCS", "MOD", "DESCRIPTION", "STATUS CODE", "", "RVU", "PCTC IND", "GLOB DAYS", "OP", "MULT PROC",
         "BILAT SURG", "ASST SURG", "CO-SURG", "TEAM SURG", "BASE"),
    )  # fmt: skip
    assert stated(edition(table(SURGERY, header=header))) == stated(edition(table(SURGERY)))


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(ReleaseError, match=r"^here/PPRRVU2025_Oct.csv:4: no column 'teamSurgery' in the header"):
        edition(table(INFUSION).replace(b"TEAM", b"GROUP"))


def test_other_tables_are_of_other_formats() -> None:
    capped = (
        b"HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\n0633T,TC,C,01112,05,182.79,182.79\n"
    )
    assert recognise(file(capped)) is None
    assert not fee_schedule.LINES.recognises(file(table(INFUSION)))
    assert not fee_schedule.FORMAT.recognises(file(lines(INFUSION)))
