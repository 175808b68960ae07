from __future__ import annotations

from datetime import date

import pytest

from kg.model import Code, Concept, Kind, Relation
from kg.reference import Reference, bundled, load
from kg.verification.identities import Identities
from tests.verification.making import drug, entry, reference

KNOWN = reference(
    entry("hcpcs:J1442", "Injection, filgrastim (g-csf), excludes biosimilars, 1 microgram"),
    entry("hcpcs:Q5101", "Injection, filgrastim-sndz, biosimilar, (zarxio), 1 microgram"),
    entry("hcpcs:Q5110", "Injection, filgrastim-aafi, biosimilar, (nivestym), 1 microgram"),
    entry("hcpcs:J2353", "Injection, octreotide, depot form for intramuscular injection, 1 mg"),
    entry("hcpcs:J1260", "Injection, dolasetron mesylate, 10 mg"),
    entry("hcpcs:J1943", "Injection, aripiprazole lauroxil, (aristada initio), 1 mg"),
    entry("hcpcs:J1944", "Injection, aripiprazole lauroxil, (aristada), 1 mg"),
    entry("hcpcs:J1942", "Injection, aripiprazole lauroxil, 1 mg", ended="2019-09-30"),
    entry("hcpcs:J2246", "Injection, micafungin in sodium (baxter), not therapeutically equivalent to j2248, 1 mg"),
    entry("hcpcs:J2248", "Injection, micafungin sodium, 1 mg"),
    entry("hcpcs:J0887", "Injection, epoetin beta, 1 microgram, (for esrd on dialysis)"),
    entry("hcpcs:J0885", "Injection, epoetin alfa, (for non-esrd use), 1000 units"),
    entry("hcpcs:J3490", "Unclassified drugs"),
    entry("hcpcs:J1569", "Injection, immune globulin, (gammagard liquid), non-lyophilized, (e.g., liquid), 500 mg"),
    entry("hcpcs:J1561", "Injection, immune globulin, (gamunex-c/gammaked), non-lyophilized (e.g., liquid), 500 mg"),
    entry("hcpcs:J1566", "Injection, immune globulin, intravenous, lyophilized (e.g., powder), 500 mg"),
    entry("hcpcs:J1575", "Injection, immune globulin/hyaluronidase, (hyqvia), 100 mg immuneglobulin"),
    entry("hcpcs:J3357", "Ustekinumab, for subcutaneous injection, 1 mg"),
    entry("hcpcs:J3358", "Ustekinumab, for intravenous injection, 1 mg"),
    entry("hcpcs:C9257", "Injection, bevacizumab, 0.25 mg"),
    entry("hcpcs:J9035", "Injection, bevacizumab, 10 mg"),
    entry("hcpcs:J1748", "Injection, infliximab-dyyb (zymfentra), 10 mg"),
    entry("hcpcs:Q5103", "Injection, infliximab-dyyb, biosimilar, (inflectra), 10 mg"),
    entry(
        "hcpcs:J0129",
        "Injection, abatacept, 10 mg (code may be used for medicare when drug administered under the "
        "direct supervision of a physician, not for use when drug is self administered)",
    ),
    entry("hcpcs:J0717", "Injection, certolizumab pegol, 1 mg"),
    entry("hcpcs:J7175", "Injection, factor x, (human), 1 i.u."),
    drugs=(
        drug("filgrastim", "Neupogen"),
        drug("filgrastim-sndz", "Zarxio", broader="filgrastim"),
        drug("filgrastim-aafi", "Nivestym", broader="filgrastim"),
        drug("micafungin", "Mycamine"),
        drug("octreotide", "Sandostatin", "Sandostatin LAR Depot"),
        drug("reteplase recombinant", broader="reteplase"),
        drug("aripiprazole lauroxil", "Aristada", "Aristada Initio"),
    ),
)
IDENTITIES = Identities(KNOWN)


def named(name: str) -> Concept:
    return Concept.named(Kind.DRUG, name)


