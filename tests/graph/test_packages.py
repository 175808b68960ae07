"""Billing units and packages, as an opened store tells them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from kg.errors import MalformedCode, NotFound, UsageError
from kg.graph.packages import packages_of, planned, standing_notes, unit_of
from kg.graph.store import GraphStore
from kg.model import Assertion, Code, CodeSystem, Concept, Kind, Polarity, Quantity, Relation, Statement
from kg.reference import Edition, Entry, Reference, Release
from kg.units.products import CodePlan

from .making import assertion, evidence, write

CODE = Concept.parse("hcpcs:J3262")
DAY = date(2026, 2, 1)


def release(identifier: str, system: CodeSystem, issued: date | None) -> Release:
    return Release(identifier, system, identifier.replace("-", " "), issued, False, "", "")


HCPCS = release("hcpcs-2025-10", CodeSystem.HCPCS, date(2025, 10, 1))
OLD = release("crosswalk-2025-10", CodeSystem.NDC, date(2025, 10, 1))
NEW = release("crosswalk-2026-01", CodeSystem.NDC, date(2026, 1, 1))


def billed(text: str, code: str = "J3262", dosage: str = "1 MG") -> tuple[Entry, Statement]:
    """A row of a crosswalk: NDC, drug, labeler, package quantity, billing units, billing units per package."""
    ndc, drug, labeler, quantity, units, per_package = text.split(" | ")
    details = {"packageQuantity": quantity, "billingUnits": units, "billingUnitsPerPackage": per_package}
    found = Code.parse(ndc, CodeSystem.NDC)
    row = int(found.value[-5:-3])
    entry = Entry(found, drug, notes=(("labeler", labeler),), row=row)
    stated = (*details.items(), ("dosage", dosage))
    subject, object = Concept.of(found, drug), Concept.parse(f"hcpcs:{code}")
    return entry, Statement(subject, Relation.BILLED_AS, object, row, text, details=stated)


def unit(text: str, code: Concept = CODE) -> Statement:
    found = Quantity.parse(text)
    assert found
    return Statement(code, Relation.BILLING_UNIT, found.concept, 7, f"Injection, {text}")


def crosswalk(release: Release, rows: Iterable[tuple[Entry, Statement]], *more: Statement) -> Edition:
    entries, statements = zip(*rows, strict=True)
    return Edition(release, entries, (*statements, *more))


def descriptor(text: str | None = "1 mg", through: date | None = None) -> Edition:
    """A release that has the code, with a unit in its name or without."""
    name = f"Injection, tocilizumab, {text}" if text else "Tocilizumab"
    return Edition(HCPCS, (Entry(Code.parse("J3262"), name, valid_through=through, row=7),))


VIALS = [
    billed("50242-0135-01 | Actemra | Genentech | 1 | 80 | 80"),
    billed("50242-0136-01 | Actemra | Genentech | 4 | 200 | 800"),
    billed("50242-0137-01 | Actemra | Genentech | 1 | 400 | 400"),
]


@pytest.fixture
def plans(tmp_path: Path):
    """Plans doses of J3262 with a store of these editions and assertions."""
    opened: list[GraphStore] = []

    def make(*editions: Edition, stated: tuple[Assertion, ...] = ()) -> GraphStore:
        opened.append(GraphStore.open(write(tmp_path / str(len(opened)), stated, Reference.of(editions, ()))))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


def amounts(plan: CodePlan) -> list[tuple[str, int]]:
    return [(package.amount.text, count) for package, count in plan.packages]


def lines(plan: CodePlan) -> list[tuple[str, int]]:
    return [(line.modifier, line.units) for line in plan.lines]


def test_a_dose_is_put_together_from_the_packages_of_a_release(plans) -> None:
    plan = planned(plans(descriptor(), crosswalk(NEW, VIALS)), CODE, "500 mg", day=DAY)
    assert (lines(plan), amounts(plan)) == ([("", 500), ("JW", 20)], [("200 mg", 1), ("80 mg", 4)])
    assert [(source.identifier, source.row) for source in plan.sources] == [
        ("release:hcpcs-2025-10", 7),
        ("release:crosswalk-2026-01", 36),
        ("release:crosswalk-2026-01", 35),
    ]
    assert str(plan.product) == "Actemra (Genentech)"
    assert plan.to_json()["packages"][0]["ndc"] == "50242-0136-01"
    assert len(plan.notes) == 1


def test_a_unit_is_what_the_descriptor_says_and_who_says_otherwise_is_told(plans) -> None:
    store = plans(descriptor("10 mg"), crosswalk(NEW, VIALS, unit("1 mg")))
    found = unit_of(store, CODE)
    assert (found.quantity.text, found.source.identifier) == ("10 mg", "release:hcpcs-2025-10")
    assert [(quantity.text, str(source)) for quantity, source in found.others] == [("1 mg", "crosswalk 2026 01, row 7")]
    plan = planned(store, CODE, "480 mg", day=DAY)
    # The rows count in units of 1 mg, as they say themselves.
    assert (lines(plan), amounts(plan)) == ([("JZ", 48)], [("400 mg", 1), ("80 mg", 1)])
    assert any("others say 1 mg in crosswalk 2026 01" in note for note in plan.notes)


def test_releases_that_say_the_same_unit_are_not_told_as_others(plans) -> None:
    found = unit_of(plans(descriptor("1 mg"), crosswalk(NEW, VIALS, unit("1 MG"))), CODE)
    assert (found.quantity.text, found.others) == ("1 mg", ())


def test_without_a_descriptor_the_newest_release_that_was_out_says_the_unit(plans) -> None:
    store = plans(descriptor(None), crosswalk(OLD, VIALS, unit("5 mg")), crosswalk(NEW, VIALS, unit("1 mg")))
    assert unit_of(store, CODE).quantity.text == "1 mg"
    assert unit_of(store, CODE, date(2025, 12, 1)).quantity.text == "5 mg"


def test_what_only_a_document_says_is_taken_and_said_to_be(plans) -> None:
    said = assertion("quantity:1-mg", Relation.BILLING_UNIT, name="1 mg", at=evidence("billed per 1 mg"))
    plan = planned(plans(descriptor(None), stated=(said,)), CODE, "480 mg")
    assert (plan.units_billed, plan.amount_discarded) == (480, None)
    assert plan.sources[0].identifier == "document:guide"
    assert "(A guide, line 1); no release in the graph states it." in plan.notes[0]


def test_a_code_without_a_unit_is_not_known(plans) -> None:
    store = plans(descriptor(None))
    with pytest.raises(NotFound, match=r"the billing unit of J3262, searched 1 release and 1 document$"):
        planned(store, CODE, "480 mg")


def test_packages_at_hand_come_before_those_of_releases(plans) -> None:
    store = plans(descriptor(), crosswalk(NEW, VIALS))
    expected = [("200mg", 3)]
    assert amounts(planned(store, CODE, "480mg", packages="200mg")) == expected
    assert amounts(planned(store, CODE, "480mg", packages=["200mg"])) == expected
    amount = Quantity.parse("200mg")
    assert amount
    assert amounts(planned(store, CODE, amount, packages=[amount])) == [("200mg", 1)]


def test_an_ndc_fixes_the_package(plans) -> None:
    store = plans(descriptor(), crosswalk(NEW, VIALS))
    assert lines(planned(store, CODE, "480 mg", ndc="50242-137-01")) == [("", 480), ("JW", 320)]
    both = planned(store, CODE, "480 mg", ndc="50242-0135-01, 50242-0137-01")
    assert amounts(both) == [("400 mg", 1), ("80 mg", 1)]


def test_an_ndc_of_another_code_is_not_found_and_what_was_found_is_named(plans) -> None:
    other = billed("00023-1145-01 | Botox | Allergan | 1 | 100 | 100", "J0585")
    store = plans(descriptor(), crosswalk(NEW, [*VIALS, other]))
    with pytest.raises(NotFound, match=r"00023-1145-01 .*billed as J0585 \(found 50242-0135-01 Actemra, "):
        planned(store, CODE, "480 mg", ndc="00023-1145-01")
    with pytest.raises(NotFound, match="found no package of the code"):
        planned(plans(descriptor()), CODE, "480 mg", ndc="00023-1145-01")


@pytest.mark.parametrize(
    ("given", "error", "value"),
    [
        ({"dose": "480"}, UsageError, "'480'"),
        ({"dose": "480 mL"}, UsageError, "480 mL"),
        ({"ndc": "nothing"}, MalformedCode, "'nothing'"),
        ({"packages": "80"}, UsageError, "'80'"),
        ({"packages": "80mg", "ndc": "50242-0135-01"}, UsageError, "at once"),
    ],
)
def test_what_is_malformed_is_refused_with_its_value(plans, given, error, value: str) -> None:
    store = plans(descriptor(), crosswalk(NEW, VIALS))
    with pytest.raises(error, match=value):
        planned(store, CODE, **{"dose": "480 mg", **given})


def test_the_newest_quarter_that_had_begun_is_taken(plans) -> None:
    older = [billed("50242-0135-01 | Actemra | Genentech | 1 | 100 | 100")]
    store = plans(descriptor(), crosswalk(OLD, older), crosswalk(NEW, VIALS))
    found = unit_of(store, CODE)
    assert [p.amount.text for p in packages_of(store, found, DAY).packages] == ["80 mg", "200 mg", "400 mg"]
    assert [p.amount.text for p in packages_of(store, found, date(2025, 12, 1)).packages] == ["100 mg"]
    assert packages_of(store, found, DAY).notes == ()
    (note,) = packages_of(store, found, date(2026, 11, 1)).notes
    assert note == "The packages are those of crosswalk 2026 01, the newest by 2026-11-01 that the graph has."
    (note,) = packages_of(store, found, date(2025, 1, 1)).notes
    assert "crosswalk 2026 01, which was not yet out on 2025-01-01" in note


def test_an_ndc_that_only_an_older_quarter_has_is_found_there(plans) -> None:
    older = [billed("50242-0138-01 | Actemra | Genentech | 1 | 162 | 162")]
    store = plans(descriptor(), crosswalk(OLD, older), crosswalk(NEW, VIALS))
    plan = planned(store, CODE, "162 mg", ndc="50242-0138-01", day=DAY)
    assert (lines(plan), plan.sources[1].identifier) == ([("JZ", 162)], "release:crosswalk-2025-10")


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ("1 | 0 | 0", "with 0 billing units"),
        ("1 | 1 | 5", "whose counts contradict each other: 1 × 1 is not 5"),
        ("25 | 50 | 50", "whose counts contradict each other: 25 × 50 is not 50"),
    ],
)
def test_rows_that_cannot_be_relied_on_are_left_out_and_told(plans, counts: str, reason: str) -> None:
    row = billed(f"50242-0135-01 | Actemra | Genentech | {counts}")
    plan = planned(plans(descriptor(), crosswalk(NEW, [row])), CODE, "400 mg", day=DAY)
    assert (plan.packages, lines(plan)) == ((), [("", 400)])
    assert plan.notes[0] == f"Left out: 50242-0135-01 (crosswalk 2026 01, row 35), {reason}."


def test_counts_rounded_up_to_whole_units_are_no_mistake(plans) -> None:
    row = billed("50242-0135-01 | Actemra | Genentech | 25 | 0.54 | 14", dosage="120 MG")
    plan = planned(plans(descriptor("120 mg"), crosswalk(NEW, [row])), CODE, "60 mg", day=DAY)
    assert amounts(plan) == [("64.8 mg", 1)]
    assert "64.8 mg of 50242-0135-01 are 0.54 billing units, which may be rounded: the label says." in plan.notes


def test_one_unit_of_activity_stands_for_what_the_label_says(plans) -> None:
    rows = [billed(f"00944-{number}-10 | Advate | Takeda | 1 | 1 | 1", dosage="1 IU") for number in (3045, 3046)]
    plan = planned(plans(descriptor("1 iu"), crosswalk(NEW, rows)), CODE, "1500 IU", day=DAY)
    assert (plan.packages, plan.units_billed) == ((), 1500)
    assert "row 45) and 1 more, with 1 iu, which no vial holds" in plan.notes[0]


def test_products_are_not_mixed_and_the_others_are_listed(plans) -> None:
    rows = [
        billed("00023-1145-01 | Botox | Allergan | 1 | 100 | 100"),
        billed("00023-3921-02 | Botox | Allergan | 1 | 200 | 200"),
        billed("00023-3919-50 | Botox Cosmetic | Allergan | 1 | 50 | 50"),
        billed("99999-3919-50 | Botox | Somebody | 1 | 155 | 155"),
    ]
    store = plans(descriptor(), crosswalk(NEW, rows[:3]))
    plan = planned(store, CODE, "130 mg", day=DAY)
    assert (str(plan.product), amounts(plan)) == ("Botox Cosmetic (Allergan)", [("50 mg", 3)])
    (other,) = plan.alternatives
    assert str(other) == "Botox (Allergan): 1 × 200 mg, 70 mg left over"
    assert plan.to_json()["alternatives"][0]["units_discarded"] == 70
    assert plan.notes[-1].startswith("Botox Cosmetic (Allergan) is taken, and not mixed with other products.")
    # The same brand of another labeler is another product.
    both = planned(plans(descriptor(), crosswalk(NEW, rows)), CODE, "155 mg", day=DAY)
    assert (str(both.product), lines(both)) == ("Botox (Somebody)", [("JZ", 155)])


def test_a_product_with_packages_too_small_is_passed_over(plans) -> None:
    rows = [
        billed("00001-0001-01 | Small | One | 1 | 0.001 | 0.001"),
        billed("00002-0002-01 | Large | Two | 1 | 400 | 400"),
    ]
    plan = planned(plans(descriptor(), crosswalk(NEW, rows)), CODE, "400 mg", day=DAY)
    assert (str(plan.product), plan.alternatives) == ("Large (Two)", ())
    with pytest.raises(UsageError, match="more than 10,000 packages"):
        planned(plans(descriptor(), crosswalk(NEW, rows[:1])), CODE, "400 mg", day=DAY)


@pytest.mark.parametrize("day", [None, date(2025, 12, 31)])
def test_a_code_that_holds_needs_no_note(plans, day: date | None) -> None:
    store = plans(descriptor(through=date(2025, 12, 31)))
    assert not any("had ended" in note for note in planned(store, CODE, "480 mg", day=day).notes)


def test_a_code_that_had_ended_is_told_with_what_replaced_it(plans) -> None:
    after = Statement(CODE, Relation.REPLACED_BY, Concept(Kind.HCPCS, "J9999"), 8, "See J9999")
    base = descriptor(through=date(2025, 12, 31))
    store = plans(Edition(base.release, base.entries, (*base.statements, after)))
    plan = planned(store, CODE, "480 mg", day=DAY)
    assert plan.notes[0] == ("J3262 had ended on 2026-02-01: it was valid through 2025-12-31 (replaced by J9999).")


@pytest.mark.parametrize(
    "asked",
    [
        "50242-0136-01",
        Code.parse("50242-0136-01", CodeSystem.NDC),
        ["50242-136-01"],
        [Code.parse("50242-0136-01", CodeSystem.NDC)],
    ],
)
def test_an_ndc_is_asked_for_as_text_or_as_a_code_alone_or_in_a_list(plans, asked: object) -> None:
    plan = planned(plans(descriptor(), crosswalk(NEW, VIALS)), CODE, "100 mg", ndc=asked)
    assert amounts(plan) == [("200 mg", 1)]


def test_no_ndc_at_all_is_none_asked_for(plans) -> None:
    plan = planned(plans(descriptor(), crosswalk(NEW, VIALS)), CODE, "400 mg", ndc=[], packages=[])
    assert amounts(plan) == [("400 mg", 1)]


@pytest.mark.parametrize(
    ("day", "note"),
    [
        (date(2025, 9, 30), "which was not yet out on 2025-09-30: the graph has none before it."),
        (date(2025, 10, 1), ""),
        (date(2025, 12, 31), ""),
        (date(2026, 1, 1), "the newest by 2026-01-01 that the graph has."),
        (None, ""),
    ],
)
def test_packages_of_another_quarter_are_told_from_the_day_after_the_quarter_on(plans, day, note: str) -> None:
    store = plans(descriptor(), crosswalk(OLD, VIALS))
    told = packages_of(store, unit_of(store, CODE), day).notes
    assert [text.rpartition("crosswalk 2025 10, ")[2] for text in told] == ([note] if note else [])


def test_a_release_without_a_day_is_never_late(plans) -> None:
    undated = release("crosswalk", CodeSystem.NDC, None)
    store = plans(descriptor(), crosswalk(undated, VIALS))
    assert packages_of(store, unit_of(store, CODE), date(2030, 1, 1)).notes == ()


def test_of_two_quarters_that_were_not_yet_out_the_newer_is_taken(plans) -> None:
    older = [billed("50242-0135-01 | Actemra | Genentech | 1 | 100 | 100")]
    store = plans(descriptor(), crosswalk(OLD, older), crosswalk(NEW, VIALS[:1]))
    assert [p.amount.text for p in packages_of(store, unit_of(store, CODE), date(2025, 1, 1)).packages] == ["80 mg"]
    assert [p.amount.text for p in packages_of(store, unit_of(store, CODE), date(2026, 1, 1)).packages] == ["80 mg"]
    assert [p.amount.text for p in packages_of(store, unit_of(store, CODE), date(2025, 12, 31)).packages] == ["100 mg"]


@pytest.mark.parametrize(
    ("counts", "dosage", "taken"),
    [
        ("1 | 1 | 1", "1 MG", ["1 mg"]),
        ("4 | 80 | 320", "1 MG", ["80 mg"]),
        ("4 | 80 | 320.9", "1 MG", ["80 mg"]),
        ("4 | 80 | 321", "1 MG", []),
        ("4 | 80 | 319", "1 MG", []),
        ("x | 80 | 319", "1 MG", ["80 mg"]),
        ("4 | 80 | ", "1 MG", ["80 mg"]),
        ("4 | -80 | -320", "1 MG", []),
        ("4 | NaN | 320", "1 MG", []),
        ("1 | 8 | 8", "10 MG", ["80 mg"]),
        ("1 | 8 | 8", "0 MG", ["8 mg"]),
        ("1 | 8 | 8", "10 ML", ["8 mg"]),
        ("1 | 8 | 8", "nothing", ["8 mg"]),
    ],
)
def test_which_counts_of_a_row_can_be_relied_on(plans, counts: str, dosage: str, taken: list[str]) -> None:
    row = billed(f"50242-0135-01 | Actemra | Genentech | {counts}", dosage=dosage)
    store = plans(descriptor(), crosswalk(NEW, [row]))
    found = packages_of(store, unit_of(store, CODE), DAY)
    assert [package.amount.text for package in found.packages] == taken
    assert bool(found.notes) != bool(taken)


def test_two_units_of_activity_are_a_potency_and_one_is_none(plans) -> None:
    rows = [
        billed("00944-3045-10 | Advate | Takeda | 1 | 1 | 1", dosage="1 IU"),
        billed("00944-3046-10 | Advate | Takeda | 1 | 2 | 2", dosage="1 IU"),
    ]
    store = plans(descriptor("1 iu"), crosswalk(NEW, rows))
    assert [package.amount.text for package in packages_of(store, unit_of(store, CODE), DAY).packages] == ["2 iu"]


def test_a_refuted_or_excluded_unit_of_a_document_is_none(plans) -> None:
    wrong = assertion(
        "quantity:5-mg", Relation.BILLING_UNIT, name="5 mg", at=evidence("5 mg", 3), polarity=Polarity.EXCLUDED
    )
    right = assertion("quantity:1-mg", Relation.BILLING_UNIT, name="1 mg", at=evidence("1 mg", 30))
    found = unit_of(plans(descriptor(None), stated=(wrong, right)), CODE)
    assert (found.quantity.text, found.others) == ("1 mg", ())
    with pytest.raises(NotFound, match="the billing unit of J3262"):
        unit_of(plans(descriptor(None), stated=(wrong,)), CODE)


def test_of_units_in_documents_the_first_is_taken_and_the_others_are_told_in_order(plans) -> None:
    said = [
        assertion(f"quantity:{n}-mg", Relation.BILLING_UNIT, name=f"{n} mg", at=evidence(f"{n} mg", 100 - n))
        for n in (1, 2, 3)
    ]
    found = unit_of(plans(descriptor(None), stated=tuple(said)), CODE)
    assert [found.quantity.text, *(quantity.text for quantity, _ in found.others)] == ["3 mg", "2 mg", "1 mg"]


def test_more_than_five_packages_are_counted(plans) -> None:
    rows = [billed(f"50242-01{n}-01 | Actemra | Genentech | 1 | {n} | {n}") for n in range(31, 38)]
    store = plans(descriptor(), crosswalk(NEW, rows))
    with pytest.raises(NotFound, match=r"\(found 50242-0131-01 Actemra, .*50242-0135-01 Actemra and 2 more\)$"):
        planned(store, CODE, "480 mg", ndc="00023-1145-01")
    with pytest.raises(NotFound, match=r"50242-0135-01 Actemra\)$"):
        planned(plans(descriptor(), crosswalk(NEW, rows[:5])), CODE, "480 mg", ndc="00023-1145-01")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (None, []),
        (date(2025, 12, 30), []),
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), ["J3262 had ended on 2026-01-01: it was valid through 2025-12-31."]),
    ],
)
def test_a_code_has_ended_from_the_day_after_its_last_on(plans, day, told: list[str]) -> None:
    assert list(standing_notes(plans(descriptor(through=date(2025, 12, 31))), CODE, day)) == told


def test_a_code_has_begun_on_its_first_day(plans) -> None:
    entry = Entry(Code.parse("J3262"), "Injection, tocilizumab, 1 mg", valid_from=date(2026, 1, 1))
    store = plans(Edition(HCPCS, (entry,)))
    (note,) = standing_notes(store, CODE, date(2025, 12, 31))
    assert note == "J3262 had not begun on 2025-12-31: it is valid from 2026-01-01."
    assert standing_notes(store, CODE, date(2026, 1, 1)) == standing_notes(store, CODE, None) == ()
