from __future__ import annotations

from collections import Counter

import pytest

from kg.model import Relation
from kg.reference import Edition, Entry, icd10cm


@pytest.fixture(scope="module")
def edition() -> Edition:
    (found,) = icd10cm.read()
    return found


@pytest.fixture(scope="module")
def diagnoses(edition: Edition) -> dict[str, Entry]:
    return {entry.code.value: entry for entry in edition.entries}


def test_inclusion_terms_are_names(diagnoses: dict[str, Entry]) -> None:
    assert "Felty's syndrome" not in diagnoses["M05.79"].names
    assert diagnoses["A01.0"].names == ("Infection due to Salmonella typhi",)
    assert sum(map(len, (entry.names for entry in diagnoses.values()))) > 12_000
    assert all(name == " ".join(name.split()) for entry in diagnoses.values() for name in entry.names)


def test_notes_of_codes_blocks_and_chapters(diagnoses: dict[str, Entry]) -> None:
    assert ("excludes1", "juvenile rheumatoid arthritis (M08.-)") in diagnoses["M05"].notes
    assert {kind for kind, _ in diagnoses["A00-B99"].notes} >= {"includes", "useAdditionalCode", "excludes2"}
    assert diagnoses["O00-O08"].notes
    assert not diagnoses["S06.0X0A"].notes
    kinds = Counter(kind for entry in diagnoses.values() for kind, _ in entry.notes)
    assert set(kinds) == {
        "inclusionTerm", "includes", "excludes1", "excludes2", "codeFirst", "useAdditionalCode", "codeAlso", "note",
        "seventhCharacter",
    }  # fmt: skip


def test_how_codes_go_together(edition: Edition, diagnoses: dict[str, Entry]) -> None:
    found = {(s.subject.key, s.relation, s.object.key) for s in edition.statements}
    assert {
        ("M05", Relation.EXCLUDES1, "M08"),
        ("M05", Relation.EXCLUDES1, "I00"),
        ("A00-B99", Relation.USE_ADDITIONAL_CODE, "Z16"),
    } <= found
    assert {code for subject, _, code in found} | {subject for subject, _, code in found} <= diagnoses.keys()
    assert {relation for _, relation, _ in found} == {
        Relation.EXCLUDES1, Relation.EXCLUDES2, Relation.CODE_FIRST, Relation.USE_ADDITIONAL_CODE
    }  # fmt: skip
    assert {statement.row for statement in edition.statements} == {0}
    assert all(statement.object.name and statement.text for statement in edition.statements)
    assert len(found) > 12_000


def test_few_notes_cannot_be_used(edition: Edition) -> None:
    reasons = [left.reason for left in edition.left_out if not left.reason.startswith("more than 100 codes")]
    assert 0 < len(reasons) < 15
    assert edition.rows == len(edition.entries)