def code(value: str) -> Code:
    return Code.parse(f"hcpcs:{value}")


def test_what_releases_state_of_a_code() -> None:
    (drug_stated,) = IDENTITIES.of(Concept.parse("hcpcs:Q5101"), Relation.IDENTIFIES_DRUG)
    (unit_stated,) = IDENTITIES.of(Concept.parse("hcpcs:Q5101"), Relation.BILLING_UNIT)
    assert drug_stated.statement.object.curie == "drug:filgrastim-sndz"
    assert unit_stated.statement.object.label == "1 microgram"
    assert drug_stated.release.identifier == "hcpcs-complete"
    assert IDENTITIES.of(Concept.parse("hcpcs:J3490"), Relation.IDENTIFIES_DRUG) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("filgrastim", "filgrastim", True),
        ("filgrastim", "filgrastim-sndz", True),
        ("filgrastim", "filgrastim-zzzz", True),
        ("filgrastim", "Neupogen", True),
        ("filgrastim", "octreotide", False),
        ("epoetin alfa", "epoetin beta", False),
        ("reteplase recombinant", "reteplase", True),
        ("reteplase recombinant", "filgrastim", False),
    ],
)
def test_two_names_of_one_drug(one: str, other: str, same: bool) -> None:
    assert IDENTITIES.same(named(one), named(other)) is same
    assert IDENTITIES.same(named(other), named(one)) is same


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("filgrastim-aafi", "Q5101", True),
        ("filgrastim-sndz", "Q5101", False),
        ("filgrastim", "Q5101", False),
        ("filgrastim-aafi", "J1442", False),
        # Four letters that nobody knows are a slip.
        ("filgrastim-snzd", "Q5101", False),
    ],
)
def test_four_letters_tell_biosimilars_apart(name: str, value: str, other: bool) -> None:
    assert IDENTITIES.other_letters(named(name), code(value)) is other


@pytest.mark.parametrize(
    ("name", "value", "text", "own"),
    [
        ("dolasetron mesylate", "J3490", "J3490 | dolasetron mesylate", "J1260"),
        # Another form or use, a brand or a maker of its own, and both codes in one text.
        ("dolasetron mesylate", "J3490", "J3490 | dolasetron mesylate, oral", None),
        ("abatacept", "J3490", "J3490 | abatacept", None),
        ("ustekinumab", "J3490", "J3490 | ustekinumab", None),
        ("infliximab-dyyb", "J3490", "J3490 | infliximab-dyyb", None),
        ("dolasetron mesylate", "J3490", "J3490 before J1260 | dolasetron mesylate", None),
        ("no such drug", "J3490", "J3490 | no such drug", None),
    ],
)
def test_a_drug_that_needs_no_unclassified_code(name: str, value: str, text: str, own: str | None) -> None:
    found = IDENTITIES.own_code(named(name), code(value), text)
    assert (found.value if found else None) == own


def test_codes_hold_on_their_days() -> None:
    assert not KNOWN.in_force(code("J1942")), "without a day, a code with an end"
    assert KNOWN.on(date(2019, 9, 30)).in_force(code("J1942"))
    assert not KNOWN.on(date(2019, 10, 1)).in_force(code("J1942"))
    assert not KNOWN.in_force(code("J9999"))


def test_the_name_of_a_drug_in_the_name_of_a_code() -> None:
    assert IDENTITIES.named_in(named("octreotide"), code("J2353"))
    assert IDENTITIES.named_in(named("filgrastim-zzzz"), code("Q5101"))
    assert not IDENTITIES.named_in(named("octreotide"), code("Q5101"))
    assert not IDENTITIES.named_in(named("octreotide"), code("J9999"))


def test_drugs_that_share_a_word_that_tells_something() -> None:
    assert IDENTITIES.akin(named("aripiprazole"), code("J1944"))
    assert IDENTITIES.akin(named("Zarxio syringe"), code("Q5101"))
    assert not IDENTITIES.akin(named("cromolyn sodium"), code("J2248"))
    assert IDENTITIES.akin(named("coagulation factor X (human)"), code("J7175"))
    assert not IDENTITIES.akin(named("coagulation factor IX (human)"), code("J7175"))
    assert not IDENTITIES.akin(named("epoetin alfa"), code("J3490"))


