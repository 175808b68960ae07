"""The drug in a line of a charge list, by words that only drugs have."""

from __future__ import annotations

from datetime import date

import pytest

from kg.model import Code
from kg.reference import load
from kg.reference.bundled import read
from kg.verification.drug_words import DrugWords, spelt_out

DRUG_WORDS = DrugWords(load([read]).on(date(2025, 10, 15)))


def code(text: str, near: str = "J3262") -> str | None:
    better = DRUG_WORDS.code(text, Code.parse(near))
    return better.value if better else None


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("NM TC-99M SESTAMIBI PER DOSE", "A9500"),  # Words before the drug.
        ("TECHNETIUM TC99M MEBROFENIN", "A9537"),
        ("NM TC99M MDP", "A9503"),  # What carries it, in short.
        ("NM TC-99M ISOTOPE", None),  # An isotope that many carry.
        ("Factor X, given to people who bleed", "J7175"),  # The number tells a clotting factor.
        ("DIPHENHYD 50/ML 1ML SYR", "J1200"),  # Cut off.
        ("SUCCINYLCHL 20MG/ML 1ML", "J0330"),  # Cut off and squeezed.
        ("PROCHLORPERAZN 10MG", "J0780"),
        ("MEDROXYPROGSTRNE 1 MG", "J1050"),  # Letters left out behind the first ones.
        ("ALGFT BIOVANCE 2X3CM EA/1 ALLIQUA DHAM0023", "Q4154"),  # A graft, whatever its maker is called.
        ("APLIGRAFT PER SQUARE CM", "Q4101"),
        ("AMINOPHYLLINE 250 MG/10 ML", "J0280"),  # Longer than in the label.
        ("ENOXAPARIN40MG IJ", "J1650"),  # Grown together with its amount.
        ("HALOPERIDOL DEC 50MG/ML", "J1631"),  # Short words tell which of two.
        ("KIT FOR THE PREPARATION OF TC-99M SESTAMIBI", "A9500"),
        ("Margetuximabcmkb 5mg IV", "J9353"),
        ("SKIN SUB/SQCM-APLIGRAF 04", "Q4101"),
        ("IOFLUPANE (DATSCANNER)", "A9584"),  # What nobody knows is another name of it.
        ("ETHAMOLIN(ETHANOLAMINE) 5%", "J1430"),
        ("Ra 223 Dichloride Xofigo Thx", "A9606"),  # The whole name stands there, whatever else does.
        ("Group of unheard charges - sestamibi", "A9500"),
        ("DARBEPO 300MCG", "J0881"),  # Cut off within "oe".
        ("ZOLEDRNOIC ACID 4MG", "J3489"),  # Letters that changed places.
    ],
)
def test_a_drug_is_known_by_its_words(text: str, better: str) -> None:
    assert code(text) == better


@pytest.mark.parametrize(
    "text",
    [
        "XYLOCAINE W/ EPINEPHRINE",  # Nobody knows what else is in it.
        "XYLOCAINE EPINEPHRINE 1%",
        "TRIAMCINOLONE AND KETOROLAC",  # Two drugs.
        "Diluent for oxaliplatin",
        "SODIUM CHLORIDE 0.9% 50ML",  # Words of many.
        "HUMAN TISSUE",
        "METHYLPR",  # Of several words.
        "",
        "oxaliplatin " * 20,
    ],
)
def test_what_is_not_clear_is_no_drug(text: str) -> None:
    assert code(text) is None


@pytest.mark.parametrize(
    ("near", "text"),
    [
        ("J2765", "METOCLOPRAM 5/ML 10ML INJ"),
        ("J7189", "COAGULATION FACTOR VIIA RECOMB 1 MG"),
        ("J7518", "MYCOPHENOLATE SODIUM 180 MG TABLET"),
        ("C9363", "BILAYER WOUND DRESSING MATRIX 4X10"),
        ("A9500", "TC-99M SESTAMIBI - STUDY"),
        ("A9582", "IOBENGUANE SULFATE I-123"),
        ("C9363", "INTEGRA MSH SQ CM"),
        ("Q4108", "DRESSING INTEGRA WOUND 1X3"),
    ],
)
def test_what_may_be_the_drug_of_the_code_is_no_other(near: str, text: str) -> None:
    assert code(text, near) is None


def test_words_that_drugs_share_tell_apart_what_others_lead_to() -> None:
    assert code("TC-99M ALBUMIN AGGR <10 M", "A9500") == "A9540"


def test_isotopes_are_called_as_descriptors_call_them() -> None:
    assert spelt_out("In-111 pentetate") == spelt_out("indium in-111 pentetate") == spelt_out("IN111 Pentetate")
    assert "tc" not in spelt_out("ATC99 something")
