"""The edges that touch a concept, before anything that states them is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.graph.connections import connections
from kg.graph.touching import read, touching
from kg.model import Concept, Relation

from .rich import build, first, second


@pytest.mark.parametrize("concept", ["hcpcs:J3262", "icd10cm:M05.79", "modifier:JW", "drug:tocilizumab"])
def test_read_they_are_the_connections_of_the_concept(tmp_path: Path, concept: str) -> None:
    with build(tmp_path, [first(), second()]) as store:
        of = Concept.parse(concept)
        edges = touching(store, of)
        whole = connections(store, concepts=[of], polarity=None, released=tuple(Relation))
        assert read(store, edges) == whole
        assert [(edge.relation, edge.polarity, edge.verdict) for edge in edges] == [
            (one.relation, one.polarity, one.verdict) for one in whole
        ]
        assert read(store, edges[1:2]) == whole[1:2]
        assert touching(store, Concept.parse("hcpcs:J9999")) == []