def test_codes_that_take_any_drug() -> None:
    assert not IDENTITIES.is_of_one(code("J3490"))
    assert IDENTITIES.is_of_one(code("J2248"))
    assert IDENTITIES.takes_any(code("J3490"))
    assert not IDENTITIES.takes_any(code("J2248"))
    assert not IDENTITIES.takes_any(code("J9999"))


@pytest.mark.parametrize(
    ("name", "text", "best"),
    [
        ("filgrastim-sndz", "", "Q5101"),
        ("filgrastim-zzzz", "", "J1442"),
        ("dolasetron", "", "J1260"),
        ("micafungin", "", "J2248"),
        ("aripiprazole lauroxil", "Aristada Initio", "J1943"),
        ("aripiprazole lauroxil", "Aristada", "J1944"),
        ("epoetin beta", "", "J0887"),
        ("immune globulin", "", "J1566"),
        ("immune globulin", "Gammagard", "J1569"),
        ("immune globulin", "immune globulin with hyaluronidase", "J1575"),
        ("ustekinumab", "ustekinumab SC", "J3357"),
        ("ustekinumab", "ustekinumab IV", "J3358"),
        ("bevacizumab", "", "J9035"),
        ("bevacizumab", "bevacizumab, per 0.25 mg", "C9257"),
        ("infliximab-dyyb", "", "Q5103"),
        ("infliximab-dyyb", "Zymfentra", "J1748"),
        ("micafungin", "micafungin (Baxter)", "J2246"),
        ("certolizumab", "", "J0717"),
        ("no such drug", "", None),
        ("sodium", "", None),
    ],
)
def test_the_code_of_a_drug(name: str, text: str, best: str | None) -> None:
    found = IDENTITIES.best_code(named(name), code("J0001"), text)
    assert (found.value if found else None) == best


OFFICIAL = Identities(load([bundled.read]).on(date(2025, 10, 15)))


@pytest.mark.parametrize(
    ("name", "text", "best"),
    [
        # Forms and routes, as words for packages tell them.
        ("promethazine", "PROMETHAZINE HCL 50 MG PO TABS", "Q0169"),
        ("prednisolone", "PREDNISOLONE 30MG/10ML SYRUP", "J7510"),
        # The beginning of a word that tells two salts apart.
        ("haloperidol", "HALOPERIDOL DEC 50MG/ML", "J1631"),
        ("ferric", "Ferric carboxym 1mg inj", "J1439"),
        # An amount that is many units of one code and less than one of another.
        ("fosphenytoin", "FOSPHENYTOIN 500MG/10ML", "Q2009"),
        ("heparin", "HEPARIN 25,000 UNIT/250ML", "J1644"),
        # A strength within the range of a label.
        ("low osmolar contrast material", "Omnipaque 350", "Q9967"),
        ("low osmolar contrast material", "iopamidol 250 mg/ml", "Q9966"),
        ("low osmolar contrast material", "LOCM 300-399 mg/ml iodine, 1 ml", "Q9967"),
        ("low osmolar contrast material", "iomeprol 400 mg/ml", "Q9951"),
        # What has been in lists for long, rather than what is new.
        ("lenacapavir", "Inj, lenacapavir, 1 mg", "J1961"),
        # A label that CMS gave the code before.
        ("ampicillin", "Ampicillin sodium per 1.5 gm", "J0295"),
        # More words of a longer name, also cut off.
        ("trastuzumab", "ADO-TRASTUZUMAB 100MG", "J9354"),
        ("paclitaxel", "PACLITAXEL PROT-BND 100mg", "J9264"),
        # A salt tells less than the route.
        ("ondansetron", "ONDANSETRON HCL 8 MG TABLET", "Q0162"),
        ("ondansetron", "ONDANSETRON HCL IV PER MG", "J2405"),
        ("ferumoxytol", "Ferumoxytol Inj 1mg for Esrd", "Q0139"),
        # The brand of a product.
        ("leuprolide", "LEUPROLIDE 30MG KIT-ELIGARD", "J9217"),
        # The code that the text names.
        ("cefazolin", "Cefazolin 500mg IV J0688", "J0688"),
        ("cefazolin", "Cefazolin 500mg IV, not J0688", "J0690"),
    ],
)
def test_the_code_of_a_drug_among_all_that_come_along(name: str, text: str, best: str) -> None:
    better = OFFICIAL.best_code(named(name), code("J3262"), text)
    assert better is not None and better.value == best


