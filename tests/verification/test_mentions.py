"""The codes of which nothing that a document states could be read, and the names beside them."""

from __future__ import annotations

from datetime import date

import pytest

from kg.documents import parse
from kg.extraction import extract
from kg.model import Concept, Evidence, Mention, Relation
from kg.reference import load
from kg.reference.bundled import read
from kg.verification.drug_beside import drug_named
from kg.verification.identities import Identities
from kg.verification.mentions import mentions


def named(text: str, name: str = "list.md") -> dict[str, str | None]:
    return {one.subject.key: one.subject.name for one in mentions(extract(parse(text.encode(), name)))}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("- M06.9: Gout, unspecified\n", "Gout, unspecified"),
        ("- M06.9 (gout)\n", "gout"),
        ("M06.9 Gout, unspecified\nM79.7 Fibromyalgia\n", "Gout, unspecified"),
        ("- M06.9 Gout\n", "Gout"),
        ("M06.9 Gout is not covered\n", None),
        ("| Code | Description |\n|---|---|\n| M06.9 | Gout |\n", "Gout"),
        ("| Code | Fee |\n|---|---|\n| M06.9 | Free of charge |\n", None),
        ("A list with M06.9 and nothing else.\n", None),
        ("Code: M06.9\nStatus: active\nMeaning: gout of the toe\n", "gout of the toe"),  # A block of labels.
        ("## M06.9\n\nDescription: Gout\n", "Gout"),
        ("M06.9\n    Denotes a case of gout.\n", "case of gout"),  # A glossary.
        ("Code: M06.9\nNote: see M79.7\nMeaning: gout\n", None),  # That may be of the other one.
        ("M06.9\n\n## Angina\n\nDescription: Angina\n", None),
        ("| Code | Text |\n|---|---|\n| M06.9 | Gout |\n", "Gout"),
        ("| Question | Answer |\n|---|---|\n| Which? | M06.9 stands for gout. |\n", "gout"),
    ],
)
def test_the_name_beside_a_code(text: str, name: str | None) -> None:
    assert named(f"# Some codes\n\n{text}")["M06.9"] == name


def test_what_is_no_certain_code_is_not_mentioned() -> None:
    assert named("# Some codes\n\nCall 96413 or JW, from J0000-J9999, on page M06.\n") == {}


def test_a_code_that_an_assertion_has_is_not_mentioned() -> None:
    assert named("# J3262\n\n## Diagnoses\n\n- M06.9: Rheumatoid arthritis\n") == {}


def test_a_code_in_the_words_of_a_statement_that_is_about_others_is_mentioned() -> None:
    extraction = extract(parse(b"Tocilizumab (Actemra): J3262, Z99.999, M99.999.\n", "note.md"))
    assert {one.object.key for one in extraction.assertions} == {"tocilizumab"}
    assert {one.subject.key for one in mentions(extraction)} == {"Z99.999", "M99.999"}
    # What is said in one place of a code is said of it in all others.
    both = extract(parse(b"Tocilizumab (Actemra): J3262, M06.9.\n\n## Diagnoses\n- M06.9\n", "note.md"))
    assert mentions(both) == []


def test_a_name_behind_another_code_of_the_row_is_that_ones() -> None:
    table = "| HCPCS | ICD-10 | Description |\n|---|---|---|\n| J3262 | T45.1X5A | Adverse effect of methotrexate |\n"
    assert named(f"# Sheet\n\n{table}").get("J3262") is None


def test_the_sentence_of_a_mention_holds_code_and_name() -> None:
    (one,) = mentions(extract(parse(b"# Some codes\n\nAs of January 1, 2026:\n\n- M06.9: Gout\n", "list.md")))
    assert (one.evidence.quote, one.evidence.line, one.since) == ("M06.9: Gout", 5, date(2026, 1, 1))


