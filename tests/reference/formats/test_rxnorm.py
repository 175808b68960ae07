"""RxNorm's prescribable content: brands of one drug, and what the packages of an NDC hold."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from kg.errors import ReleaseError
from kg.model import Relation
from kg.reference.formats import read_contents, rxnorm
from kg.reference.release import Edition, ReleaseFile


def name(concept: int, kind: str, words: str, source: str = "RXNORM", use: str = "N", language: str = "ENG") -> str:
    return f"{concept}|{language}||||||829|829|{concept}||{source}|{kind}|{concept}|{words}||{use}|4096|\n"


def leads(concept: int, relation: str, other: int, source: str = "RXNORM", use: str = "") -> str:
    """That a concept has a relation to another one: the file has the other one first."""
    return f"{other}||CUI|RO|{concept}||CUI|{relation}|1||{source}|{source}|||{use}|4096|\n"


def attribute(concept: int, value: str, kind: str = "NDC", source: str = "RXNORM", use: str = "N") -> str:
    return f"{concept}|||0050|AUI|{concept}|||{kind}|{source}|{value}|{use}|4096|\n"


# Simvastatin (1) in a component (3) of a clinical drug (4), which Zocor (2) is the brand of as 5.
NAMES = (
    name(1, "IN", "simvastatin")
    + name(2, "BN", "Zocor")
    + name(4, "SCD", "simvastatin 10 MG Oral Tablet")
    + name(5, "SBD", "simvastatin 10 MG Oral Tablet [Zocor]")
)
RELATIONS = (
    leads(2, "tradename_of", 1)
    + leads(3, "has_ingredient", 1)
    + leads(4, "consists_of", 3)
    + leads(5, "tradename_of", 4)
)
ATTRIBUTES = attribute(4, "00006074031") + attribute(5, "00006074061")
ARCHIVE = "RxNorm_full_prescribe_07062026.zip"


def read(names: str = NAMES, relations: str = RELATIONS, attributes: str = ATTRIBUTES) -> Edition:
    beside = tuple(
        ReleaseFile(f"rrf/{kind}.RRF", content.encode(), f"{ARCHIVE}/rrf/{kind}.RRF")
        for kind, content in (("RXNREL", relations), ("RXNSAT", attributes))
    )
    file = ReleaseFile("rrf/RXNCONSO.RRF", names.encode(), f"{ARCHIVE}/rrf/RXNCONSO.RRF", ("x", ARCHIVE), None, beside)
    assert rxnorm.FORMAT.recognises(file)
    (edition,) = rxnorm.FORMAT.read(file)
    return edition


def held(edition: Edition) -> list[tuple[str, str]]:
    assert {statement.relation for statement in edition.statements} <= {Relation.CONTAINS_DRUG}
    return [(statement.subject.key, statement.object.key) for statement in edition.statements]


def unused(edition: Edition) -> dict[str, int]:
    return {left.reason.partition("more: ")[2]: left.count for left in edition.left_out}


def test_a_package_holds_the_ingredient_of_its_clinical_drug() -> None:
    edition = read()
    assert held(edition) == [("00006-0740-31", "simvastatin"), ("00006-0740-61", "simvastatin")]
    plain, branded = edition.statements
    assert (plain.row, plain.text) == (1, "4 | 00006074031")
    assert plain.details == (("packageDescription", "simvastatin 10 MG Oral Tablet"),)
    assert branded.details[0] == ("brand", "Zocor")
    assert (edition.rows, edition.left_out) == (10, ())
    assert (edition.release.identifier, edition.release.issued) == ("rxnorm-2026-07", date(2026, 7, 6))


def test_statements_are_read_anew_each_time() -> None:
    statements = read().statements
    assert list(statements) == list(statements)


def test_a_package_may_hold_several_drugs_and_a_kit_those_of_its_parts() -> None:
    names = NAMES + name(6, "IN", "ezetimibe") + name(8, "GPCK", "a kit")
    more = leads(7, "has_ingredient", 6) + leads(4, "consists_of", 7) + leads(8, "contains", 4)
    edition = read(names, RELATIONS + more, attribute(8, "11111222233"))
    assert held(edition) == [("11111-2222-33", "ezetimibe"), ("11111-2222-33", "simvastatin")]
    assert edition.drugs[0].brands == ("Zocor",), "the brand is of one ingredient by itself"


def test_a_brand_stands_for_one_ingredient_alone() -> None:
    assert [(drug.concept.key, drug.brands) for drug in read().drugs] == [("simvastatin", ("Zocor",))]
    both = read(NAMES + name(6, "IN", "ezetimibe"), RELATIONS + leads(2, "tradename_of", 6))
    assert both.drugs == ()


def test_what_goes_round_in_circles_ends() -> None:
    edition = read(relations=RELATIONS + leads(3, "consists_of", 4) + leads(1, "contains", 5))
    assert held(edition)[0] == ("00006-0740-31", "simvastatin")


def test_every_row_is_used_or_counted_with_its_reason() -> None:
    names = NAMES + (
        name(9, "SY", "of another kind")
        + name(9, "IN", "of another source", source="MTHSPL")
        + name(9, "IN", "out of use", use="O")
        + name(9, "IN", "en otro idioma", language="SPA")
        + "9|ENG|\n"
    )
    relations = RELATIONS + leads(4, "has_dose_form", 9) + leads(2, "tradename_of", 9, use="O")
    attributes = ATTRIBUTES + (
        attribute(4, "x", "SPL_SET_ID", "MTHSPL")
        + attribute(4, "00006074032", use="O")
        + attribute(9, "00006074033")
        + attribute(4, "123")
        + "4||\n"
    )
    edition = read(names, relations, attributes)
    assert unused(edition) == {
        "a name of another kind": 2,
        "a name of another source": 1,
        "a name that is out of use": 1,
        "a line that is cut short": 2,
        "a relation that leads to no ingredient": 2,
        "an attribute that is no NDC": 1,
        "an NDC that is out of use": 1,
        "an NDC of nothing that has an ingredient": 1,
        "not an NDC": 1,
    }
    assert edition.rows == 10 + sum(unused(edition).values())
    assert len(held(edition)) == 2


def test_an_archive_is_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / ARCHIVE
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Readme.txt", "July 06, 2026")
        for kind, content in (("RXNCONSO", NAMES), ("RXNREL", RELATIONS), ("RXNSAT", ATTRIBUTES)):
            archive.writestr(f"rrf/{kind}.RRF", content)
    contents = read_contents(path)
    assert [edition.release.identifier for edition in contents.editions] == ["rxnorm-2026-07"]
    assert contents.passed_over == ("Readme.txt",)


@pytest.mark.parametrize(
    ("content", "missing"), [(NAMES, "without RXNREL and RXNSAT"), (RELATIONS, "without RXNCONSO")]
)
def test_one_file_alone_is_refused(tmp_path: Path, content: str, missing: str) -> None:
    (tmp_path / "a.RRF").write_text(content)
    with pytest.raises(ReleaseError, match=missing):
        read_contents(tmp_path / "a.RRF")