def test_what_is_part_of_a_name_of_a_drug_is_known() -> None:
    assert OFFICIAL.knows(named("belantamab")) and not OFFICIAL.knows(named("mafodon"))
    assert not OFFICIAL.knows(named("oral"))


def test_the_code_itself_is_not_another() -> None:
    assert IDENTITIES.best_code(named("dolasetron mesylate"), code("J1260")) is None


def test_without_releases_nothing_is_known() -> None:
    nothing = Identities(Reference.of([]))
    assert nothing.codes_for(named("filgrastim")) == []
    assert nothing.drugs_of(code("J1442")) == []


def test_where_a_text_names_no_form_it_is_likely_that_of_the_code_it_gives() -> None:
    identities = Identities(
        reference(
            entry("hcpcs:J7517", "Mycophenolate mofetil, oral, 250 mg"),
            entry("hcpcs:J7518", "Mycophenolic acid, oral, 180 mg"),
            entry("hcpcs:J7519", "Injection, mycophenolate mofetil, 10 mg"),
            entry("hcpcs:J3262", "Injection, tocilizumab, 1 mg"),
        )
    )
    mofetil = named("mycophenolate mofetil")
    assert identities.best_code(mofetil, code("J7518"), "CellCept") == code("J7517")
    assert identities.best_code(mofetil, code("J3262"), "CellCept") == code("J7519")
    assert identities.best_code(mofetil, code("J3262"), "CellCept, oral") == code("J7517")


def test_a_biosimilar_is_not_billed_by_the_code_of_another_product() -> None:
    known = reference(
        entry("hcpcs:J0135", "Injection, adalimumab, 20 mg"),
        entry("hcpcs:Q5140", "Injection, adalimumab-fkjp, biosimilar, 1 mg", begins="2025-01-01"),
    )
    identities = Identities(known.on(date(2024, 6, 1)))
    text = "Injection, adalimumab-fkjp, biosimilar, 1 mg"
    assert identities.best_code(named("adalimumab-fkjp"), code("Q5140"), text) == code("J0135")
    assert identities.successor(named("adalimumab-fkjp"), code("Q5140"), text) is None
    assert identities.successor(named("adalimumab"), code("Q5140"), text) == code("J0135")


@pytest.mark.parametrize(
    ("value", "text", "meant"),
    [
        ("Q5101", "Injection, filgrastim, excludes biosimilars, 1 microgram", "J1442"),
        ("Q5101", "Filgrastim (non-biosimilar)", "J1442"),
        ("Q5101", "Injection, filgrastim, 1 microgram", None),
        ("J1442", "Injection, filgrastim, excludes biosimilars, 1 microgram", None),
        ("Q5101", "Q5101, Q5110 and, excludes biosimilars, J1442", None),  # Which of them is not told.
    ],
)
def test_the_code_of_a_biosimilar_is_for_no_originator(value: str, text: str, meant: str | None) -> None:
    found = IDENTITIES.originator(code(value), named("filgrastim"), text)
    assert (found.value if found else None) == meant


