"""The brands in the words of a document that are billed as another code."""

from __future__ import annotations

import pytest

from kg.model import Code, Concept, Kind
from kg.reference import Reference, bundled
from kg.verification.brands import Brands
from kg.verification.identities import Identities
from tests.verification.making import drug, entry, reference

KNOWN = Brands(
    Identities(
        reference(
            entry("hcpcs:J1442", "Injection, filgrastim (g-csf), excludes biosimilars, 1 microgram"),
            entry("hcpcs:Q5101", "Injection, filgrastim-sndz, biosimilar, (zarxio), 1 microgram"),
            entry("hcpcs:J1943", "Injection, aripiprazole lauroxil, (aristada initio), 1 mg"),
            entry("hcpcs:J1944", "Injection, aripiprazole lauroxil, (aristada), 1 mg"),
            entry("hcpcs:J1942", "Injection, aripiprazole lauroxil, 1 mg", ended="2019-09-30"),
            entry("hcpcs:J1569", "Injection, immune globulin, (gammagard liquid), non-lyophilized, 500 mg"),
            entry("hcpcs:J1561", "Injection, immune globulin, (gamunex-c/gammaked), non-lyophilized, 500 mg"),
            drugs=(
                drug("filgrastim", "Neupogen"),
                drug("filgrastim-sndz", "Zarxio", broader="filgrastim"),
                drug("aripiprazole lauroxil", "Aristada", "Aristada Initio"),
            ),
        )
    )
)
LABELS_AND_NAMES = Identities(Reference.of(bundled.read(), bundled.drugs()))
OFFICIAL = Brands(LABELS_AND_NAMES)


def named(name: str) -> Concept:
    return Concept.named(Kind.DRUG, name)


def code(value: str) -> Code:
    return Code.parse(f"hcpcs:{value}")


@pytest.mark.parametrize(
    ("value", "text", "meant"),
    [
        ("J1943", "J1943 | Aristada | 1 mg", "J1944"),
        ("J1944", "J1944 | Aristada Initio | 1 mg", "J1943"),
        ("J1943", "J1943 | Aristada Initio | 1 mg", None),
        ("J1943", "J1943 | aripiprazole lauroxil | 1 mg", None),
        # The first word of a brand, where no other has it.
        ("J1569", "J1569 | immune globulin (Gamunex-C)", "J1561"),
        ("J1561", "J1561 | immune globulin (Gammagard)", "J1569"),
        # A code without a brand takes any, and a text about several codes speaks of several drugs.
        ("J1942", "J1942 | Aristada | 1 mg", None),
        ("J1943", "Aristada is J1944, and the first dose is J1943.", None),
        ("J1943", "Aristada " + "and so on " * 40, None),
    ],
)
def test_the_brand_in_the_words_of_a_document(value: str, text: str, meant: str | None) -> None:
    found = KNOWN.other(code(value), named("aripiprazole lauroxil"), text)
    assert (found.value if found else None) == meant


def test_the_brand_of_the_drug_that_others_are_like() -> None:
    """No descriptor has the brand, but the drug has one code of its own."""
    neupogen = named("filgrastim")
    assert KNOWN.other(code("Q5101"), neupogen, "Q5101 | Neupogen") == code("J1442")
    assert KNOWN.other(code("Q5101"), neupogen, "Q5101 | a biosimilar of Neupogen") is None
    assert KNOWN.other(code("Q5101"), neupogen, "Q5101 | Zarxio, for Neupogen") is None


@pytest.mark.parametrize(
    ("value", "text", "meant"),
    [
        ("J9033", "J9033 | Bendeka", "J9034"),
        ("J0178", "J0178 | Eylea HD", "J0177"),
        ("J1447", "J1447 corresponds to Neupogen.", "J1442"),
        ("J7195", "J7195: Advate", "J7192"),  # Of another drug altogether.
        ("J9033", "J9033 | Treanda", None),
        ("J9033", "J9033 | Treanda, not Bendeka", None),  # Names its own brand as well.
        ("J1010", "J1010 - Depo-Medrol", None),  # Which has a brand of another code in it.
        ("J0882", "J0882 | Aranesp", None),  # Another code of the same product.
        ("J2506", "J2506 | like Fulphila", None),  # A brand that is not sold in a code of its own words.
        ("Q5108", "Q5108: biosimilar of Neulasta", None),
        ("J9033", "J9033, J9034 | Bendeka", None),
        ("J7321", "J7321 | Visco-3", None),
    ],
)
def test_a_brand_that_is_billed_as_another_code(value: str, text: str, meant: str | None) -> None:
    drug = next(iter(LABELS_AND_NAMES.drugs_of(code(value))))
    found = OFFICIAL.other(code(value), drug, text)
    assert (found.value if found else None) == meant


def test_a_code_that_stands_for_no_one_drug_has_no_brand_to_be_taken_for_another() -> None:
    assert OFFICIAL.other(code("J3490"), named("bendamustine"), "J3490 | Bendeka") is None


@pytest.mark.parametrize(
    ("value", "text", "meant"),
    [
        ("J0588", "J0588: Xeomin, Daxxify", "J0589"),
        ("J7321", "| Hyalgan, Supartz FX, Orthovisc | J7321 |", "J7324"),
        ("J0897", "J0897: Prolia, Xgeva", None),  # Both are its own.
        ("J0588", "J0588: Xeomin; ask about Daxxify", None),  # Which is no mere list.
        ("J0588", "J0588: Xeomin, unlike Daxxify", None),
        ("J0588", "J0588 | Xeomin | Daxxify", None),  # Of which the second may be what to use instead.
        ("J0588", "J0588,Xeomin,Daxxify", None),
        ("J3490", "J3490: Xeomin, Daxxify", None),  # None of them is its own.
    ],
)
def test_a_brand_of_another_code_in_a_list_of_brands(value: str, text: str, meant: str | None) -> None:
    drug = next(iter(LABELS_AND_NAMES.drugs_of(code(value))), named("botulinum toxin"))
    found = OFFICIAL.other(code(value), drug, text)
    assert (found.value if found else None) == meant


def test_without_releases_no_brand_is_known() -> None:
    nothing = Brands(Identities(Reference.of([])))
    assert nothing.other(code("J1442"), named("filgrastim"), "Neupogen") is None
