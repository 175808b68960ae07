from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Quad, Store

from kg.errors import StoreError
from kg.graph import reading
from kg.graph.reading import assertions, connections, documents, findings
from kg.graph.store import GraphStore
from kg.graph.vocabulary import ASSERTIONS, BKG, thing
from kg.model import Concept, Polarity, Relation, Strength, Verdict

from .making import assertion, evidence, guide, write

J3262 = Concept.parse("J3262")


def test_every_assertion_comes_back_as_it_was(small: GraphStore) -> None:
    stated = guide()
    found = assertions(small, [thing("assertion", one.identifier) for one in stated])
    assert tuple(one for one, _ in found) == stated
    assert [one.identifier for one, _ in found] == [one.identifier for one in stated]
    assert [one.rule for one, _ in found] == [one.rule for one in stated]
    assert [one.object.name for one, _ in found][1:] == [one.object.name for one in stated][1:]
    assert found[0][0].object.name == "tocilizumab"  # as the reference has it, not as the guide


def test_one_pass_gives_the_same_as_one_by_one(small: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = connections(small, polarity=None)
    monkeypatch.setattr(reading, "_FEW", 3)
    assert connections(small, polarity=None) == expected


def test_connections_of_a_subject(small: GraphStore) -> None:
    found = connections(small, subject=J3262)
    assert [c.object.curie for c in found] == [
        "drug:tocilizumab",
        "quantity:1-mg",
        "modifier:JW",
        "icd10cm:M05",
        "icd10cm:M05.79",
        "icd10cm:M06.9",
        "icd10cm:M99.999",
        "condition:rheumatoid-arthritis",
    ]
    assert found[0].subject.name == "Injection, tocilizumab, 1 mg"
    assert connections(small, subject=Concept.parse("J9999")) == []


def test_names_come_from_releases_and_what_the_document_says_stays(small: GraphStore) -> None:
    (found,) = connections(small, object=Concept.parse("modifier:JW"))
    assert found.object.name == "Drug amount discarded/not administered to any patient"
    assert found.assertions[0].object.name == "Drug discarded"
    assert found.condition == "Use when intravenous"
    assert [(q.value, c.curie, c.name) for q, c in found.assertions[0].qualifiers] == [
        ("forRoute", "route:intravenous", "Intravenous")
    ]
    assert found.evidence[0].quote == "JW | Drug discarded | Use when intravenous"


def test_excluded_connections_are_asked_for(small: GraphStore) -> None:
    diagnosis = Concept.parse("icd10cm:M06.9")
    (affirmed,) = connections(small, object=diagnosis)
    (excluded,) = connections(small, object=diagnosis, polarity=Polarity.EXCLUDED)
    assert (affirmed.polarity, excluded.polarity) == (Polarity.AFFIRMED, Polarity.EXCLUDED)
    assert connections(small, object=diagnosis, polarity=None) == [affirmed, excluded]
    assert affirmed.strength is Strength.REQUIRED


def test_trust(small: GraphStore) -> None:
    verdicts = {c.object.key: c.verdict for c in connections(small, relations=[Relation.SUPPORTED_BY_DIAGNOSIS])}
    assert verdicts == {
        "M05": Verdict.DISPUTED,
        "M05.79": Verdict.UNCHECKED,
        "M06.9": Verdict.UNCHECKED,
        "M99.999": Verdict.REFUTED,
    }
    assert {c.verdict for c in connections(small, verdicts=Verdict.floor("unchecked"))} == {Verdict.UNCHECKED}


def test_connections_that_touch_concepts(small: GraphStore) -> None:
    both = [Concept.parse("icd10cm:M05.79"), Concept.parse("drug:tocilizumab")]
    assert len(connections(small, concepts=both)) == 2
    assert connections(small, concepts=[]) == []
    assert len(connections(small, concepts=[*both, J3262])) == 8
    assert [c.object for c in connections(small, object=both)] == both[::-1]
    assert connections(small, object=[]) == []
    assert [c.object for c in connections(small, subject=J3262, concepts=both[:1])] == both[:1]


def test_the_firmest_assertion_comes_first(tmp_path: Path) -> None:
    weak = assertion("icd10cm:M05.79", at=evidence("may", 1), strength=Strength.PERMITTED)
    firm = assertion("icd10cm:M05.79", at=evidence("must", 50), strength=Strength.REQUIRED)
    with GraphStore.open(write(tmp_path, [weak, firm])) as store:
        (found,) = connections(store)
    assert [a.strength for a in found.assertions] == [Strength.REQUIRED, Strength.PERMITTED]


def test_findings_worst_first(small: GraphStore) -> None:
    found = findings(small)
    assert [(f.verdict.value, f.concept.curie, f.reason, f.release) for f in found] == [
        ("refuted", "icd10cm:M99.999", "no such code in ICD-10-CM April 2026", "icd10cm-2026-04"),
        (
            "disputed",
            "icd10cm:M05",
            "is a heading in ICD-10-CM April 2026, cannot be billed",
            "icd10cm-2026-04",
        ),
    ]
    assert found[0].assertion.evidence.quote == "M99.999 😀"


def test_documents(small: GraphStore) -> None:
    assert documents(small) == {"guide": "A guide"}


def test_an_assertion_that_is_not_whole(path: Path) -> None:
    broken = thing("assertion", "broken")
    writable = Store(str(path / "builds" / "1" / "quads"))
    writable.add(Quad(broken, BKG.line, broken, ASSERTIONS))
    del writable
    (path / "builds" / "1" / "manifest.json").write_text('{"format": 1}')
    with GraphStore.open(path) as store, pytest.raises(StoreError, match="assertion:broken is not whole"):
        assertions(store, [broken])