def test_a_code_is_mentioned_again_under_another_name_and_once_under_the_same() -> None:
    text = b"# Some codes\n\n- M06.9: Gout\n- M06.9: Angina\n- M06.9: Gout\n\nA list with M06.9 and no more.\n"
    read_mentions = mentions(extract(parse(text, "list.md")))
    assert [(one.subject.name, one.evidence.line) for one in read_mentions] == [("Gout", 3), ("Angina", 4)]


IDENTITIES = Identities(load([read]))


@pytest.mark.parametrize(
    ("name", "drug"),
    [
        ("Injection, tocilizumab, 1 mg", "drug:tocilizumab"),
        ("Inj aval alfa-nqpt 4mg", "drug:avalglucosidase-alfa-ngpt"),  # The label of another code.
        ("INJECTION, RIMABOTULINUMTOXIN, 100 UNITS", "drug:rimabotulinumtoxinb"),
        ("Injection, tysobrix, 1 mg", None),  # Nobody knows which drug that is.
        # Words that name nothing by themselves, though labels have them.
        ("none", None),
        ("nothing", None),
        ("oral", None),
        ("OXALIPLATIN 50 MG/10 ML (5 MG/ML) INTRAVENOUS SOLUTION [41598]", "drug:oxaliplatin"),
        ("Diluent for oxaliplatin", None),  # It is named, but not what this is.
        ("Natalizumab injection", "drug:natalizumab"),  # Which is what the code is.
        ("Natalizumb injection", None),  # And this may be.
        ("Low osmolar contrast material, 200-299 mg/ml", "drug:low-osmolar-contrast-material"),
        ("POTASSIUM CL IV PER 2MEQ", None),
        ("POTASSIUM CL 2 MEQ", "drug:potassium-chloride"),
        ("Drug", None),
        ("Some words", None),
        (None, None),
    ],
)
def test_what_stands_beside_a_code_names_a_drug(name: str | None, drug: str | None) -> None:
    evidence = Evidence("list", 0, 5, "J2323", 1)
    stated = drug_named(Mention(Concept.parse("J2323", name), evidence), IDENTITIES)
    assert (stated.object.curie if stated else None) == drug


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("| HCPCS | Description |\n|---|---|\n| J0587 | Tysobrix per 1 mg |\n", "Tysobrix"),
        ("J3262 is billed per 1 mg.\n", None),  # No name stands beside it.
        ("| HCPCS | Drug | Unit |\n|---|---|---|\n| J3262 | tocilizumab | 1 mg |\n", None),  # The drug is read.
    ],
)
def test_a_code_of_which_a_unit_is_read_but_no_drug(text: str, mentioned: str | None) -> None:
    extraction = extract(parse(f"# Some codes\n\n{text}".encode(), "list.md"))
    assert any(each.relation is Relation.BILLING_UNIT for each in extraction.assertions)
    found = [one.subject.name for one in mentions(extraction)]
    assert bool(found) is bool(mentioned) and all((name or "").startswith(mentioned or "") for name in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "J7200   Immunosuppressive drug, not otherwise classified",
            "Immunosuppressive drug, not otherwise classified",
        ),
        ("J7200   Immunosuppressive drugs are not covered here", None),
        ("HCPCS code J7200 corresponds to Factor VIII, a clotting protein.", "Factor VIII"),
        ("J7200 describes the factor VIII product for hemophilia.", "factor VIII product"),
        ("J7200 is payable in every state.", None),
        ("J7200 is a miscellaneous code.", "miscellaneous code"),
        ("J7200 is a clotting factor.", None),
    ],
)
def test_the_name_in_a_sentence(text: str, name: str | None) -> None:
    assert named(text) == {"J7200": name}


def test_the_drug_of_a_package_is_held_against_the_code_that_it_is_billed_as() -> None:
    text = "| HCPCS | Description |\n|---|---|\n| J3262 | 00049-3190-01 - voriconazole 200 mg Pow |\n"
    found = mentions(extract(parse(text.encode(), "charges.md")))
    assert [(mention.subject.curie, mention.subject.name) for mention in found] == [
        ("hcpcs:J3262", "voriconazole 200 mg Pow")
    ]
