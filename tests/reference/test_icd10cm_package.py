from __future__ import annotations

import subprocess
import sys
from collections import Counter
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from kg.errors import ReleaseError
from kg.model import Relation
from kg.reference import Edition, Entry, icd10cm
from kg.reference.differences import compare
from kg.reference.formats import read_release
from tests.data.official import REFERENCE, needs_reference


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
    assert min(statement.row for statement in edition.statements) > 0, "each has its line in the list"
    assert all(statement.object.name and statement.text for statement in edition.statements)
    assert len(found) > 12_000


def test_few_notes_cannot_be_used(edition: Edition) -> None:
    reasons = [left.reason for left in edition.left_out if not left.reason.startswith("more than 100 codes")]
    assert 0 < len(reasons) < 15
    assert edition.rows == 46_881, "the elements of the list; codes of seven characters are made from them"


def test_names_have_no_tab_and_blocks_are_no_codes(edition: Edition, diagnoses: dict[str, Entry]) -> None:
    assert not [entry.name for entry in edition.entries if entry.name != " ".join(entry.name.split())]
    closed = "Displaced transverse fracture of shaft of right femur, subsequent encounter for closed fracture"
    assert diagnoses["S72.321D"].name == f"{closed} with routine healing"
    assert diagnoses["C00-C96"].billable is False, "a block without a category of its own"


def test_the_package_is_not_imported() -> None:
    script = (
        "import sys; from kg.reference import icd10cm; list(icd10cm.read()); sys.exit(icd10cm._PACKAGE in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-W", "error", "-c", script], check=False).returncode == 0


@pytest.mark.slow
@needs_reference
def test_names_are_those_of_the_order_file(edition: Edition) -> None:
    (order,) = read_release(REFERENCE / "icd10cm" / "cms_2026_dx.zip")
    assert compare(order, edition).changes == ()


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, **lists: str) -> None:
    """A package whose data are these lists."""
    (folder / "data").mkdir()
    for name, text in lists.items():
        (folder / "data" / f"{name.replace('_', '-')}.xml").write_text(text, "utf-8")
    spec = ModuleSpec("simple_icd_10_cm", None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    monkeypatch.setattr(icd10cm, "find_spec", lambda name: spec if name == spec.name else None)


SMALL = """<ICD10CM.tabular><version>2027</version><chapter><name>1</name><desc>Some (A00-B99)</desc>
<diag><name>A00</name><desc>Cholera</desc></diag></chapter></ICD10CM.tabular>"""


def test_another_edition_does_not_pass_for_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, icd10cm_tabular_April_2027=SMALL)
    told = (
        "simple-icd-10-cm/icd10cm-tabular-April-2027.xml: not ICD-10-CM April 2026, as billing-kg expects, "
        "but ICD-10-CM tabular list April 2027"
    )
    with pytest.raises(ReleaseError) as error:
        list(icd10cm.read())
    assert str(error.value) == told


@pytest.mark.parametrize("lists", [{}, {"a_tabular": SMALL, "b_tabular": SMALL}])
def test_a_package_without_its_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: dict[str, str]) -> None:
    installed(tmp_path, monkeypatch, **lists)
    with pytest.raises(ReleaseError, match=r"^simple-icd-10-cm: not one tabular list in"):
        list(icd10cm.read())


def test_an_excerpt_does_not_pass_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, icd10cm_tabular_April_2026=SMALL)
    with pytest.raises(ReleaseError, match="not ICD-10-CM April 2026, as billing-kg expects, but an excerpt"):
        list(icd10cm.read())