CLASSES = reference(
    entry("hcpcs:A9579", "Injection, gadolinium-based contrast agent, not otherwise specified (nos), per ml"),
    entry("hcpcs:J0588", "Injection, incobotulinumtoxina, 1 unit"),
    entry("hcpcs:S0092", "Injection, hydromorphone hydrochloride, 250 mg"),
    entry("hcpcs:J1171", "Injection, hydromorphone, 0.1 mg"),
    entry("hcpcs:J9292", "Injection, pemetrexed (accord) dipotassium, 10 mg"),
    entry("hcpcs:J9305", "Injection, pemetrexed, not otherwise specified, 10 mg"),
)


@pytest.mark.parametrize(
    ("name", "value", "maybe"),
    [
        ("omniscan", "A9579", True),  # One of a class.
        ("incobotulinumtoxin", "J0588", True),  # Nearly spelt so.
        ("omniscan", "J0588", False),
        ("hydromorphone", "A9579", False),  # Known, with a code of its own.
        ("pemetrexeds", "J0588", False),
    ],
)
def test_a_name_that_nobody_knows_may_be_the_drug_of_a_code(name: str, value: str, maybe: bool) -> None:
    assert Identities(CLASSES).may_be(named(name), code(value)) is maybe


def test_no_code_of_payers_is_meant_where_there_is_one_for_all() -> None:
    assert Identities(CLASSES).best_code(named("hydromorphone"), code("J0001"), "Hydromorphone 4 mg") == code("J1171")


def test_a_misspelt_drug_has_the_code_of_the_one_that_it_is_nearly() -> None:
    assert Identities(CLASSES).best_code(named("incobotulinumtoxin"), code("J0001")) == code("J0588")


LABELS = Identities(load([bundled.read]))
LABELS_AND_NAMES = Identities(Reference.of(bundled.read(), bundled.drugs()))


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("epinephrine", "J0174: Epinephrine (intl med sys)", "J0168"),
        ("buprenorphine", "J0174 | Buprenorph xr 100 mg or less", "Q9991"),
        ("pemetrexed", "J0174 | Inj. pemetrexed, 10 mg", "J9305"),  # Which is J9304's label as well, of one brand.
        ("infliximab", "J0174 | Injection, infliximab, excludes biosimilar, 10 mg", "J1745"),
        ("formoterol", "J0174 | formoterol", "J7606"),  # Not the compounded one, of which it is the whole name.
    ],
)
def test_a_code_whose_label_stands_there_is_meant(name: str, text: str, meant: str) -> None:
    assert LABELS.best_code(named(name), code("J0174"), text) == code(meant)


@pytest.mark.parametrize(
    ("value", "name", "text", "sold"),
    [
        ("J7195", "coagulation factor ix (recombinant)", "J7195 | BeneFIX", True),
        ("J7213", "coagulation factor ix (recombinant)", "J7213 | BeneFIX", False),
        ("J0585", "abobotulinumtoxina", "J0585 is the code for Botox and Dysport.", False),  # Botox is no brand of it.
        ("J7195", "coagulation factor ix (recombinant)", "J7195, J7213 | BeneFIX", False),  # Of which is not told.
        ("J2700", "dextrose", "J2700 | Bactocill In Dextrose", True),
        ("J2700", "dextrose", "J2700 | Oxacillin, dextrose", False),
    ],
)
def test_a_product_that_is_billed_as_a_code(value: str, name: str, text: str, sold: bool) -> None:
    assert LABELS_AND_NAMES.is_sold_as(code(value), named(name), text) is sold


