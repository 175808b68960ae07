"""Lines with a label: what stands behind it is about what the label says."""

from __future__ import annotations

import pytest

from ..stating import about, objects, read, stated


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Documentation: weight and lot number are noted each time.",
            {"requiresDocumentation documentation:body-weight"},
        ),
        (
            "Documentation: keep the weight. Lot number, start and stop times.",
            {
                "requiresDocumentation documentation:body-weight",
                "requiresDocumentation documentation:lot-number",
                "requiresDocumentation documentation:start-and-stop-times",
            },
        ),
        ("Denials: claims came without the NDC. Wrong units.", {"deniedFor denial:wrong-number-of-units"}),
    ],
)
def test_sentences_behind_a_label_are_about_what_it_says(line: str, expected: set[str]) -> None:
    assert set(stated(about(f"{line}\n"))) == expected


def test_a_modifier_glued_to_a_code_or_behind_a_blank_is_its_own() -> None:
    found = read(
        "# Medicaid\n\nJ7304U1 Contraceptive patch\nJ3490 U8 Medroxyprogesterone acetate\n58300UA: Insertion\n"
        "J1100 IM Dexamethasone\n",
        "codes.txt",
    )
    taken = {(a.subject.key, a.object.key) for a in found.assertions if a.relation == "acceptsModifier"}
    assert taken == {("J7304", "U1"), ("J3490", "U8"), ("58300", "UA")}


def test_a_vaccine_is_the_drug_of_its_code() -> None:
    found = read("# Vaccines\n\n90655 - Influenza virus vaccine, split virus, for intramuscular use\n", "codes.txt")
    assert objects(found, "identifiesDrug", subject="cpt:90655") == ["drug:influenza-virus-vaccine"]
    assert objects(found, "routeOfAdministration", subject="cpt:90655") == ["route:intramuscular"]


@pytest.mark.parametrize("value", ["intramuscular = 96372; intravenous push = 96374", "IM 96372, IV push 96374"])
def test_each_service_of_a_label_has_the_route_beside_it(value: str) -> None:
    found = about(f"Administration: {value}\n")
    assert {
        (a.object.key, *(q.key for _, q in a.qualifiers)) for a in found.assertions if a.relation == "administeredWith"
    } == {
        ("96372", "intramuscular"),
        ("96374", "intravenous"),
    }


@pytest.mark.parametrize(("line", "condition"), [("Use M06.9.", ""), ("Off-label: M06.9", "Off-label")])
def test_a_verb_alone_is_no_condition(line: str, condition: str) -> None:
    [assertion] = [a for a in about(f"{line}\n").assertions if a.object.key == "M06.9"]
    assert assertion.condition == condition


def test_a_label_behind_a_payer_is_said_for_that_payer() -> None:
    found = about("- Medicare: Prior authorization: not needed\n- Cigna: Prior authorization: needed\n")
    assert {
        (a.polarity, *(q.key for _, q in a.qualifiers)) for a in found.assertions if a.relation == "coverageRequires"
    } == {
        ("excluded", "medicare"),
        ("affirmed", "cigna"),
    }


def test_a_dose_says_how_it_is_given_and_no_unit() -> None:
    assert stated(about("Posology: 60 mg/kg IV once weekly\n")) == {"routeOfAdministration route:intravenous": ""}


def test_a_label_may_be_the_drug_of_its_code() -> None:
    found = read("Codes of our drugs\n\nDoxorubicin: J9000\n\nPaclitaxel: J9267\n", "codes.txt")
    assert objects(found, "identifiesDrug", subject="hcpcs:J9000") == ["drug:doxorubicin"]
    assert objects(found, "identifiesDrug", subject="hcpcs:J9267") == ["drug:paclitaxel"]


def test_what_is_no_name_of_a_drug_is_none_of_equipment() -> None:
    label = "Policy or name of the drug"
    assert not objects(
        read(f"HCPCS: A4595\n{label}: Nerve Stimulation\n", "a.txt"), "identifiesDrug", subject="hcpcs:A4595"
    )


def test_codes_of_several_drugs_and_of_services_in_one_list_do_not_go_together() -> None:
    content = "# Codes\n\nJ1100: Injection, dexamethasone, 1 mg\n\nJ1745: infliximab, 10 mg\n\n96413: Chemo infusion\n"
    assert not objects(read(content), "administeredWith", subject="hcpcs:J1100")
    one_drug = content.replace("J1100: Injection, dexamethasone, 1 mg", "Q5103: infliximab-dyyb, 10 mg")
    assert objects(read(one_drug), "administeredWith", subject="hcpcs:J1745") == ["cpt:96413"]
