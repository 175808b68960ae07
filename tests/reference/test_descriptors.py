"""Descriptors of HCPCS Level II: drug, brands, biosimilar, billing unit. They are in the public domain."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Code, CodeSystem, Concept, Kind, Quantity, Relation
from kg.reference import Drug, Entry, bundled
from kg.reference.descriptors import Descriptor, KnownDrugs, read_descriptor, statements
from tests.data.official import REFERENCE, hcpcs, needs_reference

SELF = "(code may be used for medicare when drug administered under the direct supervision of a physician"


def reading(text: str) -> tuple[str, tuple[str, ...], str | None]:
    found = read_descriptor(text)
    assert found is not None, text
    return found.drug, found.brands, f"{found.unit.number:f} {found.unit.ucum}" if found.unit else None


@pytest.mark.parametrize(
    ("text", "drug", "brands", "unit"),
    [
        ("Injection, pembrolizumab, 1 mg", "pembrolizumab", (), "1 mg"),
        ("Injection, tetracycline, up to 250 mg", "tetracycline", (), "250 mg"),
        ("Injection, biperiden lactate, per 5 mg", "biperiden lactate", (), "5 mg"),
        ("Injection, burosumab-twza 1 mg", "burosumab-twza", (), "1 mg"),
        ("Injection fluconazole, 200 mg", "fluconazole", (), "200 mg"),
        ("Inj, sutimlimab-jome, 10 mg", "sutimlimab-jome", (), "10 mg"),
        ("Injection, acetaminophen, not otherwise specified,10 mg", "acetaminophen", (), "10 mg"),
        (f"Injection, abatacept, 10 mg {SELF}, not for use when drug is self administered)", "abatacept", (), "10 mg"),
        (f"Injection, etanercept, 25 mg {SELF}, not for use when", "etanercept", (), "25 mg"),
        ("Injection, epoetin alfa, (for non-esrd use), 1000 units", "epoetin alfa", (), "1000 [U]"),
        ("Injection, heparin sodium, per 1,000 units", "heparin sodium", (), "1000 [U]"),
        ("Injection, immune globulin (privigen), intravenous, non-lyophilized (e.g., liquid), 500 mg",
         "immune globulin", ("privigen",), "500 mg"),
        ("Injection, immune globulin, (gamunex-c/gammaked), non-lyophilized (e.g., liquid), 500 mg",
         "immune globulin", ("gamunex-c", "gammaked"), "500 mg"),
        ("Injection, paliperidone palmitate extended release (invega hafyera, or invega trinza), 1 mg",
         "paliperidone palmitate", ("invega hafyera", "invega trinza"), "1 mg"),
        ("Sevelamer carbonate (renvela or therapeutically equivalent), oral, 20 mg (for esrd on dialysis)",
         "sevelamer carbonate", ("renvela",), "20 mg"),
        ("Factor viii (antihemophilic factor, human) per i.u.",
         "factor viii (antihemophilic factor, human)", (), "1 [iU]"),
        ("Factor ix (antihemophilic factor, recombinant), rixubis, per i.u.",
         "factor ix (antihemophilic factor, recombinant)", ("rixubis",), "1 [iU]"),
        ("Factor viia (antihemophilic factor, recombinant)-jncw (sevenfact), 1 microgram",
         "factor viia (antihemophilic factor, recombinant)-jncw", ("sevenfact",), "1 ug"),
        ("Prothrombin complex concentrate (human), kcentra, per i.u. of factor ix activity",
         "prothrombin complex concentrate (human)", ("kcentra",), "1 [iU]"),
        ("Hyaluronan or derivative, durolane, for intra-articular injection, 1 mg",
         "hyaluronan or derivative", ("durolane",), "1 mg"),
        ("Hyaluronan or derivative, hyalgan, supartz or visco-3, for intra-articular injection, per dose",
         "hyaluronan or derivative", ("hyalgan", "supartz", "visco-3"), "1 {dose}"),
        ("Albuterol, inhalation solution, fda-approved final product, administered through dme, unit dose, 1 mg",
         "albuterol", (), "1 mg"),
        ("Acetylcysteine, inhalation solution, compounded product, administered through dme, per gram",
         "acetylcysteine", (), "1 g"),
        ("Technetium tc-99m sestamibi, diagnostic, per study dose, up to 40 millicuries",
         "technetium tc-99m sestamibi", (), "1 {dose}"),
        ("Iodine i-123 sodium iodide, diagnostic, per 100 microcuries, up to 999 microcuries",
         "iodine i-123 sodium iodide", (), "100 uCi"),
        ("Indium in-111 pentetate, diagnostic, per 0.5 millicurie", "indium in-111 pentetate", (), "0.5 mCi"),
        ("Prednisone, immediate release or delayed release, oral, 1 mg", "prednisone", (), "1 mg"),
        ("Ondansetron 1 mg, oral, fda approved prescription anti-emetic, not to exceed a 48 hour dosage regimen",
         "ondansetron", (), "1 mg"),
        ("Insulin (fiasp) for administration through dme (i.e., insulin pump) per 50 units",
         "insulin", ("fiasp",), "50 [U]"),
        ("Insulin, most rapid onset (lispro or aspart); 5 units", "insulin, most rapid onset", (), "5 [U]"),
        ("Injection, pegaspargase, per single dose vial", "pegaspargase", (), "1 {vial}"),
        ("Injection, digoxin immune fab (ovine), per vial", "digoxin immune fab (ovine)", (), "1 {vial}"),
        ("Injection, crotalidae immune f(ab')2 (equine), 120 mg", "crotalidae immune f(ab')2 (equine)", (), "120 mg"),
        ("Injection, rho(d) immune globulin (human), (rhophylac), intramuscular or intravenous, 100 iu",
         "rho(d) immune globulin (human)", ("rhophylac",), "100 [iU]"),
        ("Injection, exagamglogene autotemcel, per treatment", "exagamglogene autotemcel", (), "1 {treatment}"),
        ("Ciltacabtagene autoleucel, up to 100 million b-cell antigen (bcma) directed t cells, per therapeutic dose",
         "ciltacabtagene autoleucel", (), "1 {dose}"),
        ("Injection, voretigene neparvovec-rzyl, 1 billion vector genomes",
         "voretigene neparvovec-rzyl", (), "1 10*9{vg}"),
        ("Injection, talimogene laherparepvec, per 1 million plaque forming units",
         "talimogene laherparepvec", (), "1000000 [PFU]"),
        ("Capsaicin 8% patch, per square centimeter", "capsaicin", (), "1 cm2"),
        ("Apligraf, per square  centimeter", "apligraf", (), "1 cm2"),
        ("Infusion, normal saline solution, sterile (500 ml = 1 unit)", "normal saline", (), "500 mL"),
        ("Infusion, albumin (human), 25%, 50 ml", "albumin (human)", (), "50 mL"),
        ("Influenza virus vaccine, split virus, for intramuscular use (agriflu)",
         "influenza virus vaccine, split virus", ("agriflu",), None),
        ("Injection, thyrotropin alpha, 0.9 mg, provided in 1.1 mg vial", "thyrotropin alpha", (), "0.9 mg"),
        ("Injection, ferric pyrophosphate citrate solution (triferic avnu), 0.1 mg of iron",
         "ferric pyrophosphate citrate", ("triferic avnu",), "0.1 mg"),
        ("Buprenorphine/naloxone, oral, greater than 10 mg buprenorphine", "buprenorphine/naloxone", (), None),
        ("High osmolar contrast material, up to 149 mg/ml iodine concentration, per ml",
         "high osmolar contrast material", (), "1 mL"),
        ("Bupropion hcl sustained release tablet, 150 mg, per bottle of 60 tablets", "bupropion hcl", (), None),
    ],
)  # fmt: skip
def test_a_descriptor_says_drug_brands_and_unit(
    text: str, drug: str, brands: tuple[str, ...], unit: str | None
) -> None:
    assert reading(text) == (drug, brands, unit)


@pytest.mark.parametrize(
    ("text", "drug", "unit"),
    [
        ("Injection, meperidine and promethazine hcl, up to 50 mg", "meperidine and promethazine hcl", "50 mg"),
        ("Injection, pertuzumab, trastuzumab, and hyaluronidase-zzxf, per 10 mg",
         "pertuzumab, trastuzumab and hyaluronidase-zzxf", "10 mg"),
        ("Injection, trastuzumab, 10 mg and hyaluronidase-oysk", "trastuzumab and hyaluronidase-oysk", "10 mg"),
        ("Injection, aztreonam/avibactam, 7.5 mg/2.5 mg (10 mg)", "aztreonam/avibactam", "10 mg"),
        ("Injection, cabotegravir and rilpivirine, 2mg/3mg", "cabotegravir and rilpivirine", None),
        ("Injection, imipenem 4 mg, cilastatin 4 mg and relebactam 2 mg", "imipenem, cilastatin and relebactam", None),
        ("Injection, liposomal, 1 mg daunorubicin and 2.27 mg cytarabine",
         "daunorubicin and cytarabine liposomal", None),
        ("Albuterol, up to 2.5 mg and ipratropium bromide, up to 0.5 mg, administered through dme",
         "albuterol and ipratropium bromide", None),
        ("Carbidopa 5 mg/levodopa 20 mg enteral suspension, 100 ml", "carbidopa/levodopa", "100 mL"),
    ],
)  # fmt: skip
def test_a_combination_is_one_drug_and_has_a_unit_only_where_there_is_one_amount(
    text: str, drug: str, unit: str | None
) -> None:
    assert reading(text) == (drug, (), unit)


@pytest.mark.parametrize(
    "text",
    [
        "Injection, paclitaxel protein-bound particles (american regent) not therapeutically equivalent to j9264, 1 mg",
        "Injection, some drug (unheard of), not therapeutically equivalent to j0000, 1 mg",
        "Injection, bendamustine hydrochloride (apotex), 1 mg",
        "Injection, micafungin sodium (any pharma), 1 mg",
        "Injection, filgrastim (g-csf), excludes biosimilars, 1 microgram",
    ],
)
def test_a_maker_or_an_abbreviation_is_no_brand(text: str) -> None:
    assert reading(text)[1] == ()


@pytest.mark.parametrize(
    ("text", "makers"),
    [
        ("Injection, bortezomib (hospira), not therapeutically equivalent to j9041, 0.1 mg", ("hospira",)),
        ("Injection, some drug (unheard of), not therapeutically equivalent to j0000, 1 mg", ("unheard of",)),
        ("Injection, epinephrine in sodium chloride (endo), 0.1 mg", ("endo",)),
        ("Injection, tocilizumab-bavi (tofidence), biosimilar, 1 mg", ()),
        ("Injection, epoetin alfa, (for non-esrd use), 1000 units", ()),
    ],
)
def test_the_maker_whose_product_alone_a_code_is_for(text: str, makers: tuple[str, ...]) -> None:
    found = read_descriptor(text)
    assert found is not None and found.makers == makers


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Ustekinumab, for subcutaneous injection, 1 mg", {"subcutaneous"}),
        ("Injection, immune globulin, intravenous, lyophilized (e.g., powder), 500 mg", {"intravenous", "lyophilized"}),
        ("Injection, immune globulin, (octagam), intravenous, non-lyophilized, 500 mg", {"intravenous", "liquid"}),
        ("Albuterol, inhalation solution, fda-approved final product, non-compounded, unit dose, 1 mg", {"inhalation"}),
        ("Injection, tocilizumab, 1 mg", set()),
    ],
)
def test_routes_and_forms(text: str, forms: set[str]) -> None:
    found = read_descriptor(text)
    assert found is not None and found.forms == forms


@pytest.mark.parametrize(
    ("text", "biosimilar"),
    [
        ("Injection, tocilizumab-bavi (tofidence), biosimilar, 1 mg", True),
        ("Injection, adalimumab-ryvk biosimilar, 1 mg", True),
        ("Injection, pegfilgrastim, excludes biosimilar, 0.5 mg", False),
        ("Injection, filgrastim (g-csf), excludes biosimilars, 1 microgram", False),
        ("Injection, infliximab-dyyb (zymfentra), 10 mg", False),
    ],
)
def test_only_what_is_called_a_biosimilar_is_one(text: str, biosimilar: bool) -> None:
    found = read_descriptor(text)
    assert found is not None and found.biosimilar is biosimilar


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Unclassified biologics",
        "Unclassified drugs or biologicals",
        "Compounded drug, not otherwise classified",
        "Noc drugs, inhalation solution administered through dme",
        "Prescription drug, oral, chemotherapeutic, nos",
        "Injection procedure for sacroiliac joint; arthrography",
        "Injection of pre-exposure prophylaxis (prep) drug for hiv prevention, under skin or into muscle",
        "Injection/implantation of bulking or spacer material (any type) with or without image guidance",
        "Injection, casirivimab and imdevimab, includes injection and post administration monitoring",
        "Standard wheelchair",
        "Parenteral infusion pump, stationary, single or multi-channel",
        "Insulin delivery device, disposable pen (including insulin); 1.5 ml size",
        "Syringe, sterile, 20 cc or greater, each",
        "Sterile water, saline and/or dextrose, diluent/flush, 10 ml",
        "Injectable bulking agent, synthetic implant, urinary tract, 1 ml syringe, includes necessary supplies",
        "Application of low cost skin substitute graft to trunk, wound surface up to 100 sq cm; first 25 sq cm",
        "Nursing care, in the home; by registered nurse, per hour",
        "Most recent ldl-c < 100 mg/dl",
        "Red blood cells, leukocytes reduced, each unit",
        "Administration and supply of tositumomab, 450 mg",
        "x" * 5_000,
        f"Injection, {'and this, ' * 120}1 mg",
        "Injection, 12, 1 mg",
    ],
)
def test_what_is_no_drug_is_none(text: str) -> None:
    assert read_descriptor(text) is None


@given(st.text(max_size=300) | st.text("(), ;/-.0123456789 mgperand", max_size=300).map("Injection, {}".format))
def test_any_text_is_read_and_a_drug_has_a_name(text: str) -> None:
    found = read_descriptor(text)
    assert found is None or found.drug.strip()


# --- known drugs and statements ---


def drug(name: str, *brands: str) -> Drug:
    return Drug(Concept.named(Kind.DRUG, name), brands)


KNOWN = KnownDrugs.of(
    [
        drug("immune globulin"),
        drug("immune globulin intravenous (human)", "Privigen", "Octagam"),
        drug("antihemophilic factor (recombinant)", "Novoeight"),
        drug("ampicillin and sulbactam", "Unasyn"),
        drug("doxorubicin", "Adriamycin"),
        drug("doxorubicin liposome", "Doxil"),
        drug("infliximab", "Remicade", "Twice"),
        drug("epinephrine", "Twice"),
    ]
)


@pytest.mark.parametrize(
    ("descriptor", "key"),
    [
        (Descriptor("doxorubicin hydrochloride"), "doxorubicin"),
        (Descriptor("doxorubicin hydrochloride liposomal"), "doxorubicin-liposome"),
        (Descriptor("ampicillin sodium/sulbactam sodium"), "ampicillin-and-sulbactam"),
        (Descriptor("immune globulin"), "immune-globulin"),
        (Descriptor("immune globulin", ("privigen",)), "immune-globulin-intravenous-human"),
        (Descriptor("factor viii (antihemophilic factor, recombinant)", ("novoeight",)),
         "antihemophilic-factor-recombinant"),
        (Descriptor("adrenalin, epinephrine"), "epinephrine"),
        (Descriptor("unasyn"), "ampicillin-and-sulbactam"),
        # What is not known, or only by a brand of two drugs, stays what its own words say.
        (Descriptor("infliximab-dyyb"), "infliximab-dyyb"),
        (Descriptor("something new", ("twice",)), "something-new"),
    ],
)  # fmt: skip
def test_a_drug_that_is_known_is_the_known_one(descriptor: Descriptor, key: str) -> None:
    assert KNOWN.concept(descriptor).key == key


def test_a_descriptor_states_its_drug_and_its_unit_with_the_dates_of_its_code() -> None:
    entry = Entry(
        code=Code(CodeSystem.HCPCS, "J9000"),
        name="Injection, doxorubicin hydrochloride, 10 mg",
        valid_from=date(1990, 1, 1),
        valid_through=date(2030, 12, 31),
        row=7,
    )
    found = list(statements(entry, KNOWN))
    assert [(one.relation, one.object.curie) for one in found] == [
        (Relation.IDENTIFIES_DRUG, "drug:doxorubicin"),
        (Relation.BILLING_UNIT, "quantity:10-mg"),
    ]
    assert {(one.subject, one.row, one.text) for one in found} == {(entry.concept, 7, entry.name)}
    assert {(one.valid_from, one.valid_through) for one in found} == {(date(1990, 1, 1), date(2030, 12, 31))}


def test_a_code_for_no_drug_states_nothing() -> None:
    assert not list(statements(Entry(Code(CodeSystem.HCPCS, "E0100"), "Cane, includes canes of all materials"), KNOWN))


# --- the real list ---

_TO_MG = {"g": Decimal(1000), "mg": Decimal(1), "ug": Decimal("0.001"), "ng": Decimal("0.000001")}


def asp_amount(text: str) -> tuple[str, Decimal] | None:
    """The one amount of a dosage of the ASP crosswalk, if it is one."""
    plain = re.sub(r"^(?:up to|per) ", "", text)
    found = Quantity.parse(plain if plain[:1].isdigit() or plain[:1] == "." else f"1 {plain}")
    return same_unit(found) if found else None


def same_unit(quantity: Quantity) -> tuple[str, Decimal]:
    factor = _TO_MG.get(quantity.ucum)
    return ("mg", quantity.number * factor) if factor else (quantity.ucum, quantity.number)


@cache
def asp() -> dict[str, set[str]]:
    """The dosages of both ASP crosswalks by HCPCS code, in small letters."""
    found: dict[str, set[str]] = {}
    for path in sorted((REFERENCE / "asp").glob("*Crosswalk*.csv")):
        with path.open(encoding="cp1252", newline="") as file:
            for row in csv.reader(file):
                if re.fullmatch(r"[A-V]\d{4}", row[0]):
                    found.setdefault(row[0], set()).add(" ".join(row[5].lower().split()))
    return found


@pytest.mark.slow
@needs_reference
def test_units_agree_with_those_of_the_asp() -> None:
    compared = agreed = 0
    for code, dosages in asp().items():
        amounts = {amount for dosage in dosages if (amount := asp_amount(dosage))}
        if code not in hcpcs() or not amounts:
            continue
        compared += 1
        found = read_descriptor(hcpcs()[code].name)
        agreed += bool(found and found.unit and same_unit(found.unit) in amounts)
    assert compared > 940
    assert agreed / compared > 0.98


@pytest.mark.slow
@needs_reference
def test_every_code_of_the_asp_is_read_as_a_drug() -> None:
    assert [code for code in asp() if code in hcpcs() and read_descriptor(hcpcs()[code].name) is None] == []


@needs_reference
def test_supplies_equipment_and_services_are_no_drugs() -> None:
    found = {code: one.drug for code, official in hcpcs().items() if (one := read_descriptor(official.name))}
    assert 2_000 < len(found) < 2_150
    assert [code for code in found if re.match(r"[DEHKLMRTUV]|A[5-8]|B[59]|C[2-8]|G[0-8]|P[1-8]|S[2-49]", code)] == []


@needs_reference
def test_what_official_descriptors_state_names_the_drugs_that_are_known() -> None:
    known = KnownDrugs.of(bundled.drugs())
    names = {drug.concept for drug in bundled.drugs()}
    found = [known.concept(one) for official in hcpcs().values() if (one := read_descriptor(official.name))]
    assert sum(concept in names for concept in found) > 950