@pytest.mark.parametrize(
    ("value", "name"),
    [("J1460", "immune globulin"), ("J7060", "d5w"), ("J7060", "5% dextrose in water"), ("J0665", "bupivacaine")],
)
def test_a_drug_by_another_name_than_the_release_has(value: str, name: str) -> None:
    drug, own = named(name), LABELS_AND_NAMES.drugs_of(code(value))
    assert drug in own or LABELS_AND_NAMES.named_in(drug, code(value))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("filgrastim-sndz, 1 mcg", True),
        ("filgrastim, 1 mcg", True),
        ("filgrastim-aafi, 1 mcg", False),
        ("filgrastim-aafi, filgrastim-sndz", True),
    ],
)
def test_a_biosimilar_is_not_named_by_the_letters_of_another(text: str, own: bool) -> None:
    assert Identities(KNOWN).names_own(Code.parse("Q5101"), text) is own


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        # By a product of that name, and not the diagnostic one, of which it is a drug by itself.
        ("cyanocobalamin", "J0174 | CYANOCOBALAMIN 1000MCG/ML 1ML INJ", "J3420"),
        ("ketorolac tromethamine", "J0174 | Ketorolac 15mg/ml 1ml vial", "J1885"),  # "ml" is no part of another drug.
        ("insulin", "J0174 | INSULIN NPH 100 UNIT/ML", "J1815"),  # For no pump.
        ("heparin sodium", "J0174 | heparin sodium for infusion", "J1644"),  # What most companies sell.
        ("morphine sulfate", "J0174 | MORPHINE PF PER 10MG", "J2274"),  # A word of the label.
        ("epifix", "J0174 | EPIFIX 14MM DISK", "Q4186"),  # By area, as it has a size.
        ("amnioband", "J0174 | AMNIOBAND 4X2CM PLACENTAL", "Q4151"),  # One of two names of a product.
        ("dexamethasone", "J0174 | DEXAMETHA 10MG/ML 1ML", "J1100"),  # The drug cut off is no word of a label.
    ],
)
def test_what_words_of_labels_sizes_and_sellers_tell(name: str, text: str, meant: str) -> None:
    assert LABELS_AND_NAMES.best_code(named(name), code("J0174"), text) == code(meant)


def test_what_is_said_to_be_injected_has_not_the_form_of_the_code_that_it_is_given() -> None:
    diphenhydramine, oral = named("diphenhydramine hcl"), code("J8540")
    assert LABELS_AND_NAMES.best_code(diphenhydramine, oral, "Injection, diphenhydramine HCl") == code("J1200")
    assert LABELS_AND_NAMES.best_code(diphenhydramine, oral, "diphenhydramine HCl") == code("Q0163")


def test_a_drug_that_payers_alone_call_so_may_be_one_spelt_nearly_alike() -> None:
    assert LABELS_AND_NAMES.may_be(named("calcitrol"), code("J0636"))
    assert not LABELS_AND_NAMES.may_be(named("calcitrol"), code("J3262"))


@pytest.mark.parametrize(
    ("name", "is_any"),
    [
        ("Unclassified drugs", True),
        ("Immunosuppressive drug, not otherwise classified", True),
        ("Immunosuppressive drug", False),
        ("tocilizumab, not otherwise specified", False),
        ("tysobrix, not otherwise specified", False),  # Which may be a drug.
    ],
)
def test_a_name_of_no_drug_in_particular(name: str, is_any: bool) -> None:
    assert LABELS_AND_NAMES.is_any(name) is is_any


@pytest.mark.parametrize(
    ("day", "name", "fits"),
    [
        (date(2013, 5, 1), "filgrastim", True),
        (date(2024, 5, 1), "filgrastim", False),  # Which the code was until 2013.
        (date(2024, 5, 1), "fecal microbiota, live", True),
    ],
)
def test_a_name_that_a_code_had_on_other_days_is_not_its_own(day: date, name: str, fits: bool) -> None:
    identities, j1440 = Identities(Reference.of(bundled.read(), bundled.drugs()).on(day)), code("J1440")
    assert (identities.named_in(named(name), j1440) or identities.may_be(named(name), j1440)) is fits
    assert identities.is_sold_as(j1440, named(name), f"J1440 | {name}") is (fits and name == "filgrastim")


def test_no_code_is_meant_for_what_it_was_on_other_days() -> None:
    then = Identities(Reference.of(bundled.read(), bundled.drugs()).on(date(2013, 5, 1)))
    rebyota = then.best_code(named("fecal microbiota, live-jslm"), code("J1441"), "J1441 | Rebyota")
    assert rebyota is None
