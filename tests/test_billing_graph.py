"""What a graph answers to Python, besides what the command line asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

import kg
from kg.errors import DocumentError, NotFound, UsageError
from kg.graph.build import build
from kg.model import Concept, Verdict
from kg.verification import Checked
from tests.cli.releases import few_diagnoses, hcpcs

GUIDES = {
    "eculizumab.md": """# HCPCS Code J1300

J1300 identifies eculizumab (Soliris), billed per 10 mg.

## Diagnoses
- D59.5: Paroxysmal nocturnal hemoglobinuria
""",
    "tezspire (old).md": """# HCPCS Code J3032

J3032 identifies tezepelumab (Tezspire).
""",
}
J1300, D59_5 = Concept.parse("J1300"), Concept.parse("icd10cm:D59.5")
ENDED = date(2025, 3, 31)
AFTER = "2025-04-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with guides, and releases beside them."""
    from kg.reference.stored import StoredReleases

    folder = tmp_path_factory.mktemp("python")
    (folder / "guides").mkdir()
    for name, content in GUIDES.items():
        (folder / "guides" / name).write_text(content, "utf-8")
    file = hcpcs(
        folder, "HCPC2025_OCT_ANWEB.txt", ("J1300", "Injection, eculizumab, 10 mg", "20080101", "20250331")
    )  # fmt: skip
    StoredReleases(folder / "releases").add(file)
    return folder


@pytest.fixture(scope="module")
def graph(folder: Path) -> Iterator[kg.BillingGraph]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.reference.icd10cm.read", few_diagnoses)
        build([folder / "guides"], folder / "graph", releases=folder / "releases", as_of=date(2025, 10, 1))
    with kg.open(folder / "graph") as graph:
        yield graph


@pytest.mark.slow
def test_every_question_takes_a_day(graph: kg.BillingGraph) -> None:
    for day in (ENDED, "2025-03-31", datetime(2025, 3, 31, 12)):
        view = graph.at(trust="unchecked", as_of=day)
        assert (view.trust, view.as_of) == ("unchecked", ENDED)
        assert [one.subject for one in view.codes_for("D59.5")] == [J1300]
        assert view.codes_for("D59.5") == graph.codes_for("D59.5", trust="unchecked", as_of=day)
        assert D59_5 in {one.object for one in view.show("J1300").connections}
        assert D59_5 in {one.object for one in view.connections() if one.subject == J1300}
        assert [path.concepts for path in view.paths("J1300", "D59.5")] == [(J1300, D59_5)]
        assert view.network().has_edge("hcpcs:J1300", "icd10cm:D59.5")
        assert D59_5 in view.draw("J1300").concepts
        assert view.query("SELECT * { hcpcs:J1300 bkg:supportedByDiagnosis ?d }").rows
        assert [one.concept.key for one in view.findings()] == ["J3032"]


def test_without_one_it_is_that_of_the_build(graph: kg.BillingGraph) -> None:
    assert graph.as_of == date(2025, 10, 1)
    assert graph.at(trust="unchecked").codes_for("D59.5") == []
    assert [one.concept.key for one in graph.findings()] == ["J3032", "J1300"]
    assert graph.findings() == graph.at(as_of=AFTER).findings()


def test_days_may_be_asked_for_in_any_order(graph: kg.BillingGraph) -> None:
    verdicts = [graph.at(as_of=day).codes_for("D59.5")[0].verdict for day in (AFTER, ENDED, AFTER, ENDED, "2007-12-31")]
    assert verdicts == [
        Verdict.DISPUTED, Verdict.CONSISTENT, Verdict.DISPUTED, Verdict.CONSISTENT, Verdict.DISPUTED,
    ]  # fmt: skip


@pytest.mark.slow
def test_an_export_of_a_day(graph: kg.BillingGraph, tmp_path: Path) -> None:
    for name, day in (("before", ENDED), ("after", AFTER)):
        graph.at(trust="consistent", as_of=day).export(tmp_path / name)
    edge = "/code/hcpcs/J1300> <https://w3id.org/billing-kg/ns#identifiesDrug>"
    assert edge in (tmp_path / "before").read_text()
    assert edge not in (tmp_path / "after").read_text()


