"""What speaks against concepts and documents."""

from __future__ import annotations

from pathlib import Path

from kg.graph.against import against, counts_against, read
from kg.graph.lookup import findings
from kg.graph.store import GraphStore
from kg.model import Concept, Polarity

from .making import assertion, evidence, write

J3262, J1745, M0579, M069 = map(Concept.parse, ("J3262", "J1745", "icd10cm:M05.79", "icd10cm:M06.9"))


def test_findings_about_a_concept_and_about_what_is_stated_of_it(tmp_path: Path) -> None:
    """Two documents disagree on M05.79, one of them names a code that does not exist, and nothing is said of M06.9."""
    stated = [
        assertion("icd10cm:M05.79", at=evidence("M05.79", 10)),
        assertion("icd10cm:M06.9", subject="hcpcs:J1745", at=evidence("M06.9", 50)),
        assertion("icd10cm:M06.99", at=evidence("M06.99", 90)),
        assertion("icd10cm:M05.79", at=evidence("never M05.79", 20, "other"), polarity=Polarity.EXCLUDED),
    ]
    with GraphStore.open(write(tmp_path, stated)) as store:
        every = findings(store)
        assert [(one.concept.key, one.assertion.evidence.document) for one in every] == [
            ("M06.99", "guide"),
            ("M05.79", "guide"),
            ("M05.79", "other"),
        ]
        assert read(store, against(store)) == every
        assert read(store, against(store, J3262)) == every
        assert read(store, against(store, M0579)) == every[1:]
        assert against(store, M069) == against(store, J1745) == []
        assert read(store, against(store, document="guide")) == every[:2]
        assert read(store, against(store, document="other")) == every[2:]
        assert read(store, against(store, M0579, "guide")) == every[1:2]
        assert against(store, document="nosuch") == []
        assert [(place.verdict, place.document) for place in against(store)] == [
            (one.verdict, one.assertion.evidence.document) for one in every
        ]
        assert counts_against(store, [J3262, M0579, M069]) == {M0579: 2}
        assert counts_against(store, []) == {}
