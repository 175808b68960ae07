"""What a graph that is being written knows of what was put into it."""

from __future__ import annotations

import pytest

from kg.graph.judged import Judged
from kg.graph.kept_readings import Reading
from kg.graph.ledger import Ledger
from kg.graph.names import NameRow
from kg.model import CodeSystem, Concept, Kind, Relation, Statement, Verdict
from kg.reference import Edition, Reference, Release
from kg.verification import Judge

from . import rich
from .making import assertion, document, evidence

J9999 = Concept.parse("hcpcs:J9999")


@pytest.fixture
def ledger() -> Ledger:
    """A ledger that has taken in the two documents."""
    known = rich.known()
    found = Ledger(known, Judged(Judge(known, rich.DAY)))
    for reading in (rich.first(), rich.second()):
        found.document(reading)
    assert list(found.judged.disagree())
    found.close()
    return found


def test_a_concept_has_as_many_edges_as_join_it_also_those_that_are_excluded(ledger: Ledger) -> None:
    assert ledger.degree[rich.J3262] == 14
    assert ledger.degree[Concept.parse("icd10cm:M05.79")] == 2, "a yes and a no"
    assert ledger.degree[rich.VISIT] == 0


def test_what_releases_call_a_code_is_noted_where_it_may_be_shown(ledger: Ledger) -> None:
    described = {meanings[0].entry.code.value: len(meanings) for meanings in ledger.codes()}
    assert (described["J1440"], described["J3262"]) == (2, 1)
    rows = {row.key: row for row in ledger.name_rows}
    assert rows["M05.79"][2:] == (
        "Seropositive arthritis",
        ("Rheumatoid arthritis of multiple sites", "RA of many joints", "Polyarthritis"),
        2,
    )
    assert rows["J3262"] == NameRow("hcpcs", "J3262", "Injection, tocilizumab, 1 mg", (), 14)
    assert rows["96413"] == NameRow("cpt", "96413", None, (), 1)
    assert rows["tocilizumab"] == NameRow("drug", "tocilizumab", "tocilizumab", ("Actemra", "RoActemra"), 1)
    assert rows["gout"] == NameRow("condition", "gout", "gout", (), 1)


def test_of_edits_those_of_a_code_that_a_document_speaks_of_are_taken(ledger: Ledger) -> None:
    taken = [(s.subject.key, s.object.key) for _, s, _ in ledger.statements() if s.relation is Relation.BUNDLED_WITH]
    assert taken == [("96413", "99213"), ("96415", "96413")]
    assert ledger.counts["edits left out"] == 1
    assert ledger.counts["statements"] == 17


def test_a_modifier_that_documents_speak_of_takes_no_codes_with_it() -> None:
    jw = Concept.parse("modifier:JW")
    of_others, of_ours = (
        Statement(code, Relation.ACCEPTS_MODIFIER, jw, row, "") for row, code in enumerate((J9999, rich.J3262), 1)
    )
    schedule = Release("schedule", CodeSystem.HCPCS, "Schedule", None, False, "public", "here")
    known = Reference.of([*rich.editions(), Edition(schedule, statements=(of_others, of_ours))])
    ledger = Ledger(known, Judged(Judge(known, rich.DAY)))
    ledger.document(rich.first())
    ledger.close()
    assert jw in ledger.degree
    taken = [statement for _, statement, _ in ledger.statements()]
    assert of_ours in taken
    assert of_others not in taken


def test_packages_are_those_that_documents_name_or_that_are_billed_as_a_code() -> None:
    drug = Concept.parse("drug:tocilizumab")
    billed, other = rich.VIAL, Concept.parse("ndc:00006-0740-31")
    rows = tuple(Statement(ndc, Relation.CONTAINS_DRUG, drug, n, "") for n, ndc in enumerate((billed, other), 1))
    directory = Release("ndc", CodeSystem.NDC, "Directory", None, False, "public", "here")
    known = Reference.of([*rich.editions(), Edition(directory, statements=rows)])
    ledger = Ledger(known, Judged(Judge(known, rich.DAY)))
    ledger.document(rich.first())
    ledger.close()
    taken = [s.subject for _, s, _ in ledger.statements() if s.relation is Relation.CONTAINS_DRUG]
    assert taken == [billed]


def test_what_only_releases_and_what_only_documents_speak_of(ledger: Ledger) -> None:
    assert [*ledger.only_stated] == []
    list(ledger.statements())
    stated = {concept.curie for concept in ledger.only_stated}
    assert stated == {"cpt:96415", "quantity:1-mg", "quantity:10-mg", "quantity:300-mcg"}
    spoken = {(concept.curie, concept.name) for concept in ledger.only_spoken_of}
    assert spoken == {
        ("condition:gout", "gout"), ("icd10cm:M99.999", None), ("payer:medicare", "Medicare"), ("payer:aetna", "Aetna"),
        ("route:intravenous", "intravenous"), ("place:physician-office", "physician office"),
    }  # fmt: skip


def test_edges_that_join_are_those_of_documents_and_of_statements(ledger: Ledger) -> None:
    before = set(ledger.joined)
    assert ("hcpcs:J3262", Relation.IDENTIFIES_DRUG, "drug:tocilizumab", Verdict.CORROBORATED) in before
    list(ledger.statements())
    came = {(subject, object) for subject, _, object, _ in set(ledger.joined) - before}
    assert ("ndc:50242-0135-01", "hcpcs:J3262") in came
    assert ("cpt:96413", "cpt:99213") not in came, "an edit joins nothing"


def test_counts_are_those_of_documents_statements_and_concepts(ledger: Ledger) -> None:
    counts = ledger.counts
    assert (counts["documents"], counts["assertions"], counts["leftovers"]) == (2, 19, 4)
    list(ledger.codes()), list(ledger.statements())
    described = len(ledger.reference)
    assert ledger.counts["concepts"] == described + 10


def test_each_assertion_of_a_document_counts_once() -> None:
    known = rich.known()
    ledger = Ledger(known, Judged(Judge(known, None)))
    said = assertion("payer:aetna", Relation.HAS_PAYER, name="Aetna", at=evidence("Aetna", 1))
    ledger.document(Reading(document(), (said, said), leftovers=2))
    assert (ledger.counts["assertions"], ledger.counts["leftovers"]) == (1, 2)
    assert ledger.spoken.names[Concept.named(Kind.PAYER, "Aetna")] == {"Aetna": 1}