@pytest.mark.parametrize("day", ["2025-02-30", "", "soon", "2025-03"])
def test_what_is_no_date(day: str, graph: kg.BillingGraph) -> None:
    for ask in (graph.at, lambda as_of: graph.codes_for("D59.5", as_of=as_of)):
        with pytest.raises(UsageError, match=f"not a date: '{day}'"):
            ask(as_of=day)


def test_the_assertions_that_speak_of_a_code(graph: kg.BillingGraph) -> None:
    unknown = Concept.parse("J9998")
    touched = graph.touched([J1300, D59_5, unknown])
    assert list(touched) == [J1300, D59_5], "a code that no document speaks of is not among them"
    assert [one.evidence.line for one in touched[J1300]] == [3, 3, 6]
    assert {one.relation.value for one in touched[J1300]} == {"billingUnit", "identifiesDrug", "supportedByDiagnosis"}
    assert [(one.subject, one.evidence.line) for one in touched[D59_5]] == [(J1300, 6)]


def test_documents_by_identifier_and_by_file_name(graph: kg.BillingGraph) -> None:
    assert graph.file_names() == {"eculizumab": "eculizumab.md", "tezspire-old": "tezspire (old).md"}
    assert graph.require_documents([]) == frozenset()
    assert graph.require_documents(["tezspire-old", "in/eculizumab.md"]) == {"tezspire-old", "eculizumab"}
    assert graph.require_documents(["tezspire (old).md", "tezspire-old"]) == {"tezspire-old"}
    with pytest.raises(NotFound, match=r"no document in the graph is called 'tezspire' \(2 documents searched\)"):
        graph.require_documents(["eculizumab", "tezspire"])


def test_the_titles_of_all_that_evidence_may_name(graph: kg.BillingGraph) -> None:
    titles = graph.titles()
    assert titles["eculizumab"] == "HCPCS Code J1300"
    assert titles["hcpcs-2025-10-excerpt"] == "HCPCS Level II October 2025, an excerpt"
    named = {one.document for connection in graph.connections(polarity=None) for one in connection.evidence}
    assert named <= set(titles)


@pytest.fixture
def few_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.reference.icd10cm.read", few_diagnoses)


@pytest.mark.usefixtures("few_codes")
def test_a_check_says_what_the_graph_says(graph: kg.BillingGraph, folder: Path) -> None:
    found = list(kg.check(folder / "guides", releases=folder / "releases", as_of="2025-10-01"))
    assert all(isinstance(one, Checked) for one in found)
    findings = [finding for one in found for finding in one.findings]
    assert sorted(findings, key=lambda one: one.concept) == sorted(graph.findings(), key=lambda one: one.concept)


@pytest.mark.usefixtures("few_codes")
def test_what_may_be_checked(folder: Path, tmp_path: Path) -> None:
    releases = folder / "releases"
    guide = folder / "guides" / "eculizumab.md"
    for given in (str(guide), guide, [guide], [str(guide)]):
        (one,) = kg.check(given, releases=releases, as_of=ENDED)
        assert (one.path, one.findings) == (str(guide), [])
    (one,) = kg.check([], data=guide.read_bytes(), releases=releases)
    assert [finding.check for finding in one.findings] == ["not_in_force"], "today, where no day is given"
    with pytest.raises(UsageError, match="not a date: 'soon'"):
        kg.check(guide, releases=releases, as_of="soon")
    with pytest.raises(DocumentError, match="no such file"):
        list(kg.check(tmp_path / "none.md", releases=releases))
    (tmp_path / "bad.md").write_bytes(b"it\x00s")
    problems: list[DocumentError] = []
    assert list(kg.check(tmp_path, releases=releases, problems=problems)) == []
    assert len(problems) == 1
